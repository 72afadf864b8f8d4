"""Recognize GitHub's URLs."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from linkcheck.model.source_text import word_set
from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import InvalidUrlError, Url, parse, quote_segment

What = Literal[
    "repo",
    "path",
    "issue",
    "pull",
    "discussion",
    "release",
    "commit",
    "refs",
    "workflow",
    "milestone",
    "wiki",
    "page",
    "unknown",
    "user",
    "gist",
]
"""What a GitHub URL shows.

``release`` is one release (``rest`` is ``latest``, ``tag/TAG`` or ``download/TAG/FILE``); ``refs``
is a page of branches, tags or commits (``commits/REF``, ``compare/A...B``, ``archive/REF.zip``);
``workflow`` a workflow by its file (``actions/workflows/FILE.yml``); ``page`` a tab that every
repository may have (its list of issues, its graphs); ``unknown`` an address under a repository
that GitHub has no page for; ``user`` the page of a user or organization.
"""


@dataclass(frozen=True, slots=True)
class GitHubParts:
    """The parts of a GitHub URL, decoded, in the spelling of the link."""

    what: What
    owner: str
    """User or organization; empty for a gist whose URL does not name it."""
    name: str = ""
    """The repository without ``.git``, or the gist's id."""
    ref_and_path: str | None = None
    """For a path: ``REF/path`` (``refs/heads/`` and ``refs/tags/`` dropped). Where the ref ends
    only GitHub knows, because branch names may hold slashes."""
    form: str = "tree"
    """For a path: how the link shows it: ``tree``, ``blob`` or ``raw``."""
    rest: str = ""
    """The rest of the URL: an issue's number, a wiki page's name, …"""

    @property
    def full_name(self) -> str:
        """``owner/name``."""
        return f"{self.owner}/{self.name}"


_WEB_HOSTS = frozenset({"github.com", "www.github.com", "redirect.github.com", "m.github.com"})
_RAW_HOSTS = frozenset({"raw.githubusercontent.com", "raw.github.com"})
_GIST_HOSTS = frozenset({"gist.github.com", "gist.githubusercontent.com"})
_OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})")
_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_GIST_ID = re.compile(r"[0-9a-f]{20,40}|[0-9]{1,10}")
_PATH_WORDS = frozenset({"tree", "blob", "raw", "edit", "blame"})
_NUMBERED: dict[str, What] = {"issues": "issue", "pull": "pull", "discussions": "discussion"}
_REF_WORDS = frozenset({"commits", "find", "compare", "archive", "zipball", "tarball"})
"""Pages of refs, where something follows."""
_CODELOAD = frozenset({"zip", "tar.gz", "legacy.zip", "legacy.tar.gz"})
_RELEASE_PAGES = frozenset(
    {"new", "edit", "latest", "permalink", "tag", "download", "expanded_assets"}
)
_PAGES = word_set(
    "actions activity archive attestations branches commits community compare contributors"
    " custom-properties dependabot deployments environments fork forks graphs hooks invitations"
    " issues labels milestone milestones network packages people pkgs projects"
    " pulls pulse releases releases.atom security settings stargazers suites tags tarball"
    " templates watchers wiki zipball discussions search find"
)
_RESERVED = word_set(
    "about account advisories apps blog business careers cart codespaces collections community"
    " contact copilot customer-stories dashboard discussions education enterprise events"
    " explore features gist git-guides github-copilot globalcampus home images issues join"
    " learn login logout marketplace mcp mobile models new newsroom nonprofit notifications"
    " open-source organizations orgs partners premium-support pricing"
    " pulls readme resources search security"
    " sessions settings showcases signup site solutions sponsors stars team teams topics"
    " trending users why-github wiki"
)
"""First segments of paths that are GitHub's pages and no user's name."""

_SCP = re.compile(r"(?:ssh://)?git@([A-Za-z0-9.-]+)[:/](?!\d+/)/?([^\s?#]+)")
_GIT_URL = re.compile(
    r"(?:git\+ssh|ssh|git)://(?:[^\s@/?#]+@)?([^\s@/?#:]+)(?::\d+)?/([^\s?#]+).*"
    r"|git\+https?://([^\s@/?#]+)/([^\s?#]+).*",
    re.DOTALL | re.IGNORECASE,
)


