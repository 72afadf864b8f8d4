"""Lines about long waits on standard error, where there is no terminal for a live display."""

import click

from linkcheck.model.protocols import SilentProgress
from linkcheck.model.target import Service
from linkcheck.model.wording import SERVICE_NAMES, format_duration
from linkcheck.report.html.services import service_of_host

MIN_LOGGED_WAIT = 20.0
"""Seconds: shorter waits are not logged."""


class WaitingLog(SilentProgress):
    """Writes a line for each long wait: a job that seems to hang says why."""

    def waiting(self, host: str, seconds: float, why: str) -> None:
        """Write how long requests wait for a service or host."""
        if seconds < MIN_LOGGED_WAIT:
            return
        service = service_of_host(host)
        name = host if service is Service.WEB else SERVICE_NAMES[service]
        click.echo(f"linkcheck: {name}: waiting {format_duration(seconds)} {why}", err=True)
