"""The repository is there, the file, folder or branch the link names is not.

## What it does

Reports a link into a repository (`/blob/…`, `/tree/…`, `/raw/…`, `/commits/…`, `/compare/…`,
`/archive/…`, `/actions/workflows/…`, `raw.githubusercontent.com`) whose repository exists while the
path or the ref does not. Paths in submodules are not reported. Where the path exists on the default
branch, typically after `master` became `main`, that address is offered.

## Why

GitHub shows an error page there, even though the project is alive. After a branch was renamed, it
leads the pages of the old branch to the new one, but not the raw files, and only as long as nobody
makes a branch of the old name.

## How to fix

Link to where the file is now, or to the repository itself.

## Fix safety

Safe: a fix is offered only when the very same path was seen on the default branch.
"""

from collections.abc import Iterable

from linkcheck.model.action import PullRequestGroup
from linkcheck.model.facts import PathFacts, RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import Status
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._examples import entry, found, gone
from linkcheck.rules._fixes import replace_url, suggested_url
from linkcheck.rules._links import evidence_of, repository_name


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for link in view.all_links:
        latest = link.latest
        if link.status not in (Status.DEAD, Status.MOVED) or latest is None:
            continue
        facts = latest.facts
        if not isinstance(facts, PathFacts) or facts.exists:
            continue
        what = (
            f"“{one_line(facts.path)}” at “{one_line(facts.ref)}”"
            if facts.path
            else (f"the branch, tag or commit “{one_line(facts.ref)}”")
        )
        name = repository_name(link, facts.repository)
        fix = None
        todo = "Link to where it is now, or to the repository."
        there = suggested_url(link, facts)
        if there:
            todo = f"On the default branch it is there: link to {one_line(there)}."
            fix = replace_url(link.link, there, "Link to the same path on the default branch")
        yield RULE.finding(
            f"The repository {name} is there, but {what} is not in it (seen on "
            f"{format_date(latest.at)}). {todo}",
            entry=view.entry,
            link=link,
            evidence=evidence_of(latest),
            fix=fix,
        )


_REPOSITORY = RepositoryFacts(full_name="medbot/medbot", default_branch="main")
_OLD = "https://github.com/medbot/medbot/tree/master/data"
_NEW = "https://github.com/medbot/medbot/tree/main/data"

RULE = Rule(
    name="missing-path",
    severity=Severity.ERROR,
    summary="The repository is there, the linked file, folder or ref is not.",
    page=__doc__ or "",
    remedy=Remedy.REPLACE,
    issue_title="Missing file",
    pull_request_group=PullRequestGroup.MOVED,
    needs_confirmation=True,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.MISSING_PATH,
    check=_check,
    examples=(
        Example(
            "The folder is there",
            entry("MedBot", dataset=_NEW),
            {_NEW: found(PathFacts(_REPOSITORY, "data", "main", exists=True))},
        ),
        Example(
            "The whole repository is gone: that is dead-link's business",
            entry("MedBot", dataset=_OLD),
            {_OLD: gone()},
        ),
        Example(
            "The branch was renamed",
            entry("MedBot", dataset=_OLD),
            {
                _OLD: found(PathFacts(_REPOSITORY, "data", "master", False, _NEW)),
                _NEW: found(PathFacts(_REPOSITORY, "data", "main", exists=True)),
            },
            finds=(
                "“data” at “master” is not in it (seen on 15 June 2026). On the default branch",
            ),
            fixed=entry("MedBot", dataset=_NEW),
        ),
        Example(
            "A line of a file on the renamed branch",
            entry("MedBot", dataset=f"{_OLD}#L7"),
            {
                f"{_OLD}#L7": found(PathFacts(_REPOSITORY, "data", "master", False, _NEW)),
                f"{_NEW}#L7": found(PathFacts(_REPOSITORY, "data", "main", exists=True)),
            },
            finds=("link to https://github.com/medbot/medbot/tree/main/data#L7",),
            fixed=entry("MedBot", dataset=f"{_NEW}#L7"),
        ),
        Example(
            "The folder is nowhere",
            entry("MedBot", dataset=_NEW),
            {_NEW: found(PathFacts(_REPOSITORY, "data", "main", exists=False))},
            finds=("The repository medbot/medbot is there, but “data” at “main” is not",),
        ),
    ),
)
