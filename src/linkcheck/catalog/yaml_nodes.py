"""Compose YAML into nodes with places, within limits.

A hostile file becomes a problem and cannot exhaust time or memory: its size, the number and depth
of its nodes and the expansion of its aliases are limited before the nodes are walked. A syntax
error in one item of a list affects only that item: the file is then read item by item.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from linkcheck.model.entry import Problem
from linkcheck.model.source_text import SourceText

try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # PyYAML without libyaml: the same nodes, about ten times slower

    class _Parser(  # type: ignore[no-redef]
        yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser, yaml.composer.Composer
    ):
        def __init__(self, text: str) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)
            yaml.composer.Composer.__init__(self)


MAX_CHARACTERS = 20_000_000
"""Longer files are rejected, as their nodes take about 30 times their size in memory."""
MAX_NODES = 1_500_000
"""About 40,000 entries in one file."""
MAX_DEPTH = 64
"""Entries are four levels deep; composing recurses once a level."""
MAX_EXPANSION = 200_000
"""Maximum number of nodes that aliases add in one file."""

MAX_BAD_ITEMS = 500
"""Items with syntax errors after which the rest of the file is not read."""

BOM = "\ufeff"
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ITEM = re.compile(r"^-(?=[ \t\r\n])", re.MULTILINE)
_PREAMBLE = re.compile(BOM + r"?(?:[ \t]*(?:#[^\n]*)?\r?\n|(?:---|%)[^\n]*\n)*")
_DOCUMENT_END = re.compile(r"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)

_HINTS = (
    ("mapping values are not allowed", "Put the value in quotes: it holds a colon and a space"),
    ("tab character", "Indent with spaces; YAML allows no tabs there"),
    ("could not find expected ':'", "Write 'key: value', with a space behind the colon"),
    ("expected <block end>", "Align this line with its neighbors"),
    ("did not find expected key", "Align this line with its neighbors, and close every quote"),
    ("did not find expected '-'", "Start the line with '- ', or align it with its neighbors"),
    ("end of stream", "Close the quote or bracket that is still open"),
    ("found unexpected document", "Close the quote that is still open"),
    ("expected ',' or", "Close the bracket, or put a comma between the items"),
    (
        "undefined alias",
        "Put the value in quotes if it only starts with '*'; else define the anchor",
    ),
    ("duplicate anchor", "Give the second anchor another name"),
    ("cannot start any token", "Put the value in quotes: it starts with a character YAML reserves"),
    ("unknown escape", "Use single quotes, in which a backslash means nothing"),
)


class _LimitExceededError(Exception):
    """The file exceeds a limit. ``message`` is the reason, ``index`` its place."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.message = message
        self.index = index


@dataclass(slots=True)
class _Usage:
    """Resources that one file has used so far, over all its documents."""

    nodes: int = 0
    expanded: int = 0


