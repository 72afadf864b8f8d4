"""Parse the statuses of GitHub's web pages, for when the REST limit is spent. Pure."""

from linkcheck.model.observation import Gone, GoneReason, Unknown, UnknownReason
from linkcheck.model.url import InvalidUrlError, parse
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpResponse
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import Probe, ProbeKind
from linkcheck.providers.github.outcomes import GitHubUrls, blocked_repository
from linkcheck.providers.http_outcomes import unknown_reason
from linkcheck.providers.recorder import ExplainedOutcome

PAGE = "github-page"


def page_path(probe: Probe) -> tuple[str, ...]:
    """Return the path of a probe's page below its repository, in parts."""
    value = probe.value
    if probe.kind is ProbeKind.OBJECT:
        tail = value.replace(":", "/", 1)
        return ("blob" if "/" in tail else "tree", tail)
    if probe.kind is ProbeKind.RELEASE:
        return ("releases", "tag", value)
    if probe.kind is ProbeKind.MILESTONE:
        return ("milestone", value)
    if probe.kind is ProbeKind.WORKFLOW:
        return ("actions", "workflows", value)
    return ("discussions" if probe.kind is ProbeKind.DISCUSSION else "issues", value)


def parse_page(response: HttpResponse, probe: Probe) -> Node:
    """Return the node that a page's status gives for one thing in a repository."""
    if response.status != 200:
        absent = probe.kind in {ProbeKind.OBJECT, ProbeKind.RELEASE}
        return Node(NodeState.NULL if absent else NodeState.MISSING)
    if probe.kind is ProbeKind.OBJECT:
        # A renamed branch redirects on the web; the ref that the link names does not exist.
        ref = probe.value.partition(":")[0]
        if ref != "HEAD" and f"/{ref}/" not in f"/{'/'.join(_segments(response.url))}/":
            return Node(NodeState.NULL)
        return Node(NodeState.FOUND, {})
    return Node(NodeState.FOUND, {"url": response.url} if response.hops else {})


def page_error(response: HttpResponse) -> ExplainedOutcome | None:
    """Return the outcome of a page's response that settles nothing; else ``None``."""
    status = response.status
    message = f"the page answers {status}"
    if status == 451:
        return blocked_repository("dmca")
    if status == 200 and response.hops and "/login" in response.url:
        return ExplainedOutcome(
            Unknown(UnknownReason.FORBIDDEN, "leads to the sign-in page"), message
        )
    if response.hops and not _is_same_host(response.hops[0].url, response.url):
        led = f"led away, to {one_line(response.url)}"
        return ExplainedOutcome(Unknown(UnknownReason.PROTOCOL, led), led)
    if status in {200, 404}:
        return None
    if status == 410:
        return ExplainedOutcome(Gone(GoneReason.GONE), message)
    return ExplainedOutcome(Unknown(unknown_reason(status), message), message)


def _is_same_host(one: str, other: str) -> bool:
    """Return whether a redirect stayed on the service's host."""
    try:
        return parse(one).host == parse(other).host
    except InvalidUrlError:
        return False


def full_name_in(url: str, site: GitHubUrls) -> str | None:
    """Return ``owner/name`` of a repository page's URL."""
    if not url.startswith(site.server + "/"):
        return None
    parts = _segments(url)[len(_segments(site.server)) :]
    return f"{parts[0]}/{parts[1]}" if len(parts) >= 2 else None


def _segments(url: str) -> tuple[str, ...]:
    try:
        return parse(url).segments
    except InvalidUrlError:
        return ()
