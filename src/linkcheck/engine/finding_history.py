"""Compute how long a finding has existed and whether it is confirmed. Pure."""

from datetime import datetime, timedelta

from linkcheck.engine.link_status import is_confirmed_dead
from linkcheck.model.facts import PaperFacts, PathFacts
from linkcheck.model.finding import FindingHistory
from linkcheck.model.observation import Evidence, Found, Gone, Observation, Unknown
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import ParsedLink


def finding_history(
    recognized: ParsedLink, evidence: Evidence, history: ConfirmationSettings, now: datetime
) -> FindingHistory:
    """Return the history of a dead link or missing path."""
    failures: list[Observation] = []
    alive = None
    for observation in evidence.observations:
        if observation.at > now:
            continue
        if not isinstance(observation.outcome, Unknown) and not _is_missing(
            recognized, observation
        ):
            alive = observation.at
            break
        failures.append(observation)
    if not failures:
        return FindingHistory(last_seen_alive=alive)
    since = failures[-1].at
    confirmed = is_confirmed_dead(recognized, evidence, history, now)
    missing = [o.at for o in failures if _is_missing(recognized, o)]
    recheck_at = None
    if missing and not confirmed:
        recheck_at = missing[-1] + timedelta(days=history.confirm_gone_days)
    return FindingHistory(since, alive, confirmed, recheck_at)


def _is_missing(recognized: ParsedLink, observation: Observation) -> bool:
    match observation.outcome:
        case Gone() | Found(facts=PathFacts(exists=False)):
            return True
        case Found(facts=PaperFacts(missing_versions=missing)):
            return recognized.version in missing
        case _:
            return False
