"""Files, folders, revisions and discussions in Hugging Face repositories."""

from collections.abc import Sequence
from dataclasses import dataclass

from linkcheck.model.facts import ModelFacts, PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason, UnknownReason
from linkcheck.model.target import Target
from linkcheck.model.url import quote_segment
from linkcheck.model.wording import one_line
from linkcheck.providers.huggingface.hub_client import (
    HubClient,
    final_repository,
    is_redirect,
    public_address,
    renamed_to,
)
from linkcheck.providers.huggingface.hub_reply import Reply, ReplyStatus
from linkcheck.providers.huggingface.lookup_plan import discussion_number
from linkcheck.providers.huggingface.rate_limits import API, RESOLVERS
from linkcheck.providers.huggingface.recognize import HubParts, Kind
from linkcheck.providers.json_fields import as_mapping, as_text
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder, unknown_outcome

SOURCE = "huggingface-api"
FILE = "huggingface-file"

DEFAULT_REVISION = "main"
"""The Hub's default branch; it has no other."""

_CHUNK = 100
"""Paths asked for in one request."""

_MAX_RENAMES = 3


@dataclass(frozen=True, slots=True)
class PathJob:
    """Links into one repository."""

    kind: Kind
    asked: str
    """The id in the links."""
    now: str
    """The id to ask for, where it is known to be another by now."""
    inside: tuple[tuple[Target, HubParts], ...]


Link = tuple[Target, HubParts]


