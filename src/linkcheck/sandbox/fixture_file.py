"""Read fixtures from JSON files; unknown keys are errors, so that a typo cannot change a result."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from linkcheck.sandbox.fixtures import (
    Behavior,
    Doi,
    FixtureError,
    Fixtures,
    HubRepository,
    Owner,
    Paper,
    Repository,
    WebHost,
)
from linkcheck.sandbox.publications import Publication

T = TypeVar("T")

_SECTIONS: Mapping[str, type] = {
    "repositories": Repository,
    "hubs": HubRepository,
    "papers": Paper,
    "dois": Doi,
    "publications": Publication,
    "owners": Owner,
    "hosts": WebHost,
}


def load_fixtures(*files: Path) -> Fixtures:
    """Read fixture files and merge them; later files take precedence.

    Raises :class:`FixtureError` for an invalid file.
    """
    fixtures = Fixtures()
    for file in files:
        try:
            raw = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise FixtureError(f"{file}: cannot be read as JSON ({error})") from error
        fixtures = parse_fixtures(raw, str(file)).over(fixtures)
    return fixtures


def parse_fixtures(raw: object, where: str = "world") -> Fixtures:
    """Parse decoded JSON; raises :class:`FixtureError` whose message begins with ``where``."""
    if not isinstance(raw, dict):
        raise FixtureError(f"{where}: a world is an object with sections such as 'repositories'")
    known = {f.name for f in fields(Fixtures)} | {"about", "history", "seeded_defects"}
    if unknown := sorted(set(raw) - known):
        raise FixtureError(
            f"{where}: no section is called {unknown[0]!r}; there are {sorted(known)}"
        )
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
    return Fixtures(**values)


def _thing(cls: type[T], raw: object, where: str) -> T:
    """Build one value from its JSON object; raises :class:`FixtureError` for an unknown key."""
    if not isinstance(raw, dict):
        raise FixtureError(f"{where}: should be an object")
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in known:
            raise FixtureError(f"{where}: unknown key {key!r}; there are {sorted(known)}")
        values[key] = _value(cls, key, value, where)
    try:
        return cls(**values)
    except TypeError as error:
        raise FixtureError(f"{where}: {error}") from error


def _value(cls: type, key: str, value: object, where: str) -> object:
    if cls is WebHost and key == "pages":
        if not isinstance(value, dict):
            raise FixtureError(f"{where}: 'pages' should be an object of path to behavior")
        return {path: _thing(Behavior, item, f"{where}: {path}") for path, item in value.items()}
    if cls is WebHost and key == "default":
        return _thing(Behavior, value, f"{where}: default")
    if cls is Behavior and key == "sequence":
        steps = value if isinstance(value, list) else []
        return tuple(_thing(Behavior, item, f"{where}: sequence") for item in steps)
    return tuple(value) if isinstance(value, list) else value
