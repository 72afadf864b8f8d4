"""The catalog format: values, spans, problems, hostile files."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.model.entry import Entry, EntryKind, Problem
from linkcheck.model.source_text import SourceText

GOOD = """\
# a comment
- id: bentsao
  name: 本草
  aliases: [BenTsao, 华佗]
  kind: model
  released: 2023-03
  license: {code: Apache-2.0, weights: 'LLaMA'}
  base_models: [LLaMA-7B]
  datasets:
    - cMeKG
  parameters: 7B
  institutions: [哈尔滨工业大学]
  languages: [zh, no]
  size: 9000
  hardware: ["1 x A100, \\"80 GB\\""]
  links:
    paper: arxiv:2304.06975
    code: [https://github.com/a/b, "gh:c/d"]
    contact: mailto:someone@example.org
  listed_in: [medical-nlp]
  notes: >-
    One sentence
    on two lines.
  stale_after: 18mo
  ignore:
    - {rule: dead-link, link: code, reason: under repair, until: 2027-01-31}
"""


def read(text: str) -> tuple[tuple[Entry, ...], tuple[Problem, ...], int]:
    return load_yaml(SourceText("catalog.yaml", text))


def test_every_key_is_read() -> None:
    entries, problems, skipped = read(GOOD)
    assert problems == ()
    assert skipped == 1
    (entry,) = entries
    claims = entry.claims
    assert (entry.id, entry.name, entry.kind) == ("bentsao", "本草", EntryKind.MODEL)
    assert entry.aliases == ("BenTsao", "华佗")
    assert claims.released is not None
    assert claims.released.value == "2023-03"
    assert {part: claim.value for part, claim in claims.licenses.items()} == {
        "code": "Apache-2.0",
        "weights": "LLaMA",
    }
    assert [claim.value for claim in claims.base_models] == ["LLaMA-7B"]
    assert [claim.value for claim in claims.datasets] == ["cMeKG"]
    assert [claim.value for claim in claims.parameters] == ["7B"]
    assert [claim.value for claim in claims.institutions] == ["哈尔滨工业大学"]
    assert [claim.value for claim in claims.languages] == ["zh", "no"], "Norwegian is no boolean"
    assert claims.size is not None
    assert claims.size.value == "9000"
    assert [claim.value for claim in claims.hardware] == ['1 x A100, "80 GB"']
    assert entry.listed_in == ("medical-nlp",)
    assert entry.notes == "One sentence on two lines."
    assert entry.stale_after == timedelta(days=18 * 30)
    (ignore,) = entry.ignores
    assert (ignore.rule, ignore.link, ignore.reason) == ("dead-link", "code", "under repair")
    assert ignore.until == date(2027, 1, 31)
    assert [(link.role, link.written, link.url, link.template) for link in entry.links] == [
        ("paper", "arxiv:2304.06975", "https://arxiv.org/abs/2304.06975", "arxiv:{}"),
        ("code", "https://github.com/a/b", "https://github.com/a/b", None),
        ("code", "gh:c/d", "https://github.com/c/d", "gh:{}"),
        ("contact", "mailto:someone@example.org", "mailto:someone@example.org", None),
    ]


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_spans_are_exact_whatever_the_line_endings(bom: str, newline: str) -> None:
    text = bom + GOOD.replace("\n", newline)
    ((entry,), problems, _) = read(text)
    assert problems == ()
    for link in entry.links:
        assert text[link.span.start : link.span.end] == link.written
    paper = entry.links[0].span
    assert (paper.line, paper.column, paper.end_line, paper.end_column) == (17, 12, 17, 28)
    assert entry.name_span is not None
    assert text[entry.name_span.start : entry.name_span.end] == "本草"
    weights = entry.claims.licenses["weights"].span
    assert text[weights.start : weights.end] == "LLaMA", "inside the quotes"
    assert text[entry.span.start : entry.span.end].startswith("id: bentsao")
    assert text[entry.span.start : entry.span.end].endswith("2027-01-31}")


@pytest.mark.parametrize(
    ("written", "value", "at"),
    [
        ("https://a.example/x", "https://a.example/x", "https://a.example/x"),
        ("'https://a.example/x'", "https://a.example/x", "https://a.example/x"),
        ('"https://a.example/x"', "https://a.example/x", "https://a.example/x"),
        ('"https:\\/\\/a.example"', "https://a.example", '"https:\\/\\/a.example"'),
        ("'it''s'", "it's", "'it''s'"),
        (">-\n      https://a.example/x\n", "https://a.example/x", "https://a.example/x"),
        ("| # why\n      https://a.example/x\n\n", "https://a.example/x", "https://a.example/x"),
        (">\n      not a\n      url\n", "not a url", ">\n      not a\n      url"),
        ("not a\n      url", "not a url", "not a\n      url"),
        ("&anchor https://a.example/x", "https://a.example/x", "https://a.example/x"),
        ("!!str 'https://a.example/x'", "https://a.example/x", "https://a.example/x"),
        ("https://a.example/𝒳/华  # why", "https://a.example/𝒳/华", "https://a.example/𝒳/华"),
    ],
)
def test_the_span_is_what_an_edit_must_replace(written: str, value: str, at: str) -> None:
    text = f"- id: x\n  name: x\n  kind: tool\n  links:\n    code: {written}\n    home: https://b\n"
    ((entry,), problems, _) = read(text)
    assert problems == ()
    link = entry.links[0]
    assert (link.url, link.written) == (value, at)
    assert text[link.span.start : link.span.end] == at


ENTRY = "- id: x\n  name: X\n  kind: tool\n  links: {code: gh:a/b}\n"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (ENTRY + "  licence: MIT\n", (5, 3), "unknown key 'licence'", "'license'"),
        (ENTRY + "  size: {a: b}\n", (5, 9), "'size' is a mapping", "one value"),
        (ENTRY + "  size: [1]\n", (5, 9), "'size' is a list", "one value"),
        (ENTRY + "  size: true\n", (5, 9), "'size' is true", "quotes"),
        (ENTRY + "  size:\n", (5, 8), "'size' has no value", "delete"),
        (ENTRY + "  size: ' '\n", (5, 10), "'size' is empty", "delete"),
        (ENTRY + "  datasets: A\n", (5, 13), "'datasets' is one text", "[only]"),
        (ENTRY + "  datasets: {a: b}\n", (5, 13), "'datasets' is a mapping", "[only]"),
        (ENTRY + "  datasets: [[a]]\n", (5, 14), "'datasets' is a list", "one value"),
        (ENTRY + "  released: 2023-13\n", (5, 13), "no date: '2023-13'", "2023-03-24"),
        (ENTRY + "  released: 2023-02-30\n", (5, 13), "no date", "2023-03-24"),
        (ENTRY + "  license: {weight: MIT}\n", (5, 13), "unknown key 'weight'", "'weights'"),
        (ENTRY + "  stale_after: soon\n", (5, 16), "no duration: 'soon'", "never"),
        (ENTRY + "  name: Y\n", (5, 3), "'name' stands twice", "line 2"),
        (ENTRY + "  ignore: dead-link\n", (5, 11), "'ignore' should be a list", "reason"),
        (ENTRY + "  ignore: [dead-link]\n", (5, 12), "no mapping", "reason"),
        (ENTRY + "  ignore: [{rule: a}]\n", (5, 12), "has no 'reason'", "Why"),
        (ENTRY + "  ignore: [{rule: a, reason: b, until: x}]\n", (5, 40), "'until'", "2027"),
        (ENTRY + "  ? [a]\n  : b\n", (5, 5), "no text", "key: value"),
        ("- name: X\n  kind: tool\n  links: {a: b}\n", (1, 3), "has no 'id'", "id: chatdoctor"),
        ("- id: x\n  kind: tool\n  links: {a: b}\n", (1, 3), "has no 'name'", "name:"),
        ("- id: x\n  name: X\n  links: {a: b}\n", (1, 3), "has no 'kind'", "kind: model"),
        ("- id: x\n  name: X\n  kind: tool\n", (1, 3), "has no 'links'", "links:"),
        (ENTRY.replace("id: x", "id: My Tool"), (1, 7), "not in kebab-case", "'my-tool'"),
        (ENTRY.replace("tool", "modle"), (3, 9), "unknown kind 'modle'", "'model'"),
        (ENTRY.replace("{code: gh:a/b}", "gh:a/b"), (4, 10), "'links' should be", "role"),
        (ENTRY.replace("{code: gh:a/b}", "{}"), (4, 10), "'links' is empty", "at least one"),
        (ENTRY.replace("code", "The Code"), (4, 11), "cannot be a link's role", "lower-case"),
        (ENTRY + ENTRY, (5, 7), "already taken in catalog.yaml:1", "another id"),
        ("- just a text\n", (1, 3), "no mapping", "- id:"),
        ("id: x\n", (1, 1), "holds a list", "- id:"),
        ("projects: []\n", (1, 1), "holds a list", "best-of"),
        ("website_url: x\n", (1, 1), "holds a list", "awesome-selfhosted"),
        ("- id: a\n  name: b: c\n", (2, 10), "mapping values", "quotes"),
        ("- id: a\n\tname: b\n", (2, 1), "a tab character", "spaces"),
        ("- id: 'a\n", (2, 1), "end of stream", "began in line 1"),
        ("- id: a\n  name: @b\n", (2, 9), "cannot start any token", "quotes"),
        ("- id: *a\n", (1, 7), "undefined alias", "quotes"),
        ("- id: a\x07\n", (1, 8), "U+0007", "Delete"),
    ],
)
def test_each_problem_has_a_place_and_a_hint(
    text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    _, problems, _ = read(text)
    found = [(p.span.line, p.span.column) for p in problems if message in p.message]
    assert found == [place], problems
    (problem,) = [p for p in problems if message in p.message]
    assert hint in problem.hint
    assert problem.span.file == "catalog.yaml"


def test_one_bad_entry_does_not_stop_the_others() -> None:
    broken = "- id: broken\n  name: 'never closed\n  kind: tool\n"
    entries, problems, _ = read(ENTRY + broken + ENTRY.replace("id: x", "id: y") + "- 3\n")
    assert [entry.id for entry in entries] == ["x", "y"]
    assert [problem.message.split(":")[0] for problem in problems] == [
        "this is not valid YAML",
        "this entry is no mapping of keys",
    ]
    text = ENTRY + broken + ENTRY.replace("id: x", "id: y")
    last = read(text)[0][-1].links[0]
    assert text[last.span.start : last.span.end] == "gh:a/b"


def test_an_entry_with_problems_keeps_its_links() -> None:
    entries, problems, _ = read("- kind: what\n  links: {code: gh:a/b}\n  colour: red\n")
    assert len(problems) == 4
    assert [link.url for link in entries[0].links] == ["https://github.com/a/b"]


def test_anchors_aliases_and_merge_keys_are_honored() -> None:
    text = (
        "- &base\n  id: x\n  name: X\n  kind: tool\n  institutions: &who [A, B]\n"
        "  links: {code: gh:a/b}\n"
        "- <<: *base\n  id: y\n  institutions: *who\n"
    )
    entries, problems, _ = read(text)
    assert problems == ()
    assert [entry.id for entry in entries] == ["x", "y"]
    assert [claim.value for claim in entries[1].claims.institutions] == ["A", "B"]
    assert entries[1].links == entries[0].links
    assert text[: entries[1].span.end].endswith("*who") or entries[1].span.line == 7


def test_several_documents_and_empty_ones() -> None:
    assert read("") == ((), (), 0)
    assert read("# nothing yet\n") == ((), (), 0)
    assert read("---\n...\n") == ((), (), 0)
    entries, problems, _ = read(f"---\n{ENTRY}---\n{ENTRY.replace('id: x', 'id: y')}")
    assert [entry.id for entry in entries] == ["x", "y"]
    assert problems == ()


def test_only_the_first_of_many_problems_are_reported() -> None:
    _, problems, _ = read("- 1\n" * 2_000)
    assert len(problems) == 501
    assert problems[-1].message == "1500 more problems in this file"


LAUGHS = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 60)
)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "- " + LAUGHS.replace("\n", "\n  "),
        "---\n".join(["- &a [" + "x," * 300 + "]\n- [" + "*a," * 300 + "]\n"] * 50),
        "- &a [*a]\n",
        "- &a {id: *a}\n",
        "[" * 1_000_000,
        "- " * 1_000_000,
        "{a: " * 100_000,
        "? " * 100_000,
        "- id: [\n" * 100_000,
        "- " + "&a " * 100_000,
        "x" * 20_000_001,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_files_are_rejected(text: str) -> None:
    entries, problems, _ = read(text)
    assert not any(entry.links for entry in entries)
    assert problems
    assert all(problem.hint for problem in problems)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own count")
def test_a_billion_laughs_stay_under_100_mb() -> None:
    # Not ru_maxrss: a child starts with its parent's, and pytest alone may be larger than that.
    program = (
        "import sys, pathlib; from linkcheck.catalog.yaml_entries import load_yaml;"
        "from linkcheck.model.source_text import SourceText;"
        "print(load_yaml(SourceText('x', sys.stdin.read()))[1][0].message);"
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], input=LAUGHS, text=True, capture_output=True, check=True
    )
    message, peak = run.stdout.splitlines()
    assert "aliases" in message
    assert int(peak) * 1024 < 100_000_000, "kilobytes at the highest"
