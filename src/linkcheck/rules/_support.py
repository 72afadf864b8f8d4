"""What rules share: dates and things in words, evidence, and fixes that keep a link's form."""

from collections.abc import Iterator
from datetime import datetime

from linkcheck.model.entry import Link
from linkcheck.model.facts import PathFacts, RepositoryFacts
from linkcheck.model.finding import Edit, Fix, Safety
from linkcheck.model.observation import EvidenceItem, Found, Observation, Status
from linkcheck.model.rule import EntryView, LinkView
from linkcheck.model.shorthand import BASES, expand
from linkcheck.model.target import Service, Target, TargetKind, display_name
from linkcheck.model.url import InvalidUrlError, parse

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_SERVICES = {
    Service.GITHUB: "GitHub",
    Service.HUGGINGFACE: "Hugging Face",
    Service.ARXIV: "arXiv",
    Service.DOI: "the DOI registry",
}

_THINGS = {
    TargetKind.GITHUB_REPO: "repository",
    TargetKind.GITHUB_PATH: "path",
    TargetKind.GITHUB_OTHER: "page",
    TargetKind.HF_MODEL: "model",
    TargetKind.HF_DATASET: "data set",
    TargetKind.HF_SPACE: "space",
    TargetKind.HF_OTHER: "page",
    TargetKind.ARXIV: "paper",
    TargetKind.DOI: "DOI",
    TargetKind.WEB: "page",
}


def on(moment: datetime) -> str:
    """Return a date in words, as in ``3 March 2026``."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def one_line(text: str, length: int = 160) -> str:
    """Return outside text on one line, cut to a length that a message bears."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return ``1 run``, ``3 runs``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def service(target: Target) -> str:
    """Return who answers for a target: the service, or the host of a page."""
    if target.family is Service.WEB:
        return host(target.url) or "its host"
    return _SERVICES[target.family]


def host(url: str) -> str | None:
    """Return the host of a URL, or ``None`` when it is not one."""
    try:
        return parse(url).host
    except InvalidUrlError:
        return None


def describe_target(target: Target) -> str:
    """Return what a target is and its name: ``the repository owner/name``, ``the page URL``."""
    noun = _THINGS[target.kind]
    named = {TargetKind.GITHUB_REPO, TargetKind.ARXIV, TargetKind.DOI}
    named |= {TargetKind.HF_MODEL, TargetKind.HF_DATASET, TargetKind.HF_SPACE}
    name = display_name(target) if target.kind in named else target.url
    return f"the {noun} {one_line(name)}"


def describe_target_capitalized(target: Target) -> str:
    """Return :func:`thing` as the beginning of a sentence."""
    what = describe_target(target)
    return f"{what[0].upper()}{what[1:]}"


def evidence_of(*observations: Observation | None) -> tuple[EvidenceItem, ...]:
    """Return what the sources said in these observations, each thing once."""
    items: dict[EvidenceItem, None] = {}
    for observation in observations:
        for item in observation.evidence if observation else ():
            items.setdefault(item)
    return tuple(items)


def found(view: LinkView) -> Found | None:
    """Return the outcome of the newest look at a link, when the thing was there."""
    outcome = view.latest.outcome if view.latest else None
    return outcome if isinstance(outcome, Found) else None


def repositories(view: EntryView) -> Iterator[tuple[LinkView, Observation, RepositoryFacts]]:
    """Yield each repository an entry links to once, with the first link that leads into it."""
    seen: set[str] = set()
    for link in view.links:
        observation = link.latest
        facts = observation.repository if observation else None
        if observation is None or facts is None or link.target is None:
            continue
        key = (facts.full_name or "/".join(link.target.key.split("/")[:2])).casefold()
        if key not in seen:
            seen.add(key)
            yield link, observation, facts


def repository_name(view: LinkView, facts: RepositoryFacts) -> str:
    """Return ``owner/name`` of a repository in its service's own spelling."""
    if facts.full_name:
        return one_line(facts.full_name)
    return one_line("/".join(display_name(view.target).split("/")[:2])) if view.target else "?"


