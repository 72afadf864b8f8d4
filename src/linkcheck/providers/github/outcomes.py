"""Turns what was seen of a repository and the things in it into outcomes. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from linkcheck.model.facts import PathFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason, Unknown, UnknownReason
from linkcheck.model.url import quote_segment
from linkcheck.model.wording import one_line
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import (
    DEFAULT_REFS,
    InRepository,
    PathWant,
    Probe,
    ProbeKind,
    RefPathSplit,
    RepositoryRequest,
    SubresourceRequest,
)
from linkcheck.providers.github.repository_facts import summary
from linkcheck.providers.json_fields import as_mapping, as_sequence, as_text
from linkcheck.providers.recorder import ExplainedOutcome

Answers = Callable[[Probe], Node]
"""Gives what was seen of a probe."""


@dataclass(frozen=True, slots=True)
class NeedsRestLookup:
    """A batch cannot decide it; a single REST request can."""

    says: str


@dataclass(frozen=True, slots=True)
class GitHubUrls:
    """The web addresses of the GitHub that is asked."""

    server: str
    """Without a trailing slash, e.g. ``https://github.com``."""

    def address(self, full_name: str, *rest: str) -> str:
        """Return the address of a repository or of something behind it."""
        tail = "".join(f"/{quote_segment(part, safe='/:@!$&()+,;=')}" for part in rest if part)
        return f"{self.server}/{full_name}{tail}"


PUBLIC = GitHubUrls("https://github.com")
"""The site that links are written for, whatever endpoint is asked."""


def moved_to(facts: RepositoryFacts, owner: str, name: str) -> str | None:
    """Return the repository's present full name when it is another than the one asked for.

    GitHub ignores case in names, so a difference in case alone is no move.
    """
    if facts.full_name is None or "/" not in facts.full_name:
        return None
    return facts.full_name if facts.full_name.casefold() != f"{owner}/{name}".casefold() else None


def found(
    facts: RepositoryFacts, want: RepositoryRequest, renamed: str | None, site: GitHubUrls
) -> ExplainedOutcome:
    """Return the outcome for the repository itself, or a page that is there with it."""
    now_at = site.address(renamed, want.page) if renamed else None
    says = summary(facts)
    if renamed:
        says = f"it is now called {renamed}; {says}"
    return ExplainedOutcome(Found(facts, now_at, permanent=renamed is not None), says)


def judge(
    want: InRepository,
    facts: RepositoryFacts,
    renamed: str | None,
    answers: Answers,
    site: GitHubUrls,
) -> ExplainedOutcome | NeedsRestLookup:
    """Return the outcome of one link into a repository that is there."""
    if isinstance(want, RepositoryRequest):
        return found(facts, want, renamed, site)
    if isinstance(want, PathWant):
        return _path(want, facts, renamed, answers, site)
    return _piece(want, facts, renamed, answers, site)


def _path(
    want: PathWant,
    facts: RepositoryFacts,
    renamed: str | None,
    answers: Answers,
    site: GitHubUrls,
) -> ExplainedOutcome:
    hit, seen = None, NodeState.NULL
    for split in want.splits:
        node = answers(Probe(ProbeKind.OBJECT, split.expression))
        if node.seen is NodeState.THERE:
            hit = split
            break
        # An object that is not there is null without any error (GitHub's GraphQL schema).
        if node.seen not in {NodeState.NULL, NodeState.MISSING}:
            seen = node.seen
    if hit is None and seen is not NodeState.NULL:
        return ExplainedOutcome(
            Unknown(UnknownReason.SERVER_ERROR, "GitHub could not look the path up"),
            "GitHub gave no answer about the path",
        )
    on_default = want.on_default
    there_by_default = on_default is not None and answers(on_default).seen is NodeState.THERE
    return path_outcome(want, facts, renamed, hit, site, there_by_default=there_by_default)


def path_outcome(
    want: PathWant,
    facts: RepositoryFacts,
    renamed: str | None,
    hit: RefPathSplit | None,
    site: GitHubUrls,
    *,
    there_by_default: bool,
) -> ExplainedOutcome:
    """Return the outcome of a linked path.

    ``hit`` is the reading that is there, if any; ``there_by_default`` says whether the path is
    there on the default branch.
    """
    split = hit or want.splits[0]
    name = renamed or facts.full_name
    now_at = None
    if renamed:
        now_at = _path_address(site, renamed, want.verb, split)
    suggested = None
    if hit is None and name and facts.default_branch:
        pathless = not split.path and split.ref.casefold() in DEFAULT_REFS
        if there_by_default or (pathless and not facts.empty):
            there = RefPathSplit(facts.default_branch, split.path)
            if there != split:
                suggested = _path_address(site, name, want.verb, there)
    path = PathFacts(facts, split.path, split.ref, hit is not None, suggested)
    return ExplainedOutcome(
        Found(path, now_at, permanent=renamed is not None), _path_says(path, renamed)
    )


def _path_says(path: PathFacts, renamed: str | None) -> str:
    what = f"{one_line(path.path)} at {one_line(path.ref)}" if path.path else one_line(path.ref)
    says = f"{what} is {'there' if path.exists else 'not there'}"
    if path.suggested_url:
        says += f", but it is there on the default branch {path.repository.default_branch}"
    return f"the repository is now called {renamed}; {says}" if renamed else says


