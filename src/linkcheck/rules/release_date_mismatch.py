"""The stated date lies before the thing existed, or far off.

## What it does

Holds the entry's `released` against the oldest date that its sources give: the first version of its
paper, the creation of its repository and of its model. Reports a date more than a month before all
of them, and one more than a year after the oldest (a year and a half for papers, which appear in
print late). Dates given as a month or a year count as all of it.

## Why

A date of the wrong year puts a system in the wrong place in every table that is sorted by time.

## How to fix

Look up the date and correct it. If the source was moved and only looks younger, add an `ignore`.

## Fix safety

There is no automatic fix: which of the dates is the release is for a person to say.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from linkcheck.engine.link_status import Recognizer
from linkcheck.matching.duplicates import own_links
from linkcheck.model.entry import EntryKind
from linkcheck.model.facts import PaperFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.observation import Observation
from linkcheck.model.rule import EntryView, Example, LinkView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import describe_target, format_date, one_line
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of

_MAX_EARLY = timedelta(days=31)
_MAX_LATE = timedelta(days=366)
_MAX_LATE_IN_PRINT = timedelta(days=550)
_HUB_EPOCH = date(2022, 3, 2)
"""The creation date that Hugging Face reports for everything older."""
_DATED_KINDS = (EntryKind.MODEL, EntryKind.PAPER, EntryKind.TOOL, None)


def _check(view: EntryView, context: RuleContext) -> Iterable[Finding]:
    claim = view.entry.claims.released
    span = date_range(claim.value) if claim else None
    if claim is None or span is None or view.entry.kind not in _DATED_KINDS:
        return
    sources = sorted(_dates(view, context.recognize), key=lambda item: item[0])
    if not sources:
        return
    oldest, link, seen_at = sources[0]
    if link.target is None:
        return
    first, last = span
    limit = _MAX_LATE_IN_PRINT if view.entry.kind is EntryKind.PAPER else _MAX_LATE
    what = f"the {describe_target(link.target)}"
    if last < oldest - _MAX_EARLY:
        verdict = f"but its oldest source, {what}, came only on {format_date(oldest)}"
    elif first > oldest + limit:
        verdict = f"but {what} was there on {format_date(oldest)}"
    else:
        return
    yield RULE.finding(
        f"The entry gives {one_line(claim.value)} as its release, {verdict} (seen on "
        f"{format_date(seen_at.at)}). Check the date.",
        span=claim.span,
        entry=view.entry,
        confidence=Confidence.MEDIUM if len(sources) > 1 else Confidence.LOW,
        evidence=evidence_of(seen_at),
    )


def date_range(text: str) -> tuple[date, date] | None:
    """Return the first and last day of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    parts = text.strip().split("-")
    try:
        numbers = [int(part) for part in parts]
        match numbers:
            case [year]:
                return date(year, 1, 1), date(year, 12, 31)
            case [year, month]:
                return date(year, month, 1), date(year, month, monthrange(year, month)[1])
            case [year, month, day]:
                return date(year, month, day), date(year, month, day)
            case _:
                return None
    except ValueError:
        return None


def _dates(view: EntryView, recognize: Recognizer) -> Iterator[tuple[date, LinkView, Observation]]:
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
            yield since.date(), link, latest


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
        _example("The code came later", "2023-03-24", created=_day(2024, 1, 1)),
        _example("The year before", "2022", "but its oldest source, the repository medbot/medbot"),
        _example("Two years later", "2025-03-24", "medbot/medbot was there on 21 March 2023"),
    ),
)
