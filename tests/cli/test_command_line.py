"""The command line's manners: help, errors, exit codes."""

import re
from pathlib import Path

import pytest

from tests.cli.cli_runner import Linkcheck

CLEAN = "- {id: a, name: A, kind: tool, links: {code: 'https://github.com/a/b'}}\n"

COMMANDS = ("run", "report", "explain", "schema", "demo")


def fits(text: str) -> bool:
    return all(len(line) <= 80 for line in text.splitlines())


def test_help_fits_a_narrow_terminal(linkcheck: Linkcheck) -> None:
    done = linkcheck("--help")
    assert done.code == 0
    assert fits(done.out)
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", done.out, re.MULTILINE)
        page = linkcheck(command, "--help")
        assert page.code == 0
        assert fits(page.out), command


def test_the_version(linkcheck: Linkcheck) -> None:
    from linkcheck import __version__

    assert linkcheck("--version").out == f"linkcheck {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run"], "there is no catalog here"),
        (["run", "nowhere.yaml"], "nowhere.yaml: no such file"),
        (["frobnicate"], "There is no command 'frobnicate'"),
        (["rnu"], "Did you mean 'run'?"),
        (["run", "--format", "yaml"], "'yaml' is not one of"),
        (["run", "--select", "dead-lnk", "x.yaml"], "Did you mean dead-link?"),
        (["run", "--shard", "3/2"], "not a part like 1/4"),
        (["run", "--max-age", "soon"], "not a duration"),
        (["run", "-o", "report.doc"], "cannot tell the format"),
        (["run", "--only", "web", "--skip", "web", "x.yaml"], "nothing to check"),
        (["run", "--config", "missing.toml"], "missing.toml"),
        (["run", "--changed-since", "HEAD", "x.yaml"], "not inside a git repository"),
        (["explain", "dead-lnk"], "Did you mean dead-link?"),
        (["report"], "linkcheck run"),
        (["report", "x.yaml"], "is not JSON"),
    ],
)
def test_errors_come_with_a_hint(
    linkcheck: Linkcheck, tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "x.yaml").write_text(CLEAN)
    done = linkcheck(*arguments)
    assert done.code == 2
    assert says in " ".join(done.err.split()), done.err
    assert done.out == ""
    assert fits(done.err), done.err


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("fail-on = 'error'", "Did you mean 'fail_on'?"),
        ("fail_on = 'errors'", "must be one of error, warning, info, never"),
        ("stale_after = 'long'", "is not a duration"),
        ("[net]\nconcurency = 3", "Did you mean 'concurrency'?"),
        ("[hosts.'x.org']\nattempts = 0", "at least 1"),
        ("[[ignore]]\nrule = 'dead-link'", "lacks 'reason'"),
        ("[[source]]\npreset = 'best-of'", "lacks 'path'"),
        ("paths = 'catalog'", "list of texts"),
        ("paths = [", "is not valid TOML"),
    ],
)
def test_a_wrong_configuration_names_the_key_and_the_nearest_known_one(
    linkcheck: Linkcheck, tmp_path: Path, config: str, says: str
) -> None:
    (tmp_path / "linkcheck.toml").write_text(config)
    (tmp_path / "x.yaml").write_text(CLEAN)
    done = linkcheck("run", "x.yaml", "--offline")
    assert done.code == 2
    words = " ".join(done.err.split())
    assert "linkcheck.toml" in words
    assert says in words
    assert fits(done.err)


def test_fail_on_decides_the_exit_code(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(CLEAN.replace("https://", "htps://"))
    assert linkcheck("run", "x.yaml", "--offline").code == 1
    assert linkcheck("run", "x.yaml", "--offline", "--fail-on", "never").code == 0
    assert linkcheck("run", "x.yaml", "--offline", "--ignore", "invalid-link").code == 0


def test_a_run_with_nothing_to_check_says_what_it_looked_for(
    linkcheck: Linkcheck, tmp_path: Path
) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "readme.txt").write_text("nothing")
    done = linkcheck("run")
    assert done.code == 2
    assert "no entries and no links in catalog" in " ".join(done.err.split())


def test_the_last_result_is_rendered_again(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(CLEAN.replace("https://", "htps://"))
    first = linkcheck("run", "x.yaml", "--offline", "--format", "json")
    again = linkcheck("report", "--format", "json")
    assert again.json["findings"] == first.json["findings"]
    for name in ("text", "markdown", "sarif", "junit", "github"):
        assert "invalid-link" in linkcheck("report", "--format", name).out, name


def test_the_list_of_rules_and_their_pages(linkcheck: Linkcheck) -> None:
    from linkcheck.rules.table import NAMES

    listed = linkcheck("explain").out
    assert all(name in listed for name in NAMES)
    assert "What it does" in linkcheck("explain", "moved-link").out


def test_reports_go_to_files_by_suffix_and_by_name(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(CLEAN)
    done = linkcheck("run", "x.yaml", "--offline", "-o", "out/r.json", "-o", "markdown=out/summary")
    assert done.code == 0
    assert (tmp_path / "out/r.json").read_text().startswith("{")
    assert (tmp_path / "out/summary").read_text().startswith("## linkcheck")


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        f'"{sys.executable}" -m linkcheck explain dead-link | head -n 1',
        shell=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.stderr == ""


def test_a_catalog_of_which_nothing_can_be_read_is_no_finding_but_exit_2(
    linkcheck: Linkcheck, tmp_path: Path
) -> None:
    (tmp_path / "bad.yaml").write_text('- id: c\n  name: "C\n')
    done = linkcheck("run", "bad.yaml", "--offline")
    assert done.code == 2
    assert "invalid-entry" in done.out
    (tmp_path / "good.yaml").write_text(CLEAN)
    assert linkcheck("run", "bad.yaml", "good.yaml", "--offline").code == 1
