"""One repository on GitHub: its state as values, and each change that a plan may ask for."""

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from linkcheck.forge.github_client import ForgeAccess, call, open_github
from linkcheck.forge.github_errors import NotFoundError, StaleError
from linkcheck.forge.issue_marker import Marker, embed_marker, parse_marker
from linkcheck.forge.planning.pull_requests import TEMPORARY_PREFIX
from linkcheck.model.action import CloseReason, Comment, FileUpdate, PullRequestGroup
from linkcheck.model.errors import ForgeError
from linkcheck.model.forge_state import BranchState, ForgeState, IssueState, PullRequestState

if TYPE_CHECKING:
    from github.Comparison import Comparison
    from github.GitAuthor import GitAuthor
    from github.GitCommit import GitCommit
    from github.GitRef import GitRef
    from github.Issue import Issue
    from github.NamedUser import NamedUser
    from github.Repository import Repository

T = TypeVar("T")

STATE_BRANCH = "linkcheck/state"
STATE_FILE = "state.json"
TRAILER = "Linkcheck-Content: "
_NO_COMMIT = "0" * 40


class GitHubRepository:
    """One repository on GitHub, through PyGithub's objects."""

    def __init__(self, name: str, access: ForgeAccess) -> None:
        """Take ``OWNER/NAME``; the first request is sent when something is read."""
        self._requested_name = name
        self._access = access

    @cached_property
    def _repository(self) -> "Repository":
        github = open_github(self._access)

        def fetch() -> "Repository":
            repository = github.get_repo(self._requested_name).complete()
            if not (repository.full_name and repository.default_branch and repository.node_id):
                raise ValueError("not a repository")
            return repository

        try:
            return call(self._access, fetch, self._requested_name, is_read=True)
        except NotFoundError as error:
            raise ForgeError(
                "there is no such repository, or the token may not see it",
                where=self._requested_name,
                hint="Check --repo OWNER/NAME and GITHUB_TOKEN",
            ) from error

    @property
    def name(self) -> str:
        """``OWNER/NAME`` in GitHub's present spelling, also after a renaming."""
        return self._repository.full_name

    def _read(self, what: str, operation: "Callable[[Repository], T]") -> T:
        repository = self._repository
        where = f"{repository.full_name}: {what}"
        return call(self._access, lambda: operation(repository), where, is_read=True)

    def _write(self, what: str, operation: "Callable[[Repository], T]") -> T:
        repository = self._repository
        where = f"{repository.full_name}: {what}"
        return call(self._access, lambda: operation(repository), where, is_read=False)

    # State.

    def fetch_state(self, label: str, *, issues: bool, pulls: bool) -> ForgeState:
        """Return the state that a plan needs, in about fifteen requests."""
        base = self._repository.default_branch
        login = self._fetch_login() if issues else None
        return ForgeState(
            repository=self.name,
            base=base,
            head=self._fetch_head(base) or "",
            issues=tuple(self._fetch_issues(label, login)) if issues else (),
            has_all_own_issues=login is not None or not issues,
            pulls=self._fetch_pulls() if issues or pulls else (),
            branches=self._fetch_branches(base) if pulls else (),
        )

    def fetch_blobs(self, commit: str, paths: Iterable[str]) -> dict[str, str]:
        """Return git's ids of these files in a commit; those that do not exist are left out."""
        tree = self._read("the tree", lambda r: r.get_git_tree(commit, recursive=True))
        blobs = {item.path: item.sha for item in tree.tree if item.type == "blob"}
        found = {}
        for path in paths:
            sha = blobs.get(path)
            if sha is None and tree.truncated:
                sha = self._fetch_blob_id(path, commit)
            if sha is not None:
                found[path] = sha
        return found

    def _fetch_blob_id(self, path: str, commit: str) -> str | None:
        try:
            content = self._read(path, lambda r: r.get_contents(path, commit))
        except NotFoundError:
            return None
        return None if isinstance(content, list) else content.sha

    def _fetch_head(self, branch: str) -> str | None:
        try:
            return self._read(
                f"the branch {branch}", lambda r: r.get_git_ref(f"heads/{branch}").object.sha
            )
        except NotFoundError:
            return None

    def _fetch_login(self) -> str | None:
        """Return the login of the token's account; ``None`` if GitHub did not give it.

        REST's ``GET /user`` refuses the tokens of GitHub Actions; GraphQL answers all tokens.
        """
        try:
            return self._read("the token's account", _viewer_login)
        except ForgeError:
            return None

    def _fetch_issues(self, label: str, login: str | None) -> Iterator[IssueState]:
        """Yield the issues with the label, and those that the own account opened."""

        def fetch(repository: "Repository") -> "list[Issue]":
            issues = list(repository.get_issues(state="all", labels=[label]))
            if login is not None:  # the label may have been removed
                issues += repository.get_issues(state="all", creator=login)  # type: ignore[arg-type]
            return issues

        found = {issue.number: issue for issue in self._read("the issues", fetch)}
        for number in sorted(found):
            if "/pull/" not in found[number].html_url:
                yield _issue_state(found[number], login)

    def _fetch_pulls(self) -> tuple[PullRequestState, ...]:
        owner = self.name.partition("/")[0]

        def fetch(repository: "Repository") -> tuple[PullRequestState, ...]:
            return tuple(
                PullRequestState(
                    number=pull.number,
                    title=pull.title,
                    body=pull.body or "",
                    branch=pull.head.ref,
                    is_open=pull.state == "open",
                    is_merged=pull.merged_at is not None,
                )
                for group in PullRequestGroup
                for pull in repository.get_pulls(state="all", head=f"{owner}:{group.branch}")
            )

        return self._read("the pull requests", fetch)

    def _fetch_branches(self, base: str) -> tuple[BranchState, ...]:
        def fetch(repository: "Repository") -> tuple[BranchState, ...]:
            return tuple(
                _branch_state(repository, base, ref)
                for ref in repository.get_git_matching_refs("heads/linkcheck/")
                if ref.ref != f"refs/heads/{STATE_BRANCH}"
            )

        return self._read("the branches", fetch)

    def fetch_body(self, number: int) -> str:
        """Return the current text of an issue."""
        return self._read(f"issue {number}", lambda r: r.get_issue(number).body or "")

    # Issues.

    def ensure_label(self, name: str, color: str, description: str) -> None:
        """Create the label unless it exists."""
        try:
            self._read(f"the label {name}", lambda r: r.get_label(name).complete())
        except NotFoundError:
            with suppress(StaleError):  # another run created it
                self._write(
                    f"create the label {name}", lambda r: r.create_label(name, color, description)
                )

    def open_issue(self, title: str, body: str, label: str) -> int:
        """Open an issue and return its number."""
        return self._write(
            "open an issue", lambda r: r.create_issue(title, body, labels=[label]).number
        )

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
        values: dict[str, Any] = {"title": title, "body": body}
        if reopen:
            values["state"] = "open"
        if closed_as is not None:
            values |= {"state": "closed", "state_reason": closed_as.value}
        given = {key: value for key, value in values.items() if value is not None}
        self._write(f"change issue {number}", lambda r: r.get_issue(number).edit(**given))

    def ensure_comment(self, number: int, comment: Comment) -> None:
        """Comment on an issue or pull request unless this comment exists."""
        bodies = self._read(
            f"the comments on {number}",
            lambda r: [existing.body or "" for existing in r.get_issue(number).get_comments()],
        )
        markers = [marker for body in bodies if (marker := parse_marker(body))]
        if any(marker.kind == "comment" and marker.key == comment.key for marker in markers):
            return
        body = embed_marker(Marker("comment", comment.key), comment.text)
        self._write(f"comment on {number}", lambda r: r.get_issue(number).create_comment(body))

    # Branches and pull requests.

    def put_commit(
        self, branch: str, head: str | None, base: str, message: str, files: Sequence[FileUpdate]
    ) -> None:
        """Make ``branch`` consist of ``base`` and one signed commit with these files.

        The commit is made on a temporary branch. Then the real branch is moved to it in one step,
        if it still points to ``head``: a pull request never shows an incomplete branch, and a
        commit that somebody pushes meanwhile is not lost. Raises StaleError if a branch moved.
        """
        temporary = f"{TEMPORARY_PREFIX}{branch.rpartition('/')[2]}"
        self._replace_branch(temporary, base)
        commit = self._commit(temporary, base, message, files)
        if head is None:
            self._create_branch(branch, commit)
        else:
            self._move_branch(branch, head, commit)
        self._delete_branch(temporary)

    def _commit(self, branch: str, head: str, message: str, files: Sequence[FileUpdate]) -> str:
        headline, _, body = message.partition("\n\n")
        additions = [
            {"path": file.path, "contents": base64.b64encode(file.after.encode()).decode()}
            for file in files
        ]
        values = {
            "branch": {"repositoryNameWithOwner": self.name, "branchName": branch},
            "expectedHeadOid": head,
            "message": {"headline": headline, "body": body},
            "fileChanges": {"additions": additions},
        }
        return self._write(
            f"commit to {branch}",
            lambda r: str(
                r.requester.graphql_named_mutation(
                    "createCommitOnBranch", values, "commit { oid }"
                )[1]["commit"]["oid"]
            ),
        )

    def _create_branch(self, name: str, commit: str) -> None:
        self._write(
            f"create the branch {name}", lambda r: r.create_git_ref(f"refs/heads/{name}", commit)
        )

    def _replace_branch(self, name: str, commit: str) -> None:
        try:
            self._create_branch(name, commit)
        except StaleError:
            self._delete_branch(name)
            self._create_branch(name, commit)

    def _move_branch(self, name: str, before: str, after: str) -> None:
        """Move a branch from one commit to another, or delete it, unless it moved meanwhile."""
        update = {
            "name": f"refs/heads/{name}",
            "beforeOid": before,
            "afterOid": after,
            "force": True,
        }
        values = {"repositoryId": self._repository.node_id, "refUpdates": [update]}
        self._write(
            f"move the branch {name}",
            lambda r: r.requester.graphql_named_mutation("updateRefs", values, "clientMutationId"),
        )

    def _delete_branch(self, name: str) -> None:
        with suppress(NotFoundError, StaleError):  # it does not exist any more
            # The address that GitHub gives; the one that PyGithub starts from is for reading.
            ref = self._read(
                f"the branch {name}", lambda r: r.get_git_ref(f"heads/{name}").complete()
            )
            self._write(f"delete the branch {name}", lambda _: ref.delete())

    def remove_branch(self, name: str, head: str) -> None:
        """Delete a branch if it still points to ``head``."""
        with suppress(StaleError):  # somebody moved or deleted it
            self._move_branch(name, head, _NO_COMMIT)

    def open_pull(self, title: str, body: str, branch: str) -> int:
        """Open a pull request and return its number."""
        base = self._repository.default_branch
        return self._write(
            "open a pull request",
            lambda r: r.create_pull(base, branch, title=title, body=body).number,
        )

    def change_pull(
        self, number: int, *, title: str | None = None, body: str, close: bool = False
    ) -> None:
        """Change or close a pull request in one write."""
        values: dict[str, Any] = {
            "title": title,
            "body": body,
            "state": "closed" if close else None,
        }
        given = {key: value for key, value in values.items() if value is not None}
        self._write(f"change pull request {number}", lambda r: r.get_pull(number).edit(**given))

    # The state branch.

    def read_state(self) -> tuple[str, str | None]:
        """Return the saved state (empty if there is none) and the commit that holds it."""
        head = self._fetch_head(STATE_BRANCH)
        if head is None:
            return "", None
        sha = self.fetch_blobs(head, [STATE_FILE]).get(STATE_FILE)
        if sha is None:
            return "", head
        # Not the contents API: it returns no content for files above 1 MB.
        blob = self._read(STATE_FILE, lambda r: r.get_git_blob(sha).content)
        return base64.b64decode(blob).decode("utf-8", "replace"), head

    def write_state(self, text: str, head: str | None) -> None:
        """Make the state branch one commit with this text; StaleError if it is not at ``head``.

        The commit has no parents, so that the branch never grows.
        """

        def commit(repository: "Repository") -> str:
            from github import InputGitTreeElement

            file = InputGitTreeElement(STATE_FILE, "100644", "blob", content=text)
            tree = repository.create_git_tree([file])
            return repository.create_git_commit("State of linkcheck", tree, []).sha

        sha = self._write("save the state", commit)
        if head is None:
            self._create_branch(STATE_BRANCH, sha)
        else:
            self._move_branch(STATE_BRANCH, head, sha)


