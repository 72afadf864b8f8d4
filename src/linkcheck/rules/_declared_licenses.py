"""Which upstream license speaks for which claim. Shared by the rules on licenses."""

from collections.abc import Iterator
from dataclasses import dataclass

from linkcheck.matching.duplicates import SHARED_ROLES
from linkcheck.matching.licenses.compare import License, parse_license
from linkcheck.model.entry import Claim
from linkcheck.model.facts import ModelFacts
from linkcheck.model.observation import Observation, Status
from linkcheck.model.rule import EntryView, LinkView
from linkcheck.model.target import Service
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._links import repository_name

_OTHERS_THINGS = SHARED_ROLES | {"paper", "demo", "base_model", "base-model", "baseline"}
_DATA_ROLES = frozenset({"data", "dataset", "datasets"})


@dataclass(frozen=True, slots=True)
class DeclaredLicense:
    """What one repository, model or data set says of its own license."""

    link: LinkView
    seen: Observation
    part: str
    """``code``, ``weights`` or ``data``."""
    raw: str | None
    """As declared; ``None`` when none is."""
    license: License | None
    """What it means; ``None`` when none is declared or it cannot be read."""
    name: str
    """The thing in words for people: ``the repository owner/name``."""

    @property
    def says(self) -> str:
        """The declaration in words: license, thing, service, date."""
        value = self.license.identifier if self.license else self.raw
        who = "GitHub" if self.part == "code" or self.seen.repository else "Hugging Face"
        day = format_date(self.seen.at)
        return f"{self.name} declares {one_line(value or 'none', 60)} ({who}, {day})"


def declared(view: EntryView) -> Iterator[DeclaredLicense]:
    """Yield what each thing that the entry links to as its own declares, each thing once.

    Only things whose service was asked for the license are among them.
    """
    done: set[object] = set()
    for link in view.links:
        seen, target = link.latest, link.target
        if seen is None or target is None or link.link.badge or link.link.role in _OTHERS_THINGS:
            continue
        if link.status not in (Status.ALIVE, Status.MOVED):
            continue
        key = target.key if target.service is not Service.GITHUB else target.key.split("/")[:2]
        if (identity := (target.service, str(key))) in done:
            continue
        found = _of_repository(link, seen) or _of_model(link, seen)
        if found is not None:
            done.add(identity)
            yield found


def _of_repository(link: LinkView, seen: Observation) -> DeclaredLicense | None:
    facts = seen.repository
    if facts is None or (facts.license is None and facts.archived is None):
        return None
    part = "data" if link.link.role in _DATA_ROLES else "code"
    meaning = parse_license(facts.license) if facts.license else None
    name = f"the repository {repository_name(link, facts)}"
    return DeclaredLicense(link, seen, part, facts.license, meaning, name)


def _of_model(link: LinkView, seen: Observation) -> DeclaredLicense | None:
    facts = seen.model
    if facts is None or facts.kind == "space" or (facts.license is None and not _has_card(facts)):
        return None
    part = "data" if facts.kind == "dataset" else "weights"
    noun = "data set" if facts.kind == "dataset" else "model"
    meaning = None
    if facts.license:
        meaning = parse_license(facts.license, facts.license_name, facts.license_link)
    name = f"the {noun} {one_line(facts.full_name or (link.target.key if link.target else '?'))}"
    return DeclaredLicense(link, seen, part, facts.license, meaning, name)


def _has_card(facts: ModelFacts) -> bool:
    """Return whether a card was seen that could have named a license."""
    return bool(facts.card_present and facts.card_has_metadata)


def by_claim(view: EntryView) -> Iterator[tuple[str, Claim[str], tuple[DeclaredLicense, ...]]]:
    """Yield each license claim with what it covers and the declarations it is to be held against.

    A claim for the whole entry is held against everything, one for a part against that part; a
    repository that only holds the data speaks for code and data alike.
    """
    everything = tuple(declared(view))
    for part, claim in view.entry.claims.licenses.items():
        yield part, claim, tuple(d for d in everything if not part or d.part == part)


def covers(part: str) -> str:
    """Return what a claim covers, in words to stand behind “the license”."""
    return {
        "": "",
        "code": " of the code",
        "weights": " of the weights",
        "data": " of the data",
    }.get(part, f" of the {one_line(part, 20)}")
