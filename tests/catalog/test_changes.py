"""Comparison of catalogs: additions and changes."""

import pytest

from linkcheck.catalog.changes import CatalogChanges, compare_catalogs
from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.model.entry import Catalog
from linkcheck.model.source_text import SourceText

BEFORE = """\
- id: one
  name: One
  kind: model
  license: MIT
  links:
    code: https://github.com/a/one
    paper: https://arxiv.org/abs/2303.14070
- id: two
  name: Two
  kind: dataset
  links: {dataset: "hf:datasets/a/two"}
"""


def catalog(text: str, file: str = "catalog/a.yaml") -> Catalog:
    entries, problems, skipped = load_yaml(SourceText(file, text), ids={})
    return Catalog(entries, problems, (file,), skipped)


def difference(after: str, file: str = "catalog/a.yaml") -> CatalogChanges:
    return compare_catalogs(catalog(BEFORE), catalog(after, file))


@pytest.mark.parametrize(
    ("title", "after", "file"),
    [
        ("nothing", BEFORE, "catalog/a.yaml"),
        ("a renamed file", BEFORE, "catalog/b.yaml"),
        (
            "entries moved, keys reordered, values quoted anew, comments",
            """\
# a comment
- {name: "Two", id: two, kind: dataset, links: {dataset: 'hf:datasets/a/two'}}

- id: 'one'
  links:
    paper: "https://arxiv.org/abs/2303.14070"  # the paper
    code:
      - https://github.com/a/one
  kind: model
  name: >-
    One
  license: "MIT"
""",
            "catalog/a.yaml",
        ),
        ("an entry removed", BEFORE[: BEFORE.index("- id: two")], "catalog/a.yaml"),
        ("another id for the same thing", BEFORE.replace("id: one", "id: uno"), "catalog/a.yaml"),
    ],
)
def test_no_change(title: str, after: str, file: str) -> None:
    assert difference(after, file).affected_entries == frozenset(), title


def test_a_new_entry_is_new_with_all_its_links() -> None:
    changes = difference(
        BEFORE + "- id: three\n  name: Three\n  kind: tool\n  links: {code: 'gh:a/three'}\n"
    )
    assert changes.new_entries == {"three"}
    assert {link.written for link in changes.links} == {"gh:a/three"}


def test_a_new_link_is_the_only_change_of_its_entry() -> None:
    changes = difference(BEFORE.replace("github.com/a/one", "github.com/a/uno"))
    assert changes.changed_entries == {"one"}
    assert {link.url for link in changes.links} == {"https://github.com/a/uno"}
    assert len(changes.spans) == 1


def test_a_new_claim_is_a_change_at_its_place() -> None:
    after = BEFORE.replace("license: MIT", "license: Apache-2.0")
    changes = difference(after)
    assert changes.changed_entries == {"one"}
    assert changes.links == frozenset()
    (span,) = changes.spans
    assert after[span.start : span.end] == "Apache-2.0"


def test_a_new_problem_is_a_change() -> None:
    changes = difference(BEFORE.replace("kind: dataset", "kind: nonsense"))
    assert any(span.line == 10 for span in changes.spans)
