"""The ``github`` format: workflow commands, shown as annotations on the lines of a change.

GitHub shows ten errors, ten warnings and ten notices of a step and fifty of a run, and drops the
rest silently. So the most important findings come first, and the last annotation of each level
gives the number of the others.
"""

from collections.abc import Iterable, Iterator, Sequence

from linkcheck.model.escape import escape_command_data, escape_command_property, visible_line
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.wording import service_title
from linkcheck.report import OutputCapabilities
from linkcheck.report.info_summary import listed_findings, sum_up_info

MAX_PER_LEVEL = 10
"""Annotations of one level that GitHub shows for a step; three levels stay below fifty a run."""

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MAX_MESSAGE_LENGTH = 4_000
"""Characters of one message; the whole annotation may have 64 KB."""
_CONFIDENCE_ORDER = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}


def render(result: RunResult, output: OutputCapabilities) -> str:
    """Return one workflow command per line; empty without findings and notices."""
    lines: dict[str, list[str]] = {level: [] for level in LEVELS.values()}
    if result.outcome is RunOutcome.INCONCLUSIVE:
        lines["warning"].append(
            workflow_command("warning", "linkcheck: could not tell", result.reason or "")
        )
    else:
        lines["warning"] += [
            workflow_command("warning", f"linkcheck: {service_title(name)} not checked", reason)
            for name, reason in result.service_failures.items()
        ]
    for notice in result.notices:
        level = "error" if notice.defect else "notice"
        title = "linkcheck: a bug in linkcheck" if notice.defect else "linkcheck: note"
        lines[level].append(workflow_command(level, title, notice.message))
    for summary in sum_up_info(result, verbose=output.verbose):
        command = f"{summary.command} " if summary.command else ""
        message = f"{summary.count:,} × {summary.rule}: {command}{summary.text}"
        lines["notice"].append(workflow_command("notice", f"linkcheck: {summary.rule}", message))
    ranked = sort_by_importance(listed_findings(result, verbose=output.verbose))
    for severity, level in LEVELS.items():
        found = [finding for finding in ranked if finding.severity is severity]
        lines[level].extend(_annotations(found, level, MAX_PER_LEVEL - len(lines[level])))
    return "".join(f"{line}\n" for level in lines.values() for line in level[:MAX_PER_LEVEL])


def fits_workflow_commands(result: RunResult) -> bool:
    """Return whether workflow commands can show every finding of the result."""
    listed = listed_findings(result)
    numbers = [sum(f.severity is severity for f in listed) for severity in Severity]
    return max(*numbers, numbers[-1] + len(sum_up_info(result))) <= MAX_PER_LEVEL


def sort_by_importance(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings sorted by severity, confidence and position."""
    return sorted(
        findings,
        key=lambda f: (-f.severity.rank, _CONFIDENCE_ORDER[f.confidence], f.span.file, f.span),
    )


def annotation_message(finding: Finding) -> str:
    """Return the text of an annotation: the finding's message and its fix, on one line."""
    fix = f" Fix: {finding.fix.description}" if finding.fix else ""
    return visible_line(f"{finding.message}{fix}")[:_MAX_MESSAGE_LENGTH]


def workflow_command(level: str, title: str, message: str, **places: str) -> str:
    """Return a workflow command; its parts are escaped."""
    properties = ",".join(
        f"{key}={escape_command_property(visible_line(value))}"
        for key, value in (*places.items(), ("title", title))
    )
    return f"::{level} {properties}::{escape_command_data(visible_line(message))}"


def _annotations(ranked: Sequence[Finding], level: str, limit: int) -> Iterator[str]:
    shown = ranked if len(ranked) <= limit else ranked[: max(limit - 1, 0)]
    for finding in shown:
        yield _annotation(finding, level)
    if left := len(ranked) - len(shown):
        more = (
            f"{left} more like these are in the job summary."
            if shown
            else (f"{left} findings are in the job summary.")
        )
        yield workflow_command(level, f"linkcheck: {left} more", more)


def _annotation(finding: Finding, level: str) -> str:
    span = finding.span
    properties = {"file": span.file, "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:
        # GitHub rejects columns on annotations of several lines.
        properties["col"] = str(span.column)
        properties["endColumn"] = str(max(span.end_column, span.column))
    return workflow_command(
        level, f"linkcheck: {finding.rule}", annotation_message(finding), **properties
    )
