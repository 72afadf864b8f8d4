"""Routers that direct a client's connections to a sandbox."""

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
        fault = sandbox.faults.for_host(host)
        if fault is not None:
            if fault.kind is Kind.DNS:
                return None
            closed = fault.kind is Kind.REFUSED
            return Route(
                "127.0.0.1", sandbox.closed_port() if closed else sandbox.black_hole(), tls=False
            )
        if sandbox.hosts.owns(host):
            return Route("127.0.0.1", sandbox.port, tls=False)
        known = sandbox.fixtures.host_by_name.get(host)
        if known is None:
            sandbox.record_unknown_host(host)
            if sandbox.unknown_hosts == "alive":
                return Route("127.0.0.1", sandbox.port, tls=False)
            return None
        if not known.exists:
            return None
        listens = known.https if scheme == "https" else known.http
        target = sandbox.port if listens and port in (80, 443) else sandbox.closed_port()
        return Route("127.0.0.1", target, tls=False, resolves_to=known.address)


class PortRouter:
    """Resolves every host to one port: a sandbox in another process."""

    def __init__(self, port: int) -> None:
        self._route = Route("127.0.0.1", port, tls=False)

    def route(self, scheme: str, host: str, port: int) -> Route:  # noqa: ARG002 - the router's form
        """Return the same route for every URL."""
        return self._route
