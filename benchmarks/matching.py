"""Measure precision and recall of the rules that compare entries with their targets.

``python -m benchmarks.matching [--half tune|held] [-v] [RULE…]`` runs the real rules over the
labeled cases of ``tests/matching/corpus/<rule>.yaml`` (or ``<rule>-NAME.yaml``) and prints, per
rule, half and severity, how many findings were right and how many were missed.

A case has an ``id``, ``expect`` (the highest severity that is right, ``null`` where nothing is
wrong), ``why`` (one sentence), ``source`` (``public fact`` or ``made``), and its data:

- the general form, for any rule: ``entry`` (as in a catalog; ``id`` and ``kind`` may be left out)
  and ``others`` (further entries of the catalog, or just their names), or ``markdown`` (lines of a
  list); and ``upstream`` (URL to the facts its service gives, by the names of the fields of the
  facts; ``null`` is: it exists; ``gone`` with ``first_failed_days_ago`` is: not found since);
- for the rules on licenses: ``claimed`` (a text, or a text per part), and what the ``repository``,
  the model ``card`` and the ``dataset`` card declare (an id, or the fields of the facts);
- for ``base-model-mismatch``: ``claimed`` and ``card``, a name or several;
- for ``release-date-mismatch``: ``released``, and the dates of the ``paper`` (its first version),
  ``repository``, ``model`` and ``dataset``;
- for ``name-mismatch``: the ``link``, and the ``facts`` of its target.

To the short forms ``name``, ``kind``, ``aliases``, ``notes``, further ``links`` and their
``upstream``, and ``others`` may be added. An ``optional`` finding is right and need not be made;
``rules`` names the rules of a case where they are not that of the file; ``group`` sorts cases.

The half of a case is a hash of its id: rules are tuned on ``tune`` and
measured on ``held``. *Precision* at a severity is the share of findings of that severity that are
right: the case expects that severity or a higher one. *Recall* at a severity is the share of the
cases that expect at least that severity in which at least that severity is reported.
"""

import argparse
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.markdown.entries import load_markdown
from linkcheck.matching.mentions import find_mentions
from linkcheck.model.entry import Catalog, Claim, Entry
from linkcheck.model.facts import (
    Facts,
    ModelFacts,
    PageFacts,
    PaperFacts,
    PathFacts,
    RepositoryFacts,
)
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import (
    Evidence,
    EvidenceItem,
    Found,
    Gone,
    GoneReason,
    Observation,
)
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import SourceText
from linkcheck.model.target import Target, TargetKind
from linkcheck.providers.table import recognize
from linkcheck.rules.table import NAMES, load

F = TypeVar("F", RepositoryFacts, ModelFacts, PaperFacts, PageFacts)

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "matching" / "corpus"
NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
HALVES = ("tune", "held")
SEVERITIES = tuple(Severity)
NOT_IN_FACTS = frozenset({"readme", "earlier_titles", "version_titles", "subtitle"})
NOT_IN_FACTS |= {"updates", "notice_of", "publication_types", "page"}
"""Fields of a case for which the facts have no field yet."""

_GITHUB, _MODEL = "https://github.com/medbot/medbot", "https://huggingface.co/medbot/medbot-7b"
_DATASET = "https://huggingface.co/datasets/medbot/medbot-data"
_PAPER = "https://arxiv.org/abs/2303.14070"
_ALWAYS = frozenset({"id", "group", "rules", "expect", "optional", "why", "source", "upstream"})
_SHORT = _ALWAYS | {"name", "kind", "aliases", "notes", "links", "others"}
_FORMS = {
    "license-mismatch": frozenset({"claimed", "repository", "card", "dataset"}),
    "license-undeclared": frozenset({"claimed", "repository", "card", "dataset"}),
    "license-conflict": frozenset({"claimed", "repository", "card", "dataset"}),
    "base-model-mismatch": frozenset({"claimed", "card"}),
    "release-date-mismatch": frozenset({"released", "paper", "repository", "model", "dataset"}),
    "name-mismatch": frozenset({"link", "facts"}),
}
"""The fields of each rule's short form."""


