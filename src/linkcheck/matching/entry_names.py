"""Names and texts of entries, and an index of a catalog's entries by name and title."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from linkcheck.matching.names import all_variants, alphanumeric_key, is_latin, tokenize
from linkcheck.matching.stop_words import GENERIC_WORDS
from linkcheck.matching.title_index import TitleIndex
from linkcheck.matching.titles import is_titlelike, system_name
from linkcheck.model.entry import Entry
from linkcheck.model.facts import Facts, ModelFacts, PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.rule import CatalogView, EntryView
from linkcheck.model.target import Service, Target, display_name


def names_of(entry: Entry) -> tuple[str, ...]:
    """Return the name and the aliases of an entry."""
    return (entry.name, *entry.aliases)


def passages_of(view: EntryView) -> Iterator[tuple[str, Target | None]]:
    """Yield further texts on an entry with their source: notes, URLs and facts of its links.

    The source is a link's target, or ``None`` for the entry itself.
    """
    if view.entry.notes:
        yield view.entry.notes, None
    for link in view.links:
        if link.link.badge or link.target is None:
            continue
        if link.target.service in (Service.GITHUB, Service.HUGGINGFACE):
            yield " ".join(link.target.url.split("/")[3:]), link.target
        facts = link.latest.facts if link.latest else None
        if facts is not None:
            yield from ((text, link.target) for text in _texts_of_facts(facts) if text)


def _texts_of_facts(facts: Facts) -> Iterator[str]:
    match facts:
        case PathFacts():
            yield from _texts_of_facts(facts.repository)
        case RepositoryFacts():
            yield facts.full_name or ""
            yield facts.description or ""
            yield " ".join(facts.topics or ())
        case ModelFacts():
            yield facts.full_name or ""
            yield facts.title or ""
        case PageFacts():
            yield facts.title or ""


_ARXIV_ID = re.compile(
    r"(?:arxiv(?:\.org/(?:abs|pdf|html)/|[:\s-]+)|huggingface\.co/papers/|ar5iv\.org/abs/)"
    r"(\d{4}\.\d{4,5}|[a-z\-]+(?:\.[a-z]{2})?/\d{7})",
    re.IGNORECASE,
)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>)\]]+")


def paper_ids_of(view: EntryView) -> frozenset[str]:
    """Return the arXiv ids and DOIs that an entry's repositories, models and datasets name.

    They are named by cards, descriptions, topics and home pages.
    """
    ids: set[str] = set()
    for link in view.links:
        facts = link.latest.facts if link.latest else None
        if isinstance(facts, PathFacts):
            facts = facts.repository
        if isinstance(facts, ModelFacts):
            ids.update(facts.arxiv_ids or ())
        elif isinstance(facts, RepositoryFacts):
            text = " ".join((facts.description or "", facts.homepage or "", *(facts.topics or ())))
            ids.update(_ARXIV_ID.findall(text))
            ids.update(doi.rstrip(".,;").casefold() for doi in _DOI.findall(text))
    return frozenset(ids)


def repository_names(view: EntryView) -> frozenset[str]:
    """Return ``owner/name`` of the repositories, models and datasets of an entry, case-folded."""
    names: set[str] = set()
    for link in view.links:
        target = link.target
        if target is None or target.service not in (Service.GITHUB, Service.HUGGINGFACE):
            continue
        names.add("/".join(display_name(target).split("/")[:2]).casefold())
        facts = link.latest.facts if link.latest else None
        if isinstance(facts, PathFacts):
            facts = facts.repository
        if isinstance(facts, RepositoryFacts | ModelFacts) and facts.full_name:
            names.add(facts.full_name.casefold())
    return frozenset(names)


@dataclass(frozen=True, slots=True)
class EntryNameIndex:
    """The entries of a catalog by name and by title."""

    by_name: dict[str, list[EntryView]] = field(default_factory=dict)
    titles: TitleIndex[EntryView] = field(default_factory=TitleIndex)

    @classmethod
    def of(cls, catalog: CatalogView) -> "EntryNameIndex":
        """Return the index of a catalog."""
        index = cls()
        for view in catalog.entries:
            for name in all_variants(names_of(view.entry)):
                if is_titlelike(name):
                    index.titles.add(name, view)
                given = tokenize(name)
                key = "".join(given)
                if len(key) > 2 and not GENERIC_WORDS.issuperset(given) and is_latin(name):
                    users = index.by_name.setdefault(key, [])
                    # The names of one entry are added in a row.
                    if not users or users[-1] is not view:
                        users.append(view)
        return index

    def entries_named(self, name: str) -> list[EntryView]:
        """Return the entries of exactly this name, in any spelling."""
        return self.by_name.get(alphanumeric_key(name), [])

    def entries_titled(self, title: str) -> list[EntryView]:
        """Return the entries that are named like this title or like the system it begins with."""
        head = system_name(title)
        found = list(self.entries_named(head)) if head else []
        found += self.titles.similar(title)
        return list({view.entry.id: view for view in found}.values())
