"""Which links of an item are its own, and which belong to its description."""

import re

from linkcheck.markdown.item_names import ItemName
from linkcheck.markdown.labels import (
    GENERIC_LABELS,
    detect_claim,
    detect_role,
    detect_role_by_host,
    normalize_label,
)
from linkcheck.markdown.syntax_tree import InlineKind, InlineNode, MarkdownLink
from linkcheck.model.source_text import word_set

NOT_LISTED = re.compile(
    r"\A\W*(?:\d+[.、\s]*)?(?:licen[cs]es?|(?:how to )?(?:citations?|cite|citing|contribut\w*)"
    r"|references?|contribut\w* guide(?:lines?)?|contact(?: us)?"
    r"|acknowledge?ments?|(?:latest |recent )?(?:news|updates?|changes?)"
    r"|(?:table of )?contents?|toc|index|star history|sponsors?|about|changelog|highlights?"
    r"|引用|参考|许可\w*|贡献\w*|致谢|联系\w*|目录|更新\w*|关于\w*|新闻|star)\W*\Z",
    re.IGNORECASE,
)
"""Headings of sections that list nothing."""

_CLAUSE_END = re.compile(r"\s[-–—|]+\s|[|·•;；。！？!?\[【({（「]|[.:：](?:\s|\Z)|:\s*\Z|：")
"""The end of a clause."""
_QUOTES = " \t\"'“”‘’*_"
_LAST_WORD = re.compile(r"([a-z]+)\Z", re.IGNORECASE)
_FUNCTION_WORDS = word_set(
    "a an the of for on by with from in into to at and or vs via using see is as its their like"
    " visit out check read join follow refer contact than over against between also be are was"
    " based built upon this that these those include"
    " includes including use uses called named alternative similar our your"
)
_CJK_FUNCTION_WORDS = re.compile(r"(?:基于|使用|参考|来自|以及|和|与|在|对|由|用|见|从|是|的)\s*\Z")
_PROSE_AFTER = re.compile(
    r"[\"'”’]?(?:'s|\s+[a-z]{2,}|\s*[\u4e00-\u9fff]|,\s+(?:a|an|the|which|and)\s)"
)
_LICENSE = re.compile(
    r"(?:the )?(?:\(?[lac]?gpl|mit|apache|bsd|mpl|epl|isc|unlicense|cc[- ]?(?:by|0)|openrail|wtfpl"
    r"|zlib)"
    r"\b[\w .+-]{0,24}(?:licen[cs]e)?\W*\Z",
    re.IGNORECASE,
)
_ASIDE_HEADER = re.compile(
    r"train|context|licen[cs]e|terms|author|architect|develop|institut|organi[sz]ation|compan"
    r"|maker|creator|vendor|owner|maintainer|language|note|comment|description|news"
    r"|学習|訓練|训练|预训练|许可|协议|ライセンス|机构|機構|作者|开发|開発|架构|アーキテクチャ|説明"
    r"|说明|概述|简介|备注|公司|单位|语言|言語",
    re.IGNORECASE,
)


def is_aside_column(header: str) -> bool:
    """Return whether a table column is about something else than the row's own things."""
    if detect_role(header) is not None:
        return False
    return detect_claim(header) is not None or _ASIDE_HEADER.search(header) is not None


def is_own_cell_link(link: MarkdownLink, header: str, *, is_prose: bool) -> bool:
    """Return whether a link in a column with this header, which implies no role, is the row's."""
    if is_aside_column(header):
        return False
    if not header or detect_role(link.text) is not None:
        return True
    return not is_prose and detect_role_by_host(link.intended_url) != "homepage"


def find_prose_links(line: list[InlineNode], name: ItemName) -> set[int]:
    """Return the starts of the links in a line that belong to its prose.

    ``name`` is that of the line's item; a link that is the name is never prose.
    """
    found: set[int] = set()
    has_name = line[0].start <= name.start < max(line[-1].end, line[0].start + 1)
    before, is_first, in_prose = "", True, False
    for number, node in enumerate(line):
        if node.link is None or node.kind is InlineKind.IMAGE:
            before += node.text
            continue
        if name.start <= node.start < name.end and node.text == name.text:
            in_prose = False
        else:
            after = line[number + 1].text if number + 1 < len(line) else ""
            in_prose = _is_prose(
                node, before, after, opens=is_first and has_name, was_prose=in_prose
            )
        if in_prose:
            found.add(node.link.full_span.start)
        before, is_first = "", False
    return found


def _is_prose(node: InlineNode, before: str, after: str, *, opens: bool, was_prose: bool) -> bool:
    """Return whether a link belongs to prose, by the text before and after it.

    ``opens``: it is the first link of its item's first line, so that the text before may be the
    name. ``was_prose``: the link before it is prose.
    """
    link = node.link
    if _ends_with_function_word(before):
        return True
    if link is None or node.text in (link.written, link.url) or not node.text.strip():
        return False
    if _is_label(node.text):
        return False
    if _LICENSE.match(node.text):
        return True
    clauses = _CLAUSE_END.split(before)
    if len(clauses) > 1 and not clauses[-1].strip() and _is_label(clauses[-2].rsplit(",", 1)[-1]):
        return False
    continues = _PROSE_AFTER.match(after) is not None
    if any(char.isalnum() for char in clauses[-1]):
        return continues or not opens or len(clauses) > 1
    return (was_prose and len(clauses) == 1) or (continues and not opens)


def _is_label(text: str) -> bool:
    return detect_role(text) is not None or normalize_label(text) in GENERIC_LABELS


def _ends_with_function_word(text: str) -> bool:
    text = text.rstrip(_QUOTES)
    word = _LAST_WORD.search(text)
    if word is not None:
        return word[1].casefold() in _FUNCTION_WORDS
    return _CJK_FUNCTION_WORDS.search(text) is not None
