"""Render the matrix as a Markdown table."""

from collections.abc import Sequence

from benchmarks.faults.cell import Outcome

_SHORT = {"alive": "alive", "dead": "dead", "unreachable": "unreachable", "blocked": "blocked"}


def table(outcomes: Sequence[Outcome], upstreams: Sequence[str]) -> str:
    """Return a row for each fault and a column for each upstream."""
    cells = {(o.case, o.upstream): o for o in outcomes}
    lines = [
        f"| fault | {' | '.join(upstreams)} |",
        f"| --- |{' --- |' * len(upstreams)}",
    ]
    for case in dict.fromkeys(o.case for o in outcomes):
        shown = (_cell(cells.get((case, name))) for name in upstreams)
        lines.append(f"| {case} | {' | '.join(shown)} |")
    return "\n".join(lines)


def _cell(outcome: Outcome | None) -> str:
    if outcome is None:
        return "–"
    words = ", ".join(_SHORT.get(status, status) for status in outcome.statuses)
    if outcome.inconclusive:
        words = "inconclusive"
    return f"**WRONG** {words}" if outcome.wrong else words


def summary(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Return the figures in one paragraph."""
    wrong = [o for o in outcomes if o.wrong]
    late = [o for o in outcomes if any(word.startswith("took") for word in o.wrong)]
    defects = [o for o in outcomes if any(word.startswith("defect") for word in o.wrong)]
    is_retry = sum(1 for o in outcomes if o.is_retry)
    slowest = max(outcomes, key=lambda o: o.seconds)
    return (
        f"{len(outcomes)} runs in {seconds:.0f} s; {len(wrong)} wrong, {len(late)} late, "
        f"{len(defects)} crashed. The slowest run took {slowest.seconds:.1f} s "
        f"({slowest.upstream}, {slowest.case}). {is_retry} were run a second time, alone, because "
        "sixteen runs at once had kept the machine too busy for their short time-outs."
    )
