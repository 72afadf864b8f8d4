"""Run every rule on every entry and its evidence. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from linkcheck.engine.identify import LinkIndex
from linkcheck.engine.ignores import IgnoreIndex
from linkcheck.engine.link_status import is_missing, link_status
from linkcheck.engine.recency import is_recent
from linkcheck.engine.rule_index import RuleIndex
from linkcheck.model.defects import BUG_REPORT, Defect
from linkcheck.model.entry import Catalog, Entry, Link
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.garbage_collection import gc_paused
from linkcheck.model.observation import Evidence, Found, Status
from linkcheck.model.redirect import unrelated_domains
from linkcheck.model.result import Notice
from linkcheck.model.rule import (
    CatalogView,
    EntryView,
    LinkView,
    Rule,
    RuleContext,
    RuleScope,
)
from linkcheck.model.settings import ConfirmationSettings, RuleSettings
from linkcheck.model.target import Target, TargetKind

MIN_UNRELATED_SITES = 3
"""From this number of sites of different owners, redirects to one address replace none of them."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Result of the rules."""

    entries: tuple[EntryView, ...]
    """Every entry with the status of its links, in the order of the catalog."""
    findings: tuple[Finding, ...]
    """Sorted by file, place, severity and rule."""
    suppressed: tuple[Finding, ...] = ()
    """Findings that an ignore matches, sorted the same way."""
    notices: tuple[Notice, ...] = ()
    """Rules that raised an exception, each named once."""


@gc_paused()
def evaluate(
    catalog: Catalog,
    links: LinkIndex,
    evidence: Mapping[Target, Evidence],
    rules: Sequence[Rule],
    settings: RuleSettings,
    now: datetime,
    *,
    all_checked: bool = True,
    all_inputs: bool = True,
    new_links: frozenset[Link] = frozenset(),
    recent_links: frozenset[Link] = frozenset(),
) -> Evaluation:
    """Run the rules that the settings select and return their findings.

    ``rules`` is the whole table. ``all_checked``: every target could be checked (neither offline
    nor inconclusive); ``all_inputs``: the inputs are everything the user has. An ignore is reported
    as unused only if both hold. ``new_links`` are those that the change under review adds,
    ``recent_links`` those whose line is new (see :mod:`linkcheck.engine.recency`).
    """
    recent_links |= new_links
    views = build_views(catalog, links, evidence, settings.history, now, recent_links)
    context = RuleContext(
        now, settings, links.recognize, new_links, _shared_destinations(evidence.values())
    )
    active = select_rules(rules, settings)
    runner = _Runner(context)
    table = RuleIndex(rule for rule in active if rule.scope is RuleScope.ENTRY)
    for view in views:
        for rule in table.applicable(view):
            runner.run(rule, view, view.entry)
    tables = tuple(table for file in catalog.markdown for table in file.tables)
    catalog_view = CatalogView(views, catalog.problems, catalog.broken_links, tables)
    for rule in active:
        if rule.scope is RuleScope.CATALOG:
            runner.run(rule, catalog_view, None)
    placed = tuple(ignore for file in catalog.markdown for ignore in file.ignores)
    ignores = IgnoreIndex(views, (*settings.ignores, *placed), links.recognize, now)
    kept, suppressed = ignores.partition(runner.findings)
    runner.findings = kept
    testable = {
        rule.name: rule
        for rule in active
        if not (rule.reads_other_files and catalog.unchecked_local_links)
    }
    ignore_views = ignores.views(testable, all_checked=all_checked, all_inputs=all_inputs)
    for rule in active:
        if rule.scope is RuleScope.IGNORE:
            for ignore in ignore_views:
                runner.run(rule, ignore, ignore.entry)
    return Evaluation(
        views,
        sort_findings(_with_severity(runner.findings, settings.severity)),
        sort_findings(_with_severity(suppressed, settings.severity)),
        runner.notices(),
    )


