import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkcheck.model.target import Target, TargetKind
from linkcheck.model.url import InvalidUrlError
from linkcheck.providers.arxiv.recognize import parse_id
from linkcheck.providers.github import recognize as github
from linkcheck.providers.huggingface import recognize as hub
from linkcheck.providers.table import recognize

GITHUB = [
    # URL as written, kind, key
    ("https://github.com/a/B", "github-repo", "a/b"),
    ("HTTP://www.GitHub.com/A/b.git/", "github-repo", "a/b"),
    ("https://github.com:443/A/b?tab=readme-ov-file#install", "github-repo", "a/b"),
    ("https://github.com/a/b?utm_source=x", "github-repo", "a/b"),
    ("https://github.com/a/B/commits/main/D", "github-other", "a/b/commits/main/D"),
    ("https://github.com/a/b/compare/v1...v2", "github-other", "a/b/compare/v1...v2"),
    ("https://github.com/a/b/archive/v1.zip", "github-other", "a/b/archive/v1.zip"),
    (
        "https://codeload.github.com/a/b/zip/refs/tags/v1",
        "github-other",
        "a/b/archive/refs/tags/v1.zip",
    ),
    ("https://codeload.github.com/a/b/legacy.tar.gz/v1", "github-other", "a/b/archive/v1.tar.gz"),
    ("https://github.com/a/b/releases/v1", "github-other", "a/b/releases/tag/v1"),
    ("https://github.com/a/b/releases/new", "github-other", "a/b/releases/new"),
    ("https://github.com/a/b/milestone/7", "github-other", "a/b/milestone/7"),
    ("https://github.com/a/b/milestone/7?closed=1", "github-other", "a/b/milestone/7"),
    (
        "https://github.com/a/b/actions/workflows/ci.yml/badge.svg",
        "github-other",
        "a/b/actions/workflows/ci.yml",
    ),
    (
        "https://github.com/a/b/actions/workflows/pages/x",
        "github-other",
        "a/b/actions/workflows/pages/x",
    ),
    ("git@github.com:A/b.git", "github-repo", "a/b"),
    ("ssh://git@github.com/a/b.git", "github-repo", "a/b"),
    ("git://github.com/a/b", "github-repo", "a/b"),
    ("git+https://github.com/a/b.git@v1.0#egg=b", "github-repo", "a/b"),
    ("git+ssh://git@github.com/a/b.git", "github-repo", "a/b"),
    ("gh:a/b", "github-repo", "a/b"),
    ("https://api.github.com/repos/a/b", "github-repo", "a/b"),
    ("https://redirect.github.com/a/b", "github-repo", "a/b"),
    ("https://github.com/a/.github", "github-repo", "a/.github"),
    ("https://github.com/A/b/tree/Main", "github-path", "a/b/tree/Main"),
    ("https://github.com/A/b/tree/main/Docs/", "github-path", "a/b/tree/main/Docs"),
    ("https://github.com/A/b/blob/main/R%C3%A9.md#L3", "github-path", "a/b/tree/main/Ré.md"),
    ("https://github.com/A/b/raw/refs/heads/main/x.py", "github-path", "a/b/tree/main/x.py"),
    ("https://github.com/A/b/edit/main/x.py", "github-path", "a/b/tree/main/x.py"),
    ("https://raw.githubusercontent.com/A/b/main/x.py", "github-path", "a/b/tree/main/x.py"),
    (
        "https://raw.githubusercontent.com/a/b/refs/tags/v1/x.py",
        "github-path",
        "a/b/tree/v1/x.py",
    ),
    ("https://github.com/A/b/releases", "github-other", "a/b/releases"),
    ("https://github.com/A/b/releases/latest", "github-other", "a/b/releases/latest"),
    ("https://github.com/A/b/releases/tag/V1", "github-other", "a/b/releases/tag/V1"),
    ("https://github.com/A/b/issues", "github-other", "a/b/issues"),
    ("https://github.com/A/b/issues/12#issuecomment-1", "github-other", "a/b/issues/12"),
    ("https://github.com/A/b/pull/12/files", "github-other", "a/b/pull/12"),
    ("https://github.com/A/b/pulls", "github-other", "a/b/pulls"),
    ("https://github.com/A/b/wiki", "github-other", "a/b/wiki"),
    ("https://github.com/A/b/wiki/Home-Page", "github-other", "a/b/wiki/Home-Page"),
    ("https://github.com/A/b/discussions/7", "github-other", "a/b/discussions/7"),
    ("https://github.com/A/b/commit/ABC", "github-other", "a/b/commit/ABC"),
    ("https://github.com/A/b/src", "github-other", "a/b/src"),
    ("https://github.com/OpenAI", "github-other", "openai"),
    ("https://github.com/OpenAI/?tab=repositories", "github-other", "openai"),
    ("https://github.com/orgs/OpenAI/repositories", "github-other", "openai"),
    ("https://gist.github.com/A/0123456789abcdef0123", "github-other", "gist/0123456789abcdef0123"),
    ("https://gist.github.com/1234567", "github-other", "gist/1234567"),
    ("https://gist.github.com/A", "github-other", "a"),
    ("https://github.com", "web", "https://github.com/"),
    ("https://github.com/features/copilot", "web", "https://github.com/features/copilot"),
    ("https://github.com/topics/nlp", "web", "https://github.com/topics/nlp"),
    ("https://github.com/search?q=x", "web", "https://github.com/search?q=x"),
    ("https://github.com/sponsors/a", "web", "https://github.com/sponsors/a"),
    ("https://github.com/orgs/a/discussions/3", "web", "https://github.com/orgs/a/discussions/3"),
    ("https://a.github.io/b/", "web", "https://a.github.io/b/"),
    ("https://docs.github.com/en", "web", "https://docs.github.com/en"),
    ("ssh://git@example.org:22/a/b", "web", "https://example.org/a/b"),
    ("https://gist.github.com/discover", "web", "https://gist.github.com/discover"),
    ("git@gitlab.com:a/b.git", "web", "https://gitlab.com/a/b"),
]

