"""View model of the report's template."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import Status
from linkcheck.model.result import EntryResult, LinkResult, RunOutcome, RunResult
from linkcheck.model.wording import plural, service_title
from linkcheck.report.html.advice import ALL_ADVICE, Advice, advice_for
from linkcheck.report.html.page_template import safe_href

if TYPE_CHECKING:
    from markupsafe import Markup

STATUSES_WORST_FIRST = (
    Status.DEAD,
    Status.INVALID,
    Status.UNREACHABLE,
    Status.BLOCKED,
    Status.MOVED,
    Status.ALIVE,
    Status.SKIPPED,
)
"""Order in which the worst status of an entry's links is chosen."""


@dataclass(frozen=True, slots=True)
class FindingCard:
    """A finding."""

    anchor: str
    finding: Finding
    entry_name: str
    href: str | None
    search: str


@dataclass(frozen=True, slots=True)
class AdviceGroup:
    """Findings with the same advice, the most severe first."""

    advice: Advice
    cards: tuple[FindingCard, ...]


@dataclass(frozen=True, slots=True)
class LinkCell:
    """A link of an entry."""

    role: str
    href: str | None
    status: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of the table of entries."""

    id: str
    name: str
    kind: str
    status: str
    rank: int
    """Position of the status in ``STATUSES_WORST_FIRST``."""
    license: str
    stars: int | None
    last_push: str
    links: tuple[LinkCell, ...]
    findings: int
    anchor: str
    """Anchor of the first finding, if any."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The result of the run in a title and a sentence."""

    tone: str
    """``good``, ``bad``, ``warn`` or ``doubt``; selects the color."""
    title: str
    detail: str


def build_headline(result: RunResult) -> Headline:
    """Return the result of the run in a title and a sentence."""
    counts = Counter(finding.severity for finding in result.findings)
    scope = (
        f"{plural(len(result.entries), 'entry', 'entries')} and {plural(len(result.links), 'link')}"
    )
    if result.interrupted:
        detail = f"{scope}; the run was stopped, what was not asked by then is skipped."
        return Headline("doubt", "Interrupted: no verdict", detail)
    if result.outcome is RunOutcome.INCONCLUSIVE:
        return Headline("doubt", "Inconclusive: no verdict", result.reason or "")
    warnings, remarks = counts[Severity.WARNING], counts[Severity.INFO]
    if result.service_failures and not counts[Severity.ERROR]:
        unchecked = " and ".join(service_title(name) for name in result.service_failures)
        detail = f"{plural(warnings, 'warning')} and {plural(remarks, 'remark')}, in {scope}"
        return Headline("doubt", f"{unchecked} not checked", detail)
    rest = f"{plural(warnings, 'warning')} and {plural(remarks, 'remark')}"
    if errors := counts[Severity.ERROR]:
        return Headline("bad", f"{plural(errors, 'error')} to mend", f"and {rest}, in {scope}")
    if warnings:
        title = f"Nothing broken, {plural(warnings, 'warning')}"
        return Headline("warn", title, f"and {plural(remarks, 'remark')}, in {scope}")
    if counts[Severity.INFO]:
        return Headline("good", "Nothing broken", f"in {scope}; a few things worth knowing")
    return Headline("good", "All is well", f"with {scope}")


def status_bar(result: RunResult) -> tuple[tuple[str, int], ...]:
    """Return the number of links by status, best first, without zeros."""
    counts = Counter(link.status for link in result.links)
    return tuple((status.value, counts[status]) for status in Status if counts[status])


def group_findings(result: RunResult) -> tuple[AdviceGroup, ...]:
    """Return the findings grouped by advice; advice without findings is left out."""
    names = {entry.entry.id: entry.entry.name for entry in result.entries}
    addresses = {link.url: _link_href(link) for link in result.links}
    by_advice: dict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        by_advice[advice_for(finding, result.rule_of(finding)).key].append(finding)
    anchors: set[str] = set()
    made = []
    for action in ALL_ADVICE:
        found = sorted(by_advice[action.key], key=lambda f: (-f.severity.rank, f.rule, f.span))
        cards = tuple(_finding_card(finding, names, addresses, anchors) for finding in found)
        if cards:
            made.append(AdviceGroup(action, cards))
    return tuple(made)


