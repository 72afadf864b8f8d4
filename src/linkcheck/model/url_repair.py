"""Repair damaged URLs, where there is one plausible result.

Each step repairs one kind of damage in catalogs (Markdown escapes, punctuation of the sentence
around, full-width characters of an input method, a typo in the scheme) and gives up in doubt: a
wrong repair is worse than none.
"""

import re
from html import unescape

from linkcheck.model.source_text import word_set
from linkcheck.model.url import SKIPPED_SCHEMES, InvalidUrlError, Url, parse, scheme_of

_FULL_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    ord("。"): ord("."),
    ord("｡"): ord("."),
}
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_ESCAPE = re.compile(r"\\([_*~#()\[\]{}.!&+|<>`-])")
_OPENERS = "<([{\"'`“‘「『《〈（【［*：:，,、。 "
_SCHEME = re.compile(r"([A-Za-z]{2,8})\s*(?:([:;：；])\s*([/／\\]*)|([/／]{2}))\s*")
_HTTP_PREFIX = re.compile(r"https?://(?=[^/])", re.IGNORECASE)
_SCHEMELESS = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+([A-Za-z]{2,24})(?=[/:?#]|$)"
)
_SERVICES = frozenset({"github.com", "huggingface.co", "hf.co", "arxiv.org", "doi.org"})
_COMMON_ENDINGS = word_set(
    "ai app biz cn co com de dev edu eu fr gov info int io jp me net org tech tw uk"
)
_MARKUP = re.compile(r"\]\(|\)\[|\)\(|\*\*|[<>\"`]")
_CJK_PUNCTUATION = re.compile("[，。；：！？、（）【】《》「」『』〈〉［］“”‘’…｜]")
_CJK_LETTER = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))


_ADDRESS = r"(?:https?|ｈｔｔｐｓ?)\s?(?:[:：;；]\s?[/／\\]{1,3}|[/／]{2,3})[:：]?\s?"
_DAMAGED_START = re.compile(
    rf"(?:[^\w/?#.]*(?:(?:url|link|href|src|网址|链接|地址|官网|见)\s*[=:：]?\s*)?[^\w/?#.]*){_ADDRESS}[\w\[]",
    re.IGNORECASE,
)
"""An address, perhaps with a damaged scheme, and what does not belong in front of it."""
_BARE_DOI = re.compile(r"(?:doi\s*[:：]?\s*)?(10\.\d{4,9}/[^\s]{2,})", re.IGNORECASE)
_JOINED = re.compile(
    r"(?:[→⇒➔➜➡⟶，、；。｜]|[-=]+>|%E2%86%92|%EF%BC%8C|%E3%80%81|\)\[|\]\(|[,;|])\ufe0f?\s*(?=https?://)",
    re.IGNORECASE,
)
"""What joins two addresses; a comma alone may also be part of one."""
_TRAILING_BLANK = re.compile(
    r"(?:[\s\u00a0\u00ad\u200b-\u200f\u2060\u3000\ufeff]|%C2%A0|%C2%AD|%E3%80%80|%E2%80%8B|%EF%BB%BF)+\Z",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"[\u00a0\u00ad\u200b-\u200f\u2060\u3000\ufeff]|%", re.IGNORECASE)


def looks_like_address(text: str) -> bool:
    """Return whether a text is meant as a web address, however damaged, and not as a file."""
    text = text.strip()
    if _DAMAGED_START.match(text[:80]) or "://" in text[:200].translate(_FULL_WIDTH):
        return True
    return bool(_BARE_DOI.fullmatch(text)) or text.lower().startswith("git@")


def damage_of(text: str) -> tuple[str, str | None] | None:
    """Return what is wrong with a text that parses as a URL, and its repair if there is one.

    ``None`` if nothing is: most texts.
    """
    if (text.isascii() and "%" not in text and text.count("://") < 2) or len(text) > 4_000:
        return None
    start = text.find("://") + 3
    joined = _JOINED.search(text, start)
    if joined and "?" not in text[: joined.start()]:
        if joined.group().startswith("]("):
            return "it holds the end of another link", _strip_punctuation(text[joined.end() :])
        return "it is two addresses run together", None
    blank = _TRAILING_BLANK.search(text)
    if blank and _UNSEEN.search(blank.group()):
        return "an invisible character at its end becomes part of it", text[: blank.start()]
    return None


