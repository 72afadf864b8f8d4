"""The thing has moved for good, and the link still names its old address.

## What it does

Reports repositories and models that were renamed or transferred, and pages that redirect
permanently (301, 308) to another address. Not reported are temporary redirects, another spelling of
the same address, and redirects that say nothing about where the page is: to a sign-in, consent or
search page, a category, a language, a version, an address with a session or a signature, or an
address to which three or more unrelated sites redirect. A redirect that only turns `http` into
`https` is `insecure-link`; one from deep inside a site to a start page, or to an error page, is
`dead-link`.

## Why

The old address works only as long as somebody keeps the redirect, and a repository's old name can
be taken by anybody: then the link silently leads to something else.

## How to fix

Use the new address. The fix keeps the form of each link (`blob`, `raw`, a tab, a query, a
fragment), and changes the entry's badge and other spellings of the link with it.

## Fix safety

Safe where a service names the new name of its own repository, and where the page is at the same
path of the same site (`https`, `www.`, a slash, another host of the same registered domain). A
redirect to another path or another site is unsafe: only a person can tell whether it is the same
thing.
"""

from collections.abc import Iterable

from linkcheck.model.action import PullRequestGroup
from linkcheck.model.badge import is_badge
from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.finding import Confidence, Edit, Finding, Fix, Safety, Severity
from linkcheck.model.observation import Status
from linkcheck.model.redirect import DEAD_ENDS, RedirectWorth
from linkcheck.model.rule import EntryView, Example, LinkView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import Service, Target
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import describe_target, format_date, one_line, service_name
from linkcheck.rules._examples import entry, found
from linkcheck.rules._fixes import moved_url, renamed_badge, replace_url
from linkcheck.rules._links import (
    evidence_of,
    identity_change,
    is_missing_path,
    only_scheme_differs,
    redirect_of,
)


def _check(view: EntryView, context: RuleContext) -> Iterable[Finding]:
    reported: set[Target] = set()
    for link in view.all_links:
        if link.status is not Status.MOVED or identity_change(link) or is_missing_path(link):
            continue
        new = moved_url(link)
        if new is None or link.target is None or link.target in reported:
            continue
        if only_scheme_differs(link.link.url, new):
            continue
        worth = redirect_of(link)
        is_shared = new.partition("#")[0] in context.shared_destinations
        if worth in DEAD_ENDS or (link.target.service is Service.WEB and is_shared):
            continue
        reported.add(link.target)
        yield _finding(view, link, new, worth, context)


def _finding(
    view: EntryView, link: LinkView, new: str, worth: RedirectWorth, context: RuleContext
) -> Finding:
    latest, target = link.latest, link.target
    seen_on = ""
    if latest is not None and target is not None:
        seen_on = f" ({service_name(target)}, {format_date(latest.at)})"
    fix = None
    if worth is not RedirectWorth.UNRELATED:
        fix = _fix(
            view, link, context, Safety.SAFE if worth is RedirectWorth.SAFE else Safety.UNSAFE
        )
    todo = {
        RedirectWorth.SAFE: "Use that address.",
        RedirectWorth.UNSAFE: "Use that address if it is the same thing.",
    }.get(worth, "Check whether it is the same thing.")
    what = describe_target(target) if target else "link"
    return RULE.finding(
        f"The {what} has moved for good to {one_line(new)}{seen_on}. {todo}",
        entry=view.entry,
        link=link,
        confidence=Confidence.HIGH if worth is RedirectWorth.SAFE else Confidence.MEDIUM,
        evidence=evidence_of(latest),
        fix=fix,
    )


def _fix(view: EntryView, link: LinkView, context: RuleContext, safety: Safety) -> Fix | None:
    """Return the fix of all links of the entry to the same target, and of its badges."""
    edits: dict[Edit, None] = {}
    for other in view.all_links:
        if other.target == link.target and other.status is Status.MOVED:
            new = moved_url(other)
            own = replace_url(other.link, new, "") if new else None
            edits.update(dict.fromkeys(own.edits if own else ()))
    if not edits:
        return None
    for badge in view.all_links:
        if badge.link.badge or is_badge(badge.link.url):
            edit = renamed_badge(badge.link, link, context.recognize)
            if edit is not None:
                edits.setdefault(edit)
    return Fix("Use the new address", tuple(edits), safety)


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
            "A page that now wants a login",
            entry("MedBot", homepage="https://medbot.example/a"),
            {"https://medbot.example/a": found(now_at="https://medbot.example/login?next=%2Fa")},
        ),
        Example(
            "A page in the reader's language",
            entry("MedBot", homepage="https://medbot.example/a"),
            {"https://medbot.example/a": found(now_at="https://medbot.example/de/a")},
        ),
        Example(
            "An address that expires",
            entry("MedBot", data="https://medbot.example/a.zip"),
            {"https://medbot.example/a.zip": found(now_at="https://cdn.example/a.zip?Expires=3")},
        ),
        Example(
            "One address for the pages of unrelated sites",
            entry("MedBot", homepage="https://med.example/a")
            + entry("DocBot", homepage="https://doc.example/b")
            + entry("Bot", homepage="https://bot.example/c"),
            {
                "https://med.example/a": found(now_at="https://bought.example/welcome/all"),
                "https://doc.example/b": found(now_at="https://bought.example/welcome/all"),
                "https://bot.example/c": found(now_at="https://bought.example/welcome/all"),
            },
        ),
        Example(
            "A page that is at the same path of another host of its site",
            entry("MedBot", homepage="https://medbot.example/a"),
            {
                "https://medbot.example/a": found(now_at="https://docs.medbot.example/a"),
                "https://docs.medbot.example/a": found(),
            },
            finds=("moved for good to https://docs.medbot.example/a (medbot.example",),
            fixed=entry("MedBot", homepage="https://docs.medbot.example/a"),
        ),
        Example(
            "A renamed repository, with its badge",
            entry("MedBot", code=_OLD, badge="https://img.shields.io/github/stars/old-lab/medbot"),
            {_OLD: found(_RENAMED, now_at=_NEW), _NEW: found(_RENAMED)},
            finds=("The repository old-lab/medbot has moved for good",),
            fixed=entry(
                "MedBot", code=_NEW, badge="https://img.shields.io/github/stars/new-lab/medbot"
            ),
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
    ),
)
