"""Dataclass fields that are keys of the configuration file; :mod:`linkcheck.config` reads them."""

from dataclasses import field
from typing import Any, TypeVar

T = TypeVar("T")


def config_field(
    default: T, help_text: str, *, shown: str = "", choices: tuple[str, ...] = (), table: str = ""
) -> T:
    """Return a field with a default that is also a configuration key of the same name.

    The field's type decides how the key is read. ``help_text`` is its line in the documentation and
    ``shown`` its default there, where ``default`` does not say it. ``choices`` are the accepted
    values; ``table`` is the table of the key where that is not the table of its class.
    """
    metadata = {"help": help_text, "shown": shown, "choices": choices, "table": table}
    if isinstance(default, dict):
        made: Any = field(default_factory=default.copy, metadata=metadata)
        return made  # type: ignore[no-any-return]
    return field(default=default, metadata=metadata)
