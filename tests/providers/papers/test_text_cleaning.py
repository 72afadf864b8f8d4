"""Titles, names and dates as services send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.providers.papers.records import NoticeKind, is_doi
from linkcheck.providers.papers.text_cleaning import (
    clean_title,
    family_name,
    iso_date,
    plain_text,
    read_date,
    with_subtitle,
)


@pytest.mark.parametrize(
    ("raw", "title", "state"),
    [
        ("Deep learning", "Deep learning", None),
        ("  Deep\n   learning. ", "Deep learning", None),
        ("What next...", "What next...", None),
        ("<i>Escherichia coli</i> K<sub>12</sub>", "Escherichia coli K12", None),
        ("One&amp;lt;br/&amp;gt;two &amp; three", "One two & three", None),
        ("p &lt; 0.05 and q > 2", "p < 0.05 and q > 2", None),
        ("<jats:p>Word</jats:p><jats:p>two</jats:p>", "Word two", None),
        ("<mml:math xmlns:mml='x'><mml:mi>α</mml:mi></mml:math>-synuclein", "α-synuclein", None),
        ("RETRACTED: Old claims", "Old claims", NoticeKind.RETRACTION),
        ("RETRACTED ARTICLE: Old claims", "Old claims", NoticeKind.RETRACTION),
        ("Retracted: Old claims", "Old claims", NoticeKind.RETRACTION),
        ("[Retracted] Old claims", "Old claims", NoticeKind.RETRACTION),
        ("Old claims [retracted]", "Old claims", NoticeKind.RETRACTION),
        ("PARTIALLY RETRACTED: Claims", "Claims", NoticeKind.PARTIAL_RETRACTION),
        ("WITHDRAWN: Old claims", "Old claims", NoticeKind.WITHDRAWAL),
        ("TEMPORARY REMOVAL: Old claims", "Old claims", NoticeKind.REMOVAL),
        ("Retraction: Old claims", "Retraction: Old claims", None),
        ("Retraction notice to “Old claims”", "Retraction notice to “Old claims”", None),
        ("Withdrawn: life in a monastery", "Withdrawn: life in a monastery", None),
        ("Retracted publications in oncology", "Retracted publications in oncology", None),
        ("Expression of Concern: Old claims", "Expression of Concern: Old claims", None),
        ("[Une étude].", "Une étude", None),
        ("[18F]FDG imaging [review]", "[18F]FDG imaging [review]", None),
        ("<b></b>", None, None),
        (None, None, None),
    ],
)
def test_titles(raw: str | None, title: str | None, state: NoticeKind | None) -> None:
    assert clean_title(raw) == (title, state)


@pytest.mark.parametrize(
    ("title", "subtitle", "full"),
    [
        ("A", "b", "A: b"),
        ("Can it?", "A study", "Can it? A study"),
        ("A: the b", "The B", "A: the b"),
        ("A", None, "A"),
        (None, "b", "b"),
        (None, None, None),
    ],
)
def test_subtitles(title: str | None, subtitle: str | None, full: str | None) -> None:
    assert with_subtitle(title, subtitle) == full


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Ashish Vaswani", "Vaswani"),
        ("Vaswani, Ashish", "Vaswani"),
        ("Laurens van der Maaten", "van der Maaten"),
        ("Li", "Li"),
        ("Le Cun", "Cun"),
        ("", ""),
    ],
)
def test_family_names(name: str, family: str) -> None:
    assert family_name(name) == family


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("2023-05-01T00:00:00Z", "2023-05-01"),
        ("2023/05/01", "2023-05-01"),
        ("2023-05", "2023-05"),
        ("2023", "2023"),
        ("2023 May 1", "2023-05-01"),
        ("2023 May-Jun", "2023-05"),
        ("2023 Spring", "2023"),
        ("2023-13-01", "2023"),
        ("20230501", None),
        ("soon", None),
        (None, None),
    ],
)
def test_dates(raw: str | None, date: str | None) -> None:
    assert read_date(raw) == date


def test_dates_go_as_far_as_they_are_sensible() -> None:
    assert iso_date([2023, 2, 99]) == "2023-02"
    assert iso_date([None]) is None
    assert iso_date(["9" * 5000]) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1000/x", True),
        ("10.1000.10/x/y", True),
        ("10.1000/", False),
        ("10./x", False),
        ("11.1000/x", False),
        ("10.1000/a b", False),
        ("10.10a0/x", False),
    ],
)
def test_dois(value: str, expected: bool) -> None:
    assert is_doi(value) == expected


@given(st.text())
def test_plain_text_is_one_line_and_stays_as_it_is(raw: str) -> None:
    text = plain_text(raw)
    if text is not None:
        assert text == " ".join(text.split())
        assert text.strip()