HUB = [
    ("https://huggingface.co/Org/Name", "hf-model", "org/name"),
    ("https://hf.co/Org/Name/", "hf-model", "org/name"),
    ("https://hf-mirror.com/Org/Name", "hf-model", "org/name"),
    ("https://www.huggingface.co/org/name?library=x", "hf-model", "org/name"),
    ("hf:Org/Name", "hf-model", "org/name"),
    ("https://huggingface.co/api/models/org/name", "hf-model", "org/name"),
    ("https://huggingface.co/org/name/tree/main", "hf-model", "org/name"),
    ("https://huggingface.co/bert-base-uncased", "hf-model", "bert-base-uncased"),
    ("https://huggingface.co/GPT2/tree/main", "hf-model", "gpt2"),
    ("https://huggingface.co/gpt2/blob/main/a.json", "hf-other", "gpt2/tree/main/a.json"),
    ("https://huggingface.co/Org", "hf-other", "org"),
    ("https://huggingface.co/Org/models", "hf-other", "org"),
    ("https://huggingface.co/datasets/Org/Name", "hf-dataset", "org/name"),
    ("https://huggingface.co/datasets/squad", "hf-dataset", "squad"),
    ("https://huggingface.co/datasets/squad/tree/main", "hf-dataset", "squad"),
    (
        "https://huggingface.co/datasets/Org/N/viewer/default/train",
        "hf-other",
        "datasets/org/n/viewer/default/train",
    ),
    ("https://huggingface.co/spaces/Org/Name", "hf-space", "org/name"),
    ("https://huggingface.co/Org/N/tree/v1.0", "hf-other", "org/n/tree/v1.0"),
    ("https://huggingface.co/Org/N/tree/refs%2Fpr%2F1", "hf-other", "org/n/tree/refs/pr/1"),
    ("https://huggingface.co/Org/N/blob/main/A.md", "hf-other", "org/n/tree/main/A.md"),
    (
        "https://huggingface.co/Org/N/resolve/main/A.md?download=true",
        "hf-other",
        "org/n/tree/main/A.md",
    ),
    (
        "https://huggingface.co/datasets/Org/N/resolve/main/A.md",
        "hf-other",
        "datasets/org/n/tree/main/A.md",
    ),
    ("https://huggingface.co/Org/N/discussions/3", "hf-other", "org/n/discussions/3"),
    ("https://huggingface.co/papers/2303.14070", "hf-other", "papers/2303.14070"),
    ("https://huggingface.co/collections/Org/Slug-1f", "hf-other", "collections/org/Slug-1f"),
    ("https://huggingface.co/docs/transformers", "web", "https://huggingface.co/docs/transformers"),
    ("https://huggingface.co/blog/x", "web", "https://huggingface.co/blog/x"),
    ("https://huggingface.co/models?search=x", "web", "https://huggingface.co/models?search=x"),
    ("https://huggingface.co/spaces", "web", "https://huggingface.co/spaces"),
    ("https://huggingface.co/datasets", "web", "https://huggingface.co/datasets"),
    ("https://huggingface.co/", "web", "https://huggingface.co/"),
    ("https://org-name.hf.space/", "web", "https://org-name.hf.space/"),
]

