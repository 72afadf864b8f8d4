"""The link says `http:` where `https:` serves the same.

## What it does

Reports a link over plain `http` whose target was seen to answer over `https`: the site redirects
there, or gave the same page when asked. GitHub, Hugging Face, arXiv and DOI addresses always do.

## Why

Over plain `http` anybody on the way can read and change what a reader gets.

## How to fix

Write `https:`.

## Fix safety

Safe: the `https` address was seen to serve the same thing.
"""

from collections.abc import Iterable

from linkcheck.model.action import PullRequestGroup
from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import Found, Status
from linkcheck.model.rule import EntryView, Example, LinkView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import Service
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._examples import entry, found
from linkcheck.rules._fixes import replace_url
from linkcheck.rules._links import evidence_of, identity_change, only_scheme_differs


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for link in view.all_links:
        latest = link.latest
        written = link.link.url
        if latest is None or written[:5].lower() != "http:" or not _is_served_over_https(link):
            continue
        secure = f"https:{written[5:]}"
        yield RULE.finding(
            f"The link {one_line(written)} uses plain http, and https serves the same (seen on "
            f"{format_date(latest.at)}). Write https.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(latest),
            fix=replace_url(link.link, secure, "Use https"),
        )


def _is_served_over_https(link: LinkView) -> bool:
    outcome, target = link.latest.outcome if link.latest else None, link.target
    if not isinstance(outcome, Found) or target is None or identity_change(link):
        return False
    if link.status is Status.MOVED:
        return outcome.now_at is not None and only_scheme_differs(link.link.url, outcome.now_at)
    if link.status is not Status.ALIVE:
        return False
    if target.service is not Service.WEB:
        return True
    if isinstance(outcome.facts, PageFacts) and outcome.facts.https_works:
        return True
    return (
        outcome.permanent
        and outcome.now_at is not None
        and only_scheme_differs(link.link.url, outcome.now_at)
    )


_HTTP, _HTTPS = "http://medbot.example/a", "https://medbot.example/a"

RULE = Rule(
    name="insecure-link",
    severity=Severity.INFO,
    summary="http: where https: serves the same.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    pull_request_group=PullRequestGroup.MOVED,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.PLAIN_HTTP,
    check=_check,
    examples=(
        Example("Already https", entry("MedBot", homepage=_HTTPS), {_HTTPS: found()}),
        Example(
            "The site has no https",
            entry("MedBot", homepage=_HTTP),
            {_HTTP: found(PageFacts(https_works=False))},
        ),
        Example(
            "The site redirects to https",
            entry("MedBot", homepage=_HTTP),
            {_HTTP: found(now_at=_HTTPS), _HTTPS: found()},
            finds=("The link http://medbot.example/a uses plain http",),
            fixed=entry("MedBot", homepage=_HTTPS),
        ),
        Example(
            "The site serves both",
            entry("MedBot", homepage=_HTTP),
            {_HTTP: found(PageFacts(https_works=True)), _HTTPS: found()},
            finds=("https serves the same (seen on 15 June 2026)",),
            fixed=entry("MedBot", homepage=_HTTPS),
        ),
        Example(
            "A service that always has https",
            entry("MedBot", code="http://github.com/medbot/medbot"),
            {
                "http://github.com/medbot/medbot": found(RepositoryFacts()),
                "https://github.com/medbot/medbot": found(RepositoryFacts()),
            },
            finds=("Write https",),
            fixed=entry("MedBot", code="https://github.com/medbot/medbot"),
        ),
    ),
)
