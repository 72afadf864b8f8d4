"""Publishers' landing pages: some readable, with their tags, most of them refusing programs."""

from collections.abc import Callable
from html import escape
from typing import Any

from linkcheck.model.source_text import word_set
from linkcheck.sandbox.fixtures import World
from linkcheck.sandbox.http_codec import Request, Response, json_response, text_response
from linkcheck.sandbox.publications import Publication, names

_CHALLENGE = (("server", "cloudflare"), ("cf-mitigated", "challenge"))
_CHALLENGED = word_set(
    "dl.acm.org www.science.org www.nejm.org ai.nejm.org www.cell.com www.thelancet.com"
    " www.sciencedirect.com www.biorxiv.org www.medrxiv.org papers.ssrn.com www.researchgate.net"
)
"""Hosts behind Cloudflare's challenge (assumed but for sciencedirect and bioRxiv)."""
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
"""Hosts that turn programs away, and how (link checkers' public records)."""

REFUSING_HOSTS = frozenset({*_CHALLENGED, *_REFUSING})
OPENREVIEW_APIS = ("api.openreview.net", "api2.openreview.net")
BIORXIV_API = "api.biorxiv.org"


class Publishers:
    """Every host of landing pages, OpenReview's API and bioRxiv's."""

    def __init__(self, world: World, web: Callable[[Request], Response]) -> None:
        self._world = world
        self._web = web

    def answer(self, request: Request) -> Response:
        """Answer for a landing page: as the world spells it out, by refusal, or with its tags."""
        host, spelled_out = request.host, self._world.host_by_name.get(request.host)
        if spelled_out and request.address in spelled_out.pages:
            return self._web(request)
        if spelled_out is None and host in _CHALLENGED:
            page = "<!doctype html><html><head><title>Just a moment...</title></head></html>"
            return text_response(page, 403, _CHALLENGE, "text/html; charset=utf-8")
        if spelled_out is None and host in _REFUSING:
            return text_response("Access denied", _REFUSING[host])
        paper = self._world.publication_index.by_page.get(host + request.address)
        if paper:
            return _page(paper.title, _tags(paper), 200)
        return self._web(request) if spelled_out else _page("Not found", "", 404)

    def openreview(self, request: Request) -> Response:  # noqa: ARG002 - a handler
        """Answer as OpenReview's API does for programs without an account."""
        refusal = {"name": "ChallengeRequiredError", "message": "Challenge required", "status": 403}
        return json_response(refusal, 403)

    def biorxiv(self, request: Request) -> Response:
        """Answer ``/details/SERVER/DOI/na/json`` with one entry a version."""
        parts = request.path.split("/")
        doi = "/".join(parts[3:5]) if len(parts) >= 5 and parts[1] == "details" else ""
        paper = self._world.publication_index.by_doi.get(doi.lower())
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


def _page(title: str, tags: str, status: int) -> Response:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>{tags}'
    page = f'<!doctype html><html lang="en"><head>{head}</head><body></body></html>'
    return text_response(page, status, (), "text/html; charset=utf-8")


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
