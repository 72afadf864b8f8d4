"""The Hub's responses as huggingface_hub's types and exceptions, and as facts."""

from datetime import UTC, datetime
from typing import get_args

import httpx2
import pytest
from huggingface_hub import hf_api
from huggingface_hub.errors import (
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import DatasetInfo, ModelInfo, SpaceInfo
from huggingface_hub.repocard_data import ModelCardData
from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.providers.huggingface.hub_facts import FIELDS, from_info, parse_info
from linkcheck.providers.huggingface.hub_reply import parse_reply
from linkcheck.providers.huggingface.recognize import Kind
from tests.providers.fake_http import answer

KINDS: tuple[Kind, ...] = ("model", "dataset", "space")
DATE = "2024-02-19T11:06:12.000Z"


@pytest.mark.parametrize(
    ("kind", "expected"), [("model", ModelInfo), ("dataset", DatasetInfo), ("space", SpaceInfo)]
)
def test_each_kind_of_repository_has_its_type(kind: Kind, expected: type) -> None:
    info = parse_info({"id": "o/n", "createdAt": DATE, "cardData": {"license": "mit"}}, kind)
    assert type(info) is expected
    assert info.card_data is not None
    assert info.card_data.get("license") == "mit"


@pytest.mark.parametrize("kind", KINDS)
def test_the_requested_fields_are_those_of_the_api(kind: Kind) -> None:
    allowed = getattr(hf_api, f"Expand{kind.title()}Property_T")
    assert set(FIELDS[kind]) <= set(get_args(allowed))


@pytest.mark.parametrize(
    "malformed",
    [
        {"createdAt": "soon"},
        {"createdAt": 7},
        {"createdAt": "1.2.3Z"},
        {"createdAt": ["2024-02-19"]},
        {"siblings": [{}], "safetensors": 1, "inferenceProviderMapping": "x", "runtime": 1},
        {"self": 1},
        {"cardData": {"self": 1, "ignore_metadata_errors": 1, "license": "mit"}},
        {"cardData": {"model-index": [{}], "tags": [{}], "license": "mit"}},
        {"cardData": {"get": 1, "license": "mit"}},
    ],
)
def test_one_malformed_field_costs_only_itself(malformed: dict[str, object]) -> None:
    body: dict[str, object] = {"id": "o/n", "lastModified": DATE, "likes": 3}
    facts = from_info(body | {"cardData": {"license": "mit"}} | malformed, "model")
    assert facts.modified_at == datetime(2024, 2, 19, 11, 6, 12, tzinfo=UTC)
    assert (facts.full_name, facts.likes, facts.license) == ("o/n", 3, "mit")
    assert facts.created_at is None


def test_card_data_is_huggingface_hubs() -> None:
    info = parse_info({"id": "o/n", "cardData": {"base_model": "a/b"}}, "model")
    assert isinstance(info.card_data, ModelCardData)
    assert info.card_data.base_model == "a/b"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
NAMES = st.sampled_from([*FIELDS["model"], "id", "_id", "siblings"])


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(NAMES, JSON), st.sampled_from(KINDS))
def test_any_json_can_be_parsed(body: dict[str, object], kind: Kind) -> None:
    from_info(body, kind)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("RepoNotFound", RepositoryNotFoundError),
        ("GatedRepo", GatedRepoError),
        ("DisabledRepo", DisabledRepoError),
        ("EntryNotFound", RemoteEntryNotFoundError),
        ("RevisionNotFound", RevisionNotFoundError),
        ("SomethingNew", HfHubHTTPError),
    ],
)
def test_error_codes_are_huggingface_hubs_exceptions(
    code: str, error: type[HfHubHTTPError]
) -> None:
    headers = {"x-error-code": code}
    assert parse_reply(answer(403, "", headers), with_token=True).error is error


def test_error_classes_are_those_that_huggingface_hub_raises() -> None:
    for code, message in (
        *((code, "") for code in ("RepoNotFound", "GatedRepo", "EntryNotFound")),
        ("RevisionNotFound", ""),
        ("", "Access to this resource is disabled."),
    ):
        headers = {"x-error-code": code, "x-error-message": message}
        request = httpx2.Request("GET", "https://huggingface.co/api/models/o/n")
        with pytest.raises(HfHubHTTPError) as raised:
            hf_raise_for_status(httpx2.Response(403, headers=headers, request=request))
        reply = parse_reply(answer(403, "", headers), with_token=True)
        assert reply.error is type(raised.value)
