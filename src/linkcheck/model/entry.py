"""Catalog entries; every value has its span in the text."""

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
    """Kind of an entry."""

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
    """A value stated by the catalog, with its span."""

    value: T
    span: Span


@dataclass(frozen=True, slots=True)
class LinkRepair:
    """An edit that repairs a damaged link and changes more than its URL."""

    span: Span
    before: str
    """The text at ``span``."""
    after: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a file."""

    written: str
    """The text at ``span``: a URL, a shorthand, or an id in another list's layout."""
    url: str
    """The URL, with shorthands and id templates expanded; not validated."""
    span: Span
    role: str
    """``paper``, ``code``, ``model``, …; in Markdown guessed from the context."""
    text: str = ""
    """The link text, where the format has one."""
    template: str | None = None
    """The URL template of an id, as ``https://github.com/{}``."""
    repair: str | None = None
    """The probably intended URL, where the format shows that this one is damaged."""
    badge: bool = False
    """Whether it is a badge image, which is parsed and never requested."""
    edit: LinkRepair | None = None
    """The repair of a damaged link where replacing the text at ``span`` is not enough (a space
    before the bracket, text after a bare URL)."""
    is_primary: bool = True
    """Whether it is a link to the entry itself. In Markdown, images and the links of descriptions,
    of columns about something else, and of sections that list nothing are not: they are checked,
    but prove nothing about the entry."""


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
    """Claims of an entry besides its links; empty where it makes none."""

    released: Claim[str] | None = None
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    licenses: Mapping[str, Claim[str]] = field(default_factory=dict)
    """Licenses by part: ``""`` for the whole entry, ``code``, ``weights`` or ``data``."""
    base_models: tuple[Claim[str], ...] = ()
    datasets: tuple[Claim[str], ...] = ()
    parameters: tuple[Claim[str], ...] = ()
    institutions: tuple[Claim[str], ...] = ()
    languages: tuple[Claim[str], ...] = ()
    size: Claim[str] | None = None
    hardware: tuple[Claim[str], ...] = ()


NO_CLAIMS = Claims()
"""Shared by all entries without claims, which most entries of a list are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the catalog."""

    id: str
    name: str
    kind: EntryKind | None
    """In Markdown inferred from the table column and the headings; ``None`` if they name none."""
    span: Span
    name_span: Span | None = None
    aliases: tuple[str, ...] = ()
    claims: Claims = NO_CLAIMS
    links: tuple[Link, ...] = ()
    listed_in: tuple[str, ...] = ()
    notes: str | None = None
    stale_after: timedelta | None = None
    """Time without a commit that counts as stale; ``None`` for the configured time."""
    never_stale: bool = False
    ignores: tuple[Ignore, ...] = ()
    is_markdown: bool = False
    """Whether it is an item of a Markdown list, whose kind and roles are inferred."""
    section: tuple[str, ...] = ()
    """In Markdown: the headings above it, outermost first."""
    text: str = ""
    """In Markdown: the item's own words, shortened."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in a catalog file; the rest of the file is checked."""

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
    """The contents of all input files."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[str, ...] = ()
    """All files, in order."""
    skipped_links: int = 0
    """Number of links that are not checked (``mailto:``, ``tel:``, …)."""
    markdown: tuple[MarkdownFile, ...] = ()
    """The Markdown files with local links, broken tables or ignores of them."""
    broken_links: tuple[BrokenLink, ...] = ()
    """The local links that lead nowhere, once they have been checked."""
    local_links: int = 0
    """How many local links could be checked."""
    unchecked_local_links: int = 0
    """How many local links could not be checked, because they are outside of a repository."""
