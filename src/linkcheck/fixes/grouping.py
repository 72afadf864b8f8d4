"""Group the fixes of findings into proposals, one for each pull request. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from linkcheck.fixes.edits import Encoder, Loader, apply_verified, resolve_conflicts
from linkcheck.model.action import Change, FileUpdate, Proposal, PullRequestGroup
from linkcheck.model.finding import Edit, Finding, Fix, Safety
from linkcheck.model.result import RunResult
from linkcheck.model.rule import RuleInfo
from linkcheck.model.source_text import SourceText


def pull_request_group(finding: Finding, rule: RuleInfo) -> PullRequestGroup | None:
    """Return the group that a finding's fix belongs to; ``None`` if no edit is proposed.

    Unsafe fixes are proposed for licenses alone, where the pull request asks for a review.
    """
    if finding.fix is None or not finding.fix.edits:
        return None
    group = rule.pull_request_group
    reviewed = group is PullRequestGroup.LICENSES
    return group if reviewed or finding.fix.safety is Safety.SAFE else None


def make_proposals(
    result: RunResult,
    texts: Mapping[str, str],
    loader_for: Callable[[str], Loader],
    encoder_for: Callable[[str], Encoder | None],
) -> tuple[Proposal, ...]:
    """Return the proposals of all groups that change something, in the order of the groups.

    ``texts`` holds the files by the names that findings use. Each proposal applies to the original
    files, independently of the others.
    """
    proposals = []
    groups = [(pull_request_group(f, result.rule_of(f)), f) for f in result.findings]
    for group in PullRequestGroup:
        chosen = [f for own, f in groups if own is group]
        if not chosen:
            continue
        files, applied = _edit_files(chosen, texts, loader_for, encoder_for)
        done = [f for f in chosen if f.fix and set(_edit_spans(f.fix.edits)) <= applied]
        if files and done:
            changes = {f.fingerprint: _change(f) for f in done}
            proposals.append(Proposal(group, tuple(changes.values()), files))
    return tuple(proposals)


def _edit_spans(edits: Sequence[Edit]) -> list[tuple[str, int, int]]:
    return [(edit.span.file, edit.span.start, edit.span.end) for edit in edits]


def _edit_files(
    findings: Sequence[Finding],
    texts: Mapping[str, str],
    loader_for: Callable[[str], Loader],
    encoder_for: Callable[[str], Encoder | None],
) -> tuple[tuple[FileUpdate, ...], set[tuple[str, int, int]]]:
    """Return the changed files and the spans of the applied edits."""
    fixes, _waiting = resolve_conflicts([f.fix for f in findings if f.fix])
    by_file: dict[str, list[Edit]] = {}
    for fix in fixes:
        for edit in fix.edits:
            by_file.setdefault(edit.span.file, []).append(edit)
    files: list[FileUpdate] = []
    applied: set[tuple[str, int, int]] = set()
    for file in sorted(by_file):
        if file not in texts:
            continue
        source = SourceText(file, texts[file])
        result = apply_verified(
            source, by_file[file], loader=loader_for(file), encode=encoder_for(file)
        )
        if result.text != source.text:
            files.append(FileUpdate(file, source.text, result.text))
            applied.update(_edit_spans(result.applied))
    return tuple(files), applied


def _change(finding: Finding) -> Change:
    fix = finding.fix or Fix("", ())
    return Change(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        entry=finding.entry or finding.span.file,
        before=", ".join(edit.before for edit in fix.edits),
        after=", ".join(edit.after for edit in fix.edits),
        evidence=finding.message,
        confidence=finding.confidence.value,
    )


def with_repository_paths(
    proposals: Sequence[Proposal], path: Callable[[str], str]
) -> tuple[Proposal, ...]:
    """Return the proposals with file names replaced by paths in the repository."""
    return tuple(
        replace(p, files=tuple(replace(f, path=path(f.path)) for f in p.files)) for p in proposals
    )
