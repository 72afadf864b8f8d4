from dataclasses import replace

import pytest

from linkcheck.engine.identify import identify
from linkcheck.model.entry import Catalog, Entry, Link
from linkcheck.model.facts import PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import Evidence, Found, Observation, Status
from linkcheck.model.rule import LinkView
from linkcheck.model.source_text import SourceText
from linkcheck.providers.table import recognize
from linkcheck.rules._examples import NOW
from linkcheck.rules._fixes import in_link_notation, moved_url, replace_url, suggested_url
from linkcheck.rules._links import only_scheme_differs

GITHUB = "https://github.com/"
RAW = "https://raw.githubusercontent.com/"
HUB = "https://huggingface.co/"


def link(written: str, url: str | None = None, template: str | None = None) -> Link:
    span = SourceText("a.yaml", written).span(0, len(written))
    return Link(written, url or written, span, "code", template=template)


@pytest.mark.parametrize(
    ("written", "template", "new", "expected"),
    [
        (f"{GITHUB}a/b", None, f"{GITHUB}c/d", f"{GITHUB}c/d"),
        ("gh:a/b", None, f"{GITHUB}c/d", "gh:c/d"),
        ("gh:a/b", "gh:{}", f"{GITHUB}c/d", "gh:c/d"),
        ("GH:a/b", None, f"{GITHUB}c/d", "gh:c/d"),
        ("gh:a/b", None, "https://codeberg.org/c/d", "https://codeberg.org/c/d"),
        ("hf:datasets/a/b", None, "https://huggingface.co/datasets/c/d", "hf:datasets/c/d"),
        ("arxiv:2303.14070", None, "https://arxiv.org/abs/2303.14071", "arxiv:2303.14071"),
        ("a/b", f"{GITHUB}{{}}", f"{GITHUB}c/d", "c/d"),
        ("a/b", "gh:{}", f"{GITHUB}c/d", "c/d"),
        ("a/b", f"{GITHUB}{{}}", f"{GITHUB}c/d/tree/main/x", None),
        ("a/b", f"{GITHUB}{{}}", "https://codeberg.org/c/d", None),
        ("a", "https://pypi.org/project/{}/", "https://pypi.org/project/b/", "b"),
        ("a", "https://pypi.org/project/{}/", "https://pypi.org/project//", None),
    ],
)
def test_links_keep_their_notation(
    written: str, template: str | None, new: str, expected: str | None
) -> None:
    assert in_link_notation(link(written, "https://old.example/", template), new) == expected


def test_a_fix_replaces_only_the_written_link() -> None:
    fix = replace_url(link("gh:a/b", f"{GITHUB}a/b"), f"{GITHUB}c/d", "why")
    assert fix is not None
    (edit,) = fix.edits
    assert (edit.before, edit.after, edit.span.start, edit.span.end) == ("gh:a/b", "gh:c/d", 0, 6)
    assert replace_url(link(f"{GITHUB}c/d"), f"{GITHUB}c/d", "why") is None
    assert replace_url(link(f"{GITHUB}c/d"), "https://a.example/b c", "why") is None


