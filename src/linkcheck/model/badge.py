"""Badges: images that show another service's figures. Their URLs are parsed, never requested.

A badge's URL names its subject. A badge with another subject than the link next to it was usually
copied from another README.
"""

import re
from collections.abc import Callable

from linkcheck.model.source_text import word_set
from linkcheck.model.url import InvalidUrlError, Url, parse, quote_segment

_SHIELDS_HOSTS = frozenset({"img.shields.io", "shields.io", "raster.shields.io"})
_BADGEN_HOSTS = frozenset({"badgen.net", "flat.badgen.net", "badgen.now.sh"})
_STAR_HISTORY_HOSTS = frozenset(
    {"api.star-history.com", "star-history.com", "www.star-history.com"}
)
_VISITOR_COUNTERS = word_set(
    "hits.seeyoufarm.com hits.sh hits.dwyl.com hitcount.itsvg.in visitor-badge.laobi.icu"
    " visitor-badge.glitch.me komarev.com api.visitorbadge.io myhits.vercel.app"
)
_OTHER_BADGE_HOSTS = word_set(
    "badge.fury.io badges.gitter.im badges.greenkeeper.io badges.frapsoft.com awesome.re"
    " codecov.io coveralls.io circleci.com travis-ci.org travis-ci.com app.travis-ci.com"
    " api.travis-ci.com api.travis-ci.org ci.appveyor.com pepy.tech static.pepy.tech"
    " img.badgesize.io contrib.rocks github-readme-stats.vercel.app"
    " api.securityscorecards.dev api.scorecard.dev bestpractices.coreinfrastructure.org"
    " www.bestpractices.dev mybinder.org trendshift.io deepwiki.com repobeats.axiom.co"
    " snyk.io app.codacy.com api.codacy.com api.codeclimate.com sonarcloud.io"
)
_BADGE_ONLY_HOSTS = (
    _SHIELDS_HOSTS | _BADGEN_HOSTS | frozenset({"badge.fury.io", "api.star-history.com"})
)
_LONG_METRICS = {
    "actions": 3,  # actions/workflow/status
    "commit-activity": 2,
    "languages": 2,
    "milestones": 2,
    "package-json": 2,
    "v": 2,
    "workflow": 2,
}
"""Shields.io metrics whose name has more than one part, with how many."""

_ACCOUNT_METRICS = frozenset({"followers", "sponsors"})
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_ARXIV = re.compile(r"(?<!\d)(\d{4}\.\d{4,5})(?:v\d+)?(?!\d)")
_DOI = re.compile(r"10\.\d{4,9}/\S+?(?=\.svg$|$)")
_SLUG = re.compile(r"(?:(datasets|spaces|models)/)?([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)")
_IMAGE = re.compile(r"\.(?:svg|png|gif|json)$")


def badge_subject(url: str) -> str | None:
    """Return the URL of the repository, paper or model that a badge image is about.

    ``None`` where the URL is no badge, or where the badge is about nothing that has a URL (a
    license, a color, a package index).
    """
    try:
        parsed = parse(url)
    except InvalidUrlError:
        return None
    reader = _SUBJECT_PARSERS.get(parsed.host)
    return reader(parsed) if reader else None


def is_badge(url: str) -> bool:
    """Return whether the URL is that of a badge image."""
    if _is_clearly_no_badge(url):
        return False
    try:
        parsed = parse(url)
    except InvalidUrlError:
        return False
    if parsed.host in _BADGE_ONLY_HOSTS or badge_subject(url) is not None:
        return True
    last = parsed.segments[-1].lower() if parsed.segments else ""
    if re.search(r"badge[\w.-]*\.(?:svg|png)$", last):
        return True
    if parsed.host in _OTHER_BADGE_HOSTS | _VISITOR_COUNTERS | _STAR_HISTORY_HOSTS:
        return "badge" in parsed.path.lower() or last.endswith((".svg", ".png")) or last == "svg"
    return "/huggingface/badges/" in parsed.path and parsed.host in ("huggingface.co", "hf.co")


def _repository_url(owner: str, name: str) -> str | None:
    """Return the URL of a GitHub repository; ``None`` for invalid names."""
    name = _IMAGE.sub("", name).removesuffix(".git")
    if _NAME.fullmatch(owner) and _NAME.fullmatch(name):
        return f"https://github.com/{owner}/{name}"
    return None


