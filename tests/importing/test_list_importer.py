"""Import of Markdown lists in the layouts that real lists use."""

import textwrap

import pytest

from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.importing.drafts import DraftEntry, normalize_license, parse_date, split_name
from linkcheck.importing.list_importer import ImportResult, import_markdown, render_review
from linkcheck.markdown.entries import extract_links
from linkcheck.model.source_text import SourceText
from linkcheck.model.target import Target, TargetKind


def classify(url: str) -> Target | None:
    """Recognize URLs of GitHub, Hugging Face, arXiv and DOI as far as these tests need it."""
    rest = url.split("://", 1)[-1].rstrip("/").removeprefix("www.")
    host, _, path = rest.partition("/")
    if host == "doi.org":
        return Target(TargetKind.DOI, path, url)
    if host == "github.com":
        return Target(TargetKind.GITHUB_REPO, path.lower(), url)
    if host == "huggingface.co":
        is_data = path.startswith("datasets/")
        return Target(TargetKind.HF_DATASET if is_data else TargetKind.HF_MODEL, path, url)
    if host == "arxiv.org":
        return Target(TargetKind.ARXIV, path.split("/")[-1].removesuffix(".pdf"), url)
    return Target(TargetKind.WEB, rest, url) if host else None


def run(text: str) -> ImportResult:
    result = import_markdown(SourceText("my-list.md", textwrap.dedent(text)), classify)
    for name, made in result.files.items():
        _, problems, _ = load_yaml(SourceText(name, made), ids={})
        assert problems == (), made
    return result


def drafts(text: str) -> dict[str, DraftEntry]:
    return {draft.name: draft for draft in run(text).drafts}


def test_nested_bullets_with_labels_and_values() -> None:
    found = drafts(
        """
        ### 大模型

        * 甲乙(JiaYi)  (2023-04-14)
          * Paper: https://arxiv.org/abs/2301.00001
          * Code: https://github.com/o/jiayi
          * License: Apache 2.0
          * 基座模型：LLaMA-7B, ChatGLM-6B
          * 数据：
            * Set-100k (5K)
            * 12万条对话：owner/chat-data
            * 公开的知识，主要来自别处
          * 算力：
            * 4 x A100
          * 院校：某大学
        """
    )
    draft = found["甲乙"]
    assert draft.aliases == ["JiaYi"]
    assert draft.kind == "model"
    assert draft.released == "2023-04-14"
    assert draft.license == "Apache-2.0"
    assert draft.base_models == ["LLaMA-7B", "ChatGLM-6B"]
    assert draft.datasets == ["Set-100k", "owner/chat-data"]
    assert draft.hardware == ["4 x A100"]
    assert draft.institutions == ["某大学"]
    assert draft.links == {
        "paper": ["https://arxiv.org/abs/2301.00001"],
        "code": ["https://github.com/o/jiayi"],
    }
    assert found["owner/chat-data"].links == {
        "dataset": ["https://huggingface.co/datasets/owner/chat-data"]
    }


def test_tables_with_headers_in_english_and_chinese() -> None:
    found = drafts(
        """
        ## Models
        | **Model Name** | **Base** | **Para. (B)** | **Date** | **Link** |
        |---|---|---|---|---|
        | Alpha | GPT-2 | 0.3, 7 | 06/2022 | https://github.com/o/alpha |

        | 数据集名称 | 所在机构 | 发布时间 | 获取链接 | 数据大小 |
        |---|---|---|---|---|
        | Beta-QA | [某大学](https://u.example/) | 2022年12月 | [下载](https://b.example/d) | 3 GB |
        """
    )
    alpha, beta = found["Alpha"], found["Beta-QA"]
    assert (alpha.base_models, alpha.parameters) == (["GPT-2"], ["0.3B", "7B"])
    assert (alpha.released, alpha.kind) == ("2022-06", "model")
    assert (beta.released, beta.size, beta.kind) == ("2022-12", "3 GB", "dataset")
    assert [url for urls in beta.links.values() for url in urls] == ["https://b.example/d"]


