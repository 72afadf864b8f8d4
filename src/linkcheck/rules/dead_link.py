"""The link leads to something that is not there any more.

## What it does

Reports a link whose own service says that the thing is gone: a 404 or 410 from the page's site,
a repository that GitHub cannot find, a model that Hugging Face does not have, an arXiv paper or
version that does not exist, a DOI that was never registered. A link that merely fails to answer is
reported only after several runs in a row over several days (`confirm_failures`, `confirm_days`).
A page deep inside a site that permanently redirects to a start page, or redirects to an error page,
a notice of removal or a site that sells the name, is reported as a warning.

## Why

A dead link wastes every reader's time, and an entry that rests on it can no longer be checked.

## How to fix

Put the thing's new address in its place, or remove the link. If you know better, add an `ignore`
with a reason. Time-outs, rate limits and answers meant to keep programs out never make a link dead.

## Fix safety

There is no automatic fix: only a person can tell which address should stand there.
"""

from collections.abc import Iterable

from linkcheck.engine.link_status import counted_failures
from linkcheck.model.facts import ModelFacts, PageFacts, PaperFacts, PathFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.observation import Found, Gone, GoneReason, Observation, Status, UnknownReason
from linkcheck.model.redirect import RedirectWorth
from linkcheck.model.rule import EntryView, Example, LinkView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import display_name
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import describe_target, format_date, one_line, plural, service_name
from linkcheck.rules._examples import entry, found, gone, unknown
from linkcheck.rules._links import evidence_of, redirect_of


def _check(view: EntryView, context: RuleContext) -> Iterable[Finding]:
    for link in view.all_links:
        if link.status is Status.MOVED:
            yield from _dead_ends(view, link)
        if link.status is not Status.DEAD or link.latest is None:
            continue
        facts = link.latest.facts
        if isinstance(facts, PathFacts):
            continue
        yield RULE.finding(
            _message(link, link.latest, context),
            entry=view.entry,
            link=link,
            confidence=Confidence.HIGH if _gone_observation(link) else Confidence.MEDIUM,
            evidence=evidence_of(link.latest, _gone_observation(link)),
        )


def _dead_ends(view: EntryView, link: LinkView) -> Iterable[Finding]:
    """Yield the finding of a page that leads to a start page or an error page instead."""
    place = {
        RedirectWorth.START_PAGE: "a start page",
        RedirectWorth.ERROR_PAGE: "an error page",
    }.get(redirect_of(link))
    outcome = link.latest.outcome if link.latest else None
    if place is None or link.target is None or not isinstance(outcome, Found):
        return
    yield RULE.finding(
        f"The {describe_target(link.target)} now leads to {place}, "
        f"{one_line(outcome.now_at or '')}. "
        "Find its new address or remove the link.",
        entry=view.entry,
        link=link,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        evidence=evidence_of(link.latest),
    )


def _gone_observation(link: LinkView) -> Observation | None:
    failing = link.evidence.failure_streak if link.evidence else ()
    return next((o for o in failing if isinstance(o.outcome, Gone)), None)


def _message(link: LinkView, latest: Observation, context: RuleContext) -> str:
    target = link.target
    if target is None or link.evidence is None:
        return "The link is dead. Replace it or remove it."
    if isinstance(latest.outcome, Found):
        return _missing_version(link, latest)
    gone_observation = _gone_observation(link)
    if gone_observation is None or not isinstance(gone_observation.outcome, Gone):
        failures = counted_failures(link.evidence, context.now)
        return (
            f"The {describe_target(target)} has given no answer in "
            f"{plural(len(failures), 'run')}, from {format_date(failures[-1].at)} to "
            f"{format_date(failures[0].at)}, so the link counts as dead. Replace it or remove it."
        )
    how = {
        GoneReason.NOT_FOUND: "is not there",
        GoneReason.GONE: "has been removed for good",
        GoneReason.GONE_OR_PRIVATE: "is gone or has been made private",
        GoneReason.IMPOSSIBLE: "cannot exist",
    }[gone_observation.outcome.reason]
    last = link.evidence.last_found
    before = f"; it was last seen on {format_date(last.at)}" if last else ""
    return (
        f"The {describe_target(target)} {how}, says {service_name(target)} "
        f"({format_date(gone_observation.at)}{before}). Replace the link or remove it."
    )


