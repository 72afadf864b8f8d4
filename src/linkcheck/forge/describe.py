"""Render a plan as text for ``--dry-run`` and the demo, 80 columns wide. Pure."""

import textwrap
from collections.abc import Callable, Iterable, Iterator

from linkcheck.model.action import (
    Action,
    CloseIssue,
    ClosePullRequest,
    Comment,
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


def describe_actions(plan: ForgePlan) -> list[str]:
    """Return each action of a plan as one line of text."""
    return [
        one_line(visible_line(" ".join(_describe(action))), 300)
        for action in plan.actions
        if not isinstance(action, EnsureLabel)
    ]


def describe_bodies(plan: ForgePlan, finished: Callable[[EnsureDashboard], str]) -> str:
    """Return every text of a plan as it would be posted, each below a heading.

    ``finished`` returns the dashboard's text.
    """
    blocks: list[str] = []
    for action in plan.actions:
        verb, *texts = _describe(action)
        texts_by_name = {
            "comment": getattr(action, "comment", None),
            "text": finished(action)
            if isinstance(action, EnsureDashboard)
            else getattr(action, "body", None),
        }
        for name, text in texts_by_name.items():
            if text is not None:
                words = text.text if isinstance(text, Comment) else text
                heading = one_line(visible_line(f"{verb} {texts[0]} ({name})"), 200)
                blocks.append(f"\n===== {heading} =====\n{words.rstrip()}")
    return "\n".join(blocks)


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
