"""Settings: one small frozen value per consumer. :mod:`linkcheck.config` fills them from files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from linkcheck.model.config_field import config_field
from linkcheck.model.entry import Ignore
from linkcheck.model.finding import Severity

DEFAULT_DEADLINE = 3600.0
"""Seconds for a whole run without a configured deadline …"""
DEFAULT_CHANGE_DEADLINE = 120.0
"""… and for one over a change alone, as in a pull request."""

PRESETS = ("linkcheck", "best-of", "awesome-selfhosted")
"""Names of known catalog layouts."""


@dataclass(frozen=True, slots=True)
class HostLimits:
    """Limits on the requests to one host."""

    concurrency: int = config_field(4, "Requests under way at once to this host.")
    per_second: float | None = config_field(None, "Requests started a second.", shown="no limit")
    attempts: int = config_field(3, "Tries of one request in all.")


@dataclass(frozen=True, slots=True)
class NetSettings:
    """Settings of the HTTP client; durations in seconds."""

    user_agent: str = config_field(
        "linkcheck/0.1 (+https://github.com/linkcheck/linkcheck)",
        "How linkcheck introduces itself; name a contact.",
        shown="linkcheck/…",
    )
    concurrency: int = config_field(128, "Requests under way at once over all hosts.")
    connect_timeout: float = config_field(10.0, "Seconds to reach a host.")
    read_timeout: float = config_field(20.0, "Seconds of silence from a connected host.")
    request_timeout: float = config_field(40.0, "Seconds for one request in all.")
    """Includes redirects."""
    deadline: float | None = config_field(
        None, "Seconds for the whole run.", shown="3600; 120 for a change"
    )
    """Targets without a request by then are reported as skipped."""
    patience: float = config_field(
        60.0, "Longest pause in seconds granted to a web host, or to a service that fails."
    )
    """The limits of services are waited for until the deadline."""
    max_body: int = 2_000_000
    """Maximum bytes read of a decoded response body; a request may set a lower limit."""
    max_redirects: int = config_field(10, "Redirects followed at most.")
    allow_private: bool = False
    default_limits: HostLimits = field(default_factory=HostLimits)
    host_limits: Mapping[str, HostLimits] = field(default_factory=dict)
    """Limits by host name, for hosts with limits of their own."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Base URLs of the services and credentials for them."""

    github_api: str = "https://api.github.com"
    github_graphql: str = "https://api.github.com/graphql"
    github_server: str = "https://github.com"
    github_token: str | None = field(default=None, repr=False)
    github_batch: int = 50
    """Maximum repositories in one GraphQL query."""
    huggingface: str = "https://huggingface.co"
    huggingface_token: str | None = field(default=None, repr=False)
    arxiv: str = "https://export.arxiv.org"
    arxiv_oai: str = "https://oaipmh.arxiv.org/oai"
    arxiv_interval: float = 3.0
    """Minimum seconds between two requests to arXiv, from its terms of use."""
    doi: str = "https://doi.org"
    wayback: str = "https://archive.org"
    check_fragments: bool = config_field(False, "Look for the `#anchors` of web pages.")


@dataclass(frozen=True, slots=True)
class ConfirmationSettings:
    """Thresholds for calling a link dead, and the maximum age of reused observations."""

    confirm_failures: int = config_field(3, "Runs without an answer before a link is called dead.")
    confirm_days: float = config_field(6.0, "Days that those runs must span.")
    confirm_gone_days: float = config_field(3.0, "Days before a gone link may open an issue.")
    max_age: timedelta = config_field(
        timedelta(0), "Reuse observations younger than this, of what was there or gone."
    )
    web_max_age: timedelta = config_field(
        timedelta(days=7), "Look at healthy web pages again after this."
    )


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """Settings of the rules."""

    stale_after: timedelta = config_field(
        timedelta(days=730), "No commit for this long counts as stale."
    )
    history: ConfirmationSettings = field(default_factory=ConfirmationSettings)
    select: tuple[str, ...] = config_field((), "Only these rules.", shown="all", table="rules")
    ignore: tuple[str, ...] = config_field((), "Not these rules.", shown="none", table="rules")
    severity: Mapping[str, str] = config_field(
        {}, "Another severity for a rule.", shown="{}", choices=tuple(Severity), table="rules"
    )
    ignores: tuple[Ignore, ...] = ()
    """The ``[[ignore]]`` tables of the configuration."""
    strict_new_links: bool = config_field(
        False, "Links new in a change fail when they cannot be reached."
    )
    exclude: tuple[str, ...] = config_field((), "URL globs that are never asked.", shown="[]")
    """Links to these URLs are ``skipped``."""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """The layout of other projects' catalog files (``[[source]]``)."""

    path: str = field(metadata={"help": "File, folder or glob."})
    format: str | None = config_field(
        None, "How it is written.", shown="by its suffix", choices=("yaml", "markdown")
    )
    preset: str | None = config_field(None, "A known layout.", shown='"linkcheck"', choices=PRESETS)
    fields: Mapping[str, str] = config_field(
        {}, "Which of its keys mean what.", shown="the preset's"
    )
    """Key in the file by name of a claim."""
    links: Mapping[str, str] = field(default_factory=dict)
    """``key`` or ``key -> template with {}`` by role of the link; ``fields.links`` in the file."""


@dataclass(frozen=True, slots=True)
class ForgeSettings:
    """Settings of the bot's issues and pull requests."""

    repo: str | None = config_field(None, "The repository, OWNER/NAME.", shown="$GITHUB_REPOSITORY")
    label: str = config_field("linkcheck", "The bot's own label.")
    max_new_issues: int = config_field(10, "New issues in one run at most.")
    max_new_pulls: int = config_field(2, "New pull requests in one run at most.")
    max_open_pulls: int = config_field(10, "Open pull requests at most.")
    templates: str | None = config_field(
        None, "Folder with your own issue and pull request texts.", shown="built in"
    )
    onboarding: bool = config_field(
        False, "Begin with one issue that shows the plan, and wait until it is accepted."
    )
