"""The registries and indexes of papers, with the requests and readers of the papers provider."""

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from linkcheck.providers.papers import (
    agencies,
    biorxiv,
    crossref,
    datacite,
    page_metadata,
    pubmed,
    semanticscholar,
)
from linkcheck.providers.papers.records import Lookup, LookupReply, NoticeKind, Scheme
from linkcheck.sandbox import Limits, Sandbox

Ask = Callable[..., httpx.Response]
Start = Callable[..., tuple[Sandbox, Ask]]

CROSSREF = "https://api.crossref.org"
DATACITE = "https://api.datacite.org"
EUTILS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
S2 = "https://api.semanticscholar.org"

WORLD = {
    "dois": [
        {"id": "10.1000/titled", "title": "Known by its title"},
        {"id": "10.1000/bare"},
        {"id": "10.1000/japan", "title": "Elsewhere", "agency": "JaLC"},
    ],
    "papers": [{"id": "1706.03762", "title": "Attention is all", "authors": ["Ashish Vaswani"]}],
    "publications": [
        {
            "title": "Hydroxychloroquine",
            "subtitle": "a multinational analysis",
            "doi": "10.1016/S0140-6736(20)31180-6",
            "authors": ["Mehra, Mandeep R", "Desai, Sapan S", "Some Group"],
            "published": "2020-05-22",
            "venue": "The Lancet",
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "ids": {"pmid": "32450107", "pmcid": "PMC7255293", "pii": "S0140673620311806"},
            "notices": [
                {
                    "type": "retraction",
                    "doi": "10.1016/S0140-6736(20)31324-6",
                    "pmid": "32511943",
                    "date": "2020-06-05",
                    "source": "retraction-watch",
                    "marked": "yes",
                }
            ],
            "pages": ["https://www.thelancet.com/journals/lancet/article/PIIS0140-6736(20)31180-6"],
        },
        {
            "title": "Retraction: Hydroxychloroquine",
            "doi": "10.1016/s0140-6736(20)31324-6",
            "notice_of": "10.1016/s0140-6736(20)31180-6",
            "ids": {"pmid": "32511943"},
        },
        {"title": "A comma", "doi": "10.1000/a,b", "pages": ["https://journal.example/a"]},
        {
            "title": "Medical dialogues",
            "doi": "10.5281/zenodo.123",
            "agency": "DataCite",
            "type": "Dataset",
            "indexed": False,
        },
        {"title": "Printed today", "doi": "10.1101/2026.11.29.123456", "registered": False},
        {
            "title": "Taken back",
            "doi": "10.1101/2020.01.30.927871",
            "notices": [{"type": "withdrawal", "date": "2020-02-02"}],
            "pages": ["https://www.biorxiv.org/content/10.1101/2020.01.30.927871v2"],
        },
        {
            "title": "Summarizing & notes",
            "ids": {"acl": "P19-1215"},
            "pages": ["https://aclanthology.org/P19-1215/"],
        },
    ],
}  # fmt: skip

Read = Callable[[bytes, Sequence[str]], LookupReply]


@pytest.fixture
def ask(start: Start) -> Ask:
    return start(WORLD, enforce_limits=False)[1]


def send(ask: Ask, lookup: Lookup) -> httpx.Response:
    headers = dict(lookup.headers)
    return ask(lookup.url, lookup.method, headers=headers, content=lookup.content)


def look_up(ask: Ask, read: Read, found: list[Lookup]) -> LookupReply:
    [lookup] = found
    answer = send(ask, lookup)
    assert answer.status_code in {200, 400}
    return read(answer.content, lookup.ids)


def test_crossref_omits_dois_of_other_agencies(ask: Ask) -> None:
    dois = [
        "10.1016/s0140-6736(20)31180-6",
        "10.1000/titled",
        "10.1000/japan",
        "10.5281/zenodo.123",
        "10.1101/2026.11.29.123456",
    ]
    reply = look_up(ask, crossref.read, crossref.lookups(dois, CROSSREF))
    assert set(reply.records) == set(dois[:2])
    assert reply.missing == set(dois[2:])
    record = reply.records[dois[0]]
    assert record.title == "Hydroxychloroquine: a multinational analysis"
    assert record.authors == ("Mehra", "Desai", "Some Group")
    assert record.license == "https://creativecommons.org/licenses/by/4.0/"
    [notice] = record.notices
    assert (notice.kind, notice.date) == (NoticeKind.RETRACTION, "2020-06-05")
    assert notice.doi == "10.1016/s0140-6736(20)31324-6"
    notices = look_up(ask, crossref.read, crossref.lookups([notice.doi], CROSSREF))
    assert notices.records[notice.doi].is_notice


