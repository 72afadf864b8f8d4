"""The Hugging Face Hub: API, files, listings, papers, owners, pages."""

import base64
import json
import re
from collections.abc import Sequence

from linkcheck.model.url import quote_segment
from linkcheck.sandbox.fixtures import Fixtures, HubRepository, derive_id
from linkcheck.sandbox.http_codec import (
    Request,
    Response,
    html_response,
    json_response,
    parse_query,
    redirect,
    text_response,
)
from linkcheck.sandbox.quotas import Clock, Limits, Window
from linkcheck.sandbox.services.hub_shapes import EXPANDABLE, card, describe

_KINDS = {"models": "model", "datasets": "dataset", "spaces": "space"}
_WINDOW_SECONDS = 300.0
_RESERVED = frozenset(
    {"api", "papers", "collections", "docs", "join", "login", "pricing", "blog", "settings"}
)
_NAME = r"[^/]+(?:/[^/]+)?"


class HuggingFace:
    """huggingface.co."""

    def __init__(self, fixtures: Fixtures, limits: Limits, clock: Clock) -> None:
        self._fixtures = fixtures
        self._limits = limits
        self._clock = clock
        self._windows: dict[tuple[str, str], Window] = {}
        self._kind = "api"

    def answer(self, request: Request) -> Response:
        """Answer any request, within the quota of its rate-limit bucket."""
        path = request.path
        bucket = "pages"
        if path.startswith("/api/"):
            bucket = "api"
        elif "/resolve/" in path or "/raw/" in path:
            bucket = "resolvers"
        window = self._window(bucket, request.token)
        if not window.take():
            response = _error(
                429,
                f"We had to rate limit you, you hit the quota of {window.limit} {bucket} requests "
                "per 5 minutes period.",
            )
        elif request.token in self._fixtures.bad_tokens:
            response = _error(401, "Invalid credentials in Authorization header")
        elif bucket == "api":
            response = self._api(request, path.removeprefix("/api/").strip("/"))
        elif bucket == "resolvers":
            response = self._file(request)
        else:
            response = self._page(request)
        response.headers += [
            ("ratelimit", f'"{bucket}";r={window.remaining};t={int(window.reset_in) + 1}'),
            (
                "ratelimit-policy",
                f'"fixed window";"{bucket}";q={window.limit};w={round(window.seconds) or 1}',
            ),
            ("x-request-id", f"Root=1-{derive_id(request.address, digits=32)}"),
        ]
        return response

    def _window(self, bucket: str, token: str | None) -> Window:
        key = (bucket, token or "")
        if key not in self._windows:
            suffix = "_token" if token else ""
            limit: int = getattr(self._limits, f"huggingface_{bucket}{suffix}")
            self._windows[key] = self._limits.window(limit, _WINDOW_SECONDS, self._clock)
        return self._windows[key]

    def _api(self, request: Request, path: str) -> Response:
        first, _, rest = path.partition("/")
        if first in _KINDS:
            kind = _KINDS[first]
            return self._listing(request, kind) if not rest else self._repo(request, kind, rest)
        if first == "papers" and rest:
            return self._paper(rest)
        if first == "collections" and rest:
            return self._collection(rest)
        if match := re.fullmatch(r"(users|organizations)/([^/]+)/overview", path):
            return self._owner(match.group(2), organization=match.group(1) == "organizations")
        if first == "whoami-v2":
            if request.token:
                return json_response({"type": "user", "name": "sandbox", "orgs": []})
            return _error(401, "Invalid username or password.")
        return _error(404, "Sorry, we can't find the page you are looking for.")

    def _find(self, kind: str, name: str) -> HubRepository | None:
        hub = self._fixtures.hub_by_name.get((kind, name.lower()))
        return None if hub is None or hub.private else hub

    def _repo(self, request: Request, kind: str, rest: str) -> Response:
        match = re.fullmatch(rf"({_NAME}?)(?:/(revision|paths-info|tree)/(.+))?", rest)
        if not match:
            return _error(404, "Sorry, we can't find the page you are looking for.")
        name, verb, tail = match.groups()
        hub = self._find(kind, name)
        if hub is None:
            return _missing(request)
        if hub.name != name:
            place = request.raw_path.replace(f"/{_quote(name)}", f"/{_quote(hub.name)}", 1)
            query = f"?{request.query}" if request.query else ""
            return redirect(f"{place}{query}", 307, f"Temporary Redirect. Redirecting to {place}")
        if verb is None:
            return self._info(request, hub)
        revision, _, path = (tail or "").partition("/")
        if revision not in ("main", hub.sha, *hub.revisions):
            return _error(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        if verb == "revision":
            return self._info(request, hub)
        if verb == "paths-info":
            return _paths_info(request, hub)
        return _get_tree(hub, path, deep=request.param("recursive").lower() in ("true", "1"))

    def _info(self, request: Request, hub: HubRepository) -> Response:
        expand = request.params("expand") + request.params("expand[]")
        if refused := _wrong_expand(expand, hub.kind):
            return refused
        if hub.disabled and hub.kind == "dataset":
            text = "Access to this resource is disabled."
            return json_response({"error": text}, 403, [("x-error-message", text)])
        value = describe(hub, expand)
        etag = f'W/"{derive_id(json.dumps(value), digits=24)}"'
        return json_response(value, 200, [("etag", etag)])

    def _listing(self, request: Request, kind: str) -> Response:
        expand = request.params("expand") + request.params("expand[]")
        if refused := _wrong_expand(expand, kind):
            return refused
        author, limit = request.param("author"), min(int(request.param("limit", "1000")), 1000)
        hubs: Sequence[HubRepository] = (
            self._fixtures.hubs_by_owner.get((kind, author.lower()), [])
            if author
            else [hub for hub in self._fixtures.hubs if hub.kind == kind]
        )
        hubs = [hub for hub in hubs if not hub.private and not hub.disabled]
        cursor = request.param("cursor")
        start = int(base64.urlsafe_b64decode(cursor)) if cursor else 0
        headers = []
        if start + limit < len(hubs):
            after = base64.urlsafe_b64encode(str(start + limit).encode()).decode()
            kept = "&".join(
                f"{_quote(k)}={_quote(v)}" for k, v in parse_query(request.query) if k != "cursor"
            )
            url = f"{request.base}{request.raw_path}?{kept}&cursor={_quote(after)}"
            headers.append(("link", f'<{url}>; rel="next"'))
        brief = expand or ["createdAt", "downloads", "likes", "private", "tags"]
        found = [describe(hub, brief) for hub in hubs[start : start + limit]]
        return json_response(found, 200, headers)

    def _paper(self, requested: str) -> Response:
        paper = self._fixtures.paper_by_id.get(requested.removesuffix(".md"))
        if paper is None or not paper.hub:
            return _error(404, "Paper not found")
        return json_response(
            {
                "id": paper.id,
                "title": paper.title,
                "summary": "An abstract.",
                "authors": [{"name": name} for name in paper.authors],
                "publishedAt": paper.published,
                "upvotes": 1,
                "linkedModels": [],
                "numTotalModels": 0,
                "linkedDatasets": [],
                "numTotalDatasets": 0,
                "linkedSpaces": [],
            }
        )

    def _collection(self, slug: str) -> Response:
        owner = self._fixtures.owner_by_login.get(("huggingface", slug.partition("/")[0].lower()))
        if owner is None or slug not in owner.collections:
            return _error(404, "Collection not found")
        return json_response(
            {"slug": slug, "title": slug.rpartition("/")[2], "items": [], "owner": {}}
        )

    def _owner(self, login: str, *, organization: bool) -> Response:
        owner = self._fixtures.owner_by_login.get(("huggingface", login.lower()))
        if owner is None or owner.organization is not organization:
            what = "organization" if organization else "user"
            return _error(404, f"This {what} does not exist")
        count = {
            kind: len(self._fixtures.hubs_by_owner.get((kind, login.lower()), []))
            for kind in _KINDS.values()
        }
        shared = {
            "_id": derive_id("owner", owner.login, digits=24),
            "fullname": owner.name or owner.login,
            "avatarUrl": "https://huggingface.co/avatars/sandbox.svg",
            "numModels": count["model"],
            "numDatasets": count["dataset"],
            "numSpaces": count["space"],
        }
        if organization:
            return json_response({**shared, "name": owner.login, "isVerified": False})
        return json_response({**shared, "user": owner.login, "type": "user", "isPro": False})

    def _file(self, request: Request) -> Response:
        match = re.fullmatch(rf"/({_NAME}?(?:/[^/]+)?)/(resolve|raw)/([^/]+)/(.+)", request.path)
        if not match:
            return _error(404, "Not found")
        place, verb, revision, path = match.groups()
        kind, name = _kind_of(place)
        hub = self._find(kind, name)
        if hub is None:
            return _missing(request)
        if hub.name != name:
            address = request.address.replace(_quote(name), _quote(hub.name), 1)
            return redirect(address, 307, f"Temporary Redirect. Redirecting to {address}")
        if hub.disabled:
            text = "Access to this resource is disabled."
            return text_response(text, 403, [("x-error-message", text)])
        if hub.gated:
            return _gated(request, hub)
        commit = ("x-repo-commit", hub.sha)
        if revision not in ("main", hub.sha, *hub.revisions):
            return _error(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        if path not in hub.paths:
            failed = [("x-error-code", "EntryNotFound"), ("x-error-message", "Entry not found")]
            return text_response("Entry not found", 404, [*failed, commit])
        body = card(hub) if path == "README.md" else f"{verb} {path}\n"
        etag = f'"{derive_id(body)}"'
        if request.headers.get("if-none-match") == etag:
            return Response(304, [("etag", etag), commit])
        kind_of_text = "text/plain; charset=utf-8"
        return text_response(body, 200, [("etag", etag), commit], kind_of_text)

    def _page(self, request: Request) -> Response:
        path = request.path.strip("/")
        first, _, rest = path.partition("/")
        if first == "papers" and rest:
            paper = self._fixtures.paper_by_id.get(rest)
            return html_response(
                paper.title if paper else "404", 200 if paper and paper.hub else 404
            )
        if first == "collections":
            return html_response(rest, self._collection(rest).status)
        if not path or first in _RESERVED:
            return html_response("Hugging Face", 200)
        match = re.match(rf"((?:datasets/|spaces/)?{_NAME})", path)
        kind, name = _kind_of(match.group(1) if match else path)
        hub = self._find(kind, name)
        if hub is None:
            owner = self._fixtures.owner_by_login.get(("huggingface", path.lower()))
            return html_response(path, 200 if owner else 401 if rest else 404)
        if hub.name != name:
            return redirect("/" + path.replace(name, hub.name, 1), 307)
        return html_response(f"{hub.name} · Hugging Face", 200)


def _kind_of(place: str) -> tuple[str, str]:
    first, _, rest = place.partition("/")
    if first in ("datasets", "spaces") and rest:
        return _KINDS[first], rest
    return "model", place


def _quote(text: str) -> str:
    return quote_segment(text, safe="/")


def _error(status: int, text: str, code: str | None = None) -> Response:
    headers = [("x-error-message", text)]
    if code:
        headers.append(("x-error-code", code))
    return json_response({"error": text}, status, headers)


def _missing(request: Request) -> Response:
    """Return the response for a missing or private repository: 401 without a token, else 404."""
    if request.token:
        return _error(404, "Repository not found", "RepoNotFound")
    response = _error(401, "Invalid username or password.")
    realm = 'Bearer realm="Authentication required", charset="UTF-8"'
    response.headers.append(("www-authenticate", realm))
    return response


def _gated(request: Request, hub: HubRepository) -> Response:
    text = f"Access to {hub.kind} {hub.name} is restricted"
    if request.token:
        text += " and you are not in the authorized list."
        headers = [("x-error-code", "GatedRepo"), ("x-error-message", text)]
        return json_response({"error": text}, 403, headers)
    text += ". You must have access to it and be authenticated to access it. Please log in."
    return text_response(
        text,
        401,
        [
            ("x-error-code", "GatedRepo"),
            ("x-error-message", text),
            ("www-authenticate", 'Bearer realm="Authentication required"'),
        ],
    )


def _wrong_expand(expand: Sequence[str], kind: str) -> Response | None:
    options = EXPANDABLE[kind]
    if all(name in options for name in expand):
        return None
    listed = "|".join(f'"{name}"' for name in sorted(options))
    return json_response({"error": f"Invalid option: expected one of {listed}"}, 400)


def _paths_info(request: Request, hub: HubRepository) -> Response:
    if "json" in request.headers.get("content-type", ""):
        requested = json.loads(request.body or b"{}").get("paths", [])
        paths = [requested] if isinstance(requested, str) else list(requested)
    else:
        paths = [v for k, v in parse_query(request.body.decode()) if k in ("paths", "paths[]")]
    found = []
    for path in paths:
        if path in hub.paths:
            found.append(_file_entry(path))
        elif any(file.startswith(f"{path.rstrip('/')}/") for file in hub.paths):
            found.append({"type": "directory", "oid": derive_id("tree", path), "path": path})
    return json_response(found)


def _get_tree(hub: HubRepository, path: str, *, deep: bool) -> Response:
    prefix = f"{path.strip('/')}/" if path.strip("/") else ""
    names: dict[str, bool] = {}
    for file in hub.paths:
        if file.startswith(prefix):
            name, slash, _ = file[len(prefix) :].partition("/")
            names[prefix + name] = bool(slash)
            if deep:
                names[file] = False
    if prefix and not names:
        return _error(404, f"{path} does not exist on main", "EntryNotFound")
    return json_response(
        [
            {"type": "directory", "oid": derive_id("tree", name), "path": name, "size": 0}
            if folder
            else _file_entry(name)
            for name, folder in sorted(names.items())
        ]
    )


def _file_entry(path: str) -> dict[str, object]:
    return {"type": "file", "oid": derive_id("blob", path), "size": 100, "path": path}
