"""GitHub's objects as dicts in the shape of ``github.graphql``, made from the fixtures.

A value that is a function takes the field's arguments and is called only when the field is queried.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linkcheck.sandbox.fixtures import Fixtures, Owner, Repository, derive_id, derive_number
from linkcheck.sandbox.services.github_shapes import LICENSE_NAMES

Args = Mapping[str, Any]
Node = dict[str, Any]

MAX_PAGE_SIZE = 100
_SITE = "https://github.com"
_RESOURCE = re.compile(
    _SITE + r"/([^/]+)(?:/([^/]+)(?:/(issues|pull|releases/tag|commit)/([^/]+))?)?/?"
)
_GIST_DATE = "2024-01-01T00:00:00Z"


class FieldError(Exception):
    """A field that GitHub refuses: it becomes null, and the response holds this error."""

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        extensions: Mapping[str, object] | None = None,
        is_at_parent: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.extensions = extensions
        self.is_at_parent = is_at_parent
        """Whether the error's path is that of the object and not that of the field."""


def connection(items: Sequence[Node], args: Args) -> Node:
    """Return the first items; GitHub refuses page sizes outside 1 to 100."""
    size = args.get("first") or args.get("last") or 0
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise FieldError(
            "EXCESSIVE_PAGINATION",
            f"Requesting {size} records exceeds the `first` limit of {MAX_PAGE_SIZE} records.",
        )
    return {"nodes": items[:size], "totalCount": len(items)}


def commit(name: str, oid: str, date: str, message: str = "Update") -> Node:
    """Return a commit of the repository ``name``, with a history of one commit."""
    node = {
        **_git_object("Commit", name, oid),
        **_location(f"{name}/commit/{oid}"),
        "committedDate": date,
        "authoredDate": date,
        "message": message,
    }
    return {**node, "history": lambda args: connection([node], args)}


def _git_object(kind: str, name: str, oid: str) -> Node:
    return {
        "__typename": kind,
        "id": f"O_{oid[:12]}",
        "oid": oid,
        "abbreviatedOid": oid[:7],
        "commitUrl": f"{_SITE}/{name}/commit/{oid}",
    }


def _object(repo: Repository, expression: str) -> Node | None:
    """Return the commit named by ``ref``, or the blob or tree named by ``ref:path``."""
    ref, colon, path = expression.partition(":")
    if not colon:
        oid = ref if ref in repo.commits else derive_id("commit", repo.name, ref)
        return commit(repo.name, oid, repo.last_commit) if repo.has_ref(ref) else None
    kind = None if path.endswith("/") else repo.look_up(ref, path)
    if kind is None:
        return None
    return {
        **_git_object(kind.capitalize(), repo.name, derive_id(kind, repo.name, expression)),
        "byteSize": 100,
        "isBinary": False,
        "isTruncated": False,
        "text": f"# {repo.name}\n",
    }


def _location(path: str) -> Node:
    return {"url": f"{_SITE}/{path}", "resourcePath": f"/{path}"}


def _ref(repo: Repository, name: str, prefix: str) -> Node:
    return {
        "__typename": "Ref",
        "id": f"REF_{derive_id('ref', repo.name, name, digits=12)}",
        "name": name,
        "prefix": prefix,
        "target": lambda _: _object(repo, name),
    }


def _find_ref(repo: Repository, wanted: str) -> Node | None:
    """Return a branch or tag by its short or full name; a branch is preferred."""
    name = re.sub(r"^refs/(heads|tags)/", "", wanted)
    branches = () if repo.empty else (repo.default_branch, *repo.branches)
    if name in branches and not wanted.startswith("refs/tags/"):
        return _ref(repo, name, "refs/heads/")
    is_tag = name in repo.tags and not repo.empty and not wanted.startswith("refs/heads/")
    return _ref(repo, name, "refs/tags/") if is_tag else None


def _refs(repo: Repository, args: Args) -> Node:
    prefix = args["refPrefix"]
    names = repo.tags if "tags" in prefix else (repo.default_branch, *repo.branches)
    return connection([] if repo.empty else [_ref(repo, name, prefix) for name in names], args)


def _release(repo: Repository, tag: str | None) -> Node | None:
    if tag is None or tag not in (repo.release, *repo.tags):
        return None
    return {
        "__typename": "Release",
        "id": f"RE_{derive_id('release', repo.name, tag, digits=12)}",
        "name": tag,
        "tagName": tag,
        "isDraft": False,
        "isPrerelease": False,
        "isLatest": tag == repo.release,
        "createdAt": repo.pushed_at,
        "publishedAt": repo.pushed_at,
        "releaseAssets": lambda args: connection([], args),
        **_location(f"{repo.name}/releases/tag/{tag}"),
    }


def _topic(name: str) -> Node:
    topic = {"id": f"T_{derive_id('topic', name, digits=12)}", "name": name}
    return {"id": f"RT_{topic['id']}", "topic": topic, **_location(f"topics/{name}")}


