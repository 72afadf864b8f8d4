"""Items of a Markdown list: sections, nesting, names, labeled values and the links of each."""

import pytest

from linkcheck.markdown.labels import detect_role
from linkcheck.markdown.list_items import ListItem, find_list_items
from linkcheck.markdown.parser import parse_markdown
from linkcheck.model.source_text import SourceText


def find_items(text: str) -> dict[str, ListItem]:
    items = find_list_items(parse_markdown(SourceText("list.md", text)), "list")
    return {item.name.text: item for item in items}


def urls(item: ListItem) -> list[str]:
    return [one.link.url for one in item.links]


def test_a_section_ends_at_the_next_heading_of_its_level() -> None:
    items = find_items(
        "## A\n### B\n- [x](https://x.example)\n### C\n- [y](https://y.example)\n"
        "## D\n- [z](https://z.example)\n"
    )
    assert items["x"].section == ("A", "B")
    assert items["y"].section == ("A", "C")
    assert items["z"].section == ("D",)


def test_a_bold_line_is_a_heading_unless_it_ends_in_a_colon() -> None:
    items = find_items(
        "## S\n\n**Highlights:**\n\n- [x](https://x.example)\n\n"
        "**A title**\n\n- [y](https://y.example)\n"
    )
    assert items["x"].section == ("S",)
    assert items["y"].section == ("S", "A title")


def test_an_image_in_a_link_belongs_to_the_item_of_the_link() -> None:
    items = find_items(
        "- [A](https://a.example)\n  - [B](https://b.example)\n\n"
        "  more of A [![i](https://i.example/p.png)](https://h.example)\n"
    )
    assert urls(items["A"]) == [
        "https://a.example",
        "https://h.example",
        "https://i.example/p.png",
    ]
    assert urls(items["B"]) == ["https://b.example"]


def test_nested_values_have_their_depth_below_the_label() -> None:
    """A value that ends in a colon groups those below it and adds no depth."""
    items = find_items(
        "- [Alpha](https://a.example)\n  - 数据：\n    - Group:\n      - Foo-1\n"
        "    - Bar-2\n      - Baz-3\n"
    )
    values = [(each.claim, each.value, each.depth) for each in items["Alpha"].labeled_values]
    assert values == [
        ("datasets", "Group:", 1),
        ("datasets", "Foo-1", 1),
        ("datasets", "Bar-2", 1),
        ("datasets", "Baz-3", 2),
    ]


def test_the_name_of_a_row_is_not_in_its_index_column() -> None:
    items = find_items(
        "| # | Thing | Where |\n|---|---|---|\n| K1 | Alpha | [x](https://x.example) |\n"
    )
    assert urls(items["Alpha"]) == ["https://x.example"]


def test_an_unclosed_parenthesis_is_not_part_of_a_name() -> None:
    items = find_items("- Alpha (see [x](https://x.example))\n")
    assert urls(items["Alpha"]) == ["https://x.example"]


def test_items_can_be_nested_deeply() -> None:
    text = "".join(f"{'  ' * depth}- [N{depth}](https://{depth}.example)\n" for depth in range(20))
    items = find_items(text)
    assert {name: urls(item) for name, item in items.items() if item.links} == {
        f"N{depth}": [f"https://{depth}.example"] for depth in range(20)
    }


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Github project address", "code"),
        ("Paper code link", "paper"),
        ("Official code", "code"),
        ("Project website", "homepage"),
        ("项目地址", ""),
        ("See: code link", None),
        ("Alpha", None),
    ],
)
def test_roles_of_labels(label: str, role: str | None) -> None:
    assert detect_role(label) == role
