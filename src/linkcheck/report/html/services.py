"""Statistics of each service for the report: links, answers, requests, limits, time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linkcheck.model.observation import Status
from linkcheck.model.result import LinkResult, RunResult
from linkcheck.model.target import Service
from linkcheck.model.wording import SERVICE_NAMES

_LIMITS: Mapping[Service, str] = {
    Service.GITHUB: "5,000 points an hour with a token (1,000 for the token of a workflow), "
    "60 requests without",
    Service.HUGGINGFACE: "in 5 minutes: 1,000 API requests with a token, 500 without",
    Service.ARXIV: "one request in 3 seconds, one connection",
    Service.DOI: "none published; asked politely",
    Service.WEB: "each host its own: few connections, Retry-After is kept",
}
"""Published limits (GitHub: rate limits of REST and GraphQL; Hugging Face: Hub rate limits; arXiv:
API terms of use)."""

_SERVICE_DOMAINS: Sequence[tuple[str, Service]] = (
    ("github.com", Service.GITHUB),
    ("githubusercontent.com", Service.GITHUB),
    ("huggingface.co", Service.HUGGINGFACE),
    ("hf.co", Service.HUGGINGFACE),
    ("arxiv.org", Service.ARXIV),
    ("doi.org", Service.DOI),
    ("crossref.org", Service.DOI),
    ("datacite.org", Service.DOI),
)

_ANSWERED_STATUSES = (Status.ALIVE, Status.MOVED, Status.DEAD)
_UNANSWERED_STATUSES = (Status.UNREACHABLE, Status.BLOCKED)
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class ServiceUsage:
    """Statistics of one service; numbers count distinct links."""

    name: str
    links: int
    checked: int
    answered: int
    unanswered: int
    """Checked without a result."""
    reused: int
    """Reused from the store."""
    skipped: int
    requests: int
    rate_limited: int
    """Links with a last status of 429."""
    limits: str
    seconds: float | None
    """Seconds from the first to the last check; ``None`` without checks."""


def service_usages(result: RunResult) -> tuple[ServiceUsage, ...]:
    """Return the statistics of the services with links or requests."""
    requests = dict.fromkeys(Service, 0)
    for host, count in result.requests.by_host.items():
        requests[service_of_host(host)] += count
    usages = []
    for family in Service:
        links = [link for link in result.links if link.target and link.target.service is family]
        if links or requests[family]:
            usages.append(_service_usage(family, links, requests[family]))
    return tuple(usages)


def _service_usage(family: Service, links: Sequence[LinkResult], requests: int) -> ServiceUsage:
    fresh = [link for link in links if not link.reused and link.status is not Status.SKIPPED]
    times = [link.checked_at for link in fresh if link.checked_at is not None]
    return ServiceUsage(
        name=SERVICE_NAMES[family],
        links=len(links),
        checked=len(fresh),
        answered=sum(link.status in _ANSWERED_STATUSES for link in fresh),
        unanswered=sum(link.status in _UNANSWERED_STATUSES for link in fresh),
        reused=sum(link.reused for link in links),
        skipped=sum(link.status is Status.SKIPPED for link in links),
        requests=requests,
        rate_limited=sum(link.http_status == _TOO_MANY_REQUESTS for link in fresh),
        limits=_LIMITS[family],
        seconds=(max(times) - min(times)).total_seconds() if times else None,
    )


def service_of_host(host: str) -> Service:
    """Return the service of a host; ``WEB`` for any other host."""
    name = host.rpartition("@")[2].partition(":")[0].lower()
    for domain, family in _SERVICE_DOMAINS:
        if name == domain or name.endswith(f".{domain}"):
            return family
    return Service.WEB
