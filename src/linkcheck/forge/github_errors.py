"""Errors of the forge: the one place where PyGithub's exceptions become ours."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from linkcheck.model.errors import ForgeError

if TYPE_CHECKING:
    from github import GithubException

_AGAIN = "Run again later; what is done already is not done twice"
_SETTING = "Allow GitHub Actions to create and approve pull requests"
_STALE = (
    "already exists",
    "already_exists",
    "does not exist",
    "fast forward",
    "but it did not",
    "conflict",
    "has moved",
)
_RULES = ("rule violations", "reference update failed", "protected", "through a pull request")
"""Parts of the messages with which a ruleset or a branch protection refuses a change."""


class StaleError(ForgeError):
    """Something changed on the forge since it was read; reading it again helps."""


class NotFoundError(ForgeError):
    """The forge does not have it, or does not show it to this token."""


class SettingError(ForgeError):
    """A setting of the repository forbids one action: others may succeed."""


class EmptyRepositoryError(SettingError):
    """The repository has no commit yet."""


def map_error(error: Exception, where: str) -> ForgeError:
    """Return the explanation of an exception that PyGithub raised; ``where`` names the action."""
    from github import GithubException
    from requests import RequestException
    from requests.exceptions import RetryError

    if isinstance(error, GithubException):
        return _map_response(error, where)
    if isinstance(error, RetryError):  # only a redirected write raises it
        return StaleError("the repository was renamed meanwhile", where=where, hint="Run again")
    if isinstance(error, RequestException | RuntimeError):
        return ForgeError(
            f"the forge cannot be reached: {type(error).__name__}",
            where=where,
            hint="Check the network and GITHUB_API_URL, then run again",
        )
    return ForgeError(
        f"the response is not in the form of GitHub's API ({type(error).__name__})",
        where=where,
        hint="Check GITHUB_API_URL, and whether a proxy answers in place of GitHub",
    )


def _map_response(error: "GithubException", where: str) -> ForgeError:
    data = error.data if isinstance(error.data, dict) else {}
    message, errors = str(data.get("message", "")), data.get("errors")
    match error.status:
        case 400 | 404 if errors and isinstance(errors, list) and not message:
            return _map_graphql_error(errors[0], where)
        case 401:
            what, hint = "the token was rejected", "Check GITHUB_TOKEN: it may have expired"
        case 403:
            return _map_forbidden(message, error.headers or {}, where)
        case 404:
            hint = "Check --repo, and that the token may see the repository"
            return NotFoundError("not found, or not shown to this token", where=where, hint=hint)
        case 409 if "is empty" in message:
            hint = "Push a first commit to its default branch"
            return EmptyRepositoryError("the repository is empty", where=where, hint=hint)
        case 409 | 422:
            return _map_conflict(message, _details(data), where)
        case 410:
            what = message or "issues are switched off"
            hint = "Switch issues on (settings, General, Features), or leave out --issues"
            return SettingError(what, where=where, hint=hint)
        case status:
            what, hint = f"the forge answers {status}: {message or 'without a message'}", _AGAIN
    return ForgeError(what, where=where, hint=hint)


def _map_conflict(message: str, details: str, where: str) -> ForgeError:
    """Return the explanation of a change that GitHub refused with 409 or 422."""
    lower = details.lower()
    if any(text in lower for text in _STALE):
        return StaleError(f"it has changed meanwhile: {message}", where=where, hint="Run again")
    if any(text in lower for text in _RULES):
        return _rules_error(message, where)
    if "archived" in lower:
        return archived_error(where)
    return ForgeError(f"the forge does not accept this: {details}", where=where, hint=_AGAIN)


def _rules_error(message: str, where: str) -> SettingError:
    reason = " ".join(message.replace("Repository rule violations found", "").split())
    return SettingError(
        f"a rule of the repository forbids this{f': {reason}' if reason else ''}",
        where=where,
        hint="Allow linkcheck/** for the bot (settings, Rules and Branches)",
    )


def archived_error(where: str) -> ForgeError:
    """Return the explanation of an archived repository."""
    return ForgeError(
        "the repository is archived, so nothing can be written",
        where=where,
        hint="Unarchive it (settings, General), or run without --issues and --pulls",
    )


def _map_forbidden(message: str, headers: Mapping[str, str], where: str) -> ForgeError:
    lower = message.lower()
    if "not permitted to create or approve pull requests" in lower:
        return SettingError(
            "GitHub Actions may not open pull requests here",
            where=where,
            hint=f"Switch on '{_SETTING}' (settings, Actions, General), or use another token",
        )
    if "archived" in lower:
        return archived_error(where)
    if "locked" in lower:
        return SettingError("the conversation is locked", where=where, hint="Unlock it")
    if any(text in lower for text in _RULES):
        return _rules_error(message, where)
    permissions = headers.get("x-accepted-github-permissions", "")
    if permissions:
        needs = permissions.replace("=", ": ").replace("; ", " or ").replace(";", " or ")
        hint = f"Give the token the permission '{needs}' (in a workflow, under 'permissions:')"
    else:
        hint = "Give the token the rights to write issues, contents and pull requests"
    return ForgeError(f"the token may not do this: {message}", where=where, hint=hint)


def _details(data: Mapping[str, Any]) -> str:
    """Return the message of a REST response with those of its single errors."""
    errors = data.get("errors")
    messages = [
        str(e.get("message") or e.get("code") or e) if isinstance(e, dict) else str(e)
        for e in (errors if isinstance(errors, list) else ())
    ]
    return "; ".join([str(data.get("message", "")), *messages])


def _map_graphql_error(error: object, where: str) -> ForgeError:
    fields = error if isinstance(error, dict) else {"message": error}
    kind, message = str(fields.get("type", "")), str(fields.get("message", ""))
    match kind:
        case "STALE_DATA":
            what = f"the branch has moved meanwhile: {message}"
            return StaleError(what, where=where, hint="Run again")
        case "BRANCH_PROTECTION_RULE_VIOLATION":
            return _rules_error(message, where)
        case "UNPROCESSABLE":
            return _map_conflict(message, message, where)
        case "FORBIDDEN" | "INSUFFICIENT_SCOPES":
            if "archived" in message.lower():
                return archived_error(where)
            what = f"the token may not do this: {message}"
            return ForgeError(
                what, where=where, hint="Give the token the permission 'contents: write'"
            )
        case "NOT_FOUND":
            hint = "Check --repo, and that the token may see the repository"
            return NotFoundError(f"not found: {message}", where=where, hint=hint)
    return ForgeError(
        f"the forge answers {kind or 'an error'}: {message}", where=where, hint=_AGAIN
    )
