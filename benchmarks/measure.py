"""Run and measure processes, and run a sandbox in a separate process."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ProcessResult:
    """A finished or stopped process."""

    wall: float
    """Seconds from start to end."""
    cpu: float
    """Seconds of user and system time."""
    peak_mb: float
    stopped: bool
    """Whether it was stopped at the timeout."""
    out: str
    err: str


@dataclass
class SandboxProcess:
    """A sandbox in another process; it has counts after its end."""

    port: int
    counts: dict[str, Any] = field(default_factory=dict)
    cpu: float = 0.0


class _PeakMemory(threading.Thread):
    """Reads the peak memory of a running process.

    ``ru_maxrss`` at its end includes the parent's memory at the fork.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.mb = 0.0
        self.ended = threading.Event()
        self._status = Path(f"/proc/{pid}/status")

    def run(self) -> None:
        """Read until the process ends; the value stays 0 on systems without ``/proc``."""
        while not self.ended.wait(0.02):
            try:
                lines = self._status.read_text("ascii", "replace").splitlines()
            except OSError:
                return
            found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
            if found:
                self.mb = int(found[0]) / 1024


def run(command: Sequence[str], env: Mapping[str, str], timeout: float) -> ProcessResult:
    """Run a command until it ends or the timeout in seconds expires."""
    start = time.perf_counter()
    child = subprocess.Popen(
        command,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    texts: dict[str, bytes] = {}
    readers = []
    for name, stream in (("out", child.stdout), ("err", child.stderr)):
        reader = threading.Thread(target=lambda n=name, s=stream: texts.update({n: s.read()}))
        reader.start()
        readers.append(reader)
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        os.killpg(child.pid, signal.SIGKILL)

    timer = threading.Timer(timeout, stop)
    timer.start()
    peaks = _PeakMemory(child.pid)
    peaks.start()
    _, _, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    timer.cancel()
    peaks.ended.set()
    child.returncode = 0
    for reader in readers:
        reader.join()
    for stream in (child.stdout, child.stderr):
        if stream:
            stream.close()
    most = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return ProcessResult(
        wall,
        usage.ru_utime + usage.ru_stime,
        peaks.mb or most,
        stopped.is_set(),
        texts.get("out", b"").decode(errors="replace"),
        texts.get("err", b"").decode(errors="replace"),
    )


@contextmanager
def run_sandbox(
    fixtures: Path, *, latency: float, time_scale: float, limits: bool
) -> Iterator[SandboxProcess]:
    """Yield a sandbox with these fixtures; its counts are set after the block."""
    command = [sys.executable, "-m", "linkcheck.sandbox", str(fixtures), "--latency", str(latency)]
    command += ["--time-scale", str(time_scale)] if limits else ["--no-limits"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the sandbox has no pipes")
    first = json.loads(child.stdout.readline())
    sandbox = SandboxProcess(first["port"])
    try:
        yield sandbox
    finally:
        child.stdin.close()
        sandbox.counts = json.loads(child.stdout.read())
        child.stdout.close()
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = 0
        sandbox.cpu = usage.ru_utime + usage.ru_stime
