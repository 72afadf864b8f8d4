"""Observes Hugging Face: models, data sets, spaces, their files, papers, collections and owners.

One listing answers for an owner with several repositories; the API answers for one repository with
all facts; where its bucket is spent, the card out of the larger bucket for files still tells that a
repository is there and what it declares.
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
from linkcheck.providers.huggingface.hub_client import HubClient
from linkcheck.providers.huggingface.lookup_plan import plan_lookups
from linkcheck.providers.huggingface.papers_collections_owners import NonRepositoryClient
from linkcheck.providers.huggingface.rate_limits import HubRateLimits
from linkcheck.providers.huggingface.recognize import recognize
from linkcheck.providers.huggingface.repositories import SOURCE, Repositories
from linkcheck.providers.recorder import ObservationRecorder

WORKERS = 16
"""Questions under way at once; the door's budget for the host may allow fewer."""

LISTING_WORKERS = 4
"""Listings under way at once: each may be some megabytes long."""

_REJECTED = (
    "Hugging Face rejected the token (401), so none of its links could be judged. Renew HF_TOKEN "
    "or unset it: public repositories can be asked about without one."
)


class HuggingFaceProvider:
    """Turns Hugging Face URLs into targets and targets into observations."""

    service = Service.HUGGINGFACE

    def __init__(
        self,
        client: HttpClientProtocol,
        settings: ServiceSettings,
        now: Callable[[], datetime],
        notice: Callable[[str], None],
    ) -> None:
        """Use ``client`` for all requests, ``now`` as the clock, ``notice`` to tell the user."""
        self._client = client
        self._settings = settings
        self._now = now
        self._notice = notice
        client.register_rate_limits(HubRateLimits(), settings.huggingface)

    def recognize(self, url: Url) -> ParsedLink | None:
        """Return what the URL points to if it is Hugging Face's. Pure."""
        return recognize(url)

    async def observe(
        self, questions: Sequence[ObservationRequest], report: ObservationSink
    ) -> None:
        """Report exactly one observation for each question."""
        if not questions:
            return
        recorder = ObservationRecorder(
            questions, report, self._now, lambda: self._notice(_REJECTED)
        )
        hub = HubClient(
            self._client,
            self._settings.huggingface.rstrip("/"),
            self._settings.huggingface_token,
        )
        planned = plan_lookups(questions)
        repositories = Repositories(hub, recorder)
        failures = DefectLog()
        await run_workers(deque(planned.listings), repositories.listing, LISTING_WORKERS, failures)
        open_jobs = deque((*planned.repositories, *repositories.unlisted))
        await run_workers(open_jobs, repositories.single, WORKERS, failures)
        others = NonRepositoryClient(hub, recorder, repositories.owners)
        await run_workers(deque(planned.others), others.ask, WORKERS, failures)
        failures.raise_any()
        recorder.close(SOURCE)
