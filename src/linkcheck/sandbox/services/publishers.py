"""Publishers' landing pages: pages with metadata, and hosts that block programs."""

from collections.abc import Callable
from html import escape
from typing import Any

from linkcheck.model.source_text import word_set
from linkcheck.sandbox.fixtures import Fixtures
from linkcheck.sandbox.http_codec import (
    Request,
    Response,
    html_response,
    json_response,
    text_response,
)
from linkcheck.sandbox.publications import Publication, names

_CHALLENGE = (("server", "cloudflare"), ("cf-mitigated", "challenge"))
_CHALLENGED = word_set(
    "dl.acm.org www.science.org www.nejm.org ai.nejm.org www.cell.com www.thelancet.com"
    " www.sciencedirect.com www.biorxiv.org www.medrxiv.org papers.ssrn.com www.researchgate.net"
)
"""Hosts behind Cloudflare's challenge (confirmed for sciencedirect and bioRxiv only)."""
_REFUSING = {
    "www.tandfonline.com": 403,
    "academic.oup.com": 403,
    "www.mdpi.com": 403,
    "www.pnas.org": 403,
    "jamanetwork.com": 403,
    "onlinelibrary.wiley.com": 503,
    "journals.sagepub.com": 503,
    "ieeexplore.ieee.org": 418,
    "pmc.ncbi.nlm.nih.gov": 403,
    "www.ncbi.nlm.nih.gov": 429,
}
"""Hosts that block programs, with the status (from public records of link checkers)."""

REFUSING_HOSTS = frozenset({*_CHALLENGED, *_REFUSING})
OPENREVIEW_APIS = ("api.openreview.net", "api2.openreview.net")
BIORXIV_API = "api.biorxiv.org"


class Publishers:
    """Every host of landing pages, OpenReview's API and bioRxiv's."""

    def __init__(self, fixtures: Fixtures, web: Callable[[Request], Response]) -> None:
        self._fixtures = fixtures
        self._web = web

    def answer(self, request: Request) -> Response:
        """Answer for a landing page: from the fixtures, blocked, or with metadata."""
        host, spelled_out = request.host, self._fixtures.host_by_name.get(request.host)
        if spelled_out and request.address in spelled_out.pages:
            return self._web(request)
        if spelled_out is None and host in _CHALLENGED:
            return html_response("Just a moment...", 403, _CHALLENGE)
        if spelled_out is None and host in _REFUSING:
            return text_response("Access denied", _REFUSING[host])
        paper = self._fixtures.publication_index.by_page.get(host + request.address)
        if paper:
            return html_response(paper.title, head=_tags(paper))
        return self._web(request) if spelled_out else html_response("Not found", 404)

    def openreview(self, request: Request) -> Response:  # noqa: ARG002 - a handler
        """Answer as OpenReview's API does for programs without an account."""
        refusal = {"name": "ChallengeRequiredError", "message": "Challenge required", "status": 403}
        return json_response(refusal, 403)

    def biorxiv(self, request: Request) -> Response:
        """Answer ``/details/SERVER/DOI/na/json`` with one entry a version."""
        parts = request.path.split("/")
        doi = "/".join(parts[3:5]) if len(parts) >= 5 and parts[1] == "details" else ""
        paper = self._fixtures.publication_index.by_doi.get(doi.lower())
        if paper is None or not doi.startswith(("10.1101/", "10.64898/")):
            return json_response({"messages": [{"status": "no posts found"}], "collection": []})
        versions = [_version(paper, 1, "new results", paper.title, paper.published)]
        for notice in paper.notices:
            if notice["type"] == "withdrawal":
                date = notice.get("date", paper.published)
                title = f"WITHDRAWN: {paper.title}"
                versions.append(_version(paper, len(versions) + 1, "withdrawn", title, date))
        return json_response({"messages": [{"status": "ok"}], "collection": versions})


def _version(paper: Publication, number: int, kind: str, title: str, date: str) -> dict[str, Any]:
    people = (f"{family}, {given[:1]}." for family, given in names(paper))
    withdrawn = "This manuscript has been withdrawn by the authors." if kind == "withdrawn" else ""
    return {
        "doi": paper.doi,
        "title": title,
        "authors": "; ".join(people),
        "date": date,
        "version": str(number),
        "type": kind,
        "license": "cc_by",
        "abstract": withdrawn or "An abstract.",
        "published": paper.preprint_of or "NA",
        "server": paper.venue or "bioRxiv",
    }


def _tags(paper: Publication) -> str:
    tags = [("citation_title", paper.title)]
    tags += [
        ("citation_author", f"{family}, {given}" if given else family)
        for family, given in names(paper)
    ]
    tags.append(("citation_publication_date", paper.published.replace("-", "/")))
    if paper.doi:
        tags.append(("citation_doi", paper.doi))
    return "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in tags)
