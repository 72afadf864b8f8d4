"""Repair of a Markdown list: applied as edits, verified by parsing again, and idempotent."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.fixes.edits import apply_verified
from linkcheck.markdown.entries import extract_links, load_markdown
from linkcheck.model.finding import Edit
from linkcheck.model.source_text import SourceText

MALFORMED = """\
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

REPAIRED = """\
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


def test_every_malformed_link_is_repaired_and_nothing_else_changes() -> None:
    source = SourceText("list.md", MALFORMED)
    result = apply_verified(source, edits(source), loader=load_markdown)
    assert result.dropped == ()
    assert result.text == REPAIRED


def test_a_second_repair_changes_nothing() -> None:
    assert edits(SourceText("list.md", REPAIRED)) == []


LINE = st.sampled_from([line for line in MALFORMED.splitlines() if line.startswith("- ")])


@settings(max_examples=40, deadline=None)
@given(st.lists(LINE | st.sampled_from(["", "words", "## Head", "| a | b |"]), max_size=6))
def test_repaired_text_has_no_malformed_links(lines: list[str]) -> None:
    source = SourceText("list.md", "\n".join(lines))
    result = apply_verified(source, edits(source), loader=load_markdown)
    assert edits(SourceText("list.md", result.text)) == []
