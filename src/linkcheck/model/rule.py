"""Rules, their properties, and the views of the catalog that they check."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar, cast

from linkcheck.model.action import PullRequestGroup
from linkcheck.model.entry import Entry, Ignore, Link, Problem
from linkcheck.model.finding import Confidence, Finding, Fix, Related, Severity
from linkcheck.model.local import BrokenLink, BrokenTable
from linkcheck.model.observation import Evidence, EvidenceItem, Observation, Status
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import Span
from linkcheck.model.target import ParsedLink, Target

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link with its target, status and evidence."""

    link: Link
    recognized: ParsedLink | None
    """``None`` when the URL is invalid or of a kind that is not checked (``mailto:``)."""
    status: Status
    evidence: Evidence | None = None
    invalid_reason: str | None = None
    """Why the URL is invalid, if it is."""
    repair: str | None = None
    """The repaired URL, if there is exactly one sensible repair."""

    @property
    def target(self) -> Target | None:
        """The target of the link."""
        return self.recognized.target if self.recognized else None

    @property
    def latest(self) -> Observation | None:
        """The newest observation of it."""
        return self.evidence.latest if self.evidence else None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its links and their evidence."""

    entry: Entry
    all_links: tuple[LinkView, ...]
    """All links, for rules on links: whether they work, move, or are well-formed."""
    links: tuple[LinkView, ...] = field(init=False)
    """The primary links, for rules on entries: what it is, and what belongs to it."""

    def __post_init__(self) -> None:
        """Select the primary links."""
        links = self.all_links
        if not all(link.link.is_primary for link in links):
            links = tuple(link for link in links if link.link.is_primary)
        object.__setattr__(self, "links", links)


@dataclass(frozen=True, slots=True)
class CatalogView:
    """The whole catalog, for rules that compare entries."""

    entries: tuple[EntryView, ...]
    problems: tuple[Problem, ...] = ()
    broken_links: tuple[BrokenLink, ...] = ()
    broken_tables: tuple[BrokenTable, ...] = ()
    _derived: dict[object, object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def memoize(self, derive: Callable[["CatalogView"], T]) -> T:
        """Return ``derive(catalog)``, computed once for all rules."""
        if derive not in self._derived:
            self._derived[derive] = derive(self)
        return cast("T", self._derived[derive])

    def are_neighbors(self, one: Entry, other: Entry) -> bool:
        """Return whether two entries are adjacent in a file."""
        return other.id in self.memoize(_neighbors)[one.id]


def _neighbors(catalog: CatalogView) -> dict[str, tuple[str, ...]]:
    """Return the ids of the entries just before and after each entry in its file, by its id."""
    by_file: dict[str, list[str]] = {}
    for view in catalog.entries:
        by_file.setdefault(view.entry.span.file, []).append(view.entry.id)
    return {
        each: (*ids[max(place - 1, 0) : place], *ids[place + 1 : place + 2])
        for ids in by_file.values()
        for place, each in enumerate(ids)
    }


@dataclass(frozen=True, slots=True)
class IgnoreView:
    """An ignore and whether it was used, for the rules on ignores."""

    ignore: Ignore
    entry: Entry | None
    """The entry that contains it; ``None`` for an ignore of the configuration."""
    span: Span
    """The place for findings about it."""
    used: bool
    """Whether it suppressed a finding in this run."""
    testable: bool
    """Whether it could have: its rule ran, and the status of its links is known."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """Further input of a rule."""

    now: datetime
    settings: RuleSettings
    recognize: Callable[[str], ParsedLink | None]
    """Parses a URL as the providers do; ``None`` if it cannot be checked."""
    new_links: frozenset[Link] = frozenset()
    """The links that the change under review adds; checked more strictly."""
    shared_destinations: frozenset[str] = frozenset()
    """Addresses to which web pages of several unrelated sites redirect."""


class RuleScope(StrEnum):
    """The subject of one call of a rule."""

    ENTRY = "entry"
    CATALOG = "catalog"
    IGNORE = "ignore"
    """One ignore, after all other rules have run."""


@dataclass(frozen=True, slots=True)
class Example:
    """One row of a rule's table: its test and its documentation."""

    title: str
    catalog: str
    """Catalog YAML, complete enough to load, or a Markdown file (see ``format``)."""
    observed: Mapping[str, tuple[Observation, ...] | Observation] = field(default_factory=dict)
    """Observations by URL as written; newest first."""
    finds: tuple[str, ...] = ()
    """A part of each expected message, in order; empty for an example without findings."""
    fixed: str | None = None
    """The catalog after the fixes, if the rule offers some."""
    format: str = "yaml"
    """``yaml`` or ``markdown``."""
    files: tuple[str, ...] | None = None
    """For Markdown: the files of its repository, itself among them as ``README.md``; ``None`` for
    a file outside of any."""


