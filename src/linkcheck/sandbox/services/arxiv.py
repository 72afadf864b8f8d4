"""arXiv: the query API, the pages, and OAI-PMH."""

import re
from collections import Counter
from collections.abc import Iterable
from xml.sax.saxutils import escape

from linkcheck.sandbox.fixtures import Fixtures, Paper
from linkcheck.sandbox.http_codec import (
    Request,
    Response,
    html_response,
    parse_query,
    redirect,
    text_response,
)
from linkcheck.sandbox.quotas import Clock, Limits

_ATOM = "application/atom+xml; charset=UTF-8"
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})(v[1-9]\d*)?")
_EXACT = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v([1-9]\d*))?")
_DEFAULT_RESULTS = 10
_MAX_RESULTS = 2000


class Arxiv:
    """arxiv.org and export.arxiv.org."""

    def __init__(
        self, fixtures: Fixtures, limits: Limits, clock: Clock, running: Counter[str]
    ) -> None:
        self._fixtures = fixtures
        self._limits = limits
        self._clock = clock
        self._running = running
        self._last = float("-inf")

    def answer(self, request: Request) -> Response:
        """Answer ``/api/query``, ``/abs/…``, ``/pdf/…``, ``/html/…`` and ``/format/…``."""
        if request.path == "/api/query":
            return self._throttled() or self._query(request)
        match = re.fullmatch(r"/(abs|pdf|html|format|ps)/(.+)", request.path)
        if not match:
            return html_response("arXiv.org e-Print archive", 200 if request.path == "/" else 404)
        return self._page(match.group(1), match.group(2), request)

    def _throttled(self) -> Response | None:
        """Return the 429 for a request less than three seconds after the previous one."""
        now = self._clock()
        pause = self._limits.arxiv_seconds * self._limits.time_scale
        busy = self._running["export.arxiv.org"] + self._running["oaipmh.arxiv.org"] > 1
        early = now - self._last < 0.9 * pause
        if self._limits.enforced and (busy or early):
            return text_response("Rate exceeded.", 429, (), "text/plain")
        self._last = now
        return None

    def _query(self, request: Request) -> Response:
        query = request.query
        if request.method == "POST":
            query = f"{query}&{request.body.decode('utf-8', 'replace')}"
        params = dict(parse_query(query))
        ids = [part.strip() for part in params.get("id_list", "").split(",") if part.strip()]
        if request.method == "GET" and len(ids) > self._limits.arxiv_ids:
            return text_response("URI Too Long", 414)
        for wrong in ids:
            if not _ID.search(wrong):
                return text_response(_error(wrong), 400, (), _ATOM)
        try:
            most = min(int(params.get("max_results", _DEFAULT_RESULTS)), _MAX_RESULTS)
            start = int(params.get("start", 0))
        except ValueError:
            return text_response(_error("max_results must be an integer"), 400, (), _ATOM)
        found = [entry for entry in map(self._entry, sorted(set(ids))) if entry]
        return text_response(
            _feed(",".join(ids), found[start : start + most], len(found), start, most),
            200,
            (),
            _ATOM,
        )

    def _entry(self, arxiv_id: str) -> str | None:
        match = _EXACT.fullmatch(arxiv_id)
        paper = self._fixtures.paper_by_id.get(match.group(1)) if match else None
        if match is None or paper is None:
            return None
        version = int(match.group(2) or paper.versions)
        return _entry(paper, version) if version <= paper.versions else None

    def _page(self, form: str, rest: str, request: Request) -> Response:
        if form == "pdf" and (rest.endswith(".pdf") or request.query):
            return redirect(f"{request.base}/pdf/{rest.removesuffix('.pdf')}", 301)
        match = _EXACT.fullmatch(rest)
        paper = self._fixtures.paper_by_id.get(match.group(1)) if match else None
        if match is None or paper is None:
            return html_response("Article not found", 404)
        version = int(match.group(2) or paper.versions)
        gone = paper.withdrawn and form == "pdf" and version == paper.versions
        if version > paper.versions or gone:
            return html_response("Not available", 404)
        if form == "pdf":
            return text_response("%PDF-1.5", 200, (), "application/pdf")
        return html_response(f"[{paper.id}] {paper.title}", 200)

    def oai(self, request: Request) -> Response:
        """Answer OAI-PMH's ``GetRecord`` in the format ``arXivRaw``."""
        if refused := self._throttled():
            return refused
        arxiv_id = request.param("identifier").removeprefix("oai:arXiv.org:")
        if request.param("verb") != "GetRecord" or request.param("metadataPrefix") != "arXivRaw":
            return _oai('<error code="badVerb">Only GetRecord and arXivRaw are played here</error>')
        paper = self._fixtures.paper_by_id.get(arxiv_id)
        if paper is None:
            return _oai('<error code="idDoesNotExist">Nothing has this identifier</error>')
        return _oai(_record(paper))


