"""The ``github`` report: workflow commands that become annotations on the lines of a change.

GitHub shows ten errors, ten warnings and ten notices of a step and fifty of a job, and drops the
rest without a word. So the most important come first, and the last place tells how many more
there are and where they stand.
"""

from collections.abc import Iterator, Sequence

from linkcheck.model.finding import Finding, Severity
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.report import Canvas
from linkcheck.report.escape import command_data, command_property, plain

PER_LEVEL = 10
"""Annotations of one level that GitHub shows for a step."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(result: RunResult, canvas: Canvas) -> str:  # noqa: ARG001 - one signature for all
    """Return one workflow command to a line; empty when there is nothing to annotate."""
    lines = []
    if result.outcome is RunOutcome.INCONCLUSIVE:
        reason = command_data(plain(result.reason or ""))
        lines.append(f"::warning title=linkcheck%3A inconclusive::{reason}")
    for severity in Severity:
        found = [finding for finding in result.findings if finding.severity is severity]
        lines.extend(_annotations(found, _LEVELS[severity]))
    return "".join(f"{line}\n" for line in lines)


def _annotations(findings: Sequence[Finding], level: str) -> Iterator[str]:
    order = {"high": 0, "medium": 1, "low": 2}
    ranked = sorted(findings, key=lambda f: (order[f.confidence.value], f.span))
    shown = ranked if len(ranked) <= PER_LEVEL else ranked[: PER_LEVEL - 1]
    for finding in shown:
        yield _annotation(finding, level)
    if left := len(ranked) - len(shown):
        title = command_property(f"linkcheck: {left} more")
        yield f"::{level} title={title}::{left} more like these are in the job summary."


def _annotation(finding: Finding, level: str) -> str:
    span = finding.span
    places = {
        "file": span.file,
        "line": str(span.line),
        "endLine": str(span.end_line),
        "title": f"linkcheck: {finding.rule}",
    }
    if span.line == span.end_line:
        # GitHub refuses columns on an annotation of several lines.
        places["col"] = str(span.column)
        places["endColumn"] = str(max(span.end_column, span.column))
    properties = ",".join(
        f"{key}={command_property(plain(value))}" for key, value in places.items()
    )
    message = finding.message
    if finding.fix is not None:
        message += f" Fix: {finding.fix.description}"
    return f"::{level} {properties}::{command_data(plain(message))}"
