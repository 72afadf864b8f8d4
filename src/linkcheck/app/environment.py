"""Options and environment of a run."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from linkcheck.model.protocols import Progress, SilentProgress
from linkcheck.model.settings import ServiceSettings
from linkcheck.model.target import Service


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options of one run."""

    paths: tuple[str, ...] = ()
    services: frozenset[Service] = frozenset(Service)
    offline: bool = False
    shard: tuple[int, int] | None = None
    max_age: timedelta | None = None
    changed_since: str | None = None
    """A git revision: report only on what the working tree adds or alters against it."""
    store: Path | None = None
    """File of the store; ``None`` stores nothing."""
    sandbox: bool = False
    allow_private: bool = False
    accept_loss: bool = False
    """Accept that many entries lost a fact at once; a person has confirmed it."""


@dataclass(frozen=True, slots=True)
class RunEnvironment:
    """Working directory, environment variables, clock and streams."""

    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    progress: Progress = field(default_factory=SilentProgress)
    stdin: Callable[[], bytes] = field(default=lambda: sys.stdin.buffer.read())  # noqa: PLW0108 - stdin may be replaced
    """Reads all of standard input; called if ``-`` is among the paths."""


def services_from(settings: ServiceSettings, env: Mapping[str, str]) -> ServiceSettings:
    """Return the settings with base URLs and tokens from the environment variables."""

    def url(name: str, default: str) -> str:
        return (env.get(name) or default).rstrip("/")

    api = url("GITHUB_API_URL", settings.github_api)
    arxiv = url("LINKCHECK_ARXIV_URL", settings.arxiv)
    graphql = env.get("GITHUB_GRAPHQL_URL")
    if not graphql:
        # GitHub Enterprise Server answers REST at /api/v3 and GraphQL at /api/graphql.
        graphql = f"{api.removesuffix('/v3')}/graphql"
    return replace(
        settings,
        github_api=api,
        github_graphql=graphql.rstrip("/"),
        github_server=url("GITHUB_SERVER_URL", settings.github_server),
        github_token=env.get("GITHUB_TOKEN") or env.get("GH_TOKEN") or None,
        huggingface=url("HF_ENDPOINT", settings.huggingface),
        huggingface_token=env.get("HF_TOKEN") or None,
        arxiv=arxiv,
        # A different arXiv must not fall back to the real one.
        arxiv_oai=url(
            "LINKCHECK_ARXIV_OAI_URL",
            settings.arxiv_oai if arxiv == settings.arxiv else f"{arxiv}/oai",
        ),
        doi=url("LINKCHECK_DOI_URL", settings.doi),
        wayback=url("LINKCHECK_WAYBACK_URL", settings.wayback),
    )