class _Composer(_Parser):
    """Composes nodes without resolving tags, and counts them."""

    def __init__(self, text: str, spent: _Usage) -> None:
        super().__init__(text)
        self._depth = 0
        self._usage = spent

    def descend_resolver(self, parent: Node | None, index: Any) -> None:  # noqa: ARG002 - PyYAML's hook
        """Count the start of a value."""
        self._depth += 1
        self._usage.nodes += 1
        if self._depth > MAX_DEPTH or self._usage.nodes > MAX_NODES:
            at = parent.start_mark.index if parent else 0
            if self._depth > MAX_DEPTH:
                raise _LimitExceededError(f"is nested more than {MAX_DEPTH} levels deep", at)
            raise _LimitExceededError(f"holds more than {MAX_NODES} values", at)

    def ascend_resolver(self) -> None:
        """Count the end of a value."""
        self._depth -= 1

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:  # noqa: ARG002 - PyYAML's hook
        """Return one tag for every node; the raw text is used, so that `no` stays `no`."""
        return "value"


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One YAML document (or one item of a file that is read item by item)."""

    node: Node
    offset: int
    """Offset of the node's marks in the file's text."""


@dataclass(frozen=True, slots=True)
class YamlTree:
    """The documents and problems of a file."""

    documents: tuple[YamlDocument, ...]
    problems: tuple[Problem, ...]


def compose(source: SourceText) -> YamlTree:
    """Return the nodes of a file; errors become problems and never raise.

    Tags are ignored. Aliases are resolved (the same node again) and safe to walk.
    """
    text = source.text
    if len(text) > MAX_CHARACTERS:
        message = f"the file is larger than {MAX_CHARACTERS // 1_000_000} million characters"
        return YamlTree((), (Problem(message, source.span(0, 0), "Split it into several files"),))
    problems: list[Problem] = []
    text = _replace_unprintable(source, text, problems)
    skip = 1 if text.startswith(BOM) else 0  # libyaml's marks do not count a byte order mark
    try:
        return YamlTree(tuple(_compose_documents(text[skip:], skip, _Usage())), tuple(problems))
    except _LimitExceededError as error:
        return YamlTree((), (*problems, _limit_problem(source, error, skip)))
    except yaml.YAMLError as error:
        first = _syntax_problem(source, error, skip)
    documents, more = _compose_items(source, text)
    return YamlTree(tuple(documents), (*problems, *(more or [first])))


def _replace_unprintable(source: SourceText, text: str, problems: list[Problem]) -> str:
    """Return the text with characters that YAML forbids replaced; report the first one."""
    bad = _UNPRINTABLE.search(text)
    if bad is None:
        return text
    where = source.span(bad.start(), bad.end())
    message = f"the character U+{ord(bad[0]):04X} may not stand in a YAML file"
    problems.append(
        Problem(message, where, "Delete it; most editors can show invisible characters")
    )
    return _UNPRINTABLE.sub("\ufffd", text)


def _compose_documents(text: str, offset: int, spent: _Usage) -> Iterator[YamlDocument]:
    composer = _Composer(text, spent)
    while composer.check_node():
        node = composer.get_node()
        if node is not None:
            if "*" in text:
                _check_aliases(node, spent)
            yield YamlDocument(node, offset)


def _compose_items(source: SourceText, text: str) -> tuple[list[YamlDocument], list[Problem]]:
    """Read the items of an unindented list one at a time, so that one error affects one item."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    if not starts or not _PREAMBLE.fullmatch(text, 0, starts[0]):
        return [], []
    spent = _Usage()
    documents: list[YamlDocument] = []
    problems: list[Problem] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
        item = text[start:end]
        stop = _DOCUMENT_END.search(item)
        if stop:
            item = item[: stop.start()]
        try:
            documents.extend(_compose_documents(item, start, spent))
        except _LimitExceededError as error:
            return [], [_limit_problem(source, error, start)]
        except yaml.YAMLError as error:
            problems.append(_syntax_problem(source, error, start))
            if len(problems) == MAX_BAD_ITEMS:
                break
    return documents, problems


def _limit_problem(source: SourceText, error: _LimitExceededError, offset: int) -> Problem:
    at = min(error.index + offset, len(source.text))
    hint = "linkcheck does not read such files; write the values out, or split the file"
    return Problem(f"the file {error.message}", source.span(at, at), hint)


def _syntax_problem(source: SourceText, error: yaml.YAMLError, offset: int) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or "cannot be read"
    index = min((mark.index if mark else 0) + offset, len(source.text))
    if source.text[index : index + 1] == "\t":
        what = "found a tab character"
    hint = next((hint for part, hint in _HINTS if part in what), "Mend the YAML there")
    context = getattr(error, "context_mark", None)
    if context and mark and context.line != mark.line and hint.startswith("Close"):
        line, _ = source.position(min(context.index + offset, len(source.text)))
        hint = f"{hint} (it began in line {line})"
    return Problem(f"this is not valid YAML: {what}", source.span(index, index), hint)


def child_nodes(node: Node) -> Iterator[Node]:
    """Yield the nodes in a collection: keys and values in order."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield key
            yield value
    elif isinstance(node, SequenceNode):
        yield from node.value


def _check_aliases(root: Node, spent: _Usage) -> None:
    """Raise _LimitExceededError if the aliases expand to too many nodes or too deep ones.

    Each node is measured once, so that the work is linear in the length of the file.
    """
    sizes: dict[int, tuple[int, int]] = {}  # id -> nodes when expanded, depth when expanded
    cap = MAX_NODES + MAX_EXPANSION

    def measure(node: Node) -> tuple[int, int]:
        known = sizes.get(id(node))
        if known is not None:
            if known[0] == 0:
                raise _LimitExceededError(
                    "has an alias inside the very value it stands for", at(node)
                )
            return known
        sizes[id(node)] = (0, 0)
        size, depth = 1, 0
        for child in child_nodes(node):
            more, deep = measure(child)
            size, depth = min(size + more, cap), max(depth, deep)
        sizes[id(node)] = (size, depth + 1)
        if depth + 1 > MAX_DEPTH:
            raise _LimitExceededError(f"is nested more than {MAX_DEPTH} levels deep", at(node))
        return sizes[id(node)]

    def at(node: Node) -> int:
        return int(node.start_mark.index)

    total, _ = measure(root)
    spent.expanded += total - len(sizes)
    if spent.expanded > MAX_EXPANSION:
        raise _LimitExceededError("has aliases that multiply into millions of values", at(root))


__all__ = [
    "CollectionNode",
    "MappingNode",
    "Node",
    "ScalarNode",
    "SequenceNode",
    "YamlDocument",
    "YamlTree",
    "child_nodes",
    "compose",
]
