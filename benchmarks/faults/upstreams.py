"""The upstreams, their links, and the healthy links of every run."""

from dataclasses import dataclass, replace

from linkcheck.model.settings import ServiceSettings
from linkcheck.sandbox import Limits, Sandbox, parse_fixtures

CONTROL_PAGES = 4


@dataclass(frozen=True, slots=True)
class Upstream:
    """One upstream with the links that depend on it."""

    name: str
    """The heading of its column."""
    pattern: str
    """The sandbox's pattern for the requests that get the fault."""
    host: str
    service: str
    urls: tuple[str, ...]
    token: bool = True
    """Whether requests to GitHub and Hugging Face have tokens."""
    rest_left: int = 60
    """GitHub's quota of anonymous REST requests."""


_REPOSITORIES = (
    "https://github.com/vic/one",
    "https://github.com/vic/two",
    "https://github.com/vic/one/blob/main/docs/a.md",
)

UPSTREAMS = (
    Upstream("GitHub GraphQL", "api.github.com/graphql", "api.github.com", "github", _REPOSITORIES),
    Upstream(
        "GitHub REST", "api.github.com", "api.github.com", "github", _REPOSITORIES, token=False
    ),
    Upstream(
        "GitHub pages",
        "github.com",
        "github.com",
        "github",
        _REPOSITORIES,
        token=False,
        rest_left=0,
    ),
    Upstream(
        "Hugging Face",
        "huggingface.co",
        "huggingface.co",
        "huggingface",
        (
            "https://huggingface.co/lab/m1",
            "https://huggingface.co/lab/m2",
            "https://huggingface.co/datasets/lab/d1",
            "https://huggingface.co/lab/m1/blob/main/config.json",
        ),
    ),
    Upstream(
        "arXiv",
        "export.arxiv.org",
        "export.arxiv.org",
        "arxiv",
        tuple(f"https://arxiv.org/abs/2303.1407{i}" for i in range(6)),
    ),
    Upstream(
        "DOI",
        "doi.org",
        "doi.org",
        "doi",
        ("https://doi.org/10.1000/one", "https://doi.org/10.1000/two"),
    ),
    Upstream(
        "web",
        "victim.example",
        "victim.example",
        "web",
        ("https://victim.example/", "https://victim.example/deep/page"),
    ),
)

CONTROLS = {
    "github": ("https://github.com/good/repo",),
    "huggingface": ("https://huggingface.co/good/model",),
    "arxiv": ("https://arxiv.org/abs/2401.00001",),
    "doi": ("https://doi.org/10.1000/good",),
    "web": tuple(f"https://good{i}.example/page" for i in range(CONTROL_PAGES)),
}
"""Links by service that must be alive whatever the fault of another service."""

DEAD_PAGE = "https://good0.example/gone"
"""A dead page of every run, which must be reported despite the fault."""

_PAGE = {"title": "A page"}

FIXTURES = parse_fixtures(
    {
        "repositories": [
            {"name": "vic/one", "files": ["README.md", "docs/a.md"]},
            {"name": "vic/two"},
            {"name": "good/repo"},
        ],
        "hubs": [
            {"name": "lab/m1", "license": "mit", "files": ["config.json"]},
            {"name": "lab/m2", "license": "mit"},
            {"name": "lab/d1", "kind": "dataset", "license": "mit"},
            {"name": "good/model", "license": "mit"},
        ],
        "papers": [
            *({"id": f"2303.1407{i}", "title": f"Paper {i}"} for i in range(6)),
            {"id": "2401.00001", "title": "A good paper"},
        ],
        "dois": [{"id": f"10.1000/{name}"} for name in ("one", "two", "good")],
        "hosts": [
            {"name": "victim.example", "default": _PAGE},
            {"name": "sso.example", "default": {"title": "Sign in"}},
            {"name": "new.example", "default": _PAGE},
            {"name": "inside.example", "address": "10.0.0.7", "default": _PAGE},
            *(
                {"name": f"good{i}.example", "pages": {"/page": _PAGE}}
                for i in range(CONTROL_PAGES)
            ),
        ],
    }
)


class MatrixSandbox(Sandbox):
    """A sandbox with or without tokens."""

    token = True

    def services(self, settings: ServiceSettings) -> ServiceSettings:
        """Return the service settings for this sandbox."""
        adjusted = super().services(settings)
        if self.token:
            return adjusted
        return replace(adjusted, github_token=None, huggingface_token=None)


def start_sandbox(upstream: Upstream) -> MatrixSandbox:
    """Start a sandbox for a run with this upstream."""
    limits = Limits(time_scale=0.001, github_core_anonymous=upstream.rest_left)
    sandbox = MatrixSandbox.start(FIXTURES, limits=limits)
    assert isinstance(sandbox, MatrixSandbox)
    sandbox.token = upstream.token
    return sandbox


def catalog(upstream: Upstream) -> str:
    """Return a catalog (YAML) of the upstream's, the healthy and the dead links."""
    links = [*upstream.urls]
    for service, urls in CONTROLS.items():
        if service != upstream.service or service == "web":
            links += urls
    links.append(DEAD_PAGE)
    return "".join(
        f"- {{id: e{n}, name: E{n}, kind: tool, links: {{homepage: '{url}'}}}}\n"
        for n, url in enumerate(links)
    )
