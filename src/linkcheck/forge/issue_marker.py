"""Hidden HTML comment that identifies the bot's issues, pull requests and comments.

It is the first line of a body, so that outside text quoted below cannot imitate it. It holds all
that the bot keeps about an issue.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

_START = "<!-- linkcheck "
_END = " -->"
_CHECKBOX = re.compile(
    r"^\s*[-*+] \[(?P<mark>[ xX])\] "
    r"<!-- linkcheck:(?P<action>open|ignore|rebase|recreate|start)=(?P<key>[a-z0-9-]{1,40}) -->",
    re.MULTILINE,
)
_JSON_NAMES = {
    "content_hash": "meaning",
    "reopened_once": "insisted",
    "close_reason": "closed",
    "last_notice": "told",
    "link_hash": "link",
    "changes_hash": "content",
    "ignored_until": "until",
    "title_hash": "title",
}
"""Names in the JSON that differ from the attributes: release 0.1 wrote them."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Data about one issue, pull request or comment."""

    kind: str
    """``dashboard``, ``finding``, ``onboarding``, ``pull`` or ``comment``."""
    key: str = ""
    """The fingerprint of the issue's first finding, the group, or the comment's key."""
    content_hash: str = ""
    """Hash of the content; the text is replaced only if this changes."""
    cycle: int = 0
    """How often the issue was reopened."""
    reopened_once: bool = False
    """Whether it was reopened after a person had closed it as completed."""
    close_reason: str = ""
    """Why the bot closed it: ``resolved``, ``ignored``, ``duplicate`` or ``obsolete``."""
    last_notice: str = ""
    """Key of the last comment on a closing, which is not repeated."""
    link_hash: str = ""
    """Hash of the finding's URL."""
    changes_hash: str = ""
    """For a pull request: hash of the proposed changes."""
    fingerprints: tuple[str, ...] = ()
    """The findings that a pull request fixes, or that an issue with several is about."""
    scope: str = ""
    """Hash of the files named on the command line; empty for those of the configuration."""
    ignored_until: Mapping[str, str] = field(default_factory=dict)
    """For a pull request of ignores: the last day of each."""
    title_hash: str = ""
    """Hash of the title that the bot gave: another title is a person's and is kept."""


def encode_marker(marker: Marker) -> str:
    """Return the marker as JSON without its defaults."""
    defaults = {f.name: f.default for f in fields(Marker)}
    values = {
        _JSON_NAMES.get(name, name): value
        for name, value in asdict(marker).items()
        if value not in (defaults.get(name), (), {})
    }
    return json.dumps(values, separators=(",", ":"), sort_keys=True)


def embed_marker(marker: Marker, text: str) -> str:
    """Return a body that begins with the marker."""
    # An HTML comment must not contain two hyphens in a row; JSON can escape them.
    encoded = encode_marker(marker).replace("-", "\\u002d").replace(">", "\\u003e")
    return f"{_START}{encoded}{_END}\n{text}"


def parse_marker(body: str) -> Marker | None:
    """Return the marker at the start of a body; ``None`` if it is missing or invalid."""
    line, _, _ = body.replace("\r\n", "\n").partition("\n")
    if not (line.startswith(_START) and line.endswith(_END)):
        return None
    return decode_marker(line[len(_START) : -len(_END)])


def decode_marker(text: str) -> Marker | None:
    """Return a marker from its JSON; ``None`` if it is invalid."""
    try:
        values = json.loads(text)
        names = {_JSON_NAMES.get(f.name, f.name): f.name for f in fields(Marker)}
        values = {names[name]: value for name, value in values.items() if name in names}
        values["fingerprints"] = tuple(map(str, values.get("fingerprints", ())))
        return Marker(**values)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def strip_marker(body: str) -> str:
    """Return a body without its marker."""
    return body.replace("\r\n", "\n").partition("\n")[2] if parse_marker(body) else body


@dataclass(frozen=True, slots=True)
class Checkboxes:
    """Checkboxes that a person ticked in one of the bot's texts."""

    open: frozenset[str] = frozenset()
    """Groups whose pull request is to be opened now."""
    ignore: frozenset[str] = frozenset()
    """Fingerprints of findings to be ignored for a while."""
    rebase: bool = False
    """Whether the pull request's branch is to be moved to the newest base."""
    recreate: bool = False
    """Whether the pull request's branch is to be replaced, or a closed one opened again."""
    start: bool = False
    """Whether the plan of the onboarding issue is accepted."""


def parse_checkboxes(body: str) -> Checkboxes:
    """Return the ticked checkboxes of a text."""
    found: dict[str, set[str]] = defaultdict(set)
    for match in _CHECKBOX.finditer(body):
        if match["mark"] != " ":
            found[match["action"]].add(match["key"])
    return Checkboxes(
        frozenset(found["open"]),
        frozenset(found["ignore"]),
        rebase=bool(found["rebase"]),
        recreate=bool(found["recreate"]),
        start=bool(found["start"]),
    )


def untick_checkboxes(body: str) -> str:
    """Return a text without ticks."""
    return _CHECKBOX.sub(lambda m: m[0].replace(f"[{m['mark']}]", "[ ]", 1), body)


def keep_checkmarks(body: str, current: str) -> str:
    """Return ``body`` with every checkbox ticked that is ticked in the ``current`` text."""
    checked = {(m["action"], m["key"]) for m in _CHECKBOX.finditer(current) if m["mark"] != " "}

    def check(match: re.Match[str]) -> str:
        if (match["action"], match["key"]) not in checked:
            return match[0]
        return match[0].replace("[ ]", "[x]", 1)

    return _CHECKBOX.sub(check, body)


_REFERENCE = re.compile(r"<!-- linkcheck:(?P<kind>issue|pull|number)=(?P<key>[a-z0-9-]{1,40}) -->")


def placeholder(kind: str, key: str | int) -> str:
    """Return a placeholder for a reference to one of the bot's own issues or pull requests.

    ``kind`` is ``issue`` or ``pull`` for one that may not be opened yet, with its key, or
    ``number``. The placeholder is a comment, which no outside text can contain.
    """
    return f"<!-- linkcheck:{kind}={key} -->"


def fill_references(
    text: str, issues: Mapping[str, int] | None = None, pulls: Mapping[str, int] | None = None
) -> str:
    """Return a text with its references filled in, after it was sanitized."""
    numbers = {"issue": issues or {}, "pull": pulls or {}}

    def fill(match: re.Match[str]) -> str:
        if match["kind"] == "number":
            return f"#{match['key']}"
        number = numbers[match["kind"]].get(match["key"])
        return "not opened yet" if number is None else f"#{number}"

    return _REFERENCE.sub(fill, text)


def checkbox(action: str, key: str, *, ticked: bool = False) -> str:
    """Return a checkbox that :func:`parse_checkboxes` reads."""
    return f"- [{'x' if ticked else ' '}] <!-- linkcheck:{action}={key} -->"
