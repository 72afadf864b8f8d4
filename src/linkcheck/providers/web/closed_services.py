"""Services that were shut down or moved as a whole, and pages that outlive what they show.

The names of closed services often end with a parking page, a notice or a redirect to a home page,
so that none of their links looks dead. Each entry has the announcement, or a public record of the
closure, as its source.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from linkcheck.model.url import InvalidUrlError, Url, parse

Successor = Callable[[Url], str | None]
"""Returns the documented new URL of a page, if it has one."""


@dataclass(frozen=True, slots=True)
class ClosedService:
    """A service whose pages are gone."""

    name: str
    hosts: Sequence[str]
    """Host names; their subdomains are included."""
    closed: date
    source: str
    path: str = ""
    """A regular expression that the paths of closed pages begin with; empty for all."""
    successor: Successor | None = None
    notices: Sequence[str] = ()
    """Host and path of the places that everything redirects to; others are what was linked."""


def _pattern(pattern: str, template: str) -> Successor:
    """Return the successor of URLs whose host and path match, with the groups filled in."""
    compiled = re.compile(pattern)

    def successor(url: Url) -> str | None:
        match = compiled.fullmatch(f"{url.host}{url.path}")
        return template.format(*match.groups()) if match else None

    return successor


_OWNER_REPO = r"/([\w.-]+)/([\w.-]+?)"

CLOSED_SERVICES: Sequence[ClosedService] = (
    # URL shorteners
    ClosedService(
        "Google URL Shortener",
        ("goo.gl",),
        date(2025, 8, 25),
        "https://developers.googleblog.com/en/google-url-shortener-links-will-no-longer-be-available/",
        path=r"/(?!maps|photos|forms|app/)\w",
        notices=("goo.gl", "developers.googleblog.com", "www.google.com/"),
    ),
    ClosedService(
        "Firebase Dynamic Links",
        ("page.link", "app.goo.gl"),
        date(2025, 8, 25),
        "https://firebase.google.com/support/dynamic-links-faq",
    ),
    # Indexes of papers
    ClosedService(
        "Papers with Code",
        ("paperswithcode.com", "portal.paperswithcode.com"),
        date(2025, 7, 25),
        "https://github.com/paperswithcode/paperswithcode/issues/3",
        notices=(
            *("huggingface.co/papers/trending", "huggingface.co/papers", "huggingface.co/"),
            *("github.com/paperswithcode", "github.com/paperswithcode/paperswithcode-data"),
        ),
    ),
    ClosedService(
        "Microsoft Academic",
        ("academic.microsoft.com",),
        date(2021, 12, 31),
        "https://www.microsoft.com/en-us/research/project/academic/articles/"
        "microsoft-academic-to-expand-horizons-with-community-driven-approach/",
        successor=_pattern(
            r"academic\.microsoft\.com/paper/(\d+)(?:/.*)?", "https://openalex.org/W{0}"
        ),
    ),
    ClosedService(
        "arxiv-sanity",
        ("arxiv-sanity.com", "arxiv-sanity-lite.com"),
        date(2025, 3, 2),
        "https://github.com/karpathy/arxiv-sanity-lite/issues/20",
    ),
    ClosedService(
        "CiteULike",
        ("citeulike.org",),
        date(2019, 3, 30),
        "https://github.com/galaxyproject/galaxy-hub/issues/675",
    ),
    ClosedService(
        "Connotea",
        ("connotea.org",),
        date(2013, 3, 12),
        "https://github.com/citizenlab/test-lists/pull/756",
    ),
    # Continuous integration, badges, planning
    ClosedService(
        "travis-ci.org",
        ("travis-ci.org",),
        date(2021, 6, 15),
        "https://mailchi.mp/3d439eeb1098/travis-ciorg-is-moving-to-travis-cicom",
        successor=_pattern(
            rf"(?:www\.|api\.|secure\.)?travis-ci\.org{_OWNER_REPO}(?:\.(?:svg|png))?(?:/.*)?",
            "https://app.travis-ci.com/github/{0}/{1}",
        ),
        notices=("www.travis-ci.com/", "travis-ci.com/", "app.travis-ci.com/", "travis-ci.org"),
    ),
    ClosedService(
        "LGTM",
        ("lgtm.com",),
        date(2022, 12, 16),
        "https://github.blog/2022-08-15-the-next-step-for-lgtm-com-github-code-scanning/",
    ),
    ClosedService(
        "David",
        ("david-dm.org",),
        date(2021, 11, 2),
        "https://github.com/twbs/bootstrap/pull/35313",
    ),
    ClosedService(
        "Gemnasium",
        ("gemnasium.com",),
        date(2018, 5, 15),
        "https://gemnasium.com/blog/gemnasium-is-acquired-by-gitlab/",
    ),
    ClosedService(
        "Waffle",
        ("waffle.io",),
        date(2019, 5, 16),
        "https://help.waffle.io/articles/2801857-waffle-shutdown-tl-dr",
    ),
    ClosedService(
        "Codeship",
        ("codeship.com", "codeship.io"),
        date(2026, 1, 31),
        "https://docs.cloudbees.com/docs/cloudbees-common/latest/cloudbees-codeship-eol",
    ),
    ClosedService(
        "Shippable",
        ("shippable.com",),
        date(2021, 5, 3),
        "https://github.com/badges/shields/pull/7717",
    ),
    ClosedService(
        "Landscape",
        ("landscape.io",),
        date(2019, 10, 22),
        "https://github.com/ripienaar/free-for-dev/pull/1231",
    ),
    *(
        ClosedService(name, (host,), closed, "https://github.com/badges/shields/pull/2529")
        for name, host, closed in (
            ("Snap CI", "snap-ci.com", date(2018, 1, 23)),
            ("Cauditor", "cauditor.org", date(2018, 2, 15)),
            ("Magnum CI", "magnum-ci.com", date(2018, 7, 8)),
            ("bitHound", "bithound.io", date(2018, 7, 8)),
            ("VersionEye", "versioneye.com", date(2018, 8, 20)),
            ("Issue Stats", "issuestats.com", date(2018, 9, 1)),
            ("ImageLayers", "imagelayers.io", date(2018, 11, 18)),
            ("Node Security Platform", "nodesecurity.io", date(2018, 12, 13)),
        )
    ),
    # Hosts of code and documents
    ClosedService(
        "Google Code",
        ("code.google.com",),
        date(2016, 1, 25),
        "https://opensource.googleblog.com/2015/03/farewell-to-google-code.html",
        path=r"/p/",
        successor=_pattern(
            r"code\.google\.com/p/([\w.-]+)(?:/.*)?", "https://code.google.com/archive/p/{0}"
        ),
        notices=("code.google.com/p/", "code.google.com/", "code.google.com/archive/"),
    ),
    ClosedService(
        "Google Code",
        ("googlecode.com",),
        date(2016, 1, 25),
        "https://github.com/aureliojargas/aurelio.net/issues/51",
        successor=_pattern(
            r"([\w-]+)\.googlecode\.com/files/(.+)",
            "https://storage.googleapis.com/google-code-archive-downloads/v2/code.google.com/{0}/{1}",
        ),
        notices=("code.google.com/", "code.google.com/archive/"),
    ),
    ClosedService(
        "CodePlex",
        ("codeplex.com",),
        date(2017, 12, 15),
        "https://github.com/quozd/awesome-dotnet/issues/1273",
    ),
    ClosedService(
        "Gna!",
        ("gna.org",),
        date(2017, 5, 24),
        "https://github.com/Trilarion/opensourcegames/issues/5",
    ),
    ClosedService(
        "RawGit",
        ("rawgit.com", "rawgithub.com"),
        date(2019, 10, 31),
        "https://www.jsdelivr.com/rawgit",
        successor=_pattern(
            rf"(?:cdn\.)?rawgit(?:hub)?\.com{_OWNER_REPO}/([^/]+)/(.+)",
            "https://cdn.jsdelivr.net/gh/{0}/{1}@{2}/{3}",
        ),
    ),
    ClosedService(
        "public folders of Dropbox",
        ("dl.dropboxusercontent.com", "dl.dropbox.com"),
        date(2017, 9, 1),
        "https://www.dropbox.com/help/files-folders/public-folder",
        path=r"/u/",
    ),
    ClosedService(
        "Glitch hosting",
        ("glitch.me",),
        date(2025, 7, 8),
        "https://blog.glitch.com/post/changes-are-coming-to-glitch/",
        notices=("glitch.com/", "blog.glitch.com", "glitch.me"),
    ),
    ClosedService(
        "Storify",
        ("storify.com",),
        date(2018, 5, 17),
        "https://github.com/jdm-contrib/jdm/pull/1237",
    ),
    ClosedService(
        "Revue",
        ("getrevue.co",),
        date(2023, 1, 18),
        "https://github.com/citizenlab/test-lists/issues/1736",
    ),
)

_BY_HOST = {
    host: tuple(service for service in CLOSED_SERVICES if host in service.hosts)
    for host in {host for service in CLOSED_SERVICES for host in service.hosts}
}


def find_closed_service(url: str, today: date) -> ClosedService | None:
    """Return the service of a URL that was closed by ``today``, if there is one."""
    try:
        parsed = parse(url)
    except InvalidUrlError:
        return None
    labels = parsed.host.split(".")
    for start in range(len(labels) - 1):
        for service in _BY_HOST.get(".".join(labels[start:]), ()):
            if service.closed <= today and re.match(service.path, parsed.path):
                return service
    return None


def successor_of(service: ClosedService, url: str) -> str | None:
    """Return the documented new URL of a page of a closed service."""
    return service.successor(parse(url)) if service.successor else None


def is_notice(service: ClosedService, url: str) -> bool:
    """Return whether a redirect of a closed service leads to what everything there leads to."""
    try:
        parsed = parse(url)
    except InvalidUrlError:
        return True
    if not service.notices or any(
        parsed.host == host or parsed.host.endswith(f".{host}") for host in service.hosts
    ):
        return True
    place = f"{parsed.host}{parsed.path}"
    return any(
        place.rstrip("/") == notice.rstrip("/") or ("/" not in notice and parsed.host == notice)
        for notice in service.notices
    )


_VIDEO_ID = r"([\w-]{11})"
_VIDEO_PATHS = re.compile(rf"/(?:embed|shorts|live|v|e)/{_VIDEO_ID}(?:/.*)?")
_YOUTUBE = frozenset(
    {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
)
UNTITLED_VIDEO = re.compile(r"(?:- )?youtube|video unavailable.*", re.IGNORECASE)
"""Titles of YouTube's pages of removed videos, which come with status 200."""


def video_thumbnail(url: str) -> str | None:
    """Return the preview picture of a YouTube video, which is deleted with the video.

    The page of a removed video has status 200. Source: lycheeverse/lychee, ``quirks/mod.rs``
    (2023), which requests the picture in place of the page.
    """
    try:
        parsed = parse(url)
    except InvalidUrlError:
        return None
    video = None
    if parsed.host == "youtu.be" and parsed.segments:
        video = parsed.segments[0]
    elif parsed.host in _YOUTUBE and parsed.path == "/watch":
        video = next((value for name, value in parsed.query_pairs if name == "v"), None)
    elif parsed.host in _YOUTUBE and (match := _VIDEO_PATHS.fullmatch(parsed.path)):
        video = match[1]
    if video is None or not re.fullmatch(_VIDEO_ID, video):
        return None
    return f"https://img.youtube.com/vi/{video}/0.jpg"
