"""Find bare URLs and malformed links in the runs of text of a block."""

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
"""A link without its closing parenthesis. Its parts exclude brackets: none is read twice."""
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
    """A link found in a run of text, with its bounds."""

    start: int
    end: int
    link: MarkdownLink


def extract_inline_links(
    source: SourceText, inlines: list[InlineNode], limit: int
) -> tuple[list[InlineNode], list[MarkdownLink], set[int]]:
    """Return a block's inline nodes with the links found in its text, and those links.

    ``limit`` is the largest possible end of a link (that of a table cell). The last value holds
    the starts of links that are part of a bare URL before them.
    """
    out: list[InlineNode] = []
    links: list[MarkdownLink] = []
    absorbed: set[int] = set()
    taken = 0
    for node in inlines:
        if node.start < taken:
            if node.end <= taken:
                if node.kind in (InlineKind.LINK, InlineKind.IMAGE):
                    absorbed.add(node.start)
                continue
            if node.kind is InlineKind.TEXT:
                node.start = taken
                node.text = source.text[taken : node.end]
        if node.kind is not InlineKind.TEXT or not _LINK_HINT.search(
            source.text, node.start, node.end
        ):
            out.append(node)
            continue
        at = node.start
        for found in _find_links(source, node.start, node.end, limit):
            if found.start > at:
                out.append(_make_text_node(source, at, found.start, node))
            out.append(
                InlineNode(
                    InlineKind.LINK,
                    found.link.text,
                    found.start,
                    found.end,
                    node.is_strong,
                    found.link,
                )
            )
            links.append(found.link)
            at = taken = found.end
        if at < node.end:
            out.append(_make_text_node(source, at, node.end, node))
    return out, links, absorbed


def _make_text_node(source: SourceText, start: int, end: int, node: InlineNode) -> InlineNode:
    return InlineNode(InlineKind.TEXT, source.text[start:end], start, end, node.is_strong)


def _find_links(source: SourceText, start: int, end: int, limit: int) -> Iterator[_FoundLink]:
    """Yield the links in a run of text; malformed ones take precedence over bare URLs."""
    malformed = sorted(
        (
            *_find_bracketed(source, start, end, limit),
            *_find_broken_schemes(source, start, end, limit),
            *_find_spaced_paths(source, start, end),
            *_find_unclosed(source, start, end, limit),
        ),
        key=lambda found: (found.start, -found.end),
    )
    at = start
    for found in malformed:
        if found.start < at:
            continue
        yield from _find_bare(source, at, found.start, found.start)
        yield found
        at = found.end
    yield from _find_bare(source, at, end, limit)


def _match_within(
    first: re.Pattern[str], whole: re.Pattern[str], text: str, start: int, end: int, limit: int
) -> re.Match[str] | None:
    """Return the first match of ``whole`` that starts in ``text[start:end]`` and ends by ``limit``.

    ``first`` matches its beginning. A search for ``whole`` alone would scan up to ``limit`` for
    every run of text.
    """
    for found in first.finditer(text, start, end):
        if match := whole.match(text, found.start(), limit):
            return match
    return None


def _make_malformed_link(
    source: SourceText,
    destination: tuple[int, int],
    whole: tuple[int, int],
    repaired_url: str,
    repair: LinkRepair,
    *,
    text: str | None = None,
    url: str | None = None,
) -> _FoundLink:
    """Return a link that GitHub does not render.

    ``destination`` and ``whole`` are bounds; ``text`` and ``url`` default to the destination.
    """
    written = source.text[slice(*destination)]
    link = MarkdownLink(
        written=written,
        url=written if url is None else url,
        span=source.span(*destination),
        full_span=source.span(*whole),
        form=LinkForm.MALFORMED,
        scope=LinkScope.EXTERNAL,
        text=written if text is None else text,
        repaired_url=repaired_url,
        repair=repair,
    )
    return _FoundLink(*whole, link)


