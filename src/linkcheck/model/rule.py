"""What rules look at: entries with the evidence for each of their links."""

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
    """A link, what it points to, and what is known of that."""

    link: Link
    recognized: ParsedLink | None
    """``None`` when the URL is invalid or of a kind that is not checked (``mailto:``)."""
    status: Status
    evidence: Evidence | None = None
    invalid_reason: str | None = None
    """Why the URL cannot be asked for, when it cannot."""
    repair: str | None = None
    """The URL that was probably meant, when there is one sensible mend."""

    @property
    def target(self) -> Target | None:
        """The thing pointed to."""
        return self.recognized.target if self.recognized else None

    @property
    def latest(self) -> Observation | None:
        """The newest observation of it."""
        return self.evidence.latest if self.evidence else None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its links as seen."""

    entry: Entry
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class CatalogView:
    """The whole catalog as seen, for rules that compare entries."""

    entries: tuple[EntryView, ...]
    problems: tuple[Problem, ...] = ()
    broken_links: tuple[BrokenLink, ...] = ()
    broken_tables: tuple[BrokenTable, ...] = ()
    _derived: dict[object, object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def memoize(self, derive: Callable[["CatalogView"], T]) -> T:
        """Return what ``derive`` makes of the catalog; it is made once for all rules."""
        if derive not in self._derived:
            self._derived[derive] = derive(self)
        return cast("T", self._derived[derive])

    def are_neighbors(self, one: Entry, other: Entry) -> bool:
        """Return whether two entries stand one after the other in a file."""
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
    """One ignore and what came of it, for the rules that look at ignores."""

    ignore: Ignore
    entry: Entry | None
    """The entry it stands in; ``None`` for one of the configuration."""
    span: Span
    """Where to say something about it."""
    used: bool
    """Whether it silenced a finding in this run."""
    testable: bool
    """Whether it would have, had there been one: its rule ran, and its links were settled."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What else a rule may know."""

    now: datetime
    settings: RuleSettings
    recognize: Callable[[str], ParsedLink | None]
    """Reads a URL as the providers do; ``None`` for what cannot be asked for."""
    new_links: frozenset[Link] = frozenset()
    """The links that the change under review adds: held to a stricter standard."""


class RuleScope(StrEnum):
    """What one call of a rule looks at."""

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
    """What is known, by URL as written; newest first."""
    finds: tuple[str, ...] = ()
    """For an invalid example: a piece of each expected message, in order; empty means valid."""
    fixed: str | None = None
    """The catalog after the fixes, where the rule proposes some."""
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
    """Only the message tells."""


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
