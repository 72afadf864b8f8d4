"""The forge: GitHub's writes, for repositories that a test or the demo has opened for writing.

Shapes and refusals are those of the recorded samples: 403 with ``X-Accepted-GitHub-Permissions``,
410 where issues are off, 422 for bodies that are too long, 307 for writes under a former name,
``STALE_DATA`` for a commit on a head that has moved.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from linkcheck.sandbox.graphql import Field, FieldError, Type
from linkcheck.sandbox.services.forge_state import (
    BOT,
    MOST_BODY,
    ZERO,
    ForgeRepository,
    blob_id,
)
from linkcheck.sandbox.wire import Response, json_response, text_response
from linkcheck.sandbox.world import derived

if TYPE_CHECKING:
    from linkcheck.sandbox.services.github_graphql import GraphQL
    from linkcheck.sandbox.services.github_rest import Call, Rest

_DOCS = "https://docs.github.com/rest"

Work = Callable[[ForgeRepository, "Call", dict[str, Any]], Response]


class CreateCommitOnBranchPayload:
    """What ``createCommitOnBranch`` returns."""

    def __init__(self, oid: str) -> None:
        self.oid = oid


class UpdateRefsPayload:
    """What ``updateRefs`` returns."""

    clientMutationId = None  # noqa: N815 - GitHub's name


class ForgeCommit:
    """A commit as a mutation returns it."""

    def __init__(self, oid: str) -> None:
        self.oid = oid


class Forge:
    """All repositories that may be written to."""

    def __init__(self, rest: "Rest", graphql: "GraphQL") -> None:
        self._repositories: dict[str, ForgeRepository] = {}
        for method, pattern, need, work in _ROUTES:
            rest.add(method, pattern, self._route(method, need, work))
        mutation = graphql.schema.types["Mutation"].fields
        arguments = frozenset({"input"})
        mutation["createCommitOnBranch"] = Field(
            self._commit, "CreateCommitOnBranchPayload", arguments
        )
        mutation["updateRefs"] = Field(self._update_refs, "UpdateRefsPayload", arguments)
        for type_ in (
            Type(
                "CreateCommitOnBranchPayload",
                {"commit": Field(lambda p, _: ForgeCommit(p.oid), "ForgeCommit")},
            ),
            Type("ForgeCommit", {"oid": Field(lambda c, _: c.oid)}),
            Type("UpdateRefsPayload", {"clientMutationId": Field(lambda _, __: None)}),
        ):
            graphql.schema.types[type_.name] = type_

    def open(self, name: str, files: Mapping[str, str] | None = None) -> ForgeRepository:
        """Return a repository of the world, open for writing; with these files to begin with."""
        if name.lower() not in self._repositories:
            self._repositories[name.lower()] = ForgeRepository(name)
        repository = self._repositories[name.lower()]
        if files is not None:
            repository.put(dict(files))
        return repository

    def forget(self) -> None:
        """Take everything back that was opened."""
        self._repositories.clear()

    def _route(self, method: str, need: str, work: Work) -> "Callable[[Call], Response | None]":
        def answer(call: "Call") -> Response | None:
            state = self._repositories.get(call.repo.name.lower()) if call.repo else None
            if state is None:
                return None
            if method == "GET":
                return work(state, call, {})
            return _write(state, call, need, work)

        return answer

    def _state(self, name: str) -> ForgeRepository:
        state = self._repositories.get(name.lower())
        if state is None:
            raise FieldError("NOT_FOUND", f"Could not resolve to a Repository '{name}'.")
        return state

    def _mutate(self, state: ForgeRepository, name: str, make: Callable[[], object]) -> object:
        if "contents" not in state.granted:
            raise FieldError("FORBIDDEN", "Resource not accessible by integration")
        broken = state.count_write()
        if broken and not state.break_after:
            raise RuntimeError("the service fails here, as told")
        made = make()
        state.writes.append(name)
        if broken:
            raise RuntimeError("the service fails here, as told")
        return made

    def _commit(self, _: object, args: Mapping[str, Any]) -> object:
        asked = args["input"]
        state = self._state(asked["branch"]["repositoryNameWithOwner"])
        ref = f"heads/{asked['branch']['branchName']}"
        head = state.refs.get(ref)
        if head is None:
            raise FieldError("NOT_FOUND", f"No ref matching {ref!r}")
        if asked["expectedHeadOid"] != head:
            raise FieldError(
                "STALE_DATA",
                f'Expected branch to point to "{asked["expectedHeadOid"]}" but it did not.  '
                "Pull and try again.",
            )

        def make() -> object:
            files = dict(state.commits[head].files)
            for addition in asked["fileChanges"].get("additions", ()):
                files[addition["path"]] = base64.b64decode(addition["contents"])
            for deletion in asked["fileChanges"].get("deletions", ()):
                files.pop(deletion["path"], None)
            message = asked["message"]
            body = message.get("body")
            whole = f"{message['headline']}\n\n{body}" if body else message["headline"]
            oid = state.commit(whole, (head,), files)
            state.set_ref(ref, oid)
            return CreateCommitOnBranchPayload(oid)

        return self._mutate(state, "createCommitOnBranch", make)

    def _update_refs(self, _: object, args: Mapping[str, Any]) -> object:
        asked = args["input"]
        state = next(
            (s for s in self._repositories.values() if node_id(s) == asked["repositoryId"]), None
        )
        if state is None:
            raise FieldError("NOT_FOUND", "Could not resolve to a node with that id.")
        for update in asked["refUpdates"]:
            ref = update["name"].removeprefix("refs/")
            before = update.get("beforeOid")
            if before is not None and state.refs.get(ref, ZERO) != before:
                raise FieldError("UNPROCESSABLE", "Reference update failed: it has moved.")
            if not update.get("force") and before not in (None, ZERO):
                known = state.history(update["afterOid"])
                if before not in known:
                    raise FieldError("UNPROCESSABLE", "Update is not a fast forward")

        def make() -> object:
            for update in asked["refUpdates"]:
                after = update["afterOid"]
                ref = update["name"].removeprefix("refs/")
                state.set_ref(ref, None if after == ZERO else after)
            return UpdateRefsPayload()

        return self._mutate(state, "updateRefs", make)


def node_id(state: ForgeRepository) -> str:
    """Return the lasting id that the repository has in the world."""
    return f"R_forge_{derived('node', state.name.lower(), digits=16)}"


def _write(state: ForgeRepository, call: "Call", need: str, work: Work) -> Response:
    if call.request.token is None:
        return json_response({"message": "Requires authentication", "status": "401"}, 401)
    if need not in state.granted:
        body = {"message": "Resource not accessible by integration", "status": "403"}
        header = [("x-accepted-github-permissions", f"{need}=write")]
        return json_response(body, 403, header)
    try:
        values = json.loads(call.request.body or b"{}")
    except ValueError:
        return json_response({"message": "Problems parsing JSON"}, 400)
    broken = state.count_write()
    if broken and not state.break_after:
        return text_response("Bad gateway", 502)
    response = work(state, call, values)
    if response.status < 300:
        state.writes.append(f"{call.request.method} {call.request.path.split('/', 4)[-1]}")
    return text_response("Bad gateway", 502) if broken else response


def _refused(message: str, field: str = "body", resource: str = "Issue") -> Response:
    error = {"resource": resource, "code": "custom", "field": field, "message": message}
    body = {"message": "Validation Failed", "errors": [error], "documentation_url": _DOCS}
    return json_response(body, 422)


def _missing() -> Response:
    return json_response({"message": "Not Found", "documentation_url": _DOCS, "status": "404"}, 404)


def _page(call: "Call", items: list[Any]) -> Response:
    size, page = int(call.request.param("per_page", "30")), int(call.request.param("page", "1"))
    return json_response(items[(page - 1) * size : page * size])


def _root(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    return json_response(
        {
            "id": 1,
            "node_id": node_id(state),
            "name": state.name.split("/")[1],
            "full_name": state.name,
            "default_branch": state.default,
            "has_issues": state.has_issues,
            "url": f"{call.request.base}/repos/{state.name}",
        }
    )


def _labels(values: dict[str, Any]) -> list[dict[str, str]]:
    return [{"name": name} for name in values.get("labels", ())]


def _list_issues(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    if not state.has_issues:
        return json_response({"message": "Issues are disabled for this repo"}, 410)
    param = call.request.param
    wanted, creator, label = param("state", "open"), param("creator", ""), param("labels", "")
    found = [
        issue
        for issue in sorted(state.issues.values(), key=lambda i: -i["number"])
        if wanted in ("all", issue["state"])
        and creator in ("", issue["user"]["login"])
        and (not label or label in [one["name"] for one in issue["labels"]])
    ]
    return _page(call, found)


def _new(state: ForgeRepository, values: dict[str, Any]) -> dict[str, Any]:
    number = state.number()
    issue = {
        "number": number,
        "title": values["title"],
        "body": values.get("body") or "",
        "state": "open",
        "state_reason": None,
        "closed_at": None,
        "created_at": state.stamp(),
        "labels": _labels(values),
        "user": {"login": BOT, "type": "User"},
    }
    state.issues[number] = issue
    state.comments[number] = []
    return issue


def _open_issue(state: ForgeRepository, _: "Call", values: dict[str, Any]) -> Response:
    if not state.has_issues:
        return json_response({"message": "Issues are disabled for this repo"}, 410)
    if len(values.get("body") or "") > MOST_BODY:
        return _refused(f"body is too long (maximum is {MOST_BODY} characters)")
    return json_response(_new(state, values), 201)


def _one_issue(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    issue = state.issues.get(int(call.args[0]))
    return json_response(issue) if issue else _missing()


def _change(state: ForgeRepository, shown: dict[str, Any], values: dict[str, Any]) -> None:
    for name in ("title", "body"):
        if name in values:
            shown[name] = values[name]
    if "labels" in values:
        shown["labels"] = _labels(values)
    if values.get("state") == "closed":
        shown.update(state="closed", closed_at=state.stamp())
        if "state_reason" in shown:
            shown["state_reason"] = values.get("state_reason", "completed")
    elif values.get("state") == "open":
        shown.update(state="open", closed_at=None)
        if "state_reason" in shown:
            shown["state_reason"] = "reopened"


def _patch_issue(state: ForgeRepository, call: "Call", values: dict[str, Any]) -> Response:
    number = int(call.args[0])
    if number not in state.issues:
        return _missing()
    if len(values.get("body") or "") > MOST_BODY:
        return _refused(f"body is too long (maximum is {MOST_BODY} characters)")
    for shown in (state.issues[number], state.pulls.get(number)):
        if shown is not None:
            _change(state, shown, values)
    return json_response(state.issues[number])


def _list_comments(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    return _page(call, state.comments.get(int(call.args[0]), []))


def _comment(state: ForgeRepository, call: "Call", values: dict[str, Any]) -> Response:
    number = int(call.args[0])
    if number not in state.issues:
        return _missing()
    said = {"id": len(state.comments[number]) + 1, "body": values["body"], "user": {"login": BOT}}
    state.comments[number].append(said)
    return json_response(said, 201)


def _label(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    known = state.labels.get(call.args[0].lower())
    return json_response(known) if known else _missing()


def _new_label(state: ForgeRepository, _: "Call", values: dict[str, Any]) -> Response:
    if values["name"].lower() in state.labels:
        body = {"message": "Validation Failed", "errors": [{"code": "already_exists"}]}
        return json_response(body, 422)
    state.labels[values["name"].lower()] = values
    return json_response(values, 201)


def _list_pulls(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    wanted = call.request.param("state", "open")
    head = call.request.param("head").partition(":")[2]
    pulls = sorted(state.pulls.values(), key=lambda p: -p["number"])
    return _page(
        call, [p for p in pulls if wanted in ("all", p["state"]) and head in ("", p["head"]["ref"])]
    )


def _open_pull(state: ForgeRepository, _: "Call", values: dict[str, Any]) -> Response:
    if not state.actions_may_open_pulls:
        message = "GitHub Actions is not permitted to create or approve pull requests."
        return json_response({"message": message, "documentation_url": _DOCS}, 403)
    head = state.refs.get(f"heads/{values['head']}")
    base = state.refs.get(f"heads/{values['base']}")
    if head is None or base is None:
        return _refused("not all refs are readable", "head", "PullRequest")
    same = [p for p in state.pulls.values() if p["head"]["ref"] == values["head"]]
    if any(p["state"] == "open" for p in same):
        message = f"A pull request already exists for octo:{values['head']}."
        return _refused(message, "base", "PullRequest")
    if head in state.history(base):
        message = f"No commits between {values['base']} and {values['head']}"
        return _refused(message, "base", "PullRequest")
    issue = _new(state, values)
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


def _one_pull(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    pull = state.pulls.get(int(call.args[0]))
    return json_response(pull) if pull else _missing()


def _matching(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    start = call.args[0]
    found = [
        {"ref": f"refs/{ref}", "object": {"type": "commit", "sha": oid}}
        for ref, oid in sorted(state.refs.items())
        if ref.startswith(start)
    ]
    return json_response(found)


def _new_ref(state: ForgeRepository, _: "Call", values: dict[str, Any]) -> Response:
    ref = values["ref"].removeprefix("refs/")
    if ref in state.refs:
        return json_response({"message": "Reference already exists"}, 422)
    if values["sha"] not in state.commits:
        return json_response({"message": "Object does not exist"}, 422)
    state.set_ref(ref, values["sha"])
    return json_response({"ref": values["ref"], "object": {"sha": values["sha"]}}, 201)


def _drop_ref(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    if call.args[0] not in state.refs:
        return json_response({"message": "Reference does not exist"}, 422)
    state.set_ref(call.args[0], None)
    return Response(204)


def _compare(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    base = state.refs.get(f"heads/{call.args[0]}", call.args[0])
    head = state.refs.get(f"heads/{call.args[1]}", call.args[1])
    if head not in state.commits or base not in state.commits:
        return _missing()
    known = state.history(base)
    ahead = [oid for oid in reversed(state.history(head)) if oid not in known]
    commits = [_shown_commit(state, oid) for oid in ahead]
    behind = len([oid for oid in known if oid not in state.history(head)])
    return json_response({"ahead_by": len(ahead), "behind_by": behind, "commits": commits})


def _shown_commit(state: ForgeRepository, oid: str) -> dict[str, Any]:
    commit = state.commits[oid]
    return {
        "sha": oid,
        "commit": {
            "message": commit.message,
            "author": {"name": BOT, "date": commit.authored},
            "committer": {"name": "GitHub", "date": commit.committed},
            "verification": {"verified": True},
        },
        "parents": [{"sha": parent} for parent in commit.parents],
    }


def _tree(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    commit = state.commits.get(state.refs.get(f"heads/{call.args[0]}", call.args[0]))
    if commit is None:
        return _missing()
    tree = [
        {"path": path, "mode": "100644", "type": "blob", "sha": blob_id(data)}
        for path, data in sorted(commit.files.items())
    ]
    return json_response({"sha": commit.oid, "tree": tree, "truncated": False})


def _new_tree(state: ForgeRepository, _: "Call", values: dict[str, Any]) -> Response:
    files = {item["path"]: item["content"].encode() for item in values["tree"]}
    oid = derived("tree", *(f"{p}:{blob_id(d)}" for p, d in sorted(files.items())))
    state.trees[oid] = files
    return json_response({"sha": oid}, 201)


def _new_commit(state: ForgeRepository, _: "Call", values: dict[str, Any]) -> Response:
    files = state.trees.get(values["tree"])
    if files is None:
        return json_response({"message": "Tree SHA does not exist"}, 422)
    oid = state.commit(values["message"], tuple(values.get("parents", ())), files)
    return json_response({"sha": oid}, 201)


def _contents(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    ref = call.request.param("ref", state.default)
    commit = state.commits.get(state.refs.get(f"heads/{ref}", ref))
    data = commit.files.get(call.args[0]) if commit else None
    if data is None:
        return _missing()
    if "raw" in call.request.headers.get("accept", ""):
        return Response(200, [("content-type", "application/vnd.github.raw+json")], data)
    content = base64.b64encode(data).decode()
    return json_response(
        {"type": "file", "path": call.args[0], "sha": blob_id(data), "content": content}
    )


def _one_ref(state: ForgeRepository, call: "Call", _: dict[str, Any]) -> Response:
    oid = state.refs.get(call.args[0])
    if oid is None:
        return _missing()
    return json_response({"ref": f"refs/{call.args[0]}", "object": {"sha": oid, "type": "commit"}})


_ROUTES: tuple[tuple[str, str, str, Work], ...] = (
    ("GET", "", "", _root),
    ("GET", "/issues", "", _list_issues),
    ("POST", "/issues", "issues", _open_issue),
    ("GET", r"/issues/(\d+)", "", _one_issue),
    ("PATCH", r"/issues/(\d+)", "issues", _patch_issue),
    ("GET", r"/issues/(\d+)/comments", "", _list_comments),
    ("POST", r"/issues/(\d+)/comments", "issues", _comment),
    ("GET", "/labels/([^/]+)", "", _label),
    ("POST", "/labels", "issues", _new_label),
    ("GET", "/pulls", "", _list_pulls),
    ("POST", "/pulls", "pull_requests", _open_pull),
    ("GET", r"/pulls/(\d+)", "", _one_pull),
    ("PATCH", r"/pulls/(\d+)", "pull_requests", _patch_issue),
    ("GET", "/git/matching-refs/(.+)", "", _matching),
    ("GET", "/git/ref/(.+)", "", _one_ref),
    ("POST", "/git/refs", "contents", _new_ref),
    ("DELETE", "/git/refs/(.+)", "contents", _drop_ref),
    ("GET", r"/compare/(.+)\.\.\.(.+)", "", _compare),
    ("GET", "/git/trees/(.+)", "", _tree),
    ("POST", "/git/trees", "contents", _new_tree),
    ("POST", "/git/commits", "contents", _new_commit),
    ("GET", "/contents/(.+)", "", _contents),
)
