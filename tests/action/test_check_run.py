"""The check run of a pull request, against a forge on loopback that records its requests."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from linkcheck.forge.check_runs import send_check_run
from linkcheck.forge.github_client import ForgeAccess
from linkcheck.sandbox import Sandbox
from tests.action.git_world import Repository, Run, entry
from tests.action.runner import commands


@dataclass(slots=True)
class Forge:
    """What was asked, and the status that is answered."""

    address: str = ""
    status: int = 201
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)


@pytest.fixture
def forge() -> Iterator[Forge]:
    stub = Forge()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size) or b"{}")
            if self.command != "GET":
                stub.asked.append((self.command, self.path, body))
            status = 404 if self.command == "GET" else stub.status
            made = {"id": 5, "url": f"{stub.address}/repos/o/r/check-runs/5"}
            refused = {"message": "Not Found", "status": str(status)}
            data = json.dumps(made if status < 300 else refused).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - the names of http.server

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield stub
    server.shutdown()
    thread.join()
    server.server_close()


def send(forge: Forge, number: int) -> str | None:
    return send_check_run(
        ForgeAccess(forge.address, "t", write_interval=0),
        "octo/list",
        "a" * 40,
        conclusion="failure",
        title="t",
        summary="s",
        annotations=[{"path": "a.yaml", "start_line": n} for n in range(number)],
    )


@pytest.mark.parametrize(
    ("number", "parts"), [(0, [0]), (1, [1]), (50, [50]), (51, [50, 1]), (120, [50, 50, 20])]
)
def test_annotations_go_fifty_to_a_request(forge: Forge, number: int, parts: list[int]) -> None:
    assert send(forge, number) is None
    shown = [body["output"]["annotations"] for _, _, body in forge.asked]
    assert [len(part) for part in shown] == parts
    assert [method for method, _, _ in forge.asked] == ["POST", *["PATCH"] * (len(parts) - 1)]
    lines = [
        one["start_line"] for _, _, body in forge.asked for one in body["output"]["annotations"]
    ]
    assert lines == list(range(number))


@pytest.mark.parametrize("status", [403, 404, 422, 500])
def test_a_refused_check_run_is_no_error(forge: Forge, status: int) -> None:
    forge.status = status
    assert send(forge, 3) == f"GitHub answered {status}"
    assert len(forge.asked) == 1


def test_an_unreachable_forge_is_no_error(forge: Forge, sandbox: Sandbox) -> None:
    forge.address = f"http://127.0.0.1:{sandbox.closed_port()}"
    assert send(forge, 1) == "GitHub could not be reached (ConnectionError)"


def event(repository: Repository, tmp_path: Path, head: str = "octo/list") -> dict[str, str]:
    base = repository.git("rev-parse", "HEAD")
    payload = {
        "pull_request": {
            "base": {"sha": base, "repo": {"full_name": "octo/list"}},
            "head": {"sha": "b" * 40, "repo": {"full_name": head}},
        }
    }
    path = tmp_path / "event.json"
    path.write_text(json.dumps(payload))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_REPOSITORY": "octo/list",
        "GITHUB_SHA": base,
    }


@pytest.fixture
def twelve_dead(repository: Repository) -> Repository:
    repository.write("lists/catalog/a.yaml", entry(1))
    repository.commit()
    dead = (entry(n, code=f"https://github.com/nobody/x{n}") for n in range(2, 14))
    repository.write("lists/catalog/b.yaml", "".join(dead))
    return repository


def test_with_the_right_to_write_checks_every_finding_is_annotated(
    linkcheck: Run, twelve_dead: Repository, forge: Forge, tmp_path: Path
) -> None:
    env = {
        **event(twelve_dead, tmp_path),
        "GITHUB_API_URL": forge.address,
        "GITHUB_WORKSPACE": str(twelve_dead.root),
    }
    done = linkcheck(twelve_dead.root / "lists", "run", "--no-store", env=env)
    assert done.returncode == 1, done.stderr
    ((method, path, body),) = forge.asked
    assert (method, path) == ("POST", "/repos/octo/list/check-runs")
    assert (body["head_sha"], body["status"], body["conclusion"]) == (
        "b" * 40,
        "completed",
        "failure",
    )
    annotations = body["output"]["annotations"]
    assert len(annotations) == 12
    assert annotations[0]["path"] == "lists/catalog/b.yaml"
    assert (annotations[0]["start_line"], annotations[0]["annotation_level"]) == (5, "failure")
    assert "12 errors" in body["output"]["title"]
    assert commands(done.stdout) == []


@pytest.mark.parametrize(("head", "asked"), [("octo/list", 1), ("somebody/list", 0)])
def test_without_that_right_the_annotations_are_workflow_commands(
    linkcheck: Run,
    twelve_dead: Repository,
    forge: Forge,
    tmp_path: Path,
    head: str,
    asked: int,
) -> None:
    forge.status = 403
    env = {**event(twelve_dead, tmp_path, head), "GITHUB_API_URL": forge.address}
    done = linkcheck(twelve_dead.root / "lists", "run", "--no-store", env=env)
    assert done.returncode == 1, done.stderr
    assert len(forge.asked) == asked
    errors = [command for command in commands(done.stdout) if command.name == "error"]
    assert len(errors) == 10
    assert "3 more like these are in the job summary" in errors[-1].data
