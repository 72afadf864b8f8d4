"""Reading a publisher's, index's or reader's URL as a paper: a table of patterns. Pure.

A page becomes a ``doi`` where its URL spells the DOI, ``arxiv`` where it spells an arXiv id, and a
``paper`` where the paper is known by another id. Ids that can be worked out are kept for asking
and comparing and are marked as derived: one that nobody knows proves nothing. Pages that are no
single paper (authors, journals, searches, volumes, books, supplements) match no pattern.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from linkcheck.model.source_text import word_set
from linkcheck.model.url import Url, quote_segment
from linkcheck.providers.arxiv.recognize import parse_id
from linkcheck.providers.papers.records import PaperId, Scheme, is_doi

ARXIV, DOI, PAPER = "arxiv", "doi", "paper"


@dataclass(frozen=True, slots=True)
class PaperLink:
    """The paper that a URL names."""

    kind: str
    """``arxiv``, ``doi`` or ``paper``: the target's kind."""
    key: str
    """The target's key: the bare arXiv id, the lower-cased DOI, or ``prefix:id``."""
    url: str
    """The canonical address; reading it gives the same kind, key and ids again."""
    ids: tuple[PaperId, ...] = ()
    """The ids for requests and comparison, most reliable first; empty if only the page has them."""
    version: int | None = None
    """The arXiv version the link is pinned to."""


Fields = Mapping[str, str]
"""What a pattern found: its named groups (empty where they took no part), the query's values under
``?name``, and ``host`` without ``www.``."""
Read = Callable[[Fields], PaperLink | None]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of the table."""

    name: str
    hosts: str
    """Host names without ``www.``; ``*.name`` matches every subdomain."""
    path: re.Pattern[str]
    """Matched against the whole decoded path."""
    read: Read
    source: str
    """Where the shape of these URLs and the rule for the id come from."""
    refuses_programs: bool = field(default=False, kw_only=True)
    """Whether the site answers programs with 403, 418, 429 or a challenge page."""


_FORM_BEHIND = re.compile(
    r"(?:/(?:full|abstract|abs|pdf|epdf|html|full-html|fulltext|full-text|meta|summary|references"
    r"|ampdf|xml|figures|tables|metrics|citations?|fulltext\.html|index\.html))+/?$|\.pdf$",
    re.IGNORECASE,
)


def _doi(value: str) -> PaperLink | None:
    """Return the paper with a DOI that a URL spells."""
    doi = _FORM_BEHIND.sub("", value.strip("/ ")).rstrip("/.,;").lower()
    if not is_doi(doi):
        return None
    if doi.startswith("10.48550/arxiv."):
        return _arxiv(doi.removeprefix("10.48550/arxiv."))
    url = f"https://doi.org/{quote_segment(doi, safe='/:;()')}"
    return PaperLink(DOI, doi, url, (PaperId(Scheme.DOI, doi),))


def _arxiv(value: str) -> PaperLink | None:
    """Return the paper with an arXiv id that a URL spells."""
    found = parse_id(value)
    if found is None:
        return None
    url = f"https://arxiv.org/abs/{found.id}"
    return PaperLink(ARXIV, found.id, url, (PaperId(Scheme.ARXIV, found.id),), found.version)


def _paper(prefix: str, value: str, url: str, *ids: PaperId) -> PaperLink:
    """Return a paper that is known by an id of the site's own."""
    return PaperLink(PAPER, f"{prefix}:{value}", url, ids)


def _known(scheme: Scheme, value: str, url: str, *more: PaperId) -> PaperLink:
    """Return a paper that is known by an id which a service can be asked for."""
    return _paper(scheme, value, url, PaperId(scheme, value), *more)


def _spelled_doi(fields: Fields) -> PaperLink | None:
    return _doi(fields["doi"])


def _spelled_arxiv(fields: Fields) -> PaperLink | None:
    return _arxiv(fields["id"])


def _derived(*dois: str) -> tuple[PaperId, ...]:
    return tuple(PaperId(Scheme.DOI, doi.lower(), is_derived=True) for doi in dois)


_ACL_NO_DOI = word_set("lrec coling tacl cl jlcl ranlp paclic eamt mtsummit amta rocling")


def _acl(fields: Fields) -> PaperLink | None:
    name = fields["id"]
    if fields["year"]:
        name, year = name.lower(), int(fields["year"])
        venue = name.split(".")[1].split("-")[0]
        if fields["number"] == "0":
            return None  # a volume's front matter
        has_doi = venue not in _ACL_NO_DOI
    else:
        name, two = name.upper(), int(name[1:3])
        year = two + (1900 if two >= 60 else 2000)
        if name.endswith("000") or (name[0] == "W" and name.endswith("00")):
            return None
        has_doi = name[0] in "DEKNPSW"
    ids: tuple[PaperId, ...] = ()
    if has_doi and year >= 2014:
        ids = _derived(f"{'10.18653' if year >= 2016 else '10.3115'}/v1/{name}")
    return _known(Scheme.ACL, name, f"https://aclanthology.org/{name}/", *ids)


_DOTTED_YEAR = re.compile(r"([a-z]+)(20[01]\d)(\d{1,3})")


