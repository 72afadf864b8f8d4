r"""Find bare URLs as GFM's autolink extension does, and their intended end.

GFM ends a bare URL only at white space or ``<`` and then removes trailing punctuation
(https://github.github.com/gfm/#autolinks-extension-). Full-width punctuation, Chinese text and
Markdown that follow without a space therefore become part of the URL on GitHub, and the link is
broken there. :func:`find_bare_urls` reports the intended end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_START = re.compile(r"://|www\.")
_SCHEME = re.compile(r"(?:https?|ftp)\Z", re.IGNORECASE)
_RUN = re.compile(r"[^ \t\n\v\f\r<]*")
_DOMAIN = re.compile(r"(?:[\w.-]|\\.)*")
_ENTITY_TAIL = re.compile(r"&[A-Za-z]+;\Z")
_TRAILING = frozenset("?!.,:*_~'\"")
_WWW_BEFORE = frozenset(" \t\n\v\f\r*_~(|")
_ESCAPED = re.compile(r"\\([_*~()\[\]#&.!-])")
_SCHEMES_RUN_TOGETHER = re.compile(r"(?:https?:/{0,2})+(?=https?://)", re.IGNORECASE)
_SCHEME_FOR_HOST = re.compile(r"\Ahttps?://(https?)//(?=[\w-]{1,63}\.)", re.IGNORECASE)

_MAX_OVERLONG_TAIL = 120
"""Characters of foreign text at the end of a URL that are kept for display."""

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"

# Each alternative cannot be part of the URL before it.
_FOREIGN_TEXT = re.compile(
    r"(?<=[!-~])[，、！？：“”‘’「」『』《》〈〉【】〔〕（）［］｜～…—]"
    r"|[。；\u3000\u200b\ufeff]"
    r"|\]|\)\[|\*\*|`|\|"
    r"|(?<=[^/=?&#:%+(,;!@])(?=https?://)"
)
_CJK_AFTER_ASCII = re.compile(rf"(?<=[A-Za-z0-9])[{_CJK}]")
_FILE_SUFFIX = re.compile(r"\.[a-zA-Z]{2,4}\Z")


@dataclass(frozen=True, slots=True)
class BareUrl:
    """A bare URL."""

    start: int
    end: int
    """The intended end: the end of what GFM links, unless ``is_overlong``."""
    url: str
    """The URL that GFM links."""
    intended_url: str
    """The URL that was intended."""
    is_overlong: bool = False
    """Whether GFM's URL includes foreign text."""
    is_linked: bool = True
    """Whether GFM renders it as a link."""


def find_bare_urls(text: str, start: int, end: int, limit: int) -> Iterator[BareUrl]:
    """Yield the bare URLs that start in ``text[start:end]``; none extends beyond ``limit``.

    Linear in the length of the text: a run without white space is measured once, however many
    URLs it contains.
    """
    run_end = start
    position = start
    while match := _START.search(text, position, end):
        position = match.end()
        url_start = match.start() if match.group() == "www." else _scheme_start(text, start, match)
        if url_start is None:
            continue
        if match.end() > run_end:
            run = _RUN.match(text, match.end(), limit)
            run_end = run.end() if run else match.end()
        bare = _parse_bare_url(text, url_start, match, run_end)
        if bare is not None:
            yield bare
            start = position = max(position, bare.end)


def _scheme_start(text: str, start: int, match: re.Match[str]) -> int | None:
    """Return the start of the scheme before ``://`` if GFM links that scheme."""
    low = at = match.start()
    while low > start and at - low < 6 and text[low - 1].isascii() and text[low - 1].isalpha():
        low -= 1
    return low if _SCHEME.match(text, low, at) else None


def _parse_bare_url(
    text: str, url_start: int, match: re.Match[str], run_end: int
) -> BareUrl | None:
    is_www = match.group() == "www."
    before = text[url_start - 1] if url_start else " "
    linked = not is_www or before in _WWW_BEFORE
    if not linked and before.isascii():
        return None
    host_start = url_start if is_www else match.end()
    if not _is_valid_domain(text, host_start, run_end):
        return None
    foreign, bracketed = _find_foreign_text(text, url_start, match.end(), run_end)
    cut = run_end if foreign is None else foreign
    end = host_start + trimmed_length(text[host_start:cut])
    if end <= match.end():
        return None
    prefix = "http://" if is_www else ""
    url = prefix + text[url_start:end]
    intended = _resolve_escapes(url)
    if foreign is None or bracketed:
        return BareUrl(url_start, end, url, intended, is_linked=linked)
    whole = min(run_end, end + _MAX_OVERLONG_TAIL)
    full = host_start + trimmed_length(text[host_start:whole])
    if full <= end:
        return BareUrl(url_start, end, url, intended, is_linked=linked)
    return BareUrl(
        url_start, end, prefix + text[url_start:full], intended, is_overlong=True, is_linked=linked
    )


def _find_foreign_text(text: str, url_start: int, start: int, end: int) -> tuple[int | None, bool]:
    """Return the start of foreign text at the end of a URL, or ``None``.

    The second value is whether this is only the closing bracket of a pair around the URL.
    """
    for match in _FOREIGN_TEXT.finditer(text, start + 1, end):
        if match.group() != "]":
            return match.start(), False
        if text.find("[", start, match.start()) == -1:
            opening = text.rfind("[", max(0, url_start - 200), url_start)
            around = opening != -1 and text.find("]", opening, url_start) == -1
            follows_link = text.startswith("](", match.start())
            return match.start(), around and not follows_link
    last = max(text.rfind(mark, start, end) for mark in "/?=&%#")
    cjk = _CJK_AFTER_ASCII.search(text, max(last, start), end)
    if cjk and not _FILE_SUFFIX.search(text, max(start, end - 5), end):
        return cjk.start(), False
    return None, False


def _is_valid_domain(text: str, at: int, end: int) -> bool:
    """Return whether there is a valid domain, as GFM defines it, at ``at``.

    It must start with a letter or digit and have no underscore in its last two labels.
    """
    match = _DOMAIN.match(text, at, min(end, at + 300))
    domain = match.group() if match else ""
    if not domain or domain[0] in "-._\\":
        return False
    return all("_" not in label for label in domain.split(".")[-2:])


def trimmed_length(url: str) -> int:
    """Return the length of a URL without the trailing punctuation that GFM removes.

    Closing parentheses are kept if they are balanced; an entity reference is removed.
    """
    end = len(url)
    surplus = url.count(")") - url.count("(")
    while end:
        last = url[end - 1]
        if last == ")":
            if surplus <= 0:
                return end
            surplus -= 1
            end -= 1
        elif last in _TRAILING:
            end -= 1
        elif last == ";":
            entity = _ENTITY_TAIL.search(url, max(0, end - 40), end)
            end = entity.start() if entity else end - 1
        else:
            return end
    return 0


def _resolve_escapes(url: str) -> str:
    r"""Return the intended URL of a bare URL, which Markdown takes literally.

    In a bare URL, ``\_`` and ``&amp;`` are not decoded, and a repeated scheme is kept.
    """
    if "\\" in url:
        url = _ESCAPED.sub(r"\1", url)
    if "&amp;" in url:
        url = url.replace("&amp;", "&")
    return remove_duplicate_scheme(url)


def remove_duplicate_scheme(url: str) -> str:
    """Return a URL without a repeated scheme (``http://https//host``); the last one is kept."""
    url = _SCHEMES_RUN_TOGETHER.sub("", url, count=1)
    return _SCHEME_FOR_HOST.sub(r"\1://", url)
