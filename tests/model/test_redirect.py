"""What redirects of web pages are worth."""

import pytest

from linkcheck.model.redirect import RedirectWorth, redirect_worth, registrable_domain

A = "https://blog.example.com"

TABLE = {
    RedirectWorth.SAFE: [
        ("http://example.com/a", "https://example.com/a"),
        ("https://example.com/a", "https://www.example.com/a/"),
        (f"{A}/2020/post?x=1", "https://archive.example.com/2020/post?x=1"),
        ("http://shop.example.co.uk/a", "https://www.example.co.uk/a"),
    ],
    RedirectWorth.UNSAFE: [
        (f"{A}/2020/same-slug", "https://new.example.com/posts/same-slug"),
        (f"{A}/posts/old-title", f"{A}/posts/new-title"),
        ("https://example.com/a", "https://example.org/a"),
        ("https://one.github.io/a", "https://two.github.io/a"),
        ("https://a.example.co.uk/x", "https://other.co.uk/x"),
        ("https://lab.github.io/medbot/", "https://medbot.ai/"),
        ("https://old.example/", "https://new.example/"),
        (f"{A}/error/timeouts", f"{A}/wiki/error/timeouts"),
        (f"{A}/my-post", f"{A}/category/news/my-post"),
        (f"{A}/papers/7", f"{A}/?paper=7"),
        (f"{A}/why-we-removed-redux", f"{A}/blog/why-we-removed-redux-2"),
    ],
    RedirectWorth.UNRELATED: [(f"{A}/2020/recommender", f"{A}/articles/ranking-metrics")],
    RedirectWorth.NOTHING: [
        (f"{A}/sso", f"https://accounts.example.com/oauth/authorize?redirect_uri={A}/sso"),
        (f"{A}/p", "https://consent.example.com/m?continue=https%3A%2F%2Fblog.example.com%2Fp"),
        (f"{A}/p", "https://www.facebook.com/login/?next=%2Fp"),
        (f"{A}/p", f"{A}/users/sign_in"),
        (f"{A}/p", f"{A}/cookie-consent"),
        (f"{A}/p", "https://gate.example.net/check?u=https%253A%252F%252Fblog.example.com%252Fp"),
        (f"{A}/p", f"{A}/p;jsessionid=AB12?x=1"),
        (f"{A}/p", f"{A}/page?PHPSESSID=4f2a"),
        (f"{A}/p", f"{A}/(S(abc123))/p.aspx"),
        (f"{A}/f", "https://cdn.example.com/f.zip?X-Amz-Signature=a&X-Amz-Expires=300"),
        (f"{A}/f", "https://storage.example.net/f?sv=2020&se=2026-01-01&sig=abc"),
        (f"{A}/f", "https://dl.example.com/f.zip?Expires=1700000000&Signature=x&Key-Pair-Id=K"),
        (f"{A}/geo", f"{A}/de/geo"),
        (f"{A}/en/geo", f"{A}/fr/geo"),
        (f"{A}/geo", f"{A}/zh-CN/geo"),
        (f"{A}/geo", f"{A}/us/en/geo"),
        (f"{A}/geo", f"{A}/geo?lang=de"),
        ("https://www.example.com/geo", "https://de.example.com/geo"),
        (f"{A}/latest", f"{A}/v3.2.1/"),
        (f"{A}/docs/stable/x.html", f"{A}/docs/2.1/x.html"),
        (f"{A}/tool-latest.zip", f"{A}/files/tool-3.1.zip"),
        (f"{A}/docs", f"{A}/en/latest/docs"),
        (f"{A}/y", f"{A}/category/all"),
        (f"{A}/posts/y", f"{A}/tags/nlp"),
        (f"{A}/docs/a/b", f"{A}/docs/"),
        (f"{A}/search-me", f"{A}/search?q=search-me"),
        (f"{A}/p", f"{A}/?s=p"),
        ("https://example.com/", "https://example.com/en/"),
        ("https://example.com/a", "http://www.example.com/a"),
    ],
    RedirectWorth.START_PAGE: [
        (f"{A}/z", f"{A}/home"),
        (f"{A}/i", f"{A}/index.html"),
        (f"{A}/e/deep/page", f"{A}/en/"),
        (f"{A}/a/b", "https://example.com/"),
        (f"{A}/a/b", "https://example.org/index.php"),
    ],
    RedirectWorth.ERROR_PAGE: [
        (f"{A}/gone", f"{A}/sorry-page-removed"),
        (f"{A}/a", f"{A}/404.html"),
        (f"{A}/a", f"{A}/errors/not-found"),
        (f"{A}/a", f"{A}/this-page-is-no-longer-available"),
        (f"{A}/a", f"{A}/error?code=404"),
        (f"{A}/a", "https://www.hugedomains.com/domain_profile.cfm?d=example.com"),
    ],
}


@pytest.mark.parametrize(
    ("before", "after", "worth"),
    [(before, after, worth) for worth, pairs in TABLE.items() for before, after in pairs],
)
def test_what_a_redirect_is_worth(before: str, after: str, worth: RedirectWorth) -> None:
    assert redirect_worth(before, after) is worth


def test_the_title_of_an_error_page_decides() -> None:
    worth = redirect_worth(f"{A}/a/post", f"{A}/b/post", "404 | Example")
    assert worth is RedirectWorth.ERROR_PAGE


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("x.y.github.io", "y.github.io"),
        ("co.uk", "co.uk"),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_registrable_domains(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain
