"""Mending a Markdown list: through the real splice, checked by reading again, and only once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.fixes.edits import apply_verified
from linkcheck.markdown.entries import extract_links, load_markdown
from linkcheck.model.finding import Edit
from linkcheck.model.source_text import SourceText

DAMAGED = """\
# List
- Alpha：https://github.com/o/alpha，好。
- [Beta](https ://github.com/o/beta)
- Gamma https://github.com/o/ the-gamma
- Delta https://github.com/o/d\\_e and [words] (https://github.com/o/y)
- [Eps](www.example.com) http://a.example/x](https://b.example/y
- 【Zeta】（http://z.example） 见：www.foo.example
- [Unclosed](https://example.com/wiki/u - Missing
- [Inner](https://example.com/a_(b), and [Next](https://example.com/next)
"""

MENDED = """\
# List
- Alpha：<https://github.com/o/alpha>，好。
- [Beta](https://github.com/o/beta)
- Gamma https://github.com/o/the-gamma
- Delta https://github.com/o/d_e and [words](https://github.com/o/y)
- [Eps](https://www.example.com) <http://a.example/x>](https://b.example/y
- [Zeta](http://z.example) 见：http://www.foo.example
- [Unclosed](https://example.com/wiki/u) - Missing
- [Inner](https://example.com/a_(b)), and [Next](https://example.com/next)
"""


def edits(source: SourceText) -> list[Edit]:
    found = []
    for link in extract_links(source):
        if link.repair is not None:
            found.append(Edit(link.repair.span, link.repair.before, link.repair.after))
        elif link.repaired_url is not None:
            found.append(Edit(link.span, link.written, link.repaired_url))
    return found


def test_every_damaged_link_is_mended_and_nothing_else_changes() -> None:
    source = SourceText("list.md", DAMAGED)
    result = apply_verified(source, edits(source), loader=load_markdown)
    assert result.dropped == ()
    assert result.text == MENDED


def test_mending_twice_changes_nothing() -> None:
    assert edits(SourceText("list.md", MENDED)) == []


LINE = st.sampled_from([line for line in DAMAGED.splitlines() if line.startswith("- ")])


@settings(max_examples=40, deadline=None)
@given(st.lists(LINE | st.sampled_from(["", "words", "## Head", "| a | b |"]), max_size=6))
def test_mended_text_has_no_damage_left(lines: list[str]) -> None:
    source = SourceText("list.md", "\n".join(lines))
    result = apply_verified(source, edits(source), loader=load_markdown)
    assert edits(SourceText("list.md", result.text)) == []
