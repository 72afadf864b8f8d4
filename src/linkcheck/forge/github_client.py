"""PyGithub, set up for this project: rate limits are waited for, and only reads are retried.

PyGithub's own retries are off: they repeat a write after a 5xx response, although GitHub may have
carried it out, and so make duplicates. A redirected write (307, 308) is an error, because PyGithub
would take the redirect for success.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar

from linkcheck.forge.github_errors import map_error
from linkcheck.model.errors import ForgeError
from linkcheck.model.url import parse
from linkcheck.net.rate_limits import GitHubRateLimits

if TYPE_CHECKING:
    from github import Github, GithubException

T = TypeVar("T")

MAX_ATTEMPTS = 4
PER_PAGE = 100
TIMEOUT = 30
"""Seconds until a request is given up."""
_GRAPHQL_ERROR = 400
"""PyGithub's status for errors in a GraphQL response, which GitHub sends with status 200."""


@dataclass(frozen=True, slots=True)
class ForgeAccess:
    """Address of the forge, and how to use it."""

    api: str
    """Base of the REST API: ``https://api.github.com`` or ``https://HOST/api/v3``."""
    token: str = field(repr=False)
    user_agent: str = "linkcheck"
    write_interval: float = 1.0
    """Seconds between two writes; one keeps them below GitHub's limit of 80 a minute."""
    max_wait: float = 120.0
    """Seconds to wait for a rate limit at most."""
    sleep: Callable[[float], None] = sleep
    graphql: str = ""
    """URL of the GraphQL API; empty for the one that belongs to the REST API."""


def open_github(access: ForgeAccess) -> "Github":
    """Return a client whose objects send no request until an attribute needs one."""
    from github import Auth, Github
    from urllib3 import Retry

    return Github(
        auth=Auth.Token(access.token),
        base_url=access.api,
        user_agent=access.user_agent,
        timeout=TIMEOUT,
        per_page=PER_PAGE,
        retry=Retry(0, read=False, allowed_methods=None, status_forcelist=(307, 308)),
        seconds_between_requests=0,
        seconds_between_writes=access.write_interval,
        lazy=True,
    )


def open_graphql(access: ForgeAccess, github: "Github") -> Callable[[str, Any], dict[str, Any]]:
    """Return a function that sends a query with its variables, and returns the response's data.

    It raises PyGithub's exceptions.
    """
    requester = github.requester
    url = access.graphql or requester.graphql_url
    if url != requester.graphql_url:
        # PyGithub refuses URLs outside of its base URL, so this one gets another client.
        place = parse(url)
        base = f"{place.scheme}://{place.authority}"
        requester = open_github(replace(access, api=base, graphql="")).requester

    def send(query: str, variables: Any) -> dict[str, Any]:
        headers, response = requester.requestJsonAndCheck(
            "POST", url, input={"query": query, "variables": variables}
        )
        if "errors" in response:
            raise requester.createException(400, headers, response)
        data: dict[str, Any] = response["data"]
        return data

    return send


def call(access: ForgeAccess, operation: Callable[[], T], where: str, *, is_read: bool) -> T:
    """Return the result of PyGithub calls; ``operation`` may run several times.

    A request that a rate limit refused was not carried out, so it is sent again after the wait. A
    5xx response is retried for reads only. Raises ForgeError, with ``where`` in its message.
    """
    from github import BadAttributeException, GithubException
    from requests import RequestException

    for attempt in range(1, MAX_ATTEMPTS + 1):
        try:
            return operation()
        except GithubException as error:
            wait = _rate_limit_wait(error)
            if wait is None and is_read and error.status >= 500:
                wait = float(attempt)
            if wait is None or attempt == MAX_ATTEMPTS:
                raise map_error(error, where) from error
            if wait > access.max_wait:
                message = error.data.get("message") if isinstance(error.data, dict) else ""
                raise ForgeError(
                    f"the forge asks for a pause of {wait:.0f} seconds: {message}",
                    where=where,
                    hint="Run again later; what is done already is not done twice",
                ) from error
            access.sleep(wait)
        # All but the first two are PyGithub's ways to fail at a response that is not GitHub's.
        except (
            RequestException,
            RuntimeError,
            BadAttributeException,
            AssertionError,
            AttributeError,
            TypeError,
            ValueError,
        ) as error:
            raise map_error(error, where) from error
    raise AssertionError("unreachable")


def _rate_limit_wait(error: "GithubException") -> float | None:
    """Return the seconds that a rate limit asks for; ``None`` for any other error."""
    if error.status not in (403, 429, _GRAPHQL_ERROR):
        return None
    status = 200 if error.status == _GRAPHQL_ERROR else error.status
    body = json.dumps(error.data).encode()
    limited = GitHubRateLimits().parse(status, error.headers or {}, body, datetime.now(UTC))
    return limited.seconds if limited else None
