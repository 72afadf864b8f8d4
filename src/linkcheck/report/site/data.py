"""What the site is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from linkcheck.model.entry import Entry
from linkcheck.model.observation import Status
from linkcheck.model.run_history import History
from linkcheck.report.html.page_template import safe_href
from linkcheck.report.html.view_model import STATUSES_WORST_FIRST, declared_license
from linkcheck.report.site.catalog_changes import CatalogChange

_SLUG_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_MAX_SLUG_LENGTH = 80


@dataclass(frozen=True, slots=True)
class SiteLink:
    """One link of an entry."""

    role: str
    url: str
    """The full address (shorthands expanded)."""
    status: Status
    final_url: str | None = None
    last_seen: datetime | None = None
    """When the thing was last seen to be there."""
    checked_at: datetime | None = None

    @property
    def href(self) -> str | None:
        """The address, where it may stand in a link."""
        return safe_href(self.url)


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """One entry with what is known of it."""

    entry: Entry
    slug: str
    """The name of its page, safe as a file name."""
    observed: Mapping[str, object] = field(default_factory=dict)
    links: tuple[SiteLink, ...] = ()

    @property
    def status(self) -> str:
        """The worst status among its links."""
        found = {link.status for link in self.links}
        return next((s for s in STATUSES_WORST_FIRST if s in found), Status.SKIPPED).value

    @property
    def rank(self) -> int:
        """Where its status stands, the worst first."""
        return STATUSES_WORST_FIRST.index(Status(self.status))

    @property
    def kind(self) -> str:
        """Its kind, ``other`` where the catalog does not say."""
        return self.entry.kind.value if self.entry.kind else "other"

    @property
    def license(self) -> str:
        """The license declared upstream, else the one that the entry states."""
        stated = [claim.value for claim in self.entry.claims.licenses.values()]
        return declared_license(self.observed) or ", ".join(dict.fromkeys(stated))

    @property
    def base_models(self) -> tuple[str, ...]:
        """The base models that the entry states, else those of the model card."""
        stated = tuple(claim.value for claim in self.entry.claims.base_models)
        return stated or string_tuple(self.observed.get("base_models"))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the entry states, else those of the model card."""
        stated = tuple(claim.value for claim in self.entry.claims.languages)
        return stated or string_tuple(self.observed.get("languages"))

    @property
    def gated(self) -> str:
        """``yes`` or ``no``; empty where it is not known."""
        value = self.observed.get("gated")
        if value in (None, ""):
            return ""
        return "no" if value in ("no", False) else "yes"

    @property
    def stars(self) -> int | None:
        """Stars of its repository."""
        value = self.observed.get("stars")
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def last_change(self) -> str:
        """The last push, or the last change on the hub: a day or a month."""
        return str(self.observed.get("last_push") or self.observed.get("last_change") or "")


@dataclass(frozen=True, slots=True)
class SiteData:
    """Everything the site shows."""

    title: str
    version: str
    made_at: datetime
    entries: tuple[SiteEntry, ...]
    changes: tuple[CatalogChange, ...] = ()
    """Newest first."""
    history: History | None = None
    base_url: str | None = None
    """Where the site will stand, for the feed's absolute addresses."""
    sandbox: bool = False


def string_tuple(value: object) -> tuple[str, ...]:
    """Return a JSON value as a row of texts: a list's texts, one text alone, else none."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list | tuple):
        return tuple(item for item in value if isinstance(item, str))
    return ()


def page_slugs(ids: Sequence[str]) -> list[str]:
    """Return a file name for each id: lower case, plain letters, no two alike, none reserved."""
    import hashlib

    taken: set[str] = {"index", "con", "prn", "aux", "nul"}
    made = []
    for number, name in enumerate(ids):
        folded = name.lower()
        slug = "".join(c if c in _SLUG_CHARACTERS else "-" for c in folded).strip("-")[
            :_MAX_SLUG_LENGTH
        ]
        if slug != folded or slug in taken or not slug:
            tail = hashlib.sha256(f"{number}\x1f{name}".encode()).hexdigest()[:8]
            slug = f"{slug or 'entry'}-{tail}"
        taken.add(slug)
        made.append(slug)
    return made
