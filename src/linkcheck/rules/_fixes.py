"""Fixes that replace a link's URL and keep the form in which the link is written."""

import re
from collections.abc import Callable

from linkcheck.model.badge import badge_subject
from linkcheck.model.entry import Link
from linkcheck.model.facts import PathFacts
from linkcheck.model.finding import Edit, Fix, Safety
from linkcheck.model.observation import Found
from linkcheck.model.rule import LinkView
from linkcheck.model.shorthand import BASES, expand
from linkcheck.model.target import ParsedLink, Service, Target
from linkcheck.model.url import InvalidUrlError, percent_decode, split_path
from linkcheck.providers.github import recognize as github
from linkcheck.providers.huggingface import recognize as huggingface
from linkcheck.providers.table import recognize

_VIEWS = frozenset({"tree", "blob", "raw", "resolve", "edit", "blame"})
_HUB_PREFIXES = ("datasets", "spaces", "models")


def moved_url(view: LinkView) -> str | None:
    """Return the new URL of a moved link, in the form in which the link is written.

    A repository's new name replaces the old one in the URL as it is written: host, view (``blob``,
    ``raw``, ``resolve``), tab, query and fragment belong to the link and stay. The URL of a web
    page is the one that its redirect names.
    """
    outcome = view.latest.outcome if view.latest else None
    target = view.target
    if not isinstance(outcome, Found) or outcome.now_at is None or target is None:
        return None
    if target.service is Service.WEB:
        return with_fragment(view, outcome.now_at)
    renamed = _with_new_name(view.link.url, target, outcome.now_at)
    return renamed or with_fragment(view, outcome.now_at.rstrip("/"))


def suggested_url(view: LinkView, facts: PathFacts) -> str | None:
    """Return the URL of the same path on the default branch, in the form of the link."""
    suggested, target = facts.suggested_url, view.target
    if suggested is None or target is None:
        return None
    renamed = _with_new_name(view.link.url, target, suggested, same_rest=False) or view.link.url
    new_ref = _ref_of(suggested, facts.path)
    changed = _with_ref(renamed, facts, new_ref) if new_ref else None
    return changed or with_fragment(view, suggested)


def with_fragment(view: LinkView, new: str) -> str:
    """Return the new URL with the fragment of the link, unless it has one already.

    A fragment that the new page was seen not to have is left out.
    """
    fragment = view.recognized.fragment if view.recognized else ""
    page = view.latest.page if view.latest else None
    if not fragment or "#" in new or (page and (fragment, False) in page.fragments):
        return new
    _, _, written = view.link.url.partition("#")
    return f"{new}#{written or fragment}"


def renamed_badge(
    badge: Link, moved: LinkView, recognize_url: Callable[[str], ParsedLink | None]
) -> Edit | None:
    """Return the edit that puts the new name of a moved repository into a badge of it."""
    outcome = moved.latest.outcome if moved.latest else None
    address = badge_subject(badge.url)
    subject = recognize_url(address) if address else None
    if moved.target is None or subject is None or not isinstance(outcome, Found):
        return None
    before, after = _name(moved.target.url), _name(outcome.now_at or "")
    shown = _name(subject.target.url)
    if before is None or after is None or shown is None:
        return None
    old, new = "/".join(before[0]), "/".join(after[0])
    same_service = subject.target.service is moved.target.service
    if not same_service or "/".join(shown[0]).lower() != old.lower():
        return None
    found = list(re.finditer(re.escape(old), badge.written, re.IGNORECASE))
    if len(found) != 1 or old.lower() == new.lower():
        return None
    changed = f"{badge.written[: found[0].start()]}{new}{badge.written[found[0].end() :]}"
    return Edit(badge.span, badge.written, changed)


def _name(address: str) -> tuple[tuple[str, ...], str] | None:
    """Return a repository's name in a URL of its service, as segments, and what follows it."""
    try:
        target = recognize(address).target
    except InvalidUrlError:
        return None
    if target.service is Service.GITHUB:
        parts = github.parts(target)
        if not parts.name or parts.what == "gist":
            return None
        return (parts.owner, parts.name), parts.ref_and_path or parts.rest
    if target.service is Service.HUGGINGFACE:
        hub = huggingface.parts(target)
        rest = f"{hub.revision or ''}/{hub.path}".strip("/")
        return (tuple(hub.id.split("/")), rest) if hub.kind else None
    return None


def _with_new_name(
    written: str, target: Target, now_at: str, *, same_rest: bool = True
) -> str | None:
    """Return a URL with the name of its repository replaced by that in ``now_at``.

    ``None`` where either names no repository, or, with ``same_rest``, where what follows the name
    differs, as the number of an issue that was transferred.
    """
    before, after = _name(target.url), _name(now_at)
    if before is None or after is None:
        return None
    if same_rest and before[1] and after[1] and before[1] != after[1]:
        return None
    head, path, tail = split_path(written)
    segments = path.split("/")
    old, new = before[0], after[0]
    for start in range(1, len(segments) - len(old) + 1):
        found = [percent_decode(part).casefold() for part in segments[start : start + len(old)]]
        suffix = ".git" if found[-1].endswith(".git") else ""
        found[-1] = found[-1].removesuffix(".git")
        is_first = start == 1 or segments[1] in (*_HUB_PREFIXES, "api", "repos")
        if is_first and found == [part.casefold() for part in old]:
            renamed = [*new[:-1], f"{new[-1]}{suffix}"]
            segments[start : start + len(old)] = renamed
            secure = re.sub(r"^http:", "https:", head, flags=re.IGNORECASE)
            return f"{secure}{'/'.join(segments)}{tail}"
    return None


def _ref_of(address: str, path: str) -> str | None:
    """Return the ref in the URL of a path in a repository, as it is written there."""
    segments = split_path(address)[1].strip("/").split("/")
    view = next((n for n, part in enumerate(segments) if n and part in _VIEWS), None)
    if view is None:
        return None
    end = len(segments) - (len(path.strip("/").split("/")) if path.strip("/") else 0)
    return "/".join(segments[view + 1 : end]) or None


def _with_ref(written: str, facts: PathFacts, new_ref: str) -> str | None:
    """Return a URL with the ref in front of the path of ``facts`` replaced."""
    head, path, tail = split_path(written)
    trimmed = path.rstrip("/")
    segments = trimmed.split("/")
    behind = [part for part in facts.path.split("/") if part]
    refs = facts.ref.split("/")
    end = len(segments) - len(behind)
    start = end - len(refs)
    decoded = [percent_decode(part) for part in segments]
    if start < 2:
        return None
    if decoded[end - 1] == facts.ref:  # a slash in the name of a branch, percent-encoded
        start = end - 1
    elif decoded[start:end] != refs:
        return None
    if decoded[end:] != behind:
        return None
    segments[start:end] = new_ref.split("/")
    return f"{head}{'/'.join(segments)}{path[len(trimmed) :]}{tail}"


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
