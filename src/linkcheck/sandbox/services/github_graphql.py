"""GitHub's GraphQL service: authentication, quotas, and what a query may come back with."""

import json
from collections.abc import Mapping
from typing import Any

from linkcheck.sandbox.fixtures import World
from linkcheck.sandbox.graphql import Query, prepare
from linkcheck.sandbox.graphql_run import Run
from linkcheck.sandbox.http_codec import Request, Response, json_response
from linkcheck.sandbox.services.github_quota import Quotas, headers, reset
from linkcheck.sandbox.services.github_types import build_schema
from linkcheck.sandbox.services.github_values import Root

_DOCS = "https://docs.github.com/graphql"


class GraphQL:
    """``POST https://api.github.com/graphql``.

    Mutations are added as fields of ``schema.types["Mutation"]``.
    """

    def __init__(self, world: World, quotas: Quotas) -> None:
        self._world = world
        self._quotas = quotas
        self.schema = build_schema(world)

    def answer(self, request: Request) -> Response:
        """Answer one query."""
        if refused := self._refused(request):
            return refused
        try:
            asked = json.loads(request.body)
        except ValueError:
            return json_response(
                {"message": "Problems parsing JSON", "documentation_url": _DOCS}, 400
            )
        text = asked.get("query") if isinstance(asked, dict) else None
        if not isinstance(text, str):
            message = "A query attribute must be specified and must be a string."
            return json_response({"errors": [{"message": message}]})
        variables: Mapping[str, Any] = asked.get("variables") or {}
        query = prepare(self.schema, text, variables, asked.get("operationName"))
        body = {"errors": query} if isinstance(query, list) else self._run(request, query)
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
        if request.token in self._world.bad_tokens:
            return json_response({"message": "Bad credentials", "documentation_url": _DOCS}, 401)
        if self._quotas.crowded():
            return self._quotas.secondary(self._quotas.of(request.token).graphql_minute, 403)
        return None

    def _run(self, request: Request, query: Query) -> dict[str, object] | Response:
        quota, limits = self._quotas.of(request.token), self._quotas.limits
        if not quota.graphql_minute.take(5 if query.mutation else 1):
            return self._quotas.secondary(quota.graphql_minute, 403)
        if not quota.graphql.take(query.cost):
            message = "API rate limit already exceeded for user ID 12345."
            error = {"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": message}
            return {"errors": [error]}
        most = limits.github_aliases if limits.enforced else None
        run = Run(self.schema, query, most)
        data = run.data(
            Root(
                cost=query.cost,
                limit=quota.graphql.limit,
                remaining=quota.graphql.remaining,
                reset_at=reset(quota.graphql),
            )
        )
        body: dict[str, object] = {"data": data}
        if run.errors:
            body["errors"] = run.errors
        return body
