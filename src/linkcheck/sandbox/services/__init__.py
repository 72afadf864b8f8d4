"""The services by host name."""

from collections import Counter
from collections.abc import Callable

from linkcheck.sandbox.fixtures import Fixtures
from linkcheck.sandbox.http_codec import Request, Response, text_response
from linkcheck.sandbox.quotas import Clock, Limits
from linkcheck.sandbox.services.arxiv import Arxiv
from linkcheck.sandbox.services.crossref import Crossref
from linkcheck.sandbox.services.datacite import DataCite
from linkcheck.sandbox.services.doi import DoiOrg, WaybackMachine
from linkcheck.sandbox.services.github import GitHub
from linkcheck.sandbox.services.huggingface import HuggingFace
from linkcheck.sandbox.services.publishers import (
    BIORXIV_API,
    OPENREVIEW_APIS,
    REFUSING_HOSTS,
    Publishers,
)
from linkcheck.sandbox.services.pubmed import PubMed
from linkcheck.sandbox.services.semanticscholar import SemanticScholar
from linkcheck.sandbox.services.web import Web


class Services:
    """All services and web hosts."""

    def __init__(
        self, fixtures: Fixtures, limits: Limits, clock: Clock, unknown_hosts: str
    ) -> None:
        self._fixtures = fixtures
        self.running: Counter[str] = Counter()
        self.github = GitHub(fixtures, limits, clock, self.running)
        self.huggingface = HuggingFace(fixtures, limits, clock)
        self.arxiv = Arxiv(fixtures, limits, clock, self.running)
        self.doi = DoiOrg(fixtures)
        self.archive = WaybackMachine(fixtures)
        self.web = Web(fixtures, limits, clock, self.running, unknown_hosts)
        self.publishers = Publishers(fixtures, self.web.answer)
        pages = (REFUSING_HOSTS - fixtures.host_by_name.keys()) | fixtures.publication_index.hosts
        self._hosts: dict[str, Callable[[Request], Response]] = {
            **dict.fromkeys(pages, self.publishers.answer),
            **dict.fromkeys(OPENREVIEW_APIS, self.publishers.openreview),
            BIORXIV_API: self.publishers.biorxiv,
            "api.crossref.org": Crossref(fixtures, limits, clock, self.running).answer,
            "api.datacite.org": DataCite(fixtures, limits, clock).answer,
            "eutils.ncbi.nlm.nih.gov": PubMed(fixtures, limits, clock).answer,
            "api.semanticscholar.org": SemanticScholar(fixtures, limits, clock).answer,
            "api.github.com": self.github.api,
            "github.com": self.github.pages,
            "www.github.com": self.github.pages,
            "gist.github.com": self.github.pages,
            "raw.githubusercontent.com": self.github.raw,
            "gist.githubusercontent.com": self.github.raw,
            "huggingface.co": self.huggingface.answer,
            "www.huggingface.co": self.huggingface.answer,
            "hf.co": self.huggingface.answer,
            "export.arxiv.org": self.arxiv.answer,
            "arxiv.org": self.arxiv.answer,
            "www.arxiv.org": self.arxiv.answer,
            "oaipmh.arxiv.org": self.arxiv.oai,
            "doi.org": self.doi.answer,
            "dx.doi.org": self.doi.answer,
            "www.doi.org": self.doi.answer,
            "archive.org": self.archive.answer,
            "web.archive.org": self.archive.answer,
        }

    def owns(self, host: str) -> bool:
        """Whether the host belongs to a service."""
        return host in self._hosts

    def _has_page(self, request: Request) -> bool:
        """Whether the fixtures define this page of a service's host."""
        host = self._fixtures.host_by_name.get(request.host)
        return host is not None and request.address in host.pages

    def begin(self, request: Request) -> None:
        """Count a request as in progress."""
        self.running[request.host] += 1

    def end(self, request: Request) -> None:
        """Count a request as finished."""
        self.running[request.host] -= 1

    def answer(self, request: Request) -> Response:
        """Return the host's response; 500 for an exception in the sandbox."""
        try:
            if self._has_page(request):
                return self.web.answer(request)
            return self._hosts.get(request.host, self.web.answer)(request)
        except Exception as error:  # noqa: BLE001 (keep the thread running; the response reports it)
            return text_response(f"defect in the sandbox: {error!r}", 500)
