"""Facts: a service's metadata of a target in a neutral, typed form.

Providers translate their service's field names. ``None`` means that the service gave no value,
never "no"; an empty tuple means that it gave an empty list. Times are aware UTC datetimes.
Licenses are spelled as by the service; :mod:`linkcheck.matching.licenses` compares them.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """A source repository (GitHub)."""

    repository_id: str | None = None
    """The service's database id: survives renames, differs after a takeover."""
    full_name: str | None = None
    """``owner/name`` in the service's spelling."""
    stars: int | None = None
    forks: int | None = None
    license: str | None = None
    """SPDX id as the service detected it; ``NOASSERTION`` for a license that it does not know."""
    pushed_at: datetime | None = None
    """Last push to any branch."""
    committed_at: datetime | None = None
    """Date of the last commit on the default branch; better evidence than ``pushed_at``."""
    created_at: datetime | None = None
    archived: bool | None = None
    disabled: bool | None = None
    blocked: str | None = None
    """Why the service blocks access (``dmca``, ``tos``, …); ``None`` if it does not."""
    empty: bool | None = None
    private: bool | None = None
    fork: bool | None = None
    parent: str | None = None
    """``owner/name`` of the repository it was forked from."""
    parent_stars: int | None = None
    parent_archived: bool | None = None
    description: str | None = None
    homepage: str | None = None
    topics: tuple[str, ...] | None = None
    latest_release: str | None = None
    default_branch: str | None = None


@dataclass(frozen=True, slots=True)
class PathFacts:
    """A file, folder or ref inside a repository that exists."""

    repository: RepositoryFacts
    path: str
    """The path inside the repository; empty for the root."""
    ref: str
    """The branch, tag or commit the link names."""
    exists: bool
    """Whether path and ref exist."""
    suggested_url: str | None = None
    """URL of the path on the default branch, where it exists there only."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model, dataset or space (Hugging Face)."""

    repository_id: str | None = None
    full_name: str | None = None
    """``owner/name`` (or a legacy one-part id) in the service's spelling."""
    kind: str | None = None
    """``model``, ``dataset`` or ``space``."""
    license: str | None = None
    license_name: str | None = None
    license_link: str | None = None
    base_models: tuple[str, ...] | None = None
    datasets: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    arxiv_ids: tuple[str, ...] | None = None
    pipeline: str | None = None
    title: str | None = None
    """The card's ``pretty_name`` or first heading."""
    gated: str | None = None
    """``auto`` or ``manual`` when access needs an agreement, else ``no``."""
    disabled: bool | None = None
    private: bool | None = None
    likes: int | None = None
    downloads: int | None = None
    """Downloads in the last 30 days."""
    modified_at: datetime | None = None
    created_at: datetime | None = None
    card_present: bool | None = None
    card_has_metadata: bool | None = None


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper (arXiv, or a DOI with metadata from its registry)."""

    paper_id: str | None = None
    """The arXiv id without version, or the DOI."""
    title: str | None = None
    authors: tuple[str, ...] | None = None
    latest_version: int | None = None
    published_at: datetime | None = None
    """Date of the first version."""
    updated_at: datetime | None = None
    comment: str | None = None
    journal_reference: str | None = None
    doi: str | None = None
    withdrawn: bool | None = None
    license: str | None = None
    mentions: tuple[str, ...] | None = None
    """Names and repositories (``owner/name``) in its abstract and comment."""
    missing_versions: tuple[int, ...] = ()
    """Versions in links that the service does not have."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A web page, or a page of a service without other facts."""

    title: str | None = None
    https_works: bool | None = None
    """For an ``http:`` URL: whether the ``https:`` URL serves the same page."""
    fragments: tuple[tuple[str, bool], ...] = ()
    """Requested fragments, each with whether the page has that anchor."""
    login_required: bool | None = None
    """Whether the URL leads to a sign-in page."""


Facts = RepositoryFacts | PathFacts | ModelFacts | PaperFacts | PageFacts
