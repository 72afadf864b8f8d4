"""Matching of the names of linked repositories, models and datasets with those of their entry."""

from collections.abc import Container, Iterable, Iterator

from linkcheck.matching import base_models
from linkcheck.matching.derived_names import different_version, is_derived_name
from linkcheck.matching.entry_names import names_of, passages_of
from linkcheck.matching.names import (
    NameMatch,
    abbreviates,
    all_variants,
    distinctive_words,
    find_any_name,
    find_name,
    is_acronym,
    is_distinctive,
    is_latin,
    same_stem,
    share_stem,
    tokenize,
)
from linkcheck.matching.passage_index import PassageContext
from linkcheck.matching.titles import is_about_benchmark, is_titlelike
from linkcheck.model.entry import EntryKind
from linkcheck.model.facts import ModelFacts, RepositoryFacts
from linkcheck.model.rule import EntryView, LinkView
from linkcheck.model.target import Target, display_name


def bare_name(target: Target) -> str:
    """Return the name of a repository, model or dataset without its owner."""
    return display_name(target).rsplit("/", 1)[-1]


def texts_of_target(link: LinkView, target: Target) -> tuple[str, ...]:
    """Return all texts on a target: its names, the link text, and the facts of its service."""
    said = [display_name(target).replace("/", " "), link.link.text]
    facts = link.latest.facts if link.latest else None
    if isinstance(facts, RepositoryFacts):
        said += [facts.full_name or "", facts.description or "", " ".join(facts.topics or ())]
        said.append(facts.homepage or "")
    elif isinstance(facts, ModelFacts):
        said += [facts.full_name or "", facts.title or ""]
    return tuple(text.replace("/", " ") for text in said if text)


def is_target_of(view: EntryView, link: LinkView, linked: Container[str]) -> bool:
    """Return whether a target has a name of the entry, or a distinctive part of one.

    ``linked`` holds the keys of all targets of the entry, papers among them.
    """
    target = link.target
    if target is None:
        return True
    called = all_variants(names_of(view.entry))
    bare = bare_name(target)
    if _has_name(bare, called):
        return True  # the usual case; the checks below would find the same
    said = texts_of_target(link, target)
    if any(find_any_name(called, text) is NameMatch.FULL for text in said):
        return True
    if find_related_name(called, bare) or _is_base_model(view, bare, link):
        return _card_names_linked_paper(link, linked)
    own = frozenset().union(*(distinctive_words(name) for name in called))
    if share_stem(own, frozenset().union(*(distinctive_words(text) for text in said))):
        return True
    if any(find_name(bare, name) or is_acronym(bare, name) for name in called):
        return True
    if any(is_acronym(name, text) for name in called for text in said):
        return True
    if any(find_name(name, bare) is NameMatch.PARTIAL for name in called):
        return True
    if any(abbreviates(name, bare) or abbreviates(bare, name) for name in called):
        return True
    return _card_names_linked_paper(link, linked)


def _card_names_linked_paper(link: LinkView, linked: Container[str]) -> bool:
    """Return whether a card names a paper that the entry links to."""
    facts = link.latest.model if link.latest else None
    return bool(facts and any(paper in linked for paper in facts.arxiv_ids or ()))


def find_related_name(called: Iterable[str], bare: str) -> str | None:
    """Return the name of a target that is derived from the entry's name or another version of it.

    Only the target's own name counts, not its description.
    """
    for name in called:
        if found := different_version(name, bare):
            return found
        if is_derived_name(name, bare):
            return bare
    return None


def _has_name(bare: str, called: Iterable[str]) -> bool:
    """Return whether a target has exactly an entry's name, but for case and punctuation."""
    words = tokenize(bare)
    return len("".join(words)) > 1 and any(tokenize(n) == words for n in called)


def passages_with_papers(view: EntryView) -> Iterator[tuple[str, Target | None]]:
    """Yield the texts that may contain a target's name, each with its source."""
    claims = view.entry.claims
    for claim in (*claims.base_models, *claims.datasets, *claims.institutions):
        yield claim.value, None
    yield from passages_of(view)
    for link in view.links:
        paper = link.latest.paper if link.latest else None
        if paper is not None and paper.title:
            yield paper.title, link.target


def short_names(view: EntryView) -> list[str]:
    """Return the names of an entry in Latin script that are not titles."""
    called = all_variants(names_of(view.entry))
    return [name for name in called if is_latin(name) and not is_titlelike(name)]


def is_unrelated_target(
    view: EntryView, target: Target, link: LinkView, around: PassageContext
) -> bool:
    """Return whether a target that has no name of the entry surely belongs to something else."""
    short, bare = short_names(view), bare_name(target)
    if view.entry.kind is EntryKind.DATASET and any(
        map(is_about_benchmark, texts_of_target(link, target))
    ):
        return False
    if (relative := find_related_name(short, bare)) is not None:
        return not around.has_name(relative, least=NameMatch.FULL)
    if not any(is_distinctive(name) for name in short):
        return False
    if _is_base_model(view, bare, link):
        return not around.has_name(bare)
    if not is_distinctive(bare):
        return False
    its_words = distinctive_words(bare)
    own = frozenset().union(*(distinctive_words(name) for name in short))
    if around.has_any_word(its_words):
        return False
    if share_stem(distinctive_words(display_name(target).split("/")[0]), own):
        return False
    return not _has_similar_word(own, its_words)


def _is_base_model(view: EntryView, bare: str, link: LinkView) -> bool:
    """Return whether a target is a known base model, and the entry a model of another name.

    The entry's name may contain that of the base model as part of a word (``VisualBERT``); as a
    separate word (``Chinese BERT``) it may be the same model. A link whose text names the base
    model is intended.
    """
    if view.entry.kind is not EntryKind.MODEL:
        return False
    model = base_models.parse_base_model(bare)
    if model.family is None or not base_models.is_bare_family_name(model):
        return False
    if find_name(model.family, link.link.text):
        return False
    return not any(
        find_name(model.family, name) or base_models.parse_base_model(name).family == model.family
        for name in short_names(view)
    )


def _has_similar_word(one: Iterable[str], two: Iterable[str]) -> bool:
    """Return whether two sets of words have a word in common, in similar spellings."""
    from rapidfuzz import fuzz

    two = tuple(two)
    return any(same_stem(a, b) or fuzz.ratio(a, b) >= 82 for a in one for b in two)
