r"""Making Markdown safe to post: nobody is mentioned, nothing is closed, no HTML gets through.

The text is parsed as CommonMark with GitHub's extensions, and what is dangerous is looked for where
a reader would see it: in the text between tags, in the targets of links, in raw HTML. Code is left
alone, for GitHub looks for nothing in it. Changes are spliced into the source at the places that
the parser names; the result is parsed again until nothing is left to change.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linkcheck.markdown.events import parse_events
from linkcheck.model.escape import escape_markdown, markdown_code, visible_line
from linkcheck.model.wording import one_line

ZERO_WIDTH_SPACE = "\u200b"
"""A zero-width space: keeps ``@name`` and ``#1`` from being read as a mention or a reference."""
SAFE_HOST = "redirect.github.com"
"""GitHub's own host for links to other people's issues that shall leave no trace there."""

_ALLOWED_HTML = re.compile(
    r"\s*(?:<!-- linkcheck[ :][^<>]*? -->|</?details>|</?summary>|<br>|<!-- -->)\s*"
)
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
_MAX_ROUNDS = 6


def sanitize_title(text: str, length: int = 200) -> str:
    """Return text that is safe as a title or a commit message, which are not Markdown."""
    line = one_line(visible_line(text), length)
    for pattern in _REFERENCES[:3]:
        line = pattern.sub(lambda match: match[0] + ZERO_WIDTH_SPACE, line)
    return _BACKLINK.sub(_redirected, line)


def escape_text(text: str, length: int = 1_000) -> str:
    """Return Markdown that shows outside text as it is, on one line, with its links."""
    return sanitize_markdown(escape_markdown(one_line(visible_line(text), length), autolinks=True))


def code(text: str, length: int = 300) -> str:
    """Return Markdown that shows outside text as code, cut to a length."""
    return markdown_code(one_line(visible_line(text), length))


@dataclass(frozen=True, slots=True)
class _Splice:
    start: int
    end: int
    text: str


def sanitize_markdown(markdown: str) -> str:
    """Return the Markdown with everything defused that GitHub would act upon.

    Raw HTML other than the bot's own comments and ``<details>`` becomes visible text. Text that
    does not come to rest is shown as a block of code.
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
    """Say whether the guard finds nothing to change."""
    return next(_find_splices(markdown), None) is None


def _find_splices(markdown: str) -> Iterator[_Splice]:
    """Yield changes that do not overlap."""
    shown = _VisibleText(markdown)
    in_code = in_autolink = False
    for name, value, start, end in parse_events(markdown, math=False):
        match name:
            case "Text":
                if not (in_code or in_autolink):
                    shown.add(str(value), start, end)
                continue
            case "Code" | "SoftBreak" | "HardBreak" | "End" | "TaskListMarker":
                if name == "End":
                    in_autolink = in_autolink and value != "Link"
                    in_code = in_code and not _is_code(value)
            case "Start":
                in_code = in_code or _is_code(value)
                in_autolink = in_autolink or _link_type(value) in ("Autolink", "Email")
                yield from _link(markdown, value, start, end)
            case "Html" | "InlineHtml":
                yield from _html(markdown, start, end)
            case _:
                pass
        yield from shown.flush()
    yield from shown.flush()


def _is_code(value: object) -> bool:
    return value == "CodeBlock" or (isinstance(value, dict) and "CodeBlock" in value)


def _link_type(value: object) -> str | None:
    link = value.get("Link") if isinstance(value, dict) else None
    return str(link["link_type"]) if link else None


def _html(markdown: str, start: int, end: int) -> Iterator[_Splice]:
    text = markdown[start:end]
    if text.strip() and not _ALLOWED_HTML.fullmatch(text):
        yield from (
            _Splice(start + i, start + i + 1, "&lt;") for i, c in enumerate(text) if c == "<"
        )


def _link(markdown: str, value: object, start: int, end: int) -> Iterator[_Splice]:
    """Lead a link to other people's issues through the host that leaves no trace."""
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
        # Spelled in a way that cannot be spliced, or defined elsewhere: show the source instead.
        yield _Splice(start, start + 1, f"&#{ord(source[0])};")
        return
    yield from _redirect_all(link["dest_url"], start + at)


def _redirect_all(source: str, start: int) -> Iterator[_Splice]:
    for match in _BACKLINK.finditer(source):
        yield _Splice(start + match.start(), start + match.end(), _redirected(match))


def _redirected(match: re.Match[str]) -> str:
    return f"{match['scheme'] or 'https:'}//{SAFE_HOST}"


class _VisibleText:
    """A run of text as a reader sees it, with the place of each character in the source."""

    def __init__(self, markdown: str) -> None:
        self._markdown = markdown
        self._text: list[str] = []
        self._places: list[tuple[int, int]] = []

    def add(self, text: str, start: int, end: int) -> None:
        """Take in one piece. A piece that is spelled otherwise (an entity) is one place."""
        self._text.append(text)
        if self._markdown[start:end] == text:
            self._places += [(place, place + 1) for place in range(start, end)]
        else:
            self._places += [(start, end)] * len(text)

    def flush(self) -> Iterator[_Splice]:
        """Yield the changes, and begin anew."""
        text, places = "".join(self._text), self._places
        self._text, self._places = [], []
        taken: set[int] = set()
        for match in _BACKLINK.finditer(text):
            first, last = places[match.start()], places[match.end() - 1]
            taken.update(range(match.start(), match.end()))
            yield _Splice(first[0], last[1], _redirected(match))
        seen: set[int] = set()
        for pattern in _REFERENCES:
            for match in pattern.finditer(text):
                at = places[match.end() - 1][1]
                if match.start() in taken or at in seen:
                    continue
                seen.add(at)
                yield _Splice(at, at, ZERO_WIDTH_SPACE)