def from_git(text: str) -> str:
    """Return the https URL of a git remote, or the text unchanged.

    Takes ``git@HOST:OWNER/NAME.git``, ``ssh://git@HOST/…``, ``git://HOST/…`` and pip's
    ``git+https://HOST/OWNER/NAME.git@REF#egg=…`` (the ref and what is behind it are dropped).
    """
    stripped = text.strip()
    if not stripped.lower().startswith(("git", "ssh:")):
        return text
    match = _SCP.fullmatch(stripped) or _GIT_URL.fullmatch(stripped)
    if match is None:
        return text
    host, path = (group for group in match.groups() if group)
    return f"https://{host}/{path.split('@')[0].rstrip('/').removesuffix('.git')}"


def recognize(url: Url) -> ParsedLink | None:
    """Return the link that the URL is on GitHub, or ``None``.

    GitHub's own pages (features, topics, documentation, ``github.io``) are web pages. Raises
    :class:`InvalidUrlError` for a name that GitHub would not let a repository have.
    """
    found = _locate(url)
    if found is None:
        return None
    return ParsedLink(_target(found), fragment=url.fragment)


def parts(target: Target) -> GitHubParts:
    """Return the parts of a GitHub target's URL.

    Raises :class:`ValueError` for a target of another service.
    """
    for address in (target.url, f"https://github.com/{quote_segment(target.key, safe='/')}"):
        try:
            found = _locate(parse(address))
        except InvalidUrlError:
            continue
        if found is not None and _target(found) == target:
            return found
    raise ValueError(f"{target} is not on GitHub")


def repository_target(owner: str, name: str) -> Target:
    """Return the target of a repository."""
    return _target(GitHubParts("repo", owner, name))


def _locate(url: Url) -> GitHubParts | None:
    """Split a URL; ``None`` where it is not GitHub's, or one of GitHub's pages."""
    host, segments = url.host, url.segments
    if host in _WEB_HOSTS:
        return _web(segments)
    if host in _RAW_HOSTS and len(segments) >= 3:
        return _path(_repository(segments), "raw", segments[2:])
    if host == "codeload.github.com" and len(segments) >= 4 and segments[2] in _CODELOAD:
        ending = "zip" if segments[2].endswith("zip") else "tar.gz"
        rest = f"archive/{'/'.join(segments[3:])}.{ending}"
        return replace(_repository(segments), what="refs", rest=rest)
    if host in _GIST_HOSTS:
        return _gist(segments)
    if host == "api.github.com" and len(segments) == 3 and segments[0] == "repos":
        return _repository(segments[1:])
    return None


def _web(segments: tuple[str, ...]) -> GitHubParts | None:
    """Split the path of a github.com URL."""
    if not segments:
        return None
    first = segments[0].lower()
    if first in ("orgs", "users"):
        tab = segments[2:]
        known = len(segments) > 1 and segments[1].lower() not in _RESERVED
        if known and tab in ((), ("repositories",), ("people",)):
            return GitHubParts("user", _owner(segments[1]))
        return None
    if first in _RESERVED:
        return None
    if len(segments) == 1:
        return GitHubParts("user", _owner(segments[0]))
    repository = _repository(segments)
    if len(segments) == 2:
        return repository
    return _inside(repository, segments[2], segments[3:])


