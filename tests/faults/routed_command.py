"""The command line, with every connection led to a sandbox of the test's process.

``python -m tests.faults.routed_command ROUTES.json run …``: arguments, formats and exit codes are
those of ``linkcheck``; only names are resolved by the file, in place of a name server.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import linkcheck.sandbox
from linkcheck.cli import main
from linkcheck.model.settings import NetSettings, ServiceSettings
from linkcheck.net.messages import Route


class FileRouter:
    """Routes by scheme and host; all other names do not exist."""

    def __init__(self, routes: dict[str, Any], missing: Route) -> None:
        self._routes = {name: Route(**route) for name, route in routes.items()}
        self._missing = missing

    def route(self, scheme: str, host: str, port: int) -> Route:
        return self._routes.get(f"{scheme}://{host}", self._missing)


class RoutedSandbox:
    """As much of a sandbox as a run uses."""

    inputs = ()

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        pass

    def router(self) -> FileRouter:
        return FileRouter(self._settings["routes"], Route(**self._settings["missing"]))

    def services(self, settings: ServiceSettings) -> ServiceSettings:
        return replace(settings, github_token="test", huggingface_token="test", arxiv_interval=0.01)

    def net(self, settings: NetSettings) -> NetSettings:
        return settings

    def earlier_observations(self, _now: object) -> tuple[()]:
        return ()


if __name__ == "__main__":
    file, *arguments = sys.argv[1:]
    routed = RoutedSandbox(json.loads(Path(file).read_text("utf-8")))
    linkcheck.sandbox.Sandbox.start = lambda *_args, **_kwargs: routed  # type: ignore[method-assign, assignment]
    sys.argv = ["linkcheck", *arguments, "--sandbox"]
    sys.exit(main())
