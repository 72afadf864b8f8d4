"""Where an ignore of the configuration stands, so that a finding about it can point there."""

from pathlib import Path

import pytest

from linkcheck.config import load

IGNORES = """\
{first}
rule = "dead-link"
reason = "text with [[ignore]] in it"

  {second}  # another
rule = "moved-link"
url = "https://a.example/*"
reason = "on purpose"
"""


@pytest.mark.parametrize(
    ("name", "header"),
    [("linkcheck.toml", "[[ignore]]"), ("pyproject.toml", "[[ tool.linkcheck.ignore ]]")],
)
def test_an_ignore_knows_its_line(tmp_path: Path, name: str, header: str) -> None:
    file = tmp_path / name
    file.write_text("# 配置\n" + IGNORES.format(first=header, second=header), encoding="utf-8")
    spans = [ignore.span for ignore in load(file).rules.ignores]
    assert [(s.line, s.column, s.end_column) for s in spans if s] == [
        (2, 1, 1 + len(header)),
        (6, 3, 3 + len(header)),
    ]
    assert {s.file for s in spans if s} == {file.as_posix()}


def test_where_the_lines_do_not_tell_it_is_the_beginning_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "linkcheck.toml"
    file.write_text("# c\nignore = [{rule = 'dead-link', reason = 'x'}]\n")
    (ignore,) = load(file).rules.ignores
    assert ignore.span is not None
    assert (ignore.span.file, ignore.span.line, ignore.span.column) == (file.as_posix(), 1, 1)
