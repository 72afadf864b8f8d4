"""The upstreams, the links that are asked of each, and the healthy ones beside them."""

from dataclasses import dataclass, replace

from linkcheck.model.settings import ServiceSettings
from linkcheck.sandbox import Limits, Sandbox, parse_fixture

CONTROL_PAGES = 4


@dataclass(frozen=True, slots=True)
class Upstream:
    """One thing that is asked, with the links whose fate hangs on it."""

    name: str
    """As the table's column calls it."""
    pattern: str
    """The sandbox's pattern for the requests that meet the fault."""
    host: str
    family: str
    victims: tuple[str, ...]
    token: bool = True
    """Whether GitHub and Hugging Face are asked with tokens."""
    rest_left: int = 60
    """Anonymous REST requests that GitHub grants."""


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
"""By service: links that must be alive whatever befalls another service."""

GONE = "https://good0.example/gone"
"""A page that is really gone, in every run: the faults of others must not hide it."""

_PAGE = {"title": "A page"}

WORLD = parse_fixture(
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
    """A sandbox whose services are asked with or without tokens."""

    token = True

    def services(self, settings: ServiceSettings) -> ServiceSettings:
        """Return the settings with which providers ask this sandbox."""
        asked = super().services(settings)
        if self.token:
            return asked
        return replace(asked, github_token=None, huggingface_token=None)


def start(upstream: Upstream) -> MatrixSandbox:
    """Start a sandbox for a run against this upstream."""
    limits = Limits(time_scale=0.001, github_core_anonymous=upstream.rest_left)
    sandbox = MatrixSandbox.start(WORLD, limits=limits)
    assert isinstance(sandbox, MatrixSandbox)
    sandbox.token = upstream.token
    return sandbox


def catalog(upstream: Upstream) -> str:
    """Return a catalog (YAML) of the upstream's links, the healthy ones and the dead one."""
    links = [*upstream.victims]
    for family, urls in CONTROLS.items():
        if family != upstream.family or family == "web":
            links += urls
    links.append(GONE)
    return "".join(
        f"- {{id: e{n}, name: E{n}, kind: tool, links: {{homepage: '{url}'}}}}\n"
        for n, url in enumerate(links)
    )
