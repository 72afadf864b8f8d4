"""The batched GraphQL query: many repositories, and everything linked in each, in one request.

Every value that comes from a link travels as a variable; nothing from outside is ever part of the
query's text.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from linkcheck.model.target import Target
from linkcheck.providers.github.link_request import GistLink, LinkRequest, Probe, ProbeKind

FIELDS = """fragment Repo on Repository {
  id databaseId nameWithOwner url isArchived isDisabled isEmpty isFork isPrivate
  stargazerCount forkCount pushedAt createdAt description homepageUrl
  licenseInfo { spdxId key name }
  defaultBranchRef { name target { ... on Commit { committedDate } } }
  latestRelease { tagName }
  repositoryTopics(first: 20) { nodes { topic { name } } }
}"""
"""``stargazerCount`` and not ``stargazers { totalCount }``: the latter is answered with FORBIDDEN
and a null repository for tokens without push rights (GitHub's changelog of 2026-06-30)."""

PARENT = "parent { nameWithOwner stargazerCount isArchived }"
"""Kept out of the fragment: only this field can give a SAML ``FORBIDDEN`` on a public fork."""


@dataclass(frozen=True, slots=True)
class RepositoryItem:
    """One repository of a batch with the requests of all links into it."""

    owner: str
    name: str
    requests: tuple[tuple[Target, LinkRequest], ...]
    with_parent: bool = True

    @property
    def probes(self) -> tuple[Probe, ...]:
        """The distinct probes of all requests, in order; a milestone is requested over REST."""
        probes = dict.fromkeys(p for _, want in self.requests for p in want.probes)
        return tuple(probe for probe in probes if probe.kind is not ProbeKind.MILESTONE)

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets of this item."""
        return tuple(target for target, _ in self.requests)

    def without_parent(self) -> "RepositoryItem":
        """Return the item without the request for the repository that it was forked from."""
        return replace(self, with_parent=False)


@dataclass(frozen=True, slots=True)
class OwnerItem:
    """One user or organization of a batch."""

    login: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class GistItem:
    """One gist of a batch. Without an owner it can only be requested over REST."""

    gist: GistLink
    targets: tuple[Target, ...]


Item = RepositoryItem | OwnerItem | GistItem


@dataclass(frozen=True, slots=True)
class Query:
    """A query ready to be sent, with the items of its aliases."""

    body: bytes
    """The JSON to POST."""
    items: tuple[tuple[str, Item], ...]
    """Alias and item, in order."""
    probes: tuple[tuple[str, ...], ...]
    """For each item the aliases of its probes, in the order of ``RepositoryItem.probes``."""


class _Variables:
    """Collects the query's variables and returns their names."""

    def __init__(self) -> None:
        self.declarations: list[str] = []
        self.values: dict[str, str | int] = {}

    def add(self, value: str | int) -> str:
        name = f"v{len(self.values)}"
        self.declarations.append(f"${name}: {'Int' if isinstance(value, int) else 'String'}!")
        self.values[name] = value
        return f"${name}"


def build_query(items: Sequence[Item]) -> Query:
    """Return the one query for all items (at least one)."""
    variables = _Variables()
    lines: list[str] = []
    aliased: list[tuple[str, Item]] = []
    probe_aliases: list[tuple[str, ...]] = []
    with_repositories = False
    for index, item in enumerate(items):
        probes: tuple[str, ...] = ()
        if isinstance(item, RepositoryItem):
            alias = f"r{index}"
            with_repositories = True
            text, probes = _repository(alias, item, variables)
        elif isinstance(item, OwnerItem):
            alias = f"o{index}"
            login = variables.add(item.login)
            text = f"  {alias}: repositoryOwner(login: {login}) {{ __typename login url }}"
        else:
            alias = f"g{index}"
            login = variables.add(item.gist.owner or "")
            name = variables.add(item.gist.gist)
            text = f"  {alias}: user(login: {login}) {{ gist(name: {name}) {{ id name url }} }}"
        lines.append(text)
        aliased.append((alias, item))
        probe_aliases.append(probes)
    declared = f"({', '.join(variables.declarations)})"
    document = "\n".join(
        [f"query Linkcheck{declared} {{", *lines, "}"] + ([FIELDS] if with_repositories else [])
    )
    body = json.dumps({"query": document, "variables": variables.values}).encode()
    return Query(body, tuple(aliased), tuple(probe_aliases))


def _repository(
    alias: str, item: RepositoryItem, variables: _Variables
) -> tuple[str, tuple[str, ...]]:
    owner, name = variables.add(item.owner), variables.add(item.name)
    head = f"repository(owner: {owner}, name: {name}, followRenames: true)"
    inner = ["...Repo"]
    if item.with_parent:
        inner.append(PARENT)
    aliases = []
    for index, probe in enumerate(item.probes):
        probe_alias = f"p{index}"
        inner.append(f"{probe_alias}: {_probe(probe, variables)}")
        aliases.append(probe_alias)
    return f"  {alias}: {head} {{ {' '.join(inner)} }}", tuple(aliases)


def _probe(probe: Probe, variables: _Variables) -> str:
    if probe.kind is ProbeKind.OBJECT:
        return f"object(expression: {variables.add(probe.value)}) {{ __typename }}"
    if probe.kind is ProbeKind.ISSUE:
        number = variables.add(int(probe.value))
        return (
            f"issueOrPullRequest(number: {number}) "
            "{ __typename ... on Issue { url } ... on PullRequest { url } }"
        )
    if probe.kind is ProbeKind.DISCUSSION:
        return f"discussion(number: {variables.add(int(probe.value))}) {{ url }}"
    if probe.kind is ProbeKind.WIKI:
        return "hasWikiEnabled"
    if probe.kind is ProbeKind.WORKFLOW:
        path = variables.add(f"HEAD:.github/workflows/{probe.value}")
        return f"object(expression: {path}) {{ __typename }}"
    if probe.kind is ProbeKind.SUBMODULES:
        path = variables.add("HEAD:.gitmodules")
        return f"object(expression: {path}) {{ __typename ... on Blob {{ text }} }}"
    files = ""
    if probe.detail:
        wanted = variables.add(probe.detail)
        files = f" releaseAssets(first: 1, name: {wanted}) {{ nodes {{ name }} }}"
    return f"release(tagName: {variables.add(probe.value)}) {{ tagName url{files} }}"
