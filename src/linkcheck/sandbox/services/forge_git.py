"""REST routes of writable repositories: refs, commits, trees and files."""

import base64
from typing import Any

from linkcheck.sandbox.fixtures import derive_id
from linkcheck.sandbox.http_codec import Response, json_response
from linkcheck.sandbox.services.github_rest import Call, not_found, paginate
from linkcheck.sandbox.services.writable_repository import (
    BOT,
    ForgeRoute,
    WritableRepository,
    blob_id,
)


def _matching(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    if not state.refs:
        return _empty()
    start = call.args[0]
    return paginate(
        call.request,
        [
            _ref_json(call, ref, state.refs[ref])
            for ref in sorted(state.refs)
            if ref.startswith(start)
        ],
    )


def _ref_json(call: Call, ref: str, oid: str) -> dict[str, Any]:
    repository = "/".join(call.request.path.split("/")[:4])
    return {
        "ref": f"refs/{ref}",
        "url": f"{call.request.base}{repository}/git/refs/{ref}",
        "object": {"type": "commit", "sha": oid},
    }


def _empty() -> Response:
    return json_response({"message": "Git Repository is empty.", "status": "409"}, 409)


def _get_ref(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    if not state.refs:
        return _empty()
    oid = state.refs.get(call.args[0])
    if oid is None:
        return not_found()
    return json_response(_ref_json(call, call.args[0], oid))


def _create_ref(state: WritableRepository, call: Call, values: dict[str, Any]) -> Response:
    ref = values["ref"].removeprefix("refs/")
    if state.is_protected(ref):
        reason = "Cannot create ref due to creations being restricted."
        message = f"Repository rule violations found\n\n{reason}\n\n"
        return json_response({"message": message, "status": "422"}, 422)
    if ref in state.refs:
        return json_response({"message": "Reference already exists"}, 422)
    if values["sha"] not in state.commits:
        return json_response({"message": "Object does not exist"}, 422)
    state.set_ref(ref, values["sha"])
    return json_response(_ref_json(call, ref, values["sha"]), 201)


def _delete_ref(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    if call.args[0] not in state.refs:
        return json_response({"message": "Reference does not exist"}, 422)
    state.set_ref(call.args[0], None)
    return Response(204)


def _compare_commits(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    base = state.refs.get(f"heads/{call.args[0]}", call.args[0])
    head = state.refs.get(f"heads/{call.args[1]}", call.args[1])
    if head not in state.commits or base not in state.commits:
        return not_found()
    base_history = state.history(base)
    ahead = [oid for oid in reversed(state.history(head)) if oid not in base_history]
    commits = [_commit_json(state, oid) for oid in ahead]
    behind = len([oid for oid in base_history if oid not in state.history(head)])
    return json_response({"ahead_by": len(ahead), "behind_by": behind, "commits": commits})


def _commit_json(state: WritableRepository, oid: str) -> dict[str, Any]:
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


def _get_commit(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    oid = call.args[0]
    if oid not in state.commits:
        return not_found()
    shown = _commit_json(state, oid)
    return json_response({"sha": oid, **shown["commit"], "parents": shown["parents"]})


def _get_tree(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    commit = state.commits.get(state.refs.get(f"heads/{call.args[0]}", call.args[0]))
    if commit is None:
        return not_found()
    tree = [
        {"path": path, "mode": "100644", "type": "blob", "sha": blob_id(data)}
        for path, data in sorted(commit.files.items())
    ]
    shown = tree if state.tree_limit is None else tree[: state.tree_limit]
    return json_response({"sha": commit.oid, "tree": shown, "truncated": len(shown) < len(tree)})


def _get_blob(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    blobs = {
        blob_id(data): data for commit in state.commits.values() for data in commit.files.values()
    }
    data = blobs.get(call.args[0])
    if data is None:
        return not_found()
    content = base64.b64encode(data).decode()
    return json_response(
        {"sha": call.args[0], "size": len(data), "encoding": "base64", "content": content}
    )


def _create_tree(state: WritableRepository, _: Call, values: dict[str, Any]) -> Response:
    if not state.refs:
        return _empty()
    files = {item["path"]: item["content"].encode() for item in values["tree"]}
    oid = derive_id("tree", *(f"{p}:{blob_id(d)}" for p, d in sorted(files.items())))
    state.trees[oid] = files
    return json_response({"sha": oid}, 201)


def _create_commit(state: WritableRepository, _: Call, values: dict[str, Any]) -> Response:
    files = state.trees.get(values["tree"])
    if files is None:
        return json_response({"message": "Tree SHA does not exist"}, 422)
    oid = state.commit(values["message"], tuple(values.get("parents", ())), files)
    return json_response({"sha": oid}, 201)


def _get_contents(state: WritableRepository, call: Call, _: dict[str, Any]) -> Response:
    ref = call.request.param("ref", state.default)
    commit = state.commits.get(state.refs.get(f"heads/{ref}", ref))
    data = commit.files.get(call.args[0]) if commit else None
    if data is None:
        return not_found()
    content = base64.b64encode(data).decode()
    return json_response(
        {"type": "file", "path": call.args[0], "sha": blob_id(data), "content": content}
    )


ROUTES: tuple[ForgeRoute, ...] = (
    ("GET", "/git/matching-refs/(.+)", "", _matching),
    ("GET", "/git/ref/(.+)", "", _get_ref),
    ("POST", "/git/refs", "contents", _create_ref),
    ("DELETE", "/git/refs/(.+)", "contents", _delete_ref),
    ("GET", r"/compare/(.+)\.\.\.(.+)", "", _compare_commits),
    ("GET", "/git/commits/([^/]+)", "", _get_commit),
    ("GET", "/git/trees/(.+)", "", _get_tree),
    ("GET", "/git/blobs/(.+)", "", _get_blob),
    ("POST", "/git/trees", "contents", _create_tree),
    ("POST", "/git/commits", "contents", _create_commit),
    ("GET", "/contents/(.+)", "", _get_contents),
)
"""In the order in which they are tried."""