@dataclass(frozen=True)
class Case:
    """One labeled case."""

    rules: tuple[str, ...]
    file: str
    fields: Mapping[str, Any]

    @property
    def rule(self) -> str:
        """The rule for which the case is counted."""
        return self.rules[0]

    @property
    def id(self) -> str:
        """The name of the case."""
        return str(self.fields["id"])

    @property
    def half(self) -> str:
        """The half the case belongs to."""
        return HALVES[hashlib.sha256(self.id.encode()).digest()[0] % 2]

    @property
    def expect(self) -> Severity | None:
        """The highest severity that is right."""
        return Severity(self.fields["expect"]) if self.fields["expect"] else None

    @property
    def required(self) -> Severity | None:
        """The severity that must be reported, if any."""
        return None if self.fields.get("optional") else self.expect


@dataclass(frozen=True)
class Result:
    """A case and the most severe finding of its rules."""

    case: Case
    finding: Finding | None

    @property
    def is_right(self) -> bool:
        """Whether the severity is at least the required and at most the expected one."""
        return _rank(self.case.required) <= _rank(self.severity) <= _rank(self.case.expect)

    @property
    def severity(self) -> Severity | None:
        """The severity reported."""
        return self.finding.severity if self.finding else None


@dataclass(frozen=True)
class Score:
    """The counts of some cases at one severity."""

    severity: Severity
    expected: int
    """Cases that expect at least this severity."""
    found: int
    """Those of them in which at least this severity was reported."""
    reported: int
    """Findings of just this severity."""
    right: int
    """Those of them that the case expects."""

    @property
    def precision(self) -> float:
        """The share of right findings of this severity; 1 without any."""
        return self.right / self.reported if self.reported else 1.0

    @property
    def recall(self) -> float:
        """The share of reported cases that should be reported; 1 without any."""
        return self.found / self.expected if self.expected else 1.0


def cases() -> Iterator[Case]:
    """Yield every case of the corpus, by file."""
    for path in sorted(CORPUS.glob("*.yaml")):
        rule = rule_of(path.stem)
        for each in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader):
            yield Case(tuple(each.get("rules", (rule,))), path.stem, each)


def rule_of(stem: str) -> str:
    """Return the rule of a file's cases; an unknown rule has no findings."""
    names = (name for name in NAMES if stem == name or stem.startswith(f"{name}-"))
    return max(names, key=len, default=stem)


def allowed_fields(case: Case) -> frozenset[str]:
    """Return the allowed fields of a case."""
    if "markdown" in case.fields:
        return _ALWAYS | {"markdown"}
    if "entry" in case.fields:
        return _ALWAYS | {"entry", "others"}
    return _SHORT | _FORMS.get(case.rule, frozenset())


def run(case: Case) -> Result:
    """Run a case's rules on it."""
    catalog, upstream = _given(case)
    evidence = dict(_evidence(url, known or {}) for url, known in upstream.items())
    rules = tuple(_rule(name) for name in case.rules if name in NAMES)
    identified = identify(catalog, recognize)
    result = evaluate(catalog, identified, evidence, rules, RuleSettings(), NOW)
    if result.notices:
        raise ValueError(f"{case.id}: {result.notices[0]}")
    found = [finding for finding in result.findings if not finding.quiet]
    return Result(case, max(found, key=lambda f: f.severity.rank, default=None))


def scores(results: Iterable[Result]) -> list[Score]:
    """Return the score of these results at each severity, the worst first."""
    results = list(results)
    lines = []
    for severity in SEVERITIES:
        expected = [r for r in results if _rank(r.case.required) >= severity.rank]
        reported = [r for r in results if r.severity is severity]
        lines.append(
            Score(
                severity,
                len(expected),
                sum(_rank(r.severity) >= severity.rank for r in expected),
                len(reported),
                sum(_rank(r.case.expect) >= severity.rank for r in reported),
            )
        )
    return lines


def _rank(severity: Severity | None) -> int:
    return -1 if severity is None else severity.rank


_rule = cache(load)


