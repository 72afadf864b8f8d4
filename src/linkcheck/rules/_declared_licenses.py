"""Licenses declared upstream, by the claims of an entry. Used by the rules on licenses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linkcheck.matching.duplicates import SHARED_ROLES
from linkcheck.matching.licenses.compare import License, parse_license
from linkcheck.model.entry import Claim, EntryKind
from linkcheck.model.facts import ModelFacts
from linkcheck.model.observation import Observation, Status
from linkcheck.model.rule import EntryView, LinkView
from linkcheck.model.target import Service
from linkcheck.model.url import parse
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._links import repository_name

_FOREIGN_ROLES = SHARED_ROLES | {"paper", "demo", "base_model", "base-model", "baseline"}
_DATA_ROLES = frozenset({"data", "dataset", "datasets"})


@dataclass(frozen=True, slots=True)
class DeclaredLicense:
    """The license that one repository, model or dataset declares."""

    link: LinkView
    observation: Observation
    part: str
    """``code``, ``weights`` or ``data``."""
    raw: str | None
    """As declared; ``None`` when none is."""
    license: License | None
    """The parsed license; ``None`` when none is declared or it cannot be parsed."""
    name: str
    """The name in messages: ``the repository owner/name``."""

    @property
    def description(self) -> str:
        """The declaration as part of a message: name, license, service and date."""
        value = self.license.identifier if self.license else self.raw
        who = "GitHub" if self.part == "code" or self.observation.repository else "Hugging Face"
        day = format_date(self.observation.at)
        return f"{self.name} declares {one_line(value or 'none', 60)} ({who}, {day})"


def declared_licenses(view: EntryView) -> Iterator[DeclaredLicense]:
    """Yield the declarations of the repositories, models and datasets of an entry, each once.

    Only things whose service was asked for the license are among them.
    """
    done: set[object] = set()
    for link in view.links:
        seen, target = link.latest, link.target
        if seen is None or target is None or link.link.badge or link.link.role in _FOREIGN_ROLES:
            continue
        if link.status not in (Status.ALIVE, Status.MOVED):
            continue
        key = target.key if target.service is not Service.GITHUB else target.key.split("/")[:2]
        if (identity := (target.service, str(key))) in done:
            continue
        found = _from_repository(link, seen) or _from_model(link, seen)
        if found is not None:
            done.add(identity)
            yield found


def _from_repository(link: LinkView, seen: Observation) -> DeclaredLicense | None:
    facts = seen.repository
    if facts is None or (facts.license is None and facts.archived is None):
        return None
    part = "data" if link.link.role in _DATA_ROLES else "code"
    meaning = parse_license(facts.license) if facts.license else None
    name = f"the repository {repository_name(link, facts)}"
    return DeclaredLicense(link, seen, part, facts.license, meaning, name)


def _from_model(link: LinkView, seen: Observation) -> DeclaredLicense | None:
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
    """Return whether there is a card with metadata, which could name a license."""
    return bool(facts.card_present and facts.card_has_metadata)


def declarations_by_claim(
    view: EntryView,
) -> Iterator[tuple[str, Claim[str], tuple[DeclaredLicense, ...]]]:
    """Yield each license claim with the part it covers and the declarations to compare it with.

    A claim for the whole entry is held against everything, one for a part against that part; a
    repository that only holds the data speaks for code and data alike.
    """
    declarations = tuple(declared_licenses(view))
    for part, claim in view.entry.claims.licenses.items():
        yield part, claim, tuple(d for d in declarations if not part or d.part == part)


_DATA_HOSTS = (
    "physionet.org",
    "zenodo.org",
    "figshare.com",
    "dataverse.org",
    "dataverse.harvard.edu",
    "kaggle.com",
    "data.mendeley.com",
    "osf.io",
    "datadryad.org",
    "opendatalab.com",
    "modelscope.cn",
    "tianchi.aliyun.com",
    "archive.ics.uci.edu",
    "openslr.org",
    "synapse.org",
    "data.gov",
    "scidb.cn",
    "ieee-dataport.org",
    "catalog.ldc.upenn.edu",
)
"""Hosts whose pages declare the license of what they publish."""


def is_license_of_contents(view: EntryView, license_: License) -> bool:
    """Return whether a license must be that of an entry's weights, data or text.

    It is none for software, so that the license file of a code repository does not contradict it.
    """
    return view.entry.kind is not EntryKind.TOOL and not license_.is_for_code


def is_declared_elsewhere(view: EntryView) -> bool:
    """Return whether an entry links to a license or to a page that declares it."""
    for link in view.links:
        if link.link.badge or link.target is None:
            continue
        path = link.target.url.casefold()
        host = parse(link.target.url).host
        if link.link.role == "license" or re.search(r"/licen[sc]e(?:[._-]\w+)*$", path):
            return True
        if any(host == known or host.endswith(f".{known}") for known in _DATA_HOSTS):
            return True
    return False


def describe_part(part: str) -> str:
    """Return the part that a claim covers, to follow “the license” in a message."""
    return {
        "": "",
        "code": " of the code",
        "weights": " of the weights",
        "data": " of the data",
    }.get(part, f" of the {one_line(part, 20)}")
