"""Which service is asked for which paper."""

import json

import pytest

from linkcheck.model.url import parse
from linkcheck.providers.papers import agencies, biorxiv
from linkcheck.providers.papers.landing_pages import PaperLink, recognize
from linkcheck.providers.papers.records import (
    NoticeKind,
    PaperRecord,
    PublicationNotice,
    Relation,
    Scheme,
    UnreadableReplyError,
)
from linkcheck.providers.papers.routing import Plan, best_record, plan

AGENCIES = {"10.1038": "Crossref", "10.5281": "DataCite", "10.1101": "Crossref", "10.11501": "JaLC"}


def link(url: str) -> PaperLink:
    found = recognize(parse(url))
    assert found
    return found


def planned(*urls: str) -> Plan:
    return plan(map(link, urls), AGENCIES)


def test_each_id_goes_to_the_service_that_has_it() -> None:
    asked = planned(
        "https://www.nature.com/articles/sdata201635",
        "https://zenodo.org/records/123",
        "https://www.sciencedirect.com/science/article/pii/S0747563215001247",
        "https://pubmed.ncbi.nlm.nih.gov/37506330/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC7251955/",
        "https://aclanthology.org/P19-1215/",
        "https://huggingface.co/papers/1706.03762",
    )
    assert list(asked.crossref) == ["10.1038/sdata201635", "10.1038/sdata.2016.35"]
    assert list(asked.datacite) == ["10.5281/zenodo.123"]
    assert list(asked.piis) == ["S0747563215001247"]
    assert list(asked.pubmed) == ["37506330", "PMC7251955"]
    assert list(asked.semanticscholar) == ["ACL:P19-1215"]
    assert list(asked.prefixes) == ["10.18653"]
    assert not asked.pages


def test_pages_are_asked_only_where_no_service_has_the_paper() -> None:
    asked = planned(
        "https://openreview.net/pdf?id=WE_vluYUL-X",
        "https://jamanetwork.com/journals/jama/article-abstract/2808296",
        "https://www.nature.com/articles/nature14539",
        "https://www.nature.com/articles/nature14539.pdf",
    )
    assert list(asked.pages) == [
        "https://openreview.net/forum?id=WE_vluYUL-X",
        "https://jamanetwork.com/journals/jama/fullarticle/2808296",
    ]
    assert list(asked.crossref) == ["10.1038/nature14539"]


def test_agencies_by_prefix() -> None:
    [lookup] = agencies.lookups(["10.1038", "10.5281", "10.1038"], "https://doi.org")
    assert lookup.url == "https://doi.org/ra/10.1038,10.5281"
    body = [
        {"DOI": "10.1038", "RA": "Crossref"},
        {"DOI": "10.99999", "status": "DOI does not exist"},
        {"DOI": "10.5281/zenodo.1", "RA": "DataCite"},
        {"DOI": "10.7", "status": "Unknown"},
        "nonsense",
    ]
    found = agencies.read(json.dumps(body).encode())
    assert found == {"10.1038": "Crossref", "10.99999": None, "10.5281": "DataCite"}
    with pytest.raises(UnreadableReplyError):
        agencies.read(b"<html>")


def test_registries_are_believed_before_indexes() -> None:
    records = [
        PaperRecord("semanticscholar", title="Index"),
        PaperRecord("pubmed"),
        PaperRecord("crossref", title="Registry"),
    ]
    best = best_record(records)
    assert best
    assert best.title == "Registry"
    assert best_record([PaperRecord("crossref")]) is None


DOI = "10.1101/2020.01.30.927871"


def posted(**fields: str) -> dict[str, str]:
    common = {"doi": DOI, "title": "Uncanny inserts", "authors": "Pradhan, P.; Pandey, A. K."}
    return {**common, "date": "2020-01-31", "type": "new results", "published": "NA", **fields}


@pytest.mark.parametrize(
    "marks",
    [
        {"type": "withdrawn"},
        {"title": "WITHDRAWN: Uncanny inserts"},
        {"abstract": "This paper has been withdrawn by its authors. They intend to revise it."},
    ],
)
def test_a_withdrawn_preprint(marks: dict[str, str]) -> None:
    versions = [posted(), posted(date="2020-02-02", **marks)]
    body = json.dumps({"messages": [{"status": "ok"}], "collection": versions}).encode()
    record = biorxiv.read(body, [DOI]).records[DOI]
    assert record.notices == (
        PublicationNotice(NoticeKind.WITHDRAWAL, "2020-02-02", source="biorxiv"),
    )
    assert (record.title, record.published) == ("Uncanny inserts", "2020-01-31")
    assert record.authors == ("Pradhan", "Pandey")


def test_a_published_preprint_and_one_that_is_not_there() -> None:
    assert biorxiv.lookup(DOI, "https://api.biorxiv.org", "medrxiv").url == (
        f"https://api.biorxiv.org/details/medrxiv/{DOI}/na/json"
    )
    paper = posted(published="10.1038/S41586-1", abstract="We show that trials were withdrawn.")
    body = json.dumps({"messages": [{"status": "ok"}], "collection": [paper]}).encode()
    record = biorxiv.read(body, [DOI]).records[DOI]
    assert not record.notices
    [successor] = record.successors
    assert successor.relation is Relation.PUBLISHED_AS
    assert (successor.id.scheme, successor.id.value) == (Scheme.DOI, "10.1038/s41586-1")
    none = b'{"messages": [{"status": "no posts found"}], "collection": []}'
    assert biorxiv.read(none, [DOI]).missing == {DOI}
    assert not biorxiv.read(b'{"collection": []}', [DOI]).missing
    with pytest.raises(UnreadableReplyError):
        biorxiv.read(b"{}", [DOI])
