"""Match findings with ignores, and find unused ignores. Pure."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from fnmatch import translate

from linkcheck.model.entry import Ignore
from linkcheck.model.finding import Finding
from linkcheck.model.observation import Found, Gone
from linkcheck.model.rule import EntryView, IgnoreView, LinkView, Rule
from linkcheck.model.source_text import Span
from linkcheck.model.target import ParsedLink

CONFIGURATION = "linkcheck.toml"
"""File shown for an ignore of the configuration without a span."""


class IgnoreIndex:
    """Ignores of one run; records which of them matched a finding."""

    def __init__(
        self,
        entries: Sequence[EntryView],
        configured: Sequence[Ignore],
        recognize: Callable[[str], ParsedLink | None],
        now: datetime,
    ) -> None:
        """Index the ignores that have not expired.

        ``configured`` are those of the configuration and those of Markdown files for lines outside
        of entries.
        """
        self._recognize = recognize
        self._today = now.date()
        self._entries = entries
        self._configured = configured
        self._used: set[int] = set()
        self._by_rule: dict[str, list[tuple[Ignore, EntryView | None]]] = defaultdict(list)
        for view in entries:
            for ignore in view.entry.ignores:
                self._add(ignore, view)
        for ignore in configured:
            self._add(ignore, None)
        self._views = {view.entry.id: view for view in entries} if self._by_rule else {}
        self._globs = {
            ignore.url: re.compile(translate(ignore.url)) for ignore in configured if ignore.url
        }

    def _add(self, ignore: Ignore, view: EntryView | None) -> None:
        if not self._is_expired(ignore):
            self._by_rule[ignore.rule].append((ignore, view))

    def _is_expired(self, ignore: Ignore) -> bool:
        return ignore.until is not None and ignore.until < self._today

    def partition(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """Split findings into those reported and those ignored."""
        kept: list[Finding] = []
        suppressed: list[Finding] = []
        for finding in findings:
            matching = [
                ignore
                for ignore, view in self._by_rule.get(finding.rule, ())
                if self._applies(ignore, view, finding)
            ]
            self._used.update(id(ignore) for ignore in matching)
            (suppressed if matching else kept).append(finding)
        return kept, suppressed

    def _applies(self, ignore: Ignore, view: EntryView | None, finding: Finding) -> bool:
        if view is not None or ignore.place is not None:
            in_entry = view is not None and finding.entry == view.entry.id
            if not in_entry and not _is_in_place(ignore, finding):
                return False
        if ignore.link is None and ignore.url is None:
            return True
        entry_view = self._views.get(finding.entry) if finding.entry else None
        links = _find_links(finding, entry_view)
        if not links and finding.url is not None:  # local links belong to no entry
            return ignore.link == finding.url or (
                ignore.url is not None and bool(self._globs[ignore.url].match(finding.url))
            )
        return any(self._covers(ignore, link) for link in links)

    def _covers(self, ignore: Ignore, view: LinkView) -> bool:
        """Return whether the ignore matches a link, by its role, URL or target, and glob."""
        link = view.link
        if ignore.url is not None and not any(
            self._globs[ignore.url].match(text) for text in (link.url, link.written)
        ):
            return False
        if ignore.link is None or ignore.link in (link.role, link.url, link.written):
            return True
        recognized = self._recognize(ignore.link)
        return recognized is not None and view.target == recognized.target

    def views(
        self, rules: Mapping[str, Rule], *, all_checked: bool, all_inputs: bool
    ) -> tuple[IgnoreView, ...]:
        """Return every ignore and whether it matched; call after :meth:`partition`.

        ``rules`` are the rules that ran; ``all_checked`` and ``all_inputs`` as in
        :func:`linkcheck.engine.evaluate.evaluate`.
        """
        result = []
        for view in self._entries:
            for ignore in view.entry.ignores:
                rule = rules.get(ignore.rule)
                testable = rule is not None and (
                    rule.offline or (all_checked and self._is_settled(ignore, view.all_links))
                )
                result.append(
                    IgnoreView(
                        ignore,
                        view.entry,
                        ignore.span or view.entry.span,
                        id(ignore) in self._used,
                        testable,
                    )
                )
        everything: list[LinkView] = []
        if self._configured:
            everything = [link for view in self._entries for link in view.all_links]
        for ignore in self._configured:
            rule = rules.get(ignore.rule)
            testable = (
                rule is not None
                and (all_inputs or ignore.place is not None)
                and (rule.offline or (all_checked and self._is_settled(ignore, everything)))
            )
            place = ignore.span or Span(CONFIGURATION, 0, 0, 1, 1, 1, 1)
            result.append(IgnoreView(ignore, None, place, id(ignore) in self._used, testable))
        return tuple(result)

    def _is_settled(self, ignore: Ignore, links: Sequence[LinkView]) -> bool:
        """Return whether every link that the ignore matches is known to exist or to be gone."""
        is_narrow = ignore.link is not None or ignore.url is not None
        covered = [link for link in links if self._covers(ignore, link)] if is_narrow else links
        return all(
            view.recognized is None
            or view.link.badge
            or (view.latest is not None and isinstance(view.latest.outcome, Found | Gone))
            for view in covered
        )


def _is_in_place(ignore: Ignore, finding: Finding) -> bool:
    """Return whether the ignore covers the lines of a finding outside of any entry."""
    place = ignore.place
    return (
        finding.entry is None
        and place is not None
        and place.file == finding.span.file
        and place.line <= finding.span.end_line
        and finding.span.line <= place.end_line
    )


def _find_links(finding: Finding, view: EntryView | None) -> list[LinkView]:
    """Return the links of a finding: the one at its span, else those with its URL."""
    if view is None:
        return []
    at_span = [link for link in view.all_links if link.link.span == finding.span]
    return at_span or [
        link for link in view.all_links if finding.url in (link.link.written, link.link.url)
    ]
