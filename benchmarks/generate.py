"""Generate fixtures and catalogs of any size, with the expected status of each link.

Run ``python -m benchmarks.generate 10000 -o FOLDER``: writes ``fixtures.json`` (for
``python -m linkcheck.sandbox``), ``catalog.md`` and ``expected.json``. The same size and seed give
the same files on every machine.

The mix of ``mixed``: half GitHub (repositories, and one in eight a file or folder in one), a fifth
Hugging Face, a tenth arXiv, a fifth pages on 400 hosts. One link in twenty is broken, spread over
all services. ``pages`` has pages on 400 hosts and nothing else.
"""

import argparse
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOSTS = 400
BROKEN = 20
"""One link in this many is broken."""
RENAMED = 50
"""One repository in this many was renamed, which is not an error."""
UNLISTED = 2
"""Repositories of an owner on Hugging Face for each one in the catalog."""
ENTRIES_PER_FILE = 5000

Json = dict[str, Any]


@dataclass
class Generated:
    """Fixtures, the links in catalog order, and the expected status of each."""

    fixtures: dict[str, list[Json]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)
    """URL to ``alive`` or ``dead``."""
    names: dict[str, str] = field(default_factory=dict)
    """URL to its name in the catalog."""

    def add_link(self, url: str, name: str, *, alive: bool) -> None:
        """Add a link under a name."""
        self.links.append(url)
        self.names[url] = name
        self.expected[url] = "alive" if alive else "dead"

    def write(self, folder: Path) -> list[Path]:
        """Write fixtures, catalog and expected statuses; return the catalog's files."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fixtures.json").write_text(json.dumps(self.fixtures), "utf-8")
        (folder / "expected.json").write_text(json.dumps(self.expected), "utf-8")
        files = []
        for start in range(0, len(self.links), ENTRIES_PER_FILE):
            path = folder / f"catalog-{start // ENTRIES_PER_FILE:02}.md"
            part = self.links[start : start + ENTRIES_PER_FILE]
            lines = (f"- [{self.names[url]}]({url}) - one of many.\n" for url in part)
            path.write_text("# Things\n\n" + "".join(lines), "utf-8")
            files.append(path)
        return files


def mixed(links: int, seed: int = 8) -> Generated:
    """Return fixtures with links of all services."""
    chance = random.Random(seed)
    generated = Generated()
    _github(generated, links // 2, chance)
    _huggingface(generated, links // 5, chance)
    _arxiv(generated, links // 10)
    _pages(generated, links - links // 2 - links // 5 - links // 10)
    chance.shuffle(generated.links)
    return generated


def pages(links: int, seed: int = 8) -> Generated:
    """Return fixtures with pages on 400 hosts only."""
    generated = Generated()
    _pages(generated, links)
    random.Random(seed).shuffle(generated.links)
    return generated


KINDS = {"mixed": mixed, "pages": pages}


def _github(generated: Generated, links: int, chance: random.Random) -> None:
    repositories = generated.fixtures.setdefault("repositories", [])
    for n in range(links):
        name = f"maker-{n * 7919 % max(links // 2, 1)}/tool-{n}"
        alive = n % BROKEN != 0
        if n % 8 == 3:
            generated.add_link(
                f"https://github.com/{name}/blob/main/docs/guide.md", f"tool-{n}", alive=alive
            )
            repositories.append(_repository(name, chance, guide=alive))
            continue
        generated.add_link(f"https://github.com/{name}", f"tool-{n}", alive=alive)
        if not alive:
            continue
        repository = _repository(name, chance, guide=False)
        if n % RENAMED == 1:
            repository["previous"] = [name]
            repository["name"] = f"{name}-next"
        repositories.append(repository)


def _repository(name: str, chance: random.Random, *, guide: bool) -> Json:
    return {
        "name": name,
        "stars": chance.randrange(20_000),
        "license": chance.choice(["MIT", "Apache-2.0", "GPL-3.0", None]),
        "description": "One of many, made up for a benchmark",
        "files": ["README.md", "docs/guide.md"] if guide else ["README.md"],
    }


def _huggingface(generated: Generated, links: int, chance: random.Random) -> None:
    """Add repositories: most owners have one in the catalog, a few have dozens."""
    hubs = generated.fixtures.setdefault("hubs", [])
    prefixes = {"model": "", "dataset": "datasets/", "space": "spaces/"}
    kinds = ["model"] * 7 + ["dataset"] * 2 + ["space"]
    owners = max(links // 3, 1)
    for n in range(links):
        owner = f"lab-{int(owners * chance.random() ** 2.5)}"
        kind = kinds[n * 7 % 10]
        name = f"{owner}/{kind}-{n}"
        alive = n % BROKEN != 0
        generated.add_link(
            f"https://huggingface.co/{prefixes[kind]}{name}", f"{kind}-{n}", alive=alive
        )
        if alive:
            hubs.append({"name": name, "kind": kind, "license": "apache-2.0", "likes": n})
        hubs.extend(
            {"name": f"{owner}/other-{n}-{more}", "kind": kind} for more in range(UNLISTED - 1)
        )


def _arxiv(generated: Generated, links: int) -> None:
    papers = generated.fixtures.setdefault("papers", [])
    for n in range(links):
        paper = f"{15 + n // 9000:02}{1 + n // 750 % 12:02}.{n % 750 + 1:05}"
        alive = n % BROKEN != 0
        generated.add_link(f"https://arxiv.org/abs/{paper}", f"Thing {n} considered", alive=alive)
        if alive:
            papers.append({"id": paper, "title": f"Thing {n} considered"})


def _pages(generated: Generated, links: int) -> None:
    hosts: list[Json] = [{"name": f"site-{n}.pages.alt", "pages": {}} for n in range(HOSTS)]
    for n in range(links):
        host = hosts[n % HOSTS]
        path = f"/page/{n}"
        alive = n % BROKEN != 0
        generated.add_link(f"https://{host['name']}{path}", f"Page {n}", alive=alive)
        if alive:
            host["pages"][path] = {"title": f"Page {n}", "headers": {"etag": f'"{n}"'}}
    generated.fixtures["hosts"] = hosts


def main() -> None:
    """Generate the files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("links", type=int)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--kind", choices=KINDS, default="mixed")
    options = parser.parse_args()
    for file in KINDS[options.kind](options.links).write(options.output):
        print(file)


if __name__ == "__main__":
    main()
