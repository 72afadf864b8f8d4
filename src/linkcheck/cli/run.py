"""``linkcheck run``."""

import os
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkcheck.cli import github_actions
from linkcheck.cli.options import (
    CheckArguments,
    DurationType,
    Outputs,
    ShardType,
    allow_private_option,
    bind,
    color_option,
    config_option,
    fail_on_option,
    ignore_option,
    no_progress_option,
    no_store_option,
    offline_option,
    report_options,
    sandbox_option,
    select_option,
    store_option,
    verbose_option,
)
from linkcheck.cli.output import (
    print_report,
    require_folder,
    show_progress,
    wrap_lines,
    write_outputs,
)
from linkcheck.config import Config
from linkcheck.model.errors import UsageError
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.target import Service

if TYPE_CHECKING:
    from linkcheck.app import PublishOptions, PublishResult, RunOptions

_SERVICES = [service.value for service in Service]
_RERUN_OPTIONS = (
    "offline",
    "sandbox",
    "no_store",
    "allow_private",
    "store",
    "config",
    "select",
    "ignore",
)
"""Parameters with which another command checks the same as this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunArguments(CheckArguments):
    """Parameters of ``linkcheck run``."""

    format_name: str
    outputs: Outputs
    changed_since: str | None
    only: tuple[str, ...]
    skip: tuple[str, ...]
    fail_on: str | None
    max_age: timedelta | None
    shard: tuple[int, int] | None
    observed: str | None
    issues: bool
    pulls: bool
    dry_run: bool
    repo: str | None
    accept_loss: bool
    quiet: bool
    verbose: bool


@click.command("run", short_help="Check catalogs.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@report_options
@click.option(
    "--changed-since",
    metavar="REV",
    help="Report only on what the working tree adds or changes against REV.",
)
@click.option("--only", type=click.Choice(_SERVICES), multiple=True, help="Only this service.")
@click.option("--skip", type=click.Choice(_SERVICES), multiple=True, help="Not this service.")
@select_option
@ignore_option
@fail_on_option
@click.option("--max-age", type=DurationType(), help="Reuse observations younger than this.")
@offline_option
@click.option("--shard", type=ShardType(), help="Check the I-th of N parts.")
@store_option
@no_store_option
@click.option("--observed", metavar="FILE", help="Keep the facts pulled in this JSON file.")
@click.option("--issues", is_flag=True, help="Open and keep issues on the forge.")
@click.option("--pulls", is_flag=True, help="Open and keep pull requests on the forge.")
@click.option("--dry-run", is_flag=True, help="Only say what --issues and --pulls would do.")
@click.option("--repo", metavar="OWNER/NAME", help="The forge's repository; default: this one's.")
@allow_private_option
@click.option(
    "--accept-loss", is_flag=True, help="Believe that many entries really lost a fact at once."
)
@sandbox_option
@config_option
@click.option("-q", "--quiet", is_flag=True, help="Only findings at or above --fail-on.")
@verbose_option
@no_progress_option
@color_option
@bind(RunArguments)
def command(arguments: RunArguments) -> int:
    """Check catalogs (YAML, Markdown).

    Without PATH: the 'paths' of the configuration, else the folder catalog/.

    Exit code: 0 nothing to report, 1 findings, 2 usage or configuration, 3 inconclusive (our
    network or credentials failed, not the links), 130 interrupted.
    """
    from linkcheck import app

    config = arguments.read_config()
    options = _run_options(arguments, config)
    for _, file in arguments.outputs:
        require_folder(file)  # before the check, not after it
    silent = arguments.no_progress or arguments.quiet
    with show_progress(silent=silent, color=arguments.color) as progress:
        environment = app.RunEnvironment(Path.cwd(), dict(os.environ), progress=progress)
        publish = _publish_options(arguments)
        if publish.is_active:
            published = app.check_and_publish(options, publish, config, environment)
        else:
            published = app.PublishResult(app.run_check(options, config, environment))
    lowest = arguments.fail_on or config.run.fail_on
    code = published.exit_code(lowest)
    result = replace(published.result, arguments=_rerun_arguments(arguments))
    result = github_actions.with_advice(result, os.environ)
    if options.store is not None and result.outcome is RunOutcome.COMPLETE:
        app.keep_last_result(result, options.store)
    format_name = arguments.format_name
    if "html" in (format_name, *(name for name, _ in arguments.outputs)):
        result = app.with_history(result, options.store)
    if arguments.observed:
        app.write_observed(result, Path(arguments.observed))
    _write_reports(result, arguments.outputs)
    is_text = format_name == "text"
    # The other formats are read by programs, which expect no lines around them.
    with github_actions.workflow_commands_disabled() if is_text else nullcontext():
        shown = _without_minor_findings(result, lowest) if arguments.quiet else result
        print_report(format_name, shown, arguments.color, verbose=arguments.verbose)
    _print_forge_actions(published, err=not is_text)
    if github_actions.is_active(os.environ):
        github_actions.write_actions_output(
            result, code, os.environ, dict(arguments.outputs), annotate=is_text
        )
    return code


def _run_options(arguments: RunArguments, config: Config) -> "RunOptions":
    from linkcheck.app import RunOptions

    services = _chosen_services(arguments.only, arguments.skip)
    is_partial = arguments.changed_since or arguments.shard or services != frozenset(Service)
    if arguments.observed and is_partial:
        raise UsageError(
            "--observed wants the facts of the whole catalog",
            hint="Leave out --changed-since, --shard, --only and --skip",
        )
    return RunOptions(
        paths=arguments.paths,
        changed_since=_base_revision(arguments.changed_since),
        services=services,
        offline=arguments.offline,
        shard=arguments.shard,
        max_age=arguments.max_age,
        store=arguments.store_file(config),
        sandbox=arguments.sandbox,
        allow_private=arguments.allow_private,
        accept_loss=arguments.accept_loss,
    )


def _publish_options(arguments: RunArguments) -> "PublishOptions":
    from linkcheck.app import PublishOptions

    # --dry-run alone shows the plan for both.
    issues, pulls, dry_run = arguments.issues, arguments.pulls, arguments.dry_run
    return PublishOptions(
        issues=issues or (dry_run and not pulls),
        pulls=pulls or (dry_run and not issues),
        dry_run=dry_run,
        repository=arguments.repo,
        partial=bool(arguments.select or arguments.ignore),
        show_bodies=arguments.verbose,
    )


def _write_reports(result: RunResult, outputs: Outputs) -> None:
    """Write the reports; code scanning expects paths from the root of the repository."""
    for name, path in outputs:
        if name == "sarif" and github_actions.is_active(os.environ):
            rooted = github_actions.with_repository_paths(result, os.environ, Path.cwd())
            write_outputs(rooted, ((name, path),))
        else:
            write_outputs(result, ((name, path),))


def _print_forge_actions(published: "PublishResult", *, err: bool) -> None:
    """Print what was done on the forge, to standard error if standard output has the report."""
    with github_actions.workflow_commands_disabled(err=err):
        if published.summary:
            click.echo("\n" + wrap_lines("\n".join(published.summary)), err=err)
        if published.bodies:
            click.echo(published.bodies, err=err)
    with github_actions.workflow_commands_disabled(err=True):
        for problem in published.problems:
            click.echo(f"linkcheck: {problem}", err=True)
    for problem in published.problems:
        github_actions.print_warning_annotation(problem)


def _rerun_arguments(arguments: RunArguments) -> tuple[str, ...]:
    """Return the arguments with which another command checks the same as this one."""
    words: list[str] = []
    for name in _RERUN_OPTIONS:
        value = getattr(arguments, name)
        flag = "--" + name.replace("_", "-")
        if value is True:
            words.append(flag)
        elif value:
            values = (value,) if isinstance(value, str) else value
            words += (word for one in values for word in (flag, one))
    return (*words, *arguments.paths)


def _base_revision(changed_since: str | None) -> str | None:
    """Return the revision to compare with: the option's, else the base of the pull request."""
    if changed_since is not None:
        return None if changed_since == github_actions.EVERYTHING else changed_since
    base = github_actions.base_of_change(os.environ, Path.cwd())
    if base is not None:
        click.echo(
            f"linkcheck: checking what this change adds or alters against {base[:12]} "
            f"(--changed-since {github_actions.EVERYTHING} checks everything)",
            err=True,
        )
    return base


def _chosen_services(only: tuple[str, ...], skip: tuple[str, ...]) -> frozenset[Service]:
    chosen = frozenset(Service(name) for name in only or _SERVICES)
    chosen -= {Service(name) for name in skip}
    if not chosen:
        raise UsageError(
            "--only and --skip together leave nothing to check",
            hint=f"The kinds are {', '.join(_SERVICES)}",
        )
    return chosen


def _without_minor_findings(result: RunResult, fail_on: str) -> RunResult:
    from linkcheck.model.finding import Severity

    lowest = Severity.ERROR.rank if fail_on == "never" else Severity(fail_on).rank
    kept = tuple(f for f in result.findings if f.severity.rank >= lowest)
    return replace(result, findings=kept)