def _slug_url(text: str) -> str | None:
    """Return the URL of the GitHub repository written as ``owner/name``."""
    owner, _, name = text.strip("/ ").partition("/")
    return _repository_url(owner, name)


def _quoted_subject(address: str) -> str | None:
    """Return the URL of the repository or model of another URL that a badge's URL quotes."""
    try:
        url = parse(address)
    except InvalidUrlError:
        return None
    parts, host = url.segments, url.host.removeprefix("www.")
    if host in ("api.github.com", "huggingface.co", "hf.co") and parts[:1] in (
        ("repos",),
        ("api",),
    ):
        parts = parts[1:]
    if host in ("github.com", "raw.githubusercontent.com", "api.github.com") and len(parts) >= 2:
        return _repository_url(parts[0], parts[1])
    if host in ("huggingface.co", "hf.co"):
        match = _SLUG.match("/".join(parts))
        return _hugging_face_url(match) if match else None
    return None


def _hugging_face_url(match: re.Match[str]) -> str:
    """Return the Hugging Face URL of ``[datasets/|spaces/|models/]owner/name``."""
    kind = match.group(1) if match.group(1) in ("datasets", "spaces") else None
    return f"https://huggingface.co/{kind + '/' if kind else ''}{match.group(2)}"


def _first_query_value(url: Url, *names: str) -> str:
    """Return the value of the first query parameter with one of these names, or an empty string."""
    return next((value for name, value in url.query_pairs if name in names), "")


def _parse_shields(url: Url) -> str | None:
    """Parse a shields.io URL: ``/github/METRIC/owner/name``, ``/badge/TEXT``, endpoints."""
    parts = url.segments
    dynamic = parts[:2] == ("badge", "dynamic") or parts == ("badge",)
    if dynamic or parts[:1] in (("endpoint",), ("endpoint.svg",)):
        return _quoted_subject(_first_query_value(url, "url"))
    if parts[:1] == ("github",) and len(parts) >= 3:
        return _parse_shields_metric(parts[1:])
    if parts[:1] == ("badge",):
        return _parse_static_badge("/".join(parts[1:]))
    return None


def _parse_shields_metric(parts: tuple[str, ...]) -> str | None:
    """Parse ``METRIC/owner/name/…`` or ``METRIC/owner``."""
    skip = 3 if parts[:2] == ("issues", "detail") else _LONG_METRICS.get(parts[0], 1)
    rest = parts[skip:]
    if parts[0] in _ACCOUNT_METRICS or len(rest) == 1:
        owner = _IMAGE.sub("", rest[0]) if rest else ""
        return f"https://github.com/{owner}" if _NAME.fullmatch(owner) else None
    return _repository_url(rest[0], rest[1]) if rest else None


def _parse_static_badge(text: str) -> str | None:
    """Parse a static badge, ``LABEL-MESSAGE-COLOR``, with an id in its label or message.

    Shields.io encodes a dash as ``--``, an underscore as ``__`` and a space as ``_``.
    """
    plain = _IMAGE.sub("", text).replace("--", "\0").replace("__", "\1").replace("_", " ")
    pieces = [piece.replace("\0", "-").replace("\1", "_") for piece in plain.split("-")]
    text_lower = " ".join(pieces).lower()
    for piece in pieces[:-1] or pieces:
        if "arxiv" in text_lower and (paper := _ARXIV.search(piece)):
            return f"https://arxiv.org/abs/{paper.group(1)}"
        if "doi" in text_lower and (doi := _DOI.search(piece)):
            return f"https://doi.org/{quote_segment(doi.group(), safe='/:;()')}"
        slug = _SLUG.fullmatch(piece.strip())
        if slug and (
            "hugging" in text_lower or "🤗" in text_lower or re.search(r"\bhf\b", text_lower)
        ):
            kind = slug.group(1) or ("datasets" if "dataset" in text_lower else None)
            kind = kind or ("spaces" if re.search(r"space|demo", text_lower) else None)
            match = _SLUG.fullmatch(f"{kind}/{slug.group(2)}" if kind else slug.group(2))
            return _hugging_face_url(match) if match else None
        if slug and "github" in text_lower and not slug.group(1):
            return _slug_url(slug.group(2))
    return None


