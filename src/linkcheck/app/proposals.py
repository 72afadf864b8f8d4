"""Edits that the bot proposes, by pull request group, and the history of each finding."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.app.check import Session
from linkcheck.app.environment import RunEnvironment
from linkcheck.app.fix import encoder_for, read_texts
from linkcheck.config import Config
from linkcheck.model.action import Change, FileUpdate, Proposal, PullRequestGroup
from linkcheck.model.errors import UsageError
from linkcheck.model.finding import Finding, FindingHistory
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.result import RunResult

if TYPE_CHECKING:
    from linkcheck.fixes.edits import Loader
    from linkcheck.forge.saved_findings import CarriedFindings
    from linkcheck.forge.state_branch import SavedState


def finding_histories(result: RunResult, session: Session) -> dict[str, FindingHistory]:
    """Return by fingerprint how long each finding has existed and whether it is confirmed.

    Findings of rules that need no confirmation are confirmed at once.
    """
    from linkcheck.engine.finding_history import finding_history

    settings = session.config.rules.history
    found: dict[str, FindingHistory] = {}
    unconfirmed = []
    for finding in result.findings:
        confirmed = not result.rule_of(finding).needs_confirmation
        found[finding.fingerprint] = FindingHistory(is_confirmed=confirmed)
        if not confirmed and finding.recognized is not None:
            unconfirmed.append((finding.fingerprint, finding.recognized))
    # More than the evidence holds: frequent runs fill that within days.
    stored = session.store.history([link.target for _, link in unconfirmed], limit=50)
    for fingerprint, link in unconfirmed:
        found[fingerprint] = finding_history(
            link, stored[link.target], settings, result.finished_at
        )
    return found


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proposals of a run, and the findings whose edits wait for another group."""

    made: tuple[Proposal, ...] = ()
    waiting: Mapping[str, PullRequestGroup] = field(default_factory=dict)


