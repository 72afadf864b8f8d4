"""The paper was withdrawn from arXiv.

## What it does

Reports a link to a paper that its authors, or arXiv, have withdrawn. The page is still there, but
the current version holds no text, or a notice in its place.

## Why

Its results are no longer stood for by those who wrote them.

## How to fix

Link to what replaced it, or remove the link and say in the entry why.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import PaperFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import display_name
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    done = set()
    for link in view.all_links:
        paper = link.latest.paper if link.latest else None
        if paper is None or link.latest is None or link.target is None or link.target in done:
            continue
        done.add(link.target)
        if not paper.withdrawn:
            continue
        reason = f" It says: “{one_line(paper.comment, 100)}”." if paper.comment else ""
        yield RULE.finding(
            f"The paper {one_line(display_name(link.target))} has been withdrawn (arXiv, "
            f"{format_date(link.latest.at)}).{reason} Link to what replaced it, or remove the "
            "link.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(link.latest),
        )


_URL = "https://arxiv.org/abs/2303.14070"

RULE = Rule(
    name="withdrawn-paper",
    severity=Severity.ERROR,
    summary="Withdrawn from arXiv.",
    page=__doc__ or "",
    remedy=Remedy.REPLACE,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.WITHDRAWN,
    check=_check,
    examples=(
        Example("It stands", entry("MedBot", paper=_URL), {_URL: found(PaperFacts())}),
        Example(
            "Withdrawn",
            entry("MedBot", paper=_URL),
            {_URL: found(PaperFacts(withdrawn=True, comment="An error in Section 3"))},
            finds=("The paper 2303.14070 has been withdrawn (arXiv, 15 June 2026). It says",),
        ),
    ),
)
