"""Labels, in English and Chinese, that lists put before links and claims."""

import re
from collections.abc import Iterable
from functools import lru_cache

from linkcheck.model.source_text import word_set

ROLE_LABELS: dict[str, str] = {
    "paper": "paper papers papser arxiv publication preprint pdf doi openreview biorxiv medrxiv"
    " 论文 原文 原论文 技术报告 文献 report technical-report manuscript",
    "code": "code codes github git repo repository source source-code implementation gitee gitlab"
    " 代码 源码 源代码 仓库 开源代码 official-code",
    "model": "model models weight weights checkpoint checkpoints ckpt modelscope"
    " 模型 权重 模型权重 模型下载",
    "dataset": "dataset datasets data corpus 数据 数据集 语料 数据下载",
    "demo": "demo demos playground colab space spaces try-it 演示 在线演示 体验 在线体验 试用",
    "homepage": "homepage home website site page project-page 主页 官网 网站 项目主页 官方网站"
    " webpage web",
    "article": "blog blogs post article news interpretation 博客 文章 解读 解析 公众号 介绍文章",
    "documentation": "documentation docs doc manual tutorial guide readme 文档 教程 手册",
    "download": "download downloads 下载 网盘 百度网盘 dupan",
    "video": "video youtube bilibili talk 视频 讲解",
    "leaderboard": "leaderboard 排行榜 榜单",
}
"""Labels of each role."""

GENERIC_LABELS = word_set(
    "link links url urls address addresses here project official official-website this more"
    " huggingface hf 地址 链接 网址 项目 开源地址 获取链接 下载链接 下载地址 开源 官方"
    " 获取方式 相关链接 项目地址 🤗 获取 访问 入口 method access"
)
"""Labels of links that do not imply a role."""

_MODIFIERS = word_set(
    "project official the a an of and for to evaluation competition task online first second"
    " third fourth fifth place solution acquisition related original full pretrained open"
    " source translation summary our its on in from download data dataset paper code model"
    " blog"
)

CLAIM_LABELS: dict[str, str] = {
    "license": "license licence licenses 协议 许可 许可证 开源协议 授权",
    "base_models": "base base-model base-models backbone foundation 基座 基座模型 底座 底座模型"
    " 基础模型 基模型",
    "datasets": "数据 数据集 训练数据 所用数据 training-data 数据来源 train-data",
    "models": "模型 model",
    "hardware": "算力 hardware compute gpu gpus 硬件 训练资源",
    "institutions": "院校 机构 所在机构 单位 institute institution institutions affiliation"
    " affiliations organization organization 学校 研发机构 发布机构 公司",
    "released": "date released release-date 发布时间 日期 时间 发布日期 year time 年份 published",
    "parameters": "parameters params para 参数 参数量 参数规模 para-b #params model-size 模型大小",
    "size": "size 数据大小 数据规模 规模 大小 数据量 数量 instances scale",
    "aliases": "alias aliases aka 原名 别名 又名 全称 英文名 full-name",
    "notes": "introduction intro 简介 介绍 abstract 摘要 summary 内容概述 概述 description 描述"
    " 说明 features feature 特点 来源 source sources author authors 作者 微调方式 论文概要 论文摘要"
    " abstract-of-the-paper summary-of-the-paper paper-summary summary-translation 备注 note notes"
    " project-description 项目说明 presentation 内容 task tasks 任务 语言 language languages"
    " comment 论文简介 highlights category type 类型 类别 领域 domain 发表 venue 会议 conference"
    " journal institute-name stars tags",
}
"""Labels of each claim, and of ``notes``, which are not read."""

NAME_HEADERS = word_set(
    "name title model model-name models dataset dataset-name datasets paper papers project"
    " tool benchmark system resource resources repo repository 名称 模型 模型名称 数据集"
    " 数据集名称 项目 项目名称 论文 论文标题 标题 题目 工具 名字 产品 资源 系统 基准 任务名称"
    " app library framework product plugin package software"
)
INDEX_HEADERS = word_set("# no no. id index rank 序号 编号 排名 n")


_REGISTRY_NAMES = word_set(
    "pypi npm conda conda-forge anaconda cran nuget maven maven-central crates.io rubygems gem"
    " docker docker-hub dockerhub docker-image homebrew brew go packagist hex"
)


def is_package_link(text: str, url: str) -> bool:
    """Return whether a link leads to a package in the registry that its text names."""
    return normalize_label(text) in _REGISTRY_NAMES and detect_role_by_host(url) == "package"


def _by_label(words: dict[str, str]) -> dict[str, str]:
    return {word: role for role, listed in words.items() for word in listed.split()}


_ROLES = _by_label(ROLE_LABELS)
_CLAIMS = _by_label(CLAIM_LABELS)

_EDGES = re.compile("^[^\\w\ufffd]+|[^\\w\ufffd]+$|^_+|_+$")
_ADDRESS_WORDS = ("address", "url", "website", "link", "links", "homepage")
_PARENTHESES = re.compile(r"[(（][^()（）]{0,80}[)）]")
_CJK_LABEL = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9 ()/&-]{0,14}(?:地址|链接|主页|官网|网址|下载|主页)\Z"
)
_CJK_ROLES = (
    ("论文", "paper"),
    ("代码", "code"),
    ("数据", "dataset"),
    ("模型", "model"),
    ("权重", "model"),
    ("主页", "homepage"),
    ("官网", "homepage"),
    ("体验", "demo"),
    ("演示", "demo"),
    ("博客", "article"),
    ("github", "code"),
)


def normalize_label(label: str) -> str:
    """Return a label for lookup: lower case, without punctuation and parentheses, hyphenated."""
    text = label
    if "(" in text or "（" in text:
        text = _PARENTHESES.sub(" ", text)
    text = text.casefold()
    if not (text[:1].isalnum() and text[-1:].isalnum()):
        text = _EDGES.sub("", text)
    return "-".join(text.split())


