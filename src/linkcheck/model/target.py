"""Targets: one canonical value per thing that a link can point to."""

from dataclasses import dataclass, field
from enum import StrEnum


class TargetKind(StrEnum):
    """What a link points to; the values are those of ``target.kind`` in the JSON report."""

    GITHUB_REPO = "github-repo"
    GITHUB_PATH = "github-path"
    """A file, folder or ref inside a repository."""
    GITHUB_OTHER = "github-other"
    """Issues, pulls, releases, wikis, gists, user and organization pages."""
    HF_MODEL = "hf-model"
    HF_DATASET = "hf-dataset"
    HF_SPACE = "hf-space"
    HF_OTHER = "hf-other"
    """Files, papers, collections and owner pages on Hugging Face."""
    ARXIV = "arxiv"
    DOI = "doi"
    WEB = "web"

    # A target's hash takes its kind's, and enumerations compute theirs anew each time, in Python.
    __hash__ = str.__hash__


class Service(StrEnum):
    """The services as the command line names them (``--only``, ``--skip``)."""

    GITHUB = "github"
    HUGGINGFACE = "huggingface"
    ARXIV = "arxiv"
    DOI = "doi"
    WEB = "web"

    __hash__ = str.__hash__


SERVICE_OF_KIND: dict[TargetKind, Service] = {
    TargetKind.GITHUB_REPO: Service.GITHUB,
    TargetKind.GITHUB_PATH: Service.GITHUB,
    TargetKind.GITHUB_OTHER: Service.GITHUB,
    TargetKind.HF_MODEL: Service.HUGGINGFACE,
    TargetKind.HF_DATASET: Service.HUGGINGFACE,
    TargetKind.HF_SPACE: Service.HUGGINGFACE,
    TargetKind.HF_OTHER: Service.HUGGINGFACE,
    TargetKind.ARXIV: Service.ARXIV,
    TargetKind.DOI: Service.DOI,
    TargetKind.WEB: Service.WEB,
}


@dataclass(frozen=True, slots=True)
class Target:
    """One thing, however its address is spelled. Equal when kind and key are equal."""

    kind: TargetKind
    key: str
    """The canonical key, case-folded where the service ignores case.

    ``owner/name`` (repository, model), ``owner/name/tree/ref/path`` (github-path; the part behind
    the repository keeps its case), the bare arXiv id without version, the lower-cased DOI, or the
    canonical URL.
    """
    url: str = field(compare=False)
    """The address to show and to ask, in the spelling first seen, tidied."""

    @property
    def service(self) -> Service:
        """The service that owns the target."""
        return SERVICE_OF_KIND[self.kind]

    @property
    def authority(self) -> str:
        """Who answers for it: the service, or a web page's host (and port where one is named)."""
        if self.kind is not TargetKind.WEB:
            return self.service
        return self.key.partition("://")[2].partition("/")[0]

    def __str__(self) -> str:
        """Return ``kind:key``, which names the target in stores and fingerprints."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class ParsedLink:
    """What a provider reads off a URL: the target, and what belongs to this one spelling."""

    target: Target
    version: int | None = None
    """The arXiv version the link is pinned to, if any."""
    fragment: str = ""
    """The part behind ``#``, without it; never part of a target's identity."""


def display_name(target: Target) -> str:
    """Return a target's name as its address spells it: ``Owner/Name`` and not its folded key."""
    position = target.url.casefold().rfind(target.key.casefold())
    return target.url[position : position + len(target.key)] if position >= 0 else target.key
