"""Targets: one canonical value for all spellings of a link."""

from dataclasses import dataclass, field
from enum import StrEnum


class TargetKind(StrEnum):
    """Kind of a target; the values are those of ``target.kind`` in the JSON report."""

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

    # Part of every target's hash; the hash method of enumerations is slow.
    __hash__ = str.__hash__


class Service(StrEnum):
    """Services, named as on the command line (``--only``, ``--skip``)."""

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
    """What a link points to, in any spelling of the URL. Equal when kind and key are equal."""

    kind: TargetKind
    key: str
    """The canonical key, case-folded where the service ignores case.

    ``owner/name`` (repository, model), ``owner/name/tree/ref/path`` (github-path; the part after
    the repository keeps its case), the bare arXiv id without version, the lower-cased DOI, or the
    canonical URL.
    """
    url: str = field(compare=False)
    """The URL to show and to request, as first written, normalized."""

    @property
    def service(self) -> Service:
        """The service that owns the target."""
        return SERVICE_OF_KIND[self.kind]

    @property
    def authority(self) -> str:
        """The service, or a web page's host (with a port that is not the default)."""
        if self.kind is not TargetKind.WEB:
            return self.service
        return self.key.partition("://")[2].partition("/")[0]

    def __str__(self) -> str:
        """Return ``kind:key``, the name of the target in stores and fingerprints."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class ParsedLink:
    """A parsed URL: its target, and the parts that do not belong to the target."""

    target: Target
    version: int | None = None
    """The arXiv version, if any."""
    fragment: str = ""
    """The part after ``#``."""


def display_name(target: Target) -> str:
    """Return a target's name as spelled in its URL: ``Owner/Name``, not the folded key."""
    position = target.url.casefold().rfind(target.key.casefold())
    return target.url[position : position + len(target.key)] if position >= 0 else target.key
