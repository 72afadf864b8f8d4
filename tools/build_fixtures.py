"""Add fixtures for every link of the catalog to the sandbox.

For every link in ``catalog/`` and in ``tests/data/seed_urls.txt`` without a fixture, a plausible
item is added; existing items keep their values. Made-up values are derived from the item's name and
listed in its ``assumed``.

    python tools/build_fixtures.py          # add missing items
    python tools/build_fixtures.py --check  # print missing items; fail if there are any
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from linkcheck.model.target import TargetKind
from linkcheck.model.url import InvalidUrlError, is_skipped_scheme, parse
from linkcheck.providers.table import recognize

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "src" / "linkcheck" / "sandbox" / "catalog_fixtures"
AS_OF = "2026-11-01T00:00:00Z"
SECTIONS = {
    "github.json": ("repositories", "owners"),
    "huggingface.json": ("hubs", "owners"),
    "papers.json": ("papers", "dois"),
    "web.json": ("hosts",),
}
CHALLENGE_HOSTS = frozenset({"openai.com", "www.sciencedirect.com", "www.biorxiv.org"})
MISSING_PATHS = frozenset({"English_vision.md"})
"""Paths that do not exist any more."""
BLOCKING_HOSTS = {
    "www.tandfonline.com": 403,
    "academic.oup.com": 403,
    "www.mdpi.com": 403,
    "www.pnas.org": 403,
    "onlinelibrary.wiley.com": 403,
    "ieeexplore.ieee.org": 418,
    "www.linkedin.com": 999,
}
"""Hosts that block programs, with the status."""

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mention:
    """A link with its role and entry."""

    url: str
    role: str = ""
    entry: Item | None = None

    @property
    def name(self) -> str | None:
        """The entry's name."""
        return str(self.entry["name"]) if self.entry and "name" in self.entry else None

    def license(self, part: str) -> str | None:
        """Return the license that the entry claims for ``code``, ``weights`` or ``data``."""
        claim = self.entry.get("license") if self.entry else None
        found = claim.get(part) if isinstance(claim, dict) else claim
        return found if isinstance(found, str) else None