def _make_repair(source: SourceText, start: int, end: int, after: str) -> LinkRepair:
    return LinkRepair(source.span(start, end), source.text[start:end], after)


def _find_bracketed(source: SourceText, start: int, end: int, limit: int) -> Iterator[_FoundLink]:
    """Yield links in brackets that are none in GFM: ``[a] (url)``, ``【a】（url）``."""
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
            continue  # a reference number followed by its URL is intended prose
        repaired = repair_url(written) or repair_destination(written, spaces=True) or written
        repair_start = opening if opening != -1 and closing != "]" else match.start()
        after = f"]({repaired})" if repair_start == match.start() else f"[{label}]({repaired})"
        yield _make_malformed_link(
            source,
            (low, high),
            (match.start() if opening == -1 else opening, match.end()),
            repaired,
            _make_repair(source, repair_start, match.end(), after),
            text=label.strip(),
            url=written + (match["close"] if match["close"] == "）" else ""),
        )


def _find_unclosed(source: SourceText, start: int, end: int, limit: int) -> Iterator[_FoundLink]:
    """Yield links without a closing parenthesis: ``[a](https://a.example - words``."""
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
        repaired = repair_url(text[low:high]) or text[low:high]
        repair = _make_repair(source, match.start(), high, f"]({repaired})")
        yield _make_malformed_link(
            source, (low, high), (opening, high), repaired, repair, text=label.strip()
        )


def _is_malformed(match: re.Match[str]) -> bool:
    """Return whether the URL in brackets, or one of the brackets, is malformed."""
    return bool(match["close"] == "）" or match["open"] == "（" or " " in match["dest"].strip())


def _find_broken_schemes(
    source: SourceText, start: int, end: int, limit: int
) -> Iterator[_FoundLink]:
    """Yield URLs whose ``https://`` has spaces or a full-width colon."""
    text = source.text
    position = start
    while match := _match_within(_SCHEME, _BROKEN_SCHEME, text, position, end, limit):
        position = match.end()
        rest = match["rest"]
        length = autolinks.trimmed_length(rest)
        if "." not in rest[:length]:
            continue
        bounds = match.start(), match.start("rest") + length
        repaired = f"{match['scheme'].lower()}://{rest[:length]}"
        following = text[bounds[1] : bounds[1] + 1]
        is_delimited = following.isascii() and not following.isalnum()
        after = repaired if is_delimited else f"<{repaired}>"
        yield _make_malformed_link(
            source, bounds, bounds, repaired, _make_repair(source, *bounds, after)
        )


def _find_spaced_paths(source: SourceText, start: int, end: int) -> Iterator[_FoundLink]:
    """Yield URLs with a space between owner and name: ``…/owner/ the-name``."""
    for match in _SPACED_PATH.finditer(source.text, start, end):
        repaired = "".join(match.group().split())
        repair = _make_repair(source, *match.span(), repaired)
        yield _make_malformed_link(source, match.span(), match.span(), repaired, repair)


def _find_bare(source: SourceText, start: int, end: int, limit: int) -> Iterator[_FoundLink]:
    for found in autolinks.find_bare_urls(source.text, start, end, limit):
        written = source.text[found.start : found.end]
        span = source.span(found.start, found.end)
        is_broken = found.is_overlong or not found.is_linked or found.intended_url != found.url
        # Angle brackets keep foreign text out of the URL.
        after = f"<{found.intended_url}>" if found.is_overlong else found.intended_url
        link = MarkdownLink(
            written=written,
            url=found.url if found.is_linked else written,
            span=span,
            full_span=span,
            form=LinkForm.BARE if found.is_linked else LinkForm.MALFORMED,
            scope=classify_scope(found.url),
            text=written,
            repaired_url=found.intended_url if is_broken else None,
            repair=LinkRepair(span, written, after) if is_broken else None,
        )
        yield _FoundLink(found.start, found.end, link)
