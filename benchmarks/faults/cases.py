"""The faults, with the allowed statuses of each."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from linkcheck.sandbox import Fault, Kind, answer_status
from linkcheck.sandbox.faults import http_date

ALIVE, DEAD, UNREACHABLE, BLOCKED = "alive", "dead", "unreachable", "blocked"
MOVED, SKIPPED = "moved", "skipped"
ALL = "*"


@dataclass(frozen=True, slots=True)
class Case:
    """A fault and the statuses that it may cause."""

    group: str
    name: str
    fault: Fault | None = None
    tls: str = ""
    """The kind of certificate, for TLS faults."""
    expect: Mapping[str, str] = field(default_factory=dict)
    """Allowed statuses, separated by spaces, by upstream (``*``: all others)."""
    inconclusive: tuple[str, ...] = ()
    """Upstreams for which the run must be inconclusive (exit 3)."""
    not_for: tuple[str, ...] = ()
    """Upstreams without this fault."""

    def allowed(self, upstream: str) -> frozenset[str]:
        """Return the allowed statuses of the upstream's links."""
        return frozenset(self.expect.get(upstream, self.expect.get(ALL, "")).split())


PAGES, WEB, ARXIV, DOI, HUB = "GitHub pages", "web", "arXiv", "DOI", "Hugging Face"
GRAPHQL, REST = "GitHub GraphQL", "GitHub REST"

ALL_UNREACHABLE = {ALL: UNREACHABLE}
ALIVE_PAGES = {ALL: UNREACHABLE, PAGES: ALIVE, WEB: ALIVE}
"""A page with status 200 is alive, whatever its body."""


def _connection(
    name: str, kind: Kind, expect: Mapping[str, str] = ALL_UNREACHABLE, interval: float = 1.0
) -> Case:
    return Case("connection", name, Fault(kind, interval=interval), expect=expect)


def _body(name: str, fault: Fault, expect: Mapping[str, str] = ALIVE_PAGES) -> Case:
    return Case("body", name, fault, expect=expect)


def _redirect(name: str, location: str, expect: Mapping[str, str] = ALL_UNREACHABLE) -> Case:
    return Case(
        "redirect", name, Fault(Kind.REDIRECT, status=301, location=location), expect=expect
    )


def _schema(name: str, fault: Fault) -> Case:
    # Pages have no fields, and arXiv no JSON: the row "another feed" is arXiv's.
    return Case("schema", name, fault, expect=ALL_UNREACHABLE, not_for=(PAGES, WEB, ARXIV))


def _status(status: int, expect: Mapping[str, str], inconclusive: tuple[str, ...] = ()) -> Case:
    fault = answer_status(status)
    return Case("status", str(status), fault, expect=expect, inconclusive=inconclusive)


_IDENTITY = ("nameWithOwner", "full_name", "id", "modelId", "responseCode", "path")
_RENAMED = {name: f"{name}2" for name in _IDENTITY}
_NESTED = "[" * 400_000
_OTHER_FEED = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
    "<totals>6</totals><paper><link>http://arxiv.org/abs/2303.14070v1</link></paper></feed>"
)
_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>&c;</title></feed>'
)
_API_NOT_FOUND = '{"message": "Not Found", "error": "Repository not found"}'
_BAD_TOKEN = (
    '{"message": "Bad credentials", "error": "Invalid credentials in Authorization header"}'
)
_JSON_TYPE = {"content-type": "application/json"}
_XML_TYPE = {"content-type": "application/atom+xml"}


def _answer(body: str, headers: Mapping[str, str]) -> Fault:
    return Fault(Kind.STATUS, status=200, headers=headers, body=body)


def _retry_after_values() -> list[tuple[str, str]]:
    """Return values of ``Retry-After`` with their names."""
    now = time.time()
    return [
        ("1 s", "1"),
        ("an hour", "3600"),
        ("a date in 1 s", http_date(now + 1)),
        ("a past date", http_date(now - 86_400)),
        ("negative", "-5"),
        ("a year", "31536000"),
        ("a date in a year", http_date(now + 31_536_000)),
        ("nonsense", "soon"),
    ]


def _retry_after_cases(status: int) -> list[Case]:
    # 429 and 403 mean blocked, 503 an outage; links left at the deadline are skipped.
    # arXiv and anonymous REST have a second source, which answers for a few links.
    what = UNREACHABLE if status == 503 else BLOCKED
    usual = f"{what} {BLOCKED} {SKIPPED}"
    second = f"{usual} {ALIVE}"
    expect = {ALL: usual, ARXIV: second, REST: second}
    return [
        Case(
            "pause",
            f"{status}, Retry-After {name}",
            answer_status(status, retry_after=value),
            expect=expect,
        )
        for name, value in _retry_after_values()
    ]


