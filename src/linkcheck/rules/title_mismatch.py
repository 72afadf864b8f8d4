"""The link is to a different paper than the entry's.

## What it does

Holds the title of each linked paper (as arXiv or the DOI registry gives it) against the entry's
name and aliases. Most systems do not stand in the titles of their papers, so a name that is missing
proves nothing. What counts is evidence of another paper:

- the title begins with the name of another system (`OtherBot: …`), and neither the entry's names
  nor anything linked beside it know that name (a warning where the entry's name is put together
  from common parts, as in MedicalNet: such projects often go by two names);
- the title begins with another version of the entry's name, with one that differs in a single
  word, or with one made from it (`nnU-Net` for `U-Net`, `GPT-4o` for `GPT-4`): a warning, since
  what has no paper of its own is often cited with that of a relative;
- the title begins with the full name of another entry, and the entry's own is only a part of it
  (`Swin UNETR` for `UNETR`): a warning;
- the entry is itself a paper, and its title has hardly a word in common with the linked one;
- the title, or that of the linked page, is that of another entry of the catalog. When that entry
  stands next to this one, the finding says so: it is the usual slip when rows are copied.

Short names and long titles, acronyms, subtitles, plurals, Greek letters, retold or translated
titles, names of an earlier version, Chinese names of systems with English papers, and the paper of
the benchmark that a data set is part of are no evidence. When in doubt the rule is silent.

## Why

A wrong paper behind a live link is the error that no link checker sees, and readers cite it.

## How to fix

Put the right paper in. If the paper is right and only named differently, add the name that its
title uses to the entry's `aliases`.

## Fix safety

There is no automatic fix: the right paper is not known.
"""

import re
from collections.abc import Iterable

from linkcheck.matching.derived_names import is_part_of
from linkcheck.matching.duplicates import are_in_one_list, normalized_names
from linkcheck.matching.entry_names import EntryNameIndex, arxiv_ids_of_cards, names_of, passages_of
from linkcheck.matching.names import (
    NameMatch,
    all_variants,
    alphanumeric_key,
    find_any_name,
    is_latin,
)
from linkcheck.matching.passage_index import PassageIndex
from linkcheck.matching.titles import TitleFit, TitleMatch, compare_title, is_titlelike
from linkcheck.model.entry import EntryKind
from linkcheck.model.facts import PageFacts, PaperFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.observation import Status
from linkcheck.model.rule import (
    CatalogView,
    EntryView,
    Example,
    LinkView,
    Remedy,
    Rule,
    RuleContext,
    RuleScope,
)
from linkcheck.model.target import display_name
from linkcheck.model.wording import format_date, one_line, service_name
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of

_ROLES = frozenset({"paper", "article", "preprint", "publication", "arxiv", "doi", "report"})
_DATA_KINDS = (EntryKind.DATASET, EntryKind.BENCHMARK)
_LOOSE_KINDS = (EntryKind.COMPETITION, EntryKind.PRODUCT, EntryKind.RESOURCE, EntryKind.LIST)
"""Kinds of entries that link to papers about something else."""


def _check(catalog: CatalogView, _context: RuleContext) -> Iterable[Finding]:
    for view in catalog.entries:
        papers = [link for link in view.links if _is_own_paper(link)]
        if not papers:
            continue
        passages, card_ids = PassageIndex(passages_of(view)), arxiv_ids_of_cards(view)
        verdicts = [(link, _match_title(view, link, passages, card_ids)) for link in papers]
        matching = {link.target for link, verdict in verdicts if verdict.fit is TitleFit.SAME}
        done = set()
        for link, verdict in verdicts:
            if link.target in done:
                continue
            done.add(link.target)
            confirmed = len(matching) > (link.target in matching)
            finding = _finding(catalog, view, link, verdict, confirmed=confirmed)
            if finding is not None:
                yield finding


def _is_own_paper(link: LinkView) -> bool:
    if link.target is None or link.status not in (Status.ALIVE, Status.MOVED):
        return False
    if link.link.badge or link.link.role not in _ROLES:
        return False
    return _title(link) is not None


def _title(link: LinkView) -> str | None:
    if link.latest is None:
        return None
    if link.latest.paper:
        return link.latest.paper.title
    page = link.latest.page
    return _page_title(page.title) if page and page.title else None


def _page_title(title: str) -> str | None:
    """Return the paper's title from the title of its page, if it seems to contain one."""
    longest = max(re.split(r"\s+[|–—-]\s+", title), key=len)
    return longest if is_titlelike(longest) else None


def _match_title(
    view: EntryView, link: LinkView, around: PassageIndex, known: frozenset[str]
) -> TitleMatch:
    """Compare a paper's title with the entry; an arXiv id on a card of the entry is a match."""
    if link.target and link.target.key in known:
        return TitleMatch(TitleFit.SAME)
    verdict = _compare(view, link, around)
    if verdict.fit is TitleFit.OTHER and link.latest and link.latest.paper is None:
        return TitleMatch(TitleFit.UNKNOWN)  # the title of a page is weak evidence
    return verdict


