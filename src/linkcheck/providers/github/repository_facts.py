"""Convert GitHub's JSON into neutral facts. Missing, renamed or null fields become ``None``."""

from collections.abc import Mapping

from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.github_ids import database_id
from linkcheck.providers.json_fields import (
    as_bool,
    as_count,
    as_datetime,
    as_keyword,
    as_mapping,
    as_sequence,
    as_text,
)


def from_graphql(node: Mapping[str, object]) -> RepositoryFacts:
    """Return the facts in a GraphQL ``Repository`` (GitHub's public schema)."""
    parent = as_mapping(node.get("parent"))
    branch = as_mapping(node.get("defaultBranchRef"))
    return RepositoryFacts(
        repository_id=_database_id(node.get("databaseId"), node.get("id")),
        full_name=as_text(node.get("nameWithOwner")),
        stars=as_count(node.get("stargazerCount")),
        forks=as_count(node.get("forkCount")),
        license=_license(node.get("licenseInfo"), "spdxId"),
        pushed_at=as_datetime(node.get("pushedAt")),
        committed_at=as_datetime(as_mapping(branch.get("target")).get("committedDate")),
        created_at=as_datetime(node.get("createdAt")),
        archived=as_bool(node.get("isArchived")),
        disabled=as_bool(node.get("isDisabled")),
        empty=as_bool(node.get("isEmpty")),
        private=as_bool(node.get("isPrivate")),
        fork=as_bool(node.get("isFork")),
        parent=as_text(parent.get("nameWithOwner")),
        parent_stars=as_count(parent.get("stargazerCount")),
        parent_archived=as_bool(parent.get("isArchived")),
        description=as_text(node.get("description")),
        homepage=as_text(node.get("homepageUrl")),
        topics=_topics(node.get("repositoryTopics")),
        latest_release=as_text(as_mapping(node.get("latestRelease")).get("tagName")),
        default_branch=as_keyword(branch.get("name")),
    )


def from_rest(body: Mapping[str, object]) -> RepositoryFacts:
    """Return the facts in a REST ``full-repository`` (``GET /repos/{owner}/{repo}``)."""
    parent = as_mapping(body.get("parent"))
    topics = body.get("topics")
    return RepositoryFacts(
        repository_id=_database_id(body.get("id"), body.get("node_id")),
        full_name=as_text(body.get("full_name")),
        stars=as_count(body.get("stargazers_count")),
        forks=as_count(body.get("forks_count")),
        license=_license(body.get("license"), "spdx_id"),
        pushed_at=as_datetime(body.get("pushed_at")),
        created_at=as_datetime(body.get("created_at")),
        archived=as_bool(body.get("archived")),
        disabled=as_bool(body.get("disabled")),
        private=as_bool(body.get("private")),
        fork=as_bool(body.get("fork")),
        parent=as_text(parent.get("full_name")),
        parent_stars=as_count(parent.get("stargazers_count")),
        parent_archived=as_bool(parent.get("archived")),
        description=as_text(body.get("description")),
        homepage=as_text(body.get("homepage")),
        topics=tuple(t for t in map(as_keyword, topics) if t) if isinstance(topics, list) else None,
        default_branch=as_keyword(body.get("default_branch")),
    )


def _database_id(number: object, node_id: object) -> str | None:
    """Return the id that stays when the format of node ids changes."""
    count = as_count(number)
    return str(count) if count else database_id(as_text(node_id) or "")


def _license(value: object, spdx_key: str) -> str | None:
    """Return the SPDX id; a license that GitHub detects but cannot name is ``NOASSERTION``."""
    if not isinstance(value, dict):
        return None
    spdx = as_keyword(value.get(spdx_key))
    if spdx:
        return spdx
    return "NOASSERTION" if as_text(value.get("key")) == "other" else None


def _topics(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, dict) or not isinstance(value.get("nodes"), list):
        return None
    names = (
        as_keyword(as_mapping(as_mapping(node).get("topic")).get("name"))
        for node in as_sequence(value["nodes"])
    )
    return tuple(name for name in names if name)


def summary(facts: RepositoryFacts) -> str:
    """Return one line of evidence about a repository that exists."""
    said = [facts.full_name or "the repository", "is there"]
    if facts.archived:
        said.append("(archived)")
    if facts.disabled:
        said.append("(disabled)")
    if facts.stars is not None:
        said.append(f"with {facts.stars} stars")
    return " ".join(said)