def test_numbered_headings_with_link_lists_and_bold_titles() -> None:
    found = drafts(
        """
        # List
        * [1. Data](#data)
          * [1.1 Gamma](#gamma)

        ## 一. Data
        ### 1. Chinese
        #### 1.1 Gamma-KG (4M triples)
        - Introduction: words and [a name](https://d.example/name) in them
        - [Project Address](https://github.com/o/gamma)

        ## 二. Papers
        **A Long Title of a Paper about Something**

        [Paper Address](https://arxiv.org/pdf/2301.00002.pdf)
        """
    )
    assert set(found) == {"Gamma-KG", "a name", "A Long Title of a Paper about Something"}
    assert found["Gamma-KG"].kind == "dataset"
    assert found["A Long Title of a Paper about Something"].kind == "paper"


BARE = """\
- https://huggingface.co/bert-base-uncased
- <https://huggingface.co/owner/Model-7B>
- https://github.com/o/Tool
- https://huggingface.co/datasets/squad
- https://huggingface.co/datasets/owner/set-100k - questions (2023-04-14)
- https://arxiv.org/abs/2301.00001
- https://page.example/
- https://page.example/corpus
"""
BY_ADDRESS = {
    "bert-base-uncased": ("model", {"model": ["https://huggingface.co/bert-base-uncased"]}),
    "Model-7B": ("model", {"model": ["https://huggingface.co/owner/Model-7B"]}),
    "Tool": ("tool", {"code": ["https://github.com/o/Tool"]}),
    "squad": ("dataset", {"dataset": ["https://huggingface.co/datasets/squad"]}),
    "set-100k": ("dataset", {"dataset": ["https://huggingface.co/datasets/owner/set-100k"]}),
    "2301.00001": ("paper", {"paper": ["https://arxiv.org/abs/2301.00001"]}),
    "page.example": (None, {"homepage": ["https://page.example/"]}),
    "corpus": (None, {"homepage": ["https://page.example/corpus"]}),
}


@pytest.mark.parametrize(
    "above",
    [
        "",
        "# Things\n",
        "# Things\n\n## Links\n\n",
        "# Things\n\n## 其他\n\n",
        "# Things\n\n## Other\n\n",
        "# Things\n\n### Named\n\n- [One](https://one.example/a)\n",
    ],
)
def test_a_bare_url_is_an_entry_named_after_it(above: str) -> None:
    result = run(above + BARE)
    made = {draft.name: (draft.kind, draft.links) for draft in result.drafts}
    made.pop("One", None)
    assert made == BY_ADDRESS
    assert [note.message for note in result.review_notes] == [
        "wants a name; so far it is its number: 2301.00001"
    ]


@pytest.mark.parametrize("number", ["10.1016/s0140-6736(23)00001-x", "10.1000/xyz(2023)"])
def test_parentheses_in_a_doi_are_part_of_the_name(number: str) -> None:
    result = run(f"- https://doi.org/{number}\n")
    (draft,) = result.drafts
    assert (draft.name, draft.aliases, draft.released) == (number, [], None)
    assert [note.message for note in result.review_notes] == [
        f"wants a name; so far it is its number: {number}"
    ]


def test_a_date_after_a_bare_url_is_its_release() -> None:
    (draft,) = run("- https://page.example/(2020)/x (2023-04-14)\n").drafts
    assert draft.released == "2023-04-14"


def test_bare_urls_have_the_kind_of_the_heading_above() -> None:
    found = drafts("# List\n\n## 大模型\n\n- https://github.com/o/one\n- https://m.example/two\n")
    assert {draft.name: draft.kind for draft in found.values()} == {"one": "model", "two": "model"}


@pytest.mark.parametrize(
    "text",
    [
        "## Gamma\n\n- https://github.com/o/gamma\n- https://github.com/o/gamma-data\n",
        "## Gamma\n\n- https://github.com/o/other\n- https://arxiv.org/abs/2301.00001\n",
        "## Gamma Words\n\n- License: MIT\n- https://github.com/o/other\n",
        "## Gammas\n\n- Code: https://github.com/o/other\n- https://arxiv.org/abs/2301.00001\n",
        "- Gamma\n  - https://github.com/o/other\n  - https://github.com/o/another\n",
    ],
)
def test_bare_urls_below_a_named_heading_are_its_links(text: str) -> None:
    (draft,) = run(text).drafts
    assert draft.name.startswith("Gamma")


