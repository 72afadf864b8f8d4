"""The passage index finds what a linear search finds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.matching.names import distinctive_words, find_name, share_stem
from linkcheck.matching.passage_index import PassageIndex
from linkcheck.model.source_text import word_set

WORDS = st.sampled_from(
    sorted(
        word_set(
            "BioSyn bio syn BioSyn2 mention mentions MedMentions abcd abcdxyz abcduvw 本草 GPT"
            " studies study biosynthesis xTrimo v2 2"
        )
    )
)
FILLER: list[tuple[str, int | None]] = [(f"quux{number} of nothing", 9) for number in range(40)]
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sampled_from([None, 1, 2, 3])), max_size=20), TEXTS)
def test_the_index_finds_what_a_linear_search_finds(
    some: list[tuple[str, int | None]], name: str
) -> None:
    for texts in (some, some + FILLER):
        compare_with_linear_search(texts, name)


def compare_with_linear_search(texts: list[tuple[str, int | None]], name: str) -> None:
    index = PassageIndex(texts)
    for excluded in (1, 2, 9):
        rest = [text for text, source in texts if source != excluded]
        words: frozenset[str] = frozenset().union(*(distinctive_words(text) for text in rest))
        assert index.without(excluded).has_name(name) == any(find_name(name, text) for text in rest)
        assert index.without(excluded).has_any_word(distinctive_words(name)) == share_stem(
            distinctive_words(name), words
        )
