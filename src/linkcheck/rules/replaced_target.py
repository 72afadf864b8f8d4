"""The address now belongs to another repository or model than the one seen before.

## What it does

Compares the lasting id that the service gives a repository or model with the one first seen at the
same address. A rename keeps the id; another id means that the old thing is gone, or lives under
another name, and somebody has taken its place.

## Why

Names that become free can be registered by anybody. A link that still works but leads to a
stranger's code or weights is worse than a dead one.

## How to fix

Look at what is there now. Link to the original's new address, or remove the link. If the owner
only made it anew, add an `ignore` for this rule with the reason.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import ModelFacts, RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import describe_target, format_date, service_name
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of, identity_change


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    reported = set()
    for link in view.all_links:
        replaced = identity_change(link)
        target = link.target
        if replaced is None or target is None:
            continue
        owner = tuple(target.key.split("/")[:2])
        if owner in reported:
            continue
        reported.add(owner)
        first, newest = replaced
        yield RULE.finding(
            f"The address of the {describe_target(target)} now belongs to something else than on "
            f"{format_date(first.at)}: {service_name(target)} gave it another id on "
            f"{format_date(newest.at)}, so the name was taken over or made anew. Look at what is "
            "there before you keep the link.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(newest, first),
        )


_URL, _MODEL = "https://github.com/medbot/medbot", "https://huggingface.co/medbot/medbot-7b"


def _repository(identity: str | None) -> RepositoryFacts:
    return RepositoryFacts(repository_id=identity, full_name="medbot/medbot")


RULE = Rule(
    name="replaced-target",
    severity=Severity.ERROR,
    summary="The address now belongs to another repository or model than the one seen before.",
    page=__doc__ or "",
    remedy=Remedy.REPLACE,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.SEEN_BEFORE,
    check=_check,
    examples=(
        Example(
            "The same repository as before",
            entry("MedBot", code=_URL),
            {_URL: (found(_repository("R_1")), found(_repository("R_1"), days=7))},
        ),
        Example(
            "Nobody gave an id this time",
            entry("MedBot", code=_URL),
            {_URL: (found(_repository(None)), found(_repository("R_1"), days=7))},
        ),
        Example(
            "A rename keeps the id",
            entry("MedBot", code=_URL),
            {
                _URL: (
                    found(
                        RepositoryFacts(repository_id="R_1", full_name="new-lab/medbot"),
                        now_at="https://github.com/new-lab/medbot",
                    ),
                    found(_repository("R_1"), days=7),
                )
            },
        ),
        Example(
            "The name was taken over",
            entry("MedBot", code=_URL),
            {
                _URL: (
                    found(_repository("R_2")),
                    found(_repository("R_2"), days=7),
                    found(_repository("R_1"), days=14),
                )
            },
            finds=(
                "the repository medbot/medbot now belongs to something else than on 1 June 2026",
            ),
        ),
        Example(
            "A model made anew",
            entry("MedBot", model=_MODEL),
            {
                _MODEL: (
                    found(ModelFacts(repository_id="b")),
                    found(ModelFacts(repository_id="a"), days=7),
                )
            },
            finds=("The address of the model medbot/medbot-7b now belongs to something else",),
        ),
    ),
)
