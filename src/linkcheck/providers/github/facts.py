"""GitHub's JSON, read into neutral facts. Missing, renamed or null fields become ``None``."""

from collections.abc import Mapping

from linkcheck.model.facts import RepositoryFacts
from linkcheck.providers.reading import count, flag, mapping, moment, sequence, text, word


def from_graphql(node: Mapping[str, object]) -> RepositoryFacts:
    """Return the facts in a GraphQL ``Repository`` (GitHub's public schema)."""
    parent = mapping(node.get("parent"))
    branch = mapping(node.get("defaultBranchRef"))
    return RepositoryFacts(
        repository_id=text(node.get("id")),
        full_name=text(node.get("nameWithOwner")),
        stars=count(node.get("stargazerCount")),
        forks=count(node.get("forkCount")),
        license=_license(node.get("licenseInfo"), "spdxId"),
        pushed_at=moment(node.get("pushedAt")),
        committed_at=moment(mapping(branch.get("target")).get("committedDate")),
        created_at=moment(node.get("createdAt")),
        archived=flag(node.get("isArchived")),
        disabled=flag(node.get("isDisabled")),
        empty=flag(node.get("isEmpty")),
        private=flag(node.get("isPrivate")),
        fork=flag(node.get("isFork")),
        parent=text(parent.get("nameWithOwner")),
        parent_stars=count(parent.get("stargazerCount")),
        parent_archived=flag(parent.get("isArchived")),
        description=text(node.get("description")),
        homepage=text(node.get("homepageUrl")),
        topics=_topics(node.get("repositoryTopics")),
        latest_release=text(mapping(node.get("latestRelease")).get("tagName")),
        default_branch=word(branch.get("name")),
    )


def from_rest(body: Mapping[str, object]) -> RepositoryFacts:
    """Return the facts in a REST ``full-repository`` (``GET /repos/{owner}/{repo}``)."""
    parent = mapping(body.get("parent"))
    topics = body.get("topics")
    return RepositoryFacts(
        repository_id=text(body.get("node_id")),
        full_name=text(body.get("full_name")),
        stars=count(body.get("stargazers_count")),
        forks=count(body.get("forks_count")),
        license=_license(body.get("license"), "spdx_id"),
        pushed_at=moment(body.get("pushed_at")),
        created_at=moment(body.get("created_at")),
        archived=flag(body.get("archived")),
        disabled=flag(body.get("disabled")),
        private=flag(body.get("private")),
        fork=flag(body.get("fork")),
        parent=text(parent.get("full_name")),
        parent_stars=count(parent.get("stargazers_count")),
        parent_archived=flag(parent.get("archived")),
        description=text(body.get("description")),
        homepage=text(body.get("homepage")),
        topics=tuple(t for t in map(word, topics) if t) if isinstance(topics, list) else None,
        default_branch=word(body.get("default_branch")),
    )


def _license(value: object, spdx_key: str) -> str | None:
    """Return the SPDX id; a licence that GitHub sees but cannot name is ``NOASSERTION``."""
    if not isinstance(value, dict):
        return None
    spdx = word(value.get(spdx_key))
    if spdx:
        return spdx
    return "NOASSERTION" if text(value.get("key")) == "other" else None


def _topics(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, dict) or not isinstance(value.get("nodes"), list):
        return None
    names = (
        word(mapping(mapping(node).get("topic")).get("name")) for node in sequence(value["nodes"])
    )
    return tuple(name for name in names if name)


def summary(facts: RepositoryFacts) -> str:
    """Return one line of evidence about a repository that is there."""
    said = [facts.full_name or "the repository", "is there"]
    if facts.archived:
        said.append("(archived)")
    if facts.disabled:
        said.append("(disabled)")
    if facts.stars is not None:
        said.append(f"with {facts.stars} stars")
    return " ".join(said)
