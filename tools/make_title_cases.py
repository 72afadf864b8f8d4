"""Write the generated part of the labeled corpus for ``title-mismatch`` and dead DOIs.

``tests/matching/papers.yaml`` lists real papers: URL, title, first author. Each is written in one
of the layouts that lists use, with its own title (no finding) or with that of another paper, a
made-up or a slightly changed one (a finding). A hash of the URL chooses, so the output is
deterministic. Run ``python tools/make_title_cases.py`` from the project's folder; ``--check`` only
compares. Cases that need judgment are in the other files of ``tests/matching/corpus``.
"""

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
PAPERS = ROOT / "tests" / "matching" / "papers.yaml"
CORPUS = ROOT / "tests" / "matching" / "corpus"

_HEAD = re.compile(r"\A(?P<name>[^\s:,]+(?: [^\s:,]+)?): ?(?P<rest>\S.*)\Z")
"""Titles that begin with the name of a system, of one or two words."""
_NO_NAMES = frozenset(
    (
        "Agent AI",
        "Agents",
        "Beyond Distillation",
        "Blind Judgement",
        "High-performance medicine",
        "Interactive language",
        "Jailbroken",
        "Machine Psychology",
        "Multi-Agent Collaboration",
        "Transformers",
    )
)
"""Beginnings of titles that are not names."""
_MIN_WORDS = 4
"""Minimum words of a title that is shortened or gets a wrong digit."""

OTHER_TITLES = (
    "Radial velocity variations of late-type dwarfs in open clusters",
    "Spectral gaps of transfer operators on the circle",
    "Magnetization reversal in thin cobalt films at low temperature",
    "A bound on the chromatic number of planar distance graphs",
    "Dust lanes and star formation in barred spiral galaxies",
    "Quark-gluon plasma signatures in small collision systems",
    "Uniqueness of blow-up profiles for a semilinear heat equation",
    "Phonon transport across twisted bilayer interfaces",
    "Photometric redshifts of faint quasars from narrow-band surveys",
    "Rational points on hyperelliptic curves of genus three",
    "Thermal relaxation of neutron star crusts after accretion",
    "Optical lattices with tunable tunneling phases",
    "Stability of shallow water waves over a sloping bottom",
    "Muon tomography of volcanic conduits",
    "Automorphisms of free products of cyclic groups",
    "Carbon isotope ratios in the atmosphere of a warm Neptune",
    "Minimax estimation of a monotone density at its mode",
    "Polarized emission from magnetized accretion columns",
    "Queue lengths in tandem networks with blocking",
    "Entanglement swapping over noisy fiber links",
    "Ergodic averages along sparse random sequences",
    "Weak lensing by voids in modified gravity",
    "Hall conductivity of doped Weyl semimetals",
    "A census of brown dwarfs within twenty parsecs",
    "Cohomology of arithmetic groups over function fields",
    "Turbulent mixing in stratified shear layers",
)
"""Made-up titles of other fields, for URLs with a wrong digit."""

FABRICATED = (
    ("10.1038/s41586-019-99417-3", "old"),
    ("10.1038/s41591-020-77777-1", "old"),
    ("10.1016/j.artmed.2019.999872", "old"),
    ("10.1001/jama.2018.99812", "old"),
    ("10.1056/NEJMoa1999999", "old"),
    ("10.1371/journal.pone.9990231", "old"),
    ("10.1109/CVPR.2017.9931", "old"),
    ("10.1145/3999999.3999998", "old"),
    ("10.18653/v1/2021.acl-long.9981", "old"),
    ("10.18653/v1/P18-9931", "old"),
    ("10.1093/bioinformatics/btz99982", "old"),
    ("10.1007/s10994-019-99999-8", "old"),
    ("10.1126/science.zzz9918", "old"),
    ("10.1073/pnas.1999999998", "old"),
    ("10.2196/99712345", "old"),
    ("10.1186/s12911-020-99999-x", "old"),
    ("10.99999/medai.2023.17", "unknown-prefix"),
    ("10.77123/jcai.v4.i2.88", "unknown-prefix"),
    ("10.88421/npjhealth.2024.0091", "unknown-prefix"),
    ("10.66310/ai-medicine.2022.5", "unknown-prefix"),
    ("10.95512/trans.med.3391", "unknown-prefix"),
    ("10.71145/openhealth.77", "unknown-prefix"),
    ("10.1038/s41586-026-00731-9", "recent"),
    ("10.1056/AIoa2699812", "recent"),
    ("10.1093/jamia/ocag9913", "recent"),
    ("10.1016/j.jbi.2026.999913", "recent"),
    ("10.1001/jama.2026.99713", "recent"),
    ("10.1101/2026.06.02.26399999", "recent"),
    ("10.1109/TMI.2026.9990012", "recent"),
    ("10.18653/v1/2026.acl-long.9934", "recent"),
)
"""Unregistered DOIs: of a past year, with an unknown prefix, or of this year."""


