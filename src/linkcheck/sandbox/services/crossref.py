"""api.crossref.org: works by filter, DOI and title, with its rate-limit pools."""

import re
from collections import Counter
from typing import Any

from linkcheck.model.source_text import word_set
from linkcheck.sandbox.fixtures import Fixtures
from linkcheck.sandbox.http_codec import Request, Response, json_response, text_response
from linkcheck.sandbox.publications import Publication, date_parts, matches, names
from linkcheck.sandbox.quotas import Clock, Limits, Window

HOST = "api.crossref.org"

_FILTERS = frozenset({"doi", "alternative-id", "prefix", "type"})
_SELECTS = word_set(
    "DOI title subtitle author issued published posted type license container-title relation"
    " alternative-id updated-by update-to URL score prefix publisher created abstract ISSN"
)
_MAX_ROWS = 1000
_DEFAULT_ROWS = 20


class Crossref:
    """Crossref's REST API."""

    def __init__(
        self, fixtures: Fixtures, limits: Limits, clock: Clock, running: Counter[str]
    ) -> None:
        self._fixtures = fixtures
        self._limits = limits
        self._clock = clock
        self._running = running
        self._windows: dict[str, Window] = {}

    def answer(self, request: Request) -> Response:
        """Answer ``/works`` and ``/works/DOI``."""
        is_list = request.path.rstrip("/") == "/works"
        refused, headers = self._pool(request, is_list=is_list)
        if refused:
            return refused
        if is_list:
            response = self._list(request)
        elif request.path.startswith("/works/"):
            response = self._work(request.path.removeprefix("/works/"))
        else:
            response = text_response("Resource not found.", 404)
        response.headers += headers
        return response

    def _pool(
        self, request: Request, *, is_list: bool
    ) -> tuple[Response | None, list[tuple[str, str]]]:
        """Return a 429 if the pool's limit is exceeded, and the pool's headers."""
        limits = self._limits
        is_polite = bool(request.param("mailto")) or "mailto:" in request.headers.get(
            "user-agent", ""
        )
        per_second = {
            (True, True): limits.crossref_lists_polite,
            (True, False): limits.crossref_lists,
            (False, True): limits.crossref_works_polite,
            (False, False): limits.crossref_works,
        }[is_list, is_polite]
        at_once = limits.crossref_lists_polite if is_polite else limits.crossref_lists
        pool = f"{'polite' if is_polite else 'public'}-{'array' if is_list else 'single'}"
        headers = [
            ("x-rate-limit-limit", str(per_second)),
            ("x-rate-limit-interval", "1s"),
            ("x-concurrency-limit", str(at_once)),
            ("x-api-pool", pool),
        ]
        window = self._windows.setdefault(pool, limits.window(per_second, 1, self._clock))
        is_over_concurrency = limits.enforced and self._running[HOST] > at_once
        if is_over_concurrency or not window.take():
            return text_response("Too Many Requests", 429, headers), headers
        return None, headers

    def _work(self, doi: str) -> Response:
        paper = self._fixtures.publication_index.by_doi.get(doi.lower())
        if paper is None or paper.agency != "Crossref":
            return text_response("Resource not found.", 404)
        return json_response(_envelope("work", work(paper)))

    def _list(self, request: Request) -> Response:
        select = [name for name in request.param("select").split(",") if name]
        if wrong := next((name for name in select if name not in _SELECTS), None):
            return _invalid("parameter-not-allowed", wrong, f"Select {wrong} specified")
        rows = request.param("rows", str(_DEFAULT_ROWS))
        if not rows.isdecimal() or int(rows) > _MAX_ROWS:
            return _invalid("integer-not-valid", rows, f"Integer specified as {rows}")
        filters: list[tuple[str, str]] = []
        # A comma ends a filter, even if it is percent-encoded.
        for part in filter(None, request.param("filter").split(",")):
            name, colon, value = part.partition(":")
            if not colon or name not in _FILTERS:
                return _invalid("filter-not-available", name, f"Filter {name} specified")
            filters.append((name, value))
        papers = self._filtered(filters)
        query = request.param("query.bibliographic") or request.param("query.title")
        if query:
            scored = [(matches(paper, query), paper) for paper in papers]
            scored = sorted((s for s in scored if s[0] > 0), key=lambda s: -s[0])
            papers = [paper for _, paper in scored]
        items = [work(paper) for paper in papers[: int(rows)]]
        if select:
            items = [{k: v for k, v in item.items() if k in select} for item in items]
        message = {
            "facets": {},
            "total-results": len(papers),
            "items": items,
            "items-per-page": int(rows),
            "query": {"start-index": 0, "search-terms": query or None},
        }
        return json_response(_envelope("work-list", message))

    def _filtered(self, filters: list[tuple[str, str]]) -> list[Publication]:
        registered = self._fixtures.publication_index.by_doi.values()
        papers = [paper for paper in registered if paper.agency == "Crossref"]
        for name in {name for name, _ in filters}:
            values = {value.lower() for kind, value in filters if kind == name}
            papers = [paper for paper in papers if _matches_filter(paper, name, values)]
        return papers


