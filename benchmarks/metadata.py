"""How well the rules tell a wrong claim from a right one spelled otherwise: precision and recall.

Run ``python -m benchmarks.metadata`` from the project's folder. The labeled tables are
``tests/data/{licenses,base_models,names}.yaml`` and, written after the rules stood, the further
sets ``…_second.yaml``, ``…_third.yaml`` and so on: what each measured when it was drawn stands in
``docs/metadata.md``. A finding on a pair labeled as a mismatch is a true positive; on any other it
is a false alarm.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import Facts, ModelFacts, PaperFacts, RepositoryFacts
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
class Score:
    """What came of one table."""

    name: str
    rows: int = 0
    found: int = 0
    wanted: int = 0
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
        return self.found / self.wanted if self.wanted else 1.0

    def add(self, row: str, finding: Finding | None, *, mismatch: bool) -> None:
        """Count one labeled pair."""
        self.rows += 1
        self.wanted += mismatch
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


def judge(text: str, known: dict[str, Facts], names: tuple[str, ...]) -> dict[str, Finding]:
    """Return the worst finding of the named rules by entry, as a run would give it."""
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


_DIFFER = {"stricter", "different"}


def licenses(table: str) -> Score:
    """Score the license table."""
    score = Score(table)
    text, known, labels = "", {}, {}
    for number, row in enumerate(rows(table)):
        claimed, declared, label, *rest = row
        name, link = ([*rest, None, None])[:2]
        url = f"https://huggingface.co/org/thing-{number}"
        text += f"- id: e{number}\n  name: Thing-{number}\n  kind: model\n"
        text += f"  license: {quoted(claimed)}\n  links:\n    model: {url}\n"
        known[url] = ModelFacts(
            full_name=f"org/thing-{number}",
            kind="model",
            license=declared,
            license_name=name,
            license_link=link,
        )
        labels[f"e{number}"] = (str(row), bool(set(label.split("|")) & _DIFFER))
    findings = judge(text, known, ("license-mismatch",))
    for key, (row_text, mismatch) in labels.items():
        finding = findings.get(key)
        if finding is not None and finding.severity is Severity.INFO:
            finding = None  # it offers another spelling and calls nothing wrong
        score.add(row_text, finding, mismatch=mismatch)
    return score


def base_models(table: str) -> Score:
    """Score the table of base models."""
    score = Score(table)
    text, known, labels = "", {}, {}
    for number, (claimed, declared, label) in enumerate(rows(table)):
        url = f"https://huggingface.co/org/thing-{number}"
        text += f"- id: e{number}\n  name: Thing-{number}\n  kind: model\n"
        text += f"  base_models: [{quoted(claimed)}]\n  links:\n    model: {url}\n"
        known[url] = ModelFacts(
            full_name=f"org/thing-{number}", kind="model", base_models=(declared,)
        )
        labels[f"e{number}"] = (f"{claimed} / {declared}", label == "different")
    findings = judge(text, known, ("base-model-mismatch",))
    for key, (row_text, mismatch) in labels.items():
        score.add(row_text, findings.get(key), mismatch=mismatch)
    return score


def names(table: str) -> Score:
    """Score the table of names and titles.

    The rows with titles make one catalog, as in real life; the others are judged one by one, since
    a wrong repository that stands under its right entry too is told by another rule.
    """
    score = Score(table)
    together, facts, rest = "", dict[str, Facts](), []
    labeled = rows(table)
    for number, row in enumerate(labeled):
        text, known = _entry(number, row)
        if "title" in row:
            together += text
            facts |= known
        else:
            rest.append((text, known))
    findings = judge(together, facts, ("title-mismatch",))
    for text, known in rest:
        findings |= judge(text, known, ("name-mismatch",))
    for number, row in enumerate(labeled):
        said = f"{row['name']} / {row.get('title') or row.get('github') or row.get('huggingface')}"
        score.add(said, findings.get(f"e{number}"), mismatch=row["label"] == "other")
    return score


def _entry(number: int, row: dict[str, Any]) -> tuple[str, dict[str, Facts]]:
    text = f"- id: e{number}\n  name: {quoted(row['name'])}\n  kind: {row['kind']}\n"
    text += f"  aliases: {quoted(row.get('aliases', []))}\n  links:\n"
    known: dict[str, Facts] = {}
    if "title" in row:
        url = f"https://arxiv.org/abs/2401.{number:05d}"
        text += f"    paper: {url}\n"
        known[url] = PaperFacts(title=row["title"])
    for role, key in (("code", "code"), ("project", "github")):
        if key in row:
            url = f"https://github.com/{row[key]}"
            text += f"    {role}: {url}\n"
            known[url] = RepositoryFacts(full_name=row[key], description=row.get("about"))
    if "huggingface" in row:
        url = f"https://huggingface.co/{row['huggingface']}"
        text += f"    model: {url}\n"
        known[url] = ModelFacts(full_name=row["huggingface"].removeprefix("datasets/"))
    return text, known


TABLES: tuple[tuple[Callable[[str], Score], str], ...] = (
    (licenses, "licenses"),
    (base_models, "base_models"),
    (names, "names"),
    (licenses, "licenses_second"),
    (base_models, "base_models_second"),
    (names, "names_second"),
    (names, "names_third"),
    (names, "names_fourth"),
    (names, "names_fifth"),
)


def scores() -> list[Score]:
    """Return the scores of all tables."""
    return [score(table) for score, table in TABLES if (DATA / f"{table}.yaml").is_file()]


def main() -> None:
    """Print a line per table; with ``-v`` also every row that went wrong."""
    line = "{:22} {:>5} {:>11} {:>10} {:>10} {:>8}"
    print(line.format("table", "pairs", "mismatches", "precision", "at error", "recall"))
    for score in scores():
        print(
            line.format(
                score.name,
                score.rows,
                score.wanted,
                f"{score.precision:.3f}",
                f"{score.error_precision:.3f}",
                f"{score.recall:.3f}",
            )
        )
        if "-v" in sys.argv[1:]:
            for row in score.false:
                print(f"    false alarm: {row}")
            for row in score.missed:
                print(f"    missed:      {row}")


if __name__ == "__main__":
    main()
