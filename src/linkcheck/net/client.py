"""The HTTP client: sends requests within every host's limits and never raises for the network.

A request passes three levels: attempts (:meth:`HttpClient.send`), redirects (``_follow_redirects``)
and, for every single exchange (``_exchange``), the address guard, the circuit breaker of the
origin, cooldowns and quotas of the host, its pace and the free slots.
"""

import asyncio  # noqa: TID251 - for the clock alone
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta

import anyio
import httpx

from linkcheck.model.observation import UnknownReason
from linkcheck.model.protocols import Progress
from linkcheck.model.settings import HostLimits, NetSettings
from linkcheck.model.url import InvalidUrlError, Url, parse
from linkcheck.net import host_state, rate_limits
from linkcheck.net.address_guard import blocked_reason, is_private
from linkcheck.net.circuit_breaker import CircuitBreaker
from linkcheck.net.messages import (
    HttpFailure,
    HttpRequest,
    HttpResponse,
    RateLimitStatus,
    Route,
    Router,
)
from linkcheck.net.proxies import from_environment
from linkcheck.net.redirects import REDIRECTS, RedirectChain, RedirectRefused
from linkcheck.net.response import RawResponse, read_response
from linkcheck.net.scheduler import OUT_OF_TIME, RequestScheduler, host_down_result
from linkcheck.net.transport_failures import HTTP_ERRORS, Timeouts, TransportFailure, classify
from linkcheck.net.transport_pool import TransportPool

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""The ``Accept`` of browsers. The user agent says who we are."""
MAX_PROBE_INTERVAL = 3.0
"""Seconds between two probes of a host that has not responded yet."""
REDACTED = "***"
"""Replaces our token in a response."""
MIN_SECRET_LENGTH = 8
"""Characters; a shorter token is a placeholder ("test"), which other message may contain."""
MIN_CLOCK_SAMPLES = 3
"""Hosts whose ``Date`` is needed before our own clock is doubted."""


_DEFAULT_RULES = rate_limits.RateLimitRules()


class HttpClient:
    """The implementation of :class:`linkcheck.net.messages.HttpClientProtocol`."""

    def __init__(
        self,
        settings: NetSettings,
        *,
        transports: TransportPool,
        progress: Progress,
        not_before: Mapping[str, datetime],
        router: Router | None,
        now: Callable[[], datetime],
        backoff: rate_limits.Backoff,
    ) -> None:
        self._settings = settings
        self._transports = transports
        self._progress = progress
        self._router = router
        self._now = now
        self._backoff = backoff
        # The clock of anyio's deadlines. anyio.current_time() looks the backend up at every call,
        # which took a tenth of all that the client adds to a request.
        self._clock = asyncio.get_running_loop().time
        self._scheduler = RequestScheduler(settings, now, self._clock, progress.waiting)
        self._hosts: dict[str, host_state.HostState] = {}
        self._breakers: dict[tuple[str, str, int, str], CircuitBreaker] = {}
        self._timeouts = Timeouts(settings.connect_timeout, settings.read_timeout)
        self._defaults = {
            "user-agent": settings.user_agent,
            "accept": ACCEPT,
            "accept-language": "en,*;q=0.5",
            "accept-encoding": "gzip, deflate",
        }
        self._rules: dict[str, tuple[rate_limits.RateLimitRules, host_state.Pace]] = {}
        self._clock_offsets: dict[str, timedelta] = {}
        self._has_valid_certificate = False
        self._tokens: set[str] = set()
        """Tokens sent in this run: a server may repeat one in a later response."""
        moment = now()
        self._stored = {
            key: min((end - moment).total_seconds(), rate_limits.MAX_COOLDOWN)
            for key, end in not_before.items()
        }

    def counts(self) -> Mapping[str, int]:
        """Return the number of requests sent so far by host (``host`` or ``host:port``)."""
        return {name: host.requests for name, host in self._hosts.items() if host.requests}

    def cooldowns(self) -> Mapping[str, datetime]:
        """Return the cooldowns of hosts that are not over, to be kept in the store.

        Keys are ``host`` or ``host#quota``; pass them back as ``not_before`` in the next run.
        """
        moment = self._now()
        clock = self._clock()
        for key in self._stored:
            self._host(key.partition("#")[0])
        return host_state.cooldowns(self._hosts, clock, moment)

    def register_rate_limits(self, rules: rate_limits.RateLimitRules, *urls: str) -> None:
        """Apply a service's rules to the hosts of ``urls``, which share its minimum interval."""
        pace = host_state.Pace(rules.min_interval)
        for url in urls:
            # A URL that cannot be requested is reported by the first request to it.
            with suppress(InvalidUrlError):
                self._rules[parse(url).authority] = rules, pace

    def rate_limit(self, url: str, token: str | None) -> RateLimitStatus:
        """Return the state of the limit that a request would count against."""
        try:
            parsed = parse(url)
        except InvalidUrlError:
            return RateLimitStatus(None, 0.0)
        host = self._host(parsed.authority)
        bucket = host.bucket(host.rules.bucket(parsed.path), has_token=bool(token))
        wait = host.wait_time(bucket, self._clock())
        return RateLimitStatus(bucket.remaining, wait)

    def clock_offset(self) -> timedelta | None:
        """Return how far our clock is ahead of the hosts' (negative: behind), if it is known.

        The median over the hosts, by the ``Date`` of each one's first response.
        """
        offsets = sorted(self._clock_offsets.values())
        return offsets[len(offsets) // 2] if len(offsets) >= MIN_CLOCK_SAMPLES else None

    def has_valid_certificate(self) -> bool:
        """Return whether a host has proved its name in a TLS handshake, and then responded."""
        return self._has_valid_certificate

    async def send(self, request: HttpRequest) -> HttpResponse | HttpFailure:
        """Return the response, or why there is none, after as many attempts as the limits allow."""
        try:
            url = parse(request.url, verbatim=True)
        except InvalidUrlError as error:
            return HttpFailure(UnknownReason.PROTOCOL, f"the URL cannot be requested: {error}")
        # Removing what is too short to be a token would garble other words.
        if request.token and len(request.token) >= MIN_SECRET_LENGTH:
            self._tokens.add(request.token)
        max_attempts = max(request.attempts or self._host(url.authority).limits.attempts, 1)
        attempt = 1
        last: RawResponse | TransportFailure | None = None
        while True:
            chain = RedirectChain(
                request, url, request.method.upper(), self._settings.max_redirects
            )
            result = await self._follow_redirects(chain)
            wait = (
                self._retry_delay(request, url, result, attempt) if attempt < max_attempts else None
            )
            if wait is not None:
                last = result if not isinstance(result, HttpFailure) else None
                await self._sleep(wait)
                attempt += 1
                continue
            if last and isinstance(result, HttpFailure) and result.not_before is None:
                result = last  # the host is down or the run over: no further attempt was made
            if isinstance(result, HttpFailure):
                return replace(result, hops=tuple(chain.hops), attempts=attempt)
            if isinstance(result, TransportFailure):
                return HttpFailure(result.reason, result.message, tuple(chain.hops), attempt)
            for token in self._tokens:
                result = _redact_token(token, result)
            # A 5xx with Retry-After is a failing server, not a rate limit.
            limited = result.limited if result.status < 500 else None
            return HttpResponse(
                str(chain.url),
                result.status,
                result.headers,
                result.body,
                result.truncated,
                result.broken,
                tuple(chain.hops),
                attempt,
                limited,
                self._not_before(limited),
                chain.has_valid_certificate,
                chain.address,
            )

    def _not_before(self, limited: rate_limits.RateLimited | None) -> datetime | None:
        if limited is None or limited.seconds is None:
            return None
        return self._now() + timedelta(seconds=limited.seconds)

    def _retry_delay(
        self,
        request: HttpRequest,
        url: Url,
        result: RawResponse | TransportFailure | HttpFailure,
        attempt: int,
    ) -> float | None:
        """Return the seconds until another attempt, or ``None`` when this was the last."""
        if self._clock() >= self._scheduler.deadline or isinstance(result, HttpFailure):
            return None
        backoff = self._host(url.authority).rules.backoff or self._backoff
        wait = backoff.seconds(attempt, random.random())  # noqa: S311 - jitter, no secret
        if isinstance(result, TransportFailure):
            return wait if result.is_retryable else None
        if result.limited is not None:
            # GitHub says with 403, and with 200, what others say with 429.
            status = max(result.status, 429)
            if status not in request.retry_statuses or request.max_wait == 0:
                return None
            seconds = result.limited.seconds
            if seconds is None:
                return wait
            host = self._host(url.authority)
            # The scheduler keeps the host's cooldown; this only adds the jitter after it.
            bucket = host.bucket(host.rules.bucket(url.path), has_token=bool(request.token))
            limit = self._scheduler.max_wait(
                host, bucket, request.max_wait, is_service=request.trusted
            )
            is_short = seconds <= limit
            return min(wait, self._backoff.base) if is_short else None
        return wait if result.broken or result.status in request.retry_statuses else None

    async def _follow_redirects(
        self, chain: RedirectChain
    ) -> RawResponse | TransportFailure | HttpFailure:
        """Make one attempt: send the request and follow its redirects."""
        elapsed = 0.0
        while True:
            started = self._clock()
            result, waited = await self._exchange(chain, elapsed)
            elapsed += self._clock() - started - waited
            if not isinstance(result, RawResponse):
                return result
            if result.status not in REDIRECTS:
                return result
            chain.store_cookies(result.cookies)
            followed = chain.follow(result.status, result.headers.get("location"))
            if isinstance(followed, RedirectRefused):
                return TransportFailure(followed.reason, followed.message)
            if not followed:
                return result

    async def _exchange(
        self, chain: RedirectChain, elapsed: float
    ) -> tuple[RawResponse | TransportFailure | HttpFailure, float]:
        """Make one exchange. Return its result, and the seconds spent waiting for its turn."""
        url = chain.url
        trusted = chain.request.trusted and chain.same_origin
        route: Route | None = None
        if self._router is not None:
            route = self._router.route(*url.origin)
        if blocked := self._check_address(url, route, trusted):
            return blocked, 0.0
        if self._router is not None and (failure := await self._resolve(route)) is not None:
            return failure, 0.0
        host = self._host(url.authority)
        has_token = bool(chain.request.token) and chain.same_origin
        bucket = host.bucket(host.rules.bucket(url.path), has_token=has_token)
        breaker = self._breaker((*url.origin, host.rules.bucket(url.path)), trusted)
        started = self._clock()
        scope = anyio.CancelScope()
        try:
            refused = await self._scheduler.acquire(
                host, bucket, breaker, scope, chain.request.max_wait, is_service=trusted
            )
            waited = self._clock() - started
            if refused is not None:
                return refused, waited
            ticket = bucket.start()
            host.requests += 1
            self._progress.requested(host.name)
            try:
                result = await self._send_once(
                    chain,
                    route,
                    trusted,
                    scope,
                    elapsed,
                    host,
                    bucket,
                    breaker,
                    has_token=has_token,
                    ticket=ticket,
                )
            finally:
                bucket.finish()
                self._scheduler.release(host)
        finally:
            breaker.release(scope)
        return result, waited

    async def _resolve(self, route: Route | None) -> TransportFailure | None:
        """Wait for the name server of a sandbox; return its failure."""
        if route is not None and route.name_delay:
            await self._sleep(min(route.name_delay, self._settings.connect_timeout))
            if route.name_delay > self._settings.connect_timeout:
                message = "the name server did not answer"
                return TransportFailure(UnknownReason.DNS, message, is_retryable=True)
        if route is None or not route.exists:
            return TransportFailure(UnknownReason.DNS, "the host name does not exist")
        return None

    def _check_address(
        self, url: Url, route: Route | None, trusted: bool
    ) -> TransportFailure | None:
        """Refuse a private address or local name (in a sandbox, by the address of the route)."""
        if trusted or self._settings.allow_private:
            return None
        proxied = (
            route is None and self._router is None and self._transports.proxy_for(url) is not None
        )
        refused = blocked_reason(url.host, behind_proxy=proxied)
        if refused is None and route and is_private(route.resolves_to, documentation=True):
            refused = f"{url.host} resolves to the private address {route.resolves_to}"
        if refused is None:
            return None
        return TransportFailure(UnknownReason.PRIVATE_ADDRESS, f"{refused} (see --allow-private)")

    async def _send_once(
        self,
        chain: RedirectChain,
        route: Route | None,
        trusted: bool,
        scope: anyio.CancelScope,
        elapsed: float,
        host: host_state.HostState,
        bucket: host_state.RateLimitBucket,
        breaker: CircuitBreaker,
        *,
        has_token: bool,
        ticket: int,
    ) -> RawResponse | TransportFailure | HttpFailure:
        """Send one request, read its response, and update breaker and limits of the host."""
        now = self._clock()
        scope.deadline = min(
            now + self._settings.request_timeout - elapsed, self._scheduler.deadline
        )
        failure: TransportFailure | None = None
        result: RawResponse | None = None
        with scope:
            try:
                response = await self._transports.send(
                    chain.url,
                    chain.method,
                    {**self._defaults, **chain.headers()},
                    chain.request.content if chain.method not in {"GET", "HEAD"} else None,
                    route=route,
                    trusted=trusted,
                )
                if response.status_code < 500:
                    breaker.record_success()
                else:
                    message = f"HTTP {response.status_code}"
                    failed = TransportFailure(UnknownReason.SERVER_ERROR, message)
                    breaker.record_error(scope, failed)
                if chain.url.scheme == "https" and (route is None or route.tls):
                    self._has_valid_certificate = True
                else:
                    chain.has_valid_certificate = False
                chain.address = self._transports.address_of(chain.url.host, route)
                try:
                    result = await read_response(
                        chain, response, self._settings.max_body, self._timeouts
                    )
                finally:
                    await response.aclose()
            except HTTP_ERRORS as error:
                # An error at closing takes nothing from a complete response.
                failure = None if result is not None else classify(error, self._timeouts)
        if result is not None:
            return self._update_limits(result, host, bucket, has_token=has_token, ticket=ticket)
        if failure is None:
            if breaker.open_reason is not None:
                return host_down_result(breaker)
            if self._clock() >= self._scheduler.deadline:
                return OUT_OF_TIME
            message = f"no complete answer within {self._settings.request_timeout:g} s"
            failure = TransportFailure(UnknownReason.TIMEOUT, message)
        self._update_breaker(breaker, scope, failure)
        return failure

    def _update_breaker(
        self, breaker: CircuitBreaker, scope: anyio.CancelScope, failure: TransportFailure
    ) -> None:
        timed_out = failure.reason is UnknownReason.TIMEOUT
        if failure.reason in {UnknownReason.RESET, UnknownReason.PROTOCOL}:
            breaker.record_error(scope, failure)  # a server is running, if only to hang up
        elif (failure.affects_host or timed_out) and not breaker.is_healthy:
            breaker.record_failure(scope, failure, timed_out=timed_out, wait=self._backoff.base)
        elif failure.affects_host or timed_out:
            breaker.record_failure(scope, failure, timed_out=timed_out, wait=0.0)

    def _update_limits(
        self,
        result: RawResponse,
        host: host_state.HostState,
        bucket: host_state.RateLimitBucket,
        *,
        has_token: bool,
        ticket: int,
    ) -> RawResponse:
        """Apply what a response says about the host's limits."""
        moment, now = self._now(), self._clock()
        if host.name not in self._clock_offsets and "age" not in result.headers:
            date = rate_limits.parse_date(result.headers.get("date"))
            if date is not None:
                self._clock_offsets[host.name] = moment - date
        rules = host.rules
        quota = rules.quota(result.headers, moment)
        if quota is not None:
            named = host.bucket(quota.bucket, has_token=has_token) if quota.bucket else bucket
            named.update(quota, now, ticket if named is bucket else None)
        limited = rules.parse(result.status, result.headers, result.body, moment)
        host.is_failing = limited is not None and result.status >= 500
        if limited is None:
            bucket.refusals = 0
            return result
        seconds = limited.seconds
        if seconds is None:
            backoff = rules.backoff or self._backoff
            seconds = backoff.seconds(2, random.random())  # noqa: S311 - jitter, no secret
        host.cool_down(limited, bucket, seconds, now)
        return replace(result, limited=limited)

    def _host(self, name: str) -> host_state.HostState:
        host = self._hosts.get(name)
        if host is None:
            host = host_state.HostState.create(
                name, self._host_limits(name), *self._rules.get(name, (_DEFAULT_RULES, None))
            )
            if self._stored:
                host_state.restore(host, self._stored, self._clock())
            self._hosts[name] = host
        return host

    def _host_limits(self, name: str) -> HostLimits:
        limits = self._settings.host_limits
        return limits.get(name) or limits.get(
            name.rpartition(":")[0] or name, self._settings.default_limits
        )

    def _breaker(self, key: tuple[str, str, int, str], trusted: bool) -> CircuitBreaker:
        """Return the breaker of an origin and one of its rate limits.

        The parts of a service with limits apart from the others also fail apart from them.
        """
        breaker = self._breakers.get(key)
        if breaker is None:
            interval = min(MAX_PROBE_INTERVAL, self._settings.read_timeout / 4)
            breaker = self._breakers[key] = CircuitBreaker(
                clock=self._clock,
                probe_interval=interval,
                is_lenient=trusted,
                backoff=self._backoff.base,
                deadline=self._scheduler.deadline,
            )
        return breaker

    async def _sleep(self, seconds: float) -> None:
        with anyio.CancelScope(deadline=self._scheduler.deadline):
            await anyio.sleep(seconds)


def _redact_token(token: str, result: RawResponse) -> RawResponse:
    """Remove our token from a response that repeats it (a debugging proxy does).

    Responses are quoted in evidence, which goes into reports, the store and issues.
    """
    headers = {
        name: value.replace(token, REDACTED) if token in value else value
        for name, value in result.headers.items()
    }
    secret = token.encode()
    body = result.body.replace(secret, REDACTED.encode()) if secret in result.body else result.body
    return replace(result, headers=headers, body=body)


@asynccontextmanager
async def open_client(
    settings: NetSettings,
    *,
    progress: Progress,
    not_before: Mapping[str, datetime],
    router: Router | None = None,
    now: Callable[[], datetime],
    backoff: rate_limits.Backoff | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[HttpClient]:
    """Open the HTTP client of one run and close its connections at the end.

    ``not_before`` holds the cooldowns kept from earlier runs (see :meth:`HttpClient.cooldowns`);
    ``router`` sends every request to a sandbox; ``now`` is the wall clock (aware, UTC).
    ``transport`` replaces all connections: names are then not resolved, so the address guard
    judges literal addresses alone, and closing it is left to the caller.
    ``HTTPS_PROXY``, ``HTTP_PROXY``, ``NO_PROXY`` and ``SSL_CERT_FILE`` are read when it opens.
    Raises :class:`linkcheck.model.errors.ConfigError` when ``SSL_CERT_FILE`` names no file.
    """
    transports = TransportPool(settings, from_environment(), transport)
    try:
        yield HttpClient(
            settings,
            transports=transports,
            progress=progress,
            not_before=not_before,
            router=router,
            now=now,
            backoff=backoff or rate_limits.Backoff(),
        )
    finally:
        with anyio.CancelScope(shield=True), anyio.move_on_after(2.0):
            await transports.close()
