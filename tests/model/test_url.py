import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkcheck.model.url import (
    MAX_LENGTH,
    InvalidUrlError,
    is_skipped_scheme,
    join,
    parse,
    query_string,
    quote_segment,
    scheme_of,
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("https://example.org", "https://example.org/"),
        ("  https://example.org/ \n", "https://example.org/"),
        ("HTTP://EXAMPLE.org:80/A", "http://example.org/A"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:", "https://example.org/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://example.org./x", "https://example.org/x"),
        ("https://a_b.example.org/", "https://a_b.example.org/"),
        ("https://example.org/%7euser/%2fx%c3%bc", "https://example.org/~user/%2Fx%C3%BC"),
        ("https://example.org/ü?q=ü|x", "https://example.org/%C3%BC?q=%C3%BC%7Cx"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/../../a/..", "https://example.org/"),
        ("https://example.org/a/%2e%2E/b", "https://example.org/b"),
        ("https://example.org//a//", "https://example.org//a//"),
        ("https://example.org/?", "https://example.org/"),
        ("https://example.org/#", "https://example.org/"),
        ("https://example.org?a=1", "https://example.org/?a=1"),
        ("https://example.org/?utm_source=x&a=1&UTM_medium=y", "https://example.org/?a=1"),
        ("https://example.org/?fbclid=1&gclid=2&mc_cid=3&ref_src=4&spm=5", "https://example.org/"),
        ("https://example.org/?%75tm_source=x", "https://example.org/"),
        ("https://example.org/?spmx=1&ref=2", "https://example.org/?spmx=1&ref=2"),
        ("https://example.org/#a%20b", "https://example.org/#a%20b"),
        ("https://example.org/#x:~:text=hello", "https://example.org/#x"),
        ("https://例え.jp/", "https://xn--r8jz45g.jp/"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("https://b%C3%BCcher.example/", "https://xn--bcher-kva.example/"),
        ("https://中国。cn/", "https://xn--fiqs8s.cn/"),
        ("https://i❤.ws/", "https://xn--i-7iq.ws/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://0177.0.0.01/", "http://127.0.0.1/"),
        ("http://0x7F000001", "http://127.0.0.1/"),
        ("http://127.1", "http://127.0.0.1/"),
        ("http://0/", "http://0.0.0.0/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("http://[::ffff:127.0.0.1]/", "http://127.0.0.1/"),
        ("http://[::FFFF:a9fe:a9fe]:8080/", "http://169.254.169.254:8080/"),
        ("http://[0:0::1]/", "http://[::1]/"),
        ("http://[FE80::1]:81/", "http://[fe80::1]:81/"),
    ],
)
def test_all_spellings_have_one_canonical_form(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("example.org/x", "no scheme"),
        ("#anchor", "no scheme"),
        ("/docs", "no scheme"),
        ("//example.org", "no scheme"),
        ("htps://example.org", "“htps:”"),
        ("mailto:a@example.org", "not checked"),
        ("file:///etc/passwd", "one computer"),
        ("gh:owner", "gh:OWNER/NAME"),
        ("https:/example.org", "two slashes"),
        ("https:example.org", "two slashes"),
        ("https:///example.org", "two slashes"),
        ("https://", "no host"),
        ("https:///", "two slashes"),
        ("https://.", "no host"),
        ("https://?x", "no host"),
        ("https://user:word@example.org/", "user name"),
        ("https://@example.org/", "user name"),
        ("https://exa mple.org/", "a space"),
        ("https://example.org/a b", "a space"),
        ("https://example.org/a\u200bb", "U+200B"),
        ("https://example.org/a\nb", "line break"),
        ("https://example.org/\x00", "U+0000"),
        ("https://example.org/a\\_b", "backslash"),
        ("https://good.example\\.evil.example/", "backslash"),
        ("https://example.org:0/", "port"),
        ("https://example.org:65536/", "port"),
        ("https://example.org:8a/", "port"),
        ("https://example.org:８０/", "port"),
        ("https://a..b/", "host name"),
        ("https://-a.example/", "host name"),
        ("https://ex%ZZ.example/", "host name"),
        ("https://ex%2fample.org/", "host name"),
        ("https://%ff.example/", "host name"),
        ("https://" + "a" * 64 + ".example/", "host name"),
        ("https://1.2.3.4.5/", "IP address"),
        ("https://256.1.1.1/", "IP address"),
        ("https://1.2.3.08/", "IP address"),
        ("https://4294967296/", "IP address"),
        ("https://[::1/", "not closed"),
        ("https://[::g]/", "IPv6"),
        ("https://[fe80::1%25eth0]/", "zone"),
        ("https://example.org/" + "a" * MAX_LENGTH, "longer"),
        ("https://example.org/\ud800", "surrogate"),
        ("https://example.org/#\ud800", "surrogate"),
    ],
)
def test_invalid_urls_have_a_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidUrlError) as caught:
        parse(text)
    assert reason in str(caught.value)


URL_TEXT = st.from_regex(
    r"https?://([a-zA-Z0-9_.%-]{1,12}|\[[0-9a-f:.]{2,12}\]|[äß中。０-９.x]{1,6})(:[0-9]{0,5})?"
    r"(/[A-Za-z0-9%.~ü中\[\]|(){};,!*'&=+$@:^`\"<>-]{0,8}){0,4}"
    r"(\?[a-z_%=&;utm/?ü]{0,16})?(#[^\x00-\x20]{0,8})?",
    fullmatch=True,
)


@settings(max_examples=400, deadline=None)
@given(URL_TEXT | st.text(max_size=30).map("https://example.org/".__add__))
@example("https://example.org/%2%35")
@example("https://example.org/?&utm_x=1&&")
@example("https://example.org/#:~:%3A~%3Ax")
def test_canonicalising_twice_equals_once(text: str) -> None:
    try:
        once = parse(text)
    except InvalidUrlError:
        return
    assert parse(str(once)) == once
    assert str(parse(str(once))) == str(once)
    assert str(once).isascii()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert str(parse(text)).isascii()
    except InvalidUrlError:
        return


def test_parts_of_a_url() -> None:
    url = parse("https://[::1]:8443/a%2Fb//%C3%BC?x=1+2&y&z=%26#f%20g")
    assert url.authority == "[::1]:8443"
    assert url.origin == ("https", "::1", 8443)
    assert parse("http://example.org/").origin == ("http", "example.org", 80)
    assert url.segments == ("a/b", "ü")
    assert url.query_pairs == (("x", "1 2"), ("y", ""), ("z", "&"))
    assert url.fragment == "f g"
    assert str(url.without_fragment) == "https://[::1]:8443/a%2Fb//%C3%BC?x=1+2&y&z=%26"


@pytest.mark.parametrize(
    ("reference", "joined"),
    [
        ("/x", "https://example.org/x"),
        ("y?q", "https://example.org/a/y?q"),
        ("?q", "https://example.org/a/b?q"),
        ("//other.example/z", "https://other.example/z"),
        ("http://other.example", "http://other.example"),
        (" /a b\r\n", "https://example.org/a%20b"),
        ("\\\\evil.example\\x?a\\b", "https://evil.example/x?a\\b"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("", "https://example.org/a/b"),
    ],
)
def test_references_are_resolved_against_their_base(reference: str, joined: str) -> None:
    assert join("https://example.org/a/b", reference) == joined


def test_a_reference_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(InvalidUrlError):
        join("https://example.org/", "https://[broken/")


def test_schemes() -> None:
    assert scheme_of("MailTo:x@y") == "mailto"
    assert scheme_of("no scheme") is None
    assert scheme_of("/a:b") is None
    assert is_skipped_scheme(" tel:+49 30")
    assert is_skipped_scheme("ftp://example.org/x")
    assert is_skipped_scheme("JavaScript:void(0)")
    assert not is_skipped_scheme("htps://example.org")
    assert not is_skipped_scheme("https://example.org")


def test_encoding_of_parts() -> None:
    assert quote_segment("a/b ü?") == "a%2Fb%20%C3%BC%3F"
    assert quote_segment("a/b#", safe="/") == "a/b%23"
    assert query_string([("id_list", "a,b"), ("max_results", 2)]) == "id_list=a%2Cb&max_results=2"
