"""A small site for tests, with hostile texts in every place that outside text can take."""

from datetime import timedelta

from linkcheck.model.entry import Claim, Claims, Entry, EntryKind
from linkcheck.model.observation import Status
from linkcheck.model.source_text import Span
from linkcheck.model.target import Target, TargetKind
from linkcheck.report.site import SiteData, SiteEntry, SiteLink
from linkcheck.report.site.catalog_changes import CatalogChange
from linkcheck.report.site.data import page_slugs
from tests.report.report_results import HOSTILE, NOW, past

SPAN = Span("catalog/models.yaml", 0, 0, 3, 1, 3, 9)


def claim(value: str) -> Claim[str]:
    return Claim(value, SPAN)


def site(number: int = 12, *, hostile: bool = False) -> SiteData:
    """Return a site of models and datasets; ``hostile`` makes every text hostile."""
    ids = [f"entry-{n}" for n in range(number)]
    if hostile:
        ids[0], ids[1] = "../../etc/passwd", "=cmd|' /C calc'!A0"
    entries = tuple(
        one_entry(n, name, slug, HOSTILE if hostile else None)
        for n, (name, slug) in enumerate(zip(ids, page_slugs(ids), strict=True))
    )
    target = Target(TargetKind.GITHUB_REPO, "o/n", "https://github.com/o/n")
    words = f"licence: MIT became {HOSTILE}" if hostile else "is gone"
    change = CatalogChange(NOW - timedelta(days=1), target, words, "bad", (ids[0],))
    return SiteData(
        title=HOSTILE if hostile else "Catalog",
        version="0.1.0",
        made_at=NOW,
        entries=entries,
        changes=(change,),
        history=past(),
        base_url="https://catalog.example",
    )


def one_entry(number: int, name: str, slug: str, text: str | None) -> SiteEntry:
    claims = Claims(
        licenses={"": claim(text or "MIT")},
        base_models=(claim(text or ("LLaMA-7B", "BLOOM")[number % 2]),),
        languages=(claim(text or ("en", "zh")[number % 2]),),
    )
    entry = Entry(
        id=name,
        name=text or f"Name {number}",
        kind=EntryKind.DATASET if number % 4 == 3 else EntryKind.MODEL,
        span=SPAN,
        aliases=(text or "Alias",),
        claims=claims,
        listed_in=(text or "a-list",),
        notes=text or "A sentence.",
    )
    gated = ("auto", "no")[number % 2]
    facts = {"stars": number * 100, "license": text or "MIT", "gated": gated, "hub": text or "o/n"}
    link = SiteLink(
        text or "code",
        "javascript:alert(1)" if text else f"https://github.com/o/n{number}",
        Status.DEAD if number == 1 else Status.ALIVE,
        last_seen=NOW,
    )
    return SiteEntry(entry, slug, facts, (link,))
