"""The link is to a different paper than the entry's.

## What it does

Compares the title of each linked paper (as arXiv, a registry or an index gives it) with what the
entry states. First it looks for proof that the link is right; any of these ends the matter:

- the link's words, the entry's name or its line state the title, in any spelling, cut short, or
  without the subtitle or the name in front of it;
- a name or alias of the entry, or one of its repositories, is in the title, the abstract or the
  authors' comment;
- a repository, model or dataset of the entry gives the paper's id on its card, in its description
  or as its home page, or describes itself by the title;
- the same paper is listed under its title in another section;
- the entry is a dataset, and the paper is that of the model it came with.

Only then is there evidence of another paper:

- the title that the entry states (by the link's words, or because the entry is a paper) is another
  one: an error. Where the authors are right as well, nothing is reported;
- the stated title differs in one or two words, or in a negation: a warning, for it is another paper
  or a slip in the title;
- the paper is that of another entry of its section, which links to it as well, as happens when rows
  are copied: an error;
- the title begins with exactly the name of another entry of this kind: a warning;
- the title begins with another version of the entry's name, one that differs in one word, or one
  made from it (`nnU-Net` for `U-Net`): a warning, since what has no paper of its own is often cited
  with that of a relative;
- the title begins with the name of a system that is not in the catalog: a note, for many systems go
  by two names.

## Why

A wrong paper behind a live link is the error that no link checker sees, and readers cite it.

## How to fix

Put the right paper in. If the paper is right and only named differently, add the name that its
title uses to the entry's `aliases`.

## Fix safety

There is no automatic fix: the right paper is not known.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from linkcheck.matching.derived_names import is_part_of, leading_name
from linkcheck.matching.duplicates import are_in_one_list, normalized_names
from linkcheck.matching.entry_names import (
    EntryNameIndex,
    names_of,
    paper_ids_of,
    passages_of,
    repository_names,
)
from linkcheck.matching.names import (
    NameMatch,
    all_variants,
    alphanumeric_key,
    distinctive_words,
    find_any_name,
    find_name,
    is_acronym,
    is_latin,
)
from linkcheck.matching.passage_index import PassageContext, PassageIndex
from linkcheck.matching.title_statements import (
    TitleRelation,
    compare_stated_title,
    content_words,
    states_title,
)
from linkcheck.matching.titles import (
    TitleFit,
    TitleMatch,
    compare_title,
    is_titlelike,
    similarity,
    system_name,
)
from linkcheck.model.entry import Entry, EntryKind
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
_QUOTED = re.compile(r"“([^”]{12,300})”|\"([^\"]{12,300})\"")
_MIN_TITLE_WORDS = 3
"""Words with a meaning that the text of a link must have to be a title, and not a button."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper that an entry links to."""

    view: EntryView
    link: LinkView
    titles: tuple[str, ...]
    """The present title, and earlier ones."""
    around: PassageContext
    """What is known of the entry without this link."""

    @property
    def title(self) -> str:
        """The present title."""
        return self.titles[0]

    @property
    def facts(self) -> PaperFacts | None:
        """What the service gives of it; ``None`` for a page."""
        return self.link.latest.paper if self.link.latest else None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Evidence that a paper is another one."""

    severity: Severity
    reason: str
    """What the title is or does, as part of a message."""
    other: EntryView | None = None
    """The entry whose paper it is."""


def _check(catalog: CatalogView, _context: RuleContext) -> Iterable[Finding]:
    for view in catalog.entries:
        links = list(_own_papers(view))
        if not links:
            continue
        passages, ids = PassageIndex(passages_of(view)), paper_ids_of(view)
        verdicts = []
        for link, titles in links:
            paper = _Paper(view, link, titles, passages.without(link.target))
            is_known = link.target is not None and link.target.key in ids
            verdicts.append((paper, True if is_known else _judge(catalog, paper)))
        matching = {paper.link.target for paper, verdict in verdicts if verdict is True}
        done = set()
        for paper, verdict in verdicts:
            if not isinstance(verdict, _Verdict) or paper.link.target in done:
                continue
            done.add(paper.link.target)
            if not matching - {paper.link.target}:
                yield _finding(catalog, paper, verdict)


def _own_papers(view: EntryView) -> Iterator[tuple[LinkView, tuple[str, ...]]]:
    """Yield the entry's own links to papers of known title, with the titles."""
    for link in view.all_links:
        if link.target is None or link.status not in (Status.ALIVE, Status.MOVED):
            continue
        if link.link.badge or not _is_paper_link(view, link):
            continue
        titles = _titles(link)
        if titles:
            yield link, titles


