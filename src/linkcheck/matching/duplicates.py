"""Whether two entries are duplicates or may share links. Used by the rules on duplicates."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from posixpath import commonprefix

from linkcheck.matching.names import (
    NameMatch,
    all_variants,
    find_name,
    is_acronym,
    is_distinctive,
    tokenize,
    without_version,
)
from linkcheck.matching.titles import is_titlelike, same_title, system_name
from linkcheck.model.entry import Entry, EntryKind
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
_COMMON_WORDS = word_set(
    "chat chinese japanese clinical medical open data dataset large language awesome google"
    " microsoft meta openai the bert llama gpt model models"
)
"""First words that different systems share."""

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


def are_in_one_section(a: Entry, b: Entry) -> bool:
    """Return whether two entries are below the same headings; a catalog is one section."""
    return a.section == b.section


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Why two entries are the same thing."""

    reason: str
    """A part of a message."""
    shares_link: bool
    is_cross_listed: bool
    """Whether they are in different sections of a list, which is a way of organizing it."""


def find_duplicate(
    a: EntryView, b: EntryView, recognize: Callable[[str], ParsedLink | None]
) -> Duplicate | None:
    """Return why two entries are the same thing; ``None`` if nothing proves that they are.

    Sizes, releases and packages of one name have links of their own, or differ in their numbers.
    """
    if a.entry.id == b.entry.id or not are_in_one_list(a, b):
        return None
    common = normalized_names(a.entry) & normalized_names(b.entry)
    if not common or not _are_kinds_of_one_thing(a.entry, b.entry):
        return None
    same_name = normalize_name(a.entry.name) == normalize_name(b.entry.name)
    called = b.entry.name if same_name else _original_spelling(b.entry, common)
    mine = {target for target, _ in claimed_links(a, recognize)}
    theirs = {target for target, _ in claimed_links(b, recognize)}
    if a.entry.is_markdown:
        mine, theirs = (known | _primary_targets(x) for known, x in ((mine, a), (theirs, b)))
        if _are_different_rows(a, b):
            return None
    if _links_contradict(mine, theirs):
        return None
    if mine & theirs:
        return Duplicate(
            f"both are called “{called}” and link to the same thing",
            shares_link=True,
            is_cross_listed=not are_in_one_section(a.entry, b.entry),
        )
    if a.entry.is_markdown or a.entry.kind is not b.entry.kind:
        return None
    reason = f"both are a {a.entry.kind} called “{called}”"
    return Duplicate(reason, shares_link=False, is_cross_listed=False)


_PART_KINDS = (
    frozenset({EntryKind.PAPER}),
    frozenset({EntryKind.DATASET, EntryKind.BENCHMARK, EntryKind.COMPETITION}),
)
"""Kinds of things that a model or tool of the same name comes with."""


def _are_kinds_of_one_thing(a: Entry, b: Entry) -> bool:
    if a.is_markdown or a.kind is b.kind:
        return True  # kinds in Markdown are inferred from the headings
    return all((a.kind in kinds) == (b.kind in kinds) for kinds in _PART_KINDS)


def _primary_targets(view: EntryView) -> set[Target]:
    """Return the targets of the primary links, also those that several entries may share."""
    return {target for target in _targets(view.links) if target.kind in _OWN_KINDS}


def _targets(links: Iterable[LinkView]) -> set[Target]:
    return {link.target for link in links if link.target and not link.link.badge}


def _are_different_rows(a: EntryView, b: EntryView) -> bool:
    """Return whether each row has a link or a size that the other has not."""
    mine, theirs = _targets(a.all_links), _targets(b.all_links)
    return bool(mine - theirs and theirs - mine) or _have_own_numbers(a.entry, b.entry)


_NUMBER = re.compile(r"(?<![\w.])v?\d+(?:\.\d+)*(?:[bkmg]|x\d+b)?(?![\w.])", re.IGNORECASE)
_SIZE_WORDS = word_set(
    "tiny mini small base medium large xl xxl lite cased uncased chat instruct pro plus turbo"
)


def _have_own_numbers(a: Entry, b: Entry) -> bool:
    """Return whether the short texts of two rows differ in sizes or versions only."""
    texts = [entry.text.casefold() for entry in (a, b)]
    if texts[0] == texts[1] or max(map(len, texts)) > _MAX_ROW:
        return False
    words = [set(re.findall(r"[^\W_]+(?:[.\-][^\W_]+)*", text)) for text in texts]
    mine, theirs = words[0] - words[1], words[1] - words[0]
    return bool(mine and theirs) and all(_is_size(word) for word in mine | theirs)


_MAX_ROW = 200


def _is_size(word: str) -> bool:
    return word in _SIZE_WORDS or bool(_NUMBER.fullmatch(word))


def _original_spelling(entry: Entry, common: Iterable[str]) -> str:
    wanted = set(common)
    return next(name for name in (entry.name, *entry.aliases) if normalize_name(name) in wanted)


_CONTRADICTING_KINDS = (
    TargetKind.ARXIV,
    TargetKind.GITHUB_REPO,
    TargetKind.HF_MODEL,
    TargetKind.HF_DATASET,
)


