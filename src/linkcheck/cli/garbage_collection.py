"""Settings of the process as a whole, made once by whoever owns it: the command line."""

import gc

_ALLOCATIONS = 50_000
"""New objects between two looks of the garbage collector; Python's default is 700 (2,000)."""


def tune_garbage_collector() -> None:
    """Let the garbage collector look less often.

    A run makes hundreds of objects for each link and keeps them to its end, none of them in
    cycles: with Python's default the collector goes through all of them again and again, which
    took a sixth of the time of judging 100,000 links. What is loaded by now is never garbage.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 100)
