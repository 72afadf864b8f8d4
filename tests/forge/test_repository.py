"""What the forge refuses is explained: what, where, and what to do next."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from bot_runs import FILE, Runs

from linkcheck.forge.api import Access, Api, MissingError, StaleError
from linkcheck.forge.execute import execute
from linkcheck.forge.planning.pull_requests import blob_id
from linkcheck.model.action import FileUpdate
from linkcheck.model.errors import ForgeError
from linkcheck.sandbox.faults import Fault, Kind


def test_a_missing_permission_is_named(runs: Runs) -> None:
    runs.forge.granted = frozenset({"contents", "pull_requests"})
    with pytest.raises(ForgeError, match="'issues: write'"):
        runs.run()


def test_the_setting_that_forbids_pull_requests_is_named_and_stops_nothing_else(
    runs: Runs,
) -> None:
    runs.forge.actions_may_open_pulls = False
    done = runs.run()
    assert any("Allow GitHub Actions to create and approve" in p for p in done.problems)
    assert len(runs.issues("open")) == 3
    runs.forge.actions_may_open_pulls = True
    runs.run()
    assert len(runs.pulls("open")) == 1


def test_a_missing_right_to_commit_is_named(runs: Runs) -> None:
    runs.forge.granted = frozenset({"issues", "pull_requests"})
    with pytest.raises(ForgeError, match="'contents: write'"):
        runs.run()


def test_issues_that_are_off_are_explained(runs: Runs) -> None:
    runs.forge.has_issues = False
    with pytest.raises(ForgeError, match="Features"):
        runs.run()


def test_an_unknown_repository_is_explained(runs: Runs) -> None:
    with pytest.raises(ForgeError, match="--repo"):
        runs.client("octo/none").fetch_state("linkcheck", issues=True, pulls=True)


def test_a_former_name_is_followed(runs: Runs) -> None:
    made = runs.plan(runs.client("octo/old-name").fetch_state("linkcheck", issues=True, pulls=True))
    execute(made, lambda: runs.client("octo/old-name"), label="linkcheck")
    assert len(runs.issues("open")) == 3


def test_a_write_under_a_former_name_is_sent_again(runs: Runs) -> None:
    api = Api(runs.access)
    made = api.write("POST", "/repos/octo/old-name/issues", {"title": "t", "body": "b"})
    assert runs.forge.issues[made["number"]]["title"] == "t"


def test_too_long_a_body_is_refused_and_said_so(runs: Runs) -> None:
    with pytest.raises(ForgeError, match="maximum is 65536"):
        runs.client().open_issue("t", "x" * 65_537, "linkcheck")


def test_a_branch_that_moves_during_the_run_is_not_overwritten(runs: Runs) -> None:
    runs.run()
    runs.later(days=1)
    runs.moved = {5, 7, 9}
    runs.begin()
    made = runs.plan()
    theirs = runs.forge.push("linkcheck/moved-links", "a.txt", "mine")
    done = execute(made, runs.client, label="linkcheck")
    assert any("meanwhile" in p for p in done.problems)
    assert runs.forge.refs["heads/linkcheck/moved-links"] == theirs


def test_a_base_that_moves_during_the_run_still_gets_one_clean_commit(runs: Runs) -> None:
    made = runs.plan()
    runs.forge.put({"README.md": "new"})
    execute(made, runs.client, label="linkcheck")
    assert len(runs.pulls("open")) == 1


def test_git_ids_are_gits_own() -> None:
    assert blob_id("") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert blob_id("hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


@pytest.fixture
def answering(runs: Runs) -> Iterator[Callable[..., list[float]]]:
    """Lets the forge refuse some requests first; returns the pauses that were made."""

    def set_up(kind: Kind, **values: object) -> tuple[Api, list[float]]:
        pauses: list[float] = []
        runs.sandbox.set_fault("api.github.com/*", Fault(kind, **values))
        base = runs.access.api
        return Api(
            Access(base, f"{base}/graphql", "t", write_interval=0, sleep=pauses.append)
        ), pauses

    yield set_up
    runs.sandbox.clear_faults()


def test_a_429_is_waited_for(runs: Runs, answering: Callable[..., tuple[Api, list[float]]]) -> None:
    api, pauses = answering(Kind.STATUS, status=429, headers={"retry-after": "7"}, times=2)
    assert api.get("/repos/octo/catalog")["full_name"] == "octo/catalog"
    assert pauses == [7.0, 7.0]


def test_too_long_a_pause_is_not_waited_for(
    answering: Callable[..., tuple[Api, list[float]]],
) -> None:
    api, pauses = answering(Kind.STATUS, status=403, headers={"retry-after": "3600"})
    with pytest.raises(ForgeError, match="3600 seconds"):
        api.get("/repos/octo/catalog")
    assert pauses == []


def test_a_read_is_tried_again_after_a_5xx_and_a_write_is_not(
    runs: Runs, answering: Callable[..., tuple[Api, list[float]]]
) -> None:
    api, pauses = answering(Kind.STATUS, status=502, times=1)
    assert api.get("/repos/octo/catalog")
    assert len(pauses) == 1
    api, pauses = answering(Kind.STATUS, status=502, times=1)
    with pytest.raises(ForgeError, match="502"):
        api.write("POST", "/repos/octo/catalog/issues", {"title": "t"})
    assert pauses == []


def test_a_forge_that_cannot_be_reached_is_explained() -> None:
    api = Api(Access("http://127.0.0.1:9", "http://127.0.0.1:9/graphql", "t"))
    with pytest.raises(ForgeError, match="GITHUB_API_URL"):
        api.get("/repos/o/r")


def test_state_is_one_commit_and_a_race_is_noticed(runs: Runs) -> None:
    client = runs.client()
    assert client.read_state() == ("", None)
    client.write_state("one", None)
    text, head = client.read_state()
    assert text == "one"
    client.write_state("two", head)
    assert client.read_state()[0] == "two"
    with pytest.raises(StaleError):
        client.write_state("three", head)
    assert client.read_state()[0] == "two"
    commit = runs.forge.commits[runs.forge.refs["heads/linkcheck/state"]]
    assert commit.parents == ()
    assert list(commit.files) == ["state.json"]


def test_files_are_committed_as_they_are(runs: Runs) -> None:
    wish = FileUpdate("a/ü.txt", "", "\ufeffline\r\nё\n", new=True)
    base = runs.forge.refs["heads/main"]
    runs.client().put_commit("linkcheck/licences", None, base, "m\n\nLinkcheck-Content: x", [wish])
    assert runs.forge.text("a/ü.txt", "linkcheck/licences") == "\ufeffline\r\nё\n"
    assert runs.forge.text(FILE, "linkcheck/licences") == runs.text


def test_the_pages_of_a_list_are_joined(runs: Runs) -> None:
    for n in range(230):
        runs.forge.issues[1000 + n] = {**_plain_issue(1000 + n)}
    found = Api(runs.access).all("/repos/octo/catalog/issues", state="all")
    assert len(found) == 230


def _plain_issue(number: int) -> dict:
    return {
        "number": number,
        "title": "t",
        "body": None,
        "state": "open",
        "labels": [],
        "user": {"login": "x"},
    }


def test_a_missing_thing_has_its_own_error(runs: Runs) -> None:
    with pytest.raises(MissingError):
        Api(runs.access).get("/repos/octo/catalog/issues/999")


def test_an_enterprise_server_is_asked_under_its_own_paths() -> None:
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({"full_name": "o/r"})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self._answer({"data": {"viewer": {"login": "bot"}}})

        def _answer(self, value: object) -> None:
            asked.append(f"{self.command} {self.path} {self.headers['authorization']}")
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        api = Api(Access(f"{base}/api/v3", f"{base}/api/graphql", "secret", write_interval=0))
        assert api.get("/repos/o/r") == {"full_name": "o/r"}
        assert api.graphql("query { viewer { login } }", {}) == {"viewer": {"login": "bot"}}
        server.shutdown()
    assert asked == ["GET /api/v3/repos/o/r token secret", "POST /api/graphql token secret"]
