"""Observe papers, collections and owners on Hugging Face."""

from collections.abc import Mapping

from huggingface_hub.errors import DisabledRepoError, GatedRepoError, RepositoryNotFoundError

from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import Found, Gone, GoneReason
from linkcheck.model.target import Target
from linkcheck.model.url import quote_segment
from linkcheck.model.wording import one_line
from linkcheck.providers.huggingface.hub_client import SITE, HubClient, public_url
from linkcheck.providers.huggingface.hub_facts import from_paper
from linkcheck.providers.huggingface.hub_reply import UNEXPECTED, Reply
from linkcheck.providers.huggingface.recognize import HubParts
from linkcheck.providers.json_fields import as_mapping, as_text
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder

SOURCE = "huggingface-api"
PAGE = "huggingface-page"


class NonRepositoryClient:
    """Observes the targets that are not in a repository."""

    def __init__(
        self, hub: HubClient, recorder: ObservationRecorder, owners: frozenset[str] | set[str]
    ) -> None:
        """Create a client; ``owners`` (lower-case) are known to have repositories."""
        self._hub = hub
        self._recorder = recorder
        self._owners = owners

    async def observe(self, job: tuple[Target, HubParts]) -> None:
        """Observe one target."""
        target, link = job
        if self._recorder.abort_reason is not None:
            self._recorder.record_unknown((target,), self._recorder.abort_reason, SOURCE)
        elif link.what == "paper":
            await self._paper(target, link.id)
        elif link.what == "collection":
            await self._collection(target, link.id)
        else:
            await self._owner(target, link.id)

    async def _paper(self, target: Target, paper: str) -> None:
        reply = await self._hub.get_api(f"/api/papers/{quote_segment(paper)}")
        if reply.error is None:
            body = reply.json
            if isinstance(body, dict):
                facts = from_paper(body, paper)
                title = one_line(facts.title or "without a title")
                self._record(
                    target,
                    ExplainedOutcome(Found(facts), f"the paper page is there: {title}"),
                    reply,
                )
            else:
                self._record(target, UNEXPECTED, reply)
        elif reply.error is RepositoryNotFoundError:
            # The API has indexed papers only, and a visit may index one: the page is decisive.
            page = await self._hub.get_page(f"/papers/{quote_segment(paper)}")
            explained = _explain(page, "the paper page is there", "Hugging Face has no such paper")
            self._record(target, explained, page, PAGE, requests=2)
        else:
            self._record(target, reply.explained or UNEXPECTED, reply)

    async def _collection(self, target: Target, slug: str) -> None:
        reply = await self._hub.get_api(f"/api/collections/{quote_segment(slug, safe='/')}")
        body = as_mapping(reply.json)
        if reply.error is None:
            title = as_text(body.get("title"), 300)
            new_slug = as_text(body.get("slug"), 300)
            # The end of a slug identifies the collection; its words follow the title and redirect.
            is_moved = new_slug is not None and new_slug.casefold() != slug.casefold()
            new_url = (
                f"{SITE}/collections/{quote_segment(new_slug, safe='/')}"
                if new_slug and is_moved
                else None
            )
            found = Found(PageFacts(title=title), new_url, is_moved)
            self._record(
                target,
                ExplainedOutcome(found, f"the collection is there: {one_line(title or slug)}"),
                reply,
            )
        else:
            explained = _explain(reply, "", "Hugging Face has no such collection, or it is private")
            self._record(target, explained, reply)

    async def _owner(self, target: Target, name: str) -> None:
        if name.lower() in self._owners:
            explained = ExplainedOutcome(Found(PageFacts()), f"{one_line(name)} has repositories")
            self._recorder.record(target, explained, SOURCE)
            return
        # A path of one segment is an organization, a user or a model from before ids had owners;
        # each endpoint has only its own kind (huggingface_hub's ``hf_api``).
        overviews = (
            f"organizations/{quote_segment(name)}/overview",
            f"users/{quote_segment(name)}/overview",
        )
        for requests, path in enumerate((*overviews, f"models/{quote_segment(name)}"), 1):
            reply = await self._hub.get_api(f"/api/{path}")
            if reply.error is RepositoryNotFoundError:
                continue
            if reply.error is None:
                explained = _explain_owner(as_mapping(reply.json), name, is_model=requests == 3)
            else:
                explained = reply.explained or _explain(reply, f"{one_line(name)} is there", "")
            self._record(target, explained, reply, requests=requests)
            return
        explanation = f"Hugging Face has no organization, user or model {one_line(name)}"
        self._record(
            target, ExplainedOutcome(Gone(GoneReason.NOT_FOUND), explanation), reply, requests=3
        )

    def _record(
        self,
        target: Target,
        explained: ExplainedOutcome,
        reply: Reply,
        source: str = SOURCE,
        *,
        requests: int = 1,
    ) -> None:
        self._recorder.record(target, explained, source, status=reply.status, requests=requests)


def _explain_owner(
    body: Mapping[str, object], requested: str, *, is_model: bool
) -> ExplainedOutcome:
    """Return the outcome for an owner or legacy model, with its current name."""
    name = as_text(body.get("id") if is_model else body.get("name") or body.get("user"), 200)
    title = None if is_model else as_text(body.get("fullname") or body.get("fullName"), 300)
    is_moved = name is not None and name.casefold() != requested.casefold()
    new_url = public_url("model", name) if name and is_moved else None
    explanation = f"{one_line(requested)} is there"
    if is_moved:
        explanation = f"it is now {one_line(name or requested)}"
    return ExplainedOutcome(Found(PageFacts(title=title), new_url, is_moved), explanation)


def _explain(reply: Reply, found: str, missing: str) -> ExplainedOutcome:
    """Return the outcome by the response's error alone, with one of two explanations."""
    if reply.error is RepositoryNotFoundError and not reply.is_hidden:
        return ExplainedOutcome(Gone(GoneReason.NOT_FOUND), missing)
    if reply.error in {None, GatedRepoError, DisabledRepoError}:
        return ExplainedOutcome(
            Found(PageFacts()), found or "it is there, but not shown to strangers"
        )
    return reply.explained or UNEXPECTED