def _nature(fields: Fields) -> PaperLink | None:
    name = fields["id"].lower()
    dois = [f"10.1038/{name}"]
    if dotted := _DOTTED_YEAR.fullmatch(name):
        dois.append("10.1038/" + ".".join(dotted.groups()))
    return _paper("nature", name, f"https://www.nature.com/articles/{name}", *_derived(*dois))


def _oup(fields: Fields) -> PaperLink | None:
    journal, page, number = fields["journal"].lower(), fields["page"].lower(), fields["number"]
    place = f"{journal}/article/{fields['volume']}/{fields['issue']}/{page}/{number}"
    is_suffix = re.fullmatch(r"[a-z]{3,8}\d{2,5}", page)
    ids = _derived(f"10.1093/{journal}/{page}") if is_suffix else ()
    return _paper("oup", f"{journal}/{number}", f"https://academic.oup.com/{place}", *ids)


def _pii(text: str, *, is_lancet: bool = False) -> PaperLink | None:
    """Return the paper with a publisher item identifier, with or without its punctuation."""
    pii = re.sub(r"[^0-9A-Z]", "", text.upper()).removeprefix("PII")
    if re.fullmatch(r"B\d{19}[\dX]{1,2}", pii):
        return _known(Scheme.PII, pii, f"https://www.sciencedirect.com/science/article/pii/{pii}")
    if not re.fullmatch(r"S\d{15}[\dX]", pii):
        return None
    spelled = f"{pii[:5]}-{pii[5:9]}({pii[9:11]}){pii[11:16]}-{pii[16]}"
    if is_lancet:
        url = f"https://www.thelancet.com/retrieve/pii/{pii}"
        return _known(Scheme.PII, pii, url, *_derived(f"10.1016/{spelled}"))
    return _known(Scheme.PII, pii, f"https://www.sciencedirect.com/science/article/pii/{pii}")


_MDPI_CODES = dict(
    pair.split(":")
    for pair in word_set(
        "2076-3417:app 2227-9032:healthcare 1424-8220:s 2079-9292:electronics 1422-0067:ijms"
        " 2073-4441:w 2072-4292:rs 1996-1073:en 2071-1050:su 1660-4601:ijerph"
        " 2306-5354:bioengineering 2075-4418:diagnostics 2072-6694:cancers 2077-0383:jcm"
        " 2078-2489:info 1099-4300:e 2227-7390:math 2504-4990:make 2673-2688:ai 2306-5729:data"
        " 2504-2289:bdcc 2073-8994:sym 1420-3049:molecules 2073-4409:cells 2218-273X:biom"
        " 2072-6643:nu 1999-5903:fi 2075-1702:machines 2218-6581:robotics 2226-4310:aerospace"
        " 2220-9964:ijgi 2313-433X:jimaging 2414-4088:mti 2624-6511:smartcities"
        " 2076-3425:brainsci 1999-4893:a"
    )
)
"""DOI codes of MDPI's journals by ISSN, as their article pages show them."""


def _mdpi(fields: Fields) -> PaperLink | None:
    issn, volume, issue, article = (fields[n] for n in ("issn", "volume", "issue", "article"))
    place = f"{issn}/{volume}/{issue}/{article}"
    code = _MDPI_CODES.get(issn)
    ids = _derived(f"10.3390/{code}{volume}{int(issue):02d}{int(article):04d}") if code else ()
    return _paper("mdpi", place, f"https://www.mdpi.com/{place}", *ids)


def _rxiv(fields: Fields) -> PaperLink | None:
    name, server = fields["id"], fields["host"].removeprefix("connect.").removesuffix(".org")
    if fields["prefix"]:
        return _doi(fields["prefix"] + name)
    dois = [f"10.1101/{name}"]
    if "." in name and name[:4] >= "2025":
        dois.append(f"10.64898/{name}")
    date = f"{fields['date']}/" if fields["date"] else ""
    url = f"https://www.{server}.org/content/early/{date}{name}"
    return _paper(server, name, url, *_derived(*dois))


def _openreview(fields: Fields) -> PaperLink | None:
    name = fields.get("?id", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,20}", name):
        return None
    return _known(Scheme.OPENREVIEW, name, f"https://openreview.net/forum?id={name}")


def _semantic_scholar(fields: Fields) -> PaperLink | None:
    if fields["corpus"]:
        url = f"https://api.semanticscholar.org/CorpusID:{fields['corpus']}"
        return _known(Scheme.CORPUS, fields["corpus"], url)
    if fields["arxiv"]:
        return _arxiv(fields["arxiv"])
    name = fields["id"].lower()
    return _known(Scheme.S2, name, f"https://www.semanticscholar.org/paper/{name}")


def _neurips(fields: Fields) -> PaperLink | None:
    if fields["old"]:
        url = f"https://papers.nips.cc/paper/{fields['old']}-{fields['slug']}"
        return _paper("nips", fields["old"], url)
    year, name = fields["year"], fields["hash"].lower()
    url = (
        f"https://proceedings.neurips.cc/paper_files/paper/{year}/hash/{name}-Abstract"
        f"{fields['track']}.html"
    )
    return _paper("neurips", f"{year}/{name}", url)


