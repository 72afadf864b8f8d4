"""GitHub's REST API: a table of routes.

:meth:`Rest.add` adds further routes, for example those that write.
"""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linkcheck.sandbox.fixtures import Fixtures, Owner, Repository, derive_id
from linkcheck.sandbox.http_codec import Request, Response, json_response, redirect
from linkcheck.sandbox.services import github_shapes as shapes
from linkcheck.sandbox.services.github_quota import Quotas, headers

_VERSIONS = ("2022-11-28", "2026-03-10")
DOCS = "https://docs.github.com/rest"
_FREE = ("/rate_limit", "/meta")
READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Call:
    """A REST request matched to a route."""

    request: Request
    repo: Repository | None
    args: tuple[str, ...]


Route = Callable[[Call], Response | None]
"""Answers a call; ``None``: the next matching route answers."""


class Rest:
    """``https://api.github.com`` without ``/graphql``."""

    def __init__(self, fixtures: Fixtures, quotas: Quotas) -> None:
        self._fixtures = fixtures
        self._quotas = quotas
        self._routes: list[tuple[str, re.Pattern[str], Route]] = []
        self._general: list[tuple[str, re.Pattern[str], Route]] = []
        for pattern, route in (
            ("", self._repository),
            ("/license", self._license),
            ("/readme", self._readme),
            ("/topics", self._topics),
            ("/contents/?(.*)", self._get_contents),
            ("/branches/(.+)", self._branch),
            ("/commits/(.+)", self._commit),
            ("/commits", self._commits),
            ("/git/ref/(heads|tags)/(.+)", self._ref),
            ("/releases", self._releases),
            ("/releases/latest", self._latest_release),
            ("/releases/tags/(.+)", self._release),
            (r"/milestones/(\d+)", self._milestone),
            ("/actions/workflows/([^/]+)", self._workflow),
            (r"/issues/(\d+)", self._issue),
            (r"/pulls/(\d+)", self._pull),
        ):
            self.add("GET", pattern, route)
        for pattern, route in (
            ("/users/([^/]+)", self._user),
            ("/orgs/([^/]+)", self._org),
            ("/users/([^/]+)/repos", self._repos_of),
            ("/gists/([^/]+)", self._gist),
            ("/user", self._viewer),
            ("/", self._root),
        ):
            self._general.append(("GET", re.compile(pattern), route))

    def add(self, method: str, pattern: str, route: Route) -> None:
        """Add a route under ``/repos/{owner}/{repo}``; later routes take precedence."""
        self._routes.insert(0, (method, re.compile(pattern), route))

    def answer(self, request: Request) -> Response:
        """Answer any request that is not GraphQL."""
        fixtures, token = self._fixtures, request.token
        if refused := _header_error(request):
            return refused
        if token in fixtures.bad_tokens:
            return json_response({"message": "Bad credentials", "documentation_url": DOCS}, 401)
        if request.path == "/rate_limit":
            return self._quotas.rate_limit(token)
        cost = 1 if request.method in READS else 5
        if request.path not in _FREE and (refused := self._quotas.refuse_rest(request, cost)):
            return refused
        response = self._conditional(request, self._dispatch(request))
        response.headers += headers(self._quotas.of(token).core, "core")
        response.headers.append(("x-github-api-version-selected", _VERSIONS[0]))
        return response

    def _conditional(self, request: Request, response: Response) -> Response:
        """Return 304, at no cost, if the client already has the response."""
        if response.status != 200:
            return response
        etag = f'W/"{derive_id(response.body.decode("utf-8", "replace"), digits=32)}"'
        if request.headers.get("if-none-match") == etag:
            core = self._quotas.of(request.token).core
            core.used = max(0, core.used - 1)
            return Response(304, [("etag", etag)])
        response.headers.append(("etag", etag))
        return response

    def _dispatch(self, request: Request) -> Response:
        if match := re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", request.path):
            name, rest = match.group(1), match.group(2) or ""
            repo = self._fixtures.repository_by_name.get(name.lower())
            if repo is None:
                return not_found()
            if repo.name.lower() != name.lower():
                return _moved(request, repo, rest)
            return self._within(request, repo, rest)
        if match := re.fullmatch(r"/repositories/(\d+)(/.*)?", request.path):
            repo = self._fixtures.repository_by_number.get(int(match.group(1)))
            return self._within(request, repo, match.group(2) or "") if repo else not_found()
        return self._first(self._general, request, None, request.path)

    def _within(self, request: Request, repo: Repository, rest: str) -> Response:
        if repo.private:
            return not_found()
        if repo.blocked:
            return _blocked(repo)
        if repo.saml:
            message = "Resource protected by organization SAML enforcement."
            return json_response({"message": message, "documentation_url": DOCS}, 403)
        return self._first(self._routes, request, repo, rest)

    def _first(
        self,
        table: list[tuple[str, re.Pattern[str], Route]],
        request: Request,
        repo: Repository | None,
        path: str,
    ) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        for route_method, pattern, route in table:
            if route_method == method and (match := pattern.fullmatch(path)):
                response = route(Call(request, repo, match.groups()))
                if response is not None:
                    return response
        return not_found()

    def owner(self, login: str) -> Owner:
        """Return the owner with this login; a new one if the fixtures have none."""
        return self._fixtures.owner_by_login.get(("github", login.lower())) or Owner(login)

    def _repository(self, call: Call) -> Response:
        repo, base = _repository_of(call), call.request.base
        body = shapes.repository(repo, self.owner(repo.name.partition("/")[0]), base)
        parent = self._fixtures.repository_by_name.get((repo.parent or "").lower())
        if parent:
            owner = self.owner(parent.name.partition("/")[0])
            body["parent"] = body["source"] = shapes.repository(parent, owner, base)
        return json_response(body)

    def _license(self, call: Call) -> Response:
        found = shapes.license_of(_repository_of(call), call.request.base)
        if found is None:
            return not_found()
        body = shapes.content(_repository_of(call), "LICENSE", "blob", "HEAD", call.request.base)
        return json_response({**body, "license": found, "content": "", "encoding": "base64"})

    def _readme(self, call: Call) -> Response:
        repo = _repository_of(call)
        if repo.look_up("HEAD", "README.md") != "blob":
            return not_found()
        return json_response(_file(repo, "README.md", "HEAD", call.request.base))

    def _topics(self, call: Call) -> Response:
        return json_response({"names": list(_repository_of(call).topics)})

    def _get_contents(self, call: Call) -> Response:
        repo, path, base = _repository_of(call), call.args[0].strip("/"), call.request.base
        ref = call.request.param("ref") or "HEAD"
        kind = repo.look_up(ref, path)
        if repo.empty or (kind is None and not repo.has_ref(ref)):
            return not_found("This repository is empty." if repo.empty else f"No commit for {ref}")
        if kind is None:
            return not_found()
        branch = repo.default_branch if ref == "HEAD" else ref
        if kind == "blob":
            return json_response(_file(repo, path, branch, base))
        prefix = f"{path}/" if path else ""
        names = {}
        for stored in repo.files:
            file = stored.partition(":")[2] or stored
            if file.startswith(prefix):
                name, slash, _ = file[len(prefix) :].partition("/")
                names[prefix + name] = "tree" if slash else "blob"
        return json_response([shapes.content(repo, n, k, branch, base) for n, k in names.items()])

    def _branch(self, call: Call) -> Response:
        repo, name = _repository_of(call), call.args[0]
        if name in repo.renamed_branches:
            where = f"{call.request.base}/repositories/{repo.number}/branches/"
            return redirect(where + repo.renamed_branches[name], 301)
        if repo.empty or name not in (repo.default_branch, *repo.branches):
            return not_found("Branch not found")
        return json_response(
            {
                "name": name,
                "commit": shapes.commit(repo, name, call.request.base),
                "protected": False,
            }
        )

    def _commit(self, call: Call) -> Response:
        repo, ref = _repository_of(call), call.args[0]
        if not repo.has_ref(ref):
            return json_response({"message": f"No commit found for SHA: {ref}"}, 422)
        return json_response(shapes.commit(repo, ref, call.request.base))

    def _commits(self, call: Call) -> Response:
        repo = _repository_of(call)
        if repo.empty:
            return json_response({"message": "Git Repository is empty."}, 409)
        return json_response([shapes.commit(repo, "HEAD", call.request.base)])

    def _ref(self, call: Call) -> Response:
        repo, (kind, name) = _repository_of(call), call.args
        names = (repo.default_branch, *repo.branches) if kind == "heads" else repo.tags
        if repo.empty or name not in names:
            return not_found()
        sha = shapes.commit(repo, name, call.request.base)["sha"]
        return json_response(
            {"ref": f"refs/{kind}/{name}", "object": {"type": "commit", "sha": sha}}
        )

    def _releases(self, call: Call) -> Response:
        repo = _repository_of(call)
        found = [shapes.release(repo, repo.release, call.request.base)] if repo.release else []
        return json_response(found)

    def _latest_release(self, call: Call) -> Response:
        repo = _repository_of(call)
        if repo.release is None:
            return not_found()
        return json_response(shapes.release(repo, repo.release, call.request.base))

    def _release(self, call: Call) -> Response:
        repo, tag = _repository_of(call), call.args[0]
        if tag != repo.release and tag not in repo.tags:
            return not_found()
        return json_response(shapes.release(repo, tag, call.request.base))

    def _milestone(self, call: Call) -> Response:
        repo, number = _repository_of(call), int(call.args[0])
        if number not in repo.milestones:
            return not_found()
        return json_response({"number": number, "state": "open", "title": f"Milestone {number}"})

    def _workflow(self, call: Call) -> Response:
        repo, file = _repository_of(call), call.args[0]
        path = f".github/workflows/{file}"
        if repo.look_up("HEAD", path) is None:
            return not_found()
        return json_response({"path": path, "state": "active", "name": file})

    def _issue(self, call: Call) -> Response:
        repo, number = _repository_of(call), int(call.args[0])
        if number not in repo.issues and number not in repo.pulls:
            return not_found()
        pull = number in repo.pulls
        return json_response(shapes.issue(repo, number, call.request.base, pull=pull))

    def _pull(self, call: Call) -> Response:
        repo, number = _repository_of(call), int(call.args[0])
        if number not in repo.pulls:
            return not_found()
        return json_response(shapes.issue(repo, number, call.request.base, pull=True))

    def _known_owner(self, login: str) -> Owner | None:
        return self._fixtures.owner_by_login.get(("github", login.lower()))

    def _user(self, call: Call) -> Response:
        owner = self._known_owner(call.args[0])
        if owner is None:
            return not_found()
        count = sum(
            r.name.lower().startswith(f"{owner.login.lower()}/")
            for r in self._fixtures.repositories
        )
        body = {**shapes.owner_brief(owner, call.request.base), "name": owner.name}
        return json_response({**body, "public_repos": count})

    def _org(self, call: Call) -> Response:
        owner = self._known_owner(call.args[0])
        return self._user(call) if owner and owner.organization else not_found()

    def _repos_of(self, call: Call) -> Response:
        owner = self._known_owner(call.args[0])
        if owner is None:
            return not_found()
        start = f"{owner.login.lower()}/"
        repos = [
            shapes.repository(repo, owner, call.request.base)
            for repo in self._fixtures.repositories
            if repo.name.lower().startswith(start) and not repo.private
        ]
        return paginate(call.request, repos)

    def _gist(self, call: Call) -> Response:
        for owner in self._fixtures.owners:
            if call.args[0] in owner.gists:
                brief = shapes.owner_brief(owner, call.request.base)
                return json_response({"id": call.args[0], "public": True, "owner": brief})
        return not_found()

    def _viewer(self, call: Call) -> Response:
        if call.request.token is None:
            return json_response({"message": "Requires authentication", "status": "401"}, 401)
        return json_response(shapes.owner_brief(Owner("linkcheck-bot"), call.request.base))

    def _root(self, call: Call) -> Response:
        return json_response({"current_user_url": f"{call.request.base}/user"})


