"""Results: the last one kept, saved ones read back, and the exit code they deserve."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from linkcheck.model.errors import UsageError
from linkcheck.model.result import RuleInfo, RunOutcome, RunResult


def last_result_file(store: Path) -> Path:
    """Return where the last result is kept: beside the store."""
    return store.parent / "last.json"


def keep_last_result(result: RunResult, store: Path) -> None:
    """Keep a result for ``linkcheck report``; a folder that cannot be written is no failure."""
    from linkcheck.report import save

    path = last_result_file(store)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        save("json", result, path)


def write_observed(result: RunResult, path: Path) -> None:
    """Keep the facts that a complete run pulled in a catalog's ``observed.json``.

    Counts keep their former rounded value until they leave its band, so that a refresh changes
    only lines worth reading. An inconclusive run writes nothing. Raises UsageError when the file
    cannot be written.
    """
    if result.outcome is not RunOutcome.COMPLETE:
        return
    from linkcheck.report.observed import observed_json

    try:
        previous = path.read_text(encoding="utf-8") if path.is_file() else None
        text = observed_json(result.entries, previous)
        if text != previous:
            path.write_text(text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the observed facts cannot be written: {error}",
            where=str(path),
            hint="Name a file that you may write to with --observed",
        ) from None


def load_result(text: str, where: str) -> RunResult:
    """Return the result that a saved JSON report tells of; raises UsageError if it is none."""
    from linkcheck.report.load import load

    return load(text, where)


def with_rule_pages(result: RunResult) -> RunResult:
    """Return the result with the pages of its rules, which a saved report does not carry."""
    return replace(result, rules=rule_infos()) if result.rules else result


def rule_infos() -> tuple[RuleInfo, ...]:
    """Return what a report may say about each rule."""
    from linkcheck.rules.table import all_rules

    return tuple(
        RuleInfo(rule.name, rule.severity, rule.summary, rule.page) for rule in all_rules()
    )


def exit_code(result: RunResult, fail_on: str) -> int:
    """Return the exit code that a result deserves (0, 1, 2, 3 or 130)."""
    from linkcheck.model.finding import Severity

    if result.interrupted:
        return 130
    if result.outcome is RunOutcome.INCONCLUSIVE:
        return 3
    if any(notice.defect for notice in result.notices):
        return 2
    if not result.entries and not result.links and _unreadable(result):
        return 2
    if fail_on == "never":
        return 0
    lowest = Severity(fail_on).rank
    return 1 if any(finding.severity.rank >= lowest for finding in result.findings) else 0


def _unreadable(result: RunResult) -> bool:
    """Return whether all that can be told is that the catalog could not be read."""
    return bool(result.findings) and all(f.rule == "invalid-entry" for f in result.findings)