ARXIV = [
    # URL as written, key, version
    ("https://arxiv.org/abs/2303.14070", "2303.14070", None),
    ("http://www.arxiv.org/abs/2303.14070v3", "2303.14070", 3),
    ("https://arxiv.org/abs/2303.14070/", "2303.14070", None),
    ("https://arxiv.org/abs/arXiv:2303.14070", "2303.14070", None),
    ("https://arxiv.org/pdf/2303.14070", "2303.14070", None),
    ("https://arxiv.org/pdf/2303.14070v2.pdf", "2303.14070", 2),
    ("https://export.arxiv.org/html/2303.14070v1", "2303.14070", 1),
    ("https://arxiv.org/format/2303.14070", "2303.14070", None),
    ("https://arxiv.org/ftp/arxiv/papers/1901/1901.08746.pdf", "1901.08746", None),
    ("https://arxiv.org/ftp/cs/papers/0101/0101001.pdf", "cs/0101001", None),
    ("https://arxiv.org/abs/math.GT/0309136v1", "math/0309136", 1),
    ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001", None),
    ("https://arxiv.org/abs/0704.0001", "0704.0001", None),
    ("https://doi.org/10.48550/arXiv.2303.14070", "2303.14070", None),
    ("https://dx.doi.org/10.48550/ARXIV.2303.14070", "2303.14070", None),
    ("doi:10.48550/arXiv.2303.14070", "2303.14070", None),
    ("https://ar5iv.labs.arxiv.org/html/2303.14070", "2303.14070", None),
    ("https://ar5iv.org/abs/2303.14070", "2303.14070", None),
    ("https://www.alphaxiv.org/overview/2303.14070v1", "2303.14070", 1),
    ("https://www.alphaxiv.org/zh/overview/2303.14070", "2303.14070", None),
    ("arxiv:2303.14070", "2303.14070", None),
]

REST = [
    ("https://doi.org/10.1093/BIB/bbac409", "doi", "10.1093/bib/bbac409"),
    ("http://dx.doi.org/10.1000/182", "doi", "10.1000/182"),
    ("https://www.doi.org/10.1000/a%3Cb%3E", "doi", "10.1000/a<b>"),
    ("https://doi.org/doi:10.1000/182", "doi", "10.1000/182"),
    ("https://doi.org/", "web", "https://doi.org/"),
    ("https://www.pnas.org/doi/10.1073/pnas.2", "web", "https://www.pnas.org/doi/10.1073/pnas.2"),
    ("https://arxiv.org/list/cs.CL/recent", "web", "https://arxiv.org/list/cs.CL/recent"),
    ("https://arxiv.org/", "web", "https://arxiv.org/"),
    ("https://Example.org", "web", "https://example.org/"),
    ("http://example.org/a#b", "web", "http://example.org/a"),
    ("https://example.org/a/", "web", "https://example.org/a/"),
]


@pytest.mark.parametrize(("written", "kind", "key"), [*GITHUB, *HUB, *REST])
def test_every_spelling_has_its_target(written: str, kind: str, key: str) -> None:
    target = recognize(written).target
    assert (target.kind.value, target.key) == (kind, key)


