"""Every pattern reads the URLs of papers as papers, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.model.url import InvalidUrlError, parse
from linkcheck.providers.papers.landing_pages import PATTERNS, find, recognize
from tests.providers.papers.landing_page_examples import NO_PAPERS, PAPERS


@pytest.mark.parametrize("row", PAPERS, ids=lambda row: row[1])
def test_the_url_of_a_paper_names_it(row: tuple[str, ...]) -> None:
    name, url, target, *ids = row
    found = find(parse(url))
    assert found
    pattern, link = found
    assert pattern.name == name
    assert f"{link.kind}:{link.key}" == target
    assert [f"~{known}" for known in link.ids if known.is_derived] == ids


@pytest.mark.parametrize("row", PAPERS, ids=lambda row: row[1])
def test_the_canonical_address_names_the_same_paper(row: tuple[str, ...]) -> None:
    link = recognize(parse(row[1]))
    assert link
    if link.kind == "paper":
        again = recognize(parse(link.url))
        assert again
        assert (again.kind, again.key, again.ids) == (link.kind, link.key, link.ids)
        assert recognize(parse(again.url)) == again
    else:
        assert link.url.startswith(("https://doi.org/10.", "https://arxiv.org/abs/"))


@pytest.mark.parametrize("url", NO_PAPERS)
def test_other_pages_are_no_papers(url: str) -> None:
    assert recognize(parse(url)) is None


def test_every_pattern_has_an_example_and_a_source() -> None:
    assert {row[0] for row in PAPERS} == {pattern.name for pattern in PATTERNS}
    assert all(pattern.source for pattern in PATTERNS)
    assert len({pattern.name for pattern in PATTERNS}) == len(PATTERNS)


def test_versions_of_preprints_are_kept_for_arxiv_alone() -> None:
    pinned = recognize(parse("https://hf.co/papers/1706.03762v7"))
    assert pinned
    assert pinned.version == 7


@given(
    st.sampled_from([row[1] for row in PAPERS] + list(NO_PAPERS)),
    st.text(max_size=12),
    st.integers(0, 80),
)
def test_any_url_is_read_or_left(url: str, noise: str, at: int) -> None:
    try:
        parsed = parse(url[:at] + noise + url[at:])
    except InvalidUrlError:
        return
    link = recognize(parsed)
    if link is not None:
        assert link.key == link.key.strip()
        assert str(parse(link.url)) == link.url