def _is_paper_link(view: EntryView, link: LinkView) -> bool:
    """Return whether a link is to a paper of the entry; roles in Markdown are guesses."""
    if not link.link.is_primary and len(view.all_links) > 1:
        return False
    if link.link.role in _ROLES:
        return True
    return bool(view.entry.text and link.latest and link.latest.paper)


def _titles(link: LinkView) -> tuple[str, ...]:
    if link.latest is None:
        return ()
    if paper := link.latest.paper:
        return (paper.title,) if paper.title else ()
    page = link.latest.page
    title = _page_title(page.title) if page and page.title else None
    return (title,) if title else ()


def _page_title(title: str) -> str | None:
    """Return the paper's title from the title of its page, if it seems to contain one."""
    longest = max(re.split(r"\s+[|–—-]\s+", title), key=len)
    return longest if is_titlelike(longest) else None


def _judge(catalog: CatalogView, paper: _Paper) -> _Verdict | bool:
    """Return evidence of another paper, ``True`` for proof that it is right, else ``False``."""
    stated = stated_titles(paper.view.entry, paper.link)
    relations = [compare_stated_title(one, title) for one in stated for title in paper.titles]
    relation = max(relations, default=None)
    if relation is TitleRelation.SAME or _is_stated_nearby(paper):
        return True
    is_vague = relation is TitleRelation.UNKNOWN and not any(map(is_titlelike, stated))
    if relation is None or is_vague:
        return _judge_by_name(catalog, paper)
    copied = _copied_title(catalog, paper, stated)
    if copied is not None:
        return _Verdict(Severity.ERROR, "is that of", copied)
    if paper.facts is None:
        return False  # the title of a page is weak evidence
    if relation is TitleRelation.NEAR:
        return _Verdict(Severity.WARNING, f"differs from “{one_line(stated[0], 100)}” in a word")
    is_other = relation is TitleRelation.OTHER or _names_other_system(paper, stated)
    if is_other and not _is_tied(paper, stated):
        others = _listed_under_title(catalog, paper)
        reason = "is that of" if others else "has hardly a word in common with the stated title"
        return _Verdict(Severity.ERROR, reason, next(iter(others), None))
    return False


def _names_other_system(paper: _Paper, stated: tuple[str, ...]) -> bool:
    """Return whether the stated titles and the paper's begin with names of different systems."""
    theirs = [name for title in paper.titles if (name := system_name(title))]
    mine = [system_name(one) for one in stated]
    if not theirs or not mine or None in mine:
        return False
    return not any(
        find_any_name([a], b) or find_any_name([b], a) or is_acronym(a, title)
        for a in mine
        for b in theirs
        for title in paper.titles
        if a
    ) and all(similarity(one, title)[0] <= 0.6 for one in stated for title in paper.titles)


