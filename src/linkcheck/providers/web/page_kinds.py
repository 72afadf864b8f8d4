"""Recognize pages that are not what a link points to: stock, parking and block pages. Pure."""

import re
from html import unescape

from linkcheck.model.source_text import word_set
from linkcheck.model.wording import one_line

MAX_TEXT = 2_000
"""Characters of a page's text that are compared."""

_STOCK = (
    # Servers: nginx, Apache, Tomcat, Jetty, IIS
    r"(?:welcome to (?:nginx|openresty|caddy).*|test page for .*|apache\d? .*default page.*)",
    r"(?:it works!?|iis windows(?: server)?|index of .*|http status \d{3}.*|iis \d.*)",
    r"(?:error \d{3}(?: .*)?|\d{3} [-–—] .*|apache tomcat.*)",
    # Hosting: GitHub Pages, Netlify, Vercel, Heroku, S3, GitLab, Squarespace, Plesk, Google
    r"(?:(?:site|page) not found [·|-] (?:github pages|netlify).*|404: not_found.*)",
    r"(?:.*\bvercel\b.*|heroku \| .*|no such app|error 404 \(not found\)!+1?)",
    r"(?:404: this page could not be found.*|.*could not be found \(404\).*|plesk .*)",
    r"(?:(?:web(?:site|seite)? )?(?:under construction|coming soon)|maze found)",
    # Titles of no content
    r"(?:home(?: ?page)?|index|main|welcome(?: page)?|untitled(?: document| page)?|document)",
    r"(?:new page \d*|blog|redirecting.*|loading.*|react app|vite app|just a moment.*)",
)
_STOCK_TITLES = re.compile("|".join(_STOCK), re.IGNORECASE)
"""Titles that servers, hosting platforms and tools give to pages of unrelated sites."""
_STOCK_WORDS = word_set(
    "a an and access address apache at be by can cannot caddy change code could couldn deleted"
    " denied directory document does doesn error exist exists fehler file forbidden for found get"
    " gone gefunden has have here http https is isn it its id iis jetty key link litespeed looking"
    " longer may missing moved nginx no nosuchbucket nosuchkey not nothing nicht object of on oops"
    " openresty or page pages path permanently post re removed request requested resource s seite"
    " server site something sorry specified status such t tengine that the there this to uh unable"
    " unavailable unknown url was wasn we web webpage website went were wrong you your"
)
"""Words that alone make a page say no more than that something is missing."""
_HOST_NAME = r"[a-z0-9-]+(?:\.[a-z0-9-]+)+"
_DOMAIN = (
    rf"(?:(?:this |the |your )?(?:premium )?domain(?: name)?(?: [\"'“]?{_HOST_NAME}[\"'”]?)?"
    rf"|{_HOST_NAME})"
)
_PARKING = re.compile(
    rf"(?:.{{0,80}}[-|–—:·•]\s*)?(?:{_DOMAIN} (?:(?:is|was|has|may|might|still|be|been) ){{0,3}}"
    r"(?:for sale|on sale|parked|expired|suspended|available for (?:sale|purchase)|not found"
    r"|not registered|unregistered|does not exist)\b.{0,60}"
    r"|(?:this |the )?domain (?:name )?(?:is |may be )?available\b.{0,30}"
    rf"|(?:buy|purchase|get|own) (?:this )?{_DOMAIN}\b.{{0,60}}"
    rf"|(?:premium )?domains? for sale\b.{{0,60}}"
    r"|parked (?:domain|page)\b.{0,60}|domain parking(?: page)?|hugedomains(?:\.com)?\b.{0,60}"
    r"|(?:server|host(?:name)?|dns name) (?:was |could )?not (?:be )?(?:found|resolved)"
    r"|.{0,30}域名.{0,20}(?:出售|转让|到期|过期|停放).{0,30}|.{0,20}(?:该|此)?域名(?:不存在|未注册).{0,30})",
    re.IGNORECASE,
)
"""Titles of pages that sell a name, or that a name server shows for names that do not exist."""
_PARKING_SCRIPT = re.compile(
    rb"window\.location(?:\.href)?\s*=\s*[\"']/lander[\"']|/sedoparking|parkingcrew\.net"
    rb"|bodis\.com|img1\.wsimg\.com/parking-lander",
    re.IGNORECASE,
)
"""Scripts of parking pages without a title."""
_BLOCKED = re.compile(
    r"\b(?:access|(?:web ?)?site|web ?page|page|url|domain|content|category|request"
    r"|address)\b.{0,60}"
    r"\b(?:is|are|was|has been|have been|been) (?:temporarily |currently )?"
    r"(?:blocked|restricted|filtered|prohibited|not permitted|not allowed|banned)\b"
    r"|\b(?:blocked|denied|restricted|filtered) (?:by|due to|because|under|pursuant|for policy)\b"
    r"|\b(?:web|content|url|internet|dns|site)[ -]?filter(?:ing|ed)?\b|\b(?:site|website|page"
    r"|url) blocked\b"
    r"|\b(?:fortiguard|fortinet|zscaler|umbrella|opendns|websense|forcepoint|sophos|netskope"
    r"|smoothwall"
    r"|securly|lightspeed filter|blue ?coat|untangle|cleanbrowsing"
    r"|pi-?hole)\b.{0,60}\b(?:block|filter|polic|denied)"
    r"|\bblock(?:ed)? ?page\b|\bweb ?page blocked\b|\binternet usage policy\b"
    r"|\bacceptable use policy\b"
    r"|网站.{0,12}(?:拦截|屏蔽|禁止访问|被封)|禁止访问该|zugriff.{0,30}(?:gesperrt|blockiert)"
    r"|accès.{0,30}(?:bloqué|interdit)|acceso.{0,30}(?:bloqueado|restringido)"
    r"|доступ.{0,30}(?:заблокирован|ограничен)",
    re.IGNORECASE,
)
_BLOCK_TITLE = re.compile(
    r"(?:(?:your )?access (?:to (?:this|the) (?:web ?site|site|web ?page|page|url|domain) )"
    r"|(?:this |the )?(?:web ?site|site|web ?page|page|url|domain|content)\b )"
    r"(?:is |was |has been )?(?:blocked|restricted|denied|not permitted|prohibited)\b.{0,80}"
    r"|blocked (?:page|site|url|website|content|by .{0,80})"
    r"|.{0,60}\b(?:fortiguard|zscaler|cisco umbrella|opendns|websense|forcepoint|netskope"
    r"|securly|smoothwall)"
    r"\b.{0,60}\b(?:block|den(?:y|ied)|restrict|filter).{0,60}",
    re.IGNORECASE,
)
"""Titles that only the page of a filter has, also for a single site."""
_TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^<>]*>|<!--.*?-->", re.DOTALL)


