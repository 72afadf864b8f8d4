"""Markdown lists as entries: names, roles, ids, badges and ignore comments."""

import textwrap

from linkcheck.markdown.entries import load_markdown
from linkcheck.model.entry import Entry
from linkcheck.model.source_text import SourceText


def load(text: str) -> tuple[Entry, ...]:
    entries, problems, _ = load_markdown(SourceText("list.md", textwrap.dedent(text)))
    assert problems == ()
    return entries


def brief(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(e.name, [(link.role, link.url) for link in e.links]) for e in load(text)]


def test_nested_key_value_bullets_belong_to_the_item_above() -> None:
    assert brief(
        """
        * Alpha  (2023-03-24)
          * Paper: https://arxiv.org/abs/2303.00001
          * 代码：https://github.com/o/alpha
          * License: Apache 2.0
          * 数据：
            * some words
        * Beta
          * Model: https://huggingface.co/o/beta
        """
    ) == [
        (
            "Alpha",
            [("paper", "https://arxiv.org/abs/2303.00001"), ("code", "https://github.com/o/alpha")],
        ),
        ("Beta", [("model", "https://huggingface.co/o/beta")]),
    ]


def test_a_labeled_license_is_a_claim_with_its_place() -> None:
    text = "* A\n  * License: Apache 2.0\n  * Code: https://github.com/o/a\n"
    (entry,) = load(text)
    claim = entry.claims.licenses[""]
    assert claim.value == "Apache 2.0"
    assert text[claim.span.start : claim.span.end] == "Apache 2.0"


def test_headings_name_the_links_listed_below_them() -> None:
    assert brief(
        """
        # List
        ## 一. Data
        #### 1.3 Gamma-KG (4.4M triplets)
        - Introduction: words
        - [Project Address](https://github.com/o/gamma)
        - [论文地址](https://arxiv.org/abs/2303.00002)
        """
    ) == [
        (
            "Gamma-KG (4.4M triplets)",
            [("code", "https://github.com/o/gamma"), ("paper", "https://arxiv.org/abs/2303.00002")],
        )
    ]


def test_a_label_is_a_name_below_the_heading_of_a_category() -> None:
    assert brief(
        """
        ## Things
        - [Space](https://huggingface.co/spaces/a/b)
        - [HF](https://huggingface.co/a/c)
        ## Machine reading
        - [Alpha](https://alpha.example/x) - words
        - [Space](https://space.example/y) - words
        ## MedBot
        - [Paper](https://arxiv.org/abs/2303.00003)
        - [Code](https://github.com/o/medbot)
        ## Notes
        - Introduction: words
        - [Code](https://github.com/o/notes)
        """
    ) == [
        ("Space", [("demo", "https://huggingface.co/spaces/a/b")]),
        ("HF", [("model", "https://huggingface.co/a/c")]),
        ("Alpha", [("homepage", "https://alpha.example/x")]),
        ("Space", [("demo", "https://space.example/y")]),
        (
            "MedBot",
            [
                ("paper", "https://arxiv.org/abs/2303.00003"),
                ("code", "https://github.com/o/medbot"),
            ],
        ),
        ("Notes", [("code", "https://github.com/o/notes")]),
    ]


def test_tables_take_roles_from_their_headers() -> None:
    assert brief(
        """
        | 模型 | 机构 | 开源地址 | 论文 |
        |---|---|---|---|
        | Delta | Some Lab | https://github.com/o/delta | https://example.org/delta |
        """
    ) == [
        ("Delta", [("code", "https://github.com/o/delta"), ("paper", "https://example.org/delta")])
    ]


def test_a_badge_belongs_to_the_item_of_the_link_next_to_it() -> None:
    entries = load(
        """
        * Epsilon
          * 地址：https://github.com/o/epsilon
            ![](https://img.shields.io/github/stars/o/other)
        """
    )
    (entry,) = entries
    assert [(link.role, link.badge) for link in entry.links] == [("code", False), ("badge", True)]


def test_ids_do_not_change_when_lines_move() -> None:
    one = "- [A](https://a.example/x)\n- [A](https://a.example/y)\n"
    moved = "\n\nSome words.\n\n" + one
    assert [e.id for e in load(one)] == [e.id for e in load(moved)] == ["a", "a-y"]


def test_ignore_comments_apply_to_their_entry() -> None:
    entries = load(
        """
        - [A](https://a.example) <!-- linkcheck-ignore: dead-link sleeps in winter -->
        <!-- linkcheck-ignore: moved-link,stale-repository until 2027-01-31 known -->
        - [B](https://b.example)
        - [C](https://c.example)
        """
    )
    found = {e.id: [(i.rule, i.reason, str(i.until)) for i in e.ignores] for e in entries}
    assert found == {
        "a": [("dead-link", "sleeps in winter", "None")],
        "b": [
            ("moved-link", "known", "2027-01-31"),
            ("stale-repository", "known", "2027-01-31"),
        ],
        "c": [],
    }


def test_an_ignore_comment_for_the_whole_file() -> None:
    entries = load(
        """
        <!-- linkcheck-ignore-file: insecure-link an old list -->
        - [A](http://a.example)
        - [B](http://b.example)
        """
    )
    assert [[i.rule for i in e.ignores] for e in entries] == [["insecure-link"]] * 2


def test_an_ignore_comment_away_from_any_entry_is_a_problem() -> None:
    text = "- [A](https://a.example)\n\n<!-- linkcheck-ignore: dead-link why -->\n\nwords\n"
    entries, problems, _ = load_markdown(SourceText("list.md", text))
    assert [entry.ignores for entry in entries] == [()]
    assert [p.span.line for p in problems] == [3]


def test_an_ignore_comment_without_a_reason_is_a_problem() -> None:
    text = "- [A](https://a.example) <!-- linkcheck-ignore: dead-link -->\n"
    _, problems, _ = load_markdown(SourceText("list.md", text))
    assert [p.span.line for p in problems] == [1]


def test_local_and_mail_links_are_not_links_of_an_entry() -> None:
    text = "- [A](https://a.example) [b](#b) [c](c.md) [d](mailto:d@e.f) [Soon]() <g@h.ij>\n"
    entries, _, skipped = load_markdown(SourceText("list.md", text))
    assert [link.url for e in entries for link in e.links] == ["https://a.example"]
    assert skipped == 2


def test_a_link_without_its_closing_parenthesis_names_its_entry() -> None:
    entries = load("- [Unclosed](https://example.com/u - Missing\n- [Empty]()\n")
    (entry,) = entries
    assert entry.name == "Unclosed"
    (link,) = entry.links
    assert (link.written, link.repair) == ("https://example.com/u", "https://example.com/u")
    assert link.edit is not None


def test_only_a_short_value_is_a_license() -> None:
    text = "- [A](https://a.example)\n  - License: {}\n"
    for value, is_claim in (
        ("MIT", True),
        ("see the terms of each of the many parts of it", False),
    ):
        ((entry,), _, _) = load_markdown(SourceText("list.md", text.format(value)))
        assert bool(entry.claims.licenses) == is_claim


def test_the_scheme_of_a_relative_url_is_added() -> None:
    text = "- [A](//a.example/x) and [B](README.md:12)\n"
    ((entry,), _, skipped) = load_markdown(SourceText("list.md", text))
    assert [(link.written, link.url) for link in entry.links] == [
        ("//a.example/x", "https://a.example/x")
    ]
    assert skipped == 0
