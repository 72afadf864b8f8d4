"""A line's pieces: bare URLs and damaged links are found in its runs of text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linkcheck.markdown import autolinks
from linkcheck.markdown.destinations import classify_scope, repair_destination
from linkcheck.markdown.syntax_tree import InlineKind, InlineNode, LinkForm, LinkScope, MarkdownLink
from linkcheck.model.entry import LinkRepair
from linkcheck.model.source_text import SourceText
from linkcheck.model.url_repair import repair_url

_LINK_HINT = re.compile(r"://|www\.|[:：] ?/ ?/|[\]】］] {0,2}[(（]")
_BRACKETS = re.compile(
    r"[\]】］](?P<gap>[ \u3000]{0,2})(?P<open>[(（])[ \t]{0,9}"
    r"(?P<dest>[^\n()（）<>]{1,1000}(?:\([^\n()（）]{0,300}\)[^\n()（）<>]{0,300})?)"
    r"(?P<close>[)）])"
)
_CLOSING = re.compile(r"[\]】］]")
_SCHEME = re.compile(r"(?<![A-Za-z])https?", re.IGNORECASE)
_PLAIN = r"[!#-';=?-Z\\^_a-z{}~*-:]"
_UNCLOSED = re.compile(
    rf"\]\((?P<dest>[Hh][Tt]{{2}}[Pp][Ss]?://{_PLAIN}{{3,2000}}+"
    rf"(?:\({_PLAIN}{{0,300}}+\){_PLAIN}{{0,300}}+)?+)(?=\s|\||\Z)"
)
"""A link whose parenthesis is never closed; its parts hold no bracket, so none is read twice."""
_CLOSED_BELOW = re.compile(r"[^\n()]{0,500}\n[^\n()]{0,500}\)")
_URLISH = re.compile(r"(?:h?t?tps?|ftp)\s{0,3}[:：]\s{0,3}/|www\.", re.IGNORECASE)
_BROKEN_SCHEME = re.compile(
    r"(?<![A-Za-z])(?P<scheme>https?)"
    r"(?!://)(?:[ \t]{0,2}[:：][ \t]{0,2}/[ \t]?/[ \t]{0,2})(?=[A-Za-z0-9])"
    r"(?P<rest>[^\s<>()（）\[\]【】，。；、！？“”]{3,2000})",
    re.IGNORECASE,
)
_SPACED_PATH = re.compile(
    r"https?://(?:www\.)?(?:github\.com|huggingface\.co)/[A-Za-z0-9][\w-]{0,50}/"
    r" {1,2}(?P<rest>[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)+)(?=[ \t]*(?:[|\r\n]|\Z))",
    re.IGNORECASE | re.ASCII,
)
_OPENING = {"]": "[", "】": "【", "］": "［"}


@dataclass(frozen=True, slots=True)
class _FoundLink:
    """A link found in a run of text, with the stretch of text that it takes up."""

    start: int
    end: int
    link: MarkdownLink


def extract_inline_links(
    source: SourceText, inlines: list[InlineNode], limit: int
) -> tuple[list[InlineNode], list[MarkdownLink], set[int]]:
    """Return a block's pieces with the links found in its text, and those links.

    ``limit`` is where the block's line ends at the latest (a table cell's end). The last value
    holds the start offsets of links that are swallowed by a bare URL in front of them.
    """
    out: list[InlineNode] = []
    links: list[MarkdownLink] = []
    swallowed: set[int] = set()
    taken = 0
    for piece in inlines:
        if piece.start < taken:
            if piece.end <= taken:
                if piece.kind in (InlineKind.LINK, InlineKind.IMAGE):
                    swallowed.add(piece.start)
                continue
            if piece.kind is InlineKind.TEXT:
                piece.start = taken
                piece.text = source.text[taken : piece.end]
        if piece.kind is not InlineKind.TEXT or not _LINK_HINT.search(
            source.text, piece.start, piece.end
        ):
            out.append(piece)
            continue
        at = piece.start
        for found in _find_links(source, piece.start, piece.end, limit):
            if found.start > at:
                out.append(_make_text_node(source, at, found.start, piece))
            out.append(
                InlineNode(
                    InlineKind.LINK,
                    found.link.text,
                    found.start,
                    found.end,
                    piece.is_strong,
                    found.link,
                )
            )
            links.append(found.link)
            at = taken = found.end
        if at < piece.end:
            out.append(_make_text_node(source, at, piece.end, piece))
    return out, links, swallowed


def _make_text_node(source: SourceText, start: int, end: int, piece: InlineNode) -> InlineNode:
    return InlineNode(InlineKind.TEXT, source.text[start:end], start, end, piece.is_strong)


def _find_links(source: SourceText, start: int, end: int, limit: int) -> Iterator[_FoundLink]:
    """Yield the links in a run of text, damaged ones first where they overlap with bare URLs."""
    damaged = sorted(
        (
            *_find_bracketed(source, start, end, limit),
            *_find_broken_schemes(source, start, end, limit),
            *_find_spaced_paths(source, start, end),
            *_find_unclosed(source, start, end, limit),
        ),
        key=lambda found: (found.start, -found.end),
    )
    at = start
    for found in damaged:
        if found.start < at:
            continue
        yield from _find_bare(source, at, found.start, found.start)
        yield found
        at = found.end
    yield from _find_bare(source, at, end, limit)


def _match_within(
    sign: re.Pattern[str], whole: re.Pattern[str], text: str, start: int, end: int, limit: int
) -> re.Match[str] | None:
    """Return the first match of ``whole`` that starts in a stretch and ends before ``limit``.

    ``sign`` is what it starts with. Searching for the whole would run on to ``limit`` where there
    is none, once for every stretch.
    """
    for found in sign.finditer(text, start, end):
        if match := whole.match(text, found.start(), limit):
            return match
    return None


def _find_bracketed(source: SourceText, start: int, end: int, limit: int) -> Iterator[_FoundLink]:
    """Yield links in brackets that GFM does not see as such: ``[a] (url)``, ``【a】（url）``."""
    text = source.text
    position = start
    while match := _match_within(_CLOSING, _BRACKETS, text, position, end, limit):
        position = match.end()
        low, high = match.span("dest")
        while high > low and text[high - 1].isspace():
            high -= 1
        written = text[low:high]
        if not _URLISH.match(written):
            position = match.start() + 1
            continue
        closing = text[match.start()]
        lowest = max(start, match.start() - 400)
        opening = text.rfind(_OPENING[closing], lowest, match.start())
        label = text[opening + 1 : match.start()] if opening != -1 else ""
        if opening == -1 and closing == "]" and not _is_malformed(match):
            continue  # only the bare URL in it is a link
        if opening != -1 and label.strip().isdigit():
            continue  # a reference number with its address behind it: good prose
        meant = repair_url(written) or repair_destination(written, spaces=True) or written
        mend_from = opening if opening != -1 and closing != "]" else match.start()
        after = f"]({meant})" if mend_from == match.start() else f"[{label}]({meant})"
        link = MarkdownLink(
            written=written,
            url=written + (match["close"] if match["close"] == "）" else ""),
            span=source.span(low, high),
            full_span=source.span(match.start() if opening == -1 else opening, match.end()),
            form=LinkForm.MALFORMED,
            scope=LinkScope.EXTERNAL,
            text=label.strip(),
            repaired_url=meant,
            repair=LinkRepair(
                source.span(mend_from, match.end()), text[mend_from : match.end()], after
            ),
        )
        yield _FoundLink(match.start() if opening == -1 else opening, match.end(), link)


def _find_unclosed(source: SourceText, start: int, end: int, limit: int) -> Iterator[_FoundLink]:
    """Yield links whose parenthesis is missing: ``[a](https://a.example - words``."""
    text = source.text
    for match in _UNCLOSED.finditer(text, start, min(limit, end + 2500)):
        if match.start() >= end:
            return
        opening = text.rfind("[", max(start, match.start() - 400), match.start())
        label = text[opening + 1 : match.start()]
        if opening == -1 or re.search(r"[\]\n]|\\\Z", label) or text[opening - 1] in "!\\":
            continue
        if not label.strip() or label.strip().isdigit() or "://" in label:
            continue
        if _CLOSED_BELOW.match(text, match.end(), limit):
            continue
        low = match.start("dest")
        high = low + autolinks.trimmed_length(match["dest"])
        written = text[low:high]
        link = MarkdownLink(
            written=written,
            url=written,
            span=source.span(low, high),
            full_span=source.span(opening, high),
            form=LinkForm.MALFORMED,
            scope=LinkScope.EXTERNAL,
            text=label.strip(),
            repaired_url=repair_url(written) or written,
            repair=LinkRepair(
                source.span(match.start(), high),
                text[match.start() : high],
                f"]({repair_url(written) or written})",
            ),
        )
        yield _FoundLink(opening, high, link)


def _is_malformed(match: re.Match[str]) -> bool:
    """Say whether the address in brackets, or the brackets, are not as they should be."""
    return bool(match["close"] == "）" or match["open"] == "（" or " " in match["dest"].strip())


def _find_broken_schemes(
    source: SourceText, start: int, end: int, limit: int
) -> Iterator[_FoundLink]:
    """Yield addresses whose ``https://`` is spaced out or has a full-width colon."""
    text = source.text
    position = start
    while match := _match_within(_SCHEME, _BROKEN_SCHEME, text, position, end, limit):
        position = match.end()
        rest = match["rest"]
        length = autolinks.trimmed_length(rest)
        if "." not in rest[:length]:
            continue
        low, high = match.start(), match.start("rest") + length
        meant = f"{match['scheme'].lower()}://{rest[:length]}"
        link = MarkdownLink(
            written=text[low:high],
            url=text[low:high],
            span=source.span(low, high),
            full_span=source.span(low, high),
            form=LinkForm.MALFORMED,
            scope=LinkScope.EXTERNAL,
            text=text[low:high],
            repaired_url=meant,
            repair=_repair_delimited(source, low, high, meant),
        )
        yield _FoundLink(low, high, link)


def _find_spaced_paths(source: SourceText, start: int, end: int) -> Iterator[_FoundLink]:
    """Yield addresses of a service's owner with the name set apart: ``…/owner/ the-name``."""
    for match in _SPACED_PATH.finditer(source.text, start, end):
        low, high = match.span()
        written = match.group()
        meant = "".join(written.split())
        span = source.span(low, high)
        mend = LinkRepair(span, written, meant)
        link = MarkdownLink(
            written=written,
            url=written,
            span=span,
            full_span=span,
            form=LinkForm.MALFORMED,
            scope=LinkScope.EXTERNAL,
            text=written,
            repaired_url=meant,
            repair=mend,
        )
        yield _FoundLink(low, high, link)


def _find_bare(source: SourceText, start: int, end: int, limit: int) -> Iterator[_FoundLink]:
    for found in autolinks.find_bare_urls(source.text, start, end, limit):
        written = source.text[found.start : found.end]
        span = source.span(found.start, found.end)
        damaged = found.is_overlong or not found.is_linked or found.intended_url != found.url
        link = MarkdownLink(
            written=written,
            url=found.url if found.is_linked else written,
            span=span,
            full_span=span,
            form=LinkForm.BARE if found.is_linked else LinkForm.MALFORMED,
            scope=classify_scope(found.url),
            text=written,
            repaired_url=found.intended_url if damaged else None,
            repair=_repair_bare(source, found) if damaged else None,
        )
        yield _FoundLink(found.start, found.end, link)


def _repair_bare(source: SourceText, found: autolinks.BareUrl) -> LinkRepair:
    """Return the mend of a bare URL; one that something is glued to gets angle brackets."""
    after = f"<{found.intended_url}>" if found.is_overlong else found.intended_url
    span = source.span(found.start, found.end)
    return LinkRepair(span, source.text[found.start : found.end], after)


def _repair_delimited(source: SourceText, start: int, end: int, meant: str) -> LinkRepair:
    """Return the mend that also sets an address off from what stands right behind it."""
    following = source.text[end : end + 1]
    alone = following.isascii() and not following.isalnum()
    after = meant if alone else f"<{meant}>"
    return LinkRepair(source.span(start, end), source.text[start:end], after)
