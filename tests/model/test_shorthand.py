import pytest

from linkcheck.model.shorthand import expand


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("gh:Kent0n-Li/ChatDoctor", "https://github.com/Kent0n-Li/ChatDoctor"),
        ("GH: o/n ", "https://github.com/o/n"),
        ("gh:o/n/tree/main/docs", "https://github.com/o/n/tree/main/docs"),
        ("hf:org/name", "https://huggingface.co/org/name"),
        ("hf:gpt2", "https://huggingface.co/gpt2"),
        ("hf:datasets/org/name", "https://huggingface.co/datasets/org/name"),
        ("hf:spaces/org/name", "https://huggingface.co/spaces/org/name"),
        ("arxiv:2303.14070", "https://arxiv.org/abs/2303.14070"),
        ("arXiv:2303.14070v2", "https://arxiv.org/abs/2303.14070v2"),
        ("arxiv:math.GT/0309136", "https://arxiv.org/abs/math.GT/0309136"),
        ("doi:10.1093/bib/bbac409", "https://doi.org/10.1093/bib/bbac409"),
        ("doi:10.1000/a<b>#c", "https://doi.org/10.1000/a%3Cb%3E%23c"),
    ],
)
def test_shorthands_expand_to_urls(written: str, url: str) -> None:
    assert expand(written) == url


@pytest.mark.parametrize(
    "text",
    ["gh:owner", "gh:", "hf:", "arxiv:latest", "doi:11.1/x", "https://gh:80/", "", "ghx:a/b"],
)
def test_what_is_no_shorthand_stays_as_it_is(text: str) -> None:
    assert expand(text) == text
