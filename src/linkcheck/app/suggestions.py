"""Replacements for dead links: looked up only if there are any, shown, never applied."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from linkcheck.model.finding import Finding
from linkcheck.model.observation import Evidence
from linkcheck.model.result import RunResult
from linkcheck.model.target import Target

if TYPE_CHECKING:
    from linkcheck.engine.replacements import Candidate
    from linkcheck.model.wayback import ArchivedCopy
    from linkcheck.providers.wayback import DeadUrl

AskArchive = Callable[[Sequence["DeadUrl"]], Mapping[str, "ArchivedCopy"]]
History = Callable[[Sequence[Target]], Mapping[Target, Evidence]]


def with_suggestions(result: RunResult, history: History, archive: AskArchive) -> RunResult:
    """Return the result with an unsafe fix on each dead link for which a replacement is known.

    The entry's other links come first; the archive is asked about the remaining links only.
    """
    dead = [
        f
        for f in result.findings
        if result.rule_of(f).suggests_replacements and f.fix is None and f.target and f.entry
    ]
    if not dead:
        return result
    from linkcheck.engine.replacements import suggest_from_entry, with_candidate

    links = {place.span: link for link in result.links for place in link.occurrences}
    entries = {item.entry.id: item.entry for item in result.entries}
    needed = entries.keys() & {finding.entry for finding in dead}
    targets = [
        known.target
        for name in sorted(needed)
        for link in entries[name].links
        if (known := links.get(link.span)) and known.target
    ]
    evidence = history(targets)
    replaced = {}
    for finding in dead:
        entry = entries.get(finding.entry or "")
        candidate = suggest_from_entry(finding, entry, links, evidence) if entry else None
        if candidate is not None:
            replaced[id(finding)] = with_candidate(finding, candidate)
    rest = [finding for finding in dead if id(finding) not in replaced]
    reused = {link.target for link in result.links if link.reused}
    found = archive(_dead_urls(rest, evidence, reused)) if rest else {}
    for finding in rest:
        copy = found.get(finding.target.url) if finding.target else None
        if copy is not None:
            replaced[id(finding)] = with_candidate(finding, _as_candidate(copy, result))
    return replace(result, findings=tuple(replaced.get(id(f), f) for f in result.findings))


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


def _as_candidate(snapshot: "ArchivedCopy", result: RunResult) -> "Candidate":
    from linkcheck.engine.replacements import Candidate

    taken = snapshot.taken.date().isoformat()
    says = f"the Wayback Machine has a snapshot of {taken}"
    return Candidate(snapshot.url, "wayback", says, result.finished_at)
