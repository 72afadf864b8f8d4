"""Sanitize Markdown for GitHub: no mentions, no references to issues, no raw HTML.

The text is parsed as GitHub does. Mentions and references are searched in visible text, links to
issues in link targets; neither in code, where GitHub does not act on them, nor mentions in the text
of a link. Bare URLs become explicit links, because GitHub's autolinks take part of the source away
from other syntax. The changes are spliced into the source, which is parsed again until none is
left.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linkcheck.markdown.events import parse_events
from linkcheck.model.escape import escape_markdown, markdown_code, visible_line
from linkcheck.model.url import quote_segment
from linkcheck.model.wording import one_line

ZERO_WIDTH_SPACE = "\u200b"
"""Inserted into ``@name`` and ``#1`` so that GitHub sees no mention or reference."""
SAFE_HOST = "redirect.github.com"
"""GitHub's host for links to issues that create no backlink there."""

_HTML_TOKEN = re.compile(r"<!-- linkcheck[ :][^<>]*? -->|</?details>|</?summary>|<br>|<!-- -->")
_HTML_TEXT = re.compile(r"[\w\s(),.·’-]*")
"""Text that may be between the tags of raw HTML, where GitHub finds nothing to act on."""
_REFERENCES = (
    re.compile(r"@(?=[A-Za-z0-9])"),
    re.compile(r"#(?=\d)"),
    re.compile(r"[Gg][Hh]-(?=\d)"),
    # owner/name@sha, and bare commit ids
    re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{3}(?=[0-9a-f]{4,37}(?![0-9A-Za-z]))"),
)
_BACKLINK = re.compile(
    r"(?P<scheme>https?:)?//(?:www\.)?(?P<host>github\.com)(?=/[^/\s]+/[^/\s]+/"
    r"(?:issues|pull|pulls|discussions|commit|compare)\b)",
    re.IGNORECASE,
)
_BARE_URL = re.compile(r"(?:https?://|ftp://|www\.)[^\s<]*", re.IGNORECASE)
"""What GitHub makes a link of, with the punctuation that it leaves out at the end."""
_TRAILING = re.compile(r"(?:[?!.,:;*_~'\"…]|&[a-z0-9#]+;)+$", re.IGNORECASE)
_UNSAFE_IN_URL = frozenset('<>\\`|"^')
_MAX_ROUNDS = 6


def sanitize_title(text: str, length: int = 200) -> str:
    """Return text as a title or a commit message, which are not Markdown."""
    line = one_line(visible_line(text), length)
    for pattern in _REFERENCES[:3]:
        line = pattern.sub(lambda match: match[0] + ZERO_WIDTH_SPACE, line)
    return _BACKLINK.sub(_redirected, line)


def escape_text(text: str, length: int = 1_000) -> str:
    """Return Markdown that shows outside text literally, on one line, with its links."""
    line = shorten(one_line(visible_line(text), 100_000), length)
    parts: list[str] = []
    position = 0
    for match in _BARE_URL.finditer(line):
        url = _without_punctuation(match[0])
        if len(url) < len(match[0]) and match.end() == len(line) and line.endswith("…"):
            continue  # it was cut off
        if not _is_web(url):
            continue
        parts += (escape_markdown(line[position : match.start()]), link(url, url))
        position = match.start() + len(url)
    return sanitize_markdown("".join((*parts, escape_markdown(line[position:]))))


def shorten(text: str, length: int) -> str:
    """Return text of at most ``length`` characters, cut between words."""
    if len(text) <= length:
        return text
    words = text[: length - 1].rpartition(" ")[0] or text[: length - 1]
    return f"{words}…"


def link(text: str, url: str) -> str:
    """Return Markdown that shows outside text as a link; as code if the URL is not of the web."""
    if not _is_web(url):
        return code(text)
    target = f"http://{url}" if url.lower().startswith("www.") else url
    target = "".join(
        quote_segment(character)
        if character in _UNSAFE_IN_URL or character.isspace() or not character.isprintable()
        else character
        for character in target.encode("utf-8", "replace").decode()
    )
    target = _BACKLINK.sub(_redirected, target).replace("&", "&amp;")
    if text == url and not url.lower().startswith("www."):
        return f"<{target}>"
    # GitHub looks for no mentions, references and URLs in the text of a link.
    shown = escape_markdown(one_line(visible_line(text), 300)).replace("&#8203;", "")
    return f"[{shown}](<{target}>)"


def value(text: str) -> str:
    """Return Markdown that shows outside text as a link if it is a URL, else as code."""
    return link(text, text) if _is_web(text) and not re.search(r"\s", text) else code(text)


def _is_web(url: str) -> bool:
    return re.match(r"(?:https?://|www\.)[^\s/.]", url, re.IGNORECASE) is not None


def _without_punctuation(url: str) -> str:
    """Return a bare URL without the characters that GitHub leaves out at its end."""
    before = None
    while url != before:
        before = url
        url = _TRAILING.sub("", url)
        if url[-1:] in (")", "]") and url.count(url[-1]) > url.count("(["[url[-1] == "]"]):
            url = url[:-1]
    return url


def code(text: str, length: int = 300) -> str:
    """Return Markdown that shows outside text as code, truncated to a length."""
    return markdown_code(one_line(visible_line(text), length))


@dataclass(frozen=True, slots=True)
class _Splice:
    start: int
    end: int
    text: str


