"""Render the texts of issues, pull requests and comments from Jinja templates.

A project's own folder may replace any template of ``templates/`` by name. The first line of a page
is its title. Every result passes through :func:`linkcheck.forge.sanitize.sanitize_markdown`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkcheck.forge.issue_marker import fill_references
from linkcheck.forge.sanitize import (
    code,
    escape_text,
    link,
    sanitize_markdown,
    sanitize_title,
    shorten,
    value,
)
from linkcheck.model.errors import ConfigError
from linkcheck.model.wording import format_date, one_line, plural

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

MAX_BODY = 60_000
"""Characters of a body; GitHub allows 65,536, and the marker needs some."""
MAX_BRIEF = 120
"""Characters of a message in a list."""


@dataclass(frozen=True, slots=True)
class RenderedTemplate:
    """A title and its text."""

    title: str
    text: str


class TemplateRenderer:
    """Renders templates in a sandbox."""

    def __init__(self, folder: str | None = None) -> None:
        """Prefer templates in ``folder`` to the built-in ones."""
        self._folder = folder
        self._environment: SandboxedEnvironment | None = None

    def render_page(self, name: str, values: Mapping[str, Any]) -> RenderedTemplate:
        """Render a template whose first line is the title."""
        head, _, rest = self._render(name, values).lstrip().partition("\n")
        return RenderedTemplate(sanitize_title(_unescaped(head)), sanitize_markdown(rest.strip()))

    def render_comment(self, name: str, values: Mapping[str, Any]) -> str:
        """Render a template without a title."""
        return fill_references(sanitize_markdown(self._render(name, values).strip()))

    def _render(self, name: str, values: Mapping[str, Any]) -> str:
        from jinja2 import TemplateError

        try:
            return self._jinja().get_template(f"{name}.md.jinja").render(values)
        except TemplateError as error:
            raise ConfigError(
                f"the template cannot be filled in: {error}",
                where=f"{self._folder or 'built in'}: {name}.md.jinja",
                hint="Correct the template, or remove it to use the built-in one",
            ) from None

    def _jinja(self) -> "SandboxedEnvironment":
        if self._environment is None:
            from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined
            from jinja2.sandbox import SandboxedEnvironment
            from markupsafe import Markup

            built_in = PackageLoader("linkcheck.forge", "templates")
            loaders = [FileSystemLoader(self._folder), built_in] if self._folder else [built_in]
            environment = SandboxedEnvironment(
                loader=ChoiceLoader(loaders),
                autoescape=True,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
            )

            def literal(text: object) -> Markup:
                return Markup(escape_text(str(text)))  # noqa: S704 - escaped for Markdown

            environment.filters |= {
                "literal": literal,
                "brief": lambda text: literal(shorten(one_line(str(text), 10_000), MAX_BRIEF)),
                "code": lambda text: Markup(code(str(text))),  # noqa: S704 - escaped
                "to": lambda text, url: Markup(link(str(text), str(url))),  # noqa: S704 - escaped
                "value": lambda text: Markup(value(str(text))),  # noqa: S704 - escaped
                "on": format_date,
                "plural": plural,
            }
            self._environment = environment
        return self._environment


def _unescaped(text: str) -> str:
    """Undo the HTML escaping of Jinja: a title is plain text."""
    from html import unescape

    return unescape(text)
