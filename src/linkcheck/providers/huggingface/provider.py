"""Observe Hugging Face: models, datasets, spaces, their files, papers, collections and owners.

Several repositories of one owner take one listing. A single repository takes one request to the
API; where the API's rate limit is used up, a request for its card, which counts against the larger
limit for files, shows that it exists and what it declares.
"""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from linkcheck.model.defects import DefectLog
from linkcheck.model.protocols import ObservationRequest, ObservationSink
from linkcheck.model.settings import ServiceSettings
from linkcheck.model.target import ParsedLink, Service
from linkcheck.model.url import Url
from linkcheck.net.messages import HttpClientProtocol
from linkcheck.providers.concurrency import run_workers
from linkcheck.providers.huggingface.hub_rate_limits import HubRateLimits
from linkcheck.providers.huggingface.lookup_plan import plan_lookups
from linkcheck.providers.huggingface.recognize import recognize
from linkcheck.providers.recorder import ObservationRecorder

WORKERS = 16
"""Lookups in progress at the same time; the HTTP client may allow fewer requests."""

LISTING_WORKERS = 4
"""Listings in progress at the same time: each may be some megabytes long."""

_REJECTION_NOTICE = (
    "{message}. Its links were checked without a token. Renew HF_TOKEN, or unset it."
)


class HuggingFaceProvider:
    """Recognizes and observes the targets of Hugging Face."""

    service = Service.HUGGINGFACE

    def __init__(
        self,
        client: HttpClientProtocol,
        settings: ServiceSettings,
        now: Callable[[], datetime],
        notice: Callable[[str], None],
        on_rejected_token: Callable[[Service], None] = lambda _service: None,
    ) -> None:
        """Send requests with ``client``; ``now`` returns the time, ``notice`` informs the user.

        ``on_rejected_token`` is called if the Hub rejects the token.
        """
        self._on_rejected_token = on_rejected_token
        self._client = client
        self._settings = settings
        self._now = now
        self._notice = notice
        client.register_rate_limits(HubRateLimits(), settings.huggingface)

    def recognize(self, url: Url) -> ParsedLink | None:
        """See :func:`linkcheck.providers.huggingface.recognize.recognize`."""
        return recognize(url)

    async def observe(self, requests: Sequence[ObservationRequest], sink: ObservationSink) -> None:
        """Report one observation for each request to ``sink``."""
        if not requests:
            return
        # Importing huggingface_hub takes 0.4 s: only runs with links to Hugging Face need it.
        from linkcheck.providers.huggingface.hub_client import HubClient
        from linkcheck.providers.huggingface.papers_collections_owners import NonRepositoryClient
        from linkcheck.providers.huggingface.repositories import SOURCE, RepositoryClient

        recorder = ObservationRecorder(requests, sink, self._now)
        hub = HubClient(
            self._client,
            self._settings.huggingface.rstrip("/"),
            self._settings.huggingface_token,
            self._reject_token,
        )
        plan = plan_lookups(requests)
        repositories = RepositoryClient(hub, recorder)
        failures = DefectLog()
        await run_workers(
            deque(plan.listings), repositories.observe_listing, LISTING_WORKERS, failures
        )
        jobs = deque((*plan.repositories, *repositories.unlisted))
        await run_workers(jobs, repositories.observe, WORKERS, failures)
        others = NonRepositoryClient(hub, recorder, repositories.owners)
        await run_workers(deque(plan.others), others.observe, WORKERS, failures)
        failures.raise_any()
        recorder.close(SOURCE)

    def _reject_token(self, message: str) -> None:
        self._on_rejected_token(self.service)
        self._notice(_REJECTION_NOTICE.format(message=message))
