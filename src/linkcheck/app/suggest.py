"""Suggest replacements for dead links, as unsafe fixes: from the entry itself, else archived."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkcheck.model.defects import BUG_REPORT, DefectLog
from linkcheck.model.errors import LinkcheckError
from linkcheck.model.finding import Finding
from linkcheck.model.observation import Evidence, Found
from linkcheck.model.result import Notice, RunResult
from linkcheck.model.target import Target
from linkcheck.model.wayback import ArchivedCopy

if TYPE_CHECKING:
    from linkcheck.app.network import Network
    from linkcheck.providers.wayback import DeadUrl
    from linkcheck.store import SqliteStore

COPY_MAX_AGE = timedelta(days=30)
"""A known copy does not move; a newer one is looked up after this time."""
NO_COPY_MAX_AGE = timedelta(days=7)
"""The archive is known to miss copies it has, so "no copy" is reused for a shorter time."""


class Archive:
    """Archived copies of dead URLs: recent answers from the store, the rest looked up."""

    def __init__(self, network: "Network", store: "SqliteStore", now: datetime) -> None:
        self._network = network
        self._store = store
        self._now = now
        self.requests: dict[str, int] = {}
        """Requests by host."""
        self.notices: tuple[Notice, ...] = ()

    def copies(self, dead: Sequence["DeadUrl"]) -> dict[str, ArchivedCopy]:
        """Return copies by URL, for the URLs that have one.

        Only URLs that were requested in this run are looked up.
        """
        known: dict[str, ArchivedCopy | None] = {}
        for url, (at, copy) in self._store.archived_copies([item.url for item in dead]).items():
            max_age = NO_COPY_MAX_AGE if copy is None else COPY_MAX_AGE
            if timedelta(0) <= self._now - at < max_age:
                known[url] = copy
        rest = [item for item in dead if item.checked_now and item.url not in known]
        if rest:
            found = self._look_up(rest)
            self._store.record_archived_copies(found, self._now)
            known.update(found)
        return {url: copy for url, copy in known.items() if copy is not None}

    def _look_up(self, dead: Sequence["DeadUrl"]) -> Mapping[str, ArchivedCopy | None]:
        try:
            return self._network.archived_copies(dead, self.requests)
        except LinkcheckError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug costs the suggestions, not the result
            log = DefectLog()
            log.add(error)
            self.notices = tuple(
                Notice(f"looking up archived copies failed: {defect}. {BUG_REPORT}", defect=True)
                for defect in log
            )
            return {}


def with_suggestions(
    result: RunResult,
    evidence: Mapping[Target, Evidence],
    find_copies: Callable[[Sequence["DeadUrl"]], Mapping[str, ArchivedCopy]] | None = None,
) -> RunResult:
    """Return the result with an unsafe fix on each dead link that has a candidate.

    Candidates of the entry's other links come first; copies are looked up for the rest alone.
    """
    dead = [
        f
        for f in result.findings
        if result.rule_of(f).suggests_replacements and f.fix is None and f.target and f.entry
        if not _leads_elsewhere(evidence.get(f.target))
    ]
    if not dead:
        return result
    from linkcheck.engine.replacements import Candidate, suggest_from_entry, with_candidate

    links = {place.span: link for link in result.links for place in link.occurrences}
    entries = {item.entry.id: item.entry for item in result.entries}
    fixed = {}
    for finding in dead:
        entry = entries.get(finding.entry or "")
        candidate = suggest_from_entry(finding, entry, links, evidence) if entry else None
        if candidate is not None:
            fixed[id(finding)] = with_candidate(finding, candidate)
    rest = [finding for finding in dead if id(finding) not in fixed]
    if rest and find_copies is not None:
        reused = {link.target for link in result.links if link.reused}
        found = find_copies(_dead_urls(rest, evidence, reused))
        for finding in rest:
            copy = found.get(finding.target.url) if finding.target else None
            if copy is not None:
                says = f"the Wayback Machine has a snapshot of {copy.taken.date().isoformat()}"
                candidate = Candidate(copy.url, "wayback", says, result.finished_at)
                fixed[id(finding)] = with_candidate(finding, candidate)
    return replace(result, findings=tuple(fixed.get(id(f), f) for f in result.findings))


def _leads_elsewhere(evidence: Evidence | None) -> bool:
    """Return whether a page answers, from another address: no replacement is sought for it."""
    latest = evidence.latest if evidence else None
    return latest is not None and isinstance(latest.outcome, Found) and latest.page is not None


def _dead_urls(
    findings: Iterable[Finding],
    evidence: Mapping[Target, Evidence],
    reused: Container[Target | None],
) -> "tuple[DeadUrl, ...]":
    from linkcheck.providers.wayback import DeadUrl

    found: dict[str, DeadUrl] = {}
    for target in dict.fromkeys(finding.target for finding in findings):
        if target is not None:
            last = evidence[target].last_found if target in evidence else None
            alive = last.at if last else None
            dead = DeadUrl(target.url, alive, checked_now=target not in reused)
            found.setdefault(target.url, dead)
    return tuple(found.values())
