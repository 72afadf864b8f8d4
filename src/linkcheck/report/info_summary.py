"""Findings of severity ``info``, summed up per rule: they are too many to be read singly."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from linkcheck.model.finding import Finding, Safety, Severity
from linkcheck.model.result import RunResult
from linkcheck.report import rerun_command


@dataclass(frozen=True, slots=True)
class InfoSummary:
    """All findings of a rule in one line: ``COUNT × RULE: COMMAND does``."""

    rule: str
    count: int
    command: str = ""
    """The command that fixes or lists them; empty if ``text`` is the message of the only one."""
    text: str = ""
    """What the command does, or the message."""


def listed_findings(result: RunResult, *, verbose: bool = False) -> tuple[Finding, ...]:
    """Return the findings to show one by one: no ``info``, unless ``-v`` or ``--select`` asks."""
    if verbose:
        return result.findings
    selected = _selected_rules(result)
    return tuple(f for f in result.findings if not _is_summed_up(f, selected))


def sum_up_info(result: RunResult, *, verbose: bool = False) -> tuple[InfoSummary, ...]:
    """Return the summaries of the other findings, the most frequent rule first."""
    if verbose:
        return ()
    selected = _selected_rules(result)
    by_rule: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if _is_summed_up(finding, selected):
            by_rule.setdefault(finding.rule, []).append(finding)
    ranked = sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_summary(result, rule, found) for rule, found in ranked)


def _is_summed_up(finding: Finding, selected: frozenset[str]) -> bool:
    return finding.severity is Severity.INFO and finding.rule not in selected


def _selected_rules(result: RunResult) -> frozenset[str]:
    pairs = pairwise(result.arguments or ())
    return frozenset(value for option, value in pairs if option == "--select")


def _summary(result: RunResult, rule: str, found: Sequence[Finding]) -> InfoSummary:
    count = len(found)
    select = ("--select", rule)
    them = "it" if count == 1 else "them"
    if all(f.fix and f.fix.safety is Safety.SAFE for f in found):
        return InfoSummary(rule, count, rerun_command(result, "fix", *select), f"rewrites {them}")
    if all(f.fix for f in found):
        command = rerun_command(result, "fix", "--unsafe", *select)
        return InfoSummary(rule, count, command, f"rewrites {them}")
    if count == 1:
        return InfoSummary(rule, count, text=found[0].message)
    return InfoSummary(rule, count, rerun_command(result, "run", *select), f"lists {them}")