def stated_titles(entry: Entry, link: LinkView) -> tuple[str, ...]:
    """Return the titles that an entry states for a link: its words, its name, a quotation."""
    words = link.link.text
    if words not in (link.link.written, link.link.url) and _is_title(words):
        return (words,)
    quoted = tuple(one for a, b in _QUOTED.findall(entry.text) if _is_title(one := a or b))
    if quoted:
        return quoted
    is_named = entry.kind is EntryKind.PAPER and len(content_words(entry.name)) > 1
    is_loose = entry.kind in _LOOSE_KINDS or entry.kind in _DATA_KINDS
    titles = [entry.name] if is_named or (not is_loose and is_titlelike(entry.name)) else []
    if entry.kind is EntryKind.PAPER:
        lines = entry.text.splitlines()
        titles += [one for one in lines if one.startswith(f"{entry.name}:") and _is_title(one)]
    return tuple(titles)


def _is_title(text: str) -> bool:
    return is_titlelike(text, least=4) and len(content_words(text)) >= _MIN_TITLE_WORDS


def _is_stated_nearby(paper: _Paper) -> bool:
    """Return whether the entry's line or a description of its repositories states the title."""
    text = paper.view.entry.text
    return any(states_title(text, title) or paper.around.has_name(title) for title in paper.titles)


def _is_tied(paper: _Paper, stated: tuple[str, ...]) -> bool:
    """Return whether a paper belongs to the entry although its title is another.

    It begins with the same name, mentions the entry, or has authors that the entry's line names.
    """
    heads = {alphanumeric_key(head) for one in stated if (head := leading_name(one))}
    if any(alphanumeric_key(leading_name(title) or "-") in heads for title in paper.titles):
        return True
    return _mentions_entry(paper) or _names_authors(paper)


def _mentions_entry(paper: _Paper) -> bool:
    """Return whether abstract or comment name the entry or one of its repositories."""
    mentions = (paper.facts.mentions if paper.facts else None) or ()
    if not mentions:
        return False
    own = repository_names(paper.view)
    if any(mention.casefold() in own for mention in mentions):
        return True
    names = [name for name in all_variants(names_of(paper.view.entry)) if not is_titlelike(name)]
    return any(find_any_name(names, mention) is NameMatch.FULL for mention in mentions)


def _names_authors(paper: _Paper) -> bool:
    """Return whether the entry's line names authors of the paper: the first, or two of them."""
    authors = (paper.facts.authors if paper.facts else None) or ()
    text = paper.view.entry.text
    if not text or not authors:
        return False
    families = [author.split()[-1] for author in authors[:20] if author.split()]
    named = [family for family in families if len(family) > 2 and find_name(family, text)]
    return len(set(named)) > 1 or (bool(named) and len(families) == 1)


def _copied_title(catalog: CatalogView, paper: _Paper, stated: tuple[str, ...]) -> EntryView | None:
    """Return the entry of the same section that states this paper's title and links to it too."""
    if not any(map(is_titlelike, stated)):
        return None
    for other in _listed_under_title(catalog, paper):
        if _links_to(other, paper.link) and _is_same_place(paper.view, other):
            return other
    return None


def _listed_under_title(catalog: CatalogView, paper: _Paper) -> list[EntryView]:
    """Return other entries that are named by the paper's title, the best match first."""
    found = [
        other
        for title in paper.titles
        for other in catalog.memoize(EntryNameIndex.of).titles.similar(title)
        if other.entry.id != paper.view.entry.id and are_in_one_list(paper.view, other)
    ]
    exact = {alphanumeric_key(title) for title in paper.titles}
    return sorted(
        found,
        key=lambda other: (
            not _links_to(other, paper.link),
            all(alphanumeric_key(name) not in exact for name in names_of(other.entry)),
        ),
    )


def _links_to(view: EntryView, link: LinkView) -> bool:
    return any(other.target == link.target for other in view.links)


def _is_same_place(one: EntryView, other: EntryView) -> bool:
    """Return whether two entries are of one kind, and of one section where there are sections."""
    if one.entry.kind is not other.entry.kind or not are_in_one_list(one, other):
        return False
    return one.entry.section == other.entry.section


