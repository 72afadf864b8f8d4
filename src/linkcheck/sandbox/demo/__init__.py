"""The demo: the shipped catalog, a small one with planted defects, and what must be found."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from linkcheck.model.facts import ModelFacts, PageFacts, RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import (
    EvidenceItem,
    Found,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.settings import NetSettings, ServiceSettings
from linkcheck.model.target import Target, TargetKind
from linkcheck.sandbox.fixture_file import load_world
from linkcheck.sandbox.fixtures import World, WorldError

HERE = Path(__file__).resolve().parent
PLANTED_WORLD = HERE / "world.json"
TOKEN = "sandbox"  # noqa: S105 (opens nothing: the sandbox takes any word for a token)
TIME_SCALE = 0.01
"""How much faster than the services' own the clocks of the limits run in the demo."""


@dataclass(frozen=True, slots=True)
class SeededDefect:
    """A defect that was put into the demo on purpose."""

    entry: str
    """The id of the entry that has it."""
    rule: str
    """The rule that must find it."""
    severity: Severity
    why: str
    url: str | None = None
    """The link it is on, where the entry has several."""

    def is_found_by(self, finding: Finding) -> bool:
        """Whether the finding is the one that is meant."""
        same = (finding.entry, finding.rule) == (self.entry, self.rule)
        return same and self.url in (None, finding.url)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was planted against what was found."""

    found: tuple[SeededDefect, ...]
    missed: tuple[SeededDefect, ...]
    unexpected: tuple[Finding, ...]
    """Errors that nobody planted."""
    untested: tuple[SeededDefect, ...] = ()
    """Defects of rules that did not take part."""

    @property
    def recall(self) -> float:
        """The share of the planted defects that was found."""
        asked = len(self.found) + len(self.missed)
        return len(self.found) / asked if asked else 1.0

    @property
    def precision(self) -> float:
        """The share of planted defects among them and the unexpected errors."""
        said = len(self.found) + len(self.unexpected)
        return len(self.found) / said if said else 1.0

    @property
    def passed(self) -> bool:
        """Whether everything planted was found and nothing else was called an error."""
        return not self.missed and not self.unexpected


def world() -> World:
    """Return the world of the shipped catalog together with that of the planted defects."""
    below = load_world(*sorted((HERE.parent / "world").glob("*.json")))
    return load_world(PLANTED_WORLD).over(below)


def shipped_catalog() -> Path:
    """Return the folder of the shipped catalog: beside this package, or in the source tree."""
    installed = HERE.parent / "catalog"
    if installed.is_dir():
        return installed
    source = HERE.parents[3] / "catalog"
    if source.is_dir():
        return source
    raise WorldError(f"the shipped catalog is not in {installed}: install linkcheck again")


def inputs() -> tuple[Path, ...]:
    """Return what the demo checks: the shipped catalog, and the one with planted defects."""
    return (shipped_catalog(), HERE / "catalog")


def planted() -> tuple[SeededDefect, ...]:
    """Return the planted defects, as the demo's world file lists them."""
    return tuple(
        SeededDefect(
            entry=item["entry"],
            rule=item["rule"],
            severity=Severity(item["severity"]),
            why=item["why"],
            url=item.get("url"),
        )
        for item in _raw()["planted"]
    )


def compare(findings: Iterable[Finding], rules: Iterable[str]) -> Comparison:
    """Compare a run's findings with what was planted for the rules that took part."""
    found_all, names = tuple(findings), frozenset(rules)
    plants = planted()
    asked = tuple(plant for plant in plants if plant.rule in names)
    hits = {plant: any(map(plant.is_found_by, found_all)) for plant in asked}
    return Comparison(
        found=tuple(plant for plant in asked if hits[plant]),
        missed=tuple(plant for plant in asked if not hits[plant]),
        unexpected=tuple(
            finding
            for finding in found_all
            if finding.severity is Severity.ERROR
            and not any(plant.is_found_by(finding) for plant in plants)
        ),
        untested=tuple(plant for plant in plants if plant.rule not in names),
    )


def earlier_observations(now: datetime) -> tuple[Observation, ...]:
    """Return what the demo pretends to have seen in earlier runs; aware times before ``now``."""
    return tuple(
        _observation(item, now - timedelta(days=days))
        for item in _raw()["history"]
        for days in item["days_ago"]
    )


def services(settings: ServiceSettings) -> ServiceSettings:
    """Return settings with the services' public addresses and made-up tokens."""
    plain = ServiceSettings()
    return replace(
        plain,
        github_token=TOKEN,
        github_batch=settings.github_batch,
        huggingface_token=TOKEN,
        check_fragments=settings.check_fragments,
    )


def net(settings: NetSettings) -> NetSettings:
    """Return settings with patience fit for loopback."""
    return replace(
        settings,
        connect_timeout=min(settings.connect_timeout, 5.0),
        read_timeout=min(settings.read_timeout, 10.0),
    )


def _raw() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(PLANTED_WORLD.read_text("utf-8"))
    return raw


def _observation(item: dict[str, Any], at: datetime) -> Observation:
    kind, key = item["target"]
    said = EvidenceItem("sandbox", at, "seen in an earlier run, as the demo's script has it")
    target = Target(TargetKind(kind), key, item["url"])
    return Observation(target, at, _outcome(item), (said,))


def _outcome(item: dict[str, Any]) -> Outcome:
    if "unknown" in item:
        return Unknown(UnknownReason(item["unknown"]), "nothing listens there")
    found = item["found"]
    if "repository" in found:
        return Found(RepositoryFacts(**found["repository"]))
    if "model" in found:
        return Found(ModelFacts(**found["model"]))
    return Found(PageFacts(**found.get("page", {})))
