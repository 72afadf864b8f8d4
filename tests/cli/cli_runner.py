"""The public command line, in a subprocess, as a user has it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


Linkcheck = Callable[..., Done]


def run_linkcheck(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Done:
    """Run ``linkcheck`` in a folder with nothing of this process's environment but the path."""
    clean = {
        name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ
    }
    done = subprocess.run(
        (sys.executable, "-m", "linkcheck", *arguments),
        cwd=cwd,
        env={**clean, "PYTHONUTF8": "1", **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)
