"""``linkcheck run``."""

import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkcheck.cli import github_actions
from linkcheck.cli.common_options import (
    allow_private_option,
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
from linkcheck.cli.options import (
    DurationType,
    ShardType,
    read_config,
    require_folder,
    terminal_capabilities,
    wrap_lines,
    write_outputs,
)
from linkcheck.config import Config
from linkcheck.model.errors import UsageError
from linkcheck.model.protocols import Progress, SilentProgress
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.target import Service
from linkcheck.report import iter_report

if TYPE_CHECKING:
    from linkcheck.app import PublishResult

_FAMILIES = [family.value for family in Service]


@click.command("run", short_help="Check catalogs.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@report_options
@click.option(
    "--changed-since",
    metavar="REV",
    help="Report only on what the working tree adds or changes against REV.",
)
@click.option("--only", type=click.Choice(_FAMILIES), multiple=True, help="Only this service.")
@click.option("--skip", type=click.Choice(_FAMILIES), multiple=True, help="Not this service.")
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
def command(
    paths: tuple[str, ...],
    format_name: str,
    outputs: tuple[tuple[str, Path], ...],
    changed_since: str | None,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    max_age: timedelta | None,
    offline: bool,
    shard: tuple[int, int] | None,
    store: str | None,
    no_store: bool,
    observed: str | None,
    issues: bool,
    pulls: bool,
    dry_run: bool,
    repo: str | None,
    allow_private: bool,
    accept_loss: bool,
    sandbox: bool,
    config: str | None,
    quiet: bool,
    verbose: bool,
    no_progress: bool,
    color: str,
) -> int:
    """Check catalogs (YAML, Markdown).

    Without PATH: the 'paths' of the configuration, else the folder catalog/.

    Exit code: 0 nothing to report, 1 findings, 2 usage or configuration, 3 inconclusive (our
    network or credentials failed, not the links), 130 interrupted.
    """
    from linkcheck import app
    from linkcheck.rules.table import validate_rule_names

    settings = with_rules(read_config(config), select, ignore)
    validate_rule_names(select, "--select")
    validate_rule_names(ignore, "--ignore")
    if observed and (changed_since or shard or _families(only, skip) != frozenset(Service)):
        raise UsageError(
            "--observed wants the facts of the whole catalog",
            hint="Leave out --changed-since, --shard, --only and --skip",
        )
    options = app.RunOptions(
        paths=paths,
        changed_since=_base(changed_since),
        families=_families(only, skip),
        offline=offline,
        shard=shard,
        max_age=max_age,
        store=None if no_store or sandbox else Path(store or settings.run.store),
        sandbox=sandbox,
        allow_private=allow_private,
        accept_loss=accept_loss,
    )
    for _, file in outputs:
        require_folder(file)  # before the work, not after it
    with show_progress(silent=no_progress or quiet, color=color) as progress:
        environment = app.RunEnvironment(Path.cwd(), dict(os.environ), progress=progress)
        acting = app.PublishOptions(
            issues=issues or (dry_run and not pulls),
            pulls=pulls or (dry_run and not issues),
            dry_run=dry_run,
            repository=repo,
            partial=bool(select or ignore),
        )
        if acting.wanted:
            acted = app.check_and_publish(options, acting, settings, environment)
        else:
            acted = app.PublishResult(app.run_check(options, settings, environment))
        result = acted.result
    lowest = fail_on or settings.run.fail_on
    code = acted.exit_code(lowest)
    flags = {
        "--offline": offline,
        "--sandbox": sandbox,
        "--no-store": no_store,
        "--allow-private": allow_private,
        "--store": store,
        "--config": config,
        "--select": select,
        "--ignore": ignore,
    }
    result = replace(result, arguments=rerun_arguments(flags, paths))
    result = github_actions.with_advice(result, os.environ)
    if options.store is not None and not sandbox and result.outcome is RunOutcome.COMPLETE:
        app.keep_last_result(result, options.store)
    if "html" in (format_name, *(name for name, _ in outputs)):
        result = app.with_history(result, options.store)
    if observed:
        app.write_observed(result, Path(observed))
    _write_reports(result, outputs)
    shown = _quietened(result, lowest) if quiet else result
    # The other formats are for files and programs, and would be spoilt by a frame around them.
    with github_actions.workflow_commands_disabled() if format_name == "text" else nullcontext():
        for piece in iter_report(format_name, shown, terminal_capabilities(color, verbose=verbose)):
            click.echo(piece, nl=False)
    print_forge_actions(acted, aside=format_name != "text")
    if github_actions.is_here(os.environ):
        github_actions.write_actions_output(
            result, code, os.environ, dict(outputs), annotate=format_name == "text"
        )
    return code


def _write_reports(result: RunResult, outputs: tuple[tuple[str, Path], ...]) -> None:
    """Write the reports; code scanning wants its paths from the repository's root."""
    for name, path in outputs:
        rooted = name == "sarif" and github_actions.is_here(os.environ)
        told = (
            github_actions.with_repository_paths(result, os.environ, Path.cwd())
            if rooted
            else result
        )
        write_outputs(told, ((name, path),))


def print_forge_actions(acted: "PublishResult", *, aside: bool) -> None:
    """Say what was done on the forge; ``aside`` keeps standard output for the report."""
    with github_actions.workflow_commands_disabled(err=aside):
        if acted.words:
            click.echo("\n" + wrap_lines("\n".join(acted.words)), err=aside)
    with github_actions.workflow_commands_disabled(err=True):
        for problem in acted.problems:
            click.echo(f"linkcheck: {problem}", err=True)
    for problem in acted.problems:
        github_actions.tell_error(problem)


def rerun_arguments(
    options: Mapping[str, bool | str | tuple[str, ...] | None], paths: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the arguments with which another command looks at the same as this one."""
    words: list[str] = []
    for name, value in options.items():
        if value is True:
            words.append(name)
        elif value:
            values = (value,) if isinstance(value, str) else value
            words += (word for one in values for word in (name, one))
    return (*words, *paths)


def _base(changed_since: str | None) -> str | None:
    """Return the revision to compare with: the option's, else the pull request's own base."""
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


def with_rules(config: Config, select: tuple[str, ...], ignore: tuple[str, ...]) -> Config:
    """Return the configuration with the rules chosen on the command line."""
    rules = config.rules
    return replace(
        config,
        rules=replace(rules, select=select or rules.select, ignore=(*rules.ignore, *ignore)),
    )


def _families(only: tuple[str, ...], skip: tuple[str, ...]) -> frozenset[Service]:
    chosen = frozenset(Service(name) for name in only or _FAMILIES)
    chosen -= {Service(name) for name in skip}
    if not chosen:
        raise UsageError(
            "--only and --skip together leave nothing to check",
            hint=f"The kinds are {', '.join(_FAMILIES)}",
        )
    return chosen


def show_progress(*, silent: bool, color: str) -> AbstractContextManager[Progress]:
    """Return a live display on standard error, or silence where nobody could see one."""
    if silent or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return nullcontext(SilentProgress())
    from linkcheck.cli.progress import live_progress

    return live_progress(color=color != "never" and not os.environ.get("NO_COLOR"))


def _quietened(result: RunResult, fail_on: str) -> RunResult:
    from linkcheck.model.finding import Severity

    lowest = Severity.ERROR.rank if fail_on == "never" else Severity(fail_on).rank
    kept = tuple(f for f in result.findings if f.severity.rank >= lowest)
    return replace(result, findings=kept)