def test_crossref_has_twenty_rows_by_default(start: Start) -> None:
    many = [{"id": f"10.1000/{n}", "title": f"Title {n}"} for n in range(30)]
    _, ask = start({"dois": many}, enforce_limits=False)
    dois = [f"10.1000/{n}" for n in range(30)]
    chosen = ",".join(f"doi:{doi}" for doi in dois)
    message = ask(f"{CROSSREF}/works?filter={chosen}").json()["message"]
    assert (message["total-results"], len(message["items"])) == (30, 20)
    assert len(look_up(ask, crossref.read, crossref.lookups(dois, CROSSREF)).records) == 30


def test_crossref_supports_commas_in_dois_in_single_requests_only(ask: Ask) -> None:
    answer = ask(f"{CROSSREF}/works?filter=doi:10.1000/titled,doi:10.1000/a%2Cb&rows=2")
    assert answer.status_code == 400
    assert answer.json()["message"][0]["type"] == "filter-not-available"
    reply = look_up(ask, crossref.read, crossref.lookups(["10.1000/a,b"], CROSSREF))
    assert reply.records["10.1000/a,b"].title == "A comma"
    assert ask(f"{CROSSREF}/works/10.1000%2Fnone").status_code == 404
    assert ask(f"{CROSSREF}/works?select=DOI,nonsense").status_code == 400
    assert ask(f"{CROSSREF}/works?rows=1001").status_code == 400


def test_crossref_by_item_id_and_by_title(ask: Ask) -> None:
    piis = ["S0140673620311806", "S0000000000000000"]
    reply = look_up(ask, crossref.read, crossref.lookups_by_pii(piis, CROSSREF))
    assert reply.records[piis[0]].id_of(Scheme.DOI) == "10.1016/s0140-6736(20)31180-6"
    assert reply.missing == {piis[1]}
    found = ask(f"{CROSSREF}/works?query.bibliographic=Known+by+its+title&rows=2").json()
    assert found["message"]["items"][0]["DOI"] == "10.1000/titled"


@pytest.mark.parametrize(
    ("path", "pool", "limit", "at_once"),
    [
        ("/works?rows=1", "public-array", "1", "1"),
        ("/works?rows=1&mailto=bot@example.org", "polite-array", "3", "3"),
        ("/works/10.1000%2Ftitled", "public-single", "5", "1"),
        ("/works/10.1000%2Ftitled?mailto=bot@example.org", "polite-single", "10", "3"),
    ],
)
def test_crossref_s_pools(start: Start, path: str, pool: str, limit: str, at_once: str) -> None:
    _, ask = start(WORLD, time_scale=100)
    answers = [ask(CROSSREF + path) for _ in range(int(limit) + 1)]
    assert [answer.status_code for answer in answers] == [200] * int(limit) + [429]
    for answer in (answers[0], answers[-1]):
        assert answer.headers["x-api-pool"] == pool
        assert answer.headers["x-rate-limit-limit"] == limit
        assert answer.headers["x-rate-limit-interval"] == "1s"
        assert answer.headers["x-concurrency-limit"] == at_once


def test_datacite_requires_quoted_dois(ask: Ask) -> None:
    dois = ["10.5281/zenodo.123", "10.5281/zenodo.9", "10.1000/titled"]
    reply = look_up(ask, datacite.read, datacite.lookups(dois, DATACITE))
    assert reply.records["10.5281/zenodo.123"].type == "Dataset"
    assert reply.missing == set(dois[1:])
    assert ask(f"{DATACITE}/dois?query=doi:(10.5281/zenodo.123)").status_code == 400
    assert ask(f"{DATACITE}/dois/10.5281/zenodo.123").json()["data"]["id"] == "10.5281/zenodo.123"
    assert ask(f"{DATACITE}/dois/10.5281/none").status_code == 404


def test_datacite_s_rate_limit(start: Start) -> None:
    _, ask = start(WORLD, limits=Limits(datacite=1, datacite_contact=2))
    url = f"{DATACITE}/dois/10.5281/zenodo.123"
    assert [ask(url).status_code for _ in range(2)] == [200, 429]
    assert [ask(f"{url}?mailto=a@b.example").status_code for _ in range(3)] == [200, 200, 429]


