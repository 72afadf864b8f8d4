"""What GitHub's GraphQL fields answer over a made-up world, and what they refuse."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linkcheck.sandbox.fixtures import Owner, Repository, World
from linkcheck.sandbox.graphql import FieldError
from linkcheck.sandbox.services.github_values import (
    Gist,
    GitObject,
    Numbered,
    Page,
    Ref,
    git_object,
    numbered,
    release,
)

_MOST = 100


def page(kind: str, items: Sequence[Any], args: Mapping[str, Any]) -> Page:
    """Return a page of a connection; GitHub refuses one without a size from 1 to 100."""
    size = args.get("first") or args.get("last") or 0
    if not 1 <= size <= _MOST:
        raise FieldError(
            "EXCESSIVE_PAGINATION",
            f"Requesting {size} records exceeds the `first` limit of {_MOST} records.",
        )
    return Page(kind, items[:size], len(items))


class Resolvers:
    """The fields that need to look around in the world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def repository(self, _: object, args: Mapping[str, Any]) -> Repository:
        """Answer ``repository``: by name, by a former name if ``followRenames`` allows it."""
        name = f"{args.get('owner')}/{args.get('name')}"
        repo = self._world.repository_by_name.get(name.lower())
        renamed = repo is not None and repo.name.lower() != name.lower()
        follows = args.get("followRenames", True)
        if repo is None or repo.private or repo.blocked or (renamed and not follows):
            raise FieldError(
                "NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'."
            )
        if repo.saml:
            raise FieldError(
                "FORBIDDEN",
                "Resource protected by organization SAML enforcement. You must grant your "
                "Personal Access token access to this organization.",
                extensions={"saml_failure": True},
            )
        return repo

    def parent(self, repo: Repository, _: object) -> Repository | None:
        """Answer ``parent``: what a fork was made from."""
        parent = self._world.repository_by_name.get((repo.parent or "").lower())
        if parent and parent.saml:
            raise FieldError(
                "FORBIDDEN",
                "Resource protected by organization SAML enforcement.",
                extensions={"saml_failure": True},
            )
        return None if parent is None or parent.private or parent.blocked else parent

    def _owner(self, login: object) -> Owner | None:
        return self._world.owner_by_login.get(("github", str(login).lower()))

    def owner(self, _: object, args: Mapping[str, Any]) -> Owner | None:
        """Answer ``repositoryOwner``: null for a login that nobody has."""
        return self._owner(args.get("login"))

    def owner_of(self, repo: Repository, _: object) -> Owner:
        """Answer ``owner`` of a repository."""
        login = repo.name.partition("/")[0]
        return self._owner(login) or Owner(login)

    def _account(self, args: Mapping[str, Any], *, organization: bool) -> Owner:
        owner = self._owner(args.get("login"))
        if owner is None or owner.organization is not organization:
            what = "an Organization" if organization else "a User"
            raise FieldError(
                "NOT_FOUND", f"Could not resolve to {what} with the login of '{args.get('login')}'."
            )
        return owner

    def user(self, _: object, args: Mapping[str, Any]) -> Owner:
        """Answer ``user``: an error for an organization."""
        return self._account(args, organization=False)

    def organization(self, _: object, args: Mapping[str, Any]) -> Owner:
        """Answer ``organization``: an error for a person."""
        return self._account(args, organization=True)

    def gist(self, owner: Owner, args: Mapping[str, Any]) -> Gist | None:
        """Answer ``gist`` of an account."""
        name = str(args.get("name"))
        return Gist(name, owner) if name in owner.gists else None

    def node(self, _: object, args: Mapping[str, Any]) -> Repository:
        """Answer ``node``: a repository by its id."""
        return self._node(str(args.get("id")))

    def _node(self, node_id: str) -> Repository:
        repo = self._world.repository_by_node.get(node_id)
        if repo is None or repo.private or repo.blocked:
            raise FieldError(
                "NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'"
            )
        return repo

    def nodes(self, _: object, args: Mapping[str, Any]) -> list[Repository | None]:
        """Answer ``nodes``: each in its place, null for those that are not there."""
        ids = args.get("ids") or []
        if len(ids) > _MOST:
            raise FieldError(
                "ARGUMENT_LIMIT",
                f"You may not provide more than {_MOST} node ids; you provided {len(ids)}.",
            )
        return [self._world.repository_by_node.get(str(node_id)) for node_id in ids]

    def resource(self, _: object, args: Mapping[str, Any]) -> object:
        """Answer ``resource``: what stands at an address on the site."""
        match = re.fullmatch(
            r"https://github\.com/([^/]+)(?:/([^/]+)(?:/(issues|pull|releases/tag|commit)/([^/]+))?)?/?",
            str(args.get("url")),
        )
        missing = FieldError("NOT_FOUND", "Could not resolve to a node.")
        if not match:
            raise missing
        owner, name, word, rest = match.groups()
        if name is None:
            found: object = self._owner(owner)
        else:
            repo = self.repository(None, {"owner": owner, "name": name})
            found = repo if word is None else _part(repo, word, rest)
        if found is None:
            raise missing
        return found


