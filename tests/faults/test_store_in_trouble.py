"""A damaged or unusable store, through the command line: a clear message or a new store."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CATALOG = "- {id: a, name: A, kind: tool, links: {code: 'htps://github.com/a/b'}}\n"
RUN = (sys.executable, "-m", "linkcheck", "run", "c.yaml", "--store", "s.db", "--fail-on", "never")
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1"}


def start(folder: Path, *more: str, **options: Any) -> "subprocess.Popen[str]":
    (folder / "c.yaml").write_text(CATALOG)
    return subprocess.Popen(
        (*RUN, *more),
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def run(folder: Path, *more: str, **options: Any) -> tuple[int, str, str]:
    process = start(folder, *more, **options)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return process.returncode, " ".join(out.split()), " ".join(err.split())


def test_a_damaged_store_is_moved_aside_with_a_notice(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_bytes(b"SQLite format 3\0" + b"no database at all " * 500)
    code, out, err = run(tmp_path)
    assert code == 0, err
    assert "was damaged" in out
    assert "begun anew" in out
    [aside] = tmp_path.glob("s.db.corrupt-*")
    assert aside.read_bytes().startswith(b"SQLite format 3\0no database")
    code, out, _ = run(tmp_path)
    assert code == 0
    assert "was damaged" not in out


def test_a_store_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    assert run(tmp_path)[0] == 0
    connection = sqlite3.connect(tmp_path / "s.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = (tmp_path / "s.db").read_bytes()
    code, _, err = run(tmp_path)
    assert code == 2
    assert "newer linkcheck" in err
    assert "Update linkcheck" in err
    assert (tmp_path / "s.db").read_bytes() == before


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "s.db")
    connection.execute("CREATE TABLE diary (day TEXT)")
    connection.commit()
    connection.close()
    code, _, err = run(tmp_path)
    assert code == 2
    assert "another program" in err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
def test_a_folder_that_is_not_writable(tmp_path: Path) -> None:
    code, _, err = run(tmp_path, "--store", "/proc/nowhere/s.db")
    assert code == 2
    assert "/proc/nowhere" in err
    assert "--no-store" in err


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not hold root back"
)
def test_a_read_only_store(tmp_path: Path) -> None:
    assert run(tmp_path)[0] == 0
    (tmp_path / "s.db").chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        code, _, err = run(tmp_path)
    finally:
        tmp_path.chmod(0o700)
    assert code == 2
    assert "s.db" in err


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_full_disk(tmp_path: Path) -> None:
    assert run(tmp_path)[0] == 0
    limit = (tmp_path / "s.db").stat().st_size
    code = "import resource, sys, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, ({n}, {n})); "
    code += "sys.argv = sys.argv[1:]; runpy.run_module('linkcheck', run_name='__main__')"
    done = subprocess.run(
        (sys.executable, "-c", code.format(n=max(limit // 2, 512)), "linkcheck", *RUN[3:]),
        cwd=tmp_path,
        env={**ENVIRONMENT, "COVERAGE_PROCESS_START": ""},  # its data would not fit either
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 2, done.stdout
    assert "s.db" in done.stderr
    assert "--no-store" in " ".join(done.stderr.split())
    assert run(tmp_path)[0] == 0, "and it opens again once there is room"


def test_two_runs_at_once(tmp_path: Path) -> None:
    runs = [start(tmp_path) for _ in range(4)]
    for process in runs:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert err == ""
    connection = sqlite3.connect(tmp_path / "s.db")
    [(count,)] = connection.execute("SELECT count(*) FROM runs").fetchall()
    connection.close()
    assert count == 4
