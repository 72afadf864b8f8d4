"""Links that a Markdown file has on GitHub, and their exact places.

The table follows the sections on links of CommonMark and GFM; each row is an original text with
the URLs of its links, in order.
"""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.markdown.entries import extract_links, load_markdown
from linkcheck.markdown.syntax_tree import LinkForm, MarkdownLink
from linkcheck.model.source_text import SourceText

A, B = "http://a.example/x", "http://b.example/y"

INLINE = [
    (f"[t]({A})", [A]),
    (f'[t]({A} "title")', [A]),
    (f"[t]({A} 'title')", [A]),
    (f"[t]({A} (title))", [A]),
    (f"[t](<{A}>)", [A]),
    ("[t](<http://a.example/b c>)", ["http://a.example/b c"]),
    ("[t](/local)", ["/local"]),
    ("[t]()", [""]),
    ("[t](<>)", [""]),
    ("[](./f.md)", ["./f.md"]),
    ("[t](#frag)", ["#frag"]),
    ("[t](\n/local\n)", ["/local"]),
    ("[t](  /local  )", ["/local"]),
    ('[t](/u "a\nb")', ["/u"]),
    ("[t](foo(bar))", ["foo(bar)"]),
    ("[t](foo(and(bar)))", ["foo(and(bar))"]),
    ("[t](foo\\(bar)", ["foo(bar"]),
    ("[t](foo\\)\\:)", ["foo):"]),
    ("[t](<foo(and(bar)>)", ["foo(and(bar)"]),
    ("[t](http://a.example/a_(b))", ["http://a.example/a_(b)"]),
    ("[t](http://a.example?q=3#f)", ["http://a.example?q=3#f"]),
    ("[t](foo\\bar)", ["foo\\bar"]),
    ("[t](foo%20b&auml;)", ["foo%20bä"]),
    ("[t](http://a.example/?a=1&amp;b=2)", ["http://a.example/?a=1&b=2"]),
    ("[t](http://a.example/a\\_b)", ["http://a.example/a_b"]),
    ('[t]("title")', ['"title"']),
    ("[a [b] c](/u)", ["/u"]),
    ("[a\\] b](/u)", ["/u"]),
    ("[a `]` b](/u)", ["/u"]),
    ("[**a** *b* `c`](/u)", ["/u"]),
    ("[a\nb](/u)", ["/u"]),
    (f"[![i]({A})]({B})", [B, A]),
    (f"[a [b]({A})]({B})", [A, B]),
    ("*[a*](/u)", ["/u"]),
    ("[a *b](/u*)", ["/u*"]),
    ("[a] (not)", []),
    ("[a](not a link)", []),
    ("[a](<b\nc>)", []),
    ("\\[a](/u)", []),
    ("`[a](/u)`", []),
    ("[a`](/u)`", []),
    ("[a](/u", []),
    ("a](/u)", []),
    ("- [a](/u)\n  - [b](/v)", ["/u", "/v"]),
    ("> [a](/u)\n> b", ["/u"]),
    ("> [a](\n> /u)", ["/u"]),
    ("# [a](/u) b", ["/u"]),
    ("[a](/u)\n===", ["/u"]),
    ("    [code](/u)", []),
    ("```\n[code](/u)\n```", []),
    ("~~~\nhttp://a.example\n~~~", []),
    ("[中文](http://a.example/路径)", ["http://a.example/路径"]),
]

REFERENCE = [
    ("[a][b]\n\n[b]: /u", ["/u"]),
    ("[b][]\n\n[b]: /u 'title'", ["/u"]),
    ("[b]\n\n[b]: </u v>", ["/u v"]),
    ("[B]\n\n[b]: /u", ["/u"]),
    ("[ a  b ]\n\n[A B]: /u", ["/u"]),
    ("[b]\n\n[b]:\n   /u\n   'title'", ["/u"]),
    ("[b]\n\n[b]: /one\n[b]: /two", ["/one"]),
    ("[b]: /u\n\n# [b]", ["/u"]),
    ("> [b]: /u\n\n[b]", ["/u"]),
    ("[a\\]b]\n\n[a\\]b]: /u", ["/u"]),
    ("[ẞ]\n\n[SS]: /u", ["/u"]),
    ("[b]\n\n[b]: ", []),
    ("[b]", []),
    ("[b]: /u", []),
    ("[b][c]\n\n[b]: /u", []),
    ("![b]\n\n[b]: /u.png", ["/u.png"]),
    ("![a][b]\n\n[b]: /u.png", ["/u.png"]),
    ("[b] [b]\n\n[b]: /u", ["/u", "/u"]),
    ("[b]\n\n[b]: /u\\_v", ["/u_v"]),
    ("[中文]\n\n[中文]: /u", ["/u"]),
]

