"""Fixes that replace a link's URL and keep the form in which the link is written."""

from linkcheck.model.entry import Link
from linkcheck.model.finding import Edit, Fix, Safety
from linkcheck.model.observation import Found
from linkcheck.model.rule import LinkView
from linkcheck.model.shorthand import BASES, expand
from linkcheck.model.target import Service, TargetKind
from linkcheck.model.url import InvalidUrlError, parse

_KINDS_WITH_TAIL = (TargetKind.GITHUB_PATH, TargetKind.GITHUB_OTHER, TargetKind.HF_OTHER)


def moved_url(view: LinkView) -> str | None:
    """Return the new URL of a moved link, with the path and fragment of the old one.

    A service only reports the new name of a repository, so that ``old/name/tree/main/x`` becomes
    ``new/name/tree/main/x`` here.
    """
    outcome = view.latest.outcome if view.latest else None
    target = view.target
    if not isinstance(outcome, Found) or outcome.now_at is None or target is None:
        return None
    new = outcome.now_at.rstrip("/") if target.service is not Service.WEB else outcome.now_at
    if target.kind in _KINDS_WITH_TAIL:
        new = _with_tail(target.url, new)
    return with_fragment(view, new)


def with_fragment(view: LinkView, new: str) -> str:
    """Return the new URL with the fragment of the link, unless it has one already."""
    fragment = view.recognized.fragment if view.recognized else ""
    if not fragment or "#" in new:
        return new
    _, _, written = view.link.url.partition("#")
    return f"{new}#{written or fragment}"


def _with_tail(old: str, new: str) -> str:
    """Append the path behind ``owner/name`` in ``old`` when ``new`` is a repository's URL."""
    try:
        before, after = parse(old), parse(new)
    except InvalidUrlError:
        return new
    parts, now = before.path.strip("/").split("/"), after.path.strip("/").split("/")
    if len(now) != 2 or len(parts) <= 2 or before.host.removeprefix("www.") != after.host:
        return new
    query = f"?{before.query}" if before.query and not after.query else ""
    return f"{new.rstrip('/')}/{'/'.join(parts[2:])}{query}"


def in_link_notation(link: Link, url: str) -> str | None:
    """Return ``url`` in the form in which the link is written; ``None`` if that cannot hold it.

    A plain id (``owner/name`` under a template) stays a plain id, a shorthand stays a shorthand
    if the new URL has one. Everything else is written as a URL.
    """
    short = next((s for s in BASES if link.written.lower().startswith(s)), None)
    if short is not None and link.written != link.url:
        candidate = f"{short}{url.removeprefix(BASES[short])}"
        return candidate if expand(candidate) == url else url
    if link.template is not None and link.written != link.url:
        head, _, tail = _expanded(link.template).partition("{}")
        inner = url[len(head) : len(url) - len(tail)]
        fits = url.startswith(head) and url.endswith(tail) and inner
        return inner if fits and inner.count("/") == link.written.strip("/").count("/") else None
    return url


def _expanded(template: str) -> str:
    for short, base in BASES.items():
        if template.lower().startswith(short):
            return f"{base}{template[len(short) :]}"
    return template


def replace_url(link: Link, url: str, description: str, safety: Safety = Safety.SAFE) -> Fix | None:
    """Return the fix that points the link to ``url``, in the form in which the link is written.

    ``None`` when that form cannot hold the URL, or nothing would change.
    """
    after = in_link_notation(link, url)
    if after is None or after == link.written or any(c.isspace() for c in after):
        return None
    return Fix(description, (Edit(link.span, link.written, after),), safety)
