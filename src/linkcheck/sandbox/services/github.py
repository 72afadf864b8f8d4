"""GitHub: the API, the pages of github.com, raw files and gists."""

import re
from collections import Counter

from linkcheck.sandbox.fixtures import Fixtures, Repository
from linkcheck.sandbox.http_codec import Request, Response, html_response, redirect, text_response
from linkcheck.sandbox.quotas import Clock, Limits
from linkcheck.sandbox.services.forge import ForgeService
from linkcheck.sandbox.services.github_graphql import GraphQL
from linkcheck.sandbox.services.github_quota import Quotas
from linkcheck.sandbox.services.github_rest import Rest

_SITE_PAGES = frozenset(
    {"", "about", "features", "login", "pricing", "topics", "explore", "search"}
)


class GitHub:
    """All of GitHub's hosts."""

    def __init__(
        self, fixtures: Fixtures, limits: Limits, clock: Clock, running: Counter[str]
    ) -> None:
        self._fixtures = fixtures
        self.quotas = Quotas(limits, clock, running)
        self.rest = Rest(fixtures, self.quotas)
        self.graphql = GraphQL(fixtures, self.quotas)
        self.forge = ForgeService(self.rest, self.graphql)

    def api(self, request: Request) -> Response:
        """Answer for api.github.com."""
        path = request.path
        if path == "/graphql" or path == "/api/graphql":
            return self.graphql.answer(request)
        return self.rest.answer(request)

    def pages(self, request: Request) -> Response:
        """Answer for the pages of github.com and gist.github.com."""
        if not self.quotas.take_page():
            return html_response("Too many requests", 429, [("retry-after", "60")])
        parts = [part for part in request.path.split("/") if part]
        if request.host.startswith("gist."):
            return self._gist(parts)
        if not parts or parts[0] in _SITE_PAGES:
            return html_response("GitHub", 200)
        if len(parts) == 1 or parts[0] == "orgs":
            login = parts[-1] if len(parts) == 1 else parts[1]
            known = ("github", login.lower()) in self._fixtures.owner_by_login
            return html_response(login, 200 if known else 404)
        name = f"{parts[0]}/{parts[1].removesuffix('.git')}"
        repo = self._fixtures.repository_by_name.get(name.lower())
        if repo is None or repo.private:
            return html_response("Page not found", 404)
        if repo.name.lower() != name.lower():
            rest = "/".join(parts[2:])
            return redirect(f"https://github.com/{repo.name}{'/' + rest if rest else ''}", 301)
        if repo.blocked:
            return html_response("Repository unavailable", 451 if repo.blocked == "dmca" else 403)
        return _within(repo, parts[2:])

    def _gist(self, parts: list[str]) -> Response:
        owners = [owner for owner in self._fixtures.owners if parts and parts[-1] in owner.gists]
        return html_response(
            f"Gist {parts[-1] if parts else ''}", 200 if owners or not parts else 404
        )

    def raw(self, request: Request) -> Response:
        """Answer for raw.githubusercontent.com, which does not redirect renamed branches."""
        if not self.quotas.take_page():
            return text_response("429: Too Many Requests", 429)
        match = re.fullmatch(r"/([^/]+/[^/]+)/(?:refs/heads/)?(.+)", request.path)
        repo = self._fixtures.repository_by_name.get(match.group(1).lower()) if match else None
        if match is None or repo is None or repo.private or repo.blocked:
            return text_response("404: Not Found", 404)
        ref, path = split_ref(repo, match.group(2))
        if repo.look_up(ref, path) != "blob":
            return text_response("404: Not Found", 404)
        return text_response(f"# {repo.name}\n")


def split_ref(repo: Repository, rest: str) -> tuple[str, str]:
    """Split ``ref/path``; branch names may contain slashes."""
    known = (repo.default_branch, *repo.branches, *repo.tags, *repo.commits)
    for ref in sorted(known, key=len, reverse=True):
        if rest == ref or rest.startswith(f"{ref}/"):
            return ref, rest[len(ref) + 1 :]
    ref, _, path = rest.partition("/")
    return ref, path


def _within(repo: Repository, parts: list[str]) -> Response:
    if not parts:
        return html_response(f"GitHub - {repo.name}: {repo.description or ''}", 200)
    word, rest = parts[0], "/".join(parts[1:])
    if word in ("tree", "blob", "raw", "blame", "edit", "commits"):
        return _path(repo, word, rest)
    found = {
        "releases": not rest or rest == "latest" or parts[-1] in (repo.release, *repo.tags),
        "tags": True,
        "issues": not rest or parts[-1] in map(str, (*repo.issues, *repo.pulls)),
        "pulls": True,
        "pull": len(parts) > 1 and parts[1] in map(str, repo.pulls),
        "discussions": not rest or rest in map(str, repo.discussions),
        "wiki": repo.wiki,
        "actions": True,
        "stargazers": True,
        "network": True,
        "commit": rest in repo.commits,
    }.get(word, False)
    return html_response(
        f"{repo.name} {word}" if found else "Page not found", 200 if found else 404
    )


def _path(repo: Repository, word: str, rest: str) -> Response:
    ref, path = split_ref(repo, rest)
    kind = repo.look_up(ref, path)
    if kind is not None:
        return html_response(f"{repo.name}/{path} at {ref}", 200)
    newer = repo.renamed_branches.get(ref)
    if newer and repo.look_up(newer, path):
        return redirect(f"https://github.com/{repo.name}/{word}/{newer}/{path}", 302)
    return html_response("File not found", 404)
