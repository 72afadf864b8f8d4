"""Find out whether our network works, by requests to well-known services.

A response counts only in the service's own form and, over ``https:``, with a valid certificate,
which the HTTP client requires: the page of a portal, a filter or a proxy is no response of the
service. Any status will do; no request has a token.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from linkcheck.model.settings import ServiceSettings
from linkcheck.model.target import Service
from linkcheck.model.url import InvalidUrlError, parse
from linkcheck.net.messages import HttpClientProtocol, HttpRequest, HttpResponse
from linkcheck.providers.json_fields import as_mapping, as_text, parse_json_body

MAX_SERVICES = 3
"""Services that are requested; one response is enough."""
MAX_SECONDS = 8.0
"""Seconds for all of them together."""
_MAX_BODY = 100_000


@dataclass(frozen=True, slots=True)
class ConnectivityProbe:
    """A request to a well-known service."""

    url: str
    is_own_response: Callable[[HttpResponse], bool]
    """Whether a response has the form of this service."""

    @property
    def host(self) -> str:
        """The host that is requested."""
        try:
            return parse(self.url).authority
        except InvalidUrlError:
            return self.url


def choose_probes(
    settings: ServiceSettings, services: Iterable[Service]
) -> tuple[ConnectivityProbe, ...]:
    """Return the probes of a run: its own services first, at their configured URLs."""
    probes = {
        Service.GITHUB: ConnectivityProbe(f"{settings.github_api}/rate_limit", _is_github),
        Service.HUGGINGFACE: ConnectivityProbe(
            f"{settings.huggingface}/api/models?limit=1", _is_hub
        ),
        Service.DOI: ConnectivityProbe(
            f"{settings.doi}/api/handles/10.1000/1?type=URL", _is_handle_service
        ),
        Service.ARXIV: ConnectivityProbe(
            f"{settings.arxiv}/api/query?id_list=1706.03762&max_results=1", _is_arxiv
        ),
    }
    own = [service for service in probes if service in set(services)]
    return tuple(probes[s] for s in dict.fromkeys((*own, *probes)))[:MAX_SERVICES]


async def any_responds(client: HttpClientProtocol, probes: Sequence[ConnectivityProbe]) -> bool:
    """Return whether at least one of the services responds in its own form."""
    import anyio

    found = False

    async def send(probe: ConnectivityProbe) -> None:
        nonlocal found
        request = HttpRequest(
            probe.url,
            attempts=1,
            max_wait=0.0,
            body_limit=_MAX_BODY,
            follow_redirects=False,
            trusted=True,
        )
        response = await client.send(request)
        if isinstance(response, HttpResponse) and probe.is_own_response(response):
            found = True
            tasks.cancel_scope.cancel()

    with anyio.move_on_after(MAX_SECONDS):
        async with anyio.create_task_group() as tasks:
            for probe in probes:
                tasks.start_soon(send, probe)
    return found


def _is_github(response: HttpResponse) -> bool:
    """Recognize GitHub: a request id in every response, documented JSON."""
    body = as_mapping(parse_json_body(response))
    return (
        "x-github-request-id" in response.headers
        or "core" in as_mapping(body.get("resources"))
        or (as_text(body.get("documentation_url")) or "").startswith("https://docs.github.com/")
    )


def _is_hub(response: HttpResponse) -> bool:
    """Recognize the Hub: models with ids, errors in headers."""
    if {"x-error-code", "x-error-message"} & response.headers.keys():
        return True
    body = parse_json_body(response)
    model = as_mapping(body[0]) if isinstance(body, list) and body else {}
    return as_text(model.get("id")) is not None


def _is_handle_service(response: HttpResponse) -> bool:
    """Recognize the handle service, which repeats the handle with a response code."""
    body = as_mapping(parse_json_body(response))
    return isinstance(body.get("responseCode"), int) and body.get("handle") == "10.1000/1"


def _is_arxiv(response: HttpResponse) -> bool:
    """Recognize the API of arXiv: a feed with an id at arXiv, refusals in plain text."""
    start = response.body.lstrip()
    if start[:40].lower().startswith(b"rate exceeded"):
        return True
    return start.startswith((b"<?xml", b"<feed")) and b"arxiv.org/api/" in start[:2000]
