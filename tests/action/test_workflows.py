"""Our workflows, action.yml and what 'linkcheck init' writes, run as a runner would."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from linkcheck import __version__
from linkcheck.cli import init
from linkcheck.sandbox import Sandbox, answer_status
from linkcheck.sandbox.services.writable_repository import WritableRepository
from tests.action.expressions import evaluate
from tests.action.git_world import Repository, Run, clean_environment, entry
from tests.action.runner import ROOT, Outcome, Runner, read_variables

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the harness runs bash scripts")

GONE = "https://github.com/nobody/nothing"
MOVED = "https://github.com/octo/old-name"
OURS = ROOT / ".github" / "workflows"


@pytest.fixture
def runner(repository: Repository, tmp_path: Path, world: Sandbox) -> Runner:
    return Runner(repository.root, tmp_path / "runner", world.base_urls())


def on_the_forge(runner: Runner, world: Sandbox) -> WritableRepository:
    """Put what is committed into the sandbox's forge too, and return that repository."""
    forge: WritableRepository = world.hosts.github.forge.open(runner.repository)
    listed = subprocess.run(
        ("git", "-C", str(runner.workspace), "ls-files", "-z"), check=True, capture_output=True
    )
    names = [name for name in listed.stdout.decode().split("\0") if name]
    forge.put({name: (runner.workspace / name).read_text("utf-8") for name in names})
    return forge


