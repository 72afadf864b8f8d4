"""The ``html`` report: one file that needs nothing else, readable without scripts.

Everything that varies goes through a template with autoescape on and :func:`visible_line` before it, so
that no name or title becomes markup or hides in invisible characters. The page's policy
(``Content-Security-Policy``) admits this one style sheet and this one script by their digests and
nothing from anywhere else.
"""

from linkcheck.model.result import RunResult
from linkcheck.report import OutputCapabilities
from linkcheck.report.html.page_template import environment, inline, policy
from linkcheck.report.html.plots import figures
from linkcheck.report.html.services import services
from linkcheck.report.html.view_model import entry_rows, groups, headline, rule_pages, status_bar


def render(result: RunResult, canvas: OutputCapabilities) -> str:  # noqa: ARG001 - one signature for all
    """Return the report as one HTML document."""
    style, script = inline("base.css", "report.css"), inline("table.js", "report.js")
    found = groups(result)
    template = environment().get_template("report.html")
    return template.render(
        result=result,
        style=style,
        script=script,
        policy=policy(style, script),
        headline=headline(result),
        bar=status_bar(result),
        groups=found,
        services=services(result),
        figures=figures(result),
        entries=entry_rows(result, found),
        rules=rule_pages(result),
    )
