"""Findings kept between runs, so that what could not be checked changes nothing. Pure.

A finding that a run does not report is resolved only if the run looked for it: its rule ran, its
file was read, and the links that it was based on were checked. Otherwise it is carried over from
the run before, with its edits moved to where their text is now.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Any

from linkcheck.model.finding import Confidence, Edit, Finding, Fix, Safety, Severity
from linkcheck.model.observation import Status
from linkcheck.model.result import LinkResult, Occurrence, RunResult
from linkcheck.model.source_text import SourceText, Span
from linkcheck.model.target import ParsedLink

UNCHECKED = frozenset({Status.UNREACHABLE, Status.BLOCKED, Status.SKIPPED})
"""Statuses of links that a run could not check."""
_URL_CHARACTER = re.compile(r"[\w/.~%+-]")


@dataclass(frozen=True, slots=True)
class SavedEdit:
    """An edit without its place."""

    file: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SavedFinding:
    """A finding as the state branch keeps it."""

    rule: str
    severity: str
    message: str
    file: str
    since: str
    """Day of the first run that reported it, in ISO 8601."""
    entry: str | None = None
    url: str | None = None
    confidence: str = Confidence.HIGH.value
    fix: str = ""
    """Description of the fix."""
    safety: str = Safety.SAFE.value
    edits: tuple[SavedEdit, ...] = ()
    basis: tuple[str, ...] = ()
    """Links of its entries that were checked when it was reported."""


def encode_finding(saved: SavedFinding) -> dict[str, Any]:
    """Return a saved finding as JSON values, without its defaults."""
    defaults = {f.name: f.default for f in fields(SavedFinding)}
    return {name: v for name, v in asdict(saved).items() if v not in (defaults[name], (), [])}


def decode_finding(values: Mapping[str, Any]) -> SavedFinding:
    """Return a saved finding. Raises TypeError, ValueError, KeyError or AttributeError."""
    known = {f.name: values[f.name] for f in fields(SavedFinding) if f.name in values}
    if not all(isinstance(v, str) for n, v in known.items() if n not in ("edits", "basis")):
        raise TypeError("a text is expected")
    date.fromisoformat(known["since"])
    _ = Severity(known["severity"]), Confidence(known.get("confidence", "high"))
    _ = Safety(known.get("safety", "safe"))
    known["edits"] = tuple(SavedEdit(**edit) for edit in known.get("edits", ()))
    known["basis"] = tuple(map(str, known.get("basis", ())))
    return SavedFinding(**known)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The part of the catalog that a run looked at."""

    reads: Callable[[str], bool] = lambda _: True
    """Whether a file was read, or would have been if it still existed."""
    runs: Callable[[str], bool] = lambda _: True
    """Whether a rule ran; also for one that the configuration switches off."""
    excludes: Callable[[LinkResult], bool] = lambda _: False
    """Whether the configuration excludes a link, so that it is not to be checked."""


@dataclass(frozen=True, slots=True)
class CarriedFindings:
    """The findings of a run and of those before it."""

    result: RunResult
    """The result with the findings that are carried over."""
    unchecked: frozenset[str] = frozenset()
    """Fingerprints of the findings that this run could not check."""
    settled: frozenset[str] = frozenset()
    """Fingerprints of the saved findings that are resolved or ignored."""
    saved: Mapping[str, SavedFinding] = field(default_factory=dict)
    """What to save after this run, by fingerprint."""

    def since(self, fingerprint: str) -> date | None:
        """Return the day on which a finding was first reported."""
        known = self.saved.get(fingerprint)
        return date.fromisoformat(known.since) if known else None


def carry_findings(
    result: RunResult,
    saved: Mapping[str, SavedFinding],
    coverage: Coverage,
    read_text: Callable[[str], str | None],
) -> CarriedFindings:
    """Return the findings of the result and those of ``saved`` that it could not check.

    ``read_text`` returns the text of a file, if it exists.
    """
    links = _LinkTable(result, coverage)
    current = {finding.fingerprint: finding for finding in result.findings}
    suppressed = {finding.fingerprint for finding in result.suppressed}
    carried: list[Finding] = []
    settled: set[str] = set()
    kept: dict[str, SavedFinding] = {}
    for fingerprint, known in saved.items():
        if fingerprint in current:
            continue
        if fingerprint in suppressed or links.is_settled(known):
            settled.add(fingerprint)
            continue
        kept[fingerprint] = known
        carried.append(_restore(fingerprint, known, links, read_text))
    today = result.finished_at.date()
    for fingerprint, finding in current.items():
        kept[fingerprint] = _save(finding, saved.get(fingerprint), links, today)
    ordered = sorted((*result.findings, *carried), key=lambda f: (f.span.file, f.span.start))
    return CarriedFindings(
        replace(result, findings=tuple(ordered)) if carried else result,
        frozenset(finding.fingerprint for finding in carried),
        frozenset(settled),
        kept,
    )


