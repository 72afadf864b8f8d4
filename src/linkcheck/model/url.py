"""The URL parser; no other module parses URLs.

``urllib.parse.urlsplit`` is not enough: all spellings of a URL must become one value, the address
guard must recognize all notations of IP addresses, and messages need the reason why a URL is
invalid. The syntax is RFC 3986's; hosts are parsed as browsers do (WHATWG URL: UTS 46 mapping,
numbers as IPv4 addresses).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, unquote, urlencode, urljoin

from linkcheck.model.errors import InvalidUrlError
from linkcheck.model.host import NUMBER, ipv4, ipv6, to_ascii
from linkcheck.model.source_text import word_set

__all__ = [
    "MAX_LENGTH",
    "SKIPPED_SCHEMES",
    "InvalidUrlError",
    "Url",
    "is_skipped_scheme",
    "join",
    "parse",
    "percent_decode",
    "query_string",
    "quote_segment",
    "scheme_of",
    "split_path",
]


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute http(s) URL, normalized (see :func:`parse`)."""

    scheme: str
    host: str
    """Lower-cased, IDNA-encoded, without a trailing dot; an IPv6 address without its brackets."""
    port: int | None
    """``None`` for the scheme's default port."""
    path: str
    """Percent-encoding normalized, dot segments removed, at least ``/``."""
    query: str
    """Without ``?``; tracking parameters removed."""
    fragment: str
    """Without ``#``, decoded."""

    def __str__(self) -> str:
        """Return the canonical spelling; parsing it gives an equal value."""
        text = f"{self.scheme}://{self.authority}{self.path}"
        if self.query:
            text += f"?{self.query}"
        if self.fragment:
            text += f"#{quote(self.fragment, safe=_FRAGMENT_SAFE)}"
        return text

    @property
    def authority(self) -> str:
        """Host, with the port where it is not the default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def request_target(self) -> str:
        """Path and query, as the first line of an HTTP request names them."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def without_fragment(self) -> "Url":
        """The URL without its fragment."""
        return replace(self, fragment="") if self.fragment else self

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port, with the default port filled in."""
        return self.scheme, self.host, self.port or _DEFAULT_PORTS[self.scheme]

    @property
    def segments(self) -> tuple[str, ...]:
        """The decoded, non-empty path segments."""
        if "%" not in self.path:
            return tuple(part for part in self.path.split("/") if part)
        return tuple(unquote(part) for part in self.path.split("/") if part)

    @property
    def query_pairs(self) -> tuple[tuple[str, str], ...]:
        """The decoded ``name=value`` pairs of the query; a bare name has an empty value."""
        pairs = []
        for part in self.query.split("&"):
            if part:
                name, _, value = part.replace("+", " ").partition("=")
                pairs.append((unquote(name), unquote(value)))
        return tuple(pairs)


MAX_LENGTH = 8_000
"""Characters of a canonical URL; RFC 9110 section 4.1 recommends at least 8,000 octets."""

SKIPPED_SCHEMES = word_set(
    "about bitcoin blob callto data facetime feed ftp ftps geo im intent irc irc6 ircs itms-apps"
    " javascript jabber ldap magnet mailto market matrix maps mms news nntp obsidian rtsp sftp sip"
    " sips skype slack sms smsto steam tel tg vscode vscode-insiders webcal weixin whatsapp ws wss"
    " x-apple.systempreferences xmpp zotero"
)
"""Known schemes other than HTTP; their links are counted and not checked."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FRAGMENT_SAFE = "-._~!$&'()*+,;=:@/?"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_SHAPE = re.compile(r"(?i:(https?)):(/*)([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_PATH = re.compile(r"((?i:https?)://[^/?#]*)([^?#]*)(.*)", re.DOTALL)
_FORBIDDEN = re.compile(
    r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u2069\u3000\ufeff]"
)
_PATH_CLEAN = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/]*")
_PATH_UNCLEAN = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/]")
_QUERY_CLEAN = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*")
_QUERY_UNCLEAN = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_\-])?")
_TRACKING = word_set(
    "_ga _gl _hsenc _hsmi _openstat dclid fb_action_ids fb_action_types fb_ref fb_source fbclid"
    " gbraid gclid gclsrc hsctatracking igsh igshid li_fat_id mc_cid mc_eid mkt_tok ml_subscriber"
    " ml_subscriber_hash msclkid oly_anon_id oly_enc_id rb_clickid ref_src ref_url s_cid"
    " share_source spm spm_id_from srsltid ttclid twclid vd_source vero_conv vero_id wbraid"
    " wickedid yclid"
)
_SHORTHAND_FORMS = {
    "gh": "gh:OWNER/NAME",
    "hf": "hf:ORG/NAME, hf:datasets/ORG/NAME or hf:spaces/ORG/NAME",
    "arxiv": "arxiv:ID with an ID such as 2303.14070",
    "doi": "doi:10.PREFIX/SUFFIX",
}


