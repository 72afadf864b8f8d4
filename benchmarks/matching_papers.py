"""The labeled cases on papers, duplicates, forks and undeclared licenses: what rules make of them.

Run ``python -m benchmarks.matching_papers`` from the project's folder, with ``-v`` for every case
that went wrong and with names of rules for those alone. A case of ``tests/matching/corpus`` is a
small catalog (``entry``, and ``others`` behind it) or a few lines of a list (``markdown``), what
the services answer (``upstream``, by URL), and the highest severity that is right (``expect``); it
is judged by the real rule behind the real reader. An ``optional`` case is right with and without a
finding. Halves are told apart by a hash of the id: "tune" may be looked at while rules are changed,
"held" not.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.markdown.entries import load_markdown
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import Facts, ModelFacts, PageFacts, PaperFacts, RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import Evidence, Found, Gone, GoneReason, Observation
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import SourceText
from linkcheck.model.target import TargetKind
from linkcheck.providers.table import recognize
from linkcheck.rules.table import NAMES, load

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "matching" / "corpus"
NOW = datetime(2026, 6, 15, tzinfo=UTC)
_SEVERITIES = {str(severity): severity for severity in Severity}


@dataclass(frozen=True)
class Case:
    """One labeled case."""

    id: str
    rules: tuple[str, ...]
    group: str
    expect: Severity | None
    optional: bool
    given: dict[str, Any]

    @property
    def half(self) -> str:
        """Return ``tune`` or ``held``."""
        return "tune" if sha256(self.id.encode()).digest()[0] % 2 == 0 else "held"


def cases(rules: Iterable[str] = ()) -> Iterator[Case]:
    """Yield the cases of the corpus; of the given rules, if there are any."""
    wanted = set(rules)
    for path in sorted(CORPUS.glob("*.yaml")):
        rule = next((name for name in NAMES if path.stem == name), None)
        rule = rule or next((name for name in NAMES if path.stem.startswith(f"{name}-")), path.stem)
        for row in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader):
            of = tuple(row.get("rules", (rule,)))
            if not wanted or wanted & set(of):
                expect = _SEVERITIES[row["expect"]] if row["expect"] else None
                optional = bool(row.get("optional"))
                yield Case(row["id"], of, row.get("group", ""), expect, optional, row)


def judge(case: Case) -> tuple[Finding, ...]:
    """Return what the case's rules find in it; rules that do not exist yet find nothing."""
    text = case.given.get("markdown")
    if text is not None:
        entries, problems, skipped = load_markdown(SourceText("list.md", text))
        catalog = Catalog(entries, problems, ("list.md",), skipped)
    else:
        entries, problems, skipped = load_yaml(SourceText("catalog.yaml", _yaml(case)))
        if problems:
            raise ValueError(f"{case.id}: {problems[0].message}")
        catalog = Catalog(entries, problems, ("catalog.yaml",), skipped)
    identified = identify(catalog, recognize)
    evidence = {}
    for url, known in case.given.get("upstream", {}).items():
        target = recognize(url).target
        evidence[target] = Evidence(target, tuple(_observations(url, known)))
    rules = tuple(load(name) for name in case.rules if name in NAMES)
    return evaluate(catalog, identified, evidence, rules, RuleSettings(), NOW).findings


def _yaml(case: Case) -> str:
    entries = []
    given = [case.given["entry"], *case.given.get("others", ())]
    for number, entry in enumerate(given):
        entries.append({"id": f"e{number}", "kind": given[0].get("kind", "model"), **entry})
    text: str = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)
    return text


def _observations(url: str, known: dict[str, Any]) -> Iterator[Observation]:
    target = recognize(url).target
    if "gone" in known:
        first = NOW - timedelta(days=known.get("first_failed_days_ago", 0))
        gone = Gone(GoneReason.NOT_FOUND)
        days = (NOW - first).days
        for back in sorted({0, days // 2, days}):
            yield Observation(target, NOW - timedelta(days=back), gone)
        return
    yield Observation(target, NOW, Found(_facts(target.kind, known)))


_KINDS: dict[TargetKind, type[Facts]] = {
    TargetKind.GITHUB_REPO: RepositoryFacts,
    TargetKind.HF_MODEL: ModelFacts,
    TargetKind.HF_DATASET: ModelFacts,
    TargetKind.HF_SPACE: ModelFacts,
}


def _facts(kind: TargetKind, known: dict[str, Any]) -> Facts:
    """Return the facts of a target; what the facts have no field for is left out.

    A page with a title is taken for a paper: its address tells which it is, or it says so.
    """
    paper = "title" in known and not known.get("page")
    of = _KINDS.get(kind) or (PaperFacts if paper else PageFacts)
    possible = {field.name for field in fields(of)}
    return of(**{name: _value(value) for name, value in known.items() if name in possible})


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return tuple(value) if isinstance(value, list) else value


@dataclass
class Score:
    """What came of the cases of one group."""

    cases: int = 0
    wanted: int = 0
    found: int = 0
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    details: list[str] = field(default_factory=list)

    def add(self, case: Case, findings: tuple[Finding, ...]) -> None:
        """Count one case by the worst of its findings."""
        self.cases += 1
        worst = max(findings, key=lambda finding: finding.severity.rank, default=None)
        self.wanted += case.expect is not None and not case.optional
        if worst is None:
            if case.expect is not None and not case.optional:
                self.details.append(f"missed ({case.expect}): {case.id}")
            return
        self.found += case.expect is not None and not case.optional
        if case.expect is not None and worst.severity.rank <= case.expect.rank:
            self.right[str(worst.severity)] += 1
        else:
            self.wrong[str(worst.severity)] += 1
            self.details.append(f"wrong ({worst.severity}): {case.id}: {worst.message}")

    def precision(self, severity: Severity) -> float | None:
        """Return how many findings of a severity are right."""
        right, wrong = self.right[str(severity)], self.wrong[str(severity)]
        return right / (right + wrong) if right + wrong else None

    @property
    def recall(self) -> float | None:
        """Return how many of the cases with something to find were found."""
        return self.found / self.wanted if self.wanted else None


def scores(rules: Iterable[str] = ()) -> dict[tuple[str, str, str], Score]:
    """Return the scores by rule, half and group; the group ``""`` is the sum."""
    table: dict[tuple[str, str, str], Score] = {}
    for case in cases(rules):
        findings = judge(case)
        for group in ("", case.group):
            table.setdefault((case.rules[0], case.half, group), Score()).add(case, findings)
    return table


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main() -> None:
    """Print a line per rule, half and group."""
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    line = "{:20} {:5} {:24} {:>6} {:>7} {:>9} {:>11} {:>7}"
    print(
        line.format("rule", "half", "group", "cases", "wanted", "at error", "at warning", "recall")
    )
    for (rule, half, group), score in sorted(scores(names).items()):
        print(
            line.format(
                rule,
                half,
                group or "(all)",
                score.cases,
                score.wanted,
                _shown(score.precision(Severity.ERROR)),
                _shown(score.precision(Severity.WARNING)),
                _shown(score.recall),
            )
        )
        if group and "-v" in sys.argv[1:]:
            for detail in score.details:
                print(f"    {detail}")


if __name__ == "__main__":
    main()
