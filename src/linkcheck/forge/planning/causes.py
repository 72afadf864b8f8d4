"""Group findings by their cause: one dead repository, owner or host is one issue. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from linkcheck.model.finding import Finding
from linkcheck.model.observation import Status
from linkcheck.model.result import LinkResult, RunResult
from linkcheck.model.target import Service, Target
from linkcheck.model.url import InvalidUrlError, parse

_ANSWERED = frozenset({Status.ALIVE, Status.MOVED, Status.BLOCKED})

MIN_OF_OWNER = 3
"""Dead repositories of one owner, with none alive, that are one cause."""
MIN_OF_ONE_PLACE = 2
"""Dead files of one repository, or pages of one host, that are one cause."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings with the same cause."""

    findings: tuple[Finding, ...]
    """In the order in which they were given."""
    place: str = ""
    """The repository, owner or host of several targets; empty for a single target."""

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Fingerprints of the findings, sorted."""
        return tuple(sorted(finding.fingerprint for finding in self.findings))


def group_by_cause(findings: Iterable[Finding], result: RunResult) -> list[Cause]:
    """Return the findings by cause, in the order of each cause's first finding."""
    places = _DeadPlaces(result)
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        target = finding.target
        place = places.of(target) if target else ""
        groups[finding.rule, place or (str(target) if target else finding.fingerprint)].append(
            finding
        )
    causes = []
    for (_, key), members in groups.items():
        several = len({finding.target for finding in members}) > 1
        causes.append(Cause(tuple(members), key if several else ""))
    return causes


class _DeadPlaces:
    """The repositories, owners and hosts of which no link is alive."""

    def __init__(self, result: RunResult) -> None:
        self._dead: dict[str, set[str]] = defaultdict(set)
        self._alive: set[str] = set()
        self._dead_targets: set[Target] = set()
        for link in result.links:
            if link.target is None:
                continue
            is_dead = _is_dead(link)
            if is_dead:
                self._dead_targets.add(link.target)
            for place in _places(link.target):
                if is_dead:
                    self._dead[place.name].add(place.part)
                elif link.status in _ANSWERED or link.http_status is not None:
                    self._alive.add(place.name)

    def of(self, target: Target) -> str:
        """Return the widest dead place of a target; empty if it has none."""
        if target not in self._dead_targets:
            return ""
        for place in _places(target):
            if place.name not in self._alive and len(self._dead[place.name]) >= place.minimum:
                return place.name
        return ""


def _is_dead(link: LinkResult) -> bool:
    """Return whether a link is dead; a page with an answer says nothing about its host."""
    is_page = link.target is not None and link.target.service is Service.WEB
    return link.status is Status.DEAD and not (is_page and link.http_status is not None)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place with several targets: a repository, an owner or a host."""

    name: str
    part: str
    """What distinguishes the target within the place."""
    minimum: int
    """How many dead parts make the place one cause."""


def _places(target: Target) -> Iterator[_Place]:
    """Yield the places of a target, the widest first."""
    try:
        host = parse(target.url).host
    except InvalidUrlError:
        return
    parts = target.key.split("/")
    if target.service is Service.WEB:
        yield _Place(host, target.key, MIN_OF_ONE_PLACE)
    elif target.service in (Service.GITHUB, Service.HUGGINGFACE) and parts[0] != "gist":
        owner = f"{host}/{parts[0]}"
        yield _Place(owner, "/".join(parts[1:2]), MIN_OF_OWNER)
        if target.service is Service.GITHUB and len(parts) > 1:
            yield _Place(f"{owner}/{parts[1]}", target.key, MIN_OF_ONE_PLACE)
