"""Collect the results per link and per entry, for the reports. Pure."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import TypeVar

from linkcheck.model.facts import (
    Facts,
    ModelFacts,
    PageFacts,
    PaperFacts,
    PathFacts,
    RepositoryFacts,
)
from linkcheck.model.garbage_collection import gc_paused
from linkcheck.model.observation import (
    EvidenceItem,
    Found,
    Gone,
    Observation,
    Status,
    Unknown,
    UnknownReason,
)
from linkcheck.model.result import EntryResult, LinkResult, Occurrence
from linkcheck.model.rule import EntryView, LinkView
from linkcheck.model.shared_key_mapping import EMPTY_MAPPING, SharedKeyMapping

F = TypeVar("F", bound=RepositoryFacts | ModelFacts | PaperFacts | PageFacts)

_CODE_ROLES = ("code", "repository", "source")
_MODEL_ROLES = ("model", "weights", "dataset", "data", "download")
_PAPER_ROLES = ("paper", "article", "report")

_PAGE_ROLES = ("homepage",)

_REPOSITORY = {
    "repository": "full_name",
    "stars": "stars",
    "forks": "forks",
    "license": "license",
    "last_push": "pushed_at",
    "last_commit": "committed_at",
    "created": "created_at",
    "archived": "archived",
    "description": "description",
    "homepage": "homepage",
    "topics": "topics",
    "latest_release": "latest_release",
    "default_branch": "default_branch",
}
_MODEL = {
    "hub": "full_name",
    "model_license": "license",
    "model_license_name": "license_name",
    "base_models": "base_models",
    "datasets": "datasets",
    "languages": "languages",
    "pipeline": "pipeline",
    "gated": "gated",
    "likes": "likes",
    "downloads": "downloads",
    "last_change": "modified_at",
    "card": "card_present",
}
_PAPER = {
    "paper": "paper_id",
    "paper_title": "title",
    "paper_version": "latest_version",
    "paper_published": "published_at",
    "paper_updated": "updated_at",
    "journal_reference": "journal_reference",
    "doi": "doi",
    "withdrawn": "withdrawn",
}
_PAGE = {"page_title": "title"}
_EMPTY_FACTS: Mapping[type, object] = {
    kind: kind() for kind in (RepositoryFacts, ModelFacts, PaperFacts, PageFacts)
}
"""Facts without any value, by type."""
FACT_NAMES = (*_REPOSITORY, "fork_of", *_MODEL, *_PAPER, *_PAGE)
"""Every name that :func:`observed_facts` may give, in its order."""


def observed_facts(view: EntryView) -> dict[str, object]:
    """Return the observed facts of an entry under neutral names, as plain JSON values.

    Facts come from the entry's first repository, model (or dataset or Space), paper and page, by
    role and then by order. A target that could not be checked keeps its last known facts; a gone
    one has none. Dates are YYYY-MM-DD (UTC), numbers exact, unknown facts left out.
    """
    known = [
        (link.link.role, facts)
        for link in view.links
        if link.evidence is not None and (facts := known_facts(link)) is not None
    ]
    observed: dict[str, object] = {}
    if not known:
        return observed
    repository = _first(known, _CODE_ROLES, _repository)
    if repository is not None:
        _add_facts(observed, repository, _REPOSITORY)
        if repository.fork:
            _add_facts(observed, repository, {"fork_of": "parent"})
    model = _first(known, _MODEL_ROLES, lambda f: f if isinstance(f, ModelFacts) else None)
    if model is not None:
        _add_facts(observed, model, _MODEL)
    paper = _first(known, _PAPER_ROLES, lambda f: f if isinstance(f, PaperFacts) else None)
    if paper is not None:
        _add_facts(observed, paper, _PAPER)
    page = _first(known, _PAGE_ROLES, lambda f: f if isinstance(f, PageFacts) else None)
    if page is not None:
        _add_facts(observed, page, _PAGE)
    return observed


def latest_definitive_observation(view: LinkView) -> Observation | None:
    """Return the newest observation that found the target or found it gone."""
    observations = view.evidence.observations if view.evidence else ()
    return next((o for o in observations if isinstance(o.outcome, Found | Gone)), None)


def is_same_source(one: Observation, other: Observation) -> bool:
    """Return whether two observations share a source, so that they can have the same facts.

    Observations without a source are taken to share one.
    """
    sources = [{item.source for item in o.evidence} for o in (one, other)]
    return not all(sources) or not sources[0].isdisjoint(sources[1])


def known_facts(view: LinkView) -> Facts | None:
    """Return the newest facts of a link's target.

    Facts that the newest source lacks are filled in from the newest observation by another source,
    if that was of the same repository.
    """
    newest = latest_definitive_observation(view)
    if newest is None or newest.facts is None or view.evidence is None:
        return None
    facts = newest.facts
    if isinstance(facts, PathFacts) or len(view.evidence.observations) == 1:
        return facts
    for older in view.evidence.observations:
        if isinstance(older.outcome, Gone):
            break
        if older is newest or older.facts is None or is_same_source(older, newest):
            continue
        if type(older.facts) is type(facts) and _is_same_repository(older, newest):
            return _fill_missing(facts, older.facts)
        break
    return facts


def _is_same_repository(older: Observation, newest: Observation) -> bool:
    ids = [
        facts.repository_id if (facts := o.repository or o.model) else None for o in (older, newest)
    ]
    return None in ids or ids[0] == ids[1]


def _fill_missing(facts: F, older: Facts | None) -> F:
    missing = {
        field.name: getattr(older, field.name)
        for field in fields(facts)
        if getattr(facts, field.name) is None
    }
    return replace(facts, **missing)


def _repository(facts: Facts) -> RepositoryFacts | None:
    if isinstance(facts, RepositoryFacts):
        return facts
    return None if isinstance(facts, ModelFacts | PaperFacts | PageFacts) else facts.repository


def _first(
    known: Sequence[tuple[str, Facts]], roles: Sequence[str], pick: Callable[[Facts], F | None]
) -> F | None:
    """Return the first facts that ``pick`` accepts, those of the given roles before others."""
    best, best_rank = None, len(roles) + 1
    for role, facts in known:
        picked = pick(facts)
        if picked is None or picked == _EMPTY_FACTS[type(picked)]:
            continue
        rank = roles.index(role) if role in roles else len(roles)
        if rank < best_rank:
            best, best_rank = picked, rank
    return best


def _add_facts(seen: dict[str, object], facts: object, names: Mapping[str, str]) -> None:
    for name, field in names.items():
        value = getattr(facts, field)
        if value is None or value in ("", ()):
            continue
        if isinstance(value, datetime):
            value = sys.intern(value.date().isoformat())  # dates repeat across entries
        elif isinstance(value, tuple):
            value = list(value)
        seen[name] = value


@gc_paused()
def entry_results(views: Iterable[EntryView]) -> tuple[EntryResult, ...]:
    """Return every entry with the facts pulled for it."""
    return tuple(EntryResult(view.entry, _compact_facts(view)) for view in views)


def _compact_facts(view: EntryView) -> SharedKeyMapping:
    facts = observed_facts(view)
    return SharedKeyMapping(facts) if facts else EMPTY_MAPPING


@gc_paused()
def link_results(views: Iterable[EntryView]) -> tuple[LinkResult, ...]:
    """Return one result per distinct link as written, with all its occurrences.

    In the order of first occurrence. Links written the same but with different status (a badge and
    a link, the plain id of two services) have separate results.
    """
    found: dict[tuple[str, str, Status], LinkResult] = {}
    repeated: dict[tuple[str, str, Status], list[Occurrence]] = {}
    for entry in views:
        for view in entry.all_links:
            link = view.link
            key = (link.written, link.url, view.status)
            place = Occurrence(link.span, entry.entry.id, link.role)
            if key in found:
                repeated.setdefault(key, []).append(place)
            else:
                found[key] = _link_result(view, (place,))
    for key, places in repeated.items():
        known = found[key]
        found[key] = replace(known, occurrences=(*known.occurrences, *places))
    return tuple(found.values())


def _link_result(view: LinkView, occurrences: tuple[Occurrence, ...]) -> LinkResult:
    latest = view.latest
    outcome = latest.outcome if latest else None
    return LinkResult(
        url=view.link.written,
        target=view.target,
        status=view.status,
        occurrences=occurrences,
        final_url=_current_url(outcome) if isinstance(outcome, Found) else None,
        http_status=latest.http_status if latest else None,
        checked_at=latest.at if latest else None,
        reused=view.evidence.reused if view.evidence else False,
        evidence=_link_evidence(latest) if latest else (),
    )


def _link_evidence(latest: Observation) -> tuple[EvidenceItem, ...]:
    """Return the evidence of a link; for one that was not checked, the reason."""
    outcome = latest.outcome
    if latest.evidence or not isinstance(outcome, Unknown) or not outcome.detail:
        return latest.evidence
    if outcome.reason is not UnknownReason.NOT_ASKED:
        return ()
    return (EvidenceItem("linkcheck", latest.at, outcome.detail),)


def _current_url(found: Found) -> str | None:
    """Return the current URL of a target if it differs from the one requested."""
    if isinstance(found.facts, PathFacts) and found.facts.suggested_url:
        return found.facts.suggested_url
    return found.now_at
