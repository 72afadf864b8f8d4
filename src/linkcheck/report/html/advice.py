"""Findings sorted by what a maintainer does about them."""

from dataclasses import dataclass

from linkcheck.model.finding import Finding, Safety
from linkcheck.model.result import RunResult
from linkcheck.model.rule import Remedy, RuleInfo
from linkcheck.report import rerun_command


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do about a number of findings."""

    key: str
    title: str
    text: str
    """What to do, with ``{fix}`` and ``{fix_unsafe}`` for the commands that show the edits."""

    def with_commands(self, result: RunResult) -> str:
        """Return the advice with commands that look at what the result looked at."""
        unsafe = rerun_command(result, "fix", "--unsafe")
        return self.text.format(fix=rerun_command(result, "fix"), fix_unsafe=unsafe)


APPLY = Advice(
    "apply",
    "Apply the safe fixes",
    "These edits are certain. “{fix}” shows them as a diff; with --write it applies them.",
)
REVIEW = Advice(
    "review",
    "Look over the proposed fixes",
    "Probably right, but only a person can tell. “{fix_unsafe}” shows them as a diff.",
)
REPLACE = Advice(
    Remedy.REPLACE,
    "Replace or remove what is gone",
    "The service that owns the thing says that it is not there, or not what it was.",
)
CORRECT = Advice(
    Remedy.CORRECT,
    "Correct what the entry says",
    "The thing is there, but the catalog tells something else about it than its source.",
)
MERGE = Advice(
    Remedy.MERGE, "Merge what stands twice", "Two places of the catalog are the same thing."
)
UPSTREAM = Advice(
    Remedy.UPSTREAM,
    "Ask upstream, or find the source",
    "What the catalog states, nobody who owns the thing has declared.",
)
TIDY = Advice(Remedy.TIDY, "Tidy the ignores", "An ignore has run out, or silences nothing.")
WAIT = Advice(
    Remedy.WAIT,
    "Wait",
    "No answer to judge by, several times by now. Nothing is called dead before it is certain.",
)
KNOW = Advice(
    Remedy.KNOW,
    "Know about it",
    "Nothing is broken; a reader of the catalog may want to know.",
)
LOOK = Advice(Remedy.OTHER, "Look at the rest", "Each of these says itself what to do.")

ALL_ADVICE = (APPLY, REVIEW, REPLACE, CORRECT, MERGE, UPSTREAM, TIDY, WAIT, KNOW, LOOK)
"""In the order in which they are worth doing."""

_BY_KEY = {action.key: action for action in ALL_ADVICE}


def advice_for(finding: Finding, rule: RuleInfo) -> Advice:
    """Return the action for a finding: apply its fix, or else the remedy of its rule."""
    if finding.fix is not None:
        return APPLY if finding.fix.safety is Safety.SAFE else REVIEW
    return _BY_KEY[rule.remedy]
