"""What to request for a GitHub link: a repository, and probes of things inside it. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from linkcheck.model.target import Target
from linkcheck.providers.github.recognize import GitHubParts, parts

MAX_SPLITS = 4
"""Segments at most of the branch names with slashes that are tried."""

WHOLE_REFS = frozenset({"head", "main", "master", "trunk"})
"""Names that in practice are never the first part of a longer branch name."""

DEFAULT_REFS = WHOLE_REFS
"""Names that default branches have or had; a link to one that is gone means "the default"."""

_SHA = re.compile(r"[0-9a-f]{40}")
_MAX_NUMBER = 2**31 - 1
"""The largest number that GraphQL's ``Int`` takes."""


class ProbeKind(StrEnum):
    """The things inside a repository that can be requested."""

    OBJECT = "object"
    """A git expression: ``ref`` or ``ref:path``."""
    ISSUE = "issue"
    """An issue or pull request by number."""
    DISCUSSION = "discussion"
    RELEASE = "release"
    """A release by tag; ``detail`` names one of its files."""
    MILESTONE = "milestone"
    WORKFLOW = "workflow"
    """A workflow by the name of its file."""
    SUBMODULES = "submodules"
    """The file that lists the submodules of the default branch."""
    WIKI = "wiki"


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing inside a repository. Equal probes are requested once."""

    kind: ProbeKind
    value: str = ""
    detail: str = ""


SUBMODULES = Probe(ProbeKind.SUBMODULES)


@dataclass(frozen=True, slots=True)
class RefPathSplit:
    """One way to read ``a/b/c`` as a ref and a path."""

    ref: str
    path: str

    @property
    def expression(self) -> str:
        """The git expression that names it."""
        return f"{self.ref}:{self.path}" if self.path else self.ref


@dataclass(frozen=True, slots=True)
class RepositoryRequest:
    """The repository itself, or a page that exists whenever the repository does."""

    page: str = ""
    """The page's path behind ``owner/name``; empty for the repository itself."""

    @property
    def probes(self) -> tuple[Probe, ...]:
        """No probes: the repository is enough."""
        return ()


@dataclass(frozen=True, slots=True)
class PathRequest:
    """A file, folder, ref or commit inside the repository."""

    verb: str
    splits: tuple[RefPathSplit, ...]
    """The splits to try, the shortest ref first; at least one."""

    @property
    def on_default(self) -> Probe | None:
        """The probe for the same path on the default branch."""
        path = self.splits[0].path
        return Probe(ProbeKind.OBJECT, f"HEAD:{path}") if path else None

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Every split, the same path on the default branch, and the list of submodules."""
        probes = [Probe(ProbeKind.OBJECT, split.expression) for split in self.splits]
        if self.on_default:
            probes += (self.on_default, SUBMODULES)
        return tuple(probes)


@dataclass(frozen=True, slots=True)
class RefsRequest:
    """A page of branches, tags or commits: a history, a comparison, an archive."""

    refs: tuple[tuple[str, ...], ...]
    """The refs that must exist, each with the ways to read it."""
    page: str
    """Its path after ``owner/name``."""
    path: str = ""
    """The path that a history is limited to."""

    @property
    def on_default(self) -> Probe | None:
        """The probe for the path on the default branch."""
        return Probe(ProbeKind.OBJECT, f"HEAD:{self.path}") if self.path else None

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Every ref, and the path on the default branch."""
        probes = [Probe(ProbeKind.OBJECT, ref) for readings in self.refs for ref in readings]
        return (*dict.fromkeys(probes), *((self.on_default,) if self.on_default else ()))


@dataclass(frozen=True, slots=True)
class SubresourceRequest:
    """An issue, pull request, discussion, release, milestone, workflow or wiki."""

    probe: Probe
    page: str
    """Its path behind ``owner/name``."""

    @property
    def probes(self) -> tuple[Probe, ...]:
        """The thing itself; for a release also its tag, whose page exists without a release."""
        if self.probe.kind is ProbeKind.RELEASE:
            return (self.probe, self.tag)
        return (self.probe,)

    @property
    def tag(self) -> Probe:
        """The probe for the git tag of a release."""
        return Probe(ProbeKind.OBJECT, self.probe.value)


LinkRequest = RepositoryRequest | PathRequest | RefsRequest | SubresourceRequest


@dataclass(frozen=True, slots=True)
class RepositoryLink:
    """A link into a repository."""

    owner: str
    name: str
    request: LinkRequest


@dataclass(frozen=True, slots=True)
class OwnerLink:
    """A user's or organization's page."""

    login: str


