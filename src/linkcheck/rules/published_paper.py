"""arXiv knows where the paper was published, and the entry does not say.

## What it does

Reports an entry that links to a paper on arXiv alone when arXiv gives a DOI or a journal reference
for it. An entry that links to any other place of the paper is left alone; arXiv's own DOIs
(`10.48550/…`) do not count.

## Why

The published version is reviewed, and it is what others cite.

## How to fix

Add a link to the published version.

## Fix safety

There is no automatic fix: where the link belongs is a matter of taste.
"""

from collections.abc import Iterable

from linkcheck.model.facts import PaperFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import Service, display_name
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of

_PAPER_ROLES = frozenset({"paper", "article", "publication", "journal", "proceedings", "doi"})


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    papers = [link for link in view.links if link.target and link.target.service is Service.ARXIV]
    elsewhere = any(
        link.target.service is Service.DOI or link.link.role in _PAPER_ROLES
        for link in view.links
        if link.target and link not in papers
    )
    if elsewhere:
        return
    done = set()
    for link in papers:
        paper = link.latest.paper if link.latest else None
        if paper is None or link.latest is None or link.target is None or link.target in done:
            continue
        done.add(link.target)
        doi = paper.doi if paper.doi and not paper.doi.lower().startswith("10.48550/") else None
        if paper.withdrawn or not (doi or paper.journal_reference):
            continue
        where = one_line(paper.journal_reference or "", 100)
        at = f"https://doi.org/{one_line(doi)}" if doi else ""
        known = f"{where}, {at}" if where and at else where or at
        yield RULE.finding(
            f"The entry links to {one_line(display_name(link.target))} on arXiv only; it has been "
            f"published: {known} (arXiv, {format_date(link.latest.at)}). Add the published "
            "version.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(link.latest),
        )


_URL = "https://arxiv.org/abs/2303.14070"
_PUBLISHED = PaperFacts(journal_reference="Cureus 15(6), 2023", doi="10.7759/cureus.40895")

RULE = Rule(
    name="published-paper",
    severity=Severity.INFO,
    summary="arXiv knows a journal reference or DOI that the entry lacks.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.PUBLISHED,
    check=_check,
    examples=(
        Example("Not published", entry("MedBot", paper=_URL), {_URL: found(PaperFacts())}),
        Example(
            "arXiv's own DOI",
            entry("MedBot", paper=_URL),
            {_URL: found(PaperFacts(doi="10.48550/arXiv.2303.14070"))},
        ),
        Example(
            "The entry has both",
            entry("MedBot", paper=_URL, doi="https://doi.org/10.7759/cureus.40895"),
            {_URL: found(_PUBLISHED)},
        ),
        Example(
            "Published",
            entry("MedBot", paper=_URL),
            {_URL: found(_PUBLISHED)},
            finds=("published: Cureus 15(6), 2023, https://doi.org/10.7759/cureus.40895 (arXiv",),
        ),
    ),
)
