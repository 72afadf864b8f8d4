"""The link is pinned to an old version of an arXiv paper.

## What it does

Reports a link such as `…/abs/2303.14070v1` when arXiv has a later version.

## Why

Readers get a text that its authors have corrected since.

## How to fix

Drop the version: arXiv then shows the latest. To keep it on purpose, add an `ignore`.

## Fix safety

Safe: it is the same paper.
"""

import re
from collections.abc import Iterable

from linkcheck.model.action import PullRequestGroup
from linkcheck.model.facts import PaperFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import Service, display_name
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._examples import entry, found
from linkcheck.rules._fixes import replace_url
from linkcheck.rules._links import evidence_of

_PINNED = re.compile(
    r"((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z]{2})?/\d{7}))v(\d+)(?!\d)", re.IGNORECASE
)


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for link in view.all_links:
        paper = link.latest.paper if link.latest else None
        version = link.recognized.version if link.recognized else None
        if paper is None or link.latest is None or link.target is None or version is None:
            continue
        latest = paper.latest_version
        if link.target.service is not Service.ARXIV or latest is None or version >= latest:
            continue
        if version in paper.missing_versions or paper.withdrawn:
            continue
        url = _PINNED.sub(r"\1", link.link.url, count=1)
        yield RULE.finding(
            f"The link is pinned to version {version} of {one_line(display_name(link.target))}; "
            f"arXiv has version {latest} ({format_date(link.latest.at)}). Drop the version to "
            "link to the latest.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(link.latest),
            fix=replace_url(link.link, url, "Link to the latest version"),
        )


_URL = "https://arxiv.org/abs/2303.14070"

RULE = Rule(
    name="outdated-version",
    severity=Severity.INFO,
    summary="Pinned to an old arXiv version.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    pull_request_group=PullRequestGroup.MOVED,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.PAPER | EntryTrait.PINNED,
    check=_check,
    examples=(
        Example(
            "Not pinned",
            entry("MedBot", paper=_URL),
            {_URL: found(PaperFacts(latest_version=5))},
        ),
        Example(
            "Pinned to the latest",
            entry("MedBot", paper=f"{_URL}v5"),
            {f"{_URL}v5": found(PaperFacts(latest_version=5))},
        ),
        Example(
            "Pinned to the first",
            entry("MedBot", paper=f"{_URL}v1"),
            {f"{_URL}v1": found(PaperFacts(latest_version=5))},
            finds=("pinned to version 1 of 2303.14070; arXiv has version 5 (15 June 2026)",),
            fixed=entry("MedBot", paper=_URL),
        ),
        Example(
            "A file of an old version",
            entry("MedBot", paper="https://arxiv.org/pdf/2303.14070v2.pdf"),
            {"https://arxiv.org/pdf/2303.14070v2.pdf": found(PaperFacts(latest_version=3))},
            finds=("version 2",),
            fixed=entry("MedBot", paper="https://arxiv.org/pdf/2303.14070.pdf"),
        ),
    ),
)
