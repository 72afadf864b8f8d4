"""Writing files back: whole or not at all."""

import os
from pathlib import Path

import pytest

from linkcheck.fixes.write import write_all
from linkcheck.model.action import FileUpdate
from linkcheck.model.errors import UsageError


def put(path: Path, text: str) -> str:
    path.write_bytes(text.encode())
    return text


def test_bytes_outside_the_change_and_the_mode_stay(tmp_path: Path) -> None:
    old = put(tmp_path / "a.yaml", "\ufeff- a\r\n- 本\n")
    (tmp_path / "a.yaml").chmod(0o640)
    write_all([FileUpdate("a.yaml", old, old.replace("- a", "- b"))], root=tmp_path)
    assert (tmp_path / "a.yaml").read_bytes() == "\ufeff- b\r\n- 本\n".encode()
    assert (tmp_path / "a.yaml").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_a_file_changed_meanwhile_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    first = put(tmp_path / "a.yaml", "1")
    put(tmp_path / "b.yaml", "changed by somebody")
    changes = [FileUpdate("a.yaml", first, "2"), FileUpdate("b.yaml", "1", "2")]
    with pytest.raises(UsageError) as caught:
        write_all(changes, root=tmp_path)
    assert caught.value.where == "b.yaml"
    assert "Run linkcheck again" in str(caught.value)
    assert (tmp_path / "a.yaml").read_text() == "1"
    assert (tmp_path / "b.yaml").read_text() == "changed by somebody"


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    data = b"- caf\xe9\n"
    (tmp_path / "a.yaml").write_bytes(data)
    with pytest.raises(UsageError):
        write_all([FileUpdate("a.yaml", data.decode(errors="replace"), "x")], root=tmp_path)
    assert (tmp_path / "a.yaml").read_bytes() == data


def test_a_missing_file_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_all([FileUpdate("no.yaml", "", "x")], root=tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_inside_are_kept_and_links_outside_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    old = put(tmp_path / "outside.yaml", "1")
    put(root / "real.yaml", "1")
    (root / "out.yaml").symlink_to(tmp_path / "outside.yaml")
    (root / "in.yaml").symlink_to(root / "real.yaml")
    with pytest.raises(UsageError, match="outside"):
        write_all([FileUpdate("out.yaml", old, "2")], root=root)
    with pytest.raises(UsageError, match="outside"):
        write_all([FileUpdate("../outside.yaml", old, "2")], root=root)
    assert (tmp_path / "outside.yaml").read_text() == "1"
    write_all([FileUpdate("in.yaml", "1", "2")], root=root)
    assert (root / "in.yaml").is_symlink()
    assert (root / "real.yaml").read_text() == "2"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_leaves_the_file(tmp_path: Path) -> None:
    old = put(tmp_path / "a.yaml", "1")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UsageError, match="cannot be written"):
            write_all([FileUpdate("a.yaml", old, "2")], root=tmp_path)
        assert (tmp_path / "a.yaml").read_text() == "1"
    finally:
        tmp_path.chmod(0o700)