def _judge_by_name(catalog: CatalogView, paper: _Paper) -> _Verdict | bool:
    """Compare a title with the names of an entry that states no title."""
    view, kind = paper.view, paper.view.entry.kind
    matches = [
        compare_title(
            names_of(view.entry),
            title,
            context=paper.around,
            is_paper=kind is EntryKind.PAPER,
            is_data=kind in _DATA_KINDS,
            is_part=kind is EntryKind.DATASET,
        )
        for title in paper.titles
    ]
    owners = _owners(catalog, paper)
    part = [o for o in owners if _holds_name_as_part(view, paper.title)]
    if any(match.fit is TitleFit.SAME for match in matches) and not part:
        return True
    if paper.facts is None and not owners:
        return False
    match = matches[0]
    if _mentions_entry(paper):
        return True
    if match.fit is not TitleFit.OTHER and not owners and _listed_under_title(catalog, paper):
        return True
    own = _may_be_own_title(
        view, paper.title, without=leading_name(paper.title) if owners else None
    )
    if owners and (part or not own):
        copied = [o for o in owners if _links_to(o, paper.link) and _is_same_place(view, o)]
        severity = Severity.ERROR if copied and paper.facts else Severity.WARNING
        return _Verdict(severity, "is that of", (copied or owners)[0])
    if match.fit is not TitleFit.OTHER or paper.facts is None or kind in _LOOSE_KINDS:
        return False
    if _is_chinese(view.entry) or (match.head is None and not match.is_relative):
        return False
    return _Verdict(_severity_without_owner(kind, match), match.reason)


def _is_chinese(entry: Entry) -> bool:
    """Return whether the distinctive part of an entry's name is not in Latin script."""
    names = all_variants(names_of(entry))
    latin = [name for name in names if is_latin(name) and name.isascii()]
    return not any(map(distinctive_words, latin)) and not entry.name.isascii()


def _severity_without_owner(kind: EntryKind | None, match: TitleMatch) -> Severity:
    """Return the severity for a title that names something that is not in the catalog."""
    return Severity.WARNING if match.is_relative and kind not in _DATA_KINDS else Severity.INFO


def _owners(catalog: CatalogView, paper: _Paper) -> list[EntryView]:
    """Return the other entries of this kind whose name the title begins with."""
    view = paper.view
    head = leading_name(paper.title)
    if head is None:
        return []
    is_part = bool(find_any_name(_short_names(view), head)) and not _is_name_part(view, head)
    return [
        other
        for other in catalog.memoize(EntryNameIndex.of).entries_named(head)
        if other.entry.id != view.entry.id
        and are_in_one_list(view, other)
        and other.entry.kind is view.entry.kind
        and (view.entry.kind is not None or other.entry.section == view.entry.section)
        and not normalized_names(other.entry) & normalized_names(view.entry)
        and (not is_part or _links_to(other, paper.link))
    ]


def _short_names(view: EntryView) -> list[str]:
    return [name for name in all_variants(names_of(view.entry)) if not is_titlelike(name)]


def _holds_name_as_part(view: EntryView, title: str) -> bool:
    """Return whether a title begins with a name that contains the entry's, and is about that."""
    head = leading_name(title) or ""
    return _is_name_part(view, head) and not find_any_name(
        all_variants(names_of(view.entry)), title[len(head) :]
    )


def _is_name_part(view: EntryView, head: str) -> bool:
    return any(is_part_of(name, head) for name in _short_names(view))


def _may_be_own_title(view: EntryView, title: str, *, without: str | None) -> bool:
    """Return whether a title contains the entry's name, perhaps in another version.

    ``without`` is the name of another entry that the title begins with, which does not count.
    """
    rest = title[len(without) :] if without else title
    return find_any_name(all_variants(names_of(view.entry)), rest) is not NameMatch.NONE