def _links_contradict(mine: set[Target], theirs: set[Target]) -> bool:
    """Return whether the links of two entries of one name prove that they differ.

    They do when each has a paper, a repository, a model or a dataset that the other has not.
    """
    own = (mine - theirs, theirs - mine)
    return any(
        all(any(t.kind is kind for t in targets) for targets in own)
        for kind in _CONTRADICTING_KINDS
    )


def may_share_links(a: Entry, b: Entry) -> bool:
    """Return whether two different entries may share a link.

    For example a model and a dataset of one paper, versions of a family, a model and its base.
    """
    if a.kind is not b.kind:
        return True
    if _claims_as_part(a, b) or _claims_as_part(b, a):
        return True
    ours, others = _names_with_core(a), _names_with_core(b)
    if any(_are_related_names(x, y) for x in ours for y in others):
        return True
    return bool(_family_names(a) & _family_names(b))


def _names_with_core(entry: Entry) -> set[str]:
    """Return the normalized names, also without words for parts (``Llama-3-Chat``)."""
    cores = {normalize_name(name) for name in _core_names(entry)}
    return {*normalized_names(entry), *(cores - _COMMON_WORDS)}


def _core_names(entry: Entry) -> list[str]:
    """Return the names without words for parts and sizes, where a name is left."""
    kept = (
        [word for word in re.findall(r"[^\W_]+", name) if word.casefold() not in _PART_WORDS]
        for name in (entry.name, *entry.aliases)
    )
    names = (" ".join(words) for words in kept)
    return [name for name in names if len(normalize_name(name)) > 2]


def _claims_as_part(a: Entry, b: Entry) -> bool:
    claims = a.claims
    said = {normalize_name(c.value) for c in (*claims.base_models, *claims.datasets)}
    return bool(said & normalized_names(b))


def _are_related_names(one: str, two: str) -> bool:
    """Return whether one name contains the other, or both begin with the same long stem."""
    short, long = sorted((one, two), key=len)
    if short in long and (len(short) > 2 or long.startswith(short)):
        return True
    common = len(commonprefix((short, long)))
    return common >= _MIN_COMMON_STEM and common >= _MIN_COMMON_SHARE * len(short)


_MIN_COMMON_STEM = 6
_MIN_COMMON_SHARE = 0.7


def _family_names(entry: Entry) -> set[str]:
    """Return the parts of an entry's names that the members of a family share.

    The first word, words in capitals (``CBLUE``), and the name without size and version
    (``GLM-10b``, ``GLM v2``, ``Ziya2-Chat``).
    """
    found, stems = set(), set()
    for name in (entry.name, *entry.aliases):
        parts = re.findall(r"[^\W_]+", name)
        found |= {part.casefold() for part in parts[:1] if len(part) > 3}
        found |= {without_version(part) for part in parts[:1]}
        found |= {p.casefold() for p in parts if len(p) > 3 and p.isascii() and p.isupper()}
        stem = _SIZE_OR_VERSION.sub("", name)
        if stem != name and len(normalize_name(stem)) > 1:
            stems.add(normalize_name(stem))
    return {name for name in found - _COMMON_WORDS if len(name) > 2} | stems


def find_owner(a: Entry, b: Entry, target: Target, title: str | None) -> Entry | None:
    """Return the one of two entries that a shared target belongs to, if exactly one has its name.

    The name is in the target's URL, or the paper's title begins with it. A title proves nothing
    about an entry that is called otherwise than papers are: things cite their papers.
    """
    owners = [entry for entry in (a, b) if _has_name_of(entry, target, title)]
    if len(owners) != 1:
        return None
    other = b if owners[0] is a else a
    return None if _may_have_name_of(other, target, title) else owners[0]


def _has_name_of(entry: Entry, target: Target, title: str | None) -> bool:
    names = [name for name in _called(entry) if is_distinctive(name)]
    if title is None:
        path = _path_words(target)
        return any(find_name(name, path) or _is_inside(name, path) for name in names)
    if is_titlelike(entry.name) and same_title(entry.name, title):
        return True
    head = system_name(title)
    return head is not None and any(find_name(name, head) is NameMatch.FULL for name in names)


def _may_have_name_of(entry: Entry, target: Target, title: str | None) -> bool:
    """Return whether a name of the entry, a part or a short form of it, is in URL or title."""
    text = f"{_path_words(target)} {title or ''}"
    if title is not None and not is_titlelike(entry.name) and system_name(title) is None:
        return True
    return any(
        find_name(name, text) or _is_inside(name, text) or is_acronym(name, text)
        for name in (*_called(entry), *_core_names(entry))
    ) or any(is_acronym(word, entry.name) for word in tokenize(text) if len(word) > 2)


def _called(entry: Entry) -> tuple[str, ...]:
    return all_variants((entry.name, *entry.aliases))


def _path_words(target: Target) -> str:
    return " ".join(target.url.split("/")[3:])


def _is_inside(name: str, text: str) -> bool:
    """Return whether a long name is a part of a word or of several."""
    return len(normalize_name(name)) > 4 and normalize_name(name) in normalize_name(text)
