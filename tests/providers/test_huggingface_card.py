"""Cards are hostile input: they are parsed within limits."""

import pytest
from huggingface_hub.repocard_data import DatasetCardData, ModelCardData, SpaceCardData
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.providers.huggingface.card import MAX_BLOCK, parse_card, parse_metadata
from linkcheck.providers.huggingface.hub_facts import from_card
from linkcheck.providers.huggingface.recognize import Kind


@pytest.mark.parametrize(
    ("text", "license_id", "has_metadata", "heading"),
    [
        ("---\nlicense: mit\n---\n# T #\n", "mit", True, "T"),
        ("\ufeff---\r\nlicense: mit\r\n---\r\n\r\n# T\r\n", "mit", True, "T"),
        ("\n\n---\nlicense: mit\n---\n", "mit", True, None),
        ("# T\n\n---\nlicense: mit\n---\n", None, False, "T"),
        ("", None, False, None),
        ("---\n---\ntext", None, False, None),
        ("---\nlicense: mit\n", "mit", True, None),
        ("---\nlicense: mit\nself: 1\nget: 1\nignore_metadata_errors: 1\n---\n", "mit", True, None),
        ("---\nlicense: mit\nmodel-index: x\n1: x\n---\n", "mit", True, None),
        ("---\nwidget: x\n---\n", None, True, None),
        ("---\n- a\n- b\n---\n", None, None, None),
        ("---\na: [1\n---\n# T", None, None, "T"),
        ("---\na: &x [1]\nb: *x\n---\n", None, None, None),
        ("---\na: !!python/object/apply:os.system [ls]\n---\n", None, None, None),
        (f"---\na: {'x' * MAX_BLOCK}\n---\n", None, None, None),
    ],
)
def test_metadata_and_heading(
    text: str, license_id: str | None, has_metadata: bool | None, heading: str | None
) -> None:
    card = parse_card(text.encode(), "model")
    assert (card.data.get("license"), card.has_metadata) == (license_id, has_metadata)
    assert card.heading == heading


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("model", ModelCardData), ("dataset", DatasetCardData), ("space", SpaceCardData)],
)
def test_each_kind_of_card_has_its_type(kind: Kind, expected: type) -> None:
    assert type(parse_card(b"---\ntags: [a, b]\n---\n", kind).data) is expected


@pytest.mark.timeout(20)
def test_aliases_and_nesting_are_limited() -> None:
    lines = ["a0: &a0 [x]"] + [
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)
    ]
    assert parse_metadata("\n".join(lines)) is None
    assert parse_metadata("a: " + "[" * 30_000) is None


def test_papers_linked_in_a_card() -> None:
    card = parse_card(
        b"# T\nhttps://arxiv.org/abs/2303.14070v2 and arxiv.org/pdf/2303.14070", "model"
    )
    assert from_card(card, "o/n", "model").arxiv_ids == ("2303.14070",)


def test_unparsable_metadata_is_not_missing_metadata() -> None:
    facts = from_card(parse_card(b"---\na: [1\n---\n", "model"), "o/n", "model")
    assert (facts.card_present, facts.card_has_metadata, facts.license) == (True, None, None)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"---\n", b"---\nlicense: "]))
def test_any_bytes_can_be_parsed(body: bytes, start: bytes) -> None:
    from_card(parse_card(start + body + b"\n---\n# x", "dataset"), None, "dataset")
