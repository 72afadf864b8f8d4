"""A repository on the sandbox's forge, for scripts with people and failures in them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from linkcheck.app import (
    PublishOptions,
    PublishResult,
    RunEnvironment,
    RunOptions,
    check_and_publish,
)
from linkcheck.config import Config
from linkcheck.forge.state_branch import parse_state
from linkcheck.sandbox import Sandbox, parse_fixtures
from linkcheck.sandbox.services.writable_repository import WritableRepository
from linkcheck.store.codec import decode

START = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
FILE = "catalog/tools.yaml"
MOVED = tuple(f"moved{n}" for n in range(6))
ALIVE = tuple(f"alive{n}" for n in range(6))
WORLD: dict[str, Any] = {
    "repositories": [
        {"name": "octo/catalog"},
        *({"name": f"octo/{name}-new", "previous": [f"octo/{name}"]} for name in MOVED),
        *({"name": f"octo/{name}"} for name in ALIVE),
    ],
    "hubs": [
        *({"name": f"octo/{name}-hub", "previous": [f"octo/{name}-old"]} for name in ALIVE[:2]),
        {"name": "octo/healthy"},
    ],
}


def entry(name: str, url: str, key: str | None = None, role: str = "code") -> str:
    """Return an entry whose name ties it to the repository."""
    return (
        f"- id: {key or name}\n  name: {name.title()}\n  aliases: [{name}-new, {name}-hub]\n"
        f"  kind: tool\n  links:\n    {role}: {url}\n"
    )


def repositories(*names: str) -> str:
    """Return one entry for each repository of octo."""
    return "".join(entry(name, f"https://github.com/octo/{name}") for name in names)


@dataclass
class Scenario:
    """A repository, and the bot on a machine that is thrown away after each run."""

    sandbox: Sandbox
    folder: Path
    now: datetime = START
    env: dict[str, str] = field(default_factory=dict)
    config: Config = field(default_factory=Config)
    issues: bool = True
    pulls: bool = True

    def __post_init__(self) -> None:
        self.forge: WritableRepository = self.sandbox.hosts.github.forge.open("octo/catalog")
        self.forge.now = self.now
        self.text = ""

    def write(self, text: str, file: str = FILE) -> None:
        """Change a file, here and on the default branch."""
        (self.folder / file).parent.mkdir(exist_ok=True)
        (self.folder / file).write_text(text)
        self.forge.put({file: text})

    def pull(self, file: str = FILE) -> None:
        """Take the file from the default branch."""
        (self.folder / file).write_text(self.forge.text(file) or "")

    @property
    def environment(self) -> RunEnvironment:
        """The environment of a run."""
        env = {**self.sandbox.base_urls(), "GITHUB_TOKEN": "token"}
        env |= {"GITHUB_REPOSITORY": "octo/catalog", **self.env}
        return RunEnvironment(self.folder, env, now=lambda: self.now)

    def run(
        self, *, days: float = 0, options: RunOptions | None = None, **publish: Any
    ) -> PublishResult:
        """Run the bot, some days after the last time."""
        self.now += timedelta(days=days)
        self.forge.now = self.now
        chosen = {"issues": self.issues, "pulls": self.pulls, "write_interval": 0, **publish}
        return check_and_publish(
            options or RunOptions(), PublishOptions(**chosen), self.config, self.environment
        )

    def writes_of(self, count: int = 10, **arguments: Any) -> list[str]:
        """Return the writes of several more runs."""
        self.forge.reset_write_log()
        for _ in range(count):
            self.run(days=0.01, **arguments)
        return list(self.forge.writes)

    def titles(self, state: str = "open") -> list[str]:
        """Return the titles of issues and pull requests, in the order of their numbers."""
        return [i["title"] for i in self.forge.issues.values() if i["state"] == state]

    def number(self, title: str) -> int:
        """Return the number of the newest issue or pull request whose title begins like this."""
        numbers = [n for n, i in self.forge.issues.items() if i["title"].startswith(title)]
        return max(numbers)

    def body(self, title: str) -> str:
        """Return the text of an issue or pull request."""
        return str(self.forge.issues[self.number(title)]["body"])

    def comments(self, number: int) -> str:
        """Return all comments on an issue or pull request."""
        return "\n".join(comment["body"] for comment in self.forge.comments[number])

    def shown(self) -> dict[str, object]:
        """Return what people see: the forge without the state branch and the dashboard's text."""
        found = self.forge.snapshot()
        branches: Any = found["branches"]
        issues: Any = found["issues"]
        return {
            "branches": {k: v for k, v in branches.items() if k != "heads/linkcheck/state"},
            "issues": {n: i for n, i in issues.items() if i[0] != "Catalog health"},
            "comments": found["comments"],
        }

    def saved_numbers(self) -> dict[str, int]:
        """Return the issue numbers on the state branch."""
        text = self.forge.text("state.json", "linkcheck/state") or ""
        return dict(parse_state(text, decode).issues)


def start_scenario(folder: Path, world: dict[str, Any] | None = None) -> tuple[Sandbox, Scenario]:
    """Return a running sandbox and the repository on it."""
    sandbox = Sandbox.start(parse_fixtures(world or WORLD), enforce_limits=False)
    return sandbox, Scenario(sandbox, folder)
