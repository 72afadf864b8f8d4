"""The HTTP door: asks questions within every host's budget and never raises for the network.

One question goes through three loops: tries (:meth:`HttpDoor.ask`), redirects (``_attempt``) and,
before each single request, what stands in front of the host (``_exchange``): address guard,
breaker, pauses, concurrency, rate.
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
"""What a browser says it wants. The user agent stays honest."""
MAX_PROBE_INTERVAL = 3.0
REDACTED = "***"
"""Stands for a token of ours in what a host sends back."""
MIN_SECRET_LENGTH = 8
"""Characters below which a token is no secret but a placeholder ("test"), and no sign of a leak."""
MIN_CLOCK_SAMPLES = 3
"""So many hosts must have told the time before our own clock is doubted."""


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
        self._scheduler = RequestScheduler(settings, now, self._clock)
        self._hosts: dict[str, host_state.HostState] = {}
        self._breakers: dict[tuple[str, str, int], CircuitBreaker] = {}
        self._timeouts = Timeouts(settings.connect_timeout, settings.read_timeout)
        self._defaults = {
            "user-agent": settings.user_agent,
            "accept": ACCEPT,
            "accept-language": "en,*;q=0.5",
            "accept-encoding": "gzip, deflate",
        }
        self._rules: dict[str, tuple[rate_limits.RateLimitRules, host_state.Pace]] = {}
        self._clock_offsets: dict[str, timedelta] = {}
        moment = now()
        self._stored = {
            key: min((end - moment).total_seconds(), rate_limits.MAX_COOLDOWN)
            for key, end in not_before.items()
        }

    def counts(self) -> Mapping[str, int]:
        """Return the number of requests sent so far by host (``host`` or ``host:port``)."""
        return {name: host.requests for name, host in self._hosts.items() if host.requests}

    def cooldowns(self) -> Mapping[str, datetime]:
        """Return the pauses that hosts asked for and that are not over, to be kept in the store.

        Keys are ``host`` or ``host#quota``; pass them back as ``not_before`` in the next run.
        """
        moment = self._now()
        mono = self._clock()
        for key in self._stored:
            self._host(key.partition("#")[0])
        return host_state.cooldowns(self._hosts, mono, moment)

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
            site = parse(url)
        except InvalidUrlError:
            return RateLimitStatus(None, 0.0)
        host = self._host(site.authority)
        bucket = host.bucket(host.rules.bucket(site.path), has_token=bool(token))
        wait = host.wait_time(bucket, self._clock())
        return RateLimitStatus(bucket.remaining, wait)

    def clock_offset(self) -> timedelta | None:
        """Return how far our clock is ahead of the hosts' (negative: behind), if three told.

        The median over the hosts, by the ``Date`` of each one's first answer.
        """
        told = sorted(self._clock_offsets.values())
        return told[len(told) // 2] if len(told) >= MIN_CLOCK_SAMPLES else None

    async def send(self, question: HttpRequest) -> HttpResponse | HttpFailure:
        """Return the answer, or why there is none, after as many tries as the budget allows."""
        try:
            site = parse(question.url, verbatim=True)
        except InvalidUrlError as error:
            return HttpFailure(UnknownReason.PROTOCOL, f"the URL cannot be requested: {error}")
        tries = max(question.attempts or self._host(site.authority).limits.attempts, 1)
        attempt = 1
        before: TransportFailure | None = None
        while True:
            trail = RedirectChain(
                question, site, question.method.upper(), self._settings.max_redirects
            )
            got = await self._follow_redirects(trail)
            wait = self._retry_delay(question, site, got, attempt) if attempt < tries else None
            if wait is not None:
                before = got if isinstance(got, TransportFailure) else None
                await self._sleep(wait)
                attempt += 1
                continue
            if before and isinstance(got, HttpFailure) and got.reason is UnknownReason.HOST_DOWN:
                got = before  # this link is one of those that found out: it says so itself
            if isinstance(got, HttpFailure):
                return replace(got, hops=tuple(trail.hops), attempts=attempt)
            if isinstance(got, TransportFailure):
                return HttpFailure(got.reason, got.message, tuple(trail.hops), attempt)
            got = _redact_token(question.token, got)
            # A 5xx with Retry-After is a failing server, not a rate limit.
            limited = got.limited if got.status < 500 else None
            return HttpResponse(
                str(trail.url),
                got.status,
                got.headers,
                got.body,
                got.truncated,
                got.broken,
                tuple(trail.hops),
                attempt,
                limited,
                self._not_before(limited),
            )

    def _not_before(self, limited: rate_limits.RateLimited | None) -> datetime | None:
        if limited is None or limited.seconds is None:
            return None
        return self._now() + timedelta(seconds=limited.seconds)

    def _retry_delay(
        self,
        question: HttpRequest,
        site: Url,
        got: RawResponse | TransportFailure | HttpFailure,
        attempt: int,
    ) -> float | None:
        """Return the seconds to wait before another try, or ``None`` when this was the last."""
        if self._clock() >= self._scheduler.deadline or isinstance(got, HttpFailure):
            return None
        backoff = self._host(site.authority).rules.backoff or self._backoff
        wait = backoff.seconds(attempt, random.random())  # noqa: S311 - jitter, no secret
        if isinstance(got, TransportFailure):
            return wait if got.is_retryable else None
        if got.limited is not None:
            # GitHub says with 403, and with 200, what others say with 429.
            status = max(got.status, 429)
            if status not in question.retry_statuses or question.max_wait == 0:
                return None
            seconds = got.limited.seconds
            if seconds is None:
                return wait
            patience = self._settings.patience if question.max_wait is None else question.max_wait
            # The scheduler keeps the host's cooldown; this only adds the jitter after it.
            return min(wait, self._backoff.base) if seconds <= patience else None
        return wait if got.broken or got.status in question.retry_statuses else None

    async def _follow_redirects(
        self, trail: RedirectChain
    ) -> RawResponse | TransportFailure | HttpFailure:
        """Follow one question through its redirects."""
        spent = 0.0
        while True:
            started = self._clock()
            got, waited = await self._exchange(trail, spent)
            spent += self._clock() - started - waited
            if not isinstance(got, RawResponse):
                return got
            if got.status not in REDIRECTS:
                return got
            trail.store_cookies(got.cookies)
            followed = trail.follow(got.status, got.headers.get("location"))
            if isinstance(followed, RedirectRefused):
                return TransportFailure(followed.reason, followed.message)
            if not followed:
                return got

    async def _exchange(
        self, trail: RedirectChain, spent: float
    ) -> tuple[RawResponse | TransportFailure | HttpFailure, float]:
        """Ask one host once. Return what came, and the seconds spent waiting for our turn."""
        site = trail.url
        trusted = trail.request.trusted and trail.same_origin
        route: Route | None = None
        if self._router is not None:
            route = self._router.route(*site.origin)
        if refused := self._check_address(site, route, trusted):
            return refused, 0.0
        if self._router is not None and route is None:
            return TransportFailure(UnknownReason.DNS, "the host name does not exist"), 0.0
        host = self._host(site.authority)
        has_token = bool(trail.request.token) and trail.same_origin
        bucket = host.bucket(host.rules.bucket(site.path), has_token=has_token)
        breaker = self._breaker(site.origin, trusted)
        began = self._clock()
        scope = anyio.CancelScope()
        try:
            if not breaker.is_healthy and not await self._scheduler.acquire_breaker(breaker, scope):
                return host_down_result(breaker), 0.0
            closed = await self._scheduler.acquire(host, bucket, breaker, trail.request.max_wait)
            waited = self._clock() - began
            if closed is not None:
                return closed, waited
            ticket = bucket.start()
            host.requests += 1
            self._progress.requested(host.name)
            try:
                got = await self._send_once(
                    trail,
                    route,
                    trusted,
                    scope,
                    spent,
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
        return got, waited

    def _check_address(
        self, site: Url, route: Route | None, trusted: bool
    ) -> TransportFailure | None:
        """Judge an address by its spelling (and, in a made-up world, by what it stands for)."""
        if trusted or self._settings.allow_private:
            return None
        proxied = (
            route is None and self._router is None and self._transports.proxy_for(site) is not None
        )
        refused = blocked_reason(site.host, behind_proxy=proxied)
        if refused is None and route and is_private(route.resolves_to, documentation=True):
            refused = f"{site.host} resolves to the private address {route.resolves_to}"
        if refused is None:
            return None
        return TransportFailure(UnknownReason.PRIVATE_ADDRESS, f"{refused} (see --allow-private)")

    async def _send_once(
        self,
        trail: RedirectChain,
        route: Route | None,
        trusted: bool,
        scope: anyio.CancelScope,
        spent: float,
        host: host_state.HostState,
        bucket: host_state.RateLimitBucket,
        breaker: CircuitBreaker,
        *,
        has_token: bool,
        ticket: int,
    ) -> RawResponse | TransportFailure | HttpFailure:
        """Send one request, read what is wanted, and draw the conclusions for the host."""
        now = self._clock()
        scope.deadline = min(now + self._settings.request_timeout - spent, self._scheduler.deadline)
        trouble: TransportFailure | None = None
        got: RawResponse | None = None
        with scope:
            try:
                response = await self._transports.send(
                    trail.url,
                    trail.method,
                    {**self._defaults, **trail.headers()},
                    trail.request.content if trail.method not in {"GET", "HEAD"} else None,
                    route=route,
                    trusted=trusted,
                )
                breaker.record_success()
                try:
                    got = await read_response(
                        trail, response, self._settings.max_body, self._timeouts
                    )
                finally:
                    await response.aclose()
            except HTTP_ERRORS as error:
                # What fails once the answer is complete (closing) takes nothing from it.
                trouble = None if got is not None else classify(error, self._timeouts)
        if got is not None:
            return self._update_limits(got, host, bucket, has_token=has_token, ticket=ticket)
        if trouble is None:
            if breaker.open_reason is not None:
                return host_down_result(breaker)
            if self._clock() >= self._scheduler.deadline:
                return OUT_OF_TIME
            words = f"no complete answer within {self._settings.request_timeout:g} s"
            trouble = TransportFailure(UnknownReason.TIMEOUT, words)
        self._update_breaker(breaker, scope, trouble)
        return trouble

    def _update_breaker(
        self, breaker: CircuitBreaker, scope: anyio.CancelScope, trouble: TransportFailure
    ) -> None:
        timed_out = trouble.reason is UnknownReason.TIMEOUT
        if trouble.reason in {UnknownReason.RESET, UnknownReason.PROTOCOL}:
            breaker.record_success()  # something is there, if only to hang up
        elif (trouble.affects_host or timed_out) and not breaker.is_healthy:
            breaker.record_failure(scope, trouble, timed_out=timed_out, wait=self._backoff.base)
        elif trouble.affects_host or timed_out:
            breaker.record_failure(scope, trouble, timed_out=timed_out, wait=0.0)

    def _update_limits(
        self,
        got: RawResponse,
        host: host_state.HostState,
        bucket: host_state.RateLimitBucket,
        *,
        has_token: bool,
        ticket: int,
    ) -> RawResponse:
        """Apply what an answer says of the host's limits."""
        moment, now = self._now(), self._clock()
        if host.name not in self._clock_offsets and "age" not in got.headers:
            date = rate_limits.parse_date(got.headers.get("date"))
            if date is not None:
                self._clock_offsets[host.name] = moment - date
        rules = host.rules
        quota = rules.quota(got.headers, moment)
        if quota is not None:
            named = host.bucket(quota.bucket, has_token=has_token) if quota.bucket else bucket
            named.update(quota, now, ticket if named is bucket else None)
        limited = rules.parse(got.status, got.headers, got.body, moment)
        if limited is None:
            return got
        seconds = limited.seconds
        if seconds is None:
            backoff = rules.backoff or self._backoff
            seconds = backoff.seconds(2, random.random())  # noqa: S311 - jitter, no secret
        host.cool_down(limited, bucket, seconds, now)
        if seconds >= 1:
            self._progress.waiting(host.name, seconds, limited.why)
        return replace(got, limited=limited)

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
        budgets = self._settings.host_limits
        return budgets.get(name) or budgets.get(
            name.rpartition(":")[0] or name, self._settings.default_limits
        )

    def _breaker(self, origin: tuple[str, str, int], trusted: bool) -> CircuitBreaker:
        breaker = self._breakers.get(origin)
        if breaker is None:
            patience = min(MAX_PROBE_INTERVAL, self._settings.read_timeout / 4)
            breaker = self._breakers[origin] = CircuitBreaker(
                clock=self._clock, patience=patience, lenient=trusted
            )
        return breaker

    async def _sleep(self, seconds: float) -> None:
        with anyio.CancelScope(deadline=self._scheduler.deadline):
            await anyio.sleep(seconds)


def _redact_token(token: str | None, got: RawResponse) -> RawResponse:
    """Take our own token out of an answer that repeats it (a debugging proxy does).

    Answers are quoted in evidence, which goes into reports, the store and issues. What is too
    short to be a token is left: it stands in other words, and an answer must not be garbled.
    """
    if not token or len(token) < MIN_SECRET_LENGTH:
        return got
    told = {
        name: value.replace(token, REDACTED) if token in value else value
        for name, value in got.headers.items()
    }
    secret = token.encode()
    body = got.body.replace(secret, REDACTED.encode()) if secret in got.body else got.body
    return replace(got, headers=told, body=body)


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
