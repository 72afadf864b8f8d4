"""Observes GitHub: repositories and all that lies in them, owners and gists.

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
from linkcheck.providers.github.batches import BatchPlan, batches, plan
from linkcheck.providers.github.graphql_client import GraphqlBatcher
from linkcheck.providers.github.outcomes import PUBLIC, GitHubUrls
from linkcheck.providers.github.recognize import recognize
from linkcheck.providers.github.rest_client import RestClient
from linkcheck.providers.github.rest_queue import RestQueue
from linkcheck.providers.github.rest_reply import REST
from linkcheck.providers.recorder import ObservationRecorder

ANONYMOUS_QUOTA = 60
"""REST requests an hour without a token, as documented; believed when GitHub does not say."""

_ANONYMOUS = "No GitHub token: {things} asked {how}. {remedy}"
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
        """Use ``client`` for all requests, ``now`` as the clock, ``notice`` to report to the user."""
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
        self, questions: Sequence[ObservationRequest], report: ObservationSink
    ) -> None:
        """Report exactly one observation for each question."""
        if not questions:
            return
        settings = self._settings
        recorder = ObservationRecorder(
            questions, report, self._now, lambda: self._notice(_REJECTED)
        )
        client = RestClient(
            self._client,
            api=settings.github_api.rstrip("/"),
            site=GitHubUrls(settings.github_server.rstrip("/")),
            token=settings.github_token,
        )
        singles = RestQueue(client, recorder, PUBLIC)
        planned = plan(questions)
        failures = DefectLog()
        if settings.github_token is None:
            await self._without_token(planned, client, singles)
        else:
            batched = GraphqlBatcher(
                self._client, settings, recorder, singles, PUBLIC, self._batch_size
            )
            await batched.work(batches(planned, self._batch_size), failures)
            for gist in planned.gists:
                if gist.gist.owner is None:
                    singles.gist(gist)
        for page, target in planned.pages:
            singles.page(page.url, target)
        await singles.work(failures)
        failures.raise_any()
        recorder.close(REST)

    @property
    def _batch_size(self) -> int:
        return max(1, min(self._settings.github_batch, 100))

    async def _without_token(
        self, planned: BatchPlan, client: RestClient, singles: RestQueue
    ) -> None:
        things = len(planned.repositories) + len(planned.owners) + len(planned.gists)
        if things == 0:
            return
        remaining = await client.remaining()
        left = ANONYMOUS_QUOTA if remaining is None else remaining
        client.reserved = len(planned.repositories)
        self._notice(anonymous_notice(things, left, -(-things // self._batch_size)))
        for item in planned.repositories:
            singles.repository(item)
        for owner in planned.owners:
            singles.owner(owner)
        for gist in planned.gists:
            singles.gist(gist)


def anonymous_notice(things: int, left: int, queries: int) -> str:
    """Return what a run without a token does, with ``left`` requests, and how to do better."""
    one = things == 1
    requests = "one request" if queries == 1 else f"{queries} requests"
    if left >= things:
        how = "over" if one else "one by one over"
        how += " the anonymous REST API"
    else:
        by_api = f"up to {left} over the anonymous REST API and the others by their web pages"
        how = f"{'by its web page' if one else f'one by one, {by_api}'}, {_PAGE_LACKS}"
    return _ANONYMOUS.format(
        things="1 GitHub repository or page is"
        if one
        else f"{things:,} GitHub repositories and pages are",
        how=how,
        remedy="GITHUB_TOKEN gives many more requests an hour."
        if one
        else f"With GITHUB_TOKEN set, {requests} would answer for all of them.",
    )
