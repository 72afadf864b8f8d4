"""Judge what a web page's redirect is worth: whether it leads to the same thing. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from linkcheck.model.source_text import word_set
from linkcheck.model.url import InvalidUrlError, Url, parse

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


class RedirectWorth(StrEnum):
    """What a redirect says about where the linked thing is now."""

    SAFE = "safe"
    """The same path of the same site: ``https``, ``www.``, a slash, another host of its domain."""
    UNSAFE = "unsafe"
    """Probably the same thing, at another path or site."""
    UNRELATED = "unrelated"
    """Another page of the site, whose address has no word in common with the old one."""
    NOTHING = "nothing"
    """Says nothing: a sign-in, consent or search page, a language, a session, a version."""
    START_PAGE = "start-page"
    """From a page deep inside a site to a start page."""
    ERROR_PAGE = "error-page"
    """To an error page, a notice that the page was removed, or a site that sells the name."""

    __hash__ = str.__hash__


DEAD_ENDS = frozenset({RedirectWorth.START_PAGE, RedirectWorth.ERROR_PAGE})

_PARKING_DOMAINS = frozenset(
    [
        "afternic.com",
        "bodis.com",
        "dan.com",
        "domainmarket.com",
        "godaddy.com",
        "hugedomains.com",
        "parkingcrew.net",
        "sedo.com",
    ]
)
"""Domains that sell expired names."""
_ERROR_TITLE = re.compile(
    r"(?:.{0,60}[-|–—:·]\s*)?(?:error\s*)?(?:404\b.{0,60}|(?:page|file|site|document) (?:was )?"
    r"(?:not found|could not be found|does not exist|no longer exists)\b.{0,60}|not found"
    r"|页面不存在.{0,40}|找不到.{0,10}页面?.{0,40})",
    re.IGNORECASE,
)
_REMOVED = word_set(
    "removed deleted gone error errors 404 410 notfound unavailable expired discontinued retired"
    " oops sorry missing sunset deprecated pagenotfound"
)
"""Words that make a path segment the name of an error page, if the others are filler."""
_REMOVED_PHRASE = re.compile(
    r"not (?:be )?found|no longer|not available|(?:not|nt) exist|taken down"
)
_FILLER = word_set(
    "a an and are as available be been content could deleted document does doesnt dont down entry"
    " error exist exists file found has have htm html http aspx asp php jsp is item it longer link"
    " moved no not notice of on or our page pages permanently post posts product resource service"
    " site the this us was we website you your article custom default 400 403 500 taken nt be"
)
_START_NAME = re.compile(
    r"(?:home|index|main|default|start|startpage|homepage|welcome|landing|frontpage)"
    r"(?:\.(?:html?|php\d?|aspx?|jsp|shtml|cfm))?",
    re.IGNORECASE,
)
_LOGIN_SEGMENT = re.compile(
    r"(?:log|sign)[-_]?(?:in|on|up)(?:\.\w+)?|(?:user|account)s?[-_]?login|sso|oauth2?|authori[sz]e"
    r"|auth|saml2?|openid(?:-connect)?|register|cas|servicelogin|(?:cookie|gdpr|privacy)?[-_]?consent"
    r"|(?:cookie|privacy)[-_]?(?:wall|check|settings|notice)|captcha|checkpoint|challenge|age[-_]?(?:gate|check)"
    r"|verify(?:[-_]\w+)?|interstitial|paywall|subscribe|setcookie|cookieabsent",
    re.IGNORECASE,
)
_LOGIN_LABEL = word_set(
    "account accounts auth login signin sso idp passport consent cmp oauth signon secure-login"
)
_CATEGORY = word_set(
    "category categories cat tag tags topic topics archive archives all list listing listings"
    " overview sitemap catalog catalogue browse explore index section sections"
)
_SEARCH_SEGMENT = re.compile(r"(?:web|site|advanced)?[-_]?search(?:results?)?(?:\.\w+)?|results")
_SEARCH_NAMES = word_set("q query s search keyword keywords searchterm search_query term k")
_SESSION_NAMES = re.compile(
    r"(?:j|php|asp\.?net_?|asp)?_?sess(?:ion)?_?(?:id|key|token)?\w{0,12}|sid|s_id|cfid|cftoken"
    r"|zenid|oscsid|osadcampaign",
    re.IGNORECASE,
)
_SIGNED_NAMES = re.compile(
    r"x-(?:amz|goog|oss|cos|ms|tos|obs)-.*|(?:q-)?sign(?:ature|-algorithm|-time)?|sig|se|expir(?:es?|y|ation)"
    r"|exp|(?:access_?|auth_?|id_?|download_?|security_?)?token|jwt|hmac|hdnea|hdnts|key-pair-id|policy"
    r"|(?:aws|google|oss)access(?:key)?id|auth_?key|md5|ticket|nonce|code|verify|"
    r"response-content-.*|validto|ttl|timestamp|ts|wssecret|wstime",
    re.IGNORECASE,
)
_SESSION_PATH = re.compile(r";(?:j?sessionid|phpsessid|sid)=|/\(s\(|;jsess", re.IGNORECASE)
_LANGUAGES = word_set(
    "ar bg bn ca cn cs cz da de dk el en es et eu fa fi fil fr gb gl gr he hi hr hu hy id in it ja"
    " jp ka kk ko kr lt lv mk ms nb nl no nn pl pt ro ru sk sl sq sr sv sw ta te th tr tw ua uk ur"
    " us uz vi vn zh at be br ca ch ie au nz mx ar cl"
)
_LOCALE = re.compile(r"[a-z]{2,3}[-_](?:[a-z]{2,4}|[0-9]{3})(?:[-_][a-z]{2})?", re.IGNORECASE)
_LANGUAGE_WORDS = word_set(
    "intl english german deutsch french francais spanish espanol chinese japanese korean global"
    " international"
)
_LANGUAGE_NAMES = word_set("hl lang language locale lc l setlang region country gl cc")
_VERSION = re.compile(
    r"(?:v|ver|version|release|rel|r)?[-_.]?\d+(?:[._-]\d+)+(?:[-_.]?(?:a|b|rc|alpha|beta|post|dev)\d*)?"
    r"|v\d+|\d{1,3}\.x",
    re.IGNORECASE,
)
_NEWEST = word_set("latest stable current newest release releases edge main master dev default")
_NEWEST_IN_NAME = re.compile(r"(?<![a-z])(?:latest|stable|current|newest)(?![a-z])", re.IGNORECASE)
_VERSION_IN_NAME = re.compile(r"(?<![0-9])v?\d+(?:\.\d+)+|(?<![a-z0-9])v\d+", re.IGNORECASE)


def redirect_worth(before: str, after: str, title: str | None = None) -> RedirectWorth:
    """Return what a redirect from one web address to another is worth.

    ``title`` is that of the page it ends on. An address that cannot be parsed says nothing.
    """
    try:
        old, new = parse(before), parse(after)
    except InvalidUrlError:
        return RedirectWorth.NOTHING
    if _is_error(old, new) or is_error_title(title):
        return RedirectWorth.ERROR_PAGE
    if _is_same_place(old, new):
        return RedirectWorth.SAFE
    if _is_interstitial(old, new) or _is_short_lived(old, new) or _is_variant(old, new):
        return RedirectWorth.NOTHING
    if _is_start(new):
        return _worth_of_start(old, new)
    if _is_listing(old, new):
        return RedirectWorth.NOTHING
    related = old.host != new.host or _words(old.path) & _words(f"{new.path} {new.query}")
    if not related and len(old.segments) > 1:
        return RedirectWorth.UNRELATED
    return RedirectWorth.UNSAFE


def is_error_title(title: str | None) -> bool:
    """Return whether a title is that of an error page and of nothing else."""
    return title is not None and _ERROR_TITLE.fullmatch(title) is not None


@lru_cache(maxsize=2048)
def registrable_domain(host: str) -> str:
    """Return the domain that somebody registered: ``b.co.uk`` of ``a.b.co.uk``.

    By the public suffix list, its private part included: every ``*.github.io`` is its own. A host
    that is a suffix itself, or an IP address, is returned unchanged.
    """
    if ":" in host or host.replace(".", "").isdigit():
        return host
    return _suffixes().privatesuffix(host) or host


@lru_cache(maxsize=1)
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList  # reading the list takes a tenth of a second

    return PublicSuffixList()


def unrelated_domains(addresses: Iterable[str]) -> int:
    """Return the number of registrable domains among web addresses."""
    domains = set()
    for address in addresses:
        try:
            domains.add(registrable_domain(parse(address).host))
        except InvalidUrlError:
            continue
    return len(domains)


def _is_same_place(old: Url, new: Url) -> bool:
    if old.path.rstrip("/") != new.path.rstrip("/") or old.query != new.query:
        return False
    if old.scheme == "https" and new.scheme == "http":
        return False
    if old.host == new.host or old.host.removeprefix("www.") == new.host.removeprefix("www."):
        return True
    labels = (set(old.host.split(".")) ^ set(new.host.split("."))) & (_LANGUAGES | _LOGIN_LABEL)
    return not labels and registrable_domain(old.host) == registrable_domain(new.host)


def _is_error(old: Url, new: Url) -> bool:
    if any(new.host == name or new.host.endswith(f".{name}") for name in _PARKING_DOMAINS):
        return new.host != old.host
    if old.path == new.path and old.host == new.host:
        return False
    known = {part.lower() for part in old.segments}
    labels = set(new.host.split(".")) - set(old.host.split("."))
    named = [part for part in (*new.segments, *labels) if part.lower() not in known]
    return any(_is_error_name(part) for part in named)


def _is_error_name(segment: str) -> bool:
    """Return whether a segment names an error page: ``404.html``, ``sorry-page-removed``."""
    words = re.findall(r"[a-z]+|\d+", segment.lower())
    if not words or len(words) > 9:
        return False
    strong = any(word in _REMOVED for word in words) or _REMOVED_PHRASE.search(" ".join(words))
    return bool(strong) and all(word in _REMOVED or word in _FILLER for word in words)


def _is_interstitial(old: Url, new: Url) -> bool:
    """Return whether the new page only precedes the old one, to ask something first."""
    if (old.host, old.path) == (new.host, new.path) and old.query == new.query:
        return False
    old_place = f"{old.host}{old.path}".rstrip("/")
    for name, value in new.query_pairs:
        if old.query and (name, value) in old.query_pairs:
            continue
        for text in (value, value.replace("%2F", "/").replace("%3A", ":").replace("%2f", "/")):
            path = text.partition("?")[0].rstrip("/")
            if old_place in text or (len(old.path) > 1 and path == old.path.rstrip("/")):
                return True
    added = [part for part in new.segments if part not in old.segments]
    if any(_LOGIN_SEGMENT.fullmatch(part) for part in added):
        return True
    labels = new.host.split(".")[:-2]
    return new.host != old.host and any(
        label in _LOGIN_LABEL and label not in old.host.split(".") for label in labels
    )


def _is_short_lived(old: Url, new: Url) -> bool:
    """Return whether the new address holds a session, a signature or an expiry."""
    if _SESSION_PATH.search(new.path):
        return True
    known = {name for name, _ in old.query_pairs}
    return any(
        _SESSION_NAMES.fullmatch(name) or _SIGNED_NAMES.fullmatch(name)
        for name, _ in new.query_pairs
        if name not in known
    )


def _is_variant(old: Url, new: Url) -> bool:
    """Return whether the redirect only chooses a language, a region or a version."""
    bare_old, bare_new = _without_choices(old), _without_choices(new)
    if bare_old == bare_new:
        # A path that only lost its choice leads to what is true for all.
        return True
    old_name, new_name = (url.segments[-1] if url.segments else "" for url in (old, new))
    return bool(
        _NEWEST_IN_NAME.search(old.path)
        and not _NEWEST_IN_NAME.search(new.path)
        and (_VERSION_IN_NAME.search(new.path) and not _VERSION_IN_NAME.search(old_name))
        and new_name
    )


def _without_choices(url: Url) -> tuple[object, ...]:
    """Return site, path and query of an address without its language, region and version."""
    segments = list(url.segments)
    kept = [
        part
        for place, part in enumerate(segments)
        if not ((place < 3 and _is_language(part)) or _is_version(part))
    ]
    if kept and _START_NAME.fullmatch(kept[-1]):
        kept.pop()
    query = tuple(
        sorted(pair for pair in url.query_pairs if pair[0].lower() not in _LANGUAGE_NAMES)
    )
    domain = registrable_domain(url.host)
    labels = [
        label
        for label in url.host.removesuffix(domain).strip(".").split(".")
        if label and label != "www" and not _is_language(label)
    ]
    return domain, tuple(labels), tuple(kept), query


def _is_language(segment: str) -> bool:
    lower = segment.lower()
    return lower in _LANGUAGES or lower in _LANGUAGE_WORDS or bool(_LOCALE.fullmatch(segment))


def _is_version(segment: str) -> bool:
    return segment.lower() in _NEWEST or bool(_VERSION.fullmatch(segment))


def _is_start(url: Url) -> bool:
    segments = [part for part in url.segments if not _is_language(part)]
    if url.query and any(name not in _LANGUAGE_NAMES for name, _ in url.query_pairs):
        return False
    return not segments or (len(segments) == 1 and bool(_START_NAME.fullmatch(segments[0])))


def _worth_of_start(old: Url, new: Url) -> RedirectWorth:
    if _is_start(old):
        domains = registrable_domain(old.host), registrable_domain(new.host)
        return RedirectWorth.NOTHING if domains[0] == domains[1] else RedirectWorth.UNSAFE
    name = re.sub(r"[^a-z0-9]", "", old.segments[-1].lower())
    host = re.sub(r"[^a-z0-9.]", "", new.host)
    if old.host != new.host and len(name) > 2 and name in host.split("."):
        return RedirectWorth.UNSAFE  # a project that has its own site now
    return RedirectWorth.START_PAGE


def _is_listing(old: Url, new: Url) -> bool:
    """Return whether the new page lists or finds pages instead of being one."""
    old_names = {name.lower() for name, _ in old.query_pairs}
    if any(name.lower() in _SEARCH_NAMES - old_names for name, _ in new.query_pairs):
        return True
    added = [part.lower() for part in new.segments if part not in old.segments]
    if any(_SEARCH_SEGMENT.fullmatch(part) for part in added):
        return True
    if old.segments and new.segments and old.segments[-1].lower() == new.segments[-1].lower():
        return False
    if any(part.rpartition(".")[0] in _CATEGORY or part in _CATEGORY for part in added):
        return True
    length = len(new.segments)
    is_above = length < len(old.segments) and new.segments == old.segments[:length]
    return is_above and old.host == new.host and not new.query


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+|[^\W\d_]{2,}", text.lower()))