IMAGES = [
    (f"![a]({A})", [A]),
    (f'![a]({A} "t")', [A]),
    (f"![a [b]({B})]({A})", [A, B]),
    ("![](/i.png)", ["/i.png"]),
    ("\\![a](/u)", ["/u"]),
    ("!\\[a](/u)", []),
]

AUTOLINKS = [
    ("<http://a.example/x>", ["http://a.example/x"]),
    ("<https://a.example?q=a%20b&c=d>", ["https://a.example?q=a%20b&c=d"]),
    ("<MAILTO:A@B.EXAMPLE>", ["MAILTO:A@B.EXAMPLE"]),
    ("<a+b+c:d>", ["a+b+c:d"]),
    ("<made-up:x,y>", ["made-up:x,y"]),
    ("<a@b.example>", ["mailto:a@b.example"]),
    ("<http://a.example/\\[>", ["http://a.example/\\["]),
    ("<m:x>", []),
    ("<a.b.c>", []),
    ("<>", []),
    ("< http://a.example >", ["http://a.example"]),
    ("`<http://a.example>`", []),
]

BARE = [
    ("http://a.example", ["http://a.example"]),
    ("see https://a.example/b?c=d#e now", ["https://a.example/b?c=d#e"]),
    ("HTTPS://A.example/b", ["HTTPS://A.example/b"]),
    ("ftp://a.example/f", ["ftp://a.example/f"]),
    ("www.a.example", ["http://www.a.example"]),
    ("Visit www.a.example/help for", ["http://www.a.example/help"]),
    ("Visit www.a.example.", ["http://www.a.example"]),
    ("Visit www.a.example/a.b.", ["http://www.a.example/a.b"]),
    ("http://a.example/b?", ["http://a.example/b"]),
    ("http://a.example/b!,:", ["http://a.example/b"]),
    ('"http://a.example/b"', ["http://a.example/b"]),
    ("'http://a.example/b'", ["http://a.example/b"]),
    ("www.a.example/s?q=M+(b)", ["http://www.a.example/s?q=M+(b)"]),
    ("www.a.example/s?q=M+(b)))", ["http://www.a.example/s?q=M+(b)"]),
    ("(www.a.example/s?q=M+(b))", ["http://www.a.example/s?q=M+(b)"]),
    ("(www.a.example/s?q=M+(b)", ["http://www.a.example/s?q=M+(b)"]),
    ("www.a.example/s?q=(b))+ok", ["http://www.a.example/s?q=(b))+ok"]),
    ("www.a.example/s?q=c&hl=en", ["http://www.a.example/s?q=c&hl=en"]),
    ("www.a.example/s?q=c&hl;", ["http://www.a.example/s?q=c"]),
    ("www.a.example/he<lp", ["http://www.a.example/he"]),
    ("*http://a.example/b*", ["http://a.example/b"]),
    ("**http://a.example/b**", ["http://a.example/b"]),
    ("~~www.a.example~~", ["http://www.a.example"]),
    ("http://a.example/b_c_d", ["http://a.example/b_c_d"]),
    ("http://a.example/*b*/c", ["http://a.example/*b*/c"]),
    ("http://localhost:8080/b", ["http://localhost:8080/b"]),
    ("(see http://a.example/b)", ["http://a.example/b"]),
    ("地址：https://a.example/b 好", ["https://a.example/b"]),
    ("参见https://a.example/b", ["https://a.example/b"]),
    ("[https://a.example/b]", ["https://a.example/b"]),
    ("| a |\n|---|\n| http://a.example/b|\n", ["http://a.example/b"]),
    ("| a |\n|---|\n| x <br>http://a.example/b |\n", ["http://a.example/b"]),
    ("- http://a.example/b\n- www.b.example", ["http://a.example/b", "http://www.b.example"]),
    ("http://web.example/2020/http://a.example/", ["http://web.example/2020/http://a.example/"]),
    ("http://a.example/?u=http://b.example", ["http://a.example/?u=http://b.example"]),
    ("http://zh.example/wiki/中文", ["http://zh.example/wiki/中文"]),
    ("xhttp://a.example", []),
    ("http://", []),
    ("http:// a", []),
    ("http://_a.example", []),
    ("www.", []),
    ("www.a_b.example_c", []),
    ("http://www.a_b.example/c", []),
    ("http://a_b.www.example/c", ["http://a_b.www.example/c"]),
    ("xwww.a.example", []),
    ("gopher://a.example", []),
    ("http:\\//a.example", []),
    ("`http://a.example`", []),
    ("[http://a.example](http://b.example)", ["http://b.example"]),
    ("$http://a.example$", []),
    ("$$\nhttp://a.example\n$$", []),
]