def parse(text: str, *, verbatim: bool = False) -> Url:
    """Parse an absolute http(s) URL into its canonical form.

    Scheme and host are lower-cased, the host is IDNA-encoded and loses its trailing dot, IP
    addresses get their usual notation, the default port is removed, percent-encoding is normalized
    (unreserved characters decoded, hexadecimal in upper case, reserved characters encoded), dot
    segments are resolved, and tracking parameters removed. White space around the text is ignored.

    ``verbatim`` is for the target of a redirect, whose server expects a request for just that: path
    and query stay as they are but for characters beyond ASCII, a user name and the fragment are
    dropped, and the URL may be twice as long.

    Raises :class:`InvalidUrlError` with the reason.
    """
    text = text.strip()
    if len(text) > 8 * MAX_LENGTH:
        raise InvalidUrlError(f"it is longer than {MAX_LENGTH} characters")
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise InvalidUrlError(_not_http_reason(text))
    scheme, slashes, authority, path, query, fragment = match.groups()
    if slashes != "//":
        raise InvalidUrlError(f"“{scheme}:” must be followed by two slashes and a host")
    if unwanted := _FORBIDDEN.search(text):
        raise InvalidUrlError(f"it holds {_describe_character(unwanted.group())}")
    scheme = scheme.lower()
    if verbatim:
        authority, fragment = authority.rpartition("@")[2], None
    host, port = _parse_authority(authority, scheme)
    if "\\" in path:
        raise InvalidUrlError("it holds a backslash")
    try:
        url = Url(
            scheme=scheme,
            host=host,
            port=port,
            path=(_quote_non_ascii(path) or "/") if verbatim else _normalize_path(path),
            query=(_quote_non_ascii if verbatim else _normalize_query)(query or ""),
            fragment=_decode_fragment(fragment) if fragment else "",
        )
    except UnicodeEncodeError:
        raise InvalidUrlError("it holds half of a character (a lone surrogate)") from None
    if len(url.path) + len(url.query) + 9 * len(url.fragment) > MAX_LENGTH * (1 + verbatim):
        raise InvalidUrlError(f"it is longer than {MAX_LENGTH} characters")
    return url


def join(base: str, reference: str) -> str:
    """Resolve ``reference`` (a relative or absolute URL, as in ``Location``) against ``base``.

    Repairs what browsers repair in redirects: drops white space around it and line breaks inside,
    encodes spaces, replaces backslashes before the query. The result may have any scheme and is not
    validated. Raises :class:`InvalidUrlError` where it cannot be resolved.
    """
    cleaned = re.sub(r"[\t\r\n]", "", reference.strip()).replace(" ", "%20")
    head = re.match(r"[^?#]*", cleaned)
    if head and "\\" in head.group() and scheme_of(cleaned) in (None, "http", "https"):
        cleaned = head.group().replace("\\", "/") + cleaned[head.end() :]
    try:
        return urljoin(base, cleaned)
    except ValueError:
        raise InvalidUrlError("it points to no address that can be read") from None


def split_path(text: str) -> tuple[str, str, str]:
    """Split a URL as written into what precedes its path, the path, and query with fragment.

    The parts joined are the text; nothing is decoded or normalized.
    """
    match = _PATH.fullmatch(text)
    return (match[1], match[2], match[3]) if match else (text, "", "")


def scheme_of(text: str) -> str | None:
    """Return the lower-cased scheme of the text (``https``, ``mailto``), if any.

    Purely by form: ``localhost:80`` has the scheme ``localhost``.
    """
    match = _SCHEME.match(text.strip())
    return match.group(1).lower() if match else None


def is_skipped_scheme(text: str) -> bool:
    """Return whether the text has a known scheme other than HTTP (``mailto:``, ``ftp:``).

    These links are counted and not checked. A misspelled or unknown scheme makes an invalid link.
    """
    return scheme_of(text) in SKIPPED_SCHEMES


def percent_decode(text: str) -> str:
    """Return the text with its percent-encoded bytes read as UTF-8."""
    return unquote(text)


def quote_segment(text: str, *, safe: str = "") -> str:
    """Return the text percent-encoded as a path segment or a query value.

    ``safe`` are reserved characters to keep (``/`` to encode a whole path).
    """
    return quote(text, safe=f"-._~{safe}")


