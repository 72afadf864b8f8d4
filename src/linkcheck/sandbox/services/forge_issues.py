"""REST routes of writable repositories: issues, pull requests, comments and labels."""

from typing import Any

from linkcheck.sandbox.http_codec import Response, json_response
from linkcheck.sandbox.services.github_rest import DOCS, Call, not_found, paginate
from linkcheck.sandbox.services.writable_repository import (
    BOT,
    MAX_BODY,
    ForgeRoute,
    WritableRepository,
)


def _validation_error(message: str, field: str = "body", resource: str = "Issue") -> Response:
    error = {"resource": resource, "code": "custom", "field": field, "message": message}
    body = {"message": "Validation Failed", "errors": [error], "documentation_url": DOCS}
    return json_response(body, 422)


def _labels(values: dict[str, Any]) -> list[dict[str, str]]:
    return [{"name": name} for name in values.get("labels", ())]


def _list_issues(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    if not state.has_issues:
        return json_response({"message": "Issues are disabled for this repo"}, 410)
    param = call.request.param
    state_filter, creator, label = param("state", "open"), param("creator", ""), param("labels", "")
    found = [
        issue
        for issue in sorted(state.issues.values(), key=lambda i: -i["number"])
        if state_filter in ("all", issue["state"])
        and creator in ("", issue["user"]["login"])
        and (not label or label.lower() in [one["name"].lower() for one in issue["labels"]])
    ]
    return paginate(call.request, found)


def _add_issue(
    state: WritableRepository, values: dict[str, Any], kind: str = "issues"
) -> dict[str, Any]:
    number = state.number()
    issue = state.new_issue(number, values["title"], values.get("body") or "", kind=kind)
    issue["labels"] = _labels(values)
    state.issues[number] = issue
    state.comments[number] = []
    return issue


def _create_issue(state: WritableRepository, _: Call, values: dict[str, Any]) -> Response:
    if not state.has_issues:
        return json_response({"message": "Issues are disabled for this repo"}, 410)
    if len(values.get("body") or "") > MAX_BODY:
        return _validation_error(f"body is too long (maximum is {MAX_BODY} characters)")
    return json_response(_add_issue(state, values), 201)


def _get_issue(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    issue = state.issues.get(int(call.args[0]))
    return json_response(issue) if issue else not_found()


def _apply_changes(
    state: WritableRepository, shown: dict[str, Any], values: dict[str, Any]
) -> None:
    for name in ("title", "body"):
        if name in values:
            shown[name] = values[name]
    if "labels" in values:
        shown["labels"] = _labels(values)
    if values.get("state") == "closed":
        shown.update(state="closed", closed_at=state.timestamp())
        if "state_reason" in shown:
            shown["state_reason"] = values.get("state_reason", "completed")
    elif values.get("state") == "open":
        shown.update(state="open", closed_at=None)
        if "state_reason" in shown:
            shown["state_reason"] = "reopened"


def _update_issue(state: WritableRepository, call: Call, values: dict[str, Any]) -> Response:
    number = int(call.args[0])
    if number not in state.issues:
        return not_found()
    if len(values.get("body") or "") > MAX_BODY:
        return _validation_error(f"body is too long (maximum is {MAX_BODY} characters)")
    for shown in (state.issues[number], state.pulls.get(number)):
        if shown is not None:
            _apply_changes(state, shown, values)
    return json_response(state.issues[number])


def _list_comments(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    return paginate(call.request, state.comments.get(int(call.args[0]), []))


def _create_comment(state: WritableRepository, call: Call, values: dict[str, Any]) -> Response:
    number = int(call.args[0])
    if number not in state.issues:
        return not_found()
    if number in state.locked:
        message = "Unable to create comment because issue is locked."
        return json_response({"message": message, "documentation_url": DOCS, "status": "403"}, 403)
    state.comment(number, BOT, values["body"])
    return json_response(state.comments[number][-1], 201)


def _get_label(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    label = state.labels.get(call.args[0].lower())
    return json_response(label) if label else not_found()


def _create_label(state: WritableRepository, _: Call, values: dict[str, Any]) -> Response:
    if values["name"].lower() in state.labels:
        error = {"resource": "Label", "code": "already_exists", "field": "name"}
        body = {"message": "Validation Failed", "errors": [error], "status": "422"}
        return json_response(body, 422)
    state.labels[values["name"].lower()] = values
    return json_response(values, 201)


def _list_pulls(state: WritableRepository, call: Call, _values: dict[str, Any]) -> Response:
    state_filter = call.request.param("state", "open")
    owner, _, head = call.request.param("head").partition(":")
    pulls = sorted(state.pulls.values(), key=lambda p: -p["number"])
    return paginate(
        call.request,
        [
            p
            for p in pulls
            if state_filter in ("all", p["state"])
            and head in ("", p["head"]["ref"])
            and owner in ("", p["head"]["repo"]["full_name"].partition("/")[0])
        ],
    )


def _create_pull(state: WritableRepository, _: Call, values: dict[str, Any]) -> Response:
    if not state.actions_may_open_pulls:
        message = "GitHub Actions is not permitted to create or approve pull requests."
        return json_response({"message": message, "documentation_url": DOCS}, 403)
    head = state.refs.get(f"heads/{values['head']}")
    base = state.refs.get(f"heads/{values['base']}")
    if head is None or base is None:
        return _validation_error("not all refs are readable", "head", "PullRequest")
    same = [
        p
        for p in state.pulls.values()
        if p["head"]["ref"] == values["head"] and p["head"]["repo"]["full_name"] == state.name
    ]
    if any(p["state"] == "open" for p in same):
        message = f"A pull request already exists for octo:{values['head']}."
        return _validation_error(message, "base", "PullRequest")
    if head in state.history(base):
        message = f"No commits between {values['base']} and {values['head']}"
        return _validation_error(message, "base", "PullRequest")
    issue = _add_issue(state, values, "pull")
    issue["pull_request"] = {"url": f"/pulls/{issue['number']}"}
    pull = {k: v for k, v in issue.items() if k not in ("pull_request", "state_reason")}
    repo = {"full_name": state.name}
    pull |= {
        "head": {"ref": values["head"], "sha": head, "repo": repo},
        "base": {"ref": values["base"], "sha": base, "repo": repo},
        "merged_at": None,
    }
    state.pulls[issue["number"]] = pull
    return json_response(pull, 201)


def _get_pull(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    pull = state.pulls.get(int(call.args[0]))
    return json_response(pull) if pull else not_found()


ROUTES: tuple[ForgeRoute, ...] = (
    ("GET", "/issues", "", _list_issues),
    ("POST", "/issues", "issues", _create_issue),
    ("GET", r"/issues/(\d+)", "", _get_issue),
    ("PATCH", r"/issues/(\d+)", "issues", _update_issue),
    ("GET", r"/issues/(\d+)/comments", "", _list_comments),
    ("POST", r"/issues/(\d+)/comments", "issues", _create_comment),
    ("GET", "/labels/([^/]+)", "", _get_label),
    ("POST", "/labels", "issues", _create_label),
    ("GET", "/pulls", "", _list_pulls),
    ("POST", "/pulls", "pull_requests", _create_pull),
    ("GET", r"/pulls/(\d+)", "", _get_pull),
    ("PATCH", r"/pulls/(\d+)", "pull_requests", _update_issue),
)
"""In the order in which they are tried."""
