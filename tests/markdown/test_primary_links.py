"""Which links of a Markdown list are those of an entry itself; kinds, sections and words."""

import textwrap

import pytest

from linkcheck.markdown.entries import load_markdown
from linkcheck.model.entry import Entry
from linkcheck.model.source_text import SourceText


def load(text: str) -> tuple[Entry, ...]:
    entries, problems, _ = load_markdown(SourceText("list.md", textwrap.dedent(text)))
    assert problems == ()
    return entries


def primary(text: str) -> list[tuple[str, str]]:
    """Return the name of each entry with the primary links, by the last part of their URLs."""
    return [
        (entry.name, " ".join(x.url.rpartition("/")[2] for x in entry.links if x.is_primary))
        for entry in load(text)
    ]


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("[Owl](https://e.org/1) - Drop-in for [mole](https://e.org/2).", "1"),
        ("[Owl](https://e.org/1) - Fast, [mole](https://e.org/2)-compatible parser.", "1"),
        ("[Owl](https://e.org/1) by [Ann](https://e.org/2).", "1"),
        ("[Owl](https://e.org/1) - Support for [a](https://e.org/2), [b](https://e.org/3).", "1"),
        (
            "[Owl](https://e.org/1) ([Demo](https://e.org/2), [Source Code](https://e.org/3))",
            "1 2 3",
        ),
        ("[Owl](https://e.org/1) - Parser. [[code](https://e.org/2)]", "1 2"),
        ("[Owl](https://e.org/1) - See the [paper](https://e.org/2).", "1"),
        ("[Owl](https://e.org/1) (fork of [mole](https://e.org/2))", "1"),
        ("[Owl](https://e.org/1)：基于[LLaMA](https://e.org/2)的模型", "1"),
        ("**Owl**: [Owls see at night](https://e.org/1) [[ACL 2023](https://e.org/2)]", "1 2"),
        ("Owls see at night, in [Nature](https://e.org/1)", ""),
        ("Owls see at night. Ann Writer. [Nature 2023](https://e.org/1)", "1"),
        ("Owls see at night, talk [video](https://e.org/1)", "1"),
        ("Owl paper: https://e.org/1 code: https://e.org/2", "1 2"),
        ("[Owl](https://e.org/1) ![](https://e.org/2.png)", "1"),
        ("[Owl](https://e.org/1) [![Open source](https://e.org/2.svg)](https://e.org/3)", "1 3"),
    ],
)
def test_links_in_the_words_about_an_item_are_not_its_own(line: str, links: str) -> None:
    assert [found for _, found in primary(f"- {line}\n")] == [links]


def test_columns_about_something_else_hold_no_link_of_a_row() -> None:
    header = (
        "| Model | Training Data | License | Context Length | Maker | Weights | HF 🤗 | Notes |"
    )
    cells = (
        "[Owl](https://e.org/1)",
        "[Wiki](https://huggingface.co/datasets/x/2)",
        "[MIT](https://e.org/3)",
        "[4k](https://huggingface.co/x/4)",
        "[Lab](https://e.org/5)",
        "[7B](https://e.org/6) [13B](https://e.org/7)",
        "[x](https://e.org/8)",
        "like [Mole](https://e.org/9)",
    )
    row = " | ".join(cells)
    assert primary(f"{header}\n{'|---' * 8}|\n| {row} |\n") == [("Owl", "1 6 7 8")]


@pytest.mark.parametrize("heading", ["News", "License", "Contributing", "目录", "Changelog"])
def test_sections_about_the_list_hold_no_entries(heading: str) -> None:
    text = f"# L\n## {heading}\n- [A](https://e.org/1)\n## Tools\n- [B](https://e.org/2)\n"
    assert primary(text) == [("A", ""), ("B", "2")]


def test_the_kind_is_that_of_the_nearest_heading_and_not_of_the_title() -> None:
    entries = load(
        """
        # Awesome papers
        - [A](https://e.org/1)
        ## Datasets
        - [B](https://e.org/2)
        ### 2023
        - [C](https://e.org/3)
        ## Other awesome lists
        - [D](https://e.org/4)
        ## Things
        | Tool | Link |
        |---|---|
        | E | https://e.org/5 |
        """
    )
    assert [(entry.name, entry.kind) for entry in entries] == [
        ("A", None),
        ("B", "dataset"),
        ("C", "dataset"),
        ("D", "list"),
        ("E", "tool"),
    ]
    assert entries[2].section == ("Awesome papers", "Datasets", "2023")


