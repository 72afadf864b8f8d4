"""The link has not answered in several runs, but not yet for long enough to be called dead.

## What it does

Reports a link after its second run in a row without an answer to judge by: name resolution,
connection, TLS, timeouts, server errors. A link that a change under review adds is reported at
once, and so is one that answers, but not to programs.

A DOI that is not registered is reported at once if it is recent: by a date in its name, by the
entry's `released`, or because its line is less than 60 days old. DOIs are printed days before they
are registered. After 14 days it is a `dead-link`.

## Why

It may be an outage, it may be the beginning of the end; either way somebody should know. Silence
alone is no proof, so the finding is a warning and closes itself when the link answers again.

## How to fix

Open the link by hand. If it works, nothing needs to be done. If the site is gone, replace the link.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.engine.link_status import counted_failures
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.observation import (
    BLOCKED_REASONS,
    SKIPPED_REASONS,
    Gone,
    Observation,
    Status,
    Unknown,
    UnknownReason,
)
from linkcheck.model.rule import EntryView, Example, LinkView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import Target, TargetKind, display_name
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import describe_target, format_date, one_line, plural, service_name
from linkcheck.rules._examples import entry, found, gone, unknown
from linkcheck.rules._links import evidence_of


def _check(view: EntryView, context: RuleContext) -> Iterable[Finding]:
    for link in view.all_links:
        if link.latest is None or link.target is None:
            continue
        is_new = link.link in context.new_links
        if link.status is Status.UNREACHABLE and isinstance(link.latest.outcome, Gone):
            message = _too_new_message(link.target, is_new=is_new)
        elif link.status is Status.UNREACHABLE:
            unanswered = _unanswered(link)
            message = (
                _unanswered_message(link, unanswered, context)
                if is_new or len(unanswered) > 1
                else None
            )
        elif link.status is Status.BLOCKED and is_new and link.latest.repository is None:
            message = _blocked_message(link)
        else:
            message = None
        if message is None:
            continue
        yield RULE.finding(
            message,
            entry=view.entry,
            link=link,
            confidence=Confidence.LOW if is_new else Confidence.MEDIUM,
            evidence=evidence_of(link.latest),
            severity=Severity.ERROR if is_new and context.settings.strict_new_links else None,
        )


def _unanswered(link: LinkView) -> tuple[Observation, ...]:
    """Return the unanswered observations since the last success, newest first."""
    failing = link.evidence.failure_streak if link.evidence else ()
    return tuple(
        o
        for o in failing
        if isinstance(o.outcome, Unknown)
        and o.outcome.reason not in BLOCKED_REASONS | SKIPPED_REASONS
    )


def _unanswered_message(link: LinkView, row: tuple[Observation, ...], context: RuleContext) -> str:
    if link.target is None or link.latest is None or link.evidence is None:
        return "The link gave no answer. Open it by hand."
    outcome = link.latest.outcome
    detail = (outcome.detail or str(outcome.reason)) if isinstance(outcome, Unknown) else ""
    since = (
        f"in {plural(len(row), 'run')} since {format_date(row[-1].at)}"
        if len(row) > 1
        else (f"on {format_date(link.latest.at)}")
    )
    history = context.settings.history
    counted = counted_failures(link.evidence, context.now)
    end = (
        f"After {plural(history.confirm_failures, 'such run')} over "
        f"{plural(round(history.confirm_days), 'day')} it counts as dead."
        if counted
        else "Failures of this kind alone never make it dead."
    )
    return (
        f"The {describe_target(link.target)} gave no answer to judge by {since} "
        f"({one_line(detail)}). Open it by hand, and replace it if it is gone. {end}"
    )


def _too_new_message(target: Target, *, is_new: bool) -> str | None:
    """Return the message on a DOI that is not registered, or a new paper that is missing.

    A missing paper of this month is reported for a new link only: arXiv's API lacks papers for
    days.
    """
    name = one_line(display_name(target), 60)
    if target.kind is TargetKind.DOI:
        return f"The DOI {name} is not registered, perhaps not yet."
    return f"arXiv does not have {name}, perhaps not yet." if is_new else None


def _blocked_message(link: LinkView) -> str:
    target = link.target
    name = service_name(target) if target else "The host"
    return (
        f"{name} answers for {one_line(link.link.url)}, but not to programs, so the new link "
        "could not be checked. Open it by hand."
    )


_URL = "https://medbot.example/"

RULE = Rule(
    name="unreachable-link",
    severity=Severity.WARNING,
    summary="Unreachable in several runs, not yet long enough to be dead.",
    page=__doc__ or "",
    remedy=Remedy.WAIT,
    needs_confirmation=True,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.UNANSWERED,
    check=_check,
    examples=(
        Example("Failed once", entry("MedBot", homepage=_URL), {_URL: (unknown(), found(days=7))}),
        Example(
            "It answers, but not to programs",
            entry("MedBot", homepage=_URL),
            {_URL: (unknown(UnknownReason.FORBIDDEN), unknown(UnknownReason.FORBIDDEN, days=7))},
        ),
        Example(
            "Failed, worked, failed",
            entry("MedBot", homepage=_URL),
            {_URL: (unknown(), found(days=1), unknown(days=7))},
        ),
        Example(
            "Failed twice",
            entry("MedBot", homepage=_URL),
            {_URL: (unknown(detail="no answer within 20 s"), unknown(days=7), found(days=14))},
            finds=(
                "gave no answer to judge by in 2 runs since 8 June 2026 (no answer within 20 s)",
            ),
        ),
        Example(
            "A server that only ever fails",
            entry("MedBot", homepage=_URL),
            {
                _URL: (
                    unknown(UnknownReason.SERVER_ERROR, "HTTP 503"),
                    unknown(UnknownReason.SERVER_ERROR, "HTTP 503", days=7),
                )
            },
            finds=("Failures of this kind alone never make it dead.",),
        ),
        Example(
            "A DOI that was never registered",
            entry("MedBot", paper="https://doi.org/10.1000/none"),
            {"https://doi.org/10.1000/none": gone()},
        ),
        Example(
            "A DOI that may be registered soon",
            entry("MedBot", paper="https://doi.org/10.1101/2026.06.10.123456"),
            {"https://doi.org/10.1101/2026.06.10.123456": gone()},
            finds=("The DOI 10.1101/2026.06.10.123456 is not registered, perhaps not yet.",),
        ),
    ),
)
