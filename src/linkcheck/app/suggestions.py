"""Suggestions for the dead: asked for only where there are dead links, shown, never applied."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from linkcheck.model.observation import Evidence
from linkcheck.model.result import LinkResult, RunResult
from linkcheck.model.target import Target

if TYPE_CHECKING:
    from linkcheck.engine.replacements import Candidate
    from linkcheck.model.wayback import ArchivedCopy
    from linkcheck.providers.wayback import DeadUrl

RULE = "dead-link"

AskArchive = Callable[[Sequence["DeadUrl"]], Mapping[str, "ArchivedCopy"]]
History = Callable[[Sequence[Target]], Mapping[Target, Evidence]]


def with_suggestions(result: RunResult, history: History, archive: AskArchive) -> RunResult:
    """Return the result with an unsafe fix on each dead link for which something is known.

    What the entry's other links offer comes first; only what is left is asked of the archive.
    """
    dead = [f for f in result.findings if f.rule == RULE and f.fix is None and f.url and f.entry]
    if not dead:
        return result
    from linkcheck.engine.replacements import suggest_from_entry, with_candidate

    links = {link.url: link for link in result.links}
    entries = {item.entry.id: item.entry for item in result.entries}
    wanted = [
        target
        for finding in dead
        if finding.entry in entries
        for link in entries[finding.entry].links
        if (known := links.get(link.written)) and (target := known.target)
    ]
    evidence = history(wanted)
    mended = {}
    for finding in dead:
        entry = entries.get(finding.entry or "")
        candidate = suggest_from_entry(finding, entry, links, evidence) if entry else None
        if candidate is not None:
            mended[id(finding)] = with_candidate(finding, candidate)
    rest = [finding for finding in dead if id(finding) not in mended]
    found = archive(_lost([links.get(f.url or "") for f in rest], evidence)) if rest else {}
    for finding in rest:
        link = links.get(finding.url or "")
        snapshot = found.get(link.target.url) if link and link.target else None
        if snapshot is not None:
            mended[id(finding)] = with_candidate(finding, _as_candidate(snapshot, result))
    return replace(result, findings=tuple(mended.get(id(f), f) for f in result.findings))


def _lost(
    links: Sequence[LinkResult | None], evidence: Mapping[Target, Evidence]
) -> "tuple[DeadUrl, ...]":
    from linkcheck.providers.wayback import DeadUrl

    found: dict[str, DeadUrl] = {}
    for link in links:
        if link is None or link.target is None:
            continue
        last = evidence[link.target].last_found if link.target in evidence else None
        url, alive = link.target.url, last.at if last else None
        found.setdefault(url, DeadUrl(url, alive, checked_now=not link.reused))
    return tuple(found.values())


def _as_candidate(snapshot: "ArchivedCopy", result: RunResult) -> "Candidate":
    from linkcheck.engine.replacements import Candidate

    taken = snapshot.taken.date().isoformat()
    says = f"the Wayback Machine has a snapshot of {taken}"
    return Candidate(snapshot.url, "wayback", says, result.finished_at)
