"""GraphQL queries are validated and answered as GitHub does it."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import httpx
import pytest
from graphql import GraphQLField, GraphQLObjectType, build_schema, get_named_type, is_leaf_type

from linkcheck.sandbox import Sandbox

Ask = Callable[..., httpx.Response]
Start = Callable[..., tuple[Sandbox, Ask]]

SCHEMA = build_schema(
    files("linkcheck.sandbox.services").joinpath("github.graphql").read_text("utf-8")
)

FULL = {
    "name": "octo/full",
    "parent": "octo/base",
    "license": "MIT",
    "language": "Python",
    "topics": ["medicine"],
    "tags": ["v1"],
    "release": "v1",
    "issues": [1],
    "pulls": [2],
    "discussions": [3],
}
WORLD = {
    "repositories": [FULL, {"name": "octo/base"}],
    "owners": [{"login": "octo", "gists": ["abc123"]}, {"login": "corp", "organization": True}],
}

ARGUMENTS = {
    "repository": 'owner: "octo", name: "full"',
    "repositoryOwner": 'login: "octo"',
    "user": 'login: "octo"',
    "organization": 'login: "corp"',
    "resource": 'url: "https://github.com/octo/full/releases/tag/v1"',
    "gist": 'name: "abc123"',
    "release": 'tagName: "v1"',
    "ref": 'qualifiedName: "refs/tags/v1"',
    "refs": 'refPrefix: "refs/heads/", first: 1',
    "object": 'expression: "HEAD:README.md"',
    "issueOrPullRequest": "number: 1",
    "issue": "number: 1",
    "pullRequest": "number: 2",
    "discussion": "number: 3",
}
"""Arguments by field, for every field with required ones."""

_IN_REPOSITORY = {
    "Issue": "issue",
    "PullRequest": "pullRequest",
    "Discussion": "discussion",
    "Ref": "ref",
    "Release": "release",
    "License": "licenseInfo",
    "Language": "primaryLanguage",
    "ReleaseConnection": "releases",
    "RefConnection": "refs",
    "RepositoryTopicConnection": "repositoryTopics",
    "RepositoryTopic": "repositoryTopics nodes",
    "Topic": "repositoryTopics nodes topic",
    "ReleaseAssetConnection": "release releaseAssets",
    "Blob": "object ...Blob",
    "Commit": "defaultBranchRef target ...Commit",
    "CommitHistoryConnection": "defaultBranchRef target ...Commit history",
}
PLACES = {
    "Query": "",
    "Repository": "repository",
    "User": "user",
    "Organization": "organization",
    "Gist": "user gist",
    "RateLimit": "rateLimit",
    **{kind: f"repository {place}" for kind, place in _IN_REPOSITORY.items()},
}
"""The path of fields to each object type."""

NOT_ASKED = {
    "Mutation": "the forge's tests call these",
    "CreateCommitOnBranchPayload": "the same",
    "UpdateRefsPayload": "the same",
    "Tree": "has no more fields than GitObject",
    "Tag": "the world has no annotated tags",
    "ReleaseAsset": "the world has none",
    "StargazerConnection": "refused",
}
SKIPPED = ("stargazers", "node", "nodes")


def post(ask: Ask, query: str, variables: object = None, name: str | None = None) -> dict[str, Any]:
    answer = ask(
        "https://api.github.com/graphql",
        "POST",
        json={"query": query, "variables": variables, "operationName": name},
        headers={"Authorization": "Bearer token"},
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def fields_of(kind: str) -> dict[str, GraphQLField]:
    found = SCHEMA.type_map[kind]
    assert isinstance(found, GraphQLObjectType)
    fields: dict[str, GraphQLField] = found.fields
    return fields


def with_arguments(name: str, *, is_paged: bool) -> str:
    arguments = ARGUMENTS.get(name) or ("first: 1" if is_paged else "")
    return f"{name}({arguments})" if arguments else name


def test_every_object_type_has_a_path() -> None:
    types = SCHEMA.type_map.items()
    objects = {name for name, kind in types if isinstance(kind, GraphQLObjectType)}
    assert {name for name in objects if not name.startswith("__")} == {*PLACES, *NOT_ASKED}


@pytest.mark.parametrize("kind", PLACES)
def test_every_field_of_the_schema_is_answered(start: Start, kind: str) -> None:
    fields = [
        (with_arguments(name, is_paged="first" in field.args) if field.args else name)
        + ("" if is_leaf_type(get_named_type(field.type)) else " { __typename }")
        for name, field in fields_of(kind).items()
        if name not in SKIPPED
    ]
    query = " ".join(fields)
    for step in reversed(PLACES[kind].split()):
        is_paged = step in ("releases", "repositoryTopics", "releaseAssets", "history")
        head = step.replace("...", "... on ")
        query = f"{with_arguments(head, is_paged=is_paged)} {{ {query} }}"
    body = post(start(WORLD)[1], f"{{ {query} }}")
    assert "errors" not in body
    found: Any = body["data"]
    for step in PLACES[kind].split():
        found = found if step.startswith("...") else found[step]
        found = found[0] if isinstance(found, list) else found
    assert len(found) == len(fields)


REPOSITORY = 'repository(owner: "octo", name: "new")'


@pytest.mark.parametrize(
    ("query", "code", "path", "message"),
    [
        (
            f"query Q {{ a: {REPOSITORY} {{ stars }} }}",
            "undefinedField",
            ["query Q", "a", "stars"],
            "Field 'stars' doesn't exist on type 'Repository'",
        ),
        (
            f'{{ {REPOSITORY} {{ object(expression: "HEAD") {{ ... on Commit {{ nope }} }} }} }}',
            "undefinedField",
            ["query", "repository", "object", "... on Commit", "nope"],
            "Field 'nope' doesn't exist on type 'Commit'",
        ),
        (
            f"{{ {REPOSITORY} {{ ...F }} }} fragment F on Repository {{ nope }}",
            "undefinedField",
            ["fragment F", "nope"],
            "Field 'nope' doesn't exist on type 'Repository'",
        ),
        (
            f'{{ {REPOSITORY} {{ release(tag: "v1", tagName: "v1") {{ id }} }} }}',
            "argumentNotAccepted",
            ["query", "repository", "release", "tag"],
            "Field 'release' doesn't accept argument 'tag'",
        ),
        (
            '{ repository(owner: "octo") { id } }',
            "missingRequiredArguments",
            ["query", "repository"],
            "Field 'repository' is missing required arguments: name",
        ),
        (
            f"{{ {REPOSITORY} }}",
            "selectionMismatch",
            ["query", "repository"],
            "Field must have selections (field 'repository' returns Repository but has none)",
        ),
        (
            "{ viewer { id { x } } }",
            "selectionMismatch",
            ["query", "viewer", "id"],
            "Selections can't be made on scalars (field 'id' has selections)",
        ),
        (
            "{ user(login: $who) { id } }",
            "variableNotDefined",
            ["query", "user", "login"],
            "Variable $who is used but not declared",
        ),
        (
            "query Q($who: String!) { viewer { id } }",
            "variableNotUsed",
            ["query Q"],
            "Variable $who is declared but not used",
        ),
        (
            "query Q($who: String) { user(login: $who) { id } }",
            "variableMismatch",
            ["query Q"],
            "Type mismatch on variable $who (String / String!)",
        ),
        (
            "{ viewer { ...Gone } }",
            "useAndDefineFragment",
            ["query", "viewer"],
            "Fragment Gone was used, but not defined",
        ),
        (
            "{ viewer { id } } fragment F on User { id }",
            "useAndDefineFragment",
            ["fragment F"],
            "Fragment F was defined, but not used",
        ),
        (
            "{ viewer { ... on Robot { id } } }",
            "undefinedType",
            ["query", "viewer", "... on Robot"],
            "No such type Robot, so it can't be a fragment condition",
        ),
        (
            f'{{ {REPOSITORY} {{ issue(number: "1") {{ id }} }} }}',
            "argumentLiteralsIncompatible",
            ["query", "repository", "issue", "number"],
            'Int cannot represent non-integer value: "1"',
        ),
    ],
)
def test_an_invalid_query_has_githubs_errors(
    ask: Ask, query: str, code: str, path: list[str], message: str
) -> None:
    body = post(ask, query)
    assert set(body) == {"errors"}
    error = body["errors"][0]
    assert (error["extensions"]["code"], error["path"]) == (code, path)
    assert error["message"] == message
    assert error["locations"][0]["line"] == 1


def test_an_undefined_field_is_named_with_its_type(ask: Ask) -> None:
    body = post(ask, "{ viewer { stars } }")
    assert body["errors"][0]["extensions"] == {
        "code": "undefinedField",
        "typeName": "User",
        "fieldName": "stars",
    }


def test_a_connection_needs_a_page_size(ask: Ask) -> None:
    body = post(ask, f"{{ {REPOSITORY} {{ releases {{ totalCount }} }} }}")
    assert body["errors"][0]["type"] == "MISSING_PAGINATION_BOUNDARIES"
    body = post(ask, f"{{ {REPOSITORY} {{ releases(first: 101) {{ totalCount }} }} }}")
    assert body["errors"][0]["type"] == "EXCESSIVE_PAGINATION"
    assert body["errors"][0]["path"] == ["repository", "releases"]


@pytest.mark.parametrize("variables", [{}, {"number": "x"}, {"number": None}])
def test_a_wrong_variable_is_an_error_without_data(ask: Ask, variables: object) -> None:
    query = f"query Q($number: Int!) {{ {REPOSITORY} {{ issue(number: $number) {{ id }} }} }}"
    body = post(ask, query, variables)
    assert set(body) == {"errors"}
    assert "$number" in body["errors"][0]["message"]


def test_the_named_operation_is_run(ask: Ask) -> None:
    query = "query A { viewer { login } } query B { viewer { id } }"
    assert set(post(ask, query, name="B")["data"]["viewer"]) == {"id"}
    assert post(ask, query)["errors"][0]["message"] == "An operation name is required"


def test_directives_and_default_values_of_variables(ask: Ask) -> None:
    query = "query($more: Boolean = false) { viewer { login id @include(if: $more) } }"
    assert set(post(ask, query)["data"]["viewer"]) == {"login"}
    assert set(post(ask, query, {"more": True})["data"]["viewer"]) == {"login", "id"}


def test_nodes_are_in_the_order_of_their_ids(ask: Ask) -> None:
    known = post(ask, f"{{ {REPOSITORY} {{ id }} }}")["data"]["repository"]["id"]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    body = post(ask, query, {"ids": [known, "R_none"]})
    assert body["data"]["nodes"] == [{"id": known}, None]
    assert [(e["type"], e["path"]) for e in body["errors"]] == [("NOT_FOUND", ["nodes", 1])]
    body = post(ask, query, {"ids": ["R_none"] * 101})
    assert body["errors"][0]["type"] == "ARGUMENT_LIMIT"


def test_the_cost_counts_a_fragments_connections_once_for_each_use(ask: Ask) -> None:
    aliases = " ".join(f"r{n}: {REPOSITORY} {{ ...F }}" for n in range(100))
    fragment = "fragment F on Repository { " + " ".join(
        f"c{n}: releases(first: 1) {{ totalCount }}" for n in range(3)
    )
    body = post(ask, f"{{ rateLimit {{ cost }} {aliases} }} {fragment} }}")
    assert body["data"]["rateLimit"]["cost"] == 3
