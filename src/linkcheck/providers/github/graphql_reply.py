"""Parse GitHub's response to a batched query. Pure.

An alias that is null means nothing by itself: the error whose path begins with it decides, by its
type (GitHub sends errors together with partial data).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from linkcheck.model.observation import UnknownReason
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpFailure, HttpResponse
from linkcheck.providers.http_outcomes import unknown_reason
from linkcheck.providers.json_fields import (
    as_mapping,
    as_sequence,
    as_text,
    parse_json_body,
)

HEAVY_STATUSES = frozenset({502, 504})
"""GitHub's statuses for a query that took longer than its ten seconds."""

HEAVY_TYPES = frozenset(
    {
        "RESOURCE_LIMITS_EXCEEDED",
        "MAX_NODE_LIMIT_EXCEEDED",
        "MAX_NODE_LIMIT",
        "ARGUMENT_LIMIT",
        "TIMEOUT",
        "SERVICE_UNAVAILABLE",
        "INTERNAL",
    }
)
"""Errors that a smaller query may avoid."""

FORBIDDEN_TYPES = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "UNAUTHORIZED"})


_ABSENT = object()
"""The value of an alias that a response leaves out, which is not null."""


class NodeState(Enum):
    """The state of one alias in a response."""

    FOUND = auto()
    MISSING = auto()
    """Null, with an error of type ``NOT_FOUND``."""
    NULL = auto()
    """Null, without an error."""
    FORBIDDEN = auto()
    HEAVY = auto()
    """The service ran out of resources for it."""
    UNEXPECTED = auto()
    """Absent, an error of an unknown type, or a value of the wrong shape."""


@dataclass(frozen=True, slots=True)
class Node:
    """One alias of a response."""

    state: NodeState
    value: object = None
    message: str = ""
    """The error's message, for evidence."""
    errors: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    """Errors inside it, by the name of their field."""

    @property
    def fields(self) -> Mapping[str, object]:
        """The value, when it is an object."""
        return as_mapping(self.value)

    def child(self, alias: str) -> "Node":
        """Return the node of a field inside this one."""
        return _node(self.fields.get(alias, _ABSENT), self.errors.get(alias, ()), depth=2)


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A response with data, some of which may be null."""

    nodes: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class TooHeavy:
    """The query was too heavy; half of it may not be."""

    reason: UnknownReason
    detail: str
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class QueryFailed:
    """The query failed for every alias."""

    reason: UnknownReason
    detail: str
    status: int | None = None


def parse_reply(
    response: HttpResponse | HttpFailure, aliases: Sequence[str]
) -> QueryResult | TooHeavy | QueryFailed:
    """Return the nodes of a response; rate limits must have been handled before."""
    if isinstance(response, HttpFailure):
        if response.reason is UnknownReason.TIMEOUT:
            return TooHeavy(response.reason, response.detail, timed_out=True)
        return QueryFailed(response.reason, response.detail)
    if response.status in HEAVY_STATUSES:
        return TooHeavy(
            UnknownReason.SERVER_ERROR, f"GitHub answered {response.status} to the query"
        )
    if response.status != 200:
        return _parse_error(response)
    body = parse_json_body(response)
    if response.broken:
        # The HTTP client has tried again; a smaller query would break off as well.
        return QueryFailed(UnknownReason.RESET, "GitHub's answer broke off", 200)
    if response.truncated:
        return TooHeavy(UnknownReason.PROTOCOL, "GitHub's answer was too long to read")
    if not isinstance(body, dict):
        return QueryFailed(UnknownReason.PROTOCOL, "GitHub's answer was no JSON object", 200)
    return _replies(body, aliases)


def _parse_error(response: HttpResponse) -> QueryFailed:
    message = one_line(
        as_text(as_mapping(parse_json_body(response)).get("message")) or "no reason given"
    )
    if response.status == 401:
        return QueryFailed(UnknownReason.CREDENTIALS, f"GitHub rejected the token: {message}", 401)
    said = f"GitHub answered {response.status}: {message}"
    return QueryFailed(unknown_reason(response.status), said, response.status)


def _replies(
    body: Mapping[str, object], aliases: Sequence[str]
) -> QueryResult | TooHeavy | QueryFailed:
    data = body.get("data")
    errors = [as_mapping(error) for error in as_sequence(body.get("errors"))]
    if not isinstance(data, dict):
        said = one_line(next((m for e in errors if (m := as_text(e.get("message")))), "no data"))
        # Errors that name neither a field nor a type are GitHub's "something went wrong": the
        # usual cause is a query that took too long, so a smaller one is worth trying.
        if any(_is_heavy(error) for error in errors):
            return TooHeavy(UnknownReason.SERVER_ERROR, f"GitHub gave up on the query: {said}")
        return QueryFailed(UnknownReason.PROTOCOL, f"GitHub refused the query: {said}", 200)
    by_alias: dict[str, list[Mapping[str, object]]] = {}
    for error in errors:
        path = as_sequence(error.get("path"))
        if path and isinstance(path[0], str):
            by_alias.setdefault(path[0], []).append(error)
    if errors and not by_alias and any(_is_heavy(error) for error in errors):
        return TooHeavy(UnknownReason.SERVER_ERROR, "GitHub gave up on a part of the query")
    return QueryResult(
        {
            alias: _node(data.get(alias, _ABSENT), by_alias.get(alias, ()), depth=1)
            for alias in aliases
        }
    )


def error_type(error: object) -> str:
    """Return a GraphQL error's type or code in upper case, or ``""`` when it names none."""
    fields = as_mapping(error)
    extensions = as_mapping(fields.get("extensions"))
    if extensions.get("saml_failure") is True:
        return "FORBIDDEN"
    for value in (fields.get("type"), fields.get("code"), extensions.get("code")):
        named = as_text(value)
        if named:
            return named.upper()
    return ""


def _is_heavy(error: Mapping[str, object]) -> bool:
    kind = error_type(error)
    return kind in HEAVY_TYPES or (not kind and not error.get("path"))


def _node(value: object, errors: Sequence[Mapping[str, object]], depth: int) -> Node:
    """Return the node of an alias; ``depth`` is the length of its path."""
    inner: dict[str, list[Mapping[str, object]]] = {}
    own = []
    for error in errors:
        path = as_sequence(error.get("path"))
        if len(path) > depth and isinstance(path[depth], str):
            inner.setdefault(str(path[depth]), []).append(error)
        else:
            own.append(error)
    is_absent = value is _ABSENT
    value = None if is_absent else value
    kinds = [error_type(error) for error in errors]
    message = one_line(next((m for e in errors if (m := as_text(e.get("message")))), ""))
    if any(kind in HEAVY_TYPES for kind in kinds):
        return Node(NodeState.HEAVY, value, message, inner)
    if value is not None:
        return Node(NodeState.FOUND, value, message, inner)
    # GraphQL lifts a null out of a field that may not be null, so the error behind a null alias
    # may lie deeper: only an error of the alias itself can say that it is missing.
    if any(error_type(error) == "NOT_FOUND" for error in own):
        return Node(NodeState.MISSING, None, message)
    if any(kind in FORBIDDEN_TYPES for kind in kinds):
        return Node(NodeState.FORBIDDEN, None, message)
    if is_absent:
        return Node(NodeState.UNEXPECTED, None, message or "its answer is missing")
    return Node(NodeState.UNEXPECTED if errors else NodeState.NULL, None, message)
