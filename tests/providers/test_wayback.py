"""The archive: many addresses at once, one by one where it must be, and nothing believed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import anyio
import pytest
from fake_http import FakeHttp, answer

from linkcheck.model.observation import UnknownReason
from linkcheck.model.url import parse
from linkcheck.model.wayback import ArchivedCopy
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers import wayback
from linkcheck.providers.wayback import DeadUrl

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


def lines(ask: HttpRequest) -> list[dict[str, str]]:
    return [
        dict(parse(f"https://x.example/?{line}").query_pairs)
        for line in (ask.content or b"").decode().splitlines()
    ]


def asked_of(http: FakeHttp, lost: list[DeadUrl]) -> Mapping[str, ArchivedCopy | None]:
    return anyio.run(wayback.find_snapshots, http, BASE, lost)


def batches(ask: HttpRequest) -> HttpResponse:
    if ask.method != "POST":
        raise AssertionError("nothing is asked singly")
    assert ask.headers["wayback-api-version"] == "2"
    return answer(200, {"results": [{**copy_of(x["url"]), "tag": x["tag"]} for x in lines(ask)]})


def test_many_addresses_are_few_requests() -> None:
    lost = [DeadUrl(f"https://gone.example/{number}?a=b&c") for number in range(130)]
    http = FakeHttp(batches)
    found = asked_of(http, lost)
    assert [len(lines(ask)) for ask in http.asked] == [50, 50]
    assert list(found) == [item.url for item in lost[:100]]
    first = found[lost[0].url]
    assert first == ArchivedCopy(f"https://web.archive.org/web/20240102030405/{lost[0].url}", TAKEN)


def test_the_copy_closest_to_the_last_sighting_is_asked_for() -> None:
    http = FakeHttp(batches)
    asked_of(http, [DeadUrl("https://gone.example/", TAKEN)])
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
def test_an_archive_that_takes_one_at_a_time_is_asked_so(
    refusal: HttpResponse | HttpFailure,
) -> None:
    lost = [DeadUrl(f"https://gone.example/{number}") for number in range(30)]

    def script(ask: HttpRequest) -> HttpResponse | HttpFailure:
        if ask.method == "POST":
            return refusal
        return answer(200, copy_of(dict(parse(ask.url).query_pairs)["url"]))

    http = FakeHttp(script)
    found = asked_of(http, lost)
    assert len(found) == 20
    assert [ask.method for ask in http.asked] == ["POST", *["GET"] * 20]


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
def test_what_answers_to_nothing_asked_tells_nothing(result: object) -> None:
    http = FakeHttp(lambda _ask: answer(200, {"results": [result]}))
    assert asked_of(http, [DeadUrl("https://gone.example/")]) == {}


@pytest.mark.parametrize(
    "told",
    [
        {"archived_snapshots": {}},
        {"archived_snapshots": []},
        copy_of("https://x.example/", status="404"),
        copy_of("https://x.example/", timestamp="yesterday"),
        copy_of("https://x.example/", url="https://evil.example/web/2024/"),
        copy_of("https://x.example/", url=["https://web.archive.org/"]),
    ],
)
def test_no_copy_and_a_copy_of_nothing_are_none(told: dict[str, object]) -> None:
    reply = json.dumps({"results": [{**told, "tag": "0"}]})
    http = FakeHttp(lambda _ask: answer(200, reply))
    assert asked_of(http, [DeadUrl("https://gone.example/")]) == {"https://gone.example/": None}
