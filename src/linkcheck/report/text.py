"""The ``text`` format, for terminals and logs.

Findings are listed by file and entry, the most severe first, with their evidence and fix. The last
block is a summary.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING

from linkcheck.model.escape import visible_line
from linkcheck.model.finding import Finding, Fix, Safety, Severity
from linkcheck.model.observation import Status
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.wording import plural
from linkcheck.report import OutputCapabilities, rerun_command
from linkcheck.report.info_summary import listed_findings, sum_up_info
from linkcheck.report.json import status_counts

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_STATUS_STYLES = {
    Status.ALIVE: "green",
    Status.MOVED: "yellow",
    Status.DEAD: "bold red",
    Status.UNREACHABLE: "yellow",
    Status.BLOCKED: "magenta",
    Status.INVALID: "red",
    Status.SKIPPED: "dim",
}


def render(result: RunResult, output: OutputCapabilities) -> str:
    """Return the report, wrapped to the width of the output, with colors if it has them."""
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out,
        width=max(output.width, 40),
        force_terminal=output.color,
        no_color=not output.color,
        color_system="standard" if output.color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    if result.outcome is RunOutcome.COMPLETE:
        _print_service_failures(console, result)
    if result.sandbox and (result.findings or output.verbose):
        _print_sandbox(console)
        console.print()
    if output.verbose:
        _print_links(console, result)
    _print_findings(console, result, output)
    _print_info(console, result, output)
    _print_notices(console, result)
    _print_summary(console, result)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _print_service_failures(console: "Console", result: RunResult) -> None:
    for reason in result.service_failures.values():
        text = _styled(("warning: ", "bold yellow"), (visible_line(reason), ""))
        _print_indented(console, text, 0)
    if result.service_failures:
        console.print()


def _styled(*parts: tuple[str, str]) -> "Text":
    from rich.text import Text

    return Text.assemble(*((content, style) for content, style in parts))


def _print_indented(console: "Console", text: "Text", left: int, first: str = "") -> None:
    """Print wrapped, indented text; ``first`` is the label in the margin of its first line."""
    width = max(console.width - left, 20)
    margin = f"    {first}".ljust(left) if first else " " * left
    for line in text.divide(_line_starts(text.plain, width)):
        line.rstrip()
        console.print(_styled((margin, "dim")) + line, soft_wrap=True)
        margin = " " * left


def _line_starts(text: str, width: int) -> list[int]:
    """Return the offsets at which to break lines to fit into ``width`` cells.

    URLs are never broken, so that they can be followed and copied; scripts without spaces break
    between characters.
    """
    from rich.cells import cell_len

    starts = []
    used = 0
    for start, piece in _unbreakable_pieces(text, width):
        if used and used + cell_len(piece.rstrip()) > width:
            starts.append(start)
            used = 0
        used += cell_len(piece)
    return starts


def _unbreakable_pieces(text: str, width: int) -> Iterator[tuple[int, str]]:
    """Yield unbreakable pieces with their offsets: words, or the characters of a long word."""
    from rich.cells import cell_len

    for word in re.finditer(r"\S+\s*", text):
        if word[0].isascii() or cell_len(word[0].rstrip()) <= width:
            yield word.start(), word[0]
        else:
            yield from enumerate(word[0], word.start())


def _print_links(console: "Console", result: RunResult) -> None:
    for link in result.links:
        status = _styled((f"{link.status.value:<12}", _STATUS_STYLES[link.status]))
        console.print(status.append(visible_line(link.url), style=""), soft_wrap=True)
        for item in link.evidence:
            _print_indented(
                console, _styled((f"{visible_line(item.says)}  ({item.source})", "dim")), 12
            )
    console.print()


def _print_findings(console: "Console", result: RunResult, output: OutputCapabilities) -> None:
    names = {entry.entry.id: entry.entry.name for entry in result.entries}
    listed = listed_findings(result, verbose=output.verbose)
    for file, in_file in groupby(listed, key=lambda finding: finding.span.file):
        console.print(_styled((visible_line(file), "bold underline")), soft_wrap=True)
        for entry, group in groupby(in_file, key=lambda finding: finding.entry):
            if entry is not None:
                name = visible_line(names.get(entry, ""))
                console.print(
                    _styled(
                        ("  " + visible_line(entry), "bold"), (f"  {name}" if name else "", "dim")
                    ),
                    soft_wrap=True,
                )
            for finding in sorted(group, key=lambda f: (-f.severity.rank, f.span.start)):
                _print_finding(console, finding, output)
        console.print()


def _print_info(console: "Console", result: RunResult, output: OutputCapabilities) -> None:
    """Print one line for each rule whose findings are not listed."""
    summaries = sum_up_info(result, verbose=output.verbose)
    for summary in summaries:
        command = f"'{visible_line(summary.command)}' " if summary.command else ""
        line = _styled(
            (f"{summary.count:,} × {summary.rule}", _STYLES[Severity.INFO]),
            (f": {command}{visible_line(summary.text)}", ""),
        )
        _print_indented(console, line, 0)
    if summaries:
        console.print()


def _print_finding(console: "Console", finding: Finding, output: OutputCapabilities) -> None:
    place = f"{finding.span.line}:{finding.span.column}"
    rule_style = _STYLES[finding.severity]
    head = _styled(
        (f"    {place:<8}", "dim"),
        (f"{finding.severity.value:<8}", rule_style),
        (finding.rule, rule_style),
    )
    if finding.url:
        link = visible_line(finding.url)
        # A URL is never broken: one that does not fit after the rule goes on the next line.
        fits = head.cell_len + 2 + len(link) <= console.width
        head.append("  " if fits else f"\n{' ' * 12}")
        style = "underline" if output.color else ""
        if output.hyperlinks and finding.url.startswith(("http://", "https://")):
            style += f" link {finding.url}" if finding.url == link else ""
        head.append(link, style=style.strip())
    console.print(head, soft_wrap=True)
    _print_indented(console, _styled((visible_line(finding.message), "")), 12)
    label = "seen"
    for item in finding.evidence if output.verbose else finding.evidence[:2]:
        day = item.at.date().isoformat()
        statement = f"{visible_line(item.says)}  ({item.source}, {day})"
        _print_indented(console, _styled((statement, "dim")), 12, label)
        label = ""
    if finding.fix is not None:
        _print_indented(console, _describe_fix(finding.fix), 12, "fix")


def _describe_fix(fix: Fix) -> "Text":
    """Return the description of the fix, and the new text of a single one-line edit."""
    words = visible_line(fix.description)
    if len(fix.edits) == 1 and (after := fix.edits[0].after) and "\n" not in after:
        words += f": {visible_line(after)}"
    careful = "" if fix.safety is Safety.SAFE else "  (unsafe: look before you apply it)"
    return _styled((words, "green"), (careful, "yellow"))


def _print_notices(console: "Console", result: RunResult) -> None:
    for notice in result.notices:
        label = "defect" if notice.defect else "note"
        style = "bold red" if notice.defect else "blue"
        _print_indented(
            console, _styled((f"{label}: ", style), (visible_line(notice.message), "")), 0
        )
    if result.notices:
        console.print()


def _print_sandbox(console: "Console") -> None:
    words = "an embedded imitation of the services answered, not the services."
    _print_indented(console, _styled(("sandbox: ", "bold blue"), (words, "")), 0)


def _print_summary(console: "Console", result: RunResult) -> None:
    if result.sandbox:
        _print_sandbox(console)
    if result.outcome is RunOutcome.INCONCLUSIVE:
        label = "interrupted: " if result.interrupted else "inconclusive: "
        _print_indented(
            console, _styled((label, "bold yellow"), (visible_line(result.reason or ""), "")), 0
        )
    counts = Counter(finding.severity for finding in result.findings)
    parts: list[tuple[str, str]] = []
    for severity in Severity:
        number = counts[severity]
        if parts:
            parts.append((", ", ""))
        many = "info" if severity is Severity.INFO else None
        style = _STYLES[severity] if number else "dim"
        parts.append((plural(number, severity.value, many), style))
    entries = plural(len(result.entries), "entry", "entries")
    parts.append((f" in {entries}", ""))
    is_complete = result.outcome is RunOutcome.COMPLETE
    if is_complete and not result.findings:
        parts.append(_no_findings_note(result))
    if is_complete or result.interrupted:
        _print_indented(console, _styled(*parts), 0)
    _print_indented(console, _status_line(result), 0)
    _print_indented(console, _styled((_request_line(result), "dim")), 0)
    advice = _advice(result)
    if advice:
        _print_indented(console, _styled(("next: ", "bold"), (advice, "")), 0)


def _no_findings_note(result: RunResult) -> tuple[str, str]:
    """Return the note on a run without findings, which means little with unchecked links."""
    if result.changed_since and not result.links:
        return "", ""
    counts = status_counts(result)
    skipped = counts[Status.SKIPPED.value]
    unknown = counts[Status.UNREACHABLE.value] + counts[Status.BLOCKED.value]
    if unknown and not skipped:
        unchecked = f"{plural(unknown, 'link')} could not be checked"
        return f" \N{EN DASH} {unchecked} (-v says why)", "yellow"
    if not skipped:
        return " \N{EN DASH} all is well", "green"
    was = "was" if skipped == 1 else "were"
    return f" \N{EN DASH} {plural(skipped, 'link')} {was} not asked about (-v says why)", "yellow"


def _status_line(result: RunResult) -> "Text":
    if not result.links:
        nothing = "nothing that this change adds or alters holds a link"
        return _styled((nothing if result.changed_since else "0 links", ""))
    parts: list[tuple[str, str]] = [(plural(len(result.links), "link") + ": ", "")]
    shown = [(name, number) for name, number in status_counts(result).items() if number]
    for position, (name, number) in enumerate(shown):
        separator = ", " if position else ""
        parts.append((f"{separator}{number:,} {name}", _STATUS_STYLES[Status(name)]))
    return _styled(*parts)


def _request_line(result: RunResult) -> str:
    seconds = (result.finished_at - result.started_at).total_seconds()
    text = f"{plural(result.requests.total, 'request')} in {seconds:,.1f} s"
    busiest = sorted(result.requests.by_host.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{visible_line(host)} {number}" for host, number in busiest[:3]]
    if named:
        more = len(busiest) - len(named)
        text += f" ({', '.join(named)}{f', {more} more hosts' if more > 0 else ''})"
    if result.reused:
        text += f"; {plural(result.reused, 'target')} answered from the store"
    return text


def _advice(result: RunResult) -> str:
    findings = result.findings
    if result.outcome is RunOutcome.INCONCLUSIVE and not result.interrupted:
        command = visible_line(rerun_command(result, "run", "--offline"))
        return f"'{command}' tells what the files alone tell"
    safe = _count_fixes(findings, Safety.SAFE)
    unsafe = _count_fixes(findings, Safety.UNSAFE)
    advice = []
    if safe:
        command = visible_line(rerun_command(result, "fix"))
        advice.append(f"'{command}' shows {plural(safe, 'safe fix', 'safe fixes')}")
    if unsafe:
        doubtful = plural(unsafe, "unsafe fix", "unsafe fixes")
        alone = f"'{visible_line(rerun_command(result, 'fix', '--unsafe'))}' shows {doubtful}"
        advice.append(f"{unsafe:,} more with --unsafe" if safe else alone)
    if findings:
        advice.append(f"'linkcheck explain {findings[0].rule}' tells what a rule means")
    return "; ".join(advice)


def _count_fixes(findings: Iterable[Finding], safety: Safety) -> int:
    return sum(1 for f in findings if f.fix is not None and f.fix.safety is safety)
