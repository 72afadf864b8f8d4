"""The ``markdown`` report: for a job summary, an issue, a chat.

Written for a contributor who has never heard of linkcheck: the verdict in one line, then what to
do, grouped by severity, then how the links fare.
"""

from collections.abc import Iterator, Sequence

from linkcheck.model.finding import Finding, Severity
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.report import Canvas
from linkcheck.report.escape import code, markdown
from linkcheck.report.json import status_counts

LIMIT = 900_000
"""Characters at most: GitHub takes a summary of 1 MiB and drops a larger one whole."""

_TITLES = {
    Severity.ERROR: "Errors",
    Severity.WARNING: "Warnings",
    Severity.INFO: "Worth knowing",
}


def render(result: RunResult, canvas: Canvas) -> str:  # noqa: ARG001 - one signature for all
    """Return the report as GitHub Markdown; outside text in it is shown, never obeyed."""
    head = "\n".join(_head(result))
    parts = [head]
    size = len(head)
    left = 0
    for block in _blocks(result):
        if size + len(block) > LIMIT:
            left += 1
            continue
        parts.append(block)
        size += len(block)
    if left:
        parts.append(f"\n*{left} more blocks were left out to keep this page small enough.*\n")
    return "".join(parts)


def _head(result: RunResult) -> Iterator[str]:
    yield "## linkcheck"
    yield ""
    if result.sandbox:
        yield "*An embedded imitation of the services answered, not the services themselves.*"
        yield ""
    if result.outcome is RunOutcome.INCONCLUSIVE:
        yield f"**Could not tell.** {markdown(result.reason or '')}"
        yield ""
        return
    yield f"**{verdict(result)}**"
    yield ""
    shown = [f"{number:,} {name}" for name, number in status_counts(result).items() if number]
    links = f"{len(result.links):,} links" if len(result.links) != 1 else "1 link"
    yield f"{links}: {', '.join(shown) or 'none'}."
    yield ""


def verdict(result: RunResult) -> str:
    """Return the result in one sentence."""
    numbers = {s: sum(1 for f in result.findings if f.severity is s) for s in Severity}
    entries = f"{len(result.entries):,} {'entry' if len(result.entries) == 1 else 'entries'}"
    if not result.findings:
        return f"Nothing to mend in {entries}."
    words = [
        f"{number} {name if number == 1 else plural}"
        for (name, plural), number in zip(
            (("error", "errors"), ("warning", "warnings"), ("remark", "remarks")),
            numbers.values(),
            strict=True,
        )
        if number
    ]
    return f"{', '.join(words)} in {entries}."


def _blocks(result: RunResult) -> Iterator[str]:
    for severity in Severity:
        found = [finding for finding in result.findings if finding.severity is severity]
        if found:
            yield from _section(_TITLES[severity], found)
    for notice in result.notices:
        label = "Bug in linkcheck" if notice.defect else "Note"
        yield f"\n> **{label}:** {markdown(notice.message)}\n"


def _section(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"\n### {title}\n\n| Where | Rule | What, and what to do |\n| --- | --- | --- |\n"
    for finding in findings:
        place = code(f"{finding.span.file}:{finding.span.line}")
        entry = f"<br>{markdown(finding.entry)}" if finding.entry else ""
        url = f"<br>{code(finding.url)}" if finding.url else ""
        fix = f"<br>*Fix: {markdown(finding.fix.description)}*" if finding.fix else ""
        yield (
            f"| {place}{entry} | {code(finding.rule)} | {markdown(finding.message)}{url}{fix} |\n"
        )
