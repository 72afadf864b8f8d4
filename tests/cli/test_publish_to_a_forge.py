"""The installed command against the sandbox's forge: what a workflow and a maintainer see."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from linkcheck.sandbox import Sandbox
from linkcheck.sandbox.services.writable_repository import WritableRepository
from tests.app.bot_scenarios import ALIVE, FILE, MOVED, WORLD, repositories
from tests.cli.cli_runner import Linkcheck

RUN = ("run", "--issues", "--pulls", "--no-store", "--allow-private", "--no-progress")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    from linkcheck.sandbox import parse_fixtures

    with Sandbox.start(parse_fixtures(WORLD), enforce_limits=False) as started:
        yield started


@pytest.fixture
def env(sandbox: Sandbox) -> dict[str, str]:
    return {
        **sandbox.base_urls(),
        "GITHUB_TOKEN": "token",
        "GITHUB_REPOSITORY": "octo/catalog",
        "GITHUB_ACTIONS": "true",
    }


@pytest.fixture
def forge(sandbox: Sandbox, tmp_path: Path) -> WritableRepository:
    text = repositories(*MOVED[:2], *ALIVE)
    (tmp_path / "catalog").mkdir()
    (tmp_path / FILE).write_text(text)
    repository = sandbox.hosts.github.forge.open("octo/catalog", {FILE: text})
    repository.reset_write_log()
    return repository


def test_a_dry_run_with_v_prints_every_body(
    linkcheck: Linkcheck, env: dict[str, str], forge: WritableRepository
) -> None:
    done = linkcheck(*RUN, "--dry-run", "-v", env=env)
    assert done.code == 0, done.err
    assert forge.writes == []
    assert "===== open Catalog health (text) =====" in done.out
    assert '<!-- linkcheck {"' in done.out
    assert "| Moved0 | <https://github.com/octo/moved0> | <https://github.com/octo/" in done.out
    assert "===== " not in linkcheck(*RUN, "--dry-run", env=env).out


def test_another_branch_is_said(
    linkcheck: Linkcheck, env: dict[str, str], forge: WritableRepository
) -> None:
    done = linkcheck(*RUN, env={**env, "GITHUB_REF": "refs/heads/feature"})
    assert done.code == 0, done.err
    assert forge.writes == []
    assert "not the default branch main" in " ".join(done.out.split())


def test_a_refusal_is_a_warning_and_leaves_the_exit_code(
    linkcheck: Linkcheck, env: dict[str, str], forge: WritableRepository
) -> None:
    forge.actions_may_open_pulls = False
    done = linkcheck(*RUN, env=env)
    assert done.code == 0, done.err
    assert "::warning title=linkcheck::octo/catalog: open a pull request: " in done.out
    assert "::error" not in done.out


def test_onboarding_from_init_to_the_first_issue(
    linkcheck: Linkcheck, env: dict[str, str], forge: WritableRepository
) -> None:
    assert linkcheck("init", "--yes").code == 0
    done = linkcheck(*RUN, env=env)
    assert done.code == 0, done.err
    titles = [issue["title"] for issue in forge.issues.values()]
    assert titles == ["linkcheck is set up: this is what I would do"]
    assert "`linkcheck.toml`" in forge.issues[1]["body"]
    forge.tick(1, "onboarding")
    linkcheck(*RUN, env=env)
    assert [i["title"] for i in forge.issues.values() if i["state"] == "open"] == [
        "Update 2 moved links",
        "Catalog health",
    ]
