"""The places of ignores in the configuration, for findings about them."""

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
def test_the_span_of_an_ignore_is_its_header(tmp_path: Path, name: str, header: str) -> None:
    file = tmp_path / name
    file.write_text("# 配置\n" + IGNORES.format(first=header, second=header), encoding="utf-8")
    spans = [ignore.span for ignore in load(file).rules.ignores]
    assert [(s.line, s.column, s.end_column) for s in spans if s] == [
        (2, 1, 1 + len(header)),
        (6, 3, 3 + len(header)),
    ]
    assert {s.file for s in spans if s} == {file.as_posix()}


LISTED = """\
# ignore = [{{rule = "commented"}}]
{table}
paths = ["a{{", 'b[']  # [[ignore]]
{key} = [
  {{rule = "dead-link", reason = "a }} in it, and a ]"}},  # {{
  # {{rule = "none"}}
      {{rule = "moved-link", url = "https://a.example/[*]", reason = '''
[[ignore]]
ignore = [{{}}]'''}}, {{ reason = "last", rule = "stale-repository" }},
]

[{prefix}rules]
ignore = ["empty-repository"]
[[{prefix}source]]
path = "x.md"
fields = {{name = "a"}}
"""


@pytest.mark.parametrize(
    ("name", "table", "key", "prefix"),
    [
        ("linkcheck.toml", "", "ignore", ""),
        ("linkcheck.toml", "", "'ignore' ", ""),
        ("pyproject.toml", "[tool.linkcheck]", "ignore", "tool.linkcheck."),
        ("pyproject.toml", "[tool]", "linkcheck . ignore", "tool.linkcheck."),
        ("pyproject.toml", "[ tool . 'linkcheck' ]", '"ignore"', "tool.linkcheck."),
    ],
)
def test_the_span_of_an_inline_ignore_is_its_table(
    tmp_path: Path, name: str, table: str, key: str, prefix: str
) -> None:
    file = tmp_path / name
    text = LISTED.format(table=table, key=key, prefix=prefix)
    if table == "[tool]":
        text = text.replace("paths", "linkcheck.paths")
    file.write_text(text, encoding="utf-8")
    ignores = load(file).rules.ignores
    spans = [ignore.span for ignore in ignores if ignore.span]
    assert [(s.line, s.column) for s in spans] == [(5, 3), (7, 7), (9, 20)]
    for ignore, span in zip(ignores, spans, strict=True):
        own = text[span.start : span.end]
        assert (own[0], own[-1]) == ("{", "}")
        assert f'"{ignore.rule}"' in own


def test_ignores_of_other_tools_are_not_found(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(
        "[tool.other]\nignore = [{rule = 'x'}]\n[[tool.another.ignore]]\na = 1\n"
        "[tool.linkcheck]\nignore = [{rule = 'dead-link', reason = 'x'}]\n"
    )
    (ignore,) = load(file).rules.ignores
    assert ignore.span is not None
    assert (ignore.span.line, ignore.span.column) == (6, 11)


def test_an_ignore_without_a_span_gets_the_start_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("# c\n[tool]\nlinkcheck = {ignore = [{rule = 'dead-link', reason = 'x'}]}\n")
    (ignore,) = load(file).rules.ignores
    assert ignore.span is not None
    assert (ignore.span.file, ignore.span.line, ignore.span.column) == (file.as_posix(), 1, 1)
