"""The bot's hidden note at the top of everything it posts: how it knows its own again.

The note is the very first line of a body, so that outside text quoted further down can never pass
for one. What it says is the bot's whole memory of an issue: no database is needed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

_START = "<!-- linkcheck "
_END = " -->"
_TICK = re.compile(
    r"^\s*[-*+] \[(?P<mark>[ xX])\] "
    r"<!-- linkcheck:(?P<what>open|ignore)=(?P<key>[a-z0-9-]{1,40}) -->",
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
}
"""Names of attributes in the JSON where they differ: those that release 0.1 wrote."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What the bot remembers of one issue, pull request or comment."""

    kind: str
    """``dashboard``, ``finding``, ``pull`` or ``comment``."""
    key: str = ""
    """The finding's fingerprint, the group, or the comment's key."""
    content_hash: str = ""
    """A hash of what the text means; the text is only replaced when this changes."""
    cycle: int = 0
    """How often the problem has come back."""
    reopened_once: bool = False
    """Whether it was reopened once although a person had closed it as completed."""
    close_reason: str = ""
    """Why the bot itself closed it: ``resolved``, ``ignored``, ``duplicate`` or ``obsolete``."""
    last_notice: str = ""
    """What has been said once and need not be said again."""
    link_hash: str = ""
    """A hash of the link that the finding is about."""
    changes_hash: str = ""
    """For a pull request: a hash of the changes it proposes."""
    fingerprints: tuple[str, ...] = ()
    """For a pull request: the findings it mends."""
    scope: str = ""
    """Which files the run was told to look at; empty for those of the configuration."""
    ignored_until: Mapping[str, str] = field(default_factory=dict)
    """For a pull request of ignores: the last day of each."""


def embed_marker(marker: Marker, text: str) -> str:
    """Return a body that begins with the note."""
    defaults = {f.name: f.default for f in fields(Marker)}
    values = {
        _JSON_NAMES.get(name, name): value
        for name, value in asdict(marker).items()
        if value not in (defaults.get(name), (), {})
    }
    # No hyphen may stand next to another inside an HTML comment; JSON lets it be spelled.
    encoded = json.dumps(values, separators=(",", ":"), sort_keys=True)
    encoded = encoded.replace("-", "\\u002d").replace(">", "\\u003e")
    return f"{_START}{encoded}{_END}\n{text}"


def parse_marker(body: str) -> Marker | None:
    """Return the note at the start of a body, or ``None`` where there is none that is sound."""
    line, _, _ = body.replace("\r\n", "\n").partition("\n")
    if not (line.startswith(_START) and line.endswith(_END)):
        return None
    try:
        values = json.loads(line[len(_START) : -len(_END)])
        names = {_JSON_NAMES.get(f.name, f.name): f.name for f in fields(Marker)}
        values = {names[name]: value for name, value in values.items() if name in names}
        values["fingerprints"] = tuple(map(str, values.get("fingerprints", ())))
        return Marker(**values)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def strip_marker(body: str) -> str:
    """Return a body without its note."""
    return body.replace("\r\n", "\n").partition("\n")[2] if parse_marker(body) else body


@dataclass(frozen=True, slots=True)
class Checkboxes:
    """The boxes that a person ticked on the dashboard."""

    open: frozenset[str] = frozenset()
    """Groups whose pull request shall be opened now."""
    ignore: frozenset[str] = frozenset()
    """Fingerprints of findings to be ignored for a while."""


def parse_checkboxes(body: str) -> Checkboxes:
    """Read the ticked boxes off the dashboard."""
    found: dict[str, set[str]] = {"open": set(), "ignore": set()}
    for match in _TICK.finditer(body):
        if match["mark"] != " ":
            found[match["what"]].add(match["key"])
    return Checkboxes(frozenset(found["open"]), frozenset(found["ignore"]))


def keep_checkmarks(body: str, current: str) -> str:
    """Return ``body`` with every box ticked that is ticked in the ``present`` text."""
    is_checked = {(m["what"], m["key"]) for m in _TICK.finditer(current) if m["mark"] != " "}

    def tick(match: re.Match[str]) -> str:
        if (match["what"], match["key"]) not in is_checked:
            return match[0]
        return match[0].replace("[ ]", "[x]", 1)

    return _TICK.sub(tick, body)


_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")


def placeholder(kind: str, key: str) -> str:
    """Return what stands for the number of an ``issue`` or ``pull`` until it has one.

    A fingerprint is spelled without its digits: the gate would take it for the id of a commit.
    """
    return f"{{{kind}:{key.translate(_LETTERS) if kind == 'issue' else key}}}"


def checkbox(action: str, key: str, *, ticked: bool = False) -> str:
    """Return a checkbox that :func:`ticks` can read."""
    return f"- [{'x' if ticked else ' '}] <!-- linkcheck:{action}={key} -->"
