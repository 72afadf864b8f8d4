"""Render a plan as text for ``--dry-run`` and the demo, 80 columns wide. Pure."""

import textwrap
from collections.abc import Iterable, Iterator

from linkcheck.model.action import (
    Action,
    CloseIssue,
    ClosePullRequest,
    EnsureComment,
    EnsureDashboard,
    EnsureIssue,
    EnsureLabel,
    EnsurePullRequest,
    ForgePlan,
    RemoveBranch,
)
from linkcheck.model.escape import visible_line
from linkcheck.model.wording import one_line

WIDTH = 80


def describe_plan(plan: ForgePlan) -> str:
    """Return the whole plan as text."""
    lines = ["What would be done on the forge:" if plan.actions else "Nothing to do on the forge."]
    for heading, kinds in (
        ("Pull requests", (EnsurePullRequest, ClosePullRequest, RemoveBranch)),
        ("Issues", (EnsureIssue, CloseIssue, EnsureComment)),
        ("Dashboard", (EnsureDashboard,)),
        ("Label", (EnsureLabel,)),
    ):
        chosen = [action for action in plan.actions if isinstance(action, kinds)]
        if chosen:
            lines += ["", f"  {heading}"]
            lines += [line for action in chosen for line in _lines(action)]
    if plan.notes:
        lines += ["", "  Left for now"]
        lines += [line for note in plan.notes for line in _wrapped("", note, indent=4)]
    return "\n".join(lines)


def _lines(action: Action) -> Iterator[str]:
    verb, *texts = _describe(action)
    for number, text in enumerate(texts):
        yield from _wrapped(verb if number == 0 else "", text)


def _wrapped(verb: str, text: str, indent: int = 12) -> Iterable[str]:
    start = f"    {verb:<8}" if verb else " " * indent
    return textwrap.wrap(
        one_line(visible_line(text), 2_000),
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _describe(action: Action) -> tuple[str, ...]:
    """Return a verb and one or two lines of text."""
    match action:
        case EnsureLabel():
            return "ensure", action.name
        case EnsureIssue():
            text = f"{_prefix(action.number)}{action.title}, {action.reason}"
            verb = "reopen" if action.reopen else "update"
            return "open" if action.number is None else verb, text
        case EnsureDashboard():
            verb = "reopen" if action.reopen else "update"
            text = f"{_prefix(action.number)}{action.title}"
            return "open" if action.number is None else verb, text
        case CloseIssue():
            return (
                "close",
                f"{_prefix(action.number)}as {action.state_reason.value}, {action.reason}",
            )
        case EnsureComment():
            return "comment", f"{_prefix(action.number)}once, {action.reason}"
        case EnsurePullRequest():
            files = ", ".join(file.path for file in action.files)
            verb = "open" if action.number is None else "update"
            text = f"{_prefix(action.number)}{action.title}, from {action.group.branch}"
            return verb, text, f"({action.reason}) changes {files}"
        case ClosePullRequest():
            return "close", f"{_prefix(action.number)}{action.reason}"
        case RemoveBranch():
            return "remove", f"the branch {action.name}, {action.reason}"


def _prefix(number: int | None) -> str:
    return "" if number is None else f"{number}: "
