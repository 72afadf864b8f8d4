"""Any file can be loaded, and every place is inside of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.catalog.layouts import load_with_layout
from linkcheck.catalog.quoting import quote_edits
from linkcheck.catalog.yaml_entries import LoadResult, is_other_yaml, load_yaml
from linkcheck.fixes.edits import apply_verified
from linkcheck.model.finding import Edit
from linkcheck.model.settings import SourceSettings
from linkcheck.model.source_text import SourceText, Span

PIECES = st.sampled_from(
    [
        *"-:[]{},#&*!|>'\"%@`?~ \n\t\r\ufeff\x00\x85\u2028é华𝒳",
        *(
            "- id: a\n",
            "  name: b\n",
            "  links:\n",
            "    code: gh:a/b\n",
            "  ignore: [",
            "<<: ",
            "&a ",
        ),
        *(
            "*a",
            "- ",
            "\n  ",
            "\r\n",
            "---\n",
            "...\n",
            ": ",
            "kind: tool\n",
            "license: {code: M}\n",
        ),
        *(
            "projects:\n",
            "  - github_id: a/b\n",
            "|-\n",
            ">\n",
            "null",
            "2023-01-01",
            "!!str ",
            "? ",
        ),
    ]
)
NOISE = st.lists(PIECES, max_size=8).map("".join)
NEAR = st.builds(
    "{}- id: a\n  name: b{}\n  links:\n    code: {}\n    home: https://h.example{}\n{}".format,
    *(st.one_of(st.just(""), NOISE) for _ in range(5)),
)
TEXTS = st.one_of(NEAR, NEAR, st.lists(PIECES, max_size=30).map("".join), st.text(max_size=40))
BEST_OF = SourceSettings("f", preset="best-of")


def spans(loaded: LoadResult) -> list[Span]:
    entries, problems, _ = loaded
    found = [problem.span for problem in problems]
    for entry in entries:
        found += [entry.span, *(link.span for link in entry.links)]
        found += [claim.span for claim in entry.claims.licenses.values()]
        found += [ignore.span for ignore in entry.ignores if ignore.span]
    return found


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_nothing_in_a_file_makes_the_loader_fail(text: str) -> None:
    source = SourceText("f", text)
    is_other_yaml(source)
    for loaded in (load_yaml(source), load_with_layout(source, BEST_OF)):
        for span in spans(loaded):
            assert 0 <= span.start <= span.end <= len(text)
        for entry in loaded[0]:
            for link in entry.links:
                assert text[link.span.start : link.span.end] == link.written


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_an_edit_of_any_file_is_correct_or_rejected(text: str) -> None:
    source = SourceText("f", text)
    links = [link for entry in load_yaml(source)[0] for link in entry.links]
    edits = [Edit(link.span, link.written, "https://new.example/x") for link in links]
    result = apply_verified(source, edits, loader=load_yaml, encode=quote_edits)
    after = [link.url for e in load_yaml(SourceText("f", result.text))[0] for link in e.links]
    for one in result.applied:
        assert one.after in result.text
    if edits and not result.dropped:
        assert after == ["https://new.example/x"] * len(links)
