"""api.semanticscholar.org: papers in batches and by title."""

import json
from typing import Any

from linkcheck.model.source_text import word_set
from linkcheck.sandbox.fixtures import Fixtures, derive_id, derive_number
from linkcheck.sandbox.http_codec import Request, Response, json_response
from linkcheck.sandbox.publications import Publication, matches, names
from linkcheck.sandbox.quotas import Clock, Limits

_MAX_IDS = 500
_FIELDS = word_set(
    "paperId corpusId title externalIds authors authors.name year publicationDate publicationTypes"
    " venue url abstract"
)
_PREFIXES = {
    "doi": "doi",
    "arxiv": "arxiv",
    "acl": "acl",
    "pmid": "pmid",
    "pmcid": "pmcid",
    "corpusid": "corpus",
}
_EXTERNAL = {"arxiv": "ArXiv", "acl": "ACL", "pmid": "PubMed", "pmcid": "PubMedCentral"}
_GRAPH = "/graph/v1/paper"
_TOO_MANY = (
    "Too Many Requests. Please wait and try again or apply for a key for higher rate limits."
    " https://www.semanticscholar.org/product/api#api-key-form"
)


class SemanticScholar:
    """The Academic Graph API."""

    def __init__(self, fixtures: Fixtures, limits: Limits, clock: Clock) -> None:
        self._fixtures = fixtures
        self._windows = {
            has_key: limits.window(limits.semanticscholar, 1, clock) for has_key in (False, True)
        }

    def answer(self, request: Request) -> Response:
        """Answer ``POST /graph/v1/paper/batch`` and ``GET /graph/v1/paper/search/match``."""
        if not self._windows[bool(request.headers.get("x-api-key"))].take():
            return json_response({"message": _TOO_MANY, "code": "429"}, 429)
        fields = [name for name in request.param("fields").split(",") if name]
        if unknown := [name for name in fields if name not in _FIELDS]:
            text = f"Unrecognized or unsupported fields: [{', '.join(unknown)}]"
            return json_response({"error": text}, 400)
        if request.path == f"{_GRAPH}/batch" and request.method == "POST":
            return self._batch(request, fields)
        if request.path == f"{_GRAPH}/search/match":
            return self._match(request.param("query"), fields)
        return json_response({"error": "Not found"}, 404)

    def _papers(self) -> dict[str, Publication]:
        """Return the indexed publications and papers of arXiv by key."""
        held = {
            paper.key: paper
            for paper in self._fixtures.publications
            if paper.indexed and paper.title
        }
        listed = {paper.ids.get("arxiv") for paper in held.values()}
        for paper in self._fixtures.papers:
            if paper.id not in listed:
                entry = Publication(
                    paper.title,
                    authors=tuple(_inverted(name) for name in paper.authors),
                    published=paper.published[:10],
                    ids={"arxiv": paper.id},
                )
                held[entry.key] = entry
        return held

    def _batch(self, request: Request, fields: list[str]) -> Response:
        try:
            ids = json.loads(request.body)["ids"]
        except (ValueError, KeyError, TypeError):
            return json_response({"error": "Bad Request"}, 400)
        if not isinstance(ids, list) or len(ids) > _MAX_IDS:
            return json_response({"error": f"At most {_MAX_IDS} ids are taken"}, 400)
        index: dict[tuple[str, str], Publication] = {}
        for paper in self._papers().values():
            index["", s2_id(paper)] = paper
            index["corpus", str(corpus_id(paper))] = paper
            if paper.doi:
                index["doi", paper.doi.lower()] = paper
            for kind, value in paper.ids.items():
                index[kind, value.lower().removeprefix("pmc")] = paper
        found = [index.get(_read_id(name)) for name in ids]
        malformed = any(not isinstance(name, str) or not name.strip() for name in ids)
        if malformed or not any(found):
            return json_response({"error": "No valid paper ids given"}, 400)
        return json_response([_entry(paper, fields) if paper else None for paper in found])

    def _match(self, query: str, fields: list[str]) -> Response:
        papers = self._papers().values()
        best = max(papers, key=lambda paper: matches(paper, query), default=None)
        if best is None or matches(best, query) < 0.5:
            return json_response({"error": "Title match not found"}, 404)
        entry = _entry(best, fields) | {"matchScore": round(200 * matches(best, query), 4)}
        return json_response({"data": [entry]})


def s2_id(paper: Publication) -> str:
    """Return the index's own id of a paper."""
    return paper.ids.get("s2") or derive_id("s2", paper.key)


def corpus_id(paper: Publication) -> int:
    """Return the corpus id of a paper."""
    known = paper.ids.get("corpus")
    return int(known) if known else 1_000_000 + derive_number("s2", paper.key, below=10**9)


def _read_id(name: object) -> tuple[str, str]:
    prefix, colon, value = str(name).partition(":")
    if not colon:
        return "", prefix.lower()
    return _PREFIXES.get(prefix.lower(), "unknown"), value.lower()


def _inverted(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}"


def _entry(paper: Publication, fields: list[str]) -> dict[str, Any]:
    external: dict[str, Any] = {
        _EXTERNAL[kind]: value.removeprefix("PMC")
        for kind, value in paper.ids.items()
        if kind in _EXTERNAL
    }
    if paper.doi:
        external["DOI"] = paper.doi
    external["CorpusId"] = corpus_id(paper)
    title = paper.title + (f": {paper.subtitle}" if paper.subtitle else "")
    held = {
        "title": title,
        "externalIds": external,
        "authors": [
            {"authorId": str(n), "name": f"{given} {family}".strip()}
            for n, (family, given) in enumerate(names(paper))
        ],
        "year": int(paper.published[:4]),
        "publicationDate": paper.published if len(paper.published) == 10 else None,
        "publicationTypes": ["JournalArticle"],
        "venue": paper.venue or "",
    }
    selected = {name.partition(".")[0] for name in fields} or {"title"}
    return {"paperId": s2_id(paper), **{k: v for k, v in held.items() if k in selected}}
