"""Writing values back into YAML in the style in which they stand there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from linkcheck.catalog.yaml_nodes import Node, ScalarNode, child_nodes, compose
from linkcheck.catalog.yaml_reader import scalar_bounds
from linkcheck.model.finding import Edit
from linkcheck.model.garbage_collection import gc_paused
from linkcheck.model.source_text import SourceText

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_PLAIN_FIRST = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]|[-?:](?=\S)")
_PLAIN_SPECIAL = re.compile(r":(?=\s|$)|\s#")
_FLOW_SPECIAL = re.compile(r"^:|[,\[\]{}?]|:(?=[,\[\]{}])")  # not every parser takes a ? there
_NOT_TEXT = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|<<|=|[-+]?[0-9][0-9_.,:eE+-]*|0[xo][0-9a-fA-F_]+"
    r"|[-+]?\.(?:inf|nan)|\d{4}-\d\d?-\d\d?.*",
    re.IGNORECASE,
)


def encode_scalar(value: str, style: str = "", *, flow: bool = False) -> str:
    r"""Return ``value`` as the characters that mean it inside a scalar of the given style.

    ``style`` is ``""`` (plain), ``'`` or ``"``; for the quoted ones the result goes between the
    quotes that are already there. A value that cannot stand in its style (a line break between
    single quotes) raises ValueError. ``flow`` says that the scalar stands inside ``[…]`` or
    ``{…}``. A plain value that would mean something else comes back in quotes.
    """
    if style == '"':
        return _escape(value)
    if style == "'":
        if _UNSAFE.search(value):
            raise ValueError("control characters cannot stand between single quotes")
        return value.replace("'", "''")
    if _is_plain_safe(value, flow=flow):
        return value
    if _UNSAFE.search(value) or "'" in value:
        return f'"{_escape(value)}"'
    return f"'{value}'"


def _escape(value: str) -> str:
    escaped = "".join(_ESCAPES.get(character, character) for character in value)
    return _UNSAFE.sub(lambda match: f"\\U{ord(match[0]):08X}", escaped)


def _is_plain_safe(value: str, *, flow: bool) -> bool:
    return (
        bool(_PLAIN_FIRST.match(value))
        and not _UNSAFE.search(value)
        and value == value.strip()
        and not _PLAIN_SPECIAL.search(value)
        and not (flow and _FLOW_SPECIAL.search(value))
        and not value.startswith(("---", "..."))
    )


def quote_edits(source: SourceText, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return edits whose ``after`` is put in the quoting of the scalar that each one replaces.

    Give it edits whose ``after`` is the bare new value (a URL, a license): they come back with
    what has to stand in the file. Only edits that replace exactly one scalar's value are changed;
    others are taken to be YAML already. A value that is fine as it is stays as it is.
    """
    wanted = {(edit.span.start, edit.span.end) for edit in edits}
    with gc_paused():
        styles = {
            bounds: (style, flow)
            for bounds, style, flow in _find_scalars(source)
            if bounds in wanted
        }
    return tuple(
        replace(edit, after=_quote_edit(source.text, edit, *styles[edit.span.start, edit.span.end]))
        if (edit.span.start, edit.span.end) in styles
        else edit
        for edit in edits
    )


def _quote_edit(text: str, edit: Edit, style: str, flow: bool) -> str:
    start, end = edit.span.start, edit.span.end
    quoted = style in ("'", '"')
    if quoted and text[start - 1 : start] == style == text[end : end + 1]:
        try:
            return encode_scalar(edit.after, style, flow=flow)
        except ValueError:
            return edit.after  # verification will refuse it
    if quoted:  # the whole scalar with its quotes is replaced: keep the kind of quotes
        try:
            return f"{style}{encode_scalar(edit.after, style, flow=flow)}{style}"
        except ValueError:
            return encode_scalar(edit.after, flow=flow)
    if style in ("|", ">") and not edit.before.startswith(style):
        return edit.after  # one line of a block means just what it says
    before_is_text = not _NOT_TEXT.fullmatch(edit.before)
    if before_is_text and _NOT_TEXT.fullmatch(edit.after):
        return f"'{edit.after}'"
    return encode_scalar(edit.after, flow=flow)


def _find_scalars(source: SourceText) -> Iterator[tuple[tuple[int, int], str, bool]]:
    """Yield bounds, style and whether it stands in a flow collection, for every scalar."""
    for document in compose(source).documents:
        seen: set[int] = set()
        stack: list[tuple[Node, bool]] = [(document.node, False)]
        while stack:
            node, flow = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, ScalarNode):
                bounds = scalar_bounds(source.text, node, document.offset)
                yield bounds, node.style or "", flow
            else:
                inside = flow or bool(getattr(node, "flow_style", False))
                stack.extend((child, inside) for child in child_nodes(node))
