"""Settings of the cyclic garbage collector, for runs that keep most of what they allocate."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_ALLOCATIONS = 50_000
"""New objects between two collections; Python's default is 700 (2,000 from 3.13)."""


def tune_garbage_collector() -> None:
    """Make collections of the whole process rarer; for the entry point alone.

    A run allocates hundreds of objects for each link and keeps them to its end, none of them in
    cycles: Python's default traverses all of them again and again, which took a sixth of the time
    of evaluating 100,000 links. Modules loaded so far are never garbage.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 100)


@contextmanager
def gc_paused() -> Iterator[None]:
    """Disable the collector during a block that allocates a million objects and keeps them all.

    Collecting meanwhile takes four fifths of the time of composing YAML (2.4 s against 0.5 s for
    10,000 entries). Afterwards the new objects count as old ones: the collector would traverse all
    of them twice as soon as it is enabled.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        # Into the permanent generation, and from there into the oldest: both move whole lists.
        gc.freeze()
        gc.unfreeze()
        gc.enable()
