"""Find the destination inside a link, classify it, and repair it where it is malformed."""

import re

from linkcheck.markdown.autolinks import remove_duplicate_scheme
from linkcheck.markdown.syntax_tree import LinkForm, LinkScope, MarkdownLink
from linkcheck.model.source_text import SourceText
from linkcheck.model.url import is_skipped_scheme, scheme_of
from linkcheck.model.url_repair import looks_like_address

_BLANKS = " \t\n\v\f\r"
"""White space of CommonMark: a no-break or ideographic space is part of a destination."""
_SIMPLE = re.compile(rf"[^{_BLANKS}()<>\\]*")
_WELL_FORMED = re.compile(r"https?://[A-Za-z0-9][!-.0-\[\]-~]*(?:/[!-.0-\[\]-~]+)*/?\Z")
"""A web URL that needs no repair: printable ASCII, no backslash, no second ``//``."""
_ANGLE_CONTENT = re.compile(r"(?:[^<>\n\\]|\\.)*")
_LABEL = re.compile(r"[ \t>]*\[(?:[^\[\]\\]|\\.)*\]:", re.DOTALL)
_GAP = re.compile(r"(?:[ \t]|\r?\n[ \t>]*|\r)*")
_DOMAIN_LIKE = re.compile(
    r"(?:www\.[\w-]|(?:[a-z0-9-]{1,60}\.){1,4}"
    r"(?:com|org|net|io|cn|co|ai|edu|gov|dev|me|info|app|jp|de|uk|fr|eu|tv|ly)(?=[/:?#]|\Z))"
    r"[^\s]*\Z",
    re.IGNORECASE,
)


def find_inline_destination(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of an inline link's destination.

    ``start`` is the offset after ``](``, ``end`` that of the link's end. Source:
    https://spec.commonmark.org/0.31.2/#link-destination
    """
    at = start
    if text[start : start + 1].isspace():
        gap = _GAP.match(text, start, end)
        at = gap.end() if gap else start
    if text.startswith("<", at):
        close = _find_closing_angle(text, at + 1, end)
        if close is not None:
            return at + 1, close
    simple = _SIMPLE.match(text, at, end)
    stop = simple.end() if simple else at
    depth = 0
    while stop < end:
        char = text[stop]
        if char in _BLANKS:
            break
        if char == "\\":
            stop += 1
        elif char == "(":
            depth += 1
        elif char == ")":
            if depth == 0:
                break
            depth -= 1
        stop += 1
    return at, min(stop, end)


def find_definition_destination(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the bounds of the destination in a definition (``[label]: destination``)."""
    label = _LABEL.match(text, start, end)
    if label is None:
        return None
    gap = _GAP.match(text, label.end(), end)
    at = gap.end() if gap else label.end()
    if text.startswith("<", at):
        close = _find_closing_angle(text, at + 1, end)
        if close is not None:
            return at + 1, close
    stop = at
    while stop < end and text[stop] not in _BLANKS:
        stop += 1
    return at, stop


def _find_closing_angle(text: str, start: int, end: int) -> int | None:
    match = _ANGLE_CONTENT.match(text, start, end)
    return match.end() if match and text.startswith(">", match.end()) else None


def classify_scope(url: str) -> LinkScope:
    """Return the scope of a URL; an unknown scheme counts as external (and is invalid)."""
    if url.startswith("//"):
        return LinkScope.EXTERNAL
    scheme = scheme_of(url)
    if scheme is None or "." in scheme or "/" in url.partition(":")[0]:
        # "README.md:12" has no scheme; "https//host" and "《https://host》" are meant as addresses.
        return LinkScope.EXTERNAL if looks_like_address(url) else LinkScope.LOCAL
    return LinkScope.SKIPPED if is_skipped_scheme(url) else LinkScope.EXTERNAL


def repair_destination(url: str, *, spaces: bool = False) -> str | None:
    """Return the intended URL of a visibly malformed destination, else ``None``.

    Repairs full-width colons and slashes, backslashes, a missing scheme and a repeated scheme;
    with ``spaces``, white space too. Other errors are left to the URL parser.
    """
    repaired = url.strip().replace("\\_", "_").replace("\uff1a//", "://").replace("\uff1a", ":")
    repaired = _SPACED_SCHEME.sub(r"\1://", repaired)
    if repaired[:8].lower().startswith(("http://", "https://")):
        if spaces:
            repaired = _SPACED_PUNCTUATION.sub(r"\1", repaired)
            repaired = re.sub(r"\s", "%20", repaired)
        repaired = remove_duplicate_scheme(repaired)
        repaired = repaired.translate(_FULL_WIDTH)
    elif _DOMAIN_LIKE.match(repaired):
        repaired = f"https://{repaired}"
    else:
        return None
    return repaired if repaired != url.strip() else None


# A space next to punctuation is a typing error; between words it belongs to the URL.
_SPACED_PUNCTUATION = re.compile(r"\s*([/:?=&#.])\s*")
_SPACED_SCHEME = re.compile(r"\A(https?)\s*:\s*/\s*/\s*", re.IGNORECASE)
_FULL_WIDTH = str.maketrans({"\uff0f": "/", "\uff0e": ".", "\uff1f": "?", "\uff1d": "="})


def make_link(
    source: SourceText,
    url: str,
    destination: tuple[int, int],
    whole: tuple[int, int],
    form: LinkForm,
    *,
    text: str = "",
    is_image: bool = False,
    parent_start: int | None = None,
) -> MarkdownLink:
    """Return a link to ``url``.

    ``destination`` are the bounds of its destination, ``whole`` those of the whole link.
    """
    scope, repair = LinkScope.EXTERNAL, None
    if not _WELL_FORMED.match(url):
        scope = classify_scope(url)
        repair = None if scope is LinkScope.SKIPPED else repair_destination(url)
    written = source.text[slice(*destination)]
    return MarkdownLink(
        written=url if written == url else written,  # share one string to save memory
        url=url,
        span=source.span(*destination),
        full_span=source.span(*whole),
        form=form,
        scope=LinkScope.EXTERNAL if repair is not None else scope,
        text=text,
        is_image=is_image,
        parent_start=parent_start,
        repaired_url=repair,
    )
