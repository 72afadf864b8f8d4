"""The main job, end to end: the shipped catalog and the planted defects against the sandbox."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from linkcheck import sandbox
from linkcheck.model.target import SERVICE_OF_KIND, Service, TargetKind
from tests.cli.cli_runner import ROOT, Linkcheck

SCHEMA = json.loads((ROOT / "docs/schema/report.schema.json").read_text("utf-8"))


def test_the_json_report_keeps_to_its_schema(demo_report: Any) -> None:
    jsonschema.validate(
        demo_report, SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def test_the_report_counts_what_it_holds(demo_report: Any) -> None:
    summary = demo_report["summary"]
    assert summary["entries"] == len(demo_report["entries"]) > 300
    assert summary["links"] == len(demo_report["links"]) == sum(summary["status"].values())
    assert summary["status"] == {
        **dict.fromkeys(summary["status"], 0),
        **Counter(link["status"] for link in demo_report["links"]),
    }
    assert sum(summary["findings"].values()) == len(demo_report["findings"])
    requests = demo_report["run"]["requests"]
    assert requests["total"] == sum(requests["by_host"].values())


def test_every_planted_defect_is_found_and_nothing_else_is_an_error(demo_report: Any) -> None:
    found = {(f["entry"], f["rule"]) for f in demo_report["findings"]}
    planted = sandbox.seeded_defects()
    assert len(planted) > 20
    missed = [plant for plant in planted if (plant.entry, plant.rule) not in found]
    assert not missed
    meant = {(plant.entry, plant.rule) for plant in planted}
    unmeant = [
        finding
        for finding in demo_report["findings"]
        if finding["severity"] == "error" and (finding["entry"], finding["rule"]) not in meant
    ]
    assert not unmeant


ABOUT_A_LINK = {"dead-link", "moved-link", "missing-path", "invalid-link", "insecure-link"}


def test_a_finding_about_a_link_has_its_span(demo_report: Any) -> None:
    findings = [f for f in demo_report["findings"] if f["rule"] in ABOUT_A_LINK]
    assert len(findings) > 10
    for finding in findings:
        path = Path(finding["file"])
        lines = (path if path.is_absolute() else ROOT / path).read_text("utf-8").splitlines()
        assert lines[finding["line"] - 1][finding["column"] - 1 :].startswith(finding["url"])


def targets_of(report: Any, family: Service) -> set[tuple[str, str]]:
    return {
        (link["target"]["kind"], link["target"]["id"])
        for link in report["links"]
        if link["target"] and SERVICE_OF_KIND[TargetKind(link["target"]["kind"])] is family
    }


def test_requests_stay_within_what_the_services_allow(demo_report: Any) -> None:
    by_host = demo_report["run"]["requests"]["by_host"]
    github = {key.split("/tree/")[0] for _kind, key in targets_of(demo_report, Service.GITHUB)}
    unresolved = sum(
        1
        for link in demo_report["links"]
        if link["target"]
        and link["target"]["kind"].startswith("github")
        and link["status"] in ("dead", "blocked")
    )
    assert by_host["api.github.com"] <= math.ceil(len(github) / 50) + unresolved + 1
    papers = targets_of(demo_report, Service.ARXIV)
    assert len(papers) > 50
    withdrawn = 1  # the planted one, which is confirmed by a request for its PDF
    missing = sum(
        1
        for link in demo_report["links"]
        if link["target"] and link["target"]["kind"] == "arxiv" and link["status"] == "dead"
    )
    assert by_host["export.arxiv.org"] <= math.ceil(len(papers) / 100) + withdrawn + missing


def test_no_request_is_sent_twice(tmp_path: Path) -> None:
    from linkcheck.app.check import run_check
    from linkcheck.app.environment import RunEnvironment, RunOptions
    from linkcheck.config import Config

    with sandbox.Sandbox.start() as started:
        result = run_check(RunOptions(sandbox=True), Config(), RunEnvironment(tmp_path), started)
        # A page's 404 is looked at a second time, in another way, before it is believed.
        second_looks = {
            f"GET {link.url}"
            for link in result.links
            if link.http_status == 404 and link.target and link.target.kind is TargetKind.WEB
        }
        assert set(started.counts().duplicates) <= second_looks
        assert len(second_looks) < 5


def test_without_a_network_nothing_is_judged(linkcheck: Linkcheck, tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.yaml"
    catalog.write_text(
        "\n".join(
            f"- {{id: e{i}, name: E{i}, kind: tool, links: {{code: 'gh:o/r{i}', "
            f"homepage: 'https://host{i}.invalid/', paper: 'arxiv:2303.1407{i}'}}}}"
            for i in range(10)
        )
    )
    # Every connection goes to a local port without a listener.
    proxy = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    started = time.monotonic()
    done = linkcheck("run", "catalog.yaml", "--format", "json", env=proxy)
    assert time.monotonic() - started < 30
    assert done.code == 3, done.err
    report = done.json
    assert report["run"]["outcome"] == "inconclusive"
    assert len(report["run"]["reason"]) > 80
    assert report["findings"] == []
    assert {link["status"] for link in report["links"]} <= {"unreachable", "skipped"}
    stored = linkcheck("run", "catalog.yaml", "--offline", "--format", "json")
    assert {link["status"] for link in stored.json["links"]} == {"skipped"}


def stopped_by_ctrl_c(tmp_path: Path, *arguments: str) -> "tuple[int, str, str]":
    """Stop a command on a list with one damaged link while it waits for the other."""
    import socket

    silent = socket.create_server(("127.0.0.1", 0))
    silent.settimeout(30)
    port = silent.getsockname()[1]
    (tmp_path / "list.yaml").write_text(
        "- id: a\n  name: A\n  kind: tool\n  links:\n"
        f"    homepage: http://127.0.0.1:{port}/\n    code: 'htps://github.com/a/b'\n"
    )
    command, *rest = arguments
    process = subprocess.Popen(
        (sys.executable, "-m", "linkcheck", command, "list.yaml", "--allow-private", *rest),
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    connection, _ = silent.accept()  # it is asking now, and will wait for an answer
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    connection.close()
    silent.close()
    assert "Traceback" not in err
    return process.returncode, out, err


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@POSIX
def test_an_interrupted_run_still_reports(tmp_path: Path) -> None:
    code, out, err = stopped_by_ctrl_c(tmp_path, "run", "--no-store")
    assert code == 130, err
    assert "interrupted" in out
    assert "invalid-link" in out


@POSIX
def test_an_interrupted_run_is_inconclusive_in_every_report(tmp_path: Path) -> None:
    wanted = ("-o", "r.json", "-o", "r.sarif", "-o", "r.xml", "-o", "r.md", "-o", "r.html")
    code, _, err = stopped_by_ctrl_c(tmp_path, "run", *wanted, "--observed", "observed.json")
    assert code == 130, err
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    jsonschema.validate(report, SCHEMA)
    assert report["run"]["outcome"] == "inconclusive"
    assert report["run"]["interrupted"] is True
    assert "stopped" in report["run"]["reason"]
    assert {finding["rule"] for finding in report["findings"]} == {"invalid-link"}
    (invocation,) = json.loads((tmp_path / "r.sarif").read_text("utf-8"))["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert 'errors="1"' in (tmp_path / "r.xml").read_text("utf-8")
    assert "stopped early" in (tmp_path / "r.md").read_text("utf-8").splitlines()[0]
    assert "Interrupted" in (tmp_path / "r.html").read_text("utf-8")
    assert not (tmp_path / "observed.json").exists()
    assert not (tmp_path / ".linkcheck" / "last.json").exists()


@POSIX
def test_an_interrupted_fix_writes_nothing(tmp_path: Path) -> None:
    code, out, err = stopped_by_ctrl_c(tmp_path, "fix", "--write", "--no-store")
    assert code == 130, err
    assert out == ""
    assert "interrupted" in err
    assert "htps://" in (tmp_path / "list.yaml").read_text()


def test_a_license_in_words_is_no_finding_but_a_fix(demo_report: Any, linkcheck: Linkcheck) -> None:
    assert "license-spelling" in {entry["id"] for entry in demo_report["entries"]}
    assert not [f for f in demo_report["findings"] if f["entry"] == "license-spelling"]
    shown = linkcheck("fix", "--sandbox", "--no-progress", cwd=ROOT)
    assert "-  license: Apache License, Version 2.0" in shown.out
    assert "+  license: Apache-2.0" in shown.out
