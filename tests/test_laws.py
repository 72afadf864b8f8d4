"""The laws of the project: rules, layers, names and words. CONTRIBUTING.md explains them."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from linkcheck.model.rule import Rule
from linkcheck.rules import table
from tools import make_docs

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "linkcheck"

SEVERITIES = {
    "dead-link": "error",
    "missing-path": "error",
    "invalid-link": "error",
    "broken-local-link": "warning",
    "broken-table": "warning",
    "moved-link": "warning",
    "unreachable-link": "warning",
    "insecure-link": "info",
    "archived-repository": "warning",
    "disabled-repository": "error",
    "empty-repository": "warning",
    "stale-repository": "info",
    "replaced-target": "error",
    "forked-repository": "info",
    "gated-model": "info",
    "missing-model-card": "warning",
    "license-mismatch": "error",
    "license-undeclared": "warning",
    "license-conflict": "warning",
    "base-model-mismatch": "warning",
    "withdrawn-paper": "error",
    "title-mismatch": "error",
    "name-mismatch": "warning",
    "outdated-version": "info",
    "published-paper": "info",
    "release-date-mismatch": "info",
    "badge-mismatch": "warning",
    "duplicate-entry": "warning",
    "duplicate-link": "warning",
    "invalid-entry": "error",
    "expired-ignore": "warning",
    "unused-ignore": "warning",
}
"""The rules that users rely on by name, with their severity."""

FIXABLE = {
    "missing-path",
    "invalid-link",
    "moved-link",
    "insecure-link",
    "license-mismatch",
    "license-conflict",
    "outdated-version",
    "badge-mismatch",
}

PAGE_PARTS = ("## What it does", "## Why", "## How to fix", "## Fix safety")


def modules_with_a_rule() -> set[str]:
    return {
        path.stem.replace("_", "-")
        for path in (SOURCE / "rules").glob("*.py")
        if any(
            isinstance(node, ast.Assign)
            and any(isinstance(to, ast.Name) and to.id == "RULE" for to in node.targets)
            for node in ast.parse(path.read_text("utf-8")).body
        )
    }


def test_every_rule_is_in_the_table_once() -> None:
    assert len(table.NAMES) == len(set(table.NAMES))
    assert set(table.NAMES) == modules_with_a_rule()


def test_every_documented_rule_exists() -> None:
    for name, severity in SEVERITIES.items():
        assert table.load(name).severity == severity, name
        assert table.load(name).fixable == (name in FIXABLE), name


@pytest.mark.parametrize("name", table.NAMES)
def test_a_rule_has_its_module_s_name_and_a_page(name: str) -> None:
    rule = table.load(name)
    assert isinstance(rule, Rule)
    assert rule.name == name
    assert rule.page == import_module(f"linkcheck.rules.{name.replace('-', '_')}").__doc__
    for part in PAGE_PARTS:
        assert f"\n{part}\n" in rule.page, part
    assert len(rule.summary) <= 90
    assert rule.examples


def test_the_generated_pages_are_current() -> None:
    pages = make_docs.pages()
    stale = [
        path
        for path, text in pages.items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text("utf-8") != text
    ]
    assert not stale, "run: python tools/make_docs.py"
    existing = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/rules").glob("*.md")}
    assert existing == {path for path in pages if path.startswith("docs/rules/")}


def test_the_names_of_rules_cost_nothing_to_import() -> None:
    code = (
        "import sys; import linkcheck.rules.table; "
        "print([m for m in sys.modules if m.startswith('linkcheck.rules.') and 'table' not in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_one_url_parser() -> None:
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "urllib.parse" in imports(path)
    }
    assert users <= {"model/url.py"}


def test_rules_do_no_input_or_output() -> None:
    for path in (SOURCE / "rules").glob("*.py"):
        assert not any(
            isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in ast.walk(parse(path))
        )
        roots = {name.partition(".")[0] for name in imports(path)}
        assert not roots & {"httpx", "aiohttp", "anyio", "sqlite3", "socket", "subprocess", "os"}


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each docstring: of modules, members and attributes."""
    for node in ast.walk(parse(path)):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else ():
            match statement:
                case ast.Expr(value=ast.Constant(value=str() as text)):
                    yield statement.lineno, text


RATE_LIMIT_HEADER = re.compile(r"retry-after|(?:x-)?rate-?limit(?:-\w+)*", re.IGNORECASE)


def test_one_rate_limiter() -> None:
    """Only ``net/`` reads the headers of rate limits; the sandbox sends them."""
    readers = {
        f"{path.relative_to(SOURCE).as_posix()}: {node.value}"
        for path in SOURCE.rglob("*.py")
        if path.relative_to(SOURCE).parts[0] not in {"net", "sandbox"}
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and RATE_LIMIT_HEADER.fullmatch(node.value)
    }
    assert not readers


SHARED_MODULE_NAMES = {
    "table": "the members of a package",
    "recognize": "every provider",
    "provider": "every provider",
    **dict.fromkeys(("demo", "fix", "merge", "render"), "a command and its use case"),
    "schema": "a command and the schema that it prints",
    **dict.fromkeys(
        ("crossref", "datacite", "pubmed", "semanticscholar"), "a client and its sandbox service"
    ),
    "github": "the report format for GitHub Actions, and the sandbox service",
    "wayback": "the protocol, the client and the storage of snapshots",
}
"""The names that several modules may have, with their common subject."""


def test_no_two_modules_have_one_name() -> None:
    paths = (path for path in SOURCE.rglob("*.py") if not path.stem.startswith("__"))
    count = Counter(path.stem for path in paths)
    shared = {name for name, number in count.items() if number > 1}
    assert shared == SHARED_MODULE_NAMES.keys()


