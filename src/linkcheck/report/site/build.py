"""Build the files of the site."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkcheck.model.entry import EntryKind
from linkcheck.model.result import EntryResult
from linkcheck.model.run_history import History
from linkcheck.report.html import plots
from linkcheck.report.html.page_template import read_asset, template_environment
from linkcheck.report.html.svg import Figure
from linkcheck.report.site.data import SiteData, SiteEntry, string_tuple
from linkcheck.report.site.downloads import render_atom, render_csv, render_json

if TYPE_CHECKING:
    from jinja2 import Environment

KIND_TITLES: Mapping[str, str] = {
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

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row of the table of claims and observed facts."""

    name: str
    claimed: str
    observed: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter above a table."""

    key: str
    label: str
    options: tuple[str, ...]


def site_files(data: SiteData) -> Iterator[tuple[str, str]]:
    """Yield the path and text of every file of the site."""
    env = template_environment()
    kinds = [kind for kind in KIND_TITLES if any(one.kind == kind for one in data.entries)]
    shared = {
        "data": data,
        "titles": KIND_TITLES,
        "kinds": kinds,
        "counts": Counter(one.kind for one in data.entries),
        "policy": CONTENT_SECURITY_POLICY,
    }
    render = _renderer(env, shared)
    slugs = {one.entry.id: one.slug for one in data.entries}
    names = {one.entry.id: one.entry.name for one in data.entries}
    yield "index.html", render("index.html", "", figures=_figures(data), slugs=slugs, names=names)
    yield "changes.html", render("changes.html", "", slugs=slugs, names=names)
    for kind in kinds:
        of_kind = [one for one in data.entries if one.kind == kind]
        page = render(
            "kind.html", "../", kind=kind, entries=of_kind, filters=build_filters(of_kind)
        )
        yield f"kind/{kind}.html", page
    for one in data.entries:
        own = [change for change in data.changes if one.entry.id in change.entries]
        page = render("entry.html", "../", one=one, facts=build_fact_rows(one), own=own)
        yield f"entry/{one.slug}.html", page
    yield "atom.xml", render_atom(data)
    yield "catalog.json", render_json(data)
    yield "catalog.csv", render_csv(data)
    yield "assets/site.css", f"{read_asset('base.css')}\n{read_asset('site.css')}"
    yield "assets/site.js", f"{read_asset('table.js')}\n{read_asset('site.js')}"


def _renderer(env: "Environment", shared: Mapping[str, object]) -> Callable[..., str]:
    def render(name: str, up: str, **values: object) -> str:
        return env.get_template(f"site/{name}").render(**shared, up=up, **values)

    return render


def build_filters(entries: Sequence[SiteEntry]) -> tuple[Filter, ...]:
    """Return the filters of a table of entries; those without options are left out."""
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


_OBSERVED_LABELS: Mapping[str, str] = {
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
"""Labels of facts without a matching claim."""


def build_fact_rows(one: SiteEntry) -> tuple[FactRow, ...]:
    """Return the claims of an entry and its observed facts as rows; empty rows are left out."""
    claims, seen = one.entry.claims, one.observed
    stated = [f"{claim.value} ({p})" if p else claim.value for p, claim in claims.licenses.items()]
    code, weights = _format_value(seen.get("license")), _format_value(seen.get("model_license"))
    lines = [
        FactRow(
            "Released",
            claims.released.value if claims.released else "",
            _format_value(seen.get("created") or seen.get("paper_published")),
        ),
        FactRow(
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
        _claim_row("Base models", claims.base_models, seen.get("base_models")),
        _claim_row("Data sets", claims.datasets, seen.get("datasets")),
        _claim_row("Languages", claims.languages, seen.get("languages")),
        _claim_row("Parameters", claims.parameters, None),
        _claim_row("Institutions", claims.institutions, None),
    ]
    lines += [
        FactRow(label, "", _format_value(seen.get(name)))
        for name, label in _OBSERVED_LABELS.items()
    ]
    return tuple(line for line in lines if line.claimed or line.observed)


def _claim_row(name: str, claims: Sequence[object], observed: object) -> FactRow:
    stated = ", ".join(str(getattr(claim, "value", "")) for claim in claims)
    return FactRow(name, stated, ", ".join(string_tuple(observed)))


def _format_value(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case list() | tuple():
            return ", ".join(string_tuple(value))
        case _:
            return str(value)


def _figures(data: SiteData) -> tuple[Figure, ...]:
    entries = tuple(EntryResult(one.entry, one.observed) for one in data.entries)
    history, day = data.history or History(), data.made_at.date()
    drawn = (
        plots.plot_health(history.runs),
        plots.plot_licenses(entries),
        plots.plot_ages(entries, day),
        plots.plot_stars(entries, day),
        plots.plot_lifetimes(history.lifetimes),
    )
    return tuple(replace(figure, rows=()) for figure in drawn)
