"""The sandbox's world: what exists in it, as plain values read from data files.

A world is a JSON object (see ``docs/sandbox.md``); several are laid over each other, the later
one winning. Nothing in it is asked of the network. Every thing says how far it can be believed:
``assumed`` names the fields that were made up (``["*"]``: all of them).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, TypeVar

from linkcheck.sandbox.publications import Publication, PublicationIndex

T = TypeVar("T")


class WorldError(ValueError):
    """A world file is not what it should be; the message names the file, the thing and the mend."""


def derived(*parts: str, digits: int = 40) -> str:
    """Return hexadecimal digits that follow from the parts alone, for ids and hashes."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:digits]


def derived_number(*parts: str, below: int) -> int:
    """Return a number from 0 to ``below`` - 1 that follows from the parts alone."""
    return int(derived(*parts, digits=15), 16) % below


@dataclass(frozen=True, slots=True)
class Repository:
    """A GitHub repository."""

    name: str
    """``owner/name`` in GitHub's spelling."""
    id: int = 0
    """The database id; 0 derives one from the name."""
    previous: tuple[str, ...] = ()
    """Names it had before, which redirect."""
    description: str | None = None
    homepage: str | None = None
    license: str | None = None
    """SPDX id; ``NOASSERTION`` for one that GitHub does not know; ``None`` for none found."""
    stars: int = 0
    forks: int = 0
    language: str | None = None
    default_branch: str = "main"
    branches: tuple[str, ...] = ()
    """Further branches."""
    renamed_branches: Mapping[str, str] = field(default_factory=dict)
    """Old branch name to new: redirects on the web, and nowhere else."""
    tags: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    """Commit ids that links name."""
    files: tuple[str, ...] = ("README.md",)
    """Paths of files on every branch, or ``branch:path`` for one branch alone."""
    topics: tuple[str, ...] = ()
    release: str | None = None
    """Tag of the latest release."""
    issues: tuple[int, ...] = ()
    pulls: tuple[int, ...] = ()
    discussions: tuple[int, ...] = ()
    wiki: bool = False
    created_at: str = "2022-01-01T00:00:00Z"
    pushed_at: str = "2026-06-01T00:00:00Z"
    committed_at: str | None = None
    """Date of the last commit on the default branch; ``pushed_at`` when not given."""
    archived: bool = False
    archived_at: str | None = None
    disabled: bool = False
    empty: bool = False
    private: bool = False
    blocked: str | None = None
    """``dmca``, ``tos`` or ``unavailable``."""
    saml: bool = False
    """Its organization hides it behind single sign-on."""
    parent: str | None = None
    """``owner/name`` of what it was forked from."""
    assumed: tuple[str, ...] = ()
    confidence: str | None = None

    @property
    def number(self) -> int:
        """The database id."""
        return self.id or 100_000_000 + derived_number("repository", self.name, below=800_000_000)

    @property
    def node_id(self) -> str:
        """The lasting GraphQL id."""
        return f"R_kgDO{derived('node', str(self.number), digits=16)}"

    @property
    def last_commit(self) -> str:
        """Date of the last commit on the default branch."""
        return self.committed_at or self.pushed_at

    def has_ref(self, ref: str) -> bool:
        """Whether the branch, tag or commit is there."""
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
class HubFixtures:
    """A model, dataset or space on Hugging Face."""

    name: str
    """``owner/name``, or one part for a legacy id."""
    kind: str = "model"
    previous: tuple[str, ...] = ()
    id: str = ""
    """The lasting ``_id``; derived from kind and name when empty."""
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
    """Further text of the card."""
    files: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    """Branches and tags besides ``main``."""
    assumed: tuple[str, ...] = ()
    confidence: str | None = None

    @property
    def object_id(self) -> str:
        """The lasting id."""
        return self.id or derived("hub", self.kind, self.name, digits=24)

    @property
    def sha(self) -> str:
        """The commit id of ``main``."""
        return derived("sha", self.kind, self.name, self.last_modified)

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
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    category: str = "cs.CL"
    license: str = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
    withdrawn: bool = False
    """Its last version is a withdrawal: no PDF, and the comment is all that says so."""
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
    """What one address of a web host does."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    location: str | None = None
    """Where a redirect points to."""
    title: str | None = None
    body: str | None = None
    """Replaces the page made from the title."""
    content_type: str = "text/html; charset=utf-8"
    delay: float = 0.0
    """Seconds before the answer, on top of the latency."""
    sequence: tuple["Behavior", ...] = ()
    """Answers to be given one after the other; the last one stays."""
    fault: str | None = None
    """The kind of a fault (:class:`linkcheck.sandbox.faults.Kind`) in place of an answer."""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class WebHost:
    """A web host."""

    name: str
    pages: Mapping[str, Behavior] = field(default_factory=dict)
    """By path (with ``?query``), as asked; ``http:/path`` holds for plain HTTP alone."""
    default: Behavior = field(default_factory=lambda: Behavior(status=404, title="Not found"))
    """What every other path does."""
    exists: bool = True
    """Whether the name has an address."""
    address: str = "203.0.113.10"
    """The address that the name leads to (for the address guard); the traffic stays on loopback."""
    http: bool = True
    https: bool = True
    """Whether something listens there."""
    per_second: float | None = None
    """Requests a second above which it answers 429."""
    concurrency: int | None = None
    """Requests at once above which it answers 429."""

    def behavior(self, scheme: str, address: str) -> Behavior:
        """Return what a path (with its query) does over ``http`` or ``https``."""
        page = self.pages.get(f"http:{address}") if scheme == "http" else None
        return page or self.pages.get(address) or self.default


@dataclass(frozen=True)
class World:
    """Everything there is, indexed by how the services look it up."""

    as_of: str = "2026-11-01T00:00:00Z"
    """The date that the world's own dates were chosen for."""
    repositories: tuple[Repository, ...] = ()
    hubs: tuple[HubFixtures, ...] = ()
    papers: tuple[Paper, ...] = ()
    dois: tuple[Doi, ...] = ()
    publications: tuple[Publication, ...] = ()
    owners: tuple[Owner, ...] = ()
    hosts: tuple[WebHost, ...] = ()
    bad_tokens: tuple[str, ...] = ("revoked",)
    """Tokens that the services reject."""
    snapshots: Mapping[str, str] = field(default_factory=dict)
    """Address to the Wayback Machine's time stamp of its newest snapshot."""

    @cached_property
    def repository_by_name(self) -> dict[str, Repository]:
        """Repositories by present and former name, lower-cased; present names win."""
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
    def hub_by_name(self) -> dict[tuple[str, str], HubFixtures]:
        """Hub repositories by kind and present or former name, lower-cased."""
        index = {(hub.kind, old.lower()): hub for hub in self.hubs for old in hub.previous}
        index.update({(hub.kind, hub.name.lower()): hub for hub in self.hubs})
        return index

    @cached_property
    def hubs_by_owner(self) -> dict[tuple[str, str], list[HubFixtures]]:
        """Hub repositories by kind and lower-cased owner, newest first."""
        index: dict[tuple[str, str], list[HubFixtures]] = {}
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
        """DOIs, lower-cased."""
        papers = {
            doi: Doi(paper.doi or doi, next(iter(paper.pages), ""), paper.title, paper.agency)
            for doi, paper in PublicationIndex.of(self.publications).by_doi.items()
        }
        return {**papers, **{doi.id.lower(): doi for doi in self.dois}}

    @cached_property
    def publication_index(self) -> PublicationIndex:
        """Publications by their ids; a DOI that is known by its title alone is one of them."""
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
        """Owners by service and lower-cased login; owners of repositories need no mention."""
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

    def over(self, other: "World") -> "World":
        """Return the two worlds together; where both know a thing, this one is believed."""
        hosts = {host.name: host for host in other.hosts}
        for host in self.hosts:
            below = hosts.get(host.name)
            hosts[host.name] = _merged(host, below) if below else host
        return World(
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
