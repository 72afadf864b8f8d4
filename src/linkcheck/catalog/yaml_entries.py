"""Read entries in the catalog format: a YAML list of mappings."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from linkcheck.catalog.keys import (
    BY_NAME,
    DATE_PATTERN,
    ID_PATTERN,
    IGNORE_KEYS,
    IGNORE_REQUIRED,
    KEYS,
    LICENSE_PARTS,
    ROLE_PATTERN,
)
from linkcheck.catalog.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, compose
from linkcheck.catalog.yaml_reader import YamlReader, is_null
from linkcheck.model.duration import FORMS, parse_duration
from linkcheck.model.entry import NO_CLAIMS, Claim, Claims, Entry, EntryKind, Ignore, Link, Problem
from linkcheck.model.entry_ids import slugify
from linkcheck.model.garbage_collection import gc_paused
from linkcheck.model.shorthand import expand
from linkcheck.model.source_text import SourceText, Span
from linkcheck.model.url import is_skipped_scheme
from linkcheck.model.wording import nearest, one_line

LoadResult = tuple[tuple[Entry, ...], tuple[Problem, ...], int]
"""Entries, problems, and the number of links that cannot be checked (``mailto:``)."""

MAX_PROBLEMS = 500
"""Problems reported of one file; the others are counted."""

_ID = re.compile(ID_PATTERN)
_ROLE = re.compile(ROLE_PATTERN)
_DATE = re.compile(DATE_PATTERN)
_KINDS = {kind.value: kind for kind in EntryKind}


def load_yaml(source: SourceText, *, ids: dict[str, Span] | None = None) -> LoadResult:
    """Read a file in the catalog format; errors become problems and never raise.

    ``ids`` holds the place of each id's first use. Pass the same mapping for all files of a catalog
    to find duplicates across files.
    """
    with gc_paused():
        return _load(source, {} if ids is None else ids)


def _load(source: SourceText, ids: dict[str, Span]) -> LoadResult:
    tree = compose(source)
    problems = list(tree.problems)
    entries: list[Entry] = []
    for document in tree.documents:
        reader = YamlReader(source, document.offset, problems)
        root = document.node
        if isinstance(root, SequenceNode):
            for item in root.value:
                entry = read_entry(reader, item, ids)
                if entry is not None:
                    entries.append(entry)
        elif not is_null(root):
            _add_not_list_problem(reader, root)
    return tuple(entries), limit_problems(problems), count_skipped_links(entries)


def limit_problems(problems: list[Problem]) -> tuple[Problem, ...]:
    """Return at most MAX_PROBLEMS problems in order, and one that counts the others."""
    problems.sort(key=lambda problem: (problem.span.start, problem.span.end))
    if len(problems) <= MAX_PROBLEMS:
        return tuple(problems)
    rest = len(problems) - MAX_PROBLEMS
    last = Problem(
        f"{rest} more problems in this file", problems[MAX_PROBLEMS].span, "Mend the first ones"
    )
    return (*problems[:MAX_PROBLEMS], last)


def count_skipped_links(entries: list[Entry]) -> int:
    """Return the number of links of a kind that cannot be checked."""
    return sum(is_skipped_scheme(link.url) for entry in entries for link in entry.links)


def _add_not_list_problem(reader: YamlReader, root: Node) -> None:
    hint = "Begin each entry with '- id: …'"
    if isinstance(root, MappingNode):
        names = {key.value for key, _ in root.value if isinstance(key, ScalarNode)}
        if "projects" in names:
            hint = 'For a best-of list, add [[source]] with preset = "best-of" to linkcheck.toml'
        elif {"website_url", "source_code_url"} & names:
            hint = (
                'For awesome-selfhosted data, add [[source]] with preset = "awesome-selfhosted" '
                "to linkcheck.toml"
            )
    first = reader.source.span(*(2 * [root.start_mark.index + reader.offset]))
    reader.add_problem_at("a catalog file holds a list of entries", first, hint)


def is_other_yaml(source: SourceText) -> bool:
    """Return whether a file is well-formed YAML but not a catalog.

    That is one or more mappings without any of the keys that only entries have.
    """
    tree = compose(source)
    return (
        not tree.problems
        and bool(tree.documents)
        and all(_is_other_mapping(document.node) for document in tree.documents)
    )


def _is_other_mapping(root: Node) -> bool:
    if not isinstance(root, MappingNode):
        return False
    names = {key.value for key, _ in root.value if isinstance(key, ScalarNode)}
    return bool(names) and not names & {"id", "kind", "links", "projects", "source_code_url"}


@dataclass(slots=True)
class _EntryFields:
    """Values of an entry whose keys are being read."""

    id: Claim[str] | None = None
    name: Claim[str] | None = None
    kind: EntryKind | None = None
    aliases: tuple[str, ...] = ()
    listed_in: tuple[str, ...] = ()
    notes: str | None = None
    links: tuple[Link, ...] = ()
    stale_after: timedelta | None = None
    never_stale: bool = False
    ignores: tuple[Ignore, ...] = ()
    claims: dict[str, Any] = field(default_factory=dict)


def read_entry(reader: YamlReader, node: Node, ids: dict[str, Span]) -> Entry | None:
    """Read one entry and add its problems to the reader; return ``None`` if it is not a mapping.

    An entry with problems is returned with its valid values, so that its links are checked. A
    missing id is made from the name.
    """
    reader.entry_id = None
    if not isinstance(node, MappingNode):
        reader.add_problem(
            "this entry is no mapping of keys", node, "Begin each entry with '- id: …'"
        )
        return None
    reader.entry_id = _peek_id(node)
    fields = _EntryFields()
    present = set()
    for name, _, value in reader.read_pairs(node, BY_NAME, "this entry"):
        present.add(name)
        _READERS[name](reader, fields, value)
    span = reader.span(node)
    for key in KEYS:
        if key.required and key.name not in present:
            where = reader.source.span(span.start, min(span.end, span.start + 1))
            hint = f"Add a line like '{key.name}: {key.example}'"
            message = f"the entry has no '{key.name}'"
            reader.add_problem_at(message, where, hint)
    entry_id = _register_id(reader, fields, ids)
    return Entry(
        id=entry_id,
        name=fields.name.value if fields.name else entry_id,
        kind=fields.kind,
        span=span,
        name_span=fields.name.span if fields.name else None,
        aliases=fields.aliases,
        claims=Claims(**fields.claims) if fields.claims else NO_CLAIMS,
        links=fields.links,
        listed_in=fields.listed_in,
        notes=fields.notes,
        stale_after=fields.stale_after,
        never_stale=fields.never_stale,
        ignores=fields.ignores,
    )


def _peek_id(node: MappingNode) -> str | None:
    """Return the id as written, so that problems before it in the file name the entry."""
    for key, value in node.value:
        if key.value == "id" and isinstance(value, ScalarNode):
            return str(value.value)[:100] or None
    return None


def _register_id(reader: YamlReader, fields: _EntryFields, ids: dict[str, Span]) -> str:
    if fields.id is None:
        return slugify(fields.name.value) if fields.name else "entry"
    first = ids.setdefault(fields.id.value, fields.id.span)
    if first is not fields.id.span:
        message = (
            f"the id '{one_line(fields.id.value)}' is already taken in {first.file}:{first.line}"
        )
        hint = "Give one of the two another id, or merge the entries"
        reader.problems.append(Problem(message, fields.id.span, hint, fields.id.value))
    return fields.id.value


def _read_id(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    fields.id = reader.read_text(node, "id")
    if fields.id and not _ID.fullmatch(fields.id.value):
        hint = f"Write it as '{slugify(fields.id.value)[:60]}'"
        reader.add_problem(f"the id '{one_line(fields.id.value)}' is not in kebab-case", node, hint)


def _read_name(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    fields.name = reader.read_text(node, "name")


def _read_kind(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    claim = reader.read_text(node, "kind")
    if claim is None:
        return
    fields.kind = _KINDS.get(claim.value)
    if fields.kind is None:
        close = nearest(claim.value[:40], list(_KINDS))
        hint = f"Did you mean '{close}'?" if close else f"Known kinds: {', '.join(_KINDS)}"
        reader.add_problem(f"unknown kind '{one_line(claim.value)}'", node, hint)


def _read_aliases(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    fields.aliases = tuple(claim.value for claim in reader.read_texts(node, "aliases"))


def _read_listed_in(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    fields.listed_in = tuple(claim.value for claim in reader.read_texts(node, "listed_in"))


def _read_notes(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    claim = reader.read_text(node, "notes")
    fields.notes = claim.value if claim else None


def _read_released(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    claim = reader.read_text(node, "released")
    if claim is None:
        return
    if is_date(claim.value):
        fields.claims["released"] = claim
    else:
        hint = "Write a day, month or year like 2023-03-24, 2023-03 or 2023"
        reader.add_problem(f"'released' is no date: '{one_line(claim.value)}'", node, hint)


def is_date(text: str) -> bool:
    """Return whether a text is an existing day, month or year."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def is_day(text: str) -> bool:
    """Return whether a text is a day, as YYYY-MM-DD."""
    return len(text) == len("2023-03-24") and is_date(text)