def test_pubmed_and_pmc(ask: Ask) -> None:
    reply = look_up(ask, pubmed.read, pubmed.lookups(["32450107", "999"], EUTILS))
    record = reply.records["32450107"]
    assert record.title == "Hydroxychloroquine: a multinational analysis"
    assert record.authors == ("Mehra", "Desai", "Some Group")
    assert record.published == "2020-05-22"
    [notice] = record.notices
    assert (notice.pmid, notice.date) == ("32511943", "2020-06-05")
    assert notice.doi == "10.1016/s0140-6736(20)31324-6"
    assert reply.missing == {"999"}
    notices = look_up(ask, pubmed.read, pubmed.lookups(["32511943"], EUTILS))
    assert notices.records["32511943"].is_notice
    pmc = look_up(ask, pubmed.read, pubmed.lookups(["PMC7255293"], EUTILS))
    assert pmc.records["PMC7255293"].id_of(Scheme.PMID) == "32450107"


def test_pubmed_requires_post_for_many_ids(ask: Ask) -> None:
    ids = ["32450107", *map(str, range(1, 300))]
    assert (
        ask(f"{EUTILS}/esummary.fcgi?db=pubmed&retmode=json&id={','.join(ids)}").status_code == 414
    )
    reply = look_up(ask, pubmed.read, pubmed.lookups(ids, EUTILS))
    assert set(reply.records) == {"32450107"}
    assert len(reply.missing) == 299


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("db=pubmed&retmode=json&id=1,abc", "Invalid uid abc at position=1"),
        ("db=books&retmode=json&id=1", "Invalid db name"),
        ("db=pubmed&retmode=json", "Empty id list"),
    ],
)
def test_pubmed_s_errors_have_status_200(ask: Ask, query: str, message: str) -> None:
    answer = ask(f"{EUTILS}/esummary.fcgi?{query}")
    assert answer.status_code == 200
    assert answer.json()["esummaryresult"][0].startswith(message)


def test_pubmed_s_rate_limits(start: Start) -> None:
    _, ask = start(WORLD, time_scale=100)
    url = f"{EUTILS}/esummary.fcgi?db=pubmed&retmode=json&id=1"
    refused = [ask(url) for _ in range(4)][-1]
    assert (refused.status_code, refused.json()["limit"]) == (429, "3")
    assert refused.headers["retry-after"] == "2"
    assert [ask(f"{url}&api_key=k").status_code for _ in range(11)] == [200] * 10 + [429]


def test_semantic_scholar_by_ids_of_every_kind(ask: Ask) -> None:
    ids = ["ARXIV:1706.03762", "ACL:P19-1215", "PMID:32450107", "DOI:10.5281/zenodo.123"]
    reply = look_up(ask, semanticscholar.read, semanticscholar.lookups(ids, S2))
    assert reply.records[ids[0]].authors == ("Vaswani",)
    assert reply.records[ids[1]].title == "Summarizing & notes"
    assert reply.records[ids[2]].id_of(Scheme.PMCID) == "PMC7255293"
    assert reply.missing == {ids[3]}
    own = reply.records[ids[1]].id_of(Scheme.S2) or ""
    corpus = f"CorpusId:{reply.records[ids[1]].id_of(Scheme.CORPUS)}"
    again = look_up(ask, semanticscholar.read, semanticscholar.lookups([own, corpus], S2))
    assert {record.title for record in again.records.values()} == {"Summarizing & notes"}


@pytest.mark.parametrize("ids", [["DOI:10.1/none"], ["ACL:P19-1215", ""]])
def test_semantic_scholar_rejects_batches_without_valid_ids(ask: Ask, ids: list[str]) -> None:
    answer = ask(f"{S2}/graph/v1/paper/batch?fields=title", "POST", json={"ids": ids})
    assert (answer.status_code, answer.json()["error"]) == (400, "No valid paper ids given")


def test_semantic_scholar_s_titles_and_errors(ask: Ask) -> None:
    match = ask(f"{S2}/graph/v1/paper/search/match?query=Attention+is+all&fields=title").json()
    assert match["data"][0]["title"] == "Attention is all"
    nothing = ask(f"{S2}/graph/v1/paper/search/match?query=unheard+of")
    assert (nothing.status_code, nothing.json()["error"]) == (404, "Title match not found")
    batch = f"{S2}/graph/v1/paper/batch"
    assert ask(f"{batch}?fields=nonsense", "POST", json={"ids": []}).status_code == 400
    assert ask(batch, "POST", json={"ids": ["ACL:P19-1215"] * 501}).status_code == 400
    assert ask(batch, "POST", content=b"nonsense").status_code == 400


