import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.model.entry import Entry, EntryKind
from linkcheck.model.result import EntryResult
from linkcheck.model.source_text import SourceText
from linkcheck.report.observed import debounce_count, observed_json, round_to_two_digits

SPAN = SourceText("catalog.yaml", "x").span(0, 1)


def result(name: str, **observed: object) -> EntryResult:
    return EntryResult(Entry(name, name, EntryKind.MODEL, SPAN), observed)


def world(growth: float = 1.0) -> list[EntryResult]:
    numbers = random.Random(7)
    entries = []
    for number in range(500):
        stars = int(10 ** numbers.uniform(0.5, 4.8) * growth)
        entries.append(
            result(
                f"entry-{number:03}",
                stars=stars,
                forks=stars // 7,
                downloads=stars * 31,
                license="MIT",
                last_push="2026-06-03",
            )
        )
    return entries


def changed(one: str, two: str) -> int:
    return sum(a != b for a, b in zip(one.splitlines(), two.splitlines(), strict=True))


def test_one_entry_per_line_sorted_and_readable() -> None:
    text = observed_json(
        [result("b", stars=1234, license="MIT"), result("a", stars=7), result("c")]
    )
    assert text == '{\n"a": {"stars": 7},\n"b": {"license": "MIT", "stars": 1200}\n}\n'
    assert json.loads(text)["b"]["stars"] == 1200
    assert observed_json([]) == "{}\n"


def test_an_unchanged_world_gives_the_same_file() -> None:
    first = observed_json(world())
    assert observed_json(world(), first) == first
    assert observed_json(list(reversed(world())), first) == first


def test_one_percent_more_stars_changes_at_most_a_tenth_of_the_lines() -> None:
    first = observed_json(world())
    assert changed(first, observed_json(world(1.01), first)) <= 50


def test_steady_growth_reaches_the_file_in_the_end() -> None:
    text = observed_json([result("a", stars=1000)])
    for week in range(1, 60):
        text = observed_json([result("a", stars=int(1000 * 1.01**week))], text)
    assert abs(json.loads(text)["a"]["stars"] - 1000 * 1.01**59) < 0.13 * 1000 * 1.01**59


def test_weekly_growth_changes_few_lines_on_average() -> None:
    text, total = observed_json(world()), 0
    for week in range(1, 11):
        after = observed_json(world(1.01**week), text)
        total += changed(text, after)
        text = after
    assert total <= 10 * 50


def test_what_matters_shows_at_once() -> None:
    before = observed_json([result("a", stars=1000, license="MIT", archived=False)])
    after = observed_json([result("a", stars=1000, license="GPL-3.0", archived=True)], before)
    assert json.loads(after)["a"] == {"archived": True, "license": "GPL-3.0", "stars": 1000}


def test_days_of_activity_are_months() -> None:
    text = observed_json([result("a", last_push="2026-06-03", paper_published="2023-03-24")])
    assert json.loads(text)["a"] == {"last_push": "2026-06", "paper_published": "2023-03-24"}


def test_a_damaged_former_file_counts_as_none() -> None:
    for former in ("", "{", "[]", '{"a": 3}', '{"a": {"stars": "many"}}'):
        assert json.loads(observed_json([result("a", stars=1234)], former))["a"]["stars"] == 1200


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_rounding_is_close_and_stable(count: int) -> None:
    rounded = round_to_two_digits(count)
    assert abs(rounded - count) <= max(5, 0.05 * count)
    assert round_to_two_digits(rounded) == rounded
    assert debounce_count(count, rounded, 0.12) == rounded
