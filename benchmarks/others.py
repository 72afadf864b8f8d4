"""Run other link checkers against the sandbox and read their output.

The sandbox is their HTTP proxy, so that the tool's limits per host apply; ``https:`` links are
requested over ``http:``. Not covered: lychee falls back to GitHub's API over TLS when a page of
github.com is refused; here that request fails.
"""

import json
import re
from pathlib import Path

from benchmarks.measure import ProcessResult, run

_VERDICT = re.compile(r"^\s*\[(\w+)\] (\S+)", re.MULTILINE)


def _environment(port: int) -> dict[str, str]:
    import os

    proxy = f"http://127.0.0.1:{port}"
    unreachable = "http://127.0.0.1:9"
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "http_proxy": proxy,
        "HTTP_PROXY": proxy,
        "https_proxy": unreachable,
        "HTTPS_PROXY": unreachable,
        "GITHUB_TOKEN": "benchmark",
    }


def run_lychee(
    program: str, files: list[Path], port: int, timeout: float, equal: bool
) -> tuple[ProcessResult, dict[str, str]]:
    """Run lychee, ``equal`` with linkcheck's concurrency, and read its results."""
    command = [program, "--no-progress", "-vv", "--remap", "^https://(.*)$ http://$1"]
    if equal:
        command += ["--max-concurrency", "128", "--host-concurrency", "4"]
        command += ["--host-request-interval", "0ms"]
    process = run([*command, *map(str, files)], _environment(port), timeout)
    verdicts: dict[str, str] = {}
    for word, url in _VERDICT.findall(process.out + "\n" + process.err):
        if url.startswith("http"):
            verdicts[url.replace("http://", "https://", 1)] = _verdict(word)
    return process, verdicts


def _verdict(word: str) -> str:
    """Return the verdict for what lychee prints in brackets: a status or a word."""
    if word.isdigit():
        return "alive" if word.startswith("2") else "dead"
    return {"EXCLUDED": "unknown", "OK": "alive"}.get(word, "dead")


def run_linkinator(
    program: str, files: list[Path], port: int, timeout: float
) -> tuple[ProcessResult, dict[str, str]]:
    """Run linkinator with its defaults and read its results.

    A proxy would break its local file server, so URLs are rewritten to the sandbox's instead. It
    sees one host, without effect because it has no limits per host.
    """
    command = [program, "--markdown", "--format", "JSON", "--url-rewrite-search", "^https://"]
    command += ["--url-rewrite-replace", f"http://127.0.0.1:{port}/~https/"]
    command += ["--server-root", str(files[0].parent), *(file.name for file in files)]
    environment = {k: v for k, v in _environment(port).items() if "proxy" not in k.lower()}
    process = run(command, environment, timeout)
    verdicts: dict[str, str] = {}
    try:
        links = json.loads(process.out)["links"]
    except (ValueError, KeyError):
        return process, verdicts
    for link in links:
        url = link["url"].replace(f"http://127.0.0.1:{port}/~https/", "https://")
        verdicts[url] = "alive" if link["state"] == "OK" else "dead"
    return process, verdicts
