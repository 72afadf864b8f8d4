"""What a change adds to a catalog or alters in it, told from two readings of it.

Compared are the values, not the text: a renamed file, a moved entry, another order of keys or
another quoting is no change.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linkcheck.model.entry import Catalog, Claim, Entry, Link
from linkcheck.model.finding import Finding
from linkcheck.model.source_text import Span


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """The difference that a change makes."""

    new_entries: frozenset[str]
    """Ids of entries that were not there before."""
    changed_entries: frozenset[str]
    """Ids of entries that were there with other values."""
    links: frozenset[Link]
    """Links that were not there before in their entry; all links of new entries."""
    spans: frozenset[Span]
    """Places of all values that are new in altered entries."""

    new_links_by_entry: Mapping[str, frozenset[str]]
    """The new links of altered entries, as written, by entry."""

    def affects(self, finding: Finding) -> bool:
        """Whether a finding is about something that the change adds or alters.

        So it is when the change touches its place, or the place of the other entry that it names
        (a new entry may repeat an old one on which the finding stands), or when it follows from
        a new link: one about that link, or one about what the entry claims.
        """
        places = [(finding.entry, finding.span), *((r.entry, r.span) for r in finding.related)]
        for entry, span in places:
            if entry in self.new_entries or any(_overlaps(span, new) for new in self.spans):
                return True
        new = self.new_links_by_entry.get(finding.entry or "", frozenset())
        return bool(new) if finding.url is None else finding.url in new

    @property
    def affected_entries(self) -> frozenset[str]:
        """Ids of all entries that have to be looked at."""
        return self.new_entries | self.changed_entries


def compare_catalogs(old: Catalog, new: Catalog) -> CatalogChanges:
    """Return what ``new`` adds or alters against ``old``; what it removes is of no interest.

    An entry is the same one when it has the same id, or the same name and kind (an id may change).
    """
    by_id = {entry.id: entry for entry in old.entries}
    by_name = {(entry.name, entry.kind): entry for entry in old.entries}
    added: set[str] = set()
    altered: set[str] = set()
    links: set[Link] = set()
    spans: set[Span] = set()
    new_in: dict[str, frozenset[str]] = {}
    for entry in new.entries:
        before = by_id.get(entry.id) or by_name.get((entry.name, entry.kind))
        if before is None:
            added.add(entry.id)
            links.update(entry.links)
            continue
        own = list(_find_new_links(before, entry))
        values = list(_find_new_values(before, entry))
        if own or values:
            altered.add(entry.id)
            links.update(own)
            new_in[entry.id] = frozenset(link.written for link in own)
            spans.update(link.span for link in own)
            spans.update(values)
    # A problem is new when its words are; where it stands may have moved.
    known = Counter((problem.entry, problem.message) for problem in old.problems)
    for problem in new.problems:
        key = (problem.entry, problem.message)
        if known[key]:
            known[key] -= 1
        else:
            spans.add(problem.span)
    spans.update(_find_newly_broken(old, new))
    return CatalogChanges(
        frozenset(added), frozenset(altered), frozenset(links), frozenset(spans), new_in
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
    """Yield what an entry states beyond its links: field, value, place."""
    name_at = entry.name_span or entry.span
    yield "name", entry.name, name_at
    yield "kind", entry.kind, name_at
    for alias in entry.aliases:
        yield "aliases", alias, name_at
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
        yield "ignore", (ignore.rule, ignore.link, ignore.until), ignore.span or name_at


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