HTML = [
    (f'<a href="{A}">t</a>', [A]),
    (f"a <a href='{A}'>t</a> b", [A]),
    (f"a <a href={A}>t</a> b", [A]),
    (f'a <A HREF="{A}">t</A>', [A]),
    (f'<a class="c" href = "{A}" rel=x>t</a>', [A]),
    (f'<a data-href="{A}">t</a>', []),
    ('<a name="x">t</a>', []),
    (f'<img src="{A}">', [A]),
    (f'<img alt="a" src={A} width=3/>', [A]),
    (f'<a href="{B}"><img src="{A}"></a>', [B, A]),
    (f'<div>\n<a href="{A}">\nt</a>\n</div>', [A]),
    (f'<table><tr><td><a href="{A}">t</a></td></tr></table>', [A]),
    (f"<details>\n<summary>s</summary>\n\n[t]({A})\n\n</details>", [A]),
    ("<div>\nhttp://a.example\n</div>", []),
    (f"<div>\n[t]({A})\n</div>", []),
    (f'<!-- <a href="{A}">t</a> -->', []),
    (f"a <!-- [t]({A}) --> b", []),
    (f"<!--\n[t]({A})\n-->\n\n[u]({B})", [B]),
    (f'<script>"<a href={A}>"</script>', []),
    ('<a href="http://a.example/?a=1&amp;b=2">t</a>', ["http://a.example/?a=1&b=2"]),
    (f'<a href=" {A} ">t</a>', [A]),
    (f"`<a href={A}>`", []),
    (f'\\<a href="x">{A}', [A]),
    (f'<a href="{A}" title="<b>">t</a>', [A]),
    (f"| a |\n|---|\n| <a href='{A}'>t</a> |", [A]),
]

OTHER = [
    (f"a[^1]\n\n[^1]: see [t]({A}) and {B}", [A, B]),
    (f"---\nurl: {B}\n---\n[t]({A})", [A]),
    (f"+++\nurl = '{B}'\n+++\n[t]({A})", [A]),
    (f"a\n\n---\n\nb {A}\n\n---\n", [A]),
    (f"- [ ] {A}\n- [x] [t]({B})", [A, B]),
    (f"| [a]({A}) | b |\n|---|---|\n| c | [d]({B}) |", [A, B]),
    ("| a |\n|---|\n| [d](/u\\|v) |", ["/u|v"]),
    ("| a |\n|---|\n| `[d](/u)` |", []),
    (f"~~[a]({A})~~", [A]),
    (f"> [!NOTE]\n> {A}", [A]),
    (f"\ufeff# {A}", [A]),
    (f"a\r\n\r\n- [t]({A})\r\n- {B}\r\n", [A, B]),
    ("[a](mailto:x@y.example) [b](tel:+123)", ["mailto:x@y.example", "tel:+123"]),
    ("", []),
    ("plain words, no link: really.", []),
]

CASES = [*INLINE, *REFERENCE, *IMAGES, *AUTOLINKS, *BARE, *HTML, *OTHER]


def extract(text: str) -> tuple[MarkdownLink, ...]:
    links = extract_links(SourceText("f.md", text))
    for link in links:
        assert text[link.span.start : link.span.end] == link.written
        assert link.full_span.start <= link.full_span.end
        if link.form is not LinkForm.REFERENCE:
            assert link.full_span.start <= link.span.start <= link.span.end <= link.full_span.end
        if link.repair is not None:
            assert text[link.repair.span.start : link.repair.span.end] == link.repair.before
    return links


