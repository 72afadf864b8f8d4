"""Posted outside text mentions nobody, closes nothing and contains no raw HTML."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from linkcheck.forge.sanitize import code, escape_text, is_safe, sanitize_markdown, sanitize_title

HOSTILE = (
    "@everyone",
    "@octocat/team",
    "fixes #1",
    "closes octo/repo#12",
    "GH-7",
    "octo/repo@deadbeefdeadbeef",
    "<script>alert(1)</script>",
    "<!-- linkcheck {} -->",
    "<img src=x onerror=y>",
    "a | b",
    "`",
    "``",
    "https://github.com/octo/repo/issues/1",
    "[x](https://github.com/octo/repo/pull/1)",
    "<https://github.com/octo/repo/issues/1>",
    "&#64;octocat",
    "\\@octocat",
    "\x1b[31m",
    "\u202e",
    "- [x] <!-- linkcheck:open=moved-links -->",
    "\n\n# head\n",
    "![](https://github.com/octo/repo/issues/3)",
    "**@octo**",
    "![a][b]\n\n[b]: https://github.com/o/r/issues/1\n",
    "{issue:dashboard}",
    "    ",
    "```",
    "é",
    "|",
    "\\",
)
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), max_size=8).map("".join)

TAGS = r"p|a|em|strong|img|h\d|ul|ol|li|hr|br|blockquote|table|t[rhd]|thead|tbody|s"
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
"""Another parser than that of the sanitizer."""


def shown(markdown: str) -> str:
    """Return the HTML without code and tags, in which GitHub sees no mentions."""
    html = READER.render(markdown)
    html = re.sub(r"<pre>.*?</pre>|<code>.*?</code>", " ", html, flags=re.DOTALL)
    return re.sub(f"<(/?({TAGS})\\b[^<>]*)>", " ", html)


def assert_harmless(markdown: str) -> None:
    text = shown(markdown)
    assert not re.search(r"@[A-Za-z0-9]", text), text
    assert not re.search(r"#\d", text.replace("&#", "")), text
    assert not re.search(r"GH-\d", text, re.IGNORECASE), text
    assert "<" not in re.sub(r"<!-- linkcheck[ :][^<>]*? -->", "", text), text
    html = READER.render(markdown)
    assert not re.search(r'(href|src)="https://github\.com/\w+/\w+/(issues|pull)', html), html


@settings(max_examples=150, deadline=None)
@given(texts)
def test_sanitized_markdown_is_harmless(text: str) -> None:
    sanitized = sanitize_markdown(text)
    assert_harmless(sanitized)
    assert is_safe(sanitized)
    assert sanitize_markdown(sanitized) == sanitized


@settings(max_examples=150, deadline=None)
@given(texts)
def test_escaped_text_stays_one_line_and_one_table_cell(text: str) -> None:
    row = f"| a | b |\n|---|---|\n| {escape_text(text)} | end |"
    assert_harmless(sanitize_markdown(row))
    html = READER.render(sanitize_markdown(row))
    assert html.count("<td>") == 2, html
    assert "<li>" not in READER.render(escape_text(text))


@settings(max_examples=150, deadline=None)
@given(texts)
def test_code_holds_everything_inside_one_span(text: str) -> None:
    row = f"| a | b |\n|---|---|\n| {code(text)} | end |"
    html = READER.render(sanitize_markdown(row))
    assert html.count("<td>") == 2, html
    assert html.count("<code>") <= 1
    assert_harmless(sanitize_markdown(row))


@pytest.mark.parametrize("text", HOSTILE)
def test_titles_mention_and_close_nothing(text: str) -> None:
    safe = sanitize_title(text)
    assert not re.search(r"@[A-Za-z0-9]|#\d|GH-\d", safe)
    assert "\n" not in safe


def test_own_markers_and_code_are_unchanged() -> None:
    body = (
        "<!-- linkcheck {} -->\n- [ ] <!-- linkcheck:open=moved-links --> go\n\n`@x #1`\n\n"
        "```\n@y\n```\n"
    )
    assert sanitize_markdown(body) == body


def test_links_to_issues_create_no_backlink() -> None:
    sanitized = sanitize_markdown(
        "see https://github.com/octo/repo/issues/1 and [x](https://github.com/o/r/pull/2)"
    )
    assert sanitized.count("https://redirect.github.com/") == 2
    assert sanitize_markdown("https://github.com/octo/repo") == "https://github.com/octo/repo"
