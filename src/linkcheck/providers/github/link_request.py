"""What a GitHub link wants to know, and the single questions ("probes") that settle it. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from linkcheck.model.target import Target
from linkcheck.providers.github.recognize import GitHubParts, parts

MAX_SPLITS = 4
"""How many segments a branch name with slashes may have before it is no longer looked for."""

WHOLE_REFS = frozenset({"head", "main", "master", "trunk"})
"""Names that in practice are never the first half of a longer branch name."""

DEFAULT_REFS = WHOLE_REFS
"""Names that default branches have or had; a link to one that is gone means "the default"."""

_SHA = re.compile(r"[0-9a-f]{40}")
_MAX_NUMBER = 2**31 - 1
"""The largest number that GraphQL's ``Int`` takes."""


class ProbeKind(StrEnum):
    """The things that can be asked of one repository."""

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
    """One question about a repository. Equal probes are asked once."""

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
    """The repository itself, or a page that is there whenever the repository is."""

    page: str = ""
    """The page's path behind ``owner/name``; empty for the repository itself."""

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Nothing beyond the repository."""
        return ()


@dataclass(frozen=True, slots=True)
class PathWant:
    """A file, folder, ref or commit inside the repository."""

    verb: str
    splits: tuple[RefPathSplit, ...]
    """The readings to try, the shortest ref first; at least one."""

    @property
    def on_default(self) -> Probe | None:
        """The probe for the same path on the default branch."""
        path = self.splits[0].path
        return Probe(ProbeKind.OBJECT, f"HEAD:{path}") if path else None

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Every reading, and the same path on the default branch."""
        asked = [Probe(ProbeKind.OBJECT, split.expression) for split in self.splits]
        if self.on_default:
            asked.append(self.on_default)
        return tuple(asked)


@dataclass(frozen=True, slots=True)
class SubresourceRequest:
    """An issue, pull request, discussion, release or wiki of the repository."""

    probe: Probe
    page: str
    """Its path behind ``owner/name``."""

    @property
    def probes(self) -> tuple[Probe, ...]:
        """The part; for a release also its tag, which has a page even without a release."""
        if self.probe.kind is ProbeKind.RELEASE:
            return (self.probe, self.tag)
        return (self.probe,)

    @property
    def tag(self) -> Probe:
        """The probe for the git tag of a release."""
        return Probe(ProbeKind.OBJECT, self.probe.value)


InRepository = RepositoryRequest | PathWant | SubresourceRequest


@dataclass(frozen=True, slots=True)
class RepositoryAsk:
    """A link into a repository."""

    owner: str
    name: str
    want: InRepository


@dataclass(frozen=True, slots=True)
class OwnerAsk:
    """A user's or organization's page."""

    login: str


@dataclass(frozen=True, slots=True)
class GistAsk:
    """A gist; its owner is not always part of the address."""

    owner: str | None
    gist: str


@dataclass(frozen=True, slots=True)
class PageAsk:
    """A page of the site that no API covers."""

    url: str


ParsedGitHubLink = RepositoryAsk | OwnerAsk | GistAsk | PageAsk


def read_target(target: Target) -> ParsedGitHubLink:
    """Return what a GitHub target asks for; raises ``ValueError`` for another service's target."""
    found = parts(target)
    if found.what == "user":
        return OwnerAsk(found.owner)
    if found.what == "gist":
        return GistAsk(found.owner or None, found.name)
    want = _in_repository(found)
    return PageAsk(target.url) if want is None else RepositoryAsk(found.owner, found.name, want)


def _in_repository(found: GitHubParts) -> InRepository | None:
    """Return the request within a repository; ``None`` if only the web page can answer it."""
    rest = found.rest
    if found.what == "path" and found.ref_and_path:
        return PathWant(found.form, splits_of(tuple(found.ref_and_path.split("/"))))
    if found.what == "commit":
        return PathWant("commit", (RefPathSplit(rest, ""),))
    if found.what in {"issue", "pull", "discussion"}:
        kind = ProbeKind.DISCUSSION if found.what == "discussion" else ProbeKind.ISSUE
        word = {"issue": "issues", "pull": "pull"}.get(found.what, "discussions")
        if not 0 < int(rest) <= _MAX_NUMBER:
            return None
        return SubresourceRequest(Probe(kind, str(int(rest))), f"{word}/{rest}")
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


def splits_of(rest: tuple[str, ...]) -> tuple[RefPathSplit, ...]:
    """Return the ways to read the segments behind ``/tree/`` or ``/blob/`` as ref and path.

    Branch names may hold slashes, so ``a/b/c`` is ambiguous (so: try the default branch, then
    longer refs). Names that cannot be the first half of another branch are read one way only.
    """
    rest = tuple(part for part in rest if part) or rest
    first = rest[0].casefold()
    longest = 1 if first in WHOLE_REFS or _SHA.fullmatch(first) else min(len(rest), MAX_SPLITS)
    return tuple(
        RefPathSplit("/".join(rest[:cut]), "/".join(rest[cut:])) for cut in range(1, longest + 1)
    )
