"""From an awesome list in Markdown to draft entries: what is listed, and what needs a look."""

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from linkcheck.importing.bare_url_items import NAMELESS, entries_from_bare_urls
from linkcheck.importing.drafts import (
    Classify,
    Draft,
    apply_facts,
    dataset_name,
    date_of,
    external,
    hub_id,
    key,
    kind_of,
    split_name,
    title_head,
)
from linkcheck.importing.mojibake import restore_encoding
from linkcheck.markdown.labels import role_of
from linkcheck.markdown.list_items import ListItem, UnitLink, units_of
from linkcheck.markdown.parser import read
from linkcheck.markdown.syntax_tree import BlockKind, MarkdownLink
from linkcheck.model.entry import EntryKind
from linkcheck.model.entry_ids import slugify
from linkcheck.model.source_text import SourceText

_NOT_LISTED = re.compile(
    r"\A\W*(?:\d+[.、\s]*)?(?:licen[cs]es?|citations?|cite|citing|references?|contribut\w*|contact"
    r"|acknowledge?ments?|news|updates?|(?:table of )?contents?|toc|star history|sponsors?|about"
    r"|changelog|引用|参考|许可\w*|贡献\w*|致谢|联系\w*|目录|更新\w*|关于\w*|新闻|star)\W*\Z",
    re.IGNORECASE,
)
_DATE_IN_LINE = re.compile(r"[(（]\s*((?:19|20)\d{2}[^()（）]{0,14})[)）]")
_FOLDERS = {
    EntryKind.MODEL: "models",
    EntryKind.DATASET: "datasets",
    EntryKind.BENCHMARK: "benchmarks",
    EntryKind.PAPER: "papers",
    EntryKind.TOOL: "tools",
    EntryKind.COMPETITION: "competitions",
    EntryKind.PRODUCT: "products",
    EntryKind.LIST: "lists",
    EntryKind.RESOURCE: "resources",
}
_ROLE_KINDS = {
    "paper": EntryKind.PAPER,
    "dataset": EntryKind.DATASET,
    "model": EntryKind.MODEL,
    "code": EntryKind.TOOL,
}


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """Something that a person should look at."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A system that is named without a link: a row or an item of its own, or training data."""

    name: str
    line: int
    kind: EntryKind | None
    within: str | None = None
    """The entry that uses it, for training data."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import found."""

    drafts: tuple[Draft, ...]
    mentions: tuple[Mention, ...]
    review: tuple[ReviewNote, ...]
    files: dict[str, str] = field(default_factory=dict)
    """YAML by file name (``models.yaml``, …), ready to be written; one file per kind."""
    restored: bool = False
    """Whether mojibake was restored."""


def import_markdown(
    source: SourceText, classify: Classify, *, listed_in: str | None = None
) -> ImportResult:
    """Read any list in Markdown into draft entries in the catalog format.

    ``classify`` tells which addresses are the same thing. ``listed_in`` names the list in every
    draft; by default the file's name does. What is not understood, repaired or left out is in the
    review list, by line; no external link is lost without being named there.
    """
    notes: list[ReviewNote] = []
    text = restore_encoding(source.text)
    restored = text != source.text
    if restored:
        lost = text.count("\ufffd")
        message = (
            f"UTF-8 text decoded in a wrong code page was restored; {lost} characters are lost"
        )
        notes.append(ReviewNote(1, message))
        source = SourceText(source.file, text)
    importer = _Importer(source, classify)
    importer.run()
    drafts = importer.merged()
    notes += importer.notes
    name = listed_in or slugify(PurePosixPath(source.file).stem)
    from linkcheck.importing.draft_yaml import write_drafts

    files = write_drafts(drafts, _FOLDERS, source.file, name)
    review = tuple(sorted(notes, key=lambda note: (note.line, note.message)))
    return ImportResult(tuple(drafts), tuple(importer.mentions), review, files, restored)


def review_text(result: ImportResult, file: str) -> str:
    """Return the review list as Markdown for people; empty when there is nothing to look at."""
    lines = [f"- {file}:{note.line}: {note.message}" for note in result.review]
    for one in result.mentions:
        where = f", used by {one.within}" if one.within else ""
        lines.append(f"- {file}:{one.line}: “{one.name}” has no link{where}; an entry needs one")
    if not lines:
        return ""
    return "# To be looked at after the import\n\n" + "\n".join(lines) + "\n"


