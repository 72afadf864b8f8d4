"""Find snapshots of dead URLs in the Internet Archive.

``POST /wayback/available`` with the header ``Wayback-Api-Version: 2`` takes one URL per line and
returns one item per URL under ``results``, with the ``tag`` of its line. It is undocumented, but
used by the archive's browser extension and Wikipedia's InternetArchiveBot. The documented
``GET /wayback/available?url=…&timestamp=YYYYMMDDhhmmss`` ("Wayback Machine APIs") takes one URL.
Both return the snapshot closest to the timestamp under ``archived_snapshots.closest``, or an empty
object. The index is incomplete: an empty object does not prove that there is no snapshot.
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
"""URLs in one request."""
MAX_URLS = 100
"""Maximum number of URLs looked up in one run."""
MAX_SINGLE_URLS = 20
"""The same where every URL takes a request."""
WORKERS = 4
STATUSES = (200, 203, 206)
"""HTTP statuses of acceptable snapshots."""


@dataclass(frozen=True, slots=True)
class DeadUrl:
    """A URL whose target is gone."""

    url: str
    last_alive: datetime | None = None
    """When it was last observed alive; the snapshot closest to this time is looked up."""
    checked_now: bool = True
    """Whether this run observed that it is dead."""


async def find_snapshots(
    client: HttpClientProtocol, base: str, dead: Sequence[DeadUrl]
) -> Mapping[str, ArchivedCopy | None]:
    """Return the snapshots by URL; ``None`` where the archive has none.

    Looks up the first :data:`MAX_URLS`, or :data:`MAX_SINGLE_URLS` where batches are refused. URLs
    without a valid response are left out. Never raises for a malformed response.
    """
    endpoint = f"{base.rstrip('/')}/wayback/available"
    found: dict[str, ArchivedCopy | None] = {}
    for start in range(0, min(len(dead), MAX_URLS), BATCH):
        batch = await _find_batch(client, endpoint, dead[start : min(start + BATCH, MAX_URLS)])
        if batch is None:
            break
        found.update(batch)
    else:
        return found
    rest = [item for item in dead if item.url not in found]
    await _find_singly(client, endpoint, rest[:MAX_SINGLE_URLS], found)
    return found


async def _find_batch(
    client: HttpClientProtocol, endpoint: str, dead: Sequence[DeadUrl]
) -> dict[str, ArchivedCopy | None] | None:
    """Look up many URLs in one request; ``None`` when the archive does not support that."""
    lines = []
    for tag, item in enumerate(dead):
        pairs = [*_pairs(item), ("closest", "either")]
        pairs += [("statuscodes", status) for status in STATUSES]
        lines.append(query_string([*pairs, ("tag", tag)]))
    response = await client.send(
        HttpRequest(
            endpoint,
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
    by_tag = {str(tag): item for tag, item in enumerate(dead)}
    found: dict[str, ArchivedCopy | None] = {}
    for result in map(as_mapping, results):
        match = by_tag.get(str(result.get("tag")))
        if match is not None and _is_valid(result):
            found[match.url] = _parse_snapshot(result)
    return found if found or not results else None


async def _find_singly(
    client: HttpClientProtocol,
    endpoint: str,
    dead: Sequence[DeadUrl],
    found: dict[str, ArchivedCopy | None],
) -> None:
    async def find(item: DeadUrl) -> None:
        response = await client.send(
            HttpRequest(
                f"{endpoint}?{query_string(_pairs(item))}",
                headers={"accept": "application/json"},
                body_limit=100_000,
                attempts=1,
                trusted=True,
            )
        )
        result = as_mapping(parse_json_body(response)) if _is_ok(response) else {}
        if _is_valid(result):
            found[item.url] = _parse_snapshot(result)

    await run_workers(deque(dead), find, WORKERS)


def _pairs(item: DeadUrl) -> list[tuple[str, str | int]]:
    pairs: list[tuple[str, str | int]] = [("url", item.url)]
    if item.last_alive is not None:
        pairs.append(("timestamp", item.last_alive.astimezone(UTC).strftime("%Y%m%d%H%M%S")))
    return pairs


def _is_ok(response: HttpResponse | HttpFailure) -> TypeGuard[HttpResponse]:
    return isinstance(response, HttpResponse) and response.status == 200


def _is_valid(result: Mapping[str, object]) -> bool:
    """Return whether a result is the archive's: theirs always have this member."""
    return "archived_snapshots" in result


def _parse_snapshot(result: Mapping[str, object]) -> ArchivedCopy | None:
    """Return the closest snapshot of a result, if its page was alive."""
    closest = as_mapping(as_mapping(result.get("archived_snapshots")).get("closest"))
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
