"""Find replacements of a dead link among the entry's own links. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from linkcheck.model.entry import Entry
from linkcheck.model.finding import Edit, Finding, Fix, Safety
from linkcheck.model.observation import Evidence, EvidenceItem, Gone, Status
from linkcheck.model.result import LinkResult
from linkcheck.model.source_text import Span
from linkcheck.model.target import Target, TargetKind

_REPOSITORY_KINDS = frozenset(
    {
        TargetKind.GITHUB_REPO,
        TargetKind.HF_MODEL,
        TargetKind.HF_DATASET,
        TargetKind.HF_SPACE,
    }
)
_PAPER_KINDS = frozenset({TargetKind.ARXIV, TargetKind.DOI})
_REACHABLE = frozenset({Status.ALIVE, Status.MOVED})


@dataclass(frozen=True, slots=True)
class Candidate:
    """URL that may replace a dead one, and its source."""

    url: str
    source: str
    explanation: str
    at: datetime


def suggest_from_entry(
    finding: Finding,
    entry: Entry,
    links: Mapping[Span, LinkResult],
    evidence: Mapping[Target, Evidence],
) -> Candidate | None:
    """Return a replacement from the service itself or the entry's other links, if there is one.

    ``links`` are the results by the links' spans. For a paper that is the same paper on arXiv or
    its DOI; for code and models a repository of the same name.
    """
    dead = finding.target
    known = evidence.get(dead) if dead else None
    if known is not None and known.latest is not None:
        outcome = known.latest.outcome
        if isinstance(outcome, Gone) and outcome.suggested_url is not None:
            says = known.latest.evidence[-1].says if known.latest.evidence else "it is there"
            return Candidate(outcome.suggested_url, "provider", says, known.latest.at)
    role = next((link.role for link in entry.links if link.span == finding.span), "")
    if dead is None:
        return None
    others = [
        result
        for link in entry.links
        if (result := links.get(link.span)) is not None
        and result.target not in (None, dead)
        and result.status in _REACHABLE
    ]
    if role == "paper" or dead.kind in _PAPER_KINDS:
        return next(_paper_candidates(others, evidence), None)
    return next(_same_name_candidates(dead, others), None)


def _paper_candidates(
    others: list[LinkResult], known: Mapping[Target, Evidence]
) -> Iterator[Candidate]:
    for other in others:
        if other.target is not None and other.target.kind in _PAPER_KINDS:
            says = "the entry's own link to the same paper answers"
            yield Candidate(other.target.url, "catalog", says, _checked_at(other))
    for other in others:
        evidence = known.get(other.target) if other.target else None
        latest = evidence.last_found if evidence else None
        model = latest.model if latest else None
        if latest is not None and model is not None and len(model.arxiv_ids or ()) == 1:
            number = (model.arxiv_ids or ("",))[0]
            says = f"the model card of {model.full_name or other.url} names this paper"
            yield Candidate(f"https://arxiv.org/abs/{number}", "model-card", says, latest.at)


def _same_name_candidates(dead: Target, others: list[LinkResult]) -> Iterator[Candidate]:
    name = _name(dead)
    for other in others:
        target = other.target
        if (
            target is not None
            and target.kind in _REPOSITORY_KINDS
            and name
            and _name(target) == name
        ):
            says = "the entry also links to this, which has the same name and answers"
            yield Candidate(target.url, "catalog", says, _checked_at(other))


def _name(target: Target) -> str:
    parts = target.key.split("/")
    if target.kind is TargetKind.GITHUB_PATH:
        parts = parts[:2]
    elif target.kind not in _REPOSITORY_KINDS:
        return ""
    return re.sub(r"[^a-z0-9]", "", parts[-1].casefold())


def _checked_at(link: LinkResult) -> datetime:
    return link.checked_at or datetime.min.replace(tzinfo=UTC)


def with_candidate(finding: Finding, candidate: Candidate) -> Finding:
    """Return the finding with an unsafe fix that replaces the link by the candidate."""
    if finding.url is None or finding.fix is not None or candidate.url == finding.url:
        return finding
    item = EvidenceItem(candidate.source, candidate.at, f"{candidate.explanation}: {candidate.url}")
    edit = Edit(finding.span, finding.url, candidate.url)
    fix = Fix(candidate.explanation, (edit,), Safety.UNSAFE)
    return replace(finding, fix=fix, evidence=(*finding.evidence, item))