def test_bare_urls_below_an_ignored_heading_are_left_out() -> None:
    result = run("# List\n\n## References\n\n- https://arxiv.org/abs/2301.00001\n")
    assert result.drafts == ()
    assert "left out" in result.review_notes[0].message


def test_badges_and_images_are_dropped_and_html_anchors_kept() -> None:
    found = drafts(
        """
        ## Tools
        <ul><li><a href="https://github.com/o/html">Html Tool</a>
        <img src="https://img.shields.io/github/stars/o/html"></li></ul>

        - [Md Tool](https://github.com/o/md) ![stars](https://img.shields.io/github/stars/o/md)
        - [Ref Tool][ref] - words behind it

        [ref]: https://github.com/o/ref
        """
    )
    assert {name: draft.links for name, draft in found.items()} == {
        "Html Tool": {"code": ["https://github.com/o/html"]},
        "Md Tool": {"code": ["https://github.com/o/md"]},
        "Ref Tool": {"code": ["https://github.com/o/ref"]},
    }


def test_duplicates_are_merged_and_noted() -> None:
    result = run(
        """
        ## Models
        - [Delta](https://github.com/o/delta)
        ## Papers
        - Delta: A Model for Everything [[Paper]](https://arxiv.org/abs/2301.00003)
          [[code]](https://github.com/o/delta)
        """
    )
    (draft,) = result.drafts
    assert draft.links == {
        "code": ["https://github.com/o/delta"],
        "paper": ["https://arxiv.org/abs/2301.00003"],
    }
    assert "merged with line 3" in render_review(result, "my-list.md")


@pytest.mark.parametrize(
    "text",
    [
        # One name, several packages
        """
        ## Caches
        - [env](https://github.com/one/env) - Reads variables.
        ## Builds
        - [env](https://github.com/two/env) - Drop-in for [env](https://github.com/one/env).
        """,
        # One icon
        """
        ## Tests
        - [Env](https://one.example/x) [![open][i]](https://github.com/one/env)
        ## Agents
        - [Env](https://two.example/x) [![open][i]](https://github.com/two/env)

        [i]: https://icons.example/open.svg
        """,
        # One paper, a model and its dataset
        """
        ## Models
        - Env [[paper](https://arxiv.org/abs/2301.00001)] [[code](https://github.com/one/env)]
        ## Datasets
        - Env [[paper](https://arxiv.org/abs/2301.00001)] [[code](https://github.com/two/env)]
        """,
    ],
)
def test_one_name_alone_does_not_make_two_things_one(text: str) -> None:
    result = run(text)
    assert len(result.drafts) == 2
    assert not any(note.message.endswith("merged with line 3") for note in result.review_notes)


def test_sizes_in_one_repository_have_names_of_their_own() -> None:
    result = run(
        """
        | Model | Size | Download | Project |
        |---|---|---|---|
        | Env | base | [HF](https://huggingface.co/o/env-b) | [GitHub](https://github.com/o/env) |
        | Env | large | [HF](https://huggingface.co/o/env-l) | [GitHub](https://github.com/o/env) |
        """
    )
    assert [draft.name for draft in result.drafts] == ["Env (base)", "Env (large)"]


