"""Entries: what a catalog says, every value with its place in the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from linkcheck.model.config_field import config_field
from linkcheck.model.local import BrokenLink, BrokenTable, LocalLink
from linkcheck.model.source_text import SourceText, Span

T = TypeVar("T")


class EntryKind(StrEnum):
    """What an entry is."""

    MODEL = "model"
    DATASET = "dataset"
    BENCHMARK = "benchmark"
    PAPER = "paper"
    TOOL = "tool"
    COMPETITION = "competition"
    PRODUCT = "product"
    RESOURCE = "resource"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Claim(Generic[T]):
    """One value that the catalog states, with its place."""

    value: T
    span: Span


@dataclass(frozen=True, slots=True)
class LinkRepair:
    """How a damaged link is mended where more than its address must change."""

    span: Span
    before: str
    """The text at ``span``."""
    after: str


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it stands in a file."""

    written: str
    """The text at ``span``, as written: a URL, a shorthand, or another list's plain id."""
    url: str
    """The URL it stands for (shorthands and id templates expanded); not yet validated."""
    span: Span
    role: str
    """``paper``, ``code``, ``model``, … in YAML; in Markdown what the surroundings suggest."""
    text: str = ""
    """The words a reader clicks on, where the format has them."""
    template: str | None = None
    """How ``written`` becomes ``url``: ``https://github.com/{}`` when only an id is written."""
    repair: str | None = None
    """The URL a person probably meant, where the format itself shows that this one is damaged."""
    badge: bool = False
    """Whether it is an image that only shows another service's figures: read, never fetched."""
    edit: LinkRepair | None = None
    """The splice that turns a damaged link into a good one, where writing ``repair`` at ``span``
    would not do (a space before the bracket, text glued to a bare URL)."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """A request to suppress the findings of a rule, in a catalog or in the configuration."""

    rule: str = field(metadata={"help": "The rule to silence."})
    reason: str = field(metadata={"help": "Why, for whoever reads it next."})
    span: Span | None = None
    url: str | None = config_field(None, "A glob over URLs.", shown="every URL")
    """In the configuration only."""
    link: str | None = config_field(None, "A link's role or URL.", shown="every link")
    """``None`` suppresses the rule for the whole entry."""
    until: date | None = config_field(None, "The last day on which it counts.", shown="no end")
    place: Span | None = None
    """In Markdown: the lines that it covers, for findings that belong to no entry."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What the entry states beyond its links; empty where it states nothing."""

    released: Claim[str] | None = None
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    licenses: Mapping[str, Claim[str]] = field(default_factory=dict)
    """License by what it covers: ``""`` for the whole entry, or ``code``, ``weights``, ``data``."""
    base_models: tuple[Claim[str], ...] = ()
    datasets: tuple[Claim[str], ...] = ()
    parameters: tuple[Claim[str], ...] = ()
    institutions: tuple[Claim[str], ...] = ()
    languages: tuple[Claim[str], ...] = ()
    size: Claim[str] | None = None
    hardware: tuple[Claim[str], ...] = ()


NO_CLAIMS = Claims()
"""What an entry states that states nothing; one for all, as most entries of a list are such."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One system of the catalog."""

    id: str
    name: str
    kind: EntryKind | None
    """``None`` where the format does not say (a Markdown list)."""
    span: Span
    name_span: Span | None = None
    aliases: tuple[str, ...] = ()
    claims: Claims = NO_CLAIMS
    links: tuple[Link, ...] = ()
    listed_in: tuple[str, ...] = ()
    notes: str | None = None
    stale_after: timedelta | None = None
    """How long without a commit counts as stale here; ``None`` leaves it to the configuration."""
    never_stale: bool = False
    ignores: tuple[Ignore, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a catalog file that does not stop the rest from being checked."""

    message: str
    span: Span
    hint: str = ""
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class MarkdownFile:
    """What a Markdown file holds besides its entries."""

    source: SourceText
    links: tuple[LocalLink, ...] = ()
    tables: tuple[BrokenTable, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    """Those that cover a local link or a table, and no entry."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything read from the inputs."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[str, ...] = ()
    """Every file read, in order."""
    skipped_links: int = 0
    """``mailto:``, ``tel:`` and the like: seen, counted, not checked."""
    markdown: tuple[MarkdownFile, ...] = ()
    """The Markdown files with local links, broken tables or ignores of such."""
    broken_links: tuple[BrokenLink, ...] = ()
    """The local links that lead nowhere, once they have been checked."""
    local_links: int = 0
    """How many local links could be checked."""
    unchecked_local_links: int = 0
    """How many local links could not be checked, because they are outside of a repository."""