@pytest.mark.parametrize(
    ("old", "now_at", "new"),
    [
        (f"{GITHUB}a/b", f"{GITHUB}c/d", f"{GITHUB}c/d"),
        (f"{GITHUB}a/b#usage", f"{GITHUB}c/d", f"{GITHUB}c/d#usage"),
        (f"{GITHUB}a/b/tree/main/x", f"{GITHUB}c/d", f"{GITHUB}c/d/tree/main/x"),
        (f"{GITHUB}a/b/blob/v1/x%20y.md#L3", f"{GITHUB}c/d", f"{GITHUB}c/d/blob/v1/x%20y.md#L3"),
        (f"{GITHUB}a/b/tree/x", f"{GITHUB}c/d/tree/y", f"{GITHUB}c/d/tree/y"),
        (f"{GITHUB}a/b/issues/7", f"{GITHUB}c/d", f"{GITHUB}c/d/issues/7"),
        (f"{GITHUB}a/b/issues/7", f"{GITHUB}c/d/issues/9", f"{GITHUB}c/d/issues/9"),
        (
            f"{GITHUB}a/b/issues?q=label%3A%22good+first+issue%22",
            f"{GITHUB}c/d/issues",
            f"{GITHUB}c/d/issues?q=label%3A%22good+first+issue%22",
        ),
        (
            f"{GITHUB}a/b/blob/main/x.png?raw=true",
            f"{GITHUB}c/d",
            f"{GITHUB}c/d/blob/main/x.png?raw=true",
        ),
        (f"{GITHUB}a/b.git", f"{GITHUB}c/d", f"{GITHUB}c/d.git"),
        ("http://www.github.com/A/B/wiki/", f"{GITHUB}c/d", "https://www.github.com/c/d/wiki/"),
        (f"{RAW}a/b/main/x.png", f"{GITHUB}c/d/blob/main/x.png", f"{RAW}c/d/main/x.png"),
        (f"{RAW}a/b/refs/heads/main/x", f"{GITHUB}c/d/raw/main/x", f"{RAW}c/d/refs/heads/main/x"),
        (f"{HUB}gpt2/tree/main#files", f"{HUB}openai/gpt2", f"{HUB}openai/gpt2/tree/main#files"),
        (f"{HUB}gpt2/commits/main", f"{HUB}openai/gpt2", f"{HUB}openai/gpt2/commits/main"),
        (f"{HUB}spaces/a/b/settings", f"{HUB}spaces/c/d", f"{HUB}spaces/c/d/settings"),
        (
            f"{HUB}a/b/resolve/main/x.bin?download=true",
            f"{HUB}c/d/blob/main/x.bin",
            f"{HUB}c/d/resolve/main/x.bin?download=true",
        ),
        (f"{HUB}datasets/squad/viewer", f"{HUB}datasets/r/squad", f"{HUB}datasets/r/squad/viewer"),
        ("https://a.example/x#one", "https://b.example/y", "https://b.example/y#one"),
        ("https://a.example/x#one", "https://b.example/y#two", "https://b.example/y#two"),
    ],
)
def test_moved_links_keep_path_and_fragment(old: str, now_at: str, new: str) -> None:
    recognized = recognize(old)
    observation = Observation(recognized.target, NOW, Found(PageFacts(), now_at, permanent=True))
    evidence = Evidence(recognized.target, (observation,))
    assert moved_url(LinkView(link(old), recognized, Status.MOVED, evidence)) == new


def test_only_scheme_differs() -> None:
    assert only_scheme_differs("http://a.example/x", "https://www.a.example/x/")
    assert not only_scheme_differs("http://a.example/x", "https://a.example/y")
    assert not only_scheme_differs("https://a.example/x", "https://a.example/x")
    assert not only_scheme_differs("http://a.example/x", "nonsense")


def test_repeated_links_are_identified_once() -> None:
    odd = link("gh:a/b", f"{GITHUB}a/b")
    entry = Entry("e", "E", None, odd.span, links=(odd, replace(odd, role="demo")))
    assert len(identify(Catalog((entry,)), recognize).requests) == 1


@pytest.mark.parametrize(
    ("written", "suggested", "path", "new"),
    [
        (
            f"{RAW}a/b/master/d/x.png",
            f"{GITHUB}a/b/blob/main/d/x.png",
            "d/x.png",
            f"{RAW}a/b/main/d/x.png",
        ),
        (
            f"{RAW}a/b/refs/heads/master/x",
            f"{GITHUB}a/b/raw/main/x",
            "x",
            f"{RAW}a/b/refs/heads/main/x",
        ),
        (
            f"{GITHUB}a/b/raw/master/x%20y.png?raw=true#L2",
            f"{GITHUB}a/b/blob/main/x%20y.png",
            "x y.png",
            f"{GITHUB}a/b/raw/main/x%20y.png?raw=true#L2",
        ),
        (f"{GITHUB}a/b/tree/master/", f"{GITHUB}a/b/tree/main", "", f"{GITHUB}a/b/tree/main/"),
        (f"{GITHUB}a/b/blob/master/x", f"{GITHUB}c/d/blob/main/x", "x", f"{GITHUB}c/d/blob/main/x"),
        (
            f"{HUB}a/b/resolve/master/x.bin?download=true",
            f"{HUB}a/b/blob/main/x.bin",
            "x.bin",
            f"{HUB}a/b/resolve/main/x.bin?download=true",
        ),
    ],
)
def test_links_to_the_default_branch_keep_their_form(
    written: str, suggested: str, path: str, new: str
) -> None:
    recognized = recognize(written)
    facts = PathFacts(RepositoryFacts(), path, "master", exists=False, suggested_url=suggested)
    observation = Observation(recognized.target, NOW, Found(facts))
    evidence = Evidence(recognized.target, (observation,))
    assert suggested_url(LinkView(link(written), recognized, Status.MOVED, evidence), facts) == new
