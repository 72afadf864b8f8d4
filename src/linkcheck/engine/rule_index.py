"""What an entry shows at a glance, so that most rules need not be asked about most entries."""

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
    """The rules on entries, by the signs of the entries that concern them.

    There are few different sets of signs in a catalog, so the rules for each are chosen once.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Take the rules, in the order in which they are to be asked."""
        self._rules = tuple((rule.requires_traits.value, rule) for rule in rules)
        self._by_signs: dict[int, tuple[Rule, ...]] = {}

    def applicable(self, view: EntryView) -> Sequence[Rule]:
        """Return the rules all of whose signs the entry shows."""
        signs = traits_of(view)
        found = self._by_signs.get(signs)
        if found is None:
            found = tuple(rule for needs, rule in self._rules if needs & signs == needs)
            self._by_signs[signs] = found
        return found


def traits_of(view: EntryView) -> int:
    """Return the signs of an entry, as the value of a :class:`Sign`.

    A plain number, because flags put together as enumeration members cost as much as the rules
    they save.
    """
    signs = 0
    claims = view.entry.claims
    if claims.licenses:
        signs |= _LICENSE_CLAIM
    if claims.base_models:
        signs |= _BASE_MODEL_CLAIM
    if claims.released:
        signs |= _RELEASE_CLAIM
    for link in view.links:
        signs |= _of_link(link)
    return signs


def _of_link(link: LinkView) -> int:
    signs = _BY_STATUS.get(link.status, 0)
    if link.link.url[:5].lower() == "http:":
        signs |= _PLAIN_HTTP
    if link.recognized is not None and link.recognized.version is not None:
        signs |= _PINNED
    evidence = link.evidence
    if evidence is None or not evidence.observations:
        return signs
    if len(evidence.observations) > 1:
        signs |= _SEEN_BEFORE
    outcome = evidence.observations[0].outcome
    if isinstance(outcome, Found):
        signs |= _BY_FACTS[type(outcome.facts)](outcome.facts)
    return signs


def _of_repository(facts: RepositoryFacts) -> int:
    signs = _REPOSITORY
    if facts.archived:
        signs |= _ARCHIVED
    if facts.disabled or facts.blocked:
        signs |= _DISABLED
    if facts.empty:
        signs |= _EMPTY
    if facts.fork:
        signs |= _FORK
    if facts.committed_at is not None:
        signs |= _COMMITTED
    return signs


def _of_path(facts: PathFacts) -> int:
    signs = _of_repository(facts.repository)
    return signs if facts.exists else signs | _MISSING_PATH


def _of_model(facts: ModelFacts) -> int:
    signs = _MODEL
    if facts.gated not in (None, "no"):
        signs |= _GATED
    if facts.card_present is False or facts.card_has_metadata is False:
        signs |= _BARE_CARD
    if facts.disabled:
        signs |= _DISABLED
    return signs


def _of_paper(facts: PaperFacts) -> int:
    signs = _PAPER
    if facts.withdrawn:
        signs |= _WITHDRAWN
    if facts.journal_reference or facts.doi:
        signs |= _PUBLISHED
    return signs


def _of_page(_facts: PageFacts) -> int:
    return 0


_BY_FACTS: dict[type, Callable[[Any], int]] = {
    RepositoryFacts: _of_repository,
    PathFacts: _of_path,
    ModelFacts: _of_model,
    PaperFacts: _of_paper,
    PageFacts: _of_page,
}
_LICENSE_CLAIM = EntryTrait.LICENSE_CLAIM.value
_BASE_MODEL_CLAIM = EntryTrait.BASE_MODEL_CLAIM.value
_RELEASE_CLAIM = EntryTrait.RELEASE_CLAIM.value
_PLAIN_HTTP = EntryTrait.PLAIN_HTTP.value
_PINNED = EntryTrait.PINNED.value
_SEEN_BEFORE = EntryTrait.SEEN_BEFORE.value
_REPOSITORY = EntryTrait.REPOSITORY.value
_ARCHIVED = EntryTrait.ARCHIVED.value
_DISABLED = EntryTrait.DISABLED.value
_EMPTY = EntryTrait.EMPTY.value
_FORK = EntryTrait.FORK.value
_COMMITTED = EntryTrait.COMMITTED.value
_MISSING_PATH = EntryTrait.MISSING_PATH.value
_MODEL = EntryTrait.MODEL.value
_GATED = EntryTrait.GATED.value
_BARE_CARD = EntryTrait.BARE_CARD.value
_PAPER = EntryTrait.PAPER.value
_WITHDRAWN = EntryTrait.WITHDRAWN.value
_PUBLISHED = EntryTrait.PUBLISHED.value
_BY_STATUS = {
    Status.DEAD: EntryTrait.DEAD.value,
    Status.MOVED: EntryTrait.MOVED.value,
    Status.INVALID: EntryTrait.INVALID.value,
    Status.UNREACHABLE: EntryTrait.UNANSWERED.value,
    Status.BLOCKED: EntryTrait.UNANSWERED.value,
}