def _parse_badgen(url: Url) -> str | None:
    """Parse ``badgen.net/github/METRIC/owner/name`` and ``/badge/TEXT``."""
    parts = url.segments
    if parts[:1] == ("github",) and len(parts) >= 4:
        return _repository_url(parts[2], parts[3])
    return _parse_static_badge("-".join(parts[1:])) if parts[:1] == ("badge",) else None


def _parse_star_history(url: Url) -> str | None:
    """Parse a star history: ``/svg?repos=owner/name&type=Date``; older links use the fragment."""
    named = _first_query_value(url, "repos") or url.fragment.partition("&")[0]
    return _slug_url(named.split(",")[0])


def _parse_visitor_counter(url: Url) -> str | None:
    """Parse a visitor counter, whose URL names the page."""
    page = _first_query_value(url, "url", "page_id", "path", "username")
    if "://" in page:
        return _quoted_subject(page)
    if page.startswith("github.com/"):
        return _slug_url(page.removeprefix("github.com/"))
    if "/" not in page:
        page = page.replace(".", "/", 1)
    return _slug_url(page) if page.count("/") == 1 else None


def _parse_embedded_repository(url: Url) -> str | None:
    """Parse ``…/gh/owner/name…``, ``…/github/owner/name…`` and ``…/github.com/owner/name…``."""
    parts = url.segments
    for place, part in enumerate(parts[:-2]):
        if part in ("gh", "github", "github.com"):
            return _repository_url(parts[place + 1], parts[place + 2])
    return None


def _parse_leading_repository(url: Url) -> str | None:
    """Parse a URL that starts with ``owner/name``."""
    parts = url.segments
    return (
        _repository_url(parts[0], parts[1]) if len(parts) == 2 else _parse_embedded_repository(url)
    )


def _parse_workflow_badge(url: Url) -> str | None:
    """Parse GitHub's own workflow badges."""
    parts = url.segments
    if len(parts) >= 4 and parts[2] in ("actions", "workflows") and parts[-1] == "badge.svg":
        return _repository_url(parts[0], parts[1])
    return None


def _parse_query_repository(url: Url) -> str | None:
    """Parse ``?repo=owner/name`` and ``?username=owner&repo=name``."""
    repo, owner = _first_query_value(url, "repo"), _first_query_value(url, "username")
    return _repository_url(owner, repo) if owner and repo else _slug_url(repo)


def _parse_zenodo(url: Url) -> str | None:
    """Parse ``zenodo.org/badge/DOI/10.5281/zenodo.N.svg``."""
    if url.segments[:2] not in (("badge", "DOI"), ("badge", "doi")):
        return None
    match = _DOI.search("/".join(url.segments[2:]))
    return f"https://doi.org/{match.group()}" if match else None


_SUBJECT_PARSERS: dict[str, Callable[[Url], str | None]] = {
    **dict.fromkeys(_SHIELDS_HOSTS, _parse_shields),
    **dict.fromkeys(_BADGEN_HOSTS, _parse_badgen),
    **dict.fromkeys(_STAR_HISTORY_HOSTS, _parse_star_history),
    **dict.fromkeys(_VISITOR_COUNTERS, _parse_visitor_counter),
    **dict.fromkeys(_OTHER_BADGE_HOSTS, _parse_embedded_repository),
    **dict.fromkeys(
        ("travis-ci.org", "travis-ci.com", "app.travis-ci.com", "api.travis-ci.com"),
        _parse_leading_repository,
    ),
    "github.com": _parse_workflow_badge,
    "www.github.com": _parse_workflow_badge,
    "contrib.rocks": _parse_query_repository,
    "github-readme-stats.vercel.app": _parse_query_repository,
    "zenodo.org": _parse_zenodo,
}

_BADGE_HOSTS = (_SUBJECT_PARSERS.keys() | _BADGE_ONLY_HOSTS) - {
    "github.com",
    "www.github.com",
    "zenodo.org",
}
"""Hosts of badges only; other hosts have "badge" in the path of a badge."""


def _is_clearly_no_badge(url: str) -> bool:
    """Return whether a URL is no badge, by a fast test of its text.

    ``False`` for any URL that has to be parsed first.
    """
    text = url.lower()
    if "badge" in text or "%" in text or not text.startswith("http") or not text.isascii():
        return False
    host = text.partition("://")[2].partition("/")[0]
    return (
        host.replace(".", "").replace("-", "").isalnum()
        and not host.endswith(".")
        and host not in _BADGE_HOSTS
    )
