"""What the bot would propose: edits of files by group, and how sure each finding is."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.app.environment import RunEnvironment
from linkcheck.app.fix import encoder_for, read_texts
from linkcheck.config import Config
from linkcheck.model.action import FileUpdate, FindingHistory, Proposal, PullRequestGroup
from linkcheck.model.errors import UsageError
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.result import RunResult
from linkcheck.model.target import Target

if TYPE_CHECKING:
    from linkcheck.fixes.edits import Loader
    from linkcheck.model.observation import Evidence

_DEATHS = frozenset({"dead-link", "missing-path", "unreachable-link"})


def sightings(
    result: RunResult,
    history: "Mapping[Target, Evidence]",
    config: Config,
    surroundings: RunEnvironment,
) -> dict[str, FindingHistory]:
    """Return what the history says of each finding.

    What is dead or missing must be seen again days later; everything else is the word of the thing
    itself, or of the file, and is sure at once.
    """
    from linkcheck.engine.finding_history import finding_history
    from linkcheck.model.observation import Evidence
    from linkcheck.model.shorthand import expand
    from linkcheck.model.url import InvalidUrlError
    from linkcheck.providers.table import recognize

    now = surroundings.now()
    targets = {link.url: link.target for link in result.links}
    found: dict[str, FindingHistory] = {}
    for finding in result.findings:
        target = targets.get(finding.url or "")
        if finding.rule not in _DEATHS or target is None or finding.url is None:
            found[finding.fingerprint] = FindingHistory(confirmed=finding.rule not in _DEATHS)
            continue
        evidence = history.get(target, Evidence(target))
        with suppress(InvalidUrlError):
            recognized = recognize(expand(finding.url) or finding.url)
            found[finding.fingerprint] = finding_history(
                replace(recognized, target=target), evidence, config.rules.history, now
            )
    return found


class PullRequestProposer:
    """Makes the proposals: reads the files, and knows where they lie in the repository."""

    def __init__(
        self,
        result: RunResult,
        config: Config,
        surroundings: RunEnvironment,
        seen: ForgeState,
        label: str,
    ) -> None:
        self._result = result
        self._config = config
        self._cwd = surroundings.cwd
        self._now = surroundings.now()
        self._seen = seen
        self._label = label
        self._texts = read_texts(self._cwd, (f.span.file for f in result.findings))

    def all(self) -> tuple[Proposal, ...]:
        """Return the proposals of all groups, with paths as the repository has them."""
        from linkcheck.fixes.grouping import propose, with_repository_paths

        made = propose(self._result.findings, self._texts, self._loader, encoder_for)
        more = [p for p in (self._observed(), self._ignores()) if p is not None]
        return with_repository_paths([*made, *more], self._in_repository)

    def _loader(self, file: str) -> "Loader":
        from linkcheck.catalog.load import get_loader

        return get_loader(file, self._config.sources)

    def _in_repository(self, file: str) -> str:
        from linkcheck import git

        with suppress(UsageError, ValueError):
            top = git.repository_root(self._cwd).resolve()
            return (self._cwd / file).resolve().relative_to(top).as_posix()
        return file

    def _observed(self) -> Proposal | None:
        """Return the refreshed facts of a catalog that keeps them, where they are on disk."""
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
        """Return the ignores that a person ticked on the dashboard."""
        from linkcheck.fixes.add_ignore import wishes_for
        from linkcheck.forge.issue_marker import parse_marker, ticks
        from linkcheck.forge.planning.context import DASHBOARD, SILENT_DAYS

        ticked: set[str] = set()
        for issue in self._seen.issues:
            marker = parse_marker(issue.body)
            if marker and marker.kind == DASHBOARD and self._label in issue.labels:
                ticked |= ticks(issue.body).ignore
        chosen = {f.fingerprint: f for f in self._result.findings if f.fingerprint in ticked}
        if not chosen:
            return None
        known: dict[str, str] = {}
        for pull in self._seen.pulls:
            marker = parse_marker(pull.body)
            if marker and marker.key == PullRequestGroup.IGNORES.value and not pull.merged:
                known = {**marker.until, **known}
        last = (self._now + timedelta(days=SILENT_DAYS)).date().isoformat()
        until = {fingerprint: known.get(fingerprint, last) for fingerprint in chosen}
        own = {
            file: self._loader(file)
            for file in self._texts
            if file.endswith((".yaml", ".yml")) and not self._is_foreign(file)
        }
        files, changes = wishes_for(
            tuple(chosen.values()), until, self._texts, own, self._configuration()
        )
        return Proposal(PullRequestGroup.IGNORES, changes, files, until) if files else None

    def _is_foreign(self, file: str) -> bool:
        """Whether the file is in somebody else's layout, which has no place for an ignore."""
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
            return FileUpdate(str(path), "", "", new=True)
        text = full.read_bytes().decode("utf-8")
        name = os.path.relpath(full, self._cwd)
        return FileUpdate(name, text, text)
