"""Observe GitHub: repositories and everything in them, owners and gists.

With a token: one GraphQL query for about fifty repositories, and one REST request for each that
GraphQL does not find. Without: REST within the sixty anonymous requests an hour, then web pages.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from linkcheck.model.defects import DefectLog
from linkcheck.model.protocols import ObservationRequest, ObservationSink
from linkcheck.model.settings import ServiceSettings
from linkcheck.model.target import ParsedLink, Service
from linkcheck.model.url import Url
from linkcheck.net.messages import HttpClientProtocol
from linkcheck.net.rate_limits import GitHubRateLimits
from linkcheck.providers.github.batches import BatchPlan, pack_batches, plan_requests
from linkcheck.providers.github.graphql_client import GraphqlBatcher
from linkcheck.providers.github.outcomes import PUBLIC, GitHubUrls
from linkcheck.providers.github.recognize import recognize
from linkcheck.providers.github.rest_client import RestClient
from linkcheck.providers.github.rest_queue import RestQueue
from linkcheck.providers.github.rest_reply import REST
from linkcheck.providers.recorder import ObservationRecorder

ANONYMOUS_QUOTA = 60
"""REST requests an hour without a token, as documented; the default when GitHub does not say."""

_ANONYMOUS = "No GitHub token: {count} asked {how}. {advice}"
_PAGE_LACKS = "without stars, license and whether it is archived"

_REJECTED = (
    "GitHub rejected the token (401), so none of its links could be judged. Renew GITHUB_TOKEN; "
    "one that can read public repositories is enough."
)


class GitHubProvider:
    """Turns GitHub URLs into targets and targets into observations."""

    service = Service.GITHUB

    def __init__(
        self,
        client: HttpClientProtocol,
        settings: ServiceSettings,
        now: Callable[[], datetime],
        notice: Callable[[str], None],
    ) -> None:
        """Use ``client`` for requests, ``now`` as clock, ``notice`` for messages to the user."""
        self._client = client
        self._settings = settings
        self._now = now
        self._notice = notice
        endpoints = (settings.github_api, settings.github_graphql, settings.github_server)
        client.register_rate_limits(GitHubRateLimits(), *endpoints)

    def recognize(self, url: Url) -> ParsedLink | None:
        """Return what the URL points to if it is GitHub's. Pure."""
        return recognize(url)

    async def observe(
        self, requests: Sequence[ObservationRequest], report: ObservationSink
    ) -> None:
        """Report exactly one observation for each request."""
        if not requests:
            return
        settings = self._settings
        recorder = ObservationRecorder(requests, report, self._now, lambda: self._notice(_REJECTED))
        api, site = settings.github_api.rstrip("/"), GitHubUrls(settings.github_server.rstrip("/"))
        token = settings.github_token
        rest = RestClient(self._client, api=api, site=site, token=token)
        anonymous = RestClient(self._client, api=api, site=site, token=None) if token else None
        rest_queue = RestQueue(rest, recorder, PUBLIC, anonymous)
        plan = plan_requests(requests)
        failures = DefectLog()
        if token is None:
            await self._without_token(plan, rest, rest_queue)
        else:
            batched = GraphqlBatcher(
                self._client, settings, recorder, rest_queue, PUBLIC, self._batch_size
            )
            await batched.run(pack_batches(plan, self._batch_size), failures)
            for gist in plan.gists:
                if gist.gist.owner is None:
                    rest_queue.gist(gist)
        for page, target in plan.pages:
            rest_queue.page(page.url, target)
        await rest_queue.run(failures)
        failures.raise_any()
        recorder.close(REST)

    @property
    def _batch_size(self) -> int:
        return max(1, min(self._settings.github_batch, 100))

    async def _without_token(
        self, plan: BatchPlan, rest: RestClient, rest_queue: RestQueue
    ) -> None:
        count = len(plan.repositories) + len(plan.owners) + len(plan.gists)
        if count == 0:
            return
        remaining = await rest.remaining()
        left = ANONYMOUS_QUOTA if remaining is None else remaining
        rest.reserved = len(plan.repositories)
        self._notice(anonymous_notice(count, left, -(-count // self._batch_size)))
        for item in plan.repositories:
            rest_queue.repository(item)
        for owner in plan.owners:
            rest_queue.owner(owner)
        for gist in plan.gists:
            rest_queue.gist(gist)


def anonymous_notice(count: int, left: int, queries: int) -> str:
    """Return the notice of a run without a token that has ``left`` requests."""
    one = count == 1
    requests = "one request" if queries == 1 else f"{queries} requests"
    if left >= count:
        how = "over" if one else "one by one over"
        how += " the anonymous REST API"
    else:
        by_api = f"up to {left} over the anonymous REST API and the others by their web pages"
        how = f"{'by its web page' if one else f'one by one, {by_api}'}, {_PAGE_LACKS}"
    return _ANONYMOUS.format(
        count="1 GitHub repository or page is"
        if one
        else f"{count:,} GitHub repositories and pages are",
        how=how,
        advice="GITHUB_TOKEN gives many more requests an hour."
        if one
        else f"With GITHUB_TOKEN set, {requests} would answer for all of them.",
    )