def merged(repository: Repository, change: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Make a pull request's merge, check it out, and return its commit and its event's payload."""
    base = repository.git("rev-parse", "HEAD")
    repository.git("switch", "-q", "-c", "topic")
    for name, text in change.items():
        repository.write(name, text)
    head = repository.commit("a change")
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
    payload = {
        "number": 7,
        "pull_request": {
            "number": 7,
            "base": {"sha": base, "repo": {"full_name": "octo/list"}},
            "head": {"sha": head, "repo": {"full_name": "octo/list"}},
        },
    }
    return repository.git("rev-parse", "HEAD"), payload


def from_fork(payload: dict[str, Any]) -> dict[str, Any]:
    payload["pull_request"]["head"]["repo"] = {"full_name": "somebody/list"}
    return payload


def check_pull_request(runner: Runner, sha: str, payload: dict[str, Any]) -> Outcome:
    github = runner.event("pull_request", payload, sha)
    return runner.run(OURS / "pull-request.yml", github, "links")


@pytest.mark.parametrize("fork", [False, True], ids=["same repository", "fork"])
def test_a_pull_request_with_a_dead_link_fails_and_annotates_it(
    runner: Runner, repository: Repository, fork: bool
) -> None:
    repository.write("catalog/a.yaml", entry(1) + entry(2, code="https://github.com/nobody/x"))
    repository.commit()
    sha, payload = merged(
        repository, {"catalog/b.yaml": entry(3, code=GONE) + entry(4, name="New-name", code=MOVED)}
    )
    outcome = check_pull_request(runner, sha, from_fork(payload) if fork else payload)
    assert (outcome.status, outcome.exit_codes) == ("failure", [0, 1]), outcome.log
    (error,) = outcome.annotations("error")
    assert error.properties["file"] == "catalog/b.yaml"
    assert (error.properties["line"], error.properties["col"]) == ("5", "11")
    assert error.properties["title"] == "linkcheck: dead-link"
    assert [c.properties["title"] for c in outcome.annotations("warning")] == [
        "linkcheck: moved-link"
    ]
    outputs = outcome.outputs["run"]
    assert (outputs["findings"], outputs["outcome"]) == ("2", "complete")
    report = json.loads(Path(outputs["report"]).read_text("utf-8"))
    assert {finding["entry"] for finding in report["findings"]} == {"entry-3", "entry-4"}
    assert "1 error, 1 warning in 2 entries" in outcome.summary
    assert "Only what this change adds or alters was checked" in outcome.summary
    assert outcome.environment == {}


def test_a_healthy_pull_request_passes(runner: Runner, repository: Repository) -> None:
    repository.write("catalog/a.yaml", entry(1, code=GONE))
    repository.commit()
    sha, payload = merged(repository, {"catalog/b.yaml": entry(2)})
    outcome = check_pull_request(runner, sha, payload)
    assert (outcome.status, outcome.exit_codes) == ("success", [0, 0]), outcome.log
    assert outcome.commands == []
    assert outcome.outputs["run"]["findings"] == "0"
    assert "nothing to mend in 1 entry" in outcome.summary
    assert [name for name, _ in outcome.used] == [
        "actions/checkout",
        "actions/setup-python",
        "actions/cache/restore",
    ]
    (installed,) = runner.packages
    assert "--require-hashes" in installed
    assert installed.endswith("/requirements-run.lock")


def test_the_checkout_of_the_workflow_reaches_back_far_enough(
    runner: Runner, repository: Repository, tmp_path: Path
) -> None:
    repository.write("catalog/a.yaml", entry(1, code=GONE))
    repository.commit()
    sha, payload = merged(repository, {"catalog/b.yaml": entry(2)})
    # The base moved on since the event: its commit is not in the clone, the merge's parent is.
    payload["pull_request"]["base"]["sha"] = "0" * 40
    data = yaml.safe_load((OURS / "pull-request.yml").read_text())
    depth = data["jobs"]["links"]["steps"][0]["with"]["fetch-depth"]
    clone = tmp_path / "shallow"
    subprocess.run(
        ("git", "clone", "-q", f"--depth={depth}", repository.root.as_uri(), str(clone)), check=True
    )
    runner.workspace = clone
    outcome = check_pull_request(runner, sha, payload)
    assert outcome.status == "success", outcome.log
    assert outcome.outputs["run"]["findings"] == "0"


def test_a_shallow_checkout_is_an_error_with_a_hint(
    runner: Runner, repository: Repository, tmp_path: Path
) -> None:
    repository.write("catalog/a.yaml", entry(1))
    repository.commit()
    sha, payload = merged(repository, {"catalog/b.yaml": entry(2)})
    clone = tmp_path / "shallow"
    subprocess.run(
        ("git", "clone", "-q", "--depth=1", repository.root.as_uri(), str(clone)), check=True
    )
    runner.workspace = clone
    outcome = check_pull_request(runner, sha, payload)
    assert outcome.exit_codes == [0, 2]
    (error,) = outcome.annotations("error")
    assert "fetch-depth: 0" in error.data


@pytest.mark.parametrize("event", ["schedule", "workflow_dispatch"])
def test_the_weekly_run_checks_everything_and_passes_with_findings(
    runner: Runner, repository: Repository, world: Sandbox, event: str
) -> None:
    text = entry(1) + entry(2, code=GONE) + entry(3, name="New-name", code=MOVED)
    repository.write("catalog/a.yaml", text)
    sha = repository.commit()
    forge = on_the_forge(runner, world)
    payload = {"schedule": "17 5 * * 1"} if event == "schedule" else {"inputs": None}
    github = runner.event(event, payload, sha)
    outcome = runner.run(OURS / "linkcheck.yml", github, "check")
    assert (outcome.status, outcome.exit_codes) == ("success", [0, 0]), outcome.log
    assert outcome.outputs["run"]["findings"] == "2"
    assert len(outcome.annotations("error")) == 1
    (dashboard,) = set(forge.issues) - set(forge.pulls)
    assert GONE.removeprefix("https://") in forge.issues[dashboard]["body"]
    assert len(forge.pulls) == 1
    used = dict(outcome.used)
    assert used["actions/cache/restore"]["restore-keys"] == "linkcheck-store-"
    assert used["actions/cache/save"]["path"] == ".linkcheck"
    assert (repository.root / ".linkcheck" / "store.db").exists()
    sarif = json.loads(Path(used["github/codeql-action/upload-sarif"]["sarif_file"]).read_text())
    assert [row["ruleId"] for row in sarif["runs"][0]["results"]] == ["dead-link", "moved-link"]


def test_an_inconclusive_weekly_run_fails_and_uploads_no_results(
    runner: Runner, repository: Repository, world: Sandbox
) -> None:
    repository.write("catalog/a.yaml", "".join(entry(n) for n in range(8)))
    sha = repository.commit()
    forge = on_the_forge(runner, world)
    world.set_fault("api.github.com/graphql", answer_status(401))
    github = runner.event("schedule", {}, sha)
    outcome = runner.run(OURS / "linkcheck.yml", github, "check")
    assert (outcome.status, outcome.exit_codes) == ("failure", [0, 3]), outcome.log
    assert outcome.outputs["run"]["outcome"] == "inconclusive"
    assert "linkcheck could not tell" in outcome.summary
    assert forge.writes == []
    assert "github/codeql-action/upload-sarif" not in dict(outcome.used)
    assert "actions/cache/save" in dict(outcome.used)


def use(runner: Runner, github: dict[str, Any], **given: str) -> Outcome:
    """Run a workflow whose one step uses our action."""
    path = runner.temp / "use.yml"
    step = {"id": "check", "uses": "linkcheck/linkcheck@v0.1.0", "with": given}
    path.write_text(yaml.safe_dump({"jobs": {"one": {"steps": [step]}}}), encoding="utf-8")
    return runner.run(path, github, "one")


def test_the_inputs_of_the_action_reach_the_program(runner: Runner, repository: Repository) -> None:
    repository.write("my lists/a b.yaml", entry(1, name="New-name", code=MOVED))
    repository.write("other/c.yaml", entry(2))
    repository.write("unread/d.yaml", entry(3, code=GONE))
    repository.write("settings/strict.toml", 'fail_on = "warning"\n')
    sha = repository.commit()
    github = runner.event("workflow_dispatch", {}, sha)
    paths = "my lists/a b.yaml\nother\n"
    outcome = use(runner, github, paths=paths, config="settings/strict.toml", version="1.2.3")
    assert outcome.exit_codes == [0, 1], outcome.log
    assert runner.packages[0].endswith("/linkcheck@v1.2.3")
    assert "linkcheck @ git+https://github.com/" in runner.packages[0]
    outputs = outcome.outputs["check"]
    assert (outputs["findings"], outputs["outcome"]) == ("1", "complete")
    assert json.loads(Path(outputs["report"]).read_text())["run"]["inputs"] == paths.splitlines()
    assert Path(outputs["sarif"]).exists()
    assert "-P -m linkcheck" in (ROOT / "action.yml").read_text()


def test_without_a_token_a_notice_says_how_to_pass_it(
    runner: Runner, repository: Repository
) -> None:
    repository.write("catalog/a.yaml", entry(1))
    sha = repository.commit()
    outcome = use(runner, runner.event("workflow_dispatch", {}, sha), token="")
    assert outcome.status == "success", outcome.log
    words = " ".join(command.data for command in outcome.annotations("notice"))
    assert "GITHUB_TOKEN: ${{ github.token }}" in words
    assert "This step has no GitHub token" in outcome.summary


@pytest.mark.parametrize("existing", [False, True], ids=["empty repository", "a list"])
def test_the_files_of_init_pass_unedited(
    runner: Runner, repository: Repository, world: Sandbox, existing: bool
) -> None:
    if existing:
        repository.write("README.md", "# List\n\n- [Quuxbot1](https://github.com/org1/quuxbot1)\n")
    for _again in range(2):
        subprocess.run(
            (sys.executable, "-m", "linkcheck", "init", "--yes"),
            cwd=repository.root,
            env=clean_environment(),
            check=True,
        )
    sha = repository.commit()
    forge = on_the_forge(runner, world)
    written = repository.root / ".github" / "workflows"
    outcome = runner.run(written / "linkcheck.yml", runner.event("schedule", {}, sha), "check")
    assert (outcome.status, outcome.outputs["run"]["findings"]) == ("success", "0"), outcome.log
    assert not forge.pulls
    sha, payload = merged(repository, {"notes.txt": "nothing to do with the list\n"})
    github = runner.event("pull_request", payload, sha)
    outcome = Runner(repository.root, runner.temp.parent / "second", runner.environment).run(
        written / "linkcheck-pull-request.yml", github, "links"
    )
    assert outcome.status == "success", outcome.log
    assert "the change touches no entry" in outcome.summary


@pytest.mark.parametrize(
    ("workflow", "job"), [("ci.yml", "tests"), ("release.yml", "build"), ("release.yml", "publish")]
)
def test_the_shell_steps_of_our_other_workflows_run(
    runner: Runner, tmp_path: Path, workflow: str, job: str
) -> None:
    runner.workspace = tmp_path / "copy"
    runner.workspace.mkdir()
    for name in ("src", "CHANGELOG.md"):
        (runner.workspace / name).symlink_to(ROOT / name)
    github = runner.event("push", {}, "0" * 40)
    github["ref_name"] = f"v{__version__}"
    data = yaml.safe_load((OURS / workflow).read_text())
    data["jobs"][job]["steps"] = [
        step for step in data["jobs"][job]["steps"] if "pytest" not in step.get("run", "")
    ]
    copy = tmp_path / workflow
    copy.write_text(yaml.safe_dump(data))
    outcome = runner.run(copy, github, job)
    assert outcome.status == "success", outcome.log
    if job == "build":
        github["ref_name"] = "v9.9.9"
        again = Runner(runner.workspace, tmp_path / "again", runner.environment)
        assert again.run(copy, github, job).status == "failure"
        github["ref_name"] = f"v{__version__}"
        (runner.workspace / "CHANGELOG.md").unlink()
        (runner.workspace / "CHANGELOG.md").write_text("# Changelog\n")
        unwritten = Runner(runner.workspace, tmp_path / "unwritten", runner.environment)
        assert "run towncrier build" in unwritten.run(copy, github, job).log


def workflows() -> list[Path]:
    return sorted(OURS.glob("*.yml"))


@pytest.mark.parametrize("path", workflows(), ids=lambda path: path.name)
def test_permissions_are_per_job_and_explained(path: Path) -> None:
    text = path.read_text()
    data = yaml.safe_load(text)
    assert data["permissions"] == {}
    assert "pull_request_target" not in text
    for job in data["jobs"].values():
        assert job["timeout-minutes"]
        for name, level in job["permissions"].items():
            assert f"{name}: {level} # " in text
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_every_action_is_pinned_to_one_commit_with_its_version() -> None:
    texts = [path.read_text() for path in (*workflows(), ROOT / "action.yml")]
    used = [
        re.fullmatch(r"([\w-]+/[\w-]+)\S*@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line)
        for text in texts
        for line in re.findall(r"uses: (?!\./)(.*)", text)
    ]
    pins = {(match[1], match[2]) for match in used if match}
    assert None not in used
    assert len(pins) == len({action for action, _ in pins})
    assert ("actions/checkout", init.CHECKOUT) in pins


def test_the_weekly_run_is_off_the_hour_and_alone_in_its_file() -> None:
    data = yaml.safe_load((OURS / "linkcheck.yml").read_text())
    on = data[True]  # YAML 1.1 takes the key 'on' for a truth value
    assert set(on) == {"schedule", "workflow_dispatch"}
    assert on["schedule"][0]["cron"].split()[0] not in ("0", "30")
    assert data["concurrency"] == {"group": "linkcheck", "cancel-in-progress": False}


def test_the_action_s_lock_covers_what_linkcheck_depends_on() -> None:
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = (ROOT / "requirements-run.lock").read_text()
    for requirement in wanted:
        name = requirement.partition(">=")[0].lower().replace("_", "-")
        assert f"\n{name}==" in f"\n{locked}", f"refresh requirements-run.lock: {name} is missing"


def test_the_harness_reads_expressions_and_files_as_github_does() -> None:
    contexts = {"github": {"event_name": "push"}, "steps": {"a": {"outputs": {"x": "complete"}}}}
    assert evaluate("${{ !cancelled() && steps.a.outputs.x == 'complete' }}", contexts)
    assert not evaluate("github.event_name != 'push' || steps.b.outputs.x", contexts)
    assert read_variables("a=1\nb<<END\nx\ny=2\nEND\n") == {"a": "1", "b": "x\ny=2"}
    with pytest.raises(ValueError, match="no end"):
        read_variables("a<<END\nx\n")


def test_the_pre_commit_hook_is_offline_and_fails_on_findings(
    repository: Repository, linkcheck: Run, world: Sandbox
) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    program, *arguments = shlex.split(hook["entry"])
    assert (program, hook["language"]) == ("linkcheck", "python")
    repository.write("catalog/a.yaml", entry(1, code=GONE))
    assert linkcheck(repository.root, *arguments).returncode == 0
    repository.write("catalog/b.yaml", entry(2, code="htps://example.org/typo"))
    assert linkcheck(repository.root, *arguments).returncode == 1
    assert world.counts().total == 0


def test_the_shell_example_of_the_docs_reads_exit_codes_as_we_give_them(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    script = page[page.index("#!/bin/sh") : page.index("```", page.index("#!/bin/sh"))]
    for given, wanted in ((0, 0), (1, 1), (2, 2), (3, 0)):
        fake = tmp_path / str(given)
        fake.mkdir()
        (fake / "linkcheck").write_text(f"#!/bin/sh\nexit {given}\n")
        (fake / "linkcheck").chmod(0o755)
        path = f"{fake}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ("sh", "-c", script), env=clean_environment(PATH=path), capture_output=True
        )
        assert done.returncode == wanted


def test_the_gitlab_example_is_yaml_with_lines_that_a_shell_takes() -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    block = page[page.index("linkcheck:\n  image") :]
    job = yaml.safe_load(block[: block.index("```")])["linkcheck"]
    for line in (*job["before_script"], *job["script"]):
        subprocess.run(("sh", "-n", "-c", line), check=True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_there_for_the_shells_of_the_docs(shell: str) -> None:
    assert f"_LINKCHECK_COMPLETE={shell}_source linkcheck" in (ROOT / "docs/ci.md").read_text()
    done = subprocess.run(
        (sys.executable, "-c", "from linkcheck.__main__ import main; main()"),
        env=clean_environment(_LINKCHECK_COMPLETE=f"{shell}_source"),
        capture_output=True,
        text=True,
    )
    assert "_LINKCHECK_COMPLETE" in done.stdout
