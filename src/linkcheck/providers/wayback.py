"""Asks the Internet Archive for a snapshot of an address that is gone.

``GET /wayback/available?url=…&timestamp=YYYYMMDDhhmmss`` names the snapshot closest to a moment
under ``archived_snapshots.closest``; an empty object means that there is none (the archive's page
"Wayback Machine APIs"). It is known to miss snapshots that are there: silence tells nothing.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from linkcheck.model.archive import Snapshot
from linkcheck.model.url import InvalidUrlError, parse, query_string
from linkcheck.net.api import Answer, Ask, Door
from linkcheck.providers.crew import work_through
from linkcheck.providers.reading import body_json, mapping, text

WORKERS = 4
MOST = 20
"""Addresses asked about in one run at most."""


@dataclass(frozen=True, slots=True)
class Lost:
    """An address that is gone."""

    url: str
    alive: datetime | None = None
    """When it was last seen alive."""
    fresh: bool = True
    """Whether it was seen to be gone in this very run."""


async def snapshots(door: Door, base: str, lost: Sequence[Lost]) -> Mapping[str, Snapshot | None]:
    """Return, by address, what the archive answered: a snapshot, or ``None`` for none.

    One request each, of the first :data:`MOST`; what got no proper answer is left out. Never
    raises for what comes from outside.
    """
    found: dict[str, Snapshot | None] = {}

    async def one(item: Lost) -> None:
        pairs: list[tuple[str, str | int]] = [("url", item.url)]
        if item.alive is not None:
            pairs.append(("timestamp", item.alive.astimezone(UTC).strftime("%Y%m%d%H%M%S")))
        answer = await door.ask(
            Ask(
                f"{base.rstrip('/')}/wayback/available?{query_string(pairs)}",
                headers={"accept": "application/json"},
                body_limit=100_000,
                attempts=1,
                trusted=True,
            )
        )
        if isinstance(answer, Answer) and answer.status == 200 and _is_proper(answer):
            found[item.url] = _read(answer)

    await work_through(deque(lost[:MOST]), one, WORKERS)
    return found


def _is_proper(answer: Answer) -> bool:
    """Tell whether the archive itself answered: its answers always hold this member."""
    return "archived_snapshots" in mapping(body_json(answer))


def _read(answer: Answer) -> Snapshot | None:
    """Return the snapshot an answer names, if it is one of a page that was there."""
    told = mapping(body_json(answer))
    closest = mapping(mapping(told.get("archived_snapshots")).get("closest"))
    url, stamp = text(closest.get("url")), text(closest.get("timestamp"))
    if url is None or stamp is None or closest.get("status") not in ("200", 200):
        return None
    try:
        taken = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        host = parse(url).host
    except (ValueError, InvalidUrlError):
        return None
    if host != "web.archive.org":
        return None
    return Snapshot(url.replace("http://", "https://", 1), taken)
