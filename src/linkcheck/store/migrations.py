"""The store's numbered migrations. Never change a released one; add the next."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from linkcheck.model.github_ids import database_id, is_node_id


@dataclass(frozen=True, slots=True)
class Migration:
    """A step of the schema; its number is its position in :data:`MIGRATIONS`, from 1."""

    name: str
    statements: tuple[str, ...]
    """SQL, with the functions of :data:`FUNCTIONS`."""


def with_database_ids(body: str) -> str:
    """Return an observation's JSON with database ids in place of GitHub's node ids."""
    try:
        observation = json.loads(body)
        facts = observation["outcome"]["facts"]
        facts = facts.get("repository", facts)
        node_id = facts["repository_id"]
        if is_node_id(node_id):
            facts["repository_id"] = database_id(node_id)
            if facts["repository_id"] is None:
                del facts["repository_id"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return body
    return json.dumps(observation, separators=(",", ":"))


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
    Migration(
        "repositories by database id",
        (
            """
            UPDATE observations SET body = with_database_ids(body)
            WHERE target GLOB 'github-*' AND instr(body, '"repository_id":') > 0
            """,
        ),
    ),
)

FUNCTIONS: Mapping[str, Callable[[str], str]] = {"with_database_ids": with_database_ids}
"""Functions of one argument that the migrations' statements call."""

VERSION = len(MIGRATIONS)
"""The current schema version (``PRAGMA user_version``)."""

APPLICATION_ID = 0x6C6E6B63
"""The application id of a store (``PRAGMA application_id``): ``lnkc``."""