@dataclass(frozen=True)
class Paper:
    """A real paper."""

    url: str
    title: str
    by: str | None
    venue: str | None
    stated: str | None
    near: tuple[str, ...]
    invented: tuple[str, ...]

    @property
    def slug(self) -> str:
        """Return the URL as part of a case's id."""
        tail = re.sub(r"\Ahttps?://(?:www\.|dx\.)?", "", self.url).rstrip("/")
        for before, after in (
            ("arxiv.org/abs/", "arxiv-"),
            ("doi.org/", "doi-"),
            ("pubmed.ncbi.nlm.nih.gov/", "pubmed-"),
            ("aclanthology.org/", "acl-"),
            ("nature.com/articles/", "nature-"),
        ):
            tail = tail.replace(before, after)
        return re.sub(r"[^a-z0-9]+", "-", tail.lower()).strip("-")[-60:].strip("-")

    @property
    def head(self) -> tuple[str, str] | None:
        """Return the name at the beginning of the title, and the rest."""
        match = _HEAD.match(self.title)
        if match is None or match["name"] in _NO_NAMES:
            return None
        name = match["name"]
        return (name, match["rest"]) if any(map(str.isupper, name[:3])) else None

    @property
    def year(self) -> str:
        """Return the year in its venue or id."""
        found = re.search(r"\b(19|20)\d\d\b", self.venue or "")
        if found:
            return found[0]
        dated = re.search(r"arxiv\.org/abs/(\d\d)\d\d\.", self.url)
        return f"20{dated[1]}" if dated else "2020"

    @property
    def known(self) -> dict[str, Any]:
        """Return the facts of its target."""
        return {"title": self.title} | ({"authors": [self.by]} if self.by else {})


def number(*parts: str) -> int:
    """Return a deterministic number for the texts."""
    return int.from_bytes(sha256("\n".join(parts).encode()).digest()[:6], "big")


def papers() -> list[Paper]:
    """Return the real papers."""
    return [
        Paper(
            row["url"],
            row["title"],
            row.get("by"),
            row.get("venue"),
            row.get("stated"),
            tuple(row.get("near", ())),
            tuple(row.get("invented", ())),
        )
        for row in yaml.safe_load(PAPERS.read_text("utf-8"))
    ]


# Layouts: each returns a list with `title` for the paper at `url`.

Layout = Callable[[str, str, Paper], str]


def _linked(title: str, url: str, _: Paper) -> str:
    return f"## Papers\n\n- [{title}]({url})"


def _bold(title: str, url: str, _: Paper) -> str:
    return f"## Papers\n\n- **{title}** [[paper]({url})]"


def _dated(title: str, url: str, paper: Paper) -> str:
    place = re.sub(r" ?\b(?:19|20)\d\d\b", "", paper.venue or "arXiv")
    author = f"*{paper.by} et al. {place}.* " if paper.by else f"*{place}.* "
    return f"## Reading\n\n- [{paper.year}/05] **{title}.** {author}[[paper]({url})]"


def _venue(title: str, url: str, paper: Paper) -> str:
    return f"## Papers\n\n* [**{paper.venue or 'arXiv, ' + paper.year}**] {title}. [paper]({url})"


def _numbered(title: str, url: str, _: Paper) -> str:
    return f"## 论文\n\n1. {title} [论文地址]({url})"


def _cell(title: str, url: str, paper: Paper) -> str:
    return (
        "## Papers\n\n| Title | Year | Link |\n|---|---|---|\n"
        f"| {title} | {paper.year} | [PDF]({url}) |"
    )


def _linked_cell(title: str, url: str, paper: Paper) -> str:
    return (
        "## Papers\n\n| Date | Paper | Notes |\n|:---|:---|:---|\n"
        f"| {paper.year}-05 | [{title}]({url}) | read |"
    )


