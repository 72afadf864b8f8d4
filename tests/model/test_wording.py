from datetime import UTC, date, datetime

import pytest

from linkcheck.model.target import Target, TargetKind
from linkcheck.model.wording import (
    describe_target,
    format_date,
    one_line,
    plural,
    service_name,
)


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        (" a\n b\t c ", 160, "a b c"),
        ("x" * 10, 10, "x" * 10),
        ("x" * 11, 10, "x" * 9 + "…"),
        ("", 10, ""),
    ],
)
def test_text_becomes_one_line_of_limited_length(text: str, length: int, expected: str) -> None:
    assert one_line(text, length) == expected


def test_counts_carry_their_noun() -> None:
    assert [plural(n, "run") for n in (0, 1, 2, 1500)] == [
        "0 runs",
        "1 run",
        "2 runs",
        "1,500 runs",
    ]
    assert plural(2, "entry", "entries") == "2 entries"


def test_dates_and_datetimes_are_written_alike() -> None:
    assert format_date(date(2026, 3, 3)) == "3 March 2026"
    assert format_date(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == "31 December 2026"
    assert format_date(None) == "an unknown day"


@pytest.mark.parametrize(
    ("kind", "key", "url", "description", "service"),
    [
        (
            TargetKind.GITHUB_REPO,
            "lab/bot",
            "https://github.com/Lab/Bot",
            "repository Lab/Bot",
            "GitHub",
        ),
        (
            TargetKind.HF_DATASET,
            "lab/bot",
            "https://huggingface.co/datasets/Lab/Bot",
            "data set Lab/Bot",
            "Hugging Face",
        ),
        (
            TargetKind.GITHUB_OTHER,
            "https://github.com/lab",
            "https://github.com/lab",
            "page https://github.com/lab",
            "GitHub",
        ),
        (
            TargetKind.WEB,
            "https://a.example:8443/x",
            "https://a.example:8443/x",
            "page https://a.example:8443/x",
            "a.example",
        ),
        (TargetKind.WEB, "nonsense", "nonsense", "page nonsense", "its host"),
    ],
)
def test_targets_are_named_with_their_kind_and_service(
    kind: TargetKind, key: str, url: str, description: str, service: str
) -> None:
    target = Target(kind, key, url)
    assert describe_target(target) == description
    assert service_name(target) == service
