"""Runs with a forge, from the catalog's files to the issues, against one sandbox for all of it."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkcheck.app import (
    PublishOptions,
    PublishResult,
    RunEnvironment,
    RunOptions,
    check_and_publish,
    fixes_for,
    run_check,
    write_fixes,
)
from linkcheck.config import Config
from linkcheck.model.errors import UsageError
from linkcheck.model.finding import Safety
from linkcheck.model.settings import SourceSettings
from linkcheck.sandbox import Sandbox, parse_fixtures

NAMES = ("one", "two", "three", "four", "five", "six")
WORLD = {
    "repositories": [
        {"name": "octo/catalog"},
        {"name": "octo/renamed", "previous": ["octo/old"], "license": "MIT"},
        *({"name": f"octo/{name}", "license": "MIT"} for name in NAMES),
    ],
    "hubs": [{"name": "octo/lost", "license": "mit"}],
    "snapshots": {
        "https://github.com/octo/lost": "20240302101112",
    },
}
START = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)


def _entry(name: str, repository: str) -> str:
    return (
        f"- id: {name}  # kept\n  name: {name.title()}\n  kind: tool\n"
        f"  links:\n    code: https://github.com/octo/{repository}\n"
    )


CATALOG = "".join(_entry(name, name) for name in NAMES)


class Bot:
    """A maintainer's repository, and the bot on a machine that is thrown away after each run."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self.folder, self.now, self.count = sandbox, folder, START, 0
        self.forge = sandbox.hosts.github.forge.open("octo/catalog")
        self.forge.now = self.now

    def write(self, text: str) -> None:
        (self.folder / "catalog").mkdir(exist_ok=True)
        (self.folder / "catalog" / "tools.yaml").write_text(text)
        self.forge.put({"catalog/tools.yaml": text})

    @property
    def environment(self) -> RunEnvironment:
        urls = self.sandbox.base_urls()
        env = {**urls, "GITHUB_TOKEN": "token", "GITHUB_REPOSITORY": "octo/catalog"}
        return RunEnvironment(self.folder, env, now=lambda: self.now)

    def run(
        self,
        days: float = 0,
        *,
        dry_run: bool = False,
        store: Path | None = None,
        config: Config | None = None,
    ) -> PublishResult:
        self.now += timedelta(days=days)
        self.forge.now = self.now
        act = PublishOptions(issues=True, pulls=True, dry_run=dry_run, write_interval=0)
        options = RunOptions(store=store)
        return check_and_publish(options, act, config or Config(), self.environment)

    def titles(self, state: str = "open") -> list[str]:
        return [i["title"] for i in self.forge.issues.values() if i["state"] == state]


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    with Sandbox.start(parse_fixtures(WORLD), enforce_limits=False) as sandbox:
        yield Bot(sandbox, tmp_path)


def test_a_gone_link_opens_an_issue_once_confirmed_even_on_new_machines(
    bot: Bot,
) -> None:
    bot.write(CATALOG)
    bot.run()
    assert bot.titles() == []
    bot.write(CATALOG + _entry("lost", "lost"))
    bot.run(days=1)
    assert bot.titles() == ["Catalog health"]
    bot.run(days=1)
    assert bot.titles() == ["Catalog health"]
    bot.run(days=2)
    dead = [title for title in bot.titles() if title.startswith("Dead link: Lost")]
    assert len(dead) == 1
    bot.forge.reset_write_log()
    for _ in range(10):
        bot.run(days=0.02)
    assert bot.forge.writes == []
    bot.write(CATALOG)
    bot.run(days=1)
    assert bot.titles() == []


def test_a_dead_repository_written_as_an_id_gets_its_issue(bot: Bot) -> None:
    entry = "  - name: {name}\n    github_id: octo/{name}\n"
    healthy = "projects:\n" + "".join(entry.format(name=name) for name in NAMES)
    links = {"model": "huggingface_id -> https://huggingface.co/{}"}
    source = SourceSettings("catalog", preset="best-of", links=links)
    config = replace(Config(), sources=(source,))
    bot.write(healthy)
    bot.run(config=config)
    # Another entry uses the same id for a model that exists.
    model = "  - name: Model\n    huggingface_id: octo/lost\n"
    bot.write(healthy + entry.format(name="lost") + model)
    bot.run(days=1, config=config)
    assert bot.titles() == ["Catalog health"]
    bot.run(days=4, config=config)
    dead = [title for title in bot.titles() if title.startswith("Dead link")]
    assert len(dead) == 1
    issue = next(i for i in bot.forge.issues.values() if i["title"] == dead[0])
    assert "https://web.archive.org/web/20240302101112/" in issue["body"]
    bot.write(healthy + model)
    bot.run(days=1, config=config)
    assert bot.titles() == []


