"""Markdown as GitHub renders it, with GitHub's own parser."""

import re
from html import unescape

from cmarkgfm.cmark import Options, markdown_to_html_with_extensions


def render(markdown: str) -> str:
    """Return the HTML, with raw HTML as in the source."""
    return str(
        markdown_to_html_with_extensions(
            markdown,
            options=Options.CMARK_OPT_UNSAFE,
            extensions=["table", "autolink", "strikethrough", "tasklist"],
        )
    )


def visible_text(html: str) -> str:
    """Return the text in which GitHub looks for mentions and references: not links, not code."""
    for tag in ("pre", "code", "a"):
        html = re.sub(rf"<{tag}\b.*?</{tag}>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^<>]*>", " ", html))


def tags_in(html: str) -> set[str]:
    """Return the names of the tags."""
    return set(re.findall(r"</?([a-z][a-z0-9]*)", html))
