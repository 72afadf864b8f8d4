"""Resolution of local links, and detection of broken ones."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.markdown.entries import load_markdown_file
from linkcheck.markdown.local_links import check_local_links, resolve_link
from linkcheck.model.source_text import SourceText


@dataclass
class Files:
    """A repository in memory: texts by path; folders follow from them."""

    texts: dict[str, str]
    asked: list[str] = field(default_factory=list)
    folders: set[str] | None = None

    def has(self, path: str) -> bool:
        if self.folders is None:
            self.folders = {
                str(each) for name in self.texts for each in PurePosixPath(name).parents
            }
        return path in self.texts or path in self.folders

    def read(self, path: str) -> str | None:
        self.asked.append(path)
        return self.texts.get(path)

    def paths(self) -> Collection[str]:
        return list(self.texts)


FILES = Files(
    {
        "README.md": "",
        "LICENSE": "",
        "a b.png": "",
        "数据/说明.md": "# 一、概述\n",
        "docs/README.md": "# Guide\n",
        "docs/install.md": "# Install\n\n## On Linux\n",
        "docs/img/x.png": "",
        "src/main.py": "",
    }
)

RIGHT = [
    "LICENSE",
    "./LICENSE",
    "/LICENSE",
    "docs",
    "docs/",
    "./docs/../LICENSE",
    "docs/install.md",
    "docs//install.md",
    "/docs/install.md#on-linux",
    "docs/install.md#On-Linux",
    "docs/install.md#user-content-on-linux",
    "docs/install.md#L3",
    "docs/install.md?plain=1#L1-L3",
    "docs/img/x.png?raw=true",
    "docs#guide",
    "docs/#guide",
    "src#anything",
    "src/main.py#L12",
    "src/main.py#whatever",
    "a%20b.png",
    "<a b.png>",
    "数据/说明.md#一概述",
    "%E6%95%B0%E6%8D%AE/%E8%AF%B4%E6%98%8E.md#%E4%B8%80%E6%A6%82%E8%BF%B0",
    "../../issues",
    "../../wiki/Home#x",
    "../other/file.md",
    "/../../releases",
    "#",
    "#top",
    "#readme",
    "#readme-ov-file",
    "#title",
    "#TITLE",
    "#user-content-title",
    "#L10C2-L12C3",
    "#:~:text=words",
    "#title:~:text=words",
    "README.md#title",
    "?tab=readme-ov-file#title",
    "x/https://a.example/b",
    "https//a.example/b",
    "git@host.example:a/b",
    "10.1000/xyz",
    "mailto:a@b.example",
    "https://a.example/#nothing",
]

BROKEN = [
    # link, missing path or fragment, the nearest
    ("license", "license", "LICENSE"),
    ("docs/Install.md", "docs/Install.md", "docs/install.md"),
    ("install.md", "install.md", "docs/install.md"),
    ("docs/instal.md", "docs/instal.md", "docs/install.md"),
    ("Docs/", "Docs", None),
    ("nowhere/at/all.txt", "nowhere/at/all.txt", None),
    ("/install.md", "install.md", "docs/install.md"),
    ("http/client.md", "http/client.md", None),
    ("#titel", "#titel", "title"),
    ("#xyz", "#xyz", None),
    ("#-title", "#-title", "title"),
    ("docs/install.md#on-linus", "#on-linus", "on-linux"),
    ("docs#nothing", "#nothing", None),
    ("README.md#nothing", "#nothing", None),
]


def broken(
    text: str, file: str = "README.md", files: Files | None = FILES
) -> list[tuple[str, str, str | None]]:
    loaded = load_markdown_file(SourceText(file, text))
    for link in loaded.file.links:
        assert text[link.span.start : link.span.end] == link.written
    report = check_local_links(loaded.file.links, text, file, files)
    return [
        (
            each.link.written,
            each.path if each.fragment is None else f"#{each.fragment}",
            each.nearest,
        )
        for each in report.broken
    ]


@pytest.mark.parametrize("link", RIGHT)
def test_valid_links_are_not_reported(link: str) -> None:
    assert broken(f"# Title\n\n[words]({link}) ![image]({link})\n") == []


@pytest.mark.parametrize(("link", "missing", "nearest"), BROKEN)
def test_broken_links_are_found(link: str, missing: str, nearest: str | None) -> None:
    assert broken(f"# Title\n\n[words]({link})\n") == [(link, missing, nearest)]


@pytest.mark.parametrize(
    "text",
    [
        '<a href="no.md">x</a>',
        "<img src='no.md'>",
        "[x][y]\n\n[y]: no.md",
        "![x](no.md)",
        "[x](<no.md>)",
    ],
)
def test_every_form_of_link_is_checked(text: str) -> None:
    assert [each[0] for each in broken(text)] == ["no.md"]


def test_links_are_relative_to_the_folder_of_their_file() -> None:
    text = "[a](install.md) [b](../LICENSE) [c](../../issues) [d](LICENSE) [e](/LICENSE)"
    assert broken(text, "docs/README.md") == [("LICENSE", "docs/LICENSE", "../LICENSE")]


def test_without_a_repository_only_links_within_the_file_are_checked() -> None:
    text = "# A\n\n[a](no.md) [b](no.md#x) [c](#a) [d](#b) [e](README.md#b)"
    loaded = load_markdown_file(SourceText("README.md", text))
    report = check_local_links(loaded.file.links, text, "README.md", None)
    assert [each.link.written for each in report.broken] == ["#b", "README.md#b"]
    assert (report.checked, report.unchecked) == (3, 2)


def test_any_anchor_of_an_unreadable_file_is_accepted() -> None:
    class Unreadable(Files):
        def read(self, path: str) -> str | None:
            return None

    assert broken("[a](docs/install.md#no)", files=Unreadable(FILES.texts)) == []


def test_a_link_belongs_to_the_entry_around_it() -> None:
    text = "- [A](https://a.example/) ([notes](no.md))\n- [only](nothing.md)\n"
    links = load_markdown_file(SourceText("README.md", text)).file.links
    assert [link.entry for link in links] == ["a", None]


PARTS = st.sampled_from(["..", ".", "", "a", "docs", "README.md", "%2e%2e", "%00", "~", "\\", "é"])


@given(st.lists(PARTS, max_size=8), st.sampled_from(["README.md", "docs/x/y.md"]))
def test_no_path_leaves_the_repository(parts: list[str], file: str) -> None:
    path = resolve_link("/".join(parts), file).path
    assert path is None or not {"..", ".", ""} & set(path.split("/")) or path == ""


@given(st.text(max_size=80))
def test_any_destination_can_be_resolved(url: str) -> None:
    asked = Files(dict(FILES.texts))
    text = f"# Title\n\n[words](<{url}>)\n"
    broken(text, files=asked)
    assert all(".." not in path.split("/") for path in asked.asked)


@pytest.mark.timeout(30)
def test_many_broken_links_take_linear_time() -> None:
    links = "".join(f"[a](#x-{number}) [b](no/{number}.md) " for number in range(5000))
    headings = "".join(f"# heading {number}\n" for number in range(5000))
    many = Files({f"docs/{number}/{number}.txt": "" for number in range(5000)})
    assert len(broken(f"{headings}\n{links}\n[c](<{'http.' * 200_000}>)\n", files=many)) == 10_001
