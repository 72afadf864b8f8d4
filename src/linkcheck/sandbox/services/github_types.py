"""The part of GitHub's GraphQL schema that the sandbox plays."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from linkcheck.sandbox.fixtures import Owner, Repository, World, derived, derived_number
from linkcheck.sandbox.graphql import Field, Schema, Type
from linkcheck.sandbox.services.github_resolvers import (
    Resolvers,
    default_branch,
    history,
    issue_or_pull,
    object_of,
    only,
    page,
    ref_of,
    refs_of,
    stargazers,
)
from linkcheck.sandbox.services.github_shapes import LICENSE_NAMES
from linkcheck.sandbox.services.github_values import (
    GitObject,
    License,
    Named,
    Numbered,
    Page,
    Release,
    Root,
    release,
)

_PAGED = frozenset({"first", "last", "after", "before", "orderBy"})


def type_of(value: Any) -> str:
    """Return the GraphQL type of a value."""
    match value:
        case Repository():
            return "Repository"
        case GitObject() | Numbered() | Page() | Named():
            return value.kind
        case Owner():
            return "Organization" if value.organization else "User"
        case License():
            return "License"
        case Root():
            return "RateLimit"
        case _:
            return type(value).__name__


def _scalar(get: Callable[[Any], object]) -> Field:
    return Field(lambda value, _: get(value))


def _connection(name: str, item: str) -> Type:
    return Type(
        name,
        {
            "nodes": Field(lambda page, _: page.items, item, many=True),
            "totalCount": _scalar(lambda page: page.total),
        },
    )


def _url(path: str) -> str:
    return f"https://github.com/{path}"


def _number_path(item: Numbered) -> str:
    kind = {"PullRequest": "pull", "Discussion": "discussions"}.get(item.kind, "issues")
    return f"{item.repo.name}/{kind}/{item.number}"


def _numbered_type(kind: str) -> Type:
    return Type(
        kind,
        {
            "id": _scalar(lambda i: f"I_{derived(i.kind, i.repo.name, str(i.number), digits=12)}"),
            "number": _scalar(lambda i: i.number),
            "title": _scalar(lambda i: f"Number {i.number}"),
            "state": _scalar(lambda _: "OPEN"),
            "closed": _scalar(lambda _: False),
            "createdAt": _scalar(lambda i: i.repo.created_at),
            "updatedAt": _scalar(lambda i: i.repo.pushed_at),
            "url": _scalar(lambda i: _url(_number_path(i))),
            "resourcePath": _scalar(lambda i: f"/{_number_path(i)}"),
            "repository": Field(lambda i, _: i.repo, "Repository"),
        },
    )


def _account_fields(resolvers: Resolvers) -> dict[str, Field]:
    return {
        "id": _scalar(lambda o: f"U_{derived('owner', o.login, digits=10)}"),
        "databaseId": _scalar(lambda o: derived_number("owner", o.login, below=100_000_000)),
        "login": _scalar(lambda o: o.login),
        "name": _scalar(lambda o: o.name),
        "url": _scalar(lambda o: _url(o.login)),
        "resourcePath": _scalar(lambda o: f"/{o.login}"),
        "avatarUrl": _scalar(lambda o: _url(f"{o.login}.png")),
        "gist": Field(resolvers.gist, "Gist", frozenset({"name"})),
    }


def _repository_type(resolvers: Resolvers) -> Type:
    number = frozenset({"number"})
    fields = {
        "id": _scalar(lambda r: r.node_id),
        "databaseId": _scalar(lambda r: r.number),
        "name": _scalar(lambda r: r.name.partition("/")[2]),
        "nameWithOwner": _scalar(lambda r: r.name),
        "url": _scalar(lambda r: _url(r.name)),
        "resourcePath": _scalar(lambda r: f"/{r.name}"),
        "description": _scalar(lambda r: r.description),
        "homepageUrl": _scalar(lambda r: r.homepage),
        "isArchived": _scalar(lambda r: r.archived),
        "archivedAt": _scalar(lambda r: r.archived_at or (r.pushed_at if r.archived else None)),
        "isDisabled": _scalar(lambda r: r.disabled),
        "isEmpty": _scalar(lambda r: r.empty),
        "isFork": _scalar(lambda r: r.parent is not None),
        "isLocked": _scalar(lambda _: False),
        "lockReason": _scalar(lambda _: None),
        "isMirror": _scalar(lambda _: False),
        "isPrivate": _scalar(lambda r: r.private),
        "isTemplate": _scalar(lambda _: False),
        "visibility": _scalar(lambda r: "PRIVATE" if r.private else "PUBLIC"),
        "hasIssuesEnabled": _scalar(lambda _: True),
        "hasWikiEnabled": _scalar(lambda r: r.wiki),
        "hasDiscussionsEnabled": _scalar(lambda r: bool(r.discussions)),
        "stargazerCount": _scalar(lambda r: r.stars),
        "stargazers": Field(stargazers, "StargazerConnection", _PAGED),
        "forkCount": _scalar(lambda r: r.forks),
        "diskUsage": _scalar(lambda r: 0 if r.empty else 1024),
        "pushedAt": _scalar(lambda r: None if r.empty else r.pushed_at),
        "updatedAt": _scalar(lambda r: r.pushed_at),
        "createdAt": _scalar(lambda r: r.created_at),
        "owner": Field(resolvers.owner_of, "RepositoryOwner"),
        "parent": Field(resolvers.parent, "Repository"),
        "licenseInfo": Field(lambda r, _: License(r.license) if r.license else None, "License"),
        "primaryLanguage": Field(
            lambda r, _: Named("Language", r.language) if r.language else None, "Language"
        ),
        "defaultBranchRef": Field(default_branch, "Ref"),
        "latestRelease": Field(
            lambda r, _: release(r, r.release) if r.release else None, "Release"
        ),
        "release": Field(
            lambda r, a: release(r, a.get("tagName")), "Release", frozenset({"tagName"})
        ),
        "releases": Field(
            lambda r, a: page("ReleaseConnection", [Release(r, r.release)] if r.release else [], a),
            "ReleaseConnection",
            _PAGED,
            connection=True,
        ),
        "repositoryTopics": Field(
            lambda r, a: page(
                "RepositoryTopicConnection",
                [Named("RepositoryTopic", topic) for topic in r.topics],
                a,
            ),
            "RepositoryTopicConnection",
            _PAGED,
            connection=True,
        ),
        "ref": Field(ref_of, "Ref", frozenset({"qualifiedName"})),
        "refs": Field(refs_of, "RefConnection", _PAGED | {"refPrefix", "query"}, connection=True),
        "object": Field(object_of, "GitObject", frozenset({"expression", "oid"})),
        "issueOrPullRequest": Field(issue_or_pull, "IssueOrPullRequest", number),
        "issue": Field(only("Issue"), "Issue", number),
        "pullRequest": Field(only("PullRequest"), "PullRequest", number),
        "discussion": Field(only("Discussion"), "Discussion", number),
    }
    return Type("Repository", fields)


def _git_types() -> list[Type]:
    shared = {
        "id": _scalar(lambda o: f"O_{o.oid[:12]}"),
        "oid": _scalar(lambda o: o.oid),
        "abbreviatedOid": _scalar(lambda o: o.oid[:7]),
        "commitUrl": _scalar(lambda o: _url(f"{o.repo.name}/commit/{o.oid}")),
    }
    commit = {
        **shared,
        "committedDate": _scalar(lambda o: o.repo.last_commit),
        "authoredDate": _scalar(lambda o: o.repo.last_commit),
        "message": _scalar(lambda _: "Update"),
        "url": _scalar(lambda o: _url(f"{o.repo.name}/commit/{o.oid}")),
        "resourcePath": _scalar(lambda o: f"/{o.repo.name}/commit/{o.oid}"),
        "history": Field(history, "CommitHistoryConnection", _PAGED, connection=True),
    }
    blob = {
        **shared,
        "byteSize": _scalar(lambda _: 100),
        "isBinary": _scalar(lambda _: False),
        "isTruncated": _scalar(lambda _: False),
        "text": _scalar(lambda o: f"# {o.repo.name}\n"),
    }
    return [
        Type("GitObject", shared, ("Blob", "Tree", "Commit", "Tag")),
        Type("Commit", commit),
        Type("Blob", blob),
        Type("Tree", dict(shared)),
        Type("Tag", {**shared, "name": _scalar(lambda o: o.expression)}),
        _connection("CommitHistoryConnection", "Commit"),
    ]


def _small_types() -> list[Type]:
    return [
        Type(
            "License",
            {
                "id": _scalar(lambda x: f"MDc6{derived('license', x.spdx, digits=12)}"),
                "spdxId": _scalar(lambda x: x.spdx),
                "key": _scalar(lambda x: "other" if x.spdx == "NOASSERTION" else x.spdx.lower()),
                "name": _scalar(lambda x: LICENSE_NAMES.get(x.spdx, x.spdx)),
                "nickname": _scalar(lambda _: None),
                "url": _scalar(lambda x: f"http://choosealicense.com/licenses/{x.spdx.lower()}/"),
                "pseudoLicense": _scalar(lambda x: x.spdx == "NOASSERTION"),
            },
        ),
        Type("Language", {"name": _scalar(lambda x: x.name), "color": _scalar(lambda _: None)}),
        Type(
            "Ref",
            {
                "id": _scalar(lambda x: f"REF_{derived('ref', x.repo.name, x.name, digits=12)}"),
                "name": _scalar(lambda x: x.name),
                "prefix": _scalar(lambda x: x.prefix),
                "target": Field(lambda x, _: GitObject("Commit", x.repo, x.name), "GitObject"),
            },
        ),
        Type(
            "Release",
            {
                "id": _scalar(lambda x: f"RE_{derived('release', x.repo.name, x.tag, digits=12)}"),
                "name": _scalar(lambda x: x.tag),
                "tagName": _scalar(lambda x: x.tag),
                "isDraft": _scalar(lambda _: False),
                "isPrerelease": _scalar(lambda _: False),
                "isLatest": _scalar(lambda x: x.tag == x.repo.release),
                "createdAt": _scalar(lambda x: x.repo.pushed_at),
                "publishedAt": _scalar(lambda x: x.repo.pushed_at),
                "url": _scalar(lambda x: _url(f"{x.repo.name}/releases/tag/{x.tag}")),
                "resourcePath": _scalar(lambda x: f"/{x.repo.name}/releases/tag/{x.tag}"),
            },
        ),
        Type("Topic", {"name": _scalar(lambda x: x.name)}),
        Type(
            "RepositoryTopic",
            {
                "topic": Field(lambda x, _: Named("Topic", x.name), "Topic"),
                "url": _scalar(lambda x: _url(f"topics/{x.name}")),
            },
        ),
        Type(
            "Gist",
            {
                "id": _scalar(lambda x: f"G_{x.name}"),
                "name": _scalar(lambda x: x.name),
                "url": _scalar(lambda x: f"https://gist.github.com/{x.owner.login}/{x.name}"),
                "description": _scalar(lambda _: None),
                "isPublic": _scalar(lambda _: True),
                "pushedAt": _scalar(lambda _: "2024-01-01T00:00:00Z"),
                "updatedAt": _scalar(lambda _: "2024-01-01T00:00:00Z"),
                "owner": Field(lambda x, _: x.owner, "RepositoryOwner"),
            },
        ),
        Type(
            "RateLimit",
            {
                "cost": _scalar(lambda x: x.cost),
                "limit": _scalar(lambda x: x.limit),
                "remaining": _scalar(lambda x: x.remaining),
                "used": _scalar(lambda x: x.limit - x.remaining),
                "nodeCount": _scalar(lambda _: 0),
                "resetAt": _scalar(
                    lambda x: datetime.fromtimestamp(x.reset_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                ),
            },
        ),
        Type("StargazerConnection", {"totalCount": _scalar(lambda _: 0)}),
        _connection("ReleaseConnection", "Release"),
        _connection("RepositoryTopicConnection", "RepositoryTopic"),
        _connection("RefConnection", "Ref"),
    ]


def build_schema(world: World) -> Schema:
    """Return the schema over a world."""
    resolvers = Resolvers(world)
    login = frozenset({"login"})
    query = {
        "repository": Field(
            resolvers.repository, "Repository", frozenset({"owner", "name", "followRenames"})
        ),
        "repositoryOwner": Field(resolvers.owner, "RepositoryOwner", login),
        "user": Field(resolvers.user, "User", login),
        "organization": Field(resolvers.organization, "Organization", login),
        "viewer": Field(lambda _, __: Owner("linkcheck-bot"), "User"),
        "rateLimit": Field(lambda root, _: root, "RateLimit", frozenset({"dryRun"})),
        "resource": Field(resolvers.resource, "UniformResourceLocatable", frozenset({"url"})),
        "node": Field(resolvers.node, "Node", frozenset({"id"})),
        "nodes": Field(resolvers.nodes, "Node", frozenset({"ids"}), many=True),
    }
    account = _account_fields(resolvers)
    owner = {name: account[name] for name in ("id", "login", "url", "resourcePath", "avatarUrl")}
    place = {name: _scalar(lambda _: None) for name in ("url", "resourcePath")}
    located = ("Repository", "Issue", "PullRequest", "Commit", "Release", "User", "Organization")
    types = [
        Type("Query", query),
        Type("Mutation"),
        _repository_type(resolvers),
        Type("User", account),
        Type("Organization", {k: v for k, v in account.items() if k != "gist"}),
        Type("RepositoryOwner", owner, ("User", "Organization")),
        Type("UniformResourceLocatable", place, located),
        Type("Node", {"id": account["id"]}, (*located, "Gist", "Ref", "Blob", "Tree")),
        Type("IssueOrPullRequest", {}, ("Issue", "PullRequest")),
        *(_numbered_type(kind) for kind in ("Issue", "PullRequest", "Discussion")),
        *_git_types(),
        *_small_types(),
    ]
    return Schema({t.name: t for t in types}, type_of)
