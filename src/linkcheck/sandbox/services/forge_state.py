"""One repository that may be written to: commits, refs, issues, pull requests, comments.

The methods at the end are what people do there; tests and the demo call them.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from linkcheck.sandbox.fixtures import derived

BOT = "linkcheck-bot"
ZERO = "0" * 40
MOST_BODY = 65_536


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
class ForgeRepository:
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
    """Permissions of the token that write."""
    has_issues: bool = True
    actions_may_open_pulls: bool = True
    tree_limit: int | None = None
    """Entries of a tree at which the service cuts its answer off."""
    writes: list[str] = field(default_factory=list)
    """Every write that was made, as ``METHOD path`` or the mutation's name."""
    break_at: int | None = None
    """The number (from 1) of the write at which the service fails …"""
    break_after: bool = False
    """… after having made it, and not before."""
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    _attempts: int = 0
    _serial: int = 0

    def put(self, files: dict[str, str]) -> None:
        """Begin (or go on) with these files on the default branch."""
        head = self.refs.get(f"heads/{self.default}")
        before = dict(self.commits[head].files) if head else {}
        before.update({path: text.encode() for path, text in files.items()})
        oid = self.commit("files put there", (head,) if head else (), before)
        self.refs[f"heads/{self.default}"] = oid

    def tick_clock(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)

    def stamp(self) -> str:
        """Return the present moment as the API writes it."""
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
        oid = derived("commit", self.name, str(self._serial), message)
        when = self.stamp()
        self.commits[oid] = Commit(oid, message, parents, files, authored or when, when)
        return oid

    def text(self, path: str, ref: str = "") -> str | None:
        """Return a file's text on a branch."""
        oid = self.refs.get(f"heads/{ref or self.default}")
        data = self.commits[oid].files.get(path) if oid else None
        return None if data is None else data.decode()

    def history(self, oid: str) -> list[str]:
        """Return a commit and everything before it."""
        seen: list[str] = []
        queue = [oid]
        while queue:
            one = queue.pop(0)
            if one not in seen and one in self.commits:
                seen.append(one)
                queue += self.commits[one].parents
        return seen

    def set_ref(self, ref: str, oid: str | None) -> None:
        """Move, make or remove a ref; pull requests follow as they do on the real service."""
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
        for shown in (self.issues.get(number), self.pulls.get(number)):
            if shown:
                shown["state"] = "closed"
                shown["closed_at"] = self.stamp()
        self.issues[number]["state_reason"] = reason

    def count_write(self) -> bool:
        """Count an attempt to write; says whether the service fails at this one."""
        self._attempts += 1
        return self._attempts == self.break_at

    def reset_write_log(self) -> None:
        """Forget about failing and about the writes so far."""
        self.break_at = None
        self._attempts = 0
        self.writes.clear()

    # What people do.

    def close(self, number: int, reason: str = "completed") -> None:
        """Close an issue or pull request by hand."""
        self._set_closed(number, reason)

    def edit(self, number: int, body: str) -> None:
        """Rewrite a body by hand."""
        self.issues[number]["body"] = body
        if number in self.pulls:
            self.pulls[number]["body"] = body

    def tick(self, number: int, key: str) -> None:
        """Tick the box of a pull request's group or of a finding."""
        lines = self.issues[number]["body"].split("\n")
        self.edit(
            number,
            "\n".join(
                line.replace("[ ]", "[x]") if f"={key} -->" in line else line for line in lines
            ),
        )

    def remove_label(self, number: int) -> None:
        """Take all labels off."""
        self.issues[number]["labels"] = []

    def push(self, branch: str, path: str, text: str) -> str:
        """Commit to a branch from outside."""
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
        pull["merged_at"] = self.stamp()
        self._set_closed(number)

    def _changed(self, head: str) -> dict[str, bytes]:
        commit = self.commits[head]
        before = self.commits[commit.parents[0]].files if commit.parents else {}
        return {path: data for path, data in commit.files.items() if before.get(path) != data}

    def delete_branch(self, branch: str) -> None:
        """Remove a branch by hand."""
        self.set_ref(f"heads/{branch}", None)

    def snapshot(self) -> dict[str, object]:
        """Return what a person would see, without ids and times; for comparing two states."""
        issues = {
            number: (i["title"], i["body"], i["state"], i["state_reason"])
            for number, i in self.issues.items()
        }
        branches = {
            ref: (self.commits[oid].message, self.commits[oid].files)
            for ref, oid in self.refs.items()
        }
        said = {n: [c["body"] for c in comments] for n, comments in self.comments.items()}
        return {
            "issues": issues,
            "branches": branches,
            "comments": {k: v for k, v in said.items() if v},
        }
