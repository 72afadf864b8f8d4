"""Posted outside text mentions nobody, closes nothing and contains no raw HTML."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.forge.sanitize import (
    code,
    escape_text,
    is_safe,
    link,
    sanitize_markdown,
    sanitize_title,
    value,
)
from linkcheck.model.source_text import word_set
from linkcheck.model.url import percent_decode
from tests.forge.github_html import render, tags_in, visible_text

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
    "http://x.example/<img src=x>",
    "http://x.example/`<b>`",
    "https://x.example/@octocat/deadbeefdeadbeef",
    "https://web.archive.org/web/20240302101112/https://github.com/o/r",
    "www.x.example/@octocat<i>",
    "https://github.com/o/r/discussions/7",
    "<summary>@octocat</summary>",
    "http://x.example/a|b",
    "http://x.example/&#60;img>",
    "ftp://x.example/<u>",
    "(https://x.example/a_(b)).",
)
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), max_size=8).map("".join)

ALLOWED_TAGS = word_set(
    "p a em strong img h1 h2 h3 h4 h5 h6 ul ol li hr br blockquote table tr th td thead tbody del"
    " code pre input details summary"
)


def assert_harmless(markdown: str) -> None:
    """Check Markdown as GitHub renders it."""
    html = render(markdown)
    assert tags_in(html) <= ALLOWED_TAGS, html
    text = visible_text(html)
    assert not re.search(r"@[A-Za-z0-9]", text), text
    assert not re.search(r"#\d", text), text
    assert not re.search(r"GH-\d", text, re.IGNORECASE), text
    assert not re.search(r"\b[0-9a-f]{7,40}\b", text), text
    assert not re.search(
        r'(href|src)="https?://(www\.)?github\.com/[^/"]+/[^/"]+/(issues|pull|discussions|commit)\b',
        html,
        re.IGNORECASE,
    ), html


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
    html = render(sanitize_markdown(row))
    assert html.count("<td>") == 2, html
    assert "<li>" not in render(escape_text(text))


@settings(max_examples=150, deadline=None)
@given(texts)
def test_code_holds_everything_inside_one_span(text: str) -> None:
    row = f"| a | b |\n|---|---|\n| {code(text)} | end |"
    html = render(sanitize_markdown(row))
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
    assert sanitize_markdown("https://github.com/octo/repo") == "<https://github.com/octo/repo>"


URLS = (
    "https://github.com/octo/repo",
    "https://web.archive.org/web/20240302101112/https://github.com/octo/lost",
    "https://x.example/@user/0123456789abcdef0123456789abcdef01234567?a=1&copy=2#3",
    "https://en.wikipedia.org/wiki/A_(b)",
    "https://x.example/a|b`c\\d*e*_f_~g~[h]",
    "https://x.example/ä/%7Euser",
)


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("form", ["{}", "see {} and more", "({})", "{}."])
def test_links_can_be_clicked(url: str, form: str) -> None:
    html = render(f"| a |\n|---|\n| {escape_text(form.format(url))} |")
    target = re.findall(r'href="([^"]*)"', html)
    assert len(target) == 1
    decoded = percent_decode(unescape(target[0]))
    assert decoded == percent_decode(url)
    assert "\u200b" not in decoded
    assert "\u200b" not in html.partition("<a ")[2].partition("</a>")[0]


def test_a_link_shows_any_text() -> None:
    html = render(link("gh:octo/@repo#1 <b>", "https://github.com/octo/repo"))
    assert html.count("<a ") == 1
    assert "gh:octo/@repo#1 &lt;b&gt;</a>" in html
    assert value("not a URL") == "`not a URL`"
    assert value("javascript:alert(1)").startswith("`")


def test_a_url_that_is_cut_off_is_no_link() -> None:
    assert "<a " not in render(escape_text("see https://x.example/" + "a" * 90, 40))
