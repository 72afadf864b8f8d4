"""The Internet Archive: batches, single URLs, malformed responses."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import anyio
import pytest

from linkcheck.model.observation import UnknownReason
from linkcheck.model.url import parse
from linkcheck.model.wayback import ArchivedCopy
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers import wayback
from linkcheck.providers.wayback import DeadUrl
from tests.providers.fake_http import FakeHttp, answer

BASE = "https://archive.org"
TAKEN = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


def copy_of(page: str, **more: object) -> dict[str, object]:
    closest = {
        "available": True,
        "url": f"http://web.archive.org/web/20240102030405/{page}",
        "timestamp": "20240102030405",
        "status": "200",
        **more,
    }
    return {"url": page, "archived_snapshots": {"closest": closest}}


def lines(request: HttpRequest) -> list[dict[str, str]]:
    return [
        dict(parse(f"https://x.example/?{line}").query_pairs)
        for line in (request.content or b"").decode().splitlines()
    ]


def find_snapshots(http: FakeHttp, dead: list[DeadUrl]) -> Mapping[str, ArchivedCopy | None]:
    return anyio.run(wayback.find_snapshots, http, BASE, dead)


def batches(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise AssertionError("nothing is asked singly")
    assert request.headers["wayback-api-version"] == "2"
    return answer(
        200, {"results": [{**copy_of(x["url"]), "tag": x["tag"]} for x in lines(request)]}
    )


def test_many_urls_take_few_requests() -> None:
    dead = [DeadUrl(f"https://gone.example/{number}?a=b&c") for number in range(130)]
    http = FakeHttp(batches)
    found = find_snapshots(http, dead)
    assert [len(lines(request)) for request in http.asked] == [50, 50]
    assert list(found) == [item.url for item in dead[:100]]
    first = found[dead[0].url]
    assert first == ArchivedCopy(f"https://web.archive.org/web/20240102030405/{dead[0].url}", TAKEN)


def test_the_snapshot_closest_to_the_last_alive_date_is_requested() -> None:
    http = FakeHttp(batches)
    find_snapshots(http, [DeadUrl("https://gone.example/", TAKEN)])
    [line] = lines(http.asked[0])
    assert line["timestamp"] == "20240102030405"


@pytest.mark.parametrize(
    "refusal",
    [
        answer(405, "no such method"),
        answer(404, ""),
        answer(200, "<html>"),
        answer(200, {"url": "", "archived_snapshots": {}}),
        answer(200, {"results": "many"}),
        answer(200, {"results": [copy_of("https://gone.example/0")]}),
        HttpFailure(UnknownReason.RESET, "it hung up"),
    ],
)
def test_urls_are_looked_up_one_by_one_if_batches_are_refused(
    refusal: HttpResponse | HttpFailure,
) -> None:
    dead = [DeadUrl(f"https://gone.example/{number}") for number in range(30)]

    def script(request: HttpRequest) -> HttpResponse | HttpFailure:
        if request.method == "POST":
            return refusal
        return answer(200, copy_of(dict(parse(request.url).query_pairs)["url"]))

    http = FakeHttp(script)
    found = find_snapshots(http, dead)
    assert len(found) == 20
    assert [request.method for request in http.asked] == ["POST", *["GET"] * 20]


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"tag": "0"},
        {"tag": "7", "archived_snapshots": {}},
        {"tag": "-1", "archived_snapshots": {}},
        {"tag": "²", "archived_snapshots": {}},
        {"tag": None, "archived_snapshots": {}},
        {"tag": "9" * 5000, "archived_snapshots": {}},
        "result",
    ],
)
def test_results_without_a_requested_tag_are_ignored(result: object) -> None:
    http = FakeHttp(lambda _request: answer(200, {"results": [result]}))
    assert find_snapshots(http, [DeadUrl("https://gone.example/")]) == {}


@pytest.mark.parametrize(
    "result",
    [
        {"archived_snapshots": {}},
        {"archived_snapshots": []},
        copy_of("https://x.example/", status="404"),
        copy_of("https://x.example/", timestamp="yesterday"),
        copy_of("https://x.example/", url="https://evil.example/web/2024/"),
        copy_of("https://x.example/", url=["https://web.archive.org/"]),
    ],
)
def test_missing_and_malformed_snapshots_are_none(result: dict[str, object]) -> None:
    reply = json.dumps({"results": [{**result, "tag": "0"}]})
    http = FakeHttp(lambda _request: answer(200, reply))
    assert find_snapshots(http, [DeadUrl("https://gone.example/")]) == {
        "https://gone.example/": None
    }
