"""Reports written piece by piece are the reports."""

import json
from dataclasses import replace

import pytest

from linkcheck.model.observation import Status
from linkcheck.report import FORMATS, OutputCapabilities, get_renderer, iter_report
from tests.report import report_results
from tests.report import result_builders as build


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("entries", [0, 1, 25])
def test_the_pieces_make_the_rendered_report(name: str, entries: int) -> None:
    result = report_results.result(entries) if entries else build.result()
    assert "".join(iter_report(name, result, OutputCapabilities())) == get_renderer(name)(
        result, OutputCapabilities()
    )


def test_a_large_json_report_comes_in_many_pieces() -> None:
    links = tuple(report_results.link(number, Status.ALIVE) for number in range(1001))
    result = replace(build.result(), links=links)
    parts = list(iter_report("json", result, OutputCapabilities()))
    text = "".join(parts)
    assert text == get_renderer("json")(result, OutputCapabilities())
    assert [row["url"] for row in json.loads(text)["links"]] == [link.url for link in links]
    assert max(map(len, parts)) < len(text) / 4


def test_an_unknown_format_has_no_pieces() -> None:
    with pytest.raises(KeyError):
        list(iter_report("nonsense", build.result(), OutputCapabilities()))