def test_semantic_scholar_s_rate_limit(start: Start) -> None:
    _, ask = start(WORLD, time_scale=100)
    url = f"{S2}/graph/v1/paper/batch?fields=title"

    def post(**options: Any) -> httpx.Response:
        return ask(url, "POST", json={"ids": ["ACL:P19-1215"]}, **options)

    assert [post().status_code for _ in range(2)] == [200, 429]
    assert post().json()["code"] == "429"
    assert post(headers={"x-api-key": "k"}).status_code == 200


@pytest.mark.parametrize(
    ("url", "status", "header"),
    [
        (
            "https://www.thelancet.com/journals/lancet/article/PIIS0140-6736(20)31180-6",
            403,
            "challenge",
        ),
        ("https://www.sciencedirect.com/science/article/pii/S1", 403, "challenge"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.30.927871v2", 403, "challenge"),
        ("https://academic.oup.com/bib/article/1/1/1/1", 403, None),
        ("https://ieeexplore.ieee.org/document/1", 418, None),
        ("https://onlinelibrary.wiley.com/doi/10.1/a", 503, None),
        ("https://www.ncbi.nlm.nih.gov/pubmed/1", 429, None),
        ("https://aclanthology.org/P19-1215/", 200, None),
        ("https://aclanthology.org/P19-9999/", 404, None),
        ("https://journal.example/a", 200, None),
        ("https://doi.org/api/handles/10.5281/zenodo.123", 200, None),
        ("https://doi.org/api/handles/10.1101/2026.11.29.123456", 404, None),
    ],
)
def test_landing_pages(ask: Ask, url: str, status: int, header: str | None) -> None:
    answer = ask(url)
    assert answer.status_code == status
    assert answer.headers.get("cf-mitigated") == header


def test_landing_page_metadata(ask: Ask) -> None:
    record = page_metadata.read_page(ask("https://aclanthology.org/P19-1215/").text)
    assert record
    assert (record.title, record.authors) == ("Summarizing & notes", ("Doe",))
    assert ask("https://doi.org/10.1000/a,b").headers["location"] == "https://journal.example/a"
    assert ask("https://doi.org/ra/10.1000/japan").json() == [
        {"DOI": "10.1000/japan", "RA": "JaLC"}
    ]


def test_doi_org_agencies_of_prefixes(ask: Ask) -> None:
    prefixes = ["10.1016", "10.5281", "10.99999"]
    [lookup] = agencies.lookups(prefixes, "https://doi.org")
    found = agencies.read(send(ask, lookup).content)
    assert found == {"10.1016": "Crossref", "10.5281": "DataCite", "10.99999": None}


def test_pages_of_the_fixtures_take_precedence(start: Start) -> None:
    hosts = [{"name": "www.biorxiv.org", "pages": {"/content/x": {"title": "Spelled out"}}}]
    _, ask = start({**WORLD, "hosts": hosts})
    assert "Spelled out" in ask("https://www.biorxiv.org/content/x").text
    page = ask("https://www.biorxiv.org/content/10.1101/2020.01.30.927871v2")
    assert "citation_doi" in page.text
    assert ask("https://www.biorxiv.org/content/none").status_code == 404


def test_openreview_s_challenge(ask: Ask) -> None:
    for host in ("api.openreview.net", "api2.openreview.net"):
        answer = ask(f"https://{host}/notes?forum=9Vrb9D0WI4")
        assert (answer.status_code, answer.json()["name"]) == (403, "ChallengeRequiredError")


def test_biorxiv_s_versions_and_withdrawals(ask: Ask) -> None:
    base = "https://api.biorxiv.org/details/biorxiv"
    doi = "10.1101/2020.01.30.927871"
    reply = look_up(ask, biorxiv.read, [biorxiv.lookup(doi, "https://api.biorxiv.org")])
    assert reply.records[doi].notices[0].date == "2020-02-02"
    versions = ask(f"{base}/{doi}/na/json").json()["collection"]
    assert [(one["version"], one["type"], one["title"]) for one in versions] == [
        ("1", "new results", "Taken back"),
        ("2", "withdrawn", "WITHDRAWN: Taken back"),
    ]
    none = ask(f"{base}/10.1101/2026.11.29.123456/na/json").json()
    assert none == {"messages": [{"status": "no posts found"}], "collection": []}
