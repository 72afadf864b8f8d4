"""The faults, and what may come of each."""

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
    """One fault: how it is set, and the statuses that it may lead to."""

    group: str
    name: str
    fault: Fault | None = None
    tls: str = ""
    """The kind of certificate, for faults of TLS."""
    expect: Mapping[str, str] = field(default_factory=dict)
    """By upstream (``*`` for the others): the allowed statuses, with spaces between them."""
    inconclusive: tuple[str, ...] = ()
    """Upstreams for which the whole run must say that it cannot tell (exit 3)."""
    not_for: tuple[str, ...] = ()
    """Upstreams that the fault does not apply to."""

    def allowed(self, upstream: str) -> frozenset[str]:
        """Return the statuses that this fault may give a link of the upstream."""
        return frozenset(self.expect.get(upstream, self.expect.get(ALL, "")).split())


PAGES, WEB, ARXIV, DOI, HUB = "GitHub pages", "web", "arXiv", "DOI", "Hugging Face"
GRAPHQL, REST = "GitHub GraphQL", "GitHub REST"

SILENT = {ALL: UNREACHABLE}
BY_STATUS = {ALL: UNREACHABLE, PAGES: ALIVE, WEB: ALIVE}
"""A status of 200 is a page's own word; what its body holds does not matter there."""


def _wire(name: str, kind: Kind, expect: Mapping[str, str] = SILENT, interval: float = 1.0) -> Case:
    return Case("connection", name, Fault(kind, interval=interval), expect=expect)


def _body(name: str, fault: Fault, expect: Mapping[str, str] = BY_STATUS) -> Case:
    return Case("body", name, fault, expect=expect)


def _to(name: str, location: str, expect: Mapping[str, str] = SILENT) -> Case:
    return Case(
        "redirect", name, Fault(Kind.REDIRECT, status=301, location=location), expect=expect
    )


def _schema(name: str, fault: Fault) -> Case:
    # Pages have no fields, and arXiv no JSON: the row "another feed" is arXiv's.
    return Case("schema", name, fault, expect=SILENT, not_for=(PAGES, WEB, ARXIV))


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
_OWN_WORDS = '{"message": "Not Found", "error": "Repository not found"}'
_BAD_TOKEN = (
    '{"message": "Bad credentials", "error": "Invalid credentials in Authorization header"}'
)
_JSON_TYPE = {"content-type": "application/json"}
_XML_TYPE = {"content-type": "application/atom+xml"}


def _sends(body: str, headers: Mapping[str, str]) -> Fault:
    return Fault(Kind.STATUS, status=200, headers=headers, body=body)


def _pauses() -> list[tuple[str, str]]:
    """Return every way to ask for a pause, with its name."""
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


def _limited(status: int) -> list[Case]:
    # 429 and 403 answer, but not to programs; 503 is an outage of theirs; what a pause left over
    # was not asked. arXiv and anonymous REST have a second source, which answers for a few.
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
        for name, value in _pauses()
    ]


