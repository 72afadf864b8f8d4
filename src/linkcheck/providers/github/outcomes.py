"""Turn the facts and nodes of a repository into outcomes of links. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from linkcheck.model.facts import PathFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason, Unknown, UnknownReason
from linkcheck.model.url import quote_segment
from linkcheck.model.wording import one_line
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import (
    DEFAULT_REFS,
    SUBMODULES,
    LinkRequest,
    PathRequest,
    Probe,
    ProbeKind,
    RefPathSplit,
    RefsRequest,
    RepositoryRequest,
    SubresourceRequest,
)
from linkcheck.providers.github.repository_facts import summary
from linkcheck.providers.json_fields import as_mapping, as_sequence, as_text
from linkcheck.providers.recorder import ExplainedOutcome

Answers = Callable[[Probe], Node]
"""Returns the node of a probe."""


@dataclass(frozen=True, slots=True)
class NeedsRestLookup:
    """GraphQL does not settle the link; a REST request does."""

    message: str


_PATH_UNKNOWN = ExplainedOutcome(
    Unknown(UnknownReason.SERVER_ERROR, "GitHub could not look the path up"),
    "GitHub gave no answer about the path",
)
_SUBMODULE = re.compile(r"^\s*path\s*=\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class GitHubUrls:
    """URLs of a GitHub server's pages."""

    server: str
    """Without a trailing slash, e.g. ``https://github.com``."""

    def url(self, full_name: str, *rest: str) -> str:
        """Return the URL of a repository or of a page below it."""
        tail = "".join(f"/{quote_segment(part, safe='/:@!$&()+,;=')}" for part in rest if part)
        return f"{self.server}/{full_name}{tail}"


PUBLIC = GitHubUrls("https://github.com")
"""The server that links name, whichever endpoint is requested."""


def new_full_name(facts: RepositoryFacts, owner: str, name: str) -> str | None:
    """Return the repository's full name when it differs from the requested one.

    GitHub ignores case in names, so a difference in case alone is no move.
    """
    if facts.full_name is None or "/" not in facts.full_name:
        return None
    return facts.full_name if facts.full_name.casefold() != f"{owner}/{name}".casefold() else None


def found_repository(
    facts: RepositoryFacts, request: RepositoryRequest, renamed: str | None, site: GitHubUrls
) -> ExplainedOutcome:
    """Return the outcome for the repository itself, or a page that exists with it."""
    now_at = site.url(renamed, request.page) if renamed else None
    message = summary(facts)
    if renamed:
        message = f"it is now called {renamed}; {message}"
    return ExplainedOutcome(Found(facts, now_at, permanent=renamed is not None), message)


def link_outcome(
    request: LinkRequest,
    facts: RepositoryFacts,
    renamed: str | None,
    nodes: Answers,
    site: GitHubUrls,
) -> ExplainedOutcome | NeedsRestLookup:
    """Return the outcome of one link into a repository that exists."""
    if isinstance(request, RepositoryRequest):
        return found_repository(facts, request, renamed, site)
    if isinstance(request, PathRequest):
        return _path(request, facts, renamed, nodes, site)
    if isinstance(request, RefsRequest):
        return _refs(request, facts, renamed, nodes, site)
    return _subresource(request, facts, renamed, nodes, site)


def _path(
    request: PathRequest,
    facts: RepositoryFacts,
    renamed: str | None,
    nodes: Answers,
    site: GitHubUrls,
) -> ExplainedOutcome:
    found_split, state = None, NodeState.NULL
    for split in request.splits:
        node = nodes(Probe(ProbeKind.OBJECT, split.expression))
        if node.state is NodeState.FOUND:
            found_split = split
            break
        # An object that does not exist is null without an error (GitHub's GraphQL schema).
        if node.state not in {NodeState.NULL, NodeState.MISSING}:
            state = node.state
    if found_split is None and state is not NodeState.NULL:
        return _PATH_UNKNOWN
    if found_split is None and SUBMODULES in request.probes:
        found_split = _in_submodule(request, nodes(SUBMODULES))
    on_default = request.on_default
    there_by_default = on_default is not None and nodes(on_default).state is NodeState.FOUND
    return path_outcome(
        request, facts, renamed, found_split, site, there_by_default=there_by_default
    )


def _in_submodule(request: PathRequest, node: Node) -> RefPathSplit | None:
    """Return the split whose path is a submodule, or inside one: git has no object for it here."""
    text = as_text(node.fields.get("text"), 100_000) or ""
    folders = [match[1].strip().rstrip("/") for match in _SUBMODULE.finditer(text)]
    for split in request.splits:
        if any(split.path == f or split.path.startswith(f"{f}/") for f in folders if f):
            return split
    return None


