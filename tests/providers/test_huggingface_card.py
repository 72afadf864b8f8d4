"""Cards: metadata from strangers, read within limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.providers.huggingface.card import MAX_BLOCK, read_card
from linkcheck.providers.huggingface.hub_facts import from_card


@pytest.mark.parametrize(
    ("text", "metadata", "heading"),
    [
        ("---\nlicense: mit\n---\n# T #\n", {"license": "mit"}, "T"),
        ("\ufeff---\r\nlicense: mit\r\n---\r\n\r\n# T\r\n", {"license": "mit"}, "T"),
        ("\n\n---\nlicense: mit\n---\n", {"license": "mit"}, None),
        ("# T\n\n---\nlicense: mit\n---\n", {}, "T"),
        ("", {}, None),
        ("---\n---\ntext", {}, None),
        ("---\nlicense: mit\n", {"license": "mit"}, None),
        ("---\n- a\n- b\n---\n", None, None),
        ("---\na: [1\n---\n# T", None, "T"),
        ("---\na: &x [1]\nb: *x\n---\n", None, None),
        ("---\na: !!python/object/apply:os.system [ls]\n---\n", None, None),
        ("---\n1: x\n---\n", {"1": "x"}, None),
        (f"---\na: {'x' * MAX_BLOCK}\n---\n", None, None),
    ],
)
def test_metadata_and_heading(text: str, metadata: object, heading: str | None) -> None:
    card = read_card(text.encode())
    assert (card.metadata, card.heading) == (metadata, heading)


@pytest.mark.timeout(20)
def test_a_card_cannot_explode() -> None:
    lines = ["a0: &a0 [x]"] + [
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)
    ]
    assert read_card("\n".join(["---", *lines, "---"]).encode()).metadata is None
    assert read_card(("---\na: " + "[" * 30_000 + "\n---\n").encode()).metadata is None


def test_papers_named_in_a_card() -> None:
    card = read_card(b"# T\nhttps://arxiv.org/abs/2303.14070v2 and arxiv.org/pdf/2303.14070")
    assert from_card(card, "o/n", "model").arxiv_ids == ("2303.14070",)


def test_metadata_that_cannot_be_read_are_not_called_missing() -> None:
    facts = from_card(read_card(b"---\na: [1\n---\n"), "o/n", "model")
    assert (facts.card_present, facts.card_has_metadata, facts.license) == (True, None, None)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"---\n", b"---\nlicense: "]))
def test_any_bytes_can_be_read(body: bytes, start: bytes) -> None:
    from_card(read_card(start + body + b"\n---\n# x"), None, "dataset")
