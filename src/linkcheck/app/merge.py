"""Merge the results of the shards of a run.

Rules compare entries across the catalog (duplicates, papers of the same name), so findings of
shards cannot be added up: the observations of all shards are joined and the rules run once over all
of them. No request is sent, and the catalog must be the one that the shards have read.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from linkcheck.app.check import CheckedCatalog
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.inputs import read_catalog, read_changes
from linkcheck.config import Config
from linkcheck.model.errors import UsageError
from linkcheck.model.finding import Edit, Finding, Fix
from linkcheck.model.observation import Evidence, Observation, Unknown, UnknownReason
from linkcheck.model.result import RequestCount, RunOutcome, RunResult, ShardResult
from linkcheck.model.target import Target, TargetKind

if TYPE_CHECKING:
    from linkcheck.engine.identify import LinkIndex


def encode_observations(evidence: Iterable[Evidence]) -> tuple[Mapping[str, object], ...]:
    """Return the observations of a shard as plain JSON values."""
    from linkcheck.store import encode

    return tuple(
        {
            "target": [known.target.kind.value, known.target.key, known.target.url],
            "reused": known.reused,
            "observations": [encode(observation) for observation in known.observations],
        }
        for known in evidence
    )


def catalog_fingerprint(links: "LinkIndex") -> str:
    """Return a hash of the targets of a catalog."""
    digest = hashlib.sha256()
    for request in links.requests:
        digest.update(f"{request.target}\n".encode())
    return digest.hexdigest()[:16]


def merge(
    results: Sequence[tuple[str, RunResult]], config: Config, environment: RunEnvironment
) -> RunResult:
    """Return the result that an undivided run would have had.

    ``results`` are the shards' results with their file names. The merged result is inconclusive if
    a shard is missing, interrupted or inconclusive. Raises UsageError for results that do not
    belong to one run, and for a catalog that has changed since.
    """
    from linkcheck.engine.identify import identify
    from linkcheck.engine.service_failures import merge_service_results
    from linkcheck.providers.table import recognize

    parts = _shard_runs(results)
    first = parts[0][0]
    runs = [run for run, _ in parts]
    inputs, changed_since = first.inputs, first.changed_since
    catalog = read_catalog(inputs, config, environment)
    links = identify(catalog, recognize)
    options = RunOptions(paths=inputs, changed_since=changed_since)
    checked = CheckedCatalog(
        catalog, links, read_changes(options, inputs, config, environment, catalog)
    )
    _require_same_catalog(results, catalog_fingerprint(links))
    started = min(run.started_at for run in runs)
    finished = max(run.finished_at for run in runs)
    known = {known.target: known for _, shard in parts for known in _evidence(shard)}
    reason = (
        _missing_shards(parts)
        or _inconclusive_shard(runs)
        or _detect_outage(checked, known, started)
    )
    evidence = {
        request.target: known.get(request.target) or _unchecked(request.target, finished)
        for request in links.requests
    }
    offline = any(shard.offline for _, shard in parts)
    merged = checked.evaluate(
        evidence,
        config,
        inconclusive_reason=reason,
        started=started,
        finished=finished,
        all_checked=not offline,
        all_inputs=all(shard.is_complete for _, shard in parts),
        root=environment.cwd,
    )
    by_host: Counter[str] = Counter()
    for run in runs:
        by_host.update(run.requests.by_host)
    notices = [*(notice for run in runs for notice in run.notices), *merged.notices]
    merged = replace(
        merged,
        inputs=inputs,
        requests=RequestCount(by_host.total(), dict(by_host)),
        reused=sum(run.reused for run in runs),
        notices=tuple({notice.message: notice for notice in notices}.values()),
        sandbox=any(run.sandbox for run in runs),
        changed_since=changed_since,
        services=merge_service_results(merged.links, runs),
    )
    return merged if reason or offline else _suggest(merged, runs, evidence)


def _suggest(
    merged: RunResult, runs: Sequence[RunResult], evidence: Mapping[Target, Evidence]
) -> RunResult:
    """Suggest replacements of dead links: from the entry itself, else as the shards did.

    The shards have looked up archived copies; no request is sent here.
    """
    from linkcheck.app.suggest import with_suggestions

    suggested = with_suggestions(merged, evidence)
    of_parts = {
        finding.fingerprint: finding
        for run in runs
        for finding in run.findings
        if finding.fix and run.rule_of(finding).suggests_replacements
    }
    findings = tuple(_with_fix_of(f, of_parts.get(f.fingerprint)) for f in suggested.findings)
    return replace(suggested, findings=findings)


def _with_fix_of(finding: Finding, of_part: Finding | None) -> Finding:
    """Return a finding with the fix that a shard suggested for it, at the finding's own span."""
    if of_part is None or of_part.fix is None or finding.fix is not None:
        return finding
    edits = tuple(Edit(finding.span, edit.before, edit.after) for edit in of_part.fix.edits)
    fix = Fix(of_part.fix.description, edits, of_part.fix.safety)
    return replace(finding, fix=fix, evidence=(*finding.evidence, *of_part.evidence[-1:]))


