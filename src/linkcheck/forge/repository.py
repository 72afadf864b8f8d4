"""The forge's verbs: what is there as values, and each change that a plan may ask for."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from linkcheck.forge.api import Access, Api, MissingError, StaleError
from linkcheck.forge.issue_marker import Marker, embed_marker, parse_marker
from linkcheck.forge.planning.pull_requests import TEMPORARY
from linkcheck.model.action import (
    BranchState,
    CloseReason,
    Comment,
    FileUpdate,
    ForgeState,
    IssueState,
    PullRequestGroup,
    PullRequestState,
)
from linkcheck.model.errors import ForgeError

STATE_BRANCH = "linkcheck/state"
STATE_FILE = "state.json"
TRAILER = "Linkcheck-Content: "
_ZERO = "0" * 40
_COMMIT = """
mutation Commit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}
"""
_UPDATE = """
mutation Move($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }
"""
_VIEWER = "query Viewer { viewer { login } }"


class GitHubRepository:
    """One repository on GitHub."""

    def __init__(self, repository: str, access: Access) -> None:
        self._api = Api(access)
        self._asked = repository
        self._root: Mapping[str, Any] | None = None

    @property
    def root(self) -> Mapping[str, Any]:
        """What the forge says about the repository; asked once."""
        if self._root is None:
            try:
                self._root = self._api.get(f"/repos/{self._asked}")
            except MissingError as error:
                raise ForgeError(
                    "there is no such repository, or the token may not see it",
                    where=self._asked,
                    hint="Check --repo OWNER/NAME and GITHUB_TOKEN",
                ) from error
        return self._root

    @property
    def repository(self) -> str:
        """``OWNER/NAME`` as the forge spells it now, also where it was asked for by an old name."""
        return str(self.root["full_name"])

    def _path(self, rest: str) -> str:
        return f"/repos/{self.repository}{rest}"

    # What is there.

    def fetch_state(self, label: str, *, issues: bool, pulls: bool) -> ForgeState:
        """Return all that a plan needs to know, in about fifteen requests."""
        base = str(self.root["default_branch"])
        head = self._head(base) or ""
        return ForgeState(
            repository=self.repository,
            base=base,
            head=head,
            blobs=self._blobs(head) if pulls and head else {},
            issues=tuple(self._issues(label)) if issues else (),
            pulls=tuple(self._pulls()) if issues or pulls else (),
            branches=tuple(self._branches(base)) if pulls else (),
        )

    def _head(self, branch: str) -> str | None:
        try:
            return str(self._api.get(self._path(f"/git/ref/heads/{branch}"))["object"]["sha"])
        except MissingError:
            return None

    def _blobs(self, head: str) -> dict[str, str]:
        tree = self._api.get(self._path(f"/git/trees/{head}"), recursive="1")
        return {item["path"]: item["sha"] for item in tree["tree"] if item["type"] == "blob"}

    def _login(self) -> str | None:
        try:
            return str(self._api.graphql(_VIEWER, {})["viewer"]["login"])
        except ForgeError:
            return None  # then the label alone tells which issues are the bot's

    def _issues(self, label: str) -> Iterable[IssueState]:
        login = self._login()
        found = {}
        for issue in self._api.all(self._path("/issues"), labels=label, state="all"):
            found[issue["number"]] = issue
        if login:
            # Also those whose label was taken away, so that they are not opened a second time.
            for issue in self._api.all(self._path("/issues"), creator=login, state="all"):
                found[issue["number"]] = issue
        for number in sorted(found):
            issue = found[number]
            if "pull_request" not in issue:
                yield _issue(issue, login)

    def _pulls(self) -> Iterable[PullRequestState]:
        owner = self.repository.partition("/")[0]
        for group in PullRequestGroup:
            found = self._api.all(self._path("/pulls"), state="all", head=f"{owner}:{group.branch}")
            for pull in found:
                yield PullRequestState(
                    number=pull["number"],
                    title=pull["title"],
                    body=pull["body"] or "",
                    branch=pull["head"]["ref"],
                    open=pull["state"] == "open",
                    merged=bool(pull.get("merged_at")),
                )

    def _branches(self, base: str) -> Iterable[BranchState]:
        for ref in self._api.get(self._path("/git/matching-refs/heads/linkcheck/")):
            name, head = ref["ref"].removeprefix("refs/heads/"), ref["object"]["sha"]
            if name == STATE_BRANCH:
                continue
            if name.startswith(TEMPORARY):
                yield BranchState(name, head, ours=True)
                continue
            compared = self._api.get(self._path(f"/compare/{base}...{head}"))
            ours, stamp = _classify_branch(compared)
            yield BranchState(name, head, ours, stamp)

    def body_of(self, number: int) -> str:
        """Return an issue's text as it stands at this moment."""
        return str(self._api.get(self._path(f"/issues/{number}"))["body"] or "")

    # Issues.

    def ensure_label(self, name: str, color: str, description: str) -> None:
        """Make the label unless it is there."""
        try:
            self._api.get(self._path(f"/labels/{_quoted(name)}"))
        except MissingError:
            values = {"name": name, "color": color, "description": description}
            with suppress(StaleError):  # another run made it
                self._api.write("POST", self._path("/labels"), values)

    def open_issue(self, title: str, body: str, label: str) -> int:
        """Open an issue and return its number."""
        values = {"title": title, "body": body, "labels": [label]}
        return int(self._api.write("POST", self._path("/issues"), values)["number"])

    def change_issue(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        reopen: bool = False,
        closed_as: CloseReason | None = None,
    ) -> None:
        """Change an issue in one write."""
        values: dict[str, object] = {}
        if title is not None:
            values["title"] = title
        if body is not None:
            values["body"] = body
        if reopen:
            values["state"] = "open"
        if closed_as is not None:
            values |= {"state": "closed", "state_reason": closed_as.value}
        self._api.write("PATCH", self._path(f"/issues/{number}"), values)

    def ensure_remark(self, number: int, remark: Comment) -> None:
        """Comment, unless this very comment is there already."""
        for comment in self._api.all(self._path(f"/issues/{number}/comments")):
            marker = parse_marker(comment["body"] or "")
            if marker and marker.kind == "comment" and marker.key == remark.key:
                return
        body = embed_marker(Marker("comment", remark.key), remark.text)
        self._api.write("POST", self._path(f"/issues/{number}/comments"), {"body": body})

    # Branches and pull requests.

    def put_commit(
        self, branch: str, head: str | None, base: str, message: str, files: Sequence[FileUpdate]
    ) -> None:
        """Make ``branch`` hold ``base`` and one commit with these files.

        The commit is made on a branch of its own, and the real one is moved to it in one step, and
        only if it still points to ``head``: a pull request never sees a half-made branch, and what
        somebody pushes meanwhile is not lost. Raises StaleError when something moved.
        """
        temporary = f"{TEMPORARY}{branch.rpartition('/')[2]}"
        self._make_branch(temporary, base, again=True)
        headline, _, rest = message.partition("\n\n")
        made = self._api.graphql(
            _COMMIT,
            {
                "input": {
                    "branch": {
                        "repositoryNameWithOwner": self.repository,
                        "branchName": temporary,
                    },
                    "expectedHeadOid": base,
                    "message": {"headline": headline, "body": rest},
                    "fileChanges": {
                        "additions": [
                            {
                                "path": wish.path,
                                "contents": base64.b64encode(wish.after.encode()).decode(),
                            }
                            for wish in files
                        ]
                    },
                }
            },
        )
        commit = str(made["createCommitOnBranch"]["commit"]["oid"])
        if head is None:
            self._make_branch(branch, commit, again=False)
        else:
            self._move(branch, head, commit)
        self._delete_branch(temporary)

    def _make_branch(self, name: str, commit: str, *, again: bool) -> None:
        values = {"ref": f"refs/heads/{name}", "sha": commit}
        try:
            self._api.write("POST", self._path("/git/refs"), values)
        except StaleError:
            if not again:
                raise
            self._delete_branch(name)
            self._api.write("POST", self._path("/git/refs"), values)

    def _move(self, branch: str, before: str, after: str) -> None:
        update = {
            "name": f"refs/heads/{branch}",
            "beforeOid": before,
            "afterOid": after,
            "force": True,
        }
        values = {"repositoryId": self.root["node_id"], "refUpdates": [update]}
        self._api.graphql(_UPDATE, {"input": values})

    def _delete_branch(self, branch: str) -> None:
        with suppress(MissingError, StaleError):  # it is gone already
            self._api.write("DELETE", self._path(f"/git/refs/heads/{branch}"))

    def remove_branch(self, name: str, head: str) -> None:
        """Remove a branch if it still points to ``head``."""
        with suppress(StaleError):  # somebody moved or removed it: theirs now
            self._move(name, head, _ZERO)

    def open_pull(self, title: str, body: str, branch: str) -> int:
        """Open a pull request and return its number."""
        values = {
            "title": title,
            "body": body,
            "head": branch,
            "base": str(self.root["default_branch"]),
        }
        return int(self._api.write("POST", self._path("/pulls"), values)["number"])

    def change_pull(
        self, number: int, *, title: str | None = None, body: str, close: bool = False
    ) -> None:
        """Change or close a pull request in one write."""
        values: dict[str, object] = {"body": body}
        if title is not None:
            values["title"] = title
        if close:
            values["state"] = "closed"
        self._api.write("PATCH", self._path(f"/pulls/{number}"), values)

    # The bot's own state, kept on a branch.

    def read_state(self) -> tuple[str, str | None]:
        """Return the state's text (empty where there is none) and the commit it is from."""
        head = self._head(STATE_BRANCH)
        if head is None:
            return "", None
        try:
            return self._api.text(self._path(f"/contents/{STATE_FILE}"), ref=head), head
        except MissingError:
            return "", head

    def write_state(self, text: str, head: str | None) -> None:
        """Make the state branch one commit with this text; StaleError when it is not at ``head``.

        The commit has no parents, so that the branch never grows.
        """
        tree = self._api.write(
            "POST",
            self._path("/git/trees"),
            {"tree": [{"path": STATE_FILE, "mode": "100644", "type": "blob", "content": text}]},
        )
        values = {"message": "State of linkcheck", "tree": tree["sha"], "parents": []}
        commit = str(self._api.write("POST", self._path("/git/commits"), values)["sha"])
        if head is None:
            self._make_branch(STATE_BRANCH, commit, again=False)
        else:
            self._move(STATE_BRANCH, head, commit)