def _complete(entry: str | Mapping[str, Any], kind: str | None) -> dict[str, Any]:
    """Return an entry with all required fields, from a mapping or a name."""
    given = {"name": entry} if isinstance(entry, str) else dict(entry)
    slug = hashlib.sha256(json.dumps(given, default=str).encode()).hexdigest()[:12]
    default = {"id": f"e{slug}", "kind": kind or "model"}
    page = {"homepage": f"https://example.org/{slug}"}
    return default | {"links": page} | given


def _catalog(entries: list[dict[str, Any]]) -> Catalog:
    """Return the entries as the catalog's reader returns them.

    Dates are set afterwards, unparsed, because Markdown lists write them in many formats.
    """
    dates = [entry.pop("released", None) for entry in entries]
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False)
    loaded, problems, skipped = load_yaml(SourceText("catalog.yaml", text))
    if problems:
        raise ValueError(problems[0].message)
    dated = tuple(_dated(entry, day) for entry, day in zip(loaded, dates, strict=True))
    return Catalog(dated, problems, ("catalog.yaml",), skipped)


def _dated(entry: Entry, released: object) -> Entry:
    if released is None:
        return entry
    claim = Claim(str(released), entry.span)
    return replace(entry, claims=replace(entry.claims, released=claim))


def _given(case: Case) -> tuple[Catalog, dict[str, Any]]:
    """Return a case's catalog and the facts by URL."""
    if "markdown" in case.fields:
        source = SourceText("list.md", case.fields["markdown"])
        entries, problems, skipped = load_markdown(source)
        return Catalog(entries, problems, ("list.md",), skipped), case.fields.get("upstream", {})
    entry, upstream = _expanded(case)
    others = [_complete(each, entry.get("kind")) for each in case.fields.get("others", ())]
    return _catalog([_complete(entry, None), *others]), upstream


