"""The downloads of the site: JSON, CSV and an Atom feed."""

import csv
import io
import json
import uuid
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from linkcheck.model.escape import escape_csv_cell, visible_line
from linkcheck.report.json import format_timestamp
from linkcheck.report.site.catalog_changes import CatalogChange
from linkcheck.report.site.data import SiteData, SiteEntry

_COLUMNS = (
    "id",
    "name",
    "kind",
    "status",
    "license_stated",
    "license_observed",
    "base_models",
    "languages",
    "gated",
    "stars",
    "last_change",
    "links",
)
_ID_NAMESPACE = uuid.UUID("6d1f3c8e-3f55-5b0a-9d9e-4d8a3c0f7a10")
"""The UUID namespace of the feed's ids."""
_MAX_FEED_ENTRIES = 100


def render_json(data: SiteData) -> str:
    """Return all entries with claims, observed facts and links as JSON."""
    document = {
        "schema_version": 1,
        "title": data.title,
        "made_at": format_timestamp(data.made_at),
        "entries": [_entry(one) for one in data.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _entry(one: SiteEntry) -> dict[str, object]:
    claims = one.entry.claims
    return {
        "id": one.entry.id,
        "name": one.entry.name,
        "aliases": list(one.entry.aliases),
        "kind": one.entry.kind.value if one.entry.kind else None,
        "status": one.status,
        "claims": {
            "released": claims.released.value if claims.released else None,
            "licenses": {part or "all": claim.value for part, claim in claims.licenses.items()},
            "base_models": [claim.value for claim in claims.base_models],
            "datasets": [claim.value for claim in claims.datasets],
            "languages": [claim.value for claim in claims.languages],
        },
        "observed": dict(one.observed),
        "links": [
            {
                "role": link.role,
                "url": link.url,
                "status": link.status.value,
                "final_url": link.final_url,
                "last_seen": format_timestamp(link.last_seen) if link.last_seen else None,
            }
            for link in one.links
        ],
        "listed_in": list(one.entry.listed_in),
    }


def render_csv(data: SiteData) -> str:
    """Return the entries as CSV (RFC 4180), without formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in data.entries:
        stated = ", ".join(claim.value for claim in one.entry.claims.licenses.values())
        cells = (
            one.entry.id,
            one.entry.name,
            one.kind,
            one.status,
            stated,
            str(one.observed.get("license") or one.observed.get("model_license") or ""),
            ", ".join(one.base_models),
            ", ".join(one.languages),
            one.gated,
            "" if one.stars is None else str(one.stars),
            one.last_change,
            " ".join(link.url for link in one.links),
        )
        writer.writerow([escape_csv_cell(cell) for cell in cells])
    return out.getvalue()


def render_atom(data: SiteData) -> str:
    """Return the newest changes as an Atom feed (RFC 4287)."""
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    SubElement(feed, "title").text = visible_line(f"{data.title}: what changed")
    SubElement(feed, "id").text = uuid.uuid5(_ID_NAMESPACE, data.base_url or data.title).urn
    newest = data.changes[0].at if data.changes else data.made_at
    SubElement(feed, "updated").text = format_timestamp(newest)
    SubElement(SubElement(feed, "author"), "name").text = "linkcheck"
    if data.base_url:
        SubElement(feed, "link", rel="self", href=f"{data.base_url}/atom.xml")
        SubElement(feed, "link", rel="alternate", href=f"{data.base_url}/changes.html")
    for change in data.changes[:_MAX_FEED_ENTRIES]:
        _add_feed_entry(feed, change, data)
    indent(feed)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(feed, "unicode") + "\n"


def _add_feed_entry(feed: Element, change: CatalogChange, data: SiteData) -> None:
    item = SubElement(feed, "entry")
    name = f"{change.target}\x1f{format_timestamp(change.at)}\x1f{change.description}"
    SubElement(item, "title").text = visible_line(f"{change.target.key} {change.description}")
    SubElement(item, "id").text = uuid.uuid5(_ID_NAMESPACE, name).urn
    SubElement(item, "updated").text = format_timestamp(change.at)
    address = f"{data.base_url}/changes.html" if data.base_url else change.target.url
    SubElement(item, "link", rel="alternate", href=visible_line(address))
    entries = ", ".join(change.entries)
    SubElement(item, "content", type="text").text = visible_line(
        f"{change.target.url} {change.description}" + (f" (entries: {entries})" if entries else "")
    )
