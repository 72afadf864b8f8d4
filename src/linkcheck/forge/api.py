"""The forge's API through PyGithub: one call at a time, limits kept, refusals explained.

PyGithub's own retries are off: it would send a write again after a 5xx that may well have worked,
and so make duplicates; it does not wait for a 429; and it does not follow a 307. All three are done
here. Writes keep PyGithub's distance of one second, which is under GitHub's 80 a minute.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linkcheck.model.errors import ForgeError
from linkcheck.net.rate_limits import GitHubRateLimits

if TYPE_CHECKING:
    from github.Requester import Requester

Json = Any
READS = frozenset({"GET", "HEAD"})
_ATTEMPTS = 4
_SETTING = "Allow GitHub Actions to create and approve pull requests"


@dataclass(frozen=True, slots=True)
class Access:
    """Where the forge is and how it is spoken to."""

    api: str
    """Base of the REST API: ``https://api.github.com`` or ``https://HOST/api/v3``."""
    graphql: str
    token: str = field(repr=False)
    user_agent: str = "linkcheck"
    write_interval: float = 1.0
    """Seconds between two writes."""
    patience: float = 120.0
    """The longest pause in seconds that the forge may ask for."""
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    data: Json
    text: str

    @property
    def message(self) -> str:
        return str(self.data.get("message", "")) if isinstance(self.data, dict) else ""


class StaleError(ForgeError):
    """Something moved on the forge since it was looked at; looking again helps."""


class MissingError(ForgeError):
    """The forge does not have it, or does not show it to this token."""


class Api:
    """Calls the forge."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._requester: Requester | None = None

    def get(self, path: str, **parameters: str) -> Json:
        """Return the answer to a read."""
        return self._checked("GET", path, parameters=parameters)

    def text(self, path: str, **parameters: str) -> str:
        """Return a file's bytes as text, however large it is."""
        answer = self._call(
            "GET", path, parameters, None, {"Accept": "application/vnd.github.raw+json"}
        )
        if answer.status >= 400:
            raise _explained("GET", path, answer)
        return answer.text

    def all(self, path: str, **parameters: str) -> list[Json]:
        """Return all pages of a list, at most 2,000 items."""
        items: list[Json] = []
        for page in range(1, 21):
            more = self.get(path, **parameters, per_page="100", page=str(page))
            items += more
            if len(more) < 100:
                break
        return items

    def write(self, verb: str, path: str, values: Mapping[str, object] | None = None) -> Json:
        """Make a change and return the answer."""
        return self._checked(verb, path, values=values)

    def graphql(self, query: str, variables: Mapping[str, object]) -> dict[str, Json]:
        """Return the data of a query or mutation; raises ForgeError for any error in it."""
        values = {"query": query, "variables": dict(variables)}
        answer = self._call("POST", self._access.graphql, {}, values, {})
        if answer.status >= 400:
            raise _explained("POST", "/graphql", answer)
        errors = answer.data.get("errors") if isinstance(answer.data, dict) else None
        if errors:
            raise _explained_graphql(errors[0])
        data: dict[str, Json] = answer.data["data"]
        return data

    def _checked(
        self,
        verb: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        values: Mapping[str, object] | None = None,
    ) -> Json:
        answer = self._call(verb, path, parameters or {}, values, {})
        if answer.status == 307 and "location" in answer.headers:
            # A write under a former name. Only the path is taken, so the host stays the same.
            answer = self._call(verb, answer.headers["location"], {}, values, {})
        if answer.status >= 300:
            raise _explained(verb, path, answer)
        return answer.data

    def _call(
        self,
        verb: str,
        path: str,
        parameters: Mapping[str, str],
        values: Mapping[str, object] | None,
        headers: Mapping[str, str],
    ) -> _Answer:
        """Ask until there is an answer that is no limit (and, for reads, no 5xx)."""
        reading = verb in READS
        for attempt in range(1, _ATTEMPTS + 1):
            answer = self._once(verb, path, parameters, values, headers)
            wait = _rate_limit_wait(answer)
            if wait is None and reading and answer.status >= 500:
                wait = float(attempt)
            if wait is None or attempt == _ATTEMPTS:
                return answer
            if wait > self._access.patience:
                raise ForgeError(
                    f"the forge asks for a pause of {wait:.0f} seconds: {answer.message}",
                    where=_where(verb, path),
                    hint="Run again later; what is done already is not done twice",
                )
            self._access.sleep(wait)
        raise AssertionError("unreachable")

    def _once(
        self,
        verb: str,
        path: str,
        parameters: Mapping[str, str],
        values: Mapping[str, object] | None,
        headers: Mapping[str, str],
    ) -> _Answer:
        from requests import RequestException

        try:
            status, told, output = self._get_requester().requestJson(
                verb, path, dict(parameters), dict(headers), dict(values) if values else None
            )
        except (RequestException, RuntimeError, OSError) as error:
            raise ForgeError(
                f"the forge cannot be reached: {type(error).__name__}",
                where=_where(verb, path),
                hint="Check the network and GITHUB_API_URL, then run again",
            ) from error
        text = str(output)
        try:
            data = json.loads(text) if text else None
        except (ValueError, RecursionError):
            data = text
        return _Answer(status, {str(k).lower(): str(v) for k, v in told.items()}, data, text)

    def _get_requester(self) -> "Requester":
        if self._requester is None:
            from github import Auth, Github

            access = self._access
            client = Github(
                auth=Auth.Token(access.token),
                base_url=access.api,
                user_agent=access.user_agent,
                timeout=30,
                retry=None,
                seconds_between_requests=0,
                seconds_between_writes=access.write_interval,
            )
            self._requester = client.requester
        return self._requester


