"""The one URL parser. Nothing else in linkcheck takes URLs apart.

Why not ``urllib.parse.urlsplit`` alone: two spellings of one address must become one value, the
address guard must see through disguised IP addresses, and a person must be told what is wrong with
a bad link. The syntax is RFC 3986's; hosts are read as browsers read them (WHATWG URL: UTS 46
mapping, numbers as IPv4 addresses), because that is where a reader's click would lead.
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
        """Return the canonical spelling; parsing it gives this very value again."""
        text = f"{self.scheme}://{self.authority}{self.path}"
        if self.query:
            text += f"?{self.query}"
        if self.fragment:
            text += f"#{quote(self.fragment, safe=_FRAGMENT_SAFE)}"
        return text

    @property
    def authority(self) -> str:
        """Host and, where it is not the default, port, as they stand in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def request_target(self) -> str:
        """Path and query, as the first line of an HTTP request names them."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def without_fragment(self) -> "Url":
        """The same address without the part behind ``#``."""
        return replace(self, fragment="") if self.fragment else self

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (the default one written out): who would see a credential."""
        return self.scheme, self.host, self.port or _DEFAULT_PORTS[self.scheme]

    @property
    def segments(self) -> tuple[str, ...]:
        """The decoded parts of the path; empty ones are dropped."""
        if "%" not in self.path:
            return tuple(part for part in self.path.split("/") if part)
        return tuple(unquote(part) for part in self.path.split("/") if part)

    @property
    def query_pairs(self) -> tuple[tuple[str, str], ...]:
        """The decoded ``name=value`` pairs of the query, in order; a bare name has an empty one."""
        pairs = []
        for part in self.query.split("&"):
            if part:
                name, _, value = part.replace("+", " ").partition("=")
                pairs.append((unquote(name), unquote(value)))
        return tuple(pairs)


MAX_LENGTH = 8_000
"""Characters of a canonical URL; RFC 9110 section 4.1 asks servers for 8,000 octets at least."""

SKIPPED_SCHEMES = word_set(
    "about bitcoin blob callto data facetime feed ftp ftps geo im intent irc irc6 ircs itms-apps"
    " javascript jabber ldap magnet mailto market matrix maps mms news nntp obsidian rtsp sftp sip"
    " sips skype slack sms smsto steam tel tg vscode vscode-insiders webcal weixin whatsapp ws wss"
    " x-apple.systempreferences xmpp zotero"
)
"""Schemes in honest use that are not HTTP: their links are counted, never asked for."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FRAGMENT_SAFE = "-._~!$&'()*+,;=:@/?"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_SHAPE = re.compile(r"(?i:(https?)):(/*)([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
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
    """Read an absolute http(s) URL and return it in its one canonical form.

    Scheme and host are lower-cased, the host IDNA-encoded and freed of its trailing dot, every
    way to write an IP address made the plain one, the default port dropped, percent-encoding
    normalized (unreserved characters decoded, hexadecimal in upper case, everything else that may
    not stand there encoded), dot segments resolved, tracking parameters removed, and the fragment
    set apart. White space around the text is ignored.

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
    """Return ``reference`` (a relative or absolute URL, as in ``Location``) seen from ``base``.

    Mends what browsers mend in redirects: white space around it and line breaks inside are
    dropped, spaces encoded, backslashes in front of the query turned round. The result may have
    any scheme: give it to :func:`parse` before asking for it. Raises :class:`InvalidUrlError`
    where no address comes of it.
    """
    cleaned = re.sub(r"[\t\r\n]", "", reference.strip()).replace(" ", "%20")
    head = re.match(r"[^?#]*", cleaned)
    if head and "\\" in head.group() and scheme_of(cleaned) in (None, "http", "https"):
        cleaned = head.group().replace("\\", "/") + cleaned[head.end() :]
    try:
        return urljoin(base, cleaned)
    except ValueError:
        raise InvalidUrlError("it points to no address that can be read") from None


def scheme_of(text: str) -> str | None:
    """Return the lower-cased scheme that the text starts with (``https``, ``mailto``), if any.

    Looks at the form alone: ``localhost:80`` has the scheme ``localhost``.
    """
    match = _SCHEME.match(text.strip())
    return match.group(1).lower() if match else None


def is_skipped_scheme(text: str) -> bool:
    """Return whether the text is a link of a known kind that is not HTTP (``mailto:``, ``ftp:``).

    Such links are counted and not checked. A misspelled or unknown scheme is not among them: that is
    an invalid link.
    """
    return scheme_of(text) in SKIPPED_SCHEMES


def percent_decode(text: str) -> str:
    """Return the text with its percent-encoded bytes read as UTF-8."""
    return unquote(text)


def quote_segment(text: str, *, safe: str = "") -> str:
    """Return the text percent-encoded as one part of a path or one value of a query.

    ``safe`` names reserved characters to leave as they are (``/`` to encode a whole path).
    """
    return quote(text, safe=f"-._~{safe}")


def query_string(pairs: Iterable[tuple[str, str | int]]) -> str:
    """Return ``name=value`` pairs as a query, without ``?``, percent-encoded."""
    return urlencode(list(pairs), quote_via=quote)


def _not_http_reason(text: str) -> str:
    """Return, for people, why a text that is no http(s) URL cannot be asked for."""
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
    """Return a name for a character that cannot be seen."""
    if character in " \xa0\u3000":
        return "a space"
    if character in "\t\r\n":
        return "a line break or tab"
    return f"an invisible character (U+{ord(character):04X})"


def _parse_authority(authority: str, scheme: str) -> tuple[str, int | None]:
    """Return the canonical host and the port (``None`` for the default one)."""
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
    """Return the port as a number, or ``None`` for none and the scheme's default."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise InvalidUrlError(f"“{text[:20]}” is no port number")
    port = int(text)
    return None if port == _DEFAULT_PORTS[scheme] else port


@lru_cache(maxsize=2048)
def _parse_host(text: str) -> str:
    """Return the canonical host name or IPv4 address."""
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
    """Return the canonical spelling of one percent-encoded byte or one character to be encoded."""
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
    """Return whether a query parameter only says where a reader came from."""
    name = name.lower()
    return name.startswith("utm_") or name in _TRACKING


def _decode_fragment(fragment: str) -> str:
    """Return the decoded fragment without a text directive, which is for browsers only."""
    fragment.encode()
    decoded = unquote(fragment)
    return decoded.partition(":~:")[0]
