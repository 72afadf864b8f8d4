"""Compare two versions of a catalog.

Values are compared, not text: a renamed file, a moved entry, another order of keys or other quotes
are not changes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linkcheck.model.entry import Catalog, Claim, Entry, Link
from linkcheck.model.finding import Finding
from linkcheck.model.source_text import Span


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """The differences of a catalog from an older version."""

    new_entries: frozenset[str]
    """Ids of added entries."""
    changed_entries: frozenset[str]
    """Ids of entries with other values than before."""
    links: frozenset[Link]
    """Links that were not in their entry before; all links of new entries."""
    spans: frozenset[Span]
    """Places of all new values in changed entries."""

    new_links_by_entry: Mapping[str, frozenset[str]]
    """New links of changed entries, as written, by entry id."""

    def affects(self, finding: Finding) -> bool:
        """Return whether a finding is about something that was added or changed.

        That is the case if its place changed, or that of a related entry (a new entry may duplicate
        an old one, to which the finding belongs), or if it follows from a new link: it is about
        that link, or about a claim of the link's entry.
        """
        places = [(finding.entry, finding.span), *((r.entry, r.span) for r in finding.related)]
        for entry, span in places:
            if entry in self.new_entries or any(_overlaps(span, new) for new in self.spans):
                return True
        new = self.new_links_by_entry.get(finding.entry or "", frozenset())
        return bool(new) if finding.url is None else finding.url in new

    @property
    def affected_entries(self) -> frozenset[str]:
        """Ids of all new and changed entries."""
        return self.new_entries | self.changed_entries


def compare_catalogs(old: Catalog, new: Catalog) -> CatalogChanges:
    """Return what was added and changed in ``new``; removals are ignored.

    Entries correspond by id, or else by name and kind, as an id may change.
    """
    by_id = {entry.id: entry for entry in old.entries}
    by_name = {(entry.name, entry.kind): entry for entry in old.entries}
    added: set[str] = set()
    changed: set[str] = set()
    links: set[Link] = set()
    spans: set[Span] = set()
    new_in: dict[str, frozenset[str]] = {}
    for entry in new.entries:
        before = by_id.get(entry.id) or by_name.get((entry.name, entry.kind))
        if before is None:
            added.add(entry.id)
            links.update(entry.links)
            continue
        new_links = list(_find_new_links(before, entry))
        values = list(_find_new_values(before, entry))
        if new_links or values:
            changed.add(entry.id)
            links.update(new_links)
            new_in[entry.id] = frozenset(link.written for link in new_links)
            spans.update(link.span for link in new_links)
            spans.update(values)
    # Problems are compared by message, as their places may have moved.
    known = Counter((problem.entry, problem.message) for problem in old.problems)
    for problem in new.problems:
        key = (problem.entry, problem.message)
        if known[key]:
            known[key] -= 1
        else:
            spans.add(problem.span)
    spans.update(_find_newly_broken(old, new))
    return CatalogChanges(
        frozenset(added), frozenset(changed), frozenset(links), frozenset(spans), new_in
    )


def _find_newly_broken(old: Catalog, new: Catalog) -> Iterator[Span]:
    """Yield the places of local links and tables that are broken now and were not before."""
    links = Counter((broken.link.span.file, broken.link.url) for broken in old.broken_links)
    for broken in new.broken_links:
        key = (broken.link.span.file, broken.link.url)
        links[key] -= 1
        if links[key] < 0:
            yield broken.link.span
    tables = Counter(table.row for file in old.markdown for table in file.tables)
    for file in new.markdown:
        for table in file.tables:
            tables[table.row] -= 1
            if tables[table.row] < 0:
                yield table.span


def _find_new_links(before: Entry, entry: Entry) -> Iterator[Link]:
    known = Counter((link.url, link.role, link.badge) for link in before.links)
    for link in entry.links:
        key = (link.url, link.role, link.badge)
        if known[key]:
            known[key] -= 1
        else:
            yield link


def _list_values(entry: Entry) -> Iterator[tuple[str, object, Span]]:
    """Yield field, value and place of everything in an entry but its links."""
    name_span = entry.name_span or entry.span
    yield "name", entry.name, name_span
    yield "kind", entry.kind, name_span
    for alias in entry.aliases:
        yield "aliases", alias, name_span
    claims = entry.claims
    for part, claim in claims.licenses.items():
        yield f"license.{part}", claim.value, claim.span
    for field in ("released", "size"):
        single: Claim[str] | None = getattr(claims, field)
        if single is not None:
            yield field, single.value, single.span
    for field in (
        "base_models",
        "datasets",
        "parameters",
        "institutions",
        "languages",
        "hardware",
    ):
        for claim in getattr(claims, field):
            yield field, claim.value, claim.span
    for ignore in entry.ignores:
        yield "ignore", (ignore.rule, ignore.link, ignore.until), ignore.span or name_span


def _find_new_values(before: Entry, entry: Entry) -> Iterator[Span]:
    known = Counter((field, value) for field, value, _span in _list_values(before))
    for field, value, span in _list_values(entry):
        if known[field, value]:
            known[field, value] -= 1
        else:
            yield span


def _overlaps(one: Span, other: Span) -> bool:
    return (
        one.file == other.file
        and one.start < max(other.end, other.start + 1)
        and (other.start < max(one.end, one.start + 1))
    )
