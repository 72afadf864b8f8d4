"""The ``markdown`` format: for a job summary, an issue, a chat.

For contributors without knowledge of linkcheck: the result in one line, the findings by severity
with what to do, the statuses of the links, and where to read more.
"""

from collections.abc import Iterator, Sequence

from linkcheck.model.escape import escape_markdown, markdown_code
from linkcheck.model.finding import Finding, Safety, Severity
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.wording import plural, service_title
from linkcheck.report import PROJECT_URL, OutputCapabilities, rerun_command, rule_page_url
from linkcheck.report.github import sort_by_importance
from linkcheck.report.info_summary import InfoSummary, listed_findings, sum_up_info
from linkcheck.report.json import status_counts

MAX_BYTES = 900_000
"""Maximum size in bytes; GitHub drops a summary of more than 1 MiB."""

_TITLES = {
    Severity.ERROR: "Errors: these have to be mended",
    Severity.WARNING: "Warnings: please have a look",
    Severity.INFO: "Worth knowing",
}
_STATUS_WORDS = {
    "alive": "fine",
    "moved": "moved",
    "dead": "gone",
    "unreachable": "without an answer",
    "blocked": "closed to programs",
    "invalid": "malformed",
    "skipped": "not asked about",
}


def render(result: RunResult, output: OutputCapabilities) -> str:
    """Return the report as GitHub Markdown, with outside text escaped."""
    head = "\n".join(_header(result))
    foot = _footer(result)
    parts = [head]
    size = len(head.encode()) + len(foot.encode())
    omitted = 0
    for block, rows in _blocks(result, verbose=output.verbose):
        weight = len(block.encode())
        if omitted or size + weight > MAX_BYTES:
            omitted += rows
            continue
        parts.append(block)
        size += weight
    if omitted:
        parts.append(
            f"\n*{omitted:,} more findings were left out to keep this page small enough.*\n"
        )
    return "".join((*parts, foot))


def _header(result: RunResult) -> Iterator[str]:
    yield f"## {_headline(result)}"
    yield ""
    if result.sandbox:
        yield "*An embedded imitation of the services answered, not the services themselves.*"
        yield ""
    if result.interrupted:
        yield escape_markdown(result.reason or "")
        yield ""
    elif result.outcome is RunOutcome.INCONCLUSIVE:
        yield escape_markdown(result.reason or "")
        yield ""
        yield (
            "This says nothing about the links. Run the check again later; nothing has to be "
            "changed because of it."
        )
        yield ""
        return
    else:
        for reason in result.service_failures.values():
            yield f"**{escape_markdown(reason)}**"
            yield ""
    if result.changed_since:
        yield (
            f"Only what this change adds or alters was checked (against "
            f"{markdown_code(result.changed_since[:12])})."
        )
        yield ""
    if len(result.links):
        yield f"{plural(len(result.links), 'link')}: {_status_summary(result)}."
        yield ""


def _headline(result: RunResult) -> str:
    if result.interrupted:
        return "linkcheck was stopped early"
    if result.outcome is RunOutcome.INCONCLUSIVE:
        return "linkcheck could not tell"
    return f"linkcheck: {verdict(result)}"


def verdict(result: RunResult) -> str:
    """Return the result in one sentence, without a full stop."""
    entries = plural(len(result.entries), "entry", "entries")
    unchecked = " and ".join(service_title(name) for name in result.service_failures)
    first = f"{unchecked} not checked; " if unchecked else ""
    if not result.findings:
        if result.changed_since and not result.entries:
            return "the change touches no entry"
        return f"{first}nothing to mend in {entries}"
    names = ("error", "warning", "remark")
    numbers = [sum(1 for f in result.findings if f.severity is s) for s in Severity]
    words = [plural(n, name) for name, n in zip(names, numbers, strict=True) if n]
    return f"{first}{', '.join(words)} in {entries}"


def _status_summary(result: RunResult) -> str:
    shown = [(name, number) for name, number in status_counts(result).items() if number]
    if len(shown) == 1 and shown[0][0] == "alive":
        return "all fine" if shown[0][1] > 1 else "fine"
    return ", ".join(f"{number:,} {_STATUS_WORDS[name]}" for name, number in shown)


def _blocks(result: RunResult, *, verbose: bool) -> Iterator[tuple[str, int]]:
    ranked = sort_by_importance(listed_findings(result, verbose=verbose))
    for severity in Severity:
        found = [finding for finding in ranked if finding.severity is severity]
        if found:
            yield from _section(_TITLES[severity], found)
    if summaries := sum_up_info(result, verbose=verbose):
        yield f"\n### {_TITLES[Severity.INFO]}\n\n", 0
        for summary in summaries:
            yield _summary_line(summary), summary.count
    for notice in result.notices:
        label = "Bug in linkcheck" if notice.defect else "Note"
        yield f"\n> **{label}:** {escape_markdown(notice.message)}\n", 0


def _summary_line(summary: InfoSummary) -> str:
    command = f"{markdown_code(summary.command)} " if summary.command else ""
    page = f"[{summary.rule}]({rule_page_url(summary.rule)})"
    return f"- {summary.count:,} × {page}: {command}{escape_markdown(summary.text)}\n"


def _section(title: str, findings: Sequence[Finding]) -> Iterator[tuple[str, int]]:
    yield f"\n### {title}\n\n| Where | What is wrong, and what to do |\n| --- | --- |\n", 0
    for finding in findings:
        yield f"| {_location_cell(finding)} | {_finding_cell(finding)} |\n", 1


def _location_cell(finding: Finding) -> str:
    place = markdown_code(f"{finding.span.file}:{finding.span.line}")
    return f"{place}<br>{escape_markdown(finding.entry)}" if finding.entry else place


def _finding_cell(finding: Finding) -> str:
    lines = [escape_markdown(finding.message)]
    if finding.url:
        lines.append(markdown_code(finding.url))
    if finding.fix:
        doubt = "" if finding.fix.safety is Safety.SAFE else " (please look twice)"
        lines.append(f"**Fix:** {escape_markdown(finding.fix.description)}{doubt}")
    known = [f"{item.says} ({item.source}, {item.at.date()})" for item in finding.evidence[:1]]
    lines.extend(f"<sub>How this is known: {escape_markdown(words)}</sub>" for words in known)
    lines.append(f"<sub>[{finding.rule}]({rule_page_url(finding.rule)})</sub>")
    return "<br>".join(lines)


def _footer(result: RunResult) -> str:
    if not result.findings:
        return ""
    fixes = sum(1 for f in result.findings if f.fix and f.fix.safety is Safety.SAFE)
    command = markdown_code(rerun_command(result, "fix", "--write"))
    fix = f" {command} makes {plural(fixes, 'safe fix', 'safe fixes')} for you." if fixes else ""
    return (
        f"\nThe rule below each finding leads to its page.{fix} A false alarm? "
        f"[How to silence it]({PROJECT_URL}/blob/main/docs/silencing.md).\n"
    )
