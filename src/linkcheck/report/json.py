"""The ``json`` format, described by docs/schema/report.schema.json."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from linkcheck.model.escape import escape_json
from linkcheck.model.finding import Edit, Finding, Fix, Related, Severity
from linkcheck.model.observation import EvidenceItem, Status
from linkcheck.model.result import EntryResult, LinkResult, Occurrence, RunResult
from linkcheck.report import OutputCapabilities

SCHEMA_VERSION = 1

_CHUNK_ROWS = 200
"""Number of rows in a chunk."""


def render(result: RunResult, output: OutputCapabilities) -> str:  # noqa: ARG001 - one signature for all
    """Return the report as JSON; each link, entry and finding is one line."""
    return "".join(iter_text(result))


def iter_text(result: RunResult) -> Iterator[str]:
    """Yield the text of :func:`render` in chunks of rows.

    Indented output needs the slow encoder, and the values or the text of a large catalog take more
    memory than the run.
    """
    # Rows are new trees without circular references.
    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)

    def encode(value: object) -> str:
        return escape_json(encoder.encode(value))

    lead = "{"
    for name, value in _report_frame(result).items():
        lead = f"{lead}\n {encode(name)}: "
        if isinstance(value, _Rows):
            yield f"{lead}["
            rows = iter(value.rows)
            separator = "\n  "
            while some := list(islice(rows, _CHUNK_ROWS)):
                yield separator + _encode_rows(encode, some)
                separator = ",\n  "
            yield "\n ]" if len(separator) > 3 else "]"
        else:
            yield lead + encode(value)
        lead = ","
    yield "\n}\n"


_ROW_SEPARATOR: dict[str, str] = {"": ""}


def _encode_rows(encode: Callable[[object], str], rows: Sequence[object]) -> str:
    """Encode rows, one per line.

    A call of the encoder takes as long as a short row, so it encodes all rows at once, with a
    separator value between them that is replaced by a line break. No string contains the encoded
    separator, because its quotes would be escaped, and no report has an object with an empty key.
    """
    marked: list[object] = [_ROW_SEPARATOR] * (2 * len(rows) - 1)
    marked[::2] = rows
    return encode(marked)[1:-1].replace(f", {encode(_ROW_SEPARATOR)}, ", ",\n  ")


def build_document(result: RunResult) -> dict[str, Any]:
    """Return the report as plain JSON values."""
    return {
        name: list(value.rows) if isinstance(value, _Rows) else value
        for name, value in _report_frame(result).items()
    }


@dataclass(frozen=True, slots=True)
class _Rows:
    """A long list that is created while it is written."""

    rows: Iterable[Any]


def _report_frame(result: RunResult) -> dict[str, Any]:
    """Return the report with its long lists as iterators."""
    frame = _main_report(result)
    if result.shard is not None:
        shard = result.shard
        frame["shard"] = {
            "part": shard.part,
            "of": shard.total,
            "catalog": shard.catalog,
            "whole": shard.is_complete,
            "offline": shard.offline,
        }
        frame["seen"] = _Rows(shard.observations)
    return frame


def _main_report(result: RunResult) -> dict[str, Any]:
    severities = Counter(finding.severity for finding in result.findings)
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "linkcheck", "version": result.version},
        "run": {
            "outcome": result.outcome.value,
            "reason": result.reason,
            "started_at": format_timestamp(result.started_at),
            "finished_at": format_timestamp(result.finished_at),
            "inputs": list(result.inputs),
            "requests": {
                "total": result.requests.total,
                "by_host": dict(sorted(result.requests.by_host.items())),
            },
            "reused": result.reused,
            "services": {
                name: {
                    "outcome": service.outcome.value,
                    "reason": service.reason,
                    "links": service.links,
                    "unchecked": service.unchecked,
                }
                for name, service in result.services.items()
            },
            "sandbox": result.sandbox,
            "interrupted": result.interrupted,
            "changed_since": result.changed_since,
            "notices": [
                {"message": notice.message, "defect": notice.defect} for notice in result.notices
            ],
        },
        "summary": {
            "entries": len(result.entries),
            "links": len(result.links),
            "targets": result.targets,
            "status": status_counts(result),
            "findings": {severity.value: severities[severity] for severity in Severity},
        },
        "links": _Rows(_link_row(link) for link in result.links),
        "entries": _Rows(_entry_row(entry) for entry in result.entries),
        "findings": _Rows(_finding_row(finding) for finding in result.findings),
        "suppressed": _Rows(_finding_row(finding) for finding in result.suppressed),
        "rules": [
            {"name": rule.name, "severity": rule.severity.value, "summary": rule.summary}
            for rule in result.rules
        ],
    }


def status_counts(result: RunResult) -> dict[str, int]:
    """Return the number of distinct links by status."""
    counts = Counter(link.status for link in result.links)
    return {status.value: counts[status] for status in Status}


@lru_cache(maxsize=256)
def format_timestamp(moment: datetime) -> str:
    """Return a time in UTC to the second, as ``2026-11-21T12:00:00Z``.

    Cached because an observation, its evidence and its batch have the same time.
    """
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _link_row(link: LinkResult) -> dict[str, Any]:
    return {
        "url": link.url,
        "target": (
            {"kind": link.target.kind.value, "id": link.target.key} if link.target else None
        ),
        "status": link.status.value,
        "final_url": link.final_url,
        "http_status": link.http_status,
        "checked_at": format_timestamp(link.checked_at) if link.checked_at else None,
        "reused": link.reused,
        "occurrences": [_occurrence_object(place) for place in link.occurrences],
        "evidence": [_evidence_object(item) for item in link.evidence],
    }


def _occurrence_object(place: Occurrence) -> dict[str, Any]:
    return {
        "file": place.span.file,
        "line": place.span.line,
        "column": place.span.column,
        "entry": place.entry,
        "role": place.role,
    }


def _evidence_object(item: EvidenceItem) -> dict[str, Any]:
    return {"source": item.source, "at": format_timestamp(item.at), "says": item.says}


def _entry_row(entry: EntryResult) -> dict[str, Any]:
    observed: Mapping[str, object] = entry.observed
    return {
        "id": entry.entry.id,
        "name": entry.entry.name,
        "kind": entry.entry.kind.value if entry.entry.kind else None,
        "file": entry.entry.span.file,
        "line": entry.entry.span.line,
        "observed": dict(observed.items()),
    }


def _finding_row(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "entry": finding.entry,
        "url": finding.url,
        "file": finding.span.file,
        "line": finding.span.line,
        "column": finding.span.column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "message": finding.message,
        "fingerprint": finding.fingerprint,
        "evidence": [_evidence_object(item) for item in finding.evidence],
        "fix": _fix_object(finding.fix) if finding.fix else None,
        "related": [_related_object(other) for other in finding.related],
    }


def _related_object(other: Related) -> dict[str, Any]:
    span = other.span
    return {"entry": other.entry, "file": span.file, "line": span.line, "column": span.column}


def _fix_object(fix: Fix) -> dict[str, Any]:
    return {
        "safety": fix.safety.value,
        "description": fix.description,
        "edits": [_edit_object(edit) for edit in fix.edits],
    }


def _edit_object(edit: Edit) -> dict[str, Any]:
    return {
        "file": edit.span.file,
        "start": edit.span.start,
        "end": edit.span.end,
        "before": edit.before,
        "after": edit.after,
    }
