"""Judging: from what was seen of a target to the status of a link. Pure; law 1 lives here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from linkcheck.model.facts import PaperFacts, PathFacts
from linkcheck.model.observation import (
    BLOCKED_REASONS,
    COUNTS_TOWARDS_DEAD,
    SKIPPED_REASONS,
    Evidence,
    Found,
    Gone,
    Observation,
    Status,
    Unknown,
)
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
) -> Status:
    """Return the status of a link to ``recognized``, given all that was seen of its target.

    ``recognize`` reads the address a thing has moved to, so that another spelling of the same
    thing is no move.
    """
    latest = evidence.latest if evidence else None
    if evidence is None or latest is None:
        return Status.SKIPPED
    match latest.outcome:
        case Found() as found:
            return _status_of_found(recognized, latest, found, recognize)
        case Gone():
            return Status.DEAD
        case Unknown(reason=reason) if reason in SKIPPED_REASONS:
            return Status.SKIPPED
        case Unknown() as unknown:
            return _status_of_unknown(evidence, unknown, history, now)


def _status_of_found(
    recognized: ParsedLink, latest: Observation, found: Found, recognize: Recognizer
) -> Status:
    repository = latest.repository
    if repository is not None and repository.blocked:
        return Status.BLOCKED
    match found.facts:
        case PathFacts(exists=False, suggested_url=str()):
            # A renamed branch: GitHub leads pages of the old one to the new (UPSTREAM 1.3).
            return Status.MOVED
        case PathFacts(exists=False):
            return Status.DEAD
        case PaperFacts(missing_versions=missing) if recognized.version in missing:
            return Status.DEAD
        case _:
            moved = found.permanent and is_relocated(recognized, found.now_at, recognize)
            return Status.MOVED if moved else Status.ALIVE


def _status_of_unknown(
    evidence: Evidence, unknown: Unknown, history: ConfirmationSettings, now: datetime
) -> Status:
    """Judge by the row of failures when the newest of them tells nothing.

    What its owner twice said to be gone, days apart, is not brought back to life by a failure to
    ask again; and what kept silent long enough is called dead, but only while it still keeps
    silent: an answer of any kind (429, 5xx) speaks against it.
    """
    if is_confirmed_gone(evidence, history, now):
        return Status.DEAD
    latest = evidence.latest
    if latest and counts_towards_dead(latest) and is_dead_by_silence(evidence, history, now):
        return Status.DEAD
    return Status.BLOCKED if unknown.reason in BLOCKED_REASONS else Status.UNREACHABLE


def is_confirmed_gone(evidence: Evidence, history: ConfirmationSettings, now: datetime) -> bool:
    """Return whether the owner said "gone" at least twice, ``confirm_gone_days`` apart.

    Only sightings since the thing was last there count.
    """
    gone = [o.at for o in evidence.failure_streak if isinstance(o.outcome, Gone) and o.at <= now]
    return len(gone) > 1 and gone[0] - gone[-1] >= timedelta(days=history.confirm_gone_days)


def is_confirmed_dead(
    recognized: ParsedLink, evidence: Evidence, history: ConfirmationSettings, now: datetime
) -> bool:
    """Return whether a dead link is dead enough to bother people with an issue.

    Silence that makes a link dead has been confirmed by its length. What is missing (gone, or a
    path or version that is not there) must have been seen missing again, ``confirm_gone_days``
    after the first time and without having been there in between.
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
    """Return whether a look failed in a way that, repeated for days, lets a link be called dead.

    Only the silence of a web page counts. One that comes from a service (GitHub, Hugging Face,
    arXiv, the DOI resolver) speaks of the service, or of a firewall before it, or of a change in
    its API, and never of one repository or paper: there the service's own word is waited for.
    """
    outcome = observation.outcome
    return (
        observation.target.service is Service.WEB
        and isinstance(outcome, Unknown)
        and outcome.reason in COUNTS_TOWARDS_DEAD
    )


def counted_failures(evidence: Evidence, now: datetime) -> tuple[Observation, ...]:
    """Return the failures since the last success that count towards dead, newest first.

    429, 5xx, DNS trouble and runs that did not ask neither count nor interrupt the row. What is
    dated after ``now`` was written under a wrong clock and does not count either.
    """
    return tuple(
        o
        for o in evidence.failure_streak
        if o.at <= now and (isinstance(o.outcome, Gone) or counts_towards_dead(o))
    )


def is_dead_by_silence(evidence: Evidence, history: ConfirmationSettings, now: datetime) -> bool:
    """Return whether ``confirm_failures`` runs over ``confirm_days`` got no answer."""
    failures = counted_failures(evidence, now)
    return len(failures) >= max(history.confirm_failures, 1) and (
        failures[0].at - failures[-1].at >= timedelta(days=history.confirm_days)
    )


def is_relocated(recognized: ParsedLink, now_at: str | None, recognize: Recognizer) -> bool:
    """Return whether ``now_at`` names another thing than the link does.

    Another spelling or another fragment is the same thing, and so is the page whose address only
    gains or loses its last slash. So is the landing page of the same site for a link to its root:
    that the front door leads to ``/en/`` is no removal.
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
    """Return whether one address is the other's landing page, or only a last slash tells them."""
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
