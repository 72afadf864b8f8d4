"""Find the links whose lines were added lately, in the history of their files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from linkcheck.engine.identify import LinkIndex
from linkcheck.engine.link_status import is_missing
from linkcheck.engine.recency import RECENT, is_recent
from linkcheck.model.entry import Catalog, Link
from linkcheck.model.errors import UsageError
from linkcheck.model.observation import Evidence
from linkcheck.model.target import Target, TargetKind


def recent_links(
    catalog: Catalog,
    links: LinkIndex,
    evidence: Mapping[Target, Evidence],
    root: Path,
    now: datetime,
) -> frozenset[Link]:
    """Return the links to missing DOIs whose file lacked them :data:`RECENT` ago.

    Only links whose age nothing else shows are looked up. Those in the first commit of a young
    repository are not recent: a list may be older than its repository.
    """
    undated: dict[str, list[Link]] = defaultdict(list)
    for entry in catalog.entries:
        for link in entry.links:
            recognized = links.identity(link).recognized
            target = recognized.target if recognized else None
            if target is None or target.kind is not TargetKind.DOI:
                continue
            if is_missing(evidence.get(target)) and is_recent(entry, target, now) is None:
                undated[link.span.file].append(link)
    if not undated:
        return frozenset()
    return frozenset(_added_since(undated, root, now - RECENT))


def _added_since(links: Mapping[str, list[Link]], root: Path, moment: datetime) -> Iterable[Link]:
    from linkcheck import git

    commit = git.commit_before(root, moment)
    if commit is None:
        return
    try:
        top = git.repository_root(root)
        before, now = git.Revision(top, commit), git.Revision(top, "HEAD")
    except UsageError:
        return
    for file, added in links.items():
        try:
            path = (root / file).resolve().relative_to(top.resolve()).as_posix()
        except ValueError:
            continue
        if not now.has(path):
            continue  # not part of the history, or ignored
        text = before.read(path) or ""
        yield from (link for link in added if link.written not in text)
