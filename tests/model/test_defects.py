"""Exceptions condensed to what a bug report needs."""

from collections.abc import Callable

import pytest

from linkcheck.model.defects import Defect, DefectLog, JobsFailedError
from linkcheck.model.url import parse


def caught(raising: Callable[[], object]) -> Exception:
    with pytest.raises((AttributeError, KeyError, TypeError)) as raised:
        raising()
    return raised.value


def parse_nothing() -> object:
    return parse(None)  # type: ignore[arg-type]


def test_the_place_is_the_innermost_one_in_this_package() -> None:
    assert Defect.of(caught(parse_nothing)).place.startswith("model/url.py, line ")


def test_the_place_of_an_exception_from_elsewhere_is_named_too() -> None:
    assert Defect.of(caught(lambda: dict[str, int]()["x"])).place.startswith(
        "test_defects.py, line "
    )
    assert str(Defect.of(KeyError("x"))) == "KeyError: 'x' (unknown place)"


def test_groups_are_taken_apart_and_like_exceptions_counted() -> None:
    log = DefectLog()
    inner = ExceptionGroup("one", [caught(parse_nothing)])
    log.add(ExceptionGroup("two", [caught(parse_nothing), inner]))
    log.add(KeyError("x"))
    assert [defect.count for defect in log] == [2, 1]


def test_a_log_raised_and_added_to_another_keeps_its_counts() -> None:
    inner, outer = DefectLog(), DefectLog()
    inner.raise_any()
    for _ in range(3):
        inner.add(KeyError("x"))
    with pytest.raises(JobsFailedError, match=r"KeyError: 'x' \(unknown place\) \(3 times\)") as it:
        inner.raise_any()
    outer.add(KeyError("x"))
    outer.add(it.value)
    assert [defect.count for defect in outer] == [4]
