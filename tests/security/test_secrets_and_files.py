"""Tokens are sent to their services only; files outside the folder are not read or written."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkcheck.sandbox import Fault, Kind, Sandbox, answer_status, parse_fixtures

GITHUB, HUB = "ghp_PLANTED0123456789abcdefghijklmnopqrst", "hf_PLANTED0123456789abcdefghij"
SECRETS = (GITHUB, HUB)
CATALOG = """\
- {id: a, name: A, kind: tool, links: {code: 'gh:o/a', model: 'hf:lab/m'}}
- {id: b, name: B, kind: tool, links: {code: 'gh:o/gone', homepage: 'http://site.example/'}}
"""
WORLD = parse_fixtures(
    {
        "repositories": [{"name": "o/a"}],
        "hubs": [{"name": "lab/m"}],
        "hosts": [{"name": "site.example", "default": {"title": "Site"}}],
    }
)


def echo(token: str, status: int) -> Fault:
    """Return a response that repeats the token, as a debugging proxy does."""
    body = json.dumps({"message": f"saw {token}", "error": f"saw {token}"})
    return answer_status(status, body=body, headers={"x-error-message": f"saw {token}"})


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(WORLD, enforce_limits=False) as running:
        yield running


def surroundings(sandbox: Sandbox) -> dict[str, str]:
    return {
        **sandbox.base_urls(),
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "GITHUB_TOKEN": GITHUB,
        "HF_TOKEN": HUB,
        "HTTP_PROXY": sandbox.address,
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONUTF8": "1",
    }


def run(sandbox: Sandbox, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    (folder / "c.yaml").write_text(CATALOG)
    outputs = [f"-o{name}=out/{name}" for name in ("json", "sarif", "junit", "markdown", "text")]
    return subprocess.run(
        (sys.executable, "-m", "linkcheck", "run", "c.yaml", "-v", *outputs, *more),
        cwd=folder,
        env=surroundings(sandbox),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


@pytest.mark.parametrize(
    "fault",
    [
        None,
        400,
        401,
        403,
        Fault(Kind.REDIRECT, status=307, location="http://site.example/{path}?t=" + GITHUB),
        Fault(Kind.MALFORMED_HTTP),
    ],
    ids=["well", "400", "401", "403", "redirect", "malformed"],
)
def test_no_output_of_a_run_contains_a_token(
    sandbox: Sandbox, tmp_path: Path, fault: Fault | int | None
) -> None:
    for host, token in (("api.github.com", GITHUB), ("huggingface.co", HUB)):
        if fault is not None:
            sandbox.set_fault(host, echo(token, fault) if isinstance(fault, int) else fault)
    done = run(sandbox, tmp_path)
    assert done.returncode in (0, 1, 3), done.stderr
    assert "Traceback" not in done.stderr
    left = [done.stdout, done.stderr]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    left += [path.read_bytes().decode("latin-1") for path in files]
    for text in left:
        assert not any(secret in text for secret in SECRETS)


def test_a_token_reaches_its_own_origin_only(sandbox: Sandbox, tmp_path: Path) -> None:
    """A redirect's target gets the request without the credentials."""
    from linkcheck.sandbox.http_codec import Request, Response
    from linkcheck.sandbox.services import Services

    requests: list[tuple[str, str]] = []

    class RecordingServices(Services):
        def answer(self, request: Request) -> Response:
            requests.append((request.host, request.headers.get("authorization", "")))
            return super().answer(request)

    sandbox.hosts = RecordingServices(sandbox.fixtures, sandbox.limits, time.time, "missing")
    run(sandbox, tmp_path)
    own = {"api.github.com": GITHUB, "huggingface.co": HUB}
    assert {host for host, _ in requests} >= {*own, "site.example"}
    for host, header in requests:
        assert header in ("", f"Bearer {own.get(host, '')}"), host


def linkcheck(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "linkcheck", *arguments),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


ENTRY = "- {id: %s, name: A, kind: tool, links: {code: 'https://github.com/o/%s'}}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "work"
    (outside / "sub").mkdir(parents=True)
    (inside / "catalog").mkdir(parents=True)
    (outside / "secret.yaml").write_text(ENTRY % ("secret", "secret"))
    (outside / "sub" / "deep.yaml").write_text(ENTRY % ("deep", "deep"))
    (inside / "catalog" / "own.yaml").write_text(ENTRY % ("own", "own"))
    (inside / "catalog" / "link.yaml").symlink_to(outside / "secret.yaml")
    (inside / "catalog" / "sub").symlink_to(outside / "sub")
    (inside / "catalog" / "loop").symlink_to(inside / "catalog")
    done = linkcheck(inside, "run", "--offline", "--no-store", "--format", "json")
    assert [entry["id"] for entry in json.loads(done.stdout)["entries"]] == ["own"]


@pytest.mark.parametrize(
    "scheme", ["ftp://h.example/x", "file:///etc/passwd", "gopher://h.example/", "data:text/html,x"]
)
def test_only_http_links_are_requested(tmp_path: Path, scheme: str) -> None:
    (tmp_path / "c.yaml").write_text(
        f"- {{id: a, name: A, kind: tool, links: {{homepage: '{scheme}'}}}}\n"
    )
    done = linkcheck(tmp_path, "run", "c.yaml", "--no-store", "--format", "json")
    report = json.loads(done.stdout)
    assert report["run"]["requests"]["total"] == 0
    assert {link["status"] for link in report["links"]} <= {"invalid", "skipped"}


DEEP = 100_000


@pytest.mark.parametrize(
    ("name", "content", "arguments"),
    [
        ("x.json", "[" * DEEP, ("report", "x.json")),
        ("x.json", '{"a":' * DEEP, ("report", "x.json")),
        ("x.toml", "paths = " + "[" * 5_000, ("run", "--config", "x.toml")),
        ("x.yaml", "- id: a\n  name: " + "[" * DEEP, ("run", "x.yaml", "--offline", "--no-store")),
        ("x.yaml", "- &a [x]\n- &b [*a,*a]\n" * 3, ("run", "x.yaml", "--offline", "--no-store")),
        ("x.md", "> " * 20_000 + "[a](https://a.example)", ("run", "x.md", "--offline")),
        ("x.md", "[" * DEEP + "](x)" * DEEP, ("run", "x.md", "--offline")),
    ],
    ids=["json", "json-objects", "toml", "yaml", "yaml-aliases", "markdown", "markdown-brackets"],
)
def test_no_depth_breaks_a_reader(
    tmp_path: Path, name: str, content: str, arguments: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text(content)
    done = linkcheck(tmp_path, *arguments)
    assert done.returncode in (0, 1, 2), (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", ["[" * DEEP, '{"number": ' * DEEP, "\xff", "null", "7"])
def test_no_event_breaks_a_workflow_step(tmp_path: Path, content: str) -> None:
    (tmp_path / "event.json").write_text(content)
    (tmp_path / "c.yaml").write_text(ENTRY % ("a", "a"))
    done = subprocess.run(
        (sys.executable, "-m", "linkcheck", "run", "c.yaml", "--offline", "--no-store"),
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        },
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