def sanitize_markdown(markdown: str) -> str:
    """Return Markdown in which GitHub finds nothing to act on.

    Raw HTML other than the bot's comments and ``<details>`` becomes visible text. Text that still
    needs changes after a few rounds becomes a code block.
    """
    markdown = markdown.encode("utf-8", "replace").decode()
    for _ in range(_MAX_ROUNDS):
        splices = list(_find_splices(markdown))
        if not splices:
            return markdown
        for splice in sorted(splices, key=lambda s: s.start, reverse=True):
            markdown = markdown[: splice.start] + splice.text + markdown[splice.end :]
    return "\n".join(f"    {line}" for line in markdown.replace("<!--", "").splitlines())


def is_safe(markdown: str) -> bool:
    """Return whether :func:`sanitize_markdown` would change nothing."""
    return next(_find_splices(markdown), None) is None


def _find_splices(markdown: str) -> Iterator[_Splice]:
    """Yield the changes that are needed; they do not overlap."""
    text = _VisibleText(markdown)
    in_code = False
    links = 0
    for name, value, start, end in parse_events(markdown, math=False):
        match name:
            case "Text":
                if not (in_code or links):
                    text.add(str(value), start, end)
                continue
            case "Code" | "SoftBreak" | "HardBreak" | "End" | "TaskListMarker":
                if name == "End":
                    links -= value == "Link"
                    in_code = in_code and not _is_code(value)
            case "Start":
                in_code = in_code or _is_code(value)
                links += _link_type(value) is not None
                yield from _link(markdown, value, start, end)
            case "Html" | "InlineHtml":
                yield from _html(markdown, start, end)
            case _:
                pass
        yield from text.flush()
    yield from text.flush()


def _is_code(value: object) -> bool:
    return value == "CodeBlock" or (isinstance(value, dict) and "CodeBlock" in value)


def _link_type(value: object) -> str | None:
    link = value.get("Link") if isinstance(value, dict) else None
    return str(link["link_type"]) if link else None


def _html(markdown: str, start: int, end: int) -> Iterator[_Splice]:
    text = markdown[start:end]
    if _HTML_TEXT.fullmatch(_HTML_TOKEN.sub("", text)):
        return
    yield from (_Splice(start + i, start + i + 1, "&lt;") for i, c in enumerate(text) if c == "<")


def _link(markdown: str, value: object, start: int, end: int) -> Iterator[_Splice]:
    """Yield the changes of a link that would create a backlink."""
    if not isinstance(value, dict):
        return
    link = value.get("Link") or value.get("Image")
    if link is None or not _BACKLINK.match(link["dest_url"]):
        return
    source = markdown[start:end]
    if link["link_type"] == "Autolink":
        yield from _redirect_all(source, start)
        return
    at = source.rfind(link["dest_url"])
    if at < 0 or "Reference" in link["link_type"] or link["link_type"] in ("Shortcut", "Collapsed"):
        # The destination is escaped or defined elsewhere: show the source of the link.
        yield _Splice(start, start + 1, f"&#{ord(source[0])};")
        return
    yield from _redirect_all(link["dest_url"], start + at)


def _redirect_all(source: str, start: int) -> Iterator[_Splice]:
    for match in _BACKLINK.finditer(source):
        yield _Splice(start + match.start(), start + match.end(), _redirected(match))


def _redirected(match: re.Match[str]) -> str:
    return f"{match['scheme'] or 'https:'}//{SAFE_HOST}"


class _VisibleText:
    """A run of visible text, with the source range of each character."""

    def __init__(self, markdown: str) -> None:
        self._markdown = markdown
        self._text: list[str] = []
        self._ranges: list[tuple[int, int]] = []

    def add(self, text: str, start: int, end: int) -> None:
        """Add a piece of text; an entity is one range for all its characters."""
        self._text.append(text)
        if self._markdown[start:end] == text:
            self._ranges += [(index, index + 1) for index in range(start, end)]
        else:
            self._ranges += [(start, end)] * len(text)

    def flush(self) -> Iterator[_Splice]:
        """Yield the changes of the run, and start a new one."""
        text, ranges = "".join(self._text), self._ranges
        self._text, self._ranges = [], []
        linked: set[int] = set()
        for match in _BARE_URL.finditer(text):
            linked.update(range(match.start(), match.end()))
            yield self._explicit_link(match, ranges[match.start() : match.end()])
        for match in _BACKLINK.finditer(text):
            if match.start() not in linked:
                first, last = ranges[match.start()], ranges[match.end() - 1]
                linked.update(range(match.start(), match.end()))
                yield _Splice(first[0], last[1], _redirected(match))
        inserted: set[int] = set()
        for pattern in _REFERENCES:
            for match in pattern.finditer(text):
                at = ranges[match.end() - 1][1]
                if match.start() in linked or at in inserted:
                    continue
                inserted.add(at)
                yield _Splice(at, at, ZERO_WIDTH_SPACE)

    def _explicit_link(self, match: re.Match[str], ranges: list[tuple[int, int]]) -> _Splice:
        """Return the splice that makes a bare URL a link, or none if other syntax is in it."""
        start = ranges[0][0]
        source = _BARE_URL.match(self._markdown, start)
        is_plain = source is not None and source[0].partition("|")[0] == match[0]
        url = _without_punctuation(match[0])
        if is_plain and _is_web(url):
            return _Splice(start, start + len(url), link(url, url))
        at = match[0].index("." if match[0][3:4] == "." else ":")
        return _Splice(*ranges[at], f"&#{ord(match[0][at])};")
