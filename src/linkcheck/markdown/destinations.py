"""Where the address stands inside a link that the parser has found, and what it leads to."""

import re

from linkcheck.markdown.autolinks import remove_duplicate_scheme
from linkcheck.markdown.syntax_tree import LinkForm, LinkScope, MarkdownLink
from linkcheck.model.source_text import SourceText
from linkcheck.model.url import is_skipped_scheme, scheme_of

_SIMPLE = re.compile(r"[^\s()<>\\]*")
_WELL_FORMED = re.compile(r"https?://[A-Za-z0-9][!-.0-\[\]-~]*(?:/[!-.0-\[\]-~]+)*/?\Z")
"""Plainly a web address with nothing to mend: printable ASCII, no backslash, no second ``//``."""
_LABEL = re.compile(r"[ \t>]*\[(?:[^\[\]\\]|\\.)*\]:", re.DOTALL)
_GAP = re.compile(r"(?:[ \t]|\r?\n[ \t>]*|\r)*")
_DOMAIN_LIKE = re.compile(
    r"(?:www\.[\w-]|(?:[a-z0-9-]{1,60}\.){1,4}"
    r"(?:com|org|net|io|cn|co|ai|edu|gov|dev|me|info|app|jp|de|uk|fr|eu|tv|ly)(?=[/:?#]|\Z))"
    r"[^\s]*\Z",
    re.IGNORECASE,
)


def find_inline_destination(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the address behind ``](``; ``start`` is just behind the parenthesis.

    Follows https://spec.commonmark.org/0.31.2/#link-destination; ``end`` is the end of the link.
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
        if char.isspace():
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
    """Return the span of the address in a link reference definition (``[label]: address``)."""
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
    while stop < end and not text[stop].isspace():
        stop += 1
    return at, stop


def _find_closing_angle(text: str, start: int, end: int) -> int | None:
    at = start
    while at < end:
        char = text[at]
        if char == ">":
            return at
        if char in "<\n":
            return None
        at += 2 if char == "\\" else 1
    return None


def classify_scope(url: str) -> LinkScope:
    """Return what an address leads to; an unknown scheme counts as external (and is invalid)."""
    if url.startswith("//"):
        return LinkScope.EXTERNAL
    scheme = scheme_of(url)
    if scheme is None or "." in scheme or "/" in url.partition(":")[0]:
        return LinkScope.LOCAL  # "README.md:12" has no scheme
    return LinkScope.SKIPPED if is_skipped_scheme(url) else LinkScope.EXTERNAL


def repair_destination(url: str, *, spaces: bool = False) -> str | None:
    """Return the address meant by a destination that is damaged on its face, else ``None``.

    Full-width colons and slashes, backslashes, a missing scheme and a scheme written twice are
    mended; with ``spaces``, white space too. What else may be wrong is for the URL parser to say.
    """
    mended = url.strip().replace("\\_", "_").replace("\uff1a//", "://").replace("\uff1a", ":")
    mended = _SPACED_SCHEME.sub(r"\1://", mended)
    if mended[:8].lower().startswith(("http://", "https://")):
        if spaces:
            mended = _SPACED_PUNCTUATION.sub(r"\1", mended)
            mended = re.sub(r"\s", "%20", mended)
        mended = remove_duplicate_scheme(mended)
        mended = mended.translate(_FULL_WIDTH)
    elif _DOMAIN_LIKE.match(mended):
        mended = f"https://{mended}"
    else:
        return None
    return mended if mended != url.strip() else None


# A space beside a mark of punctuation has slipped in; between words it stands for itself.
_SPACED_PUNCTUATION = re.compile(r"\s*([/:?=&#.])\s*")
_SPACED_SCHEME = re.compile(r"\A(https?)\s*:\s*/\s*/\s*", re.IGNORECASE)
_FULL_WIDTH = str.maketrans({"\uff0f": "/", "\uff0e": ".", "\uff1f": "?", "\uff1d": "="})


def make_link(
    source: SourceText,
    url: str,
    address: tuple[int, int],
    whole: tuple[int, int],
    form: LinkForm,
    *,
    text: str = "",
    is_image: bool = False,
    parent_start: int | None = None,
) -> MarkdownLink:
    """Return the link whose address stands at ``address`` and leads to ``url``."""
    scope, repair = LinkScope.EXTERNAL, None
    if not _WELL_FORMED.match(url):
        scope = classify_scope(url)
        repair = None if scope is LinkScope.SKIPPED else repair_destination(url)
    written = source.text[address[0] : address[1]]
    return MarkdownLink(
        written=url if written == url else written,  # one string of two equal ones is kept
        url=url,
        span=source.span(*address),
        full_span=source.span(*whole),
        form=form,
        scope=LinkScope.EXTERNAL if repair is not None else scope,
        text=text,
        is_image=is_image,
        parent_start=parent_start,
        repaired_url=repair,
    )
