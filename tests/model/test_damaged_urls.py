"""Damaged addresses: what is found, and what is repaired."""

import pytest

from linkcheck.model.url_repair import damage_of, looks_like_address, repair_url

A = "https://a.com/x"


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        (f"\u200b{A}", A),
        (f"\ufeff{A}", A),
        (f'"{A}"', A),
        (f"《{A}》", A),
        (f"：{A}", A),
        (f"={A}", A),
        (f"url:{A}", A),
        (f"URL = {A}", A),
        (f"网址：{A}", A),
        ("https//a.com/x", A),
        ("https;//a.com/x", A),
        ("http//:a.com/x", "http://a.com/x"),
        ("http://:a.com/x", "http://a.com/x"),
        ("ｈｔｔｐｓ：／／ａ.ｃｏｍ／ｘ", A),
        ("10.1038/s41586-020-2649-2", "https://doi.org/10.1038/s41586-020-2649-2"),
        (f"https://{A}", A),
        (f"https:{A}", A),
        (f"{A}\u00a0", A),
        (f"{A}\u3000", A),
        (f"{A}\u00ad", A),
        (f"{A}%C2%A0", A),
        (f"https://b.com/y]({A}", A),
        (f"{A}→https://b.com/y", None),
        (f"{A}，https://b.com/y", None),
        (f"{A}->https://b.com/y", None),
    ],
)
def test_damaged_addresses_are_seen_and_repaired(damaged: str, repaired: str | None) -> None:
    assert looks_like_address(damaged)
    assert repair_url(damaged) == repaired


@pytest.mark.parametrize(
    "url",
    [
        A,
        "https://web.archive.org/web/2020/https://a.com/x",
        "https://a.com/?u=https://b.com/y,https://c.com/z",
        "https://zh.wikipedia.org/wiki/人工智能",
        "https://a.com/x%20y",
    ],
)
def test_addresses_without_damage(url: str) -> None:
    assert damage_of(url) is None
    assert repair_url(url) is None


@pytest.mark.parametrize(
    "file", ["docs/a.md", "README.md:12", "http.md", "10.1/x", "#part", "../a"]
)
def test_files_are_no_addresses(file: str) -> None:
    assert not looks_like_address(file)
