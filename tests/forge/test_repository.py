"""The repository on the forge: reads, writes, rate limits, and explained refusals."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from linkcheck.forge.execute import execute
from linkcheck.forge.github_client import ForgeAccess, call, open_github
from linkcheck.forge.github_errors import NotFoundError, StaleError
from linkcheck.forge.planning.pull_requests import git_blob_id
from linkcheck.forge.repository import GitHubRepository
from linkcheck.model.action import FileUpdate
from linkcheck.model.errors import ForgeError
from linkcheck.sandbox.faults import Fault, Kind
from linkcheck.sandbox.services.writable_repository import BOT
from tests.forge.bot_runs import FILE, Runs


def test_a_missing_permission_is_named(runs: Runs) -> None:
    runs.forge.granted = frozenset({"contents", "pull_requests"})
    done = runs.run()
    assert any("'issues: write'" in problem for problem in done.problems)
    assert len(runs.pulls("open")) == 1  # one refusal costs one action


def test_the_setting_that_forbids_pull_requests_is_named_and_blocks_no_issue(
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
    done = runs.run()
    assert any("'contents: write'" in problem for problem in done.problems)
    assert len(runs.issues("open")) == 3
    assert "'contents: write'" in runs.dashboard()["body"]


def test_issues_that_are_off_are_explained(runs: Runs) -> None:
    runs.forge.has_issues = False
    state = runs.client().fetch_state("linkcheck", issues=True, pulls=True)
    assert state.unread == ("issues",)
    assert "Features" in str(state.problems[0])
    runs.run()
    assert len(runs.pulls("open")) == 1


def test_an_unknown_repository_is_explained(runs: Runs) -> None:
    with pytest.raises(ForgeError, match="--repo"):
        runs.client("octo/none").fetch_state("linkcheck", issues=True, pulls=True)


def test_a_former_name_is_followed(runs: Runs) -> None:
    plan = runs.plan(runs.client("octo/old-name").fetch_state("linkcheck", issues=True, pulls=True))
    execute(plan, lambda: runs.client("octo/old-name"), label="linkcheck")
    assert len(runs.issues("open")) == 3


def test_a_write_to_a_repository_renamed_meanwhile_is_an_error(runs: Runs) -> None:
    issue = open_github(runs.access).get_repo("octo/old-name")  # not read, so not resolved
    with pytest.raises(StaleError, match="renamed meanwhile"):
        call(runs.access, lambda: issue.create_issue("t", "b"), "octo/old-name", is_read=False)
    assert runs.forge.issues == {}


def test_a_body_over_the_limit_is_explained(runs: Runs) -> None:
    with pytest.raises(ForgeError, match="maximum is 65536"):
        runs.client().open_issue("t", "x" * 65_537, "linkcheck")


def test_a_branch_that_moves_during_the_run_is_not_overwritten(runs: Runs) -> None:
    runs.run()
    runs.later(days=1)
    runs.moved = {5, 7, 9}
    runs.begin()
    plan = runs.plan()
    theirs = runs.forge.push("linkcheck/moved-links", "a.txt", "mine")
    done = execute(plan, runs.client, label="linkcheck")
    assert any("meanwhile" in p for p in done.problems)
    assert runs.forge.refs["heads/linkcheck/moved-links"] == theirs


def test_a_base_that_moves_during_the_run_still_gets_one_clean_commit(runs: Runs) -> None:
    plan = runs.plan()
    runs.forge.put({"README.md": "new"})
    execute(plan, runs.client, label="linkcheck")
    assert len(runs.pulls("open")) == 1


def test_git_ids_are_gits_own() -> None:
    assert git_blob_id("") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert git_blob_id("hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


Failing = Callable[..., tuple[GitHubRepository, list[float]]]


@pytest.fixture
def failing(runs: Runs) -> Iterator[Failing]:
    """Return a function that makes the forge refuse requests; it returns the waits as well."""

    def set_up(kind: Kind, path: str = "*", **values: Any) -> tuple[GitHubRepository, list[float]]:
        waits: list[float] = []
        runs.sandbox.clear_faults()
        runs.sandbox.set_fault(f"api.github.com/{path}", Fault(kind, **values))
        access = replace(runs.access, sleep=waits.append)
        return GitHubRepository("octo/catalog", access), waits

    yield set_up
    runs.sandbox.clear_faults()


def test_a_429_is_waited_for(failing: Failing) -> None:
    client, waits = failing(Kind.STATUS, status=429, headers={"retry-after": "7"}, times=2)
    assert client.name == "octo/catalog"
    assert waits == [7.0, 7.0]


def test_a_write_refused_by_a_secondary_limit_is_sent_again(runs: Runs, failing: Failing) -> None:
    message = "You have exceeded a secondary rate limit. Please wait a few minutes."
    body = json.dumps({"message": message})
    client, waits = failing(Kind.STATUS, "*/issues", status=403, body=body, times=1)
    client.open_issue("t", "b", "linkcheck")
    assert waits == [60.0]
    assert [issue["title"] for issue in runs.issues()] == ["t"]


def test_a_mutation_refused_by_a_rate_limit_is_sent_again(runs: Runs, failing: Failing) -> None:
    body = json.dumps({"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]})
    client, waits = failing(Kind.STATUS, "graphql", status=200, body=body, times=1)
    client.put_commit("linkcheck/x", None, runs.forge.refs["heads/main"], "m", [])
    assert waits == [60.0]
    assert "heads/linkcheck/x" in runs.forge.refs


def test_a_wait_beyond_the_limit_is_an_error(failing: Failing) -> None:
    client, waits = failing(Kind.STATUS, status=403, headers={"retry-after": "3600"})
    with pytest.raises(ForgeError, match="3600 seconds"):
        client.fetch_body(1)
    assert waits == []


def test_a_read_is_retried_after_a_5xx_and_a_write_is_not(failing: Failing) -> None:
    client, waits = failing(Kind.STATUS, status=502, times=1)
    assert client.name == "octo/catalog"
    assert len(waits) == 1
    client, waits = failing(Kind.STATUS, "*/issues", status=502, headers={"retry-after": "1"})
    with pytest.raises(ForgeError, match="502"):
        client.open_issue("t", "b", "linkcheck")
    assert waits == []


def test_an_unreachable_forge_is_explained() -> None:
    client = GitHubRepository("o/r", ForgeAccess("http://127.0.0.1:9", "t"))
    with pytest.raises(ForgeError, match="GITHUB_API_URL"):
        client.fetch_body(1)


@pytest.mark.parametrize("body", ["<html>log in</html>", "[]", "{", '{"full_name": 7}', "null"])
def test_a_response_that_is_not_githubs_is_explained(failing: Failing, body: str) -> None:
    client, _ = failing(Kind.STATUS, status=200, body=body)
    with pytest.raises(ForgeError, match="GITHUB_API_URL"):
        client.fetch_state("linkcheck", issues=True, pulls=True)


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
    file = FileUpdate("a/ü.txt", "", "\ufeffline\r\nё\n", is_new=True)
    base = runs.forge.refs["heads/main"]
    runs.client().put_commit("linkcheck/licenses", None, base, "m\n\nLinkcheck-Content: x", [file])
    assert runs.forge.text("a/ü.txt", "linkcheck/licenses") == "\ufeffline\r\nё\n"
    assert runs.forge.text(FILE, "linkcheck/licenses") == runs.text


def test_a_large_state_is_read_back_whole(runs: Runs) -> None:
    text = "é" * 1_000_000
    runs.client().write_state(text, None)
    assert runs.client().read_state()[0] == text


def test_lists_are_read_to_their_end(runs: Runs) -> None:
    for number in range(1, 2_151):
        runs.forge.issues[number] = _plain_issue(number)
    state = runs.client().fetch_state("linkcheck", issues=True, pulls=False)
    assert len(state.issues) == 2_150


def _plain_issue(number: int) -> dict[str, object]:
    return {
        "number": number,
        "html_url": f"https://github.com/octo/catalog/issues/{number}",
        "title": "t",
        "body": None,
        "state": "open",
        "state_reason": None,
        "closed_at": None,
        "labels": [],
        "user": {"login": BOT},
    }


def test_a_file_beyond_the_end_of_a_truncated_tree_is_found(runs: Runs) -> None:
    runs.forge.put({f"a/{n}.txt": str(n) for n in range(20)})
    head = runs.forge.refs["heads/main"]
    wanted = {FILE: git_blob_id(runs.text)}
    assert runs.client().fetch_blobs(head, [FILE, "none.yaml"]) == wanted
    runs.forge.tree_limit = 5
    assert runs.client().fetch_blobs(head, [FILE, "none.yaml", "a"]) == wanted


def test_a_missing_issue_has_its_own_error(runs: Runs) -> None:
    with pytest.raises(NotFoundError):
        runs.client().fetch_body(999)


def test_an_enterprise_server_is_requested_at_its_own_paths() -> None:
    requests: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({"full_name": "o/r", "default_branch": "main", "node_id": "R"})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self._answer({"data": {"createCommitOnBranch": {"commit": {"oid": "a" * 40}}}})

        def do_DELETE(self) -> None:
            self._answer(None)

        def _answer(self, value: object) -> None:
            requests.append(f"{self.command} {self.path} {self.headers['authorization']}")
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        client = GitHubRepository("o/r", ForgeAccess(f"{base}/api/v3", "secret", write_interval=0))
        client.put_commit("linkcheck/x", None, "b" * 40, "m", [])
        server.shutdown()
    assert requests[0] == "GET /api/v3/repos/o/r token secret"
    assert "POST /api/v3/repos/o/r/git/refs token secret" in requests
    assert "POST /api/graphql token secret" in requests


def test_another_graphql_url_gets_the_mutations(runs: Runs) -> None:
    base = runs.forge.refs["heads/main"]
    away = replace(runs.access, graphql="http://127.0.0.1:9/api/graphql")
    client = GitHubRepository("octo/catalog", away)
    assert client.login is None
    with pytest.raises(ForgeError, match="cannot be reached"):
        client.put_commit("linkcheck/x", None, base, "m", [])
    elsewhere = runs.sandbox.url("https://api.github.com/graphql")
    client = GitHubRepository("octo/catalog", replace(runs.access, graphql=elsewhere))
    assert client.login == BOT
    client.put_commit("linkcheck/x", None, base, "m", [])
    assert "heads/linkcheck/x" in runs.forge.refs