def is_takeover(view: LinkView) -> tuple[Observation, Observation] | None:
    """Return the first and the newest sighting when they are of two different things.

    The address is the same, the lasting id that the service gives is not: what was there has
    gone, and its name belongs to something else now.
    """
    if view.evidence is None or view.status not in (Status.ALIVE, Status.MOVED):
        return None
    sighted = [(o, stable_id(o)) for o in view.evidence.observations]
    known = [(o, identity) for o, identity in sighted if identity]
    if len(known) < 2 or known[0][0] is not view.latest:
        return None
    (newest, now_id), (first, then_id) = known[0], known[-1]
    return (first, newest) if now_id != then_id else None


def is_missing_path(view: LinkView) -> bool:
    """Return whether the path is not where the link says: ``missing-path`` reports on it."""
    facts = view.latest.facts if view.latest else None
    return isinstance(facts, PathFacts) and not facts.exists


def stable_id(observation: Observation) -> str | None:
    """Return the id of a repository or model that outlives its name, where it was seen."""
    facts = observation.repository or observation.model
    return facts.repository_id if facts else None


def only_scheme_differs(link: str, other: str) -> bool:
    """Return whether ``other`` is the same address over ``https`` for a link over ``http``."""
    try:
        old, new = parse(link), parse(other)
    except InvalidUrlError:
        return False
    return (old.scheme, new.scheme) == ("http", "https") and _place(link) == _place(other)


def _place(url: str) -> tuple[object, ...]:
    parsed = parse(url)
    return (
        parsed.host.removeprefix("www."),
        parsed.port,
        parsed.path.rstrip("/"),
        parsed.query,
    )


def moved_to(view: LinkView) -> str | None:
    """Return the full address of a moved link, with what its own spelling adds.

    A service that only says where a repository is now leaves the path behind it to us:
    ``old/name/tree/main/x`` becomes ``new/name/tree/main/x``. A fragment is kept.
    """
    outcome = found(view)
    target = view.target
    if outcome is None or outcome.now_at is None or target is None:
        return None
    new = outcome.now_at.rstrip("/") if target.family is not Service.WEB else outcome.now_at
    if target.kind in (TargetKind.GITHUB_PATH, TargetKind.GITHUB_OTHER, TargetKind.HF_OTHER):
        new = _with_tail(target.url, new)
    return with_fragment(view, new)


def with_fragment(view: LinkView, new: str) -> str:
    """Return an address with the fragment of the link that it is to replace."""
    fragment = view.recognized.fragment if view.recognized else ""
    if not fragment or "#" in new:
        return new
    _, _, written = view.link.url.partition("#")
    return f"{new}#{written or fragment}"


def _with_tail(old: str, new: str) -> str:
    """Append what stands behind ``owner/name`` in ``old`` when ``new`` is a repository alone."""
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
    """Return ``url`` in the form in which the link is written, or ``None`` when it has none.

    A plain id (``owner/name`` under a template) stays a plain id, a shorthand stays a shorthand
    where the new address has one, everything else is written as a URL.
    """
    short = next((s for s in BASES if link.written.lower().startswith(s)), None)
    if short is not None and link.written != link.url:
        candidate = f"{short}{url.removeprefix(BASES[short])}"
        return candidate if expand(candidate) == url else url
    if link.template is not None and link.written != link.url:
        head, _, tail = _long_form(link.template).partition("{}")
        inner = url[len(head) : len(url) - len(tail)]
        fits = url.startswith(head) and url.endswith(tail) and inner
        return inner if fits and inner.count("/") == link.written.strip("/").count("/") else None
    return url


def _long_form(template: str) -> str:
    for short, base in BASES.items():
        if template.lower().startswith(short):
            return f"{base}{template[len(short) :]}"
    return template


def replace_url(link: Link, url: str, description: str, safety: Safety = Safety.SAFE) -> Fix | None:
    """Return the fix that makes the link point to ``url``, in the form the link is written in.

    ``None`` when that form cannot hold the new address, or nothing would change.
    """
    after = in_link_notation(link, url)
    if after is None or after == link.written or any(c.isspace() for c in after):
        return None
    return Fix(description, (Edit(link.span, link.written, after),), safety)
