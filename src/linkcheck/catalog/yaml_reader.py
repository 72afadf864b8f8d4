"""Reading values off YAML nodes: texts with exact spans, and problems worded for people."""

import re
from collections.abc import Iterator, Mapping, Sequence

from linkcheck.catalog.yaml_nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
from linkcheck.model.entry import Claim, Problem
from linkcheck.model.source_text import SourceText, Span
from linkcheck.model.wording import nearest, one_line

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = frozenset(("true", "True", "TRUE", "false", "False", "FALSE"))
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
MERGE_KEY = "<<"


def is_plain_scalar(node: ScalarNode) -> bool:
    """Say whether a scalar is written without quotes or block marks."""
    return not node.style


def is_block_scalar(node: ScalarNode) -> bool:
    """Say whether a scalar is written as a block (``|`` or ``>``)."""
    return node.style in ("|", ">")


def is_null(node: Node) -> bool:
    """Say whether the node is a value left empty (or written as ``null`` or ``~``)."""
    return isinstance(node, ScalarNode) and is_plain_scalar(node) and node.value in _NULLS


def scalar_bounds(text: str, node: ScalarNode, offset: int) -> tuple[int, int]:
    """Return the stretch of ``text`` that an edit of this scalar replaces.

    Where the characters of the value stand in the file as they are, that is just them, inside any
    quotes or below a block mark. Otherwise (escapes, folded lines) it is the whole scalar with its
    quotes or block mark, but without its anchor or tag.
    """
    start, end = node.start_mark.index + offset, node.end_mark.index + offset
    if not node.style and end - start == len(node.value):
        return start, end
    properties = _PROPERTIES.match(text, start, end)
    if properties:
        start = properties.end()
    if node.style in ("'", '"'):
        if text[start + 1 : end - 1] == node.value:
            return start + 1, end - 1
        return start, end
    end = start + len(text[start:end].rstrip())
    if is_block_scalar(node):
        return _block_bounds(text, node.value.strip(), start, end)
    return start, end


def _block_bounds(text: str, value: str, start: int, end: int) -> tuple[int, int]:
    """Return the one line of a block's content, or the whole block if it has several."""
    inner = end - len(value)
    margin = text[text.rfind("\n", start, inner) + 1 : inner]
    one_line = bool(value) and "\n" in text[start:inner] and not margin.strip()
    return (inner if one_line and text[inner:end] == value else start), end


class YamlReader:
    """Reads one document's nodes; what is wrong goes to ``problems``.

    ``entry`` is put on each problem; set it once the entry's id is known.
    """

    def __init__(self, source: SourceText, offset: int, problems: list[Problem]) -> None:
        self.source = source
        self.offset = offset
        self.problems = problems
        self.entry_id: str | None = None

    def span(self, node: Node) -> Span:
        """Return where the node stands: a scalar's value, a collection from first to last sign."""
        if isinstance(node, ScalarNode):
            return self.source.span(*scalar_bounds(self.source.text, node, self.offset))
        return self.source.span(node.start_mark.index + self.offset, self._end(node))

    def _end(self, node: Node) -> int:
        """Return where a node's own text ends: a block's end mark lies behind later comments."""
        if isinstance(node, ScalarNode):
            return scalar_bounds(self.source.text, node, self.offset)[1]
        end = int(node.end_mark.index) + self.offset
        if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
            return end
        last = node.value[-1]
        nodes = last if isinstance(last, tuple) else (last,)
        ends = [self._end(n) for n in nodes if n.start_mark.index >= node.start_mark.index]
        # An alias stands elsewhere: its own few characters are between the key and the end mark.
        inside = max((e for e in ends if e <= end), default=0)
        return inside or node.start_mark.index + self.offset

    def add_problem(self, message: str, node: Node, hint: str) -> None:
        """Note what is wrong with ``node`` and how to mend it."""
        self.add_problem_at(message, self.span(node), hint)

    def add_problem_at(self, message: str, span: Span, hint: str) -> None:
        """Note what is wrong at a place that is no node."""
        self.problems.append(Problem(message, span, hint, self.entry_id))

    def read_text(self, node: Node, what: str) -> Claim[str] | None:
        """Return a scalar's text; numbers and dates come as they are written."""
        if not isinstance(node, ScalarNode):
            kind = "a list" if isinstance(node, SequenceNode) else "a mapping"
            self.add_problem(f"'{what}' is {kind} and should be a text", node, "Write one value")
            return None
        value: str = node.value
        if is_plain_scalar(node):
            if value in _NULLS:
                self.add_problem(
                    f"'{what}' has no value", node, "Write a value, or delete the line"
                )
                return None
            if value in _BOOLEANS:
                hint = f"If it is a text, put it in quotes: '{value}'"
                self.add_problem(f"'{what}' is {value.lower()} and should be a text", node, hint)
                return None
        if not value.strip():
            self.add_problem(f"'{what}' is empty", node, "Write a value, or delete the line")
            return None
        return Claim(value.strip() if is_block_scalar(node) else value, self.span(node))

    def read_texts(self, node: Node, what: str, *, single: bool = False) -> tuple[Claim[str], ...]:
        """Return a list's texts; ``single`` also takes one text that is no list."""
        if isinstance(node, SequenceNode):
            read = (self.read_text(item, what) for item in node.value)
            return tuple(claim for claim in read if claim is not None)
        if isinstance(node, ScalarNode) and (single or is_null(node)):
            claim = self.read_text(node, what)
            return () if claim is None else (claim,)
        kind = "a mapping" if isinstance(node, MappingNode) else "one text"
        hint = f"Write '{what}: [first, second]'; for a single one, '{what}: [only]'"
        self.add_problem(f"'{what}' is {kind} and should be a list of texts", node, hint)
        return ()

    def read_pairs(
        self, node: MappingNode, known: Sequence[str] | Mapping[str, object] | None, what: str
    ) -> Iterator[tuple[str, Node, Node]]:
        """Yield name, key and value of each pair once; ``known=None`` takes any key.

        Merge keys (``<<``) are followed; the mapping's own keys win over merged ones.
        """
        seen: dict[str, Node] = {}
        merged: list[Node] = []
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.add_problem(f"a key of {what} is no text", key, "Write 'key: value'")
                continue
            name: str = key.value
            if name == MERGE_KEY and is_plain_scalar(key):
                merged.append(value)
            elif name in seen:
                line = self.span(seen[name]).line
                hint = f"Keep one of the two; the first stands in line {line} and counts"
                self.add_problem(f"the key '{one_line(name)}' stands twice in {what}", key, hint)
            elif known is not None and name not in known:
                self._add_unknown_key(name, key, known, what)
            else:
                seen[name] = key
                yield name, key, value
        for value in merged:
            for source in value.value if isinstance(value, SequenceNode) else [value]:
                if not isinstance(source, MappingNode):
                    self.add_problem("'<<' merges mappings only", source, "Name a mapping's anchor")
                    continue
                for name, key, inner in self.read_pairs(source, known, what):
                    if name not in seen:
                        seen[name] = key
                        yield name, key, inner

    def _add_unknown_key(
        self, name: str, key: Node, known: Sequence[str] | Mapping[str, object], what: str
    ) -> None:
        close = nearest(name[:40], list(known))
        hint = f"Did you mean '{close}'?" if close else f"Known keys: {', '.join(known)}"
        self.add_problem(f"unknown key '{one_line(name)}' in {what}", key, hint)