def _evidence(url: str, known: Mapping[str, Any]) -> tuple[Target, Evidence]:
    """Return a link's target and its evidence."""
    target = recognize(url).target
    given = {key: value for key, value in known.items() if key not in NOT_IN_FACTS}
    now_at = given.pop("now_at", None)
    item = EvidenceItem("corpus", NOW, "as the case says")
    if "gone" in given:
        days = given.get("first_failed_days_ago", 0)
        times = sorted({NOW - timedelta(days=back) for back in (0, days // 2, days)}, reverse=True)
        gone = Gone(GoneReason.NOT_FOUND)
        return target, Evidence(target, tuple(Observation(target, at, gone) for at in times))
    facts = _facts(target, given, is_page=bool(known.get("page")))
    found = Found(facts, now_at, now_at is not None)
    return target, Evidence(target, (Observation(target, NOW, found, (item,)),))


def _facts(target: Target, given: dict[str, Any], *, is_page: bool) -> Facts:
    """Return the facts of a target; a page with a title is a paper unless ``is_page``."""
    name = target.url.split("://", 1)[1].partition("/")[2]
    match target.kind:
        case TargetKind.GITHUB_REPO:
            return _made(RepositoryFacts, {"full_name": name, "archived": False} | given)
        case TargetKind.GITHUB_PATH:
            owner, repository, _, ref, *path = name.split("/")
            facts = {"full_name": f"{owner}/{repository}", "archived": False} | given
            return PathFacts(_made(RepositoryFacts, facts), "/".join(path), ref, exists=True)
        case TargetKind.HF_MODEL | TargetKind.HF_DATASET | TargetKind.HF_SPACE:
            kind = target.kind.removeprefix("hf-")
            name = name.removeprefix("datasets/").removeprefix("spaces/")
            card = {"card_present": True, "card_has_metadata": True}
            return _made(ModelFacts, {"full_name": name, "kind": kind} | card | given)
        case TargetKind.ARXIV | TargetKind.DOI:
            return _made(PaperFacts, {"paper_id": target.key} | _with_mentions(given))
        case _:
            if "title" in given and not is_page:
                return _made(PaperFacts, _with_mentions(given))
            return _made(PageFacts, given)


def _with_mentions(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a paper with what its abstract and comment mention."""
    known = dict(given)
    texts = (known.pop("abstract", None), known.get("comment"))
    return known | ({"mentions": find_mentions(*texts)} if any(texts) else {})


def _made(kind: type[F], given: dict[str, Any]) -> F:
    unknown = given.keys() - {field.name for field in fields(kind)}
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{key: _value(value) for key, value in given.items()})


def _value(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return tuple(value) if isinstance(value, list) else value


def _expanded(case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the entry of a case and the facts by URL, for any form of case."""
    given = case.fields
    if "entry" in given:
        return dict(given["entry"]), dict(given.get("upstream", {}))
    entry = {key: given[key] for key in ("name", "kind", "aliases", "notes") if key in given}
    entry.setdefault("name", "MedBot")
    match case.rule:
        case "base-model-mismatch":
            links, upstream = _with_card(given["card"])
            entry["base_models"] = _listed(given["claimed"])
        case "release-date-mismatch":
            links, upstream = _with_dates(given)
            entry["released"] = given["released"]
        case "name-mismatch":
            links, upstream = {"project": given["link"]}, {given["link"]: given.get("facts")}
        case _:
            links, upstream = _with_licenses(given)
            if "claimed" in given:
                entry["license"] = given["claimed"]
    return entry | {"links": links | given.get("links", {})}, upstream | given.get("upstream", {})


def _with_card(bases: object) -> tuple[dict[str, str], dict[str, Any]]:
    return {"model": _MODEL}, {_MODEL: {"base_models": _listed(bases)}}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _with_licenses(given: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    links, upstream = {}, {}
    places = {"repository": ("code", _GITHUB), "card": ("model", _MODEL)}
    for key, (role, url) in (places | {"dataset": ("data", _DATASET)}).items():
        if key in given:
            declared = given[key]
            links[role] = url
            upstream[url] = declared if isinstance(declared, dict) else {"license": declared}
    return links, upstream


def _with_dates(given: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    links, upstream = {}, {}
    places = {"paper": ("paper", _PAPER), "repository": ("code", _GITHUB)}
    places |= {"model": ("model", _MODEL), "dataset": ("data", _DATASET)}
    for key, (role, url) in places.items():
        if key in given:
            field = "published_at" if key == "paper" else "created_at"
            known = given[key] if isinstance(given[key], dict) else {field: given[key]}
            links[role], upstream[url] = url, known
    return links, upstream


def main() -> None:
    """Print a line per rule, half and severity; with ``-v`` also every case that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("rules", nargs="*", metavar="RULE", help="rules, or files of the corpus")
    parser.add_argument("--half", choices=HALVES, help="one half only")
    parser.add_argument("-v", "--verbose", action="store_true", help="list the wrong cases")
    options = parser.parse_args()
    chosen = set(options.rules)
    wanted = [case for case in cases() if not chosen or chosen & {*case.rules, case.file}]
    results = [run(case) for case in wanted]
    halves = [options.half] if options.half else HALVES
    line = "{:24} {:5} {:>5}  {:8} {:>8} {:>8} {:>10} {:>8}"
    columns = ("rule", "half", "cases", "severity", "expected", "reported", "precision", "recall")
    print(line.format(*columns))
    for rule in dict.fromkeys(case.rule for case in wanted):
        for half in halves:
            mine = [r for r in results if r.case.rule == rule and r.case.half == half]
            for s in scores(mine):
                if s.reported or any(r.case.required is s.severity for r in mine):
                    figures = (f"{s.precision:.3f}", f"{s.recall:.3f}")
                    counts = (s.severity, s.expected, s.reported)
                    print(line.format(rule, half, len(mine), *counts, *figures))
            if options.verbose:
                _print_wrong(mine)


def _print_wrong(results: Iterable[Result]) -> None:
    for result in results:
        if not result.is_right:
            expected, got = result.case.expect or "nothing", result.severity or "nothing"
            why = result.case.fields["why"]
            print(f"    {result.case.id}: {got}, where {expected} is right. {why}")


if __name__ == "__main__":
    main()
