"""The bot against the sandbox's forge: issues, pull requests, the dashboard."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from linkcheck.forge.execute import execute
from linkcheck.forge.issue_marker import parse_marker
from linkcheck.forge.saved_findings import Coverage
from linkcheck.model.errors import ConfigError
from linkcheck.model.settings import ForgeSettings
from linkcheck.sandbox import Sandbox
from linkcheck.sandbox.faults import Fault, Kind
from tests.forge.bot_runs import FILE, KilledError, Runs
from tests.forge.bot_world import NOW


def test_forty_findings_make_the_planned_issues_and_pull_requests_and_no_more(runs: Runs) -> None:
    runs.count, runs.dead, runs.moved = 60, set(range(24)), set(range(24, 40))
    runs.begin()
    runs.run()
    assert len(runs.issues("open")) == 11  # ten new ones at most, and the dashboard
    assert [p["title"] for p in runs.pulls("open")] == ["Update 16 moved links"]
    assert "example.org/new/24" in (runs.forge.text(FILE, "linkcheck/moved-links") or "")
    assert "# kept by hand" in (runs.forge.text(FILE, "linkcheck/moved-links") or "")
    runs.run()
    runs.run()
    assert len(runs.issues("open")) == 25
    runs.forge.reset_write_log()
    for _ in range(10):
        runs.later(hours=1)
        runs.run()
    assert runs.forge.writes == []
    runs.heal()
    runs.run()
    assert runs.issues("open") == []
    assert runs.pulls("open") == []
    assert all(runs.comments_on(issue["number"]) for issue in runs.issues())
    assert all(runs.comments_on(pull["number"]) for pull in runs.pulls())
    assert [ref for ref in runs.forge.refs if "linkcheck" in ref] == []
    runs.forge.reset_write_log()
    runs.run()
    assert runs.forge.writes == []


def _change(runs: Runs) -> None:
    runs.later(days=1)
    runs.dead, runs.moved = {1, 2}, {5, 9}
    runs.begin()


def _heal(runs: Runs) -> None:
    runs.later(days=1)
    runs.heal()


STAGES: dict[str, list[Callable[[Runs], None]]] = {"open": [], "change": [_change], "heal": [_heal]}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_any_write_and_run_again_ends_in_the_same_state(
    sandbox: Sandbox, stage: str, after: bool
) -> None:
    def prepared() -> Runs:
        sandbox.hosts.github.forge.forget()
        runs = Runs(sandbox)
        for step in STAGES[stage]:
            runs.run()
            step(runs)
        runs.forge.reset_write_log()
        return runs

    undisturbed = prepared()
    undisturbed.run()
    expected, count = undisturbed.forge.snapshot(), len(undisturbed.forge.writes)
    assert count > 3
    for at in range(1, count + 2):
        interrupted = prepared()
        interrupted.kill_at, interrupted.kill_after = at, after
        interrupted.kill_state = at > count
        with pytest.raises(KilledError):
            interrupted.run()
        interrupted.kill_at, interrupted.kill_state = None, False
        interrupted.run()
        assert interrupted.forge.snapshot() == expected, at
        interrupted.forge.reset_write_log()
        interrupted.run()
        assert interrupted.forge.writes == [], at


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_write_that_fails_costs_one_action(sandbox: Sandbox, stage: str, after: bool) -> None:
    def prepared() -> Runs:
        sandbox.hosts.github.forge.forget()
        runs = Runs(sandbox)
        for step in STAGES[stage]:
            runs.run()
            step(runs)
        runs.forge.reset_write_log()
        return runs

    def visible(runs: Runs) -> object:
        snapshot = runs.forge.snapshot()
        issues = sorted((i["title"], i["state"]) for i in runs.forge.issues.values())
        return issues, snapshot["branches"]

    undisturbed = prepared()
    undisturbed.run()
    expected, count = visible(undisturbed), len(undisturbed.forge.writes)
    for at in range(1, count + 1):
        failing = prepared()
        failing.forge.break_at, failing.forge.break_after = at, after
        done = failing.run()
        assert len(done.problems) == 1
        assert done.has_written
        assert len(failing.forge.writes) >= count - 5  # those of one pull request
        failing.forge.break_at = None
        failing.run()
        assert visible(failing) == expected, at
        failing.forge.reset_write_log()
        failing.run()
        assert failing.forge.writes == [], at


def test_closed_as_not_planned_stays_closed_for_ninety_days_with_one_comment(runs: Runs) -> None:
    runs.run()
    number = runs.issue_of(1)["number"]
    runs.later(hours=1)
    runs.forge.close(number, "not_planned")
    for _ in range(3):
        runs.later(hours=1)
        runs.run()
    assert runs.issue_of(1)["state"] == "closed"
    assert runs.comments_on(number).count("not report this until 19 February 2027") == 1
    assert "Ignored (1)" in runs.dashboard()["body"]
    runs.later(days=89)
    runs.run()
    assert runs.issue_of(1)["state"] == "closed"
    runs.later(days=2)
    runs.run()
    assert runs.issue_of(1)["state"] == "open"


def test_closed_as_completed_while_still_broken_is_reopened_once(runs: Runs) -> None:
    runs.run()
    number = runs.issue_of(1)["number"]
    runs.later(hours=1)
    runs.forge.close(number)
    runs.later(hours=1)
    runs.run()
    assert runs.issue_of(1)["state"] == "open"
    assert "still finds it" in runs.comments_on(number)
    runs.later(hours=1)
    runs.forge.close(number)
    for _ in range(3):
        runs.later(hours=1)
        runs.run()
    assert runs.issue_of(1)["state"] == "closed"
    assert runs.comments_on(number).count("still finds it") == 1


def test_what_heals_and_comes_back_is_reopened(runs: Runs) -> None:
    runs.run()
    number = runs.issue_of(1)["number"]
    runs.dead = {3}
    runs.later(days=1)
    runs.run()
    assert runs.issue_of(1)["state"] == "closed"
    assert runs.issue_of(1)["state_reason"] == "completed"
    runs.dead = {1, 3}
    runs.later(days=9)
    runs.run()
    assert runs.issue_of(1)["state"] == "open"
    assert "It is back" in runs.comments_on(number)
    assert len([i for i in runs.issues() if i["title"].endswith("Entry 1")]) == 1


def test_an_unreachable_link_closes_nothing(runs: Runs) -> None:
    runs.run()
    runs.unknown = {1}
    runs.later(days=1)
    runs.run()
    assert runs.issue_of(1)["state"] == "open"
    assert "**Entry 1**" in runs.dashboard()["body"]


def test_a_partial_run_closes_only_what_it_looked_at(runs: Runs) -> None:
    runs.run()
    runs.forge.reset_write_log()
    runs.whole = False
    runs.coverage = Coverage(runs=lambda _: False)
    runs.heal()
    runs.run()
    assert runs.forge.writes == []
    runs.coverage = Coverage(runs=lambda rule: rule == "moved-link")
    runs.run()
    assert [i["title"] for i in runs.issues("closed")] == []
    assert runs.pulls("open") == []
    runs.coverage = Coverage()
    runs.run()
    assert runs.issue_of(1)["state"] == "closed"
    runs.forge.reset_write_log()
    runs.run()
    assert runs.forge.writes == []


def test_an_unconfirmed_error_waits_on_the_dashboard(runs: Runs) -> None:
    runs.confirmed = False
    runs.run()
    assert [i["title"] for i in runs.issues()] == ["Catalog health"]
    assert "Waiting (2)" in runs.dashboard()["body"]
    assert "to be confirmed" in runs.dashboard()["body"]


def test_an_edited_body_is_kept_until_the_content_changes(runs: Runs) -> None:
    runs.run()
    issue = runs.issue_of(1)
    runs.forge.edit(issue["number"], issue["body"] + "\n\nmy own words")
    runs.forge.reset_write_log()
    runs.run()
    assert runs.forge.writes == []
    assert "my own words" in runs.issue_of(1)["body"]


def test_an_issue_rewritten_without_its_marker_is_not_opened_twice(runs: Runs) -> None:
    runs.run()
    issue = runs.issue_of(1)
    runs.forge.edit(issue["number"], "all my own")
    runs.forge.reset_write_log()
    runs.run()
    assert runs.forge.writes == []
    runs.heal()
    runs.run()
    assert runs.issue_of(1)["state"] == "closed"
    assert "all my own" in runs.issue_of(1)["body"]


def test_an_issue_without_the_label_is_left_alone(runs: Runs) -> None:
    runs.run()
    number = runs.issue_of(1)["number"]
    runs.forge.remove_label(number)
    runs.run()
    runs.forge.reset_write_log()
    runs.run()
    assert runs.forge.writes == []
    runs.heal()
    runs.run()
    assert runs.issue_of(1)["state"] == "open"
    assert runs.comments_on(number) == ""


def test_no_issue_is_opened_while_the_own_account_is_unknown(runs: Runs) -> None:
    runs.run()
    runs.forge.remove_label(runs.issue_of(1)["number"])
    runs.forge.remove_label(runs.dashboard()["number"])
    runs.forge.reset_write_log()
    runs.sandbox.set_fault("api.github.com/graphql", Fault(Kind.STATUS, status=502))
    done = runs.run()
    runs.sandbox.clear_faults()
    assert len(runs.issues()) == 3
    assert any("account" in message for message in done.messages)
    runs.run()
    assert runs.forge.writes == []


def test_the_marker_has_the_format_of_release_0_1(runs: Runs) -> None:
    runs.run()
    number = runs.issue_of(1)["number"]
    runs.later(hours=1)
    runs.forge.close(number)
    runs.later(hours=1)
    runs.run()  # reopened once
    first, _, _ = runs.issue_of(1)["body"].partition("\n")
    assert re.fullmatch(
        r'<!-- linkcheck {"cycle":1,"insisted":true,"key":"\w+","kind":"finding",'
        r'"link":"\w+","meaning":"\w+","title":"\w+"} -->',
        first,
    )
    assert parse_marker(first + "\ntext") == parse_marker(runs.issue_of(1)["body"])


def test_an_error_outside_any_entry_gets_an_issue(runs: Runs) -> None:
    runs.outside_entries = {1}
    runs.run()
    issue = next(i for i in runs.issues() if i["title"].startswith("Dead link: catalog/tools.yaml"))
    runs.forge.reset_write_log()
    runs.run()
    assert runs.forge.writes == []
    runs.heal()
    runs.run()
    assert runs.forge.issues[issue["number"]]["state"] == "closed"


def test_a_second_dashboard_is_closed(runs: Runs) -> None:
    runs.run()
    first = runs.dashboard()
    twin = {**first, "number": 99, "labels": list(first["labels"])}
    runs.forge.issues[99] = twin
    runs.forge.comments[99] = []
    runs.run()
    assert runs.forge.issues[99]["state"] == "closed"
    assert runs.forge.issues[first["number"]]["state"] == "open"
    assert f"covered by #{first['number']}" in runs.comments_on(99)


def test_a_marker_copied_into_somebody_elses_issue_is_ignored(runs: Runs) -> None:
    runs.run()
    body = runs.issue_of(1)["body"]
    runs.forge.issues[77] = {
        **runs.issue_of(1),
        "number": 77,
        "title": "mine",
        "body": body,
        "labels": [],
        "user": {"login": "stranger"},
    }
    runs.forge.comments[77] = []
    runs.forge.reset_write_log()
    runs.run()
    assert runs.forge.writes == []


def test_a_branch_that_somebody_pushed_to_is_left_alone(runs: Runs) -> None:
    runs.run()
    theirs = runs.forge.push("linkcheck/moved-links", "notes.txt", "mine")
    runs.later(days=1)
    runs.moved = {5, 7, 9}
    runs.begin()
    runs.run()
    assert runs.forge.refs["heads/linkcheck/moved-links"] == theirs
    runs.heal()
    runs.run()
    assert runs.forge.refs["heads/linkcheck/moved-links"] == theirs
    assert [p["state"] for p in runs.pulls()] == ["open"]


def test_a_merged_pull_request_is_done(runs: Runs) -> None:
    runs.run()
    runs.forge.merge(runs.pulls()[0]["number"])
    runs.later(days=1)
    runs.pull_checkout()
    runs.run()
    assert len(runs.pulls()) == 1
    assert "heads/linkcheck/moved-links" not in runs.forge.refs
    runs.forge.reset_write_log()
    runs.run()
    assert runs.forge.writes == []


def test_an_old_checkout_proposes_nothing(runs: Runs) -> None:
    runs.run()
    runs.forge.merge(runs.pulls()[0]["number"])
    runs.later(days=1)
    done = runs.run()  # still the files from before the merge
    assert len(runs.pulls()) == 1
    assert any("update the checkout" in words for words in done.messages)


def test_a_conflict_is_resolved_by_recreating_the_branch(runs: Runs) -> None:
    runs.run()
    number = runs.pulls()[0]["number"]
    runs.later(days=1)
    runs.text = runs.text.replace("example.org/old/5", "example.org/elsewhere/5")
    runs.forge.put({FILE: runs.text})
    runs.run()
    assert [p["number"] for p in runs.pulls("open")] == [number]
    proposed = runs.forge.text(FILE, "linkcheck/moved-links") or ""
    assert "elsewhere/5" in proposed
    assert "new/7" in proposed
    assert runs.pulls()[0]["title"] == "Update 1 moved link"


def test_a_closed_pull_request_stays_closed_with_the_same_content(runs: Runs) -> None:
    runs.run()
    number = runs.pulls()[0]["number"]
    runs.forge.close(number)
    runs.later(days=1)
    runs.run()
    assert [p["number"] for p in runs.pulls()] == [number]
    assert f"you closed #{number} with the same content" in runs.dashboard()["body"]
    runs.forge.reset_write_log()
    runs.run()
    assert runs.forge.writes == []
    runs.forge.tick(runs.dashboard()["number"], "moved-links")
    runs.run()
    assert len(runs.pulls("open")) == 1
    assert "Pull requests that wait for you" not in runs.dashboard()["body"]


def test_a_deleted_branch_means_closed(runs: Runs) -> None:
    runs.run()
    runs.forge.delete_branch("linkcheck/moved-links")
    runs.later(days=1)
    runs.run()
    assert runs.pulls("open") == []
    assert len(runs.pulls()) == 1


def test_other_content_after_a_closed_one_is_proposed(runs: Runs) -> None:
    runs.run()
    runs.forge.close(runs.pulls()[0]["number"])
    runs.later(days=1)
    runs.moved = {5, 7, 9}
    runs.begin()
    runs.run()
    assert [p["title"] for p in runs.pulls("open")] == ["Update 3 moved links"]


def test_checkboxes_ticked_during_the_run_are_kept(runs: Runs) -> None:
    runs.run()
    runs.later(days=1)
    runs.dead = {1, 2, 3}
    runs.begin()
    plan = runs.plan()
    board = runs.dashboard()
    marker = parse_marker(runs.issue_of(1)["body"])
    assert marker is not None
    key = marker.key
    runs.forge.tick(board["number"], key)
    execute(plan, runs.client, label="linkcheck")
    assert f"[x] <!-- linkcheck:ignore={key} -->" in runs.dashboard()["body"]


def test_no_issue_for_what_was_ticked_to_be_ignored(runs: Runs) -> None:
    runs.settings = ForgeSettings(max_new_issues=1)
    runs.run()
    waiting = next(f for f in runs.findings() if f.entry == "entry-3")
    runs.forge.tick(runs.dashboard()["number"], waiting.fingerprint)
    runs.run()
    assert not [i for i in runs.issues() if i["title"].endswith("Entry 3")]


def test_the_dry_run_describes_the_plan_and_writes_nothing(runs: Runs) -> None:
    plan = runs.plan()
    words = "\n".join(execute(plan, runs.client, label="linkcheck", dry_run=True).messages)
    assert "Dead link: Entry 1" in words
    assert "Update 2 moved links" in words
    assert "Dashboard" in words
    assert runs.forge.writes == []


def test_a_return_after_a_persons_closing_counts_as_new(runs: Runs) -> None:
    runs.run()
    number = runs.issue_of(1)["number"]
    runs.forge.close(number, "not_planned")
    runs.later(days=30)
    runs.alive = NOW + timedelta(days=20)  # in between
    runs.run()
    assert runs.issue_of(1)["state"] == "open"


def test_a_partial_run_removes_nothing_from_a_pull_request(runs: Runs) -> None:
    runs.run()
    before = runs.forge.text(FILE, "linkcheck/moved-links")
    runs.later(days=1)
    runs.whole = False
    runs.unknown = {5}
    runs.run()
    assert runs.forge.text(FILE, "linkcheck/moved-links") == before


def test_hundreds_of_findings_fit_after_the_checkboxes(runs: Runs) -> None:
    runs.settings = ForgeSettings(max_new_issues=1)
    runs.count, runs.dead, runs.moved = 500, set(range(300)), set(range(300, 500))
    runs.begin()
    runs.run()
    body = runs.dashboard()["body"]
    assert len(body) < 65_536
    assert "more; the report of the run has them all" in body
    assert all(len(pull["body"]) < 65_536 for pull in runs.pulls())
    runs.forge.reset_write_log()
    runs.settings = ForgeSettings(max_new_issues=1, max_new_pulls=1)


def test_a_project_may_write_its_own_texts(runs: Runs, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "issue.md.jinja").write_text("Gone: {{ entry }}\nAsk @everyone. {{ message }}\n")
    runs.settings = ForgeSettings(templates=str(own))
    runs.run()
    issue = next(i for i in runs.issues() if i["title"].startswith("Gone: Entry 1"))
    assert "@everyone" not in issue["body"]
    (own / "issue.md.jinja").write_text("{{ nonsense.x }}")
    runs.dead = {2}
    runs.begin()
    with pytest.raises(ConfigError, match=r"issue\.md\.jinja"):
        runs.run()


def test_a_lost_history_reopens_no_dismissed_issue(runs: Runs) -> None:
    runs.run()
    runs.forge.close(runs.issue_of(1)["number"], "not_planned")
    runs.later(days=5)
    runs.alive = None
    runs.run()
    assert runs.issue_of(1)["state"] == "closed"


def test_pull_requests_alone_need_no_right_to_issues(runs: Runs) -> None:
    runs.forge.granted = frozenset({"contents", "pull_requests"})
    runs.issues_wanted = False
    runs.run()
    assert len(runs.pulls("open")) == 1
    assert runs.issues() == []


def test_no_placeholder_is_left_for_what_could_not_be_opened(runs: Runs) -> None:
    runs.forge.actions_may_open_pulls = False
    runs.run()
    assert "{pull:" not in runs.dashboard()["body"]
    assert "{issue:" not in runs.dashboard()["body"]
    assert f"· #{runs.issue_of(1)['number']}\n" in runs.dashboard()["body"]


def test_no_dashboard_for_links_that_refuse_programs(runs: Runs) -> None:
    runs.dead, runs.moved, runs.unknown = set(), set(), {1, 2}
    runs.begin()
    runs.run()
    assert runs.issues() == []