def _license(spdx: str | None) -> Node | None:
    if spdx is None:
        return None
    return {
        "id": f"MDc6{derive_id('license', spdx, digits=12)}",
        "spdxId": spdx,
        "key": "other" if spdx == "NOASSERTION" else spdx.lower(),
        "name": LICENSE_NAMES.get(spdx, spdx),
        "url": f"http://choosealicense.com/licenses/{spdx.lower()}/",
        "pseudoLicense": spdx == "NOASSERTION",
    }


def _language(name: str | None) -> Node | None:
    return {"id": f"L_{derive_id('language', name, digits=12)}", "name": name} if name else None


def _account(owner: Owner) -> Node:
    return {
        "__typename": "Organization" if owner.organization else "User",
        "id": f"U_{derive_id('owner', owner.login, digits=10)}",
        "databaseId": derive_number("owner", owner.login, below=100_000_000),
        "login": owner.login,
        "name": owner.name,
        "avatarUrl": f"{_SITE}/{owner.login}.png",
        "gist": lambda args: _gist(owner, args["name"]),
        **_location(owner.login),
    }


def _gist(owner: Owner, name: str) -> Node | None:
    if name not in owner.gists:
        return None
    return {
        "__typename": "Gist",
        "id": f"G_{name}",
        "name": name,
        "url": f"https://gist.github.com/{owner.login}/{name}",
        "resourcePath": f"/{owner.login}/{name}",
        "isPublic": True,
        "pushedAt": _GIST_DATE,
        "updatedAt": _GIST_DATE,
        "owner": lambda _: _account(owner),
    }


def _numbered(repo: Repository, number: int, *kinds: str) -> Node | None:
    """Return the item of that number whose kind comes first in ``kinds``."""
    known = {
        "PullRequest": ("pull", repo.pulls),
        "Issue": ("issues", repo.issues),
        "Discussion": ("discussions", repo.discussions),
    }
    kind = next((kind for kind in kinds if number in known[kind][1]), None)
    if kind is None:
        return None
    return {
        "__typename": kind,
        "id": f"I_{derive_id(kind, repo.name, str(number), digits=12)}",
        "number": number,
        "title": f"Number {number}",
        "state": "OPEN",
        "closed": False,
        "createdAt": repo.created_at,
        "updatedAt": repo.pushed_at,
        **_location(f"{repo.name}/{known[kind][0]}/{number}"),
    }


def _refuse_stargazers(_: Args) -> None:
    """Refuse the list of stargazers, which takes push access since 2026-06-30."""
    raise FieldError(
        "FORBIDDEN", "Resource not accessible by personal access token", is_at_parent=True
    )


def _sso_error(message: str) -> FieldError:
    return FieldError("FORBIDDEN", message, extensions={"saml_failure": True})


