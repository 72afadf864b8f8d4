"""Read the database id out of GitHub's node ids, whose format is being replaced.

The same repository has had ``MDEwOlJlcG9zaXRvcnkxMjk2MjY5`` (base64 of ``010:Repository1296269``)
and ``R_kgDOABPHjQ`` (base64 of the MessagePack array ``[0, 1296269]``); the number stays (GitHub's
documentation, "Migrating GraphQL global node IDs").
"""

import re
from base64 import b64decode, urlsafe_b64decode
from dataclasses import replace

from linkcheck.model.facts import Facts, PathFacts, RepositoryFacts

_LEGACY = re.compile(rb"0\d{1,2}:Repository(\d{1,12})")
_UNSIGNED = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
"""Lengths of MessagePack's unsigned integers by their first byte."""


def is_node_id(identity: str) -> bool:
    """Return whether an id has the format of a repository's node id, old or new."""
    return re.match(r"R_|MD.{2}OlJlcG9zaXRvcnk", identity) is not None


def database_id(node_id: str) -> str | None:
    """Return the database id in the node id of a repository; ``None`` in any other text."""
    padding = "=" * (-len(node_id.removeprefix("R_")) % 4)
    try:
        if node_id.startswith("R_"):
            return _packed_id(urlsafe_b64decode(node_id[2:] + padding))
        match = _LEGACY.fullmatch(b64decode(node_id + padding, validate=True))
    except ValueError:
        return None
    return match[1].decode() if match else None


def _packed_id(packed: bytes) -> str | None:
    if packed[:2] != b"\x92\x00" or len(packed) < 3:
        return None
    kind, value = packed[2], packed[3:]
    if kind < 0x80 and not value:
        return str(kind)
    return str(int.from_bytes(value)) if value and _UNSIGNED.get(kind) == len(value) else None


def with_database_id(facts: Facts) -> Facts:
    """Return facts with the database id of a repository in place of its node id.

    A node id that holds none is dropped: another format is no other repository.
    """
    if isinstance(facts, PathFacts):
        repository = _with_number(facts.repository)
        return facts if repository is facts.repository else replace(facts, repository=repository)
    return _with_number(facts) if isinstance(facts, RepositoryFacts) else facts


def _with_number(facts: RepositoryFacts) -> RepositoryFacts:
    if facts.repository_id is None or not is_node_id(facts.repository_id):
        return facts
    return replace(facts, repository_id=database_id(facts.repository_id))
