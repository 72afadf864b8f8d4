"""Tables that GitHub shows as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.markdown.entries import load_markdown_file
from linkcheck.model.local import BrokenTable
from linkcheck.model.source_text import SourceText


def tables(text: str) -> tuple[BrokenTable, ...]:
    return load_markdown_file(SourceText("README.md", text)).file.tables


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| c | d |",
        "a | b\n:-: | -\nc | d",
        "| a \\| b | c |\n|---|---|\n",
        "words\n| a | b |\n|---|---|\n| c | d |",
        "| a |\n|---|\n",
        "> | a | b |\n> |---|---|\n> | c | d |",
        "```\n| a | b |\n|---|\n```",
        "    | a | b |\n    |---|",
        "a | b\n---",
        "one | two or\nthree | four",
        "| [Home](https://a.example/) | [Docs](https://b.example/) |",
        "|x| is the absolute value of x,\n|y| of y",
        "a\n- b\n",
        "| a |\n| b |\n",
    ],
)
def test_texts_without_broken_tables(text: str) -> None:
    assert tables(text) == ()


@pytest.mark.parametrize(
    ("text", "line", "columns", "delimiters"),
    [
        ("| a | b |\n|---|\n| c | d |", 1, 2, 1),
        ("| a | b |\n|---|---|---|\n| c | d |", 1, 2, 3),
        ("a | b\n--- | --- | ---\n", 1, 2, 3),
        ("| a \\| b |\n|---|---|", 1, 1, 2),
        ("words\n| a | b |\n|---|\n", 2, 2, 1),
        ("> | a | b |\n> |---|\n", 1, 2, 1),
        ("- item\n  | a | b |\n  |---|\n", 2, 2, 1),
        ("| a | b |\r\n|---|\r\n| c | d |\r\n", 1, 2, 1),
        ("| a | b |\n| c | d |\n", 1, 2, None),
        ("| a | b |\n|---|---|\n| c | d |\n\n| e | f |\n", 5, 2, None),
        ("| a | b |\n\n|---|---|\n| c | d |\n", 3, 2, None),
    ],
)
def test_broken_tables_are_found(
    text: str, line: int, columns: int, delimiters: int | None
) -> None:
    (table,) = tables(text)
    assert (table.span.line, table.columns, table.delimiters) == (line, columns, delimiters)
    assert text[table.span.start : table.span.end].startswith(table.row)


CELLS = st.lists(st.sampled_from(["a", "b c", "[x](y)", "**z**", "\\|"]), min_size=1, max_size=5)


@given(CELLS, st.integers(1, 5))
def test_a_table_is_broken_where_its_delimiter_row_does_not_fit(
    cells: list[str], delimiters: int
) -> None:
    text = f"| {' | '.join(cells)} |\n|{'---|' * delimiters}\n| c | d |\n"
    assert bool(tables(text)) == (len(cells) != delimiters)


@given(st.text(st.sampled_from("|-: \n>a\\`*"), max_size=120))
def test_any_text_can_be_searched(text: str) -> None:
    for table in tables(text):
        assert text[table.span.start : table.span.end]