def _feed(ids: str, entries: Iterable[str], total: int, start: int, most: int) -> str:
    query = f"search_query=&id_list={ids}&start={start}&max_results={most}"
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">'
        "<id>https://arxiv.org/api/sandbox</id>"
        f"<title>arXiv Query: {escape(query)}</title>"
        "<updated>2026-11-01T00:00:00Z</updated>"
        f'<link href="https://arxiv.org/api/query?{escape(query)}" type="application/atom+xml"/>'
        f"<opensearch:itemsPerPage>{most}</opensearch:itemsPerPage>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>"
        f"{''.join(entries)}</feed>"
    )


def _entry(paper: Paper, version: int) -> str:
    named = f"{paper.id}v{version}"
    updated = paper.updated or paper.published
    optional = "".join(
        f"<arxiv:{tag}>{escape(value)}</arxiv:{tag}>"
        for tag, value in (
            ("comment", paper.comment),
            ("journal_ref", paper.journal_ref),
            ("doi", paper.doi),
        )
        if value
    )
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
    return (
        f"<entry><id>http://arxiv.org/abs/{named}</id><title>{escape(paper.title)}</title>"
        f"<updated>{updated if version == paper.versions else paper.published}</updated>"
        f'<link href="https://arxiv.org/abs/{named}" rel="alternate" type="text/html"/>'
        f'<link href="https://arxiv.org/pdf/{named}" rel="related" type="application/pdf" '
        f'title="pdf"/><summary>{escape(paper.abstract)}</summary>'
        f'<category term="{paper.category}" scheme="http://arxiv.org/schemas/atom"/>'
        f"<published>{paper.published}</published>{optional}"
        f'<arxiv:primary_category term="{paper.category}"/>{authors}</entry>'
    )


def _error(wrong: str) -> str:
    where = f"https://arxiv.org/api/errors#incorrect_id_format_for_{escape(wrong)}"
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
        'xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/</id>'
        "<title>arXiv Search Results</title><updated>2026-11-01T00:00:00Z</updated>"
        "<opensearch:itemsPerPage>1</opensearch:itemsPerPage>"
        "<opensearch:totalResults>1</opensearch:totalResults>"
        "<opensearch:startIndex>0</opensearch:startIndex>"
        f"<entry><id>{where}</id><title>Error</title><updated>2026-11-01T00:00:00Z</updated>"
        f'<link href="{where}" rel="alternate" type="text/html"/>'
        f"<summary>incorrect id format for {escape(wrong)}</summary>"
        "<author><name>arXiv api core</name></author></entry></feed>"
    )


def _oai(inner: str) -> Response:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        "<responseDate>2026-11-01T00:00:00Z</responseDate>"
        f"<request>https://oaipmh.arxiv.org/oai</request>{inner}</OAI-PMH>"
    )
    return text_response(text, 200, (), "text/xml; charset=utf-8")


def _record(paper: Paper) -> str:
    versions = "".join(
        f'<version version="v{n}"><date>Sun, 1 Jan 2023 00:00:00 GMT</date><size>100kb</size>'
        + ("<source_type>I</source_type>" if paper.withdrawn and n == paper.versions else "")
        + "</version>"
        for n in range(1, paper.versions + 1)
    )
    comment = f"<comments>{escape(paper.comment)}</comments>" if paper.comment else ""
    journal = f"<journal-ref>{escape(paper.journal_ref)}</journal-ref>" if paper.journal_ref else ""
    doi = f"<doi>{escape(paper.doi)}</doi>" if paper.doi else ""
    return (
        f"<GetRecord><record><header><identifier>oai:arXiv.org:{paper.id}</identifier>"
        f"<datestamp>{(paper.updated or paper.published)[:10]}</datestamp></header>"
        '<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">'
        f"<id>{paper.id}</id><submitter>{escape(paper.authors[0])}</submitter>{versions}"
        f"<title>{escape(paper.title)}</title>"
        f"<authors>{escape(', '.join(paper.authors))}</authors>"
        f"<categories>{paper.category}</categories>{comment}{journal}{doi}"
        f"<license>{escape(paper.license)}</license><abstract>{escape(paper.abstract)}</abstract>"
        "</arXivRaw></metadata></record></GetRecord>"
    )
