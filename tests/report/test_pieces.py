"""Reports written piece by piece are the reports."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import report_results
import result_builders as build

from linkcheck.model.observation import Status
from linkcheck.report import FORMATS, Canvas, pieces, renderer, save


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("entries", [0, 1, 25])
def test_a_saved_report_is_the_rendered_one(name: str, entries: int, tmp_path: Path) -> None:
    result = report_results.result(entries) if entries else build.result()
    file = tmp_path / "report"
    save(name, result, file)
    assert file.read_text("utf-8") == renderer(name)(result, Canvas())


def test_a_large_json_report_comes_in_many_pieces() -> None:
    links = tuple(report_results.link(number, Status.ALIVE) for number in range(1001))
    result = replace(build.result(), links=links)
    parts = list(pieces("json", result, Canvas()))
    text = "".join(parts)
    assert text == renderer("json")(result, Canvas())
    assert [row["url"] for row in json.loads(text)["links"]] == [link.url for link in links]
    assert max(map(len, parts)) < len(text) / 4


def test_a_former_report_stays_where_a_format_is_unknown(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("former", "utf-8")
    with pytest.raises(KeyError):
        save("nonsense", build.result(), file)
    assert file.read_text("utf-8") == "former"