def all_cases() -> tuple[Case, ...]:
    """Return every fault, in the order of the table's rows."""
    blocked = {ALL: BLOCKED}
    either = {ALL: UNREACHABLE, PAGES: f"{ALIVE} {UNREACHABLE}", WEB: f"{ALIVE} {UNREACHABLE}"}
    missing = {ALL: UNREACHABLE, PAGES: DEAD, WEB: DEAD}
    return (
        Case("connection", "none", None, expect={ALL: ALIVE}),
        _wire("refused", Kind.REFUSED),
        _wire("no such name", Kind.DNS),
        _wire("connect time-out", Kind.CONNECT_TIMEOUT),
        _wire("reset before the headers", Kind.RESET_BEFORE_HEADERS),
        _wire("reset after the headers", Kind.RESET_AFTER_HEADERS, BY_STATUS),
        _wire("read time-out", Kind.READ_TIMEOUT),
        _wire("one byte a second", Kind.DRIP),
        _wire("never-ending body", Kind.ENDLESS, BY_STATUS),
        _wire("truncated body", Kind.TRUNCATED, BY_STATUS),
        _wire("Content-Length too long", Kind.WRONG_LENGTH, BY_STATUS),
        # What follows the announced end may or may not be there in time to spoil the answer.
        _wire("Content-Length too short", Kind.SHORT_LENGTH, either),
        _wire("gzip bomb (1 GiB)", Kind.GZIP_BOMB, BY_STATUS),
        _wire("100 MiB of headers", Kind.HUGE_HEADERS),
        _wire("malformed HTTP", Kind.MALFORMED_HTTP),
        _body("body cut in half", Fault(Kind.MALFORMED_BODY)),
        _body("garbage", _sends("\x00\x01 {[<", {"content-type": "application/octet-stream"})),
        _body("HTML", Fault(Kind.HTML)),
        _body("empty 200", Fault(Kind.EMPTY)),
        _body("200 with an error body", Fault(Kind.ERROR_BODY)),
        _body("JSON nested 400,000 deep", _sends(_NESTED, _JSON_TYPE)),
        _body("XML entities (billion laughs)", _sends(_BOMB, _XML_TYPE)),
        _body("soft 404", Fault(Kind.SOFT_404), {**BY_STATUS, WEB: UNREACHABLE}),
        _body("captive portal", Fault(Kind.CAPTIVE_PORTAL)),
        _body("GraphQL: data null", _sends('{"data": null}', _JSON_TYPE)),
        _body("GraphQL: errors only", _sends('{"errors": [{"message": "oops"}]}', _JSON_TYPE)),
        _schema("identifying fields missing", Fault(Kind.SCHEMA, drop=_IDENTITY)),
        _schema("identifying fields null", Fault(Kind.SCHEMA, null=_IDENTITY)),
        _schema("identifying fields renamed", Fault(Kind.SCHEMA, rename=_RENAMED)),
        Case("schema", "another feed", _sends(_OTHER_FEED, _XML_TYPE), expect=BY_STATUS),
        Case("redirect", "in a circle", Fault(Kind.REDIRECT_LOOP), expect=SILENT),
        Case("redirect", "a chain of 30", Fault(Kind.REDIRECT_CHAIN, size=30), expect=SILENT),
        _to("to ftp:", "ftp://files.example{path}"),
        _to("to file:", "file:///etc/passwd"),
        _to("to a private address", "http://169.254.169.254/latest/meta-data/"),
        _to("to a host with a private address", "http://inside.example{path}"),
        _to("to another site", "https://new.example/", {ALL: UNREACHABLE, WEB: f"{ALIVE} {MOVED}"}),
        _to(
            "to a login page",
            "https://sso.example/login?next={path}",
            {ALL: UNREACHABLE, PAGES: BLOCKED, WEB: ALIVE},
        ),
        *(
            Case("TLS", name, None, tls=name, expect=SILENT)
            for name in ("expired", "not yet valid", "wrong host", "self-signed", "TLS 1.1")
        ),
        _status(400, SILENT),
        _status(401, {**blocked, GRAPHQL: UNREACHABLE}, inconclusive=(GRAPHQL,)),
        _status(403, blocked),
        _status(404, missing),
        # The page, second witness of anonymous REST, says that the repository is there.
        Case(
            "status",
            "404 in an API's own words",
            answer_status(404, body=_OWN_WORDS, headers=_JSON_TYPE),
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
        _status(410, {**missing, HUB: DEAD}),
        _status(418, blocked),
        _status(
            429,
            {ALL: f"{BLOCKED} {SKIPPED}", ARXIV: f"{BLOCKED} {SKIPPED} {ALIVE}", REST: ALIVE},
        ),
        # Hugging Face says so of a repository that it has disabled, which has a rule of its own.
        _status(451, {**blocked, HUB: ALIVE}),
        *(_status(code, SILENT) for code in (500, 501, 502, 503, 504)),
        *(_status(code, SILENT) for code in (520, 521, 522, 523, 524, 525, 526, 530)),
        _status(999, blocked),
        *_limited(429),
        *_limited(503),
        *_limited(403),
        Case("flapping", "503, 503, 200", answer_status(503, times=2), expect={ALL: ALIVE}),
        # A 404 that is not in an API's own form is no word of the owner's, and not worth a wait.
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
