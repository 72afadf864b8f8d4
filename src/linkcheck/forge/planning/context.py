"""Inputs shared by the planners of issues, pull requests and the dashboard."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from linkcheck.fixes.grouping import pull_request_group
from linkcheck.forge.issue_marker import Checkboxes, Marker, parse_checkboxes, parse_marker
from linkcheck.forge.templating import TemplateRenderer
from linkcheck.model.action import Proposal, PullRequestGroup
from linkcheck.model.finding import Confidence, Finding, FindingHistory, Severity
from linkcheck.model.forge_state import ForgeState, IssueState
from linkcheck.model.observation import Status
from linkcheck.model.result import RunResult
from linkcheck.model.settings import ForgeSettings

DASHBOARD = "dashboard"
IGNORE_DAYS = 90
"""How long a finding is not reported after "not planned" or a ticked "ignore"."""


@dataclass(frozen=True, slots=True)
class PlanningOptions:
    """Options of a plan, and what the caller knows besides the result."""

    now: datetime
    issues: bool = True
    pulls: bool = True
    is_full_run: bool = True
    """Whether the run checked everything: only then an absent finding counts as resolved."""
    scope: str = ""
    """Hash of the files named on the command line; empty if the configuration names them."""
    histories: Mapping[str, FindingHistory] = field(default_factory=dict)
    """History of each finding, by fingerprint."""
    proposals: tuple[Proposal, ...] = ()
    known_issues: Mapping[str, int] = field(default_factory=dict)
    """Issue numbers by key, from the saved state: for issues whose marker was removed."""


@dataclass(frozen=True, slots=True)
class ManagedIssue:
    """One of the bot's issues, with its marker."""

    issue: IssueState
    marker: Marker
    is_edited: bool = False
    """Whether a person rewrote it without the marker: its text is then not changed."""


def short_hash(*parts: str) -> str:
    """Return the first 16 hexadecimal digits of a SHA-256 hash of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True)
class PlanningContext:
    """Planning context."""

    result: RunResult
    state: ForgeState
    options: PlanningOptions
    settings: ForgeSettings
    templates: TemplateRenderer

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Findings by fingerprint, by descending severity, then in the order of the catalog."""
        ordered = sorted(self.result.findings, key=lambda f: -f.severity.rank)
        found: dict[str, Finding] = {}
        for finding in ordered:
            found.setdefault(finding.fingerprint, finding)
        return found

    @cached_property
    def suppressed(self) -> frozenset[str]:
        """Fingerprints of the findings that an ignore suppresses."""
        return frozenset(f.fingerprint for f in self.result.suppressed)

    @cached_property
    def statuses(self) -> dict[str, Status]:
        """Status of each link, by the hash of its URL as written."""
        return {short_hash(link.url): link.status for link in self.result.links}

    @cached_property
    def managed_issues(self) -> dict[str, list[ManagedIssue]]:
        """The bot's issues by key; the first of several is the one to keep."""
        by_number = {number: key for key, number in self.options.known_issues.items()}
        found: dict[str, list[ManagedIssue]] = {}
        for issue in self.state.issues:
            marker = parse_marker(issue.body)
            if marker is not None and marker.kind not in (DASHBOARD, "finding"):
                continue
            if marker is None and issue.number not in by_number:
                continue
            if self.settings.label not in issue.labels and not issue.is_own:
                continue  # the marker was copied into somebody else's issue
            if marker is None:
                key = by_number[issue.number]
                kind = DASHBOARD if key == DASHBOARD else "finding"
                found.setdefault(key, []).append(
                    ManagedIssue(issue, Marker(kind, key), is_edited=True)
                )
            else:
                key = DASHBOARD if marker.kind == DASHBOARD else marker.key
                found.setdefault(key, []).append(ManagedIssue(issue, marker))
        for several in found.values():
            several.sort(key=lambda managed: (not managed.issue.is_open, managed.issue.number))
        return found

    def is_unmanaged(self, managed: ManagedIssue) -> bool:
        """Whether a person removed the label, after which the bot leaves the issue alone."""
        return self.settings.label not in managed.issue.labels

    @cached_property
    def dashboard(self) -> ManagedIssue | None:
        """The dashboard, if it exists."""
        several = self.managed_issues.get(DASHBOARD)
        return several[0] if several else None

    @cached_property
    def checkboxes(self) -> Checkboxes:
        """Checkboxes that a person ticked on the dashboard."""
        return parse_checkboxes(self.dashboard.issue.body) if self.dashboard else Checkboxes()

    def covers(self, marker: Marker) -> bool:
        """Whether this run checked everything that the issue or pull request is about.

        Only then an absent finding counts as resolved.
        """
        return self.options.is_full_run and self.options.scope in ("", marker.scope)

    def history(self, finding: Finding) -> FindingHistory:
        """Return the history of a finding."""
        return self.options.histories.get(finding.fingerprint, FindingHistory())

    def pull_request_group(self, finding: Finding) -> PullRequestGroup | None:
        """Return the pull request group that a finding's fix belongs to, if it is proposed."""
        return pull_request_group(finding, self.result.rule_of(finding))

    def needs_issue(self, finding: Finding) -> bool:
        """Whether a finding gets an issue: a confirmed error without a proposed fix."""
        return (
            finding.severity is Severity.ERROR
            and self.pull_request_group(finding) is None
            and finding.confidence is not Confidence.LOW
            and self.history(finding).is_confirmed
        )
