"""Parse the name of one license, as people write it, into a term."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from linkcheck.matching.licenses.aliases import (
    CHINESE_WORDS,
    FILLER_WORDS,
    HF_FAMILIES,
    LICENSE_HOSTS,
    MODEL_LICENSES,
    NOISE_WORDS,
    PLACEHOLDERS,
    SPDX_BY_ALIAS,
    SPDX_PHRASES,
)
from linkcheck.model.source_text import word_set


@dataclass(frozen=True, slots=True)
class LicenseTerm:
    """One license: ``CC-BY-NC``, version ``4``."""

    base: str
    """The identifier without version; a family if no member is named (``BSD``)."""
    version: str = ""
    """Without trailing zeros; empty if it is not given or the license has none."""
    later: bool | None = None
    """Whether newer versions may be chosen; ``None`` if that is not given."""
    exception: str = ""
    known: bool = True
    """Whether the name is known; unknown names are only compared for equality."""


def _license_index() -> list[dict[str, Any]]:
    """Return the rows of the license database."""
    from license_expression import get_license_index  # type: ignore[import-untyped]

    rows: list[dict[str, Any]] = get_license_index()
    return rows


@cache
def spdx_exceptions() -> dict[str, str]:
    """Return every SPDX exception by its identifier in lower case."""
    rows = (row for row in _license_index() if row.get("is_exception"))
    keys = (row.get("spdx_license_key") or "" for row in rows)
    return {key.casefold(): key for key in keys if key and not key.startswith("LicenseRef-")}


@cache
def spdx_ids() -> dict[str, tuple[str, str]]:
    """Return every SPDX license by its identifier in lower case: the identifier and its category.

    Categories are those of the license database that comes with ``license-expression``.
    """
    table: dict[str, tuple[str, str]] = {}
    for row in _license_index():
        key = row.get("spdx_license_key") or ""
        if not key or key.startswith("LicenseRef-") or row.get("is_exception"):
            continue
        names = [key, *(n for n in row["other_spdx_license_keys"] if not n.startswith("Licens"))]
        for name in names:
            table.setdefault(name.casefold(), (name, row.get("category") or ""))
    return table


_VERSIONED = re.compile(
    r"(.+?)-v?(\d+(?:\.\d+)*[a-z]?)"
    r"(?:-(only|or-later)|(\+)|-([A-Z]{2,3}|RFN|no-RFN))?"
)


def term_of_spdx(identifier: str) -> LicenseTerm:
    """Return the term of an SPDX identifier in its proper spelling."""
    match = None if identifier == "MIT-0" else _VERSIONED.fullmatch(identifier)
    if match is None:
        return LicenseTerm(identifier)
    base, version, flavour, plus, _port = match.groups()
    later = True if plus or flavour == "or-later" else False if flavour == "only" else None
    return LicenseTerm(base, strip_zeros(version), later)


def strip_zeros(version: str) -> str:
    """Return a version without trailing zeros: ``2.0`` and ``2`` are one."""
    return re.sub(r"(?:\.0)+$", "", version)


_SPACED = re.compile(r"[\s_]+")
_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)*|\+\+|\+")
_HAN = re.compile(r"[\u3400-\u9fff]")


def normalize_case(text: str) -> str:
    """Return the text case-folded, in one width, without surrounding quotes and Markdown."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    return folded.strip("`*\"'“”‘’[]()（）。.;: ")


def tokenize(text: str) -> list[str]:
    """Return the words and numbers of a license name, with Chinese words translated."""
    text = normalize_case(text)
    if _HAN.search(text):
        for chinese, english in CHINESE_WORDS:
            text = text.replace(chinese, english)
        if _HAN.search(text):
            return ["?"]
    text = re.sub(r"\b([a-z]{2,})v\.?\s?(?=\d)", r"\1 ", text)
    text = re.sub(r">=|≥", " or later ", text)
    return _TOKEN.findall(text)


def is_placeholder(text: str) -> bool:
    """Return whether the text names no license (``other``, ``NOASSERTION``, empty)."""
    return _SPACED.sub("-", normalize_case(text)) in PLACEHOLDERS or not normalize_case(text)


def parse_term(text: str) -> LicenseTerm | None:
    """Return the license that a text names, or ``None`` if it names none or several."""
    if len(text) > 200 or is_placeholder(text):
        return None
    if with_exception := re.fullmatch(r"(.+)-with-(.+)-exception", normalize_case(text)):
        term = parse_term(with_exception.group(1))
        return term and LicenseTerm(term.base, term.version, term.later, with_exception.group(2))
    exact = _parse_identifier(_SPACED.sub("-", normalize_case(text)))
    if exact is not None:
        return exact
    if "://" in text or re.match(r"(?:www\.)?[a-z.]+\.(?:org|com|dev|cn)/", normalize_case(text)):
        return _parse_url(normalize_case(text))
    given = [t for t in tokenize(text) if t not in NOISE_WORDS]
    for reader in (_parse_creative_commons, _parse_gnu, _parse_bsd, _parse_phrase):
        term = reader(given)
        if term is not None:
            return term
    return None


def _parse_identifier(key: str) -> LicenseTerm | None:
    """Return the license of an identifier (SPDX or Hugging Face), if it is one."""
    if key in HF_FAMILIES:
        return LicenseTerm(HF_FAMILIES[key])
    if key in SPDX_BY_ALIAS:
        return term_of_spdx(SPDX_BY_ALIAS[key])
    if key.endswith("+") and key[:-1] in spdx_ids():
        found = term_of_spdx(spdx_ids()[key[:-1]][0])
        return LicenseTerm(found.base, found.version, later=True)
    if key in spdx_ids():
        return term_of_spdx(spdx_ids()[key][0])
    return None


def _parse_url(text: str) -> LicenseTerm | None:
    """Return the license of a well-known URL of its text."""
    match = re.match(r"(?:https?://)?(?:www\.)?([^/?#]+)/?([^?#]*)", text)
    if match is None:
        return None
    host, path = match.groups()
    known = next((h for h in LICENSE_HOSTS if host == h or host.endswith("." + h)), None)
    if known is None:
        return None
    parts = [
        p
        for p in re.sub(r"(?:\.[a-z]{2})?\.(?:html?|txt|md|php|xml|json)$", "", path).split("/")
        if p
    ]
    skip = {"licenses", "license", "publicdomain", "legal", "terms", "use", "oss", "en", "site"}
    kept = [p for p in parts if p not in skip and not p.startswith(("legalcode", "deed"))]
    if host.endswith("llama.com") or known == "llama.meta.com":
        kept = [re.sub(r"(\d)_(\d)", r"\1.\2", p) for p in kept]
    return parse_term(" ".join([LICENSE_HOSTS[known], *kept]).strip()) if kept else None


_CC_WORD_PAIRS = {
    ("creative", "commons"): "cc",
    ("non", "commercial"): "nc",
    ("share", "alike"): "sa",
    ("no", "derivatives"): "nd",
    ("no", "derivs"): "nd",
    ("no", "derivative"): "nd",
    ("non", "derivative"): "nd",
    ("non", "derivatives"): "nd",
}
_CC_WORDS = {
    "attribution": "by",
    "noncommercial": "nc",
    "sharealike": "sa",
    "noderivatives": "nd",
    "noderivs": "nd",
    "noderiv": "nd",
    "zero": "zero",
    "creativecommons": "cc",
}
_CC_PARTS = word_set("by nc sa nd")
_CC_PORTS = word_set(
    "ar at au be br ca ch cl cn co cr cz de dk ec ee eg es fi fr gr gt hk hr hu ie igo il in it jp"
    " kr lu mk mt mx my nl no nz pe ph pl pr pt ro rs scotland se sg si th tw ug uk us ve vn za"
)
"""Countries of ported licenses (``cc-by-3.0-us``)."""
_CC_REST = word_set("public domain dedication license only")
_NUMERIC = re.compile(r"\d+(?:\.\d+)*")


def _shorten_words(given: list[str]) -> list[str]:
    """Return the tokens with the words of Creative Commons abbreviated."""
    result: list[str] = []
    for token in given:
        if result and (result[-1], token) in _CC_WORD_PAIRS:
            result[-1] = _CC_WORD_PAIRS[(result[-1], token)]
        else:
            result.append(_CC_WORDS.get(token, token))
    while result[:2] == ["cc", "cc"]:
        del result[0]
    return result


def _parse_creative_commons(given: list[str]) -> LicenseTerm | None:
    tokens = _shorten_words(given)
    parts = _CC_PARTS & set(tokens)
    if "cc" not in tokens and not ("by" in parts and len(parts) > 1):
        return None
    rest = [t for t in tokens if t not in _CC_PARTS and t != "cc"]
    # No Creative Commons license has version 0: it is the 0 of CC0.
    zero = bool({"zero", "0"} & set(rest)) or {"public", "domain"} <= set(rest)
    rest = [t for t in rest if t not in ("zero", "0")]
    numbers = [t for t in rest if _NUMERIC.fullmatch(t)]
    other = [t for t in rest if t not in numbers and t not in _CC_REST and t not in FILLER_WORDS]
    if numbers and set(other) <= _CC_PORTS:
        other = []
    if other or len(set(numbers)) > 1:
        return None
    version = strip_zeros(numbers[0]) if numbers else ""
    if zero:
        return LicenseTerm("CC0", version)
    if not parts:
        return None if numbers else LicenseTerm("CC")
    order = [p.upper() for p in ("by", "nc", "nd", "sa") if p in parts | {"by"}]
    return LicenseTerm("-".join(["CC", *order]), version)


_GNU_REST = word_set(
    "gnu general public gpl lgpl agpl fdl gfdl lesser library affero free documentation"
)
_GNU_LATER = word_set("or later any newer higher greater + at your option and up onwards above")


def _parse_gnu(given: list[str]) -> LicenseTerm | None:
    have = set(given)
    if have & {"gfdl", "fdl"} or {"free", "documentation"} <= have:
        base = "GFDL"
    elif have & {"agpl", "affero"}:
        base = "AGPL"
    elif "lgpl" in have or (have & {"lesser", "library"} and have & {"public", "gpl"}):
        base = "LGPL"
    elif "gpl" in have or {"general", "public"} <= have or given == ["gnu"]:
        base = "GPL"
    else:
        return None
    numbers = [t for t in given if _NUMERIC.fullmatch(t)]
    later = bool(have & {"later", "newer", "higher", "greater", "+", "above", "onwards"})
    other = have - set(numbers) - _GNU_REST - FILLER_WORDS - {"only"}
    if len(set(numbers)) > 1 or other - (_GNU_LATER if later else set()):
        return None
    flavour = True if later else False if "only" in have else None
    return LicenseTerm(base, strip_zeros(numbers[0]) if numbers else "", flavour)


_BSD_CLAUSES = {
    "0": "0",
    "zero": "0",
    "2": "2",
    "two": "2",
    "simplified": "2",
    "freebsd": "2",
    "3": "3",
    "three": "3",
    "new": "3",
    "revised": "3",
    "modified": "3",
    "4": "4",
    "four": "4",
    "original": "4",
    "old": "4",
}


def _parse_bsd(given: list[str]) -> LicenseTerm | None:
    have = {"bsd" if t in ("freebsd", "bsds") else t for t in given}
    if "bsd" not in have:
        return None
    if (
        have
        - set(_BSD_CLAUSES)
        - FILLER_WORDS
        - word_set("bsd clause clauses style or and clear berkeley")
    ):
        return None
    counts = {_BSD_CLAUSES[t] for t in given if t in _BSD_CLAUSES}
    if len(counts) > 1:
        return None
    if not counts:
        return LicenseTerm("BSD")
    count = counts.pop()
    if count == "0":
        return LicenseTerm("0BSD")
    if count == "4" and "original" not in have:
        return LicenseTerm("BSD-4-Clause")
    return LicenseTerm(f"BSD-{count}-Clause" + ("-Clear" if "clear" in have else ""))


@cache
def _phrases() -> dict[tuple[str, ...], str]:
    """Return the licenses of both tables by the tokens of their names, without noise words."""
    table: dict[tuple[str, ...], str] = {}
    for base, wordings in (*SPDX_PHRASES.items(), *MODEL_LICENSES.items()):
        for wording in (*wordings.split("|"), base):
            table.setdefault(tuple(t for t in tokenize(wording) if t not in NOISE_WORDS), base)
    return table


def _parse_phrase(given: list[str]) -> LicenseTerm | None:
    for kept in _token_variants(given):
        base = _phrases().get(tuple(kept))
        if base is not None:
            return LicenseTerm(base)
        numbers = [i for i, t in enumerate(kept) if _NUMERIC.fullmatch(t)]
        for place in numbers[::-1]:
            name = (*kept[:place], *kept[place + 1 :])
            if base := _phrases().get(name):
                version = kept[place]
                if base == "BSL" and version != "1.0":
                    return LicenseTerm("BUSL", strip_zeros(version))
                return LicenseTerm(base, strip_zeros(version))
    return None


def _token_variants(given: list[str]) -> Iterable[list[str]]:
    """Yield the tokens, then without filler words, then without repetitions."""
    yield given
    lean = [t for t in given if t not in FILLER_WORDS]
    if lean and lean != given:
        yield lean
    once = list(dict.fromkeys(given))
    if once != given:
        yield once