def _suggestion(bot: Bot) -> tuple[str, Safety, str]:
    result = run_check(RunOptions(), Config(), bot.environment)
    found = next(f for f in result.findings if f.rule == "dead-link")
    assert found.fix is not None
    return found.fix.edits[0].after, found.fix.safety, found.evidence[-1].says


def test_a_snapshot_is_suggested_for_a_dead_link(bot: Bot) -> None:
    bot.write(CATALOG + _entry("lost", "lost"))
    after, safety, says = _suggestion(bot)
    assert after == "https://web.archive.org/web/20240302101112/https://github.com/octo/lost"
    assert safety is Safety.UNSAFE
    assert "2024-03-02" in says
    safe = fixes_for(
        run_check(RunOptions(), Config(), bot.environment),
        Config(),
        bot.environment,
        unsafe=False,
    )
    assert (safe.edits, safe.unsafe_edits) == (0, 1)


def test_a_link_of_the_entry_with_the_same_name_is_suggested_first(bot: Bot) -> None:
    entry = _entry("lost", "lost") + "    model: https://huggingface.co/octo/lost\n"
    bot.write(CATALOG + entry)
    bot.sandbox.reset_counts()
    after, safety, _ = _suggestion(bot)
    assert after == "https://huggingface.co/octo/lost"
    assert safety is Safety.UNSAFE
    assert "archive.org" not in bot.sandbox.counts().by_host


def test_no_archive_request_without_dead_links(bot: Bot) -> None:
    bot.write(CATALOG)
    bot.sandbox.reset_counts()
    run_check(RunOptions(), Config(), bot.environment)
    assert "archive.org" not in bot.sandbox.counts().by_host


def test_an_issue_shows_the_suggestion(bot: Bot) -> None:
    bot.write(CATALOG + _entry("lost", "lost"))
    bot.run()
    bot.run(days=4)
    issue = next(i for i in bot.forge.issues.values() if i["title"].startswith("Dead link: Lost"))
    assert "web.archive.org/web/20240302101112" in issue["body"]
    assert "for a person to judge" in issue["body"]


def test_a_rename_becomes_a_pull_request(bot: Bot) -> None:
    bot.write(CATALOG + _entry("moved", "old"))
    acted = bot.run()
    assert acted.problems == []
    assert bot.titles() == ["Update 1 moved link", "Catalog health"]
    text = bot.forge.text("catalog/tools.yaml", "linkcheck/moved-links")
    assert text == CATALOG + _entry("moved", "renamed")
    bot.forge.reset_write_log()
    bot.run(days=0.1)
    assert bot.forge.writes == []


def test_observed_facts_are_refreshed_where_a_catalog_keeps_them(bot: Bot) -> None:
    bot.write(CATALOG)
    (bot.folder / "catalog" / "observed.json").write_text("{}\n")
    bot.forge.put({"catalog/observed.json": "{}\n"})
    bot.run()
    assert "Refresh 1 file of observed facts" in bot.titles()
    text = bot.forge.text("catalog/observed.json", "linkcheck/observed-facts") or ""
    assert '"license": "MIT"' in text
    bot.forge.reset_write_log()
    bot.run(days=0.1)
    assert bot.forge.writes == []


def test_a_ticked_box_becomes_an_ignore(bot: Bot) -> None:
    bot.write(CATALOG + _entry("moved", "old"))
    bot.run()
    board = next(i for i in bot.forge.issues.values() if i["title"] == "Catalog health")
    key = board["body"].partition("Fixed by")[2].split("linkcheck:ignore=")[1].split(" ")[0]
    bot.forge.tick(board["number"], key)
    bot.run(days=1)
    assert "Ignore 1 finding for a while" in bot.titles()
    assert "Update 1 moved link" in bot.titles("closed")
    text = bot.forge.text("catalog/tools.yaml", "linkcheck/ignores") or ""
    assert "until: 2027-01-31" in text
    bot.forge.reset_write_log()
    bot.run(days=0.1)
    assert bot.forge.writes == []


def test_the_state_is_one_commit_however_often_it_is_written(bot: Bot) -> None:
    bot.write(CATALOG)
    bot.run()
    first = bot.forge.text("state.json", "linkcheck/state")
    assert first
    assert "github-repo:octo/one" in first

    bot.write(CATALOG + _entry("lost", "lost"))
    bot.forge.reset_write_log()
    bot.run(days=9)
    second = bot.forge.text("state.json", "linkcheck/state") or ""
    assert "github-repo:octo/lost" in second
    assert len(bot.forge.history(bot.forge.refs["heads/linkcheck/state"])) == 1


