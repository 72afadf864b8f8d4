"""Settings: one small frozen value per consumer. :mod:`linkcheck.config` fills them from files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from linkcheck.model.entry import Ignore


@dataclass(frozen=True, slots=True)
class HostLimits:
    """How hard one host may be asked."""

    concurrency: int = 4
    """Requests under way at once."""
    per_second: float | None = None
    """Requests started a second; ``None`` for no limit beyond the concurrency."""
    attempts: int = 3
    """Tries of one request in all, the first included."""


@dataclass(frozen=True, slots=True)
class NetSettings:
    """What the HTTP door needs to know."""

    user_agent: str = "linkcheck/0.1 (+https://github.com/linkcheck/linkcheck)"
    concurrency: int = 128
    """Requests under way at once over all hosts."""
    connect_timeout: float = 10.0
    """Seconds to reach a host."""
    read_timeout: float = 20.0
    """Seconds of silence from a connected host."""
    request_timeout: float = 40.0
    """Seconds for one request in all, redirects included."""
    deadline: float = 1800.0
    """Seconds for the run; what is not asked by then is reported as not asked."""
    patience: float = 60.0
    """The longest pause in seconds that a host may ask for and get within this run."""
    max_body: int = 2_000_000
    """Bytes of one decoded answer that are read at most (providers may ask for less)."""
    max_redirects: int = 10
    allow_private: bool = False
    default_limits: HostLimits = field(default_factory=HostLimits)
    host_limits: Mapping[str, HostLimits] = field(default_factory=dict)
    """Budgets by host name."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Where the services are and what we may show them."""

    github_api: str = "https://api.github.com"
    github_graphql: str = "https://api.github.com/graphql"
    github_server: str = "https://github.com"
    github_token: str | None = field(default=None, repr=False)
    github_batch: int = 50
    huggingface: str = "https://huggingface.co"
    huggingface_token: str | None = field(default=None, repr=False)
    arxiv: str = "https://export.arxiv.org"
    arxiv_oai: str = "https://oaipmh.arxiv.org/oai"
    arxiv_interval: float = 3.0
    """Seconds between two requests to arXiv, as its terms of use ask."""
    doi: str = "https://doi.org"
    wayback: str = "https://archive.org"
    check_fragments: bool = False
    """Whether ``#anchors`` of web pages are looked for."""


@dataclass(frozen=True, slots=True)
class ConfirmationSettings:
    """When silence becomes death, and how long an answer stays fresh."""

    confirm_failures: int = 3
    """Runs in a row without an answer before a link is called dead …"""
    confirm_days: float = 6.0
    """… and the days they must span."""
    confirm_gone_days: float = 3.0
    """Days after which a second ``gone`` may open an issue."""
    max_age: timedelta = timedelta(0)
    """Reuse observations younger than this, of what is there or gone; zero asks everything anew."""
    web_max_age: timedelta = timedelta(days=7)
    """Healthy web pages are looked at again after this long."""


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """What rules may be told."""

    stale_after: timedelta = timedelta(days=730)
    history: ConfirmationSettings = field(default_factory=ConfirmationSettings)
    select: tuple[str, ...] = ()
    """Only these rules; empty means all."""
    ignore: tuple[str, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    """``[[ignore]]`` tables of the configuration."""
    severities: Mapping[str, str] = field(default_factory=dict)
    """Severity overrides by rule."""
    strict_new_links: bool = False
    exclude: tuple[str, ...] = ()
    """URL globs that are never asked; their links are ``skipped``."""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How other people's layouts are read (``[[source]]``)."""

    path: str
    """A file, folder or glob."""
    format: str | None = None
    """``yaml`` or ``markdown``; ``None`` goes by the suffix."""
    preset: str | None = None
    """``linkcheck``, ``best-of`` or ``awesome-selfhosted``."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Claim name to key in the file."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Role to ``key`` or ``key -> template with {}``."""


@dataclass(frozen=True, slots=True)
class ForgeSettings:
    """How the bot acts on the forge."""

    repo: str | None = None
    """``OWNER/NAME``."""
    label: str = "linkcheck"
    max_new_issues: int = 10
    max_new_pulls: int = 2
    max_open_pulls: int = 10
    templates: str | None = None
    """A folder with the project's own issue and pull request templates."""
