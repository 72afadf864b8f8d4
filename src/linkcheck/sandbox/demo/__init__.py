"""The demo: the shipped catalog, a small catalog with seeded defects, and the expected findings."""

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
from linkcheck.sandbox.fixture_file import load_fixtures
from linkcheck.sandbox.fixtures import FixtureError, Fixtures

HERE = Path(__file__).resolve().parent
DEMO_FIXTURES = HERE / "fixtures.json"
TOKEN = "sandbox"  # noqa: S105 (not a secret: the sandbox accepts any token)
TIME_SCALE = 0.01
"""Factor on the length of the services' rate-limit windows in the demo."""


@dataclass(frozen=True, slots=True)
class SeededDefect:
    """A defect seeded into the demo's catalog."""

    entry: str
    """The id of its entry."""
    rule: str
    """The rule that must find it."""
    severity: Severity
    why: str
    url: str | None = None
    """The affected link, if the entry has several."""

    def is_found_by(self, finding: Finding) -> bool:
        """Whether the finding reports this defect."""
        same = (finding.entry, finding.rule) == (self.entry, self.rule)
        return same and self.url in (None, finding.url)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The seeded defects compared with the findings."""

    found: tuple[SeededDefect, ...]
    missed: tuple[SeededDefect, ...]
    unexpected: tuple[Finding, ...]
    """Findings of severity error without a seeded defect."""
    untested: tuple[SeededDefect, ...] = ()
    """Defects of rules that did not run."""

    @property
    def recall(self) -> float:
        """The share of the seeded defects that was found."""
        asked = len(self.found) + len(self.missed)
        return len(self.found) / asked if asked else 1.0

    @property
    def precision(self) -> float:
        """The share of seeded defects among these and the unexpected errors."""
        said = len(self.found) + len(self.unexpected)
        return len(self.found) / said if said else 1.0

    @property
    def passed(self) -> bool:
        """Whether every seeded defect was found, with no other error."""
        return not self.missed and not self.unexpected


def fixtures() -> Fixtures:
    """Return the fixtures of the shipped catalog and of the seeded defects."""
    below = load_fixtures(*sorted((HERE.parent / "catalog_fixtures").glob("*.json")))
    return load_fixtures(DEMO_FIXTURES).over(below)


def shipped_catalog() -> Path:
    """Return the folder of the shipped catalog, in the package or in the source tree."""
    installed = HERE.parent / "catalog"
    if installed.is_dir():
        return installed
    source = HERE.parents[3] / "catalog"
    if source.is_dir():
        return source
    raise FixtureError(f"the shipped catalog is not in {installed}: install linkcheck again")


def inputs() -> tuple[Path, ...]:
    """Return the folders that the demo checks."""
    return (shipped_catalog(), HERE / "catalog")


def seeded_defects() -> tuple[SeededDefect, ...]:
    """Return the seeded defects, read from the demo's fixture file."""
    return tuple(
        SeededDefect(
            entry=item["entry"],
            rule=item["rule"],
            severity=Severity(item["severity"]),
            why=item["why"],
            url=item.get("url"),
        )
        for item in _raw()["seeded_defects"]
    )


def compare(findings: Iterable[Finding], rules: Iterable[str]) -> Comparison:
    """Compare a run's findings with the seeded defects of the rules that ran."""
    found_all, names = tuple(findings), frozenset(rules)
    plants = seeded_defects()
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
    """Return made-up observations of earlier runs, with aware times before ``now``."""
    return tuple(
        _observation(item, now - timedelta(days=days))
        for item in _raw()["history"]
        for days in item["days_ago"]
    )


def services(settings: ServiceSettings) -> ServiceSettings:
    """Return settings with the services' public URLs and made-up tokens."""
    plain = ServiceSettings()
    return replace(
        plain,
        github_token=TOKEN,
        github_batch=settings.github_batch,
        huggingface_token=TOKEN,
        check_fragments=settings.check_fragments,
    )


def net(settings: NetSettings) -> NetSettings:
    """Return settings with timeouts suited to loopback."""
    return replace(
        settings,
        connect_timeout=min(settings.connect_timeout, 5.0),
        read_timeout=min(settings.read_timeout, 10.0),
    )


def _raw() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(DEMO_FIXTURES.read_text("utf-8"))
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
