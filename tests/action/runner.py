"""A runner of GitHub Actions, as far as our workflows need one.

It runs the shell steps of a workflow and of composite actions with the environment, the event
payload and the environment files that a real one gives them, and reads back what they say: workflow
commands, outputs, the job summary. Other people's actions are not run; that they were called, and
with what, is kept. The package index is the one thing that is replaced: ``python -m pip`` and
``python -m venv`` only leave a note.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.action.expressions import as_text, evaluate, fill
from tests.action.git_world import clean_environment

ROOT = Path(__file__).parents[2]
OURS = re.compile(r"\./|linkcheck/linkcheck@v\d+\.\d+\.\d+")
"""How our own action is called: from this repository, or as a release from another."""


@dataclass(frozen=True, slots=True)
class Command:
    """A workflow command that the runner would obey."""

    name: str
    properties: Mapping[str, str]
    data: str


_SECOND = re.compile(r"::([A-Za-z-]+|[0-9a-f]{32})(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)")
_FIRST = re.compile(r"##\[([A-Za-z-]+)([^\]]*)\](.*)")


def commands(stream: str) -> list[Command]:
    """Return the commands in what a step printed, read as the runner reads it.

    Source: ``ActionCommand`` and ``ActionCommandManager`` of github.com/actions/runner: a line is a
    command when it begins with ``::`` (leading white space does not count) or holds ``##[``
    anywhere; between ``stop-commands`` and its token there are none.
    """
    found: list[Command] = []
    stopped: str | None = None
    for raw in re.split(r"\r\n|\n|\r", stream):
        line = raw.lstrip()
        second, first = _SECOND.fullmatch(line), _FIRST.search(line)
        if stopped is not None:
            if second and second[1] == stopped:
                stopped = None
            continue
        match = second or first
        if match is None:
            continue
        if match[1] == "stop-commands":
            stopped = match[3]
        elif not re.fullmatch(r"[0-9a-f]{32}", match[1]):
            found.append(Command(match[1], _properties(match[2] or ""), _decoded(match[3])))
    return found


def _properties(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.strip().split(",") if "=" in part)
    return {key: _decoded(value.replace("%3A", ":").replace("%2C", ",")) for key, _, value in pairs}


def _decoded(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def read_variables(text: str) -> dict[str, str]:
    """Return what an environment file sets: ``name=value`` lines and here-documents."""
    values: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, arrow, end = line.partition("<<")
        if arrow and "=" not in name:
            block = []
            for inner in lines:
                if inner == end:
                    break
                block.append(inner)
            else:
                raise ValueError(f"the here-document of {name!r} has no end")
            values[name] = "\n".join(block)
        else:
            name, equals, value = line.partition("=")
            if not equals:
                raise ValueError(f"not an environment file's line: {line!r}")
            values[name] = value
    return values


@dataclass(slots=True)
class Outcome:
    """What came of a job."""

    status: str = "success"
    exit_codes: list[int] = field(default_factory=list)
    log: str = ""
    commands: list[Command] = field(default_factory=list)
    summary: str = ""
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    """Outputs by the id of the step."""
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Other people's actions that were called, with their inputs."""
    environment: dict[str, str] = field(default_factory=dict)
    """What steps wrote into ``GITHUB_ENV`` and ``GITHUB_PATH``."""

    def annotations(self, level: str) -> list[Command]:
        """Return the annotations of a level."""
        return [command for command in self.commands if command.name == level]


