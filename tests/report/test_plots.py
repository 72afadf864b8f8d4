"""The plots: what is drawn, what is said instead, and the survival estimate."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.model.entry import Entry
from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import (
    Evidence,
    Found,
    Gone,
    GoneReason,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.result import EntryResult
from linkcheck.model.run_history import Lifetime, RunSummary, lifetime
from linkcheck.model.target import Target, TargetKind
from linkcheck.report.html import plots
from linkcheck.report.html.survival import estimate_survival
from tests.report.report_results import NOW, entry, past, result

TARGET = Target(TargetKind.WEB, "https://a.example/", "https://a.example/")
DAY = date(2026, 11, 21)


def test_everything_is_drawn_where_there_is_enough() -> None:
    assert all(figure.svg for figure in plots.plot_all(result(40)))


def test_too_little_data_is_explained() -> None:
    made = {figure.key: figure for figure in plots.plot_all(result(2, history=False))}
    assert not any(figure.svg for figure in made.values())
    assert "without a store" in made["health"].caption
    assert "2 entries have a license" in made["licenses"].caption


def test_one_run_is_too_little_for_a_plot() -> None:
    figure = plots.plot_health([RunSummary(NOW, {"alive": 3})])
    assert figure.svg is None
    assert "1 complete run," in figure.caption


def test_the_survival_plot_has_its_number_of_cases() -> None:
    figure = plots.plot_lifetimes(past().lifetimes)
    assert "40 targets, 8 of them gone" in figure.caption


def test_nothing_gone_draws_no_curve() -> None:
    figure = plots.plot_lifetimes([Lifetime(9.0, ended=False)] * 30)
    assert figure.svg is None
    assert "none has gone" in figure.caption


def test_labels_from_outside_are_escaped() -> None:
    bad = "<script>alert(1)</script>"
    entries = [
        EntryResult(Entry(f"e{n}", "E", None, entry(0).entry.span), {"license": bad})
        for n in range(6)
    ]
    svg = str(plots.plot_licenses(entries).svg)
    assert "<script" not in svg
    assert "&lt;script" in svg


def test_licenses_that_differ_in_case_count_as_one() -> None:
    base = entry(0).entry
    names = ["mit", "MIT", "MIT", "apache-2.0", "Apache-2.0"]
    figure = plots.plot_licenses([EntryResult(base, {"license": name}) for name in names])
    assert figure.rows == (("MIT", "3"), ("Apache-2.0", "2"))


def test_impossible_dates_are_left_out() -> None:
    base = entry(0).entry
    facts = {"last_push": "2026-13-45", "created": "soon", "stars": 3}
    assert plots.plot_ages([EntryResult(base, facts)] * 9, DAY).svg is None
    assert plots.plot_stars([EntryResult(base, facts)] * 9, DAY).svg is None


def test_product_limit_estimate() -> None:
    # The worked example: deaths at 1 (of 4) and 3 (of 2), one censored at 2, one at 4.
    cases = [Lifetime(1, True), Lifetime(2, False), Lifetime(3, True), Lifetime(4, False)]
    assert [(s.days, s.share, s.at_risk) for s in estimate_survival(cases)] == [
        (0.0, 1.0, 4),
        (1, 0.75, 4),
        (3, 0.375, 2),
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.builds(Lifetime, st.floats(0, 4_000, allow_nan=False), st.booleans()), max_size=40)
)
def test_estimate_never_rises_and_keeps_its_band(cases: list[Lifetime]) -> None:
    steps = estimate_survival(cases)
    shares = [step.share for step in steps]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= s.low <= s.share + 1e-9 and s.share - 1e-9 <= s.high <= 1 for s in steps)


def seen(day: int, outcome: Outcome) -> Observation:
    return Observation(TARGET, NOW + timedelta(days=day), outcome)


HERE, LOST = Found(PageFacts()), Gone(GoneReason.NOT_FOUND)
SILENT = Unknown(UnknownReason.TIMEOUT)


@pytest.mark.parametrize(
    ("course", "life"),
    [
        ([(0, HERE), (30, HERE)], Lifetime(30, False)),
        ([(0, HERE), (30, LOST), (37, LOST)], Lifetime(30, True)),
        ([(0, HERE), (7, LOST), (14, HERE)], Lifetime(14, False)),
        ([(0, HERE), (7, SILENT)], Lifetime(0, False)),
        ([(0, LOST)], None),
        ([(0, SILENT)], None),
        ([], None),
    ],
)
def test_lifetime_of_a_target(course: list[tuple[int, Outcome]], life: Lifetime | None) -> None:
    newest_first = tuple(seen(day, outcome) for day, outcome in reversed(course))
    assert lifetime(Evidence(TARGET, newest_first)) == life
