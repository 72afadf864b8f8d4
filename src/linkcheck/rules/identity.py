"""What an entry is known by, and which entry of a catalog a name or title belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from linkcheck.model.entry import Entry
from linkcheck.model.facts import Facts, ModelFacts, PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.target import Family
from linkcheck.model.view import CatalogView, EntryView, LinkView
from linkcheck.rules.compare.names import all_variants, is_latin, squeeze, words_of
from linkcheck.rules.compare.titles import head_of, is_titlelike, same_title
from linkcheck.rules.compare.vocabulary import GENERIC


def names_of(entry: Entry) -> tuple[str, ...]:
    """Return the name and the aliases."""
    return (entry.name, *entry.aliases)


def context_of(view: EntryView, *, but: LinkView | None = None) -> tuple[str, ...]:
    """Return what else is said of an entry: by itself, in its links, by the services.

    ``but`` is a link to leave out, with what is known of its target.
    """
    said = [view.entry.notes or ""]
    for link in view.links:
        if link.link.badge or link.target is None:
            continue
        if but is not None and link.target == but.target:
            continue
        if link.target.family in (Family.GITHUB, Family.HUGGINGFACE):
            said.append(" ".join(link.target.url.split("/")[3:]))
        facts = link.latest.facts if link.latest else None
        if facts is not None:
            said += _texts(facts)
    return tuple(text for text in said if text)


def _texts(facts: Facts) -> Iterator[str]:
    match facts:
        case PathFacts():
            yield from _texts(facts.repository)
        case RepositoryFacts():
            yield facts.full_name or ""
            yield facts.description or ""
            yield " ".join(facts.topics or ())
        case ModelFacts():
            yield facts.full_name or ""
            yield facts.title or ""
        case PageFacts():
            yield facts.title or ""


def papers_of_cards(view: EntryView) -> frozenset[str]:
    """Return the arXiv ids that the cards of the entry's own models and data sets name."""
    ids: set[str] = set()
    for link in view.links:
        facts = link.latest.model if link.latest else None
        if facts is not None:
            ids.update(facts.arxiv_ids or ())
    return frozenset(ids)


@dataclass(frozen=True, slots=True)
class Index:
    """Every entry of a catalog by what it is called."""

    by_name: dict[str, list[EntryView]] = field(default_factory=dict)
    titled: list[tuple[str, EntryView]] = field(default_factory=list)

    @classmethod
    def of(cls, catalog: CatalogView) -> "Index":
        """Return the index of a catalog."""
        index = cls()
        for view in catalog.entries:
            for name in all_variants(names_of(view.entry)):
                if is_titlelike(name):
                    index.titled.append((name, view))
                key = squeeze(name)
                if is_latin(name) and len(key) > 2 and not set(words_of(name)) <= GENERIC:
                    users = index.by_name.setdefault(key, [])
                    if view not in users:
                        users.append(view)
        return index

    def called(self, name: str) -> list[EntryView]:
        """Return the entries of exactly this name, however it is spelled."""
        return self.by_name.get(squeeze(name), [])

    def owners_of_title(self, title: str) -> list[EntryView]:
        """Return the entries whose paper has this title, by what they are called."""
        head = head_of(title)
        found = list(self.called(head)) if head else []
        found += [view for name, view in self.titled if _surely_same(name, title)]
        return list({view.entry.id: view for view in found}.values())


def _surely_same(name: str, title: str) -> bool:
    return abs(len(words_of(name)) - len(words_of(title))) <= 8 and same_title(name, title)