class Remedy(StrEnum):
    """The action that findings without a fix ask for; reports group findings by it."""

    REPLACE = "replace"
    """Replace or remove the link."""
    CORRECT = "correct"
    """Correct what the entry claims."""
    MERGE = "merge"
    """Merge duplicates."""
    UPSTREAM = "upstream"
    """Ask the upstream project, or find the source of the claim."""
    TIDY = "tidy"
    """Remove an ignore."""
    WAIT = "wait"
    """Wait for a later run."""
    KNOW = "know"
    """Nothing is broken."""
    OTHER = "look"
    """See the message."""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """Properties of a rule that reports, fixes and the forge depend on."""

    name: str
    severity: Severity
    summary: str
    """When it fires, in one line."""
    page: str = ""
    """Its documentation in Markdown: the docstring of its module."""
    remedy: Remedy = Remedy.OTHER
    issue_title: str = ""
    """Begins the titles of its issues; empty for the rule's name in words."""
    pull_request_group: PullRequestGroup | None = None
    """The pull request that takes its fixes; ``None`` for a rule without fixes."""
    needs_confirmation: bool = False
    """Whether its findings need a second run, days later, before they open an issue."""
    suggests_replacements: bool = False
    """Whether replacements (the entry's other links, archived copies) are looked up for it."""
    reports_problems: bool = False
    """Whether its findings are the problems of reading the catalog."""

    @property
    def title(self) -> str:
        """The beginning of its issues' titles."""
        return self.issue_title or self.name.replace("-", " ").capitalize()

    @property
    def fixable(self) -> bool:
        """Whether it offers fixes."""
        return self.pull_request_group is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(RuleInfo):
    """A rule: a pure check with its properties and its table of examples."""

    scope: RuleScope
    check: (
        Callable[[EntryView, RuleContext], Iterable[Finding]]
        | Callable[[CatalogView, RuleContext], Iterable[Finding]]
        | Callable[[IgnoreView, RuleContext], Iterable[Finding]]
    )
    examples: tuple[Example, ...] = ()
    offline: bool = False
    """Whether it needs nothing but the files of the repository."""
    reads_other_files: bool = False
    """Whether it compares the catalog with other files, which are not always there."""
    requires_traits: int = 0
    """Traits (:class:`EntryTrait`) without which an entry cannot concern it: the engine skips
    entries that lack one of them. For rules on entries only."""

    def finding(
        self,
        message: str,
        *,
        span: Span | None = None,
        entry: Entry | None = None,
        link: LinkView | None = None,
        url: str | None = None,
        subject: str = "",
        confidence: Confidence = Confidence.HIGH,
        evidence: tuple[EvidenceItem, ...] = (),
        fix: Fix | None = None,
        severity: Severity | None = None,
        related: tuple[Related, ...] = (),
        quiet: bool = False,
    ) -> Finding:
        """Return a finding of this rule, at the link unless ``span`` gives another place.

        ``url`` is for links that are no :class:`LinkView`; ``severity`` for a case that differs
        from the rule's own.
        """
        if link is not None:
            span, url = span or link.link.span, link.link.written
        if span is None:
            raise ValueError("a finding needs a span or a link")
        return Finding(
            rule=self.name,
            severity=severity or self.severity,
            message=message,
            span=span,
            confidence=confidence,
            entry=entry.id if entry else None,
            url=url,
            recognized=link.recognized if link else None,
            subject=subject,
            evidence=evidence,
            fix=fix,
            related=related,
            quiet=quiet,
        )