def _last_words(labels: Iterable[str]) -> frozenset[str]:
    return frozenset(label.rpartition("-")[2] for label in labels)


_ROLE_ENDINGS = _last_words((*_ROLES, *GENERIC_LABELS, *_ADDRESS_WORDS))
_CLAIM_ENDINGS = _last_words(_CLAIMS)


def _has_other_ending(label: str, ends: frozenset[str]) -> bool:
    """Return whether a text cannot be a label, judged by its last word.

    A fast path for names. Texts that :func:`normalize_label` would shorten are not judged.
    """
    if not (label.isascii() and label[:1].isalnum() and label[-1].isalnum()) or ")" in label:
        return False
    return label.lower().replace("-", " ").rsplit(None, 1)[-1] not in ends


@lru_cache(maxsize=2048)
def detect_role(label: str) -> str | None:
    """Return the role that a label implies: ``""`` for none, ``None`` if it is no label."""
    if len(label) > 80 or _has_other_ending(label, _ROLE_ENDINGS):
        return None
    word = normalize_label(label)
    if not word:
        return "" if "🤗" in label else None
    if word in _ROLES:
        return _ROLES[word]
    if word in GENERIC_LABELS or _is_mojibake(word):
        return ""
    if _CJK_LABEL.match(word):
        return next((role for part, role in _CJK_ROLES if part in word), "")
    return None if ":" in word else _detect_phrase_role(word.split("-"))


def _detect_phrase_role(parts: list[str]) -> str | None:
    """Return the role of a phrase like "Github project address" or "official code"."""
    if not 2 <= len(parts) <= 6:
        return None
    last = parts[-1]
    if last in _ADDRESS_WORDS:
        named = [_ROLES[word] for word in parts[:-1] if word in _ROLES]
        if named:
            return named[0]
        return "homepage" if last in ("website", "homepage") else ""
    known = last in _ROLES or last in GENERIC_LABELS
    if known and all(word in _MODIFIERS or word in _ROLES for word in parts[:-1]):
        return _ROLES.get(last, "")
    return None


def detect_claim(label: str) -> str | None:
    """Return the claim that a label introduces (``notes`` for prose), else ``None``."""
    if len(label) > 60 or _has_other_ending(label, _CLAIM_ENDINGS):
        return None
    word = normalize_label(label)
    return "notes" if _is_mojibake(word) else _CLAIMS.get(word)


def _is_mojibake(word: str) -> bool:
    """Return whether a label has lost characters; a short text with U+FFFD counts as a label."""
    return "\ufffd" in word and len(word) <= 4


_HUB = r"(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/"
_PUBLISHERS = word_set(
    "arxiv.org doi.org openreview.net aclanthology.org aclweb.org biorxiv.org medrxiv.org"
    " nature.com neurips.cc nips.cc mlr.press springer.com sciencedirect.com science.org"
    " pnas.org plos.org oup.com thelancet.com nejm.org acm.org ieee.org mdpi.com jamanetwork.com"
    " rsna.org hal.science hal.inria.fr thecvf.com frontiersin.org wiley.com bmj.com jmir.org"
)
_FORGES = word_set(
    "github.com gitlab.com gitee.com bitbucket.org codeberg.org raw.githubusercontent.com"
    " gist.github.com"
)


def _alternatives(hosts: frozenset[str]) -> str:
    return "(?:" + "|".join(re.escape(host) for host in sorted(hosts)) + ")/"


_REGISTRIES = word_set(
    "pypi.org pypi.python.org npmjs.com anaconda.org conda.anaconda.org hub.docker.com crates.io"
    " rubygems.org nuget.org search.maven.org central.sonatype.com mvnrepository.com"
    " formulae.brew.sh cran.r-project.org pkg.go.dev packagist.org hex.pm"
)
"""Registries of packages."""

_HOST_ROLES = (
    (r"(?:www\.)?" + _alternatives(_FORGES), "code"),
    (_HUB + "datasets/", "dataset"),
    (_HUB + "spaces/", "demo"),
    (_HUB + "papers/", "paper"),
    (_HUB, "model"),
    (r"(?:[\w.-]*\.)?" + _alternatives(_PUBLISHERS), "paper"),
    (r"(?:www\.)?kaggle\.com/datasets", "dataset"),
    (r"(?:www\.)?(?:zenodo\.org|physionet\.org|figshare\.com)/", "dataset"),
    (r"tianchi\.aliyun\.com/dataset", "dataset"),
    (r"(?:pan\.baidu\.com|drive\.google\.com)/", "download"),
    (r"colab\.research\.google\.com/", "demo"),
    (r"(?:mp\.weixin\.qq\.com|zhuanlan\.zhihu\.com|medium\.com|blog\.csdn\.net)/", "article"),
    (r"(?:www\.)?(?:youtube\.com|youtu\.be|bilibili\.com)/", "video"),
    (r"(?:www\.)?" + _alternatives(_REGISTRIES), "package"),
    (r"(?:www\.)?modelscope\.cn/models", "model"),
    (r"(?:www\.)?modelscope\.cn/datasets", "dataset"),
)
_HOST = re.compile(
    r"(?:https?:)?//(?:" + "|".join(f"({pattern})" for pattern, _ in _HOST_ROLES) + ")",
    re.IGNORECASE,
)
"""One pattern with a group per row, so that a URL is matched once; frequent hosts come first."""


def detect_role_by_host(url: str) -> str:
    """Return the role of a URL by its host; ``homepage`` for unknown hosts."""
    match = _HOST.match(url)
    return _HOST_ROLES[(match.lastindex or 1) - 1][1] if match else "homepage"
