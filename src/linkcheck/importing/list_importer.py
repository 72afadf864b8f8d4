"""From an awesome list in Markdown to draft entries: what is listed, and what needs a look."""

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from linkcheck.importing.bare_url_items import NUMBERED_KINDS, split_bare_url_items
from linkcheck.importing.drafts import (
    Classify,
    DraftEntry,
    apply_labeled_values,
    detect_kind,
    external_links,
    find_hub_id,
    normalize_name,
    parse_dataset_name,
    parse_date,
    short_title,
    split_name,
)
from linkcheck.importing.mojibake import restore_encoding
from linkcheck.markdown.labels import detect_role
from linkcheck.markdown.list_items import ItemLink, ListItem, find_list_items
from linkcheck.markdown.parser import parse_markdown
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
_FILE_STEMS = {
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
    used_by: str | None = None
    """The entry that uses it, for training data."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import found."""

    drafts: tuple[DraftEntry, ...]
    mentions: tuple[Mention, ...]
    review_notes: tuple[ReviewNote, ...]
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
    importer.collect()
    drafts = importer.merge_duplicates()
    notes += importer.notes
    name = listed_in or slugify(PurePosixPath(source.file).stem)
    from linkcheck.importing.draft_yaml import dump_drafts

    files = dump_drafts(drafts, _FILE_STEMS, source.file, name)
    review = tuple(sorted(notes, key=lambda note: (note.line, note.message)))
    return ImportResult(tuple(drafts), tuple(importer.mentions), review, files, restored)


def render_review(result: ImportResult, file: str) -> str:
    """Return the review list as Markdown for people; empty when there is nothing to look at."""
    lines = [f"- {file}:{note.line}: {note.message}" for note in result.review_notes]
    for one in result.mentions:
        where = f", used by {one.used_by}" if one.used_by else ""
        lines.append(f"- {file}:{one.line}: “{one.name}” has no link{where}; an entry needs one")
    if not lines:
        return ""
    return "# To be looked at after the import\n\n" + "\n".join(lines) + "\n"


class _Importer:
    def __init__(self, source: SourceText, classify: Classify) -> None:
        self._source = source
        self._classify = classify
        document = parse_markdown(source)
        self._items = split_bare_url_items(
            find_list_items(document, PurePosixPath(source.file).stem), document, classify
        )
        self._drafts: list[DraftEntry] = []
        self.notes: list[ReviewNote] = []
        self.mentions: list[Mention] = []
        self._parent_sections = {
            (*unit.section[:size],)
            for unit in self._items
            if external_links(unit)
            for size in range(1, len(unit.section) + 1)
        }

    def collect(self) -> None:
        """Judge every unit."""
        for unit in self._items:
            links = external_links(unit)
            for one in links:
                self._note_repair(one.link)
            if self._is_skipped(unit):
                self._skip(unit, links)
            elif links:
                self._add_draft(unit, links)
            elif unit.kind is BlockKind.TABLE_ROW or (
                unit.kind is BlockKind.LIST_ITEM
                and any(f.claim == "notes" for f in unit.labeled_values)
            ):
                name, _ = split_name(unit.name.text)
                self._add_mention(Mention(name, self._line(unit), detect_kind(unit, set())))

    def _line(self, unit: ListItem) -> int:
        return self._source.position(unit.start)[0]

    def _is_skipped(self, unit: ListItem) -> bool:
        """Say whether a unit is no listed thing: the file's own prose, its license, its news."""
        if any(_NOT_LISTED.match(name) for name in (*unit.section, unit.name.text)):
            return True
        if unit.kind is BlockKind.ROOT:
            return True
        if unit.kind is BlockKind.HEADING:
            path = (*unit.section, unit.name.text)
            own = [one for one in external_links(unit) if _is_in_name(one, unit)]
            return path in self._parent_sections and not own
        return False

    def _skip(self, unit: ListItem, links: list[ItemLink]) -> None:
        for one in links:
            where = f"under “{unit.name.text}”" if unit.name.text else "above the first heading"
            self.notes.append(
                ReviewNote(
                    one.link.full_span.line,
                    f"left out, as it lists nothing: {one.link.url} {where}",
                )
            )

    def _note_repair(self, link: MarkdownLink) -> None:
        if link.repaired_url is not None and link.repaired_url != link.url:
            shown = link.url if len(link.url) <= 120 else f"{link.url[:120]}…"
            self.notes.append(
                ReviewNote(link.full_span.line, f"repaired {shown} to {link.repaired_url}")
            )

    def _add_draft(self, unit: ListItem, links: list[ItemLink]) -> None:
        numbered = self._is_numbered(unit.name.text, links)
        name, aliases = (unit.name.text, []) if numbered else split_name(unit.name.text)
        own: list[ItemLink] = []
        asides: list[ItemLink] = []
        for one in links:
            is_aside = bool(one.claim) and not _is_in_name(one, unit) and _has_name_text(one.link)
            (asides if is_aside else own).append(one)
        line = self._line(unit)
        if "\ufffd" in name and own:
            name = _last_url_part(own[0].link) or name
            self.notes.append(ReviewNote(line, f"the name is damaged; taken from the link: {name}"))
        for one in asides:
            self._add_linked_in_text(unit, one)
        draft = DraftEntry(name, line, None, aliases, section=unit.section)
        for one in own:
            url = one.link.repaired_url or one.link.url
            draft.add_link(one.role, url, self._classify(url))
        if numbered:
            self.notes.append(ReviewNote(line, f"wants a name; so far it is its number: {name}"))
        draft.kind = detect_kind(unit, draft.targets)
        dated = _DATE_IN_LINE.search(unit.text)
        if dated:
            draft.released = parse_date(dated[1])
        apply_labeled_values(draft, unit.labeled_values)
        self._add_datasets(unit, draft)
        if own:
            self._drafts.append(draft)
        elif unit.kind is BlockKind.TABLE_ROW:
            self._add_mention(Mention(name, line, draft.kind))

    def _is_numbered(self, name: str, links: list[ItemLink]) -> bool:
        """Say whether a name is but the number of a paper: brackets in it hold no other name."""
        targets = (self._classify(one.link.repaired_url or one.link.url) for one in links)
        return any(t is not None and t.kind in NUMBERED_KINDS and t.key == name for t in targets)

    def _add_mention(self, mention: Mention) -> None:
        """Keep a system that is named without a link, unless its name is none."""
        if "\ufffd" in mention.name:
            self.notes.append(ReviewNote(mention.line, "something is listed here without a link"))
        elif sum(char.isalpha() for char in mention.name) > 1:
            self.mentions.append(mention)

    def _add_linked_in_text(self, unit: ListItem, one: ItemLink) -> None:
        """Make a draft of something that is linked in the text about something else."""
        link = one.link
        url = link.repaired_url or link.url
        if one.claim == "institutions":
            self.notes.append(
                ReviewNote(
                    link.full_span.line, f"left out: {url}, the institution of “{unit.name.text}”"
                )
            )
            return
        target = self._classify(url)
        draft = DraftEntry(split_name(link.text)[0], link.full_span.line, None)
        draft.add_link(one.role, url, target)
        fallback = EntryKind.DATASET if one.claim == "datasets" else _ROLE_KINDS.get(one.role)
        draft.kind = (
            detect_kind(replace(unit, section=(), column_header=""), draft.targets) or fallback
        )
        self._drafts.append(draft)

    def _add_datasets(self, unit: ListItem, draft: DraftEntry) -> None:
        """Note the data sets named in a unit's facts; ids of Hugging Face become drafts."""
        for fact in unit.labeled_values:
            if fact.claim not in ("datasets", "models"):
                continue
            line = self._source.position(fact.start)[0]
            identity = find_hub_id(fact.value)
            if identity is not None:
                url = f"https://huggingface.co/datasets/{identity}"
                found = DraftEntry(identity, line, EntryKind.DATASET)
                found.add_link("dataset", url, self._classify(url))
                self._drafts.append(found)
                self.notes.append(ReviewNote(line, f"address completed from an id: {url}"))
                continue
            name = parse_dataset_name(fact.value, strictly=fact.depth > 1 or fact.claim == "models")
            if name is not None and unit.kind is not BlockKind.TABLE_ROW:
                kind = EntryKind.DATASET if fact.claim == "datasets" else EntryKind.MODEL
                self._add_mention(Mention(name, line, kind, draft.name))

    # Repeats

    def merge_duplicates(self) -> list[DraftEntry]:
        """Return the drafts with repeats of one system made one, in the list's order."""
        by_name: dict[str, DraftEntry] = {}
        by_target: dict[object, DraftEntry] = {}
        out: list[DraftEntry] = []
        for draft in self._drafts:
            known = self._find_duplicate(draft, by_name, by_target)
            if known is None:
                out.append(draft)
                known = draft
            else:
                self._merge(known, draft)
            for name in (draft.name, *draft.aliases, short_title(draft.name)):
                if name and normalize_name(name):
                    by_name.setdefault(normalize_name(name), known)
            for target in draft.targets:
                by_target.setdefault(target, known)
        taken = {normalize_name(draft.name) for draft in out}
        taken |= {normalize_name(alias) for draft in out for alias in draft.aliases}
        taken |= {normalize_name(short_title(draft.name) or "") for draft in out}
        seen: set[str] = set()
        kept = []
        for one in self.mentions:
            if normalize_name(one.name) and normalize_name(one.name) not in taken | seen:
                seen.add(normalize_name(one.name))
                kept.append(one)
        self.mentions = kept
        return out

    def _find_duplicate(
        self, draft: DraftEntry, by_name: dict[str, DraftEntry], by_target: dict[object, DraftEntry]
    ) -> DraftEntry | None:
        for name in (draft.name, short_title(draft.name), *draft.aliases):
            known = by_name.get(normalize_name(name)) if name else None
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
                if _have_similar_names(known, draft) or len(draft.targets) == 1 == len(
                    known.targets
                ):
                    return known
                message = f"“{draft.name}” and “{known.name}” share the link {target.url}"
                self.notes.append(ReviewNote(draft.line, message))
        return None

    def _merge(self, known: DraftEntry, other: DraftEntry) -> None:
        self.notes.append(
            ReviewNote(other.line, f"“{other.name}” was merged with line {known.line}")
        )
        known.repeat_lines.append(other.line)
        for name in (other.name, *other.aliases):
            if normalize_name(name) != normalize_name(known.name) and normalize_name(
                name
            ) not in map(normalize_name, known.aliases):
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


def _have_similar_names(one: DraftEntry, other: DraftEntry) -> bool:
    """Say whether two drafts that share a link look like one system: one name in the other."""
    mine = [normalize_name(name) for name in (one.name, *one.aliases)]
    theirs = [normalize_name(name) for name in (other.name, *other.aliases)]
    return any(a and b and (a in b or b in a) for a in mine for b in theirs)


def _is_in_name(one: ItemLink, unit: ListItem) -> bool:
    """Say whether a link stands where its unit's name does."""
    return unit.name.start <= one.link.full_span.start < max(unit.name.end, unit.name.start + 1)


def _has_name_text(link: MarkdownLink) -> bool:
    """Say whether a link's words are a name and no label or address."""
    text = link.text
    return bool(text) and text not in (link.written, link.url) and detect_role(text) is None


def _last_url_part(link: MarkdownLink) -> str | None:
    parts = [part for part in re.split(r"[/?#]+", link.repaired_url or link.url) if part]
    return parts[-1] if len(parts) > 2 else None
