"""GitHub's rate limits: primary quotas by token, secondary limits, and their headers."""

from collections import Counter
from dataclasses import dataclass, field

from linkcheck.sandbox.http_codec import Request, Response, json_response
from linkcheck.sandbox.quotas import Clock, Limits, Window

_DOCS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)


@dataclass(slots=True)
class SandboxQuota:
    """The quotas of one token (or of anonymous requests)."""

    core: Window
    graphql: Window
    rest_minute: Window
    graphql_minute: Window


@dataclass(slots=True)
class Quotas:
    """The quotas by token."""

    limits: Limits
    clock: Clock
    running: Counter[str]
    by_token: dict[str, SandboxQuota] = field(default_factory=dict)
    pages: Window | None = None

    def of(self, token: str | None) -> SandboxQuota:
        """Return the quota of a token; ``None``: anonymous requests."""
        limits = self.limits
        if (token or "") not in self.by_token:
            core, graphql = limits.github_core, limits.github_graphql
            if token is None:
                core, graphql = limits.github_core_anonymous, 0
            elif token.startswith("ghs_"):
                core = graphql = limits.github_actions
            self.by_token[token or ""] = SandboxQuota(
                limits.window(core, 3600, self.clock),
                limits.window(graphql, 3600, self.clock),
                limits.window(limits.github_secondary_rest, 60, self.clock),
                limits.window(limits.github_secondary_graphql, 60, self.clock),
            )
        return self.by_token[token or ""]

    def take_page(self) -> bool:
        """Use the quota of github.com's pages; return whether any remained."""
        if self.pages is None:
            self.pages = self.limits.window(self.limits.github_pages, 60, self.clock)
        return self.pages.take()

    def is_over_concurrency(self) -> bool:
        """Whether more requests are in progress than GitHub allows."""
        return self.limits.enforced and (
            self.running["api.github.com"] > self.limits.github_concurrency
        )

    def refuse_rest(self, request: Request, cost: int) -> Response | None:
        """Use the quotas for one REST request; return the error if none remain."""
        quota = self.of(request.token)
        if not self.limits.enforced:
            quota.core.take()
            return None
        if self.is_over_concurrency() or not quota.rest_minute.take(cost):
            return self.secondary(quota.rest_minute, 429)
        if quota.core.take():
            return None
        who = (
            "user ID 12345."
            if request.token
            else (
                "203.0.113.7. (But here's the good news: Authenticated requests get a higher rate "
                "limit. Check out the documentation for more details.)"
            )
        )
        body = {"message": f"API rate limit exceeded for {who}", "documentation_url": _DOCS}
        return json_response(body, 403, headers(quota.core, "core"))

    def secondary(self, window: Window, status: int) -> Response:
        """Return the error of a secondary rate limit."""
        wait = str(max(1, int(window.reset_in + 0.999)))
        body = {"message": SECONDARY, "documentation_url": f"{_DOCS}#about-secondary-rate-limits"}
        return json_response(body, status, [("retry-after", wait)])

    def rate_limit(self, token: str | None) -> Response:
        """Answer ``/rate_limit``, which costs nothing."""
        quota = self.of(token)
        resources = {
            "core": _resource(quota.core),
            "graphql": _resource(quota.graphql),
            "search": {"limit": 30, "used": 0, "remaining": 30, "reset": reset(quota.core)},
        }
        body = {"resources": resources, "rate": resources["core"]}
        return json_response(body, 200, headers(quota.core, "core"))


def reset(window: Window) -> int:
    """Return the end of a window in seconds since the epoch, rounded up."""
    return int(window.reset_at + 0.999)


def headers(window: Window, resource: str) -> list[tuple[str, str]]:
    """Return the rate-limit headers of a quota."""
    return [
        ("x-ratelimit-limit", str(window.limit)),
        ("x-ratelimit-remaining", str(window.remaining)),
        ("x-ratelimit-used", str(window.limit - window.remaining)),
        ("x-ratelimit-reset", str(reset(window))),
        ("x-ratelimit-resource", resource),
    ]


def _resource(window: Window) -> dict[str, int]:
    used = window.limit - window.remaining
    return {
        "limit": window.limit,
        "used": used,
        "remaining": window.remaining,
        "reset": reset(window),
    }
