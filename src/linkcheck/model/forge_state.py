"""The state of a repository on GitHub, as far as the bot needs it to plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linkcheck.model.errors import ForgeError


@dataclass(frozen=True, slots=True)
class IssueState:
    """One issue on the forge."""

    number: int
    title: str
    body: str
    is_open: bool
    state_reason: str | None = None
    """GitHub's ``state_reason``: ``completed``, ``not_planned``, ``duplicate``, …"""
    closed_at: datetime | None = None
    labels: tuple[str, ...] = ()
    is_own: bool = True
    """Whether the bot's own account opened it."""


@dataclass(frozen=True, slots=True)
class PullRequestState:
    """One pull request on the forge."""

    number: int
    title: str
    body: str
    branch: str
    is_open: bool
    is_merged: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BranchState:
    """One of the bot's branches on the forge."""

    name: str
    head: str
    """The commit that it points to."""
    is_own: bool
    """Whether its only commit is the bot's own, merges of the default branch aside."""
    content_hash: str = ""
    """The content hash in that commit's message (see :attr:`EnsurePullRequest.content_hash`)."""


@dataclass(frozen=True, slots=True)
class ForgeState:
    """Input of a plan: the state before it."""

    repository: str
    """``OWNER/NAME`` in GitHub's spelling."""
    base: str = "main"
    """The default branch."""
    head: str = ""
    """The newest commit of the default branch; empty if it has none."""
    blobs: Mapping[str, str] | None = None
    """Git's ids of the files that a proposal changes, by path; ``None`` if they were not read."""
    login: str | None = None
    """The account of the token; ``None`` if GitHub did not give it."""
    has_label: bool = True
    """Whether the repository has the bot's label."""
    issues: tuple[IssueState, ...] = ()
    """The issues that the bot opened, and those whose numbers it saved."""
    has_all_own_issues: bool = True
    """Whether ``issues`` holds every issue that the bot opened.

    ``False`` if the login of its account is unknown: an issue without the label is then not found.
    """
    pulls: tuple[PullRequestState, ...] = ()
    """The pull requests from the bot's branches in this repository."""
    branches: tuple[BranchState, ...] = ()
    unread: tuple[str, ...] = ()
    """Parts that could not be read: ``issues``, ``pulls``."""
    problems: tuple[ForgeError, ...] = ()
    """Why they could not be read."""
