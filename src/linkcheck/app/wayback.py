"""What the archive has of lost addresses: asked for once, and remembered for a while."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkcheck.model.wayback import ArchivedCopy

if TYPE_CHECKING:
    from linkcheck.providers.wayback import DeadUrl
    from linkcheck.store import SqliteStore

COPY_LASTS = timedelta(days=30)
"""A copy that the archive named stays where it is; a newer one is looked for after this time."""
NONE_LASTS = timedelta(days=7)
"""The archive is known to miss copies that are there: that it has none is believed less long."""

Ask = Callable[[Sequence["DeadUrl"]], Mapping[str, ArchivedCopy | None]]


def archived(
    lost: Sequence["DeadUrl"], store: "SqliteStore", ask: Ask, now: datetime
) -> dict[str, ArchivedCopy]:
    """Return a copy of each lost address that has one, by address.

    ``ask`` is called for those alone that were asked about in this run too and of which the store
    has no answer that is young enough; what it tells is kept.
    """
    told: dict[str, ArchivedCopy | None] = {}
    for url, (asked, copy) in store.snapshots([item.url for item in lost]).items():
        if timedelta(0) <= now - asked < (NONE_LASTS if copy is None else COPY_LASTS):
            told[url] = copy
    rest = [item for item in lost if item.checked_now and item.url not in told]
    if rest:
        fresh = ask(rest)
        store.record_snapshots(fresh, now)
        told.update(fresh)
    return {url: copy for url, copy in told.items() if copy is not None}
