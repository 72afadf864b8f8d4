"""Extract title and anchors of an HTML page; detect challenges, error and login pages. Pure."""

import re
from html import unescape

from linkcheck.model import redirect
from linkcheck.model.url import InvalidUrlError, Url, parse
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpResponse
from linkcheck.providers.http_outcomes import is_bot_challenge

MAX_TITLE = 300

_TITLE = re.compile(rb"<title\b[^>]{0,500}>(.{0,20000}?)</title", re.IGNORECASE | re.DOTALL)
_META_CHARSET = re.compile(
    rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""\s(?:id|name)\s*=\s*(?:"([^"]{0,500})"|'([^']{0,500})'|([^\s"'<>]{1,500}))""",
    re.IGNORECASE,
)
_CHALLENGE_TITLE = re.compile(
    r"just a moment(?:\.\.\.|…)?|attention required! \| cloudflare|one moment, please(?:\.\.\.|…)?"
    r"|please wait(?:\.\.\.|…)?|checking your browser\b.*|ddos-guard|are you a robot\??"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human\b.*|human verification"
    r"|(?:vercel )?security check(?:point)?|robot check|captcha\b.*|access denied|request blocked"
    r"|pardon our interruption\b.*|bot verification|making sure you(?:'|’)?re not a bot!?",
    re.IGNORECASE,
)
_LOGIN_PATH = re.compile(
    r"/(?:(?:[\w.-]+/){0,3})(?:log[-_]?in|sign[-_]?in|log[-_]?on|sso|cas/login|oauth2?|authorize"
    r"|accounts?/login|auth/login|saml2?)(?:[./?].*|/?)",
    re.IGNORECASE,
)
_LOGIN_HOST = re.compile(
    r"(?:accounts?|auth|login|signin|sso|idp|passport|id)\.[^/]+|login\.microsoftonline\.com"
)
_IMPLICIT_ANCHORS = frozenset({"", "top"})


def _decode(raw: bytes, response: HttpResponse) -> str:
    header = _CHARSET.search(response.headers.get("content-type", ""))
    meta = None if header else _META_CHARSET.search(response.body[:4096])
    charset = header[1] if header else (meta[1].decode("ascii", "replace") if meta else "utf-8")
    try:
        return raw.decode(charset, "replace")
    except (LookupError, UnicodeError):
        return raw.decode("utf-8", "replace")


def decode_body(response: HttpResponse) -> str:
    """Return the text of the part of a page that was read."""
    return _decode(response.body, response)


def is_html(response: HttpResponse) -> bool:
    """Return whether a response is HTML; so is one without a content type."""
    return "html" in response.headers.get("content-type", "html").lower()


def find_title(response: HttpResponse) -> str | None:
    """Return the page's title on one line; ``None`` if the part that was read has none."""
    match = _TITLE.search(response.body)
    if match is None:
        return None
    return one_line(unescape(_decode(match[1], response)), MAX_TITLE) or None


def is_challenge(response: HttpResponse, title: str | None) -> bool:
    """Return whether the response is a bot challenge, by its headers or its title."""
    return is_bot_challenge(response) or (
        title is not None and _CHALLENGE_TITLE.fullmatch(title) is not None
    )


def is_error_title(title: str | None) -> bool:
    """Return whether a title is that of an error page and of nothing else."""
    return redirect.is_error_title(title)


def _parse(url: str) -> Url | None:
    try:
        return parse(url)
    except InvalidUrlError:
        return None


def is_login(url: str, final_url: str) -> bool:
    """Return whether a redirect led to a login page."""
    before, after = _parse(url), _parse(final_url)
    if before is None or after is None or (before.host, before.path) == (after.host, after.path):
        return False
    if _LOGIN_PATH.fullmatch(before.path) or _LOGIN_HOST.fullmatch(before.host):
        return False
    if _LOGIN_PATH.fullmatch(after.path):
        return True
    return after.host != before.host and _LOGIN_HOST.fullmatch(after.host) is not None


def find_new_url(url: str, response: HttpResponse) -> str | None:
    """Return the canonical URL that redirects led to; ``None`` when it is the same page.

    A fragment that a redirect names belongs to it; later redirects inherit it (RFC 9110, 10.2.2).
    """
    before, after = _parse(url), _parse(response.url)
    if after is None:
        return None
    new = after.without_fragment
    if before is not None and str(new) == str(before.without_fragment):
        return None
    hops = [hop.location.partition("#")[2] for hop in response.hops]
    fragment = next((part for part in reversed(hops) if part), "")
    with_fragment = _parse(f"{new}#{fragment}") if fragment else None
    return str(with_fragment or new)


def find_anchors(response: HttpResponse) -> frozenset[str]:
    """Return the anchors of a page: the values of its ``id`` and ``name`` attributes."""
    source = _decode(response.body, response)
    found: set[str] = set()
    for tag in re.finditer(r"<[a-z][^<>]{0,4000}>", source, re.IGNORECASE):
        for match in _ATTRIBUTE.finditer(tag.group()):
            found.add(unescape(match[1] or match[2] or match[3] or ""))
    return frozenset(found)


def check_fragments(
    response: HttpResponse, fragments: tuple[str, ...]
) -> tuple[tuple[str, bool], ...]:
    """Return each fragment with whether the page has that anchor.

    Omitted are fragments that are not anchors (text fragments, routes of scripts) and, on a page
    that was not read to its end, those not found so far. GitHub prefixes the anchors of rendered
    documents with ``user-content-``.
    """
    anchors = find_anchors(response)
    checked: list[tuple[str, bool]] = []
    for fragment in fragments:
        if fragment.startswith((":~:", "!", "/")) or "=" in fragment:
            continue
        found = (
            fragment.lower() in _IMPLICIT_ANCHORS
            or fragment in anchors
            or f"user-content-{fragment}" in anchors
        )
        if found or not (response.truncated or response.broken):
            checked.append((fragment, found))
    return tuple(checked)
