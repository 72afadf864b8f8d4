"""Unexpected exceptions (our bugs), summarized for a bug report."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
BUG_REPORT = "This is a bug in linkcheck; please report it with this line."


@dataclass(slots=True)
class Defect:
    """One kind of exception at one place in the code, and how often it was raised there."""

    kind: str
    """Name of the exception's class."""
    message: str
    """Message of the first exception."""
    place: str
    """Module and line, as in ``providers/web/provider.py, line 12``."""
    count: int = 1

    @classmethod
    def of(cls, error: Exception) -> "Defect":
        """Describe one exception."""
        return cls(type(error).__name__, str(error), place_of(error))

    def __str__(self) -> str:
        """Return what happened and where, without the count."""
        return f"{self.kind}: {self.message} ({self.place})"


class DefectLog:
    """Collects exceptions without keeping their frames alive: a bug may occur on every link."""

    def __init__(self) -> None:
        self._defects: dict[tuple[str, str], Defect] = {}

    def __iter__(self) -> Iterator[Defect]:
        """Yield the defects in the order in which they were first met."""
        return iter(self._defects.values())

    def add(self, error: Exception) -> None:
        """Count an exception; of a group, every exception in it."""
        if isinstance(error, ExceptionGroup):
            for leaf in error.exceptions:
                self.add(leaf)
            return
        for defect in error.log if isinstance(error, JobsFailedError) else (Defect.of(error),):
            known = self._defects.setdefault((defect.kind, defect.place), defect)
            if known is not defect:
                known.count += defect.count

    def raise_any(self) -> None:
        """Raise JobsFailedError if anything was collected."""
        if self._defects:
            raise JobsFailedError(self)


class JobsFailedError(Exception):
    """Some of many jobs failed; the others are done."""

    def __init__(self, log: DefectLog) -> None:
        super().__init__("; ".join(f"{defect} ({defect.count} times)" for defect in log))
        self.log = log


def place_of(error: Exception) -> str:
    """Return the innermost place in this package that an exception passed through."""
    place = "unknown place"
    own = False
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        is_own = path.is_relative_to(_PACKAGE)
        if is_own or not own:
            name = path.relative_to(_PACKAGE).as_posix() if is_own else path.name
            place = f"{name}, line {frame.lineno}"
        own = own or is_own
    return place
