"""The check of a change, from git to exit code."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from linkcheck.sandbox import Sandbox, answer_status
from tests.action.git_world import Repository, Run, entry

GONE = "https://github.com/nobody/nothing"


def report(
    linkcheck: Run, repository: Repository, *options: str, code: int | None = None
) -> dict[str, Any]:
    done = linkcheck(repository.root, "run", "--format", "json", "--no-store", *options)
    assert done.stdout, done.stderr
    if code is not None:
        assert done.returncode == code, done.stdout + done.stderr
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def found(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(f["rule"], f["entry"]) for f in data["findings"]]


@pytest.fixture
def with_old_faults(repository: Repository) -> Repository:
    """A repository whose first commit holds two sound entries and a dead link."""
    repository.write("catalog/a.yaml", entry(1) + entry(2) + entry(3, code=GONE))
    repository.commit("first")
    return repository


def test_earlier_findings_do_not_fail_the_change(program: Run, with_old_faults: Repository) -> None:
    assert found(report(program, with_old_faults, code=1)) == [("dead-link", "entry-3")]
    with_old_faults.write("catalog/b.yaml", entry(4))
    data = report(program, with_old_faults, "--changed-since", "HEAD", code=0)
    assert data["summary"]["entries"] == 1
    with_old_faults.write("catalog/b.yaml", entry(4, code="https://github.com/nobody/else"))
    data = report(program, with_old_faults, "--changed-since", "HEAD", code=1)
    assert found(data) == [("dead-link", "entry-4")]


def test_a_renamed_file_moved_entries_and_another_layout_are_no_change(
    linkcheck: Run, with_old_faults: Repository, world: Sandbox
) -> None:
    with_old_faults.git("mv", "catalog/a.yaml", "catalog/z.yaml")
    flow = (
        "# reformatted\n"
        f"- {{kind: tool, name: 'Quuxbot3', id: entry-3, links: {{code: '{GONE}'}}}}\n\n"
    )
    with_old_faults.write("catalog/z.yaml", flow + entry(2) + entry(1))
    with_old_faults.commit("tidy up")
    data = report(linkcheck, with_old_faults, "--changed-since", "HEAD~1", code=0)
    assert (data["summary"]["entries"], found(data)) == (0, [])
    assert world.counts().total == 0


def test_only_the_altered_link_of_an_entry_is_judged(
    linkcheck: Run, repository: Repository
) -> None:
    repository.write("catalog/a.yaml", entry(1, name="New-name", extra=f"    homepage: {GONE}\n"))
    repository.commit()
    repository.write(
        "catalog/a.yaml",
        entry(
            1,
            name="New-name",
            code="https://github.com/octo/old-name",
            extra=f"    homepage: {GONE}\n",
        ),
    )
    data = report(linkcheck, repository, "--changed-since", "HEAD")
    assert found(data) == [("moved-link", "entry-1")]


@pytest.mark.parametrize("first", ["a.yaml", "z.yaml"], ids=["new before old", "new after old"])
def test_a_new_duplicate_of_an_old_entry_is_found(
    linkcheck: Run, repository: Repository, first: str
) -> None:
    repository.write("catalog/m.yaml", entry(1, name="MedBot") + entry(2))
    repository.commit()
    repository.write(
        f"catalog/{first}", entry(3, name="Med-Bot", code="https://github.com/org1/quuxbot1/")
    )
    data = report(linkcheck, repository, "--changed-since", "HEAD")
    (finding,) = data["findings"]
    assert finding["rule"] == "duplicate-entry"
    involved = {finding["entry"], *(other["entry"] for other in finding["related"])}
    assert involved == {"entry-1", "entry-3"}


def test_old_duplicates_are_not_reported(linkcheck: Run, repository: Repository) -> None:
    repository.write(
        "catalog/m.yaml",
        entry(1, name="MedBot") + entry(2, name="Med Bot", code="https://github.com/org1/quuxbot1"),
    )
    repository.commit()
    repository.write("catalog/n.yaml", entry(3))
    assert found(report(linkcheck, repository, "--changed-since", "HEAD", code=0)) == []


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 1)])
def test_an_unreachable_new_link_is_reported_and_fails_only_if_configured(
    linkcheck: Run, repository: Repository, world: Sandbox, strict: bool, code: int
) -> None:
    repository.write("linkcheck.toml", f"strict_new_links = {str(strict).lower()}\n")
    repository.write("catalog/a.yaml", entry(1, extra="    model: hf:someone/something\n"))
    repository.commit()
    world.set_fault("huggingface.co/*", answer_status(503))
    repository.write(
        "catalog/a.yaml",
        entry(1, extra="    model: hf:someone/something\n") + entry(2, extra="    model: hf:a/b\n"),
    )
    data = report(linkcheck, repository, "--changed-since", "HEAD", code=code)
    (finding,) = data["findings"]
    assert (finding["rule"], finding["entry"]) == ("unreachable-link", "entry-2")
    assert "Open it by hand" in finding["message"]


def shallow(repository: Repository, to: Path, depth: int) -> Repository:
    subprocess.run(
        ("git", "clone", "-q", f"--depth={depth}", repository.root.as_uri(), str(to)), check=True
    )
    return Repository(to)


def test_a_shallow_clone_comes_with_a_hint(
    program: Run, with_old_faults: Repository, tmp_path: Path
) -> None:
    base = with_old_faults.git("rev-parse", "HEAD")
    with_old_faults.write("catalog/b.yaml", entry(4))
    with_old_faults.commit()
    clone = shallow(with_old_faults, tmp_path / "clone", 1)
    done = program(clone.root, "run", "--changed-since", base)
    assert done.returncode == 2
    words = " ".join(done.stderr.split())
    assert "this is a shallow clone, and it does not reach back" in words
    assert "fetch-depth: 0" in words
    assert "git fetch --unshallow" in words


def test_five_changes_in_five_hundred_entries_ask_for_five_targets_in_two_seconds(
    program: Run, repository: Repository, world: Sandbox
) -> None:
    for part in range(10):
        numbers = range(part * 50, part * 50 + 50)
        repository.write(f"catalog/{part}.yaml", "".join(entry(n) for n in numbers))
    repository.commit()
    text = (repository.root / "catalog/3.yaml").read_text()
    for number in range(150, 155):
        other = number + 350
        text = text.replace(f"/org{number}/quuxbot{number}\n", f"/org{other}/quuxbot{other}\n")
    repository.write("catalog/3.yaml", text)
    repository.commit()
    before = processor_seconds()
    data = report(program, repository, "--changed-since", "HEAD~1")
    spent = processor_seconds() - before
    assert data["summary"]["targets"] == 5
    assert len(data["links"]) == 5
    assert world.counts().by_host == {"api.github.com": 1}
    assert spent < 2


def processor_seconds() -> float:
    """Return what finished children have used: unlike the clock it does not count other work."""
    used = os.times()
    return used.children_user + used.children_system
