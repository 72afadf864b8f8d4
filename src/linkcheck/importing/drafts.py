"""Draft entries of an import, and the parsing of names and labeled values for them."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from linkcheck.markdown.item_kinds import detect_item_kind
from linkcheck.markdown.labels import detect_claim, detect_role
from linkcheck.markdown.list_items import ItemLink, LabeledValue, ListItem
from linkcheck.model.entry import EntryKind
from linkcheck.model.target import Service, Target, TargetKind

Classify = Callable[[str], Target | None]
"""Returns the target of a URL; ``None`` for URLs that cannot be checked."""

_DATE = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?:\s*[-/.年]\s*(?P<month>\d{1,2})(?:\s*[-/.月]\s*(?P<day>\d{1,2}))?)?"
)
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})/(?P<year>(?:19|20)\d{2})\Z")
_PARAMETERS = re.compile(r"\d+(?:\.\d+)?\s*(?:[BbMmKk]|亿|万)?")
_IN_PARENTHESES = re.compile(r"\s*[(（]([^()（）]{1,80})[)）]")
_CJK = "\u4e00-\u9fff"
_NAME_AND_DESCRIPTION = re.compile(
    rf"\A(?P<name>[^{_CJK}]*[A-Za-z0-9)）][^{_CJK}]*?|.{{1,12}}?[（(][^()（）]+[)）]|[{_CJK}]{{2,8}})"
    rf"\s+(?P<rest>\d*[{_CJK}].{{5,}})\Z"
)
_NOT_ALIAS = re.compile(
    r"\A[\d.,\s]|based|基于|\d{4}|项目|包括|including|universit|institute|college|\blabs?\b|et al"
    r"|大学|学院|研究",
    re.IGNORECASE,
)
_LATIN_NAME = re.compile(r"[A-Za-z][\w.+/&\- ]{1,48}\Z", re.ASCII)
_CJK_NAME = re.compile(rf"[{_CJK}]{{2,10}}(?:知识库|数据集|知识图谱|语料库)\Z")
_LATIN_SUFFIX = re.compile(rf"[{_CJK}]\s*([A-Za-z][\w-]{{3,40}})\Z", re.ASCII)
_LATIN_PREFIX = re.compile(rf"\A([A-Za-z][\w.+-]{{3,40}})(?=[{_CJK}])", re.ASCII)
_UNDERSCORED = re.compile(r"(?<![\w/])[A-Za-z]+(?:_[A-Za-z0-9]+)+(?![A-Za-z/])", re.ASCII)
_DISTINCTIVE = re.compile(r"\d|_|-|[a-z][A-Z]|[A-Z]{3}")
_COLLECTIVE = re.compile(r"\s+(?:papers|dataset|data set|corpus)\Z", re.IGNORECASE)
_CATEGORY = re.compile(r"(?:data ?sets|data|models)\Z", re.IGNORECASE)
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,60}/[A-Za-z0-9][\w.-]{0,80}\Z")
_COUNT_TAIL = re.compile(r"\s*[(（][^()（）]*[)）]\s*\Z")


@dataclass(slots=True)
class DraftEntry:
    """An entry as the list describes it."""

    name: str
    line: int
    kind: EntryKind | None
    aliases: list[str] = field(default_factory=list)
    links: dict[str, list[str]] = field(default_factory=dict)
    """URLs by role."""
    targets: dict[Target, None] = field(default_factory=dict)
    """The links' targets, in the order in which they were added."""
    released: str | None = None
    license: str | None = None
    base_models: list[str] = field(default_factory=list)
    datasets: list[str] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)
    institutions: list[str] = field(default_factory=list)
    hardware: list[str] = field(default_factory=list)
    size: str | None = None
    section: tuple[str, ...] = ()
    """Headings above it, outermost first."""
    repeat_lines: list[int] = field(default_factory=list)
    """Lines of the entries that were merged into it."""

    def add_link(self, role: str, url: str, target: Target | None) -> None:
        """Add a link unless the draft has its target already."""
        if target is not None:
            if target in self.targets:
                return
            self.targets[target] = None
        urls = self.links.setdefault(role, [])
        if url not in urls:
            urls.append(url)


def normalize_name(name: str) -> str:
    """Return a name for comparison: letters and digits only, case-folded."""
    return "".join(char for char in name.casefold() if char.isalnum())


def split_name(text: str) -> tuple[str, list[str]]:
    """Return a name without its description, and its aliases, which are in parentheses."""
    name = re.sub("(?:语料库|数据集)[中里上]\\Z", "", " ".join(text.split()))
    described = _NAME_AND_DESCRIPTION.match(name)
    if described:
        name = described["name"].strip()
    aliases = []
    for inner in _IN_PARENTHESES.findall(name):
        alias = inner.strip().removeprefix("原").strip()
        if len(alias) > 1 and not _NOT_ALIAS.search(alias):
            aliases.append(alias)
    joined = _LATIN_PREFIX.match(name)
    if joined and _DISTINCTIVE.search(joined[1]):
        aliases.append(joined[1])
    short = _IN_PARENTHESES.sub("", name).strip(" ~-–—:：,，")
    return (short or name), aliases


def short_title(name: str) -> str | None:
    """Return the short name before the colon of a paper's title ("Med-PaLM 2: Towards …")."""
    head, colon, rest = name.partition(":")
    if colon and rest.strip() and 1 < len(head) <= 30 and len(head.split()) <= 3:
        return head.strip()
    return None


