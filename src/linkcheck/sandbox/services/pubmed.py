"""eutils.ncbi.nlm.nih.gov: ``esummary`` of PubMed and PMC."""

from typing import Any

from linkcheck.sandbox.fixtures import Fixtures
from linkcheck.sandbox.http_codec import (
    Request,
    Response,
    json_response,
    parse_query,
    text_response,
)
from linkcheck.sandbox.publications import Publication, names
from linkcheck.sandbox.quotas import Clock, Limits

_MAX_IDS = 500
_MAX_IDS_IN_URL = 200
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_REFERENCES = {
    "retraction": "Retraction in",
    "withdrawal": "Retraction in",
    "partial_retraction": "Partial retraction in",
    "expression_of_concern": "Expression of concern in",
}


class PubMed:
    """NCBI's E-utilities."""

    def __init__(self, fixtures: Fixtures, limits: Limits, clock: Clock) -> None:
        self._fixtures = fixtures
        self._limits = {False: limits.pubmed, True: limits.pubmed_key}
        self._windows = {
            has_key: limits.window(count, 1, clock) for has_key, count in self._limits.items()
        }

    def answer(self, request: Request) -> Response:
        """Answer ``/entrez/eutils/esummary.fcgi`` with ``retmode=json``, by GET or POST."""
        if request.path != "/entrez/eutils/esummary.fcgi":
            return text_response("Not found", 404)
        query = request.query
        if request.method == "POST":
            query = f"{query}&{request.body.decode('utf-8', 'replace')}"
        params = dict(parse_query(query))
        has_key = bool(params.get("api_key"))
        limit = self._limits[has_key]
        if not self._windows[has_key].take():
            refusal = {
                "error": "API rate limit exceeded",
                "api-key": params.get("api_key") or "127.0.0.1",
                "count": str(limit + 1),
                "limit": str(limit),
            }
            return json_response(refusal, 429, [("retry-after", "2")])
        ids = [name.strip() for name in params.get("id", "").split(",") if name.strip()]
        if request.method == "GET" and len(ids) > _MAX_IDS_IN_URL:
            return text_response("Request-URI Too Long", 414)
        headers = [("x-ratelimit-limit", str(limit))]
        return json_response(self._summaries(params, ids), 200, headers)

    def _summaries(self, params: dict[str, str], ids: list[str]) -> dict[str, Any]:
        header = {"type": "esummary", "version": "0.3"}
        database = params.get("db")
        if database not in {"pubmed", "pmc"} or params.get("retmode") != "json":
            return {"header": header, "esummaryresult": ["Invalid db name specified"]}
        if not ids:
            return {"header": header, "esummaryresult": ["Empty id list - nothing todo"]}
        if len(ids) > _MAX_IDS:
            wrong = (
                "Too many UIDs in request. Maximum number of UIDs is 500 for JSON format output."
            )
            return {"header": header, "esummaryresult": [wrong]}
        for place, name in enumerate(ids):
            if not name.isdecimal():
                wrong = f"Invalid uid {name} at position={place}"
                return {"header": header, "esummaryresult": [wrong]}
        result: dict[str, Any] = {"uids": ids}
        for name in ids:
            known = ("pubmed", name) if database == "pubmed" else ("pmc", f"PMC{name}")
            paper = self._find(*known)
            result[name] = (
                _summary(paper, name, database)
                if paper
                else {"uid": name, "error": "cannot get document summary"}
            )
        return {"header": header, "result": result}

    def _find(self, database: str, name: str) -> Publication | None:
        kind = "pmid" if database == "pubmed" else "pmcid"
        return self._fixtures.publication_index.by_id.get((kind, name.lower()))


def _summary(paper: Publication, uid: str, database: str) -> dict[str, Any]:
    ids = []
    if pmid := paper.ids.get("pmid"):
        ids.append({"idtype": "pubmed" if database == "pubmed" else "pmid", "value": pmid})
    if paper.doi:
        ids.append({"idtype": "doi", "value": paper.doi})
    if pmcid := paper.ids.get("pmcid"):
        ids.append({"idtype": "pmc" if database == "pubmed" else "pmcid", "value": pmcid})
    types = ["Journal Article"]
    if any(notice["type"] in {"retraction", "withdrawal"} for notice in paper.notices):
        types.append("Retracted Publication")
    if paper.notice_of:
        types = ["Retraction of Publication"]
    title = paper.title + (f": {paper.subtitle}" if paper.subtitle else "")
    return {
        "uid": uid,
        "pubdate": _date(paper.published),
        "epubdate": "",
        "source": paper.venue or "",
        "authors": [
            {
                "name": f"{family} {''.join(part[0] for part in given.split())}".strip(),
                "authtype": "Author" if given else "CollectiveName",
                "clusterid": "",
            }
            for family, given in names(paper)
        ],
        "title": f"{title}.",
        "pubtype": types if database == "pubmed" else [],
        "articleids": ids,
        "references": [_reference(notice) for notice in paper.notices]
        if database == "pubmed"
        else [],
        "fulljournalname": paper.venue or "",
        "sortpubdate": f"{paper.published.replace('-', '/')} 00:00",
    }


def _reference(notice: Any) -> dict[str, Any]:
    date = f" {_date(notice['date'])}" if notice.get("date") else ""
    doi = f" doi: {notice['doi']}." if notice.get("doi") else ""
    return {
        "refsource": f"J Sandbox.{date};1(1):1.{doi}",
        "reftype": _REFERENCES.get(notice["type"], "Erratum in"),
        "pmid": int(notice.get("pmid", "0")),
        "note": "",
    }


def _date(date: str) -> str:
    """Return a date as PubMed writes it: ``2023 May 1``."""
    year, *rest = date.split("-")
    return " ".join(
        [year, *[_MONTHS[int(m) - 1] for m in rest[:1]], *[str(int(d)) for d in rest[1:]]]
    )