def test_where_authors_are_is_no_alias() -> None:
    found = drafts(
        """
        ## Papers
        - Owls see at night, Ann (MIT) [paper](https://arxiv.org/abs/2301.00001)
        - Moles dig by day, Ben (MIT) [paper](https://arxiv.org/abs/2301.00002)
        - Foxes run, Cem (Bilkent University) [paper](https://arxiv.org/abs/2301.00003)
        - Foxes and Owls (FOX) [paper](https://arxiv.org/abs/2301.00004)
        """
    )
    assert [draft.aliases for draft in found.values()] == [[], [], [], ["FOX"]]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("`AGPL-3.0` `Docker` `Python`", "AGPL-3.0"),
        ("`MIT`", "MIT"),
        ("`Ruby`", None),
        ("`MIT` `GPL-3.0`", None),
        ("[license](https://spdx.org/licenses/MIT.html)", "MIT"),
        ("[CC](https://creativecommons.org/licenses/by/4.0/)", "CC-BY-4.0"),
        ("![](https://img.shields.io/badge/license-MIT-green)", "MIT"),
        ("![](https://img.shields.io/badge/License-BSD_3--Clause-blue.svg)", "BSD-3-Clause"),
        ("![](https://img.shields.io/badge/python-3.11-blue.svg)", None),
    ],
)
def test_licenses_without_a_label_are_read(said: str, expected: str | None) -> None:
    (draft,) = run(f"## Tools\n- [Env](https://github.com/o/env) - Reads. {said}\n").drafts
    assert draft.license == expected


def test_an_impossible_date_is_left_out_and_noted() -> None:
    result = run("## Tools\n- [Env](https://github.com/o/env) (2023-02-30)\n")
    assert result.drafts[0].released is None
    assert [note.message for note in result.review_notes] == [
        "left out: the date 2023-02-30 is impossible"
    ]


def test_the_title_of_the_list_is_no_kind() -> None:
    found = drafts(
        """
        # Awesome papers
        - [Env](https://github.com/o/env)
        ## Other
        - [Env 2](https://github.com/o/env2)
        """
    )
    assert {draft.kind for draft in found.values()} == {"tool"}


def test_links_of_a_description_are_left_out_and_noted() -> None:
    result = run(
        "## Tools\n- [Env](https://github.com/o/env) - A fork of [x](https://github.com/o/x).\n"
    )
    assert [draft.links for draft in result.drafts] == [{"code": ["https://github.com/o/env"]}]
    assert [note.message for note in result.review_notes] == [
        "left out: https://github.com/o/x, in the description of “Env”"
    ]


def test_malformed_links_are_repaired_and_noted() -> None:
    result = run(
        """
        ## Models
        - Alpha: https://github.com/o/the\\_alpha
        - Beta：https://github.com/o/beta，好。
        - [Gamma](https ://github.com/o/gamma)
        - Delta https://github.com/o/ the-delta
        """
    )
    urls = [url for draft in result.drafts for urls in draft.links.values() for url in urls]
    assert urls == [
        "https://github.com/o/the_alpha",
        "https://github.com/o/beta",
        "https://github.com/o/gamma",
        "https://github.com/o/the-delta",
    ]
    said = [note.line for note in result.review_notes if note.message.startswith("repaired")]
    assert said == [3, 4, 5, 6]


def test_prose_and_names_without_links_are_in_the_review() -> None:
    result = run(
        """
        # List
        Kept by [someone](https://github.com/someone).
        ## Models
        | Model | Link |
        |---|---|
        | Alpha | https://github.com/o/alpha |
        | Nameless-7B | - |
        ## License
        [MIT](https://mit.example/)
        """
    )
    assert [draft.name for draft in result.drafts] == ["Alpha"]
    text = render_review(result, "my-list.md")
    assert "https://github.com/someone" in text
    assert "https://mit.example/" in text
    assert "“Nameless-7B” has no link" in text


def test_every_entry_keeps_its_line() -> None:
    made = run("\n## Tools\n\n- [Alpha](https://github.com/o/alpha)\n").files["tools.yaml"]
    assert made.startswith("# my-list.md:4\n- id: alpha\n")


def test_no_external_link_is_lost() -> None:
    text = textwrap.dedent(
        """
        Intro [x](https://x.example/1) and https://x.example/2.
        ## A
        Words <https://x.example/3>, then [y](https://x.example/4) and (www.y.example).
        - [n](https://x.example/5): see https://x.example/6 [code](https://x.example/7)
          > quoted https://x.example/8
          1. nested [paper](https://x.example/9)
        | a | b |
        |---|---|
        | https://x.example/10 | <a href="https://x.example/11">z</a> |
        [^1]: https://x.example/12

        Note[^1] <div><a href='https://x.example/13'>w</a></div>
        """
    )
    result = run(text)
    everything = "\n".join(result.files.values()) + render_review(result, "my-list.md")
    for link in extract_links(SourceText("my-list.md", text)):
        if link.scope == "external":
            assert link.url in everything


