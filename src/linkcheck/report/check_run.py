"""Render a result as a GitHub check run: conclusion, summary, and an annotation per finding.

Unlike workflow commands, a check run shows all annotations. It is not in the table of formats
because it is not text: :mod:`linkcheck.forge.check_runs` sends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from linkcheck.model.escape import visible_line
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.report import OutputCapabilities
from linkcheck.report.github import annotation_message, sort_by_importance
from linkcheck.report.info_summary import listed_findings
from linkcheck.report.markdown import render as markdown_of
from linkcheck.report.markdown import verdict

MAX_SUMMARY_LENGTH = 60_000
"""Characters of the summary; GitHub takes 65,535 (its description of the REST API)."""
_MAX_TITLE_LENGTH = 255
_CONCLUSIONS = {0: "success", 3: "neutral", 130: "neutral"}
_LEVELS = {Severity.ERROR: "failure", Severity.WARNING: "warning", Severity.INFO: "notice"}


@dataclass(frozen=True, slots=True)
class CheckRun:
    """The contents of a check run; annotations have the fields of GitHub's REST API."""

    conclusion: str
    """``success``, ``failure``, or ``neutral`` without a verdict."""
    title: str
    summary: str
    annotations: tuple[Mapping[str, str | int], ...]


def build_check_run(result: RunResult, exit_code: int) -> CheckRun:
    """Return the check run of a result and its exit code."""
    is_complete = result.outcome is RunOutcome.COMPLETE
    conclusion = _CONCLUSIONS.get(exit_code, "failure")
    summary = markdown_of(result, OutputCapabilities())
    if len(summary) > MAX_SUMMARY_LENGTH:
        # Every finding has an annotation, so that the summary can do without them.
        summary = markdown_of(replace(result, findings=()), OutputCapabilities())[
            :MAX_SUMMARY_LENGTH
        ]
    return CheckRun(
        conclusion,
        visible_line(verdict(result) if is_complete else "could not tell")[:_MAX_TITLE_LENGTH],
        summary,
        tuple(_annotation(finding) for finding in sort_by_importance(listed_findings(result))),
    )


def _annotation(finding: Finding) -> dict[str, str | int]:
    span = finding.span
    annotation: dict[str, str | int] = {
        "path": span.file,
        "start_line": span.line,
        "end_line": span.end_line,
        "annotation_level": _LEVELS[finding.severity],
        "title": finding.rule,
        "message": annotation_message(finding),
    }
    if span.line == span.end_line:
        annotation |= {
            "start_column": span.column,
            "end_column": max(span.end_column, span.column),
        }
    return annotation
