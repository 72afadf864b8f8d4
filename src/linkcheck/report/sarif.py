"""The ``sarif`` report (2.1.0): for GitHub code scanning and editors.

GitHub keeps 25,000 results of a run and shows 5,000, not the most important first, so the cut is
made here, by severity.
"""

import json
from typing import Any

from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.result import RuleInfo, RunOutcome, RunResult
from linkcheck.model.url import quote_segment
from linkcheck.report import Canvas
from linkcheck.report.escape import plain
from linkcheck.report.json import when

MAX_RESULTS = 5_000
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PRECISION = {
    Confidence.HIGH: "very-high",
    Confidence.MEDIUM: "medium",
    Confidence.LOW: "low",
}


def render(result: RunResult, canvas: Canvas) -> str:  # noqa: ARG001 - one signature for all
    """Return the report as one SARIF run."""
    return json.dumps(document(result), ensure_ascii=False, indent=1) + "\n"


def document(result: RunResult) -> dict[str, Any]:
    """Return the SARIF log as plain JSON values."""
    rules = {rule.name: rule for rule in result.rules}
    for finding in (*result.findings, *result.suppressed):
        rules.setdefault(finding.rule, RuleInfo(finding.rule, finding.severity, finding.rule))
    order = sorted(rules)
    positions = {name: position for position, name in enumerate(order)}
    findings = sorted(result.findings, key=lambda f: (-f.severity.rank, f.span))[:MAX_RESULTS]
    results = [_result(finding, positions) for finding in findings]
    for finding in result.suppressed[: MAX_RESULTS - len(results)]:
        row = _result(finding, positions)
        row["suppressions"] = [{"kind": "inSource", "justification": "ignored in the catalog"}]
        results.append(row)
    invocation: dict[str, Any] = {
        "executionSuccessful": result.outcome is RunOutcome.COMPLETE,
        "startTimeUtc": when(result.started_at),
        "endTimeUtc": when(result.finished_at),
    }
    if result.reason:
        invocation["toolExecutionNotifications"] = [
            {"level": "warning", "message": {"text": plain(result.reason)}}
        ]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "linkcheck",
                        "semanticVersion": result.version,
                        "rules": [_rule(rules[name]) for name in order],
                    }
                },
                "automationDetails": {"id": "linkcheck/"},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"ROOT": {"description": {"text": "The repository."}}},
                "invocations": [invocation],
                "results": results,
            }
        ],
    }


def _rule(rule: RuleInfo) -> dict[str, Any]:
    text = rule.page or rule.summary
    return {
        "id": rule.name,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["catalog", "links"]},
    }


def _result(finding: Finding, positions: dict[str, int]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": positions[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": plain(finding.message)},
        "locations": [{"physicalLocation": _place(finding)}],
        "partialFingerprints": {"linkcheck/v1": finding.fingerprint},
        "properties": {"precision": _PRECISION[finding.confidence]},
    }
    if finding.entry:
        row["locations"][0]["logicalLocations"] = [
            {"fullyQualifiedName": plain(finding.entry), "kind": "member"}
        ]
    if finding.fix is not None:
        row["fixes"] = [
            {
                "description": {"text": plain(finding.fix.description)},
                "artifactChanges": [
                    {
                        "artifactLocation": _artifact(edit.span.file),
                        "replacements": [
                            {
                                "deletedRegion": {
                                    "charOffset": edit.span.start,
                                    "charLength": edit.span.end - edit.span.start,
                                },
                                "insertedContent": {"text": edit.after},
                            }
                        ],
                    }
                    for edit in finding.fix.edits
                ],
            }
        ]
    return row


def _place(finding: Finding) -> dict[str, Any]:
    span = finding.span
    return {
        "artifactLocation": _artifact(span.file),
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        },
    }


def _artifact(file: str) -> dict[str, str]:
    return {"uri": quote_segment(file, safe="/"), "uriBaseId": "ROOT"}
