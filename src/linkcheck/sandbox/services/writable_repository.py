"""The state of a writable repository: commits, refs, issues, pull requests, comments.

The methods at the end are actions of people, for tests and the demo.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from linkcheck.sandbox.fixtures import derive_id
from linkcheck.sandbox.http_codec import Response

if TYPE_CHECKING:
    from linkcheck.sandbox.services.github_rest import Call

BOT = "linkcheck-bot"
ZERO = "0" * 40
MAX_BODY = 65_536


def blob_id(data: bytes) -> str:
    """Return git's id of a file."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class Commit:
    """One commit with all its files."""

    oid: str
    message: str
    parents: tuple[str, ...]
    files: dict[str, bytes]
    authored: str
    committed: str


@dataclass(slots=True)
class WritableRepository:
    """A repository's state."""

    name: str
    default: str = "main"
    commits: dict[str, Commit] = field(default_factory=dict)
    trees: dict[str, dict[str, bytes]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    """``heads/NAME`` to commit."""
    labels: dict[str, dict[str, Any]] = field(default_factory=dict)
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Issues and pull requests by number, as the API shows them."""
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    granted: frozenset[str] = frozenset({"issues", "contents", "pull_requests"})
    """Write permissions of the token."""
    has_issues: bool = True
    actions_may_open_pulls: bool = True
    tree_limit: int | None = None
    """Entries of a tree at which the service cuts its answer off."""
    writes: list[str] = field(default_factory=list)
    """The writes made, as ``METHOD path`` or the mutation's name."""
    break_at: int | None = None
    """The number (from 1) of the write that fails."""
    break_after: bool = False
    """Whether it fails after the write was made."""
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    _attempts: int = 0
    _serial: int = 0

    def put(self, files: dict[str, str]) -> None:
        """Commit these files to the default branch."""
        head = self.refs.get(f"heads/{self.default}")
        before = dict(self.commits[head].files) if head else {}
        before.update({path: text.encode() for path, text in files.items()})
        oid = self.commit("files put there", (head,) if head else (), before)
        self.refs[f"heads/{self.default}"] = oid

    def tick_clock(self, **duration: float) -> None:
        """Advance the clock."""
        self.now += timedelta(**duration)

    def timestamp(self) -> str:
        """Return the current time in the API's format."""
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def number(self) -> int:
        """Return the next free number."""
        return max((*self.issues, 0)) + 1

    def commit(
        self,
        message: str,
        parents: tuple[str, ...],
        files: dict[str, bytes],
        *,
        authored: str | None = None,
    ) -> str:
        """Add a commit and return its id."""
        self._serial += 1
        oid = derive_id("commit", self.name, str(self._serial), message)
        when = self.timestamp()
        self.commits[oid] = Commit(oid, message, parents, files, authored or when, when)
        return oid

    def text(self, path: str, ref: str = "") -> str | None:
        """Return a file's text on a branch."""
        oid = self.refs.get(f"heads/{ref or self.default}")
        data = self.commits[oid].files.get(path) if oid else None
        return None if data is None else data.decode()

    def history(self, oid: str) -> list[str]:
        """Return the ids of a commit and its ancestors."""
        seen: list[str] = []
        queue = [oid]
        while queue:
            one = queue.pop(0)
            if one not in seen and one in self.commits:
                seen.append(one)
                queue += self.commits[one].parents
        return seen

    def set_ref(self, ref: str, oid: str | None) -> None:
        """Set or remove (``None``) a ref, and update its pull requests as GitHub does."""
        if oid is None:
            self.refs.pop(ref, None)
        else:
            self.refs[ref] = oid
        base = self.refs.get(f"heads/{self.default}", "")
        for pull in self.pulls.values():
            if f"heads/{pull['head']['ref']}" == ref and pull["state"] == "open":
                if oid is None or oid in self.history(base):
                    self._set_closed(pull["number"])
                else:
                    pull["head"]["sha"] = oid

    def _set_closed(self, number: int, reason: str | None = None) -> None:
        for item in (self.issues.get(number), self.pulls.get(number)):
            if item:
                item["state"] = "closed"
                item["closed_at"] = self.timestamp()
        self.issues[number]["state_reason"] = reason

    def count_write(self) -> bool:
        """Count an attempt to write; return whether it fails."""
        self._attempts += 1
        return self._attempts == self.break_at

    def reset_write_log(self) -> None:
        """Clear the writes so far and the failure that is set."""
        self.break_at = None
        self._attempts = 0
        self.writes.clear()

    # Actions of people.

    def close(self, number: int, reason: str = "completed") -> None:
        """Close an issue or pull request."""
        self._set_closed(number, reason)

    def edit(self, number: int, body: str) -> None:
        """Change a body."""
        self.issues[number]["body"] = body
        if number in self.pulls:
            self.pulls[number]["body"] = body

    def tick(self, number: int, key: str) -> None:
        """Tick a checkbox by the key in its marker."""
        lines = self.issues[number]["body"].split("\n")
        self.edit(
            number,
            "\n".join(
                line.replace("[ ]", "[x]") if f"={key} -->" in line else line for line in lines
            ),
        )

    def remove_label(self, number: int) -> None:
        """Remove all labels."""
        self.issues[number]["labels"] = []

    def push(self, branch: str, path: str, text: str) -> str:
        """Commit a file to a branch."""
        head = self.refs[f"heads/{branch}"]
        files = {**self.commits[head].files, path: text.encode()}
        oid = self.commit("by hand", (head,), files)
        self.set_ref(f"heads/{branch}", oid)
        return oid

    def merge(self, number: int) -> None:
        """Merge a pull request."""
        pull = self.pulls[number]
        head = self.refs[f"heads/{pull['head']['ref']}"]
        base = self.refs[f"heads/{self.default}"]
        files = {**self.commits[base].files, **self._changed(head)}
        self.refs[f"heads/{self.default}"] = self.commit("merge", (base, head), files)
        pull["merged_at"] = self.timestamp()
        self._set_closed(number)

    def _changed(self, head: str) -> dict[str, bytes]:
        commit = self.commits[head]
        before = self.commits[commit.parents[0]].files if commit.parents else {}
        return {path: data for path, data in commit.files.items() if before.get(path) != data}

    def delete_branch(self, branch: str) -> None:
        """Delete a branch."""
        self.set_ref(f"heads/{branch}", None)

    def snapshot(self) -> dict[str, object]:
        """Return the visible state without ids and times, for comparisons."""
        issues = {
            number: (i["title"], i["body"], i["state"], i["state_reason"])
            for number, i in self.issues.items()
        }
        branches = {
            ref: (self.commits[oid].message, self.commits[oid].files)
            for ref, oid in self.refs.items()
        }
        comments_by_issue = {
            n: [c["body"] for c in comments] for n, comments in self.comments.items()
        }
        return {
            "issues": issues,
            "branches": branches,
            "comments": {k: v for k, v in comments_by_issue.items() if v},
        }


Handler = Callable[[WritableRepository, "Call", dict[str, Any]], Response]
"""Answers a request to a repository; takes its state, the request and the decoded body."""

ForgeRoute = tuple[str, str, str, Handler]
"""Method, pattern of the path below the repository, required permission, handler."""
