"""One repository on GitHub: its state as values, and each change that a plan may ask for."""

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from linkcheck.forge.github_client import ForgeAccess, call, open_github, open_graphql
from linkcheck.forge.github_errors import (
    EmptyRepositoryError,
    NotFoundError,
    StaleError,
    archived_error,
)
from linkcheck.forge.issue_marker import Marker, embed_marker, parse_marker
from linkcheck.forge.planning.pull_requests import TEMPORARY_PREFIX
from linkcheck.model.action import CloseReason, Comment, FileUpdate, PullRequestGroup
from linkcheck.model.errors import ForgeError
from linkcheck.model.forge_state import BranchState, ForgeState, IssueState, PullRequestState

if TYPE_CHECKING:
    from github.GitAuthor import GitAuthor
    from github.GitCommit import GitCommit
    from github.GitRef import GitRef
    from github.Issue import Issue
    from github.NamedUser import NamedUser
    from github.Organization import Organization
    from github.PullRequest import PullRequest
    from github.Repository import Repository

T = TypeVar("T")

STATE_BRANCH = "linkcheck/state"
STATE_FILE = "state.json"
TRAILER = "Linkcheck-Content: "
MAX_MERGES = 20
"""Merges of the default branch that are looked through for the bot's commit."""
_NO_COMMIT = "0" * 40
_VIEWER = "query Viewer { viewer { login } }"


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

    @cached_property
    def login(self) -> str | None:
        """The login of the token's account; ``None`` if GitHub did not give it.

        REST's ``GET /user`` refuses the tokens of GitHub Actions; GraphQL answers all tokens.
        """
        try:
            data = self._read("the token's account", lambda _: self._graphql(_VIEWER, {}))
            return str(data["viewer"]["login"])
        except (ForgeError, KeyError, TypeError):
            return None

    @cached_property
    def _graphql(self) -> Callable[[str, Any], dict[str, Any]]:
        return open_graphql(self._access, open_github(self._access))

    def _mutate(self, what: str, name: str, values: dict[str, Any], fields: str) -> Any:
        """Send a GraphQL mutation and return its payload."""
        kind = f"{name[:1].upper()}{name[1:]}Input!"
        query = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {fields} }} }}"
        return self._write(what, lambda _: self._graphql(query, {"input": values}))[name]

    @property
    def default_branch(self) -> str:
        """The default branch."""
        return self._repository.default_branch

    def fetch_head(self) -> str | None:
        """Return the newest commit of the default branch; ``None`` if it has none."""
        return self._fetch_head(self.default_branch)

    # State.

    def fetch_state(
        self, label: str, *, issues: bool, pulls: bool, known: Iterable[int] = ()
    ) -> ForgeState:
        """Return the state that a plan needs, in about fifteen requests.

        ``known`` are the numbers of issues that the bot opened, also under another account. What
        cannot be read is named in the state. Raises ForgeError for an archived repository.
        """
        base = self.default_branch
        if self._repository.archived:
            raise archived_error(self.name)
        unread: list[str] = []
        problems: list[ForgeError] = []

        def attempt(part: str, wanted: bool, read: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
            if not wanted:
                return ()
            try:
                return read()
            except ForgeError as error:
                unread.append(part)
                problems.append(error)
                return ()

        login = self.login if issues or pulls else None
        found = attempt("issues", issues, lambda: tuple(self._fetch_issues(label, login, known)))
        own_pulls = attempt("pulls", pulls, self._fetch_pulls)
        branches = attempt("pulls", pulls and "pulls" not in unread, self._fetch_branches)
        has_label = issues and "issues" not in unread and self._has_label(label)
        return ForgeState(
            repository=self.name,
            base=base,
            head=self._fetch_head(base) or "",
            login=login,
            has_label=has_label,
            issues=found,
            has_all_own_issues=login is not None or not issues,
            pulls=own_pulls,
            branches=branches,
            unread=tuple(dict.fromkeys(unread)),
            problems=tuple(problems),
        )

    def _has_label(self, label: str) -> bool:
        try:
            self._read(f"the label {label}", lambda r: r.get_label(label).complete())
        except NotFoundError:
            return False
        except ForgeError:
            return True
        return True

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
        except (NotFoundError, EmptyRepositoryError):
            return None

    def _fetch_issues(
        self, label: str, login: str | None, known: Iterable[int]
    ) -> Iterator[IssueState]:
        """Yield the issues that the own account opened, and those with the ``known`` numbers."""

        def fetch(repository: "Repository") -> "list[Issue]":
            if login is None:
                return list(repository.get_issues(state="all", labels=[label]))
            return list(repository.get_issues(state="all", creator=login))  # type: ignore[arg-type]

        numbers = set(known)
        found = {issue.number: issue for issue in self._read("the issues", fetch)}
        for number in sorted(numbers - found.keys()):
            with suppress(NotFoundError):  # deleted
                found[number] = self._fetch_issue(number)
        for number in sorted(found):
            if "/pull/" not in found[number].html_url:
                state = _issue_state(found[number], login)
                if state.is_own or number in numbers:
                    yield state

    def _fetch_issue(self, number: int) -> "Issue":
        return self._read(f"issue {number}", lambda r: r.get_issue(number).complete())

    def _fetch_commit(self, oid: str) -> "GitCommit":
        return self._read(f"commit {oid}", lambda r: r.get_git_commit(oid).complete())

    def _fetch_pulls(self) -> tuple[PullRequestState, ...]:
        """Return the pull requests from the bot's branches; those of forks are other people's."""
        name = self.name
        owner = name.partition("/")[0]

        def fetch(repository: "Repository") -> tuple[PullRequestState, ...]:
            return tuple(
                _pull_state(pull)
                for group in PullRequestGroup
                for pull in repository.get_pulls(state="all", head=f"{owner}:{group.branch}")
                if pull.head.ref == group.branch and _repository_name(pull) in (name, None)
            )

        return self._read("the pull requests", fetch)

    def _fetch_branches(self) -> tuple[BranchState, ...]:
        def fetch(repository: "Repository") -> "list[GitRef]":
            refs = repository.get_git_matching_refs("heads/linkcheck/")
            return [ref for ref in refs if ref.ref != f"refs/heads/{STATE_BRANCH}"]

        try:
            refs = self._read("the branches", fetch)
        except EmptyRepositoryError:
            return ()
        return tuple(self._branch_state(ref) for ref in refs)

    def _branch_state(self, ref: "GitRef") -> BranchState:
        """Return a branch, and whether it has the bot's commit alone.

        Merges of the default branch that GitHub made ("Update branch") do not count. A commit that
        a person amended or rebased has different dates for author and committer.
        """
        name, head = ref.ref.removeprefix("refs/heads/"), ref.object.sha
        if name.startswith(TEMPORARY_PREFIX):
            return BranchState(name, head, is_own=True)
        oid = head
        for _ in range(MAX_MERGES):
            try:
                commit = self._fetch_commit(oid)
            except ForgeError:
                break
            if _is_base_merge(commit, self.default_branch, name):
                oid = commit.parents[0].sha
                continue
            stamp = _content_stamp(commit)
            if stamp:
                return BranchState(name, head, is_own=True, content_hash=stamp)
            break
        return BranchState(name, head, is_own=head == self._fetch_head(self.default_branch))

    def fetch_body(self, number: int) -> str:
        """Return the current text of an issue."""
        return self._read(f"issue {number}", lambda r: r.get_issue(number).body or "")

    # Issues.

    def ensure_label(self, name: str, color: str, description: str) -> bool:
        """Create the label unless it exists; return whether it was created."""
        if self._has_label(name):
            return False
        with suppress(StaleError):  # another run created it
            self._write(
                f"create the label {name}", lambda r: r.create_label(name, color, description)
            )
        return True

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
        """Comment on an issue or pull request unless the bot has made this comment."""
        login = self.login

        def fetch(repository: "Repository") -> list[str]:
            comments = repository.get_issue(number).get_comments()
            return [c.body or "" for c in comments if login is None or _login(c.user) == login]

        bodies = self._read(f"the comments on {number}", fetch)
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
        payload = self._mutate(
            f"commit to {branch}", "createCommitOnBranch", values, "commit { oid }"
        )
        return str(payload["commit"]["oid"])

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
        self._mutate(f"move the branch {name}", "updateRefs", values, "clientMutationId")

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
        self, number: int, *, title: str | None = None, body: str | None, close: bool = False
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

    def write_state(self, text: str, head: str | None) -> str:
        """Make the state branch one commit with this text, and return the commit.

        The commit has no parents, so that the branch never grows. Raises StaleError if the branch
        is not at ``head``.
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
        return sha


def _login(account: "NamedUser | Organization | None") -> str | None:
    """Return the login of an account; ``None`` for a deleted one."""
    return account.login if account is not None else None


def _issue_state(issue: "Issue", login: str | None) -> IssueState:
    return IssueState(
        number=issue.number,
        title=issue.title,
        body=issue.body or "",
        is_open=issue.state == "open",
        state_reason=issue.state_reason,
        closed_at=issue.closed_at,
        labels=tuple(label.name for label in issue.labels),
        is_own=login is not None and _login(issue.user) == login,
    )


def _pull_state(pull: "PullRequest") -> PullRequestState:
    return PullRequestState(
        number=pull.number,
        title=pull.title,
        body=pull.body or "",
        branch=pull.head.ref,
        is_open=pull.state == "open",
        is_merged=pull.merged_at is not None,
        labels=tuple(label.name for label in pull.labels),
    )


def _repository_name(pull: "PullRequest") -> str | None:
    """Return the repository of a pull request's branch; ``None`` if that was deleted."""
    repository: Repository | None = pull.head.repo
    return repository.full_name if repository else None


def _content_stamp(commit: "GitCommit") -> str:
    """Return the content hash in the message of the bot's commit; empty for any other commit."""
    at = commit.message.rfind(TRAILER)
    if at < 0 or len(commit.parents) != 1 or not _has_one_date(commit):
        return ""
    return str(commit.message[at + len(TRAILER) :].split()[0])


def _is_base_merge(commit: "GitCommit", base: str, branch: str) -> bool:
    """Return whether GitHub merged the default branch into the bot's branch."""
    headline = commit.message.partition("\n")[0]
    return len(commit.parents) == 2 and headline == f"Merge branch '{base}' into {branch}"


def _has_one_date(commit: "GitCommit") -> bool:
    people: tuple[GitAuthor | None, ...] = (commit.author, commit.committer)
    return len({person.date if person else None for person in people}) == 1