def repair_url(text: str) -> str | None:
    """Return the probably intended URL of a damaged one, not normalized.

    ``None`` for a valid URL, for another known scheme (``mailto:``), and where there is no single
    plausible repair.
    """
    if len(text) > 4_000 or (scheme_of(text) in SKIPPED_SCHEMES):
        return None
    doi = _BARE_DOI.fullmatch(text.strip())
    if doi:
        return f"https://doi.org/{doi[1]}"
    damage = damage_of(text)
    if damage is not None:
        return damage[1]
    candidate = _strip_start(text)
    for step in (
        _unescape,
        _repair_scheme,
        _cut_markup,
        _cut_sentence,
        _repair_spaces,
        _strip_punctuation,
    ):
        stepped = step(candidate)
        if not stepped:
            return None
        candidate = stepped
    if candidate == text:
        return None
    try:
        repaired = parse(candidate)
    except InvalidUrlError:
        return None
    if not _is_plausible(repaired) or _is_same_url(repaired, text):
        return None
    return candidate


def _strip_start(text: str) -> str:
    """Remove what precedes an address, and repair a colon or letters of its scheme."""
    text = re.sub(r"\Ahttps?[:：](?=https?[:：]//)", "", text, flags=re.IGNORECASE)
    match = _DAMAGED_START.match(text[:80])
    if match is None:
        return text
    at = re.search(r"https?|ｈｔｔｐｓ?", text, re.IGNORECASE)
    text = text[at.start() :] if at else text
    text = re.sub(r"\A(https?)(:?//):", r"\1://", text, flags=re.IGNORECASE)
    return text.translate(_FULL_WIDTH) if text.startswith("ｈ") else text


def _unescape(text: str) -> str:
    """Remove escapes, entities, invisible characters and opening punctuation."""
    text = _INVISIBLE.sub("", text.strip())
    text = _ENTITY.sub(lambda match: unescape(match.group()), text)
    text = _ESCAPE.sub(r"\1", text).lstrip(_OPENERS)
    return text.replace("\\", "/") if re.match(r"https?:\\", text, re.IGNORECASE) else text


def _repair_scheme(text: str) -> str | None:
    """Repair or add the scheme, and normalize full-width characters of the host."""
    rest, scheme = text, None
    for _ in range(4):
        match = _SCHEME.match(rest)
        found = _intended_scheme(match.group(1)) if match else None
        if match is None or found is None:
            break
        if not match.group(3) and not match.group(4) and not _looks_like_host(rest[match.end() :]):
            break  # "https:" alone, or a word and a colon
        rest, scheme = rest[match.end() :].lstrip("/／"), found
    else:
        return None
    if scheme is None:
        if scheme_of(rest) and not _looks_like_host(rest):
            return None
        rest, scheme = rest.lstrip("/"), "https"
        if not _looks_like_host(rest):
            return None
    host_end = re.search(r"[/／?？#＃]|$", rest)
    end = host_end.start() if host_end else len(rest)
    host, tail = rest[:end], rest[end:]
    if not re.search(r"[^\x00-\x7f]", host.translate(_FULL_WIDTH)):
        host = re.sub(r"\s", "", host.translate(_FULL_WIDTH))
    if re.search(r"[／＃？]", tail) and not _CJK_LETTER.search(tail):
        tail = tail.translate(_FULL_WIDTH)
    inner = _HTTP_PREFIX.match(tail[1:])
    if inner and tail.startswith("/") and tail[1 + inner.end() :].startswith((host + "/", host)):
        return tail[1:]  # https://host/https://host/path
    return f"{scheme}://{host}{tail}"


def _intended_scheme(word: str) -> str | None:
    """Return ``https`` or ``http`` for a word with at most one typo."""
    word = word.lower()
    if word in ("http", "https"):
        return word
    if word in SKIPPED_SCHEMES:
        return None
    if "s" in word and (_is_one_typo(word, "https") or word in ("hpts", "tps", "hxxps")):
        return "https"
    return "http" if _is_one_typo(word, "http") or word == "hxxp" else None


