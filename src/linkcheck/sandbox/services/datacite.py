"""api.datacite.org: DOIs by an Elasticsearch query, in pages of 25."""

import re
from typing import Any

from linkcheck.sandbox.fixtures import Fixtures
from linkcheck.sandbox.http_codec import Request, Response, json_response
from linkcheck.sandbox.publications import Publication, names
from linkcheck.sandbox.quotas import Clock, Limits, Window

_QUERY = re.compile(r'doi:\((?:"(?:[^"\\]|\\.)+"(?:\s+OR\s+|(?=\))))+\)|doi:"(?:[^"\\]|\\.)+"')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')
_DEFAULT_SIZE = 25
_MAX_SIZE = 1000


class DataCite:
    """DataCite's REST API."""

    def __init__(self, fixtures: Fixtures, limits: Limits, clock: Clock) -> None:
        self._fixtures = fixtures
        self._limits = limits
        self._windows = {
            False: limits.window(limits.datacite, 300, clock),
            True: limits.window(limits.datacite_contact, 300, clock),
        }

    def answer(self, request: Request) -> Response:
        """Answer ``/dois?query=doi:(…)`` and ``/dois/DOI``."""
        window: Window = self._windows[bool(request.param("mailto"))]
        if not window.take():
            return _error(429, "You have exceeded the rate limit")
        if request.path == "/dois":
            return self._list(request)
        paper = self._find(request.path.removeprefix("/dois/"))
        if not request.path.startswith("/dois/") or paper is None:
            return _error(404, "The resource you are looking for doesn't exist.")
        return json_response({"data": item(paper)})

    def _find(self, doi: str) -> Publication | None:
        paper = self._fixtures.publication_index.by_doi.get(doi.lower())
        return paper if paper and paper.agency == "DataCite" else None

    def _list(self, request: Request) -> Response:
        query = request.param("query")
        if not _QUERY.fullmatch(query):
            # Elasticsearch reads slashes and colons of unquoted DOIs as operators.
            return _error(400, "The query could not be parsed")
        size = min(int(request.param("page[size]") or _DEFAULT_SIZE), _MAX_SIZE)
        dois = [re.sub(r"\\(.)", r"\1", name) for name in _QUOTED.findall(query)]
        found = [paper for doi in dict.fromkeys(dois) if (paper := self._find(doi))]
        pages = -(-len(found) // size) if size else 0
        return json_response(
            {
                "data": [item(paper) for paper in found[:size]],
                "meta": {"total": len(found), "totalPages": pages, "page": 1},
            }
        )


def _error(status: int, title: str) -> Response:
    return json_response({"errors": [{"status": str(status), "title": title}]}, status)


def item(paper: Publication) -> dict[str, Any]:
    """Return a DOI as DataCite writes it."""
    doi = (paper.doi or "").lower()
    titles: list[dict[str, Any]] = [{"title": paper.title}]
    if paper.subtitle:
        titles.append({"title": paper.subtitle, "titleType": "Subtitle"})
    dates = [{"date": paper.published, "dateType": "Issued"}]
    dates += [
        {"date": notice.get("date", ""), "dateType": "Withdrawn"}
        for notice in paper.notices
        if notice["type"] == "withdrawal"
    ]
    attributes = {
        "doi": doi,
        "titles": titles,
        "creators": [
            {
                "name": f"{family}, {given}" if given else family,
                "nameType": "Personal" if given else "Organizational",
                "givenName": given or None,
                "familyName": family if given else None,
            }
            for family, given in names(paper)
        ],
        "publicationYear": int(paper.published[:4]),
        "publisher": paper.venue or "Zenodo",
        "container": {},
        "types": {"resourceTypeGeneral": paper.type, "resourceType": ""},
        "dates": dates,
        "rightsList": [{"rightsUri": paper.license}] if paper.license else [],
        "relatedIdentifiers": [],
        "state": "findable",
    }
    return {"id": doi, "type": "dois", "attributes": attributes, "relationships": {}}
