"""Outcomes of links into a GitHub repository, from its facts and nodes."""

import pytest

from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.observation import Found, Unknown, UnknownReason
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import (
    PathRequest,
    Probe,
    ProbeKind,
    RefPathSplit,
    SubresourceRequest,
)
from linkcheck.providers.github.outcomes import PUBLIC, NeedsRestLookup, link_outcome
from linkcheck.providers.recorder import ExplainedOutcome

FACTS = RepositoryFacts(full_name="o/n", default_branch="main")
ISSUE = SubresourceRequest(Probe(ProbeKind.ISSUE, "5"), "issues/5")
WIKI = SubresourceRequest(Probe(ProbeKind.WIKI), "wiki")


def outcome(
    request: SubresourceRequest | PathRequest, node: Node, facts: RepositoryFacts = FACTS
) -> ExplainedOutcome:
    found = link_outcome(request, facts, None, lambda _: node, PUBLIC)
    assert not isinstance(found, NeedsRestLookup)
    return found


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (NodeState.FORBIDDEN, UnknownReason.FORBIDDEN),
        (NodeState.HEAVY, UnknownReason.SERVER_ERROR),
        (NodeState.UNEXPECTED, UnknownReason.PROTOCOL),
        (NodeState.NULL, UnknownReason.PROTOCOL),
    ],
)
def test_the_state_of_a_node_gives_the_reason(state: NodeState, reason: UnknownReason) -> None:
    explained = outcome(ISSUE, Node(state, None, "the error's message"))
    assert isinstance(explained.outcome, Unknown)
    assert explained.outcome.reason is reason
    assert "the error's message" in explained.explanation


def test_a_path_that_github_could_not_look_up_is_unknown() -> None:
    request = PathRequest("blob", (RefPathSplit("main", "a"),))
    explained = outcome(request, Node(NodeState.HEAVY))
    assert explained.outcome == Unknown(
        UnknownReason.SERVER_ERROR, "GitHub could not look the path up"
    )


@pytest.mark.parametrize(
    ("full_name", "enabled", "now_at"),
    [
        ("o/n", False, "https://github.com/o/n"),
        ("o/n", True, None),
        (None, False, None),
    ],
)
def test_a_disabled_wiki_leads_to_its_repository_where_that_is_known(
    full_name: str | None, enabled: bool, now_at: str | None
) -> None:
    facts = RepositoryFacts(full_name=full_name)
    explained = outcome(WIKI, Node(NodeState.FOUND, enabled), facts)
    assert explained.outcome == Found(facts, now_at, permanent=False)


@pytest.mark.parametrize(
    ("url", "now_at"),
    [
        ("https://github.com/o/other/issues/2", "https://github.com/o/other/issues/2"),
        ("https://github.com/o/n/issues/5", None),
        ("https://github.com/o/n/pull/5/", None),
        ("http://github.com/o/other/issues/2", None),
        ("javascript:alert(2)", None),
        (7, None),
        (None, None),
    ],
)
def test_a_transferred_issue_has_moved(url: object, now_at: str | None) -> None:
    explained = outcome(ISSUE, Node(NodeState.FOUND, {"url": url}))
    assert explained.outcome == Found(FACTS, now_at, permanent=now_at is not None)
