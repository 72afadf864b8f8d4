"""The ``html`` format: one self-contained file, readable without scripts.

Templates autoescape all values and apply :func:`linkcheck.model.escape.visible_line` first, so that
no name or title becomes markup or hides invisible characters. The ``Content-Security-Policy``
allows the one style sheet and the one script, by their hashes.
"""

from linkcheck.model.result import RunResult
from linkcheck.report import OutputCapabilities
from linkcheck.report.html.page_template import (
    content_security_policy,
    inline_assets,
    template_environment,
)
from linkcheck.report.html.plots import plot_all
from linkcheck.report.html.services import service_usages
from linkcheck.report.html.view_model import (
    build_entry_rows,
    build_headline,
    build_rule_pages,
    group_findings,
    status_bar,
)


def render(result: RunResult, output: OutputCapabilities) -> str:  # noqa: ARG001 - one signature for all
    """Return the report as one HTML document."""
    style, script = inline_assets("base.css", "report.css"), inline_assets("table.js", "report.js")
    found = group_findings(result)
    template = template_environment().get_template("report.html")
    return template.render(
        result=result,
        style=style,
        script=script,
        policy=content_security_policy(style, script),
        headline=build_headline(result),
        bar=status_bar(result),
        groups=found,
        services=service_usages(result),
        figures=plot_all(result),
        entries=build_entry_rows(result, found),
        rules=build_rule_pages(result),
    )
