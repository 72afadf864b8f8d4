"""URLs whose path and query stay as a server wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.model.url import InvalidUrlError, parse


@pytest.mark.parametrize(
    ("text", "url", "target"),
    [
        ("https://a.example/x?utm_source=b", "https://a.example/x?utm_source=b", "/x?utm_source=b"),
        ("https://a.example/%7euser/%c3", "https://a.example/%7euser/%c3", "/%7euser/%c3"),
        ("https://a.example/a/../b/./c", "https://a.example/a/../b/./c", "/a/../b/./c"),
        ("HTTPS://A.Example.:443/x#part", "https://a.example/x", "/x"),
        ("http://0x7f.1:8080?q", "http://127.0.0.1:8080/?q", "/?q"),
        ("https://user:pw@a.example/x", "https://a.example/x", "/x"),
        ("https://ü.example/ä?ö=ß", "https://xn--tda.example/%C3%A4?%C3%B6=%C3%9F",
         "/%C3%A4?%C3%B6=%C3%9F"),
    ],
)  # fmt: skip
def test_path_and_query_stay(text: str, url: str, target: str) -> None:
    parsed = parse(text, verbatim=True)
    assert str(parsed) == url
    assert parsed.request_target == target


@pytest.mark.parametrize(
    "text",
    [
        "", "ftp://a.example/", "https:/a.example", "https://", "https://a.example:0/",
        "https://a.example/a b", "https://a.example/\ud800", "https://[::1/", "https://user@/",
        "https://a.example/" + "x" * 20_000,
    ],
)  # fmt: skip
def test_what_cannot_be_requested(text: str) -> None:
    with pytest.raises(InvalidUrlError):
        parse(text, verbatim=True)


def test_a_redirect_may_be_longer_than_a_link() -> None:
    text = "https://a.example/" + "x" * 12_000
    assert str(parse(text, verbatim=True)) == text
    with pytest.raises(InvalidUrlError):
        parse(text)


@given(st.text(max_size=40))
def test_the_origin_is_the_canonical_one(tail: str) -> None:
    text = f"https://a.example/{tail}"
    try:
        canonical = parse(text)
    except InvalidUrlError:
        return
    assert parse(text, verbatim=True).origin == canonical.origin