def _is_one_typo(word: str, intended: str) -> bool:
    """Return whether the words differ by one letter added, dropped, changed or swapped."""
    if abs(len(word) - len(intended)) > 1:
        return False
    if len(word) == len(intended):
        wrong = [place for place, letter in enumerate(word) if letter != intended[place]]
        swapped = len(wrong) == 2 and word[wrong[0]] == intended[wrong[1]]
        swapped = swapped and word[wrong[1]] == intended[wrong[0]]
        return len(wrong) == 1 or swapped
    longer, shorter = (word, intended) if len(word) > len(intended) else (intended, word)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def _looks_like_host(text: str) -> bool:
    """Return whether the text starts with a host name and not a file name."""
    plain = text[:300].translate(_FULL_WIDTH)
    match = _SCHEMELESS.match(plain)
    if match is None:
        return False
    host = match.group().lower()
    return (
        (host.startswith("www.") and host.count(".") > 1)
        or host in _SERVICES
        or match.group(1).lower() in _COMMON_ENDINGS
    )


def _cut_markup(text: str) -> str | None:
    """Cut trailing Markdown and HTML; ``None`` where another URL follows."""
    match = _MARKUP.search(text)
    if match is None:
        return text
    head, tail = text[: match.start()], text[match.end() :]
    other = re.search(r"https?://[^\s()<>\[\]\"`]+", tail)
    if other and other.group().rstrip("/") != head.rstrip("/"):
        return None
    return head


def _cut_sentence(text: str) -> str | None:
    """Cut trailing Chinese or Japanese text and punctuation."""
    start = text.find("//") + 2
    match = _CJK_PUNCTUATION.search(text, start) or None
    glued = _CJK_LETTER.search(text, start)
    if match and not (glued and glued.start() < match.start()):
        head, tail = text[: match.start()], text[match.end() :]
        return None if "://" in tail else head
    if glued is None:
        return text
    head = text[: glued.start()]
    # On other hosts these characters may belong to the URL (titles of an encyclopedia).
    if any(head[start:].removeprefix("www.").startswith(f"{host}/") for host in _SERVICES):
        return None if "://" in text[glued.start() :] else head
    return None if match else text


def _repair_spaces(text: str) -> str | None:
    """Remove spaces, or encode those inside a file's name."""
    text = re.sub(r"[ \t\r\n\u00a0\u3000]+", " ", text).strip()
    text = re.sub(r" ?([/?=&#_-]) ?", r"\1", text)
    if " " not in text:
        return text
    last = text.rsplit("/", 1)[-1]
    if text.count(" ") <= 3 and " " in last and _EXTENSION.search(last):
        return text.replace(" ", "%20")
    return None


def _strip_punctuation(text: str) -> str:
    """Strip trailing punctuation: full stops, quotes, unopened brackets."""
    while True:
        shorter = text.rstrip(",;.'\"*\\|^ ")
        for opening, closing in _PAIRS:
            unopened = shorter.count(closing) > shorter.count(opening)
            if shorter.endswith(opening) or (unopened and shorter.endswith(closing)):
                shorter = shorter[:-1]
        if shorter == text:
            return text
        text = shorter


def _is_plausible(url: Url) -> bool:
    """Return whether a repaired URL has a public host and, for known hosts, a valid path."""
    ending = url.host.rpartition(".")[2]
    if not (re.fullmatch(r"[a-z]{2,24}|xn--[a-z0-9-]+", ending) and "." in url.host):
        return False
    if url.host.removeprefix("www.") in ("github.com", "huggingface.co", "hf.co"):
        return all(re.fullmatch(r"[A-Za-z0-9._-]+", part) for part in url.segments[:2])
    return True


def _is_same_url(repaired: Url, text: str) -> bool:
    """Return whether the text parses to the same URL."""
    try:
        return parse(text) == repaired
    except InvalidUrlError:
        return False
