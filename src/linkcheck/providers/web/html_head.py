"""Reading the head of a page: title, anchors, and the signs of a wall or of an error page. Pure."""

import re
from html import unescape

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
_WALL_TITLE = re.compile(
    r"just a moment(?:\.\.\.|…)?|attention required! \| cloudflare|one moment, please(?:\.\.\.|…)?"
    r"|please wait(?:\.\.\.|…)?|checking your browser\b.*|ddos-guard|are you a robot\??"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human\b.*|human verification"
    r"|(?:vercel )?security check(?:point)?|robot check|captcha\b.*|access denied|request blocked"
    r"|pardon our interruption\b.*|bot verification|making sure you(?:'|’)?re not a bot!?",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(
    r"(?:.{0,60}[-|–—:·]\s*)?(?:error\s*)?(?:404\b.{0,60}|(?:page|file|site|document) (?:was )?"
    r"(?:not found|could not be found|does not exist|no longer exists)\b.{0,60}|not found"
    r"|页面不存在.{0,40}|找不到.{0,10}页面?.{0,40})",
    re.IGNORECASE,
)
_ERROR_PATH = re.compile(
    r"/(?:404|error[-_]?404|404[-_]error|not[-_]?found|page[-_]not[-_]found|pagenotfound)"
    r"(?:\.\w{1,5})?/?",
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
_ALWAYS_THERE = frozenset({"", "top"})


def _decoded(raw: bytes, response: HttpResponse) -> str:
    told = _CHARSET.search(response.headers.get("content-type", ""))
    meta = None if told else _META_CHARSET.search(response.body[:4096])
    charset = told[1] if told else (meta[1].decode("ascii", "replace") if meta else "utf-8")
    try:
        return raw.decode(charset, "replace")
    except (LookupError, UnicodeError):
        return raw.decode("utf-8", "replace")


def is_html(response: HttpResponse) -> bool:
    """Tell whether an answer is a page (or does not say what it is)."""
    return "html" in response.headers.get("content-type", "html").lower()


def title_of(response: HttpResponse) -> str | None:
    """Return the page's title on one line, if the part that was read holds one."""
    match = _TITLE.search(response.body)
    if match is None:
        return None
    return one_line(unescape(_decoded(match[1], response)), MAX_TITLE) or None


def is_wall(response: HttpResponse, title: str | None) -> bool:
    """Tell whether the answer asks to prove that one is human, instead of answering."""
    return is_bot_challenge(response) or (
        title is not None and _WALL_TITLE.fullmatch(title) is not None
    )


def is_error_title(title: str | None) -> bool:
    """Tell whether a title says, all by itself, that nothing was found."""
    return title is not None and _ERROR_TITLE.fullmatch(title) is not None


def _parsed(url: str) -> Url | None:
    try:
        return parse(url)
    except InvalidUrlError:
        return None


def is_error_address(asked: str, final: str) -> bool:
    """Tell whether a redirect led to an address that exists to say "not found"."""
    before, after = _parsed(asked), _parsed(final)
    if before is None or after is None or before.path == after.path:
        return False
    return _ERROR_PATH.search(after.path) is not None and _ERROR_PATH.search(before.path) is None


def is_login(asked: str, final: str) -> bool:
    """Tell whether a redirect led to a page that asks to sign in."""
    before, after = _parsed(asked), _parsed(final)
    if before is None or after is None or (before.host, before.path) == (after.host, after.path):
        return False
    if _LOGIN_PATH.fullmatch(before.path) or _LOGIN_HOST.fullmatch(before.host):
        return False
    if _LOGIN_PATH.fullmatch(after.path):
        return True
    return after.host != before.host and _LOGIN_HOST.fullmatch(after.host) is not None


def lost_its_place(asked: str, final: str) -> bool:
    """Tell whether a redirect led from a place deep in a site to a site's front page.

    That is how many sites say "no longer here": the front page is not where the thing went.
    """
    before, after = _parsed(asked), _parsed(final)
    if before is None or after is None:
        return False
    return before.path not in ("", "/") and after.path in ("", "/") and not after.query


def new_address(asked: str, final: str) -> str | None:
    """Return the address a redirect led to in canonical form; ``None`` when it is the same."""
    before, after = _parsed(asked), _parsed(final)
    if after is None:
        return None
    told = str(after.without_fragment)
    return None if before is not None and told == str(before.without_fragment) else told


def anchors(response: HttpResponse) -> frozenset[str]:
    """Return every anchor of a page: the values of its ``id`` and ``name`` attributes."""
    source = _decoded(response.body, response)
    found: set[str] = set()
    for tag in re.finditer(r"<[a-z][^<>]{0,4000}>", source, re.IGNORECASE):
        for match in _ATTRIBUTE.finditer(tag.group()):
            found.add(unescape(match[1] or match[2] or match[3] or ""))
    return frozenset(found)


def fragments_of(response: HttpResponse, wanted: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """Return, for each fragment that can be judged, whether the page has such an anchor.

    Left out are fragments that are no anchors (text fragments, routes of a script), and, on a
    page that was not read to its end, those not found so far. GitHub puts ``user-content-`` in
    front of the anchors of rendered documents.
    """
    there = anchors(response)
    judged: list[tuple[str, bool]] = []
    for fragment in wanted:
        if fragment.startswith((":~:", "!", "/")) or "=" in fragment:
            continue
        found = (
            fragment.lower() in _ALWAYS_THERE
            or fragment in there
            or f"user-content-{fragment}" in there
        )
        if found or not (response.truncated or response.broken):
            judged.append((fragment, found))
    return tuple(judged)
