"""Index of rules by entry traits, so that most rules are skipped for most entries."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from linkcheck.model.facts import (
    ModelFacts,
    PageFacts,
    PaperFacts,
    PathFacts,
    RepositoryFacts,
)
from linkcheck.model.observation import Found, Status
from linkcheck.model.rule import EntryView, LinkView, Rule
from linkcheck.model.traits import EntryTrait


class RuleIndex:
    """Rules on entries, by the traits they require.

    A catalog has few different sets of traits, so the rules for each set are selected once.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Index the rules; the order is kept."""
        self._rules = tuple((rule.requires_traits, rule) for rule in rules)
        self._by_traits: dict[int, tuple[Rule, ...]] = {}

    def applicable(self, view: EntryView) -> Sequence[Rule]:
        """Return the rules whose required traits the entry has."""
        traits = traits_of(view)
        found = self._by_traits.get(traits)
        if found is None:
            found = tuple(rule for needs, rule in self._rules if needs & traits == needs)
            self._by_traits[traits] = found
        return found


def traits_of(view: EntryView) -> int:
    """Return the traits of an entry, as bits of :class:`EntryTrait`."""
    traits = 0
    claims = view.entry.claims
    if claims.licenses:
        traits |= EntryTrait.LICENSE_CLAIM
    if claims.base_models:
        traits |= EntryTrait.BASE_MODEL_CLAIM
    if claims.released:
        traits |= EntryTrait.RELEASE_CLAIM
    for link in view.all_links:
        traits |= _of_link(link)
    return traits


def _of_link(link: LinkView) -> int:
    traits = _BY_STATUS.get(link.status, 0)
    if link.link.url[:5].lower() == "http:":
        traits |= EntryTrait.PLAIN_HTTP
    if link.recognized is not None and link.recognized.version is not None:
        traits |= EntryTrait.PINNED
    evidence = link.evidence
    if evidence is None or not evidence.observations:
        return traits
    if len(evidence.observations) > 1:
        traits |= EntryTrait.SEEN_BEFORE
    outcome = evidence.observations[0].outcome
    if isinstance(outcome, Found):
        traits |= _BY_FACTS[type(outcome.facts)](outcome.facts)
    return traits


def _of_repository(facts: RepositoryFacts) -> int:
    traits = EntryTrait.REPOSITORY
    if facts.archived:
        traits |= EntryTrait.ARCHIVED
    if facts.disabled or facts.blocked:
        traits |= EntryTrait.DISABLED
    if facts.empty:
        traits |= EntryTrait.EMPTY
    if facts.fork:
        traits |= EntryTrait.FORK
    if facts.committed_at is not None:
        traits |= EntryTrait.COMMITTED
    return traits


def _of_path(facts: PathFacts) -> int:
    traits = _of_repository(facts.repository)
    return traits if facts.exists else traits | EntryTrait.MISSING_PATH


def _of_model(facts: ModelFacts) -> int:
    traits = EntryTrait.MODEL
    if facts.gated not in (None, "no"):
        traits |= EntryTrait.GATED
    if facts.card_present is False or facts.card_has_metadata is False:
        traits |= EntryTrait.BARE_CARD
    if facts.disabled:
        traits |= EntryTrait.DISABLED
    return traits


def _of_paper(facts: PaperFacts) -> int:
    traits = EntryTrait.PAPER
    if facts.withdrawn:
        traits |= EntryTrait.WITHDRAWN
    if facts.journal_reference or facts.doi:
        traits |= EntryTrait.PUBLISHED
    return traits


def _of_page(_facts: PageFacts) -> int:
    return 0


_BY_FACTS: dict[type, Callable[[Any], int]] = {
    RepositoryFacts: _of_repository,
    PathFacts: _of_path,
    ModelFacts: _of_model,
    PaperFacts: _of_paper,
    PageFacts: _of_page,
}
_BY_STATUS = {
    Status.DEAD: EntryTrait.DEAD | EntryTrait.DEAD_OR_MOVED,
    Status.MOVED: EntryTrait.MOVED | EntryTrait.DEAD_OR_MOVED,
    Status.INVALID: EntryTrait.INVALID,
    Status.UNREACHABLE: EntryTrait.UNANSWERED,
    Status.BLOCKED: EntryTrait.UNANSWERED,
}
