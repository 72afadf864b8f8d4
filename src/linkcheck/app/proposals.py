"""Edits that the bot proposes, by pull request group, and the history of each finding."""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.app.check import Session
from linkcheck.app.environment import RunEnvironment
from linkcheck.app.fix import encoder_for, read_texts
from linkcheck.config import Config
from linkcheck.model.action import FileUpdate, Proposal, PullRequestGroup
from linkcheck.model.errors import UsageError
from linkcheck.model.finding import FindingHistory
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.result import RunResult

if TYPE_CHECKING:
    from linkcheck.fixes.edits import Loader


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


class PullRequestProposer:
    """Creates the proposals from a result and the texts of its files."""

    def __init__(
        self,
        result: RunResult,
        config: Config,
        environment: RunEnvironment,
        forge_state: ForgeState,
        label: str,
    ) -> None:
        self._result = result
        self._config = config
        self._cwd = environment.cwd
        self._now = environment.now()
        self._forge_state = forge_state
        self._label = label
        self._texts = read_texts(self._cwd, (f.span.file for f in result.findings))

    def proposals(self) -> tuple[Proposal, ...]:
        """Return the proposals of all groups, with paths relative to the repository."""
        from linkcheck.fixes.grouping import make_proposals, with_repository_paths

        made = make_proposals(self._result, self._texts, self._loader, encoder_for)
        more = [p for p in (self._observed_facts(), self._ignores()) if p is not None]
        return with_repository_paths([*made, *more], self._repository_path)

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

    def _ignores(self) -> Proposal | None:
        """Return the ignores whose boxes a person checked on the dashboard."""
        from linkcheck.fixes.add_ignore import propose_ignores
        from linkcheck.forge.issue_marker import parse_checkboxes, parse_marker
        from linkcheck.forge.planning.context import DASHBOARD, IGNORE_DAYS

        ticked: set[str] = set()
        for issue in self._forge_state.issues:
            marker = parse_marker(issue.body)
            if marker and marker.kind == DASHBOARD and self._label in issue.labels:
                ticked |= parse_checkboxes(issue.body).ignore
        chosen = {f.fingerprint: f for f in self._result.findings if f.fingerprint in ticked}
        if not chosen:
            return None
        expiry_dates: dict[str, str] = {}
        for pull in self._forge_state.pulls:
            marker = parse_marker(pull.body)
            if marker and marker.key == PullRequestGroup.IGNORES.value and not pull.is_merged:
                expiry_dates = {**marker.ignored_until, **expiry_dates}
        last = (self._now + timedelta(days=IGNORE_DAYS)).date().isoformat()
        until = {fingerprint: expiry_dates.get(fingerprint, last) for fingerprint in chosen}
        own = {
            file: self._loader(file)
            for file in self._texts
            if file.endswith((".yaml", ".yml")) and not self._is_foreign(file)
        }
        files, changes = propose_ignores(
            tuple(chosen.values()), until, self._texts, own, self._configuration()
        )
        return Proposal(PullRequestGroup.IGNORES, changes, files, until) if files else None

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
