"""The files of the site."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkcheck.model.entry import EntryKind
from linkcheck.model.result import EntryResult
from linkcheck.model.run_history import History
from linkcheck.report.html import plots
from linkcheck.report.html.page_template import asset, environment
from linkcheck.report.html.svg import Figure
from linkcheck.report.site.data import SiteData, SiteEntry, texts
from linkcheck.report.site.downloads import atom, catalog_csv, catalog_json

if TYPE_CHECKING:
    from jinja2 import Environment

TITLES: Mapping[str, str] = {
    EntryKind.MODEL.value: "Models",
    EntryKind.DATASET.value: "Data sets",
    EntryKind.BENCHMARK.value: "Benchmarks",
    EntryKind.PAPER.value: "Papers",
    EntryKind.TOOL.value: "Tools",
    EntryKind.COMPETITION.value: "Competitions",
    EntryKind.PRODUCT.value: "Products",
    EntryKind.RESOURCE.value: "Resources",
    EntryKind.LIST.value: "Lists",
    "other": "Others",
}

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of "what the entry says beside what was seen"."""

    name: str
    stated: str
    observed: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above a table."""

    key: str
    label: str
    options: tuple[str, ...]


def files(data: SiteData) -> Iterator[tuple[str, str]]:
    """Yield every file of the site as (path in the site, text)."""
    env = environment()
    kinds = [kind for kind in TITLES if any(one.kind == kind for one in data.entries)]
    shared = {
        "data": data,
        "titles": TITLES,
        "kinds": kinds,
        "counts": Counter(one.kind for one in data.entries),
        "policy": POLICY,
    }
    render = _renderer(env, shared)
    slugs = {one.entry.id: one.slug for one in data.entries}
    names = {one.entry.id: one.entry.name for one in data.entries}
    yield "index.html", render("index.html", "", figures=_figures(data), slugs=slugs, names=names)
    yield "changes.html", render("changes.html", "", slugs=slugs, names=names)
    for kind in kinds:
        of_kind = [one for one in data.entries if one.kind == kind]
        page = render("kind.html", "../", kind=kind, entries=of_kind, filters=filters(of_kind))
        yield f"kind/{kind}.html", page
    for one in data.entries:
        own = [change for change in data.changes if one.entry.id in change.entries]
        page = render("entry.html", "../", one=one, facts=facts(one), own=own)
        yield f"entry/{one.slug}.html", page
    yield "atom.xml", atom(data)
    yield "catalog.json", catalog_json(data)
    yield "catalog.csv", catalog_csv(data)
    yield "assets/site.css", f"{asset('base.css')}\n{asset('site.css')}"
    yield "assets/site.js", f"{asset('table.js')}\n{asset('site.js')}"


def _renderer(env: "Environment", shared: Mapping[str, object]) -> Callable[..., str]:
    def render(name: str, up: str, **values: object) -> str:
        return env.get_template(f"site/{name}").render(**shared, up=up, **values)

    return render


def filters(entries: Sequence[SiteEntry]) -> tuple[Filter, ...]:
    """Return the choices that tell these entries apart; those with fewer than two are left out."""
    base_models = {name for one in entries for name in one.base_models}
    languages = {name for one in entries for name in one.languages}
    found = (
        Filter("status", "Status", _options({one.status for one in entries})),
        Filter("license", "License", _options({one.license for one in entries})),
        Filter("base", "Base model", _options(base_models)),
        Filter("language", "Language", _options(languages)),
        Filter("gated", "Gated", _options({one.gated for one in entries})),
    )
    return tuple(one for one in found if one.options)


def _options(values: set[str]) -> tuple[str, ...]:
    return tuple(sorted((value for value in values if value), key=str.casefold))


_LABELS: Mapping[str, str] = {
    "repository": "Repository",
    "stars": "Stars",
    "forks": "Forks",
    "last_push": "Last push",
    "last_commit": "Last commit",
    "archived": "Archived",
    "latest_release": "Latest release",
    "hub": "On the hub",
    "pipeline": "Task",
    "gated": "Gated",
    "likes": "Likes",
    "downloads": "Downloads in 30 days",
    "last_change": "Last change",
    "paper": "Paper",
    "paper_title": "Title of the paper",
    "paper_version": "Version of the paper",
    "journal_reference": "Published in",
    "doi": "DOI",
    "withdrawn": "Withdrawn",
    "page_title": "Title of the page",
}
"""Facts that no claim stands beside."""


def facts(one: SiteEntry) -> tuple[Fact, ...]:
    """Return what the entry says beside what was seen, line by line; empty lines are left out."""
    claims, seen = one.entry.claims, one.observed
    stated = [f"{claim.value} ({p})" if p else claim.value for p, claim in claims.licenses.items()]
    code, weights = _shown(seen.get("license")), _shown(seen.get("model_license"))
    lines = [
        Fact(
            "Released",
            claims.released.value if claims.released else "",
            _shown(seen.get("created") or seen.get("paper_published")),
        ),
        Fact(
            "License",
            ", ".join(stated),
            ", ".join(
                text
                for text in (
                    f"{code} (code)" if code else "",
                    f"{weights} (hub)" if weights else "",
                )
                if text
            ),
        ),
        _claimed("Base models", claims.base_models, seen.get("base_models")),
        _claimed("Data sets", claims.datasets, seen.get("datasets")),
        _claimed("Languages", claims.languages, seen.get("languages")),
        _claimed("Parameters", claims.parameters, None),
        _claimed("Institutions", claims.institutions, None),
    ]
    lines += [Fact(label, "", _shown(seen.get(name))) for name, label in _LABELS.items()]
    return tuple(line for line in lines if line.stated or line.observed)


def _claimed(name: str, claims: Sequence[object], observed: object) -> Fact:
    stated = ", ".join(str(getattr(claim, "value", "")) for claim in claims)
    return Fact(name, stated, ", ".join(texts(observed)))


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case list() | tuple():
            return ", ".join(texts(value))
        case _:
            return str(value)


def _figures(data: SiteData) -> tuple[Figure, ...]:
    entries = tuple(EntryResult(one.entry, one.observed) for one in data.entries)
    history, day = data.history or History(), data.made_at.date()
    drawn = (
        plots.health(history.runs),
        plots.licenses(entries),
        plots.ages(entries, day),
        plots.stars(entries, day),
        plots.lifetimes(history.lifetimes),
    )
    return tuple(replace(figure, rows=()) for figure in drawn)
