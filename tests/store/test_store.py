import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.observation import Evidence, Found, Observation
from linkcheck.model.target import Target, TargetKind
from linkcheck.model.wayback import ArchivedCopy
from linkcheck.store import SqliteStore, memory_store, open_store
from linkcheck.store.sqlite import MAX_OBSERVATIONS
from tests.store.store_builders import FOUND, GONE, NOON, SILENT, page, seen


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore]:
    opened = (
        open_store(tmp_path / "new" / "store.db") if request.param == "file" else memory_store()
    )
    with opened:
        yield opened


def test_history_is_newest_first_and_limited(store: SqliteStore) -> None:
    days = [seen(page(), day) for day in range(6)]
    store.record(days[3:])
    store.record(days[:3])
    assert store.history([page()])[page()].observations == tuple(reversed(days))
    limited = store.history([page()], limit=2)[page()].observations
    assert limited == (days[5], days[4], days[0])  # and the first in which it was there


def test_the_last_found_observation_is_always_in_the_history(store: SqliteStore) -> None:
    rows = [seen(page(), 0), seen(page(), 1, Found(PageFacts("B")))]
    rows += [seen(page(), day, SILENT) for day in range(2, 10)]
    store.record(rows)
    evidence = store.history([page()], limit=3)[page()]
    assert evidence.observations == (rows[9], rows[8], rows[7], rows[1], rows[0])
    assert evidence.last_found == rows[1]


def test_an_unknown_target_has_no_observations(store: SqliteStore) -> None:
    store.record([])
    assert store.history(iter([page(1), page(1)])) == {page(1): Evidence(page(1))}


def test_a_batch_with_an_invalid_observation_is_not_stored(store: SqliteStore) -> None:
    store.record([seen(page(1), 0)])
    timeless = replace(seen(page(2), 1), at=NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="zone"):
        store.record([seen(page(1), 1), timeless, seen(page(3), 1)])
    assert store.history([page(1)])[page(1)].observations == (seen(page(1), 0),)
    store.record([seen(page(3), 2)])  # and the store goes on
    assert store.history([page(3)])[page(3)].observations == (seen(page(3), 2),)


def test_a_store_without_a_file_needs_no_folder_for_temporary_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nowhere() -> str:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    with memory_store() as store:
        store.record([seen(page(), 0)])
        assert store.history([page()])[page()].latest == seen(page(), 0)


def test_a_store_without_a_file_takes_more_than_fits_into_its_cache() -> None:
    targets = [page(number) for number in range(8_000)]
    with memory_store() as store:
        store.record([seen(target, 0) for target in targets])
        assert len(store.history(targets)) == len(targets)
        assert store.history(targets[-1:])[targets[-1]].latest == seen(targets[-1], 0)


def test_history_has_the_requested_target(store: SqliteStore) -> None:
    first = Target(TargetKind.GITHUB_REPO, "a/b", "https://github.com/A/b")
    other = replace(first, url="https://github.com/a/B")
    store.record([Observation(first, NOON, Found(RepositoryFacts(stars=1)))])
    latest = store.history([other])[other].latest
    assert latest is not None
    assert latest.target.url == other.url


def test_targets_of_two_kinds_with_one_key_are_distinct(store: SqliteStore) -> None:
    model, dataset = (
        Target(kind, "a/b", "") for kind in (TargetKind.HF_MODEL, TargetKind.HF_DATASET)
    )
    store.record([seen(model, 0), seen(dataset, 0, GONE)])
    history = store.history([model, dataset])
    assert history[model].observations == (seen(model, 0),)
    assert history[dataset].observations == (seen(dataset, 0, GONE),)


def test_recording_again_changes_nothing(store: SqliteStore) -> None:
    store.record([seen(page())])
    store.record([seen(page())])
    assert len(store.history([page()])[page()].observations) == 1


def test_history_keeps_the_newest_and_the_first_and_last_found(store: SqliteStore) -> None:
    rows = [seen(page(), day, GONE if day < 2 else FOUND) for day in range(5)]
    rows += [seen(page(), day, GONE) for day in range(5, MAX_OBSERVATIONS + 20)]
    for row in rows:
        store.record([row])
    kept = store.history([page()], limit=1000)[page()].observations
    assert kept == (*reversed(rows[-MAX_OBSERVATIONS:]), rows[4], rows[2])


def test_outside_text_survives(store: SqliteStore) -> None:
    for day, title in enumerate(
        ["\x00", "\ud800", "'; DROP TABLE observations; --", "中文 🤗", "\x1b[31m"]
    ):
        observation = seen(page(), day, Found(PageFacts(title)))
        store.record([observation])
        assert store.history([page()])[page()].latest == observation


def test_everything_stored_is_walked_through(store: SqliteStore) -> None:
    rows = [seen(page(number), day) for number in range(1100) for day in (0, 1)]
    store.record(rows)
    walked = list(store.all_targets_history())
    assert len(walked) == 1100
    assert [str(evidence.target) for evidence in walked] == sorted(
        str(row.target) for row in rows[::2]
    )
    assert all(len(evidence.observations) == 2 for evidence in walked)
    assert walked[0].target.url == walked[0].target.key


def test_cooldowns_are_stored_until_they_end(store: SqliteStore) -> None:
    one, two = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    store.record_cooldowns({"a.example": one, "b.example": NOON - timedelta(1)}, NOON)
    store.record_cooldowns({"c.example": two}, NOON)
    assert store.cooldowns(NOON) == {"a.example": one, "c.example": two}
    assert store.cooldowns(one) == {"c.example": two}
    store.record_cooldowns({}, one)
    assert store.cooldowns(NOON) == {"c.example": two}


def test_runs_are_recorded(store: SqliteStore) -> None:
    for day in range(3):
        store.record_run(
            started=NOON + timedelta(days=day),
            finished=NOON + timedelta(days=day, minutes=1),
            outcome="complete",
            by_status={"alive": day},
            by_host={"api.github.com": 1},
        )
    newest, *_ = runs = store.runs()
    assert [run.by_status["alive"] for run in runs] == [2, 1, 0]
    assert newest.started == NOON + timedelta(days=2)
    assert (newest.outcome, newest.by_host) == ("complete", {"api.github.com": 1})
    assert len(store.runs(limit=1)) == 1


def test_a_batch_is_kept_whole_or_not_at_all(store: SqliteStore) -> None:
    store.record([seen(page(1))])
    unfit = seen(page(3), 1, Found(PageFacts(title=object())))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        store.record([seen(page(2)), unfit])
    history = store.history([page(1), page(2)])
    assert [len(evidence.observations) for evidence in history.values()] == [1, 0]


def test_what_was_recorded_is_there_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(path) as store:
        store.record([seen(page())])
    for read_only in (False, True):
        with open_store(path, read_only=read_only) as store:
            assert store.history([page()])[page()].latest == seen(page())
            assert store.notices == ()
    store.close()


def test_what_the_archive_answered_is_kept_for_a_while(store: SqliteStore) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    copy = ArchivedCopy("https://web.archive.org/web/2024/https://a.example/", start)
    store.record_archived_copies({"https://a.example/": copy, "https://b.example/": None}, start)
    urls = ["https://a.example/", "https://b.example/", "https://c.example/"]
    assert store.archived_copies(urls) == {urls[0]: (start, copy), urls[1]: (start, None)}
    later = start + timedelta(days=100)
    store.record_archived_copies({urls[2]: None}, later)
    assert store.archived_copies(urls) == {urls[2]: (later, None)}