def number(*parts: str, below: int) -> int:
    """Return a deterministic number for the parts."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return int(digest[:15], 16) % below


def mentions() -> Iterator[Mention]:
    """Yield every link of the catalog (dated entries first), then those of the source lists."""
    files = sorted((ROOT / "catalog").rglob("*.yaml"))
    entries = [entry for file in files for entry in yaml.safe_load(file.read_text("utf-8")) or []]
    for entry in sorted(entries, key=lambda entry: "released" not in entry):
        for role, value in (entry.get("links") or {}).items():
            for url in value if isinstance(value, list) else [value]:
                yield Mention(str(url), role, entry)
    for line in (ROOT / "tests" / "data" / "seed_urls.txt").read_text("utf-8").splitlines():
        yield Mention(line.partition("\t")[0])


class Builder:
    """The fixture files as JSON, and the names of the added items."""

    def __init__(self) -> None:
        self.files = {name: _read(FIXTURES / name, keys) for name, keys in SECTIONS.items()}
        self.added: list[str] = []

    def _items(self, file: str, section: str) -> list[Item]:
        found: list[Item] = self.files[file][section]
        return found

    def add(self, mention: Mention) -> None:
        """Add the target of a link if it is missing."""
        try:
            if is_skipped_scheme(mention.url):
                return
            found = recognize(mention.url)
        except InvalidUrlError:
            return
        target = found.target
        match target.kind:
            case TargetKind.GITHUB_REPO | TargetKind.GITHUB_PATH:
                self._github(mention, target.url)
            case TargetKind.GITHUB_OTHER:
                self._github_other(target.url)
            case TargetKind.HF_MODEL | TargetKind.HF_DATASET | TargetKind.HF_SPACE:
                self._hub(mention, target.kind.removeprefix("hf-"), target.url)
            case TargetKind.HF_OTHER:
                self._hub_other(mention, target.url)
            case TargetKind.ARXIV:
                self._paper(mention, target.key, found.version or 1)
            case TargetKind.DOI:
                self._doi(mention, target.key)
            case TargetKind.WEB:
                self._page(mention, target.url)

    def _repository(self, mention: Mention, name: str) -> Item:
        items = self._items("github.json", "repositories")
        for item in items:
            names = (item["name"], *item.get("previous", ()))
            if name.lower() in (n.lower() for n in names):
                break
        else:
            item = {"name": name}
            items.append(item)
            self.added.append(f"github.com/{name}")
        size = number("stars", name.lower(), below=4000) + 20
        guesses: Item = {
            "description": mention.name,
            "stars": size,
            "forks": size // 7,
            "language": "Python",
            "created_at": f"{_created(mention, name).isoformat()}T08:00:00Z",
            "pushed_at": f"2026-{number('pushed', name, below=9) + 1:02}-11T10:00:00Z",
            "license": mention.license("code"),
        }
        _assume(item, guesses)
        return item

    def _github(self, mention: Mention, url: str) -> None:
        parts = [part for part in parse(url).path.split("/") if part]
        item = self._repository(mention, "/".join(parts[:2]))
        if len(parts) < 4 or parts[2] not in ("tree", "blob", "raw", "blame"):
            return
        branch, path = parts[3], _unquoted("/".join(parts[4:]))
        default = item.setdefault("default_branch", branch)
        if branch not in (default, *item.get("branches", ()), *item.get("renamed_branches", ())):
            item.setdefault("branches", []).append(branch)
        files = item.setdefault("files", ["README.md"])
        if path and parts[2] == "tree" and not any(f.startswith(f"{path}/") for f in files):
            files.append(f"{path}/README.md")
        elif path and parts[2] != "tree" and path not in files and path not in MISSING_PATHS:
            files.append(path)

    def _github_other(self, url: str) -> None:
        parts = [part for part in parse(url).path.split("/") if part]
        owners = self._items("github.json", "owners")
        if parts and parts[0].lower() not in (o["login"].lower() for o in owners):
            owners.append({"login": parts[0], "assumed": ["*"]})
            self.added.append(url)

    def _hub(self, mention: Mention, kind: str, url: str) -> None:
        parts = [p for p in parse(url).path.split("/") if p and p not in ("datasets", "spaces")]
        name = "/".join(parts[:2])
        items = self._items("huggingface.json", "hubs")
        for item in items:
            names = (item["name"], *item.get("previous", ()))
            same = item.get("kind", "model") == kind
            if same and name.lower() in (n.lower() for n in names):
                break
        else:
            item = {"name": name, "kind": kind}
            items.append(item)
            self.added.append(url)
        claimed = mention.license("data" if kind == "dataset" else "weights")
        likes = number("likes", kind, name.lower(), below=300) + 3
        month = number("changed", kind, name, below=12) + 1
        guesses: Item = {
            "title": mention.name,
            "license": claimed.lower() if claimed else None,
            "likes": likes,
            "downloads": likes * 20,
            "last_modified": f"2024-{month:02}-20T09:00:00.000Z",
        }
        _assume(item, guesses)

    def _hub_other(self, mention: Mention, url: str) -> None:
        parts = [part for part in parse(url).path.split("/") if part]
        if len(parts) > 4 and parts[-3] in ("blob", "resolve", "tree"):
            self._hub(mention, "dataset" if parts[0] == "datasets" else "model", url)
            return
        owners = self._items("huggingface.json", "owners")
        if len(parts) == 1 and parts[0].lower() not in (o["login"].lower() for o in owners):
            organization = {"service": "huggingface", "organization": True, "assumed": ["*"]}
            owners.append({"login": parts[0], **organization})
            self.added.append(url)

    def _paper(self, mention: Mention, key: str, version: int) -> None:
        items = self._items("papers.json", "papers")
        item = next((i for i in items if i["id"] == key), None)
        if item is None:
            item = {"id": key}
            items.append(item)
            self.added.append(f"arXiv:{key}")
        match = re.match(r"(?:[a-z.-]+/)?(\d\d)(\d\d)", key)
        year, month = match.groups() if match else ("23", "01")
        guesses: Item = {
            "title": mention.name or f"The paper {key}",
            "published": f"20{year}-{month}-15T12:00:00Z",
        }
        _assume(item, guesses)
        if item.get("versions", 1) < version:
            item["versions"] = version

    def _doi(self, mention: Mention, key: str) -> None:
        items = self._items("papers.json", "dois")
        if key not in (i["id"].lower() for i in items):
            items.append({"id": key, "title": mention.name, "assumed": ["*"]})
            self.added.append(f"doi:{key}")

    def _page(self, mention: Mention, url: str) -> None:
        for address in dict.fromkeys((url, mention.url)):
            parsed = parse(address)
            path = parsed.path + (f"?{parsed.query}" if parsed.query else "")
            self._address(mention, parsed.host, path)

    def _address(self, mention: Mention, name: str, path: str) -> None:
        hosts = self._items("web.json", "hosts")
        host = next((h for h in hosts if h["name"] == name), None)
        if host is None:
            host = {"name": name, "pages": {}}
            hosts.append(host)
        pages = host.setdefault("pages", {})
        if path in pages or "default" in host:
            return
        page = pages.setdefault(path, {"assumed": True})
        self.added.append(f"{name}{path}")
        acl = re.fullmatch(r"/anthology/(?:papers/)?(?:\w/\w\d\d/)?([^/]+?)/?", path)
        if name.endswith("aclweb.org") and acl:
            page |= {"status": 301, "location": f"https://aclanthology.org/{acl.group(1)}"}
            self._address(mention, "aclanthology.org", f"/{acl.group(1)}")
        elif name in CHALLENGE_HOSTS:
            headers = {"server": "cloudflare", "cf-mitigated": "challenge"}
            page |= {"status": 403, "headers": headers, "title": "Just a moment..."}
        elif name in BLOCKING_HOSTS:
            page["status"] = BLOCKING_HOSTS[name]
        elif path.lower().endswith(".pdf"):
            page |= {"content_type": "application/pdf", "body": "%PDF-1.5"}
        elif mention.name:
            page["title"] = mention.name

    def write(self) -> None:
        """Write the files, one item per line."""
        for name, sections in self.files.items():
            (FIXTURES / name).write_text(_dump(sections), "utf-8")


def _created(mention: Mention, name: str) -> date:
    """Return a day some months before the entry's release, so that no rule finds a mismatch."""
    released = str((mention.entry or {}).get("released", "2022"))
    year, month, day = (*map(int, released.split("-")), 1, 1)[:3]
    return date(year, month, day) - timedelta(days=10 + number("created", name, below=240))


