"""Other layouts of YAML (``[[source]]``): read through a mapping of keys, edited in place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linkcheck.catalog.yaml_entries import LoadResult, count_skipped_links, is_date, limit_problems
from linkcheck.catalog.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, compose
from linkcheck.catalog.yaml_reader import YamlReader, is_null
from linkcheck.model.entry import Claim, Claims, Entry, EntryKind, Link
from linkcheck.model.entry_ids import slugify, unique_id
from linkcheck.model.errors import ConfigError
from linkcheck.model.garbage_collection import gc_paused
from linkcheck.model.settings import SourceSettings
from linkcheck.model.shorthand import expand
from linkcheck.model.source_text import SourceText, Span
from linkcheck.model.wording import one_line

PLACEHOLDER = "{}"
"""Placeholder for the id in a template."""
ARROW = "->"
"""Between a key and its template in a mapping's ``links``."""


@dataclass(frozen=True, slots=True)
class LinkKey:
    """A key of a layout that holds links."""

    key: str
    template: str | None = None
    """Template that turns the id into a URL; ``None`` if the value is a URL."""
    template_without_slash: str | None = None
    """Another template for ids without a slash."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The meaning of a layout's keys; other keys are ignored."""

    entries: str | None = None
    """Top-level key of the list of entries; ``None`` if the document is the list or an entry."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The layout's key of each claim."""
    links: Mapping[str, tuple[LinkKey, ...]] = field(default_factory=dict)
    """The keys of each role's links."""


_TEXT_CLAIMS = ("size",)
_LIST_CLAIMS = ("base_models", "datasets", "parameters", "institutions", "languages", "hardware")
FIELDS = (
    "id", "name", "aliases", "kind", "released", "license", "notes", *_TEXT_CLAIMS, *_LIST_CLAIMS
)  # fmt: skip
"""Names allowed in a mapping's ``fields``."""

PRESETS: dict[str, Layout] = {
    # Keys as in best-of-lists/best-of-generator (projects.yaml). Maven ids (group:artifact) are
    # left out: no template could turn a URL back into one.
    "best-of": Layout(
        entries="projects",
        fields={"name": "name", "license": "license"},
        links={
            "code": (
                LinkKey("github_id", "https://github.com/{}"),
                LinkKey("gitlab_id", "https://gitlab.com/{}"),
                LinkKey("gitee_id", "https://gitee.com/{}"),
                LinkKey("github_url"),
                LinkKey("gitlab_url"),
            ),
            "homepage": (LinkKey("homepage"), LinkKey("link")),
            "documentation": (LinkKey("docs_url"),),
            "package": (
                LinkKey("pypi_id", "https://pypi.org/project/{}"),
                LinkKey(
                    "conda_id",
                    "https://anaconda.org/{}",
                    template_without_slash="https://anaconda.org/anaconda/{}",
                ),
                LinkKey("npm_id", "https://www.npmjs.com/package/{}"),
                LinkKey("dockerhub_id", "https://hub.docker.com/r/{}"),
                LinkKey("cargo_id", "https://crates.io/crates/{}"),
                LinkKey("go_id", "https://pkg.go.dev/{}"),
                LinkKey("pypi_url"),
                LinkKey("conda_url"),
                LinkKey("npm_url"),
                LinkKey("dockerhub_url"),
                LinkKey("maven_url"),
            ),
        },
    ),
    # Keys as in awesome-selfhosted/awesome-selfhosted-data and its generator hecat.
    "awesome-selfhosted": Layout(
        fields={"name": "name", "license": "licenses"},
        links={
            "homepage": (LinkKey("website_url"),),
            "code": (LinkKey("source_code_url"),),
            "demo": (LinkKey("demo_url"),),
            "related": (LinkKey("related_software_url"),),
        },
    ),
}


def preset_table() -> str:
    """Return the keys of each preset as a Markdown table, for ``docs/catalog-format.md``."""
    rows = ["| preset | key in the file | read as |", "|---|---|---|"]
    for name, layout in PRESETS.items():
        rows += [f"| `{name}` | `{key}` | {claim} |" for claim, key in layout.fields.items()]
        for role, keys in layout.links.items():
            for key in keys:
                form = f" as `{key.template}`" if key.template else ""
                rows.append(f"| `{name}` | `{key.key}` | link, role `{role}`{form} |")
    return "\n".join(rows)


