"""Escaped text is shown as it is, and nothing acts on it."""

import csv
import io
import json
import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pyromark import Options
from pyromark import html as pyromark_html

from linkcheck.markdown.entries import extract_links
from linkcheck.model.escape import (
    escape_csv_cell,
    escape_json,
    escape_markdown,
    markdown_code,
    visible_line,
)
from linkcheck.model.source_text import SourceText

SPECIAL = (
    *("@octocat", "#1", "GH-7", "owner/repo#2", ":tada:", "www.evil.example", "a@b.example"),
    *("https://evil.example/x_y_z", "![a](b)", "[a]: b", "<b>", "&amp;", "&#64;x", "a | b", "$1$"),
    *("1. x", "- x", "+ x", "= x", "---", "# x", "##[error]", "> x", "`", "``", "~~x~~", "__x__"),
    *("*x*", "snake_case", "\\", "\\*", "\x1b[31m", "\u202e", "\ud800", "\r\n", "\t", "中文_x_中"),
)
texts = st.lists(st.sampled_from(SPECIAL) | st.text(max_size=5), max_size=6).map("".join)
COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def cell_text(html: str) -> str:
    """Return the text of a table's only body cell; fail for any element inside it."""
    cells = re.findall(r"<td>(.*?)</td>", html, re.DOTALL)
    assert len(cells) == 1, html
    assert "<" not in cells[0], html
    return unescape(cells[0]).replace("\u200b", "")


@given(texts)
@example("a_b _c_ __init__ x_")
@pytest.mark.parametrize("autolinks", [False, True])
def test_markdown_renders_as_the_text_itself(autolinks: bool, text: str) -> None:
    table = f"| head |\n|---|\n| {escape_markdown(text, autolinks=autolinks)} |\n"
    expected = visible_line(text).strip()
    options = Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH
    assert cell_text(COMMONMARK.render(table)).strip() == expected
    assert cell_text(pyromark_html(table, options=options)).strip() == expected


@given(texts)
def test_a_paragraph_of_escaped_text_is_no_list_heading_or_rule(text: str) -> None:
    html = COMMONMARK.render(f"x\n\n{escape_markdown(text)}\n")
    assert set(re.findall(r"<(\w+)", html)) <= {"p"}, html


@given(texts)
def test_escaped_text_mentions_and_links_nothing(text: str) -> None:
    shown = unescape(COMMONMARK.renderInline(escape_markdown(text)))
    assert not re.search(r"@\w|#\d|\bGH-\d|\bwww\.|://", shown, re.IGNORECASE), shown
    assert extract_links(SourceText("x.md", f"| {escape_markdown(text)} |\n|---|\n")) == ()


@given(texts)
def test_a_code_span_shows_the_text_in_one_cell(text: str) -> None:
    html = COMMONMARK.render(f"| head |\n|---|\n| {markdown_code(text)} |\n")
    cells = re.findall(r"<td>(.*?)</td>", html, re.DOTALL)
    assert len(cells) == 1
    shown = unescape(cells[0].removeprefix("<code>").removesuffix("</code>"))
    expected = visible_line(text).replace("|", "\N{DIVIDES}").strip() or "–"
    assert shown.replace("\u200b", "").strip() == expected
    assert "##[" not in markdown_code(text)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("GPT-4 (2026-11-20), 50% off!", "GPT-4 (2026-11-20), 50% off!"),
        ("snake_case_name", "snake_case_name"),
        ("C# & C++", "C\\# &#38; C++"),
        ("- item", "\\- item"),
        ("3. item", "3\\. item"),
        ("2025-01-31", "2025-01-31"),
        ("1.5 GB", "1.5 GB"),
        ("---", "\\---"),
        ("::error title=x::y", "\\::error title=x::y"),
        ("@name", "&#64;&#8203;name"),
        ("see #12", "see #&#8203;12"),
    ],
)
def test_ordinary_text_stays_readable_in_the_source(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\r\ntwo\tthree", "one two three"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\u202eexe\u200b\ud800", "<U+202E>exe<U+200B><U+D800>"),
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),
    ],
)
def test_control_and_invisible_characters_are_made_visible(text: str, line: str) -> None:
    assert visible_line(text) == line


@given(st.text() | texts)
def test_json_keeps_its_value_and_has_no_runner_command(text: str) -> None:
    escaped = escape_json(json.dumps(text, ensure_ascii=False))
    escaped.encode("utf-8")
    assert json.loads(escaped) == text
    assert "##[" not in escaped


@given(st.text() | texts)
@example("=1+1")
@example("  @SUM(A1)")
def test_no_csv_cell_is_a_formula(text: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow([escape_csv_cell(text), "end"])
    [row] = csv.reader(io.StringIO(out.getvalue()))
    assert len(row) == 2
    assert not re.match(r"\s*[=+@-]", row[0])
