"""A link inside the repository leads to a file or heading that does not exist.

## What it does

Reports, in Markdown, a relative link or image whose file is not in the repository, and a
`#fragment` that no heading, `id` or `name` of the file has (or of the Markdown file that it links
to). Paths and headings are read as GitHub reads them: the case of a path counts, `/` is the top of
the repository, `?raw=true` and percent-encoding are understood, repeated headings get `-1`, `-2`.
The case of a fragment does not count.

Files are checked only inside a git working tree, where they may be in the index or on disk;
fragments of the file itself always. `#top`, `#readme`, line numbers (`#L12`) and paths that climb
out of the repository to pages of GitHub (`../../issues`) are right. No network is needed.

## Why

A table of contents that leads nowhere, or an image that does not show, is the first thing that a
reader meets.

## How to fix

Correct the link. The existing file or heading that is spelled most like it is named, if there is
one.

## Fix safety

There is no automatic fix.
"""

from collections import Counter
from collections.abc import Iterable

from linkcheck.model.finding import Finding, Severity
from linkcheck.model.local import BrokenLink
from linkcheck.model.rule import CatalogView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.wording import one_line


def _check(catalog: CatalogView, _context: RuleContext) -> Iterable[Finding]:
    entries = {view.entry.id: view.entry for view in catalog.entries}
    repeats: Counter[tuple[str, str | None, str]] = Counter()
    for broken in catalog.broken_links:
        link = broken.link
        key = (link.span.file, link.entry, link.written)
        repeats[key] += 1
        yield RULE.finding(
            _message(broken),
            span=link.span,
            entry=entries.get(link.entry) if link.entry else None,
            url=link.written,
            subject=f"{link.written} {repeats[key]}" if repeats[key] > 1 else "",
        )


def _message(broken: BrokenLink) -> str:
    written, nearest = one_line(broken.link.written), broken.nearest
    if broken.fragment is None:
        remedy = (
            f"The nearest is {one_line(nearest)}." if nearest else "Correct it or add the file."
        )
        path = one_line(broken.path)
        return f"“{written}” leads to {path}, which is not in the repository. {remedy}"
    remedy = f"The nearest is #{one_line(nearest)}." if nearest else "Correct it or remove it."
    return f"No heading or id in the file matches “{written}”. {remedy}"


_TEXT = "# A list\n\n- [Tools](#tools)\n\n## {}\n\n- [MedBot](https://medbot.example/)\n"

RULE = Rule(
    name="broken-local-link",
    severity=Severity.WARNING,
    summary="A link inside the repository leads to a file or heading that does not exist.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    reads_other_files=True,
    scope=RuleScope.CATALOG,
    check=_check,
    offline=True,
    examples=(
        Example("The heading exists", _TEXT.format("Tools"), format="markdown"),
        Example("The case of a fragment does not count", _TEXT.format("TOOLS"), format="markdown"),
        Example(
            "An emoji leaves a hyphen in the id",
            _TEXT.format("🔧 Tools"),
            format="markdown",
            finds=("“#tools”. The nearest is #-tools.",),
        ),
        Example(
            "No such heading",
            _TEXT.format("Papers"),
            format="markdown",
            finds=("“#tools”. Correct it or remove it.",),
        ),
        Example(
            "A page of GitHub and lines of a file",
            "- [MedBot](https://medbot.example/) ([issues](../../issues), [code](a.py#L3-L9))\n",
            format="markdown",
            files=("README.md", "a.py"),
        ),
        Example(
            "The case of a path counts",
            "- [MedBot](https://medbot.example/) ([license](license))\n",
            format="markdown",
            files=("README.md", "LICENSE"),
            finds=("which is not in the repository. The nearest is LICENSE.",),
        ),
    ),
)
