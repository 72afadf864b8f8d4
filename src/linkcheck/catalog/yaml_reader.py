"""Read texts with exact spans from YAML nodes, and report problems."""

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
    """Return whether a scalar is plain: without quotes or a block indicator."""
    return not node.style


def is_block_scalar(node: ScalarNode) -> bool:
    """Return whether a scalar is a block scalar (``|`` or ``>``)."""
    return node.style in ("|", ">")


def is_null(node: Node) -> bool:
    """Return whether the node is an empty value, ``null`` or ``~``."""
    return isinstance(node, ScalarNode) and is_plain_scalar(node) and node.value in _NULLS


def scalar_bounds(text: str, node: ScalarNode, offset: int) -> tuple[int, int]:
    """Return the bounds in ``text`` that an edit of this scalar replaces.

    If the value is literally in the file, they are those of the value inside quotes or below a
    block indicator. Otherwise (escapes, folded lines) they are those of the whole scalar with
    quotes or block indicator, without its anchor and tag.
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
    """Return the bounds of the content of a one-line block scalar, else of the whole scalar."""
    inner = end - len(value)
    margin = text[text.rfind("\n", start, inner) + 1 : inner]
    one_line = bool(value) and "\n" in text[start:inner] and not margin.strip()
    return (inner if one_line and text[inner:end] == value else start), end


class YamlReader:
    """Reads the nodes of one document and adds errors to ``problems``.

    ``entry_id`` is the entry of the problems that are added.
    """

    def __init__(self, source: SourceText, offset: int, problems: list[Problem]) -> None:
        self.source = source
        self.offset = offset
        self.problems = problems
        self.entry_id: str | None = None

    def span(self, node: Node) -> Span:
        """Return the place of a scalar's value or of a collection's first to last character."""
        if isinstance(node, ScalarNode):
            return self.source.span(*scalar_bounds(self.source.text, node, self.offset))
        return self.source.span(node.start_mark.index + self.offset, self._end(node))

    def _end(self, node: Node) -> int:
        """Return the end of a node's text; the end mark of a block is after later comments."""
        if isinstance(node, ScalarNode):
            return scalar_bounds(self.source.text, node, self.offset)[1]
        end = int(node.end_mark.index) + self.offset
        if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
            return end
        last = node.value[-1]
        nodes = last if isinstance(last, tuple) else (last,)
        ends = [self._end(n) for n in nodes if n.start_mark.index >= node.start_mark.index]
        # The node of an alias is elsewhere: only the alias is between the key and the end mark.
        inside = max((e for e in ends if e <= end), default=0)
        return inside or node.start_mark.index + self.offset

    def add_problem(self, message: str, node: Node, hint: str) -> None:
        """Add a problem of ``node`` with a hint on how to fix it."""
        self.add_problem_at(message, self.span(node), hint)

    def add_problem_at(self, message: str, span: Span, hint: str) -> None:
        """Add a problem at a span."""
        self.problems.append(Problem(message, span, hint, self.entry_id))

    def read_text(self, node: Node, label: str) -> Claim[str] | None:
        """Return a scalar's text; numbers and dates are returned as written."""
        if not isinstance(node, ScalarNode):
            kind = "a list" if isinstance(node, SequenceNode) else "a mapping"
            self.add_problem(f"'{label}' is {kind} and should be a text", node, "Write one value")
            return None
        value: str = node.value
        if is_plain_scalar(node):
            if value in _NULLS:
                self.add_problem(
                    f"'{label}' has no value", node, "Write a value, or delete the line"
                )
                return None
            if value in _BOOLEANS:
                hint = f"If it is a text, put it in quotes: '{value}'"
                self.add_problem(f"'{label}' is {value.lower()} and should be a text", node, hint)
                return None
        if not value.strip():
            self.add_problem(f"'{label}' is empty", node, "Write a value, or delete the line")
            return None
        return Claim(value.strip() if is_block_scalar(node) else value, self.span(node))

    def read_texts(self, node: Node, label: str, *, single: bool = False) -> tuple[Claim[str], ...]:
        """Return the texts of a list; with ``single``, also a text instead of a list."""
        if isinstance(node, SequenceNode):
            read = (self.read_text(item, label) for item in node.value)
            return tuple(claim for claim in read if claim is not None)
        if isinstance(node, ScalarNode) and (single or is_null(node)):
            claim = self.read_text(node, label)
            return () if claim is None else (claim,)
        kind = "a mapping" if isinstance(node, MappingNode) else "one text"
        hint = f"Write '{label}: [first, second]'; for a single one, '{label}: [only]'"
        self.add_problem(f"'{label}' is {kind} and should be a list of texts", node, hint)
        return ()

    def read_pairs(
        self, node: MappingNode, known: Sequence[str] | Mapping[str, object] | None, label: str
    ) -> Iterator[tuple[str, Node, Node]]:
        """Yield name, key and value of each pair once; ``known=None`` allows any key.

        Merge keys (``<<``) are followed; the mapping's own keys win over merged ones.
        """
        seen: dict[str, Node] = {}
        merged: list[Node] = []
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.add_problem(f"a key of {label} is no text", key, "Write 'key: value'")
                continue
            name: str = key.value
            if name == MERGE_KEY and is_plain_scalar(key):
                merged.append(value)
            elif name in seen:
                line = self.span(seen[name]).line
                hint = f"Keep one of the two; the first stands in line {line} and counts"
                self.add_problem(f"the key '{one_line(name)}' stands twice in {label}", key, hint)
            elif known is not None and name not in known:
                self._add_unknown_key(name, key, known, label)
            else:
                seen[name] = key
                yield name, key, value
        for value in merged:
            for source in value.value if isinstance(value, SequenceNode) else [value]:
                if not isinstance(source, MappingNode):
                    self.add_problem("'<<' merges mappings only", source, "Name a mapping's anchor")
                    continue
                for name, key, inner in self.read_pairs(source, known, label):
                    if name not in seen:
                        seen[name] = key
                        yield name, key, inner

    def _add_unknown_key(
        self, name: str, key: Node, known: Sequence[str] | Mapping[str, object], label: str
    ) -> None:
        close = nearest(name[:40], list(known))
        hint = f"Did you mean '{close}'?" if close else f"Known keys: {', '.join(known)}"
        self.add_problem(f"unknown key '{one_line(name)}' in {label}", key, hint)
