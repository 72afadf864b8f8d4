"""The stated date lies before the thing existed, or far off.

## What it does

Holds the entry's `released` against the oldest date that its sources give: the first version of its
paper, the creation of its repository and of its model. Reports a date more than a year before all
of them (two years before the only one: weights are uploaded again, papers are written later), one
more than a year after all of them (two and a half for papers, which appear in print late), and one
that has not come yet. A repository alone may be years older than what it holds, and the date of a
paper's newest version is right. Dates given as a month or a year count as all of it, in any common
notation (`2023.3`, `2023年3月`, `March 2023`).

## Why

A date of the wrong year puts a system in the wrong place in every table that is sorted by time.

## How to fix

Look up the date and correct it. If the source was moved and only looks younger, add an `ignore`.

## Fix safety

There is no automatic fix: which of the dates is the release is for a person to say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from linkcheck.engine.link_status import Recognizer
from linkcheck.matching.duplicates import own_links
from linkcheck.model.dates import date_range
from linkcheck.model.entry import EntryKind
from linkcheck.model.facts import PaperFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.observation import Observation
from linkcheck.model.rule import EntryView, Example, LinkView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import describe_target, format_date, one_line
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of

_MAX_EARLY = timedelta(days=366)
_MAX_EARLY_OF_ONE = timedelta(days=730)
"""Weights are uploaded again, code is published and papers are written long after a release."""
_MAX_LATE = timedelta(days=366)
_MAX_LATE_IN_PRINT = timedelta(days=913)
_MAX_FUTURE = timedelta(days=92)
_MAX_VERSION = timedelta(days=31)
"""How far a date may lie from that of a paper's newest version."""
_HUB_EPOCH = date(2022, 3, 2)
"""The creation date that Hugging Face reports for everything older."""
_DATED_KINDS = (EntryKind.MODEL, EntryKind.PAPER, EntryKind.TOOL, None)


@dataclass(frozen=True, slots=True)
class _Source:
    """A target that dates the entry."""

    day: date
    """The first version of a paper, or the creation of a repository or model."""
    link: LinkView
    observation: Observation

    @property
    def is_repository(self) -> bool:
        """Whether it is a repository, which may be years older than what it holds."""
        return self.observation.repository is not None


def _check(view: EntryView, context: RuleContext) -> Iterable[Finding]:
    claim = view.entry.claims.released
    span = date_range(claim.value) if claim else None
    if claim is None or span is None or view.entry.kind not in _DATED_KINDS:
        return
    sources = sorted(_sources(view, context.recognize), key=lambda source: source.day)
    found = _contradiction(span, sources, view.entry.kind, context.now.date())
    if found is None or any(_is_version_date(span, source) for source in sources):
        return
    source, is_early = found
    if source.link.target is None:
        return
    what = f"the {describe_target(source.link.target)}"
    if is_early:
        verdict = f"but its oldest source, {what}, came only on {format_date(source.day)}"
    else:
        verdict = f"but {what} was there on {format_date(source.day)}"
    yield RULE.finding(
        f"The entry gives {one_line(claim.value)} as its release, {verdict} (seen on "
        f"{format_date(source.observation.at)}). Check the date.",
        span=claim.span,
        entry=view.entry,
        confidence=Confidence.MEDIUM if len(sources) > 1 else Confidence.LOW,
        evidence=evidence_of(source.observation),
    )


def _contradiction(
    span: tuple[date, date], sources: list[_Source], kind: EntryKind | None, today: date
) -> tuple[_Source, bool] | None:
    """Return the source that a date contradicts, and whether the date is too early for it."""
    if not sources:
        return None
    first, last = span
    oldest = sources[0]
    limit = _MAX_EARLY if len(sources) > 1 else _MAX_EARLY_OF_ONE
    if last < oldest.day - limit:
        return oldest, True
    dated = [source for source in sources if not source.is_repository]
    late = _MAX_LATE_IN_PRINT if kind is EntryKind.PAPER else _MAX_LATE
    if first > today + _MAX_FUTURE or (dated and first > sources[-1].day + late):
        return (dated or sources)[-1], False
    return None


def _is_version_date(span: tuple[date, date], source: _Source) -> bool:
    """Return whether a date is that of a paper's newest version."""
    paper = source.observation.paper
    if paper is None or paper.updated_at is None:
        return False
    day = paper.updated_at.date()
    return span[0] - _MAX_VERSION <= day <= span[1] + _MAX_VERSION


def _sources(view: EntryView, recognize: Recognizer) -> Iterator[_Source]:
    """Yield the publication or creation date of each of the entry's own targets."""
    for _, link in own_links(view, recognize):
        latest = link.latest
        if latest is None:
            continue
        since = None
        if latest.paper:
            since = latest.paper.published_at
        elif latest.repository and not latest.repository.fork:
            since = latest.repository.created_at
        elif latest.model:
            since = latest.model.created_at
        if since is not None and since.date() != _HUB_EPOCH:
            yield _Source(since.date(), link, latest)


_PAPER, _CODE = "https://arxiv.org/abs/2303.14070", "https://github.com/medbot/medbot"


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def _example(title: str, released: str, *finds: str, created: datetime | None = None) -> Example:
    catalog = entry("MedBot", paper=_PAPER, code=_CODE, extra=f"released: {released}")
    known = {
        _PAPER: found(PaperFacts(published_at=_day(2023, 3, 24))),
        _CODE: found(RepositoryFacts(created_at=created or _day(2023, 3, 21))),
    }
    return Example(title, catalog, known, finds)


RULE = Rule(
    name="release-date-mismatch",
    severity=Severity.INFO,
    summary="The stated date lies before the target existed, or far off.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.RELEASE_CLAIM,
    check=_check,
    examples=(
        _example("The day of the paper", "2023-03-24"),
        _example("The month", "2023-03"),
        _example("The year", "2023"),
        _example("Another notation", "2023年3月"),
        _example("The code came later", "2023-03-24", created=_day(2024, 1, 1)),
        _example("Two years before", "2021", "but its oldest source, the repository medbot/medbot"),
        _example(
            "Two years later", "2025-03-24", "the paper 2303.14070 was there on 24 March 2023"
        ),
    ),
)
