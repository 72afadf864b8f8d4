"""The target is alive but belongs to something else than the entry.

## What it does

Holds the entry's name and aliases against what each linked repository, model and data set is
called: owner and name (as linked and as it is now), description, topics, card title, home page, the
arXiv ids its card names. Reports it when none of them knows the entry, and the target has a name of
its own that tells it apart. A target that bears the name of another entry of the catalog is named
as that entry's; when it stands next to this one, the finding says so.

A name that only holds the entry's as a part is another's: `nnUNet` does not stand for `U-Net`, nor
`Llama-2-7b` for `Llama 3`. Neither does a base model's own repository stand for what was made from
it, unless the entry speaks of that model.

Not reported: acronyms, plurals, versions where one side leaves them open, names in another
language, names made of common words only (`medical-reasoning`), renamed projects, targets of an
owner whose other things fit, names that the entry's own notes, papers or claims mention, data sets
that link to the benchmark they are part of, and umbrellas such as home pages.

## Why

The link works, and leads to something else.

## How to fix

Correct the link. If it is right, add the name that the target goes by to the entry's `aliases`.

## Fix safety

There is no automatic fix: the right address is not known.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from linkcheck.matching.duplicates import are_in_one_list, normalized_names, own_links
from linkcheck.matching.entry_names import EntryNameIndex
from linkcheck.matching.name_match import (
    bare_name,
    find_related_name,
    is_target_of,
    is_unrelated_target,
    passages_with_papers,
    short_names,
)
from linkcheck.matching.passage_index import PassageIndex
from linkcheck.model.entry import Entry, EntryKind
from linkcheck.model.facts import RepositoryFacts
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
from linkcheck.model.target import Target, TargetKind
from linkcheck.model.wording import describe_target, format_date, one_line, service_name
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of

_KINDS = (
    TargetKind.GITHUB_REPO,
    TargetKind.HF_MODEL,
    TargetKind.HF_DATASET,
    TargetKind.HF_SPACE,
)
_LOOSE_KINDS = (EntryKind.COMPETITION, EntryKind.RESOURCE, EntryKind.LIST, EntryKind.PRODUCT)
_FOREIGN_ROLES = frozenset({"paper", "demo", "baseline", "base_model", "base-model", "solution"})


def _check(catalog: CatalogView, context: RuleContext) -> Iterable[Finding]:
    mismatches = list(_mismatches(catalog, context))
    users = _users(catalog, context, {target for _, target, _, _ in mismatches})
    indexed: EntryView | None = None
    passages = PassageIndex()
    for view, target, link, familiar in mismatches:
        if users[target].has_namesake(view.entry):
            continue
        others = [
            other
            for other in catalog.memoize(EntryNameIndex.of).entries_named(bare_name(target))
            if other.entry.id != view.entry.id and are_in_one_list(view, other)
        ]
        if any(other.entry.id in users[target].ids for other in others):
            continue  # duplicate-link reports the shared link
        if not others:
            if familiar:
                continue
            if indexed is not view:  # the links of one entry follow each other; ids may repeat
                indexed, passages = view, PassageIndex(passages_with_papers(view))
            if not is_unrelated_target(view, target, link, passages.without(target)):
                continue
        yield _finding(catalog, view, target, link, others)


def _named_links(view: EntryView, context: RuleContext) -> list[tuple[Target, LinkView]]:
    """Return the links to an entry's own repositories, models and datasets."""
    return [
        (target, link)
        for target, link in own_links(view, context.recognize)
        if target.kind in _KINDS
        and link.link.role not in _FOREIGN_ROLES
        and link.status in (Status.ALIVE, Status.MOVED)
    ]


def _mismatches(
    catalog: CatalogView, context: RuleContext
) -> Iterator[tuple[EntryView, Target, LinkView, bool]]:
    """Yield each link whose target has no name of its entry.

    The flag is whether another target of the same owner has one.
    """
    for view in catalog.entries:
        if view.entry.kind in _LOOSE_KINDS:
            continue
        own = _named_links(view, context)
        if not own:
            continue
        linked = {link.target.key for link in view.links if link.target}
        known = [is_target_of(view, link, linked) for _, link in own]
        last = {target: (link, fits) for (target, link), fits in zip(own, known, strict=True)}
        if all(fits for _, fits in last.values()):
            continue
        matching_owners = {
            _owner(target) for (target, _), fits in zip(own, known, strict=True) if fits
        }
        for target, (link, fits) in last.items():
            if not fits:
                yield view, target, link, _owner(target) in matching_owners


@dataclass(frozen=True, slots=True)
class _Users:
    """The entries that link to one target as their own."""

    ids: set[str] = field(default_factory=set)
    by_name: dict[str, set[str]] = field(default_factory=dict)
    """Ids of the entries by normalized name and alias."""

    def add(self, entry: Entry) -> None:
        """Add an entry."""
        self.ids.add(entry.id)
        for name in normalized_names(entry):
            self.by_name.setdefault(name, set()).add(entry.id)

    def has_namesake(self, entry: Entry) -> bool:
        """Return whether another entry of the same name is among them, as in a second list."""
        if len(self.ids) < 2:
            return False
        return any(self.by_name.get(name, set()) - {entry.id} for name in normalized_names(entry))