def test_mojibake_is_repaired_before_the_import() -> None:
    good = "# 列表\n" + "".join(
        f"* 系统{n}\n  * 地址：https://github.com/o/n{n}\n  * 简介：说明文字\n" for n in range(5)
    )
    bad = "".join(
        bytes([byte]).decode("cp1252", errors="replace") if byte > 127 else chr(byte)
        for byte in good.encode()
    )
    result = import_markdown(SourceText("bad.md", bad), classify)
    assert [(draft.name, draft.line) for draft in result.drafts] == [
        (f"系统{n}", 3 * n + 2) for n in range(5)
    ]
    assert "wrong code page" in render_review(result, "bad.md")
    assert "wrong code page" not in render_review(run(good), "my-list.md")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-03-24", "2023-03-24"),
        ("2022年12月", "2022-12"),
        ("2023年4月19日", "2023-04-19"),
        ("06/2022", "2022-06"),
        ("2023.3.14 openai", "2023-03-14"),
        ("2021", "2021"),
        ("soon", None),
        ("2023-13", None),
        ("2023-02-30", None),
    ],
)
def test_dates(text: str, expected: str | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apache 2.0", "Apache-2.0"),
        ("MIT License", "MIT"),
        ("GPL-3.0", "GPL-3.0"),
        ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
        ("x" * 50, None),
    ],
)
def test_licenses(text: str, expected: str | None) -> None:
    assert normalize_license(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "aliases"),
    [
        ("本草(BenTsao)", "本草", ["BenTsao"]),
        ("Alpha（原Beta 2.7B） 用于某种文本的大型语言模型", "Alpha", ["Beta 2.7B"]),
        ("Alpha-10B 16亿参数的轻量级基础模型", "Alpha-10B", []),
        ("某某慧问 基于大模型的在线产品", "某某慧问", []),
        ("Gamma-KG (4.4M triplets)", "Gamma-KG", []),
        ("Source 1.0(245B)", "Source 1.0", []),
        ("Plain Name", "Plain Name", []),
    ],
)
def test_names_and_aliases(text: str, name: str, aliases: list[str]) -> None:
    assert split_name(text) == (name, aliases)


def test_the_drafts_do_not_depend_on_the_order_of_hashes() -> None:
    """A draft with the targets of two others is merged with that of its first link."""
    text = "".join(
        f"""
## Section {n}
- [Alpha{n}x](https://github.com/owner/alpha-{n})
- [Beta{n}x](https://github.com/owner/beta-{n})

## Other {n}
- Alpha{n}x Beta{n}x: [one](https://github.com/owner/alpha-{n}), \
[two](https://github.com/owner/beta-{n})
"""
        for n in range(20)
    )
    drafts = import_markdown(SourceText("list.md", text), classify).drafts
    merged = {draft.name for draft in drafts if draft.repeat_lines}
    assert merged == {f"Alpha{n}x" for n in range(20)}


def test_a_link_to_the_same_target_is_added_once() -> None:
    text = "## Tools\n- [Alpha](https://github.com/o/a) [again](https://github.com/O/A/)\n"
    assert drafts(text)["Alpha"].links == {"code": ["https://github.com/o/a"]}


def test_bare_urls_below_a_heading_with_listed_subsections_are_entries() -> None:
    text = (
        "# List\n\n## Misc\n\n- https://github.com/o/gamma\n\n"
        "### Named\n\n- [One](https://one.example/a)\n"
    )
    assert set(drafts(text)) == {"gamma", "One"}


def test_a_link_in_the_name_of_a_labeled_heading_is_that_of_the_heading() -> None:
    text = "## 模型\n\n### 基座: [Foo-1](https://github.com/o/foo)\n"
    assert drafts(text)["基座: Foo-1"].links == {"code": ["https://github.com/o/foo"]}