ShardRun = tuple[RunResult, ShardResult]


def _shard_runs(results: Sequence[tuple[str, RunResult]]) -> list[ShardRun]:
    """Return the shards in order. Raises UsageError if they do not belong together."""
    found: dict[int, tuple[str, ShardRun]] = {}
    first: tuple[str, RunResult, ShardResult] | None = None
    for where, result in results:
        shard = result.shard
        if shard is None:
            raise UsageError(
                "is the result of an undivided run; there is nothing to join",
                where=where,
                hint="Name files written by 'linkcheck run --shard I/N -o FILE.json'",
            )
        first = first or (where, result, shard)
        same = (result.inputs, result.changed_since) == (first[1].inputs, first[1].changed_since)
        if shard.total != first[2].total or shard.catalog != first[2].catalog or not same:
            raise UsageError(
                f"is part {shard.part} of {shard.total} of another run than {first[0]}",
                where=where,
                hint="Join only parts of one run: same catalog, same paths, same N",
            )
        if shard.part in found:
            raise UsageError(
                f"is part {shard.part} of {shard.total}, and so is {found[shard.part][0]}",
                where=where,
                hint="Name each part once",
            )
        found[shard.part] = (where, (result, shard))
    if not found:
        raise UsageError("there is nothing to join", hint="Name the results of all parts")
    return [found[part][1] for part in sorted(found)]


def _require_same_catalog(results: Sequence[tuple[str, RunResult]], fingerprint: str) -> None:
    where, result = results[0]
    if result.shard is not None and result.shard.catalog != fingerprint:
        raise UsageError(
            "was made from another state of the catalog than the one in this folder",
            where=where,
            hint="Run 'linkcheck merge' in the same checkout as the parts, or run these again",
        )


def _evidence(shard: ShardResult) -> Iterable[Evidence]:
    from linkcheck.store import decode

    for item in shard.observations:
        match item:
            case {
                "target": [str(kind), str(key), str(url)],
                "reused": bool(reused),
                "observations": list(rows),
            }:
                target = Target(TargetKind(kind), key, url)
                yield Evidence(target, tuple(decode(row, target) for row in rows), reused)
            case _:
                raise UsageError(
                    f"part {shard.part} of {shard.total} is damaged", hint="Run that part again"
                )


def _missing_shards(parts: Sequence[ShardRun]) -> str | None:
    """Return why the run is inconclusive if shards are missing or interrupted; else ``None``."""
    total = parts[0][1].total
    present = {shard.part for _, shard in parts}
    missing = [part for part in range(1, total + 1) if part not in present]
    stopped = [shard.part for run, shard in parts if run.interrupted]
    for numbers, why in (
        (missing, "did not hand in a result"),
        (stopped, "ended before everything was asked"),
    ):
        if numbers:
            noun = "Part" if len(numbers) == 1 else "Parts"
            return (
                f"{noun} {', '.join(map(str, numbers))} of {total} of this divided run {why}, so "
                "some links were not looked at and nothing is judged. Look for the failed jobs "
                "and run them again."
            )
    return None


def _inconclusive_shard(runs: Sequence[RunResult]) -> str | None:
    reasons = [run.reason for run in runs if run.outcome is RunOutcome.INCONCLUSIVE and run.reason]
    return reasons[0] if reasons else None


def _detect_outage(
    checked: CheckedCatalog, known: Mapping[Target, Evidence], started: datetime
) -> str | None:
    """Detect an outage from the observations of all shards, as an undivided run does.

    Each shard has checked its network and services by itself.
    """
    from linkcheck.engine.outage import detect_outage

    before: dict[Target, Evidence] = {}
    observed: list[Observation] = []
    for target, evidence in known.items():
        latest = evidence.latest
        fresh = latest is not None and not evidence.reused and latest.at >= started
        earlier = evidence.observations[1:] if fresh else evidence.observations
        if fresh and latest is not None and not _is_withheld(latest):
            observed.append(latest)
        if earlier:
            before[target] = Evidence(target, earlier)
    outage = detect_outage(before, observed, checked.catalog, checked.links)
    return outage.reason if outage else None


def _is_withheld(observation: Observation) -> bool:
    outcome = observation.outcome
    return isinstance(outcome, Unknown) and outcome.reason is UnknownReason.NOT_ASKED


def _unchecked(target: Target, at: datetime) -> Evidence:
    unknown = Unknown(UnknownReason.NOT_ASKED, "its part of the run did not hand in a result")
    return Evidence(target, (Observation(target, at, unknown),))
