"""A badge shows another repository than the link beside it.

## What it does

Reads from the address of a badge (stars, likes, downloads, …) which repository, model or paper it
speaks of, and reports it when the entry links to things of that kind and this is none of them. A
badge that names a repository by its former name is no mismatch. Badges are read, never fetched.

## Why

Rows are copied, and the badge of the row above stays: readers see the stars of something else.

## How to fix

Put the linked repository's name in the badge's address.

## Fix safety

Unsafe: the repository that the entry links to is put in the badge, but the link may be the one that
is wrong.
"""

from collections.abc import Iterable, Iterator, Sequence

from linkcheck.model.action import PullRequestGroup
from linkcheck.model.badge import badge_subject, is_badge
from linkcheck.model.entry import Link
from linkcheck.model.facts import ModelFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Edit, Finding, Fix, Safety, Severity
from linkcheck.model.observation import Found
from linkcheck.model.rule import (
    CatalogView,
    EntryView,
    Example,
    LinkView,
    Remedy,
    Rule,
    RuleContext,
    RuleScope,
)
from linkcheck.model.target import Target, TargetKind, display_name
from linkcheck.model.wording import describe_target, one_line
from linkcheck.rules._examples import entry


def _check(catalog: CatalogView, context: RuleContext) -> Iterable[Finding]:
    wrong = [found for view in catalog.entries for found in _mismatches(view, context)]
    wanted = {_key(subject) for _, _, subject, _ in wrong}
    owners: dict[str, list[EntryView]] = {}
    for view in catalog.entries if wanted else ():
        for link in view.all_links:
            for key in _keys(link):
                if key in wanted:
                    owners.setdefault(key, []).append(view)
    for view, badge, subject, family in wrong:
        users = [v for v in owners.get(_key(subject), ()) if v is not view]
        yield _finding(catalog, view, badge, subject, family, users)


def _mismatches(
    view: EntryView, context: RuleContext
) -> Iterator[tuple[EntryView, LinkView, Target, Sequence[LinkView]]]:
    """Yield each badge that shows no target of its entry, its subject, and the links to compare."""
    badges = [other for other in view.all_links if _is_badge(other)]
    if not badges:
        return
    candidates = [other for other in view.all_links if other.target and not _is_badge(other)]
    mine = {key for other in candidates for key in _keys(other)}
    for badge in badges:
        address = badge_subject(badge.link.url)
        subject = context.recognize(address) if address else None
        if subject is None:
            continue
        family = [other for other in candidates if _same_service(other, subject.target)]
        if family and _key(subject.target) not in mine:
            yield view, badge, subject.target, family


def _is_badge(link: LinkView) -> bool:
    return link.link.badge or is_badge(link.link.url)


def _same_service(link: LinkView, subject: Target) -> bool:
    return link.target is not None and link.target.service is subject.service


def _key(target: Target) -> str:
    """Return the identity to compare a badge and a link by: for GitHub, the repository."""
    parts = target.key.split("/")[:2] if target.kind is not TargetKind.WEB else [target.key]
    return f"{target.service}:{'/'.join(parts)}".casefold()


def _keys(link: LinkView) -> Iterable[str]:
    """Yield the identities of a link's target, under its old and its current name."""
    if _is_badge(link) or link.target is None:
        return
    yield _key(link.target)
    outcome = link.latest.outcome if link.latest else None
    if isinstance(outcome, Found):
        facts = outcome.facts
        if isinstance(facts, RepositoryFacts | ModelFacts) and facts.full_name:
            yield f"{link.target.service}:{facts.full_name}".casefold()


def _finding(
    catalog: CatalogView,
    view: EntryView,
    badge: LinkView,
    subject: Target,
    candidates: Sequence[LinkView],
    users: Sequence[EntryView],
) -> Finding:
    whose = ""
    if users:
        other = users[0].entry
        near = catalog.are_neighbors(view.entry, other)
        place = ", the entry next to it" if near else ""
        whose = f", which belongs to “{one_line(other.name)}”{place}"
    other_target = candidates[0].target
    linked = f"the {describe_target(other_target)}" if other_target else "something else"
    return RULE.finding(
        f"The badge shows the {describe_target(subject)}{whose}, but the entry links to {linked}. "
        "Put the linked one in the badge's address.",
        entry=view.entry,
        link=badge,
        confidence=Confidence.HIGH if users or len(candidates) == 1 else Confidence.MEDIUM,
        fix=_fix(badge.link, subject, candidates),
    )


def _fix(badge: Link, subject: Target, candidates: Sequence[LinkView]) -> Fix | None:
    """Return the fix that puts the linked repository into the badge, if there is only one."""
    targets = {link.target for link in candidates if link.target}
    if len(targets) != 1:
        return None
    target = targets.pop()
    if target.kind not in (TargetKind.GITHUB_REPO, TargetKind.HF_MODEL):
        return None
    old, new = display_name(subject), display_name(target)
    if badge.written.count(old) != 1 or not new:
        return None
    return Fix(
        f"Show {one_line(new)} in the badge",
        (Edit(badge.span, badge.written, badge.written.replace(old, new)),),
        Safety.UNSAFE,
    )


_CODE = "https://github.com/medbot/medbot"
_BADGE = "https://img.shields.io/github/stars/medbot/medbot"
_OTHER = "https://img.shields.io/github/stars/doctalk/doctalk"

RULE = Rule(
    name="badge-mismatch",
    severity=Severity.WARNING,
    summary="A badge shows another repository than the link beside it.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    pull_request_group=PullRequestGroup.REPAIRED,
    scope=RuleScope.CATALOG,
    check=_check,
    offline=True,
    examples=(
        Example("Its own badge", entry("MedBot", code=_CODE, badge=_BADGE)),
        Example(
            "A badge that names no repository",
            entry("MedBot", code=_CODE, badge="https://img.shields.io/badge/license-MIT-blue"),
        ),
        Example(
            "The badge of the row above",
            entry("DocTalk", code="https://github.com/doctalk/doctalk")
            + entry("MedBot", code=_CODE, badge=_OTHER),
            finds=("repository doctalk/doctalk, which belongs to “DocTalk”, the entry next to it",),
            fixed=entry("DocTalk", code="https://github.com/doctalk/doctalk")
            + entry("MedBot", code=_CODE, badge=_BADGE),
        ),
    ),
)