def _path_address(site: GitHubUrls, full_name: str, verb: str, split: RefPathSplit) -> str:
    return site.address(full_name, verb, split.ref, split.path)


def _piece(
    want: SubresourceRequest,
    facts: RepositoryFacts,
    renamed: str | None,
    answers: Answers,
    site: GitHubUrls,
) -> ExplainedOutcome | NeedsRestLookup:
    node = answers(want.probe)
    now_at = site.address(renamed, want.page) if renamed else None
    if node.seen is NodeState.THERE:
        return _piece_there(want, facts, node, now_at, site)
    kind = want.probe.kind
    if kind is ProbeKind.WIKI:
        return ExplainedOutcome(
            Found(facts, now_at, permanent=bool(renamed)), "its repository is there"
        )
    # A tag without a release is null without any error; numbers that do not exist give NOT_FOUND.
    if kind is ProbeKind.RELEASE and node.seen in {NodeState.NULL, NodeState.MISSING}:
        return _untagged(want, facts, answers(want.tag), now_at)
    if node.seen is NodeState.MISSING:
        said = f"GitHub has no {kind.value} {want.probe.value} there"
        if kind is ProbeKind.ISSUE:
            return NeedsRestLookup(said)
        return ExplainedOutcome(Gone(GoneReason.NOT_FOUND), said)
    return _undecided(kind, node)


def _undecided(kind: ProbeKind, node: Node) -> ExplainedOutcome:
    if node.seen is NodeState.FORBIDDEN:
        reason, says = UnknownReason.FORBIDDEN, f"GitHub refused to show the {kind.value}"
    elif node.seen is NodeState.HEAVY:
        reason, says = UnknownReason.SERVER_ERROR, f"GitHub gave up on the {kind.value}"
    else:
        reason, says = UnknownReason.PROTOCOL, f"GitHub said nothing about the {kind.value}"
    return ExplainedOutcome(Unknown(reason, says), f"{says}: {node.says}" if node.says else says)


def _piece_there(
    want: SubresourceRequest,
    facts: RepositoryFacts,
    node: Node,
    now_at: str | None,
    site: GitHubUrls,
) -> ExplainedOutcome:
    kind = want.probe.kind
    if kind is ProbeKind.RELEASE and want.probe.detail:
        return _asset(want, facts, node, now_at)
    if kind is ProbeKind.WIKI:
        if node.value is False and now_at is None and facts.full_name:
            home = site.address(facts.full_name)
            return ExplainedOutcome(
                Found(facts, home), "the wiki is switched off; readers are sent home"
            )
        return ExplainedOutcome(
            Found(facts, now_at, permanent=now_at is not None), "the wiki is open"
        )
    there = _page_now_at(want, node, now_at)
    return ExplainedOutcome(
        Found(facts, there, permanent=there is not None), f"the {kind.value} is there"
    )


def _untagged(
    want: SubresourceRequest, facts: RepositoryFacts, tag: Node, now_at: str | None
) -> ExplainedOutcome:
    name = one_line(want.probe.value)
    if tag.seen is NodeState.THERE and not want.probe.detail:
        says = f"the tag {name} is there, without a release"
        return ExplainedOutcome(Found(facts, now_at, permanent=now_at is not None), says)
    if tag.seen in {NodeState.THERE, NodeState.NULL, NodeState.MISSING}:
        return ExplainedOutcome(Gone(GoneReason.NOT_FOUND), f"there is no release {name}")
    return _undecided(ProbeKind.RELEASE, tag)


def _page_now_at(want: SubresourceRequest, node: Node, now_at: str | None) -> str | None:
    """Return where a piece is now: issues can be transferred without the repository moving."""
    url = as_text(node.fields.get("url"))
    if want.probe.kind is not ProbeKind.ISSUE or url is None or not url.startswith("https://"):
        return now_at
    number = url.rstrip("/").rpartition("/")[2]
    return url if number != want.probe.value else now_at


def _asset(
    want: SubresourceRequest, facts: RepositoryFacts, node: Node, now_at: str | None
) -> ExplainedOutcome:
    files = as_mapping(node.fields.get("releaseAssets")).get("nodes")
    if not isinstance(files, list):
        return ExplainedOutcome(
            Unknown(UnknownReason.PROTOCOL, "GitHub did not list the release's files"),
            "GitHub did not list the release's files",
        )
    asset = one_line(want.probe.detail)
    if any(
        as_text(as_mapping(file).get("name")) == want.probe.detail for file in as_sequence(files)
    ):
        return ExplainedOutcome(
            Found(facts, now_at, permanent=now_at is not None), f"{asset} is there"
        )
    return ExplainedOutcome(Gone(GoneReason.NOT_FOUND), f"the release has no file {asset}")


def blocked(reason: str | None) -> ExplainedOutcome:
    """Return the outcome for a repository that GitHub itself closed (403 or 451 with a block)."""
    why = reason or "unknown"
    return ExplainedOutcome(
        Found(RepositoryFacts(disabled=True, blocked=why)),
        f"GitHub has blocked access to the repository ({one_line(why, 40)})",
    )


def gone() -> ExplainedOutcome:
    """Return the outcome for a repository that GitHub does not show: missing, or private."""
    return ExplainedOutcome(
        Gone(GoneReason.GONE_OR_PRIVATE),
        "GitHub has no such repository, or it is private",
    )
