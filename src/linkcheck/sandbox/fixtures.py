"""The sandbox's fixtures: repositories, papers, hosts and more, as values read from JSON files.

``docs/sandbox.md`` describes the file format. ``assumed`` names the fields of an item whose values
were made up (``["*"]``: all of them).
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, TypeVar

from linkcheck.sandbox.publications import Publication, PublicationIndex

T = TypeVar("T")


class FixtureError(ValueError):
    """A fixture file is invalid; the message names the file, the item and the valid keys."""


def derive_id(*parts: str, digits: int = 40) -> str:
    """Return a deterministic hexadecimal id for the parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:digits]


def derive_number(*parts: str, below: int) -> int:
    """Return a deterministic number from 0 to ``below`` - 1 for the parts."""
    return int(derive_id(*parts, digits=15), 16) % below


@dataclass(frozen=True, slots=True)
class Repository:
    """A GitHub repository."""

    name: str
    """``owner/name`` in GitHub's spelling."""
    id: int = 0
    """The database id; 0 derives one from the name."""
    previous: tuple[str, ...] = ()
    """Former names, which redirect."""
    description: str | None = None
    homepage: str | None = None
    license: str | None = None
    """SPDX id; ``NOASSERTION`` for one that GitHub does not know; ``None`` for none found."""
    stars: int = 0
    forks: int = 0
    language: str | None = None
    default_branch: str = "main"
    branches: tuple[str, ...] = ()
    """Branches other than the default."""
    renamed_branches: Mapping[str, str] = field(default_factory=dict)
    """Old branch name to new; redirected by the web pages only."""
    tags: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    """Commit ids."""
    files: tuple[str, ...] = ("README.md",)
    """Paths of files on every branch, or ``branch:path`` for a file on one branch."""
    topics: tuple[str, ...] = ()
    release: str | None = None
    """Tag of the latest release."""
    issues: tuple[int, ...] = ()
    pulls: tuple[int, ...] = ()
    discussions: tuple[int, ...] = ()
    milestones: tuple[int, ...] = ()
    wiki: bool = False
    created_at: str = "2022-01-01T00:00:00Z"
    pushed_at: str = "2026-06-01T00:00:00Z"
    committed_at: str | None = None
    """Date of the last commit on the default branch; default ``pushed_at``."""
    archived: bool = False
    archived_at: str | None = None
    disabled: bool = False
    empty: bool = False
    private: bool = False
    blocked: str | None = None
    """``dmca``, ``tos`` or ``unavailable``."""
    saml: bool = False
    """Whether its organization enforces SAML single sign-on."""
    parent: str | None = None
    """``owner/name`` of the repository it was forked from."""
    assumed: tuple[str, ...] = ()
    confidence: str | None = None

    @property
    def number(self) -> int:
        """The database id."""
        return self.id or 100_000_000 + derive_number("repository", self.name, below=800_000_000)

    @property
    def node_id(self) -> str:
        """The GraphQL node id."""
        packed = b"\x92\x00\xce" + self.number.to_bytes(4)
        return f"R_{urlsafe_b64encode(packed).decode().rstrip('=')}"

    @property
    def last_commit(self) -> str:
        """Date of the last commit on the default branch."""
        return self.committed_at or self.pushed_at

    def has_ref(self, ref: str) -> bool:
        """Whether the branch, tag or commit exists."""
        if self.empty:
            return False
        return (
            ref in ("HEAD", self.default_branch)
            or ref in self.branches
            or ref in self.tags
            or ref in self.commits
        )

    def look_up(self, ref: str, path: str) -> str | None:
        """Return ``blob``, ``tree`` or ``None`` for a path at a ref."""
        if not self.has_ref(ref):
            return None
        path = path.strip("/")
        if not path:
            return "tree"
        branch = self.default_branch if ref == "HEAD" else ref
        for name in self.files:
            place, colon, file = name.partition(":")
            if colon and place != branch:
                continue
            file = file if colon else name
            if file == path:
                return "blob"
            if file.startswith(path + "/"):
                return "tree"
        return None


