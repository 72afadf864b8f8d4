"""The changelog and the examples follow the version in ``linkcheck.__version__``."""

import re
from pathlib import Path

import pytest

from linkcheck import __version__

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md")
    for path in ROOT.glob(pattern)
    if path.name != "CHANGELOG.md"
)


def parse_version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_the_changelog_is_not_ahead_of_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    releases = [re.fullmatch(r"(\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)", line) for line in headings]
    versions = [parse_version(match[1]) for match in releases if match]
    assert versions
    assert len(versions) == len(headings)
    assert versions == sorted(set(versions), reverse=True)
    assert versions[0] <= parse_version(__version__)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_examples_use_the_current_version(path: Path) -> None:
    pattern = r"linkcheck\S*@v(\d+\.\d+\.\d+)|^ +(?:rev: v|version: )(\d+\.\d+\.\d+)$"
    for match in re.finditer(pattern, path.read_text("utf-8"), re.MULTILINE):
        assert (match[1] or match[2]) == __version__, match[0]
