"""Reading worlds from JSON files, strictly: a slip in a world file must not change a verdict."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from linkcheck.sandbox.fixtures import (
    Behavior,
    Doi,
    HubFixtures,
    Owner,
    Paper,
    Repository,
    WebHost,
    World,
    WorldError,
)
from linkcheck.sandbox.publications import Publication

T = TypeVar("T")

_SECTIONS: Mapping[str, type] = {
    "repositories": Repository,
    "hubs": HubFixtures,
    "papers": Paper,
    "dois": Doi,
    "publications": Publication,
    "owners": Owner,
    "hosts": WebHost,
}


def load_world(*files: Path) -> World:
    """Read world files and lay them over each other, later ones winning.

    Raises :class:`WorldError` for what is not a world.
    """
    world = World()
    for file in files:
        try:
            raw = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise WorldError(f"{file}: cannot be read as JSON ({error})") from error
        world = parse_fixture(raw, str(file)).over(world)
    return world


def parse_fixture(raw: object, where: str = "world") -> World:
    """Turn decoded JSON into a world; raises :class:`WorldError` naming ``where``."""
    if not isinstance(raw, dict):
        raise WorldError(f"{where}: a world is an object with sections such as 'repositories'")
    known = {f.name for f in fields(World)} | {"about", "history", "planted"}
    if unknown := sorted(set(raw) - known):
        raise WorldError(f"{where}: no section is called {unknown[0]!r}; there are {sorted(known)}")
    values: dict[str, Any] = {
        name: tuple(_thing(cls, item, f"{where}: {name}[{n}]") for n, item in enumerate(raw[name]))
        for name, cls in _SECTIONS.items()
        if name in raw
    }
    if "as_of" in raw:
        values["as_of"] = str(raw["as_of"])
    if "bad_tokens" in raw:
        values["bad_tokens"] = tuple(raw["bad_tokens"])
    if "snapshots" in raw:
        values["snapshots"] = dict(raw["snapshots"])
    return World(**values)


def _thing(cls: type[T], raw: object, where: str) -> T:
    """Build one value from its JSON object, refusing keys and shapes it does not have."""
    if not isinstance(raw, dict):
        raise WorldError(f"{where}: should be an object")
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in known:
            raise WorldError(f"{where}: unknown key {key!r}; there are {sorted(known)}")
        values[key] = _value(cls, key, value, where)
    try:
        return cls(**values)
    except TypeError as error:
        raise WorldError(f"{where}: {error}") from error


def _value(cls: type, key: str, value: object, where: str) -> object:
    if cls is WebHost and key == "pages":
        if not isinstance(value, dict):
            raise WorldError(f"{where}: 'pages' should be an object of path to behavior")
        return {path: _thing(Behavior, item, f"{where}: {path}") for path, item in value.items()}
    if cls is WebHost and key == "default":
        return _thing(Behavior, value, f"{where}: default")
    if cls is Behavior and key == "sequence":
        steps = value if isinstance(value, list) else []
        return tuple(_thing(Behavior, item, f"{where}: sequence") for item in steps)
    return tuple(value) if isinstance(value, list) else value
