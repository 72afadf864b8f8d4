"""From evidence to what a result says: the rules' findings, links and entries, within a change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from linkcheck.config import Config
from linkcheck.model.entry import Catalog
from linkcheck.model.finding import Finding
from linkcheck.model.observation import Evidence
from linkcheck.model.result import Notice
from linkcheck.model.rule import EntryView
from linkcheck.model.target import Target

if TYPE_CHECKING:
    from linkcheck.catalog.changes import CatalogChanges
    from linkcheck.engine.identify import LinkIndex


@dataclass(frozen=True, slots=True)
class CheckedCatalog:
    """What a run is about: the catalog, its links told apart, and the change under review."""

    catalog: Catalog
    identified: "LinkIndex"
    changes: "CatalogChanges | None" = None

    @property
    def touched(self) -> frozenset[Target] | None:
        """The targets of the entries that the change touches; ``None`` for all."""
        if self.changes is None:
            return None
        recognized = (
            self.identified.of(link).recognized
            for entry in self.catalog.entries
            if entry.id in self.changes.affected_entries
            for link in entry.links
        )
        return frozenset(known.target for known in recognized if known is not None)


@dataclass(frozen=True, slots=True)
class FilteredEvaluation:
    """What the evidence amounts to."""

    views: tuple[EntryView, ...]
    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    proposals: tuple[Finding, ...]
    """Quiet findings: nothing is wrong, yet a fix is offered."""
    notices: tuple[Notice, ...]


def judge(
    subject: CheckedCatalog,
    evidence: Mapping[Target, Evidence],
    config: Config,
    now: datetime,
    *,
    settled: bool,
    whole: bool,
) -> FilteredEvaluation:
    """Run the rules over the evidence; ``settled`` and ``whole`` as :func:`evaluate` has them."""
    from linkcheck.engine.evaluate import evaluate
    from linkcheck.rules.table import all_rules

    changes = subject.changes
    found = evaluate(
        subject.catalog,
        subject.identified,
        evidence,
        all_rules(),
        config.rules,
        now,
        settled=settled,
        whole=whole,
        new_links=changes.links if changes else frozenset(),
    )
    views, findings, suppressed = found.entries, found.findings, found.suppressed
    if changes is not None:
        views = tuple(view for view in views if view.entry.id in changes.affected_entries)
        findings = tuple(finding for finding in findings if changes.affects(finding))
        suppressed = tuple(finding for finding in suppressed if changes.affects(finding))
    return FilteredEvaluation(
        views,
        tuple(finding for finding in findings if not finding.quiet),
        suppressed,
        tuple(finding for finding in findings if finding.quiet),
        found.notices,
    )