def _compare(view: EntryView, link: LinkView, around: PassageIndex) -> TitleMatch:
    kind = view.entry.kind
    return compare_title(
        names_of(view.entry),
        _title(link) or "",
        context=around.without(link.target),
        is_paper=kind is EntryKind.PAPER,
        is_data=kind in _DATA_KINDS,
        is_part=kind is EntryKind.DATASET,
    )


def _finding(
    catalog: CatalogView,
    view: EntryView,
    link: LinkView,
    verdict: TitleMatch,
    *,
    confirmed: bool,
) -> Finding | None:
    title = _title(link) or ""
    part = verdict.fit is not TitleFit.OTHER and _holds_name_as_part(
        catalog, view, title, verdict.head
    )
    if verdict.fit is TitleFit.SAME and (confirmed or not part):
        return None
    others = [
        other
        for other in catalog.memoize(EntryNameIndex.of).entries_titled(title)
        if other.entry.id != view.entry.id
        and are_in_one_list(view, other)
        and other.entry.kind is view.entry.kind
        and not normalized_names(other.entry) & normalized_names(view.entry)
    ]
    if part:
        others = [other for other in others if _has_name(other, verdict.head or "")]
    if verdict.fit is not TitleFit.OTHER and (
        confirmed or not others or not (part or not _may_be_own_title(view, title))
    ):
        return None
    if link.latest is None or link.target is None:
        return None
    why = verdict.reason
    near = False
    if others:
        other = others[0].entry
        near = catalog.are_neighbors(view.entry, other)
        neighbor = ", the entry next to it" if near else ""
        why = f"is that of “{one_line(other.name, 60)}”{neighbor}"
    sure = bool(others) or view.entry.kind in (EntryKind.MODEL, EntryKind.PAPER, EntryKind.TOOL)
    weak = confirmed or part or view.entry.kind in _LOOSE_KINDS
    weak = weak or (not others and (view.entry.kind in _DATA_KINDS or not verdict.sure))
    return RULE.finding(
        f"The entry “{one_line(view.entry.name, 60)}” links to another paper: the title of "
        f"{one_line(display_name(link.target), 60)}, “{one_line(title, 100)}”, {why} "
        f"({service_name(link.target)}, {format_date(link.latest.at)}). Put the right paper in.",
        entry=view.entry,
        link=link,
        confidence=Confidence.HIGH if sure and not weak else Confidence.MEDIUM,
        evidence=evidence_of(link.latest),
        severity=Severity.WARNING if weak else None,
    )


def _holds_name_as_part(
    catalog: CatalogView, view: EntryView, title: str, head: str | None
) -> bool:
    """Return whether a title begins with another entry's name that contains this one's.

    Entries whose name is a title are never matched by a part.
    """
    if head is None or all(
        o is view for o in catalog.memoize(EntryNameIndex.of).entries_named(head)
    ):
        return False
    called = all_variants(names_of(view.entry))
    if any(map(is_titlelike, called)):
        return False
    return any(is_part_of(name, head) for name in called) and not find_any_name(
        called, title[len(head) :]
    )


def _has_name(view: EntryView, name: str) -> bool:
    return any(
        alphanumeric_key(name) == alphanumeric_key(own)
        for own in all_variants(names_of(view.entry))
    )


def _may_be_own_title(view: EntryView, title: str) -> bool:
    """Return whether a title that is another entry's may be this one's as well.

    It contains the name, perhaps in another version, or the entry is a paper with a title in
    another script.
    """
    named = all_variants(names_of(view.entry))
    if view.entry.kind is EntryKind.PAPER and not any(map(is_latin, named)):
        return True
    return find_any_name(named, title) is not NameMatch.NONE


_URL, _NEXT = "https://arxiv.org/abs/2212.00735", "https://arxiv.org/abs/2303.14070"
_OTHER = "xTrimoABFold: De novo Antibody Structure Prediction without MSA"


def _example(
    title: str, name: str, paper: str, *finds: str, kind: str = "model", extra: str = ""
) -> Example:
    catalog = entry(name, kind=kind, paper=_URL, extra=extra)
    return Example(title, catalog, {_URL: found(PaperFacts(title=paper))}, finds)


_CODE = "https://github.com/qiuhuachuan/smile"
_SMILE = "SMILE: Single-turn to Multi-turn Inclusive Language Expansion via ChatGPT"

