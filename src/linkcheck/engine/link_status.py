"""Compute the status of a link from the observations of its target. Pure.

A missing answer alone never makes a link dead: see :func:`counts_towards_dead`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from linkcheck.engine.recency import days_until_dead
from linkcheck.model.facts import PageFacts, PaperFacts, PathFacts
from linkcheck.model.observation import (
    BLOCKED_REASONS,
    COUNTS_TOWARDS_DEAD,
    SKIPPED_REASONS,
    Evidence,
    Found,
    Gone,
    GoneReason,
    Observation,
    Status,
    Unknown,
    UnknownReason,
)
from linkcheck.model.redirect import RedirectWorth, redirect_worth
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import ParsedLink, Service, TargetKind
from linkcheck.model.url import InvalidUrlError, Url, parse

Recognizer = Callable[[str], ParsedLink | None]


def link_status(
    recognized: ParsedLink,
    evidence: Evidence | None,
    history: ConfirmationSettings,
    now: datetime,
    recognize: Recognizer,
    *,
    is_recent: bool = False,
) -> Status:
    """Return the status of a link, given all observations of its target.

    ``recognize`` parses the URL that a target has moved to, so that another spelling of the same
    target is no move. ``is_recent``: the entry, or the line with the link, is so new that its DOI
    may not be registered yet.
    """
    latest = evidence.latest if evidence else None
    if evidence is None or latest is None:
        return Status.SKIPPED
    new = days_until_dead(recognized.target, history, now, is_recent=is_recent)
    match latest.outcome:
        case Found() as found:
            return _status_of_found(recognized, latest, found, recognize)
        case Gone(reason=GoneReason.NOT_FOUND) if new and not _is_gone_for(evidence, new, now):
            return Status.UNREACHABLE
        case Gone():
            return Status.DEAD
        case Unknown(reason=reason) if reason in SKIPPED_REASONS:
            return Status.SKIPPED
        case Unknown() as unknown:
            return _status_of_unknown(evidence, unknown, history, now, new)


def _status_of_found(
    recognized: ParsedLink, latest: Observation, found: Found, recognize: Recognizer
) -> Status:
    repository = latest.repository
    if repository is not None and repository.blocked:
        return Status.BLOCKED
    match found.facts:
        case PathFacts(exists=False, suggested_url=str()):
            # A renamed branch: GitHub redirects its pages to the new one.
            return Status.MOVED
        case PathFacts(exists=False):
            return Status.DEAD
        case PaperFacts(missing_versions=missing) if recognized.version in missing:
            return Status.DEAD
        case _:
            moved = found.permanent and is_relocated(recognized, found.now_at, recognize)
            if not moved and recognized.target.kind is not TargetKind.WEB:
                return Status.ALIVE
            return Status.MOVED if _is_worth_reporting(recognized, found, moved) else Status.ALIVE


def _is_worth_reporting(recognized: ParsedLink, found: Found, moved: bool) -> bool:
    """Return whether a redirect says that the thing is elsewhere, or nowhere.

    A service's own renames do. A web page's redirect may only ask for consent, choose a language
    or name a session; one to an error page counts even if it is temporary.
    """
    if recognized.target.kind is not TargetKind.WEB:
        return moved
    if found.now_at is None:
        return False
    title = found.facts.title if isinstance(found.facts, PageFacts) else None
    worth = redirect_worth(recognized.target.url, found.now_at, title)
    if worth is RedirectWorth.ERROR_PAGE:
        return True
    return moved and worth is not RedirectWorth.NOTHING


def _status_of_unknown(
    evidence: Evidence,
    unknown: Unknown,
    history: ConfirmationSettings,
    now: datetime,
    new: float,
) -> Status:
    """Return the status from earlier observations if the newest one is unknown.

    Confirmed gone stays dead although a later request failed. A web page without any answer for
    long enough is dead, unless the newest failure is an answer (429, 5xx).
    """
    if _is_gone_for(evidence, max(history.confirm_gone_days, new), now):
        return Status.DEAD
    latest = evidence.latest
    if latest and counts_towards_dead(latest) and is_dead_by_silence(evidence, history, now):
        return Status.DEAD
    return Status.BLOCKED if unknown.reason in BLOCKED_REASONS else Status.UNREACHABLE


def is_missing(evidence: Evidence | None) -> bool:
    """Return whether the service has reported the target missing since it was last found."""
    streak = evidence.failure_streak if evidence else ()
    return any(isinstance(o.outcome, Gone) for o in streak)


def is_confirmed_gone(evidence: Evidence, history: ConfirmationSettings, now: datetime) -> bool:
    """Return whether the target was gone at least twice, ``confirm_gone_days`` apart.

    Only observations since it last existed count.
    """
    return _is_gone_for(evidence, history.confirm_gone_days, now)


def _is_gone_for(evidence: Evidence, days: float, now: datetime) -> bool:
    gone = [o.at for o in evidence.failure_streak if isinstance(o.outcome, Gone) and o.at <= now]
    return len(gone) > 1 and gone[0] - gone[-1] >= timedelta(days=days)


def is_confirmed_dead(
    recognized: ParsedLink, evidence: Evidence, history: ConfirmationSettings, now: datetime
) -> bool:
    """Return whether a dead link is confirmed and may open an issue.

    Failures that make a link dead are confirmed by their duration. A missing target, path or
    version must be observed again ``confirm_gone_days`` after the first time, without existing in
    between.
    """
    missing: list[datetime] = []
    for observation in evidence.observations:
        if observation.at > now or isinstance(observation.outcome, Unknown):
            continue
        if not _is_missing(recognized, observation):
            break
        missing.append(observation.at)
    if len(missing) > 1 and missing[0] - missing[-1] >= timedelta(days=history.confirm_gone_days):
        return True
    return is_dead_by_silence(evidence, history, now)


def _is_missing(recognized: ParsedLink, observation: Observation) -> bool:
    match observation.outcome:
        case Gone():
            return True
        case Found(facts=PathFacts(exists=False)):
            return True
        case Found(facts=PaperFacts(missing_versions=missing)):
            return recognized.version in missing
        case _:
            return False


def counts_towards_dead(observation: Observation) -> bool:
    """Return whether a failure, repeated for days, can make a link dead.

    Failures of web pages count, and answers of a service that mean missing, private or disabled
    alike. Any other failing request to a service (GitHub, Hugging Face, arXiv, the DOI resolver) is
    a problem of the service, of a firewall or of its API, not of one repository or paper.
    """
    outcome = observation.outcome
    if not isinstance(outcome, Unknown) or outcome.reason not in COUNTS_TOWARDS_DEAD:
        return False
    return outcome.reason is UnknownReason.HIDDEN or observation.target.service is Service.WEB


def counted_failures(evidence: Evidence, now: datetime) -> tuple[Observation, ...]:
    """Return the failures since the last success that count towards dead, newest first.

    429, 5xx, DNS failures and runs without a request neither count nor interrupt the sequence.
    Observations dated after ``now`` come from a wrong clock and do not count either.
    """
    return tuple(
        o
        for o in evidence.failure_streak
        if o.at <= now and (isinstance(o.outcome, Gone) or counts_towards_dead(o))
    )


def is_dead_by_silence(evidence: Evidence, history: ConfirmationSettings, now: datetime) -> bool:
    """Return whether ``confirm_failures`` runs over ``confirm_days`` had no answer."""
    failures = counted_failures(evidence, now)
    return len(failures) >= max(history.confirm_failures, 1) and (
        failures[0].at - failures[-1].at >= timedelta(days=history.confirm_days)
    )


def is_relocated(recognized: ParsedLink, now_at: str | None, recognize: Recognizer) -> bool:
    """Return whether ``now_at`` is another target than the link's.

    Another spelling or fragment is the same target, and so is a web page whose path only gains or
    loses its trailing slash, or the landing page (``/en/``) of the same site for a link to its
    root.
    """
    if now_at is None:
        return False
    moved_to = recognize(now_at)
    if moved_to is None:
        return False
    if moved_to.target == recognized.target:
        return False
    if recognized.target.kind is TargetKind.WEB and moved_to.target.kind is TargetKind.WEB:
        return not _is_same_page(recognized.target.url, moved_to.target.url)
    return True


def _is_same_page(before: str, after: str) -> bool:
    """Return whether two pages are the same but for a trailing slash or the landing page."""
    try:
        old, new = parse(before), parse(after)
    except InvalidUrlError:
        return False
    if old.without_fragment == replace(new.without_fragment, path=old.path):
        return old.path.rstrip("/") == new.path.rstrip("/")
    return _is_landing_page(old, new)


def _is_landing_page(old: Url, new: Url) -> bool:
    same_site = old.host.removeprefix("www.") == new.host.removeprefix("www.")
    return (
        same_site
        and old.scheme == new.scheme
        and old.port == new.port
        and old.path == "/"
        and not old.query
        and new.path != "/"
    )