def _citation(title: str, url: str, paper: Paper) -> str:
    author = f"{paper.by}, et al. " if paper.by else ""
    place = paper.venue or f"arXiv {paper.year}"
    return f"## References\n\n- {author}“{title}.” {place}. [link]({url})"


def _plain(title: str, url: str, _: Paper) -> str:
    return f"## Papers\n\n- {title} [[Paper]]({url})"


LAYOUTS: tuple[tuple[str, Layout], ...] = (
    ("linked", _linked),
    ("bold", _bold),
    ("dated", _dated),
    ("venue", _venue),
    ("numbered", _numbered),
    ("cell", _cell),
    ("linked-cell", _linked_cell),
    ("citation", _citation),
    ("plain", _plain),
)


def layout_of(url: str, salt: str) -> tuple[str, Layout]:
    """Return the layout for a URL."""
    return LAYOUTS[number(url, salt) % len(LAYOUTS)]


def case(
    name: str,
    kind: str,
    given: dict[str, Any],
    upstream: dict[str, Any],
    expect: str | None,
    why: str,
    source: str,
) -> dict[str, Any]:
    """Return one labeled case."""
    return {
        "id": re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"),
        "group": kind,
        **given,
        "upstream": upstream,
        "expect": expect,
        "why": why,
        "source": source,
    }


def _markdown(text: str) -> dict[str, Any]:
    return {"markdown": text + "\n"}


# Right links


def _as_stated(paper: Paper) -> tuple[str, str, str]:
    """Return a variant of a paper's title: the kind, the text, the reason."""
    title, words = paper.title, paper.title.split()
    if paper.stated:
        return "retold", paper.stated, "A list retells the title."
    choice = number(paper.url, "stated") % 10
    head = paper.head
    if choice == 0 and len(words) > 8:
        return "cut", " ".join(words[:6]) + " ...", "A long title is cut short."
    if choice == 1:
        return "lower-case", title[0] + title[1:].lower(), "Lists write titles in any case."
    if choice == 2 and "-" in title:
        return "typography", title.replace("-", "\u2011").replace("'", "\u2019"), "Other hyphens."
    if choice == 3 and head and len(head[1].split()) >= _MIN_WORDS:
        return "without-name", head[1], "The name before the colon is left out."
    if choice == 4 and ": " in title and len(title.split(": ")[0].split()) >= _MIN_WORDS:
        return "without-subtitle", title.split(": ")[0], "The subtitle is left out."
    return "own-title", title, "The link's own words are the paper's title."


def _named(paper: Paper, name: str, rest: str) -> tuple[str, dict[str, Any]]:
    """Return a layout with the system's name and a link labeled as paper."""
    url = paper.url
    choice = number(paper.url, "named") % 5
    if choice == 0:
        table = f"| Model | Paper |\n|---|---|\n| {name} | [Paper]({url}) |"
        return "name-row", _markdown(f"## Models\n\n{table}")
    if choice == 1:
        return "name-bold", _markdown(f"## Models\n\n* **{name}**: {rest}. [[paper]({url})]")
    if choice == 2:
        return "name-linked", _markdown(f"## Models\n\n- [{name}]({url}): {rest}")
    if choice == 3:
        return "name-sub-item", _markdown(f"### Models\n\n* {name}\n  * Paper: {url}")
    kind = "dataset" if re.search(r"data ?set|corpus", rest, re.IGNORECASE) else "model"
    return "name-entry", {"entry": {"name": name, "kind": kind, "links": {"paper": url}}}


def valid(every: list[Paper]) -> Iterable[dict[str, Any]]:
    """Yield real papers with titles as in lists."""
    for paper in every:
        if paper.head and number(paper.url, "which") % 3 == 0:
            kind, given = _named(paper, *paper.head)
            why = "The title opens with the name that the list gives."
            yield case(
                f"valid-{paper.slug}",
                kind,
                given,
                {paper.url: paper.known},
                None,
                why,
                "public fact",
            )
            continue
        kind, title, why = _as_stated(paper)
        layout, write = layout_of(paper.url, "valid")
        yield case(
            f"valid-{paper.slug}-{layout}",
            kind,
            _markdown(write(title, paper.url, paper)),
            {paper.url: paper.known},
            None,
            why,
            "public fact",
        )


