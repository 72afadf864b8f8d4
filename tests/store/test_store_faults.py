import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from linkcheck.model.errors import StoreError
from linkcheck.model.facts import PathFacts, RepositoryFacts
from linkcheck.model.observation import Found
from linkcheck.model.target import Target, TargetKind
from linkcheck.store import open_store
from linkcheck.store.migrations import APPLICATION_ID, MIGRATIONS, VERSION
from tests.store.store_builders import NOON, page, seen

HERE = Path(__file__).parent  # where the processes find the builders, too


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_killed_run_loses_nothing_that_it_had_recorded(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    writer = """
        import sys
        from pathlib import Path
        from linkcheck.store import open_store
        from store_builders import page, seen
        store = open_store(Path(sys.argv[1]))
        for batch in range(10_000):
            store.record([seen(page(number), batch) for number in range(20)])
            print(batch, flush=True)
    """
    for kill_after in (0, 3, 11):
        before = stored_days(path) if path.exists() else set()
        child = python(writer, str(path))
        assert child.stdout is not None
        assert child.stderr is not None
        reported = set()
        for line in child.stdout:
            reported.add(int(line))
            if len(reported) > kill_after:
                child.send_signal(signal.SIGKILL)
                break
        child.communicate()
        days = stored_days(path)
        assert reported <= days
        assert before <= days


def stored_days(path: Path) -> set[int]:
    with open_store(path) as store:
        assert store.notices == ()
        history = store.history([page(number) for number in range(20)], limit=50)
    days = [
        {(row.at - seen(page()).at).days for row in item.observations} for item in history.values()
    ]
    assert all(own == days[0] for own in days)  # every batch is there for all or for none
    return days[0]


def test_two_runs_at_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    writer = """
        import sys
        from pathlib import Path
        from linkcheck.store import open_store
        from store_builders import page, seen
        first = int(sys.argv[2])
        with open_store(Path(sys.argv[1])) as store:
            for number in range(first, first + 40):
                store.record([seen(page(number)), seen(page(9_000), number)])
    """
    children = [python(writer, str(path), str(first)) for first in (0, 40)]
    for child in children:
        _, errors = child.communicate(timeout=60)
        assert child.returncode == 0, errors
    with open_store(path) as store:
        history = store.history([page(number) for number in range(80)])
        assert all(len(evidence.observations) == 1 for evidence in history.values())
        assert len(store.history([page(9_000)], limit=100)[page(9_000)].observations) >= 50


def test_a_damaged_file_is_moved_aside_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / ".linkcheck" / "store.db"
    path.parent.mkdir()
    path.write_bytes(b"this is no database at all" * 100)
    with open_store(path) as store:
        store.record([seen(page())])
        assert store.history([page()])[page()].latest == seen(page())
        [notice] = store.notices
    [aside] = path.parent.glob("store.db.corrupt-*")
    assert aside.read_bytes().startswith(b"this is no database")
    assert aside.name in notice


@pytest.mark.parametrize("first", ["read", "write"])
def test_damage_is_detected_on_access(tmp_path: Path, first: str) -> None:
    path = tmp_path / "store.db"
    with open_store(path) as store:
        store.record([seen(page(number)) for number in range(500)])
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)
    with open_store(path) as store:
        if first == "write":
            store.record([seen(page(1))])
        history = store.history([page(number) for number in range(500)])
        assert sum(len(evidence.observations) for evidence in history.values()) <= 1
        assert len(store.notices) == 1
    assert len(list(tmp_path.glob("store.db.corrupt-*"))) >= 1


