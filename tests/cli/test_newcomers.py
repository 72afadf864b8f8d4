"""What somebody new to the command line tries, and what it says then."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.cli_runner import Linkcheck

CATALOG = "- {id: a, name: A, kind: tool, links: {code: 'https://github.com/a/b'}}\n"


def test_the_sandboxs_facts_stay_out_of_the_store(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(CATALOG)
    done = linkcheck("fix", "--sandbox", "x.yaml")
    assert done.err.startswith("sandbox: ")
    assert not (tmp_path / ".linkcheck").exists()


def test_the_suggested_command_works(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "my list.yaml").write_text(CATALOG.replace("https://", "https:/"))
    done = linkcheck("run", "--offline", "--no-store", "my list.yaml")
    output = " ".join(done.out.split())
    assert "'linkcheck fix --offline --no-store 'my list.yaml'' shows 1 safe fix" in output
    fix = linkcheck("fix", "--offline", "--no-store", "my list.yaml")
    assert fix.code == 1, fix.err
    assert "https://github.com/a/b" in fix.out


def test_unchecked_links_are_not_reported_as_alive(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(CATALOG)
    done = linkcheck("run", "--offline", "x.yaml", "-v")
    assert "all is well" not in done.out
    assert "1 link was not asked about" in done.out
    assert "the store has never seen it" in done.out


def test_unreachable_links_are_not_reported_as_alive(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("- [A](http://127.0.0.1/a)\n- [B](http://10.0.0.1/b)\n")
    done = linkcheck("run", "--no-store", "list.md")
    assert done.code == 0
    assert "all is well" not in done.out
    assert "2 links could not be checked" in " ".join(done.out.split())


def test_without_a_network_offline_is_suggested(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "".join(
            f"- {{id: e{i}, name: E{i}, kind: tool, links: {{a: 'https://h{i}.invalid/'}}}}\n"
            for i in range(8)
        )
    )
    env = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    done = linkcheck("run", "x.yaml", env=env)
    assert done.code == 3
    assert "'linkcheck run --offline x.yaml' tells what the files alone" in " ".join(
        done.out.split()
    )
    done = linkcheck("fix", "x.yaml", env=env)
    assert done.code == 3
    assert "linkcheck fix --offline x.yaml" in " ".join(done.err.split())


def test_a_markdown_file_without_links_gets_a_fitting_hint(
    linkcheck: Linkcheck, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text("# Hello\n\nSee [here](docs/x.md).\n")
    done = linkcheck("run", "README.md")
    assert done.code == 2
    said = " ".join(done.err.split())
    assert "(1 file read)" in said
    assert "links to http: and https: addresses are checked" in said


def test_an_unknown_command_gives_one_hint(linkcheck: Linkcheck) -> None:
    assert linkcheck("frobnicate").err.count("--help") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [["run", "--offline", "x.yaml"], ["explain"], ["--help"]])
def test_a_full_disk_behind_standard_output_is_one_line(
    tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "x.yaml").write_text(CATALOG)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "linkcheck", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("linkcheck: standard output cannot be written: No space left")
    assert "Traceback" not in done.stderr


def test_reports_make_folders_only_below_the_working_directory(
    linkcheck: Linkcheck, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "x.yaml").write_text(CATALOG)
    run = ("run", "--offline", "--no-store", "x.yaml", "-o")
    assert linkcheck(*run, "new/deep/r.html", cwd=here).code == 0
    assert (here / "new/deep/r.html").exists()
    done = linkcheck(*run, "../other/r.html", cwd=here)
    assert done.code == 2
    assert "mkdir -p ../other" in " ".join(done.err.split())
    assert not (tmp_path / "other").exists()


def test_init_says_that_it_makes_the_folder(linkcheck: Linkcheck, tmp_path: Path) -> None:
    done = linkcheck("init", "--yes", "--directory", "new")
    assert "new: is not there yet and is made" in done.out
    assert "out of git" in done.out
    assert "run --help" not in (tmp_path / "new/linkcheck.toml").read_text()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("empty.md", "# Nothing\n\nOnly words.\n", "no entries were found"),
        ("x.yaml", CATALOG, "import reads Markdown, and this is YAML"),
    ],
)
def test_an_import_without_entries_says_so(
    linkcheck: Linkcheck, tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / name).write_text(text)
    done = linkcheck("import", name)
    assert done.code == 2
    assert says in done.err


def test_render_into_a_missing_file_is_said_in_words(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(CATALOG)
    done = linkcheck("render", "x.yaml", "--into", "nowhere.md")
    assert done.code == 2
    assert "nowhere.md: cannot be read: No such file" in done.err
    assert "Errno" not in done.err


def test_the_demos_edits_are_shown_and_never_written(linkcheck: Linkcheck) -> None:
    done = linkcheck("fix", "--sandbox")
    assert done.code == 1
    assert done.out.startswith("--- ")
    assert "lies outside" not in done.err
    written = linkcheck("fix", "--sandbox", "--write")
    assert written.code == 2
    assert "nothing was written" in " ".join(written.err.split())
