"""The store's numbered migrations. Never change a released one; add the next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """A step of the schema; its number is its position in :data:`MIGRATIONS`, from 1."""

    name: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        "observations, pauses and runs",
        (
            # One table for the newest observation and the history, clustered by target.
            """
            CREATE TABLE observations (
                target TEXT NOT NULL,   -- kind:key
                at TEXT NOT NULL,       -- ISO 8601, UTC, microseconds: sorts as time does
                url TEXT NOT NULL,      -- the address as shown when it was seen
                outcome TEXT NOT NULL,  -- found, gone or unknown
                body TEXT NOT NULL,     -- the rest, as JSON without the time
                PRIMARY KEY (target, at)
            ) WITHOUT ROWID
            """,
            "CREATE TABLE pauses (host TEXT PRIMARY KEY, until TEXT NOT NULL) WITHOUT ROWID",
            """
            CREATE TABLE runs (
                id INTEGER PRIMARY KEY,
                started TEXT NOT NULL,
                finished TEXT NOT NULL,
                outcome TEXT NOT NULL,
                by_status TEXT NOT NULL,  -- JSON: links by status
                by_host TEXT NOT NULL     -- JSON: requests by host
            )
            """,
        ),
    ),
    Migration(
        "what the archive has",
        (
            """
            CREATE TABLE snapshots (
                url TEXT PRIMARY KEY,  -- the address that is gone
                asked TEXT NOT NULL,   -- when the archive was asked about it
                copy TEXT,             -- the copy's address; NULL: it named none
                taken TEXT             -- when the copy was made
            ) WITHOUT ROWID
            """,
        ),
    ),
)

VERSION = len(MIGRATIONS)
"""The current schema version (``PRAGMA user_version``)."""

APPLICATION_ID = 0x6C6E6B63
"""The application id of a store (``PRAGMA application_id``): ``lnkc``."""
