"""Edits: text outside them is unchanged, text inside parses as intended."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.catalog.load import get_loader
from linkcheck.catalog.quoting import quote_edits
from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.fixes.edits import (
    apply,
    apply_verified,
    resolve_conflicts,
    unified_diff,
    verify,
)
from linkcheck.model.entry import Entry, Link
from linkcheck.model.finding import Edit, Fix
from linkcheck.model.settings import SourceSettings
from linkcheck.model.source_text import SourceText

ENTRY = """\
- id: x  # the id
  name: X
  kind: tool
  links:
    code: "https://github.com/a/b"   # moved?
    home: [https://one.example, 'https://two.example']
  license: apache-2.0
"""


def edit(source: SourceText, before: str, after: str, at: int | None = None) -> Edit:
    start = source.text.index(before) if at is None else at
    return Edit(source.span(start, start + len(before)), before, after)


def links(source: SourceText) -> list[Link]:
    return [link for entry in load_yaml(source)[0] for link in entry.links]


def test_edits_are_applied_by_place_whatever_their_order() -> None:
    source = SourceText("f", "one two three")
    edits = [edit(source, "three", "3"), edit(source, "one", "1")]
    result = apply(source.text, edits)
    assert result.text == "1 two 3"
    assert apply(source.text, edits[::-1]).text == result.text
    assert result.dropped == ()


def test_of_overlapping_edits_the_later_one_is_rejected_with_a_reason() -> None:
    source = SourceText("f", "one two three")
    first, second = edit(source, "one two", "1 2"), edit(source, "two three", "2 3")
    for edits in ([first, second], [second, first], [first, first, second]):
        result = apply(source.text, edits)
        assert result.text == "1 2 three"
        assert result.applied == (first,)
        assert [dropped.edit for dropped in result.dropped] == [second]
        assert "same text" in result.dropped[0].reason


@pytest.mark.parametrize("text", ["on", "two one", "onE two", ""])
def test_an_edit_whose_before_does_not_match_is_rejected(text: str) -> None:
    span = SourceText("f", "one two").span(0, 3)
    edits = [Edit(span, "one", "1"), Edit(span, "eno", "2")]
    for one in edits:
        result = apply(text, [one])
        assert (result.text, result.applied) == (text, ())
        assert [(r.edit, "no longer" in r.reason) for r in result.dropped] == [(one, True)]
    assert apply(text, edits).text == text


def test_an_edit_to_a_prefix_or_an_extension_is_applied_once() -> None:
    shorten = SourceText("f", "arxiv:2303.14070v1 x")
    version = edit(shorten, "2303.14070v1", "2303.14070")
    once = apply(shorten.text, [version])
    assert once.text == "arxiv:2303.14070 x"
    assert apply(once.text, [version]).text == once.text
    lengthen = SourceText("f", "http://x y")
    path = edit(lengthen, "http://x", "http://x/main")
    once = apply(lengthen.text, [path])
    assert once.text == "http://x/main y"
    assert apply(once.text, [path]).text == once.text
    insert = Edit(lengthen.span(8, 8), "", "/new")
    once = apply(lengthen.text, [insert])
    assert apply(once.text, [insert]).text == once.text == "http://x/new y"


@given(st.data())
def test_applying_twice_changes_nothing(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab\n", min_size=1, max_size=20))
    source = SourceText("f", text)
    edits = []
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        # A letter that the old text does not have marks the new text, as in real edits.
        after = data.draw(st.text(alphabet="abZ", max_size=4)) + "Q"
        edits.append(Edit(source.span(start, end), text[start:end], after))
    once = apply(text, edits)
    assert len(once.applied) + len(once.dropped) == len(set(edits))
    again = apply(once.text, once.applied)
    assert again.text == once.text
    assert again.applied == ()


def test_a_fix_is_applied_as_a_whole_or_not_at_all() -> None:
    source = SourceText("f", "one two three")
    one, two, three = (edit(source, word, word.upper()) for word in ("one", "two", "three"))
    pair, single, other = Fix("pair", (one, two)), Fix("b", (two, three)), Fix("c", (three,))
    again = Fix("again", (Edit(two.span, "two", "deux"),))
    kept, waiting = resolve_conflicts([other, again, single, pair])
    assert kept == (pair, single, other), "the same edit twice is no conflict"
    assert waiting == (again,)
    assert resolve_conflicts([pair, single, other, again]) == (kept, waiting)


def test_comments_quoting_and_layout_stay() -> None:
    source = SourceText("f", "\ufeff" + ENTRY.replace("\n", "\r\n"))
    code, one, two = links(source)
    edits = [
        Edit(code.span, code.written, "https://github.com/c/d"),
        Edit(one.span, one.written, "https://one.example/a,b"),
        Edit(two.span, two.written, "https://two.example/it's"),
    ]
    result = apply_verified(source, edits, loader=load_yaml, encode=quote_edits)
    assert result.dropped == ()
    assert result.text == (
        source.text.replace("github.com/a/b", "github.com/c/d")
        .replace("https://one.example", "'https://one.example/a,b'")
        .replace("https://two.example", "https://two.example/it''s")
    )


def test_only_the_edits_that_do_not_parse_as_intended_are_rejected() -> None:
    source = SourceText("f", ENTRY)
    code, one, two = links(source)
    good = Edit(code.span, code.written, "https://github.com/c/d")
    bad = Edit(one.span, one.written, "https://one.example, https://more.example")
    worse = Edit(two.span, two.written, "it's")
    result = apply_verified(source, [worse, good, bad], loader=load_yaml)
    assert result.applied == (good,)
    assert {dropped.edit for dropped in result.dropped} == {bad, worse}
    assert all("as meant" in dropped.reason for dropped in result.dropped)
    for one_bad in (bad, worse):
        new = apply(source.text, [one_bad]).text
        assert verify(source, new, [one_bad], load_yaml)


def test_a_change_outside_the_edits_is_noticed() -> None:
    source = SourceText("f", ENTRY)
    for old, new in (
        ("apache-2.0", "MIT"),
        ("name: X", "name: Y"),
        ("id: x", "id: y"),
        ("tool", "model"),
        ("one.example", "uno.example"),
        ("  license: apache-2.0\n", ""),
        (ENTRY, ENTRY + ENTRY.replace("id: x", "id: z")),
    ):
        assert verify(source, source.text.replace(old, new), [], load_yaml), old
    assert verify(source, source.text, [], load_yaml) == ()
    comment = source.text.replace("# moved?", "# moved!")
    assert verify(source, comment, [], load_yaml) == ()


def test_an_ignore_can_be_added() -> None:
    source = SourceText("f", ENTRY)
    at = len(ENTRY)
    added = Edit(source.span(at, at), "", "  ignore:\n    - {rule: dead-link, reason: later}\n")
    result = apply_verified(source, [added], loader=load_yaml, encode=quote_edits)
    assert result.dropped == ()
    assert load_yaml(SourceText("f", result.text))[0][0].ignores[0].rule == "dead-link"


URLISH = st.text(alphabet="abc/:#?&=%-._~ ,[]{}'\"\\!*|>@`华", min_size=1, max_size=12).map(
    lambda tail: f"https://x.example/{tail.strip()}"
)
NASTY = st.one_of(
    URLISH,
    st.text(alphabet="ab:#-?,[]{}'\"\\&*!|>%@` 华é~", min_size=1, max_size=8)
    .map(str.strip)
    .filter(bool),
    st.sampled_from(["null", "true", "123", "- a", "a: b", "a #b", "#b", "---", "it's", '"', "~x"]),
)
COMMENT = st.sampled_from(["", "", "  # why", " #", "\t# tab"])


def single(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def double(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def catalogs(draw: st.DrawFn) -> str:
    """Draw a catalog in odd layouts: quoting, comments, blank lines, flow and block, CRLF, BOM."""
    out = [draw(st.sampled_from(["", "# top\n", "---\n", "\n\n"]))]
    pad = " " * draw(st.integers(0, 3))
    for number in range(draw(st.integers(1, 3))):
        out.append(f"{pad}- id: e{number}{draw(COMMENT)}\n{pad}  name: N{number}\n")
        out.append(draw(st.sampled_from(["", "\n", f"{pad}  # between\n", "# left\n"])))
        out.append(f"{pad}  kind: tool\n{pad}  links:{draw(COMMENT)}\n")
        for role in ("code", "paper", "home")[: draw(st.integers(1, 3))]:
            url = f"https://{role}.example/{number}"
            inner = pad + "    "
            out.append(
                inner
                + draw(
                    st.sampled_from(
                        [
                            f"{role}: {url}",
                            f"{role}:   {single(url)}",
                            f"{role}: {double(url)}",
                            f"{role}: {double(url).replace('/', chr(92) + '/')}",
                            f"{role}: [{url} , {double(url + '2')},{single(url + '3')} ]",
                            f"{role}:\n{inner}- {url}\n{inner}- {single(url)}",
                            f"{role}: >-\n{inner}  {url}",
                            f"{role}: |  # block\n{inner}  {url}\n",
                            f"{role}: &{role}{number} {url}",
                            f"{role}:\n{inner}  {url}",
                            f'"{role}": {url}',
                        ]
                    )
                )
                + draw(st.sampled_from(["\n", "\n", "\n\n", f"\n{pad}  # after\n"]))
            )
    text = "".join(out)
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return draw(st.sampled_from(["", "\ufeff"])) + text


def outside(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return [text[a:b] for a, b in zip(ends, starts, strict=True)]


@settings(max_examples=150, deadline=None)
@given(st.data(), catalogs())
def test_random_edits_of_random_yaml(data: st.DataObject, text: str) -> None:
    source = SourceText("f", text)
    entries, problems, _ = load_yaml(source)
    assert problems == ()
    every = [link for entry in entries for link in entry.links]
    for link in every:
        assert text[link.span.start : link.span.end] == link.written
    chosen = data.draw(st.lists(st.sampled_from(range(len(every))), unique=True, max_size=4))
    meant = {index: data.draw(NASTY) for index in chosen}
    edits = [Edit(every[i].span, every[i].written, value) for i, value in meant.items()]
    result = apply_verified(source, edits, loader=load_yaml, encode=quote_edits)

    same = [e for i, e in zip(meant, edits, strict=True) if meant[i] == every[i].written]
    assert [d.edit for d in result.dropped if d.edit not in same] == []
    applied = result.applied
    shift = 0
    new_spans = []
    for one in applied:
        start = one.span.start + shift
        new_spans.append((start, start + len(one.after)))
        shift += len(one.after) - len(one.before)
    old_spans = [(one.span.start, one.span.end) for one in applied]
    assert outside(result.text, new_spans) == outside(text, old_spans)

    again = load_yaml(SourceText("f", result.text))
    assert not again[1]
    urls = [link.url for entry in again[0] for link in entry.links]
    assert urls == [meant.get(i, link.url) for i, link in enumerate(every)]
    assert [strip(entry) for entry in again[0]] == [strip(entry) for entry in entries]
    assert apply(result.text, applied).text == result.text


def strip(entry: Entry) -> tuple[object, ...]:
    return (entry.id, entry.name, entry.kind, [link.role for link in entry.links])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("- [A](https://a.example/x) and [B](https://b.example)\n", "https://a.example/new"),
        ("- A: <https://a.example/x>\r\n- B\r\n", "https://a.example/new"),
        ("- A https://a.example/x\n", "https://a.example/new"),
        ("| n | l |\n|--|--|\n| A | [l](https://a.example/x) |\n", "https://a.example/new"),
        ("- [A][a]\n\n[a]: https://a.example/x 'title'\n", "https://a.example/new"),
        ('<a href="https://a.example/x">A</a>\n', "https://a.example/new"),
    ],
)
def test_markdown_is_edited_in_place(text: str, wanted: str) -> None:
    source = SourceText("README.md", text)
    loader = get_loader("README.md")
    link = next(k for e in loader(source)[0] for k in e.links if "a.example" in k.url)
    result = apply_verified(source, [Edit(link.span, link.written, wanted)], loader=loader)
    assert result.dropped == ()
    assert result.text == text.replace("https://a.example/x", wanted)
    broken = Edit(link.span, link.written, 'https://a.example/">a b)')
    refused = apply_verified(source, [broken], loader=loader)
    assert refused.text == text


def test_an_entry_named_like_another_can_be_edited_in_markdown() -> None:
    text = "- [Code](https://a.example/one)\n- [Code](https://b.example/two)\n"
    source, loader = SourceText("README.md", text), get_loader("README.md")
    links = [link for entry in loader(source)[0] for link in entry.links]
    edits = [Edit(link.span, link.written, "https://c.example/new") for link in links[1:]]
    result = apply_verified(source, edits, loader=loader)
    assert result.dropped == ()
    assert result.text == text.replace("https://b.example/two", "https://c.example/new")


def test_an_entry_named_after_its_id_can_be_edited() -> None:
    text = "projects:\n  - github_id: old/name\n    category: x\n"
    settings = SourceSettings("projects.yaml", preset="best-of")
    source, loader = SourceText("projects.yaml", text), get_loader("projects.yaml", (settings,))
    link = loader(source)[0][0].links[0]
    result = apply_verified(source, [Edit(link.span, link.written, "new/other")], loader=loader)
    assert result.dropped == ()
    assert result.text == text.replace("old/name", "new/other")


def test_the_diff_is_a_patch_that_git_takes(tmp_path: object) -> None:
    diff = unified_diff("a b.yaml", "1\r\n2\n3", "1\r\n4\n3")
    assert diff == (
        "--- a/a b.yaml\n+++ b/a b.yaml\n@@ -1,3 +1,3 @@\n 1\r\n-2\n+4\n 3\n"
        "\\ No newline at end of file\n"
    )
    assert unified_diff("f", "same", "same") == ""


def test_a_repaired_url_may_change_the_role_of_its_link() -> None:
    source = SourceText("list.md", "- [A](https:/github.com/a/b)\n")
    loader = get_loader("list.md")
    (entry,) = loader(source)[0]
    (link,) = entry.links
    edit = Edit(link.span, link.written, "https://github.com/a/b")
    done = apply_verified(source, [edit], loader=loader)
    assert done.text == "- [A](https://github.com/a/b)\n"
