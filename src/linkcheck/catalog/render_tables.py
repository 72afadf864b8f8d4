"""Render a catalog as Markdown tables between markers in a file."""

import re
from collections.abc import Mapping, Sequence

from linkcheck.model.entry import Entry, EntryKind, Link
from linkcheck.model.errors import UsageError
from linkcheck.model.escape import escape_markdown
from linkcheck.model.url import InvalidUrlError, parse
from linkcheck.model.wording import one_line

BEGIN_MARKER = "<!-- linkcheck:begin made by linkcheck render; edits in here are lost -->"
END_MARKER = "<!-- linkcheck:end -->"

TABLE_TITLES: Mapping[EntryKind | None, str] = {
    EntryKind.MODEL: "Models",
    EntryKind.DATASET: "Data sets",
    EntryKind.BENCHMARK: "Benchmarks",
    EntryKind.PAPER: "Papers",
    EntryKind.TOOL: "Tools",
    EntryKind.COMPETITION: "Competitions",
    EntryKind.PRODUCT: "Products",
    EntryKind.RESOURCE: "Resources",
    EntryKind.LIST: "Lists",
    None: "Others",
}
"""Titles of the tables, in order."""

_MARKERS = re.compile(
    r"(?P<begin><!--\s*linkcheck:begin\b[^>]*-->)(?P<old>.*?)(?P<end><!--\s*linkcheck:end\s*-->)",
    re.DOTALL,
)
_BEGIN = re.compile(r"<!--\s*linkcheck:begin\b")
_END = re.compile(r"<!--\s*linkcheck:end\b")
_URL_UNSAFE = re.compile(r"[\s<>()\[\]|\\`\"'*_~]")
_MAX_NAME_LENGTH = 120
_MAX_ALIASES_LENGTH = 80

Observed = Mapping[str, Mapping[str, object]]
"""Observed facts by entry id, as in ``observed.json``."""


def render_tables(
    entries: Sequence[Entry],
    observed: Observed,
    *,
    statuses: Mapping[str, str] | None = None,
    level: int = 2,
) -> str:
    """Return one table per kind: name, links, license, stars, last push and status.

    ``observed`` are facts by entry id; ``statuses`` are additional statuses ("dead") by entry id.
    ``level`` is that of the headings. Rows are sorted by name, and the output is deterministic.
    Names and facts are escaped: none becomes Markdown, HTML or a mention.
    """
    parts = []
    for kind, title in TABLE_TITLES.items():
        of_kind = sorted((e for e in entries if e.kind is kind), key=_sort_key)
        if of_kind:
            rows = "\n".join(
                _render_row(entry, observed.get(entry.id, {}), (statuses or {}).get(entry.id, ""))
                for entry in of_kind
            )
            parts.append(f"{'#' * level} {title} ({len(of_kind)})\n\n{_HEADER_ROWS}\n{rows}\n")
    return "\n".join(parts)


_HEADER_ROWS = (
    "| Name | Links | License | Stars | Last push | Status |\n"
    "| --- | --- | --- | ---: | --- | --- |"
)


def replace_between_markers(text: str, block: str, *, file: str | None = None) -> str:
    """Return ``text`` with ``block`` between its markers and otherwise unchanged.

    The markers are ``<!-- linkcheck:begin … -->`` and ``<!-- linkcheck:end -->``, once each. Line
    endings are those of the text. The function is idempotent. Raises UsageError, with ``file`` as
    its place, if the markers are missing or not in order.
    """
    begins, ends = len(_BEGIN.findall(text)), len(_END.findall(text))
    match = _MARKERS.search(text)
    if match is None or begins != 1 or ends != 1:
        found = "are not there" if begins + ends == 0 else "are not one pair, in order"
        raise UsageError(
            f"the markers for the tables {found}",
            where=file,
            hint=f"Put these two lines where the tables shall stand:\n{BEGIN_MARKER}\n{END_MARKER}",
        )
    newline = "\r\n" if "\r\n" in text else "\n"
    inner = f"\n{block.strip()}\n".replace("\r\n", "\n").replace("\n", newline)
    return f"{text[: match.end('begin')]}{inner}{text[match.start('end') :]}"


def _sort_key(entry: Entry) -> tuple[str, str]:
    return entry.name.casefold(), entry.id


def _render_row(entry: Entry, facts: Mapping[str, object], status: str) -> str:
    cells = (
        _render_name(entry),
        " · ".join(_render_link(link) for link in entry.links if not link.badge),
        _render_license(entry, facts),
        _render_number(facts.get("stars")),
        escape_markdown(str(facts.get("last_push") or "")),
        _render_status(facts, status),
    )
    return f"| {' | '.join(cells)} |"


def _render_name(entry: Entry) -> str:
    name = escape_markdown(one_line(entry.name, _MAX_NAME_LENGTH))
    aliases = ""
    for alias in entry.aliases:
        longer = f"{aliases}, {alias}" if aliases else alias
        if len(longer) > _MAX_ALIASES_LENGTH:
            break
        aliases = longer
    return f"**{name}**<br>{escape_markdown(aliases)}" if aliases else f"**{name}**"


def _render_link(link: Link) -> str:
    """Return a link with its role as text; only the role if the URL is invalid."""
    role = escape_markdown(link.role or "link")
    try:
        parse(link.url)
    except InvalidUrlError:
        return role
    url = _URL_UNSAFE.sub(
        lambda match: "".join(f"%{b:02X}" for b in match.group().encode()), link.url
    )
    return f"[{role}]({url})"


def _render_license(entry: Entry, facts: Mapping[str, object]) -> str:
    """Return the license that upstream declares, else the catalog's."""
    declared = facts.get("license") or facts.get("model_license")
    if isinstance(declared, str) and declared.lower() not in ("noassertion", "other"):
        return escape_markdown(one_line(declared, 60))
    stated = [claim.value for claim in entry.claims.licenses.values()]
    return escape_markdown(one_line(", ".join(dict.fromkeys(stated)), 60))


def _render_number(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return ""


def _render_status(facts: Mapping[str, object], status: str) -> str:
    words = [status] if status else []
    if facts.get("archived") is True:
        words.append("archived")
    if facts.get("withdrawn") is True:
        words.append("withdrawn")
    if facts.get("gated") not in (None, False, ""):
        words.append("gated")
    return escape_markdown(", ".join(words))