def test_an_entry_keeps_its_own_words() -> None:
    (entry,) = load(
        "- **Owl** - Owls see at night, by Ann [[paper](https://e.org/1)]\n  - Code: https://e.org/2\n"
    )
    assert entry.text == "Owl - Owls see at night, by Ann [paper]\nCode: https://e.org/2"
    (row,) = load("| Model | Title |\n|---|---|\n| [Owl](https://e.org/1) | Owls see at night |\n")
    assert row.text == "Owl\nOwls see at night"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("[New] [Owl](https://e.org/1) - a tool", "Owl"),
        ("(New!) [Owl](https://e.org/1)", "Owl"),
        ("[ACL'23] [Owl](https://e.org/1)", "Owl"),
        ("`[new]` [Owl](https://e.org/1)", "Owl"),
        ("【必读】 [猫头鹰](https://e.org/1)", "猫头鹰"),
        ("[[2024] Owls see](https://e.org/1)", "Owls see"),
        (
            "[2023/05] **Owls see.** *Ann Writer (MIT) et al.* [[paper](https://e.org/1)]",
            "Owls see",
        ),
        ("[**ACL, 2023**] **Owl**: seeing at night. [paper](https://e.org/1)", "Owl"),
        ("**[NeurIPS'20]** Owls see at night. [[paper](https://e.org/1)]", "Owls see at night"),
        ("[2023/03] Owls see at night. [[pdf](https://e.org/1)]", "Owls see at night"),
        ("2023-05 **Owls see** - [paper](https://e.org/1)", "Owls see"),
        ("🔥 [CVPR] *Owls see* [code](https://e.org/1)", "Owls see"),
        ("[1] Owls see. [pdf](https://e.org/1)", "Owls see"),
        ("(Owl) [paper](https://e.org/1)", "Owl"),
        ("**[Owls see]** [paper](https://e.org/1)", "Owls see"),
        ("Owls (OWL) [paper](https://e.org/1)", "Owls (OWL)"),
        ("3D-Owl [paper](https://e.org/1)", "3D-Owl"),
        ("![](https://e.org/1.svg) [Owl](https://e.org/2)", "Owl"),
    ],
)
def test_brackets_before_a_name_are_no_part_of_it(line: str, name: str) -> None:
    assert [entry.name for entry in load(f"- {line}\n")] == [name]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("| [Owl](https://e.org/1) | 2024 | [7b](https://e.org/2) |", "Owl"),
        ("| **Owl** | 2024 | [7b](https://e.org/2) |", "Owl"),
        ("| 1 | Owl | [7b](https://e.org/2) |", "Owl"),
        ("| ![](https://e.org/1.svg) | Owl | [7b](https://e.org/2) |", "Owl"),
    ],
)
def test_the_column_below_an_empty_header_may_hold_the_names(row: str, name: str) -> None:
    assert load(f"| | Year | Weights |\n|---|---|---|\n{row}\n")[0].name == name


def test_everything_in_a_card_belongs_to_it() -> None:
    assert primary(
        """
        # List
        ## Tools
        <details><summary><b><a href="https://e.org/1">Owl</a></b> (🥇9) - Sees at night. <code><a href="https://e.org/2">MIT</a></code></summary>

        - [GitHub](https://e.org/3) (👨‍💻 4 · ⏱️ 26.06.2025):

        \t```
        \tgit clone
        \t```
        - [Docker Hub](https://e.org/4)
        - [Other](https://e.org/5)
        </details>
        <details><summary>Show 1 more…</summary>

        - <b><a href="https://e.org/6">Mole</a></b> - Digs.
        </details>

        - [Fox](https://e.org/7)
        """
    ) == [("Owl", "1 3 4"), ("Mole", "6"), ("Fox", "7")]


def test_a_sentence_in_bold_is_no_heading() -> None:
    text = """
        # List
        ## Tools
        **Please visit [our site](https://e.org/1) for more.**

        - [Owl](https://e.org/2)
        - Also see [more owls](https://e.org/3)
        """
    assert primary(text) == [("Tools", ""), ("Owl", "2"), ("Also see", "")]
    assert load(text)[1].section == ("List", "Tools")


def test_the_preamble_lists_nothing() -> None:
    assert primary(
        """
        # Owls [![paper](https://e.org/1.svg)](https://e.org/1)
        [A practical guide](https://e.org/2) - of ours
        ## Tools
        - [Owl](https://e.org/3)
        """
    ) == [("Owls paper", ""), ("A practical guide", ""), ("Owl", "3")]


def test_contents_of_the_first_level_do_not_hide_the_document() -> None:
    assert primary(
        """
        # Owls
        # Table of Contents
        - [Tools](#tools)
        ## Tools
        - [Owl](https://e.org/1)
        ## News
        - [Mole](https://e.org/2)
        """
    ) == [("Owl", "1"), ("Mole", "")]