def test_no_two_classes_have_one_name() -> None:
    homes = defaultdict(list)
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(path.relative_to(SOURCE).as_posix())
    assert not {name: paths for name, paths in homes.items() if len(paths) > 1}


BANNED = re.compile(
    r"""(?<![a-z])(?:
    mend(?:ed|s|ing)? | told | tell(?:s|ing)? | untold | anew | for\ good | stands | bears?
    | doors? | desks? | crews? | rooms? | houses? | witness(?:es)? | strangers? | sightings?
    | wires? | lone | beside | thus | such(?!\ as) | of\ its\ own | in\ the\ place\ of
    | (?:hand(?:s|ed)?)\ in | lets?\ go | put\ down | look\ at\ it\ again
    | data\ sets? | time[- ]outs? | false\ alarms?
    )(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
"""Private metaphors, and variants of terms that have another standard spelling."""


def split_words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ")


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of a module's identifiers, docstrings and comments."""
    yield 0, split_words(path.stem)
    for node in ast.walk(parse(path)):
        for attribute in ("name", "id", "attr", "arg", "asname"):
            if isinstance(name := getattr(node, attribute, None), str):
                yield getattr(node, "lineno", 0), split_words(name)
    for line, text in docstrings(path):
        if PAGE_PARTS[0] not in text:  # the page of a rule is a text for users
            yield line, " ".join(text.split())
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def test_names_comments_and_docstrings_use_standard_terms() -> None:
    offenders = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {match[0]!r} in {text[:80]!r}"
        for folder in ("src", "tests", "benchmarks", "tools", "fuzz")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, text in prose(path)
        for match in BANNED.finditer(text)
    ]
    assert not offenders, "\n".join(offenders)


def test_imports_point_down_only() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    if not tool.exists():
        pytest.skip("import-linter is not installed here; CI runs it")
    done = subprocess.run([tool], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_rules_are_named_only_in_their_package() -> None:
    """Code outside ``rules/`` reads the properties of a rule and never its name.

    The seeded defects of the demo name the rules that should find them; the commented example of
    the configuration shows one.
    """
    names = "|".join(name.replace("-", "[-_]") for name in table.NAMES)
    pattern = re.compile(rf"(?<![\w/-])(?:{names})(?![\w-])")
    named = {
        f"{path.relative_to(SOURCE).as_posix()}: {found[0]}"
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".html", ".jinja", ".js", ".json", ".toml", ".yml"}
        and not path.is_relative_to(SOURCE / "rules")
        and not path.is_relative_to(SOURCE / "sandbox" / "demo")
        for found in pattern.finditer(path.read_text("utf-8"))
    }
    assert named == {"cli/templates/linkcheck.toml: unreachable-link"}


NEW_RULE = '''"""A name is written in capital letters.

## What it does

Reports names in capital letters.
"""

from linkcheck.model.action import PullRequestGroup
from linkcheck.model.finding import Edit, Fix, Severity
from linkcheck.model.rule import Remedy, Rule, RuleScope


def _check(view, context):
    entry = view.entry
    if entry.name.isupper():
        edit = Edit(entry.name_span, entry.name, entry.name.title())
        fix = Fix("Write it in lower case", (edit,)) if entry.name.isalpha() else None
        yield RULE.finding("Loud name.", span=entry.name_span, entry=entry, fix=fix)


RULE = Rule(
    name="loud-name",
    severity=Severity.ERROR,
    summary="A name in capital letters.",
    page=__doc__,
    remedy=Remedy.UPSTREAM,
    issue_title="Loud name of",
    pull_request_group=PullRequestGroup.REPAIRED,
    scope=RuleScope.ENTRY,
    check=_check,
    offline=True,
)
'''


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Return a runner of a copy of linkcheck that has one more rule file and line in the table."""
    root = tmp_path_factory.mktemp("extended")
    package = root / "linkcheck"
    shutil.copytree(SOURCE, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "rules" / "loud_name.py").write_text(NEW_RULE, "utf-8")
    rules = package / "rules" / "table.py"
    text = rules.read_text("utf-8")
    assert text.count('    "dead-link",\n') == 1
    rules.write_text(text.replace('    "dead-link",\n', '    "dead-link",\n    "loud-name",\n'))
    entry = '- {{id: {0}, name: {1}, kind: tool, links: {{homepage: "https://{0}.example/"}}}}\n'
    (root / "c.yaml").write_text(entry.format("a", "MEDBOT") + entry.format("b", "MEDBOT 7"))

    def run(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "linkcheck", *arguments],
            cwd=root,
            env={"PYTHONPATH": str(root), "HOME": str(root), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    return run


def test_a_rule_is_one_file_and_one_line_of_the_table(extended: Callable[..., str]) -> None:
    assert "A name is written in capital letters." in extended("explain", "loud-name")
    assert re.search(r"^loud-name +error +A name in capital", extended("explain"), re.MULTILINE)
    report = json.loads(extended("run", "c.yaml", "--offline", "--format", "json", code=1))
    assert [(f["rule"], f["entry"]) for f in report["findings"]] == [
        ("loud-name", "a"),
        ("loud-name", "b"),
    ]
    assert "+- {id: a, name: Medbot, kind" in extended("fix", "c.yaml", "--offline", code=1)


def test_what_a_new_rule_asks_for_is_reported_and_planned(extended: Callable[..., str]) -> None:
    extended("run", "c.yaml", "--offline", "-o", "saved.json", code=1)
    page = extended("report", "saved.json", "--format", "html")
    assert "Ask upstream" in page
    assert "Correct what the entry" not in page
    plan = extended("run", "c.yaml", "--offline", "--issues", "--pulls", "--dry-run", code=1)
    assert "Loud name of: MEDBOT 7" in plan
    assert "linkcheck/repaired-links" in plan