def _finding_card(
    finding: Finding,
    names: Mapping[str, str],
    addresses: Mapping[str, str | None],
    anchors: set[str],
) -> FindingCard:
    name_part = finding.fingerprint if re.fullmatch(r"[0-9a-f]{16}", finding.fingerprint) else "x"
    anchor = f"f-{name_part}"
    if name_part == "x" or anchor in anchors:
        anchor = f"f-{len(anchors)}"
    anchors.add(anchor)
    name = names.get(finding.entry or "", "")
    href = addresses.get(finding.url, safe_href(finding.url)) if finding.url else None
    return FindingCard(anchor, finding, name, href, finding.severity.value)


def _link_href(link: LinkResult) -> str | None:
    """Return the target URL of a link or shorthand."""
    return safe_href(link.url) or (safe_href(link.target.url) if link.target else None)


def build_entry_rows(result: RunResult, found: Sequence[AdviceGroup]) -> tuple[EntryRow, ...]:
    """Return the rows of the table of entries, in the catalog's order."""
    links: dict[tuple[str, str | None], list[tuple[str, LinkResult]]] = defaultdict(list)
    for link in result.links:
        for place in link.occurrences:
            links[place.span.file, place.entry].append((place.role, link))
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for group in found:
        for card in group.cards:
            if entry := card.finding.entry:
                first.setdefault(entry, card.anchor)
                counts[entry] += 1
    return tuple(
        _entry_row(entry, links[entry.entry.span.file, entry.entry.id], first, counts)
        for entry in result.entries
    )


def _entry_row(
    result: EntryResult,
    links: Sequence[tuple[str, LinkResult]],
    first: Mapping[str, str],
    counts: Mapping[str, int],
) -> EntryRow:
    entry, seen = result.entry, result.observed
    statuses = {link.status for _, link in links}
    status = next((one for one in STATUSES_WORST_FIRST if one in statuses), Status.SKIPPED)
    stars = seen.get("stars")
    return EntryRow(
        id=entry.id,
        name=entry.name,
        kind=entry.kind.value if entry.kind else "",
        status=status.value,
        rank=STATUSES_WORST_FIRST.index(status),
        license=declared_license(seen),
        stars=stars if isinstance(stars, int) else None,
        last_push=str(seen.get("last_push") or seen.get("last_change") or ""),
        links=tuple(LinkCell(role, _link_href(link), link.status.value) for role, link in links),
        findings=counts.get(entry.id, 0),
        anchor=first.get(entry.id, ""),
    )


def declared_license(observed: Mapping[str, object]) -> str:
    """Return the license declared upstream; that of the weights before that of the code."""
    for name in ("model_license_name", "model_license", "license"):
        value = observed.get(name)
        if isinstance(value, str) and value.lower() not in ("", "noassertion", "other"):
            return value
    return ""


@dataclass(frozen=True, slots=True)
class RulePage:
    """The documentation of a rule."""

    name: str
    summary: str
    body: "Markup"


def build_rule_pages(result: RunResult) -> tuple[RulePage, ...]:
    """Return the documentation of the rules with findings, without the examples."""
    import pyromark
    from markupsafe import Markup

    fired = {finding.rule for finding in result.findings}
    known = {rule.name: rule for rule in result.rules}
    made = []
    for name in sorted(fired):
        rule = known.get(name)
        text = rule.page if rule else ""
        text = text.partition("\n## Examples")[0]
        text = re.sub(r"\A# .*\n", "", text)
        text = re.sub(r"^#+ ", "#### ", text, flags=re.MULTILINE)
        # The documentation is part of linkcheck, never of a catalog or a saved report.
        body = Markup(pyromark.html(text, options=pyromark.Options.ENABLE_TABLES))  # noqa: S704
        made.append(RulePage(name, rule.summary if rule else "", body))
    return tuple(made)
