"""Repair of mojibake, with and without lost bytes; valid text is not changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.importing.mojibake import restore_encoding


def garble(text: str, page: str, errors: str) -> str:
    """Decode UTF-8 in a wrong code page, byte by byte as editors do."""
    return "".join(
        bytes([byte]).decode(page, errors=errors) if byte > 127 else chr(byte)
        for byte in text.encode()
    )


@pytest.mark.parametrize("page", ["latin-1", "cp1252", "cp1254"])
@pytest.mark.parametrize("errors", ["replace", "ignore"])
def test_mojibake_is_decoded_as_utf_8(page: str, errors: str) -> None:
    # No byte of these characters is undefined in one of the code pages.
    good = "# 医疗集\n- [系统](https://github.com/o/n): 说文字，医疗\n"
    assert restore_encoding(garble(good, page, errors)) == good


@pytest.mark.parametrize("page", ["cp1252", "cp1254"])
@pytest.mark.parametrize("errors", ["replace", "ignore"])
def test_a_lost_byte_affects_only_its_character(page: str, errors: str) -> None:
    # 名 is E5 90 8D in UTF-8; neither code page defines 90. All other bytes are defined in both.
    bad = garble("- 中文医疗系统名称列表：说文字", page, errors)
    restored = restore_encoding(bad)
    assert restored.startswith("- 中文医疗系统")
    assert restored.endswith("称列表：说文字")
    assert len(restored) <= len("- 中文医疗系统名称列表：说文字") + 2


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("cafÃ©", "café"),
        ("a â€œquotedâ€\u009d word", "a “quoted” word"),
        ("MÃ¼nchen â€“ 20 Â°C", "München – 20 °C"),
        ("Ð¼Ð¾Ð´ÐµÐ»ÑŒ", "модель"),
        ("â€“ 中文 and ä¸\u00adæ–‡", "– 中文 and 中文"),
    ],
)
def test_other_scripts_and_partly_damaged_lines(bad: str, good: str) -> None:
    assert restore_encoding(bad) == good


RIGHT = [
    "中文医疗模型（名称）：“数据集”、《论文》…",
    "日本語の〈モデル〉・ﾃﾞｰﾀ｡",
    "한국어 모델",
    "„Spaß“ und ‚Gruß‘ – Maß",
    "« forêt », l’été, à\u00a0propos",
    "ÇAĞRI’nın İŞ’i",
    "ŻÓŁĆ „źdźbło”",
    "«модель» № 5 — ещё",
    "Ελλάδα «Ά»",
    "ﬁnd the ﬂow, Œuvre, Ĳssel",
    "'straight' \"quotes\" & &amp; <b>entities</b> -- ...",
    "½ × 4 µm ± 5°, © 2024 Ünïcödé™",
    "🟡 ✅ 👩‍💻 → Ⅷ ①",
    "full－width　ＡＢＣ１２３",
    "e\u0301 decomposed, \x1b[31mcolor\x1b[0m",
    "already lost: 医\ufffd模型",
    "https://example.org/caf%C3%A9?q=%E4%B8%AD",
]


@pytest.mark.parametrize("text", RIGHT)
def test_valid_text_is_not_changed(text: str) -> None:
    assert restore_encoding(text) == text


@given(
    st.lists(
        st.sampled_from(RIGHT)
        | st.text("中文列表模型集医「」（）：；，。！？ー カ한 aZ0-:/.[]#*\t")
    ),
    st.sampled_from(["\n", "\r\n", "\n\n", "\r"]),
)
def test_no_valid_document_is_changed(parts: list[str], newline: str) -> None:
    text = newline.join(parts)
    assert restore_encoding(text) == text


@given(st.text())
def test_every_line_stays_a_line(text: str) -> None:
    restored = restore_encoding(text)
    assert [restored.count(end) for end in "\r\n"] == [text.count(end) for end in "\r\n"]
