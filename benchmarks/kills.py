"""Kill runs at random moments and check the state they leave: ``python -m benchmarks.kills``.

Each lane has a sandbox with a forge, a git repository with a catalog, and a store. Runs of the real
command line with ``--issues --pulls`` are ended by ``SIGKILL`` at random moments; after every few
of them one run completes. The store is checked after each kill.
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
from linkcheck.sandbox import Sandbox, parse_fixtures
from linkcheck.store import open_store

COMMAND = "python -m benchmarks.kills"
LANES = 4
KILLS_PER_CYCLE = 5
"""Kills between two complete runs; the forge is reset after each complete run."""
FORGE = "octo/catalog"
GONE = [f"octo/gone{n}" for n in range(3)]
FIXTURES = parse_fixtures(
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
class Counts:
    """The counts of one lane."""

    kills: int = 0
    ended_before_kill: int = 0
    """Runs that ended before the kill."""
    opened: int = 0
    finished: int = 0
    observations: int = 0
    wrong: list[str] = field(default_factory=list)
    stages: Counter[str] = field(default_factory=Counter)


class Lane:
    """A machine with one repository and one bot."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.store = folder, folder / "store.db"
        self.random = random.Random(seed)
        self.counts = Counts()
        self.run_seconds = 1.0
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

    def run_cycles(self, kills: int) -> Counts:
        """Kill this many runs, with a complete run after every few."""
        with Sandbox.start(FIXTURES, enforce_limits=False) as sandbox:
            self._reset_forge(sandbox)
            self._complete_run(sandbox)
            while self.counts.kills < kills:
                self._reset_forge(sandbox)
                for _ in range(min(KILLS_PER_CYCLE, kills - self.counts.kills)):
                    self._kill(sandbox)
                self._complete_run(sandbox)
        return self.counts

    def _reset_forge(self, sandbox: Sandbox) -> None:
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
        time.sleep(self.random.uniform(0.05, 0.9) * self.run_seconds)
        process.kill()
        out, err = process.communicate()
        self.counts.kills += 1
        if process.returncode >= 0:
            self.counts.ended_before_kill += 1
            self._record_report(out, f"{process.returncode}: {err}")
        made = len(self.forge.writes) - writes
        self.counts.stages["while writing to the forge" if made else "before"] += 1
        self._check_store()

    def _complete_run(self, sandbox: Sandbox) -> None:
        start = time.monotonic()
        process = self._start(sandbox)
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.counts.wrong.append("a run after kills did not end")
            return
        self.run_seconds = time.monotonic() - start
        if process.returncode not in (0, 1):
            self.counts.wrong.append(f"a run after kills ended with {process.returncode}: {err}")
            return
        self.counts.finished += 1
        self._record_report(out, err)
        self._check_store()
        self._check_forge()

    def _record_report(self, out: str, err: str) -> None:
        try:
            report = json.loads(out)
        except ValueError:
            self.counts.wrong.append(f"a run that ended printed no whole report ({err})")
            return
        for link in report["links"]:
            if link["target"] and link["checked_at"] and link["status"] != "skipped":
                target = f"{link['target']['kind']}:{link['target']['id']}"
                self.reported[target] = datetime.fromisoformat(link["checked_at"])

    def _check_store(self) -> None:
        """Check that the store opens and contains everything last reported."""
        with open_store(self.store) as store:
            if store.notices:
                self.counts.wrong.append(f"the store was damaged: {store.notices}")
            known = {str(e.target): e.observations for e in store.all_targets_history()}
        self.counts.opened += 1
        self.counts.observations = sum(len(rows) for rows in known.values())
        for target, at in self.reported.items():
            if not any(abs((o.at - at).total_seconds()) < 1 for o in known.get(target, ())):
                self.counts.wrong.append(f"lost: {target} as seen at {at}")

    def _check_forge(self) -> None:
        open_ones = [i for i in self.forge.issues.values() if i["state"] == "open"]
        titles = Counter(issue["title"] for issue in open_ones)
        self.counts.wrong += [f"{n} times: {title}" for title, n in titles.items() if n > 1]
        found = sum(any(name in issue["title"] for name in GONE) for issue in open_ones)
        heads = Counter(p["head"]["ref"] for p in self.forge.pulls.values())
        self.counts.wrong += [
            f"{n} pull requests from {head}" for head, n in heads.items() if n > 1
        ]
        self.counts.stages["issues"] = max(self.counts.stages["issues"], len(titles))
        self.counts.stages["pulls"] = max(self.counts.stages["pulls"], len(heads))
        if not found and not titles:
            self.counts.wrong.append("no issue was opened for what is gone")


def run(kills: int, seed: int, lanes: int = LANES) -> list[Counts]:
    """Run all lanes concurrently; return the counts of each."""
    share = [kills // lanes + (n < kills % lanes) for n in range(lanes)]
    with tempfile.TemporaryDirectory() as top, ThreadPoolExecutor(lanes) as threads:
        jobs = [
            threads.submit(Lane(Path(top) / str(n), seed + n).run_cycles, share[n])
            for n in range(lanes)
        ]
        return [job.result() for job in jobs]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--lanes", type=int, default=LANES)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--check", action="store_true", help="do not write docs/reliability.md")
    chosen = parser.parse_args(arguments)
    start = time.monotonic()
    all_counts = run(chosen.kills, chosen.seed, chosen.lanes)
    seconds = time.monotonic() - start
    wrong = [word for counts in all_counts for word in counts.wrong]
    for word in wrong:
        print(f"WRONG {word}")
    rows = [
        ("runs killed", sum(t.kills for t in all_counts)),
        ("… of them while the forge was being written to", _stage(all_counts, "while")),
        (
            "… of them after their last word, so not killed at all",
            sum(t.ended_before_kill for t in all_counts),
        ),
        ("times the store opened afterwards, undamaged", sum(t.opened for t in all_counts)),
        ("runs let through, each to its end", sum(t.finished for t in all_counts)),
        ("reported observations lost", sum("lost" in word for word in wrong)),
        ("issues and pull requests doubled", sum("times:" in w or "from" in w for w in wrong)),
        ("anything else wrong", len(wrong)),
    ]
    text = "\n".join(["| what | count |", "| --- | ---: |", *(f"| {a} | {b} |" for a, b in rows)])
    longest = max(all_counts, key=lambda counts: counts.stages["issues"])
    print(text)
    if not chosen.check:
        caption = (
            f"{chosen.lanes} stores and forges side by side, {seconds:.0f} s in all, seed "
            f"{chosen.seed}; {longest.stages['issues']} issues and {longest.stages['pulls']} pull "
            "requests are due in each."
        )
        command = f"{COMMAND} --kills {chosen.kills} --lanes {chosen.lanes} --seed {chosen.seed}"
        write_section("kills", command, f"{caption}\n\n{text}")
    return 1 if wrong else 0


def _stage(all_counts: Sequence[Counts], word: str) -> int:
    return sum(
        count for t in all_counts for name, count in t.stages.items() if name.startswith(word)
    )


if __name__ == "__main__":
    sys.exit(main())