def _cvf(fields: Fields) -> PaperLink | None:
    path = quote_segment(f"{fields['place']}html/{fields['track']}{fields['id']}.html", safe="/")
    name = fields["id"].removesuffix("_paper")
    return _paper("cvf", name, f"https://openaccess.thecvf.com{path}")


def _aaai(fields: Fields) -> PaperLink | None:
    journal = fields["journal"] or "AAAI"
    url = f"https://ojs.aaai.org/index.php/{journal}/article/view/{fields['id']}"
    return _paper("aaai", fields["id"], url)


def _ieee(fields: Fields) -> PaperLink | None:
    number = (fields["id"] or fields.get("?arnumber", "")).lstrip("0")
    if not re.fullmatch(r"[0-9]{4,9}", number):
        return None
    return _paper("ieee", number, f"https://ieeexplore.ieee.org/document/{number}")


def _bmj(fields: Fields) -> PaperLink | None:
    host, place, name = fields["host"], fields["place"], fields["id"].lower()
    is_suffix = re.fullmatch(r"bmj\.[a-z]?\d+|[a-z]+-\d{4}-\d{5,}", name)
    ids = _derived(f"10.1136/{name}") if is_suffix else ()
    key = f"{host.removesuffix('.com')}/{place}{name}"
    return _paper("bmj", key, f"https://{host}/content/{place}{name}", *ids)


def _jmir(fields: Fields) -> PaperLink | None:
    host, number = fields["host"], fields["number"]
    place = f"{fields['year']}/{fields['issue']}/e{number}"
    ids = _derived(f"10.2196/{number}") if len(number) >= 5 else ()
    return _paper("jmir", f"{host.removesuffix('.org')}/{place}", f"https://{host}/{place}", *ids)


def _acm_citation(fields: Fields) -> PaperLink | None:
    found = re.fullmatch(r"(?:[0-9]{5,8}\.)?([0-9]{5,8})", fields.get("?id", ""))
    if found is None:
        return None
    url = f"https://dl.acm.org/citation.cfm?id={found[0]}"
    return _paper("acm", found[1], url, *_derived(f"10.1145/{found[0]}"))


def _query_doi(name: str) -> Read:
    def read(fields: Fields) -> PaperLink | None:
        return _doi(fields.get(f"?{name}", "").removeprefix("info:doi/"))

    return read


def _query_pii(fields: Fields) -> PaperLink | None:
    return _pii(fields.get("?pii", ""), is_lancet=fields["host"] == "thelancet.com")


def _ssrn(fields: Fields) -> PaperLink | None:
    number = fields["id"] or fields.get("?abstract_id", fields.get("?abstractid", ""))
    if not re.fullmatch(r"[0-9]{4,9}", number):
        return None
    url = f"https://papers.ssrn.com/sol3/papers.cfm?abstract_id={number}"
    return _paper("ssrn", number, url, *_derived(f"10.2139/ssrn.{number}"))


def _template(prefix: str, key: str, url: str, *dois: str, is_known: bool = False) -> Read:
    """Return a reader that fills the fields, in lower case, into key, address and derived DOIs.

    ``is_known``: the prefix is a :class:`Scheme` whose service can be asked for the id.
    """

    def read(fields: Fields) -> PaperLink:
        lowered = {name: value.lower() for name, value in fields.items()}
        value = key.format(**lowered)
        own = (PaperId(Scheme(prefix), value),) if is_known else ()
        ids = _derived(*(doi.format(**lowered) for doi in dois))
        return _paper(prefix, value, url.format(**lowered), *own, *ids)

    return read


_OSF_PREFIXES = {
    "psyarxiv": "10.31234",
    "socarxiv": "10.31235",
    "edarxiv": "10.35542",
    "osf": "10.31219",
}


def _osf(fields: Fields) -> PaperLink | None:
    server, name = (fields["server"] or "osf").lower(), fields["id"].lower()
    prefix = _OSF_PREFIXES.get(server)
    ids = _derived(f"{prefix}/osf.io/{name}") if prefix else ()
    return _paper("osf", name, f"https://osf.io/preprints/{server}/{name}", *ids)


def _ads(fields: Fields) -> PaperLink | None:
    number = fields["id"].replace(".", "")
    return _arxiv(f"{number[:4]}.{number[4:]}")


_PMID = _template("pmid", "{id}", "https://pubmed.ncbi.nlm.nih.gov/{id}/", is_known=True)


def _row(
    name: str, hosts: str, path: str, read: Read, source: str, *, refuses_programs: bool = False
) -> Pattern:
    compiled = re.compile(path, re.ASCII)
    return Pattern(name, hosts, compiled, read, source, refuses_programs=refuses_programs)