class Queries:
    """The fields of ``Query``."""

    def __init__(self, fixtures: Fixtures) -> None:
        self._fixtures = fixtures

    @property
    def fields(self) -> Node:
        """The fields by name."""
        return {
            "repository": self._repository_named,
            "repositoryOwner": lambda args: self._owner(args["login"]),
            "user": lambda args: self._account_of_kind(args["login"], "a User"),
            "organization": lambda args: self._account_of_kind(args["login"], "an Organization"),
            "viewer": _account(Owner("linkcheck-bot")),
            "resource": self._resource,
            "node": self._node,
            "nodes": self._nodes,
        }

    def _repository_named(self, args: Args) -> Node:
        return self._repository(self._find(**args))

    def _find(self, owner: str, name: str, *, followRenames: bool = True) -> Repository:  # noqa: N803
        full = f"{owner}/{name}"
        repo = self._fixtures.repository_by_name.get(full.lower())
        is_renamed = repo is not None and repo.name.lower() != full.lower()
        if repo is None or repo.private or repo.blocked or (is_renamed and not followRenames):
            raise FieldError(
                "NOT_FOUND", f"Could not resolve to a Repository with the name '{full}'."
            )
        if repo.saml:
            raise _sso_error(
                "Resource protected by organization SAML enforcement. You must grant your "
                "Personal Access token access to this organization."
            )
        return repo

    def _owner(self, login: str) -> Node | None:
        owner = self._fixtures.owner_by_login.get(("github", login.lower()))
        return _account(owner) if owner else None

    def _account_of_kind(self, login: str, kind: str) -> Node:
        account = self._owner(login)
        if account is None or account["__typename"] != kind.split()[1]:
            raise FieldError(
                "NOT_FOUND", f"Could not resolve to {kind} with the login of '{login}'."
            )
        return account

    def _node(self, args: Args) -> Node:
        repo = self._fixtures.repository_by_node.get(args["id"])
        if repo is None or repo.private or repo.blocked:
            raise FieldError(
                "NOT_FOUND", f"Could not resolve to a node with the global id of '{args['id']}'"
            )
        return self._repository(repo)

    def _nodes(self, args: Args) -> list[Node | FieldError]:
        """Return the node or the error for each id."""
        ids = args["ids"]
        if len(ids) > MAX_PAGE_SIZE:
            raise FieldError(
                "ARGUMENT_LIMIT",
                f"You may not provide more than {MAX_PAGE_SIZE} node ids; you provided {len(ids)}.",
            )
        found: list[Node | FieldError] = []
        for node_id in ids:
            try:
                found.append(self._node({"id": node_id}))
            except FieldError as error:
                found.append(error)
        return found

    def _resource(self, args: Args) -> Node:
        """Return the object with this URL on github.com."""
        match = _RESOURCE.fullmatch(args["url"])
        owner, name, word, rest = match.groups() if match else (None,) * 4
        if owner and name:
            node = self._part(self._find(owner, name), word, rest)
        else:
            node = self._owner(owner) if owner else None
        if node is None:
            raise FieldError("NOT_FOUND", "Could not resolve to a node.")
        return node

    def _part(self, repo: Repository, word: str | None, rest: str | None) -> Node | None:
        if word is None or rest is None:
            return self._repository(repo)
        if word == "commit":
            return _object(repo, rest)
        if word == "releases/tag":
            return _release(repo, rest)
        return self._number(repo, int(rest), "PullRequest", "Issue") if rest.isdigit() else None

    def _number(self, repo: Repository, number: int, *kinds: str) -> Node | None:
        node = _numbered(repo, number, *kinds)
        return {**node, "repository": lambda _: self._repository(repo)} if node else None

    def _by_number(self, repo: Repository, what: str, *kinds: str) -> Callable[[Args], Node]:
        def resolve(args: Args) -> Node:
            node = self._number(repo, args["number"], *kinds)
            if node is None:
                raise FieldError(
                    "NOT_FOUND",
                    f"Could not resolve to {what} with the number of {args['number']}.",
                )
            return node

        return resolve

    def _parent(self, repo: Repository) -> Node | None:
        parent = self._fixtures.repository_by_name.get((repo.parent or "").lower())
        if parent and parent.saml:
            raise _sso_error("Resource protected by organization SAML enforcement.")
        is_hidden = parent is None or parent.private or parent.blocked
        return None if is_hidden or parent is None else self._repository(parent)

    def _repository(self, repo: Repository) -> Node:
        login, _, short_name = repo.name.partition("/")
        return {
            "__typename": "Repository",
            "id": repo.node_id,
            "databaseId": repo.number,
            "name": short_name,
            "nameWithOwner": repo.name,
            **_location(repo.name),
            "description": repo.description,
            "homepageUrl": repo.homepage,
            "isArchived": repo.archived,
            "archivedAt": repo.archived_at or (repo.pushed_at if repo.archived else None),
            "isDisabled": repo.disabled,
            "isEmpty": repo.empty,
            "isFork": repo.parent is not None,
            "isLocked": False,
            "isMirror": False,
            "isPrivate": repo.private,
            "isTemplate": False,
            "visibility": "PRIVATE" if repo.private else "PUBLIC",
            "hasIssuesEnabled": True,
            "hasWikiEnabled": repo.wiki,
            "hasDiscussionsEnabled": bool(repo.discussions),
            "stargazerCount": repo.stars,
            "stargazers": _refuse_stargazers,
            "forkCount": repo.forks,
            "diskUsage": 0 if repo.empty else 1024,
            "pushedAt": None if repo.empty else repo.pushed_at,
            "updatedAt": repo.pushed_at,
            "createdAt": repo.created_at,
            "owner": lambda _: self._owner(login) or _account(Owner(login)),
            "parent": lambda _: self._parent(repo),
            "licenseInfo": lambda _: _license(repo.license),
            "primaryLanguage": lambda _: _language(repo.language),
            "defaultBranchRef": lambda _: _find_ref(repo, f"refs/heads/{repo.default_branch}"),
            "latestRelease": lambda _: _release(repo, repo.release),
            "release": lambda args: _release(repo, args["tagName"]),
            "releases": lambda args: connection(
                [release] if (release := _release(repo, repo.release)) else [], args
            ),
            "repositoryTopics": lambda args: connection([_topic(t) for t in repo.topics], args),
            "ref": lambda args: _find_ref(repo, args["qualifiedName"]),
            "refs": lambda args: _refs(repo, args),
            "object": lambda args: _object(repo, args.get("expression") or args.get("oid") or ""),
            "issueOrPullRequest": self._by_number(
                repo, "an issue or pull request", "PullRequest", "Issue"
            ),
            "issue": self._by_number(repo, "an Issue", "Issue"),
            "pullRequest": self._by_number(repo, "a PullRequest", "PullRequest"),
            "discussion": self._by_number(repo, "a Discussion", "Discussion"),
        }
