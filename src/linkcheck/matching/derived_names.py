"""Names derived from other names, and other versions of names.

A name that contains another one is a different name: ``nnU-Net`` is not ``U-Net``, and
``Llama-2-7b`` is not ``Llama 3``.
"""

import re
from collections.abc import Iterable

from linkcheck.matching import base_models
from linkcheck.matching.names import (
    NameMatch,
    alphanumeric_key,
    find_name,
    name_parts,
    normalize_text,
    same_stem,
    tokenize,
    without_version,
)
from linkcheck.matching.stop_words import GENERIC_WORDS
from linkcheck.model.source_text import word_set

_VERSIONED = re.compile(r"([a-z](?:[a-z \-]*[a-z])?)[ \-]?v?(\d(?:\.\d{1,2})?|(?<=[ \-])i{2,3}|iv)")
_LEADING_VERSIONED = re.compile(_VERSIONED.pattern + r"(?![\w.]|-?\d)")
_REPORT = re.compile(
    r"^\s*([^:：]{2,60}?)\s+(?:technical report|(?:system|model) card)\b", re.IGNORECASE
)
_COLON_HEAD = re.compile(r"^\s*([^:：]{2,60}?)\s*[:：]\s*\S")
COMMA_HEAD = re.compile(r"^\s*([^,，:：]{2,40}),\s+(?:towards?|a|an|the|one)\b", re.IGNORECASE)
"""``Name, towards …``."""
_ROMAN = {"ii": 2.0, "iii": 3.0, "iv": 4.0}


def _version(match: re.Match[str]) -> tuple[str, float]:
    """Return the key of a name without its version, and the version."""
    name, number = match.groups()
    return alphanumeric_key(name), _ROMAN.get(number) or float(number)


def leading_name(title: str) -> str | None:
    """Return the text before a title's colon or comma, whether it is a name or not."""
    for pattern in (_REPORT, COMMA_HEAD, _COLON_HEAD):
        if match := pattern.match(title):
            return match.group(1)
    return None


def other_version(names: Iterable[str], title: str) -> str | None:
    """Return the versioned name that a title begins with, if the entry is of another version.

    A version without a paper is cited with that of its predecessor (Llama 3.1 with Llama 3), so an
    older version counts only if the major number differs.
    """
    if match := _LEADING_VERSIONED.match(normalize_text(title)):
        core, found = _version(match)
        said = title[: match.end()].strip()
    elif said := leading_name(title) or "":
        core, found = alphanumeric_key(said), 1.0  # first versions have no number
    else:
        return None
    mine = []
    for name in names:
        if alphanumeric_key(name) == core:
            return None  # the entry covers all versions
        own = _VERSIONED.fullmatch(normalize_text(name))
        if own is not None and (version := _version(own))[0] == core:
            mine.append(version[1])
    other = mine and all(int(one) != int(found) or found > one for one in mine)
    return said if other else None


_DOMAINS = word_set(
    "med medical bio biomed biomedical clinical vl visual vision video audio speech"
)
"""Words that derived systems add to the name of the original."""


def related_leading_name(names: Iterable[str], title: str) -> str | None:
    """Return the name before a title's colon, if it is related to the entry's and not the same.

    Graph of Thoughts is not Tree of Thoughts, Med-Flamingo not Flamingo, and BioT5+ not BioT5.
    """
    found = leading_name(title)
    if found is None:
        return None
    names = tuple(names)
    if any(alphanumeric_key(name) == alphanumeric_key(found) for name in names):
        more = found.rstrip().endswith("+") and not any("+" in name for name in names)
        return found if more else None
    related = any(
        _differ_in_one_word(name, found) or _differ_in_domain_word(name, found) for name in names
    )
    return found if related else None


def _differ_in_one_word(one: str, two: str) -> bool:
    """Return whether two names differ in one word that is neither a size nor generic."""
    a, b = tokenize(one), tokenize(two)
    apart = [pair for pair in zip(a, b, strict=False) if pair[0] != pair[1]]
    if len(a) != len(b) or not 2 <= len(a) <= 5 or len(apart) != 1:
        return False
    mine, theirs = apart[0]
    if mine[0].isdigit() or theirs[0].isdigit() or same_stem(mine, theirs):
        return False
    return not {mine, theirs} <= GENERIC_WORDS and bool(
        {word for word in a if word != mine} - GENERIC_WORDS
    )


