"""Find the spans of ignores in a TOML text, which :mod:`tomllib` does not give."""

import re

from linkcheck.model.source_text import SourceText, Span

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""+'
    r"|'''.*?'''+"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}]",
    re.DOTALL,
)
"""Strings and comments, which may contain brackets, and the brackets themselves."""
_HEADER = re.compile(r"\[\[?(?P<table>[^\[\]\n]*)\]\]?")
_KEY = re.compile(r"(?P<key>[^=\n]+)=[ \t]*\Z")


def ignore_places(source: SourceText, table: str) -> tuple[Span, ...]:
    """Return the spans of the ignores of a valid TOML text, in order.

    ``table`` is their key: ``ignore``, or ``tool.linkcheck.ignore``. The span of a table is its
    ``[[ignore]]`` header, that of an inline table in a list is its ``{…}``. Other notations are not
    found.
    """
    text = source.text
    places: list[Span] = []
    within, depth, opened, listed = "", 0, 0, False
    for match in _TOKEN.finditer(text):
        at, token = match.start(), match.group()
        if token in ("[", "{"):
            if depth == 0:
                before = text[text.rfind("\n", 0, at) + 1 : at]
                key = _KEY.search(before)
                listed = key is not None and _dotted(f"{within}.{key['key']}") == table
                if not before.strip():
                    header = _HEADER.match(text, at)
                    within = _dotted(header["table"]) if header else "?"
                    if header and within == table and text.startswith("[[", at):
                        places.append(source.span(*header.span()))
            elif depth == 1:
                opened = at
            depth += 1
        elif token in ("]", "}"):
            depth -= 1
            if listed and depth == 1 and token == "}":  # noqa: S105 - a bracket, no secret
                places.append(source.span(opened, match.end()))
    return tuple(places)


def _dotted(key: str) -> str:
    """Return a dotted key without white space and quotes."""
    return re.sub(r"[\s\"']", "", key).strip(".")