class _Importer:
    def __init__(self, source: SourceText, classify: Classify) -> None:
        self._source = source
        self._classify = classify
        document = read(source)
        self._units = entries_from_bare_urls(
            units_of(document, PurePosixPath(source.file).stem), document, classify
        )
        self._drafts: list[Draft] = []
        self.notes: list[ReviewNote] = []
        self.mentions: list[Mention] = []
        self._parents = {
            (*unit.section[:size],)
            for unit in self._units
            if external(unit)
            for size in range(1, len(unit.section) + 1)
        }

    def run(self) -> None:
        """Judge every unit."""
        for unit in self._units:
            links = external(unit)
            for one in links:
                self._say_repaired(one.link)
            if self._left_out(unit):
                self._leave_out(unit, links)
            elif links:
                self._draft(unit, links)
            elif unit.kind is BlockKind.ROW or (
                unit.kind is BlockKind.ITEM and any(f.name == "notes" for f in unit.facts)
            ):
                name, _ = split_name(unit.name.text)
                self._mention(Mention(name, self._line(unit), kind_of(unit, set())))

    def _line(self, unit: ListItem) -> int:
        return self._source.position(unit.start)[0]

    def _left_out(self, unit: ListItem) -> bool:
        """Say whether a unit is no listed thing: the file's own prose, its license, its news."""
        if any(_NOT_LISTED.match(name) for name in (*unit.section, unit.name.text)):
            return True
        if unit.kind is BlockKind.ROOT:
            return True
        if unit.kind is BlockKind.HEADING:
            path = (*unit.section, unit.name.text)
            own = [one for one in external(unit) if _in_name(one, unit)]
            return path in self._parents and not own
        return False

    def _leave_out(self, unit: ListItem, links: list[UnitLink]) -> None:
        for one in links:
            where = f"under “{unit.name.text}”" if unit.name.text else "above the first heading"
            self.notes.append(
                ReviewNote(
                    one.link.at.line, f"left out, as it lists nothing: {one.link.url} {where}"
                )
            )

    def _say_repaired(self, link: MarkdownLink) -> None:
        if link.repair is not None and link.repair != link.url:
            shown = link.url if len(link.url) <= 120 else f"{link.url[:120]}…"
            self.notes.append(ReviewNote(link.at.line, f"repaired {shown} to {link.repair}"))

    def _draft(self, unit: ListItem, links: list[UnitLink]) -> None:
        numbered = self._is_number(unit.name.text, links)
        name, aliases = (unit.name.text, []) if numbered else split_name(unit.name.text)
        own: list[UnitLink] = []
        asides: list[UnitLink] = []
        for one in links:
            is_aside = bool(one.aside) and not _in_name(one, unit) and _names_something(one.link)
            (asides if is_aside else own).append(one)
        line = self._line(unit)
        if "\ufffd" in name and own:
            name = _tail(own[0].link) or name
            self.notes.append(ReviewNote(line, f"the name is damaged; taken from the link: {name}"))
        for one in asides:
            self._aside(unit, one)
        draft = Draft(name, line, None, aliases, section=unit.section)
        for one in own:
            url = one.link.repair or one.link.url
            draft.add_link(one.role, url, self._classify(url))
        if numbered:
            self.notes.append(ReviewNote(line, f"wants a name; so far it is its number: {name}"))
        draft.kind = kind_of(unit, draft.targets)
        dated = _DATE_IN_LINE.search(unit.text)
        if dated:
            draft.released = date_of(dated[1])
        apply_facts(draft, unit.facts)
        self._data_sets(unit, draft)
        if own:
            self._drafts.append(draft)
        elif unit.kind is BlockKind.ROW:
            self._mention(Mention(name, line, draft.kind))

    def _is_number(self, name: str, links: list[UnitLink]) -> bool:
        """Say whether a name is but the number of a paper: brackets in it hold no other name."""
        targets = (self._classify(one.link.repair or one.link.url) for one in links)
        return any(t is not None and t.kind in NAMELESS and t.key == name for t in targets)

    def _mention(self, mention: Mention) -> None:
        """Keep a system that is named without a link, unless its name is none."""
        if "\ufffd" in mention.name:
            self.notes.append(ReviewNote(mention.line, "something is listed here without a link"))
        elif sum(char.isalpha() for char in mention.name) > 1:
            self.mentions.append(mention)

    def _aside(self, unit: ListItem, one: UnitLink) -> None:
        """Make a draft of something that is linked in the text about something else."""
        link = one.link
        url = link.repair or link.url
        if one.aside == "institutions":
            self.notes.append(
                ReviewNote(link.at.line, f"left out: {url}, the institution of “{unit.name.text}”")
            )
            return
        target = self._classify(url)
        draft = Draft(split_name(link.text)[0], link.at.line, None)
        draft.add_link(one.role, url, target)
        fallback = EntryKind.DATASET if one.aside == "datasets" else _ROLE_KINDS.get(one.role)
        draft.kind = kind_of(replace(unit, section=(), header=""), draft.targets) or fallback
        self._drafts.append(draft)

    def _data_sets(self, unit: ListItem, draft: Draft) -> None:
        """Note the data sets named in a unit's facts; ids of Hugging Face become drafts."""
        for fact in unit.facts:
            if fact.name not in ("datasets", "models"):
                continue
            line = self._source.position(fact.start)[0]
            identity = hub_id(fact.value)
            if identity is not None:
                url = f"https://huggingface.co/datasets/{identity}"
                found = Draft(identity, line, EntryKind.DATASET)
                found.add_link("dataset", url, self._classify(url))
                self._drafts.append(found)
                self.notes.append(ReviewNote(line, f"address completed from an id: {url}"))
                continue
            name = dataset_name(fact.value, strictly=fact.depth > 1 or fact.name == "models")
            if name is not None and unit.kind is not BlockKind.ROW:
                kind = EntryKind.DATASET if fact.name == "datasets" else EntryKind.MODEL
                self._mention(Mention(name, line, kind, draft.name))

    # Repeats

    def merged(self) -> list[Draft]:
        """Return the drafts with repeats of one system made one, in the list's order."""
        by_name: dict[str, Draft] = {}
        by_target: dict[object, Draft] = {}
        out: list[Draft] = []
        for draft in self._drafts:
            known = self._same(draft, by_name, by_target)
            if known is None:
                out.append(draft)
                known = draft
            else:
                self._merge(known, draft)
            for name in (draft.name, *draft.aliases, title_head(draft.name)):
                if name and key(name):
                    by_name.setdefault(key(name), known)
            for target in draft.targets:
                by_target.setdefault(target, known)
        taken = {key(draft.name) for draft in out}
        taken |= {key(alias) for draft in out for alias in draft.aliases}
        taken |= {key(title_head(draft.name) or "") for draft in out}
        seen: set[str] = set()
        kept = []
        for one in self.mentions:
            if key(one.name) and key(one.name) not in taken | seen:
                seen.add(key(one.name))
                kept.append(one)
        self.mentions = kept
        return out

    def _same(
        self, draft: Draft, by_name: dict[str, Draft], by_target: dict[object, Draft]
    ) -> Draft | None:
        for name in (draft.name, title_head(draft.name), *draft.aliases):
            known = by_name.get(key(name)) if name else None
            if known is None:
                continue
            if known.section == draft.section and known.targets.isdisjoint(draft.targets):
                # One list would hardly name one thing twice and link it differently.
                message = f"“{draft.name}” has the name of line {known.line} and another link"
                self.notes.append(ReviewNote(draft.line, message))
                return None
            return known
        for target in draft.targets:
            known = by_target.get(target)
            if known is not None:
                if _akin(known, draft) or len(draft.targets) == 1 == len(known.targets):
                    return known
                message = f"“{draft.name}” and “{known.name}” share the link {target.url}"
                self.notes.append(ReviewNote(draft.line, message))
        return None

    def _merge(self, known: Draft, other: Draft) -> None:
        self.notes.append(
            ReviewNote(other.line, f"“{other.name}” was merged with line {known.line}")
        )
        known.lines.append(other.line)
        for name in (other.name, *other.aliases):
            if key(name) != key(known.name) and key(name) not in map(key, known.aliases):
                known.aliases.append(name)
        for role, urls in other.links.items():
            for url in urls:
                known.add_link(role, url, self._classify(url))
        known.released = known.released or other.released
        known.license = known.license or other.license
        known.size = known.size or other.size
        for mine, theirs in (
            (known.base_models, other.base_models),
            (known.datasets, other.datasets),
            (known.parameters, other.parameters),
            (known.institutions, other.institutions),
            (known.hardware, other.hardware),
        ):
            mine += [value for value in theirs if value not in mine]


def _akin(one: Draft, other: Draft) -> bool:
    """Say whether two drafts that share a link look like one system: one name in the other."""
    mine = [key(name) for name in (one.name, *one.aliases)]
    theirs = [key(name) for name in (other.name, *other.aliases)]
    return any(a and b and (a in b or b in a) for a in mine for b in theirs)


def _in_name(one: UnitLink, unit: ListItem) -> bool:
    """Say whether a link stands where its unit's name does."""
    return unit.name.start <= one.link.at.start < max(unit.name.end, unit.name.start + 1)


def _names_something(link: MarkdownLink) -> bool:
    """Say whether a link's words are a name and no label or address."""
    text = link.text
    return bool(text) and text not in (link.written, link.url) and role_of(text) is None


def _tail(link: MarkdownLink) -> str | None:
    parts = [part for part in re.split(r"[/?#]+", link.repair or link.url) if part]
    return parts[-1] if len(parts) > 2 else None
