"""Facts about links that several rules read: evidence, repositories, changes of identity."""

from collections.abc import Iterator

from linkcheck.model.facts import PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import EvidenceItem, Found, Observation, Status
from linkcheck.model.redirect import RedirectWorth, redirect_worth
from linkcheck.model.rule import EntryView, LinkView
from linkcheck.model.target import Service, display_name
from linkcheck.model.url import InvalidUrlError, Url, parse
from linkcheck.model.wording import one_line


def evidence_of(*observations: Observation | None) -> tuple[EvidenceItem, ...]:
    """Return the evidence of the given observations, each item once."""
    return tuple(dict.fromkeys(item for o in observations if o for item in o.evidence))


def repositories(view: EntryView) -> Iterator[tuple[LinkView, Observation, RepositoryFacts]]:
    """Yield each repository an entry links to once, with the first link into it."""
    seen: set[str] = set()
    for link in view.links:
        observation = link.latest
        facts = observation.repository if observation else None
        if observation is None or facts is None or link.target is None:
            continue
        key = (facts.full_name or "/".join(link.target.key.split("/")[:2])).casefold()
        if key not in seen:
            seen.add(key)
            yield link, observation, facts


def repository_name(view: LinkView, facts: RepositoryFacts) -> str:
    """Return ``owner/name`` of a repository in its service's own spelling."""
    if facts.full_name:
        return one_line(facts.full_name)
    return one_line("/".join(display_name(view.target).split("/")[:2])) if view.target else "?"


def identity_change(view: LinkView) -> tuple[Observation, Observation] | None:
    """Return the first and the newest observation when the target's lasting id differs.

    The URL is the same, but the service reports another id: the name was taken over by another
    repository or model. ``None`` when the id is the same or not known in both.
    """
    if view.evidence is None or view.status not in (Status.ALIVE, Status.MOVED):
        return None
    known = [(o, identity) for o in view.evidence.observations if (identity := _stable_id(o))]
    if len(known) < 2 or known[0][0] is not view.latest:
        return None
    (newest, now_id), (first, then_id) = known[0], known[-1]
    return (first, newest) if now_id != then_id else None


def _stable_id(observation: Observation) -> str | None:
    """Return the id of a repository or model that survives renames, where known."""
    facts = observation.repository or observation.model
    return facts.repository_id if facts else None


def is_missing_path(view: LinkView) -> bool:
    """Return whether the repository exists and the linked path in it does not."""
    facts = view.latest.facts if view.latest else None
    return isinstance(facts, PathFacts) and not facts.exists


def redirect_of(view: LinkView) -> RedirectWorth:
    """Return what the redirect of a moved link is worth; a service's own rename is safe."""
    outcome = view.latest.outcome if view.latest else None
    if not isinstance(outcome, Found) or outcome.now_at is None or view.target is None:
        return RedirectWorth.NOTHING
    if view.target.service is not Service.WEB:
        return RedirectWorth.SAFE
    title = outcome.facts.title if isinstance(outcome.facts, PageFacts) else None
    return redirect_worth(view.target.url, outcome.now_at, title)


def only_scheme_differs(link: str, other: str) -> bool:
    """Return whether ``other`` is the ``https`` form of an ``http`` link."""
    try:
        old, new = parse(link), parse(other)
    except InvalidUrlError:
        return False
    return (old.scheme, new.scheme) == ("http", "https") and _location(old) == _location(new)


def _location(url: Url) -> tuple[object, ...]:
    return (url.host.removeprefix("www."), url.port, url.path.rstrip("/"), url.query)
