"""GitHub's writes, for repositories that a test or the demo has opened for writing.

Responses follow recorded samples: 403 with ``X-Accepted-GitHub-Permissions``,
410 where issues are off, 422 for bodies that are too long, 307 for writes under a former name,
``STALE_DATA`` for a commit on a head that has moved.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from linkcheck.sandbox.fixtures import derive_id
from linkcheck.sandbox.http_codec import Response, json_response, text_response
from linkcheck.sandbox.services import forge_git, forge_issues
from linkcheck.sandbox.services.github_nodes import Args, FieldError, Node, commit
from linkcheck.sandbox.services.writable_repository import (
    ZERO,
    ForgeRoute,
    Handler,
    WritableRepository,
)

if TYPE_CHECKING:
    from linkcheck.sandbox.services.github_graphql import GraphQL
    from linkcheck.sandbox.services.github_rest import Call, Rest


class ForgeService:
    """All repositories that may be written to."""

    def __init__(self, rest: "Rest", graphql: "GraphQL") -> None:
        self._repositories: dict[str, WritableRepository] = {}
        for method, pattern, need, handler in _ROUTES:
            rest.add(method, pattern, self._route(method, need, handler))
        graphql.root |= {"createCommitOnBranch": self._commit, "updateRefs": self._update_refs}

    def open(self, name: str, files: Mapping[str, str] | None = None) -> WritableRepository:
        """Open a repository for writing, with these files; return its state."""
        if name.lower() not in self._repositories:
            self._repositories[name.lower()] = WritableRepository(name)
        repository = self._repositories[name.lower()]
        if files is not None:
            repository.put(dict(files))
        return repository

    def forget(self) -> None:
        """Close all opened repositories."""
        self._repositories.clear()

    def _route(
        self, method: str, need: str, handler: Handler
    ) -> "Callable[[Call], Response | None]":
        def answer(call: "Call") -> Response | None:
            state = self._repositories.get(call.repo.name.lower()) if call.repo else None
            if state is None:
                return None
            if method == "GET":
                return handler(state, call, {})
            return _write(state, call, need, handler)

        return answer

    def _state(self, name: str) -> WritableRepository:
        state = self._repositories.get(name.lower())
        if state is None:
            raise FieldError("NOT_FOUND", f"Could not resolve to a Repository '{name}'.")
        return state

    def _mutate(self, state: WritableRepository, name: str, mutation: Callable[[], Node]) -> Node:
        if "contents" not in state.granted:
            raise FieldError("FORBIDDEN", "Resource not accessible by integration")
        if state.archived:
            raise FieldError("FORBIDDEN", "Repository was archived so is read-only.")
        broken = state.count_write()
        if broken and not state.break_after:
            raise RuntimeError("the service fails here, as told")
        payload = mutation()
        state.writes.append(name)
        if broken:
            raise RuntimeError("the service fails here, as told")
        return payload

    def _commit(self, args: Args) -> Node:
        input_ = args["input"]
        state = self._state(input_["branch"]["repositoryNameWithOwner"])
        ref = f"heads/{input_['branch']['branchName']}"
        head = state.refs.get(ref)
        if head is None:
            raise FieldError("NOT_FOUND", f"No ref matching {ref!r}")
        if input_["expectedHeadOid"] != head:
            raise FieldError(
                "STALE_DATA",
                f'Expected branch to point to "{input_["expectedHeadOid"]}" but it did not.  '
                "Pull and try again.",
            )

        if state.is_protected(ref):
            message = "Changes must be made through a pull request."
            raise FieldError("BRANCH_PROTECTION_RULE_VIOLATION", message)

        def mutation() -> Node:
            files = dict(state.commits[head].files)
            changes = input_.get("fileChanges") or {}
            for addition in changes.get("additions") or ():
                files[addition["path"]] = base64.b64decode(addition["contents"])
            for deletion in changes.get("deletions") or ():
                files.pop(deletion["path"], None)
            message = input_["message"]
            body = message.get("body")
            whole = f"{message['headline']}\n\n{body}" if body else message["headline"]
            oid = state.commit(whole, (head,), files)
            state.set_ref(ref, oid)
            return {"commit": commit(state.name, oid, state.commits[oid].committed, whole)}

        return self._mutate(state, "createCommitOnBranch", mutation)

    def _update_refs(self, args: Args) -> Node:
        input_ = args["input"]
        state = next(
            (s for s in self._repositories.values() if node_id(s) == input_["repositoryId"]), None
        )
        if state is None:
            raise FieldError("NOT_FOUND", "Could not resolve to a node with that id.")
        for update in input_["refUpdates"]:
            ref = update["name"].removeprefix("refs/")
            before = update.get("beforeOid")
            if state.is_protected(ref):
                message = (
                    "Repository rule violations found\n\nCannot update this protected ref.\n\n"
                )
                raise FieldError("UNPROCESSABLE", message)
            if before is not None and state.refs.get(ref, ZERO) != before:
                raise FieldError("UNPROCESSABLE", "Reference update failed: it has moved.")
            if not update.get("force") and before not in (None, ZERO):
                ancestors = state.history(update["afterOid"])
                if before not in ancestors:
                    raise FieldError("UNPROCESSABLE", "Update is not a fast forward")

        def mutation() -> Node:
            for update in input_["refUpdates"]:
                after = update["afterOid"]
                ref = update["name"].removeprefix("refs/")
                state.set_ref(ref, None if after == ZERO else after)
            return {"clientMutationId": input_.get("clientMutationId")}

        return self._mutate(state, "updateRefs", mutation)


def node_id(state: WritableRepository) -> str:
    """Return the repository's GraphQL node id."""
    return f"R_forge_{derive_id('node', state.name.lower(), digits=16)}"


def _write(state: WritableRepository, call: "Call", need: str, handler: Handler) -> Response:
    if call.request.token is None:
        return json_response({"message": "Requires authentication", "status": "401"}, 401)
    if need not in state.granted:
        body = {"message": "Resource not accessible by integration", "status": "403"}
        header = [("x-accepted-github-permissions", f"{need}=write")]
        return json_response(body, 403, header)
    if state.archived:
        return json_response({"message": "Repository was archived so is read-only."}, 403)
    try:
        values = json.loads(call.request.body or b"{}")
    except ValueError:
        return json_response({"message": "Problems parsing JSON"}, 400)
    broken = state.count_write()
    if broken and not state.break_after:
        return text_response("Bad gateway", 502)
    response = handler(state, call, values)
    if response.status < 300:
        state.writes.append(f"{call.request.method} {call.request.path.split('/', 4)[-1]}")
    return text_response("Bad gateway", 502) if broken else response


def _root(state: WritableRepository, call: "Call", _: dict[str, Any]) -> Response:
    return json_response(
        {
            "id": 1,
            "node_id": node_id(state),
            "name": state.name.split("/")[1],
            "full_name": state.name,
            "default_branch": state.default,
            "has_issues": state.has_issues,
            "archived": state.archived,
            "url": f"{call.request.base}/repos/{state.name}",
        }
    )


_ROUTES: tuple[ForgeRoute, ...] = (("GET", "", "", _root), *forge_issues.ROUTES, *forge_git.ROUTES)
