"""What the bot writes: templates filled in, made safe, and given the hidden note.

The English templates lie in ``templates/``; a project's own folder may replace any of them by name.
A template's first line is the title where the thing has one. Whatever the template does, the result
goes through :func:`linkcheck.forge.sanitize.guard`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkcheck.forge.sanitize import code, escape_text, sanitize_markdown, sanitize_title
from linkcheck.model.errors import ConfigError
from linkcheck.model.wording import format_date, plural

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

MAX_BODY = 60_000
"""Characters of a body at most; GitHub takes 65,536 and the note needs some."""


@dataclass(frozen=True, slots=True)
class RenderedTemplate:
    """A title and the text under it."""

    title: str
    text: str


class TemplateRenderer:
    """Fills in the templates."""

    def __init__(self, folder: str | None = None) -> None:
        """Take templates from ``folder`` where it has them, else the built-in ones."""
        self._folder = folder
        self._environment: SandboxedEnvironment | None = None

    def render_page(self, name: str, values: Mapping[str, Any]) -> RenderedTemplate:
        """Fill in a template whose first line is the title."""
        head, _, rest = self._fill(name, values).lstrip().partition("\n")
        return RenderedTemplate(sanitize_title(_unescaped(head)), sanitize_markdown(rest.strip()))

    def render_comment(self, name: str, values: Mapping[str, Any]) -> str:
        """Fill in a template without a title."""
        return sanitize_markdown(self._fill(name, values).strip())

    def _fill(self, name: str, values: Mapping[str, Any]) -> str:
        from jinja2 import TemplateError

        try:
            return self._jinja().get_template(f"{name}.md.jinja").render(values)
        except TemplateError as error:
            raise ConfigError(
                f"the template cannot be filled in: {error}",
                where=f"{self._folder or 'built in'}: {name}.md.jinja",
                hint="Mend the template, or remove it to use the built-in one",
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
            environment.filters["literal"] = lambda text: Markup(escape_text(str(text)))  # noqa: S704 - literal() has made it safe
            environment.filters["code"] = lambda text: Markup(code(str(text)))  # noqa: S704 - code() has made it safe
            environment.filters["on"] = format_date
            environment.filters["plural"] = plural
            self._environment = environment
        return self._environment


def _unescaped(text: str) -> str:
    """Return a title's text: titles are no HTML, so what autoescape did is undone."""
    from html import unescape

    return unescape(text)
