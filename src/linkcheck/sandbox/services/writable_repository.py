"""The state of a writable repository: commits, refs, issues, pull requests, comments.

The methods at the end are actions of people, for tests and the demo.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from linkcheck.sandbox.fixtures import derive_id
from linkcheck.sandbox.http_codec import Response

if TYPE_CHECKING:
    from linkcheck.sandbox.services.github_rest import Call

BOT = "linkcheck-bot"
ZERO = "0" * 40
MAX_BODY = 65_536


class MergeConflictError(Exception):
    """Two branches changed the same or neighboring lines."""


def blob_id(data: bytes) -> str:
    """Return git's id of a file."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def merge_lines(base: bytes, ours: bytes, theirs: bytes, path: str) -> bytes:
    """Return the three-way merge of a file. Raises MergeConflictError with its path."""
    lines, hunks = base.splitlines(keepends=True), []
    for text in (ours, theirs):
        new = text.splitlines(keepends=True)
        matcher = SequenceMatcher(None, lines, new, autojunk=False)
        changes = [(a, b, new[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
        hunks.append(changes)
    for start, end, new in hunks[0]:
        for other_start, other_end, other_new in hunks[1]:
            is_near = start <= other_end and other_start <= end
            if is_near and (start, end, new) != (other_start, other_end, other_new):
                raise MergeConflictError(path)
    everything = {(start, end): new for changes in hunks for start, end, new in changes}
    for (start, end), new in sorted(everything.items(), reverse=True):
        lines[start:end] = new
    return b"".join(lines)


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
    archived: bool = False
    locked: set[int] = field(default_factory=set)
    """Numbers of the issues whose conversation is locked."""
    protected: tuple[str, ...] = ()
    """Globs of branches that a ruleset forbids to create, change and delete."""
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

    def is_protected(self, ref: str) -> bool:
        """Return whether a ruleset forbids changes of a ref."""
        branch = ref.removeprefix("heads/")
        return any(fnmatchcase(branch, glob) for glob in self.protected)

    def set_ref(self, ref: str, oid: str | None) -> None:
        """Set or remove (``None``) a ref, and update its pull requests as GitHub does."""
        if oid is None:
            self.refs.pop(ref, None)
        else:
            self.refs[ref] = oid
        base = self.refs.get(f"heads/{self.default}", "")
        for pull in self.pulls.values():
            is_own = pull["head"]["repo"]["full_name"] == self.name
            if is_own and f"heads/{pull['head']['ref']}" == ref and pull["state"] == "open":
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

    def set_labels(self, number: int, *names: str) -> None:
        """Replace the labels of an issue or pull request."""
        for item in (self.issues[number], self.pulls.get(number)):
            if item is not None:
                item["labels"] = [{"name": name} for name in names]

    def remove_label(self, number: int) -> None:
        """Remove all labels."""
        self.set_labels(number)

    def rename_label(self, old: str, new: str | None) -> None:
        """Rename a label, or delete it (``None``), on everything that has it."""
        label = self.labels.pop(old.lower())
        if new is not None:
            self.labels[new.lower()] = {**label, "name": new}
        for item in (*self.issues.values(), *self.pulls.values()):
            names = [one["name"] for one in item["labels"]]
            kept = [new if name.lower() == old.lower() else name for name in names]
            item["labels"] = [{"name": name} for name in kept if name is not None]

    def rename(self, number: int, title: str) -> None:
        """Change a title."""
        for item in (self.issues[number], self.pulls.get(number)):
            if item is not None:
                item["title"] = title

    def open_issue(self, login: str, title: str, body: str, *labels: str) -> int:
        """Open an issue as somebody."""
        number = self.number()
        self.issues[number] = self.new_issue(number, title, body, login)
        self.comments[number] = []
        self.set_labels(number, *labels)
        return number

    def new_issue(
        self, number: int, title: str, body: str, login: str = BOT, kind: str = "issues"
    ) -> dict[str, Any]:
        """Return a new issue or pull request in the API's format."""
        return {
            "number": number,
            "html_url": f"https://github.com/{self.name}/{kind}/{number}",
            "title": title,
            "body": body,
            "state": "open",
            "state_reason": None,
            "closed_at": None,
            "created_at": self.timestamp(),
            "labels": [],
            "user": {"login": login, "type": "User"},
        }

    def comment(self, number: int, login: str, body: str) -> None:
        """Comment on an issue or pull request as somebody."""
        comments = self.comments[number]
        comments.append({"id": len(comments) + 1, "body": body, "user": {"login": login}})

    def open_fork_pull(self, owner: str, branch: str, body: str) -> int:
        """Open a pull request from a branch of a fork."""
        number = self.open_issue(owner, "from a fork", body)
        self.issues[number] |= self.new_issue(number, "from a fork", body, owner, "pull")
        head = self.refs[f"heads/{self.default}"]
        fork = {"full_name": f"{owner}/{self.name.partition('/')[2]}"}
        self.pulls[number] = {
            **self.issues[number],
            "head": {"ref": branch, "sha": head, "repo": fork},
            "base": {"ref": self.default, "sha": head, "repo": {"full_name": self.name}},
            "merged_at": None,
        }
        return number

    def update_branch(self, number: int) -> str:
        """Merge the default branch into a pull request's branch, as GitHub's button does."""
        branch = self.pulls[number]["head"]["ref"]
        head, base = self.refs[f"heads/{branch}"], self.refs[f"heads/{self.default}"]
        message = f"Merge branch '{self.default}' into {branch}"
        oid = self.commit(message, (head, base), self._merged(base, head))
        self.set_ref(f"heads/{branch}", oid)
        return oid

    def force_push(self, files: dict[str, str]) -> None:
        """Replace the history of the default branch by one commit."""
        data = {path: text.encode() for path, text in files.items()}
        self.refs[f"heads/{self.default}"] = self.commit("a new history", (), data)

    def push(self, branch: str, path: str, text: str) -> str:
        """Commit a file to a branch."""
        head = self.refs[f"heads/{branch}"]
        files = {**self.commits[head].files, path: text.encode()}
        oid = self.commit("by hand", (head,), files)
        self.set_ref(f"heads/{branch}", oid)
        return oid

    def merge(self, number: int) -> None:
        """Merge a pull request. Raises MergeConflictError."""
        pull = self.pulls[number]
        head = self.refs[f"heads/{pull['head']['ref']}"]
        base = self.refs[f"heads/{self.default}"]
        files = self._merged(base, head)
        self.refs[f"heads/{self.default}"] = self.commit("merge", (base, head), files)
        pull["merged_at"] = self.timestamp()
        self._set_closed(number)

    def _merged(self, ours: str, theirs: str) -> dict[str, bytes]:
        """Return the files of two commits merged, line by line as git does."""
        own_history = self.history(ours)
        ancestor = next((oid for oid in self.history(theirs) if oid in own_history), None)
        base = self.commits[ancestor].files if ancestor else {}
        one, other = self.commits[ours].files, self.commits[theirs].files
        merged = {}
        for path in {*base, *one, *other}:
            before, mine, yours = base.get(path), one.get(path), other.get(path)
            if mine == yours or yours == before:
                data = mine
            elif mine == before:
                data = yours
            elif None in (before, mine, yours):
                raise MergeConflictError(path)
            else:
                data = merge_lines(before or b"", mine or b"", yours or b"", path)
            if data is not None:
                merged[path] = data
        return merged

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
