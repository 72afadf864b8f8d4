"""Render a run's result; one module and one line in the table per format."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from linkcheck.model.result import RunResult


@dataclass(frozen=True, slots=True)
class OutputCapabilities:
    """Capabilities of the output; used by the ``text`` format."""

    width: int = 80
    color: bool = False
    hyperlinks: bool = False
    verbose: bool = False
    """Show every link with its status and all evidence, not only the findings."""


PROJECT_URL = "https://github.com/linkcheck/linkcheck"
"""URL of the project, for links in reports."""


def rule_page_url(rule: str) -> str:
    """Return the URL of a rule's documentation."""
    return f"{PROJECT_URL}/blob/main/docs/rules/{rule}.md"


def rerun_command(result: RunResult, command: str, *options: str) -> str:
    """Return a shell command line (``fix``, ``run``) for the inputs of the result."""
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
"""Module with ``render(result, output) -> str`` by name of the format."""

FORMAT_BY_SUFFIX: Mapping[str, str] = {
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".txt": "text",
    ".html": "html",
}
"""Name of the format by suffix of the file."""

FORMATS: tuple[str, ...] = tuple(_FORMAT_MODULES)


def get_renderer(name: str) -> Render:
    """Return the function that renders a format. Raises KeyError for an unknown name."""
    return cast("Render", import_module(_FORMAT_MODULES[name]).render)


def iter_report(name: str, result: RunResult, output: OutputCapabilities) -> Iterator[str]:
    """Yield a report's text in chunks.

    A module with ``iter_text(result) -> Iterator[str]`` renders while the report is written: the
    text of a large run takes as much memory as the run. Other formats yield one chunk. Raises
    KeyError for an unknown name.
    """
    module = import_module(_FORMAT_MODULES[name])
    if hasattr(module, "iter_text"):
        yield from module.iter_text(result)
    else:
        yield module.render(result, output)