@pytest.mark.parametrize(("written", "key", "version"), ARXIV)
def test_every_spelling_of_a_paper(written: str, key: str, version: int | None) -> None:
    found = recognize(written)
    assert found.target == Target(TargetKind.ARXIV, key, "")
    assert found.target.url == f"https://arxiv.org/abs/{key}"
    assert found.version == version


@pytest.mark.parametrize("written", [row[0] for row in [*GITHUB, *HUB, *REST, *ARXIV]])
def test_a_targets_url_is_recognized_as_the_target(written: str) -> None:
    target = recognize(written).target
    again = recognize(target.url).target
    assert again == target
    assert again.url == target.url


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("http://www.github.com/OpenAI/GPT-2.git", "https://github.com/OpenAI/GPT-2"),
        (
            "https://github.com/A/b/blob/main/x y.md".replace(" ", "%20"),
            "https://github.com/A/b/blob/main/x%20y.md",
        ),
        ("https://hf-mirror.com/datasets/Org/N", "https://huggingface.co/datasets/Org/N"),
        (
            "https://huggingface.co/Org/N/resolve/main/A.md",
            "https://huggingface.co/Org/N/resolve/main/A.md",
        ),
    ],
)
def test_urls_are_canonical_in_the_spelling_of_the_link(written: str, url: str) -> None:
    assert recognize(written).target.url == url


def test_fragments_belong_to_the_link_and_not_to_the_target() -> None:
    one, other = recognize("https://github.com/a/b#install"), recognize("https://github.com/a/b")
    assert one.target == other.target
    assert one.fragment == "install"


@pytest.mark.parametrize(
    "written",
    [
        "https://github.com/a/b)",
        "https://github.com/a/b。然后",
        "https://github.com/-a/b",
        "https://github.com/a/..%2F..",
        "https://huggingface.co/org/na(me",
        "https://arxiv.org/abs/2303.1407",
        "https://arxiv.org/abs/2313.14070",
        "https://arxiv.org/pdf/2303.14070v0",
        "https://arxiv.org/abs/foo",
        "htps://github.com/a/b",
        "gh:owner",
        "mailto:a@b.c",
        "",
        "https://huggingface.co/org/two--hyphens",
        "https://huggingface.co/-org/name",
        "hf:datasets/org/name.git",
    ],
)
def test_invalid_urls(written: str) -> None:
    with pytest.raises(InvalidUrlError):
        recognize(written)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("1412.0001", True),
        ("1412.00001", False),
        ("1501.00001", True),
        ("1501.0001", False),
        ("0703.0001", False),
        ("0704.0001", True),
        ("9901.0001", False),
        ("cs/0703001", True),
        ("cs/0704001", False),
        ("hep-th/9108001", True),
        ("arXiv:2303.14070v12", True),
        ("2300.14070", False),
        ("", False),
    ],
)
def test_valid_and_invalid_arxiv_identifiers(text: str, valid: bool) -> None:
    assert (parse_id(text) is not None) == valid


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://github.com/A/b", github.GitHubParts("repo", "A", "b")),
        (
            "https://github.com/A/b/blob/main/d/x.md",
            github.GitHubParts("path", "A", "b", ref_and_path="main/d/x.md", form="blob"),
        ),
        (
            "https://raw.githubusercontent.com/A/b/main/x%23.md",
            github.GitHubParts("path", "A", "b", ref_and_path="main/x#.md", form="raw"),
        ),
        ("https://github.com/A/b/issues/3", github.GitHubParts("issue", "A", "b", rest="3")),
        ("https://github.com/A/b/pull/3", github.GitHubParts("pull", "A", "b", rest="3")),
        (
            "https://github.com/A/b/stargazers",
            github.GitHubParts("page", "A", "b", rest="stargazers"),
        ),
        ("https://github.com/A/b/nope/x", github.GitHubParts("unknown", "A", "b", rest="nope/x")),
        ("https://github.com/A", github.GitHubParts("user", "A")),
        ("https://gist.github.com/1234567", github.GitHubParts("gist", "", "1234567")),
        (
            "https://github.com/A/b/releases/download/v1/x.zip",
            github.GitHubParts("release", "A", "b", rest="download/v1/x.zip"),
        ),
    ],
)
def test_parts_of_a_github_target(written: str, expected: github.GitHubParts) -> None:
    assert github.parts(recognize(written).target) == expected


