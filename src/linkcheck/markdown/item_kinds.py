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
    (EntryKind.TOOL, "tool toolkit software library framework 工具 框架 软件"),
    (EntryKind.PAPER, "paper article publication survey review 论文 文章 综述 文献"),
    (EntryKind.DATASET, "dataset data-set data corpus corpora 数据 语料 知识图谱"),
    (EntryKind.BENCHMARK, "benchmark evaluation leaderboard 基准 评测 测评"),
    (EntryKind.MODEL, "model llm plm vlm mllm 模型"),
    (EntryKind.RESOURCE, "resource blog knowledge guideline source 资源 博客 资料 知识"),
)
_LIST_HEADING = word_set("awesome list lists repo repos repository related other similar more")
"""Words of a heading above other lists: "Other awesome repositories"."""


def detect_item_kind(item: ListItem) -> EntryKind | None:
    """Return an item's kind by its column's header or the nearest heading that names one."""
    return detect_first_kind((item.column_header, *reversed(item.topics)))


def detect_first_kind(texts: Iterable[str]) -> EntryKind | None:
    """Return the kind that the first of several texts names that names one."""
    return next((kind for text in texts if (kind := detect_kind_by_words(text))), None)


@lru_cache(maxsize=1024)
def detect_kind_by_words(text: str) -> EntryKind | None:
    """Return the kind that the words of a heading or a header name, if they name one."""
    words = re.sub(r"[\W_]+", " ", text.casefold())
    padded = f" {words} "
    if "awesome" in words and _LIST_HEADING.issuperset(words.replace("ies ", "y ").split()):
        return EntryKind.LIST
    for kind, listed in _KIND_WORDS:
        for word in listed.split():
            plain = word.replace("-", " ")
            if plain.isascii():
                if f" {plain} " in padded or f" {plain}s " in padded:
                    return kind
            elif plain in words:
                return kind
    return None