class PullRequestProposer:
    """Creates the proposals from a result and the texts of its files.

    Edits of different groups on the same or neighboring lines would conflict when merged. Those in
    an open pull request come first; the others wait.
    """

    def __init__(
        self,
        carried: "CarriedFindings",
        config: Config,
        environment: RunEnvironment,
        forge_state: ForgeState,
        saved: "SavedState",
    ) -> None:
        self._result = carried.result
        self._unchecked = carried.unchecked
        self._config = config
        self._cwd = environment.cwd
        self._now = environment.now()
        self._forge_state = forge_state
        self._saved = saved
        self._texts = read_texts(self._cwd, (f.span.file for f in self._result.findings))
        self._contained = self._contained_findings()
        self._lines: dict[tuple[str, int], PullRequestGroup] = {}
        self._waiting: dict[str, PullRequestGroup] = {}

    def proposals(self) -> Proposals:
        """Return the proposals of all groups, with paths relative to the repository."""
        from linkcheck.fixes.grouping import make_proposals, with_repository_paths

        ticked = self._ticked()
        fixable = [pair for pair in self._fixable() if pair[0].fingerprint not in ticked]
        ignorable = {f.fingerprint: f for f in self._result.findings if f.fingerprint in ticked}
        until = self._expiry_dates(ignorable)
        claims = [(f, group, _lines_of_edits(f)) for f, group in fixable]
        claims += [
            (f, PullRequestGroup.IGNORES, self._lines_of_ignore(f, until))
            for f in ignorable.values()
        ]
        claims.sort(key=lambda claim: self._contained.get(claim[0].fingerprint) is not claim[1])
        for finding, group, lines in claims:
            self._claim(finding.fingerprint, group, lines)
        chosen = tuple(f for f, _ in fixable if f.fingerprint not in self._waiting)
        result = replace(self._result, findings=chosen)
        made = make_proposals(result, self._texts, self._loader, encoder_for)
        ignored = tuple(f for k, f in ignorable.items() if k not in self._waiting)
        more = [p for p in (self._observed_facts(), self._ignores(ignored, until)) if p is not None]
        return Proposals(
            with_repository_paths([*made, *more], self._repository_path), self._waiting
        )

    def _contained_findings(self) -> dict[str, PullRequestGroup]:
        """Return the findings that an open pull request fixes, with its group."""
        from linkcheck.forge.planning.ownership import pull_marker

        groups = {group.branch: group for group in PullRequestGroup}
        return {
            fingerprint: groups[pull.branch]
            for pull in self._forge_state.pulls
            if pull.is_open
            for fingerprint in pull_marker(pull, self._saved).fingerprints
        }

    def _fixable(self) -> "Iterator[tuple[Finding, PullRequestGroup]]":
        """Yield the findings with a fix for a pull request.

        One that this run could not check stays where it is proposed already.
        """
        from linkcheck.fixes.grouping import pull_request_group

        for finding in self._result.findings:
            group = pull_request_group(finding, self._result.rule_of(finding))
            is_contained = self._contained.get(finding.fingerprint) is group
            if group and (is_contained or finding.fingerprint not in self._unchecked):
                yield finding, group

    def _claim(
        self, fingerprint: str, group: PullRequestGroup, lines: frozenset[tuple[str, int]]
    ) -> None:
        """Take lines for a group; a finding waits if they or their neighbors are another's."""
        near = {(file, line + step) for file, line in lines for step in (-1, 0, 1)}
        other = next(
            (g for place in near if (g := self._lines.get(place)) not in (None, group)), None
        )
        if other is not None:
            self._waiting[fingerprint] = other
        else:
            self._lines.update(dict.fromkeys(lines, group))

    def _lines_of_ignore(
        self, finding: Finding, until: Mapping[str, str]
    ) -> frozenset[tuple[str, int]]:
        """Return the lines that the ignore of a finding changes, or between which it is added."""
        files, _ = self._propose_ignores((finding,), until)
        return frozenset((file.path, line) for file in files for line in _changed_lines(file))

    def _loader(self, file: str) -> "Loader":
        from linkcheck.catalog.load import get_loader

        return get_loader(file, self._config.sources)

    def _repository_path(self, file: str) -> str:
        from linkcheck import git

        with suppress(UsageError, ValueError):
            top = git.repository_root(self._cwd).resolve()
            return (self._cwd / file).resolve().relative_to(top).as_posix()
        return file

    def _observed_facts(self) -> Proposal | None:
        """Return the update of a catalog's ``observed.json``, if it has one."""
        from linkcheck.app.render import OBSERVED
        from linkcheck.report.observed import observed_json

        for folder in self._result.inputs:
            path = self._cwd / folder / OBSERVED
            if not path.is_file():
                continue
            before = path.read_bytes().decode("utf-8", "replace")
            after = observed_json(self._result.entries, before)
            if after != before:
                name = f"{folder.rstrip('/')}/{OBSERVED}"
                return Proposal(PullRequestGroup.OBSERVED, (), (FileUpdate(name, before, after),))
        return None

    def _ticked(self) -> frozenset[str]:
        """Return the findings whose boxes a person ticked on the dashboard."""
        from linkcheck.forge.issue_marker import parse_checkboxes
        from linkcheck.forge.planning.ownership import DASHBOARD, find_issues

        label = self._config.forge.label
        dashboards = find_issues(self._forge_state, self._saved, label).get(DASHBOARD)
        return parse_checkboxes(dashboards[0].issue.body).ignore if dashboards else frozenset()

    def _expiry_dates(self, fingerprints: Iterable[str]) -> dict[str, str]:
        """Return the last day of each ignore: as in a pull request before, or 90 days from now."""
        from linkcheck.forge.planning.context import IGNORE_DAYS
        from linkcheck.forge.planning.ownership import pull_marker

        known: dict[str, str] = {}
        for pull in self._forge_state.pulls:
            if pull.branch == PullRequestGroup.IGNORES.branch and not pull.is_merged:
                known = {**pull_marker(pull, self._saved).ignored_until, **known}
        last = (self._now + timedelta(days=IGNORE_DAYS)).date().isoformat()
        today = self._now.date().isoformat()
        return {
            fingerprint: known[fingerprint] if known.get(fingerprint, "") >= today else last
            for fingerprint in fingerprints
        }

    def _ignores(self, findings: tuple[Finding, ...], until: Mapping[str, str]) -> Proposal | None:
        """Return the ignores of findings whose boxes were ticked."""
        if not findings:
            return None
        files, changes = self._propose_ignores(findings, until)
        dates = {f.fingerprint: until[f.fingerprint] for f in findings}
        return Proposal(PullRequestGroup.IGNORES, changes, files, dates) if files else None

    def _propose_ignores(
        self, findings: tuple[Finding, ...], until: Mapping[str, str]
    ) -> tuple[tuple[FileUpdate, ...], tuple[Change, ...]]:
        from linkcheck.fixes.add_ignore import propose_ignores

        own = {
            file: self._loader(file)
            for file in self._texts
            if file.endswith((".yaml", ".yml")) and not self._is_foreign(file)
        }
        return propose_ignores(findings, until, self._texts, own, self._configuration())

    def _is_foreign(self, file: str) -> bool:
        """Return whether the file has a custom layout, in which no ignore can be written."""
        from linkcheck.catalog.layouts import has_custom_layout
        from linkcheck.catalog.load import expand_source_paths

        return any(
            has_custom_layout(source)
            and (self._cwd / file) in expand_source_paths([source], self._cwd)
            for source in self._config.sources
        )

    def _configuration(self) -> FileUpdate:
        path = Path(self._config.file or "linkcheck.toml")
        full = self._cwd / path
        if not full.is_file():
            return FileUpdate(str(path), "", "", is_new=True)
        text = full.read_bytes().decode("utf-8")
        name = os.path.relpath(full, self._cwd)
        return FileUpdate(name, text, text)


def _lines_of_edits(finding: Finding) -> frozenset[tuple[str, int]]:
    """Return the lines that a finding's fix changes."""
    return frozenset(
        (edit.span.file, line)
        for edit in (finding.fix.edits if finding.fix else ())
        for line in range(edit.span.line, edit.span.end_line + 1)
    )


def _changed_lines(file: FileUpdate) -> Iterator[int]:
    """Yield the lines of the text before that a change replaces, or the one before an addition."""
    before, after = file.before.splitlines(), file.after.splitlines()
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end, end_after = len(before), len(after)
    while end > start and end_after > start and before[end - 1] == after[end_after - 1]:
        end, end_after = end - 1, end_after - 1
    yield from range(start + 1, end + 1) if end > start else (start, start + 1)
