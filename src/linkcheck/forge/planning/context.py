"""Inputs shared by the planners of issues, pull requests and the dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from linkcheck.fixes.grouping import pull_request_group
from linkcheck.forge.issue_marker import (
    Checkboxes,
    Marker,
    embed_marker,
    encode_marker,
    parse_checkboxes,
    strip_marker,
)
from linkcheck.forge.planning.ownership import (
    DASHBOARD,
    ManagedIssue,
    find_issues,
    pull_marker,
    short_hash,
)
from linkcheck.forge.saved_findings import UNCHECKED
from linkcheck.forge.state_branch import SavedState
from linkcheck.forge.templating import TemplateRenderer
from linkcheck.model.action import Proposal, PullRequestGroup
from linkcheck.model.entry import Ignore
from linkcheck.model.finding import Confidence, Finding, FindingHistory, Severity
from linkcheck.model.forge_state import ForgeState, PullRequestState
from linkcheck.model.observation import Status
from linkcheck.model.result import RunResult
from linkcheck.model.settings import ForgeSettings
from linkcheck.model.url import quote_segment

IGNORE_DAYS = 90
"""How long a finding is not reported after "not planned" or a ticked "ignore"."""


@dataclass(frozen=True, slots=True)
class RunPlace:
    """Where a run took place, for links in texts."""

    server: str = "https://github.com"
    commit: str = ""
    """The commit that was checked; empty if it is not known."""
    log_url: str = ""
    folder: str = ""
    """Path of the working directory in the repository, with a final ``/``; empty for its top."""


@dataclass(frozen=True, slots=True)
class PlanningOptions:
    """Options of a plan, and what the caller knows besides the result."""

    now: datetime
    issues: bool = True
    pulls: bool = True
    is_full_run: bool = True
    """Whether the run checked everything: only then the dashboard is changed."""
    scope: str = ""
    """Hash of the files named on the command line; empty if the configuration names them."""
    histories: Mapping[str, FindingHistory] = field(default_factory=dict)
    """History of each finding, by fingerprint."""
    proposals: tuple[Proposal, ...] = ()
    waiting: Mapping[str, PullRequestGroup] = field(default_factory=dict)
    """Findings whose edits wait for a pull request that changes neighboring lines."""
    saved: SavedState = field(default_factory=SavedState)
    """The state after the run before this one."""
    unchecked: frozenset[str] = frozenset()
    """Fingerprints of the findings that are carried over: this run could not check them."""
    settled: frozenset[str] = frozenset()
    """Fingerprints of the saved findings that are resolved or ignored."""
    place: RunPlace = field(default_factory=RunPlace)
    ignores: tuple[Ignore, ...] = ()
    """The ignores of the configuration."""
    configuration: str = ""
    """Name of the configuration file, for the onboarding issue; empty without one."""


@dataclass(frozen=True)
class PlanningContext:
    """Planning context."""

    result: RunResult
    """The result of the run, with the findings that are carried over."""
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
    def names(self) -> dict[str, str]:
        """Names of the entries, by id."""
        return {each.entry.id: each.entry.name for each in self.result.entries}

    def name(self, finding: Finding) -> str:
        """Return the name of a finding's entry; its file if it belongs to none."""
        entry = finding.entry
        return self.names.get(entry, entry) if entry else finding.span.file

    def place_url(self, finding: Finding) -> str:
        """Return the URL of a finding's line at the commit checked; empty if that is not known."""
        place, span = self.options.place, finding.span
        commit = place.commit or self.state.head
        if not commit or span.file.startswith(("/", "../")):
            return ""
        path = quote_segment(f"{place.folder}{span.file}", safe="/")
        # GitHub shows lines of a Markdown file only in its source.
        query = "?plain=1" if span.file.lower().endswith((".md", ".markdown")) else ""
        return f"{place.server}/{self.state.repository}/blob/{commit}/{path}{query}#L{span.line}"

    def link_url(self, finding: Finding) -> str:
        """Return the URL that a finding's link leads to; empty if it is none of the web."""
        written = finding.url or ""
        if written.lower().startswith(("http://", "https://")):
            return written
        return finding.target.url if written and finding.target else ""

    @cached_property
    def suppressed(self) -> frozenset[str]:
        """Fingerprints of the findings that an ignore suppresses."""
        return frozenset(f.fingerprint for f in self.result.suppressed)

    @cached_property
    def statuses(self) -> dict[str, Status]:
        """Status of each link, by the hash of its URL as written."""
        return {short_hash(link.url): link.status for link in self.result.links}

    @cached_property
    def has_unchecked_links(self) -> bool:
        """Whether the run could not check some link."""
        return any(link.status in UNCHECKED for link in self.result.links)

    def is_settled(self, fingerprint: str, marker: Marker) -> bool:
        """Whether this run looked for a finding that it does not report.

        ``marker`` is that of its issue or pull request, for a finding that was not saved.
        """
        if fingerprint in self.options.settled or fingerprint in self.suppressed:
            return True
        if fingerprint in self.findings or fingerprint in self.options.saved.findings:
            return False
        if not self.options.is_full_run or self.options.scope not in ("", marker.scope):
            return False
        if marker.link_hash:
            return self.statuses.get(marker.link_hash) not in UNCHECKED
        return not self.has_unchecked_links

    @cached_property
    def managed_issues(self) -> dict[str, list[ManagedIssue]]:
        """The bot's issues by key; the first of several is the one to keep."""
        return find_issues(self.state, self.options.saved, self.settings.label)

    def pulls(self, group: PullRequestGroup) -> list[tuple[PullRequestState, Marker]]:
        """Return the bot's pull requests of a group: open before closed, newest first."""
        found = [
            (pull, pull_marker(pull, self.options.saved))
            for pull in self.state.pulls
            if pull.branch == group.branch
        ]
        return sorted(found, key=lambda pair: (not pair[0].is_open, -pair[0].number))

    @cached_property
    def dashboard(self) -> ManagedIssue | None:
        """The dashboard, if it exists."""
        several = self.managed_issues.get(DASHBOARD)
        return several[0] if several else None

    @cached_property
    def checkboxes(self) -> Checkboxes:
        """Checkboxes that a person ticked on the dashboard."""
        return parse_checkboxes(self.dashboard.issue.body) if self.dashboard else Checkboxes()

    def history(self, finding: Finding) -> FindingHistory:
        """Return the history of a finding; it always has a beginning."""
        history = self.options.histories.get(finding.fingerprint, FindingHistory())
        if history.since is not None:
            return history
        saved = self.options.saved.findings.get(finding.fingerprint)
        since = datetime.fromisoformat(saved.since) if saved else self.options.now
        return replace(history, since=since)

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


def changed_texts(managed: ManagedIssue, marker: Marker) -> tuple[str | None, str]:
    """Return an issue's text with another marker, and the marker as saved.

    The text is ``None`` if a person rewrote it: then the marker is only saved.
    """
    body = None if managed.is_edited else embed_marker(marker, strip_marker(managed.issue.body))
    return body, encode_marker(marker)


def is_title_changed(title: str, marker: Marker) -> bool:
    """Return whether a person changed a title; the marker has the hash of the bot's."""
    return short_hash(title) != marker.title_hash
