"""PyGithub and huggingface_hub work with the sandbox."""

import pytest
from github import Auth, Github, GithubException, UnknownObjectException
from huggingface_hub import HfApi
from huggingface_hub.errors import (
    GatedRepoError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from linkcheck.sandbox import Sandbox

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture
def github(sandbox: Sandbox) -> Github:
    return Github(
        base_url=sandbox.base_urls()["GITHUB_API_URL"],
        auth=Auth.Token("token"),
        retry=None,
        seconds_between_requests=0,
    )


@pytest.fixture
def hub(sandbox: Sandbox) -> HfApi:
    return HfApi(endpoint=sandbox.base_urls()["HF_ENDPOINT"], token="hf_token")


def test_pygithub_reads_a_repository(github: Github) -> None:
    repo = github.get_repo("octo/new")
    assert repo.full_name == "octo/new"
    assert repo.license.spdx_id == "MIT"
    assert repo.get_topics() == ["medicine"]
    assert repo.get_branch("main").name == "main"
    contents = repo.get_contents("docs")
    assert isinstance(contents, list)
    assert [file.path for file in contents] == ["docs/a.md"]
    assert github.get_repo("octo/fork").parent.full_name == "octo/new"
    assert github.get_rate_limit().resources.core.limit == 5000


def test_pygithub_follows_a_rename_and_maps_errors(github: Github) -> None:
    assert github.get_repo("octo/old").full_name == "octo/new"
    with pytest.raises(UnknownObjectException):
        github.get_repo("octo/none")
    with pytest.raises(GithubException) as blocked:
        github.get_repo("octo/dmca")
    assert blocked.value.status == 451
    assert blocked.value.data["block"]["reason"] == "dmca"


def test_hub_client_reads_models(hub: HfApi) -> None:
    info = hub.model_info("bert")
    assert info.id == "google-bert/bert"
    assert info.card_data is not None
    assert info.card_data.license == "apache-2.0"
    assert hub.model_info("o/gated").gated == "manual"
    assert hub.dataset_info("o/data").id == "o/data"
    brief = hub.model_info("google-bert/bert", expand=["sha", "likes"])
    assert brief.sha
    listed = [m.id for m in hub.list_models(author="google-bert", limit=2)]
    assert len(listed) == 2
    paths = hub.get_paths_info("google-bert/bert", ["config.json", "none"])
    assert [p.path for p in paths] == ["config.json"]
    assert "onnx/model.onnx" in hub.list_repo_files("google-bert/bert")
    assert hub.paper_info("1706.03762").title == "Attention & all"
    assert hub.whoami()["name"] == "sandbox"


def test_hub_client_maps_errors(hub: HfApi) -> None:
    with pytest.raises(RepositoryNotFoundError):
        hub.model_info("no/no")
    with pytest.raises(RevisionNotFoundError):
        hub.model_info("google-bert/bert", revision="nope")
    url = f"{hub.endpoint}/o/gated/resolve/main/README.md"
    with pytest.raises(GatedRepoError):
        hub.get_hf_file_metadata(url=url)
    with pytest.raises(RemoteEntryNotFoundError):
        hub.get_hf_file_metadata(url=f"{hub.endpoint}/google-bert/bert/resolve/main/none")
