"""doi.org with its handle service, and the Wayback Machine's availability service."""

from linkcheck.sandbox.fixtures import Fixtures
from linkcheck.sandbox.http_codec import (
    Request,
    Response,
    html_response,
    json_response,
    parse_query,
    redirect,
)


class DoiOrg:
    """doi.org: redirects DOIs, and answers for handles and agencies."""

    def __init__(self, fixtures: Fixtures) -> None:
        self._fixtures = fixtures

    def answer(self, request: Request) -> Response:
        """Answer ``/{doi}``, ``/api/handles/{doi}`` and ``/ra/{doi}``."""
        path = request.path.lstrip("/")
        for prefix, method in (("api/handles/", self._handle), ("ra/", self._agency)):
            if path.startswith(prefix):
                return method(path.removeprefix(prefix), request)
        record = self._fixtures.doi_by_id.get(path.lower())
        if record is None and path.lower().startswith("10.48550/arxiv."):
            paper = self._fixtures.paper_by_id.get(path[len("10.48550/arxiv.") :])
            if paper:
                return redirect(f"https://arxiv.org/abs/{paper.id}", 302)
        if record is None:
            return html_response("Error: DOI Not Found", 404)
        return redirect(record.url or f"https://publisher.example/{record.id}", 302)

    def _handle(self, doi: str, request: Request) -> Response:
        record = self._fixtures.doi_by_id.get(doi.lower())
        if record is None:
            return json_response({"responseCode": 100, "handle": doi}, 404)
        value = {
            "index": 1,
            "type": "URL",
            "data": {"format": "string", "value": record.url or f"https://publisher.example/{doi}"},
            "ttl": 86400,
            "timestamp": "2024-01-01T00:00:00Z",
        }
        wanted = request.param("type")
        if wanted and wanted.upper() != "URL":
            return json_response({"responseCode": 200, "handle": doi, "values": []})
        return json_response({"responseCode": 1, "handle": doi, "values": [value]})

    def _agency(self, names: str, request: Request) -> Response:  # noqa: ARG002 - a handler
        """Return the agencies of DOIs or prefixes, separated by commas."""
        record = self._fixtures.doi_by_id
        by_prefix = {doi.partition("/")[0]: found for doi, found in record.items()}
        if (whole := record.get(names.lower())) is not None:
            return json_response([{"DOI": names, "RA": whole.agency}])
        answers = []
        for name in names.split(","):
            found = record.get(name.lower()) or by_prefix.get(name)
            state = {"RA": found.agency} if found else {"status": "DOI does not exist"}
            answers.append({"DOI": name, **state})
        return json_response(answers)


class WaybackMachine:
    """archive.org: the availability API."""

    def __init__(self, fixtures: Fixtures) -> None:
        self._fixtures = fixtures

    def answer(self, request: Request) -> Response:
        """Answer ``/wayback/available`` for one URL or many, and the snapshots."""
        if request.path != "/wayback/available":
            return html_response("Internet WaybackMachine")
        if request.method == "POST" and request.headers.get("wayback-api-version") == "2":
            lines = [dict(parse_query(line)) for line in request.body.decode().splitlines()]
            results = [
                {**self._availability(line.get("url", "")), "tag": line.get("tag")}
                for line in lines
            ]
            return json_response({"results": results})
        return json_response(self._availability(request.param("url")))

    def _availability(self, url: str) -> dict[str, object]:
        timestamp = self._fixtures.snapshots.get(url) or self._fixtures.snapshots.get(
            url.rstrip("/")
        )
        if timestamp is None:
            return {"url": url, "archived_snapshots": {}}
        closest = {
            "available": True,
            "url": f"http://web.archive.org/web/{timestamp}/{url}",
            "timestamp": timestamp,
            "status": "200",
        }
        return {"url": url, "archived_snapshots": {"closest": closest}}
