"""Whether two entries are duplicates or may share links. Used by the rules on duplicates."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from linkcheck.model.entry import Entry
from linkcheck.model.rule import EntryView, LinkView
from linkcheck.model.source_text import word_set
from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import InvalidUrlError, parse

SHARED_ROLES = frozenset(
    {
        "homepage",
        "website",
        "list",
        "competition",
        "leaderboard",
        "documentation",
        "docs",
        "blog",
        "news",
        "article",
        "organization",
        "institution",
        "related",
        "license",
    }
)
"""Roles of links that several entries may share, such as home pages."""

_OWN_KINDS = frozenset(
    {
        TargetKind.GITHUB_REPO,
        TargetKind.GITHUB_PATH,
        TargetKind.HF_MODEL,
        TargetKind.HF_DATASET,
        TargetKind.HF_SPACE,
        TargetKind.ARXIV,
        TargetKind.DOI,
        TargetKind.WEB,
    }
)
_COMMON_WORDS = frozenset(
    {"chat", "chinese", "clinical", "medical", "open", "data", "dataset", "large", "language"}
)

_PART_WORDS = word_set(
    "data dataset datasets corpus model models weights paper code demo benchmark benchmarks task"
    " tasks leaderboard challenge train training test eval evaluation toolkit app api docs pro"
    " plus mini tiny small base large xl lite turbo chat instruct vision multilingual"
)
"""Words that distinguish parts of a whole: ``CBLUE`` and ``CBLUE tasks``."""

_SIZE_OR_VERSION = re.compile(r"(?:[\W_]*\bv?\d+(?:\.\d+)*[bkm]?\b)+\W*$", re.IGNORECASE)


_PUNCTUATION = re.compile(r"[^a-z0-9]+")


def normalize_name(name: str) -> str:
    """Return a name without case, punctuation, white space and width, for comparison."""
    if name.isascii():
        return _PUNCTUATION.sub("", name.lower())
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum())


def normalized_names(entry: Entry) -> frozenset[str]:
    """Return the normalized name and aliases of an entry that have two or more characters."""
    found = (normalize_name(name) for name in (entry.name, *entry.aliases))
    return frozenset(name for name in found if len(name) > 1)


def own_links(
    view: EntryView, recognize: Callable[[str], ParsedLink | None]
) -> Iterator[tuple[Target, LinkView]]:
    """Yield the links to the entry itself, with their targets.

    A damaged link counts as its repaired URL.
    """
    for link in view.links:
        recognized = link.recognized or (recognize(link.repair) if link.repair else None)
        target = recognized.target if recognized else None
        if target is None or link.link.badge or link.link.role in SHARED_ROLES:
            continue
        if target.kind in _OWN_KINDS:
            yield target, link


def claimed_links(
    view: EntryView, recognize: Callable[[str], ParsedLink | None]
) -> Iterator[tuple[Target, LinkView]]:
    """Yield the links that an entry claims for itself, with their targets.

    These are :func:`own_links` and the main link of an item of a Markdown list: the one around its
    name, or its only one. Roles in Markdown are guesses, so the main link counts under a shared
    role too, unless it is a site's front page.
    """
    yield from own_links(view, recognize)
    if not any(link.link.role in SHARED_ROLES for link in view.links):
        return  # own_links has skipped no link for its role
    main = _main_link(view)
    if main is None or main.link.role not in SHARED_ROLES:
        return
    recognized = main.recognized or (recognize(main.repair) if main.repair else None)
    target = recognized.target if recognized else None
    if target is not None and target.kind in _OWN_KINDS and not _is_front_page(target):
        yield target, main


def _main_link(view: EntryView) -> LinkView | None:
    entry = view.entry
    if not entry.is_markdown:
        return None
    links = [link for link in view.links if not link.link.badge and link.link.role != "image"]
    at = entry.name_span
    named = (x for x in links if at is not None and at.start <= x.link.span.start < at.end)
    only = links[0] if len(links) == 1 and links[0].link.role == "homepage" else None
    return next(named, only)


def _is_front_page(target: Target) -> bool:
    try:
        url = parse(target.url)
    except InvalidUrlError:
        return True
    return url.path == "/" and not url.query


def is_relisted(a: EntryView, b: EntryView, recognize: Callable[[str], ParsedLink | None]) -> bool:
    """Return whether two items of a Markdown list are the same, with words added to one name.

    Both have the same single link, and the added words ("BERT again") name no version, size or
    part.
    """
    if not (a.entry.is_markdown and b.entry.is_markdown):
        return False
    links = [{target for target, _ in claimed_links(view, recognize)} for view in (a, b)]
    if links[0] != links[1] or len(links[0]) != 1 or len(a.links) > 1 or len(b.links) > 1:
        return False
    short, long = sorted((_name_words(a.entry), _name_words(b.entry)), key=len)
    more = long[len(short) :]
    if not short or not more or long[: len(short)] != short:
        return False
    return all(word.isascii() and word.isalpha() and word not in _PART_WORDS for word in more)


def _name_words(entry: Entry) -> list[str]:
    return re.findall(r"[^\W_]+", entry.name.casefold())


def are_in_one_list(a: EntryView, b: EntryView) -> bool:
    """Return whether two entries belong to one list.

    Markdown files are often translations of each other: their entries are compared within a file
    only.
    """
    if a.entry.is_markdown or b.entry.is_markdown:
        return a.entry.span.file == b.entry.span.file
    return True


def duplicate_reason(
    a: EntryView, b: EntryView, recognize: Callable[[str], ParsedLink | None]
) -> str | None:
    """Return why two entries are duplicates, as part of a message; ``None`` if they are not."""
    if a.entry.id == b.entry.id or not are_in_one_list(a, b):
        return None
    common = normalized_names(a.entry) & normalized_names(b.entry)
    if not common:
        return None
    same_name = normalize_name(a.entry.name) == normalize_name(b.entry.name)
    called = b.entry.name if same_name else _original_spelling(b.entry, common)
    mine = {target for target, _ in claimed_links(a, recognize)}
    theirs = {target for target, _ in claimed_links(b, recognize)}
    if mine & theirs:
        return f"both are called “{called}” and link to the same thing"
    if a.entry.is_markdown or a.entry.kind is not b.entry.kind:
        return None
    if _links_contradict(mine, theirs, name_alone=same_name):
        return None
    return f"both are a {a.entry.kind} called “{called}”"


def _original_spelling(entry: Entry, common: Iterable[str]) -> str:
    wanted = set(common)
    return next(name for name in (entry.name, *entry.aliases) if normalize_name(name) in wanted)


def _links_contradict(mine: set[Target], theirs: set[Target], *, name_alone: bool) -> bool:
    """Return whether the links of two entries of one name prove that they differ.

    Different papers always do. If the entries only share an alias, different repositories or
    models do, too.
    """
    kinds = [TargetKind.ARXIV]
    if not name_alone:
        kinds += [TargetKind.GITHUB_REPO, TargetKind.HF_MODEL, TargetKind.HF_DATASET]
    return any(
        {t for t in mine if t.kind is kind} and {t for t in theirs if t.kind is kind}
        for kind in kinds
    )


def may_share_links(a: Entry, b: Entry) -> bool:
    """Return whether two different entries may share a link.

    For example a model and a dataset of one paper, versions of a family, a model and its base.
    """
    if a.kind is not b.kind:
        return True
    if _claims_as_part(a, b) or _claims_as_part(b, a):
        return True
    ours, others = normalized_names(a), normalized_names(b)
    if any(_is_substring(x, y) or _is_substring(y, x) for x in ours for y in others):
        return True
    return bool(_family_names(a) & _family_names(b))


def _claims_as_part(a: Entry, b: Entry) -> bool:
    claims = a.claims
    said = {normalize_name(c.value) for c in (*claims.base_models, *claims.datasets)}
    return bool(said & normalized_names(b))


def _is_substring(short: str, long: str) -> bool:
    return len(short) > 2 and short in long


def _family_names(entry: Entry) -> set[str]:
    """Return the parts of an entry's names that the members of a family share.

    The first word, words in capitals (``CBLUE``), and the name without size and version
    (``GLM-10b``, ``GLM v2``).
    """
    found = set()
    for name in (entry.name, *entry.aliases):
        parts = re.findall(r"[^\W_]+", name)
        found |= {part.casefold() for part in parts[:1] if len(part) > 3}
        found |= {p.casefold() for p in parts if len(p) > 3 and p.isascii() and p.isupper()}
        stem = _SIZE_OR_VERSION.sub("", name)
        if stem != name and len(normalize_name(stem)) > 1:
            found.add(normalize_name(stem))
    return found - _COMMON_WORDS


def mentions_name(entry: Entry, text: str) -> bool:
    """Return whether a text (a URL, a title) contains one of the entry's names."""
    inside = normalize_name(text)
    return any(len(name) > 2 and name in inside for name in normalized_names(entry))
