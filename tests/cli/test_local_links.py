"""Local links and tables of a Markdown list, through the installed command."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.cli_runner import Linkcheck

LIST = """\
# List

- [Tools](#tools)
- [Papers](#papers)
- [Docs](docs/guide.md#usage) ![logo](logo.PNG)

## 🔧 Tools

- [A](https://a.example/) ([notes](docs/Guide.md), [issues](../../issues))

| name | link |
|---|
| B | https://b.example/ |
"""


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(("git", "-C", str(root), *identity, *arguments), check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "guide.md").write_text("# Guide\n\n## Usages\n")
    (tmp_path / "logo.png").write_bytes(b"")
    (tmp_path / "README.md").write_text(LIST, encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    return tmp_path


def findings(linkcheck: Linkcheck, *arguments: str, cwd: Path | None = None) -> Any:
    extra = {} if cwd is None else {"cwd": cwd}
    done = linkcheck(
        "run",
        "--offline",
        "--no-store",
        "--format",
        "json",
        *(arguments or ("README.md",)),
        **extra,
    )
    return done.json


def lines(report: Any) -> list[tuple[str, int, str | None, str | None]]:
    return [(f["rule"], f["line"], f["url"], f["entry"]) for f in report["findings"]]


def test_in_a_git_work_tree_files_and_anchors_are_checked(
    linkcheck: Linkcheck, repository: Path
) -> None:
    report = findings(linkcheck)
    assert lines(report) == [
        ("broken-local-link", 3, "#tools", None),
        ("broken-local-link", 4, "#papers", None),
        ("broken-local-link", 5, "docs/guide.md#usage", None),
        ("broken-local-link", 5, "logo.PNG", None),
        ("broken-local-link", 9, "docs/Guide.md", "a"),
        ("broken-table", 11, None, None),
    ]
    assert {f["severity"] for f in report["findings"]} == {"warning"}
    messages = [f["message"] for f in report["findings"]]
    assert "The nearest is #-tools." in messages[0]
    assert "The nearest is #usages." in messages[2]
    assert "The nearest is logo.png." in messages[3]
    assert "The nearest is docs/guide.md." in messages[4]
    assert report["summary"]["links"] == 2  # those of the network alone


def test_from_another_folder_it_is_the_same(linkcheck: Linkcheck, repository: Path) -> None:
    here = [line[1:3] for line in lines(findings(linkcheck))]
    assert [
        line[1:3] for line in lines(findings(linkcheck, "../README.md", cwd=repository / "docs"))
    ] == here


def test_without_git_only_anchors_are_checked(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(LIST, encoding="utf-8")
    assert [line[2] for line in lines(findings(linkcheck))] == ["#tools", "#papers", None]


def test_standard_input_has_no_neighbours(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "linkcheck", "run", "--offline", "--no-store", "--format=json", "-"],
        cwd=repository,
        input=LIST,
        capture_output=True,
        encoding="utf-8",
    )
    urls = [finding["url"] for finding in json.loads(done.stdout)["findings"]]
    assert urls == ["#tools", "#papers", None]


def test_a_file_of_local_links_alone_can_be_checked(linkcheck: Linkcheck, repository: Path) -> None:
    (repository / "docs" / "guide.md").write_text("# Guide\n\n[a](../LICENSE)\n")
    done = linkcheck("run", "--offline", "--no-store", "docs/guide.md")
    assert done.code == 0, done.err
    assert "../LICENSE" in done.out


IGNORE = "<!-- linkcheck-ignore{}: {} it is known -->"


def test_ignores_work_on_lines_of_no_entry(linkcheck: Linkcheck, repository: Path) -> None:
    text = (
        LIST.replace("(#papers)", "(#papers) " + IGNORE.format("", "broken-local-link"))
        .replace("- [A]", IGNORE.format("", "broken-local-link") + "\n- [A]")
        .replace("| name", IGNORE.format("", "broken-table") + "\n| name")
    )
    (repository / "README.md").write_text(text, encoding="utf-8")
    assert [line[1:3] for line in lines(findings(linkcheck))] == [
        (3, "#tools"),
        (5, "docs/guide.md#usage"),
        (5, "logo.PNG"),
    ]


def test_an_ignore_for_the_file_covers_what_belongs_to_no_entry(
    linkcheck: Linkcheck, repository: Path
) -> None:
    text = IGNORE.format("-file", "broken-local-link, broken-table") + "\n\n" + LIST
    (repository / "README.md").write_text(text, encoding="utf-8")
    assert lines(findings(linkcheck)) == []
    (repository / "README.md").write_text(
        IGNORE.format("-file", "broken-local-link") + "\n\n[a](#b)\n"
    )
    assert lines(findings(linkcheck)) == []


def test_an_ignore_of_the_configuration_names_the_link(
    linkcheck: Linkcheck, repository: Path
) -> None:
    (repository / "linkcheck.toml").write_text(
        '[[ignore]]\nrule = "broken-local-link"\nurl = "docs/*"\nreason = "made by the site"\n'
    )
    assert [line[2] for line in lines(findings(linkcheck))] == [
        "#tools",
        "#papers",
        "logo.PNG",
        None,
    ]


def test_an_unused_ignore_is_reported_if_that_is_known(
    linkcheck: Linkcheck, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "# A\n\n- [x](LICENSE) " + IGNORE.format("", "broken-local-link") + "\n"
    text += "- [y](https://y.example/)\n"
    (repository / "README.md").write_text(text)
    assert lines(findings(linkcheck)) == []
    (repository / "LICENSE").write_text("")
    assert [line[:2] for line in lines(findings(linkcheck))] == [("unused-ignore", 3)]
    alone = tmp_path_factory.mktemp("alone")
    (alone / "README.md").write_text(text)
    assert lines(findings(linkcheck, cwd=alone)) == []


def test_a_change_that_breaks_a_local_link_is_reported(
    linkcheck: Linkcheck, repository: Path
) -> None:
    text = LIST.replace("# List", "# List\n\n[new](#new)").replace("## 🔧 Tools", "## Tools")
    text = text.replace("[Docs]", "[Tools again](docs/guide.md#guide) [Docs]")
    (repository / "README.md").write_text(text, encoding="utf-8")
    (repository / "docs" / "guide.md").write_text("# Guides\n\n## Usages\n")
    report = findings(linkcheck, "--changed-since", "HEAD", "README.md")
    assert [line[2] for line in lines(report)] == ["#new", "docs/guide.md#guide"]


def test_a_deleted_file_is_noticed(linkcheck: Linkcheck, repository: Path) -> None:
    (repository / "README.md").write_text("[a](logo.png) [b](no.png) [c](https://c.example/)\n")
    git(repository, "commit", "-qam", "two")
    git(repository, "rm", "-q", "logo.png")
    report = findings(linkcheck, "--changed-since", "HEAD", "README.md")
    assert [line[2] for line in lines(report)] == ["logo.png"]


def test_anchors_in_a_damaged_encoding_are_not_reported(
    linkcheck: Linkcheck, tmp_path: Path
) -> None:
    headings = ["数据集", "评测", "比赛", "工具包", "论文", "模型"]
    text = "".join(f"- [{each}](#{each})\n" for each in headings)
    text += "".join(f"\n## {each}\n" for each in headings) + "\n[x](https://x.example/)\n"
    damaged = text.encode().decode("cp1252", errors="ignore")
    (tmp_path / "README.md").write_text(damaged, encoding="utf-8")
    assert lines(findings(linkcheck)) == []


def test_repeated_links_have_their_own_findings(linkcheck: Linkcheck, tmp_path: Path) -> None:
    table = "\n| a | b |\n|---|\n"
    (tmp_path / "README.md").write_text("[x](#no) [y](#no)\n\n[z](#no)\n" + table + table)
    fingerprints = [each["fingerprint"] for each in findings(linkcheck)["findings"]]
    assert len(fingerprints) == len(set(fingerprints)) == 5