def query_string(pairs: Iterable[tuple[str, str | int]]) -> str:
    """Return percent-encoded ``name=value`` pairs as a query, without ``?``."""
    return urlencode(list(pairs), quote_via=quote)


def _not_http_reason(text: str) -> str:
    """Return the reason, for messages, why a text is not an http(s) URL."""
    scheme = scheme_of(text)
    if not text:
        return "it is empty"
    if scheme is None:
        return "it has no scheme (https://) and so no host to ask"
    if scheme in _SHORTHAND_FORMS:
        return f"the shorthand is written {_SHORTHAND_FORMS[scheme]}"
    if scheme in SKIPPED_SCHEMES:
        return f"“{scheme}:” links are not checked, only http and https"
    if scheme == "file":
        return "it names a file on one computer"
    return f"“{scheme}:” is no scheme that can be asked, only http and https are"


def _describe_character(character: str) -> str:
    """Return a name for an invisible character."""
    if character in " \xa0\u3000":
        return "a space"
    if character in "\t\r\n":
        return "a line break or tab"
    return f"an invisible character (U+{ord(character):04X})"


def _parse_authority(authority: str, scheme: str) -> tuple[str, int | None]:
    """Parse the authority into the canonical host and the port (``None`` for the default)."""
    if "@" in authority:
        raise InvalidUrlError("it holds a user name or password in front of the host")
    if "\\" in authority:
        raise InvalidUrlError("it holds a backslash")
    if authority.startswith("["):
        inner, bracket, rest = authority[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise InvalidUrlError("the address in brackets is not closed")
        return ipv6(inner), _parse_port(rest[1:], scheme)
    host, _, port = authority.partition(":")
    return _parse_host(host), _parse_port(port, scheme)


def _parse_port(text: str, scheme: str) -> int | None:
    """Parse a port; ``None`` for an absent port and the scheme's default."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise InvalidUrlError(f"“{text[:20]}” is no port number")
    port = int(text)
    return None if port == _DEFAULT_PORTS[scheme] else port


@lru_cache(maxsize=2048)
def _parse_host(text: str) -> str:
    """Parse a host into its canonical name or IPv4 address."""
    host = text
    if "%" in host:
        host = unquote(host, errors="strict") if _is_utf8(host) else "\\"
    if not host.isascii():
        host = to_ascii(host)
    host = host.lower().removesuffix(".")
    if not host:
        raise InvalidUrlError("it names no host")
    if host in ("http", "https"):
        raise InvalidUrlError(f"its host is “{host}”, which is the beginning of an address")
    labels = host.split(".")
    if NUMBER.fullmatch(labels[-1]):
        return ipv4(labels, host)
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidUrlError(f"“{text[:80]}” is no host name")
    return host


def _is_utf8(text: str) -> bool:
    """Return whether the percent-encoded bytes of the text are UTF-8."""
    try:
        unquote(text, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def _normalize_escape(match: re.Match[str]) -> str:
    """Return the canonical form of one percent-encoded byte or one character to be encoded."""
    found = match.group()
    if len(found) == 3:
        character = chr(int(found[1:], 16))
        return character if character in _UNRESERVED else found.upper()
    return quote(found, safe="")


def _quote_non_ascii(text: str) -> str:
    """Return the text with characters beyond ASCII percent-encoded and all else as it is."""
    return text if text.isascii() else _NON_ASCII.sub(lambda m: quote(m.group()), text)


def _normalize_path(path: str) -> str:
    """Return the path with canonical percent-encoding and without dot segments."""
    if not _PATH_CLEAN.fullmatch(path):
        path = _PATH_UNCLEAN.sub(_normalize_escape, path)
    if "/." not in path:
        return path or "/"
    parts: list[str] = []
    given = path.split("/")[1:]
    for part in given:
        if part == "..":
            if parts:
                parts.pop()
        elif part != ".":
            parts.append(part)
    if given[-1] in (".", ".."):
        parts.append("")
    return "/" + "/".join(parts)


def _normalize_query(query: str) -> str:
    """Return the query with canonical percent-encoding and without tracking parameters."""
    if not _QUERY_CLEAN.fullmatch(query):
        query = _QUERY_UNCLEAN.sub(_normalize_escape, query)
    kept = [part for part in query.split("&") if not _is_tracking(part.partition("=")[0])]
    return "&".join(kept)


def _is_tracking(name: str) -> bool:
    """Return whether a query parameter is for tracking."""
    name = name.lower()
    return name.startswith("utm_") or name in _TRACKING


def _decode_fragment(fragment: str) -> str:
    """Return the decoded fragment without a text directive."""
    fragment.encode()
    decoded = unquote(fragment)
    return decoded.partition(":~:")[0]
