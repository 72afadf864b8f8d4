"""Which issues and pull requests on the forge are the bot's own. Pure.

An issue is the bot's if its own account opened it, or if its number is saved on the state branch; a
pull request is, if it comes from one of the bot's branches in the same repository. The marker in a
text says what the issue is about, and is believed only there: anybody can copy it. Where a person
removed it, the saved marker and number take its place.
"""

import hashlib
from dataclasses import dataclass

from linkcheck.forge.issue_marker import Marker, decode_marker, parse_marker
from linkcheck.forge.state_branch import SavedState
from linkcheck.model.action import PullRequestGroup
from linkcheck.model.forge_state import ForgeState, IssueState, PullRequestState

DASHBOARD = "dashboard"
ONBOARDING = "onboarding"
DASHBOARD_TITLE = "Catalog health"
STOP_LABEL = "stop-updating"
"""Label of a pull request that the bot leaves alone."""


@dataclass(frozen=True, slots=True)
class ManagedIssue:
    """One of the bot's issues, with its marker."""

    issue: IssueState
    marker: Marker
    is_edited: bool = False
    """Whether a person rewrote it without the marker: its text is then not changed."""
    is_left_alone: bool = False
    """Whether a person removed the label, after which the bot leaves the issue alone."""

    @property
    def members(self) -> tuple[str, ...]:
        """Fingerprints of the findings that the issue is about."""
        return self.marker.fingerprints or (self.marker.key,)


def short_hash(*parts: str) -> str:
    """Return the first 16 hexadecimal digits of a SHA-256 hash of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def has_label(label: str, labels: tuple[str, ...]) -> bool:
    """Return whether a label is among others; GitHub ignores the case of labels."""
    return label.casefold() in (each.casefold() for each in labels)


def find_issues(state: ForgeState, saved: SavedState, label: str) -> dict[str, list[ManagedIssue]]:
    """Return the bot's issues by key: the open ones first, then by number."""
    by_number = {number: key for key, number in saved.issues.items()}
    found: dict[str, list[ManagedIssue]] = {}
    for issue in state.issues:
        if not issue.is_own and issue.number not in by_number:
            continue
        marker = parse_marker(issue.body)
        is_edited = marker is None
        marker = marker or _saved_marker(issue, saved, by_number.get(issue.number, ""))
        if marker is None or marker.kind not in (DASHBOARD, ONBOARDING, "finding"):
            continue
        key = marker.key if marker.kind == "finding" else marker.kind
        left_alone = _is_left_alone(issue, state, saved, label)
        managed = ManagedIssue(issue, marker, is_edited, left_alone)
        found.setdefault(key, []).append(managed)
    for several in found.values():
        several.sort(key=lambda managed: (not managed.issue.is_open, managed.issue.number))
    return found


def _saved_marker(issue: IssueState, saved: SavedState, key: str) -> Marker | None:
    """Return the marker of an issue whose text has none."""
    known = decode_marker(saved.markers.get(issue.number, ""))
    if known is not None:
        return known
    if key:
        return Marker(key if key in (DASHBOARD, ONBOARDING) else "finding", key)
    return Marker(DASHBOARD) if issue.title == DASHBOARD_TITLE else None


def _is_left_alone(issue: IssueState, state: ForgeState, saved: SavedState, label: str) -> bool:
    """Return whether a person removed the label from this issue.

    A label that was renamed or deleted is missing from all issues, which says nothing about one.
    """
    if has_label(label, issue.labels) or not state.has_label:
        return False
    if issue.number in saved.left_alone:
        return True
    return issue.number in saved.labelled or not (saved.issues or saved.markers)


def pull_marker(pull: PullRequestState, saved: SavedState) -> Marker:
    """Return the marker of one of the bot's pull requests."""
    group = next(group for group in PullRequestGroup if group.branch == pull.branch)
    return (
        parse_marker(pull.body)
        or decode_marker(saved.markers.get(pull.number, ""))
        or Marker("pull", group.value)
    )


def is_rewritten(pull: PullRequestState) -> bool:
    """Return whether a person replaced the text of a pull request."""
    return parse_marker(pull.body) is None
