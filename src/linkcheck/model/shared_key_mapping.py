"""A mapping that takes little memory where there are thousands with the same names."""

from collections.abc import ItemsView, Iterator, Mapping

_KEY_TUPLES: dict[tuple[str, ...], tuple[str, ...]] = {}
"""Every row of names there has been, once; a few dozen, as the services tell what they tell."""


class SharedKeyMapping(Mapping[str, object]):
    """Names and what is told under them, in order; read-only.

    A dictionary of ten facts takes 350 bytes. This takes the values and a reference to the names.
    """

    __slots__ = ("_names", "_values")

    def __init__(self, told: Mapping[str, object]) -> None:
        """Keep the names and values of a mapping."""
        names = tuple(told)
        self._names = _KEY_TUPLES.setdefault(names, names)
        self._values = tuple(told.values())

    def __getitem__(self, name: str) -> object:
        """Return what is told under a name. Raises KeyError."""
        try:
            return self._values[self._names.index(name)]
        except ValueError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._names)

    def items(self) -> ItemsView[str, object]:
        """Return names with what is told under them, made at once and not one by one."""
        return dict(zip(self._names, self._values, strict=True)).items()

    def __repr__(self) -> str:
        """Return what it looks like as a dictionary."""
        return f"Told({dict(self)!r})"


EMPTY_MAPPING = SharedKeyMapping({})
