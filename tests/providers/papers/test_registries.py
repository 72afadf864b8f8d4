"""Requests to the registries, and their replies as records."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.providers.papers import crossref, datacite, page_metadata, pubmed, semanticscholar
from linkcheck.providers.papers.records import (
    LookupReply,
    NoticeKind,
    PaperId,
    PublicationNotice,
    Relation,
    Scheme,
    Successor,
    UnreadableReplyError,
)

BASE = "https://api.example"


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def works(*items: dict[str, Any], total: int | None = None) -> bytes:
    return encoded(
        {
            "status": "ok",
            "message-type": "work-list",
            "message-version": "1.0.0",
            "message": {
                "facets": {},
                "total-results": len(items) if total is None else total,
                "items": list(items),
                "items-per-page": 20,
                "query": {"start-index": 0, "search-terms": None},
            },
        }
    )


RETRACTED = {
    "DOI": "10.1016/J.FCT.2012.08.005",
    "title": ["RETRACTED: Long term toxicity of a <i>Roundup</i> herbicide &amp;\n maize."],
    "author": [
        {"given": "Gilles-Eric", "family": "Séralini", "sequence": "first"},
        {"name": "The CRIIGEN Group", "sequence": "additional"},
        {"given": "Only"},
    ],
    "issued": {"date-parts": [[2012, 11]]},
    "type": "journal-article",
    "container-title": ["Food and Chemical Toxicology"],
    "alternative-id": ["S0278-6915(12)00563-7", "S0278691512005637"],
    "license": [
        {"URL": "https://www.elsevier.com/tdm/userlicense/1.0/", "content-version": "tdm"},
        {"URL": "https://publisher.example/terms", "content-version": "vor"},
        {"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"},
    ],
    "updated-by": [
        {"type": "retraction", "source": "publisher", "label": "Retraction"},
        {
            "DOI": "10.1016/j.fct.2013.11.047",
            "type": "retraction",
            "source": "retraction-watch",
            "updated": {"date-parts": [[2014, 1, 15]], "date-time": "2014-01-15T00:00:00Z"},
        },
        {"DOI": "10.1016/j.other", "type": "correction", "source": "publisher"},
    ],
}


def test_crossref_takes_a_hundred_dois_at_once_and_says_how_many_rows() -> None:
    dois = [f"10.1000/X.{n}" for n in range(150)]
    first, second = crossref.lookups(dois, BASE, mailto="bot@example.org")
    assert len(first.ids) == 100
    assert "&rows=100&mailto=bot%40example.org" in first.url
    assert first.url.startswith(f"{BASE}/works?filter=doi:10.1000/x.0,doi:10.1000/x.1,")
    assert "&rows=50" in second.url
    assert "updated-by" in second.url


def test_crossref_asks_alone_for_a_doi_with_a_comma() -> None:
    plain, alone = crossref.lookups(["10.1/a,b", "10.1/c", "10.1/C"], BASE)
    assert plain.ids == ("10.1/c",)
    assert alone.ids == ("10.1/a,b",)
    assert alone.url == f"{BASE}/works/10.1%2Fa%2Cb"
    single = encoded({"status": "ok", "message-type": "work", "message": {"DOI": "10.1/A,B"}})
    assert set(crossref.read(single, alone.ids).records) == {"10.1/a,b"}


def test_crossref_escapes_what_would_end_the_filter_or_the_url() -> None:
    [lookup] = crossref.lookups(
        ["10.1002/(sici)1(1990)41:6<391::aid>3.0.co;2-9", "10.1/a&b#c"], BASE
    )
    assert "doi:10.1002/(sici)1(1990)41:6%3C391::aid%3E3.0.co;2-9,doi:10.1/a%26b%23c&" in lookup.url


def test_crossref_has_a_retracted_paper_with_its_notice() -> None:
    reply = crossref.read(works(RETRACTED), ["10.1016/j.fct.2012.08.005", "10.1/none"])
    record = reply.records["10.1016/j.fct.2012.08.005"]
    assert record.title == "Long term toxicity of a Roundup herbicide & maize"
    assert record.authors == ("Séralini", "The CRIIGEN Group")
    assert record.published == "2012-11"
    assert record.license == "https://creativecommons.org/licenses/by/4.0/"
    assert record.id_of(Scheme.PII) == "S0278691512005637"
    assert record.notices == (
        PublicationNotice(
            NoticeKind.RETRACTION,
            "2014-01-15",
            "10.1016/j.fct.2013.11.047",
            source="retraction-watch",
        ),
    )
    assert reply.missing == {"10.1/none"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("retraction", NoticeKind.RETRACTION),
        ("withdrawal", NoticeKind.WITHDRAWAL),
        ("removal", NoticeKind.REMOVAL),
        ("expression_of_concern", NoticeKind.EXPRESSION_OF_CONCERN),
        ("Expression-of-concern", NoticeKind.EXPRESSION_OF_CONCERN),
        ("partial_retraction", NoticeKind.PARTIAL_RETRACTION),
        ("correction", None),
        ("erratum", None),
        ("new_version", None),
        (None, None),
    ],
)
def test_crossref_updates(kind: str | None, expected: NoticeKind | None) -> None:
    record = crossref.read_work({"DOI": "10.1/a", "updated-by": [{"DOI": "10.1/n", "type": kind}]})
    assert [notice.kind for notice in record.notices] == ([expected] if expected else [])
    notice = crossref.read_work({"DOI": "10.1/n", "update-to": [{"DOI": "10.1/a", "type": kind}]})
    assert notice.is_notice == (expected is not None)
    assert not notice.notices


def test_crossref_joins_subtitles_and_finds_successors() -> None:
    record = crossref.read_work(
        {
            "DOI": "10.1101/2020.1",
            "title": ["BioBERT"],
            "subtitle": ["a pre-trained model"],
            "posted": {"date-parts": [[2019, 1, 25]]},
            "relation": {
                "is-preprint-of": [
                    {"id-type": "doi", "id": "10.1093/Bioinformatics/btz682"},
                    {"id-type": "issn", "id": "1234"},
                ],
                "has-review": [{"id-type": "doi", "id": "10.1/r"}],
            },
            "updated-by": [{"DOI": "10.1101/2020.1", "type": "new_version"}],
        }
    )
    assert record.title == "BioBERT: a pre-trained model"
    assert record.main_title == "BioBERT"
    assert record.published == "2019-01-25"
    published = PaperId(Scheme.DOI, "10.1093/bioinformatics/btz682")
    assert record.successors == (Successor(Relation.PUBLISHED_AS, published),)


def test_crossref_leaves_ids_open_when_the_list_is_cut_short() -> None:
    reply = crossref.read(works({"DOI": "10.1/a"}, total=21), ["10.1/a", "10.1/b"])
    assert set(reply.records) == {"10.1/a"}
    assert not reply.missing


def test_crossref_finds_a_paper_by_its_pii() -> None:
    [lookup] = crossref.lookups_by_pii(["S0278691512005637", "S0000000000000000"], BASE)
    assert "filter=alternative-id:S0278691512005637,alternative-id:S0" in lookup.url
    reply = crossref.read(works(RETRACTED), lookup.ids)
    assert reply.records["S0278691512005637"].id_of(Scheme.DOI) == "10.1016/j.fct.2012.08.005"
    assert reply.missing == {"S0000000000000000"}


def dois(*items: dict[str, Any], total: int | None = None) -> bytes:
    count = len(items) if total is None else total
    return encoded({"data": list(items), "meta": {"total": count, "totalPages": 1, "page": 1}})


DATASET = {
    "id": "10.5281/zenodo.123",
    "type": "dois",
    "attributes": {
        "doi": "10.5281/ZENODO.123",
        "titles": [
            {"title": "Medical &lt;b&gt;dialogues&lt;/b&gt;", "lang": "en"},
            {"title": "a corpus.", "titleType": "Subtitle"},
            {"title": "Dialogues médicaux", "titleType": "TranslatedTitle"},
        ],
        "creators": [
            {"name": "Jin, Qiao", "nameType": "Personal", "givenName": "Qiao", "familyName": "Jin"},
            {"name": "van der Berg, Anna", "nameType": "Personal"},
            {"name": "NLM, Bethesda", "nameType": "Organizational"},
        ],
        "publicationYear": 2021,
        "publisher": "Zenodo",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": ""},
        "dates": [{"date": "2021-03-04T10:00:00Z", "dateType": "Issued"}],
        "rightsList": [{"rightsUri": "https://creativecommons.org/licenses/by/4.0/legalcode",
                        "rightsIdentifier": "cc-by-4.0"}],
        "relatedIdentifiers": [
            {"relationType": "IsPreviousVersionOf", "relatedIdentifierType": "DOI",
             "relatedIdentifier": "10.5281/zenodo.124"},
            {"relationType": "Cites", "relatedIdentifierType": "DOI",
             "relatedIdentifier": "10.1/x"},
        ],
    },
}  # fmt: skip


def test_datacite_quotes_every_doi() -> None:
    first, second = datacite.lookups([f"10.5281/ZENODO.{n}" for n in range(101)], BASE)
    assert len(first.ids) == 100
    assert "page%5Bsize%5D=1" in second.url
    [lookup] = datacite.lookups(['10.1/a"b\\c'], BASE, mailto="bot@example.org")
    assert "query=doi%3A%28%2210.1%2Fa%5C%22b%5C%5Cc%22%29" in lookup.url
    assert "mailto=bot%40example.org" in lookup.url


def test_datacite_records() -> None:
    reply = datacite.read(dois(DATASET), ["10.5281/zenodo.123", "10.5281/zenodo.9"])
    record = reply.records["10.5281/zenodo.123"]
    assert record.title == "Medical dialogues: a corpus"
    assert record.authors == ("Jin", "van der Berg", "NLM, Bethesda")
    assert (record.published, record.type, record.venue) == ("2021-03-04", "Dataset", "Zenodo")
    assert record.license == "cc-by-4.0"
    newer = PaperId(Scheme.DOI, "10.5281/zenodo.124")
    assert record.successors == (Successor(Relation.NEW_VERSION, newer),)
    assert reply.missing == {"10.5281/zenodo.9"}
    assert not datacite.read(dois(DATASET, total=2), ["10.5281/zenodo.9"]).missing


def test_datacite_knows_withdrawals_by_their_date() -> None:
    dates = [{"date": "2024-05-06", "dateType": "Withdrawn"}]
    record = datacite.read_item(
        {"id": "10.1/a", "attributes": {"dates": dates, "publicationYear": 2020,
                                        "publisher": {"name": "figshare"}}}
    )  # fmt: skip
    assert record.notices == (
        PublicationNotice(NoticeKind.WITHDRAWAL, "2024-05-06", source="publisher"),
    )
    assert (record.published, record.venue) == ("2020", "figshare")


SUMMARY = {
    "uid": "32450107",
    "pubdate": "2020 May 22",
    "epubdate": "",
    "source": "Lancet",
    "authors": [
        {"name": "Mehra MR", "authtype": "Author"},
        {"name": "van der Berg A Jr", "authtype": "Author"},
        {"name": "COVID Group AB", "authtype": "CollectiveName"},
    ],
    "title": "RETRACTED: Hydroxychloroquine with or without a &lt;i&gt;macrolide&lt;/i&gt;.",
    "pubtype": ["Journal Article", "Retracted Publication"],
    "articleids": [
        {"idtype": "pubmed", "idtypen": 1, "value": "32450107"},
        {"idtype": "doi", "idtypen": 3, "value": "10.1016/S0140-6736(20)31180-6"},
        {"idtype": "pmc", "idtypen": 8, "value": "PMC7255293"},
        {"idtype": "pmcid", "idtypen": 5, "value": "pmc-id: PMC7255293;"},
    ],
    "references": [
        {
            "refsource": "Lancet. 2020 Jun 5;395(10240):1820. doi: 10.1016/S0140-6736(20)31324-6.",
            "reftype": "Retraction in",
            "pmid": 32511943,
            "note": "",
        },
        {"refsource": "Lancet. 2020 Jun 1", "reftype": "Comment in", "pmid": 1, "note": ""},
    ],
    "fulljournalname": "Lancet (London, England)",
    "sortpubdate": "2020/05/22 00:00",
}


def summaries(**by_uid: object) -> bytes:
    uids = [name.removeprefix("u") for name in by_uid]
    found = {name.removeprefix("u"): value for name, value in by_uid.items()}
    return encoded({"header": {"type": "esummary"}, "result": {"uids": uids, **found}})


def test_pubmed_posts_above_two_hundred_ids_and_says_who_asks() -> None:
    short, pmc = pubmed.lookups(["1", "2", "PMC3"], BASE, email="bot@example.org")
    assert short.method == "GET"
    assert "db=pubmed" in short.url
    assert "tool=linkcheck&email=bot%40example.org" in short.url
    assert pmc.url.endswith("&id=3")
    assert pmc.ids == ("PMC3",)
    [long, rest] = pubmed.lookups([str(n) for n in range(1, 601)], BASE, api_key="k")
    assert (long.method, long.url, len(long.ids)) == ("POST", f"{BASE}/esummary.fcgi", 500)
    assert long.content
    assert long.content.startswith(b"db=pubmed&retmode=json&tool=linkcheck&api_key=k&id=1%2C2")
    assert rest.method == "GET"


def test_pubmed_has_a_retracted_paper_with_its_notice() -> None:
    gone = {"uid": "999", "error": "cannot get document summary"}
    reply = pubmed.read(summaries(u32450107=SUMMARY, u999=gone), ["32450107", "999", "5"])
    record = reply.records["32450107"]
    assert record.title == "Hydroxychloroquine with or without a macrolide"
    assert record.authors == ("Mehra", "van der Berg", "COVID Group AB")
    assert record.published == "2020-05-22"
    assert [str(found) for found in record.ids] == [
        "pmid:32450107",
        "doi:10.1016/s0140-6736(20)31180-6",
        "pmcid:PMC7255293",
    ]
    assert record.notices == (
        PublicationNotice(
            NoticeKind.RETRACTION,
            "2020-06-05",
            "10.1016/s0140-6736(20)31324-6",
            "32511943",
            "pubmed",
        ),
    )
    assert reply.missing == {"999"}


@pytest.mark.parametrize(
    ("types", "kinds", "is_notice"),
    [
        (["Journal Article"], [], False),
        (["Retracted Publication"], [NoticeKind.RETRACTION], False),
        (["Retraction of Publication"], [], True),
        (["Retraction Notice"], [], True),
        (["Published Erratum"], [], False),
    ],
)
def test_pubmed_publication_types(
    types: list[str], kinds: list[NoticeKind], is_notice: bool
) -> None:
    record = pubmed.read_summary({"title": "T", "pubtype": types}, "1")
    assert [notice.kind for notice in record.notices] == kinds
    assert record.is_notice == is_notice


def test_pmc_ids_lead_to_pubmed_s() -> None:
    found = {
        "uid": "7251955",
        "title": "[A title in French].",
        "articleids": [
            {"idtype": "pmid", "value": "32109013"},
            {"idtype": "doi", "value": "10.1056/NEJMoa2002032"},
            {"idtype": "pmcid", "value": "PMC7251955"},
        ],
        "sortdate": "2020/02/28 00:00",
    }
    record = pubmed.read(summaries(u7251955=found), ["PMC7251955"]).records["PMC7251955"]
    assert record.title == "A title in French"
    assert record.id_of(Scheme.PMID) == "32109013"
    assert record.id_of(Scheme.PMCID) == "PMC7251955"


def test_semantic_scholar_spells_ids_of_every_kind() -> None:
    spelled = {
        PaperId(Scheme.ARXIV, "1706.03762"): "ARXIV:1706.03762",
        PaperId(Scheme.DOI, "10.1/a"): "DOI:10.1/a",
        PaperId(Scheme.ACL, "P19-1215"): "ACL:P19-1215",
        PaperId(Scheme.PMCID, "PMC123"): "PMCID:123",
        PaperId(Scheme.CORPUS, "13756489"): "CorpusId:13756489",
        PaperId(Scheme.S2, "a" * 40): "a" * 40,
        PaperId(Scheme.S2, "nonsense"): None,
        PaperId(Scheme.ACL, ""): None,
        PaperId(Scheme.OPENREVIEW, "9Vrb9D0WI4"): None,
        PaperId(Scheme.PII, "S0278691512005637"): None,
    }
    assert {known: semanticscholar.index_id(known) for known in spelled} == spelled


def test_semantic_scholar_answers_by_place() -> None:
    asked = ["ARXIV:9999.99999", "ARXIV:1706.03762"]
    [lookup] = semanticscholar.lookups(asked, BASE, api_key="k")
    assert lookup.headers["x-api-key"] == "k"
    assert json.loads(lookup.content or b"") == {"ids": asked}
    found = {
        "paperId": "204e3073870fae3d05bcbc2f6a8e263d9b72e776",
        "title": "Attention is All you Need",
        "externalIds": {"ArXiv": "1706.03762", "CorpusId": 13756489, "PubMedCentral": "12"},
        "authors": [{"authorId": "1", "name": "Ashish Vaswani"}, {"name": "Lukasz van der Kaiser"}],
        "year": 2017,
        "publicationDate": None,
    }
    reply = semanticscholar.read(encoded([None, found]), asked)
    record = reply.records[asked[1]]
    assert record.authors == ("Vaswani", "van der Kaiser")
    assert record.published == "2017"
    assert record.id_of(Scheme.CORPUS) == "13756489"
    assert record.id_of(Scheme.PMCID) == "PMC12"
    assert reply.missing == {asked[0]}


def test_semantic_scholar_refuses_a_batch_of_which_it_knows_nothing() -> None:
    refusal = encoded({"error": "No valid paper ids given"})
    assert semanticscholar.read(refusal, ["DOI:10.1/a"]) == LookupReply(
        missing=frozenset({"DOI:10.1/a"})
    )
    with pytest.raises(UnreadableReplyError):
        semanticscholar.read(encoded([None]), ["a", "b"])


def test_a_page_s_tags() -> None:
    record = page_metadata.read_page(
        '<head><title>x</title><meta name="citation_title" content="WITHDRAWN: A &amp; B"/>'
        '<meta name="citation_author" content="Vaswani, Ashish">'
        '<META NAME="citation_author" CONTENT="Noam Shazeer">'
        '<meta name="citation_doi" content="doi:10.1101/2020.01.30.927871">'
        '<meta name="citation_publication_date" content="2020/01/31">'
        '<meta property="og:title" content="other"></head>'
    )
    assert record
    assert record.title == "A & B"
    assert record.authors == ("Vaswani", "Shazeer")
    assert record.id_of(Scheme.DOI) == "10.1101/2020.01.30.927871"
    assert record.published == "2020-01-31"
    assert record.notices == (PublicationNotice(NoticeKind.WITHDRAWAL, source="title"),)
    assert page_metadata.read_page("<title>Just a moment...</title>") is None


READERS: list[Callable[[bytes, Sequence[str]], LookupReply]] = [
    crossref.read,
    datacite.read,
    pubmed.read,
    semanticscholar.read,
]

FOREIGN = [
    b"",
    b"<html>Just a moment...</html>",
    b"[" * 100_000,
    b"{}",
    b"null",
    b'{"status":"failed","message-type":"validation-failure","message":[{"type":"filter"}]}',
    b'{"errors":[{"status":"400","title":"bad"}]}',
    b'{"error":"API rate limit exceeded","count":"4","limit":"3"}',
    b'{"esummaryresult":["Invalid uid abc at position=0"]}',
    b'{"message":"Too Many Requests","code":"429"}',
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("body", FOREIGN)
def test_a_foreign_answer_settles_nothing(
    read: Callable[[bytes, Sequence[str]], LookupReply], body: bytes
) -> None:
    with pytest.raises(UnreadableReplyError):
        read(body, ["10.1/a", "10.1/b"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            sorted(
                {*RETRACTED, *DATASET["attributes"], *SUMMARY, "relation", "externalIds", "year"}
            )
        ),
        JSON,
    )
)
def test_fields_of_any_shape_are_read_or_left(fields: dict[str, Any]) -> None:
    crossref.read_work(fields)
    datacite.read_item({"attributes": fields})
    pubmed.read_summary(fields, "1")
    semanticscholar.read_paper(fields)
