"""Actions on the forge: the end states that the bot wants there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class PullRequestGroup(StrEnum):
    """Changes that are reviewed together: one branch and one pull request each."""

    MOVED = "moved-links"
    REPAIRED = "repaired-links"
    LICENSES = "licenses"
    OBSERVED = "observed-facts"
    IGNORES = "ignores"

    @property
    def branch(self) -> str:
        """Head branch of the pull request."""
        return f"linkcheck/{self.value}"


class CloseReason(StrEnum):
    """Reason for closing an issue: GitHub's ``state_reason``."""

    COMPLETED = "completed"
    NOT_PLANNED = "not_planned"


@dataclass(frozen=True, slots=True)
class FileUpdate:
    """A file's text before and after a change."""

    path: str
    before: str
    """Empty, with ``is_new``, for a file that does not exist."""
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
    """Changes of one group."""

    group: PullRequestGroup
    changes: tuple[Change, ...]
    files: tuple[FileUpdate, ...]
    ignored_until: Mapping[str, str] = field(default_factory=dict)
    """For ignores: the last days by fingerprint, in ISO 8601."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that is posted once; ``key`` is unique on its issue."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class EnsureLabel:
    """The bot's label exists."""

    name: str
    color: str = "5319e7"
    description: str = "Kept by linkcheck"


@dataclass(frozen=True, slots=True)
class EnsureIssue:
    """An issue with this text exists and is open."""

    key: str
    """Key of the issue: the fingerprint of its first finding when it was opened."""
    title: str
    body: str | None
    """``None`` to keep the text, which a person rewrote."""
    reason: str
    """Text for the dry run."""
    marker: str
    """The marker of the issue, as saved on the state branch."""
    number: int | None = None
    """``None`` to open a new one."""
    reopen: bool = False
    comment: Comment | None = None
    """Posted before the change."""
    keep_title: bool = False
    """Whether a person changed the title."""


@dataclass(frozen=True, slots=True)
class EnsureDashboard:
    """The dashboard has this content."""

    title: str
    body: str
    """Text with placeholders for the numbers of issues and pull requests opened in this run."""
    content: str
    """Relevant content of the text, with the same placeholders and without dates."""
    number: int | None = None
    content_hash: str = ""
    """Hash of the current content."""
    reopen: bool = False
    comment: Comment | None = None
    keep_title: bool = False
    marker: str = ""


@dataclass(frozen=True, slots=True)
class CloseIssue:
    """An issue is closed, with a comment on the reason."""

    number: int
    key: str
    state_reason: CloseReason
    body: str | None
    """Its text with the updated marker; ``None`` to keep the text."""
    comment: Comment
    reason: str
    marker: str


@dataclass(frozen=True, slots=True)
class EnsureComment:
    """An issue has a comment, and its marker names it."""

    number: int
    key: str
    comment: Comment
    body: str | None
    reason: str
    marker: str


@dataclass(frozen=True, slots=True)
class EnsurePullRequest:
    """A branch has one commit with these files, and a pull request proposes it."""

    group: PullRequestGroup
    title: str
    body: str | None
    """``None`` to keep the text, which a person rewrote."""
    message: str
    """Commit message."""
    files: tuple[FileUpdate, ...]
    base: str
    """Parent commit."""
    content_hash: str
    """Hash of the files before and after, also in the commit message and the marker."""
    reason: str
    marker: str
    number: int | None = None
    branch_head: str | None = None
    """Current head of the branch; ``None`` if it does not exist."""
    commit: bool = True
    """Whether the branch changes; otherwise only the text does."""
    keep_title: bool = False
    rows: int = 0
    """Number of changes."""


@dataclass(frozen=True, slots=True)
class ClosePullRequest:
    """A pull request is closed, with a comment on the reason, and its branch is deleted."""

    number: int
    group: PullRequestGroup
    body: str | None
    comment: Comment
    reason: str
    marker: str
    branch_head: str | None = None
    """Head of the branch to delete; it is kept if it has moved."""


@dataclass(frozen=True, slots=True)
class RemoveBranch:
    """A branch that the bot no longer needs is deleted."""

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
    """Actions in the order of their execution."""

    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()
    """Lines of text about what is left alone, and why."""
    known_issues: Mapping[str, int] = field(default_factory=dict)
    """Numbers of the existing issues, by key."""
    known_pulls: Mapping[str, int] = field(default_factory=dict)
    """Numbers of the open pull requests, by group."""
    markers: Mapping[int, str] = field(default_factory=dict)
    """Markers of the open issues and the newest pull requests, by number."""
    last_pulls: Mapping[str, int] = field(default_factory=dict)
    """Number of the newest pull request of each group, open or not."""
    edited: frozenset[int] = frozenset()
    """Numbers of the issues whose text a person replaced."""
    waits: bool = False
    """Whether the onboarding is under way: nothing else is written, not even the state."""
    left_alone: frozenset[int] = frozenset()
    """Numbers of the issues whose label a person removed."""
    labelled: frozenset[int] = frozenset()
    """Numbers of the open issues with the label."""