def _missing_version(link: LinkView, latest: Observation) -> str:
    paper = latest.paper
    version = link.recognized.version if link.recognized else None
    newest = f"; the latest is {paper.latest_version}" if paper and paper.latest_version else ""
    name = display_name(link.target) if link.target else link.link.url
    return (
        f"The paper {one_line(name)} has no version {version} (arXiv, "
        f"{format_date(latest.at)}{newest}). Link to a version that exists, or to the paper "
        "without one."
    )


RULE = Rule(
    name="dead-link",
    severity=Severity.ERROR,
    summary="The thing linked to is gone.",
    page=__doc__ or "",
    remedy=Remedy.REPLACE,
    needs_confirmation=True,
    suggests_replacements=True,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.DEAD_OR_MOVED,
    check=_check,
    examples=(
        Example(
            "The repository is there",
            entry("ChatDoctor", code="https://github.com/Kent0n-Li/ChatDoctor"),
            {"https://github.com/Kent0n-Li/ChatDoctor": found(RepositoryFacts(stars=3500))},
        ),
        Example(
            "One time-out is no death",
            entry("MedBot", homepage="https://medbot.example/"),
            {"https://medbot.example/": (unknown(), found(days=7))},
        ),
        Example(
            "Limits and server errors never count, however long they last",
            entry("MedBot", homepage="https://medbot.example/"),
            {
                "https://medbot.example/": (
                    unknown(UnknownReason.RATE_LIMITED),
                    unknown(UnknownReason.SERVER_ERROR, days=10),
                    unknown(UnknownReason.DNS, days=20),
                    unknown(UnknownReason.TIMEOUT, days=30),
                )
            },
        ),
        Example(
            "An existing version of a paper",
            entry("ChatDoctor", paper="https://arxiv.org/abs/2303.14070v5"),
            {"https://arxiv.org/abs/2303.14070v5": found(PaperFacts(latest_version=5))},
        ),
        Example(
            "Its own service says that it is gone",
            entry("ChatDoctor", code="https://github.com/Kent0n-Li/ChatDoctor"),
            {"https://github.com/Kent0n-Li/ChatDoctor": (gone(), found(ModelFacts(), days=7))},
            finds=("is not there, says GitHub (15 June 2026; it was last seen on 8 June 2026)",),
        ),
        Example(
            "A model that is gone or private",
            entry("MedBot", model="hf:medbot/medbot-7b"),
            {"hf:medbot/medbot-7b": gone(GoneReason.GONE_OR_PRIVATE)},
            finds=("The model medbot/medbot-7b is gone or has been made private",),
        ),
        Example(
            "Silent in three runs over a week",
            entry("MedBot", homepage="https://medbot.example/"),
            {
                "https://medbot.example/": (
                    unknown(),
                    unknown(UnknownReason.SERVER_ERROR, days=1),
                    unknown(days=4),
                    unknown(days=8),
                    found(PageFacts(), days=15),
                )
            },
            finds=(
                "The page https://medbot.example/ has given no answer in 3 runs, from 7 June 2026",
            ),
        ),
        Example(
            "A page deep inside a site that leads to its start page",
            entry("MedBot", homepage="https://medbot.example/papers/7"),
            {"https://medbot.example/papers/7": found(now_at="https://medbot.example/")},
            finds=("now leads to a start page, https://medbot.example/",),
        ),
        Example(
            "A page that leads to an error page",
            entry("MedBot", homepage="https://medbot.example/a"),
            {"https://medbot.example/a": found(now_at="https://medbot.example/page-removed")},
            finds=("now leads to an error page",),
        ),
        Example(
            "A version that arXiv does not have",
            entry("ChatDoctor", paper="https://arxiv.org/abs/2303.14070v9"),
            {
                "https://arxiv.org/abs/2303.14070v9": found(
                    PaperFacts(latest_version=5, missing_versions=(9,))
                )
            },
            finds=("The paper 2303.14070 has no version 9 (arXiv, 15 June 2026; the latest is 5)",),
        ),
    ),
)
