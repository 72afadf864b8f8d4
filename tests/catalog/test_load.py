"""Loading of files and folders: order, skipped files, problems."""

import os
from pathlib import Path

import pytest

from linkcheck.catalog.load import decode_text, expand_source_paths, get_loader, load_catalog
from linkcheck.model.errors import CatalogError
from linkcheck.model.settings import SourceSettings
from linkcheck.model.source_text import SourceText


def entry(ident: str) -> str:
    return f"- id: {ident}\n  name: {ident}\n  kind: tool\n  links: {{code: gh:a/{ident}}}\n"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def test_folders_are_read_in_sorted_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "catalog/z.yaml": entry("z"),
            "catalog/a/b.yml": entry("b"),
            "catalog/a/A.YAML": entry("upper"),
            "catalog/README.md": "- [made](https://from.yaml)\n",
            "catalog/.hidden.yaml": entry("hidden"),
            "catalog/.git/x.yaml": entry("git"),
            "catalog/node_modules/x.yaml": entry("node"),
            "catalog/data.json": "{}",
        },
    )
    catalog = load_catalog([Path("catalog")], root=tmp_path)
    assert catalog.files == ("catalog/z.yaml", "catalog/a/A.YAML", "catalog/a/b.yml")
    assert [e.id for e in catalog.entries] == ["z", "upper", "b"]
    assert catalog.problems == ()


def test_a_folder_may_contain_other_yaml_next_to_markdown(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "_config.yml": "theme: plain\n---\ntitle: My list\n",
            "empty.yaml": "# nothing\n",
            "catalog/entry.yaml": "id: forgot-the-dash\nlinks: {code: gh:a/b}\n",
        },
    )
    catalog = load_catalog([Path()], root=tmp_path)
    assert catalog.files == ("empty.yaml", "catalog/entry.yaml")
    assert [p.span.file for p in catalog.problems] == ["catalog/entry.yaml"]
    named = load_catalog([Path("_config.yml")], root=tmp_path)
    assert "holds a list" in named.problems[0].message


def test_markdown_next_to_a_catalog_is_read_only_if_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"c/a.yaml": entry("a"), "c/README.md": "- [A](https://a.example)\n"})
    assert load_catalog([Path("c")], root=tmp_path).files == ("c/a.yaml",)
    named = [Path("c/a.yaml"), Path("c/README.md")]
    assert load_catalog(named, root=tmp_path).files == ("c/a.yaml", "c/README.md")


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"c/a.yaml": entry("a")})
    catalog = load_catalog([Path("c"), Path("c/a.yaml"), tmp_path / "c"], root=tmp_path)
    assert catalog.files == ("c/a.yaml",)


def test_a_missing_path_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        load_catalog([Path("nowhere")], root=tmp_path)
    assert caught.value.where == "nowhere"
    assert "linkcheck.toml" in str(caught.value)


def test_duplicate_ids_are_found_across_files(tmp_path: Path) -> None:
    write(tmp_path, {"c/a.yaml": entry("same"), "c/b.yaml": "\n" + entry("same")})
    (problem,) = load_catalog([Path("c")], root=tmp_path).problems
    assert "c/a.yaml:1" in problem.message
    assert (problem.span.file, problem.span.line, problem.span.column) == ("c/b.yaml", 2, 7)


def test_invalid_bytes_affect_neither_the_entry_nor_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"c/b.yaml": entry("b")})
    (tmp_path / "c" / "a.yaml").write_bytes(
        entry("a").encode() + "  notes: 本é".encode() + b"\xe9t\n" + entry("c").encode()
    )
    catalog = load_catalog([Path("c")], root=tmp_path)
    assert [e.id for e in catalog.entries] == ["a", "c", "b"]
    (problem,) = catalog.problems
    assert (problem.span.file, problem.span.line, problem.span.column) == ("c/a.yaml", 5, 12)
    assert "0xE9" in problem.message
    assert "UTF-8" in problem.hint


def test_utf16_is_detected() -> None:
    text, (problem,) = decode_text("x", entry("a").encode("utf-16"))
    assert text.text == ""
    assert "UTF-16" in problem.message


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, {"c/a.yaml": "{", "c/b.yaml": entry("b"), "c/big.yaml": ""})
    with (tmp_path / "c" / "big.yaml").open("wb") as big:
        big.truncate(20_000_001)
    catalog = load_catalog([Path("c")], root=tmp_path)
    assert [e.id for e in catalog.entries] == ["b"]
    assert [p.span.file for p in catalog.problems] == ["c/a.yaml", "c/big.yaml"]
    assert "20 MB" in catalog.problems[1].message


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"c/a.yaml": entry("a"), "secret/s.yaml": entry("s")})
    (tmp_path / "c" / "out.yaml").symlink_to(tmp_path / "secret" / "s.yaml")
    (tmp_path / "c" / "folder").symlink_to(tmp_path / "secret")
    (tmp_path / "c" / "loop").symlink_to(tmp_path / "c")
    (tmp_path / "c" / "dangling.yaml").symlink_to(tmp_path / "c" / "nothing.yaml")
    assert load_catalog([Path("c")], root=tmp_path).files == ("c/a.yaml",)


def test_standard_input_is_recognized_by_its_text() -> None:
    catalog = load_catalog([Path("-")], root=Path(), stdin=f"# c\n{entry('a')}".encode())
    assert [(e.id, e.span.file) for e in catalog.entries] == [("a", "<stdin>")]


def test_a_path_outside_the_root_is_displayed_in_full(tmp_path: Path) -> None:
    write(tmp_path, {"in/x": "", "out/a.yaml": entry("a")})
    catalog = load_catalog([tmp_path / "out"], root=tmp_path / "in")
    assert catalog.files == ((tmp_path / "out" / "a.yaml").as_posix(),)


def test_sources_choose_the_layout_by_file_folder_or_glob(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "projects.yaml": "projects:\n  - {name: A, github_id: a/b}\n",
            "software/x.yml": "name: X\nsource_code_url: https://github.com/x/x\n",
            "own/list-1.yaml": "- {title: T, repo: t/t}\n",
        },
    )
    sources = (
        SourceSettings("./projects.yaml", preset="best-of"),
        SourceSettings("software/", preset="awesome-selfhosted"),
        SourceSettings(
            "own/*.yaml", fields={"name": "title"}, links={"code": "repo -> https://github.com/{}"}
        ),
    )
    paths = expand_source_paths(sources, tmp_path)
    assert paths == (
        tmp_path / "projects.yaml",
        tmp_path / "software/",
        tmp_path / "own/list-1.yaml",
    )
    catalog = load_catalog(paths, root=tmp_path, sources=sources)
    assert catalog.problems == ()
    assert [(e.name, e.links[0].url) for e in catalog.entries] == [
        ("A", "https://github.com/a/b"),
        ("X", "https://github.com/x/x"),
        ("T", "https://github.com/t/t"),
    ]
    again = get_loader("own/list-1.yaml", sources)
    text = SourceText("own/list-1.yaml", (tmp_path / "own/list-1.yaml").read_text())
    assert again(text)[0] == catalog.entries[2:]
