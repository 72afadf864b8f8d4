"""Web hosts: pages defined by the fixtures."""

from collections import Counter
from html import escape

from linkcheck.sandbox.fixtures import Behavior, Fixtures
from linkcheck.sandbox.http_codec import Request, Response, text_response
from linkcheck.sandbox.quotas import Clock, Limits, Window


class Web:
    """All hosts that belong to no service."""

    def __init__(
        self,
        fixtures: Fixtures,
        limits: Limits,
        clock: Clock,
        running: Counter[str],
        unknown_hosts: str,
    ) -> None:
        self._fixtures = fixtures
        self._limits = limits
        self._clock = clock
        self._running = running
        self._unknown_hosts = unknown_hosts
        self._request_counts: Counter[str] = Counter()
        self._windows: dict[str, Window] = {}

    def answer(self, request: Request) -> Response:
        """Answer with the fixtures' response for the URL."""
        name = request.host.partition(":")[0]
        host = self._fixtures.host_by_name.get(name)
        if host is None:
            if self._unknown_hosts == "alive":
                return _page(Behavior(title=f"{name}: made up by the sandbox"), request)
            return text_response(f"the sandbox does not know {name}", 502)
        if self._too_many(name, host.per_second, host.concurrency):
            return text_response("Too many requests", 429, [("retry-after", "1")])
        behavior = host.behavior(request.scheme, request.address)
        if behavior.sequence:
            place = f"{request.method} {request.scheme}://{name}{request.address}"
            step = min(self._request_counts[place], len(behavior.sequence) - 1)
            self._request_counts[place] += 1
            behavior = behavior.sequence[step]
        return _page(behavior, request)

    def _too_many(self, name: str, per_second: float | None, concurrency: int | None) -> bool:
        if not self._limits.enforced:
            return False
        if concurrency is not None and self._running[name] > concurrency:
            return True
        if per_second is None:
            return False
        window = self._windows.setdefault(
            name, self._limits.window(max(1, round(per_second * 10)), 10, self._clock)
        )
        return not window.take()


def _page(behavior: Behavior, request: Request) -> Response:
    headers = list(behavior.headers.items())
    etag = next((value for name, value in headers if name.lower() == "etag"), None)
    if etag is not None and request.headers.get("if-none-match") == etag:
        return Response(304, [("etag", etag)], delay=behavior.delay)
    if behavior.location is not None:
        headers.append(("location", behavior.location))
    if behavior.fault:
        headers.append(("x-sandbox-fault", behavior.fault))
    body = behavior.body
    if body is None:
        title = escape(behavior.title or f"{request.host}{request.path}")
        body = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"</head><body><h1>{title}</h1></body></html>"
        )
    response = text_response(body, behavior.status, headers, behavior.content_type)
    response.delay = behavior.delay
    return response
