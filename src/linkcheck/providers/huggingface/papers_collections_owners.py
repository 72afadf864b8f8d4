"""Papers, collections and owners on Hugging Face."""

from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import Found, Gone, GoneReason, UnknownReason
from linkcheck.model.target import Target
from linkcheck.model.url import quote_segment
from linkcheck.model.wording import one_line
from linkcheck.providers.huggingface.hub_client import PUBLIC, HubClient, public_address
from linkcheck.providers.huggingface.hub_facts import paper_facts
from linkcheck.providers.huggingface.hub_reply import Reply, ReplyStatus
from linkcheck.providers.huggingface.recognize import HubParts
from linkcheck.providers.json_fields import as_mapping, as_text
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder, unknown_outcome

SOURCE = "huggingface-api"
PAGE = "huggingface-page"


class NonRepositoryClient:
    """Asks for what lies in no repository."""

    def __init__(
        self, hub: HubClient, recorder: ObservationRecorder, owners: frozenset[str] | set[str]
    ) -> None:
        """Use ``owners`` (lower-case) as those whose listings were seen already."""
        self._hub = hub
        self._recorder = recorder
        self._owners = owners

    async def ask(self, job: tuple[Target, HubParts]) -> None:
        """Settle one target."""
        target, found = job
        if self._recorder.abort_reason is not None:
            self._recorder.record_unknown((target,), self._recorder.abort_reason, SOURCE)
        elif found.what == "paper":
            await self._paper(target, found.id)
        elif found.what == "collection":
            await self._collection(target, found.id)
        else:
            await self._owner(target, found.id)

    async def _paper(self, target: Target, paper: str) -> None:
        reply = await self._hub.api(f"/api/papers/{quote_segment(paper)}")
        if reply.says is ReplyStatus.THERE:
            body = reply.json
            if isinstance(body, dict):
                facts = paper_facts(body, paper)
                title = one_line(facts.title or "without a title")
                self._settle(
                    target,
                    ExplainedOutcome(Found(facts), f"the paper page is there: {title}"),
                    reply,
                )
            else:
                self._settle(target, _odd(), reply)
        elif reply.says is ReplyStatus.MISSING:
            # The API knows indexed papers only, and a visit may index one: the page decides.
            page = await self._hub.page(f"/papers/{quote_segment(paper)}")
            judged = _by_status(page, "the paper page is there", "Hugging Face has no such paper")
            self._settle(target, judged, page, PAGE, requests=2)
        else:
            self._settle(target, reply.judged or _odd(), reply)

    async def _collection(self, target: Target, slug: str) -> None:
        reply = await self._hub.api(f"/api/collections/{quote_segment(slug, safe='/')}")
        body = as_mapping(reply.json)
        if reply.says is ReplyStatus.THERE:
            title = as_text(body.get("title"), 300)
            now = as_text(body.get("slug"), 300)
            # The end of a slug is what counts; its words follow the title and redirect.
            moved = now is not None and now.casefold() != slug.casefold()
            now_at = (
                f"{PUBLIC}/collections/{quote_segment(now, safe='/')}" if now and moved else None
            )
            there = Found(PageFacts(title=title), now_at, moved)
            self._settle(
                target,
                ExplainedOutcome(there, f"the collection is there: {one_line(title or slug)}"),
                reply,
            )
        else:
            judged = _by_status(reply, "", "Hugging Face has no such collection, or it is private")
            self._settle(target, judged, reply)

    async def _owner(self, target: Target, name: str) -> None:
        if name.lower() in self._owners:
            judged = ExplainedOutcome(Found(PageFacts()), f"{one_line(name)} has repositories")
            self._recorder.record(target, judged, SOURCE)
            return
        # An address of one part is an organization, a user or a model from before ids had owners;
        # each API knows only its own kind (huggingface_hub's ``hf_api``).
        places = (
            f"organizations/{quote_segment(name)}/overview",
            f"users/{quote_segment(name)}/overview",
        )
        for asked, place in enumerate((*places, f"models/{quote_segment(name)}"), 1):
            reply = await self._hub.api(f"/api/{place}")
            if reply.says is ReplyStatus.MISSING:
                continue
            if reply.says is ReplyStatus.THERE:
                judged = _named(as_mapping(reply.json), name, model=asked == 3)
            else:
                judged = reply.judged or _by_status(reply, f"{one_line(name)} is there", "")
            self._settle(target, judged, reply, requests=asked)
            return
        says = f"Hugging Face has no organization, user or model {one_line(name)}"
        self._settle(target, ExplainedOutcome(Gone(GoneReason.NOT_FOUND), says), reply, requests=3)

    def _settle(
        self,
        target: Target,
        judged: ExplainedOutcome,
        reply: Reply,
        source: str = SOURCE,
        *,
        requests: int = 1,
    ) -> None:
        self._recorder.record(target, judged, source, status=reply.status, requests=requests)


def _named(body: object, asked: str, *, model: bool) -> ExplainedOutcome:
    """Return the outcome for an owner (or legacy model), with its present name."""
    fields = as_mapping(body)
    named = as_text(fields.get("id") if model else fields.get("name") or fields.get("user"), 200)
    title = None if model else as_text(fields.get("fullname") or fields.get("fullName"), 300)
    moved = named is not None and named.casefold() != asked.casefold()
    now_at = public_address("model", named) if named and moved else None
    says = f"it is now {one_line(named or asked)}" if moved else f"{one_line(asked)} is there"
    return ExplainedOutcome(Found(PageFacts(title=title), now_at, moved), says)


def _by_status(reply: Reply, there: str, missing: str) -> ExplainedOutcome:
    if reply.says is ReplyStatus.MISSING:
        return ExplainedOutcome(Gone(GoneReason.NOT_FOUND), missing)
    if reply.says in {ReplyStatus.THERE, ReplyStatus.GATED, ReplyStatus.DISABLED}:
        return ExplainedOutcome(
            Found(PageFacts()), there or "it is there, but not shown to strangers"
        )
    return reply.judged or _odd()


def _odd() -> ExplainedOutcome:
    return unknown_outcome(
        UnknownReason.PROTOCOL, "Hugging Face's answer has another form than known"
    )
