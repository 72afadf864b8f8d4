"""How other link checkers are run against the sandbox, and how their words are read.

They reach it as their HTTP proxy, so that every host keeps its own name and with it the tool's own
limits per host; ``https:`` links are asked for over ``http:`` (the sandbox serves both alike). What
this cannot show: lychee asks GitHub's API when a page of github.com is refused, over TLS and past
the proxy; here that second question finds nobody.
"""

import json
import re
from pathlib import Path

from benchmarks.measure import Finished, run

_SAID = re.compile(r"^\s*\[(\w+)\] (\S+)", re.MULTILINE)


def _environment(port: int) -> dict[str, str]:
    import os

    proxy = f"http://127.0.0.1:{port}"
    nobody = "http://127.0.0.1:9"
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "http_proxy": proxy,
        "HTTP_PROXY": proxy,
        "https_proxy": nobody,
        "HTTPS_PROXY": nobody,
        "GITHUB_TOKEN": "benchmark",
    }


def lychee(
    program: str, files: list[Path], port: int, timeout: float, equal: bool
) -> tuple[Finished, dict[str, str]]:
    """Run lychee with its defaults (or with linkcheck's politeness) and read its verdicts."""
    command = [program, "--no-progress", "-vv", "--remap", "^https://(.*)$ http://$1"]
    if equal:
        command += ["--max-concurrency", "128", "--host-concurrency", "4"]
        command += ["--host-request-interval", "0ms"]
    finished = run([*command, *map(str, files)], _environment(port), timeout)
    verdicts: dict[str, str] = {}
    for word, url in _SAID.findall(finished.out + "\n" + finished.err):
        if url.startswith("http"):
            verdicts[url.replace("http://", "https://", 1)] = _meaning(word)
    return finished, verdicts


def _meaning(word: str) -> str:
    """Translate what lychee prints in brackets: a status, or a word."""
    if word.isdigit():
        return "alive" if word.startswith("2") else "dead"
    return {"EXCLUDED": "unknown", "OK": "alive"}.get(word, "dead")


def linkinator(
    program: str, files: list[Path], port: int, timeout: float
) -> tuple[Finished, dict[str, str]]:
    """Run linkinator with its defaults and read its verdicts.

    It serves the files to itself, which a proxy would be in the way of, so addresses are rewritten
    to the sandbox's: all hosts are one to it, which costs it nothing, as it has no limits per host.
    """
    command = [program, "--markdown", "--format", "JSON", "--url-rewrite-search", "^https://"]
    command += ["--url-rewrite-replace", f"http://127.0.0.1:{port}/~https/"]
    command += ["--server-root", str(files[0].parent), *(file.name for file in files)]
    environment = {k: v for k, v in _environment(port).items() if "proxy" not in k.lower()}
    finished = run(command, environment, timeout)
    verdicts: dict[str, str] = {}
    try:
        links = json.loads(finished.out)["links"]
    except (ValueError, KeyError):
        return finished, verdicts
    for link in links:
        url = link["url"].replace(f"http://127.0.0.1:{port}/~https/", "https://")
        verdicts[url] = "alive" if link["state"] == "OK" else "dead"
    return finished, verdicts
