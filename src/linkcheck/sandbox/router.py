"""Routers that direct a client's connections to a sandbox."""

from dataclasses import replace
from typing import TYPE_CHECKING

from linkcheck.net.messages import Route
from linkcheck.sandbox.faults import Kind

if TYPE_CHECKING:
    from linkcheck.sandbox.server import Sandbox


class SandboxRouter:
    """Resolves every host to the sandbox."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    def route(self, scheme: str, host: str, port: int) -> Route | None:
        """Return the route for ``scheme://host:port``; ``None``: the name does not resolve."""
        sandbox = self._sandbox
        if (fixed := sandbox.overrides.get(host)) is not None:
            return fixed
        found = self._route(scheme, host, port)
        timing = sandbox.timing
        if timing is None:
            return found if found.exists else None
        return replace(found, name_delay=timing.name_delay(exists=found.exists))

    def _route(self, scheme: str, host: str, port: int) -> Route:
        sandbox = self._sandbox
        missing = Route("127.0.0.1", 0, exists=False)
        fault = sandbox.faults.for_host(host)
        if fault is not None:
            if fault.kind is Kind.DNS:
                return missing
            closed = fault.kind is Kind.REFUSED
            return Route("127.0.0.1", sandbox.closed_port() if closed else sandbox.black_hole())
        tls_port = sandbox.tls_ports.get(host) if scheme == "https" else None
        served = Route("127.0.0.1", tls_port or sandbox.port, tls=tls_port is not None)
        if sandbox.hosts.owns(host):
            return served
        known = sandbox.fixtures.host_by_name.get(host)
        if known is None:
            sandbox.record_unknown_host(host)
            return served if sandbox.unknown_hosts == "alive" else missing
        if not known.exists:
            return missing
        listens = known.https if scheme == "https" else known.http
        if not listens or port not in (80, 443):
            served = Route("127.0.0.1", sandbox.closed_port())
        return replace(served, resolves_to=known.address)


class PortRouter:
    """Resolves every host to one port: a sandbox in another process."""

    def __init__(self, port: int) -> None:
        self._route = Route("127.0.0.1", port, tls=False)

    def route(self, scheme: str, host: str, port: int) -> Route:  # noqa: ARG002 - the router's form
        """Return the same route for every URL."""
        return self._route
