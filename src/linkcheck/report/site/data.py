"""The data of the site."""

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
    """A link of an entry."""

    role: str
    url: str
    """The URL, with shorthands expanded."""
    status: Status
    final_url: str | None = None
    last_seen: datetime | None = None
    """Time of the last observation in which it was found."""
    checked_at: datetime | None = None

    @property
    def href(self) -> str | None:
        """The URL, where it is safe as a link target."""
        return safe_href(self.url)


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """An entry with its facts and links."""

    entry: Entry
    slug: str
    """File name of its page, without suffix."""
    observed: Mapping[str, object] = field(default_factory=dict)
    links: tuple[SiteLink, ...] = ()

    @property
    def status(self) -> str:
        """The worst status among its links."""
        found = {link.status for link in self.links}
        return next((s for s in STATUSES_WORST_FIRST if s in found), Status.SKIPPED).value

    @property
    def rank(self) -> int:
        """Position of its status in ``STATUSES_WORST_FIRST``."""
        return STATUSES_WORST_FIRST.index(Status(self.status))

    @property
    def kind(self) -> str:
        """Its kind; ``other`` without one."""
        return self.entry.kind.value if self.entry.kind else "other"

    @property
    def license(self) -> str:
        """The license declared upstream, else the claimed one."""
        stated = [claim.value for claim in self.entry.claims.licenses.values()]
        return declared_license(self.observed) or ", ".join(dict.fromkeys(stated))

    @property
    def base_models(self) -> tuple[str, ...]:
        """The claimed base models, else those of the model card."""
        stated = tuple(claim.value for claim in self.entry.claims.base_models)
        return stated or string_tuple(self.observed.get("base_models"))

    @property
    def languages(self) -> tuple[str, ...]:
        """The claimed languages, else those of the model card."""
        stated = tuple(claim.value for claim in self.entry.claims.languages)
        return stated or string_tuple(self.observed.get("languages"))

    @property
    def gated(self) -> str:
        """``yes`` or ``no``; empty if unknown."""
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
        """Day or month of the last push or of the last change on Hugging Face."""
        return str(self.observed.get("last_push") or self.observed.get("last_change") or "")


@dataclass(frozen=True, slots=True)
class SiteData:
    """The data of the site."""

    title: str
    version: str
    made_at: datetime
    entries: tuple[SiteEntry, ...]
    changes: tuple[CatalogChange, ...] = ()
    """Newest first."""
    history: History | None = None
    base_url: str | None = None
    """URL of the site, for the absolute URLs of the feed."""
    sandbox: bool = False


def string_tuple(value: object) -> tuple[str, ...]:
    """Return the strings of a JSON value: those of a list, or a single one."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list | tuple):
        return tuple(item for item in value if isinstance(item, str))
    return ()


def page_slugs(ids: Sequence[str]) -> list[str]:
    """Return a file name for each id: lower case ASCII, unique, not reserved."""
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
