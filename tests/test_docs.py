"""Every command, option and source file that the documentation names exists."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linkcheck.cli import cli

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    (
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("changelog.d/*.md"),
        *ROOT.glob(".github/workflows/*.yml"),
        *(path for path in (ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml") if path.exists()),
    )
)

_CALL = re.compile(
    r"(?:^|[\s`'(/$])linkcheck[ \t]+(?P<rest>[a-z][a-z-]*(?:[ \t]+[^\n`#|;&)]+)?)", re.MULTILINE
)
_WORDS = {"authors", "to"}
"""Words after the name that are not commands."""
_OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")
_CODE = re.compile(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def code_in(text: str, path: Path) -> Iterator[str]:
    """Yield the code of a page: blocks and spans of Markdown; other files whole."""
    if path.suffix != ".md":
        yield text
        return
    for match in _CODE.finditer(text):
        yield match[1] or match[2]


def calls(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the command and the options of each call in a page."""
    for code in code_in(path.read_text("utf-8").replace("\\\n", " "), path):
        for match in _CALL.finditer(code):
            command, *words = match["rest"].split()
            if command in _WORDS:
                continue
            yield command, [word.split("=")[0] for word in words if _OPTION.match(word)]


def options_of(command: click.Command) -> set[str]:
    names = {"-h", "--help"}
    for parameter in command.params:
        names |= {*parameter.opts, *parameter.secondary_opts}
    return names


def test_there_is_something_to_check() -> None:
    assert sum(1 for path in PAGES for _ in calls(path)) > 10


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_and_option_in_the_docs_exists(path: Path) -> None:
    context = click.Context(cli)
    for name, options in calls(path):
        command = cli.get_command(context, name)
        assert command is not None, f"{path.name} names a command 'linkcheck {name}'"
        unknown = [option for option in options if option not in options_of(command)]
        assert not unknown, f"{path.name}: 'linkcheck {name}' has no option {unknown}"


def test_the_interface_is_complete() -> None:
    context = click.Context(cli)
    required = {
        "run",
        "fix",
        "import",
        "render",
        "report",
        "merge",
        "explain",
        "schema",
        "init",
        "demo",
    }
    assert required <= set(cli.list_commands(context))
    command = cli.get_command(context, "run")
    assert command is not None
    assert {
        "--format",
        "-o",
        "--output",
        "--changed-since",
        "--only",
        "--skip",
        "--select",
        "--ignore",
        "--fail-on",
        "--max-age",
        "--offline",
        "--issues",
        "--pulls",
        "--dry-run",
        "--repo",
        "--shard",
        "--store",
        "--no-store",
        "--allow-private",
        "--sandbox",
        "--config",
        "-q",
        "-v",
        "--no-progress",
        "--color",
    } <= options_of(command)


def test_the_readme_s_two_commands_are_there() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for name in ("demo", "test"):
        assert re.search(rf"<!-- command: {name} -->\n```sh\n[^\n]+\n```", text), name


def test_links_between_pages_exist() -> None:
    for path in PAGES:
        if path.suffix != ".md":
            continue
        prose = _CODE.sub("", path.read_text("utf-8"))
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)\s#]+)", prose):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_no_example_installs_the_other_project_of_this_name() -> None:
    """The name on PyPI belongs to another project."""
    by_name = re.compile(r"\b(?:pip3? install|pipx (?:run|install)|uvx|uv tool install)\b[^\n`]*")
    for page in PAGES:
        for command in by_name.findall(page.read_text("utf-8")):
            names = re.findall(r"(?<![\w./-])linkcheck(?![\w./-])", command)
            assert not names or "git+https://github.com/linkcheck/linkcheck" in command, command


_PATH = re.compile(r"(?<![\w/.])((?:src|tests|benchmarks|tools|fuzz)/[\w./-]*)")
_MODULE = re.compile(r"[a-z_]+(?:/[a-z_]+)*(?:/|\.py)")


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in PAGES
        if path.suffix == ".md"
        and path.parent.name != "changelog.d"
        and path.name != "CHANGELOG.md"
    ],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_every_source_path_in_the_docs_exists(path: Path) -> None:
    names = {
        name for code in code_in(path.read_text("utf-8"), path) for name in _PATH.findall(code)
    }
    assert not [name for name in names if not (ROOT / name.rstrip(".")).exists()]


def test_every_module_in_the_architecture_exists() -> None:
    path = ROOT / "docs" / "architecture.md"
    names = {code for code in code_in(path.read_text("utf-8"), path) if _MODULE.fullmatch(code)}
    names = {name for name in names if not _PATH.match(name)}
    assert len(names) > 20
    assert not [name for name in names if not (ROOT / "src" / "linkcheck" / name).exists()]


def test_the_architecture_has_every_package_and_dependency() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    source = ROOT / "src" / "linkcheck"
    packages = {path.parent.name for path in source.glob("*/__init__.py")}
    assert not {name for name in packages if f"| `{name}/` |" not in text}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    libraries = {re.split(r"[>=<[]", line)[0] for line in project["dependencies"]}
    assert not {name for name in libraries if name not in text.lower().replace("_", "-")}
