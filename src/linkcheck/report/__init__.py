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


PROJECT_URL = "https://github.com/linkcheck/linkcheck"
"""Where the project lives: what a report's reader is led to for more."""


def rule_page_url(rule: str) -> str:
    """Return the address of a rule's page."""
    return f"{PROJECT_URL}/blob/main/docs/rules/{rule}.md"


def rerun_command(result: RunResult, command: str, *options: str) -> str:
    """Return a command line (``fix``, ``run``) about what the result is about, for a shell."""
    arguments = result.arguments
    if arguments is None:
        arguments = ("--sandbox",) if result.sandbox else result.inputs
    arguments = () if arguments == ("catalog",) else arguments
    more = (option for option in options if option not in arguments)
    return shlex.join(("linkcheck", command, *more, *arguments))


Render = Callable[[RunResult, OutputCapabilities], str]

_FORMAT_MODULES: Mapping[str, str] = {
    "text": "linkcheck.report.text",
    "json": "linkcheck.report.json",
    "sarif": "linkcheck.report.sarif",
    "junit": "linkcheck.report.junit",
    "markdown": "linkcheck.report.markdown",
    "github": "linkcheck.report.github",
    "html": "linkcheck.report.html",
}
"""Format name to the module whose ``render(result, canvas) -> str`` makes it."""

FORMAT_BY_SUFFIX: Mapping[str, str] = {
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".txt": "text",
    ".html": "html",
}
"""What a file's suffix says about the format wanted in it."""

FORMATS: tuple[str, ...] = tuple(_FORMAT_MODULES)


def get_renderer(name: str) -> Render:
    """Return the function that renders a format. Raises KeyError for an unknown name."""
    return cast("Render", import_module(_FORMAT_MODULES[name]).render)


def iter_report(name: str, result: RunResult, canvas: OutputCapabilities) -> Iterator[str]:
    """Yield a report's text from beginning to end.

    A format whose module has ``iter_text(result) -> Iterator[str]`` is made while it is written: the
    whole text of a large run takes as much memory as all that the run holds. The others come in
    one piece. Raises KeyError for an unknown name.
    """
    module = import_module(_FORMAT_MODULES[name])
    if hasattr(module, "iter_text"):
        yield from module.iter_text(result)
    else:
        yield module.render(result, canvas)