def _matches_filter(paper: Publication, name: str, values: set[str]) -> bool:
    doi = (paper.doi or "").lower()
    if name == "doi":
        return doi in values
    if name == "prefix":
        return doi.partition("/")[0] in values
    if name == "type":
        return paper.type in values
    return paper.ids.get("pii", "").lower() in values


def _envelope(kind: str, message: object) -> dict[str, object]:
    return {"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": message}


def _invalid(kind: str, value: str, text: str) -> Response:
    message = [{"type": kind, "value": value, "message": f"{text}, which this route does not take"}]
    failure = {"status": "failed", "message-type": "validation-failure", "message": message}
    return json_response(failure, 400)


def work(paper: Publication) -> dict[str, Any]:
    """Return a work as Crossref writes it."""
    doi = (paper.doi or "").lower()
    mark = {"retraction": "RETRACTED: ", "withdrawal": "WITHDRAWN: ", "removal": "REMOVED: "}
    marks = [mark[n["type"]] for n in paper.notices if n["type"] in mark and n.get("marked")]
    found: dict[str, Any] = {
        "DOI": doi,
        "title": [f"{marks[0] if marks else ''}{paper.title}"],
        "subtitle": [paper.subtitle] if paper.subtitle else [],
        "author": [
            {"given": given, "family": family, "sequence": "additional" if n else "first"}
            for n, (family, given) in enumerate(names(paper))
        ],
        "type": paper.type,
        "issued": date_parts(paper.published),
        "published": date_parts(paper.published),
        "container-title": [paper.venue] if paper.venue else [],
        "URL": f"https://doi.org/{doi}",
        "prefix": doi.partition("/")[0],
        "score": 0.0,
    }
    if paper.license:
        found["license"] = [{"URL": paper.license, "content-version": "vor", "delay-in-days": 0}]
    if "pii" in paper.ids:
        found["alternative-id"] = [paper.ids["pii"]]
    if paper.preprint_of:
        other = {"id-type": "doi", "id": paper.preprint_of, "asserted-by": "subject"}
        found["relation"] = {"is-preprint-of": [other]}
    if paper.notices:
        found["updated-by"] = [_update(notice) for notice in paper.notices]
    if paper.notice_of:
        found["update-to"] = [
            {"DOI": paper.notice_of.lower(), "type": "retraction", "label": "Retraction"}
        ]
    return found


def _update(notice: Any) -> dict[str, Any]:
    label = re.sub("_", " ", notice["type"]).capitalize()
    found: dict[str, Any] = {
        "type": notice["type"],
        "label": label,
        "source": notice.get("source", "publisher"),
    }
    if doi := notice.get("doi"):
        found["DOI"] = doi.lower()
    if date := notice.get("date"):
        found["updated"] = date_parts(date) | {"date-time": f"{date}T00:00:00Z"}
    return found
