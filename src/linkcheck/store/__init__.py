"""The store: the observations of every target, in one SQLite file per catalog."""

from linkcheck.store.codec import decode, encode
from linkcheck.store.sqlite import RunRecord, SqliteStore, memory_store, open_store

__all__ = ["RunRecord", "SqliteStore", "decode", "encode", "memory_store", "open_store"]
