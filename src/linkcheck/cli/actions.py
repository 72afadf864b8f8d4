"""Inside GitHub Actions: annotations, the job summary, the step's outputs, the base of a change.

What these files are and how their text is escaped: GitHub's documentation of workflow commands and
environment files. Everything written here may hold outside text.
"""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import click

from linkcheck.model.result import RunResult
from linkcheck.report import Canvas, renderer

EVERYTHING = "none"
"""As ``--changed-since``: check everything, also where a pull request would narrow the run."""


def is_here(env: Mapping[str, str]) -> bool:
    """Whether this process is a step of a workflow."""
    return env.get("GITHUB_ACTIONS") == "true"


def echo_report(text: str) -> None:
    """Print a report with workflow commands switched off, so that nothing in it can be one."""
    token = secrets.token_hex(16)
    click.echo(f"::stop-commands::{token}")
    click.echo(text, nl=False)
    click.echo(f"::{token}::")


def tell(result: RunResult, env: Mapping[str, str], reports: Mapping[str, Path]) -> None:
    """Write annotations to standard output, the summary and the outputs to their files."""
    click.echo(renderer("github")(result, Canvas()), nl=False)
    _append(env.get("GITHUB_STEP_SUMMARY"), renderer("markdown")(result, Canvas()))
    report = reports.get("json") or next(iter(reports.values()), None)
    outputs = {
        "outcome": result.outcome.value,
        "findings": str(len(result.findings)),
        "report": str(report) if report else "",
    }
    _append(env.get("GITHUB_OUTPUT"), "".join(_output(*pair) for pair in outputs.items()))


def _output(name: str, value: str) -> str:
    """Return one output as a here-document whose end nobody can guess."""
    end = f"end_{secrets.token_hex(16)}"
    return f"{name}<<{end}\n{value}\n{end}\n"


def _append(file: str | None, text: str) -> None:
    if not file:
        return
    try:
        with Path(file).open("a", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        click.echo(f"linkcheck: {file} cannot be written: {error.strerror}", err=True)


def base_of_change(env: Mapping[str, str], root: Path) -> str | None:
    """Return the commit a pull request (or merge queue entry) is compared with, if this is one.

    ``root`` is a folder of the clone that was checked out.
    """
    event = env.get("GITHUB_EVENT_NAME")
    if not is_here(env) or event not in ("pull_request", "pull_request_target", "merge_group"):
        return None
    payload = read_event(env)
    if event == "merge_group":
        return _text_at(payload, "merge_group", "base_sha")
    from linkcheck import vcs

    merged = vcs.merged_into(root, env.get("GITHUB_SHA", ""))
    return merged or _text_at(payload, "pull_request", "base", "sha")


def read_event(env: Mapping[str, str]) -> Mapping[str, object]:
    """Return the payload of the event that started the workflow; empty when it cannot be read."""
    try:
        payload = json.loads(Path(env.get("GITHUB_EVENT_PATH", os.devnull)).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _text_at(payload: object, *keys: str) -> str | None:
    for key in keys:
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload if isinstance(payload, str) and payload else None
