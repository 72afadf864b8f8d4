"""GitHub's GraphQL API: authentication, quotas and request errors."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linkcheck.sandbox.fixtures import Fixtures
from linkcheck.sandbox.http_codec import Request, Response, json_response
from linkcheck.sandbox.quotas import Window
from linkcheck.sandbox.services.github_nodes import Node, Queries
from linkcheck.sandbox.services.github_quota import Quotas, headers, reset

if TYPE_CHECKING:
    from linkcheck.sandbox.services.github_execute import PreparedQuery

_DOCS = "https://docs.github.com/graphql"


class GraphQL:
    """``POST https://api.github.com/graphql``.

    Mutations are added to ``root``.
    """

    def __init__(self, fixtures: Fixtures, quotas: Quotas) -> None:
        self._fixtures = fixtures
        self._quotas = quotas
        self.root = Queries(fixtures).fields
        """The fields of ``Query`` and ``Mutation``: values, or functions of the arguments."""

    def answer(self, request: Request) -> Response:
        """Answer one query."""
        from linkcheck.sandbox.services.github_execute import prepare

        if refused := self._refused(request):
            return refused
        try:
            payload = json.loads(request.body)
        except ValueError:
            return json_response(
                {"message": "Problems parsing JSON", "documentation_url": _DOCS}, 400
            )
        text = payload.get("query") if isinstance(payload, dict) else None
        if not isinstance(text, str):
            message = "A query attribute must be specified and must be a string."
            return json_response({"errors": [{"message": message}]})
        query = prepare(text, payload.get("operationName") or None)
        if isinstance(query, list):
            body: dict[str, object] | Response = {"errors": query}
        else:
            body = self._run(request, query, payload.get("variables") or {})
        if isinstance(body, Response):
            return body
        window = self._quotas.of(request.token).graphql
        return json_response(body, 200, headers(window, "graphql"))

    def _refused(self, request: Request) -> Response | None:
        if not request.headers.get("user-agent"):
            return json_response({"message": "A User-Agent header is required."}, 403)
        if request.method != "POST":
            return json_response({"message": "Not Found", "documentation_url": _DOCS}, 404)
        if request.token is None:
            body = {
                "message": "This endpoint requires you to be authenticated.",
                "documentation_url": _DOCS,
                "status": "401",
            }
            nothing = [
                ("x-ratelimit-limit", "0"),
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-used", "0"),
                ("x-ratelimit-resource", "graphql"),
            ]
            return json_response(body, 401, nothing)
        if request.token in self._fixtures.bad_tokens:
            return json_response({"message": "Bad credentials", "documentation_url": _DOCS}, 401)
        if self._quotas.is_over_concurrency():
            return self._quotas.secondary(self._quotas.of(request.token).graphql_minute, 403)
        return None

    def _run(
        self, request: Request, query: "PreparedQuery", variables: dict[str, Any]
    ) -> dict[str, object] | Response:
        from linkcheck.sandbox.services.github_execute import execute

        quota, limits = self._quotas.of(request.token), self._quotas.limits
        if not quota.graphql_minute.take(5 if query.is_mutation else 1):
            return self._quotas.secondary(quota.graphql_minute, 403)
        cost = query.cost
        if not quota.graphql.take(cost):
            message = "API rate limit already exceeded for user ID 12345."
            error = {"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": message}
            return {"errors": [error]}
        root = {**self.root, "rateLimit": _rate_limit(quota.graphql, cost)}
        return execute(query, root, variables, limits.github_aliases if limits.enforced else None)


def _rate_limit(window: Window, cost: int) -> Node:
    return {
        "cost": cost,
        "limit": window.limit,
        "remaining": window.remaining,
        "used": window.limit - window.remaining,
        "nodeCount": 0,
        "resetAt": datetime.fromtimestamp(reset(window), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
