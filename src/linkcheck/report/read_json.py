"""Load a saved JSON report, for ``linkcheck report`` and ``linkcheck merge``.

What a report does not contain (an entry's claims, offsets of findings) is empty in the result.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from linkcheck.model.entry import Entry, EntryKind
from linkcheck.model.errors import UsageError
from linkcheck.model.finding import Confidence, Edit, Finding, Fix, Related, Safety, Severity
from linkcheck.model.observation import EvidenceItem, Status
from linkcheck.model.result import (
    EntryResult,
    LinkResult,
    Notice,
    Occurrence,
    RequestCount,
    RunOutcome,
    RunResult,
    ServiceResult,
    ShardResult,
)
from linkcheck.model.rule import RuleInfo
from linkcheck.model.source_text import Span
from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.report.json import SCHEMA_VERSION


def load_report(text: str, where: str) -> RunResult:
    """Return the result of a JSON report.

    Raises UsageError, located at ``where``, for other text or another schema version.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _invalid_report_error(where, f"is not JSON ({error})") from None
    if not isinstance(data, dict) or "schema_version" not in data:
        raise _invalid_report_error(where, "is JSON, but not a linkcheck report")
    if data["schema_version"] != SCHEMA_VERSION:
        raise UsageError(
            f"is a report of version {data['schema_version']}; this linkcheck reads version "
            f"{SCHEMA_VERSION}",
            where=where,
            hint="Use the linkcheck that wrote it, or run the check again",
        )
    try:
        return _result(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"is a damaged report ({type(error).__name__}: {error})"
        raise _invalid_report_error(where, problem) from None


def _invalid_report_error(where: str, problem: str) -> UsageError:
    return UsageError(
        problem, where=where, hint="Name a file written by 'linkcheck run -o FILE.json'"
    )


def _result(data: Mapping[str, Any]) -> RunResult:
    run = data["run"]
    links = tuple(_link(link) for link in data["links"])
    targets = {place.span[:5]: link.target for link in links for place in link.occurrences}
    return RunResult(
        version=data["tool"]["version"],
        outcome=RunOutcome(run["outcome"]),
        reason=run["reason"],
        started_at=_time(run["started_at"]),
        finished_at=_time(run["finished_at"]),
        inputs=tuple(run["inputs"]),
        requests=RequestCount(run["requests"]["total"], dict(run["requests"]["by_host"])),
        reused=run["reused"],
        links=links,
        entries=tuple(_entry(entry) for entry in data["entries"]),
        findings=tuple(_finding(finding, targets) for finding in data["findings"]),
        suppressed=tuple(_finding(finding, targets) for finding in data.get("suppressed", ())),
        notices=tuple(Notice(n["message"], n["defect"]) for n in run.get("notices", ())),
        targets=data["summary"]["targets"],
        rules=tuple(
            RuleInfo(rule["name"], Severity(rule["severity"]), rule["summary"])
            for rule in data.get("rules", ())
        ),
        sandbox=run.get("sandbox", False),
        interrupted=run.get("interrupted", False),
        changed_since=run.get("changed_since"),
        shard=_shard(data),
        services={
            str(name): ServiceResult(
                RunOutcome(service["outcome"]),
                service["reason"],
                service["links"],
                service["unchecked"],
            )
            for name, service in run.get("services", {}).items()
        },
    )


def _shard(data: Mapping[str, Any]) -> ShardResult | None:
    shard = data.get("shard")
    if shard is None:
        return None
    return ShardResult(
        part=int(shard["part"]),
        total=int(shard["of"]),
        catalog=str(shard["catalog"]),
        observations=tuple(dict(item) for item in data["seen"]),
        is_complete=bool(shard["whole"]),
        offline=bool(shard["offline"]),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _span(data: Mapping[str, Any]) -> Span:
    line, column = data["line"], data.get("column", 1)
    return Span(
        data["file"], 0, 0, line, column, data.get("end_line", line), data.get("end_column", column)
    )


def _link(data: Mapping[str, Any]) -> LinkResult:
    target = data["target"]
    return LinkResult(
        url=data["url"],
        target=(
            Target(TargetKind(target["kind"]), target["id"], data["final_url"] or data["url"])
            if target
            else None
        ),
        status=Status(data["status"]),
        occurrences=tuple(
            Occurrence(_span(place), place["entry"], place["role"]) for place in data["occurrences"]
        ),
        final_url=data["final_url"],
        http_status=data["http_status"],
        checked_at=_time(data["checked_at"]) if data["checked_at"] else None,
        reused=data.get("reused", False),
        evidence=_evidence(data["evidence"]),
    )


def _evidence(items: list[Mapping[str, Any]]) -> tuple[EvidenceItem, ...]:
    return tuple(EvidenceItem(item["source"], _time(item["at"]), item["says"]) for item in items)


def _entry(data: Mapping[str, Any]) -> EntryResult:
    kind = data.get("kind")
    entry = Entry(
        id=data["id"],
        name=data.get("name") or data["id"],
        kind=EntryKind(kind) if kind else None,
        span=_span({"file": data.get("file", ""), "line": data.get("line", 1)}),
    )
    return EntryResult(entry, dict(data["observed"]))


def _finding(
    data: Mapping[str, Any], targets: Mapping[tuple[str, int, int, int, int], Target | None]
) -> Finding:
    """Return a finding; ``targets`` are those of the links by the beginnings of their spans."""
    fix = data["fix"]
    span = _span(data)
    target = targets.get(span[:5]) if data["url"] is not None else None
    return Finding(
        rule=data["rule"],
        severity=Severity(data["severity"]),
        message=data["message"],
        span=span,
        confidence=Confidence(data["confidence"]),
        entry=data["entry"],
        url=data["url"],
        recognized=ParsedLink(target) if target else None,
        known_fingerprint=data["fingerprint"],
        evidence=_evidence(data["evidence"]),
        fix=(
            Fix(
                fix["description"],
                tuple(_edit(edit) for edit in fix["edits"]),
                Safety(fix["safety"]),
            )
            if fix
            else None
        ),
        related=tuple(Related(other["entry"], _span(other)) for other in data.get("related", ())),
    )


def _edit(data: Mapping[str, Any]) -> Edit:
    span = Span(data["file"], data["start"], data["end"], 0, 0, 0, 0)
    return Edit(span, data["before"], data["after"])
