"""Reads what GitHub's REST API answers about one thing. Pure."""

from dataclasses import dataclass

from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason, Unknown, UnknownReason
from linkcheck.model.url import quote_segment
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpFailure, HttpResponse
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import Probe, ProbeKind
from linkcheck.providers.github.outcomes import blocked, gone
from linkcheck.providers.github.repository_facts import from_rest
from linkcheck.providers.http_outcomes import as_unknown, rate_limited, unknown_reason
from linkcheck.providers.json_fields import (
    as_mapping,
    as_sequence,
    as_text,
    parse_json_body,
)
from linkcheck.providers.recorder import ExplainedOutcome

REST = "github-rest"


@dataclass(frozen=True, slots=True)
class RestResult:
    """The result of one request."""

    judged: ExplainedOutcome | None
    """The outcome, when the request settles it by itself."""
    facts: RepositoryFacts | None = None
    """The repository's facts, when it is there."""
    source: str = REST
    status: int | None = None
    validator: str | None = None
    """The answer's ETag."""


def read_repository(answer: HttpResponse | HttpFailure, *, with_token: bool = True) -> RestResult:
    """Return what ``GET /repos/{owner}/{repo}`` says, redirects followed."""
    if isinstance(answer, HttpFailure) or answer.limited:
        return RestResult(no_answer(answer))
    body = parse_json_body(answer)
    status = answer.status
    if status == 200:
        if not isinstance(body, dict) or as_text(body.get("full_name")) is None:
            return RestResult(_odd("GitHub's answer is not a repository"), status=status)
        return RestResult(
            None, from_rest(body), status=status, validator=answer.headers.get("etag")
        )
    return RestResult(_rest_refused(answer, with_token=with_token) or gone(), status=status)


def _rest_refused(answer: HttpResponse, *, with_token: bool) -> ExplainedOutcome | None:
    """Return the outcome of every status but 200 and 404; a 403 has four meanings.

    The order matters: first a block, then permission; rate limits are recognized before.
    """
    body = as_mapping(parse_json_body(answer))
    if answer.status in {403, 451}:
        block = body.get("block")
        if answer.status == 451 or isinstance(block, dict):
            reason = as_text(as_mapping(block).get("reason"), 40)
            return blocked(reason or ("dmca" if answer.status == 451 else None))
    if answer.status == 404:
        # A 404 that is no JSON object comes from something else on the way.
        own = isinstance(parse_json_body(answer), dict)
        return None if own else _odd("a 404 that is not in the API's own form")
    message = one_line(as_text(body.get("message")) or "no reason given")
    said = f"GitHub answered {answer.status}: {message}"
    if answer.status == 401 and with_token:
        return ExplainedOutcome(Unknown(UnknownReason.CREDENTIALS, said), said)
    return ExplainedOutcome(Unknown(unknown_reason(answer.status), said), said)


def read_simple(answer: HttpResponse | HttpFailure, what: str, *, with_token: bool) -> RestResult:
    """Return whether something is there of which nothing else is wanted; ``what`` names it."""
    if isinstance(answer, HttpFailure) or answer.limited:
        return RestResult(no_answer(answer))
    if answer.status == 200:
        return RestResult(
            ExplainedOutcome(Found(PageFacts()), f"{one_line(what)} is there"), status=200
        )
    refused = _rest_refused(answer, with_token=with_token)
    missing = ExplainedOutcome(Gone(GoneReason.NOT_FOUND), f"GitHub does not know {one_line(what)}")
    return RestResult(refused or missing, status=answer.status)


def rest_path(full_name: str, probe: Probe) -> str | None:
    """Return the path that REST answers a probe at; ``None`` where it has none."""
    base = f"/repos/{quote_segment(full_name, safe='/')}"
    value = probe.value
    if probe.kind is ProbeKind.OBJECT:
        ref, colon, path = value.partition(":")
        if not colon:
            return f"{base}/commits/{quote_segment(ref, safe='/')}"
        at = "" if ref == "HEAD" else f"?ref={quote_segment(ref)}"
        return f"{base}/contents/{quote_segment(path, safe='/')}{at}"
    if probe.kind is ProbeKind.ISSUE:
        return f"{base}/issues/{value}"
    if probe.kind is ProbeKind.RELEASE:
        return f"{base}/releases/tags/{quote_segment(value, safe='/')}"
    return None


def body_wanted(probe: Probe) -> int:
    """Return how much of the answer to read: of files and commits, only enough for an error."""
    return 20_000 if probe.kind is ProbeKind.OBJECT else 500_000


def read_node(
    answer: HttpResponse | HttpFailure, probe: Probe, *, with_token: bool
) -> Node | ExplainedOutcome:
    """Return what REST says of one thing in a repository."""
    if isinstance(answer, HttpFailure) or answer.limited:
        return no_answer(answer)
    if answer.status in {200, 302, 304}:
        body = as_mapping(parse_json_body(answer))
        files = {"nodes": list(as_sequence(body.get("assets")))}
        return Node(NodeState.THERE, {"url": body.get("html_url"), "releaseAssets": files})
    # 422: "No commit found for SHA", the answer to a ref that is not there.
    absent = probe.kind in {ProbeKind.OBJECT, ProbeKind.RELEASE}
    refused = _rest_refused(answer, with_token=with_token)
    if (answer.status == 404 and refused is None) or (answer.status == 422 and absent):
        return Node(NodeState.NULL if absent else NodeState.MISSING)
    if answer.status == 410:
        return Node(NodeState.MISSING, None, "it was deleted")
    return refused or _odd("GitHub's answer could not be read")


def no_answer(answer: HttpResponse | HttpFailure) -> ExplainedOutcome:
    """Return the outcome of a request that a rate limit or the network kept unanswered."""
    if limited := rate_limited(answer):
        return ExplainedOutcome(limited, f"not answered: {limited.detail}")
    unknown = as_unknown(answer)
    return ExplainedOutcome(unknown, f"no answer: {unknown.detail}")


def _odd(says: str) -> ExplainedOutcome:
    return ExplainedOutcome(Unknown(UnknownReason.PROTOCOL, says), says)
