"""A world in which everything that a list links to exists and is healthy.

What exists is read off the list's own links, with linkcheck's own reading of Markdown and of
addresses, so anything that a run asks for beyond them is missing, as it would be in life. Where the
list does not say how a thing is, the world says so little that it is evidence neither for nor
against the list: names are those of the addresses, nothing has a description, licenses are ones
that the service does not know (``NOASSERTION``, ``other``), no model card names a base model, pages
are called by their address, and a paper whose title nobody gives has none. Repositories and models
are as old as the entry says, papers as old as their identifiers.

Everything this module knows of linkcheck stands in its imports.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from linkcheck.catalog.load import load_catalog
from linkcheck.engine.identify import LinkIndex, identify
from linkcheck.model.entry import Catalog
from linkcheck.model.target import Target, TargetKind
from linkcheck.model.url import parse
from linkcheck.providers.github.recognize import GitHubParts
from linkcheck.providers.github.recognize import parts as github_parts
from linkcheck.providers.huggingface.recognize import HubParts
from linkcheck.providers.huggingface.recognize import parts as hub_parts
from linkcheck.providers.table import recognize

MIN_TITLE_WORDS = 4
"""Fewer words are a label ("Paper", "Technical report") and state no title."""
DEFAULT_DATE = "2018-01-01"
_WORD = re.compile(r"[^\W\d_]{2,}")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")

Json = dict[str, Any]


@dataclass
class Healthy:
    """A world for one list, and where the titles of its papers are from."""

    things: dict[str, dict[str, Json]] = field(default_factory=dict)
    """Section of the world to its things, by what tells them apart."""
    titles: dict[str, int] = field(default_factory=lambda: {"given": 0, "stated": 0, "unknown": 0})
    now: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    @property
    def world(self) -> dict[str, list[Json]]:
        """The world as JSON, for ``python -m linkcheck.sandbox``."""
        return {section: list(things.values()) for section, things in self.things.items()}

    def thing(self, section: str, key: str, **values: object) -> Json:
        """Return a thing of the world, made with these values where it is new."""
        return self.things.setdefault(section, {}).setdefault(key.lower(), dict(values))


def healthy(file: Path, titles: Mapping[str, str]) -> Healthy:
    """Return the world of a list; ``titles`` are true titles by arXiv identifier."""
    catalog = load_catalog([file], root=file.parent)
    identified = identify(catalog, recognize)
    made = Healthy()
    stated, released = _stated(catalog, identified), _released(catalog, identified)
    for question in identified.requests:
        target = question.target
        since = f"{released.get(target, DEFAULT_DATE)}T00:00:00.000Z"
        match target.kind:
            case TargetKind.ARXIV:
                latest = max(question.versions, default=1)
                _paper(made, target.key, titles, stated.get(target), versions=latest)
            case TargetKind.DOI:
                made.thing("dois", target.key, id=target.key)
            case TargetKind.GITHUB_REPO | TargetKind.GITHUB_PATH | TargetKind.GITHUB_OTHER:
                _github(made, github_parts(target), target, since)
            case TargetKind.WEB:
                _page(made, target.url)
            case _:
                _hub(made, hub_parts(target), titles, stated.get(target), since)
    return made


def _links(catalog: Catalog, identified: LinkIndex) -> Iterator[tuple[Any, Any, Target]]:
    for entry in catalog.entries:
        for link in entry.links:
            found = identified.identity(link).recognized
            if found is not None:
                yield entry, link, found.target


def _stated(catalog: Catalog, identified: LinkIndex) -> dict[Target, str]:
    """Return the titles that the list itself gives its links, by their words or the entry's.

    Where it gives one thing two titles it is not known which is right, so neither is taken.
    """
    stated: dict[Target, str | None] = {}
    for entry, link, target in _links(catalog, identified):
        for text in (link.text, entry.name):
            words = [word for word in text.split() if _WORD.search(word)]
            if len(words) >= MIN_TITLE_WORDS:
                same = stated.setdefault(target, text) == text
                stated[target] = text if same else None
                break
    return {target: text for target, text in stated.items() if text}


def _released(catalog: Catalog, identified: LinkIndex) -> dict[Target, str]:
    """Return the first day of the earliest date that an entry states for what it links to."""
    released: dict[Target, str] = {}
    for entry, _, target in _links(catalog, identified):
        claim = entry.claims.released
        if claim is not None and _DATE.fullmatch(claim.value):
            day = (claim.value + "-01-01")[:10] if len(claim.value) != 7 else claim.value + "-01"
            released[target] = min(day, released.get(target, day))
    return released


def _paper(
    made: Healthy,
    paper: str,
    titles: Mapping[str, str],
    stated: str | None,
    *,
    versions: int = 1,
    hub: bool = False,
) -> None:
    title = titles.get(paper) or stated or ""
    if paper not in made.things.get("papers", {}):
        made.titles["given" if paper in titles else "stated" if stated else "unknown"] += 1
    month = re.sub(r"^.*/", "", paper)[:4]
    century = "19" if month > "9000" else "20"
    thing = made.thing(
        "papers",
        paper,
        id=paper,
        title=title,
        published=f"{century}{month[:2]}-{month[2:]}-01T00:00:00Z",
    )
    thing["versions"] = max(versions, thing.get("versions", 1))
    thing["hub"] = hub or thing.get("hub", False)


def _github(made: Healthy, found: GitHubParts, target: Target, since: str) -> None:
    if found.what in ("user", "gist"):
        login = found.owner or "someone"
        owner = made.thing("owners", f"github/{login}", login=login)
        owner.setdefault("gists", [])
        if found.what == "gist":
            owner["gists"].append(found.name)
        return
    repository = made.thing(
        "repositories",
        found.full_name,
        name=found.full_name,
        license="NOASSERTION",
        stars=1,
        created_at=since.replace(".000", ""),
        pushed_at=made.now,
        files=["README.md"],
        branches=["master"],
    )
    if found.what == "path":
        _add_file(repository, found)
        return
    sections = {"issue": "issues", "pull": "pulls", "discussion": "discussions"}
    if found.what in sections:
        repository.setdefault(sections[found.what], []).append(int(found.rest))
    elif found.what == "commit":
        repository.setdefault("commits", []).append(found.rest)
    elif found.what == "release":
        form, _, tag = found.rest.partition("/")
        tag = tag.rpartition("/")[0] if form == "download" else tag
        repository.setdefault("tags", []).append(tag or "v1.0.0")
        repository["release"] = tag or "v1.0.0"
    elif found.what == "wiki":
        repository["wiki"] = True
    elif found.what == "unknown":
        _page(made, target.url)


def _add_file(repository: Json, found: GitHubParts) -> None:
    """Put a file or folder on the branch that the address names: its first part."""
    ref, _, path = (found.ref_and_path or "").partition("/")
    if ref not in ("HEAD", "main", *repository["branches"]):
        section = "commits" if re.fullmatch(r"[0-9a-f]{40}", ref) else "branches"
        repository.setdefault(section, []).append(ref)
    path = path.strip("/")
    if path:
        branch = "main" if ref == "HEAD" else ref
        inside = "/README.md" if found.form == "tree" else ""
        repository["files"].append(f"{branch}:{path}{inside}")


def _hub(
    made: Healthy, found: HubParts, titles: Mapping[str, str], stated: str | None, since: str
) -> None:
    owner = found.owner or ""
    if found.what == "paper":
        _paper(made, found.id, titles, stated, hub=True)
    elif not found.kind:
        values = {"login": owner, "service": "huggingface", "organization": True}
        account = made.thing("owners", f"huggingface/{owner}", **values)
        if found.what == "collection":
            account.setdefault("collections", []).append(found.id)
    else:
        hub = made.thing(
            "hubs",
            f"{found.kind}/{found.id}",
            name=found.id,
            kind=found.kind,
            license="other",
            created_at=since,
            last_modified=made.now,
        )
        if found.revision and found.revision != "main":
            hub.setdefault("revisions", []).append(found.revision)
        if found.what == "file":
            inside = "/README.md" if found.form == "tree" else ""
            hub.setdefault("files", []).append(f"{found.path}{inside}")


def _page(made: Healthy, url: str) -> None:
    read = parse(url)
    host = made.thing("hosts", read.host, name=read.host, pages={})
    address = f"{read.path}?{read.query}" if read.query else read.path
    host["pages"][address] = {"title": f"{read.host}{read.path}"}
