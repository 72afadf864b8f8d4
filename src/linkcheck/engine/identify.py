"""Identify the target of every link and the observations to request. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from linkcheck.model.entry import Catalog, Link
from linkcheck.model.garbage_collection import gc_paused
from linkcheck.model.protocols import ObservationRequest
from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import InvalidUrlError, is_skipped_scheme
from linkcheck.model.url_repair import damage_of, repair_url


class SkipReason(StrEnum):
    """Why a valid link is not checked."""

    SCHEME = "scheme"
    """``mailto:``, ``tel:`` and the like."""
    BADGE = "badge"
    """A badge image: parsed, never requested."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Identity of one link."""

    recognized: ParsedLink | None = None
    """Parsed link; also set for a badge, which is not checked."""
    invalid_reason: str | None = None
    """Why the URL is invalid, for people."""
    repair: str | None = None
    """Valid URL that was probably intended."""
    skip_reason: SkipReason | None = None


_Key = str | tuple[str, str | None, bool]
"""Key of a link: its URL, with repair and badge flag if it has any."""


@dataclass(frozen=True, slots=True)
class LinkIndex:
    """Links of a catalog with their identities."""

    identities: Mapping[_Key, Identity | ParsedLink]
    """Identities by link; the bare parsed link if nothing else is known, to save memory."""
    requests: tuple[ObservationRequest, ...]
    """One request per distinct target, in the order of the catalog."""
    recognize: Callable[[str], ParsedLink | None]
    """Parses another URL the same way; ``None`` for an invalid one."""

    def identity(self, link: Link) -> Identity:
        """Return the identity of a link. Raises ``KeyError`` for a link of another catalog."""
        found = self.identities[_key(link)]
        return Identity(found) if isinstance(found, ParsedLink) else found


def _key(link: Link) -> _Key:
    if link.repair is None and not link.badge:
        return link.url
    return link.url, link.repair, link.badge


def identify(catalog: Catalog, recognize: Callable[[str], ParsedLink]) -> LinkIndex:
    """Identify every link and collect one request per distinct target.

    ``recognize`` parses a URL with the providers' parsers and raises :class:`InvalidUrlError`; the
    engine does not import the providers.
    """

    def recognize_or_none(url: str) -> ParsedLink | None:
        try:
            return recognize(url)
        except InvalidUrlError:
            return None

    identities: dict[_Key, Identity | ParsedLink] = {}
    with gc_paused():
        for entry in catalog.entries:
            for link in entry.links:
                key = _key(link)
                if key not in identities:
                    identities[key] = _identity(link, recognize, recognize_or_none)
        return LinkIndex(identities, _requests(identities.values()), recognize_or_none)


def _identity(
    link: Link,
    recognize: Callable[[str], ParsedLink],
    recognize_or_none: Callable[[str], ParsedLink | None],
) -> Identity | ParsedLink:
    if is_skipped_scheme(link.url):
        return Identity(skip_reason=SkipReason.SCHEME)
    skipped = SkipReason.BADGE if link.badge else None
    try:
        recognized = recognize(link.url)
    except InvalidUrlError as error:
        repaired = link.repair or repair_url(link.url)
        if repaired is not None and recognize_or_none(repaired) is None:
            repaired = None
        return Identity(invalid_reason=str(error), repair=repaired, skip_reason=skipped)
    damage = damage_of(link.url)
    if damage is not None and link.repair is None:
        repaired = damage[1] if damage[1] and recognize_or_none(damage[1]) else None
        return Identity(invalid_reason=damage[0], repair=repaired, skip_reason=skipped)
    is_damaged = link.repair is not None and (link.repair != link.url or link.edit is not None)
    if is_damaged and link.repair is not None and recognize_or_none(link.repair) is not None:
        return Identity(
            invalid_reason=(
                "what stands around it has become part of it"
                if link.repair != link.url
                else "GitHub shows its words and its address apart"
            ),
            repair=link.repair,
            skip_reason=skipped,
        )
    return Identity(recognized=recognized, skip_reason=skipped) if skipped else recognized


def _requests(identities: Iterable[Identity | ParsedLink]) -> tuple[ObservationRequest, ...]:
    targets: dict[Target, None] = {}
    versions: dict[Target, set[int]] = defaultdict(set)
    fragments: dict[Target, set[str]] = defaultdict(set)
    for recognized in identities:
        if not isinstance(recognized, ParsedLink):
            continue  # invalid, or not checked
        target = recognized.target
        targets.setdefault(target)
        if recognized.version is not None:
            versions[target].add(recognized.version)
        if recognized.fragment and target.kind is TargetKind.WEB:
            fragments[target].add(recognized.fragment)
    return tuple(
        ObservationRequest(
            target,
            tuple(sorted(versions.get(target, ()))),
            tuple(sorted(fragments.get(target, ()))),
        )
        for target in targets
    )