def test_the_table_has_at_least_as_many_rows_as_intended() -> None:
    assert len(CASES) >= 120


@pytest.mark.parametrize(("text", "urls"), CASES)
def test_the_links_that_github_renders(text: str, urls: list[str]) -> None:
    links = extract(text)
    assert [link.url for link in links] == urls
    assert all(link.repaired_url is None for link in links)


@pytest.mark.parametrize(("text", "urls"), CASES)
def test_the_span_of_each_link_holds_its_destination(text: str, urls: list[str]) -> None:
    for link in extract(text):
        written = link.written
        if link.form in (LinkForm.INLINE, LinkForm.REFERENCE):
            written = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written)
        if link.form in (LinkForm.INLINE, LinkForm.REFERENCE, LinkForm.HTML):
            written = html.unescape(written)
        assert written == link.url.removeprefix("mailto:") or link.url.endswith(written)


MALFORMED = [
    # text, intended URL, repaired text
    ("地址：https://a.example/b，好", "https://a.example/b", "地址：<https://a.example/b>，好"),
    ("见https://a.example/b。", "https://a.example/b", "见<https://a.example/b>。"),
    ("（https://a.example/b）", "https://a.example/b", "（<https://a.example/b>）"),
    ("https://a.example/b）、c", "https://a.example/b", "<https://a.example/b>）、c"),
    ("https://a.example/b代码", "https://a.example/b", "<https://a.example/b>代码"),
    ("https://a.example/b】c", "https://a.example/b", "<https://a.example/b>】c"),
    ("**https://a.example/b**中文", "https://a.example/b", "**<https://a.example/b>**中文"),
    ("http://a.example/b](x", "http://a.example/b", "<http://a.example/b>](x"),
    ("https://a.example/b`c`", "https://a.example/b", "<https://a.example/b>`c`"),
    ("https://a.example/b\\_c", "https://a.example/b_c", "https://a.example/b_c"),
    ("https://a.example/b?c&amp;d=1", "https://a.example/b?c&d=1", "https://a.example/b?c&d=1"),
    ("https://https://a.example/b", "https://a.example/b", "https://a.example/b"),
    ("http://https//a.example/b", "https://a.example/b", "https://a.example/b"),
    ("[t](http://https//a.example/b)", "https://a.example/b", "[t](https://a.example/b)"),
    ("https ://a.example/b", "https://a.example/b", "https://a.example/b"),
    ("https：//a.example/b", "https://a.example/b", "https://a.example/b"),
    ("https: //a.example/b，c", "https://a.example/b", "<https://a.example/b>，c"),
    ("[t] (https://a.example/b)", "https://a.example/b", "[t](https://a.example/b)"),
    ("[t](https://a.example/ b)", "https://a.example/b", "[t](https://a.example/b)"),
    ("[t](https ://a.example/b)", "https://a.example/b", "[t](https://a.example/b)"),
    ("[t]（https://a.example/b）", "https://a.example/b", "[t](https://a.example/b)"),
    ("【t】(https://a.example/b)", "https://a.example/b", "[t](https://a.example/b)"),
    ("【t】（https://a.example/b）", "https://a.example/b", "[t](https://a.example/b)"),
    ("[t](www.a.example/b)", "https://www.a.example/b", "[t](https://www.a.example/b)"),
    ("[t](github.com/o/n)", "https://github.com/o/n", "[t](https://github.com/o/n)"),
    ("[t](https：//a.example/b)", "https://a.example/b", "[t](https://a.example/b)"),
    ("[t](https://https://a.example)", "https://a.example", "[t](https://a.example)"),
    ("网址：www.a.example/b", "http://www.a.example/b", "网址：http://www.a.example/b"),
    (
        "https://github.com/o/ my-name",
        "https://github.com/o/my-name",
        "https://github.com/o/my-name",
    ),
]


@pytest.mark.parametrize(("text", "intended", "repaired"), MALFORMED)
def test_links_that_github_breaks_are_repaired(text: str, intended: str, repaired: str) -> None:
    (link,) = extract(text)
    assert link.repaired_url == intended
    repair = link.repair
    start, end = (
        (link.span.start, link.span.end) if repair is None else (repair.span.start, repair.span.end)
    )
    result = text[:start] + (intended if repair is None else repair.after) + text[end:]
    assert result == repaired
    again = extract(result)
    assert [one.url for one in again] == [intended]
    assert again[0].repaired_url is None


