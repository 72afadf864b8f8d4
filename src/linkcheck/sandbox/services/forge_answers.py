"""How the forge's routes answer: their type, and the answers that several of them give."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from linkcheck.sandbox.http_codec import Response, json_response
from linkcheck.sandbox.services.forge_state import ForgeRepository

if TYPE_CHECKING:
    from linkcheck.sandbox.services.github_rest import Call

DOCS = "https://docs.github.com/rest"

Work = Callable[[ForgeRepository, "Call", dict[str, Any]], Response]
"""What a route does with a repository, the request and the values in its body."""

Route = tuple[str, str, str, Work]
"""Method, pattern of the path below the repository, the permission it needs, the work."""


def refused(message: str, field: str = "body", resource: str = "Issue") -> Response:
    """Return the 422 that names the field a write was refused for."""
    error = {"resource": resource, "code": "custom", "field": field, "message": message}
    body = {"message": "Validation Failed", "errors": [error], "documentation_url": DOCS}
    return json_response(body, 422)


def missing() -> Response:
    """Return the 404 of what is not there."""
    return json_response({"message": "Not Found", "documentation_url": DOCS, "status": "404"}, 404)


def page(call: "Call", items: list[Any]) -> Response:
    """Return the page of a list that the request asks for, with a link to the next one."""
    size, page = int(call.request.param("per_page", "30")), int(call.request.param("page", "1"))
    headers = []
    if page * size < len(items):
        kept = [part for part in call.request.query.split("&") if not part.startswith("page=")]
        query = "&".join([*filter(None, kept), f"page={page + 1}"])
        url = f"{call.request.base}{call.request.raw_path}?{query}"
        headers.append(("link", f'<{url}>; rel="next"'))
    return json_response(items[(page - 1) * size : page * size], headers=headers)
