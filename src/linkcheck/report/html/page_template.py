"""The template environment, assets and content security policy of all pages."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from linkcheck.model.escape import visible_line
from linkcheck.model.wording import plural

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@cache
def template_environment() -> "Environment":
    """Return the template environment, with autoescape and errors for undefined names."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("linkcheck.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize_value,
    )
    environment.filters["number"] = format_number
    environment.filters["plural"] = plural
    environment.filters["lines"] = nl2br
    return environment


def finalize_value(value: object) -> object:
    """Return the value for output: visible characters only, ``None`` as an empty string."""
    from markupsafe import Markup

    if isinstance(value, str) and not isinstance(value, Markup):
        return visible_line(value)
    return "" if value is None else value


def nl2br(text: str) -> "Markup":
    """Return escaped text with its line breaks."""
    from markupsafe import Markup, escape

    return Markup("\n").join(escape(visible_line(line)) for line in text.splitlines())


def format_number(value: object) -> str:
    """Return an integer with thousands separators; an empty string for anything else."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else ""


def safe_href(url: str | None) -> str | None:
    """Return the URL if it is safe as a link target (``http`` and ``https``)."""
    if url is None:
        return None
    return url if url.lower().startswith(("http://", "https://")) else None


def read_asset(name: str) -> str:
    """Return the text of a shipped style sheet or script."""
    return files("linkcheck.report.html").joinpath("templates", name).read_text("utf-8")


def inline_assets(*names: str) -> "Markup":
    """Return the joined assets for a ``<style>`` or ``<script>`` element."""
    from markupsafe import Markup

    return Markup("\n".join(read_asset(name).strip() for name in names))  # noqa: S704 - our own files


def csp_hash(text: str) -> str:
    """Return the hash source of an inline script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def content_security_policy(style: str, script: str) -> str:
    """Return the ``Content-Security-Policy`` of a self-contained page."""
    return (
        f"default-src 'none'; style-src {csp_hash(style)}; script-src {csp_hash(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
