"""``linkcheck explain``."""

import click

from linkcheck.cli.options import color_option
from linkcheck.cli.output import terminal_capabilities


@click.command("explain")
@click.argument("rule", required=False)
@color_option
def command(rule: str | None, color: str) -> int:
    """Show a rule's page: what it looks for, why, and what to do.

    Without RULE: the list of rules.
    """
    from linkcheck.rules.table import all_rules, load

    if rule is None:
        rules = all_rules()
        width = max(len(known.name) for known in rules)
        for known in rules:
            click.echo(f"{known.name:<{width}}  {known.severity.value:<8} {known.summary}")
        click.echo("\n'linkcheck explain RULE' shows the page of one.")
        return 0
    from linkcheck.rules._pages import page

    text = page(load(rule))
    terminal = terminal_capabilities(color)
    if not terminal.color:
        click.echo(text)
        return 0
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(terminal.width, 100)).print(Markdown(text))
    return 0
