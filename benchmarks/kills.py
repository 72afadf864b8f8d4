"""Kill runs at random moments, and look at what is left: ``python -m benchmarks.kills``.

Each lane has a sandbox with a forge, a git repository with a catalog, and a store. Runs of the real
command line with ``--issues --pulls`` are ended by ``SIGKILL`` at random moments; after every few
of them one run is let through to its end. After each kill the store is opened and looked into.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.reliability import write_section
from linkcheck.model.observation import Gone, GoneReason, Observation
from linkcheck.model.target import Target, TargetKind
from linkcheck.sandbox import Sandbox, parse_fixture
from linkcheck.store import open_store

COMMAND = "python -m benchmarks.kills"
LANES = 4
PER_CYCLE = 5
"""Kills between two runs that are let through; the forge is begun anew after each of those."""
FORGE = "octo/catalog"
GONE = [f"octo/gone{n}" for n in range(3)]
WORLD = parse_fixture(
    {
        "repositories": [
            {"name": FORGE},
            *({"name": f"octo/new{n}", "previous": [f"octo/old{n}"]} for n in range(2)),
            *({"name": f"octo/good{n}"} for n in range(20)),
        ],
        "hubs": [{"name": f"lab/m{n}", "license": "mit"} for n in range(5)],
        "dois": [{"id": f"10.1000/{n}"} for n in range(5)],
        "hosts": [{"name": f"h{n}.example", "default": {"title": f"Page {n}"}} for n in range(10)],
    }
)
LINKS = [
    *(f"https://github.com/octo/good{n}" for n in range(20)),
    *(f"https://github.com/octo/old{n}" for n in range(2)),
    *(f"https://github.com/{name}" for name in GONE),
    *(f"https://huggingface.co/lab/m{n}" for n in range(5)),
    *(f"https://doi.org/10.1000/{n}" for n in range(5)),
    *(f"http://h{n}.example/" for n in range(10)),
]
CATALOG = "".join(
    f"- id: e{n}\n  name: E{n}\n  kind: tool\n  links:\n    homepage: {url}\n"
    for n, url in enumerate(LINKS)
)


@dataclass
class Tally:
    """What was seen in one lane."""

    kills: int = 0
    too_late: int = 0
    """Runs that had ended before they were to be killed."""
    opened: int = 0
    finished: int = 0
    observations: int = 0
    wrong: list[str] = field(default_factory=list)
    stages: Counter[str] = field(default_factory=Counter)


class Lane:
    """One machine, one repository, one bot."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.store = folder, folder / "store.db"
        self.random = random.Random(seed)
        self.tally = Tally()
        self.length = 1.0
        self.reported: dict[str, datetime] = {}
        (folder / "catalog").mkdir(parents=True)
        (folder / "catalog" / "all.yaml").write_text(CATALOG, encoding="utf-8")
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        for command in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "catalog")):
            subprocess.run(("git", *command), cwd=folder, check=True)
        earlier = datetime.now(UTC) - timedelta(days=5)
        with open_store(self.store) as store:
            store.record(
                [
                    Observation(
                        Target(TargetKind.GITHUB_REPO, name, f"https://github.com/{name}"),
                        earlier,
                        Gone(GoneReason.NOT_FOUND),
                    )
                    for name in GONE
                ]
            )

    def work(self, kills: int) -> Tally:
        """Do so many kills, with a whole run after every few."""
        with Sandbox.start(WORLD, enforce_limits=False) as sandbox:
            self._fresh_forge(sandbox)
            self._through(sandbox)
            while self.tally.kills < kills:
                self._fresh_forge(sandbox)
                for _ in range(min(PER_CYCLE, kills - self.tally.kills)):
                    self._kill(sandbox)
                self._through(sandbox)
        return self.tally

    def _fresh_forge(self, sandbox: Sandbox) -> None:
        forge = sandbox.hosts.github.forge
        forge.forget()
        self.forge = forge.open(FORGE, {"catalog/all.yaml": CATALOG})

    def _start(self, sandbox: Sandbox) -> subprocess.Popen[str]:
        environment = {
            **sandbox.base_urls(),
            "LINKCHECK_DOI_URL": f"http://127.0.0.1:{sandbox.ports['doi']}",
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GITHUB_TOKEN": "sandbox",
            "HTTP_PROXY": sandbox.address,
            "NO_PROXY": "127.0.0.1,localhost",
            "PYTHONUTF8": "1",
        }
        return subprocess.Popen(
            (
                *(sys.executable, "-m", "linkcheck", "run", "--store", "store.db"),
                *("--max-age", "0", "--issues", "--pulls", "--repo", FORGE, "--format", "json"),
            ),
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _kill(self, sandbox: Sandbox) -> None:
        writes = len(self.forge.writes)
        process = self._start(sandbox)
        time.sleep(self.random.uniform(0.05, 0.9) * self.length)
        process.kill()
        out, err = process.communicate()
        self.tally.kills += 1
        if process.returncode >= 0:
            self.tally.too_late += 1
            self._remember(out, f"{process.returncode}: {err}")
        made = len(self.forge.writes) - writes
        self.tally.stages["while writing to the forge" if made else "before"] += 1
        self._look()

    def _through(self, sandbox: Sandbox) -> None:
        began = time.monotonic()
        process = self._start(sandbox)
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.tally.wrong.append("a run after kills did not end")
            return
        self.length = time.monotonic() - began
        if process.returncode not in (0, 1):
            self.tally.wrong.append(f"a run after kills ended with {process.returncode}: {err}")
            return
        self.tally.finished += 1
        self._remember(out, err)
        self._look()
        self._judge_forge()

    def _remember(self, out: str, err: str) -> None:
        try:
            report = json.loads(out)
        except ValueError:
            self.tally.wrong.append(f"a run that ended printed no whole report ({err})")
            return
        for link in report["links"]:
            if link["target"] and link["checked_at"] and link["status"] != "skipped":
                target = f"{link['target']['kind']}:{link['target']['id']}"
                self.reported[target] = datetime.fromisoformat(link["checked_at"])

    def _look(self) -> None:
        """Open the store; everything last reported must be in it."""
        with open_store(self.store) as store:
            if store.notices:
                self.tally.wrong.append(f"the store was damaged: {store.notices}")
            known = {str(e.target): e.observations for e in store.all_targets_history()}
        self.tally.opened += 1
        self.tally.observations = sum(len(rows) for rows in known.values())
        for target, at in self.reported.items():
            if not any(abs((o.at - at).total_seconds()) < 1 for o in known.get(target, ())):
                self.tally.wrong.append(f"lost: {target} as seen at {at}")

    def _judge_forge(self) -> None:
        open_ones = [i for i in self.forge.issues.values() if i["state"] == "open"]
        titles = Counter(issue["title"] for issue in open_ones)
        self.tally.wrong += [f"{n} times: {title}" for title, n in titles.items() if n > 1]
        found = sum(any(name in issue["title"] for name in GONE) for issue in open_ones)
        heads = Counter(p["head"]["ref"] for p in self.forge.pulls.values())
        self.tally.wrong += [f"{n} pull requests from {head}" for head, n in heads.items() if n > 1]
        self.tally.stages["issues"] = max(self.tally.stages["issues"], len(titles))
        self.tally.stages["pulls"] = max(self.tally.stages["pulls"], len(heads))
        if not found and not titles:
            self.tally.wrong.append("no issue was opened for what is gone")


def run(kills: int, seed: int, lanes: int = LANES) -> list[Tally]:
    """Run all lanes side by side; returns one tally of each."""
    share = [kills // lanes + (n < kills % lanes) for n in range(lanes)]
    with tempfile.TemporaryDirectory() as top, ThreadPoolExecutor(lanes) as threads:
        jobs = [
            threads.submit(Lane(Path(top) / str(n), seed + n).work, share[n]) for n in range(lanes)
        ]
        return [job.result() for job in jobs]


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, count, write the counts; 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--lanes", type=int, default=LANES)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--check", action="store_true", help="do not write docs/reliability.md")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    tallies = run(chosen.kills, chosen.seed, chosen.lanes)
    seconds = time.monotonic() - began
    wrong = [word for tally in tallies for word in tally.wrong]
    for word in wrong:
        print(f"WRONG {word}")
    rows = [
        ("runs killed", sum(t.kills for t in tallies)),
        ("… of them while the forge was being written to", _stage(tallies, "while")),
        ("… of them after their last word, so not killed at all", sum(t.too_late for t in tallies)),
        ("times the store opened afterwards, undamaged", sum(t.opened for t in tallies)),
        ("runs let through, each to its end", sum(t.finished for t in tallies)),
        ("reported observations lost", sum("lost" in word for word in wrong)),
        ("issues and pull requests doubled", sum("times:" in w or "from" in w for w in wrong)),
        ("anything else wrong", len(wrong)),
    ]
    text = "\n".join(["| what | count |", "| --- | ---: |", *(f"| {a} | {b} |" for a, b in rows)])
    most = max(tallies, key=lambda tally: tally.stages["issues"])
    print(text)
    if not chosen.check:
        words = (
            f"{chosen.lanes} stores and forges side by side, {seconds:.0f} s in all, seed "
            f"{chosen.seed}; {most.stages['issues']} issues and {most.stages['pulls']} pull "
            "requests are due in each."
        )
        command = f"{COMMAND} --kills {chosen.kills} --lanes {chosen.lanes} --seed {chosen.seed}"
        write_section("kills", command, f"{words}\n\n{text}")
    return 1 if wrong else 0


def _stage(tallies: Sequence[Tally], word: str) -> int:
    return sum(count for t in tallies for name, count in t.stages.items() if name.startswith(word))


if __name__ == "__main__":
    sys.exit(main())
