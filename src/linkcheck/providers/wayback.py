"""Asks the Internet Archive for snapshots of addresses that are gone.

``POST /wayback/available`` with the header ``Wayback-Api-Version: 2`` takes one address a line and
answers under ``results``, each with the ``tag`` it was given; the archive's own browser extension
and Wikipedia's InternetArchiveBot ask so (not in the archive's documentation). Where that is not
understood, ``GET /wayback/available?url=…&timestamp=YYYYMMDDhhmmss`` asks for one address (the
archive's page "Wayback Machine APIs"). Either names the snapshot closest to a moment under
``archived_snapshots.closest``; an empty object means that there is none. It is known to miss
snapshots that are there: silence tells nothing.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeGuard

from linkcheck.model.url import InvalidUrlError, parse, query_string
from linkcheck.model.wayback import ArchivedCopy
from linkcheck.net.messages import HttpClientProtocol, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.concurrency import run_workers
from linkcheck.providers.json_fields import as_mapping, as_text, parse_json_body

BATCH = 50
"""Addresses in one request."""
MOST = 100
"""Addresses asked about in one run at most …"""
MOST_SINGLY = 20
"""… and where each of them takes a request."""
WORKERS = 4
STATUSES = (200, 203, 206)
"""Snapshots of answers that had the thing."""


@dataclass(frozen=True, slots=True)
class DeadUrl:
    """An address that is gone."""

    url: str
    last_alive: datetime | None = None
    """When it was last seen alive."""
    checked_now: bool = True
    """Whether it was seen to be gone in this very run."""


async def find_snapshots(
    client: HttpClientProtocol, base: str, lost: Sequence[DeadUrl]
) -> Mapping[str, ArchivedCopy | None]:
    """Return, by address, what the archive answered: a snapshot, or ``None`` for none.

    Asks about the first :data:`MOST`, or :data:`MOST_SINGLY` where it has to ask one by one; what
    got no proper answer is left out. Never raises for what comes from outside.
    """
    address = f"{base.rstrip('/')}/wayback/available"
    found: dict[str, ArchivedCopy | None] = {}
    for start in range(0, min(len(lost), MOST), BATCH):
        told = await _together(client, address, lost[start : min(start + BATCH, MOST)])
        if told is None:
            break
        found.update(told)
    else:
        return found
    rest = [item for item in lost if item.url not in found]
    await _singly(client, address, rest[:MOST_SINGLY], found)
    return found


async def _together(
    client: HttpClientProtocol, address: str, lost: Sequence[DeadUrl]
) -> dict[str, ArchivedCopy | None] | None:
    """Ask about many addresses at once; ``None`` when the archive does not answer to that."""
    lines = []
    for tag, item in enumerate(lost):
        pairs = [*_pairs(item), ("closest", "either")]
        pairs += [("statuscodes", status) for status in STATUSES]
        lines.append(query_string([*pairs, ("tag", tag)]))
    response = await client.ask(
        HttpRequest(
            address,
            method="POST",
            content="\n".join(lines).encode(),
            headers={
                "accept": "application/json",
                "content-type": "application/x-www-form-urlencoded",
                "wayback-api-version": "2",
            },
            body_limit=1_000_000,
            attempts=1,
            trusted=True,
        )
    )
    results = as_mapping(parse_json_body(response)).get("results") if _is_ok(response) else None
    if not isinstance(results, list):
        return None
    by_tag = {str(tag): item for tag, item in enumerate(lost)}
    found: dict[str, ArchivedCopy | None] = {}
    for result in map(as_mapping, results):
        which = by_tag.get(str(result.get("tag")))
        if which is not None and _is_proper(result):
            found[which.url] = _read(result)
    return found if found or not results else None


async def _singly(
    client: HttpClientProtocol,
    address: str,
    lost: Sequence[DeadUrl],
    found: dict[str, ArchivedCopy | None],
) -> None:
    async def one(item: DeadUrl) -> None:
        response = await client.ask(
            HttpRequest(
                f"{address}?{query_string(_pairs(item))}",
                headers={"accept": "application/json"},
                body_limit=100_000,
                attempts=1,
                trusted=True,
            )
        )
        told = as_mapping(parse_json_body(response)) if _is_ok(response) else {}
        if _is_proper(told):
            found[item.url] = _read(told)

    await run_workers(deque(lost), one, WORKERS)


def _pairs(item: DeadUrl) -> list[tuple[str, str | int]]:
    pairs: list[tuple[str, str | int]] = [("url", item.url)]
    if item.last_alive is not None:
        pairs.append(("timestamp", item.last_alive.astimezone(UTC).strftime("%Y%m%d%H%M%S")))
    return pairs


def _is_ok(response: HttpResponse | HttpFailure) -> TypeGuard[HttpResponse]:
    return isinstance(response, HttpResponse) and response.status == 200


def _is_proper(told: Mapping[str, object]) -> bool:
    """Tell whether the archive itself answered: its answers always hold this member."""
    return "archived_snapshots" in told


def _read(told: Mapping[str, object]) -> ArchivedCopy | None:
    """Return the snapshot an answer names, if it is one of a page that was there."""
    closest = as_mapping(as_mapping(told.get("archived_snapshots")).get("closest"))
    url, stamp = as_text(closest.get("url")), as_text(closest.get("timestamp"))
    if url is None or stamp is None or str(closest.get("status")) not in map(str, STATUSES):
        return None
    try:
        taken = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        host = parse(url).host
    except (ValueError, InvalidUrlError):
        return None
    if host != "web.archive.org":
        return None
    return ArchivedCopy(url.replace("http://", "https://", 1), taken)
