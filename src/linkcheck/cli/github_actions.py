"""GitHub Actions: annotations, job summary, step outputs, base of a pull request.

Formats and escaping follow GitHub's documentation of workflow commands and environment files. All
text written here is untrusted.
"""

import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from linkcheck.model.finding import Finding
from linkcheck.model.result import Notice, RunResult
from linkcheck.model.source_text import Span
from linkcheck.report import OutputCapabilities, get_renderer

EVERYTHING = "none"
"""Value of ``--changed-since`` that checks everything, even in a pull request."""

_ADVICE = (
    "This step has no GitHub token: a workflow does not pass it by itself. Add to the step: "
    "env: {GITHUB_TOKEN: ${{ github.token }}}. It needs no rights; with it, fifty repositories are "
    "one request, and GitHub's answers do not run out."
)


def is_active(env: Mapping[str, str]) -> bool:
    """Return whether this process is a step of a workflow."""
    return env.get("GITHUB_ACTIONS") == "true"


@contextmanager
def workflow_commands_disabled(*, err: bool = False) -> Iterator[None]:
    """Keep printed text from being read as workflow commands; no effect outside of Actions.

    ``err``: the text goes to standard error, which the runner reads for commands too.
    """
    if not is_active(os.environ):
        yield
        return
    token = secrets.token_hex(16)
    click.echo(f"::stop-commands::{token}", err=err)
    try:
        yield
    finally:
        click.echo(f"::{token}::", err=err)


def quote_tracebacks() -> None:
    """Keep tracebacks from being read as workflow commands."""
    if not is_active(os.environ):
        return
    show = sys.excepthook

    def show_quoted(*what: Any) -> None:
        with workflow_commands_disabled(err=True):
            show(*what)

    sys.excepthook = show_quoted


def print_error_annotation(message: str) -> None:
    """Print an error as an annotation, shown at the top of the workflow run."""
    if is_active(os.environ):
        from linkcheck.report.github import workflow_command

        click.echo(workflow_command("error", "linkcheck", message))


def print_warning_annotation(message: str) -> None:
    """Print a warning as an annotation, shown at the top of the workflow run."""
    if is_active(os.environ):
        from linkcheck.report.github import workflow_command

        click.echo(workflow_command("warning", "linkcheck", message))


def with_advice(result: RunResult, env: Mapping[str, str]) -> RunResult:
    """Return the result with a notice if the step has no token."""
    if not is_active(env) or result.sandbox or env.get("GITHUB_TOKEN") or env.get("GH_TOKEN"):
        return result
    return replace(result, notices=(*result.notices, Notice(_ADVICE)))


def with_repository_paths(result: RunResult, env: Mapping[str, str], cwd: Path) -> RunResult:
    """Return the result with paths relative to the root of the repository.

    GitHub expects these in annotations and SARIF; a step may run in a subfolder.
    """
    root = env.get("GITHUB_WORKSPACE")
    if not root or cwd.resolve() == Path(root).resolve():
        return result
    below = os.path.relpath(cwd.resolve(), Path(root).resolve())

    def rooted_span(span: Span) -> Span:
        if Path(span.file).is_absolute():
            return span
        return span._replace(file=Path(os.path.normpath(Path(below, span.file))).as_posix())

    def rooted(finding: Finding) -> Finding:
        related = tuple(replace(other, span=rooted_span(other.span)) for other in finding.related)
        # The fingerprint must not depend on the working directory.
        known = finding.fingerprint
        return replace(
            finding, span=rooted_span(finding.span), related=related, known_fingerprint=known
        )

    return replace(
        result,
        findings=tuple(map(rooted, result.findings)),
        suppressed=tuple(map(rooted, result.suppressed)),
    )


def write_actions_output(
    result: RunResult,
    exit_code: int,
    env: Mapping[str, str],
    reports: Mapping[str, Path],
    *,
    annotate: bool,
) -> None:
    """Write annotations to standard output, job summary and outputs to their files.

    If the token may write checks, a pull request gets a check run with all annotations instead of
    the few that GitHub accepts from a step.
    """
    if annotate:
        shown = with_repository_paths(result, env, Path.cwd())
        if _publish_check_run(shown, exit_code, env):
            shown = replace(shown, findings=())
        click.echo(get_renderer("github")(shown, OutputCapabilities()), nl=False)
    _append(env.get("GITHUB_STEP_SUMMARY"), get_renderer("markdown")(result, OutputCapabilities()))
    report = reports.get("json") or next(iter(reports.values()), None)
    outputs = {
        "outcome": result.outcome.value,
        "findings": str(len(result.findings)),
        "report": str(report) if report else "",
    }
    _append(env.get("GITHUB_OUTPUT"), "".join(_output(*pair) for pair in outputs.items()))


def _publish_check_run(result: RunResult, exit_code: int, env: Mapping[str, str]) -> bool:
    commit = _pull_request_head(env)
    if commit is None:
        return False
    from linkcheck.app import publish_check_run

    return publish_check_run(result, exit_code, env=env, commit=commit) is None


def _pull_request_head(env: Mapping[str, str]) -> str | None:
    """Return the head commit of a pull request; ``None`` for a fork's, whose token is read-only."""
    if env.get("GITHUB_EVENT_NAME") != "pull_request":
        return None
    event = read_event(env)
    head = _text_at(event, "pull_request", "head", "repo", "full_name")
    if head is None or head != _text_at(event, "pull_request", "base", "repo", "full_name"):
        return None
    return _text_at(event, "pull_request", "head", "sha")


def _output(name: str, value: str) -> str:
    """Return one output in heredoc syntax with an unpredictable delimiter."""
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
    """Return the base commit of a pull request or merge queue entry; ``None`` for other events.

    ``root`` is a folder of the clone that was checked out.
    """
    event = env.get("GITHUB_EVENT_NAME")
    if not is_active(env) or event not in ("pull_request", "pull_request_target", "merge_group"):
        return None
    payload = read_event(env)
    if event == "merge_group":
        return _text_at(payload, "merge_group", "base_sha")
    from linkcheck import git

    merged = git.merge_first_parent(root, env.get("GITHUB_SHA", ""))
    return merged or _text_at(payload, "pull_request", "base", "sha")


def read_event(env: Mapping[str, str]) -> Mapping[str, object]:
    """Return the payload of the workflow's event; empty if it cannot be read."""
    try:
        payload = json.loads(Path(env.get("GITHUB_EVENT_PATH", os.devnull)).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _text_at(payload: object, *keys: str) -> str | None:
    for key in keys:
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload if isinstance(payload, str) and payload else None
