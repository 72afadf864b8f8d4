"""GitHub and Hugging Face through the real HTTP client, against the sandbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import anyio
import pytest

from linkcheck.model.facts import PathFacts
from linkcheck.model.observation import Found, Gone, Observation, Unknown
from linkcheck.model.protocols import ObservationRequest, SilentProgress
from linkcheck.model.settings import NetSettings, ServiceSettings
from linkcheck.model.target import Service
from linkcheck.net.client import open_client
from linkcheck.net.rate_limits import Backoff
from linkcheck.providers.github.provider import GitHubProvider
from linkcheck.providers.huggingface.provider import HuggingFaceProvider
from linkcheck.providers.table import recognize
from linkcheck.sandbox import Sandbox, parse_fixtures

WORLD = {
    "repositories": [
        *({"name": f"many/r{i}", "files": ["README.md"]} for i in range(60)),
        {
            "name": "octo/new",
            "previous": ["octo/old"],
            "files": ["README.md", "docs/a.md"],
            "branches": ["feature/x"],
            "tags": ["v1"],
            "release": "v1",
            "issues": [1],
        },
        {"name": "octo/dmca", "blocked": "dmca"},
        {"name": "octo/tos", "blocked": "tos"},
        {"name": "octo/corpfork", "parent": "corp/saml"},
        {"name": "corp/saml", "saml": True},
    ],
    "owners": [{"login": "octo"}],
    "hubs": [
        *({"name": f"lab/m{i}", "license": "mit"} for i in range(20)),
        {
            "name": "google-bert/bert",
            "previous": ["bert-base-uncased"],
            "license": "apache-2.0",
            "files": ["config.json"],
        },
        {"name": "o/gated", "gated": "manual", "license": "gemma"},
        {"name": "p/data", "kind": "dataset", "license": "cc-by-4.0"},
        {"name": "q/bare", "card": False},
    ],
}

LINKS = [
    *(f"https://github.com/many/r{i}" for i in range(60)),
    "https://github.com/Octo/Old",
    "https://github.com/octo/new/blob/master/docs/a.md",
    "https://github.com/octo/new/tree/feature/x/docs",
    "https://github.com/octo/new/issues/1",
    "https://github.com/octo/new/issues/404",
    "https://github.com/octo/new/releases/tag/v1",
    "https://github.com/octo",
    "https://github.com/octo/dmca",
    "https://github.com/octo/tos",
    "https://github.com/octo/corpfork",
    "https://github.com/octo/gone",
    "https://github.com/octo/gone/tree/main/x",
    *(f"https://huggingface.co/lab/m{i}" for i in range(20)),
    "https://huggingface.co/lab/missing",
    "https://huggingface.co/bert-base-uncased",
    "https://huggingface.co/google-bert/bert/blob/main/config.json",
    "https://huggingface.co/o/gated",
    "https://huggingface.co/datasets/p/data",
    "https://huggingface.co/q/bare",
]


@dataclass
class Run:
    """What a run saw."""

    by_key: dict[str, Observation]
    requests: dict[str, int]


async def _observe_all(sandbox: Sandbox, token: str | None) -> Run:
    def now() -> datetime:
        return datetime.now(UTC)

    services = ServiceSettings(github_token=token, huggingface_token=token)
    observations: list[Observation] = []
    questions = [ObservationRequest(recognize(link).target) for link in LINKS]
    opened = open_client(
        NetSettings(patience=2.0),
        progress=SilentProgress(),
        not_before={},
        router=sandbox.router(),
        now=now,
        backoff=Backoff(base=0.001, max_wait=0.01),
    )
    async with opened as client:
        for provider in (
            GitHubProvider(client, services, now, lambda _: None),
            HuggingFaceProvider(client, services, now, lambda _: None),
        ):
            own = [q for q in questions if q.target.service is provider.service]
            await provider.observe(own, observations.append)
        counts = dict(client.counts())
    assert len(observations) == len(questions)
    return Run({str(o.target): o for o in observations}, counts)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(parse_fixtures(WORLD), enforce_limits=True, time_scale=0.001) as running:
        yield running


@pytest.mark.parametrize("token", ["any", None])
def test_every_outcome_is_correct(sandbox: Sandbox, token: str | None) -> None:
    observations = anyio.run(_observe_all, sandbox, token).by_key
    gone = {key for key, o in observations.items() if isinstance(o.outcome, Gone)}
    assert gone == {
        "github-other:octo/new/issues/404",
        "github-repo:octo/gone",
        "github-path:octo/gone/tree/main/x",
        "hf-model:lab/missing",
    }
    # Its page refuses everyone, and only the API says why: not asked there, nothing is known.
    unknown = {key for key, o in observations.items() if isinstance(o.outcome, Unknown)}
    assert unknown == (set() if token else {"github-repo:octo/tos"})
    moved = {
        key: o.outcome.now_at
        for key, o in observations.items()
        if isinstance(o.outcome, Found) and o.outcome.now_at
    }
    assert moved == {
        "github-repo:octo/old": "https://github.com/octo/new",
        "hf-model:bert-base-uncased": "https://huggingface.co/google-bert/bert",
    }
    blocked = {
        key: o.repository.blocked
        for key, o in observations.items()
        if o.repository is not None and o.repository.blocked
    }
    assert set(blocked) >= {"github-repo:octo/dmca"}
    path = observations["github-path:octo/new/tree/master/docs/a.md"].facts
    assert isinstance(path, PathFacts)
    assert not path.exists
    bare = observations["hf-model:q/bare"].model
    assert bare is not None
    assert (bare.card_present, bare.card_has_metadata) == (False, False)


def test_the_number_of_requests_is_limited(sandbox: Sandbox) -> None:
    requests = anyio.run(_observe_all, sandbox, "any").requests
    # 65 repositories: two queries, one more for the fork of a closed organization, and one each
    # for what GraphQL does not find: gone, two blocked ones and an issue.
    assert requests["api.github.com"] <= 3 + 4
    # A listing and what it lacks; the renamed one costs its redirect; one card is looked for.
    assert requests["huggingface.co"] == 1 + 1 + 2 + 1 + 1 + 1 + 2
    assert sandbox.counts().duplicates == ()


def test_each_provider_names_its_service() -> None:
    assert GitHubProvider.service is Service.GITHUB
    assert HuggingFaceProvider.service is Service.HUGGINGFACE