def has_custom_layout(source: SourceSettings) -> bool:
    """Return whether a source has a layout other than the catalog format."""
    return source.preset not in (None, "linkcheck") or bool(source.fields or source.links)


def resolve_layout(source: SourceSettings) -> Layout:
    """Return the layout of a ``[[source]]``: its preset, overridden by its own keys.

    Raises ConfigError for an unknown field or an invalid template.
    """
    where = f'[[source]] path = "{source.path}"'
    base = PRESETS.get(source.preset or "", Layout())
    for name in source.fields:
        if name not in FIELDS:
            raise ConfigError(
                f"unknown field '{name}'", where=where, hint=f"Known fields: {', '.join(FIELDS)}"
            )
    links = {role: (_parse_link_key(text, where),) for role, text in source.links.items()}
    return Layout(base.entries, {**base.fields, **source.fields}, {**base.links, **links})


def _parse_link_key(text: str, where: str) -> LinkKey:
    key, arrow, template = (part.strip() for part in text.partition(ARROW))
    if not key or (arrow and template.count(PLACEHOLDER) != 1):
        raise ConfigError(
            f"'{text}' is no link mapping",
            where=where,
            hint='Write "key" or "key -> https://example.org/{}", with {} exactly once',
        )
    return LinkKey(key, template or None)


def load_with_layout(
    source: SourceText, settings: SourceSettings, *, ids: dict[str, Span] | None = None
) -> LoadResult:
    """Read a file in another layout; see :func:`linkcheck.catalog.yaml_entries.load_yaml`.

    Ids are made from the entries' names and numbered to be unique. Raises ConfigError if the
    mapping is invalid.
    """
    layout = resolve_layout(settings)
    taken = {} if ids is None else ids
    with gc_paused():
        tree = compose(source)
        problems = list(tree.problems)
        entries = []
        for document in tree.documents:
            reader = YamlReader(source, document.offset, problems)
            for node in _find_entry_nodes(reader, document.node, layout):
                entry = _read_entry(reader, node, layout, taken)
                if entry is not None:
                    entries.append(entry)
    return tuple(entries), limit_problems(problems), count_skipped_links(entries)


def _find_entry_nodes(reader: YamlReader, root: Node, layout: Layout) -> list[Node]:
    """Return the nodes of the entries: of the list under its key, of the root, or the root."""
    if is_null(root):
        return []
    if isinstance(root, MappingNode) and layout.entries is not None:
        value = _get_path(root, layout.entries)
        if value is None:
            hint = f"Add '{layout.entries}:' with a list, or another [[source]] preset"
            where = reader.source.span(*(2 * [root.start_mark.index + reader.offset]))
            reader.add_problem_at(f"the file has no '{layout.entries}'", where, hint)
            return []
        root = value
        if is_null(root):
            return []
    elif isinstance(root, MappingNode):
        return [root]
    if not isinstance(root, SequenceNode):
        reader.add_problem("here should be a list of entries", root, "Begin each with '- name: …'")
        return []
    return list(root.value)


def _get_path(node: Node, path: str) -> Node | None:
    """Return the value of a key or of a dotted path of keys, else ``None``."""
    found: Node | None = node
    for name in path.split("."):
        if not isinstance(found, MappingNode):
            return None
        pairs = found.value
        found = next((v for k, v in pairs if isinstance(k, ScalarNode) and k.value == name), None)
    return found