# Wrong links


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]{3,}", text.lower()))


def _in_common(one: str, other: str) -> float:
    mine, theirs = _words(one), _words(other)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _another(
    paper: Paper, every: list[Paper], salt: str, least: float, most: float
) -> Paper | None:
    """Return a paper whose title shares a fraction of words, within the bounds, with this one."""
    start = number(paper.url, salt)
    for step in range(len(every)):
        other = every[(start + step) % len(every)]
        if least <= _in_common(paper.title, other.title) < most:
            return other
    return None


def swapped(every: list[Paper]) -> Iterable[dict[str, Any]]:
    """Yield titles with the URL of another real paper, which may be listed too."""
    long = [paper for paper in every if len(paper.title.split()) >= _MIN_WORDS]
    chosen = sorted(long, key=lambda paper: number(paper.url, "swapped"))[:126]
    for place, paper in enumerate(chosen):
        akin = place % 3 == 1
        least, most = (0.34, 0.6) if akin else (0.0, 0.3)
        other = _another(paper, every, "swapped", least, most)
        if other is None:
            continue
        layout, write = layout_of(paper.url, "swapped")
        text = write(paper.title, other.url, paper)
        kind, why = "swapped", "The address is that of another paper."
        if akin:
            kind, why = "swapped-akin", "The address is that of another paper of this field."
        if place % 3 == 0 and layout in ("linked", "bold", "dated", "venue", "citation", "plain"):
            own = write(other.title, other.url, other).split("\n\n", 1)[1]
            text = f"{text}\n{own}"
            kind, why = "swapped-listed", "The address is that of the paper in the next row."
        yield case(
            f"swapped-{paper.slug}-{layout}",
            kind,
            _markdown(text),
            {other.url: other.known},
            "error",
            why,
            "public fact",
        )


def _wrong_digit(url: str) -> str:
    """Return the URL with its last digit changed."""
    places = [match.start() for match in re.finditer(r"\d", url)]
    last = places[-1]
    return f"{url[:last]}{(int(url[last]) + 3) % 10}{url[last + 1 :]}"


def digits(every: list[Paper]) -> Iterable[dict[str, Any]]:
    """Yield URLs with one digit changed, of papers of another field."""
    taken = {paper.url for paper in every}
    long = [
        paper
        for paper in every
        if len(paper.title.split()) >= _MIN_WORDS
        and re.search("arxiv|doi|pubmed|aclanthology", paper.url)
        and _wrong_digit(paper.url) not in taken
    ]
    chosen = sorted(long, key=lambda paper: number(paper.url, "digit"))[:64]
    for place, paper in enumerate(chosen):
        layout, write = layout_of(paper.url, "digit")
        url = _wrong_digit(paper.url)
        yield case(
            f"digit-{paper.slug}-{layout}",
            "digit",
            _markdown(write(paper.title, url, paper)),
            {url: {"title": OTHER_TITLES[place % len(OTHER_TITLES)]}},
            "error",
            "One digit of the address is wrong, and it leads to another field.",
            "made",
        )


def invented(every: list[Paper]) -> Iterable[dict[str, Any]]:
    """Yield made-up titles with the URL of a real paper."""
    for paper in every:
        for title in paper.invented:
            layout, write = layout_of(paper.url, "invented")
            nobody = Paper(paper.url, title, None, paper.venue, None, (), ())
            yield case(
                f"invented-{paper.slug}-{layout}",
                "invented",
                _markdown(write(title, paper.url, nobody)),
                {paper.url: paper.known},
                "error",
                "There is no paper of that title; the address is that of a real one.",
                "made",
            )


def near(every: list[Paper]) -> Iterable[dict[str, Any]]:
    """Yield titles that differ from the paper's in one content word or by a negation."""
    for paper in every:
        for title in paper.near:
            layout, write = layout_of(paper.url, "near")
            yield case(
                f"near-{paper.slug}-{layout}",
                "near-miss",
                _markdown(write(title, paper.url, paper)),
                {paper.url: paper.known},
                "warning",
                "One word or a negation apart: another paper, or a slip in the title.",
                "made",
            )