def _differ_in_domain_word(one: str, two: str) -> bool:
    """Return whether two names differ only in a word for a domain or modality."""
    a, b = name_parts(one), name_parts(two)
    more, less = (a, b) if len(a) > len(b) else (b, a)
    extra = [part for part in more if part not in less]
    rest = [part for part in more if part in less]
    return len(extra) == 1 and extra[0] in _DOMAINS and rest == list(less) != []


_WRAPPERS = word_set("py open torch the my lib awesome go re")
"""Prefixes of repositories that implement or wrap what is named after them."""


def is_derived_name(name: str, text: str) -> bool:
    """Return whether a text begins with a word made of a prefix and a name.

    ``nnU-Net`` and ``nnUNet`` from ``U-Net``, ``InstructBLIP`` from ``BLIP-2``. A separate word
    before the name (``Stanford Alpaca``) or a suffix (``HuatuoGPT``) does not count: these names
    are as often the same thing.
    """
    core = without_version(name)
    if len(core) < 3 or not text.isascii():
        return False
    if (
        core in GENERIC_WORDS or GENERIC_WORDS.issuperset(tokenize(name))
    ) and not base_models.is_bare_family_name(base_models.parse_base_model(name)):
        return False
    given = tokenize(text)
    squeezed = "".join(given)
    at = squeezed.find(core, 1)
    if not given or not 0 < at < len(given[0]) or squeezed[:at] in _WRAPPERS:
        return False
    ends = {sum(map(len, given[: count + 1])) for count in range(len(given))}
    end = at + len(core)
    if end not in ends and not squeezed[end].isdigit():
        return False
    written = [c for c in text if c.isalnum()]
    if not squeezed[:at].isalpha():
        return False
    # Without a change of case, a short name may match by chance.
    return written[at].isupper() or (len(core) > 3 and at > 2)


_SIZE_LETTERS = "bmkdst"
"""Letters after a number that are a unit: of a size, of dimensions, a plural."""


def has_letter_suffix(name: str, text: str) -> bool:
    """Return whether a text is a name with a letter after its version: GPT-4o and GPT-4."""
    one, two = alphanumeric_key(name), alphanumeric_key(text)
    return (
        two[:-1] == one
        and one[-1:].isdigit()
        and two[-1].isalpha()
        and two[-1] not in _SIZE_LETTERS
    )


_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)*[a-z]*")
_SINGLE_VERSION = re.compile(r"\d(?:\.\d{1,2})?|ii|iii|iv")


def different_version(name: str, text: str) -> str | None:
    """Return the name that a text begins with, if it is this name in another version.

    Both must have a version: ``Llama-2-7b`` and ``Llama 3``. An older version of the same major
    number does not count: minor versions often share a repository.
    """
    mine, theirs = _TOKEN.findall(normalize_text(name)), _TOKEN.findall(normalize_text(text))
    at = next((i for i, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), 0)
    if len("".join(mine[:at])) < 2 or not mine[at - 1].isalpha():
        return None
    if not (_SINGLE_VERSION.fullmatch(mine[at]) and _SINGLE_VERSION.fullmatch(theirs[at])):
        return None
    if theirs[at + 1 : len(mine)] != mine[at + 1 :]:
        return None
    own, found = (_ROMAN.get(v) or float(v) for v in (mine[at], theirs[at]))
    if int(own) == int(found) and found <= own:
        return None
    return " ".join(theirs[: len(mine)])


_SIZE = re.compile(r"\d+(?:\.\d+)?[bmk]|\d{2,}")


def is_part_of(name: str, longer: str) -> bool:
    """Return whether a longer name contains this one and adds more than a size.

    ``Swin UNETR`` contains ``UNETR``, ``MedSAM2`` contains ``MedSAM``; ``Meditron-70B`` only adds a
    size to ``Meditron``.
    """
    if is_derived_name(name, longer):
        return True
    if find_name(longer, name) is NameMatch.FULL:
        return False  # the same, or its plural
    match find_name(name, longer):
        case NameMatch.FULL:
            more = set(tokenize(longer)) - set(tokenize(name)) - GENERIC_WORDS
            return any(not _SIZE.fullmatch(word) for word in more)
        case NameMatch.PARTIAL:
            return (
                without_version(name) == alphanumeric_key(name)
                or different_version(name, longer) is not None
            )
    return False
