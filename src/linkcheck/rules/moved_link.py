"""The thing has moved for good, and the link still names its old address.

## What it does

Reports repositories and models that were renamed or transferred, and pages that redirect
permanently (301, 308) to another address. Temporary redirects, another spelling of the same
address, and a site's front page leading to its landing page are not reported; a redirect that only
turns `http` into `https` is `insecure-link`.

## Why

The old address works only as long as somebody keeps the redirect, and a repository's old name can
be taken by anybody: then the link silently leads to something else.

## How to fix

Use the new address. The fix keeps the path inside a repository and the fragment.

## Fix safety

Safe, because the thing's own service names the new address. None is offered where the redirect
does not lead to the same thing: to a sign-in page, to an error page, to a page where the name of
the site is for sale, or from a page deep inside a site to its front page.
"""

from collections.abc import Iterable

from linkcheck.model.action import PullRequestGroup
from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.observation import Status
from linkcheck.model.rule import EntryView, Example, LinkView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import Service
from linkcheck.model.traits import EntryTrait
from linkcheck.model.url import InvalidUrlError, parse
from linkcheck.model.wording import describe_target, format_date, one_line, service_name
from linkcheck.rules._examples import entry, found
from linkcheck.rules._fixes import moved_url, replace_url
from linkcheck.rules._links import (
    evidence_of,
    identity_change,
    is_missing_path,
    only_scheme_differs,
)

_ERROR_PAGES = frozenset({"404", "404.html", "error", "error.html", "not-found", "notfound"})
_PARKING_HOSTS = (
    "afternic.com",
    "bodis.com",
    "dan.com",
    "domainmarket.com",
    "godaddy.com",
    "hugedomains.com",
    "parkingcrew.net",
    "sedo.com",
)
"""Hosts that sell expired domain names."""


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for link in view.all_links:
        if link.status is not Status.MOVED or identity_change(link) or is_missing_path(link):
            continue
        new = moved_url(link)
        if new is None or only_scheme_differs(link.link.url, new):
            continue
        finding = _finding(view, link, new)
        if finding:
            yield finding


def _finding(view: EntryView, link: LinkView, new: str) -> Finding | None:
    latest, target = link.latest, link.target
    if latest is None or target is None:
        return None
    seen_on = f"{service_name(target)}, {format_date(latest.at)}"
    unrelated = _unrelated_destination(link, new)
    if unrelated:
        verb_phrase = (
            f"now leads to {unrelated}, {one_line(new)} ({seen_on}). Find its new address."
        )
        fix = None
    else:
        verb_phrase = f"has moved for good to {one_line(new)} ({seen_on}). Use that address."
        fix = replace_url(link.link, new, "Use the new address")
    return RULE.finding(
        f"The {describe_target(target)} {verb_phrase}",
        entry=view.entry,
        link=link,
        confidence=Confidence.MEDIUM if unrelated else Confidence.HIGH,
        evidence=evidence_of(latest),
        fix=fix,
    )


def _unrelated_destination(link: LinkView, new: str) -> str | None:
    """Return a description of the new page, if it hardly is the page that was linked."""
    page = link.latest.page if link.latest else None
    if page is not None and page.login_required:
        return "a sign-in page"
    if link.target is None or link.target.service is not Service.WEB:
        return None
    try:
        before, after = parse(link.link.url), parse(new)
    except InvalidUrlError:
        return None
    if before.path != "/" and after.path == "/" and not after.query:
        return "a front page"
    if _ERROR_PAGES & set(after.segments) and not _ERROR_PAGES & set(before.segments):
        return "an error page"
    if any(after.host == seller or after.host.endswith(f".{seller}") for seller in _PARKING_HOSTS):
        return "a page that sells the name"
    return None


_OLD, _NEW = "https://github.com/old-lab/medbot", "https://github.com/new-lab/medbot"
_RENAMED = RepositoryFacts(repository_id="R_1", full_name="new-lab/medbot")