@dataclass(slots=True)
class Runner:
    """One machine: the repository checked out, and a folder for everything else."""

    workspace: Path
    temp: Path
    environment: Mapping[str, str]
    token: str = "the-token"
    repository: str = "octo/list"
    packages: list[str] = field(default_factory=list)
    """What was asked of the package index."""

    def event(self, name: str, payload: Mapping[str, Any], sha: str) -> dict[str, Any]:
        """Return the ``github`` context of an event."""
        self.temp.mkdir(parents=True, exist_ok=True)
        path = self.temp / "event.json"
        path.write_text(json.dumps(payload), encoding="utf-8")
        return {
            "event_name": name,
            "event": payload,
            "event_path": str(path),
            "repository": self.repository,
            "sha": sha,
            "ref": "refs/pull/7/merge" if name == "pull_request" else "refs/heads/main",
            "ref_name": "7/merge" if name == "pull_request" else "main",
            "run_id": "1001",
            "run_attempt": "1",
            "workspace": str(self.workspace),
            "token": self.token,
        }

    def run(self, workflow: Path, github: Mapping[str, Any], job: str) -> Outcome:
        """Run one job of a workflow."""
        data = yaml.safe_load(workflow.read_text("utf-8"))
        shell = data.get("defaults", {}).get("run", {}).get("shell")
        outcome = Outcome()
        contexts = {"github": github, "runner": {"temp": str(self.temp), "os": "Linux"}}
        matrix = {"os": "ubuntu-latest", "python": "3.13"}
        contexts |= {"matrix": matrix, "secrets": {"GITHUB_TOKEN": self.token}}
        self._steps(data["jobs"][job]["steps"], contexts, outcome, shell, {})
        return outcome

    def _steps(
        self,
        steps: Sequence[Mapping[str, Any]],
        contexts: Mapping[str, Any],
        outcome: Outcome,
        shell: str | None,
        extra: Mapping[str, str],
    ) -> dict[str, dict[str, str]]:
        done: dict[str, Any] = {}
        contexts = {**contexts, "steps": done}
        for number, step in enumerate(steps):
            condition = str(step.get("if", "success()"))
            if not re.search(r"\b(always|success|failure|cancelled)\(\)", condition):
                condition = f"success() && ({condition.removeprefix('${{').removesuffix('}}')})"
            if not evaluate(condition, contexts, outcome.status):
                continue
            if "uses" in step:
                given = {k: fill(v, contexts) for k, v in step.get("with", {}).items()}
                outputs = self._use(str(step["uses"]), given, contexts, outcome)
            else:
                assert "${{" not in step["run"], "an expression in a shell line"
                outputs = self._shell(step, contexts, outcome, step.get("shell", shell), extra)
            name = str(step.get("id", f"step-{number}"))
            done[name] = {"outputs": outputs}
            outcome.outputs[name] = outputs
        return {name: step["outputs"] for name, step in done.items()}

    def _use(
        self, action: str, given: dict[str, str], contexts: Mapping[str, Any], outcome: Outcome
    ) -> dict[str, str]:
        if not OURS.fullmatch(action):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), f"{action} is not pinned"
            outcome.used.append((action.partition("@")[0], given))
            if action.startswith("actions/setup-python@"):
                return {"python-path": str(self._python(self.temp / "tools"))}
            return {}
        data = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
        unknown = set(given) - set(data["inputs"])
        assert not unknown, f"no such inputs: {unknown}"
        inputs = {
            name: given.get(name, fill(about.get("default", ""), contexts))
            for name, about in data["inputs"].items()
        }
        inside = {**contexts, "inputs": inputs}
        place = {"GITHUB_ACTION_PATH": str(ROOT)}
        done = self._steps(data["runs"]["steps"], inside, outcome, None, place)
        wrapped = {name: {"outputs": outputs} for name, outputs in done.items()}
        return {
            name: fill(about["value"], {**inside, "steps": wrapped})
            for name, about in data["outputs"].items()
        }

    def _shell(
        self,
        step: Mapping[str, Any],
        contexts: Mapping[str, Any],
        outcome: Outcome,
        shell: str | None,
        extra: Mapping[str, str],
    ) -> dict[str, str]:
        github = contexts["github"]
        folder = self.temp / f"files-{len(outcome.exit_codes)}"
        folder.mkdir(parents=True)
        files = {
            name: folder / name
            for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
        }
        for path in files.values():
            path.touch()
        script = folder / "script.sh"
        script.write_text(str(step["run"]), encoding="utf-8")
        strict = ("--noprofile", "--norc", "-eo", "pipefail") if shell == "bash" else ("-e",)
        environment = {
            **clean_environment(**self.environment),
            "PATH": f"{self._python(self.temp / 'path').parent}{os.pathsep}{os.environ['PATH']}",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_OS": "Linux",
            **{
                f"GITHUB_{key.upper()}": as_text(github[key])
                for key in ("event_name", "event_path", "repository", "sha", "ref", "ref_name")
            },
            "GITHUB_RUN_ID": github["run_id"],
            "GITHUB_WORKSPACE": github["workspace"],
            **{name: str(path) for name, path in files.items()},
            **extra,
            **{key: fill(value, contexts) for key, value in step.get("env", {}).items()},
        }
        done = subprocess.run(
            ("bash", *strict, str(script)),
            cwd=self.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        outcome.exit_codes.append(done.returncode)
        outcome.log += out + err
        outcome.commands += commands(out) + commands(err)
        outcome.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        outcome.environment |= read_variables(files["GITHUB_ENV"].read_text("utf-8"))
        for added in files["GITHUB_PATH"].read_text("utf-8").split():
            outcome.environment[f"PATH {added}"] = added
        if done.returncode:
            outcome.status = "failure"
        note = self.temp / "packages.txt"
        self.packages[:] = note.read_text().splitlines() if note.exists() else []
        return read_variables(files["GITHUB_OUTPUT"].read_text("utf-8"))

    def _python(self, folder: Path) -> Path:
        """Make a ``python`` that installs nothing, and lets linkcheck reach the sandbox."""
        folder.mkdir(parents=True, exist_ok=True)
        script = folder / "python"
        note = self.temp / "packages.txt"
        if not script.exists():
            script.write_text(
                "#!/usr/bin/env bash\n"
                f'if [[ "$1 $2" =~ ^-m\\ (pip|build)$ ]]; then echo "$*" >> "{note}"\n'
                f'elif [ "$1 $2" = "-m venv" ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"\n'
                f'elif [ "$1 $2 $3 $4" = "-P -m linkcheck run" ]; then shift 4\n'
                f'  exec "{sys.executable}" -P -m linkcheck run --allow-private "$@"\n'
                f'else exec "{sys.executable}" "$@"; fi\n',
                encoding="utf-8",
            )
            script.chmod(0o755)
        return script