SOUND = [
    "[1] (https://a.example/b)",
    "https://zh.example/wiki/北京（城市）",
    "https://web.example/a/https://b.example",
    "[t](https://a.example/My%20File.pdf)",
    "[t](README.md) [u](a/b.com.md) [v](img.io/x.png)",
    "[Coming soon]() and [x](#)",
    "https://a.example/b (c)",
    "https://a.example/第一章.pdf",
    "https://a.example/b-第1章.pdf",
    "[a](https://a.example/b\nc) d",
]


@pytest.mark.parametrize("text", SOUND)
def test_well_formed_text_is_not_repaired(text: str) -> None:
    assert all(
        link.repaired_url is None or link.written.startswith("img") for link in extract(text)
    )


def test_a_link_after_an_overlong_one_is_found() -> None:
    links = extract("代码：https://a.example/b，[论文](https://b.example/c)和https://d.example。")
    assert [link.repaired_url or link.url for link in links] == [
        "https://a.example/b",
        "https://b.example/c",
        "https://d.example",
    ]


def test_lines_and_columns_count_characters_from_one() -> None:
    text = "第一行\n\n- 中文😀 [链接](https://a.example/b)\n"
    (link,) = extract(text)
    assert (link.span.line, link.span.column) == (3, 12)
    assert (link.span.end_line, link.span.end_column) == (3, 31)


def test_the_text_of_a_link() -> None:
    text = (
        "[a **b** `c`](/u) <a href='/v'>d <b>e</b></a> ![f](/w) [![g](/x)](/y) <http://z.example>"
    )
    assert [link.text for link in extract(text)] == [
        "a b c",
        "d e",
        "f",
        "g",
        "g",
        "http://z.example",
    ]


def test_an_image_knows_the_link_it_is_in() -> None:
    outer, inner = extract(f"[![b]({A})]({B})")
    assert inner.is_image
    assert inner.parent_start == outer.full_span.start


def test_long_lines_and_many_links() -> None:
    links = extract(f"- [name]({A}) " + "word " * 400 + f"{B}\n" + f"- [name]({A})\n" * 3000)
    assert len(links) == 3002
    assert {link.url for link in links} == {A, B}


def test_deep_nesting_is_parsed() -> None:
    deep = "".join(f"{' ' * (2 * n)}- [a]({A}?{n})\n" for n in range(300))
    assert len(extract(deep)) > 100
    assert len(extract("> " * 5000 + A)) == 1
    assert len(extract("[" * 5000 + "a" + f"]({A})" * 5000)) >= 1


WORDS = """
``` // :// https http:// https://a.example www. www.a.example </a> <!-- --> [^1] [^1]: [a]:
[a](http://b.example) --- === |---| 1. +++ $$ ]( <img
"""
PIECES = st.sampled_from(
    [
        *"[]()<>!*_`~|\\#-+&;:/$中文😀，。（）【】：；\n\t \x00\ufeff\ud800",
        *WORDS.split(),
        *("<a href='", '<a href="', "\n\n", "\r\n", "\n> ", "\n- ", "\n  * "),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=40))
def test_any_text_can_be_parsed(pieces: list[str]) -> None:
    text = "".join(pieces)
    extract(text)
    source = SourceText("f.md", text)
    entries, _, _ = load_markdown(source)
    for entry in entries:
        assert 0 <= entry.span.start <= entry.span.end <= len(text)
        for link in entry.links:
            assert text[link.span.start : link.span.end] == link.written
    assert len({entry.id for entry in entries}) == len(entries)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(CASES), min_size=1, max_size=5))
def test_concatenated_texts_keep_their_links(cases: list[tuple[str, list[str]]]) -> None:
    plain = [
        (t, u) for t, u in cases if not t.startswith(("---", "+++", "\ufeff")) and "]:" not in t
    ]
    plain = [(t, u) for t, u in plain if "```" not in t and "~~~" not in t and "$" not in t]
    plain = [
        (t, u) for t, u in plain if not t.startswith("<") and "[^" not in t and t[:4] != "    "
    ]
    text = "\n\n## x\n\n".join(t for t, _ in plain)
    assert [link.url for link in extract(text)] == [url for _, urls in plain for url in urls]
