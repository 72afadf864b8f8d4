"""Answers of the web archive in the store."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from linkcheck.model.wayback import ArchivedCopy
from linkcheck.store.codec import format_time, parse_time

MAX_ANSWER_AGE = timedelta(days=90)
"""Age at which answers are deleted."""

ArchiveAnswer = tuple[datetime, ArchivedCopy | None]
"""Time of the request, and the copy, if any."""


def read_archived_copies(
    connection: sqlite3.Connection, urls: Iterable[str]
) -> dict[str, ArchiveAnswer]:
    """Return the stored answer for each URL that has one."""
    found: dict[str, ArchiveAnswer] = {}
    for url in urls:
        row = connection.execute(
            "SELECT asked, copy, taken FROM snapshots WHERE url = ?", (url,)
        ).fetchone()
        if row is None:
            continue
        asked, copy, taken = row
        with suppress(ValueError):  # written by another version of linkcheck
            kept = ArchivedCopy(copy, parse_time(taken)) if copy and taken else None
            found[url] = parse_time(asked), kept
    return found


def write_archived_copies(
    connection: sqlite3.Connection, copies: Mapping[str, ArchivedCopy | None], at: datetime
) -> None:
    """Store answers, and delete those older than :data:`MAX_ANSWER_AGE`."""
    connection.executemany(
        "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)",
        (
            (url, format_time(at), copy and copy.url, copy and format_time(copy.taken))
            for url, copy in copies.items()
        ),
    )
    connection.execute("DELETE FROM snapshots WHERE asked < ?", (format_time(at - MAX_ANSWER_AGE),))