def test_the_state_of_a_concurrent_run_is_merged(bot: Bot) -> None:
    bot.write(CATALOG + _entry("lost", "lost"))
    bot.run()
    branch = "heads/linkcheck/state"
    text = bot.forge.text("state.json", "linkcheck/state") or ""
    assert "github-repo:octo/lost" in text
    other = text.replace("2026-11-01T06:00", "2026-10-20T06:00")
    raced: list[str] = []

    def now() -> datetime:
        if not raced:
            raced.append(bot.forge.commit("raced", (), {"state.json": other.encode()}))
            bot.forge.set_ref(branch, raced[0])
        return bot.now

    bot.now += timedelta(days=1)
    act = PublishOptions(issues=True, pulls=True, write_interval=0)
    surroundings = replace(bot.environment, now=now)
    acted = check_and_publish(RunOptions(), act, Config(), surroundings)
    assert acted.problems == []
    written = bot.forge.text("state.json", "linkcheck/state") or ""
    assert bot.forge.refs[branch] != raced[0]
    assert "2026-10-20T06:00" in written


def test_a_run_with_changed_since_publishes_nothing(bot: Bot) -> None:
    bot.write(CATALOG)
    _git(bot.folder, "init", "-q")
    _git(bot.folder, "add", ".")
    _git(bot.folder, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "one")
    bot.write(CATALOG + _entry("lost", "lost") + _entry("moved", "old"))
    bot.forge.reset_write_log()
    act = PublishOptions(issues=True, pulls=True, write_interval=0)
    options = RunOptions(changed_since="HEAD")
    acted = check_and_publish(options, act, Config(), bot.environment)
    assert acted.result.findings
    assert bot.forge.writes == []


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(("git", "-C", str(folder), *arguments), check=True)


def test_a_forge_that_cannot_be_read_does_not_lose_the_check(bot: Bot) -> None:
    bot.write(CATALOG + _entry("moved", "old"))
    act = PublishOptions(issues=True, repository="octo/none", write_interval=0)
    acted = check_and_publish(RunOptions(), act, Config(), bot.environment)
    assert acted.result.findings
    assert "--repo" in acted.problems[0]
    assert acted.exit_code("error") == 3


def test_the_dry_run_writes_nothing_anywhere(bot: Bot) -> None:
    bot.write(CATALOG + _entry("moved", "old"))
    acted = bot.run(dry_run=True)
    assert any("Update 1 moved link" in words for words in acted.summary)
    assert bot.forge.writes == []


def test_an_inconclusive_run_touches_nothing(bot: Bot) -> None:
    from linkcheck.sandbox.faults import Fault, Kind

    bot.write(CATALOG + _entry("lost", "lost"))
    bot.run()
    bot.forge.reset_write_log()
    bot.sandbox.set_fault("api.github.com/graphql", Fault(Kind.STATUS, status=401))
    acted = bot.run(days=5)
    assert acted.exit_code("error") == 3
    assert bot.forge.writes == []


def test_errors_of_the_forge_do_not_lose_the_report(bot: Bot) -> None:
    bot.write(CATALOG + _entry("moved", "old"))
    bot.forge.granted = frozenset()
    acted = bot.run()
    assert acted.result.findings
    assert any("permission" in problem for problem in acted.problems)
    assert acted.exit_code("error") == 3


def test_a_missing_token_is_reported_before_the_check(bot: Bot) -> None:
    bot.write(CATALOG)
    act = PublishOptions(issues=True)
    with pytest.raises(UsageError, match="GITHUB_TOKEN"):
        check_and_publish(RunOptions(), act, Config(), RunEnvironment(bot.folder, {}))


def test_fix_shows_and_writes_the_edits(bot: Bot) -> None:
    bot.write(CATALOG + _entry("moved", "old"))
    result = run_check(RunOptions(), Config(), bot.environment)
    fixes = fixes_for(result, Config(), bot.environment, unsafe=False)
    assert fixes.edits == 1
    assert "+    code: https://github.com/octo/renamed" in fixes.diff
    write_fixes(fixes, bot.environment)
    again = run_check(RunOptions(), Config(), bot.environment)
    assert fixes_for(again, Config(), bot.environment, unsafe=False).changes == ()
    written = (bot.folder / "catalog" / "tools.yaml").read_text()
    assert written == CATALOG + _entry("moved", "renamed")
