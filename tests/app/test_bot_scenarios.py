"""The bot in a forge that misbehaves, with people in it: one script for each promise."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linkcheck.app import RunOptions
from linkcheck.config import Config
from linkcheck.model.settings import ForgeSettings, RuleSettings
from linkcheck.model.target import Service
from linkcheck.sandbox.faults import Fault, Kind, answer_status
from tests.app.bot_scenarios import (
    ALIVE,
    FILE,
    MOVED,
    WORLD,
    Scenario,
    entry,
    repositories,
    start_scenario,
)

HUBS = "".join(
    entry(name, f"https://huggingface.co/octo/{name}-old", key=f"hub-{name}", role="model")
    for name in ALIVE[:2]
)
PULL = "Update"


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Scenario]:
    sandbox, scenario = start_scenario(tmp_path)
    with sandbox:
        yield scenario


def with_dead(bot: Scenario, *names: str) -> None:
    """Add links to repositories that do not exist, and run until their errors are confirmed."""
    bot.write(repositories(*ALIVE) + repositories(*names))
    bot.run()
    bot.run(days=4)


# 1. What could not be checked changes nothing.

OUTAGES: dict[str, list[tuple[str, Fault]]] = {
    "GitHub answers 502": [("api.github.com/graphql", Fault(Kind.STATUS, status=502, times=2))],
    "GitHub limits": [("api.github.com/graphql", answer_status(403, retry_after=3600, times=2))],
    "Hugging Face answers 503": [("huggingface.co", Fault(Kind.STATUS, status=503))],
    "Hugging Face does not exist": [("huggingface.co", Fault(Kind.DNS))],
    "Hugging Face limits": [("huggingface.co", answer_status(429, retry_after=3600))],
}


@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_changes_nothing(bot: Scenario, outage: str) -> None:
    bot.write(repositories(*MOVED, *ALIVE, "gone") + HUBS)
    bot.run()
    bot.run(days=4)
    assert "Update 8 moved links" in bot.titles()
    assert "Dead link: Gone" in bot.titles()
    before = bot.shown()
    for pattern, fault in OUTAGES[outage]:
        bot.sandbox.set_fault(pattern, fault)
    for _ in range(3):
        bot.run(days=1)
        assert bot.shown() == before
    bot.sandbox.clear_faults()
    bot.run(days=1)
    assert bot.shown() == before
    assert bot.writes_of() == []


def test_a_new_rename_during_an_outage_joins_the_rows_that_are_kept(bot: Scenario) -> None:
    bot.write(repositories(*MOVED[:2], *ALIVE) + HUBS)
    bot.run()
    number = bot.number(PULL)
    bot.sandbox.set_fault("huggingface.co", Fault(Kind.STATUS, status=503))
    # The lines move, and a link of another service is renamed.
    bot.write("# moved down\n" + repositories(*MOVED[:3], *ALIVE) + HUBS)
    bot.run(days=1)
    assert bot.titles()[0] == "Update 5 moved links"
    proposed = bot.forge.text(FILE, "linkcheck/moved-links") or ""
    assert "octo/alive0-hub" in proposed
    assert "octo/moved2-new" in proposed
    assert proposed.startswith("# moved down\n")
    assert bot.number(PULL) == number


def test_a_link_that_was_removed_during_an_outage_leaves_the_pull_request(bot: Scenario) -> None:
    bot.write(repositories(*MOVED[:2], *ALIVE) + HUBS)
    bot.run()
    bot.sandbox.set_fault("huggingface.co", Fault(Kind.STATUS, status=503))
    bot.write(repositories(*MOVED[:2], *ALIVE) + HUBS.partition("- id: hub-alive1")[0])
    bot.run(days=1)
    assert bot.titles()[0] == "Update 3 moved links"


def test_without_a_saved_state_a_pull_request_is_left_as_it_is(bot: Scenario) -> None:
    bot.write(repositories(*MOVED[:2], *ALIVE) + HUBS)
    bot.run()
    before = bot.shown()
    bot.forge.set_ref("heads/linkcheck/state", None)
    bot.sandbox.set_fault("huggingface.co", Fault(Kind.STATUS, status=503))
    result = bot.run(days=1)
    assert bot.shown() == before
    assert any("could not be checked" in line for line in result.summary)


# 2. Only the default branch has a say.

REFS = ("refs/heads/feature", "refs/tags/v1", "refs/pull/7/merge", "refs/heads/main2")


@pytest.mark.parametrize("ref", REFS)
def test_another_branch_writes_nothing(bot: Scenario, ref: str) -> None:
    with_dead(bot, "gone")
    (bot.folder / FILE).write_text(repositories(*ALIVE))
    bot.env = {"GITHUB_REF": ref}
    assert bot.writes_of(2) == []
    result = bot.run()
    assert any("not the default branch main" in line for line in result.summary)
    assert result.exit_code("error") == 0
    bot.env = {"GITHUB_REF": "refs/heads/main"}
    bot.run()
    assert bot.titles() == []


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ("git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments),
        check=True,
        capture_output=True,
    )


def test_without_github_ref_the_branch_of_head_counts(
    bot: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.write(repositories(*MOVED))
    git(bot.folder, "init", "-q", "-b", "feature")
    git(bot.folder, "add", ".")
    git(bot.folder, "commit", "-qm", "one")
    bot.run()
    assert bot.titles() == []
    git(bot.folder, "checkout", "-q", "--detach")
    bot.run()
    assert bot.titles() == []
    head = subprocess.run(
        ("git", "-C", str(bot.folder), "rev-parse", "HEAD"), capture_output=True, text=True
    ).stdout.strip()
    bot.forge.commits[head] = replace_oid(bot, head)
    bot.forge.refs["heads/main"] = head
    bot.run()
    assert "Update 6 moved links" in bot.titles()
    git(bot.folder, "checkout", "-q", "-b", "main")
    assert bot.writes_of(2) == []


def replace_oid(bot: Scenario, oid: str) -> Any:
    """Return the newest commit of the default branch under another id."""
    newest = bot.forge.commits[bot.forge.refs["heads/main"]]
    return replace(newest, oid=oid)


def test_a_run_over_a_part_closes_only_what_it_looked_at(bot: Scenario) -> None:
    other = "catalog/others.yaml"
    bot.write(repositories(*ALIVE))
    bot.write(repositories("gone-b").replace("id: gone", "id: other"), other)
    with_dead(bot, "gone-a")
    assert bot.titles().count("Catalog health") == 1
    assert {t for t in bot.titles() if t.startswith("Dead")} == {
        "Dead link: Gone-A",
        "Dead link: Gone-B",
    }
    bot.run(options=RunOptions(services=frozenset({Service.HUGGINGFACE})))
    assert len(dead_titles(bot)) == 2
    bot.write(repositories(*ALIVE))
    bot.write(entry("moved0-new", "https://github.com/octo/moved0-new"), other)
    bot.config = replace(Config(), rules=RuleSettings(select=("moved-link",)))
    bot.run(partial=True)
    bot.config = Config()
    assert len([t for t in bot.titles() if t.startswith("Dead")]) == 2
    bot.run(options=RunOptions(paths=(other,)))
    assert [t for t in bot.titles() if t.startswith("Dead")] == ["Dead link: Gone-A"]
    bot.run(options=RunOptions(services=frozenset({Service.GITHUB})))
    assert bot.titles() == ["Catalog health"]
    bot.run()
    assert bot.titles() == []


# 3. One refusal costs one action.


def locked(bot: Scenario) -> None:
    bot.forge.locked.add(bot.number("Dead link: Gone"))


def ruleset(bot: Scenario) -> None:
    bot.forge.protected = ("linkcheck/moved-links", "linkcheck/tmp-*")


def no_pulls(bot: Scenario) -> None:
    bot.forge.actions_may_open_pulls = False


def one_500(bot: Scenario) -> None:
    number = bot.number("Dead link: Gone")
    bot.sandbox.set_fault(f"api.github.com/*/issues/{number}", Fault(Kind.STATUS, status=500))


def state_refused(bot: Scenario) -> None:
    bot.forge.protected = ("linkcheck/state",)


REFUSALS: dict[str, tuple[Callable[[Scenario], None], str]] = {
    "a locked issue": (locked, "the conversation is locked"),
    "a ruleset": (ruleset, "Cannot create ref due to creations being restricted"),
    "no pull requests": (no_pulls, "may not open pull requests"),
    "one 500": (one_500, "answers 500"),
    "a protected state": (state_refused, "a rule of the repository forbids this"),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_one_refusal_costs_one_action(bot: Scenario, refusal: str) -> None:
    with_dead(bot, "gone", "lost")
    set_up, reason = REFUSALS[refusal]
    set_up(bot)
    # "gone" is resolved, "lost" stays, and six links have moved.
    bot.write(repositories(*ALIVE, "lost", *MOVED))
    result = bot.run(days=1)
    assert [p for p in result.problems if reason in p], result.problems
    assert not [p for p in result.problems if "report this" in p]
    assert result.exit_code("never") == 0
    assert reason in bot.body("Catalog health")
    assert ("Dead link: Gone" in bot.titles()) == (refusal == "one 500")
    assert ("Update 6 moved links" in bot.titles()) == (
        refusal not in ("a ruleset", "no pull requests")
    )
    again = bot.run(days=0.1)
    # Nothing but the failing action is left to do.
    assert again.exit_code("never") == (3 if refusal == "one 500" else 0)
    bot.sandbox.clear_faults()
    bot.forge.protected, bot.forge.actions_may_open_pulls = (), True
    bot.run(days=0.1)
    assert "Update 6 moved links" in bot.titles()
    assert "Dead link: Gone" not in bot.titles()
    assert reason not in bot.body("Catalog health")
    assert bot.writes_of(2) == []


def test_nothing_can_be_written_to_an_archived_repository(bot: Scenario) -> None:
    bot.write(repositories(*MOVED))
    bot.forge.archived = True
    result = bot.run()
    assert "archived" in result.problems[0]
    assert result.exit_code("never") == 3
    assert bot.titles() == []


def test_an_empty_repository_gets_its_issues(bot: Scenario) -> None:
    bot.write(repositories(*MOVED))
    bot.forge.refs.clear()
    result = bot.run()
    assert bot.titles() == ["Catalog health"]
    assert any("empty" in problem or "no commit" in problem for problem in result.problems)
    assert result.exit_code("never") == 0


def test_issues_that_are_off_cost_only_the_issues(bot: Scenario) -> None:
    bot.write(repositories(*MOVED))
    bot.forge.has_issues = False
    result = bot.run()
    assert "Update 6 moved links" in bot.titles()
    assert any("Switch issues on" in problem for problem in result.problems)
    assert result.exit_code("never") == 0


# 4. Known by what the bot owns.


def rewritten_pull(bot: Scenario) -> None:
    bot.forge.edit(bot.number(PULL), "all my own words")


def renamed_pull(bot: Scenario) -> None:
    bot.forge.rename(bot.number(PULL), "Update my links")


def renamed_issue(bot: Scenario) -> None:
    bot.forge.rename(bot.number("Dead link"), "ChatDoctor is dead")


def renamed_label(bot: Scenario) -> None:
    bot.forge.rename_label("linkcheck", "bot: links")


def recased_label(bot: Scenario) -> None:
    bot.forge.rename_label("linkcheck", "LinkCheck")


def deleted_label(bot: Scenario) -> None:
    bot.forge.rename_label("linkcheck", None)


def rewritten_dashboard(bot: Scenario) -> None:
    bot.forge.edit(bot.number("Catalog health"), "nothing to see here")


def updated_branch(bot: Scenario) -> None:
    bot.forge.put({"README.md": "new"})
    bot.forge.update_branch(bot.number(PULL))


def pushed_base(bot: Scenario) -> None:
    bot.forge.force_push({FILE: bot.forge.text(FILE) or "", "README.md": "another history"})


PEOPLE = (
    rewritten_pull,
    renamed_pull,
    renamed_issue,
    renamed_label,
    recased_label,
    deleted_label,
    rewritten_dashboard,
    updated_branch,
    pushed_base,
)


@pytest.mark.parametrize("act", PEOPLE)
def test_what_people_change_stops_nothing(bot: Scenario, act: Callable[[Scenario], None]) -> None:
    bot.write(repositories(*ALIVE, *MOVED[:2], "gone"))
    bot.run()
    bot.run(days=4)
    pull, issue = bot.number(PULL), bot.number("Dead link")
    act(bot)
    assert not bot.run(days=1).problems
    assert bot.writes_of(3) == []
    bot.write(repositories(*ALIVE, *MOVED[:3], "gone", "lost"))
    bot.run(days=1)
    result = bot.run(days=4)
    assert not result.problems
    assert "moved2-new" in (bot.forge.text(FILE, "linkcheck/moved-links") or "")
    assert bot.forge.issues[pull]["state"] == "open"
    assert "Dead link: Lost" in bot.titles()
    titles = {renamed_pull: "Update my links", renamed_issue: "ChatDoctor is dead"}
    if act in titles:
        assert titles[act] in bot.titles()
    bot.write(repositories(*ALIVE))
    bot.run(days=1)
    assert bot.titles() == []
    assert len(bot.forge.issues) == 4
    assert bot.forge.issues[issue]["state"] == "closed"
    if act is rewritten_pull:
        assert bot.forge.issues[pull]["body"] == "all my own words"
    assert bot.writes_of(2) == []


def test_outsiders_are_never_obeyed(bot: Scenario) -> None:
    bot.write(repositories(*ALIVE, *MOVED[:2]))
    before = '<!-- linkcheck {"key":"dashboard","kind":"dashboard"} -->\nmine'
    mallory = bot.forge.open_issue("mallory", "Catalog health", before, "linkcheck")
    bot.run()
    own = bot.number("Catalog health")
    assert own != mallory
    body = bot.forge.issues[own]["body"].replace("[ ]", "[x]")
    bot.forge.edit(mallory, body)
    copy = bot.forge.open_issue("mallory", "copied", body, "linkcheck")
    fork = bot.forge.open_fork_pull(
        "mallory", "linkcheck/moved-links", bot.body(PULL).replace("[ ]", "[x]")
    )
    for number in list(bot.forge.issues):
        key = '<!-- linkcheck {"key":"obsolete","kind":"comment"} -->\nspoofed'
        bot.forge.comment(number, "mallory", key)
    assert bot.writes_of(3) == []
    bot.write(repositories(*ALIVE))
    bot.run(days=1)
    assert {bot.forge.issues[n]["state"] for n in (mallory, copy, fork)} == {"open"}
    assert "nothing left to propose" in bot.comments(bot.number("Update 2"))


def test_thousands_of_labelled_issues_of_others(bot: Scenario) -> None:
    bot.write(repositories(*ALIVE, *MOVED[:2]))
    for number in range(5_500):
        bot.forge.open_issue("mallory", f"issue {number}", "text", "linkcheck")
    assert not bot.run().problems
    assert bot.writes_of(1) == []
    own = bot.number("Catalog health")
    for number in range(1, 5_501):
        bot.forge.issues[number]["user"]["login"] = bot.forge.issues[own]["user"]["login"]
    assert bot.writes_of(1) == []


def test_the_boxes_and_the_label_of_a_pull_request(bot: Scenario) -> None:
    bot.write(repositories(*ALIVE, *MOVED[:2]))
    bot.run()
    number = bot.number(PULL)
    bot.forge.put({"README.md": "new"})
    base = bot.forge.refs["heads/main"]
    assert bot.writes_of(1) == []

    def parent() -> str:
        head = bot.forge.refs["heads/linkcheck/moved-links"]
        return bot.forge.commits[head].parents[0]

    def tick(name: str) -> None:
        line = f"[ ] <!-- linkcheck:{name}=moved-links"
        bot.forge.edit(number, bot.body(PULL).replace(line, line.replace("[ ]", "[x]")))

    assert parent() != base
    tick("rebase")
    bot.run()
    assert parent() == base
    assert "[x]" not in bot.body(PULL)
    assert bot.writes_of(1) == []
    # Somebody pushes: the branch is left alone, also if a rebase is wanted.
    theirs = bot.forge.push("linkcheck/moved-links", "notes.txt", "mine")
    tick("rebase")
    bot.run()
    assert bot.forge.refs["heads/linkcheck/moved-links"] == theirs
    tick("recreate")
    bot.run()
    assert bot.forge.text("notes.txt", "linkcheck/moved-links") is None
    assert "[x]" not in bot.body(PULL)
    # The label stops updates and closing.
    bot.forge.set_labels(number, "Stop-Updating")
    bot.write(repositories(*ALIVE))
    bot.run(days=1)
    assert bot.forge.issues[number]["state"] == "open"
    assert "moved0-new" in (bot.forge.text(FILE, "linkcheck/moved-links") or "")
    bot.forge.set_labels(number)
    bot.run()
    assert bot.forge.issues[number]["state"] == "closed"


def test_recreate_opens_a_closed_pull_request_again(bot: Scenario) -> None:
    bot.write(repositories(*ALIVE, *MOVED[:2]))
    bot.run()
    number = bot.number(PULL)
    bot.forge.close(number)
    assert bot.run() is not None
    assert "linkcheck/moved-links" in [p["head"]["ref"] for p in bot.forge.pulls.values()]
    line = "[ ] <!-- linkcheck:recreate=moved-links"
    bot.forge.edit(number, bot.body(PULL).replace(line, line.replace("[ ]", "[x]")))
    bot.run()
    assert [t for t in bot.titles() if t.startswith(PULL)] == ["Update 2 moved links"]
    assert bot.number(PULL) != number
    assert bot.writes_of(2) == []


# 5. True words.


def test_an_expired_ignore_is_renewed_by_moving_its_date(bot: Scenario) -> None:
    bot.write(repositories(*ALIVE, "gone"))
    bot.run()
    bot.run(days=4)
    for _ in range(4):
        bot.forge.tick(bot.number("Catalog health"), _key(bot, "Gone"))
        bot.run(days=1)
        bot.forge.merge(bot.number("Ignore"))
        bot.pull()
        bot.run(days=1)
        assert bot.titles() == []
        assert bot.writes_of(2) == []
        bot.run(days=95)
        assert "Dead link: Gone" in bot.titles()
    text = bot.forge.text(FILE) or ""
    assert text.count("rule: dead-link") == 1
    assert "not ignored any more" not in bot.body("Dead link")


def _key(bot: Scenario, name: str) -> str:
    line = next(line for line in bot.body("Catalog health").splitlines() if f"**{name}**" in line)
    return line.partition("linkcheck:ignore=")[2].partition(" ")[0]


def test_it_is_back_only_if_it_was_gone(bot: Scenario) -> None:
    with_dead(bot, "gone")
    number = bot.number("Dead link")
    bot.forge.close(number, "not_planned")
    bot.run(days=1)
    bot.run(days=95)
    assert bot.forge.issues[number]["state"] == "open"
    assert "It is back" not in bot.comments(number)
    assert "The 90 days are over" in bot.comments(number)


def test_every_row_has_a_date_and_is_listed_once(bot: Scenario) -> None:
    bot.write(repositories(*ALIVE, *MOVED, "gone", "lost") + HUBS)
    bot.run()
    bot.run(days=4)
    rows = [line for line in bot.body("Catalog health").splitlines() if "linkcheck:ignore=" in line]
    keys = [line.partition("linkcheck:ignore=")[2].partition(" ")[0] for line in rows]
    assert len(keys) == len(set(keys)) > 8
    assert all("since " in line for line in rows)
    assert "an unknown day" not in bot.body("Catalog health")
    pull = json.loads(bot.body(PULL).partition(" -->")[0].removeprefix("<!-- linkcheck "))
    assert set(pull["fingerprints"]) <= set(keys)


def test_a_pull_request_that_is_left_alone_lists_what_it_contains(bot: Scenario) -> None:
    bot.write(repositories(*ALIVE, *MOVED[:2]))
    bot.run()
    number = bot.number(PULL)
    bot.forge.push("linkcheck/moved-links", "notes.txt", "mine")
    bot.write(repositories(*ALIVE, *MOVED[:4]))
    bot.run(days=1)
    body = bot.body("Catalog health")
    assert f"Fixed by #{number} (2)" in body
    assert body.count(f"#{number} is left as it is: somebody else pushed to its branch") == 2


# 6. The smallest number of things.


def dead_titles(bot: Scenario) -> list[str]:
    return [title for title in bot.titles() if title.startswith("Dead link")]


def test_one_dead_repository_in_three_entries_is_one_issue(bot: Scenario) -> None:
    text = "".join(
        entry(name, "https://github.com/octo/gone", key=name) for name in ("gone", "alpha", "beta")
    )
    bot.write(repositories(*ALIVE) + text)
    bot.run()
    bot.run(days=4)
    assert dead_titles(bot) == ["Dead link: Gone and 2 more entries"]
    assert bot.body("Dead link").count("https://github.com/octo/gone") >= 3
    assert bot.writes_of(3) == []
    number = bot.number("Dead link")
    bot.write(repositories(*ALIVE) + text.partition("- id: beta")[0])
    bot.run(days=1)
    assert dead_titles(bot) == ["Dead link: Gone and 1 more entry"]
    assert bot.number("Dead link") == number
    bot.write(repositories(*ALIVE))
    bot.run(days=1)
    assert dead_titles(bot) == []


def test_four_files_of_one_dead_repository_are_one_issue(bot: Scenario) -> None:
    text = "".join(
        entry(f"file{n}", f"https://github.com/octo/gone/blob/main/f{n}.md") for n in range(4)
    )
    bot.write(repositories(*ALIVE) + text)
    bot.run()
    bot.run(days=4)
    assert len(dead_titles(bot)) == 1
    assert "octo/gone" in dead_titles(bot)[0]


def test_four_repositories_of_a_deleted_owner_are_one_issue(bot: Scenario) -> None:
    text = "".join(entry(f"r{n}", f"https://github.com/deleted/r{n}") for n in range(4))
    bot.write(repositories(*ALIVE) + text)
    bot.run()
    bot.run(days=4)
    assert dead_titles(bot) == ["Dead link: 4 links to github.com/deleted"]
    assert all(f"r{n}" in bot.body("Dead link") for n in range(4))


def test_two_dead_repositories_are_two_issues(bot: Scenario) -> None:
    with_dead(bot, "gone", "lost")
    assert dead_titles(bot) == ["Dead link: Gone", "Dead link: Lost"]


def test_issues_from_before_are_joined(bot: Scenario) -> None:
    """Two issues of one cause, as older versions opened them, become one."""
    text = "".join(
        entry(name, "https://github.com/octo/gone", key=name) for name in ("gone", "alpha")
    )
    bot.write(repositories(*ALIVE) + text)
    bot.run()
    bot.run(days=4)
    body = bot.body("Dead link")
    marker = json.loads(body.partition(" -->")[0].removeprefix("<!-- linkcheck "))
    one, other = marker["fingerprints"]
    first = f'<!-- linkcheck {{"key":"{one}","kind":"finding"}} -->\nold'
    bot.forge.edit(bot.number("Dead link"), first)
    login = bot.forge.issues[bot.number("Dead link")]["user"]["login"]
    second = f'<!-- linkcheck {{"key":"{other}","kind":"finding"}} -->\nold'
    extra = bot.forge.open_issue(login, "Dead link: alpha", second, "linkcheck")
    bot.run(days=1)
    assert bot.forge.issues[extra]["state"] == "closed"
    assert len(dead_titles(bot)) == 1
    assert bot.writes_of(2) == []


def test_no_dashboard_for_an_ignore(bot: Scenario) -> None:
    ignored = "  ignore:\n    - {rule: dead-link, reason: known}\n"
    bot.write(repositories(*ALIVE) + repositories("gone") + ignored)
    bot.run()
    assert bot.titles() == []
    assert bot.writes_of(3) == []


LIST = """\
# A list

