"""Observe files, folders, revisions and discussions in Hugging Face repositories."""

from collections.abc import Sequence
from dataclasses import dataclass

from huggingface_hub.errors import (
    DisabledRepoError,
    GatedRepoError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from linkcheck.model.facts import ModelFacts, PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason
from linkcheck.model.target import Target
from linkcheck.model.url import quote_segment
from linkcheck.model.wording import one_line
from linkcheck.providers.huggingface.hidden import HiddenRepositories
from linkcheck.providers.huggingface.hub_client import (
    HubClient,
    final_repository,
    find_new_id,
    is_redirect,
    public_url,
)
from linkcheck.providers.huggingface.hub_rate_limits import API, RESOLVERS
from linkcheck.providers.huggingface.hub_reply import Reply
from linkcheck.providers.huggingface.lookup_plan import discussion_number
from linkcheck.providers.huggingface.recognize import HubParts, Kind
from linkcheck.providers.json_fields import as_mapping, as_text
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder

SOURCE = "huggingface-api"
FILE = "huggingface-file"

DEFAULT_REVISION = "main"
"""The Hub's default branch; it has no other."""

_MAX_PATHS = 100
"""Maximum number of paths in one request."""

_MAX_RENAMES = 3


@dataclass(frozen=True, slots=True)
class PathJob:
    """Links into one repository."""

    kind: Kind
    linked_id: str
    """The repository's id in the links."""
    current_id: str
    """Its current id, as far as known."""
    contents: tuple[tuple[Target, HubParts], ...]


Link = tuple[Target, HubParts]


class PathClient:
    """Observes targets in repositories."""

    def __init__(
        self, hub: HubClient, recorder: ObservationRecorder, hidden: HiddenRepositories
    ) -> None:
        """Send requests with ``hub`` and report outcomes to ``recorder``."""
        self._hub = hub
        self._recorder = recorder
        self._hidden = hidden

    async def observe(self, job: PathJob) -> None:
        """Observe all targets of a job."""
        by_revision: dict[str, list[Link]] = {}
        for target, link in job.contents:
            number = discussion_number(link)
            if number is not None:
                await self._observe_discussion(job, target, number)
            elif link.what == "revision":
                await self._observe_revision(job, target, link)
            else:
                by_revision.setdefault(_revision(link), []).append((target, link))
        for revision, links in by_revision.items():
            for start in range(0, len(links), _MAX_PATHS):
                await self._observe_files(job, revision, links[start : start + _MAX_PATHS])

    async def _observe_discussion(self, job: PathJob, target: Target, number: str) -> None:
        path = f"/api/{job.kind}s/{quote_segment(job.current_id, safe='/')}/discussions/{number}"
        reply = await self._hub.get_api(path)
        if reply.error is None:
            current_id = final_repository(reply, job.kind, job.current_id)
            new_url = _new_url(job, current_id, f"discussions/{number}")
            found = Found(PageFacts(), new_url, new_url is not None)
            explained = ExplainedOutcome(found, "the discussion is there")
        elif _is_missing_entry(reply):
            gone = Gone(GoneReason.NOT_FOUND)
            explained = ExplainedOutcome(gone, f"there is no discussion {number}")
        else:
            await self._record_error([target], job, reply, SOURCE)
            return
        self._recorder.record(target, explained, SOURCE, status=reply.status, requests=1)

    async def _observe_revision(self, job: PathJob, target: Target, link: HubParts) -> None:
        reply = await self._hub.get_revision(job.kind, job.current_id, _revision(link))
        if reply.error is None:
            current_id = as_text(as_mapping(reply.json).get("id")) or job.current_id
            self._record(job, (target, link), current_id, reply, exists=True)
        elif reply.error is RevisionNotFoundError:
            current_id = final_repository(reply, job.kind, job.current_id)
            self._record(job, (target, link), current_id, reply, exists=False)
        else:
            await self._record_error([target], job, reply, SOURCE)

    async def _observe_files(self, job: PathJob, revision: str, links: Sequence[Link]) -> None:
        """Observe paths of one revision with one request to the API, or with one each."""
        # The resolver returns files only, no folders.
        has_folders = any(link.form == "tree" for _, link in links)
        if has_folders or self._hub.choose_bucket(API, RESOLVERS) == API:
            await self._observe_batch(job, revision, links)
        else:
            for link in links:
                await self._observe_file(job, revision, link)

    async def _observe_batch(self, job: PathJob, revision: str, links: Sequence[Link]) -> None:
        paths = list(dict.fromkeys(link.path for _, link in links))
        reply = await self._hub.get_paths_info(job.kind, job.current_id, revision, paths)
        current_id = final_repository(reply, job.kind, job.current_id)
        existing = _existing_paths(reply)
        if existing is None and reply.error is not RevisionNotFoundError:
            await self._record_error([target for target, _ in links], job, reply, SOURCE)
            return
        existing = existing or frozenset()
        missing = [path for path in paths if path not in existing]
        on_default: frozenset[str] = frozenset()
        if missing and revision != DEFAULT_REVISION:
            default = await self._hub.get_paths_info(
                job.kind, current_id, DEFAULT_REVISION, missing
            )
            on_default = _existing_paths(default) or on_default
        for target, link in links:
            self._record(
                job,
                (target, link),
                current_id,
                reply,
                exists=link.path in existing,
                exists_on_default=link.path in on_default,
            )

    async def _observe_file(self, job: PathJob, revision: str, link: Link) -> None:
        target, parts = link
        current_id = job.current_id
        for _ in range(_MAX_RENAMES):
            reply = await self._hub.get_file(job.kind, current_id, revision, parts.path)
            new_id = find_new_id(reply, job.kind)
            if new_id is None or new_id.lower() == current_id.lower():
                break
            current_id = new_id
        if reply.error is None or is_redirect(reply):
            self._record(job, link, current_id, reply, exists=True)
        elif reply.error in {RemoteEntryNotFoundError, RevisionNotFoundError}:
            self._record(job, link, current_id, reply, exists=False)
        else:
            await self._record_error([target], job, reply, FILE)

    def _record(
        self,
        job: PathJob,
        link: Link,
        current_id: str,
        reply: Reply,
        *,
        exists: bool,
        exists_on_default: bool = False,
    ) -> None:
        """Record whether the path or revision of a link exists in the repository."""
        target, parts = link
        path, revision = parts.path, _revision(parts)
        safe = "/" if revision.startswith("refs/") else ""
        tail = _join_path(f"{parts.form}/{quote_segment(revision, safe=safe)}", path)
        repository_url = _new_url(job, current_id, "")
        new_url = f"{repository_url}/{tail}" if repository_url else None
        suggested_url = None
        if exists_on_default and not exists:
            default_tail = _join_path(f"{parts.form}/{DEFAULT_REVISION}", path)
            suggested_url = f"{public_url(job.kind, current_id)}/{default_tail}"
        facts = PathFacts(
            RepositoryFacts(full_name=current_id), path, revision, exists, suggested_url
        )
        subject = f"{one_line(path)} at {one_line(revision)}" if path else one_line(revision)
        explanation = f"{subject} is {'there' if exists else 'not there'}"
        if new_url is not None:
            explanation = f"the repository is now called {current_id}; {explanation}"
        if suggested_url is not None:
            explanation += f", but it is there at {DEFAULT_REVISION}"
        explained = ExplainedOutcome(Found(facts, new_url, new_url is not None), explanation)
        self._recorder.record(target, explained, SOURCE, status=reply.status, requests=1)

    async def _record_error(
        self, targets: Sequence[Target], job: PathJob, reply: Reply, source: str
    ) -> None:
        """Record the outcome of an error response about the whole repository."""
        if reply.error in {GatedRepoError, DisabledRepoError}:
            is_disabled = reply.error is DisabledRepoError
            facts = ModelFacts(
                full_name=job.current_id,
                kind=job.kind or None,
                gated=None if is_disabled else "manual",
                disabled=True if is_disabled else None,
            )
            why = "disabled" if is_disabled else "behind an agreement, so its files are not shown"
            explained = ExplainedOutcome(Found(facts), f"the repository is there, {why}")
        else:
            explained = await self._hidden.explain(reply, job.kind, job.linked_id, targets)
        for target in targets:
            self._recorder.record(target, explained, source, status=reply.status, requests=1)


def _is_missing_entry(reply: Reply) -> bool:
    """Return whether a repository that exists lacks what was requested."""
    if reply.error is RepositoryNotFoundError:
        return not reply.is_hidden
    return reply.error is RemoteEntryNotFoundError


def _revision(link: HubParts) -> str:
    return link.revision or DEFAULT_REVISION


def _new_url(job: PathJob, current_id: str, tail: str) -> str | None:
    """Return the URL of a path in a renamed repository; ``None`` if it was not renamed."""
    if current_id.lower() == job.linked_id.lower():
        return None
    return public_url(job.kind, current_id, tail)


def _join_path(prefix: str, path: str) -> str:
    return f"{prefix}/{quote_segment(path, safe='/:@!$&()+,;=')}" if path else prefix


def _existing_paths(reply: Reply) -> frozenset[str] | None:
    """Return the paths in a response of ``paths-info``; ``None`` if it is malformed."""
    body = reply.json
    if reply.error is not None or not isinstance(body, list):
        return None
    names = (as_text(as_mapping(entry).get("path"), 4000) for entry in body)
    return frozenset(name for name in names if name)