def _refs(
    request: RefsRequest,
    facts: RepositoryFacts,
    renamed: str | None,
    nodes: Answers,
    site: GitHubUrls,
) -> ExplainedOutcome:
    now_at = site.url(renamed, request.page) if renamed else None
    for readings in request.refs:
        states = [nodes(Probe(ProbeKind.OBJECT, ref)).state for ref in readings]
        if NodeState.FOUND in states:
            continue
        if not set(states) <= {NodeState.NULL, NodeState.MISSING}:
            return _PATH_UNKNOWN
        suggested = _default_refs_page(request, readings[0], facts, renamed, nodes, site)
        path = PathFacts(facts, "", readings[0], exists=False, suggested_url=suggested)
        break
    else:
        path = PathFacts(facts, "", request.refs[-1][0] if request.refs else "", exists=True)
    return ExplainedOutcome(
        Found(path, now_at, permanent=renamed is not None), _describe_path(path, renamed)
    )


def _default_refs_page(
    request: RefsRequest,
    ref: str,
    facts: RepositoryFacts,
    renamed: str | None,
    nodes: Answers,
    site: GitHubUrls,
) -> str | None:
    """Return the page of the default branch for a missing ref that used to be one."""
    name, default = renamed or facts.full_name, facts.default_branch
    if name is None or default is None or facts.empty or ref.casefold() not in DEFAULT_REFS:
        return None
    on_default = request.on_default
    if default == ref or (on_default and nodes(on_default).state is not NodeState.FOUND):
        return None
    return site.url(name, request.page.replace(ref, default, 1))


def path_outcome(
    request: PathRequest,
    facts: RepositoryFacts,
    renamed: str | None,
    found_split: RefPathSplit | None,
    site: GitHubUrls,
    *,
    there_by_default: bool,
) -> ExplainedOutcome:
    """Return the outcome of a linked path.

    ``found_split`` is the split that exists, if any; ``there_by_default`` is whether the path
    exists on the default branch.
    """
    split = found_split or request.splits[0]
    name = renamed or facts.full_name
    now_at = None
    if renamed:
        now_at = _path_address(site, renamed, request.verb, split)
    suggested = None
    if found_split is None and name and facts.default_branch:
        pathless = not split.path and split.ref.casefold() in DEFAULT_REFS
        if there_by_default or (pathless and not facts.empty):
            there = RefPathSplit(facts.default_branch, split.path)
            if there != split:
                suggested = _path_address(site, name, request.verb, there)
    path = PathFacts(facts, split.path, split.ref, found_split is not None, suggested)
    return ExplainedOutcome(
        Found(path, now_at, permanent=renamed is not None), _describe_path(path, renamed)
    )


def _describe_path(path: PathFacts, renamed: str | None) -> str:
    what = f"{one_line(path.path)} at {one_line(path.ref)}" if path.path else one_line(path.ref)
    message = f"{what} is {'there' if path.exists else 'not there'}"
    if path.suggested_url:
        message += f", but it is there on the default branch {path.repository.default_branch}"
    return f"the repository is now called {renamed}; {message}" if renamed else message


def _path_address(site: GitHubUrls, full_name: str, verb: str, split: RefPathSplit) -> str:
    return site.url(full_name, verb, split.ref, split.path)


def _subresource(
    request: SubresourceRequest,
    facts: RepositoryFacts,
    renamed: str | None,
    nodes: Answers,
    site: GitHubUrls,
) -> ExplainedOutcome | NeedsRestLookup:
    node = nodes(request.probe)
    now_at = site.url(renamed, request.page) if renamed else None
    if node.state is NodeState.FOUND:
        return _found_subresource(request, facts, node, now_at, site)
    kind = request.probe.kind
    if kind is ProbeKind.WIKI:
        return ExplainedOutcome(
            Found(facts, now_at, permanent=bool(renamed)), "its repository is there"
        )
    # A tag without a release is null without any error; numbers that do not exist give NOT_FOUND.
    if kind is ProbeKind.RELEASE and node.state in {NodeState.NULL, NodeState.MISSING}:
        return _untagged(request, facts, nodes(request.tag), now_at)
    is_absent = node.state is NodeState.MISSING or (
        kind in {ProbeKind.MILESTONE, ProbeKind.WORKFLOW} and node.state is NodeState.NULL
    )
    if is_absent:
        message = f"GitHub has no {kind.value} {one_line(request.probe.value)} there"
        if kind in {ProbeKind.ISSUE, ProbeKind.MILESTONE, ProbeKind.WORKFLOW}:
            return NeedsRestLookup(message)
        return ExplainedOutcome(Gone(GoneReason.NOT_FOUND), message)
    return _undecided(kind, node)


