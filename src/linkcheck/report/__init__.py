"""Reports: a run's result in, text out. One file per format, one line per format in the table."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from linkcheck.model.result import RunResult


@dataclass(frozen=True, slots=True)
class OutputCapabilities:
    """What the medium can show; only the formats for terminals look at it."""

    width: int = 80
    color: bool = False
    hyperlinks: bool = False
    verbose: bool = False
    """Show every link with its status and all evidence, not only the findings."""


PROJECT = "https://github.com/linkcheck/linkcheck"
"""Where the project lives: what a report's reader is led to for more."""


def rule_page(rule: str) -> str:
    """Return the address of a rule's page."""
    return f"{PROJECT}/blob/main/docs/rules/{rule}.md"


def rerun_command(result: RunResult, command: str, *options: str) -> str:
    """Return a command line (``fix``, ``run``) about what the result is about, for a shell."""
    known = result.arguments
    if known is None:
        known = ("--sandbox",) if result.sandbox else result.inputs
    known = () if known == ("catalog",) else known
    more = (option for option in options if option not in known)
    return shlex.join(("linkcheck", command, *more, *known))


Render = Callable[[RunResult, OutputCapabilities], str]

_MODULES: Mapping[str, str] = {
    "text": "linkcheck.report.text",
    "json": "linkcheck.report.json",
    "sarif": "linkcheck.report.sarif",
    "junit": "linkcheck.report.junit",
    "markdown": "linkcheck.report.markdown",
    "github": "linkcheck.report.github",
    "html": "linkcheck.report.html",
}
"""Format name to the module whose ``render(result, canvas) -> str`` makes it."""

SUFFIXES: Mapping[str, str] = {
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".txt": "text",
    ".html": "html",
}
"""What a file's suffix says about the format wanted in it."""

FORMATS: tuple[str, ...] = tuple(_MODULES)


def renderer(name: str) -> Render:
    """Return the function that renders a format. Raises KeyError for an unknown name."""
    return cast("Render", import_module(_MODULES[name]).render)


def iter_report(name: str, result: RunResult, canvas: OutputCapabilities) -> Iterator[str]:
    """Yield a report's text from beginning to end.

    A format whose module has ``pieces(result) -> Iterator[str]`` is made while it is written: the
    whole text of a large run takes as much memory as all that the run holds. The others come in
    one piece. Raises KeyError for an unknown name.
    """
    module = import_module(_MODULES[name])
    if hasattr(module, "pieces"):
        yield from module.pieces(result)
    else:
        yield module.render(result, canvas)
