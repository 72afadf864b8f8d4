"""Findings sorted by what a maintainer does about them."""

from collections.abc import Mapping
from dataclasses import dataclass

from linkcheck.model.finding import Finding, Safety
from linkcheck.model.result import RunResult
from linkcheck.report import rerun_command


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do about a number of findings."""

    key: str
    title: str
    advice: str
    """What to do, with ``{fix}`` and ``{fix_unsafe}`` for the commands that show the edits."""

    def advised(self, result: RunResult) -> str:
        """Return the advice with commands that look at what the result looked at."""
        unsafe = rerun_command(result, "fix", "--unsafe")
        return self.advice.format(fix=rerun_command(result, "fix"), fix_unsafe=unsafe)


APPLY = Action(
    "apply",
    "Apply the safe fixes",
    "These edits are certain. “{fix}” shows them as a diff; with --write it applies them.",
)
REVIEW = Action(
    "review",
    "Look over the proposed fixes",
    "Probably right, but only a person can tell. “{fix_unsafe}” shows them as a diff.",
)
REPLACE = Action(
    "replace",
    "Replace or remove what is gone",
    "The service that owns the thing says that it is not there, or not what it was.",
)
CORRECT = Action(
    "correct",
    "Correct what the entry says",
    "The thing is there, but the catalog tells something else about it than its source.",
)
MERGE = Action("merge", "Merge what stands twice", "Two places of the catalog are the same thing.")
UPSTREAM = Action(
    "upstream",
    "Ask upstream, or find the source",
    "What the catalog states, nobody who owns the thing has declared.",
)
TIDY = Action("tidy", "Tidy the ignores", "An ignore has run out, or silences nothing.")
WAIT = Action(
    "wait",
    "Wait",
    "No answer to judge by, several times by now. Nothing is called dead before it is certain.",
)
KNOW = Action(
    "know",
    "Know about it",
    "Nothing is broken; a reader of the catalog may want to know.",
)
LOOK = Action("look", "Look at the rest", "Each of these says itself what to do.")

ACTIONS = (APPLY, REVIEW, REPLACE, CORRECT, MERGE, UPSTREAM, TIDY, WAIT, KNOW, LOOK)
"""In the order in which they are worth doing."""

BY_RULE: Mapping[str, Action] = {
    "dead-link": REPLACE,
    "missing-path": REPLACE,
    "invalid-link": REPLACE,
    "moved-link": REPLACE,
    "disabled-repository": REPLACE,
    "replaced-target": REPLACE,
    "withdrawn-paper": REPLACE,
    "invalid-entry": CORRECT,
    "broken-local-link": CORRECT,
    "broken-table": CORRECT,
    "license-mismatch": CORRECT,
    "base-model-mismatch": CORRECT,
    "title-mismatch": CORRECT,
    "name-mismatch": CORRECT,
    "release-date-mismatch": CORRECT,
    "badge-mismatch": CORRECT,
    "insecure-link": CORRECT,
    "outdated-version": CORRECT,
    "published-paper": CORRECT,
    "duplicate-entry": MERGE,
    "duplicate-link": MERGE,
    "license-undeclared": UPSTREAM,
    "license-conflict": UPSTREAM,
    "missing-model-card": UPSTREAM,
    "expired-ignore": TIDY,
    "unused-ignore": TIDY,
    "unreachable-link": WAIT,
    "archived-repository": KNOW,
    "empty-repository": KNOW,
    "stale-repository": KNOW,
    "forked-repository": KNOW,
    "gated-model": KNOW,
}
"""What to do about a rule's findings where no fix is at hand; a rule not named is looked at."""


def action_for(finding: Finding) -> Action:
    """Return what to do about a finding: take its fix, else what its rule asks for."""
    if finding.fix is not None:
        return APPLY if finding.fix.safety is Safety.SAFE else REVIEW
    return BY_RULE.get(finding.rule, LOOK)
