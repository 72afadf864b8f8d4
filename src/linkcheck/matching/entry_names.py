"""What an entry is known by, and which entry of a catalog a name or title belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from linkcheck.matching.names import all_variants, alphanumeric_key, is_latin, tokenize
from linkcheck.matching.stop_words import GENERIC_WORDS
from linkcheck.matching.title_index import TitleIndex
from linkcheck.matching.titles import is_titlelike, system_name
from linkcheck.model.entry import Entry
from linkcheck.model.facts import Facts, ModelFacts, PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.rule import CatalogView, EntryView
from linkcheck.model.target import Service, Target


def names_of(entry: Entry) -> tuple[str, ...]:
    """Return the name and the aliases."""
    return (entry.name, *entry.aliases)


def passages_of(view: EntryView) -> Iterator[tuple[str, Target | None]]:
    """Yield what else is said of an entry: by itself, in its links, by the services.

    With each text goes the target that it is known from, ``None`` for the entry's own words.
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


def arxiv_ids_of_cards(view: EntryView) -> frozenset[str]:
    """Return the arXiv ids that the cards of the entry's own models and data sets name."""
    ids: set[str] = set()
    for link in view.links:
        facts = link.latest.model if link.latest else None
        if facts is not None:
            ids.update(facts.arxiv_ids or ())
    return frozenset(ids)


@dataclass(frozen=True, slots=True)
class EntryNameIndex:
    """Every entry of a catalog by what it is called."""

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
                    # One entry's names come one after the other.
                    if not users or users[-1] is not view:
                        users.append(view)
        return index

    def entries_named(self, name: str) -> list[EntryView]:
        """Return the entries of exactly this name, however it is spelled."""
        return self.by_name.get(alphanumeric_key(name), [])

    def entries_titled(self, title: str) -> list[EntryView]:
        """Return the entries whose paper has this title, by what they are called."""
        head = system_name(title)
        found = list(self.entries_named(head)) if head else []
        found += self.titles.similar(title)
        return list({view.entry.id: view for view in found}.values())