def _issue(issue: Mapping[str, Any], login: str | None) -> IssueState:
    closed_at = issue.get("closed_at")
    return IssueState(
        number=issue["number"],
        title=issue["title"],
        body=issue["body"] or "",
        open=issue["state"] == "open",
        closed_as=issue.get("state_reason"),
        closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
        labels=tuple(
            label["name"] if isinstance(label, dict) else str(label) for label in issue["labels"]
        ),
        mine=login is not None and (issue.get("user") or {}).get("login") == login,
    )


def _classify_branch(compared: Mapping[str, Any]) -> tuple[bool, str]:
    """Return whether a branch holds the bot's own commit alone, and that commit's stamp.

    A commit that a person amended or rebased has another date as committed than as written.
    """
    if compared["ahead_by"] == 0:
        return True, ""
    if compared["ahead_by"] > 1 or len(compared["commits"]) != 1:
        return False, ""
    commit = compared["commits"][0]
    told = commit["commit"]
    at = str(told["message"]).rfind(TRAILER)
    same = (told.get("author") or {}).get("date") == (told.get("committer") or {}).get("date")
    if at < 0 or len(commit["parents"]) != 1 or not same:
        return False, ""
    return True, str(told["message"])[at + len(TRAILER) :].split()[0]


def _quoted(name: str) -> str:
    kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    return "".join(chr(b) if chr(b) in kept else f"%{b:02X}" for b in name.encode())
