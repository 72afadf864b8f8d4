"""The services of the world, told apart by host name."""

from collections import Counter
from collections.abc import Callable

from linkcheck.sandbox.fixtures import World
from linkcheck.sandbox.http_codec import Request, Response, text_response
from linkcheck.sandbox.quotas import Clock, Limits
from linkcheck.sandbox.services.arxiv import Arxiv
from linkcheck.sandbox.services.crossref import Crossref
from linkcheck.sandbox.services.datacite import DataCite
from linkcheck.sandbox.services.doi import Archive, DoiOrg
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
    """Every host of one world."""

    def __init__(self, world: World, limits: Limits, clock: Clock, strangers: str) -> None:
        self._world = world
        self.running: Counter[str] = Counter()
        self.github = GitHub(world, limits, clock, self.running)
        self.huggingface = HuggingFace(world, limits, clock)
        self.arxiv = Arxiv(world, limits, clock, self.running)
        self.doi = DoiOrg(world)
        self.archive = Archive(world)
        self.web = Web(world, limits, clock, self.running, strangers)
        self.publishers = Publishers(world, self.web.answer)
        pages = (REFUSING_HOSTS - world.host_by_name.keys()) | world.publication_index.hosts
        self._hosts: dict[str, Callable[[Request], Response]] = {
            **dict.fromkeys(pages, self.publishers.answer),
            **dict.fromkeys(OPENREVIEW_APIS, self.publishers.openreview),
            BIORXIV_API: self.publishers.biorxiv,
            "api.crossref.org": Crossref(world, limits, clock, self.running).answer,
            "api.datacite.org": DataCite(world, limits, clock).answer,
            "eutils.ncbi.nlm.nih.gov": PubMed(world, limits, clock).answer,
            "api.semanticscholar.org": SemanticScholar(world, limits, clock).answer,
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
        """Whether the host is one of the services and no mere web host."""
        return host in self._hosts

    def _has_page(self, request: Request) -> bool:
        """Whether the world spells out what this very page of a service's host does."""
        host = self._world.host_by_name.get(request.host)
        return host is not None and request.address in host.pages

    def begin(self, request: Request) -> None:
        """Note that a request has come in."""
        self.running[request.host] += 1

    def end(self, request: Request) -> None:
        """Note that it is being answered."""
        self.running[request.host] -= 1

    def answer(self, request: Request) -> Response:
        """Return what the host says; a defect of the sandbox is a 500 that says so."""
        try:
            if self._has_page(request):
                return self.web.answer(request)
            return self._hosts.get(request.host, self.web.answer)(request)
        except Exception as error:  # noqa: BLE001 (the thread must go on; the answer shows it)
            return text_response(f"defect in the sandbox: {error!r}", 500)