def select_rules(rules: Iterable[Rule], settings: RuleSettings) -> tuple[Rule, ...]:
    """Return the selected rules (all by default) that are not ignored."""
    return tuple(
        rule
        for rule in rules
        if (not settings.select or rule.name in settings.select)
        and rule.name not in settings.ignore
    )


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings sorted by file, position, severity (worst first), rule and message."""
    return tuple(
        sorted(
            findings,
            key=lambda f: (f.span.file, f.span.start, -f.severity.rank, f.rule, f.message),
        )
    )


def build_views(
    catalog: Catalog,
    links: LinkIndex,
    evidence: Mapping[Target, Evidence],
    history: ConfirmationSettings,
    now: datetime,
    recent_links: frozenset[Link] = frozenset(),
) -> tuple[EntryView, ...]:
    """Return every entry with the status and the evidence of each of its links."""

    def view(entry: Entry, link: Link) -> LinkView:
        identity = links.identity(link)
        recognized = identity.recognized
        if identity.skip_reason:
            return LinkView(link, recognized, Status.SKIPPED)
        if recognized is None:
            return LinkView(
                link,
                None,
                Status.INVALID,
                invalid_reason=identity.invalid_reason,
                repair=identity.repair,
            )
        link_evidence = evidence.get(recognized.target)
        recent = False
        if recognized.target.kind is TargetKind.DOI and is_missing(link_evidence):
            dated = is_recent(entry, recognized.target, now)
            recent = link in recent_links if dated is None else dated
        status = link_status(
            recognized, link_evidence, history, now, links.recognize, is_recent=recent
        )
        return LinkView(link, recognized, status, link_evidence)

    return tuple(
        EntryView(entry, tuple(view(entry, link) for link in entry.links))
        for entry in catalog.entries
    )


def _shared_destinations(evidence: Iterable[Evidence]) -> frozenset[str]:
    """Return the addresses to which pages of unrelated sites redirect: they replace none of them.

    Typical are a page of a company that bought the sites, or of a service that was closed.
    """
    sources: dict[str, list[str]] = defaultdict(list)
    for known in evidence:
        outcome = known.latest.outcome if known.latest else None
        if known.target.kind is TargetKind.WEB and isinstance(outcome, Found) and outcome.now_at:
            sources[outcome.now_at.partition("#")[0]].append(known.target.url)
    return frozenset(
        address
        for address, urls in sources.items()
        if len(urls) >= MIN_UNRELATED_SITES and unrelated_domains(urls) >= MIN_UNRELATED_SITES
    )


def _with_severity(findings: Iterable[Finding], severities: Mapping[str, str]) -> Iterable[Finding]:
    for finding in findings:
        override = severities.get(finding.rule)
        yield replace(finding, severity=Severity(override)) if override else finding


class _Runner:
    """Runs one rule on one subject at a time and collects findings and defects."""

    def __init__(self, context: RuleContext) -> None:
        self._context = context
        self.findings: list[Finding] = []
        self._defects: dict[str, tuple[str, Defect]] = {}
        """By rule: subject and exception of the first failure."""

    def run(self, rule: Rule, subject: object, entry: Entry | None) -> None:
        check = cast("Callable[[object, RuleContext], Iterable[Finding]]", rule.check)
        try:
            self.findings.extend(check(subject, self._context))
        except Exception as error:  # noqa: BLE001 - a bug costs one rule on one entry
            if rule.name in self._defects:
                self._defects[rule.name][1].count += 1
            else:
                subject_name = f"entry “{entry.id}”" if entry else "the catalog as a whole"
                self._defects[rule.name] = subject_name, Defect.of(error)

    def notices(self) -> tuple[Notice, ...]:
        return tuple(_defect_notice(rule, *met) for rule, met in sorted(self._defects.items()))


def _defect_notice(rule: str, subject_name: str, defect: Defect) -> Notice:
    others = f" and {defect.count - 1} more" if defect.count > 1 else ""
    return Notice(
        f"the rule {rule} failed on {subject_name}{others}: {defect}. {BUG_REPORT} "
        "All other rules have run.",
        defect=True,
    )
