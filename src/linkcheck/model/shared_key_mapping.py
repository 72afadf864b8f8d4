"""A read-only mapping that shares its keys with other instances, to save memory."""

from collections.abc import ItemsView, Iterator, Mapping

_KEY_TUPLES: dict[tuple[str, ...], tuple[str, ...]] = {}
"""Interned tuples of keys; there are a few dozen."""


class SharedKeyMapping(Mapping[str, object]):
    """Read-only mapping that keeps its values and a reference to a shared tuple of keys.

    A dictionary of ten facts takes 350 bytes.
    """

    __slots__ = ("_keys", "_values")

    def __init__(self, mapping: Mapping[str, object]) -> None:
        """Copy the keys and values of a mapping."""
        keys = tuple(mapping)
        self._keys = _KEY_TUPLES.setdefault(keys, keys)
        self._values = tuple(mapping.values())

    def __getitem__(self, name: str) -> object:
        """Return the value of a key. Raises KeyError."""
        try:
            return self._values[self._keys.index(name)]
        except ValueError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        """Yield the keys."""
        return iter(self._keys)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._keys)

    def items(self) -> ItemsView[str, object]:
        """Return keys and values; faster than the inherited method."""
        return dict(zip(self._keys, self._values, strict=True)).items()

    def __repr__(self) -> str:
        """Return the class and the mapping as a dictionary."""
        return f"SharedKeyMapping({dict(self)!r})"


EMPTY_MAPPING = SharedKeyMapping({})
