"""Parse the responses of GitHub's REST API about one thing. Pure."""

from base64 import b64decode
from dataclasses import dataclass

from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason, Unknown, UnknownReason
from linkcheck.model.url import quote_segment
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpFailure, HttpResponse
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import Probe, ProbeKind
from linkcheck.providers.github.outcomes import blocked_repository, missing_repository
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
_NULL_IF_ABSENT = frozenset({ProbeKind.OBJECT, ProbeKind.RELEASE, ProbeKind.SUBMODULES})
"""Probes whose absence is null without an error in GraphQL."""


@dataclass(frozen=True, slots=True)
class RestResult:
    """The result of one request."""

    outcome: ExplainedOutcome | None
    """The outcome, when the request settles it by itself."""
    facts: RepositoryFacts | None = None
    """The repository's facts, when it exists."""
    source: str = REST
    status: int | None = None
    validator: str | None = None
    """The response's ETag."""


def parse_repository(
    response: HttpResponse | HttpFailure, *, with_token: bool = True
) -> RestResult:
    """Parse the response of ``GET /repos/{owner}/{repo}``, redirects followed."""
    if isinstance(response, HttpFailure) or response.limited:
        return RestResult(no_answer(response))
    body = parse_json_body(response)
    status = response.status
    if status == 200:
        if not isinstance(body, dict) or as_text(body.get("full_name")) is None:
            return RestResult(_unexpected("GitHub's answer is not a repository"), status=status)
        return RestResult(
            None, from_rest(body), status=status, validator=response.headers.get("etag")
        )
    return RestResult(
        _error_outcome(response, with_token=with_token) or missing_repository(), status=status
    )


def _error_outcome(response: HttpResponse, *, with_token: bool) -> ExplainedOutcome | None:
    """Return the outcome of every status but 200 and 404; a 403 has four meanings.

    The order matters: rate limits are handled before; then a block, then permission.
    """
    body = as_mapping(parse_json_body(response))
    if response.status in {403, 451}:
        block = body.get("block")
        if response.status == 451 or isinstance(block, dict):
            reason = as_text(as_mapping(block).get("reason"), 40)
            return blocked_repository(reason or ("dmca" if response.status == 451 else None))
    if response.status == 404:
        # A 404 that is no JSON object comes from a proxy or captive portal.
        own = isinstance(parse_json_body(response), dict)
        return None if own else _unexpected("a 404 that is not in the API's own form")
    message = one_line(as_text(body.get("message")) or "no reason given")
    message = f"GitHub answered {response.status}: {message}"
    if response.status == 401 and with_token:
        return ExplainedOutcome(Unknown(UnknownReason.CREDENTIALS, message), message)
    return ExplainedOutcome(Unknown(unknown_reason(response.status), message), message)


def parse_existence(
    response: HttpResponse | HttpFailure, what: str, *, with_token: bool
) -> RestResult:
    """Parse the response about something of which only existence matters; ``what`` names it."""
    if isinstance(response, HttpFailure) or response.limited:
        return RestResult(no_answer(response))
    if response.status == 200:
        return RestResult(
            ExplainedOutcome(Found(PageFacts()), f"{one_line(what)} is there"), status=200
        )
    error = _error_outcome(response, with_token=with_token)
    missing = ExplainedOutcome(Gone(GoneReason.NOT_FOUND), f"GitHub does not know {one_line(what)}")
    return RestResult(error or missing, status=response.status)


def rest_path(full_name: str, probe: Probe) -> str | None:
    """Return the REST path of a probe; ``None`` where it has none."""
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
    if probe.kind is ProbeKind.MILESTONE:
        return f"{base}/milestones/{value}"
    if probe.kind is ProbeKind.WORKFLOW:
        return f"{base}/actions/workflows/{quote_segment(value)}"
    if probe.kind is ProbeKind.SUBMODULES:
        return f"{base}/contents/.gitmodules"
    return None


def max_body(probe: Probe) -> int:
    """Return the bytes to read: of files and commits, only enough for an error."""
    return 20_000 if probe.kind is ProbeKind.OBJECT else 500_000


def parse_node(
    response: HttpResponse | HttpFailure, probe: Probe, *, with_token: bool
) -> Node | ExplainedOutcome:
    """Parse the response about one thing in a repository."""
    if isinstance(response, HttpFailure) or response.limited:
        return no_answer(response)
    if response.status in {200, 302, 304}:
        body = as_mapping(parse_json_body(response))
        files = {"nodes": list(as_sequence(body.get("assets")))}
        fields = {"url": body.get("html_url"), "releaseAssets": files}
        if probe.kind is ProbeKind.SUBMODULES:
            fields["text"] = _decode_content(body.get("content"))
        return Node(NodeState.FOUND, fields)
    # 422: "No commit found for SHA", for a ref that does not exist.
    absent = probe.kind in _NULL_IF_ABSENT
    error = _error_outcome(response, with_token=with_token)
    if (response.status == 404 and error is None) or (response.status == 422 and absent):
        return Node(NodeState.NULL if absent else NodeState.MISSING)
    if response.status == 410:
        return Node(NodeState.MISSING, None, "it was deleted")
    return error or _unexpected("GitHub's answer could not be read")


def _decode_content(content: object) -> str:
    try:
        return b64decode(str(content)).decode("utf-8", "replace")
    except ValueError:
        return ""


def no_answer(response: HttpResponse | HttpFailure) -> ExplainedOutcome:
    """Return the outcome of a request that a rate limit or the network left without a response."""
    if limited := rate_limited(response):
        return ExplainedOutcome(limited, f"not answered: {limited.detail}")
    unknown = as_unknown(response)
    return ExplainedOutcome(unknown, f"no answer: {unknown.detail}")


def _unexpected(message: str) -> ExplainedOutcome:
    return ExplainedOutcome(Unknown(UnknownReason.PROTOCOL, message), message)