def _unquoted(path: str) -> str:
    raw = re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), path.encode())
    return raw.decode("utf-8", "replace")


def _assume(item: Item, guesses: Item) -> None:
    """Set missing fields of the item, and list them in ``assumed``."""
    assumed = item.setdefault("assumed", [])
    for key, value in guesses.items():
        if key not in item and value is not None:
            item[key] = value
            assumed.append(key)


def _read(file: Path, sections: tuple[str, ...]) -> dict[str, Any]:
    raw = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return {"as_of": raw.get("as_of", AS_OF), **{key: raw.get(key, []) for key in sections}}


def _order(item: Item) -> str:
    return str(item.get("name") or item.get("id") or item.get("login")).lower()


def _dump(sections: dict[str, Any]) -> str:
    parts = []
    for key, value in sections.items():
        if isinstance(value, list):
            lines = (json.dumps(i, ensure_ascii=False) for i in sorted(value, key=_order))
            parts.append(f"  {json.dumps(key)}: [\n    " + ",\n    ".join(lines) + "\n  ]")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts).replace("[\n    \n  ]", "[]") + "\n}\n"


def main() -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, fail if needed")
    options = parser.parse_args()
    builder = Builder()
    for mention in mentions():
        builder.add(mention)
    for name in builder.added:
        sys.stdout.write(f"+ {name}\n")
    if options.check:
        return 1 if builder.added else 0
    builder.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