def _users(
    catalog: CatalogView, context: RuleContext, targets: set[Target]
) -> Mapping[Target, _Users]:
    """Return the entries that link to each of these targets."""
    users = {target: _Users() for target in targets}
    for view in catalog.entries if targets else ():
        for target, _ in _named_links(view, context):
            if target in users:
                users[target].add(view.entry)
    return users


def _owner(target: Target) -> str:
    return f"{target.service}:{target.key.split('/')[0]}"


def _finding(
    catalog: CatalogView,
    view: EntryView,
    target: Target,
    link: LinkView,
    others: list[EntryView],
) -> Finding:
    facts = link.latest.repository if link.latest else None
    described = facts.description if facts else None
    about = f", described as “{one_line(described, 80)}”," if described else ""
    whose, near = "", False
    if others:
        other = others[0].entry
        near = catalog.are_neighbors(view.entry, other)
        place = ", the entry next to it" if near else ""
        whose = f" It seems to belong to “{one_line(other.name, 60)}”{place}."
    when = (
        f"{service_name(target)}, {format_date(link.latest.at)}"
        if link.latest
        else service_name(target)
    )
    unsure = Confidence.MEDIUM if described else Confidence.LOW
    name = one_line(view.entry.name, 60)
    if find_related_name(short_names(view), bare_name(target)):
        statement = (
            f"The {describe_target(target)}{about} bears another name or version than “{name}”"
        )
    else:
        statement = f"Nothing ties the {describe_target(target)}{about} to “{name}”"
    return RULE.finding(
        f"{statement} ({when}).{whose} Correct the link, or add the name it goes by to the "
        "aliases.",
        entry=view.entry,
        link=link,
        confidence=Confidence.HIGH if others else unsure,
        evidence=evidence_of(link.latest),
    )


_URL = "https://github.com/jbshp/GenCompareSum"


def _example(
    title: str, name: str, url: str, *finds: str, about: str = "", kind: str = "model"
) -> Example:
    facts = RepositoryFacts(description=about or None)
    return Example(title, entry(name, kind=kind, code=url), {url: found(facts)}, finds)


RULE = Rule(
    name="name-mismatch",
    severity=Severity.WARNING,
    summary="The target is alive but belongs to something else than the entry.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    scope=RuleScope.CATALOG,
    check=_check,
    examples=(
        _example(
            "Another spelling", "Med-Flamingo", "https://github.com/snap-stanford/med_flamingo"
        ),
        _example("An acronym", "Chinese Medical Benchmark", "https://github.com/lab/CMB"),
        _example(
            "Named in the description", "MeChat", "https://github.com/q/smile", about="MeChat"
        ),
        _example("A name of common words", "Codex-Med", "https://github.com/v/medical-reasoning"),
        _example("A Chinese name", "漫谈", "https://github.com/X-D-Lab/MindChat"),
        _example(
            "A version that the entry leaves open",
            "cMedQA",
            "https://github.com/zhangsheng93/cMedQA2",
        ),
        _example(
            "A benchmark, and a data set in it",
            "CMeEE",
            "https://github.com/CBLUEbenchmark/CBLUE",
            about="A Chinese Biomedical Language Understanding Evaluation Benchmark",
            kind="dataset",
        ),
        _example("A plural", "MedMention", "https://github.com/chanzuckerberg/MedMentions"),
        Example(
            "The owner's other things fit",
            entry("MeQSum", code="https://github.com/a/MeQSum", model="https://github.com/a/zeta"),
            {
                "https://github.com/a/MeQSum": found(RepositoryFacts()),
                "https://github.com/a/zeta": found(RepositoryFacts()),
            },
        ),
        _example(
            "Something else",
            "S2ORC",
            _URL,
            "Nothing ties the repository jbshp/GenCompareSum, described as “Summaries”, to “S2ORC”",
            about="Summaries",
            kind="dataset",
        ),
        _example(
            "A name made from the entry's",
            "U-Net",
            "https://github.com/MIC-DKFZ/nnUNet",
            "The repository MIC-DKFZ/nnUNet bears another name or version than “U-Net”",
        ),
        _example(
            "Another version, and both say which",
            "Llama 3",
            "https://github.com/mirror/Llama-2-7b-hf",
            "bears another name or version than “Llama 3”",
        ),
        _example(
            "The base model",
            "OphBot",
            "https://github.com/THUDM/ChatGLM-6B",
            "Nothing ties the repository THUDM/ChatGLM-6B to “OphBot”",
        ),
        Example(
            "The repository of the row above",
            entry("MedMentions", code="https://github.com/z/MedMentions")
            + entry("PubMedQA", code="https://github.com/mirror/MedMentions"),
            {
                "https://github.com/z/MedMentions": found(RepositoryFacts()),
                "https://github.com/mirror/MedMentions": found(RepositoryFacts()),
            },
            finds=("It seems to belong to “MedMentions”, the entry next to it.",),
        ),
    ),
)
