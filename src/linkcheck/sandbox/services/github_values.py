"""The things that GitHub's GraphQL types stand for, and how they are found in a repository."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from linkcheck.sandbox.fixtures import Owner, Repository, derived


@dataclass(frozen=True, slots=True)
class Root:
    """What a query starts from: the state of the quota."""

    cost: int
    limit: int
    remaining: int
    reset_at: int


@dataclass(frozen=True, slots=True)
class GitObject:
    """A blob, tree or commit."""

    kind: str
    repo: Repository
    expression: str

    @property
    def oid(self) -> str:
        """Its hash."""
        if self.kind == "Commit" and self.expression in self.repo.commits:
            return self.expression
        return derived(self.kind.lower(), self.repo.name, self.expression)


@dataclass(frozen=True, slots=True)
class Ref:
    """A branch or tag."""

    repo: Repository
    name: str
    prefix: str


@dataclass(frozen=True, slots=True)
class License:
    """A license as GitHub detected it."""

    spdx: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """An issue, pull request or discussion."""

    kind: str
    repo: Repository
    number: int


@dataclass(frozen=True, slots=True)
class Release:
    """A release."""

    repo: Repository
    tag: str


@dataclass(frozen=True, slots=True)
class Gist:
    """A gist."""

    name: str
    owner: Owner


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a connection."""

    kind: str
    items: Sequence[Any]
    total: int


@dataclass(frozen=True, slots=True)
class Named:
    """Something of which only the name is told: a topic, a language."""

    kind: str
    name: str


def numbered(repo: Repository, number: object) -> Numbered | None:
    """Return the issue or pull request of that number."""
    if number in repo.pulls:
        return Numbered("PullRequest", repo, int(str(number)))
    return Numbered("Issue", repo, int(str(number))) if number in repo.issues else None


def release(repo: Repository, tag: object) -> Release | None:
    """Return the release of that tag."""
    return Release(repo, str(tag)) if tag == repo.release or tag in repo.tags else None


def git_object(repo: Repository, expression: str) -> GitObject | None:
    """Return what ``ref`` or ``ref:path`` names."""
    ref, colon, path = expression.partition(":")
    if not colon:
        return GitObject("Commit", repo, ref) if repo.has_ref(ref) else None
    kind = None if path.endswith("/") else repo.look_up(ref, path)
    return GitObject(kind.capitalize(), repo, expression) if kind else None
