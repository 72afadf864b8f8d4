"""Kinds of list items, by the header of their column and the headings above them."""

import re
from collections.abc import Iterable
from functools import lru_cache

from linkcheck.markdown.list_items import ListItem
from linkcheck.model.entry import EntryKind
from linkcheck.model.source_text import word_set

_KIND_WORDS: tuple[tuple[EntryKind, str], ...] = (
    (EntryKind.COMPETITION, "competition contest challenge shared-task 比赛 竞赛 大赛 挑战赛"),
    (EntryKind.LIST, "related-list other-list awesome-list 友情链接 相关列表 相关仓库"),
    (EntryKind.PRODUCT, "product commercial industrial 产品 商业 工业"),
    (EntryKind.TOOL, "tool toolkit software library framework package 工具 框架 软件"),
    (EntryKind.PAPER, "paper article publication preprint survey review 论文 文章 综述 文献"),
    (EntryKind.DATASET, "dataset data-set data corpus corpora 数据 语料 知识图谱"),
    (EntryKind.BENCHMARK, "benchmark evaluation leaderboard 基准 评测 测评"),
    (EntryKind.MODEL, "model llm plm vlm mllm 模型"),
    (EntryKind.RESOURCE, "resource blog knowledge guideline source 资源 博客 资料 知识"),
)
_KINDS = {
    _word.removesuffix("s"): _kind
    for _kind, _words in _KIND_WORDS
    for _word in _words.split()
    if _word.isascii()
}
_CJK_KINDS = {
    _word: _kind for _kind, _words in _KIND_WORDS for _word in _words.split() if not _word.isascii()
}
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_WORD = re.compile(r"[^\W_]+")
_PHRASE_END = re.compile(r"[()（）\[\]【】,，、/|&+:：–—]|\s-\s|\b(?:and|or)\b")
_ATTRIBUTE = re.compile(
    r"\s(?:for|of|on|in|with|by|to|from|about|using|based|related|towards?)\s.*", re.DOTALL
)
"""What follows the words that name the kind: "Tools for data"."""
_COLLECTIONS = word_set("list lists collection collections zoo hub overview section summary")
"""Words after the one that names the kind: "Paper list"."""
_LIST_HEADING = word_set(
    "awesome list lists repo repos repository repositories related other similar more"
)
"""Words of a heading above other lists: "Other awesome repositories"."""


def detect_item_kind(item: ListItem) -> EntryKind | None:
    """Return an item's kind by its column's header or the nearest heading that names one.

    A title with a link to its paper is a paper below any heading.
    """
    own = next((one for one in item.links if one.is_primary), None)
    if own is not None and own.role == "paper" and len(_LATIN.findall(item.name.text)) >= 5:
        return EntryKind.PAPER
    return detect_first_kind((item.column_header, *reversed(item.topics)))


def detect_first_kind(texts: Iterable[str]) -> EntryKind | None:
    """Return the kind that the first of several texts names that names one."""
    return next((kind for text in texts if (kind := detect_kind_by_words(text))), None)


@lru_cache(maxsize=1024)
def detect_kind_by_words(text: str) -> EntryKind | None:
    """Return the kind that the words of a heading or a header name, if they name one.

    In English the last word of a phrase counts: "Data Tools" are tools, "Tools for Data" too.
    """
    if "awesome" in text.casefold() and _LIST_HEADING.issuperset(_WORD.findall(text.casefold())):
        return EntryKind.LIST
    for phrase in _PHRASE_END.split(text.casefold()):
        words = _WORD.findall(_ATTRIBUTE.sub("", phrase))
        while words and (words[-1] in _COLLECTIONS or words[-1].isdecimal()):
            words.pop()
        for count in (2, 1):
            kind = _KINDS.get(_singular("-".join(words[-count:])))
            if kind is not None:
                return kind
        chinese = max(_CJK_KINDS, key=phrase.rfind)
        if chinese in phrase:
            return _CJK_KINDS[chinese]
    return None


def _singular(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