def _rate_limit_wait(answer: _Answer) -> float | None:
    """Return how many seconds a rate limit asks for; ``None`` when the answer is no limit."""
    if answer.status >= 500:
        return None  # a write may have worked all the same: it must not be sent again
    limited = GitHubRateLimits().parse(
        answer.status, answer.headers, answer.text.encode(), datetime.now(UTC)
    )
    return None if limited is None else limited.seconds


def _where(verb: str, path: str) -> str:
    return f"{verb} {path.partition('?')[0]}"


def _explained(verb: str, path: str, answer: _Answer) -> ForgeError:
    """Return what, where and what to do next for an answer that refuses."""
    status, message, where = answer.status, answer.message, _where(verb, path)
    if status in (403, 404):
        return _explained_missing(answer, where)
    match status:
        case 401:
            what, hint = "the token was rejected", "Check GITHUB_TOKEN: it may have expired"
        case 409 | 422 if _is_stale(message, answer):
            return StaleError(f"it has changed meanwhile: {message}", where=where, hint="Run again")
        case 409:
            return StaleError(f"there is a conflict: {message}", where=where, hint="Run again")
        case 410:
            what = message or "issues are switched off"
            hint = (
                "Switch issues on (repository settings, General, Features), or leave out --issues"
            )
        case 422:
            what = f"the forge does not accept this: {_details(answer)}"
            hint = "Please report this with the lines above: linkcheck should not have sent it"
        case _:
            what = f"the forge answers {status}: {message or 'without a word'}"
            hint = "Run again later; what is done already is not done twice"
    return ForgeError(what, where=where, hint=hint)


def _explained_missing(answer: _Answer, where: str) -> ForgeError:
    message = answer.message
    if answer.status == 404:
        hint = "Check --repo, and that the token may see the repository"
        return MissingError("not found, or not shown to this token", where=where, hint=hint)
    if "not permitted to create or approve pull requests" in message:
        return ForgeError(
            "GitHub Actions may not open pull requests here",
            where=where,
            hint=f"Switch on '{_SETTING}' (settings, Actions, General), or use another token",
        )
    wanted = answer.headers.get("x-accepted-github-permissions", "")
    if wanted:
        needs = wanted.replace("=", ": ").replace("; ", " or ").replace(";", " or ")
        hint = f"Give the token the permission '{needs}' (in a workflow, under 'permissions:')"
    else:
        hint = "Give the token the rights to write issues, contents and pull requests"
    return ForgeError(f"the token may not do this: {message}", where=where, hint=hint)


def _is_stale(message: str, answer: _Answer) -> bool:
    words = f"{message} {_details(answer)}".lower()
    return any(
        word in words
        for word in (
            "already exists",
            "does not exist",
            "fast forward",
            "but it did not",
            "conflict",
        )
    )


def _details(answer: _Answer) -> str:
    errors = answer.data.get("errors") if isinstance(answer.data, dict) else None
    told = [
        str(e.get("message") or e.get("code") or e) if isinstance(e, dict) else str(e)
        for e in errors or ()
    ]
    return "; ".join([answer.message, *told])


def _explained_graphql(error: Mapping[str, Json]) -> ForgeError:
    kind, message = str(error.get("type", "")), str(error.get("message", ""))
    where = "POST /graphql"
    if kind in ("STALE_DATA", "UNPROCESSABLE"):
        return StaleError(
            f"the branch has moved meanwhile: {message}", where=where, hint="Run again"
        )
    if kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
        return ForgeError(
            f"the token may not do this: {message}",
            where=where,
            hint="Give the token the permission 'contents: write'",
        )
    if kind == "NOT_FOUND":
        hint = "Check --repo, and that the token may see the repository"
        return MissingError(f"not found: {message}", where=where, hint=hint)
    return ForgeError(
        f"the forge answers {kind or 'an error'}: {message}", where=where, hint="Run again later"
    )