@dataclass(frozen=True, slots=True)
class GistLink:
    """A gist; its owner is not always part of the URL."""

    owner: str | None
    gist: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the site that no API covers."""

    url: str


ParsedGitHubLink = RepositoryLink | OwnerLink | GistLink | PageLink


def parse_target(target: Target) -> ParsedGitHubLink:
    """Return the request for a GitHub target; raises ``ValueError`` for another service's."""
    found = parts(target)
    if found.what == "user":
        return OwnerLink(found.owner)
    if found.what == "gist":
        return GistLink(found.owner or None, found.name)
    request = _link_request(found)
    return (
        PageLink(target.url)
        if request is None
        else RepositoryLink(found.owner, found.name, request)
    )


_NUMBERED = {
    "issue": (ProbeKind.ISSUE, "issues"),
    "pull": (ProbeKind.ISSUE, "pull"),
    "discussion": (ProbeKind.DISCUSSION, "discussions"),
    "milestone": (ProbeKind.MILESTONE, "milestone"),
}
"""Probe and path segment of the things that have numbers."""


def _link_request(found: GitHubParts) -> LinkRequest | None:
    """Return the request for a repository; ``None`` for pages that no API covers."""
    rest = found.rest
    if found.what == "path" and found.ref_and_path:
        return PathRequest(found.form, split_ref_path(tuple(found.ref_and_path.split("/"))))
    if found.what == "commit":
        return PathRequest("commit", (RefPathSplit(rest, ""),))
    if found.what in _NUMBERED:
        kind, segment = _NUMBERED[found.what]
        if not 0 < int(rest) <= _MAX_NUMBER:
            return None
        return SubresourceRequest(Probe(kind, str(int(rest))), f"{segment}/{rest}")
    if found.what == "release" and rest != "latest":
        return _release(
            tuple(rest.split("/")[1:]), f"releases/{rest}", is_file=rest.startswith("download/")
        )
    if found.what == "refs":
        return _refs(rest)
    if found.what == "workflow":
        page = f"actions/workflows/{rest}"
        return SubresourceRequest(Probe(ProbeKind.WORKFLOW, rest), page)
    if found.what == "wiki":
        return SubresourceRequest(Probe(ProbeKind.WIKI), f"wiki/{rest}".rstrip("/"))
    if found.what == "unknown":
        return None
    return RepositoryRequest("releases/latest" if found.what == "release" else rest)


def _release(tail: tuple[str, ...], page: str, *, is_file: bool) -> SubresourceRequest:
    if is_file and len(tail) >= 2:
        return SubresourceRequest(Probe(ProbeKind.RELEASE, "/".join(tail[:-1]), tail[-1]), page)
    return SubresourceRequest(Probe(ProbeKind.RELEASE, "/".join(tail)), page)


def _refs(page: str) -> LinkRequest:
    """Return the request for a page of refs; the bare repository where none can be looked up."""
    word, _, rest = page.partition("/")
    if word == "compare":
        # ``user:branch`` is of a fork, ``main@{1day}`` of the reflog; two dots are an older form.
        names = re.split(r"\.{2,3}", re.sub(r"\.(?:diff|patch)$", "", rest), maxsplit=1)
        if ":" in rest or "@{" in rest:
            return RepositoryRequest(page)
        return RefsRequest(tuple((name,) for name in names if name), page)
    if word in {"commits", "find"}:
        splits = split_ref_path(tuple(_without_prefix(rest).split("/")))
        readings = tuple(split.ref for split in splits)
        return RefsRequest((readings,), page, splits[0].path if word == "commits" else "")
    if word == "archive":
        match = _ARCHIVE.fullmatch(rest)
        return (
            RefsRequest(((_without_prefix(match[1]),),), page) if match else RepositoryRequest(page)
        )
    return RefsRequest(((_without_prefix(rest),),), page)


_ARCHIVE = re.compile(r"(.+)\.(?:zip|tar\.gz|tgz)", re.DOTALL)


def _without_prefix(ref: str) -> str:
    """Return a ref without ``refs/heads/`` or ``refs/tags/``."""
    return re.sub(r"^refs/(?:heads|tags)/(?=.)", "", ref)


def split_ref_path(rest: tuple[str, ...]) -> tuple[RefPathSplit, ...]:
    """Return the ways to split the segments after ``/tree/`` or ``/blob/`` into ref and path.

    Branch names may contain slashes, so ``a/b/c`` is ambiguous. Names that cannot be the first part
    of another branch are split one way only.
    """
    rest = tuple(part for part in rest if part) or rest
    first = rest[0].casefold()
    longest = 1 if first in WHOLE_REFS or _SHA.fullmatch(first) else min(len(rest), MAX_SPLITS)
    return tuple(
        RefPathSplit("/".join(rest[:cut]), "/".join(rest[cut:])) for cut in range(1, longest + 1)
    )
