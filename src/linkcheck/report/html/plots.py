"""Plots of a run's facts and the store's history; with too little data, a text instead."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from math import log10

from linkcheck.model.observation import Status
from linkcheck.model.result import EntryResult, RunResult
from linkcheck.model.run_history import Lifetime, RunSummary
from linkcheck.model.wording import plural
from linkcheck.report.html import svg
from linkcheck.report.html.survival import Step, estimate_survival
from linkcheck.report.html.svg import BOTTOM, LEFT, RIGHT, TOP, Figure
from linkcheck.report.html.view_model import declared_license

HEALTH_TITLE = "Link health over the runs"
LIFETIMES_TITLE = "How long links survive"

MIN_ENTRIES = 5
"""Minimum entries with a fact for a plot of its distribution."""
MIN_RUNS = 3
MIN_TARGETS = 20
"""Minimum targets with a history for a survival curve."""
MAX_RUNS = 40
MAX_LICENSES = 9

_AGE_GROUPS = (
    (31, "< 1 month"),
    (92, "1–3 months"),
    (183, "3–6 months"),
    (366, "6–12 months"),
    (731, "1–2 years"),
    (1_096, "2–3 years"),
    (10**9, "> 3 years"),
)


def plot_all(result: RunResult) -> tuple[Figure, ...]:
    """Return all plots of a run."""
    day = result.started_at.date()
    history = result.history
    if history is None:
        none = "No history: this report was made without a store of earlier runs."
        health = svg.missing_figure("health", HEALTH_TITLE, none)
        lifetimes = svg.missing_figure("lifetimes", LIFETIMES_TITLE, none)
    else:
        health, lifetimes = plot_health(history.runs), plot_lifetimes(history.lifetimes)
    return (
        health,
        plot_licenses(result.entries),
        plot_ages(result.entries, day),
        plot_stars(result.entries, day),
        lifetimes,
    )


def plot_health(runs: Sequence[RunSummary]) -> Figure:
    """Plot the share of links by status over the runs in the store."""
    key, title = "health", HEALTH_TITLE
    runs = [run for run in runs if sum(run.by_status.values())][-MAX_RUNS:]
    if len(runs) < MIN_RUNS:
        return svg.missing_figure(
            key,
            title,
            f"Too little data: the store knows {plural(len(runs), 'complete run')}, and a course "
            f"shows from {MIN_RUNS} on.",
        )
    statuses = [s for s in Status if any(run.by_status.get(s.value) for run in runs)]
    parts = svg.axis_left(_percent_ticks())
    step = (RIGHT - LEFT) / len(runs)
    for number, run in enumerate(runs):
        total, top = sum(run.by_status.values()), float(BOTTOM)
        for status in statuses:
            count = run.by_status.get(status.value, 0)
            height = (BOTTOM - TOP) * count / total
            top -= height
            words = f"{_format_day(run.at)}: {count:,} of {total:,} {status.value}"
            x = LEFT + step * number
            if count:
                parts.append(svg.rect(x, top, step * 0.9, height, f"st-{status.value}", words))
    first, last = _format_day(runs[0].at), _format_day(runs[-1].at)
    parts += svg.axis_bottom(((LEFT, first, "start"), (RIGHT, last, "end")))
    return Figure(
        key,
        title,
        svg.svg_image(f"{title}: {len(runs)} runs from {first} to {last}", parts),
        f"The last {len(runs)} complete runs; each bar is one run.",
        ("Run", *(status.value for status in statuses)),
        tuple(
            (_format_day(r.at), *(f"{r.by_status.get(s.value, 0):,}" for s in statuses))
            for r in runs
        ),
        tuple((f"st-{status.value}", status.value) for status in statuses),
    )


def plot_licenses(entries: Sequence[EntryResult]) -> Figure:
    """Plot the number of entries by license declared upstream."""
    key, title = "licenses", "Licenses"
    counts = _count_ignoring_case(
        name for entry in entries if (name := declared_license(entry.observed))
    )
    known = sum(counts.values())
    if known < MIN_ENTRIES:
        return svg.missing_figure(key, title, _too_few_entries(known, "a license seen upstream"))
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = common[:MAX_LICENSES]
    if others := sum(count for _, count in common[MAX_LICENSES:]):
        shown.append((f"{len(common) - MAX_LICENSES} others", others))
    undeclared = len(entries) - known
    return _bar_chart(
        key,
        title,
        shown,
        f"Declared upstream by {plural(known, 'entry', 'entries')}; "
        f"of {undeclared:,} no license is known.",
        "License",
    )


def _count_ignoring_case(names: Iterable[str]) -> Counter[str]:
    """Count names case-insensitively, each under its spelling with the most capitals."""
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for name in names:
        folded = name.casefold()
        counts[folded] += 1
        # Capitals sort first.
        spelling[folded] = min(name, spelling.get(folded, name))
    return Counter({spelling[folded]: count for folded, count in counts.items()})


def plot_ages(entries: Sequence[EntryResult], day: date) -> Figure:
    """Plot the age of the last push to the repositories."""
    key, title = "ages", "Age since the last push"
    days = [(day - when).days for entry in entries if (when := _observed_date(entry, "last_push"))]
    if len(days) < MIN_ENTRIES:
        return svg.missing_figure(key, title, _too_few_entries(len(days), "a known last push"))
    counts: Counter[str] = Counter()
    for age in days:
        counts[next(name for limit, name in _AGE_GROUPS if age < limit)] += 1
    shown = [(name, counts[name]) for _, name in _AGE_GROUPS]
    caption = f"{plural(len(days), 'entry', 'entries')} with a repository, on {day.isoformat()}."
    return _bar_chart(key, title, shown, caption, "Since")


def plot_stars(entries: Sequence[EntryResult], day: date) -> Figure:
    """Plot stars against the age of the repository."""
    key, title = "stars", "Stars against age"
    cases = [
        ((day - when).days / 365.25, count)
        for entry in entries
        if (when := _observed_date(entry, "created"))
        and isinstance(count := entry.observed.get("stars"), int)
        and when <= day
    ]
    if len(cases) < MIN_ENTRIES:
        return svg.missing_figure(key, title, _too_few_entries(len(cases), "stars and a known age"))
    oldest = max(1, int(max(years for years, _ in cases)) + 1)
    highest = max(1, int(log10(max(count for _, count in cases) + 1)) + 1)
    rows = [(BOTTOM - (BOTTOM - TOP) * n / highest, f"{10**n:,}") for n in range(highest + 1)]
    parts = svg.axis_left((y, label if len(label) < 6 else f"{label[:-4]}k") for y, label in rows)
    parts += svg.axis_bottom(
        (LEFT + (RIGHT - LEFT) * n / oldest, str(n), "middle")
        for n in range(0, oldest + 1, max(1, oldest // 6))
    )
    parts.append(svg.axis_title("years since the repository was made"))
    places = (
        (
            round(LEFT + (RIGHT - LEFT) * years / oldest),
            round(BOTTOM - (BOTTOM - TOP) * log10(max(count, 1)) / highest),
        )
        for years, count in cases
    )
    parts.append(svg.dots(places, "dots"))
    counts = sorted(count for _, count in cases)
    middle = counts[len(counts) // 2]
    words = (
        f"{plural(len(cases), 'repository', 'repositories')}; half have {middle:,} stars or more."
    )
    return Figure(key, title, svg.svg_image(f"{title}: {words}", parts), words)


def plot_lifetimes(cases: Sequence[Lifetime]) -> Figure:
    """Plot the survival of links, by the Kaplan–Meier estimate."""
    key, title = "lifetimes", LIFETIMES_TITLE
    span = max((case.days for case in cases), default=0.0)
    died = sum(case.ended for case in cases)
    if len(cases) < MIN_TARGETS or span < 1:
        seen = f"{plural(len(cases), 'target')} over {plural(int(span), 'day')}"
        return svg.missing_figure(
            key,
            title,
            f"Too little data: the store has followed {seen}, and a curve needs at least "
            f"{MIN_TARGETS} over a day.",
        )
    if not died:
        return svg.missing_figure(
            key,
            title,
            f"No curve yet: of {len(cases):,} targets followed for up to "
            f"{plural(int(span), 'day')}, none has gone.",
        )
    steps = estimate_survival(cases)
    lowest = _axis_minimum(min(step.low for step in steps))

    def at(days: float, share: float) -> tuple[float, float]:
        return (
            LEFT + (RIGHT - LEFT) * days / span,
            BOTTOM - (BOTTOM - TOP) * (share - lowest) / (1 - lowest),
        )

    lows, highs, middle = (
        [at(days, share) for days, share in _step_points(steps, name, span)]
        for name in ("low", "high", "share")
    )
    parts = svg.axis_left(_percent_ticks(lowest))
    parts.append(svg.path([*lows, *reversed(highs)], "band", closed=True))
    parts.append(svg.path(middle, "curve"))
    parts += svg.axis_bottom(
        ((LEFT, "0", "middle"), ((LEFT + RIGHT) / 2, f"{span / 2:.0f}", "middle"))
    )
    parts += svg.axis_bottom([(RIGHT, f"{span:.0f}", "end")])
    parts.append(svg.axis_title("days since first seen"))
    words = (
        f"{len(cases):,} targets, {died:,} of them gone; {steps[-1].share:.1%} are still there "
        f"after {span:.0f} days (Kaplan–Meier, band: 95%)."
    )
    return Figure(
        key,
        title,
        svg.svg_image(f"{title}: {words}", parts),
        words,
        ("Day", "Still there", "95% band", "At risk"),
        tuple(
            (f"{s.days:.0f}", f"{s.share:.1%}", f"{s.low:.1%} to {s.high:.1%}", f"{s.at_risk:,}")
            for s in steps[:60]
        ),
    )


def _step_points(steps: Sequence[Step], name: str, span: float) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for step in steps:
        if points:
            points.append((step.days, points[-1][1]))
        points.append((step.days, getattr(step, name)))
    points.append((span, points[-1][1]))
    return points


def _bar_chart(
    key: str, title: str, counts: Sequence[tuple[str, int]], caption: str, what: str
) -> Figure:
    """Plot horizontal bars with labels on the left and numbers on the right."""
    start, longest = 150, 200
    step = (svg.HEIGHT - 16) / max(len(counts), 6)
    most = max(count for _, count in counts)
    parts = []
    for number, (name, count) in enumerate(counts):
        y = 8 + step * number
        short = name if len(name) <= 22 else f"{name[:21]}…"
        width = longest * count / most
        parts.append(svg.text(start - 8, y + step * 0.62, short, anchor="end"))
        parts.append(svg.rect(start, y + step * 0.12, width, step * 0.7, "bar", name))
        parts.append(svg.text(start + width + 6, y + step * 0.62, f"{count:,}"))
    rows = tuple((name, f"{count:,}") for name, count in counts)
    return Figure(
        key, title, svg.svg_image(f"{title}: {caption}", parts), caption, (what, "Entries"), rows
    )


def _percent_ticks(lowest: float = 0.0) -> list[tuple[float, str]]:
    quarters = [lowest + (1 - lowest) * n / 4 for n in range(5)]
    return [
        (
            BOTTOM - (BOTTOM - TOP) * n / 4,
            f"{share:.0%}" if share * 100 % 1 < 0.01 else f"{share:.1%}",
        )
        for n, share in enumerate(quarters)
    ]


def _axis_minimum(share: float) -> float:
    """Return the minimum of an axis for shares: a multiple of 20 percent, or 96 percent."""
    return next((floor for floor in (0.96, 0.8, 0.6, 0.4, 0.2) if share >= floor + 0.01), 0.0)


def _too_few_entries(number: int, what: str) -> str:
    have = plural(number, "entry has", "entries have")
    return f"Too little data: {have} {what}, and a distribution shows from {MIN_ENTRIES} on."


def _format_day(moment: datetime) -> str:
    return moment.date().isoformat()


def _observed_date(entry: EntryResult, name: str) -> date | None:
    value = entry.observed.get(name)
    try:
        # observed.json has months, which count from their first day.
        return date.fromisoformat(f"{value}-01"[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