RULE = Rule(
    name="title-mismatch",
    severity=Severity.ERROR,
    summary="The link is to a different paper than the entry's.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    issue_title="Wrong paper",
    scope=RuleScope.CATALOG,
    check=_check,
    examples=(
        _example(
            "A short name, a long title",
            "BioGPT",
            "BioGPT: Generative Pre-trained Transformer for Biomedical Text Generation and Mining",
        ),
        _example(
            "The title does not name the system",
            "Med-PaLM",
            "Large Language Models Encode Clinical Knowledge",
        ),
        _example(
            "The title spells the acronym out",
            "RNA-FM",
            "Interpretable RNA Foundation Model from Unannotated Data",
        ),
        _example(
            "A Chinese name", "本草", "HuaTuo: Tuning LLaMA Model with Chinese Medical Knowledge"
        ),
        Example(
            "The title names the project as its repository does",
            entry("MeChat", paper=_URL, code=_CODE),
            {
                _URL: found(PaperFacts(title=_SMILE)),
                _CODE: found(RepositoryFacts(full_name="qiuhuachuan/smile", description="MeChat")),
            },
        ),
        _example(
            "The paper of a data set is that of the system it came with",
            "PMC-15M",
            "BiomedCLIP: a multimodal biomedical foundation model",
            kind="dataset",
        ),
        _example(
            "A name of common parts: a warning",
            "MedicalNet",
            "Med3D: Transfer Learning for 3D Medical Image Analysis",
            "names “Med3D”",
        ),
        _example("The newest of a family", "InternLM", "InternLM2 Technical Report"),
        _example("The version before it", "Llama 3.1", "The Llama 3 Herd of Models"),
        _example(
            "Another version", "Qwen2", "Qwen2.5 Technical Report", "names “Qwen2.5”, another"
        ),
        _example(
            "A name but for one word",
            "Tree of Thoughts",
            "Graph of Thoughts: Solving Elaborate Problems with Large Language Models",
            "names “Graph of Thoughts”",
        ),
        _example(
            "A data set in a benchmark",
            "CMeEE",
            "CBLUE: A Chinese Biomedical Language Understanding Evaluation Benchmark",
            kind="dataset",
        ),
        _example(
            "A name made from the entry's",
            "U-Net",
            "nnU-Net: a self-configuring method for biomedical image segmentation",
            "names “nnU-Net”, made from the entry's name",
        ),
        Example(
            "The name is a part of another entry's, whose paper it is",
            entry("UNETR", paper=_URL) + entry("Swin UNETR", paper=_NEXT),
            {_URL: found(PaperFacts(title="Swin UNETR: Swin Transformers for Segmentation"))},
            finds=("is that of “Swin UNETR”, the entry next to it",),
        ),
        _example("Another system", "scBERT", _OTHER, "names “xTrimoABFold” (arXiv, 15 June 2026)"),
        _example(
            "Another paper",
            "Biomedical Event Extraction as Sequence Labeling",
            "Probing the Reward Channels of Learned Policies",
            "has hardly a word in common with the entry's title",
            kind="paper",
        ),
        Example(
            "The paper of the row above",
            entry("KeBioLM", paper="https://arxiv.org/abs/2104.10344")
            + entry("MedBot", paper=_NEXT, extra="aliases: [ChatMed]")
            + entry("DocTalk", paper=_URL),
            {
                "https://arxiv.org/abs/2104.10344": found(
                    PaperFacts(
                        title="Improving Biomedical Pretrained Language Models with Knowledge"
                    )
                ),
                _NEXT: found(PaperFacts(title="MedBot: A Bot for Medicine")),
                _URL: found(PaperFacts(title="MedBot, towards a Doctor for All")),
            },
            finds=("is that of “MedBot”, the entry next to it (arXiv, 15 June 2026)",),
        ),
        Example(
            "The title is another entry's, and may be this one's in English",
            entry("大型语言模型编码临床知识", kind="paper", paper=_URL)
            + entry("Large Language Models Encode Clinical Knowledge", kind="paper", paper=_NEXT),
            {_URL: found(PaperFacts(title="Large Language Models Encode Clinical Knowledge"))},
        ),
        Example(
            "Two entries for one thing",
            entry("Segment Anything 2", paper=_URL) + entry("SAM 2", paper=_NEXT),
            {_URL: found(PaperFacts(title="SAM 2: Segment Anything in Images and Videos"))},
        ),
        Example(
            "The page is that of another entry's paper",
            entry(
                "BioSyn", paper="https://example.org/1", extra="aliases: [Synonym Marginalization]"
            )
            + entry("MedBot", paper="https://example.org/2"),
            {
                "https://example.org/1": found(PageFacts(title="BioSyn: Synonyms in Medicine")),
                "https://example.org/2": found(
                    PageFacts(title="BioSyn: Marginal Synonyms in Medicine - The Anthology")
                ),
            },
            finds=("is that of “BioSyn”, the entry next to it (example.org, 15 June 2026)",),
        ),
    ),
)
