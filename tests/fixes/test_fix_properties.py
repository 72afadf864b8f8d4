"""Properties of fixes, for random lists and random renames and redirects upstream."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.fixes.edits import apply, apply_verified, resolve_conflicts
from linkcheck.markdown.entries import load_markdown_file
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import ModelFacts, PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.finding import Edit, Finding, Safety
from linkcheck.model.observation import Evidence, Found, Observation, Status
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import SourceText, Span
from linkcheck.model.target import Service, Target, TargetKind
from linkcheck.providers.github import recognize as github
from linkcheck.providers.huggingface import recognize as huggingface
from linkcheck.providers.table import recognize
from linkcheck.rules._examples import NOW
from linkcheck.rules.table import all_rules

RULES = tuple(
    rule for rule in all_rules() if rule.name in {"moved-link", "missing-path", "dead-link"}
)
GITHUB_FORMS = (
    "https://github.com/{}",
    "http://github.com/{}/",
    "https://github.com/{}.git",
    "https://github.com/{}/blob/main/a%20b.md#L3-L9",
    "https://github.com/{}/blob/main/a.png?raw=true",
    "https://raw.githubusercontent.com/{}/main/a.png",
    "https://raw.githubusercontent.com/{}/refs/heads/main/d/a.csv",
    "https://github.com/{}/tree/main/d/",
    "https://github.com/{}/issues?q=is%3Aopen+label%3Abug",
    "https://github.com/{}/issues/7#issuecomment-1",
    "https://www.github.com/{}/wiki/Home",
    "https://github.com/{}#readme",
    "https://github.com/{}/tree/master/d",
    "https://raw.githubusercontent.com/{}/master/d/a.csv",
)
HUB_FORMS = (
    "https://huggingface.co/{}",
    "https://hf.co/{}",
    "https://huggingface.co/{}/tree/main",
    "https://huggingface.co/{}/commits/main",
    "https://huggingface.co/{}/resolve/main/a.bin?download=true",
    "https://huggingface.co/{}/blob/main/a.json#L2",
    "https://huggingface.co/{}/discussions",
)
BADGES = (
    "https://img.shields.io/github/stars/{}.svg?style=social",
    "https://img.shields.io/github/license/{}",
)
NAMES = ("lab/one", "lab/two", "old-lab/tool", "Acme/One.js")
NEW_NAMES = ("new-lab/one", "lab/two-v2", "org/tool", "acme-ai/One.js")
PAGES = {
    "https://site.example/a": "https://www.site.example/a",
    "https://site.example/b": "https://docs.site.example/b/",
    "https://site.example/c": "https://other.example/c",
    "https://site.example/d": "https://site.example/de/d",
    "https://site.example/e": "https://site.example/login?next=%2Fe",
    "https://site.example/f/g": "https://site.example/",
    "https://site.example/h": "https://site.example/manual#h",
}


def _links() -> st.SearchStrategy[str]:
    repository = st.builds(str.format, st.sampled_from(GITHUB_FORMS), st.sampled_from(NAMES))
    model = st.builds(str.format, st.sampled_from(HUB_FORMS), st.sampled_from(NAMES[:3]))
    page = st.sampled_from(sorted(PAGES)).flatmap(
        lambda url: st.sampled_from((url, f"{url}#part", f"{url}?x=1"))
    )
    return st.one_of(repository, repository, model, page)


def _item(links: list[str], badge: str | None, words: str) -> str:
    shown = " ".join(f"[{words}{n}]({url})" for n, url in enumerate(links))
    picture = f" ![stars]({badge})" if badge else ""
    return f"- {shown}{picture} – {words}\n"


LISTS = st.lists(
    st.builds(
        _item,
        st.lists(_links(), min_size=1, max_size=4),
        st.none() | st.builds(str.format, st.sampled_from(BADGES), st.sampled_from(NAMES)),
        st.sampled_from(("Word", "Ü《中》", "a & b", "**bold**")),
    ),
    min_size=1,
    max_size=6,
).map(lambda items: "# List\n\n## Part\n\n" + "".join(items))
MOVES = st.fixed_dictionaries({}, optional=dict(zip(NAMES, map(st.just, NEW_NAMES), strict=True)))


def _observe(target: Target, moves: Mapping[str, str]) -> Observation:
    """Return what the services say of a target when these repositories were renamed."""
    folded = {old.lower(): new for old, new in moves.items()}
    if target.service is Service.GITHUB:
        parts = github.parts(target)
        new = folded.get(parts.full_name.lower())
        facts = RepositoryFacts(full_name=new or parts.full_name, default_branch="main")
        base = f"https://github.com/{new or parts.full_name}"
        now_at = base if new else None
        if parts.ref_and_path is not None:
            ref, _, path = parts.ref_and_path.partition("/")
            now_at = f"{base}/blob/{ref}/{path}".rstrip("/") if new else None
            suggested = f"{base}/blob/main/{path}" if ref != "main" else None
            found = Found(PathFacts(facts, path, ref, ref == "main", suggested), now_at, bool(new))
        else:
            found = Found(facts, now_at, permanent=bool(new))
    elif target.service is Service.HUGGINGFACE:
        hub = huggingface.parts(target)
        new = folded.get(hub.id.lower())
        now_at = f"https://huggingface.co/{new}" if new else None
        is_model = target.kind is TargetKind.HF_MODEL
        found = Found(
            ModelFacts(full_name=new or hub.id) if is_model else PageFacts(), now_at, bool(new)
        )
    else:
        page, _, query = target.url.partition("?")
        location = PAGES.get(page)
        now_at = f"{location}?{query}" if location and query and "?" not in location else location
        found = Found(PageFacts(title="A page"), now_at, permanent=now_at is not None)
    return Observation(target, NOW, found)


def _check(text: str, moves: Mapping[str, str]) -> tuple[tuple[Finding, ...], dict[Span, Status]]:
    read = load_markdown_file(SourceText("list.md", text))
    catalog = Catalog(read.entries, read.problems, ("list.md",), read.skipped, (read.file,))
    index = identify(catalog, recognize)
    evidence = {
        request.target: Evidence(request.target, (_observe(request.target, moves),))
        for request in index.requests
    }
    result = evaluate(catalog, index, evidence, RULES, RuleSettings(), NOW)
    assert result.notices == ()
    statuses = {link.link.span: link.status for view in result.entries for link in view.all_links}
    return result.findings, statuses


def _form(url: str) -> tuple[str, str]:
    """Return what belongs to the link and not to its target: host, view, query and fragment."""
    host = url.partition("://")[2].partition("/")[0]
    for name in (*NEW_NAMES, *NAMES):
        url = url.replace(f"/{name}", "/*")
    return host, url.partition("/*")[2].replace("/master", "/main")


@settings(max_examples=150, deadline=None)
@given(LISTS, MOVES)
def test_a_safe_fix_changes_its_spans_alone_and_leaves_nothing_to_fix(
    text: str, moves: dict[str, str]
) -> None:
    findings, _ = _check(text, moves)
    safe = [f.fix for f in findings if f.fix and f.fix.safety is Safety.SAFE]
    kept, waiting = resolve_conflicts(safe)
    assert waiting == ()
    edits = [edit for fix in kept for edit in fix.edits]
    loaded = lambda source: (  # noqa: E731 - the loader of one file
        (read := load_markdown_file(source)).entries,
        read.problems,
        read.skipped,
    )
    result = apply_verified(SourceText("list.md", text), edits, loader=loaded)
    assert not [drop for drop in result.dropped if "already" not in drop.reason]

    undone = []
    shift = 0
    for edit in result.applied:
        start, end = edit.span.start, edit.span.end
        assert text[start:end] == edit.before
        assert result.text[start + shift : start + shift + len(edit.after)] == edit.after
        span = SourceText("list.md", result.text).span(
            start + shift, start + shift + len(edit.after)
        )
        undone.append(Edit(span, edit.after, edit.before))
        shift += len(edit.after) - (end - start)
        if "github" in edit.before or "hf.co" in edit.before or "huggingface" in edit.before:
            assert _form(edit.before) == _form(edit.after)
    assert apply(result.text, undone).text == text

    again, statuses = _check(result.text, moves)
    assert not [f for f in again if f.fix and f.fix.safety is Safety.SAFE]
    known = {(f.rule, f.url) for f in findings}
    assert {(f.rule, f.url) for f in again} <= known
    changed = {undo.span for undo in undone if "shields.io" not in undo.before}
    assert {statuses[span] for span in changed} <= {Status.ALIVE}
