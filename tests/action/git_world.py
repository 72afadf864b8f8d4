"""Git repositories and a small world, for the tests of what runs in a CI."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "subprocess.CompletedProcess[str]"]
"""``linkcheck(folder, "run", …)``."""


def repositories() -> list[dict[str, object]]:
    """Return the world's repositories: 520 plain ones and a few with something to say."""
    common: dict[str, object] = {"license": "MIT", "stars": 5, "pushed_at": "2026-09-20T10:00:00Z"}
    return [
        *({"name": f"org{n}/quuxbot{n}", **common} for n in range(520)),
        {"name": "octo/new-name", "previous": ["octo/old-name"], **common},
        {"name": "octo/old", "archived": True, **common},
        # The one that workflows run in.
        {"name": "octo/list", **common},
        # What the starter catalog of 'linkcheck init' names.
        {"name": "Kent0n-Li/ChatDoctor", **common},
    ]


def clean_environment(**more: str) -> dict[str, str]:
    """Return this process's environment without what a CI would add, plus ``more``."""
    foreign = ("GITHUB_", "GH_", "HF_", "RUNNER_", "ACTIONS_", "INPUT_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
    return {**kept, "TERM": "dumb", "GIT_CONFIG_GLOBAL": os.devnull, **more}


class Repository:
    """A git repository in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        """Run git here and return what it prints."""
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        done = subprocess.run(
            ("git", "-C", str(self.root), *identity, "-c", "commit.gpgsign=false", *arguments),
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        """Write one file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, message: str = "change") -> str:
        """Commit everything and return the commit's id."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def entry(number: int, *, name: str = "", code: str = "", extra: str = "") -> str:
    """Return one healthy entry as YAML, or one with another name or link."""
    return (
        f"- id: entry-{number}\n"
        f"  name: {name or f'Quuxbot{number}'}\n"
        "  kind: tool\n"
        "  links:\n"
        f"    code: {code or f'https://github.com/org{number}/quuxbot{number}'}\n{extra}"
    )