def _undecided(kind: ProbeKind, node: Node) -> ExplainedOutcome:
    if node.state is NodeState.FORBIDDEN:
        reason, message = UnknownReason.FORBIDDEN, f"GitHub refused to show the {kind.value}"
    elif node.state is NodeState.HEAVY:
        reason, message = UnknownReason.SERVER_ERROR, f"GitHub gave up on the {kind.value}"
    else:
        reason, message = UnknownReason.PROTOCOL, f"GitHub said nothing about the {kind.value}"
    return ExplainedOutcome(
        Unknown(reason, message), f"{message}: {node.message}" if node.message else message
    )


def _found_subresource(
    request: SubresourceRequest,
    facts: RepositoryFacts,
    node: Node,
    now_at: str | None,
    site: GitHubUrls,
) -> ExplainedOutcome:
    kind = request.probe.kind
    if kind is ProbeKind.RELEASE and request.probe.detail:
        return _asset(request, facts, node, now_at)
    if kind is ProbeKind.WIKI:
        if node.value is False and now_at is None and facts.full_name:
            home = site.url(facts.full_name)
            return ExplainedOutcome(
                Found(facts, home), "the wiki is switched off; readers are sent home"
            )
        return ExplainedOutcome(
            Found(facts, now_at, permanent=now_at is not None), "the wiki is open"
        )
    there = _moved_page(request, node, now_at)
    return ExplainedOutcome(
        Found(facts, there, permanent=there is not None), f"the {kind.value} is there"
    )


def _untagged(
    request: SubresourceRequest, facts: RepositoryFacts, tag: Node, now_at: str | None
) -> ExplainedOutcome:
    name = one_line(request.probe.value)
    if tag.state is NodeState.FOUND and not request.probe.detail:
        message = f"the tag {name} is there, without a release"
        return ExplainedOutcome(Found(facts, now_at, permanent=now_at is not None), message)
    if tag.state in {NodeState.FOUND, NodeState.NULL, NodeState.MISSING}:
        return ExplainedOutcome(Gone(GoneReason.NOT_FOUND), f"there is no release {name}")
    return _undecided(ProbeKind.RELEASE, tag)


def _moved_page(request: SubresourceRequest, node: Node, now_at: str | None) -> str | None:
    """Return the new URL of a subresource: issues can be transferred alone."""
    url = as_text(node.fields.get("url"))
    if request.probe.kind is not ProbeKind.ISSUE or url is None or not url.startswith("https://"):
        return now_at
    number = url.rstrip("/").rpartition("/")[2]
    return url if number != request.probe.value else now_at


def _asset(
    request: SubresourceRequest, facts: RepositoryFacts, node: Node, now_at: str | None
) -> ExplainedOutcome:
    files = as_mapping(node.fields.get("releaseAssets")).get("nodes")
    if not isinstance(files, list):
        return ExplainedOutcome(
            Unknown(UnknownReason.PROTOCOL, "GitHub did not list the release's files"),
            "GitHub did not list the release's files",
        )
    asset = one_line(request.probe.detail)
    if any(
        as_text(as_mapping(file).get("name")) == request.probe.detail for file in as_sequence(files)
    ):
        return ExplainedOutcome(
            Found(facts, now_at, permanent=now_at is not None), f"{asset} is there"
        )
    return ExplainedOutcome(Gone(GoneReason.NOT_FOUND), f"the release has no file {asset}")


def missing_subresource(
    request: LinkRequest, facts: RepositoryFacts, message: str
) -> ExplainedOutcome:
    """Return the outcome of something that neither GraphQL nor REST has.

    A workflow is a file of the repository, like any other path.
    """
    if isinstance(request, SubresourceRequest) and request.probe.kind is ProbeKind.WORKFLOW:
        path = f".github/workflows/{request.probe.value}"
        missing = PathFacts(facts, path, facts.default_branch or "HEAD", exists=False)
        return ExplainedOutcome(Found(missing), message)
    return ExplainedOutcome(Gone(GoneReason.NOT_FOUND), message)


def blocked_repository(reason: str | None) -> ExplainedOutcome:
    """Return the outcome for a repository that GitHub blocked (403 or 451 with a block)."""
    why = reason or "unknown"
    return ExplainedOutcome(
        Found(RepositoryFacts(disabled=True, blocked=why)),
        f"GitHub has blocked access to the repository ({one_line(why, 40)})",
    )


def missing_repository() -> ExplainedOutcome:
    """Return the outcome for a repository that GitHub does not show: missing, or private."""
    return ExplainedOutcome(
        Gone(GoneReason.GONE_OR_PRIVATE),
        "GitHub has no such repository, or it is private",
    )
