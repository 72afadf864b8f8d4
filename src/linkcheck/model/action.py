"""Actions: what the bot has seen of the forge, and the end states that it wants there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PullRequestGroup(StrEnum):
    """What a reviewer judges together: one branch and one pull request each."""

    MOVED = "moved-links"
    REPAIRED = "repaired-links"
    LICENSES = "licenses"
    OBSERVED = "observed-facts"
    IGNORES = "ignores"

    @property
    def branch(self) -> str:
        """The branch that the pull request comes from."""
        return f"linkcheck/{self.value}"


class CloseReason(StrEnum):
    """Why an issue is closed, as GitHub's ``state_reason`` says it."""

    COMPLETED = "completed"
    NOT_PLANNED = "not_planned"


@dataclass(frozen=True, slots=True)
class FindingHistory:
    """What the history says about a finding."""

    since: datetime | None = None
    """Since when it has been so, as far as is known."""
    last_seen_alive: datetime | None = None
    """When the thing was last seen in order, if it ever was."""
    is_confirmed: bool = False
    """Whether it is sure enough to bother people with an issue."""
    confirmable_from: datetime | None = None
    """The earliest moment at which another look can confirm it, while it is not."""


@dataclass(frozen=True, slots=True)
class FileUpdate:
    """A file of the repository as it was read, and as it shall be."""

    path: str
    before: str
    """Empty, with ``new``, for a file that is not there yet."""
    after: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a pull request's table."""

    fingerprint: str
    rule: str
    entry: str
    before: str
    after: str
    evidence: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one group would change."""

    group: PullRequestGroup
    changes: tuple[Change, ...]
    files: tuple[FileUpdate, ...]
    ignored_until: Mapping[str, str] = field(default_factory=dict)
    """For ignores: the last day of each, by fingerprint."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that is made once; ``key`` tells it from others on the same issue."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class EnsureLabel:
    """The bot's own label exists."""

    name: str
    color: str = "5319e7"
    description: str = "Kept by linkcheck"


@dataclass(frozen=True, slots=True)
class EnsureIssue:
    """An issue stands there with this text."""

    key: str
    """The fingerprint of its finding, or ``dashboard``."""
    title: str
    body: str
    reason: str
    """In words for the dry run."""
    number: int | None = None
    """``None`` opens a new one."""
    reopen: bool = False
    comment: Comment | None = None
    """Said before the change."""


@dataclass(frozen=True, slots=True)
class EnsureDashboard:
    """The dashboard says this. Numbers of issues opened in the same run are put in at the end."""

    title: str
    body: str
    """Holds placeholders (:func:`linkcheck.forge.issue_marker.placeholder`) where numbers belong."""
    content: str
    """All that gives the text its meaning, in the same notation; dates of looks left out."""
    number: int | None = None
    content_hash: str = ""
    """What the present text means: a hash of its digest."""
    reopen: bool = False
    comment: Comment | None = None


@dataclass(frozen=True, slots=True)
class CloseIssue:
    """An issue is closed, with a word on why."""

    number: int
    key: str
    state_reason: CloseReason
    body: str
    """Its text with the bot's note that it closed it."""
    comment: Comment
    reason: str


@dataclass(frozen=True, slots=True)
class EnsureComment:
    """A comment stands under an issue, and the issue's own note says so."""

    number: int
    key: str
    comment: Comment
    body: str
    reason: str


@dataclass(frozen=True, slots=True)
class EnsurePullRequest:
    """A branch holds one commit with these files, and a pull request proposes it."""

    group: PullRequestGroup
    title: str
    body: str
    message: str
    """Of the commit."""
    files: tuple[FileUpdate, ...]
    base: str
    """The commit it is made on."""
    content_hash: str
    """A hash of the files before and after: what the commit and the body say they hold."""
    reason: str
    number: int | None = None
    branch_head: str | None = None
    """Where the branch points now; ``None`` when there is none."""
    commit: bool = True
    """Whether the branch must change; otherwise only the text does."""


@dataclass(frozen=True, slots=True)
class ClosePullRequest:
    """A pull request is closed, with a word on why, and its branch removed."""

    number: int
    group: PullRequestGroup
    body: str
    comment: Comment
    reason: str
    branch_head: str | None = None
    """Removes the branch if it still points there."""


@dataclass(frozen=True, slots=True)
class RemoveBranch:
    """A branch that the bot left behind is removed."""

    name: str
    head: str
    reason: str


Action = (
    EnsureLabel
    | EnsureIssue
    | EnsureDashboard
    | CloseIssue
    | EnsureComment
    | EnsurePullRequest
    | ClosePullRequest
    | RemoveBranch
)


@dataclass(frozen=True, slots=True)
class ForgePlan:
    """The actions in the order in which they are to be made, and what else should be said."""

    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()
    """What was left alone, and why; in words for people."""
    known_issues: Mapping[str, int] = field(default_factory=dict)
    """Numbers of the issues that exist already, by key."""
    known_pulls: Mapping[str, int] = field(default_factory=dict)
    """Numbers of the open pull requests that exist already, by group."""