def _viewer_login(repository: "Repository") -> str:
    _, response = repository.requester.graphql_query("query Viewer { viewer { login } }", {})
    return str(response["data"]["viewer"]["login"])


def _issue_state(issue: "Issue", login: str | None) -> IssueState:
    opener: NamedUser | None = issue.user  # ``None`` for a deleted account
    return IssueState(
        number=issue.number,
        title=issue.title,
        body=issue.body or "",
        is_open=issue.state == "open",
        state_reason=issue.state_reason,
        closed_at=issue.closed_at,
        labels=tuple(label.name for label in issue.labels),
        is_own=login is not None and opener is not None and opener.login == login,
    )


def _branch_state(repository: "Repository", base: str, ref: "GitRef") -> BranchState:
    name, head = ref.ref.removeprefix("refs/heads/"), ref.object.sha
    if name.startswith(TEMPORARY_PREFIX):
        return BranchState(name, head, is_own=True)
    ours, stamp = _classify_branch(repository.compare(base, head))
    return BranchState(name, head, ours, stamp)


def _classify_branch(comparison: "Comparison") -> tuple[bool, str]:
    """Return whether a branch has the bot's commit alone, and the content hash of that commit.

    A commit that a person amended or rebased has different dates for author and committer.
    """
    if comparison.ahead_by != 1:
        return comparison.ahead_by == 0, ""
    (commit,) = comparison.commits
    message, is_one_date = commit.commit.message, _has_one_date(commit.commit)
    at = message.rfind(TRAILER)
    if at < 0 or len(commit.parents) != 1 or not is_one_date:
        return False, ""
    return True, message[at + len(TRAILER) :].split()[0]


def _has_one_date(commit: "GitCommit") -> bool:
    people: tuple[GitAuthor | None, ...] = (commit.author, commit.committer)
    return len({person.date if person else None for person in people}) == 1