def is_parking(title: str | None, body: bytes) -> bool:
    """Return whether a page sells or parks a domain, or says that it does not exist."""
    if title is not None and _PARKING.fullmatch(title):
        return True
    return title is None and _PARKING_SCRIPT.search(body[:4_000]) is not None


def is_block_page(title: str | None) -> bool:
    """Return whether a title is that of the page of a filter and of nothing else."""
    return title is not None and _BLOCK_TITLE.fullmatch(title) is not None


def says_blocked(text: str) -> bool:
    """Return whether a page says that it replaces one that is blocked."""
    return _BLOCKED.search(text) is not None


def page_text(title: str | None, body: str, url: str) -> str:
    """Return what a page says, without the URL that was requested: its title, else its text."""
    text = title if title is not None else unescape(_TAGS.sub(" ", body[: 8 * MAX_TEXT]))
    host, _, path = url.partition("://")[2].partition("/")
    for part in (url, f"{host}/{path}", host, f"/{path}"):
        if len(part) > 3:
            text = text.replace(part, " ")
    return one_line(text, MAX_TEXT)


def fingerprint(text: str) -> str | None:
    """Return what pages with the same text share; ``None`` for what unrelated sites say alike.

    That is nothing at all, stock pages of servers and hosting platforms, and a plain "not found".
    """
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if not words or _STOCK_TITLES.fullmatch(text) or all(word in _STOCK_WORDS for word in words):
        return None
    return " ".join(re.findall(r"\w+", text.casefold()))
