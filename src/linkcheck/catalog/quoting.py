"""Write values into YAML in the quoting style of the scalars that they replace."""

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
_FLOW_SPECIAL = re.compile(r"^:|[,\[\]{}?]|:(?=[,\[\]{}])")  # some parsers reject a ? there
_NOT_TEXT = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|<<|=|[-+]?[0-9][0-9_.,:eE+-]*|0[xo][0-9a-fA-F_]+"
    r"|[-+]?\.(?:inf|nan)|\d{4}-\d\d?-\d\d?.*",
    re.IGNORECASE,
)


def encode_scalar(value: str, style: str = "", *, flow: bool = False) -> str:
    r"""Return ``value`` encoded for a scalar of the given style.

    ``style`` is ``""`` (plain), ``'`` or ``"``; for quoted styles the result goes between existing
    quotes. With ``flow`` the scalar is inside ``[…]`` or ``{…}``. A value that is not valid as a
    plain scalar is returned in quotes. Raises ValueError for a value that its style cannot express
    (a line break between single quotes).
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
    """Return edits with ``after`` encoded for the scalar that each one replaces.

    ``after`` must be the new value (a URL, a license). Only edits that replace exactly one scalar's
    value are changed; others are assumed to be YAML.
    """
    edited = {(edit.span.start, edit.span.end) for edit in edits}
    with gc_paused():
        styles = {
            bounds: (style, flow)
            for bounds, style, flow in _find_scalars(source)
            if bounds in edited
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
            return edit.after  # verification rejects it
    if quoted:  # the edit includes the quotes: keep their style
        try:
            return f"{style}{encode_scalar(edit.after, style, flow=flow)}{style}"
        except ValueError:
            return encode_scalar(edit.after, flow=flow)
    if style in ("|", ">") and not edit.before.startswith(style):
        return edit.after  # a line of a block scalar needs no encoding
    before_is_text = not _NOT_TEXT.fullmatch(edit.before)
    if before_is_text and _NOT_TEXT.fullmatch(edit.after):
        return f"'{edit.after}'"
    return encode_scalar(edit.after, flow=flow)


def _find_scalars(source: SourceText) -> Iterator[tuple[tuple[int, int], str, bool]]:
    """Yield each scalar's bounds, its style and whether it is in a flow collection."""
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
