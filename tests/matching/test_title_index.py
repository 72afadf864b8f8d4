"""The title index finds what comparing every pair of titles finds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.matching.names import tokenize
from linkcheck.matching.title_index import TitleIndex
from linkcheck.matching.titles import same_title
from linkcheck.model.source_text import word_set

WORDS = sorted(
    word_set(
        "large language model models summary summarize medical dialogue generation towards of a"
        " with GenCompareSum radiology radiologist pretraining pretrain 医学 foundation"
    )
)
TITLES = st.lists(
    st.one_of(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join),
        st.text("abcdes -", max_size=24),
    ),
    max_size=25,
)


def similar_titles(title: str, others: list[str]) -> list[str]:
    length = len(tokenize(title))
    near = [other for other in others if abs(len(tokenize(other)) - length) <= 8]
    return [other for other in near if same_title(other, title)]


@settings(max_examples=60, deadline=None)
@given(TITLES)
def test_the_index_finds_every_similar_title(titles: list[str]) -> None:
    index: TitleIndex[str] = TitleIndex()
    for title in titles:
        index.add(title, title)
    for title in titles:
        assert index.similar(title) == similar_titles(title, titles)


def test_titles_may_be_added_after_a_search() -> None:
    index: TitleIndex[int] = TitleIndex()
    index.add("Large language models encode clinical knowledge", 1)
    assert index.similar("Large Language Models Encode Clinical Knowledge") == [1]
    index.add("Large language models encode knowledge of the clinic", 2)
    assert index.similar("Large Language Models Encode Clinical Knowledge") == [1, 2]
