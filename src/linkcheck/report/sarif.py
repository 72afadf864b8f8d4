"""The ``sarif`` format (2.1.0): for GitHub code scanning and editors.

GitHub shows 5,000 results of a run, not the most important first, so they are limited here by
severity.
"""

import json
from typing import Any

from linkcheck.model.escape import escape_json, visible_line
from linkcheck.model.finding import Confidence, Edit, Finding, Severity
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.rule import RuleInfo
from linkcheck.model.source_text import Span
from linkcheck.model.url import quote_segment
from linkcheck.report import PROJECT_URL, OutputCapabilities, rule_page_url
from linkcheck.report.github import sort_by_importance
from linkcheck.report.json import format_timestamp

MAX_RESULTS = 5_000
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEM_SEVERITIES = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "recommendation",
}
_PRECISIONS = {
    Confidence.HIGH: "very-high",
    Confidence.MEDIUM: "medium",
    Confidence.LOW: "low",
}


def render(result: RunResult, output: OutputCapabilities) -> str:  # noqa: ARG001 - one signature for all
    """Return the report as one SARIF run."""
    return escape_json(json.dumps(build_document(result), ensure_ascii=False, indent=1)) + "\n"


def build_document(result: RunResult) -> dict[str, Any]:
    """Return the SARIF log as plain JSON values."""
    rules = {rule.name: rule for rule in result.rules}
    for finding in (*result.findings, *result.suppressed):
        rules.setdefault(finding.rule, RuleInfo(finding.rule, finding.severity, finding.rule))
    order = sorted(rules)
    positions = {name: position for position, name in enumerate(order)}
    findings = sort_by_importance(result.findings)[:MAX_RESULTS]
    results = [_result(finding, positions) for finding in findings]
    for finding in result.suppressed[: MAX_RESULTS - len(results)]:
        row = _result(finding, positions)
        row["suppressions"] = [
            {"kind": "inSource", "justification": "Ignored by the catalog or the configuration."}
        ]
        results.append(row)
    invocation: dict[str, Any] = {
        "executionSuccessful": result.outcome is RunOutcome.COMPLETE,
        "startTimeUtc": format_timestamp(result.started_at),
        "endTimeUtc": format_timestamp(result.finished_at),
    }
    reasons = [result.reason] if result.reason else list(result.service_failures.values())
    if reasons:
        invocation["toolExecutionNotifications"] = [
            {"level": "warning", "message": {"text": visible_line(reason)}} for reason in reasons
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
                        "informationUri": PROJECT_URL,
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
    text = rule.page.strip() or rule.summary
    return {
        "id": rule.name,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "helpUri": rule_page_url(rule.name),
        "properties": {
            "tags": ["catalog", "links"],
            "problem.severity": _PROBLEM_SEVERITIES[rule.severity],
        },
    }


def _result(finding: Finding, positions: dict[str, int]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": positions[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": visible_line(finding.message)},
        "locations": [{"physicalLocation": _physical_location(finding.span)}],
        "partialFingerprints": {"linkcheck/v1": finding.fingerprint},
        "properties": {"precision": _PRECISIONS[finding.confidence]},
    }
    if finding.entry:
        row["locations"][0]["logicalLocations"] = [
            {"fullyQualifiedName": visible_line(finding.entry), "kind": "member"}
        ]
    if finding.related:
        row["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical_location(other.span),
                "message": {"text": f"The other entry: {visible_line(other.entry)}"},
            }
            for number, other in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        files: dict[str, list[dict[str, Any]]] = {}
        for edit in finding.fix.edits:
            files.setdefault(edit.span.file, []).append(_replacement(edit))
        row["fixes"] = [
            {
                "description": {"text": visible_line(finding.fix.description)},
                "artifactChanges": [
                    {"artifactLocation": _artifact(file), "replacements": replacements}
                    for file, replacements in files.items()
                ],
            }
        ]
    return row


def _replacement(edit: Edit) -> dict[str, Any]:
    span = edit.span
    region = (
        _region(span)
        if span.line
        # A finding of a saved report has only offsets.
        else {"charOffset": span.start, "charLength": span.end - span.start}
    )
    return {"deletedRegion": region, "insertedContent": {"text": edit.after}}


def _physical_location(span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(span.file), "region": _region(span)}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _artifact(file: str) -> dict[str, str]:
    """Return the location of a file: relative to the repository's root, or absolute."""
    path = quote_segment(visible_line(file), safe="/")
    return {"uri": f"file://{path}"} if file.startswith("/") else {"uri": path, "uriBaseId": "ROOT"}