def _read_license(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    licenses: dict[str, Claim[str]] = {}
    if isinstance(node, MappingNode):
        for part, _, value in reader.read_pairs(node, LICENSE_PARTS, "'license'"):
            claim = reader.read_text(value, f"license.{part}")
            if claim:
                licenses[part] = claim
    else:
        claim = reader.read_text(node, "license")
        if claim:
            licenses[""] = claim
    fields.claims["licenses"] = licenses


def _read_size(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    fields.claims["size"] = reader.read_text(node, "size")


def _make_texts_reader(name: str, *, single: bool = False) -> "_KeyReader":
    def read(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
        fields.claims[name] = reader.read_texts(node, name, single=single)

    return read


def _read_links(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    if not isinstance(node, MappingNode):
        hint = "Write a role for each: 'links: {code: https://…}'"
        reader.add_problem("'links' should be a mapping of roles to URLs", node, hint)
        return
    links: list[Link] = []
    for role, key, value in reader.read_pairs(node, None, "'links'"):
        if not _ROLE.fullmatch(role):
            hint = "Use lower-case letters, digits and underscores, like 'code' or 'paper'"
            reader.add_problem(f"'{one_line(role)}' cannot be a link's role", key, hint)
        claims = reader.read_texts(value, f"links.{one_line(role)}", single=True)
        links.extend(_make_link(reader, role, claim) for claim in claims)
    if not links and not node.value:
        reader.add_problem("'links' is empty", node, "Add at least one, like 'code: https://…'")
    fields.links = tuple(links)


def _make_link(reader: YamlReader, role: str, claim: Claim[str]) -> Link:
    written = reader.source.text[claim.span.start : claim.span.end]
    value = claim.value.strip()
    url = expand(value)
    template = None
    if url != value:
        template = f"{value.split(':', 1)[0].lower()}:{{}}"
    return Link(written=written, url=url, span=claim.span, role=role, template=template)


def _read_stale_after(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    claim = reader.read_text(node, "stale_after")
    if claim is None:
        return
    if claim.value == "never":
        fields.never_stale = True
        return
    try:
        fields.stale_after = parse_duration(claim.value)
    except ValueError:
        hint = f"Write 'never' or a duration like {FORMS}"
        reader.add_problem(f"'stale_after' is no duration: '{one_line(claim.value)}'", node, hint)


def _read_ignores(reader: YamlReader, fields: _EntryFields, node: Node) -> None:
    if not isinstance(node, SequenceNode):
        hint = "Write 'ignore: [{rule: NAME, reason: WHY}]'"
        reader.add_problem("'ignore' should be a list of mappings", node, hint)
        return
    read = (_read_ignore(reader, item) for item in node.value)
    fields.ignores = tuple(ignore for ignore in read if ignore is not None)


def _read_ignore(reader: YamlReader, node: Node) -> Ignore | None:
    if not isinstance(node, MappingNode):
        hint = "Write '{rule: NAME, reason: WHY}'"
        reader.add_problem("this ignore is no mapping of keys", node, hint)
        return None
    values: dict[str, str] = {}
    until: date | None = None
    bad = False
    present = set()
    for name, _, value in reader.read_pairs(node, IGNORE_KEYS, "this ignore"):
        present.add(name)
        claim = reader.read_text(value, f"ignore.{name}")
        if claim is None:
            bad = True
        elif name == "until":
            until = date.fromisoformat(claim.value) if is_day(claim.value) else None
            if until is None:
                bad = True
                hint = "Write a date like 2027-01-31"
                reader.add_problem(f"'until' is no date: '{one_line(claim.value)}'", value, hint)
        else:
            values[name] = claim.value
    for name in IGNORE_REQUIRED:
        if name not in present:
            bad = True
            reader.add_problem(f"this ignore has no '{name}'", node, IGNORE_KEYS[name])
    if bad:
        return None
    return Ignore(
        rule=values["rule"],
        reason=values["reason"],
        span=reader.span(node),
        link=values.get("link"),
        until=until,
    )


_KeyReader = Callable[[YamlReader, _EntryFields, Node], None]

_READERS: dict[str, _KeyReader] = {
    "id": _read_id,
    "name": _read_name,
    "aliases": _read_aliases,
    "kind": _read_kind,
    "released": _read_released,
    "license": _read_license,
    "base_models": _make_texts_reader("base_models"),
    "datasets": _make_texts_reader("datasets"),
    "parameters": _make_texts_reader("parameters", single=True),
    "institutions": _make_texts_reader("institutions"),
    "languages": _make_texts_reader("languages"),
    "size": _read_size,
    "hardware": _make_texts_reader("hardware", single=True),
    "links": _read_links,
    "listed_in": _read_listed_in,
    "notes": _read_notes,
    "stale_after": _read_stale_after,
    "ignore": _read_ignores,
}
