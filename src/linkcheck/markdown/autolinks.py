r"""Bare URLs, found as GFM's autolink extension finds them, and where a person meant them to end.

GFM ends a bare URL only at white space or ``<`` and then takes trailing punctuation off
(https://github.github.com/gfm/#autolinks-extension-). Full-width punctuation, Chinese text and
glued Markdown therefore become part of the address on GitHub: such a link is broken there, and
:func:`find` says where it was meant to end.
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
"""How much of an address that swallowed its surroundings is kept for showing."""

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"

# Each alternative is something that cannot belong to the address in front of it.
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
    """A bare URL in a text."""

    start: int
    end: int
    """Where the address was meant to end: the end of what GFM links, unless ``glued``."""
    url: str
    """The address that GFM makes of it."""
    intended_url: str
    """The address that was meant."""
    is_overlong: bool = False
    """Whether GFM's address runs on into something else."""
    is_linked: bool = True
    """Whether GFM makes a link of it at all."""


def find_bare_urls(text: str, start: int, end: int, limit: int) -> Iterator[BareUrl]:
    """Yield the bare URLs that begin in ``text[start:end]``; none reaches beyond ``limit``.

    The work is linear in the length of the text: a run without white space is measured once,
    however many addresses it holds.
    """
    run_end = start
    position = start
    while match := _START.search(text, position, end):
        position = match.end()
        begin = match.start() if match.group() == "www." else _scheme_start(text, start, match)
        if begin is None:
            continue
        if match.end() > run_end:
            run = _RUN.match(text, match.end(), limit)
            run_end = run.end() if run else match.end()
        bare = _parse_bare_url(text, begin, match, run_end)
        if bare is not None:
            yield bare
            start = position = max(position, bare.end)


def _scheme_start(text: str, start: int, match: re.Match[str]) -> int | None:
    """Return where the scheme in front of ``://`` begins, if GFM links that scheme."""
    low = at = match.start()
    while low > start and at - low < 6 and text[low - 1].isascii() and text[low - 1].isalpha():
        low -= 1
    return low if _SCHEME.match(text, low, at) else None


def _parse_bare_url(text: str, begin: int, match: re.Match[str], run_end: int) -> BareUrl | None:
    is_www = match.group() == "www."
    before = text[begin - 1] if begin else " "
    linked = not is_www or before in _WWW_BEFORE
    if not linked and before.isascii():
        return None
    host_at = begin if is_www else match.end()
    if not _is_valid_domain(text, host_at, run_end, strict=is_www):
        return None
    glue, bracketed = _find_foreign_text(text, begin, match.end(), run_end)
    cut = run_end if glue is None else glue
    end = host_at + trimmed_length(text[host_at:cut])
    if end <= match.end():
        return None
    prefix = "http://" if is_www else ""
    url = prefix + text[begin:end]
    meant = _resolve_escapes(url)
    if glue is None or bracketed:
        return BareUrl(begin, end, url, meant, is_linked=linked)
    whole = min(run_end, end + _MAX_OVERLONG_TAIL)
    full = host_at + trimmed_length(text[host_at:whole])
    if full <= end:
        return BareUrl(begin, end, url, meant, is_linked=linked)
    return BareUrl(begin, end, prefix + text[begin:full], meant, is_overlong=True, is_linked=linked)


def _find_foreign_text(text: str, begin: int, start: int, end: int) -> tuple[int | None, bool]:
    """Return where something else begins that is glued to an address, if it does.

    The second value says that this is only the bracket that closes one around the address.
    """
    for match in _FOREIGN_TEXT.finditer(text, start + 1, end):
        if match.group() != "]":
            return match.start(), False
        if text.find("[", start, match.start()) == -1:
            opening = text.rfind("[", max(0, begin - 200), begin)
            around = opening != -1 and text.find("]", opening, begin) == -1
            follows_link = text.startswith("](", match.start())
            return match.start(), around and not follows_link
    last = max(text.rfind(mark, start, end) for mark in "/?=&%#")
    cjk = _CJK_AFTER_ASCII.search(text, max(last, start), end)
    if cjk and not _FILE_SUFFIX.search(text, max(start, end - 5), end):
        return cjk.start(), False
    return None, False


def _is_valid_domain(text: str, at: int, end: int, *, strict: bool) -> bool:
    """Say whether a domain in GFM's sense stands at ``at``.

    It needs a letter or figure first; ``strict`` (for ``www.``) demands a full stop in it, and no
    underscore may stand in its last two parts.
    """
    match = _DOMAIN.match(text, at, min(end, at + 300))
    domain = match.group() if match else ""
    if not domain or domain[0] in "-._\\":
        return False
    parts = domain.split(".")
    if any("_" in part for part in parts[-2:]):
        return False
    return len(parts) > 1 if strict else True


def trimmed_length(address: str) -> int:
    """Return how much of an address is left when GFM has taken off trailing punctuation.

    Closing parentheses stay as far as there are opening ones; what looks like an entity goes.
    """
    end = len(address)
    surplus = address.count(")") - address.count("(")
    while end:
        last = address[end - 1]
        if last == ")":
            if surplus <= 0:
                return end
            surplus -= 1
            end -= 1
        elif last in _TRAILING:
            end -= 1
        elif last == ";":
            entity = _ENTITY_TAIL.search(address, max(0, end - 40), end)
            end = entity.start() if entity else end - 1
        else:
            return end
    return 0


def _resolve_escapes(address: str) -> str:
    r"""Return the address that was meant by one that Markdown takes literally.

    In a bare URL, ``\_`` and ``&amp;`` are no escapes, and a scheme written twice stays twice.
    """
    if "\\" in address:
        address = _ESCAPED.sub(r"\1", address)
    if "&amp;" in address:
        address = address.replace("&amp;", "&")
    return remove_duplicate_scheme(address)


def remove_duplicate_scheme(address: str) -> str:
    """Return an address whose scheme is written twice (``http://https//host``) with the last one.

    One that is well stays as it is.
    """
    address = _SCHEMES_RUN_TOGETHER.sub("", address, count=1)
    return _SCHEME_FOR_HOST.sub(r"\1://", address)