class _LinkTable:
    """The links of a result by entry, or by file for links outside of entries."""

    def __init__(self, result: RunResult, coverage: Coverage) -> None:
        self._coverage = coverage
        self._links: dict[str, dict[str, list[LinkResult]]] = defaultdict(lambda: defaultdict(list))
        self._entries = {each.entry.id: each.entry.span for each in result.entries}
        self._confirmed_rules = {rule.name for rule in result.rules if rule.needs_confirmation}
        for link in result.links:
            for place in link.occurrences:
                self._links[place.entry or place.span.file][link.url].append(link)

    def checked(self, finding: Finding) -> Iterable[str]:
        """Yield the links of a finding's entries that were checked."""
        owners = {finding.entry or finding.span.file, *(r.entry for r in finding.related)}
        for owner in owners:
            for url, links in self._links.get(owner, {}).items():
                if not any(self._is_unchecked(link) for link in links):
                    yield url

    def is_settled(self, saved: SavedFinding) -> bool:
        """Return whether a finding that is not reported any more is known to be resolved."""
        if not (self._coverage.reads(saved.file) and self._coverage.runs(saved.rule)):
            return False
        own = self._links.get(saved.entry or saved.file, {})
        if saved.url is not None and saved.url not in own:
            return True  # the link was removed, or is none that the network can answer for
        basis = set(saved.basis)
        if saved.url is not None and saved.rule in self._confirmed_rules:
            basis.add(saved.url)  # reported because its link could not be reached
        return not any(
            self._is_unchecked(link)
            for url in basis
            for link in (own[url] if url in own else self._elsewhere.get(url, []))
        )

    @cached_property
    def _elsewhere(self) -> dict[str, list[LinkResult]]:
        found: dict[str, list[LinkResult]] = {}
        for by_url in self._links.values():
            for url, links in by_url.items():
                found.setdefault(url, []).extend(links)
        return found

    def _is_unchecked(self, link: LinkResult) -> bool:
        return link.status in UNCHECKED and not self._coverage.excludes(link)

    def occurrences(self, saved: SavedFinding, file: str, url: str) -> list[Occurrence]:
        """Return the places of a link in a file, those of the finding's entry alone."""
        owner = saved.entry or saved.file
        return [
            place
            for link in self._links.get(owner, {}).get(url, ())
            for place in link.occurrences
            if place.span.file == file and (place.entry or place.span.file) == owner
        ]

    def parsed(self, saved: SavedFinding) -> ParsedLink | None:
        """Return the finding's link as a provider parsed it."""
        links = self._links.get(saved.entry or saved.file, {}).get(saved.url or "", ())
        return next((ParsedLink(link.target) for link in links if link.target), None)

    def entry_span(self, entry: str | None) -> Span | None:
        """Return the place of an entry; ``None`` if it was not read."""
        return self._entries.get(entry) if entry else None


def _save(
    finding: Finding, before: SavedFinding | None, links: _LinkTable, today: date
) -> SavedFinding:
    """Return a finding for saving; wording alone does not change what was saved before."""
    fix = finding.fix
    now = SavedFinding(
        rule=finding.rule,
        severity=finding.severity.value,
        message=finding.message,
        file=finding.span.file,
        since=before.since if before else today.isoformat(),
        entry=finding.entry,
        url=finding.url,
        confidence=finding.confidence.value,
        fix=fix.description if fix else "",
        safety=fix.safety.value if fix else Safety.SAFE.value,
        edits=tuple(SavedEdit(e.span.file, e.before, e.after) for e in fix.edits) if fix else (),
        basis=tuple(sorted(set(links.checked(finding)))),
    )
    if before is not None and replace(now, message=before.message, fix=before.fix) == before:
        return before
    return now


def _restore(
    fingerprint: str,
    saved: SavedFinding,
    links: _LinkTable,
    read_text: Callable[[str], str | None],
) -> Finding:
    """Return a saved finding as if this run reported it; without edits if their text is gone."""
    text = read_text(saved.file)
    source = SourceText(saved.file, text or "")
    edits = _place_edits(saved, links, read_text)
    entry = links.entry_span(saved.entry)
    places = links.occurrences(saved, saved.file, saved.url) if saved.url else []
    if places:
        span = places[0].span
    elif edits:
        span = edits[0].span
    else:
        span = entry or source.span(0, 0)
    return Finding(
        rule=saved.rule,
        severity=Severity(saved.severity),
        message=saved.message,
        span=span,
        confidence=Confidence(saved.confidence),
        entry=saved.entry,
        url=saved.url,
        recognized=links.parsed(saved),
        fix=Fix(saved.fix, edits, Safety(saved.safety)) if edits else None,
        known_fingerprint=fingerprint,
    )


def _place_edits(
    saved: SavedFinding, links: _LinkTable, read_text: Callable[[str], str | None]
) -> tuple[Edit, ...]:
    """Return the edits at the present places of their text; none if one cannot be placed."""
    placed: list[Edit] = []
    used: set[tuple[str, int]] = set()
    for edit in saved.edits:
        text = read_text(edit.file)
        if text is None:
            return ()
        source = SourceText(edit.file, text)
        entry = links.entry_span(saved.entry)
        spans = [place.span for place in links.occurrences(saved, edit.file, edit.before)]
        spans = [s for s in spans if text[s.start : s.end] == edit.before]
        if not spans:
            bounds = (entry.start, entry.end) if entry and entry.file == edit.file else None
            spans = list(_find(source, edit.before, bounds))
        free = [span for span in spans if (edit.file, span.start) not in used]
        if not free or (len(spans) > 1 and len(spans) > len(saved.edits)):
            return ()
        used.add((edit.file, free[0].start))
        placed.append(Edit(free[0], edit.before, edit.after))
    return tuple(placed)


def _find(source: SourceText, text: str, bounds: tuple[int, int] | None) -> Iterable[Span]:
    """Yield the places of a text that is no part of a longer word or URL."""
    start, end = bounds or (0, len(source.text))
    at = source.text.find(text, start, end) if text else -1
    while at >= 0:
        after = at + len(text)
        around = source.text[at - 1 : at] if at else ""
        if not (
            _URL_CHARACTER.match(around) or _URL_CHARACTER.match(source.text[after : after + 1])
        ):
            yield source.span(at, after)
        at = source.text.find(text, after, end)
