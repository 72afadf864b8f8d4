"""Fixtures in which everything that a list links to exists and is healthy.

The items are derived from the list's links, as linkcheck reads them; anything else is missing. The
fixtures contain no evidence for or against the list: names are those in the URLs, there are no
descriptions and no base models, licenses are unknown to the service (``NOASSERTION``, ``other``),
titles of pages are their URLs, and papers of unknown title have none. Repositories and models have
the date that the entry states, papers that of their identifier.
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
"""Texts with fewer words are labels ("Paper", "Technical report"), not titles."""
DEFAULT_DATE = "2018-01-01"
_WORD = re.compile(r"[^\W\d_]{2,}")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")

Json = dict[str, Any]


@dataclass
class HealthyFixtures:
    """The fixtures for one list, and counts of the sources of paper titles."""

    items: dict[str, dict[str, Json]] = field(default_factory=dict)
    """Items by section and key."""
    titles: dict[str, int] = field(default_factory=lambda: {"given": 0, "stated": 0, "unknown": 0})
    now: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    @property
    def sections(self) -> dict[str, list[Json]]:
        """The fixtures as JSON, for ``python -m linkcheck.sandbox``."""
        return {section: list(items.values()) for section, items in self.items.items()}

    def item(self, section: str, key: str, **values: object) -> Json:
        """Return the item with this key; a new one gets these values."""
        return self.items.setdefault(section, {}).setdefault(key.lower(), dict(values))


def healthy_fixtures(file: Path, titles: Mapping[str, str]) -> HealthyFixtures:
    """Return the fixtures for a list; ``titles`` are true titles by arXiv identifier."""
    catalog = load_catalog([file], root=file.parent)
    identified = identify(catalog, recognize)
    fixtures = HealthyFixtures()
    stated, released = _stated(catalog, identified), _released(catalog, identified)
    for question in identified.requests:
        target = question.target
        since = f"{released.get(target, DEFAULT_DATE)}T00:00:00.000Z"
        match target.kind:
            case TargetKind.ARXIV:
                latest = max(question.versions, default=1)
                _paper(fixtures, target.key, titles, stated.get(target), versions=latest)
            case TargetKind.DOI:
                fixtures.item("dois", target.key, id=target.key)
            case TargetKind.GITHUB_REPO | TargetKind.GITHUB_PATH | TargetKind.GITHUB_OTHER:
                _github(fixtures, github_parts(target), target, since)
            case TargetKind.WEB:
                _page(fixtures, target.url)
            case _:
                _hub(fixtures, hub_parts(target), titles, stated.get(target), since)
    return fixtures


def _links(catalog: Catalog, identified: LinkIndex) -> Iterator[tuple[Any, Any, Target]]:
    for entry in catalog.entries:
        for link in entry.links:
            found = identified.identity(link).recognized
            if found is not None:
                yield entry, link, found.target


def _stated(catalog: Catalog, identified: LinkIndex) -> dict[Target, str]:
    """Return the titles that the list states, from the text of links or the names of entries.

    If it states two titles for one target, neither is used.
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
    """Return the first day of the earliest date that an entry states, by target."""
    released: dict[Target, str] = {}
    for entry, _, target in _links(catalog, identified):
        claim = entry.claims.released
        if claim is not None and _DATE.fullmatch(claim.value):
            day = (claim.value + "-01-01")[:10] if len(claim.value) != 7 else claim.value + "-01"
            released[target] = min(day, released.get(target, day))
    return released


def _paper(
    fixtures: HealthyFixtures,
    paper: str,
    titles: Mapping[str, str],
    stated: str | None,
    *,
    versions: int = 1,
    hub: bool = False,
) -> None:
    title = titles.get(paper) or stated or ""
    if paper not in fixtures.items.get("papers", {}):
        fixtures.titles["given" if paper in titles else "stated" if stated else "unknown"] += 1
    month = re.sub(r"^.*/", "", paper)[:4]
    century = "19" if month > "9000" else "20"
    item = fixtures.item(
        "papers",
        paper,
        id=paper,
        title=title,
        published=f"{century}{month[:2]}-{month[2:]}-01T00:00:00Z",
    )
    item["versions"] = max(versions, item.get("versions", 1))
    item["hub"] = hub or item.get("hub", False)


def _github(fixtures: HealthyFixtures, found: GitHubParts, target: Target, since: str) -> None:
    if found.what in ("user", "gist"):
        login = found.owner or "someone"
        owner = fixtures.item("owners", f"github/{login}", login=login)
        owner.setdefault("gists", [])
        if found.what == "gist":
            owner["gists"].append(found.name)
        return
    repository = fixtures.item(
        "repositories",
        found.full_name,
        name=found.full_name,
        license="NOASSERTION",
        stars=1,
        created_at=since.replace(".000", ""),
        pushed_at=fixtures.now,
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
        _page(fixtures, target.url)


def _add_file(repository: Json, found: GitHubParts) -> None:
    """Add a file or folder on the branch that the URL names."""
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
    fixtures: HealthyFixtures,
    found: HubParts,
    titles: Mapping[str, str],
    stated: str | None,
    since: str,
) -> None:
    owner = found.owner or ""
    if found.what == "paper":
        _paper(fixtures, found.id, titles, stated, hub=True)
    elif not found.kind:
        values = {"login": owner, "service": "huggingface", "organization": True}
        account = fixtures.item("owners", f"huggingface/{owner}", **values)
        if found.what == "collection":
            account.setdefault("collections", []).append(found.id)
    else:
        hub = fixtures.item(
            "hubs",
            f"{found.kind}/{found.id}",
            name=found.id,
            kind=found.kind,
            license="other",
            created_at=since,
            last_modified=fixtures.now,
        )
        if found.revision and found.revision != "main":
            hub.setdefault("revisions", []).append(found.revision)
        if found.what == "file":
            inside = "/README.md" if found.form == "tree" else ""
            hub.setdefault("files", []).append(f"{found.path}{inside}")


def _page(fixtures: HealthyFixtures, url: str) -> None:
    read = parse(url)
    host = fixtures.item("hosts", read.host, name=read.host, pages={})
    address = f"{read.path}?{read.query}" if read.query else read.path
    host["pages"][address] = {"title": f"{read.host}{read.path}"}
