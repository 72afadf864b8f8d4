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
    WIKI = "wiki"


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing inside a repository. Equal probes are requested once."""

    kind: ProbeKind
    value: str = ""
    detail: str = ""


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
        """Every split, and the same path on the default branch."""
        probes = [Probe(ProbeKind.OBJECT, split.expression) for split in self.splits]
        if self.on_default:
            probes.append(self.on_default)
        return tuple(probes)


@dataclass(frozen=True, slots=True)
class SubresourceRequest:
    """An issue, pull request, discussion, release or wiki of the repository."""

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


LinkRequest = RepositoryRequest | PathRequest | SubresourceRequest


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


def _link_request(found: GitHubParts) -> LinkRequest | None:
    """Return the request for a repository; ``None`` for pages that no API covers."""
    rest = found.rest
    if found.what == "path" and found.ref_and_path:
        return PathRequest(found.form, split_ref_path(tuple(found.ref_and_path.split("/"))))
    if found.what == "commit":
        return PathRequest("commit", (RefPathSplit(rest, ""),))
    if found.what in {"issue", "pull", "discussion"}:
        kind = ProbeKind.DISCUSSION if found.what == "discussion" else ProbeKind.ISSUE
        segment = {"issue": "issues", "pull": "pull"}.get(found.what, "discussions")
        if not 0 < int(rest) <= _MAX_NUMBER:
            return None
        return SubresourceRequest(Probe(kind, str(int(rest))), f"{segment}/{rest}")
    if found.what == "release" and rest != "latest":
        return _release(
            tuple(rest.split("/")[1:]), f"releases/{rest}", is_file=rest.startswith("download/")
        )
    if found.what == "wiki":
        return SubresourceRequest(Probe(ProbeKind.WIKI), f"wiki/{rest}".rstrip("/"))
    if found.what == "unknown":
        return None
    return RepositoryRequest("releases/latest" if found.what == "release" else rest)


def _release(tail: tuple[str, ...], page: str, *, is_file: bool) -> SubresourceRequest:
    if is_file and len(tail) >= 2:
        return SubresourceRequest(Probe(ProbeKind.RELEASE, "/".join(tail[:-1]), tail[-1]), page)
    return SubresourceRequest(Probe(ProbeKind.RELEASE, "/".join(tail)), page)


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
