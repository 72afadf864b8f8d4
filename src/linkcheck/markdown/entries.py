"""Read the links and entries of a Markdown list that is checked in place."""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from linkcheck.markdown.item_kinds import detect_item_kind
from linkcheck.markdown.list_items import ItemLink, ListItem, find_list_items
from linkcheck.markdown.parser import parse_markdown
from linkcheck.markdown.syntax_tree import (
    BlockKind,
    HtmlComment,
    LinkScope,
    MarkdownDocument,
    MarkdownLink,
)
from linkcheck.markdown.tables import find_broken_tables
from linkcheck.model.badge import is_badge
from linkcheck.model.entry import (
    NO_CLAIMS,
    Claim,
    Claims,
    Entry,
    Ignore,
    Link,
    MarkdownFile,
    Problem,
)
from linkcheck.model.entry_ids import slugify
from linkcheck.model.garbage_collection import gc_paused
from linkcheck.model.local import LocalLink
from linkcheck.model.source_text import SourceText, Span

_IGNORE = re.compile(
    r"linkcheck-ignore(?P<file>-file)?\s*:\s*(?P<rules>[a-z][a-z-]*(?:\s*,\s*[a-z][a-z-]*)*)"
    r"\s*(?P<reason>.*?)\s*\Z",
    re.DOTALL,
)
_UNTIL = re.compile(r"[(\[]?\buntil[ =:]+(\d{4}-\d{2}-\d{2})[)\]]?\s*")
_WHITE_SPACE = re.compile(r"\s*")
_MAX_ID_LENGTH = 60


def extract_links(source: SourceText) -> tuple[MarkdownLink, ...]:
    """Return every link of a Markdown file, in order, each with its exact place.

    These are the links that GitHub renders, local and ``mailto:`` links among them (see their
    ``scope``), and malformed links that it does not render (see their ``repaired_url``). Never
    raises; linear in the length of the text.
    """
    with gc_paused():
        return parse_markdown(source).links


def load_markdown(source: SourceText) -> tuple[tuple[Entry, ...], tuple[Problem, ...], int]:
    """Return a Markdown file's entries, its problems, and the number of links not checkable.

    An entry is a list item, table row or heading with the links that belong to it. Its id is made
    from its name and does not change when lines move. Badges are links with ``badge`` set; local
    links are not links of an entry.
    """
    loaded = load_markdown_file(source)
    return loaded.entries, loaded.problems, loaded.skipped


@dataclass(frozen=True, slots=True)
class LoadedMarkdown:
    """The content of a Markdown file."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    skipped: int
    """Number of links of a kind that cannot be checked (``mailto:``)."""
    file: MarkdownFile


@gc_paused()
def load_markdown_file(source: SourceText) -> LoadedMarkdown:
    """Return entries as :func:`load_markdown` does, and local links, tables and ignores."""
    document = parse_markdown(source)
    skipped = sum(1 for link in document.links if link.scope is LinkScope.SKIPPED)
    ids = _IdAllocator()
    entries: list[Entry] = []
    local: dict[tuple[int, str], LocalLink] = {}
    for item in find_list_items(document, PurePosixPath(source.file).name):
        links = _make_links(item)
        entry_id = ids.allocate(item.name.text, links) if links else None
        if entry_id is not None:
            entries.append(_make_entry(source, item, entry_id, links))
        for one in item.links:
            if one.link.scope is LinkScope.LOCAL:
                link = LocalLink(one.link.written, one.link.url, one.link.span, entry_id)
                local.setdefault((link.span.start, link.url), link)
    links_in_order = tuple(sorted(local.values(), key=lambda link: link.span.start))
    file = MarkdownFile(source, links_in_order, tuple(find_broken_tables(source, document.root)))
    ignored, problems, placed = _apply_ignores(document, entries, file)
    return LoadedMarkdown(
        tuple(ignored), tuple(problems), skipped, replace(file, ignores=tuple(placed))
    )


def _make_links(item: ListItem) -> tuple[Link, ...]:
    """Return an item's external links without duplicates of one URL at one place."""
    if len(item.links) == 1:
        one = item.links[0]
        return (_make_link(one),) if one.link.scope is LinkScope.EXTERNAL else ()
    seen: set[tuple[int, str]] = set()
    links = []
    for one in sorted(item.links, key=lambda one: one.link.full_span.start):
        place = (one.link.span.start, one.link.url)
        if one.link.scope is LinkScope.EXTERNAL and place not in seen:
            seen.add(place)
            links.append(_make_link(one))
    return tuple(links)


def _make_link(one: ItemLink) -> Link:
    link = one.link
    badge = link.is_image and is_badge(link.url)
    role = "badge" if badge else "image" if link.is_image else one.role
    relative = link.url.startswith("//")
    return Link(
        written=link.written,
        url=f"https:{link.url}" if relative else link.url,
        span=link.span,
        role=role,
        text=link.text,
        template="https:{}" if relative else None,
        repair=link.repaired_url,
        badge=badge,
        edit=link.repair,
        is_primary=one.is_primary,
    )


