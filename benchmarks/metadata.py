"""Measure precision and recall of ``title-mismatch`` on wrong and right papers.

Run ``python -m benchmarks.metadata`` from the project's folder. The labeled tables are
``tests/data/names.yaml`` and, written after the rules, the sets ``…_second.yaml``,
``…_third.yaml`` and so on. A finding on a pair labeled as a mismatch is a true positive; on any
other it is a false positive. The other rules have their cases in ``benchmarks.matching``.
"""

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import Facts, PaperFacts, RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import Evidence, Found, Observation
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import SourceText
from linkcheck.model.target import Target
from linkcheck.providers.table import recognize
from linkcheck.rules.table import load

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
NOW = datetime(2026, 6, 15, tzinfo=UTC)


@dataclass
class TableScore:
    """The score of one table."""

    name: str
    rows: int = 0
    found: int = 0
    mismatches: int = 0
    false: list[str] = field(default_factory=list)
    false_errors: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    errors: int = 0

    @property
    def precision(self) -> float:
        """True findings among all findings."""
        total = self.found + len(self.false)
        return self.found / total if total else 1.0

    @property
    def error_precision(self) -> float:
        """True findings among those of severity error."""
        total = self.errors + len(self.false_errors)
        return self.errors / total if total else 1.0

    @property
    def recall(self) -> float:
        """Mismatches found among all mismatches."""
        return self.found / self.mismatches if self.mismatches else 1.0

    def add(self, row: str, finding: Finding | None, *, mismatch: bool) -> None:
        """Count one labeled pair."""
        self.rows += 1
        self.mismatches += mismatch
        is_error = finding is not None and finding.severity is Severity.ERROR
        if finding is None:
            if mismatch:
                self.missed.append(row)
        elif mismatch:
            self.found += 1
            self.errors += is_error
        else:
            self.false.append(row)
            if is_error:
                self.false_errors.append(row)


def rows(name: str) -> list[Any]:
    """Return the rows of a table."""
    loaded: list[Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8"))
    return loaded


def quoted(text: object) -> str:
    """Return a value as a YAML scalar on one line."""
    import json

    return json.dumps(text, ensure_ascii=False)


def worst_findings(
    text: str, known: dict[str, Facts], names: tuple[str, ...]
) -> dict[str, Finding]:
    """Return the most severe finding of the rules by entry."""
    entries, problems, skipped = load_yaml(SourceText("catalog.yaml", text))
    if problems:
        raise ValueError(problems[0].message)
    catalog = Catalog(entries, problems, ("catalog.yaml",), skipped)
    evidence: dict[Target, Evidence] = {}
    for url, facts in known.items():
        target = recognize(url).target
        evidence[target] = Evidence(target, (Observation(target, NOW, Found(facts)),))
    rules = tuple(load(name) for name in names)
    result = evaluate(catalog, identify(catalog, recognize), evidence, rules, RuleSettings(), NOW)
    worst: dict[str, Finding] = {}
    for finding in result.findings:
        if finding.entry and (
            finding.entry not in worst or finding.severity.rank > worst[finding.entry].severity.rank
        ):
            worst[finding.entry] = finding
    return worst


def names(table: str) -> TableScore:
    """Return the score of a table of names and titles, whose rows form one catalog."""
    score = TableScore(table)
    together, facts = "", dict[str, Facts]()
    labelled = rows(table)
    for number, row in enumerate(labelled):
        text, known = _entry(number, row)
        together += text
        facts |= known
    findings = worst_findings(together, facts, ("title-mismatch",))
    for number, row in enumerate(labelled):
        shown = f"{row['name']} / {row['title']}"
        score.add(shown, findings.get(f"e{number}"), mismatch=row["label"] == "other")
    return score


def _entry(number: int, row: dict[str, Any]) -> tuple[str, dict[str, Facts]]:
    text = f"- id: e{number}\n  name: {quoted(row['name'])}\n  kind: {row['kind']}\n"
    text += f"  aliases: {quoted(row.get('aliases', []))}\n  links:\n"
    url = f"https://arxiv.org/abs/2401.{number:05d}"
    text += f"    paper: {url}\n"
    known: dict[str, Facts] = {url: PaperFacts(title=row["title"])}
    if "code" in row:
        repository = f"https://github.com/{row['code']}"
        text += f"    code: {repository}\n"
        known[repository] = RepositoryFacts(full_name=row["code"], description=row.get("about"))
    return text, known


TABLES = ("names", "names_second", "names_third", "names_fourth", "names_fifth")


def scores() -> list[TableScore]:
    """Return the scores of all tables."""
    return [names(table) for table in TABLES]


def main() -> None:
    """Print a line per table; with ``-v`` also every wrong row."""
    line = "{:22} {:>5} {:>11} {:>10} {:>10} {:>8}"
    print(line.format("table", "pairs", "mismatches", "precision", "at error", "recall"))
    for score in scores():
        print(
            line.format(
                score.name,
                score.rows,
                score.mismatches,
                f"{score.precision:.3f}",
                f"{score.error_precision:.3f}",
                f"{score.recall:.3f}",
            )
        )
        if "-v" in sys.argv[1:]:
            for row in score.false:
                print(f"    false positive: {row}")
            for row in score.missed:
                print(f"    missed:         {row}")


if __name__ == "__main__":
    main()
