"""An exception in our own code costs the link it happened on, and is reported once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from linkcheck.app import RunEnvironment, RunOptions, exit_code
from linkcheck.app.check import run_check
from linkcheck.config import Config
from linkcheck.model.observation import Status
from linkcheck.model.result import RunResult
from linkcheck.providers import wayback
from linkcheck.providers.web import html_head
from linkcheck.sandbox import Sandbox
from linkcheck.sandbox.fixtures import Behavior, Fixtures, WebHost

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAGES = 30
WORLD = Fixtures(
    hosts=(
        *(WebHost(f"site-{n}.org", default=Behavior(title=f"Page {n}")) for n in range(PAGES)),
        WebHost("gone.org"),
    )
)
IS_ERROR_TITLE = html_head.is_error_title


def check(folder: Path, hosts: list[str]) -> RunResult:
    lines = [f"- [Entry {n}](https://{host}/page)\n" for n, host in enumerate(hosts)]
    (folder / "list.md").write_text("".join(lines))
    with Sandbox.start(WORLD) as sandbox:
        options = RunOptions(("list.md",))
        return run_check(options, Config(), RunEnvironment(folder, now=lambda: NOW), sandbox)


def test_a_page_that_cannot_be_read_costs_no_other_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_error_title(title: str | None) -> bool:
        if title in ("Page 7", "Page 8"):
            raise KeyError("charset")
        return IS_ERROR_TITLE(title)

    monkeypatch.setattr(html_head, IS_ERROR_TITLE.__name__, is_error_title)
    result = check(tmp_path, [f"site-{n}.org" for n in range(PAGES)])
    statuses = {link.url: link.status for link in result.links}
    lost = {url for url, status in statuses.items() if status is not Status.ALIVE}
    assert lost == {"https://site-7.org/page", "https://site-8.org/page"}
    (notice,) = [notice for notice in result.notices if notice.defect]
    assert "the web provider failed 2 times: KeyError: 'charset' (providers/web/" in notice.message
    assert exit_code(result, "never") == 2


def test_a_failing_archive_lookup_costs_only_the_suggestion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_arguments: object) -> None:
        raise KeyError("timestamp")

    monkeypatch.setattr(wayback, wayback.find_snapshots.__name__, fail)
    result = check(tmp_path, [*(f"site-{n}.org" for n in range(PAGES)), "gone.org"])
    assert [(finding.rule, finding.fix) for finding in result.findings] == [("dead-link", None)]
    (notice,) = [notice for notice in result.notices if notice.defect]
    assert "KeyError: 'timestamp' (" in notice.message
    assert exit_code(result, "never") == 2