class _IdAllocator:
    """Allocates ids that are unique in a file."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def allocate(self, name: str, links: tuple[Link, ...]) -> str:
        """Return the name as an id; if taken, with the end of the first URL or a number."""
        entry_id = slugify(name)[:_MAX_ID_LENGTH].strip("-")
        if entry_id in self._taken:
            url = (links[0].repair or links[0].url)[:500]
            parts = [part for part in re.split(r"[/?#]+", url) if part]
            tail = slugify(parts[-1])[:_MAX_ID_LENGTH] if parts else ""
            entry_id = f"{entry_id}-{tail}".strip("-")
        number = self._taken.get(entry_id, 0) + 1
        self._taken[entry_id] = number
        if number == 1:
            return entry_id
        numbered = f"{entry_id}-{number}"
        if numbered in self._taken:
            return self.allocate(numbered, links)
        self._taken[numbered] = 1
        return numbered


def _make_entry(
    source: SourceText, item: ListItem, entry_id: str, links: tuple[Link, ...]
) -> Entry:
    name = item.name
    return Entry(
        id=entry_id,
        name=name.text or entry_id,
        kind=detect_item_kind(item),
        span=source.span(item.start, max(item.start, item.end)),
        name_span=source.span(name.start, name.end) if name.end > name.start else None,
        claims=_make_claims(source, item),
        links=links,
        is_markdown=True,
        section=item.section,
        text=item.words if item.kind is not BlockKind.ROOT else "",
    )


def _make_claims(source: SourceText, item: ListItem) -> Claims:
    """Return the claims of an item: the value of a line labeled as the license, if it is short."""
    for fact in item.labeled_values:
        if fact.claim == "license" and len(fact.value) <= 40:
            start = source.text.find(fact.value, fact.start, fact.end)
            if start != -1:
                span = source.span(start, start + len(fact.value))
                return Claims(licenses={"": Claim(fact.value, span)})
    return NO_CLAIMS


def _apply_ignores(
    document: MarkdownDocument, entries: list[Entry], file: MarkdownFile
) -> tuple[list[Entry], list[Problem], list[Ignore]]:
    """Return the entries with their ignores, problems of comments, and ignores of no entry."""
    problems: list[Problem] = []
    placed: list[Ignore] = []
    if not document.comments:
        return entries, problems, placed
    source = file.source
    locator = _EntryLocator(source, entries)
    ignores_by_entry: dict[int, list[Ignore]] = {}
    for comment in document.comments:
        ignores = _parse_ignores(comment)
        if not ignores:
            hint = "Write it like <!-- linkcheck-ignore: RULE why it may stay -->"
            problems.append(Problem("this comment cannot be understood", comment.span, hint))
            continue
        if comment.text.startswith("linkcheck-ignore-file"):
            indexes = list(range(len(entries)))
            place = source.span(0, len(source.text))
        else:
            index = locator.find_entry(comment)
            indexes = [] if index is None else [index]
            place = locator.find_line(comment)
        ignores = tuple(replace(ignore, place=place) for ignore in ignores)
        if not indexes and _covers_local_content(place, file):
            placed.extend(ignores)
        elif not indexes:
            hint = "Put it on the line of an entry or on the line above"
            problems.append(Problem("this comment belongs to no entry", comment.span, hint))
        for number in indexes:
            ignores_by_entry.setdefault(number, []).extend(ignores)
    with_ignores = [
        replace(entry, ignores=tuple(ignores_by_entry.get(number, ())))
        for number, entry in enumerate(entries)
    ]
    return with_ignores, problems, placed


def _covers_local_content(place: Span, file: MarkdownFile) -> bool:
    """Return whether a local link or a broken table is on the lines of ``place``."""
    return any(
        span.line <= place.end_line and place.line <= span.end_line
        for span in (*(link.span for link in file.links), *(table.span for table in file.tables))
    )


def _parse_ignores(comment: HtmlComment) -> tuple[Ignore, ...]:
    match = _IGNORE.match(comment.text)
    if match is None:
        return ()
    reason, until = match["reason"], None
    stated = _UNTIL.search(reason)
    if stated:
        try:
            until = date.fromisoformat(stated[1])
        except ValueError:
            return ()
        reason = (reason[: stated.start()] + reason[stated.end() :]).strip()
    if not reason:
        return ()
    rules = [rule.strip() for rule in match["rules"].split(",")]
    return tuple(Ignore(rule, reason, comment.span, until=until) for rule in rules)


class _EntryLocator:
    """Finds the entry that a comment is about."""

    def __init__(self, source: SourceText, entries: list[Entry]) -> None:
        self._source = source
        self._text = source.text
        self._spans = sorted((e.span.line, e.span.end_line, n) for n, e in enumerate(entries))
        self._by_line: dict[int, int] = {}
        for number, entry in enumerate(entries):
            for line in (entry.span.line, *(link.span.line for link in entry.links)):
                self._by_line[line] = number

    def find_entry(self, comment: HtmlComment) -> int | None:
        """Return the index of the entry on a comment's line or, failing that, on the next line."""
        line = self._find_line_number(comment)
        if line in self._by_line:
            return self._by_line[line]
        place = bisect_right(self._spans, (line + 1,))
        for _, end_line, number in reversed(self._spans[max(0, place - 100) : place]):
            if end_line >= line:
                return number
        return None

    def find_line(self, comment: HtmlComment) -> Span:
        """Return an empty span at the start of the line that a comment is about."""
        start = self._text.rfind("\n", 0, comment.span.start) + 1
        line = self._find_line_number(comment)
        if line > comment.span.line:
            gap = _WHITE_SPACE.match(self._text, comment.span.end)
            start = gap.end() if gap else comment.span.end
        return self._source.span(start, start)

    def _find_line_number(self, comment: HtmlComment) -> int:
        text = self._text
        start = text.rfind("\n", 0, comment.span.start) + 1
        end = text.find("\n", comment.span.end)
        end = len(text) if end == -1 else end
        around = text[start : comment.span.start] + text[comment.span.end : end]
        if around.strip(" \t\r>*-+|"):
            return comment.span.line
        gap = _WHITE_SPACE.match(text, comment.span.end)
        return comment.span.end_line + (gap.group().count("\n") if gap else 0)
