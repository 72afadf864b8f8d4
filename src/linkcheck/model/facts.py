"""Facts: what a service told us of a thing, in neutral typed form.

No service's field names or odd spellings leak past its provider. ``None`` always means "the
service did not say", never "no"; an empty tuple means "it said: none". Times are aware UTC
datetimes. Licenses are kept as the service spells them; :mod:`linkcheck.model.licenses` compares.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """A source repository (GitHub)."""

    repository_id: str | None = None
    """The service's lasting id (GraphQL node id): survives renames, changes on a take-over."""
    full_name: str | None = None
    """``owner/name`` in the service's own spelling."""
    stars: int | None = None
    forks: int | None = None
    license: str | None = None
    """SPDX id as the service detected it; ``NOASSERTION`` when there is one it does not know."""
    pushed_at: datetime | None = None
    """Last push to any branch."""
    committed_at: datetime | None = None
    """Date of the last commit on the default branch; the better sign of life."""
    created_at: datetime | None = None
    archived: bool | None = None
    disabled: bool | None = None
    blocked: str | None = None
    """Why the service refuses access to it (``dmca``, ``tos``, …), if it does."""
    empty: bool | None = None
    private: bool | None = None
    fork: bool | None = None
    parent: str | None = None
    """``owner/name`` of what it was forked from."""
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
    """Whether path and ref are there, as the link says them."""
    suggested_url: str | None = None
    """Where the path does exist (on the default branch), when it is not where the link says."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model, dataset or space (Hugging Face)."""

    repository_id: str | None = None
    full_name: str | None = None
    """``owner/name`` (or a legacy one-part id) in the service's own spelling."""
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
    """The card's own pretty name or first heading, where the service gives it."""
    gated: str | None = None
    """``auto`` or ``manual`` when access needs an agreement, ``no`` when it does not."""
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
    """A paper (arXiv, or a DOI whose registry told more than that it exists)."""

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
    missing_versions: tuple[int, ...] = ()
    """Versions that links pin and the service does not have."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A web page, or a page of a service that has no richer facts."""

    title: str | None = None
    https_works: bool | None = None
    """For an ``http:`` address: whether the ``https:`` one was seen to serve the same."""
    fragments: tuple[tuple[str, bool], ...] = ()
    """For each fragment asked about, whether the page has such an anchor."""
    login_required: bool | None = None
    """Whether the address leads to a sign-in page."""


Facts = RepositoryFacts | PathFacts | ModelFacts | PaperFacts | PageFacts