PATTERNS: tuple[Pattern, ...] = (
    _row(
        "arxiv-readers",
        "huggingface.co hf.co hf-mirror.com papers.cool emergentmind.com catalyzex.com scirate.com",
        r"/(?:papers|paper|arxiv)/(?:arxiv:)?(?P<id>[\w.-]+?(?:/\d{7})?(?:v\d+)?)(?:\.md)?",
        _spelled_arxiv,
        "Hugging Face hub docs, paper-pages.md: /papers/ARXIV-ID; the others use the same id",
    ),
    _row(
        "ads",
        "ui.adsabs.harvard.edu adsabs.harvard.edu",
        r"/abs/(?:\d{4})?(?i:arxiv)[:.]?(?P<id>\d{4}\.?\d{4,5})[A-Z.]?(?:/abstract)?",
        _ads,
        "ADS help, bibliographic codes of e-prints: YEARarXivNUMBER and the first author's letter",
    ),
    _row(
        "dblp-corr",
        "dblp.org dblp.uni-trier.de",
        r"/rec/(?:html/|bib/)?journals/corr/abs-(?P<id>\d{4}-\d{4,5})(?:\.html)?",
        lambda fields: _arxiv(fields["id"].replace("-", ".")),
        "dblp FAQ: CoRR records are named after the arXiv id",
    ),
    _row(
        "acl-anthology",
        "aclanthology.org aclanthology.info anthology.aclweb.org",
        r"/(?:papers/|anthology/)?(?:[A-Z]/[A-Z]\d\d/)?(?P<id>(?P<year>\d{4})\.[\w]+-[\w]+"
        r"\.(?P<number>\d+)|[A-Za-z]\d\d-\d{4})(?:v\d+)?(?:\.pdf|\.bib|/[a-z]\d\d-\d{4})?",
        _acl,
        "ACL Anthology, information for editors: paper ids; DOIs 10.18653/v1/ID since 2016",
    ),
    _row(
        "acl-web",
        "aclweb.org",
        r"/anthology/(?:papers/)?(?:[A-Z]/[A-Z]\d\d/)?(?P<id>(?P<year>\d{4})\.[\w]+-[\w]+"
        r"\.(?P<number>\d+)|[A-Za-z]\d\d-\d{4})(?:v\d+)?(?:\.pdf)?",
        _acl,
        "the Anthology's address before 2020, which redirects",
    ),
    _row(
        "nature",
        "nature.com",
        r"/(?:articles/|[a-z]+/journal/(?:v\d+/n\d+|vaop/ncurrent)/(?:full|abs|pdf)/)"
        r"(?P<id>[a-z][a-z0-9]{1,12}-?[\w-]{2,24}?)(?:\.e?pdf|\.html|_reference\.pdf)?",
        _nature,
        "Crossref records of Nature: 10.1038/ and the name in the URL; dots around the year in"
        " Scientific Data and journals of the former Nature Publishing Group",
    ),
    _row(
        "springer",
        "link.springer.com *.biomedcentral.com *.springeropen.com",
        r"/(?:article|chapter|protocol|referenceworkentry|rwe|articles|track/pdf|counter/pdf"
        r"|content/pdf|epdf)/(?P<doi>10\.\d{4,9}/(?!978-[\d-]+(?:\.pdf)?$)[^/]+)(?:/[\w.-]+)*",
        _spelled_doi,
        "Springer: the DOI stands in the path; 978-… without _N is the whole book",
    ),
    _row(
        "atypon",
        "dl.acm.org onlinelibrary.wiley.com *.onlinelibrary.wiley.com tandfonline.com"
        " journals.sagepub.com science.org pnas.org nejm.org *.nejm.org pubs.acs.org"
        " pubs.rsna.org ahajournals.org annualreviews.org royalsocietypublishing.org"
        " acpjournals.org ascopubs.org liebertpub.com worldscientific.com pubsonline.informs.org"
        " ajronline.org atsjournals.org healthaffairs.org epubs.siam.org cdnsciencepub.com"
        " psycnet.apa.org journals.physiology.org journals.asm.org arc.aiaa.org ascelibrary.org"
        " chemrxiv.org jacc.org journals.uchicago.edu",
        r"/doi/(?:(?:abs|full|pdf|epdf|pdfdirect|fullHtml|pdfplus|reader|epub|ref|references)/)?"
        r"(?P<doi>10\.\d{4,9}/.+)",
        _spelled_doi,
        "Literatum (Atypon): /doi/[FORM/]DOI; other forms are books, volumes and supplements",
        refuses_programs=True,
    ),
    _row(
        "acm-citation",
        "dl.acm.org portal.acm.org doi.acm.org",
        r"/(?:citation|ft_gateway|authorize)\.cfm",
        _acm_citation,
        "ACM's addresses before 2020: id=VOLUME.PAPER, the DOI's suffix",
        refuses_programs=True,
    ),
    _row(
        "pnas-old",
        "pnas.org",
        r"/content/(?:pnas/)?(?P<place>\d+/\d+)/e(?P<id>\d{9,10})(?:\.full|\.short|\.abstract|\.long)?"
        r"(?:\.pdf)?",
        _template(
            "pnas",
            "{id}",
            "https://www.pnas.org/content/{place}/e{id}",
            "10.1073/pnas.{id}",
        ),
        "PNAS: since 2019 the page number is the DOI's",
        refuses_programs=True,
    ),
    _row(
        "silverchair-doi",
        "academic.oup.com direct.mit.edu pubs.aip.org journals.aai.org rupress.org",
        r"/[\w-]+/(?:advance-)?article(?:-abstract|-pdf|-lookup)?/doi/"
        r"(?P<doi>10\.\d{4,9}/.+?)(?:/\d{4,}(?:/[^/]+)*)?",
        _spelled_doi,
        "Silverchair: /JOURNAL/article/doi/DOI/NUMBER",
        refuses_programs=True,
    ),
    _row(
        "oup",
        "academic.oup.com",
        r"/(?P<journal>[\w-]+)/article(?:-abstract|-pdf)?/(?P<volume>[\w-]+)/(?P<issue>[\w-]+)/"
        r"(?P<page>[\w-]+)/(?P<number>\d{4,9})(?:/[^/]+)?",
        _oup,
        "OUP: /JOURNAL/article/VOLUME/ISSUE/PAGE/NUMBER; a page like bbac282 is the DOI's suffix",
        refuses_programs=True,
    ),
    _row(
        "sciencedirect",
        "sciencedirect.com linkinghub.elsevier.com",
        r"/(?:science/article/(?:abs/|am/)?|retrieve/)pii/(?P<pii>[SB]\w+)(?:/\w+)?",
        lambda fields: _pii(fields["pii"]),
        "Crossref: Elsevier deposits the PII as alternative-id",
        refuses_programs=True,
    ),
    _row(
        "cell-press",
        "cell.com",
        r"/(?:[\w-]+/)+(?:fulltext|abstract|pdf|pdfExtended|references)/(?:PII)?"
        r"(?P<pii>S[\d-]+(?:\(\d\d\))?[\d-]*[\dX])(?:\.pdf)?",
        lambda fields: _pii(fields["pii"]),
        "Cell Press: the PII with its punctuation",
        refuses_programs=True,
    ),
    _row(
        "lancet",
        "thelancet.com",
        r"/(?:journals/\w+/article|retrieve/pii)/(?:PII)?(?P<pii>S[\d-]+(?:\(\d\d\))?[\d-]*[\dX])"
        r"(?:/\w+)?",
        lambda fields: _pii(fields["pii"], is_lancet=True),
        "The Lancet: the DOI is 10.1016/ and the PII with its punctuation",
        refuses_programs=True,
    ),
    _row(
        "elsevier-pdf",
        "cell.com thelancet.com",
        r"/(?:journals/\w+/)?action/showPdf",
        _query_pii,
        "Elsevier's Literatum sites: showPdf?pii=",
        refuses_programs=True,
    ),
    _row(
        "jama",
        "jamanetwork.com",
        r"/journals/(?P<journal>[\w-]+)/(?:fullarticle|article-abstract|articlepdf)/"
        r"(?P<id>\d{5,9})(?:/[^/]+)?",
        _template("jama", "{id}", "https://jamanetwork.com/journals/{journal}/fullarticle/{id}"),
        "JAMA Network: a number of its own, from which no DOI follows",
        refuses_programs=True,
    ),
    _row(
        "jama-doi",
        "jamanetwork.com",
        r"/article\.aspx",
        _query_doi("doi"),
        "JAMA Network's resolver: article.aspx?doi=",
        refuses_programs=True,
    ),
    _row(
        "bmj",
        "*.bmj.com bmj.com",
        r"/content/(?P<place>(?:bmj/)?(?:early/\d{4}/\d\d/\d\d/|\d+/(?:\d+/)?))"
        r"(?P<id>[a-z]+[.-][\w-]+|e?\d+)(?:\.(?:full|abstract|long|short|full-text))?(?:\.pdf)?",
        _bmj,
        "BMJ: names such as bmj.n71 and bmj-2023-077341 are the DOI's suffix, pages are not",
        refuses_programs=True,
    ),
    _row(
        "jmir",
        "*.jmir.org jmir.org",
        r"/(?P<year>\d{4})/(?P<issue>\d+)/e(?P<number>\d+)(?:/(?:pdf|PDF|citations|metrics))?",
        _jmir,
        "JMIR: since 2018 the DOI is 10.2196/NUMBER",
    ),
    _row(
        "frontiers",
        "frontiersin.org journal.frontiersin.org",
        r"/(?:journals/[\w-]+/)?articles?/(?P<doi>10\.3389/[^/]+)(?:/\w+)?",
        _spelled_doi,
        "Frontiers: the DOI stands in the path",
    ),
    _row(
        "plos",
        "journals.plos.org",
        r"/\w+/article(?:/(?:file|comments|authors|metrics|citation|peerReview))?",
        _query_doi("id"),
        "PLOS: article?id=DOI",
    ),
    _row(
        "plos-old",
        "plosone.org dx.plos.org *.plosjournals.org",
        r"/(?:article/info:doi/)?(?P<doi>10\.1371/journal\.[\w.]+)",
        _spelled_doi,
        "PLOS's former addresses, which redirect",
    ),
    _row(
        "mdpi",
        "mdpi.com",
        r"/(?P<issn>\d{4}-\d{3}[\dX])/(?P<volume>\d+)/(?P<issue>\d+)/(?P<article>\d+)"
        r"(?:/(?:htm|html|pdf|xml|notes|review_report))?",
        _mdpi,
        "MDPI: the DOI is 10.3390/ with the journal's code, volume, issue and article",
        refuses_programs=True,
    ),
    _row(
        "biorxiv",
        "biorxiv.org medrxiv.org connect.biorxiv.org connect.medrxiv.org",
        r"/(?:content/(?:(?:bio|med)rxiv/)?|lookup/(?:doi|content/short)/|cgi/doi/"
        r"|cgi/content/(?:short|abstract|full|reprint)/)(?:early/(?P<date>\d{4}/\d\d/\d\d)/|early/)?"
        r"(?P<prefix>10\.\d{4,9}/)?(?P<id>\d{4}\.\d\d\.\d\d\.\d{6,8}|\d{5,6})(?:v\d+)?"
        r"(?:\.(?:abstract|full|full-text|short|long|article-info|article-metrics))?(?:\.pdf)?",
        _rxiv,
        "bioRxiv and medRxiv: 10.1101 or (since late 2025) 10.64898, dated or plain numbers",
        refuses_programs=True,
    ),
    _row(
        "zenodo",
        "zenodo.org",
        r"/records?/(?P<id>\d{2,9})(?:/files/[^/]+|/preview/[^/]+)?",
        _template("zenodo", "{id}", "https://zenodo.org/records/{id}", "10.5281/zenodo.{id}"),
        "Zenodo: 10.5281/zenodo.RECORD, unless the record brought a DOI of its own",
    ),
    _row(
        "zenodo-doi",
        "zenodo.org",
        r"/doi/(?P<doi>10\.\d{4,9}/.+)",
        _spelled_doi,
        "Zenodo's resolver",
    ),
    _row(
        "pubmed",
        "pubmed.ncbi.nlm.nih.gov",
        r"/0*(?P<id>[1-9]\d{0,7})",
        _PMID,
        "NLM: PubMed user guide, permanent links",
    ),
    _row(
        "pubmed-old",
        "ncbi.nlm.nih.gov pubmed.gov europepmc.org",
        r"/(?:m/)?(?:pubmed|(?:pmc/)?articles/pmid|(?:article|abstract)/(?:med|MED))/0*(?P<id>[1-9]\d{0,7})",
        _PMID,
        "NLM's former addresses, which redirect; Europe PMC: /article/MED/PMID",
    ),
    _row(
        "pmc",
        "ncbi.nlm.nih.gov pmc.ncbi.nlm.nih.gov europepmc.org",
        r"/(?:pmc/)?(?:articles|article/(?:pmc|PMC)|abstract/(?:pmc|PMC))/(?:PMC|pmc)(?P<id>\d{1,9})"
        r"(?:/(?:pdf|epub)?(?:/[^/]+)?)?",
        _template(
            "pmcid", "PMC{id}", "https://pmc.ncbi.nlm.nih.gov/articles/PMC{id}/", is_known=True
        ),
        "NLM: PMC ids in the path; Europe PMC: /article/PMC/PMCID",
    ),
    _row(
        "openreview",
        "openreview.net",
        r"/(?:forum|pdf)",
        _openreview,
        "OpenReview: forum?id= and pdf?id=",
    ),
    _row(
        "semantic-scholar",
        "semanticscholar.org api.semanticscholar.org",
        r"/(?:graph/v1/)?(?:paper/|reader/)?(?:[Cc]orpus[Ii][Dd]:(?P<corpus>\d+)"
        r"|(?i:arxiv)[:/](?P<arxiv>[\w.-]+(?:/\d{7})?)|(?:[^/]+/)?(?P<id>[0-9a-fA-F]{40}))(?:/\w+)?",
        _semantic_scholar,
        "Semantic Scholar API: paper ids; CorpusID and arXiv addresses redirect to the page",
    ),
    _row(
        "semantic-scholar-pdf",
        "pdfs.semanticscholar.org",
        r"/(?P<start>[0-9a-f]{4})/(?P<rest>[0-9a-f]{36})\.pdf",
        _template(
            "s2",
            "{start}{rest}",
            "https://www.semanticscholar.org/paper/{start}{rest}",
            is_known=True,
        ),
        "Semantic Scholar's stored copies: the paper id, split after four digits",
    ),
    _row(
        "neurips",
        "papers.nips.cc proceedings.neurips.cc papers.neurips.cc"
        " datasets-benchmarks-proceedings.neurips.cc",
        r"/paper(?:_files)?(?:/paper)?/(?:(?P<year>\d{4})/(?:hash|file)/(?P<hash>[0-9a-f]{32})-"
        r"(?:Paper|Abstract)(?P<track>-[\w-]+?)?\.(?:pdf|html)"
        r"|(?P<old>\d{1,5})-(?P<slug>[\w-]+)(?:\.pdf)?)",
        _neurips,
        "NeurIPS proceedings: YEAR/hash/MD5-Abstract…html beside YEAR/file/MD5-Paper…pdf",
    ),
    _row(
        "pmlr",
        "proceedings.mlr.press",
        r"/(?P<volume>[vr]\d+)/(?P<id>[a-z][a-z0-9_-]*?\d\d[a-z]*)(?:/(?P=id))?(?:\.html|\.pdf)",
        _template("pmlr", "{volume}/{id}", "https://proceedings.mlr.press/{volume}/{id}.html"),
        "PMLR: vVOLUME/KEY.html and vVOLUME/KEY/KEY.pdf",
    ),
    _row(
        "jmlr",
        "jmlr.org",
        r"/papers/v(?:olume)?(?P<volume>\d+)/(?P<id>(?:\d\d-\d{3,4}|[a-z][a-z-]*\d\d[a-z]?))"
        r"(?:/(?P=id))?(?:\.html|\.pdf)",
        _template("jmlr", "v{volume}/{id}", "https://jmlr.org/papers/v{volume}/{id}.html"),
        "JMLR: /papers/vVOLUME/KEY.html and /papers/volumeVOLUME/KEY/KEY.pdf",
    ),
    _row(
        "cvf",
        "openaccess.thecvf.com",
        r"(?P<place>/content[\w]*/(?:\w+/){0,2}?)(?:html|papers)/(?P<track>\w+/)?"
        r"(?P<id>[^/]+_paper)\.(?:html|pdf)",
        _cvf,
        "CVF Open Access: html/NAME_paper.html beside papers/NAME_paper.pdf",
    ),
    _row(
        "aaai",
        "ojs.aaai.org cdn.aaai.org",
        r"/(?:index\.php/(?P<journal>[\w-]+)/article/(?:view|download|viewFile)|ojs)/(?P<id>\d+)"
        r"(?:/[^/]+)?",
        _aaai,
        "Open Journal Systems at AAAI: /JOURNAL/article/view/NUMBER[/GALLEY]",
    ),
    _row(
        "ieee",
        "ieeexplore.ieee.org",
        r"/(?:(?:abstract/)?document/(?P<id>\d+)|stamp/stamp\.jsp|xpls?/(?:abs_all|articleDetails|"
        r"login)\.jsp)(?:/\w+)?",
        _ieee,
        "IEEE Xplore: the article number, from which no DOI follows",
        refuses_programs=True,
    ),
    _row(
        "isca",
        "isca-archive.org isca-speech.org",
        r"/(?:archive/|archive/pdfs/|pdfs/)?(?P<event>[a-z]+_?\d{4})/(?P<id>[a-z]+\d\d[a-z]?_[a-z]+)"
        r"\.(?:html|pdf)",
        _template("isca", "{id}", "https://www.isca-archive.org/{event}/{id}.html"),
        "ISCA Archive: EVENT/KEY.html",
    ),
    _row(
        "ijcai",
        "ijcai.org",
        r"/proceedings/(?P<year>20(?:1[7-9]|[2-9]\d))/0*(?P<id>\d+)(?:\.pdf)?",
        _template(
            "ijcai",
            "{year}/{id}",
            "https://www.ijcai.org/proceedings/{year}/{id}",
            "10.24963/ijcai.{year}/{id}",
        ),
        "IJCAI since 2017: the DOI is 10.24963/ijcai.YEAR/NUMBER",
    ),
    _row(
        "usenix",
        "usenix.org",
        r"/conference/(?P<event>[\w-]+)/presentation/(?P<id>[\w-]+)",
        _template(
            "usenix", "{event}/{id}", "https://www.usenix.org/conference/{event}/presentation/{id}"
        ),
        "USENIX: /conference/EVENT/presentation/KEY; no DOIs",
    ),
    _row(
        "elife",
        "elifesciences.org",
        r"/(?:articles|reviewed-preprints)/(?P<id>\d{4,6})(?:v\d+)?(?:/\w+)?",
        _template(
            "elife",
            "{id}",
            "https://elifesciences.org/articles/{id}",
            "10.7554/elife.{id}",
        ),
        "eLife: 10.7554/eLife.NUMBER",
    ),
    _row(
        "peerj",
        "peerj.com",
        r"/articles/(?P<id>\d+)(?:\.pdf)?",
        _template("peerj", "{id}", "https://peerj.com/articles/{id}/", "10.7717/peerj.{id}"),
        "PeerJ: 10.7717/peerj.NUMBER",
    ),
    _row(
        "peerj-journals",
        "peerj.com",
        r"/articles/(?P<journal>cs|pchem|ochem|ichem|achem|matsci)-(?P<id>\d+)(?:\.pdf)?",
        _template(
            "peerj",
            "{journal}-{id}",
            "https://peerj.com/articles/{journal}-{id}/",
            "10.7717/peerj-{journal}.{id}",
        ),
        "PeerJ's other journals: 10.7717/peerj-JOURNAL.NUMBER",
    ),
    _row(
        "ssrn",
        "papers.ssrn.com ssrn.com",
        r"/(?:sol3/(?:papers|Delivery)\.cfm|abstract=(?P<id>\d+))",
        _ssrn,
        "SSRN: 10.2139/ssrn.NUMBER",
        refuses_programs=True,
    ),
    _row(
        "research-square",
        "researchsquare.com",
        r"/article/(?P<id>rs-\d+)/v(?P<version>\d+)(?:\.pdf|_covered\.pdf)?",
        _template(
            "researchsquare",
            "{id}/v{version}",
            "https://www.researchsquare.com/article/{id}/v{version}",
            "10.21203/rs.3.{id}/v{version}",
        ),
        "Research Square: 10.21203/rs.3.ARTICLE/VERSION",
    ),
    _row(
        "preprints-org",
        "preprints.org",
        r"/manuscript/(?P<id>\d{6}\.\d{4})/v(?P<version>\d+)(?:/download)?",
        _template(
            "preprints",
            "{id}/v{version}",
            "https://www.preprints.org/manuscript/{id}/v{version}",
            "10.20944/preprints{id}.v{version}",
        ),
        "Preprints.org: 10.20944/preprintsNUMBER.VERSION",
        refuses_programs=True,
    ),
    _row(
        "osf",
        "osf.io",
        r"/preprints/(?:(?P<server>[a-z]+)/)?(?P<id>[a-z0-9]{5}(?:_v\d+)?)",
        _osf,
        "OSF Preprints: PREFIX/osf.io/GUID, the prefix by server",
    ),
    _row(
        "hal",
        "hal.science *.hal.science hal.inria.fr hal.archives-ouvertes.fr",
        r"/(?P<id>(?:hal|tel|inria|halshs|cea|lirmm|inserm|pasteur)-\d{6,9})(?:v\d+)?"
        r"(?:/document|/file/[^/]+)?",
        _template("hal", "{id}", "https://hal.science/{id}"),
        "HAL: the deposit's name; versions behind it",
    ),
    _row(
        "hindawi",
        "hindawi.com",
        r"/journals/(?P<journal>\w+)/(?P<year>\d{4})/(?P<id>\d{6,8})",
        _template(
            "hindawi",
            "{year}/{id}",
            "https://www.hindawi.com/journals/{journal}/{year}/{id}/",
            "10.1155/{year}/{id}",
        ),
        "Hindawi: 10.1155/YEAR/NUMBER",
        refuses_programs=True,
    ),
    _row(
        "rsc",
        "pubs.rsc.org",
        r"/(?:en/)?content/article(?:landing|html|pdf)/(?P<year>\d{4})/(?P<journal>\w+)/"
        r"(?P<id>[a-z]\d[a-z]{2}\d{5}[a-z0-9])(?:/[\w-]+)?",
        _template(
            "rsc",
            "{id}",
            "https://pubs.rsc.org/en/content/articlelanding/{year}/{journal}/{id}",
            "10.1039/{id}",
        ),
        "Royal Society of Chemistry: 10.1039/NAME",
        refuses_programs=True,
    ),
    _row(
        "jstage",
        "jstage.jst.go.jp",
        r"/article/(?P<journal>\w+)/(?P<volume>\w+)/(?P<issue>\w+)/(?P<id>[\w.-]+)/_(?:article|pdf)"
        r"(?:/-char/\w+)?",
        _template(
            "jstage",
            "{journal}/{volume}/{issue}/{id}",
            "https://www.jstage.jst.go.jp/article/{journal}/{volume}/{issue}/{id}/_article",
        ),
        "J-STAGE: JOURNAL/VOLUME/ISSUE/NAME",
    ),
    _row(
        "doi-in-path",
        "iopscience.iop.org journals.aps.org link.aps.org degruyter.com emerald.com"
        " thieme-connect.com thieme-connect.de karger.com annualreviews.org openaccess.city.ac.uk"
        " ebooks.iospress.nl content.iospress.com spiedigitallibrary.org",
        r"/(?:article|(?:[a-z]+/)?(?:abstract|pdf|doi)|document/doi|insight/content/doi"
        r"|products/ejournals/(?:abstract|html|pdf)|content/journals|conference-proceedings-of-spie"
        r"|journals/[\w-]+(?:/[\w-]+)*)/(?P<doi>10\.\d{4,9}/.+)",
        _spelled_doi,
        "IOP, APS, De Gruyter, Emerald, Thieme, Annual Reviews: the DOI stands in the path",
        refuses_programs=True,
    ),
)
"""Every pattern; where several hold for a host, the first that matches decides."""