RULE = Rule(
    name="moved-link",
    severity=Severity.WARNING,
    summary="Renamed, transferred or redirected for good.",
    page=__doc__ or "",
    remedy=Remedy.REPLACE,
    pull_request_group=PullRequestGroup.MOVED,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.MOVED,
    check=_check,
    examples=(
        Example(
            "A temporary redirect",
            entry("MedBot", homepage="https://medbot.example/a"),
            {"https://medbot.example/a": found(now_at="https://medbot.example/b", permanent=False)},
        ),
        Example(
            "Another spelling of the same repository",
            entry("MedBot", code="https://github.com/New-Lab/MedBot.git"),
            {"https://github.com/New-Lab/MedBot.git": found(_RENAMED, now_at=_NEW)},
        ),
        Example(
            "A front page that leads to the landing page",
            entry("MedBot", homepage="https://medbot.example/"),
            {"https://medbot.example/": found(now_at="https://www.medbot.example/en/")},
        ),
        Example(
            "A renamed repository",
            entry("MedBot", code=_OLD),
            {_OLD: found(_RENAMED, now_at=_NEW), _NEW: found(_RENAMED)},
            finds=(
                "The repository old-lab/medbot has moved for good to https://github.com/new-lab/medbot",
            ),
            fixed=entry("MedBot", code=_NEW),
        ),
        Example(
            "A path inside a renamed repository, and a shorthand",
            entry("MedBot", data=f"{_OLD}/issues/7#note-1", code="gh:old-lab/medbot"),
            {
                f"{_OLD}/issues/7#note-1": found(now_at=_NEW),
                "gh:old-lab/medbot": found(_RENAMED, now_at=_NEW),
                f"{_NEW}/issues/7#note-1": found(),
                "gh:new-lab/medbot": found(_RENAMED),
            },
            finds=(
                "moved for good to https://github.com/new-lab/medbot/issues/7#note-1",
                "old-lab/medbot",
            ),
            fixed=entry("MedBot", data=f"{_NEW}/issues/7#note-1", code="gh:new-lab/medbot"),
        ),
        Example(
            "A page that redirects for good",
            entry("MedBot", homepage="http://medbot.example/a"),
            {
                "http://medbot.example/a": found(now_at="https://med.example/b"),
                "https://med.example/b": found(),
            },
            finds=("has moved for good to https://med.example/b (medbot.example, 15 June 2026)",),
            fixed=entry("MedBot", homepage="https://med.example/b"),
        ),
        Example(
            "A deep page that now leads to the front page",
            entry("MedBot", homepage="https://medbot.example/papers/7"),
            {"https://medbot.example/papers/7": found(now_at="https://medbot.example/")},
            finds=("now leads to a front page, https://medbot.example/",),
        ),
        Example(
            "A deep page that moved to a query of the front page",
            entry("MedBot", homepage="https://medbot.example/papers/7"),
            {
                "https://medbot.example/papers/7": found(now_at="https://medbot.example/?paper=7"),
                "https://medbot.example/?paper=7": found(),
            },
            finds=("has moved for good to https://medbot.example/?paper=7",),
            fixed=entry("MedBot", homepage="https://medbot.example/?paper=7"),
        ),
        Example(
            "A page that now leads to an error page",
            entry("MedBot", homepage="https://medbot.example/a"),
            {"https://medbot.example/a": found(now_at="https://medbot.example/404.html")},
            finds=("now leads to an error page, https://medbot.example/404.html",),
        ),
        Example(
            "A page about errors",
            entry("MedBot", homepage="https://medbot.example/error/timeouts"),
            {
                "https://medbot.example/error/timeouts": found(
                    now_at="https://medbot.example/wiki/error/timeouts"
                ),
                "https://medbot.example/wiki/error/timeouts": found(),
            },
            finds=("has moved for good to https://medbot.example/wiki/error/timeouts",),
            fixed=entry("MedBot", homepage="https://medbot.example/wiki/error/timeouts"),
        ),
        Example(
            "A site whose name is for sale",
            entry("MedBot", homepage="https://medbot.example/a"),
            {
                "https://medbot.example/a": found(
                    now_at="https://www.hugedomains.com/domain_profile.cfm?d=medbot.example"
                )
            },
            finds=("now leads to a page that sells the name",),
        ),
        Example(
            "A page that now wants a login",
            entry("MedBot", homepage="https://medbot.example/a"),
            {
                "https://medbot.example/a": found(
                    PageFacts(login_required=True), now_at="https://medbot.example/login?next=a"
                )
            },
            finds=("now leads to a sign-in page",),
        ),
    ),
)
