"""doi.org with its handle service, and the Wayback Machine's availability service."""

from linkcheck.sandbox.fixtures import World
from linkcheck.sandbox.http_codec import (
    Request,
    Response,
    json_response,
    pairs,
    redirect,
    text_response,
)


class DoiOrg:
    """doi.org: resolves a DOI, tells of its handle, names its agency."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Response:
        """Answer ``/{doi}``, ``/api/handles/{doi}`` and ``/ra/{doi}``."""
        path = request.path.lstrip("/")
        for prefix, method in (("api/handles/", self._handle), ("ra/", self._agency)):
            if path.startswith(prefix):
                return method(path.removeprefix(prefix), request)
        known = self._world.doi_by_id.get(path.lower())
        if known is None and path.lower().startswith("10.48550/arxiv."):
            paper = self._world.paper_by_id.get(path[len("10.48550/arxiv.") :])
            if paper:
                return redirect(f"https://arxiv.org/abs/{paper.id}", 302)
        if known is None:
            return text_response(
                "<html><head><title>Error: DOI Not Found</title></head></html>",
                404,
                (),
                "text/html; charset=utf-8",
            )
        return redirect(known.url or f"https://publisher.example/{known.id}", 302)

    def _handle(self, doi: str, request: Request) -> Response:
        known = self._world.doi_by_id.get(doi.lower())
        if known is None:
            return json_response({"responseCode": 100, "handle": doi}, 404)
        value = {
            "index": 1,
            "type": "URL",
            "data": {"format": "string", "value": known.url or f"https://publisher.example/{doi}"},
            "ttl": 86400,
            "timestamp": "2024-01-01T00:00:00Z",
        }
        wanted = request.param("type")
        if wanted and wanted.upper() != "URL":
            return json_response({"responseCode": 200, "handle": doi, "values": []})
        return json_response({"responseCode": 1, "handle": doi, "values": [value]})

    def _agency(self, names: str, request: Request) -> Response:  # noqa: ARG002 - a handler
        """Name the agencies of DOIs or prefixes that are set apart by commas."""
        known = self._world.doi_by_id
        by_prefix = {doi.partition("/")[0]: found for doi, found in known.items()}
        if (whole := known.get(names.lower())) is not None:
            return json_response([{"DOI": names, "RA": whole.agency}])
        answers = []
        for name in names.split(","):
            found = known.get(name.lower()) or by_prefix.get(name)
            state = {"RA": found.agency} if found else {"status": "DOI does not exist"}
            answers.append({"DOI": name, **state})
        return json_response(answers)


class Archive:
    """archive.org: says whether there is a snapshot of an address."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Response:
        """Answer ``/wayback/available``, for one address or many, and the snapshots themselves."""
        if request.path != "/wayback/available":
            page = "<html><head><title>Internet Archive</title></head></html>"
            return text_response(page, 200, (), "text/html; charset=utf-8")
        if request.method == "POST" and request.headers.get("wayback-api-version") == "2":
            lines = [dict(pairs(line)) for line in request.body.decode().splitlines()]
            results = [{**self._of(line.get("url", "")), "tag": line.get("tag")} for line in lines]
            return json_response({"results": results})
        return json_response(self._of(request.param("url")))

    def _of(self, url: str) -> dict[str, object]:
        stamp = self._world.snapshots.get(url) or self._world.snapshots.get(url.rstrip("/"))
        if stamp is None:
            return {"url": url, "archived_snapshots": {}}
        closest = {
            "available": True,
            "url": f"http://web.archive.org/web/{stamp}/{url}",
            "timestamp": stamp,
            "status": "200",
        }
        return {"url": url, "archived_snapshots": {"closest": closest}}