def _inside(repository: GitHubParts, word: str, rest: tuple[str, ...]) -> GitHubParts:
    """Split the path after ``owner/name/``."""
    if word in _PATH_WORDS and rest:
        return _path(repository, word, rest)
    if word in _NUMBERED and rest and rest[0].isascii() and rest[0].isdigit():
        return replace(repository, what=_NUMBERED[word], rest=rest[0])
    if word == "commit" and rest:
        return replace(repository, what="commit", rest=rest[0])
    if word == "releases" and rest[:1] == ("latest",):
        return replace(repository, what="release", rest="latest")
    if word == "releases" and len(rest) >= 2 and rest[0] in ("tag", "download", "expanded_assets"):
        return replace(repository, what="release", rest="/".join(rest))
    if word == "releases" and rest and rest[0] not in _RELEASE_PAGES:
        # GitHub redirects ``releases/TAG`` to ``releases/tag/TAG``.
        return replace(repository, what="release", rest=f"tag/{'/'.join(rest)}")
    if word == "milestone" and rest and rest[0].isascii() and rest[0].isdigit():
        return replace(repository, what="milestone", rest=rest[0])
    if word in _REF_WORDS and rest:
        return replace(repository, what="refs", rest="/".join((word, *rest)))
    if word == "actions" and rest[:1] == ("workflows",) and len(rest) > 1:
        file = rest[1].removeprefix(".github/workflows/")
        if file.lower().endswith((".yml", ".yaml")) and "/" not in file:
            return replace(repository, what="workflow", rest=file)
    if word == "wiki":
        return replace(repository, what="wiki", rest="/".join(rest))
    what: What = "page" if word in _PAGES else "unknown"
    return replace(repository, what=what, rest="/".join((word, *rest)))


def _path(repository: GitHubParts, word: str, ref_and_path: tuple[str, ...]) -> GitHubParts:
    """Return a path, folder or ref inside a repository."""
    if ref_and_path[0] == "refs" and ref_and_path[1:2] in (("heads",), ("tags",)):
        ref_and_path = ref_and_path[2:] or ref_and_path
    form = word if word in ("tree", "raw") else "blob"
    return replace(repository, what="path", form=form, ref_and_path="/".join(ref_and_path))


def _gist(segments: tuple[str, ...]) -> GitHubParts | None:
    """Split the path of a gist's URL: ``/ID``, ``/OWNER/ID`` and what follows."""
    if not segments:
        return None
    if _GIST_ID.fullmatch(segments[0]):
        return GitHubParts("gist", "", segments[0])
    if len(segments) >= 2 and _GIST_ID.fullmatch(segments[1]):
        return GitHubParts("gist", _owner(segments[0]), segments[1])
    if len(segments) > 1 or segments[0].lower() in _RESERVED | {"discover", "starred", "forked"}:
        return None
    return GitHubParts("user", _owner(segments[0]))


def _repository(segments: tuple[str, ...]) -> GitHubParts:
    """Return the repository that the first two segments of a path name."""
    name = segments[1][:-4] if segments[1].lower().endswith(".git") else segments[1]
    if not _NAME.fullmatch(name):
        raise InvalidUrlError(f"“{segments[1][:60]}” cannot be the name of a GitHub repository")
    return GitHubParts("repo", _owner(segments[0]), name)


def _owner(text: str) -> str:
    """Return the name of a user or organization."""
    if not _OWNER.fullmatch(text) or text.lower() in _RESERVED:
        raise InvalidUrlError(f"“{text[:60]}” cannot be the name of a GitHub account")
    return text


_WORDS: dict[What, str] = {
    "issue": "issues",
    "pull": "pull",
    "discussion": "discussions",
    "release": "releases",
    "commit": "commit",
    "workflow": "actions/workflows",
    "milestone": "milestone",
    "wiki": "wiki",
}


def _target(found: GitHubParts) -> Target:
    """Return the target of a split URL."""
    if found.what == "user":
        key = found.owner.lower()
        return Target(TargetKind.GITHUB_OTHER, key, f"https://github.com/{found.owner}")
    if found.what == "gist":
        owner = f"{found.owner}/" if found.owner else ""
        address = f"https://gist.github.com/{owner}{found.name}"
        return Target(TargetKind.GITHUB_OTHER, f"gist/{found.name}", address)
    repository = found.full_name.lower()
    if found.what == "repo":
        address = f"https://github.com/{found.full_name}"
        return Target(TargetKind.GITHUB_REPO, repository, address)
    if found.what == "path":
        kind, word, tail = TargetKind.GITHUB_PATH, "tree", f"/{found.ref_and_path}"
    else:
        kind, word, tail = TargetKind.GITHUB_OTHER, _WORDS.get(found.what, ""), f"/{found.rest}"
    shown = f"{found.form if found.what == 'path' else word}{tail}".strip("/")
    address = f"https://github.com/{found.full_name}/{quote_segment(shown, safe='/:@!$&()+,;=')}"
    return Target(kind, f"{repository}/{(word + tail).strip('/')}", address)