@dataclass(frozen=True, slots=True)
class HubRepository:
    """A model, dataset or space on Hugging Face."""

    name: str
    """``owner/name``, or one part for a legacy id."""
    kind: str = "model"
    previous: tuple[str, ...] = ()
    id: str = ""
    """The Hub's ``_id``; derived from kind and name if empty."""
    title: str | None = None
    license: str | None = None
    license_name: str | None = None
    license_link: str | None = None
    base_model: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    arxiv: tuple[str, ...] = ()
    pipeline_tag: str | None = None
    library_name: str | None = None
    gated: str | bool = False
    disabled: bool = False
    private: bool = False
    likes: int = 0
    downloads: int = 0
    created_at: str = "2023-06-01T00:00:00.000Z"
    last_modified: str = "2025-06-01T00:00:00.000Z"
    card: bool = True
    """Whether there is a README."""
    metadata: bool = True
    """Whether the README has a metadata block."""
    text: str = ""
    """Text of the card after the metadata."""
    files: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    """Branches and tags other than ``main``."""
    assumed: tuple[str, ...] = ()
    confidence: str | None = None

    @property
    def object_id(self) -> str:
        """The Hub's ``_id``."""
        return self.id or derive_id("hub", self.kind, self.name, digits=24)

    @property
    def sha(self) -> str:
        """The commit id of ``main``."""
        return derive_id("sha", self.kind, self.name, self.last_modified)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file in it."""
        card = ("README.md",) if self.card and "README.md" not in self.files else ()
        return (".gitattributes", *card, *self.files)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper on arXiv."""

    id: str
    """Without version."""
    title: str = ""
    authors: tuple[str, ...] = ("A. Author",)
    versions: int = 1
    published: str = "2023-01-01T00:00:00Z"
    updated: str | None = None
    abstract: str = "An abstract."
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    category: str = "cs.CL"
    license: str = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
    withdrawn: bool = False
    """Whether its last version is a withdrawal: it has no PDF."""
    hub: bool = False
    """Whether Hugging Face has a page for it."""
    assumed: tuple[str, ...] = ()
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Doi:
    """A registered DOI."""

    id: str
    url: str = ""
    title: str | None = None
    agency: str = "Crossref"
    assumed: tuple[str, ...] = ()
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """A person or organization, on GitHub or on Hugging Face."""

    login: str
    service: str = "github"
    organization: bool = False
    name: str | None = None
    gists: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    """Slugs of collections on Hugging Face."""
    assumed: tuple[str, ...] = ()
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Behavior:
    """The response of one URL of a web host."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    location: str | None = None
    """The target of a redirect."""
    title: str | None = None
    body: str | None = None
    """Replaces the page made from the title."""
    content_type: str = "text/html; charset=utf-8"
    delay: float = 0.0
    """Seconds before the response, in addition to the latency."""
    sequence: tuple["Behavior", ...] = ()
    """Successive responses; the last one is repeated."""
    fault: str | None = None
    """The kind of a fault (:class:`linkcheck.sandbox.faults.Kind`) to inject."""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class WebHost:
    """A web host."""

    name: str
    pages: Mapping[str, Behavior] = field(default_factory=dict)
    """Responses by path (with ``?query``), or by ``http:/path`` for plain HTTP only."""
    default: Behavior = field(default_factory=lambda: Behavior(status=404, title="Not found"))
    """The response of every other path."""
    exists: bool = True
    """Whether the name resolves."""
    address: str = "203.0.113.10"
    """The IP address that the name resolves to, for the address guard; connections use loopback."""
    http: bool = True
    https: bool = True
    """Whether the port is open."""
    per_second: float | None = None
    """Requests per second above which it answers 429."""
    concurrency: int | None = None
    """Concurrent requests above which it answers 429."""

    def behavior(self, scheme: str, address: str) -> Behavior:
        """Return the response of a path (with its query) over ``http`` or ``https``."""
        page = self.pages.get(f"http:{address}") if scheme == "http" else None
        return page or self.pages.get(address) or self.default


@dataclass(frozen=True)
class Fixtures:
    """All items, with indexes for the services."""

    as_of: str = "2026-11-01T00:00:00Z"
    """The reference date of the dates in the fixtures."""
    repositories: tuple[Repository, ...] = ()
    hubs: tuple[HubRepository, ...] = ()
    papers: tuple[Paper, ...] = ()
    dois: tuple[Doi, ...] = ()
    publications: tuple[Publication, ...] = ()
    owners: tuple[Owner, ...] = ()
    hosts: tuple[WebHost, ...] = ()
    bad_tokens: tuple[str, ...] = ("revoked",)
    """Tokens that the services reject."""
    snapshots: Mapping[str, str] = field(default_factory=dict)
    """URL to the Wayback Machine's timestamp of its newest snapshot."""

    @cached_property
    def repository_by_name(self) -> dict[str, Repository]:
        """Repositories by lower-cased current and former name; current names take precedence."""
        index = {old.lower(): repo for repo in self.repositories for old in repo.previous}
        index.update({repo.name.lower(): repo for repo in self.repositories})
        return index

    @cached_property
    def repository_by_number(self) -> dict[int, Repository]:
        """Repositories by database id."""
        return {repo.number: repo for repo in self.repositories}

    @cached_property
    def repository_by_node(self) -> dict[str, Repository]:
        """Repositories by GraphQL id."""
        return {repo.node_id: repo for repo in self.repositories}

    @cached_property
    def hub_by_name(self) -> dict[tuple[str, str], HubRepository]:
        """Hub repositories by kind and lower-cased current or former name."""
        index = {(hub.kind, old.lower()): hub for hub in self.hubs for old in hub.previous}
        index.update({(hub.kind, hub.name.lower()): hub for hub in self.hubs})
        return index

    @cached_property
    def hubs_by_owner(self) -> dict[tuple[str, str], list[HubRepository]]:
        """Hub repositories by kind and lower-cased owner, newest first."""
        index: dict[tuple[str, str], list[HubRepository]] = {}
        for hub in self.hubs:
            owner, slash, _ = hub.name.partition("/")
            if slash:
                index.setdefault((hub.kind, owner.lower()), []).append(hub)
        return index

    @cached_property
    def paper_by_id(self) -> dict[str, Paper]:
        """Papers by id without version."""
        return {paper.id: paper for paper in self.papers}

    @cached_property
    def doi_by_id(self) -> dict[str, Doi]:
        """DOIs by lower-cased name."""
        papers = {
            doi: Doi(paper.doi or doi, next(iter(paper.pages), ""), paper.title, paper.agency)
            for doi, paper in PublicationIndex.of(self.publications).by_doi.items()
        }
        return {**papers, **{doi.id.lower(): doi for doi in self.dois}}

    @cached_property
    def publication_index(self) -> PublicationIndex:
        """Publications by their ids, with the DOIs that have a title."""
        titled = (
            Publication(doi.title, doi.id, agency=doi.agency, authors=())
            for doi in self.dois
            if doi.title
        )
        return PublicationIndex.of((*titled, *self.publications))

    @cached_property
    def host_by_name(self) -> dict[str, WebHost]:
        """Web hosts by name."""
        return {host.name: host for host in self.hosts}

    @cached_property
    def owner_by_login(self) -> dict[tuple[str, str], Owner]:
        """Owners by service and lower-cased login, with the owners of all repositories."""
        index: dict[tuple[str, str], Owner] = {}
        for repo in self.repositories:
            login = repo.name.partition("/")[0]
            index.setdefault(("github", login.lower()), Owner(login))
        for hub in self.hubs:
            login, slash, _ = hub.name.partition("/")
            if slash:
                index.setdefault(
                    ("huggingface", login.lower()), Owner(login, "huggingface", organization=True)
                )
        index.update({(o.service, o.login.lower()): o for o in self.owners})
        return index

    def over(self, other: "Fixtures") -> "Fixtures":
        """Return both merged; items of this one take precedence."""
        hosts = {host.name: host for host in other.hosts}
        for host in self.hosts:
            below = hosts.get(host.name)
            hosts[host.name] = _merged(host, below) if below else host
        return Fixtures(
            as_of=max(self.as_of, other.as_of),
            repositories=_joined(other.repositories, self.repositories, lambda r: r.name.lower()),
            hubs=_joined(other.hubs, self.hubs, lambda h: (h.kind, h.name.lower())),
            papers=_joined(other.papers, self.papers, lambda p: p.id),
            dois=_joined(other.dois, self.dois, lambda d: d.id.lower()),
            publications=_joined(other.publications, self.publications, lambda p: p.key),
            owners=_joined(other.owners, self.owners, lambda o: (o.service, o.login.lower())),
            hosts=tuple(hosts.values()),
            bad_tokens=tuple(dict.fromkeys((*other.bad_tokens, *self.bad_tokens))),
            snapshots={**other.snapshots, **self.snapshots},
        )


def _merged(upper: WebHost, lower: WebHost) -> WebHost:
    values = {f.name: getattr(upper, f.name) for f in fields(WebHost)}
    values["pages"] = {**lower.pages, **upper.pages}
    return WebHost(**values)


def _joined(lower: Iterable[T], upper: Iterable[T], key: Any) -> tuple[T, ...]:
    return tuple({**{key(x): x for x in lower}, **{key(x): x for x in upper}}.values())