## Tools

{rows}
"""


def test_the_bots_pull_requests_do_not_conflict(bot: Scenario) -> None:
    rows = []
    for name in MOVED[:4]:
        rows.append(f"- [{name.title()}](https://github.com/octo/{name}) - moved")
        rows.append(f"- [Broken {name}](htps://github.com/octo/{name}-new) - broken")
    bot.write(LIST.format(rows="\n".join(rows)), "README.md")
    bot.config = replace(Config(), run=replace(Config().run, paths=("README.md",)))
    for _ in range(8):
        bot.run(days=1)
        numbers = [n for n, p in bot.forge.pulls.items() if p["state"] == "open"]
        if not numbers:
            break
        for number in numbers:
            bot.forge.merge(number)  # a conflict raises an error
        bot.pull("README.md")
    text = bot.forge.text("README.md") or ""
    assert "htps" not in text
    assert text.count("-new)") == 8


# 7. The dashboard.


def test_a_dashboard_with_sixty_findings(tmp_path: Path) -> None:
    names = [f"model{n}" for n in range(21)]
    world = {
        **WORLD,
        "repositories": [
            {"name": "octo/catalog"},
            *({"name": f"octo/{n}-new", "previous": [f"octo/{n}"]} for n in names),
            *({"name": f"octo/kept{n}", "archived": True} for n in range(32)),
            *({"name": f"octo/{n}"} for n in ALIVE),
        ],
    }
    sandbox, bot = start_scenario(tmp_path, world)
    with sandbox:
        bot.env = {"GITHUB_RUN_ID": "4711"}
        kept = [f"kept{n}" for n in range(32)]
        bot.write(repositories(*names, *kept, *ALIVE, "gone", "lost"))
        bot.run()
        bot.write(repositories(*names, *kept, *ALIVE, "gone", "lost", "new1", "new2"))
        bot.run(days=4)
        body = bot.body("Catalog health")
        first = body.splitlines()[1]
        assert first.startswith("Last run 5 November 2026 ([log](<")
        assert "/octo/catalog/actions/runs/4711>" in first
        assert "**34 need your decision**" in first
        assert "21 fixed by 1 pull request" in first
        assert "2 waiting" in first
        rows = [line for line in body.splitlines() if line.startswith("- [ ] ")]
        decisions = body.partition("<details>")[0]
        assert [line.count("Dead link") for line in rows[:2]] == [0, 0]
        assert f"#{bot.number('Dead link: Gone')}" in rows[0]
        assert "**Gone** ([catalog/tools.yaml:" in rows[0]
        assert "#L" in rows[0]
        assert decisions.count("- [ ] ") == 34
        assert len(rows) == 57
        assert "<summary>Fixed by #1 (21)</summary>" in body
        assert "<summary>Waiting (2)</summary>" in body
        assert bot.writes_of() == []


# 8. Onboarding.


@pytest.mark.parametrize("answer", ["close", "tick"])
def test_onboarding_waits_for_an_answer(bot: Scenario, answer: str) -> None:
    bot.config = replace(Config(), forge=ForgeSettings(onboarding=True))
    bot.write(repositories(*ALIVE, *MOVED[:2]))
    bot.run()
    title = "linkcheck is set up: this is what I would do"
    assert bot.titles() == [title]
    assert [ref for ref in bot.forge.refs if "linkcheck" in ref] == []
    assert "Update 2 moved links" in bot.body("linkcheck is set up")
    assert bot.writes_of() == []
    number = bot.number(title)
    if answer == "close":
        bot.forge.close(number)
    else:
        bot.forge.tick(number, "onboarding")
    bot.run()
    assert bot.titles() == ["Update 2 moved links", "Catalog health"]
    assert bot.writes_of(3) == []


def test_onboarding_is_not_for_a_repository_that_has_the_bot(bot: Scenario) -> None:
    bot.write(repositories(*ALIVE, *MOVED[:2]))
    bot.run()
    bot.config = replace(Config(), forge=ForgeSettings(onboarding=True))
    assert bot.writes_of(2) == []


def test_the_dry_run_shows_every_text_as_it_would_be_posted(bot: Scenario) -> None:
    bot.write(repositories(*ALIVE, *MOVED[:2], "gone"))
    shown = bot.run(dry_run=True, show_bodies=True)
    assert bot.forge.writes == []
    bot.run()
    for title in ("Update 2 moved links", "Catalog health"):
        posted = bot.body(title).replace(f"#{bot.number('Update')}", "not opened yet")
        kept = [line for line in posted.splitlines()[1:] if line]
        assert all(line in shown.bodies for line in kept), title