def test_a_damaged_file_is_left_alone_when_only_reading(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreError, match="damaged"):
        open_store(path, read_only=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["store.db"]


def test_damage_found_while_only_reading_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(path) as store:
        store.record([seen(page(number)) for number in range(500)])
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)
    with (
        open_store(path, read_only=True) as store,
        pytest.raises(StoreError, match="damaged"),
    ):
        store.history([page(number) for number in range(500)])
    assert path.read_bytes() == content
    assert list(tmp_path.glob("*corrupt*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_full_disk_under_a_temporary_store_is_explained() -> None:
    process = python(
        """
        import resource, signal
        from store_builders import page, seen
        from linkcheck.model.errors import StoreError
        from linkcheck.store import memory_store

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))
        with memory_store() as store:
            try:
                store.record([seen(page(number)) for number in range(20_000)])
            except StoreError as error:
                print(error.where, error.hint, sep="|")
        """
    )
    out, problem = process.communicate(timeout=60)
    where, hint = out.strip().split("|")
    assert "temporary" in where, problem
    assert "TMPDIR" in hint
    assert "--no-store" not in hint


def test_a_store_with_a_newer_schema_is_rejected_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreError, match="newer linkcheck") as caught:
            open_store(path, read_only=read_only)
        assert caught.value.hint
        assert caught.value.where == str(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("done", range(1, VERSION))
def test_a_store_with_an_older_schema_is_migrated(tmp_path: Path, done: int) -> None:
    new, path = tmp_path / "new.db", tmp_path / "store.db"
    with open_store(new) as store:
        store.record([seen(page(1)), seen(page(1), 1)])
        history = store.history([page(1)])
    with closing(sqlite3.connect(path)) as old, old:
        for migration in MIGRATIONS[:done]:
            for statement in migration.statements:
                if "with_database_ids" not in statement:  # there is nothing to convert yet
                    old.execute(statement)
        old.execute("ATTACH ? AS new", (str(new),))
        old.execute("INSERT INTO observations SELECT * FROM new.observations")
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute(f"PRAGMA user_version = {done}")
    before = path.read_bytes()
    with open_store(path, read_only=True) as store:
        assert store.history([page(1)]) == history
    assert path.read_bytes() == before
    with open_store(path) as store:
        assert store.history([page(1)]) == history
        store.record_archived_copies({"https://gone.example/": None}, NOON)
        assert store.archived_copies(["https://gone.example/"]) == {
            "https://gone.example/": (NOON, None)
        }
    with closing(sqlite3.connect(path)) as current:
        assert current.execute("PRAGMA user_version").fetchone() == (VERSION,)


@pytest.mark.parametrize(
    ("node_id", "number"),
    [
        ("MDEwOlJlcG9zaXRvcnkxMjk2MjY5", "1296269"),
        ("R_kgDOABPHjQ", "1296269"),
        ("R_kgDOGxq3Tw", "454735695"),
        ("R_kgDN__8", "65535"),
        ("R_unreadable", None),
        ("1296269", "1296269"),
    ],
)
@pytest.mark.parametrize("in_path", [True, False])
def test_node_ids_of_repositories_become_database_ids(
    tmp_path: Path, node_id: str, number: str | None, in_path: bool
) -> None:
    path = tmp_path / "store.db"
    target = Target(TargetKind.GITHUB_REPO, "a/b", "https://github.com/a/b")
    repository = RepositoryFacts(repository_id=node_id, stars=7)
    facts = PathFacts(repository, "x", "main", exists=True) if in_path else repository
    with open_store(path) as store:
        store.record([seen(target, outcome=Found(facts)), seen(page(1))])
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("PRAGMA user_version = 2")
    for read_only in (True, False):
        with open_store(path, read_only=read_only) as store:
            [observation] = store.history([target])[target].observations
            assert observation.repository == replace(repository, repository_id=number)
    with closing(sqlite3.connect(path)) as current:
        bodies = str(current.execute("SELECT body FROM observations").fetchall())
        assert (node_id in bodies) is (node_id == number)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_file_that_never_was_a_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text("# Mine\n" * 100)
    with pytest.raises(StoreError, match="is left as it is"):
        open_store(path)
    assert path.read_text() == "# Mine\n" * 100
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("start", [b"SQLite format 3\x00", None])
def test_a_damaged_store_is_recognized_by_its_header(tmp_path: Path, start: bytes | None) -> None:
    path = tmp_path / "other.db"
    with open_store(path) as store:
        store.record([seen(page())])
    content = path.read_bytes()
    path.write_bytes((start or b"\xff" * 16) + b"\xff" * 52 + content[68:])
    with open_store(path) as store:
        assert store.notices


def test_the_default_folder_of_the_store_is_ignored_by_git(tmp_path: Path) -> None:
    with open_store(tmp_path / ".linkcheck" / "store.db"):
        assert (tmp_path / ".linkcheck" / ".gitignore").read_text() == "*\n"
    with open_store(tmp_path / "elsewhere" / "store.db"):
        assert not (tmp_path / "elsewhere" / ".gitignore").exists()


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder") as caught:
        open_store(tmp_path)
    assert "--store" in str(caught.value)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="folder"):
        open_store(tmp_path / "file" / "store.db")


def test_reading_only_never_writes(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(path, read_only=True) as store:
        assert store.history([page()])[page()].observations == ()
        with pytest.raises(StoreError, match="reading only"):
            store.record([seen(page())])
    assert not path.exists()


LIMITED = """
    import os, resource, sys
    from pathlib import Path
    from linkcheck.model.errors import StoreError
    from linkcheck.store import open_store
    from store_builders import page, seen
"""


def test_a_full_disk_is_explained_and_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(path) as store:
        store.record([seen(page(number)) for number in range(10)])
    code = (
        LIMITED
        + """
    store = open_store(Path(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    try:
        store.record([seen(page(number), 1) for number in range(2_000)])
    except StoreError as error:
        print(error)
        print(len(store.history([page(1)])[page(1)].observations))
    """
    )
    child = python(code, str(path))
    output, errors = child.communicate(timeout=60)
    assert child.returncode == 0, errors
    assert "full" in output
    assert output.splitlines()[-1] == "1"
    with open_store(path) as store:
        assert store.notices == ()
        assert len(store.history([page(1)])[page(1)].observations) == 1


@pytest.mark.skipif(os.name != "posix", reason="file permissions of POSIX")
def test_a_store_that_may_not_be_written_is_explained() -> None:
    code = (
        LIMITED
        + """
    path = Path(sys.argv[1])
    if os.geteuid() == 0:
        os.setuid(65_534)  # root may write everywhere
    with open_store(path, read_only=True) as store:
        print(len(store.history([page()])[page()].observations))
    try:
        open_store(path)
    except StoreError as error:
        print(error)
    """
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        with open_store(path) as store:
            store.record([seen(page())])
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        try:
            output, errors = python(code, str(path)).communicate(timeout=60)
        finally:
            Path(folder).chmod(0o755)
    assert output.startswith("1\n"), errors
    assert "cannot be opened or written" in output
    assert "--no-store" in output


def test_migrations_are_named() -> None:
    assert all(migration.name and migration.statements for migration in MIGRATIONS)
    assert len({migration.name for migration in MIGRATIONS}) == len(MIGRATIONS)
