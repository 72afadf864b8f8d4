import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.model.badge import badge_subject, is_badge
from linkcheck.model.url import parse

REPO = "https://github.com/Own-er/na.me_1"
SPEAKING = [
    ("https://img.shields.io/github/stars/Own-er/na.me_1", REPO),
    ("https://img.shields.io/github/stars/Own-er/na.me_1.svg?style=social", REPO),
    ("https://img.shields.io/github/license/Own-er/na.me_1?logo=github", REPO),
    ("https://img.shields.io/github/last-commit/Own-er/na.me_1/main", REPO),
    ("https://img.shields.io/github/issues-pr/Own-er/na.me_1", REPO),
    ("https://img.shields.io/github/v/release/Own-er/na.me_1", REPO),
    ("https://img.shields.io/github/actions/workflow/status/Own-er/na.me_1/ci.yml", REPO),
    ("https://img.shields.io/github/commit-activity/m/Own-er/na.me_1", REPO),
    ("https://img.shields.io/github/languages/top/Own-er/na.me_1", REPO),
    ("https://img.shields.io/github/downloads/Own-er/na.me_1/total", REPO),
    ("https://img.shields.io/github/issues/detail/state/Own-er/na.me_1/9", REPO),
    ("https://img.shields.io/github/followers/Own-er?label=x", "https://github.com/Own-er"),
    ("https://img.shields.io/github/stars/Own-er", "https://github.com/Own-er"),
    (
        "https://img.shields.io/endpoint?url=https%3A%2F%2Fraw.githubusercontent.com%2FOwn-er%2Fna.me_1%2Fmain%2Fb.json",
        REPO,
    ),
    (
        "https://img.shields.io/badge/dynamic/json?url=https://huggingface.co/api/models/o/n&query=likes",
        "https://huggingface.co/o/n",
    ),
    (
        "https://img.shields.io/badge/dynamic/json?url=https://api.github.com/repos/Own-er/na.me_1",
        REPO,
    ),
    (
        "https://img.shields.io/badge/arXiv-2303.14070-b31b1b.svg",
        "https://arxiv.org/abs/2303.14070",
    ),
    (
        "https://img.shields.io/badge/Paper-arXiv%3A2303.14070v2-red",
        "https://arxiv.org/abs/2303.14070",
    ),
    (
        "https://img.shields.io/badge/DOI-10.1093/bib/bbac409-blue",
        "https://doi.org/10.1093/bib/bbac409",
    ),
    (
        "https://img.shields.io/badge/%F0%9F%A4%97%20Hugging%20Face-org%2Fmy--name-yellow",
        "https://huggingface.co/org/my-name",
    ),
    (
        "https://img.shields.io/badge/HF_dataset-org%2Fmy__name-yellow",
        "https://huggingface.co/datasets/org/my_name",
    ),
    ("https://img.shields.io/badge/GitHub-o%2Fn-black", "https://github.com/o/n"),
    ("https://badgen.net/github/stars/Own-er/na.me_1", REPO),
    ("https://flat.badgen.net/github/license/Own-er/na.me_1", REPO),
    ("https://badgen.net/badge/arXiv/2303.14070/red", "https://arxiv.org/abs/2303.14070"),
    ("https://api.star-history.com/svg?repos=Own-er/na.me_1&type=Date", REPO),
    ("https://star-history.com/#Own-er/na.me_1&Date", REPO),
    (
        "https://hits.seeyoufarm.com/api/count/incr/badge.svg?url=https%3A%2F%2Fgithub.com%2FOwn-er%2Fna.me_1&title=hits",
        REPO,
    ),
    ("https://visitor-badge.laobi.icu/badge?page_id=Own-er.na.me_1", REPO),
    ("https://github.com/Own-er/na.me_1/actions/workflows/ci.yml/badge.svg?branch=main", REPO),
    ("https://github.com/Own-er/na.me_1/workflows/CI/badge.svg", REPO),
    ("https://codecov.io/gh/Own-er/na.me_1/branch/main/graph/badge.svg?token=x", REPO),
    ("https://coveralls.io/repos/github/Own-er/na.me_1/badge.svg?branch=main", REPO),
    ("https://travis-ci.org/Own-er/na.me_1.svg?branch=master", REPO),
    ("https://contrib.rocks/image?repo=Own-er/na.me_1", REPO),
    ("https://zenodo.org/badge/DOI/10.5281/zenodo.123.svg", "https://doi.org/10.5281/zenodo.123"),
]
SILENT = [
    "https://img.shields.io/badge/license-MIT-green",
    "https://img.shields.io/badge/Python-3.11-blue?logo=python",
    "https://img.shields.io/badge/release--date-2303.14070-blue",
    "https://img.shields.io/pypi/v/linkcheck",
    "https://badge.fury.io/py/linkcheck.svg",
    "https://awesome.re/badge.svg",
    "https://colab.research.google.com/assets/colab-badge.svg",
    "https://huggingface.co/datasets/huggingface/badges/resolve/main/model-on-hf-md.svg",
]
NO_BADGE = [
    "https://github.com/o/n",
    "https://github.com/o/n/blob/main/figure.svg",
    "https://example.org/logo.png",
    "https://codecov.io/gh/",
    "https://arxiv.org/abs/2303.14070",
    "not a url",
    "",
]


@pytest.mark.parametrize(("badge", "subject"), SPEAKING)
def test_the_subject_of_a_badge(badge: str, subject: str) -> None:
    assert badge_subject(badge) == subject


@pytest.mark.parametrize("badge", [*(row[0] for row in SPEAKING if "#" not in row[0]), *SILENT])
def test_badges_are_recognized(badge: str) -> None:
    assert is_badge(badge)


@pytest.mark.parametrize("url", [*SILENT, *NO_BADGE])
def test_what_names_nothing(url: str) -> None:
    assert badge_subject(url) is None


@pytest.mark.parametrize("url", NO_BADGE)
def test_what_is_no_badge(url: str) -> None:
    assert not is_badge(url)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["github", "stars", "badge", "v", "arXiv-2303.14070-x", "%", "a", "endpoint"]
        )
        | st.text(max_size=4),
        max_size=5,
    )
)
def test_a_subject_is_a_valid_url(parts: list[str]) -> None:
    subject = badge_subject(f"https://img.shields.io/{'/'.join(parts)}")
    assert subject is None or str(parse(subject))