def _repository_of(call: Call) -> Repository:
    if call.repo is None:
        raise LookupError("this route needs a repository")
    return call.repo


def not_found(message: str = "Not Found") -> Response:
    """Return GitHub's 404."""
    return json_response({"message": message, "documentation_url": DOCS, "status": "404"}, 404)


def paginate(request: Request, items: Sequence[object]) -> Response:
    """Return the requested page of a list, with a link to the next one."""
    size, page = int(request.param("per_page", "30")), int(request.param("page", "1"))
    headers = []
    if page * size < len(items):
        others = [part for part in request.query.split("&") if not part.startswith("page=")]
        query = "&".join([*filter(None, others), f"page={page + 1}"])
        headers.append(("link", f'<{request.base}{request.raw_path}?{query}>; rel="next"'))
    return json_response(items[(page - 1) * size : page * size], headers=headers)


def _header_error(request: Request) -> Response | None:
    if not request.headers.get("user-agent"):
        message = "Request forbidden by administrative rules. A User-Agent header is required."
        return json_response({"message": message}, 403)
    version = request.headers.get("x-github-api-version")
    if version and version not in _VERSIONS:
        message = f"{version} is not a supported version. Supported: {', '.join(_VERSIONS)}"
        return json_response({"message": message, "documentation_url": DOCS}, 400)
    return None


def _moved(request: Request, repo: Repository, rest: str) -> Response:
    """Redirect a former name to the URL by id: 301 for reads, 307 for writes."""
    url = f"{request.base}/repositories/{repo.number}{rest}"
    body = {
        "message": "Moved Permanently",
        "url": url,
        "documentation_url": f"{DOCS}/guides/best-practices#follow-redirects",
    }
    return json_response(body, 301 if request.method in READS else 307, [("location", url)])


def _blocked(repo: Repository) -> Response:
    page = "dmca" if repo.blocked == "dmca" else "tos"
    block = {
        "reason": repo.blocked,
        "created_at": repo.pushed_at,
        "html_url": f"https://github.com/{page}",
    }
    body = {"message": "Repository access blocked", "block": block}
    return json_response(body, 451 if repo.blocked == "dmca" else 403)


def _file(repo: Repository, path: str, ref: str, base: str) -> dict[str, object]:
    text = base64.b64encode(f"# {repo.name}\n".encode()).decode()
    body = shapes.content(repo, path, "blob", ref, base)
    return {**body, "content": text, "encoding": "base64"}