def test_parts_from_the_key_alone() -> None:
    target = Target(TargetKind.GITHUB_PATH, "a/b/tree/main/Ré #1.md", "")
    assert github.parts(target).ref_and_path == "main/Ré #1.md"
    assert hub.parts(Target(TargetKind.HF_DATASET, "a/b", "")).kind == "dataset"
    assert hub.parts(Target(TargetKind.HF_OTHER, "spaces/a/b/tree/main/x%20y", "")).path == "x y"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://huggingface.co/A/b", hub.HubParts("repo", "model", "A/b")),
        ("https://huggingface.co/spaces/A/b", hub.HubParts("repo", "space", "A/b")),
        (
            "https://huggingface.co/datasets/A/b/blob/main/d/x.md",
            hub.HubParts("file", "dataset", "A/b", "main", "d/x.md", "blob"),
        ),
        (
            "https://huggingface.co/A/b/resolve/refs%2Fpr%2F2/x%20y",
            hub.HubParts("file", "model", "A/b", "refs/pr/2", "x y", "resolve"),
        ),
        ("https://huggingface.co/A/b/tree/v1", hub.HubParts("revision", "model", "A/b", "v1")),
        (
            "https://huggingface.co/A/b/discussions",
            hub.HubParts("page", "model", "A/b", path="discussions"),
        ),
        ("https://huggingface.co/A", hub.HubParts("owner", "", "A")),
        ("https://huggingface.co/papers/2303.14070", hub.HubParts("paper", "", "2303.14070")),
        ("https://huggingface.co/collections/A/s-1", hub.HubParts("collection", "", "A/s-1")),
    ],
)
def test_parts_of_a_hub_target(written: str, expected: hub.HubParts) -> None:
    assert hub.parts(recognize(written).target) == expected


def test_parts_of_another_services_target_are_refused() -> None:
    page = recognize("https://example.org/").target
    with pytest.raises(ValueError, match="not on GitHub"):
        github.parts(page)
    with pytest.raises(ValueError, match="not on Hugging Face"):
        hub.parts(page)


HOST_NAMES = (
    "github.com raw.githubusercontent.com gist.github.com huggingface.co arxiv.org doi.org"
    " www.alphaxiv.org example.org"
)
PARTS = (
    "a B.git tree blob main refs heads issues 12 datasets spaces papers abs pdf 2303.14070v2.pdf"
    " 10.48550 arXiv.2303.14070 resolve refs%2Fpr%2F1 releases tag wiki x%20y %25 gpt2 ü#f"
    " %2e%2e orgs collections 10.1000 models"
)
HOSTS = st.sampled_from(HOST_NAMES.split())
WORDS = st.sampled_from(PARTS.split())


@settings(max_examples=400, deadline=None)
@example("huggingface.co", ["collections", "a", "refs%2Fpr%2F1"])
@given(HOSTS, st.lists(WORDS | st.text(max_size=4), max_size=6))
def test_recognition_is_idempotent(host: str, words: list[str]) -> None:
    try:
        target = recognize(f"https://{host}/{'/'.join(words)}").target
    except InvalidUrlError:
        return
    again = recognize(target.url).target
    assert (again, again.url) == (target, target.url)
    if target.service == "github":
        assert github.parts(target) == github.parts(again)
    if target.service == "huggingface":
        assert hub.parts(target) == hub.parts(again)


@pytest.mark.parametrize("written", ["gist.github.com/orgs", "github.com/orgs/users"])
def test_reserved_words_of_github_are_not_owners(written: str) -> None:
    assert recognize(f"https://{written}").target.kind is TargetKind.WEB


def test_the_table_imports_no_heavy_packages() -> None:
    code = (
        "import sys; import linkcheck.providers.table;"
        "print(sorted({'aiohttp', 'httpx', 'anyio', 'idna', 'github'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