@cache
def _by_host() -> Mapping[str, tuple[Pattern, ...]]:
    index: dict[str, tuple[Pattern, ...]] = {}
    for pattern in PATTERNS:
        for host in pattern.hosts.split():
            index[host] = (*index.get(host, ()), pattern)
    return index


def patterns_for(host: str) -> tuple[Pattern, ...]:
    """Return the patterns that hold for a host."""
    index = _by_host()
    host = host.removeprefix("www.")
    return (*index.get(host, ()), *index.get(f"*.{host.partition('.')[2]}", ()))


def find(url: Url) -> tuple[Pattern, PaperLink] | None:
    """Return the paper that a URL names, with the pattern that read it."""
    patterns = patterns_for(url.host)
    if not patterns:
        return None
    path = "/" + "/".join(url.segments)
    context = {f"?{name}": value for name, value in url.query_pairs}
    context["host"] = url.host.removeprefix("www.")
    for pattern in patterns:
        if found := pattern.path.fullmatch(path):
            fields = {**context, **found.groupdict("")}
            if link := pattern.read(fields):
                return pattern, link
    return None


def recognize(url: Url) -> PaperLink | None:
    """Return the paper that a URL names, or ``None`` where no pattern reads it as one."""
    found = find(url)
    return found[1] if found else None