class Paths:
    """Asks for what lies in repositories."""

    def __init__(self, hub: HubClient, recorder: ObservationRecorder) -> None:
        """Hand everything in at ``desk``."""
        self._hub = hub
        self._recorder = recorder

    async def ask(self, job: PathJob) -> None:
        """Settle all links of a job."""
        by_revision: dict[str, list[Link]] = {}
        for target, found in job.inside:
            number = discussion_number(found)
            if number is not None:
                await self._discussion(job, target, number)
            elif found.what == "revision":
                await self._revision(job, target, found.revision or DEFAULT_REVISION)
            else:
                by_revision.setdefault(found.revision or DEFAULT_REVISION, []).append(
                    (target, found)
                )
        for revision, links in by_revision.items():
            for start in range(0, len(links), _CHUNK):
                await self._files(job, revision, links[start : start + _CHUNK])

    async def _discussion(self, job: PathJob, target: Target, number: str) -> None:
        address = f"/api/{job.kind}s/{quote_segment(job.now, safe='/')}/discussions/{number}"
        reply = await self._hub.api(address)
        if reply.says is ReplyStatus.THERE:
            now = final_repository(reply, job.kind, job.now)
            moved = self._moved(job, now, f"discussions/{number}")
            judged = ExplainedOutcome(
                Found(PageFacts(), moved, moved is not None), "the discussion is there"
            )
            self._recorder.record(target, judged, SOURCE, status=reply.status, requests=1)
        elif reply.says in {ReplyStatus.MISSING, ReplyStatus.NO_ENTRY}:
            judged = ExplainedOutcome(
                Gone(GoneReason.NOT_FOUND), f"there is no discussion {number}"
            )
            self._recorder.record(target, judged, SOURCE, status=reply.status, requests=1)
        else:
            self._other([(target, None)], job, reply, SOURCE)

    async def _revision(self, job: PathJob, target: Target, revision: str) -> None:
        reply = await self._hub.revision(job.kind, job.now, revision)
        if reply.says is ReplyStatus.THERE:
            now = as_text(as_mapping(reply.json).get("id")) or job.now
            self._path(job, target, now, revision, "", "tree", exists=True, reply=reply)
        elif reply.says is ReplyStatus.NO_REVISION:
            now = final_repository(reply, job.kind, job.now)
            self._path(job, target, now, revision, "", "tree", exists=False, reply=reply)
        else:
            self._other([(target, None)], job, reply, SOURCE)

    async def _files(self, job: PathJob, revision: str, links: Sequence[Link]) -> None:
        """Ask for the paths of one revision in one request, or file by file by the resolver."""
        folders = any(found.form == "tree" for _, found in links)
        if folders or self._hub.choose_bucket(API, RESOLVERS) == API:
            await self._by_list(job, revision, links)
        else:
            for link in links:
                await self._by_file(job, revision, link)

    async def _by_list(self, job: PathJob, revision: str, links: Sequence[Link]) -> None:
        paths = list(dict.fromkeys(found.path for _, found in links))
        reply = await self._hub.paths(job.kind, job.now, revision, paths)
        now = final_repository(reply, job.kind, job.now)
        there = _listed(reply)
        if there is None and reply.says is not ReplyStatus.NO_REVISION:
            self._other(links, job, reply, SOURCE)
            return
        absent = [path for path in paths if path not in (there or ())]
        by_default: frozenset[str] = frozenset()
        if absent and revision != DEFAULT_REVISION:
            again = await self._hub.paths(job.kind, now, DEFAULT_REVISION, absent)
            by_default = _listed(again) or by_default
        for target, found in links:
            self._path(
                job,
                target,
                now,
                revision,
                found.path,
                found.form,
                exists=found.path in (there or ()),
                by_default=found.path in by_default,
                reply=reply,
            )

    async def _by_file(self, job: PathJob, revision: str, link: Link) -> None:
        target, found = link
        now = job.now
        for _ in range(_MAX_RENAMES):
            reply = await self._hub.file(job.kind, now, revision, found.path)
            renamed = renamed_to(reply, job.kind)
            if renamed is None or renamed.lower() == now.lower():
                break
            now = renamed
        if reply.says in {ReplyStatus.THERE, ReplyStatus.NO_ENTRY, ReplyStatus.NO_REVISION}:
            exists = reply.says is ReplyStatus.THERE
            path = found.path
            self._path(job, target, now, revision, path, found.form, exists=exists, reply=reply)
        elif is_redirect(reply):
            path = found.path
            self._path(job, target, now, revision, path, found.form, exists=True, reply=reply)
        else:
            self._other([link], job, reply, FILE)

    def _path(
        self,
        job: PathJob,
        target: Target,
        now: str,
        revision: str,
        path: str,
        form: str,
        *,
        exists: bool,
        reply: Reply,
        by_default: bool = False,
    ) -> None:
        """Hand in whether a path is there."""
        tail = f"{form}/{quote_segment(revision, safe='/' if revision.startswith('refs/') else '')}"
        moved = self._moved(job, now, "")
        if moved is not None:
            moved = f"{moved}/{_quoted(tail, path)}"
        suggested = None
        if by_default and not exists:
            suggested = (
                f"{public_address(job.kind, now)}/{_quoted(f'{form}/{DEFAULT_REVISION}', path)}"
            )
        facts = PathFacts(RepositoryFacts(full_name=now), path, revision, exists, suggested)
        what = f"{one_line(path)} at {one_line(revision)}" if path else one_line(revision)
        says = f"{what} is {'there' if exists else 'not there'}"
        if moved is not None:
            says = f"the repository is now called {now}; {says}"
        if suggested is not None:
            says += f", but it is there at {DEFAULT_REVISION}"
        judged = ExplainedOutcome(Found(facts, moved, moved is not None), says)
        self._recorder.record(target, judged, SOURCE, status=reply.status, requests=1)

    def _moved(self, job: PathJob, now: str, tail: str) -> str | None:
        if now.lower() == job.asked.lower():
            return None
        return public_address(job.kind, now, tail)

    def _other(
        self,
        links: Sequence[tuple[Target, HubParts | None]],
        job: PathJob,
        reply: Reply,
        source: str,
    ) -> None:
        """Hand in, for several links, an answer that tells nothing of single paths."""
        if reply.says in {ReplyStatus.GATED, ReplyStatus.DISABLED}:
            disabled = reply.says is ReplyStatus.DISABLED
            facts = ModelFacts(
                full_name=job.now,
                kind=job.kind or None,
                gated=None if disabled else "manual",
                disabled=True if disabled else None,
            )
            why = "disabled" if disabled else "behind an agreement, so its files are not shown"
            judged = ExplainedOutcome(Found(facts), f"the repository is there, {why}")
        else:
            judged = reply.judged or unknown_outcome(
                UnknownReason.PROTOCOL, "Hugging Face's answer has another form than known"
            )
        for target, _ in links:
            self._recorder.record(target, judged, source, status=reply.status, requests=1)


def _quoted(tail: str, path: str) -> str:
    return f"{tail}/{quote_segment(path, safe='/:@!$&()+,;=')}" if path else tail


def _listed(reply: Reply) -> frozenset[str] | None:
    """Return the paths that ``paths-info`` names; ``None`` when the answer is no list."""
    body = reply.json
    if reply.says is not ReplyStatus.THERE or not isinstance(body, list):
        return None
    names = (as_text(as_mapping(entry).get("path"), 4000) for entry in body)
    return frozenset(name for name in names if name)