def all_cases() -> tuple[Case, ...]:
    """Return all faults in the table's order."""
    blocked = {ALL: BLOCKED}
    may_be_alive = {
        ALL: UNREACHABLE,
        PAGES: f"{ALIVE} {UNREACHABLE}",
        WEB: f"{ALIVE} {UNREACHABLE}",
    }
    missing = {ALL: UNREACHABLE, PAGES: DEAD, WEB: DEAD}
    return (
        Case("connection", "none", None, expect={ALL: ALIVE}),
        _connection("refused", Kind.REFUSED),
        _connection("no such name", Kind.DNS),
        _connection("connect time-out", Kind.CONNECT_TIMEOUT),
        _connection("reset before the headers", Kind.RESET_BEFORE_HEADERS),
        _connection("reset after the headers", Kind.RESET_AFTER_HEADERS, ALIVE_PAGES),
        _connection("read time-out", Kind.READ_TIMEOUT),
        _connection("one byte a second", Kind.DRIP),
        _connection("never-ending body", Kind.ENDLESS, ALIVE_PAGES),
        _connection("truncated body", Kind.TRUNCATED, ALIVE_PAGES),
        _connection("Content-Length too long", Kind.WRONG_LENGTH, ALIVE_PAGES),
        # The bytes after Content-Length may arrive too late to have an effect.
        _connection("Content-Length too short", Kind.SHORT_LENGTH, may_be_alive),
        _connection("gzip bomb (1 GiB)", Kind.GZIP_BOMB, ALIVE_PAGES),
        _connection("100 MiB of headers", Kind.HUGE_HEADERS),
        _connection("malformed HTTP", Kind.MALFORMED_HTTP),
        _body("body cut in half", Fault(Kind.MALFORMED_BODY)),
        _body("garbage", _answer("\x00\x01 {[<", {"content-type": "application/octet-stream"})),
        _body("HTML", Fault(Kind.HTML)),
        _body("empty 200", Fault(Kind.EMPTY)),
        _body("200 with an error body", Fault(Kind.ERROR_BODY)),
        _body("JSON nested 400,000 deep", _answer(_NESTED, _JSON_TYPE)),
        _body("XML entities (billion laughs)", _answer(_BOMB, _XML_TYPE)),
        _body("soft 404", Fault(Kind.SOFT_404), {**ALIVE_PAGES, WEB: UNREACHABLE}),
        _body("captive portal", Fault(Kind.CAPTIVE_PORTAL)),
        _body("GraphQL: data null", _answer('{"data": null}', _JSON_TYPE)),
        _body("GraphQL: errors only", _answer('{"errors": [{"message": "oops"}]}', _JSON_TYPE)),
        _schema("identifying fields missing", Fault(Kind.SCHEMA, drop=_IDENTITY)),
        _schema("identifying fields null", Fault(Kind.SCHEMA, null=_IDENTITY)),
        _schema("identifying fields renamed", Fault(Kind.SCHEMA, rename=_RENAMED)),
        Case("schema", "another feed", _answer(_OTHER_FEED, _XML_TYPE), expect=ALIVE_PAGES),
        Case("redirect", "in a circle", Fault(Kind.REDIRECT_LOOP), expect=ALL_UNREACHABLE),
        Case(
            "redirect", "a chain of 30", Fault(Kind.REDIRECT_CHAIN, size=30), expect=ALL_UNREACHABLE
        ),
        _redirect("to ftp:", "ftp://files.example{path}"),
        _redirect("to file:", "file:///etc/passwd"),
        _redirect("to a private address", "http://169.254.169.254/latest/meta-data/"),
        _redirect("to a host with a private address", "http://inside.example{path}"),
        _redirect(
            "to another site", "https://new.example/", {ALL: UNREACHABLE, WEB: f"{ALIVE} {MOVED}"}
        ),
        _redirect(
            "to a login page",
            "https://sso.example/login?next={path}",
            {ALL: UNREACHABLE, PAGES: BLOCKED, WEB: ALIVE},
        ),
        *(
            Case("TLS", name, None, tls=name, expect=ALL_UNREACHABLE)
            for name in ("expired", "not yet valid", "wrong host", "self-signed", "TLS 1.1")
        ),
        _status(400, ALL_UNREACHABLE),
        _status(401, {**blocked, GRAPHQL: UNREACHABLE}, inconclusive=(GRAPHQL,)),
        _status(403, blocked),
        _status(404, missing),
        # For anonymous REST, the web page confirms that the repository exists.
        Case(
            "status",
            "404 in an API's own words",
            answer_status(404, body=_API_NOT_FOUND, headers=_JSON_TYPE),
            expect={**missing, REST: f"{ALIVE} {DEAD}", HUB: DEAD},
        ),
        Case(
            "status",
            "401 for a bad token",
            answer_status(401, body=_BAD_TOKEN, headers=_JSON_TYPE),
            expect={ALL: BLOCKED, GRAPHQL: UNREACHABLE, HUB: UNREACHABLE},
            inconclusive=(GRAPHQL, HUB),
        ),
        _status(406, blocked),
        _status(410, missing),
        _status(418, blocked),
        _status(
            429,
            {ALL: f"{BLOCKED} {SKIPPED}", ARXIV: f"{BLOCKED} {SKIPPED} {ALIVE}", REST: ALIVE},
        ),
        # Hugging Face answers 451 for disabled repositories, which have a separate rule.
        _status(451, {**blocked, HUB: ALIVE}),
        *(_status(code, ALL_UNREACHABLE) for code in (500, 501, 502, 503, 504)),
        *(_status(code, ALL_UNREACHABLE) for code in (520, 521, 522, 523, 524, 525, 526, 530)),
        _status(999, blocked),
        *_retry_after_cases(429),
        *_retry_after_cases(503),
        *_retry_after_cases(403),
        Case("flapping", "503, 503, 200", answer_status(503, times=2), expect={ALL: ALIVE}),
        # A 404 that is not in an API's format is not evidence, and not worth a retry.
        Case(
            "flapping",
            "404, 200",
            answer_status(404, times=1),
            expect={ALL: f"{ALIVE} {UNREACHABLE}", PAGES: ALIVE, WEB: ALIVE},
        ),
        Case(
            "flapping", "reset, 200", Fault(Kind.RESET_BEFORE_HEADERS, times=1), expect={ALL: ALIVE}
        ),
    )