def _akin(one: Paper, other: Paper) -> bool:
    """Return whether one paper's title contains the name of the other's system."""
    mine, theirs = (re.sub(r"[^a-z0-9]", "", (p.head or ("",))[0].lower()) for p in (one, other))
    titles = [re.sub(r"[^a-z0-9]", "", p.title.lower()) for p in (one, other)]
    return mine in titles[1] or theirs in titles[0]


def rows(every: list[Paper]) -> Iterable[dict[str, Any]]:
    """Yield tables in which a system has the paper of another."""
    heads = [paper for paper in every if paper.head]
    chosen = sorted(heads, key=lambda paper: number(paper.url, "rows"))
    pairs = [
        (one, two)
        for one, two in zip(chosen[0::2], chosen[1::2], strict=False)
        if not _akin(one, two)
    ][:74]
    for place, (one, two) in enumerate(pairs):
        mine, theirs = ((paper.head or ("", ""))[0] for paper in (one, two))
        known = {two.url: two.known}
        if place % 2:
            # The other system has a code link only.
            code = f"https://github.com/example/{re.sub('[^A-Za-z0-9]+', '-', theirs).strip('-')}"
            rows_of = [
                f"| {mine} | [Paper]({two.url}) | |",
                f"| {theirs} | | [Code]({code}) |",
            ]
            kind, expect = "opens-with-other-name", "warning"
            why = "The title opens with the name of another row, which this one's has no tie to."
        else:
            rows_of = [f"| {mine} | [Paper]({two.url}) | |", f"| {theirs} | [Paper]({two.url}) | |"]
            kind, expect = "copied-row", "error"
            why = "The paper is that of the row below, whose name its title opens with."
        if number(one.url, "order") % 2:
            rows_of.reverse()
            why = why.replace("below", "above")
        table = "\n".join(["## Models", "", "| Name | Paper | Code |", "|---|---|---|", *rows_of])
        yield case(
            f"{kind}-{one.slug}-{two.slug}",
            kind,
            _markdown(table),
            known,
            expect,
            why,
            "public fact",
        )


def dois(_: list[Paper]) -> Iterable[dict[str, Any]]:
    """Yield unregistered DOIs, on the first day and after some weeks."""
    reasons = {
        "old": "Its year is long past: it would be registered by now.",
        "unknown-prefix": "Nobody has this prefix.",
        "recent": "It is of this year and may be registered any day.",
    }
    for doi, sort in FABRICATED:
        slug = re.sub(r"[^a-z0-9]+", "-", doi.lower()).strip("-")
        url = f"https://doi.org/{doi}"
        released = "2026-06-10" if sort == "recent" else "2019-05-20"
        entry = {
            "name": f"Study {slug[-4:]}",
            "kind": "paper",
            "released": released,
            "links": {"doi": url},
        }
        for days in (0, 20) if sort == "recent" else (0,):
            found = sort != "recent" or days > 14
            made = case(
                f"fabricated-{slug}-{days}",
                f"fabricated-{sort}",
                {"rules": ["dead-link", "unreachable-link", "invalid-link"], "entry": entry},
                {url: {"gone": "not-registered", "first_failed_days_ago": days}},
                "error" if found else "warning",
                reasons[sort] if days == 0 else "Two weeks are over, and nobody registered it.",
                "made",
            )
            yield made


FILES: tuple[tuple[str, Callable[[list[Paper]], Iterable[dict[str, Any]]]], ...] = (
    ("title-mismatch-valid", valid),
    ("title-mismatch-swapped", swapped),
    ("title-mismatch-digits", digits),
    ("title-mismatch-invented", invented),
    ("title-mismatch-near", near),
    ("title-mismatch-rows", rows),
    ("dead-link-dois", dois),
)


class _Dumper(yaml.SafeDumper):
    pass


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def write(cases: list[dict[str, Any]]) -> str:
    """Return the text of a file of cases."""
    body = yaml.dump(cases, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
    return f"# Written by tools/make_title_cases.py from tests/matching/papers.yaml.\n{body}"


def main() -> int:
    """Write the files, or with ``--check`` return 1 if one of them is not up to date."""
    every, stale = papers(), False
    for name, make in FILES:
        path, text = CORPUS / f"{name}.yaml", write(list(make(every)))
        if "--check" in sys.argv[1:]:
            stale |= not path.is_file() or path.read_text("utf-8") != text
        else:
            path.write_text(text, "utf-8")
    return int(stale)


if __name__ == "__main__":
    raise SystemExit(main())
