import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.model.url import parse
from linkcheck.model.url_repair import repair_url

REPAIRED = [
    (r"https://github.com/a/b\_c", "https://github.com/a/b_c"),
    (r"https://example.org/a\_b\#c", "https://example.org/a_b#c"),
    ("https://github.com/a/b)", "https://github.com/a/b"),
    ("https://github.com/a/b).", "https://github.com/a/b"),
    ("https://github.com/a/b]", "https://github.com/a/b"),
    ('https://github.com/a/b"', "https://github.com/a/b"),
    ("https://example.org/a,", "https://example.org/a"),
    ("(https://example.org/a)", "https://example.org/a"),
    ("<https://example.org/a>", "https://example.org/a"),
    ("https://en.wikipedia.org/wiki/A_(b))", "https://en.wikipedia.org/wiki/A_(b)"),
    ("https://example.org/a**", "https://example.org/a"),
    ("https://github.com/ a/b", "https://github.com/a/b"),
    ("https://github.com/a /b", "https://github.com/a/b"),
    ("https:// github.com/a/b", "https://github.com/a/b"),
    ("https ://github.com/a/b", "https://github.com/a/b"),
    ("https: //github.com/a/b", "https://github.com/a/b"),
    ("https://git hub.com/a/b", "https://github.com/a/b"),
    ("https://example.org/My File.pdf", "https://example.org/My%20File.pdf"),
    ("https://example.org/a\u200bb", "https://example.org/ab"),
    ("https：//github.com/a/b", "https://github.com/a/b"),
    ("https：／／github．com／a／b", "https://github.com/a/b"),
    ("https://github.com/a/b，", "https://github.com/a/b"),
    ("https://github.com/a/b。然后", "https://github.com/a/b"),
    ("https://example.org/a）", "https://example.org/a"),
    ("https://example.org/a（中文）", "https://example.org/a"),
    ("：https://example.org/a", "https://example.org/a"),
    ("https://github.com/a/b是一个模型", "https://github.com/a/b"),
    ("https://arxiv.org/abs/2303.14070论文", "https://arxiv.org/abs/2303.14070"),
    ("https://github.com/a/b](https://github.com/a/b)", "https://github.com/a/b"),
    ("https://example.org/a)[code](x", "https://example.org/a"),
    ("https://example.org/a<br>", "https://example.org/a"),
    ("https:/github.com/a/b", "https://github.com/a/b"),
    ("https:github.com/a/b", "https://github.com/a/b"),
    ("https:///github.com/a/b", "https://github.com/a/b"),
    ("http//example.org/a", "http://example.org/a"),
    ("https;//example.org/a", "https://example.org/a"),
    ("htps://example.org/a", "https://example.org/a"),
    ("ttps://example.org/a", "https://example.org/a"),
    ("hhtps://example.org/a", "https://example.org/a"),
    ("htttps://example.org/a", "https://example.org/a"),
    ("httpss://example.org/a", "https://example.org/a"),
    ("httsp://example.org/a", "https://example.org/a"),
    ("htp://example.org/a", "http://example.org/a"),
    ("hppt://example.org/a", None),
    ("https:\\\\example.org\\a", "https://example.org/a"),
    ("www.example.com", "https://www.example.com"),
    ("github.com/a/b", "https://github.com/a/b"),
    ("//github.com/a/b", "https://github.com/a/b"),
    ("example.org/a", "https://example.org/a"),
    ("https://https://github.com/a/b", "https://github.com/a/b"),
    ("http://https://github.com/a/b", "https://github.com/a/b"),
    ("https://http//github.com/a/b", "http://github.com/a/b"),
    ("http://https//lab.example.org/x", "https://lab.example.org/x"),
    ("https://github.com/https://github.com/a/b", "https://github.com/a/b"),
    ("https://example.org/?a=1&amp;b=2", "https://example.org/?a=1&b=2"),
    ("https:&#x2F;&#x2F;example.org/a", "https://example.org/a"),
]

LEFT_ALONE = [
    "https://github.com/a/b",
    "https://en.wikipedia.org/wiki/A_(b)",
    "https://zh.wikipedia.org/wiki/医学",
    "https://zh.wikipedia.org/wiki/苹果（公司）",
    "https://example.org/a?b=c|d",
    "https://web.archive.org/web/2020/https://example.org/",
    "https://example.org/a%20b",
    "https://github。com/a/b",
    "mailto:a@example.org",
    "javascript:void(0)",
    "README.md",
    "docs/page.html",
    "../x",
    "#anchor",
    "",
    "Coming soon",
    "note: see below",
    "https://",
    "https:",
    "https://example.org/a and then some words",
    "https://a.example.com/x，https://b.example.com/y",
    "https://localhost)",
    "https://user:word@example.org/",
    "C:\\Users\\x",
    "gh:owner",
]


@pytest.mark.parametrize(("damaged", "meant"), REPAIRED)
def test_a_damaged_url_is_repaired(damaged: str, meant: str | None) -> None:
    assert repair_url(damaged) == meant


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_sound_or_unclear_is_left_alone(text: str) -> None:
    assert repair_url(text) is None


PIECES: tuple[str, ...] = (
    "https",
    "http",
    ":",
    "//",
    "/",
    "github.com",
    "a",
    "b_c",
    "\\_",
    ")",
    "(",
    "]",
    "](",
)
PIECES += (" ", "：", "／", "。", "，", "中文", "&amp;", "www.", ".", "<", '"', "htps", "?", "#")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=9).map("".join))
def test_a_repaired_url_is_valid_and_needs_no_repair(text: str) -> None:
    repaired = repair_url(text)
    if repaired is not None:
        parse(repaired)
        assert repaired != text
        assert repair_url(repaired) is None
