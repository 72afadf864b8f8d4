"""Equal texts that come thousands of times are one text in memory."""

import json

from linkcheck.providers.github.repository_facts import from_graphql
from linkcheck.providers.huggingface.hub_facts import from_info
from linkcheck.providers.table import recognize


def test_keywords_of_repositories_are_interned() -> None:
    body = json.dumps(
        {
            "nameWithOwner": "a/b",
            "licenseInfo": {"spdxId": "Apache-2.0"},
            "defaultBranchRef": {"name": "trunk-1"},
            "repositoryTopics": {"nodes": [{"topic": {"name": "health-records"}}]},
        }
    )
    one, other = (from_graphql(json.loads(body)) for _ in range(2))
    assert one == other
    assert one.license is other.license
    assert one.default_branch is other.default_branch
    assert one.topics is not None
    assert other.topics is not None
    assert one.topics[0] is other.topics[0]


def test_tags_of_models_are_interned() -> None:
    body = json.dumps({"id": "a/b", "tags": ["some-library", "license:apache-2.0"]})
    one, other = (from_info(json.loads(body), "model") for _ in range(2))
    assert one == other
    assert one.tags is not None
    assert other.tags is not None
    assert all(a is b for a, b in zip(one.tags, other.tags, strict=True))
    assert one.license is other.license


def test_a_target_shares_the_string_of_a_canonical_link() -> None:
    for url in (
        "https://github.com/a/b",
        "https://huggingface.co/a/b",
        "https://arxiv.org/abs/2303.14070",
        "https://example.org/page",
    ):
        target = recognize(url).target
        assert target.url is url
        assert target.key is url or target.key != url
