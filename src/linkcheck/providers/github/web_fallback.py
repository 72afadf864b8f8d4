"""Reads what GitHub's web pages answer where REST is spent: their status, not their text. Pure."""

from linkcheck.model.observation import Gone, GoneReason, Unknown, UnknownReason
from linkcheck.model.url import InvalidUrlError, parse
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpResponse
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import Probe, ProbeKind
from linkcheck.providers.github.outcomes import GitHubUrls, blocked
from linkcheck.providers.http_outcomes import unknown_reason
from linkcheck.providers.recorder import ExplainedOutcome

PAGE = "github-page"


def page_path(probe: Probe) -> tuple[str, ...]:
    """Return where in a repository's pages a probe is answered, as parts of a path."""
    value = probe.value
    if probe.kind is ProbeKind.OBJECT:
        tail = value.replace(":", "/", 1)
        return ("blob" if "/" in tail else "tree", tail)
    if probe.kind is ProbeKind.RELEASE:
        return ("releases", "tag", value)
    return ("discussions" if probe.kind is ProbeKind.DISCUSSION else "issues", value)


def page_node(answer: HttpResponse, probe: Probe) -> Node:
    """Return what a page's status says of one thing in a repository."""
    if answer.status != 200:
        absent = probe.kind in {ProbeKind.OBJECT, ProbeKind.RELEASE}
        return Node(NodeState.NULL if absent else NodeState.MISSING)
    if probe.kind is ProbeKind.OBJECT:
        # A renamed branch redirects on the web; the ref that the link names is still not there.
        ref = probe.value.partition(":")[0]
        if ref != "HEAD" and f"/{ref}/" not in f"/{'/'.join(_segments(answer.url))}/":
            return Node(NodeState.NULL)
        return Node(NodeState.THERE, {})
    return Node(NodeState.THERE, {"url": answer.url} if answer.hops else {})


def page_refused(answer: HttpResponse) -> ExplainedOutcome | None:
    """Return the outcome of a page's answer that says neither "there" nor "not there"."""
    status = answer.status
    said = f"the page answers {status}"
    if status == 451:
        return blocked("dmca")
    if status == 200 and answer.hops and "/login" in answer.url:
        return ExplainedOutcome(Unknown(UnknownReason.FORBIDDEN, "leads to the sign-in page"), said)
    if answer.hops and not _same_site(answer.hops[0].url, answer.url):
        led = f"led away, to {one_line(answer.url)}"
        return ExplainedOutcome(Unknown(UnknownReason.PROTOCOL, led), led)
    if status in {200, 404}:
        return None
    if status == 410:
        return ExplainedOutcome(Gone(GoneReason.GONE), said)
    return ExplainedOutcome(Unknown(unknown_reason(status), said), said)


def _same_site(one: str, other: str) -> bool:
    """Return whether a redirect stayed on the service's host."""
    try:
        return parse(one).host == parse(other).host
    except InvalidUrlError:
        return False


def name_in(url: str, site: GitHubUrls) -> str | None:
    """Return ``owner/name`` of a repository page's address."""
    if not url.startswith(site.server + "/"):
        return None
    parts = _segments(url)[len(_segments(site.server)) :]
    return f"{parts[0]}/{parts[1]}" if len(parts) >= 2 else None


def _segments(url: str) -> tuple[str, ...]:
    try:
        return parse(url).segments
    except InvalidUrlError:
        return ()