def detect_kind(item: ListItem, targets: Collection[Target]) -> EntryKind | None:
    """Return an item's kind by its column's header, the headings above it, or its links."""
    named = detect_item_kind(item)
    if named is not None:
        return named
    kinds = {target.kind for target in targets}
    if TargetKind.HF_DATASET in kinds:
        return EntryKind.DATASET
    if TargetKind.HF_MODEL in kinds:
        return EntryKind.MODEL
    if kinds and all(target.service in (Service.ARXIV, Service.DOI) for target in targets):
        return EntryKind.PAPER
    if TargetKind.GITHUB_REPO in kinds:
        return EntryKind.TOOL
    return None


def apply_labeled_values(draft: DraftEntry, values: list[LabeledValue]) -> None:
    """Set a draft's claims from an item's labeled values; prose is ignored."""
    for labeled in values:
        value = " ".join(labeled.value.split()).strip("*_ ")
        if not value or value in ("-", "—", "/"):
            continue
        match labeled.claim:
            case "license":
                draft.license = draft.license or normalize_license(value)
            case "released":
                draft.released = draft.released or parse_date(value)
            case "parameters":
                draft.parameters += [
                    p for p in _parse_parameters(labeled) if p not in draft.parameters
                ]
            case "base_models":
                _extend(draft.base_models, _split_values(value))
            case "datasets":
                found = [
                    parse_dataset_name(part, strictly=labeled.depth > 1)
                    for part in _split_values(value)
                ]
                _extend(draft.datasets, [name for name in found if name])
            case "institutions":
                _extend(draft.institutions, [v for v in re.split(r"[、;；]", value) if v.strip()])
            case "hardware":
                _extend(draft.hardware, [value[:120]])
            case "size":
                draft.size = draft.size or value[:120]
            case "aliases":
                _extend(draft.aliases, split_name(value)[1] + [split_name(value)[0]])
            case _:
                pass


def _extend(known: list[str], values: list[str]) -> None:
    for value in values:
        text = value.strip(" -–—*_.。")
        if text and text not in known:
            known.append(text)


def _split_values(value: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,，、;；]|\s\+\s", value) if part.strip()]


def parse_dataset_name(value: str, *, strictly: bool = False) -> str | None:
    """Return the name of a dataset if a value is one, and ``None`` if it is a sentence.

    ``strictly`` requires a digit, a hyphen or inner capitals, which plain words lack.
    """
    for candidate in (re.split(r"[:：]", value)[-1].strip(), value):
        text = _COLLECTIVE.sub("", _COUNT_TAIL.sub("", candidate).strip(" -–—*_"))
        if _HUB_ID.match(text) or (_CJK_NAME.match(text) and not re.search("[的和了]", text)):
            return text
        tail = _LATIN_SUFFIX.search(text) or _UNDERSCORED.search(text)
        if tail and _DISTINCTIVE.search(tail.group()):
            return tail.group(tail.lastindex or 0)
        if (
            _LATIN_NAME.match(text)
            and detect_claim(text) is None
            and detect_role(text) is None
            and not _CATEGORY.search(text)
            and (_DISTINCTIVE.search(text) or not strictly)
        ):
            return text
    return None


def find_hub_id(value: str) -> str | None:
    """Return the Hugging Face id that ends a value ("80,000 dialogues：owner/name"), if any."""
    match = re.search(
        r"(?:\A|[:：）)\s])([A-Za-z0-9][\w.-]{1,60}/[A-Za-z0-9][\w.-]{1,80})\Z", value
    )
    return match[1] if match else None


def find_date(value: str) -> tuple[str | None, str | None]:
    """Return the date in a text as the catalog writes it, and an impossible one as written.

    At most one of them is given: ``2023-03-24``, ``2023-03`` or ``2023``; no 13th month and no
    30 February.
    """
    match = _MONTH_FIRST.search(value) or _DATE.search(value)
    if match is None:
        return None, None
    year, month, day = (match.groupdict().get(name) for name in ("year", "month", "day"))
    try:
        date(int(year or 0), int(month or 1), int(day or 1))
    except ValueError:
        return None, match.group()
    parts = [year or "", *(f"{int(part):02}" for part in (month, day) if part)]
    return "-".join(parts), None


def parse_date(value: str) -> str | None:
    """Return the date in a text as :func:`find_date` does; ``None`` for an impossible one."""
    return find_date(value)[0]


def normalize_license(value: str) -> str | None:
    """Return a license in the spelling of SPDX where only the spelling differs."""
    text = re.sub(r"(?i)\s*licen[cs]e\s*\Z", "", value.strip())
    if len(text) > 40:
        return None
    text = re.sub(r"(?i)\Acc[ -]?by", "CC-BY", text)
    text = re.sub(r"(?i)\A(apache|gpl|lgpl|agpl|mpl|bsd)[ -]*v?(?=\d)", r"\1-", text)
    text = text.replace(" ", "-")
    return re.sub(r"(?i)\Aapache", "Apache", text)


def _parse_parameters(labeled: LabeledValue) -> list[str]:
    unit = "B" if "(b)" in labeled.label.casefold() else ""
    found = []
    for part in re.split(r"[,，、/]", labeled.value):
        text = part.strip()
        if _PARAMETERS.fullmatch(text):
            found.append(text if text[-1:].isalpha() or not unit else f"{text}{unit}")
    return found


def external_links(item: ListItem) -> list[ItemLink]:
    """Return an item's external links that are not images."""
    return [one for one in item.links if not one.link.is_image and one.link.scope == "external"]