def _part(repo: Repository, word: str, rest: str) -> object:
    if word in ("issues", "pull"):
        return numbered(repo, int(rest)) if rest.isdigit() else None
    if word == "commit":
        return git_object(repo, rest)
    return release(repo, rest)


def issue_or_pull(repo: Repository, args: Mapping[str, Any]) -> Numbered:
    """Answer ``issueOrPullRequest``."""
    found = numbered(repo, args.get("number"))
    if found is None:
        raise FieldError(
            "NOT_FOUND",
            "Could not resolve to an issue or pull request with the number of "
            f"{args.get('number')}.",
        )
    return found


def only(kind: str) -> Callable[[Repository, Mapping[str, Any]], Numbered]:
    """Return what answers for numbers of one kind alone (``issue``, ``pullRequest``, …)."""

    def resolve(repo: Repository, args: Mapping[str, Any]) -> Numbered:
        number = args.get("number")
        found = numbered(repo, number)
        if kind == "Discussion" and number in repo.discussions:
            return Numbered(kind, repo, int(str(number)))
        if found is None or found.kind != kind:
            raise FieldError(
                "NOT_FOUND", f"Could not resolve to {kind} with the number of {number}."
            )
        return found

    return resolve


def object_of(repo: Repository, args: Mapping[str, Any]) -> GitObject | None:
    """Answer ``object``: a file, folder or commit by expression or id."""
    expression, oid = args.get("expression"), args.get("oid")
    return git_object(repo, str(expression if expression is not None else oid))


def ref_of(repo: Repository, args: Mapping[str, Any]) -> Ref | None:
    """Answer ``ref``: a branch or tag by its short or whole name."""
    wanted = str(args.get("qualifiedName"))
    if repo.empty:
        return None
    short = re.sub(r"^refs/(heads|tags)/", "", wanted)
    tag = wanted.startswith("refs/tags/")
    if not tag and short in (repo.default_branch, *repo.branches):
        return Ref(repo, short, "refs/heads/")
    branch = wanted.startswith("refs/heads/")
    return Ref(repo, short, "refs/tags/") if not branch and short in repo.tags else None


def refs_of(repo: Repository, args: Mapping[str, Any]) -> Page:
    """Answer ``refs``: the branches or the tags."""
    prefix = str(args.get("refPrefix"))
    names = repo.tags if "tags" in prefix else (repo.default_branch, *repo.branches)
    refs = [] if repo.empty else [Ref(repo, name, prefix) for name in names]
    return page("RefConnection", refs, args)


def default_branch(repo: Repository, _: object) -> Ref | None:
    """Answer ``defaultBranchRef``: null in an empty repository."""
    return None if repo.empty else Ref(repo, repo.default_branch, "refs/heads/")


def stargazers(_: Repository, __: object) -> None:
    """Refuse ``stargazers``, which GitHub does not show to every token."""
    raise FieldError("FORBIDDEN", "Resource not accessible by personal access token", whole=True)


def history(item: GitObject, args: Mapping[str, Any]) -> Page:
    """Answer ``history`` of a commit: itself alone."""
    return page("CommitHistoryConnection", [item], args)