def _read_entry(
    reader: YamlReader, node: Node, layout: Layout, taken: dict[str, Span]
) -> Entry | None:
    reader.entry_id = None
    if not isinstance(node, MappingNode):
        reader.add_problem("this entry is no mapping of keys", node, "Begin it with '- name: …'")
        return None
    for _ in reader.read_pairs(node, None, "this entry"):
        pass  # reports duplicate keys
    name_node = _get_path(node, layout.fields.get("name", "name"))
    name = reader.read_text(name_node, "name") if name_node else None
    links = _read_links(reader, node, layout)
    if name_node is None:
        span = reader.span(node)
        where = reader.source.span(span.start, min(span.end, span.start + 1))
        key = layout.fields.get("name", "name")
        reader.add_problem_at(f"the entry has no '{key}'", where, f"Add a line like '{key}: …'")
    entry_id = _make_id(node, layout, name, links, taken)
    span = reader.span(node)
    taken.setdefault(entry_id, span)
    return Entry(
        id=entry_id,
        name=name.value if name else entry_id,
        kind=_read_kind(node, layout),
        span=span,
        name_span=name.span if name else None,
        aliases=tuple(claim.value for claim in _read_texts(reader, node, layout, "aliases")),
        claims=Claims(**_read_claims(reader, node, layout)),
        links=links,
        notes=next((claim.value for claim in _read_texts(reader, node, layout, "notes")), None),
    )


def _make_id(
    node: Node,
    layout: Layout,
    name: Claim[str] | None,
    links: tuple[Link, ...],
    taken: Mapping[str, Span],
) -> str:
    written = _get_path(node, layout.fields["id"]) if "id" in layout.fields else None
    if isinstance(written, ScalarNode) and not is_null(written):
        return unique_id(slugify(written.value), taken)
    text = name.value if name else (links[0].written if links else "")
    return unique_id(slugify(text), taken)


def _read_kind(node: Node, layout: Layout) -> EntryKind | None:
    value = _get_path(node, layout.fields["kind"]) if "kind" in layout.fields else None
    if isinstance(value, ScalarNode) and value.value in list(EntryKind):
        return EntryKind(value.value)
    return None


def _read_texts(
    reader: YamlReader, node: Node, layout: Layout, name: str
) -> tuple[Claim[str], ...]:
    """Return the texts of a field; in other layouts, an empty value is not a problem."""
    value = _get_path(node, layout.fields[name]) if name in layout.fields else None
    if value is None or is_null(value):
        return ()
    return reader.read_texts(value, layout.fields[name], single=True)


def _read_claims(reader: YamlReader, node: Node, layout: Layout) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    for name in _LIST_CLAIMS:
        claims[name] = _read_texts(reader, node, layout, name)
    for name in _TEXT_CLAIMS:
        claims[name] = next(iter(_read_texts(reader, node, layout, name)), None)
    released = next(iter(_read_texts(reader, node, layout, "released")), None)
    if released is not None and is_date(released.value[:10]):
        claims["released"] = Claim(released.value[:10], released.span)
    licenses = _read_texts(reader, node, layout, "license")
    if len(licenses) == 1:
        claims["licenses"] = {"": licenses[0]}
    elif licenses:
        value = _get_path(node, layout.fields["license"])
        # Each of several licenses covers a part; upstream may declare any of them.
        either = " OR ".join(claim.value for claim in licenses)
        claims["licenses"] = {"": Claim(either, reader.span(value or node))}
    return claims


def _read_links(reader: YamlReader, node: Node, layout: Layout) -> tuple[Link, ...]:
    links: list[Link] = []
    for role, keys in layout.links.items():
        for key in keys:
            value = _get_path(node, key.key)
            if value is None or is_null(value):
                continue
            claims = reader.read_texts(value, one_line(key.key), single=True)
            links.extend(_make_link(reader, role, key, claim) for claim in claims)
    return tuple(links)


def _make_link(reader: YamlReader, role: str, key: LinkKey, claim: Claim[str]) -> Link:
    written = reader.source.text[claim.span.start : claim.span.end]
    value = claim.value.strip()
    template = (
        key.template_without_slash
        if key.template_without_slash and "/" not in value
        else key.template
    )
    if template is None or "://" in value:
        url = expand(value)
        prefix = f"{value.split(':', 1)[0].lower()}:{PLACEHOLDER}" if url != value else None
        return Link(written=written, url=url, span=claim.span, role=role, template=prefix)
    url = template.replace(PLACEHOLDER, value)
    return Link(written=written, url=url, span=claim.span, role=role, template=template)