def _finding(catalog: CatalogView, paper: _Paper, verdict: _Verdict) -> Finding:
    view, link = paper.view, paper.link
    why = verdict.reason
    if verdict.other is not None:
        near = catalog.are_neighbors(view.entry, verdict.other.entry)
        neighbor = ", the entry next to it" if near else ""
        why = f"{why} “{one_line(verdict.other.entry.name, 60)}”{neighbor}"
    target = one_line(display_name(link.target), 60) if link.target else "?"
    seen = f"{service_name(link.target)}, " if link.target else ""
    day = format_date(link.latest.at) if link.latest else ""
    confidence = {Severity.ERROR: Confidence.HIGH, Severity.WARNING: Confidence.MEDIUM}
    return RULE.finding(
        f"The entry “{one_line(view.entry.name, 60)}” links to another paper: the title of "
        f"{target}, “{one_line(paper.title, 100)}”, {why} ({seen}{day}). Put the right paper in.",
        entry=view.entry,
        link=link,
        confidence=confidence.get(verdict.severity, Confidence.LOW),
        evidence=evidence_of(link.latest),
        severity=verdict.severity,
    )


_URL, _NEXT = "https://arxiv.org/abs/2212.00735", "https://arxiv.org/abs/2303.14070"
_OTHER = "xTrimoABFold: De novo Antibody Structure Prediction without MSA"


def _example(
    title: str, name: str, paper: str, *finds: str, kind: str = "model", extra: str = ""
) -> Example:
    catalog = entry(name, kind=kind, paper=_URL, extra=extra)
    return Example(title, catalog, {_URL: found(PaperFacts(title=paper))}, finds)


def _listed(title: str, lines: str, paper: str, *finds: str) -> Example:
    """Return an example in a Markdown list that links to a paper of this title."""
    known = {_URL: found(PaperFacts(title=paper))}
    return Example(title, lines, known, finds, format="markdown")


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
            "Another system that is not in the catalog: a note",
            "MedicalNet",
            "Med3D: Transfer Learning for 3D Medical Image Analysis",
            "names “Med3D”",
        ),
        Example(
            "The abstract names the entry",
            entry("OphBot", paper=_URL),
            {
                _URL: found(
                    PaperFacts(title="EyeNet: Tuning for Eyes", mentions=("EyeNet", "OphBot"))
                )
            },
        ),
        Example(
            "The authors' comment gives the entry's repository",
            entry("MeChat", paper=_URL, code=_CODE),
            {
                _URL: found(PaperFacts(title="Talk: Dialogues", mentions=("qiuhuachuan/smile",))),
                _CODE: found(RepositoryFacts(full_name="qiuhuachuan/smile")),
            },
        ),
        Example(
            "The repository's home page is the paper",
            entry("MeChat", paper=_URL, code=_CODE),
            {
                _URL: found(PaperFacts(title="Talk: Dialogues of Doctors")),
                _CODE: found(RepositoryFacts(full_name="qiuhuachuan/smile", homepage=_URL)),
            },
        ),
        _listed(
            "The line states the title",
            f"# Data\n\n- **OwlSet**: Owls See Everything at Night [paper]({_URL})\n",
            "OwlNet: Owls See Everything at Night",
        ),
        _listed(
            "A model, and its paper in another section",
            f"# Models\n\n- **OwlNet** [paper]({_URL})\n\n# Papers\n\n"
            f"- [Seeing Everything at Night]({_URL})\n",
            "Seeing Everything at Night",
        ),
        _listed(
            "A title cut short",
            f"# Papers\n\n- [Owls See Everything at ...]({_URL})\n",
            "Owls See Everything at Night, and Moles by Day",
        ),
        _listed(
            "A title that differs in a word",
            f"# Surveys\n\n- [A Survey on Evaluation of Owls]({_URL})\n",
            "A Survey on Hallucination of Owls",
            "differs from “A Survey on Evaluation of Owls” in a word",
        ),
        _listed(
            "Another title",
            f"# Papers\n\n- [Owls See Everything at Night]({_URL})\n",
            "Moles Dig Tunnels under the Barn",
            "has hardly a word in common with the stated title",
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
            "has hardly a word in common with the stated title",
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
