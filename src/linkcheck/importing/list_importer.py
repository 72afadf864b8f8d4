"""Import a Markdown list as draft entries, with notes for the person who reviews them."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from linkcheck.importing.bare_url_items import (
    NUMBERED_KINDS,
    name_from_target,
    split_bare_url_items,
)
from linkcheck.importing.drafts import (
    Classify,
    DraftEntry,
    apply_labeled_values,
    detect_kind,
    external_links,
    find_date,
    find_hub_id,
    normalize_name,
    parse_dataset_name,
    parse_date,
    short_title,
    split_name,
)
from linkcheck.importing.licenses import find_license
from linkcheck.importing.mojibake import restore_encoding
from linkcheck.markdown.labels import detect_role
from linkcheck.markdown.list_items import ItemLink, ListItem, find_list_items
from linkcheck.markdown.parser import parse_markdown
from linkcheck.markdown.syntax_tree import BlockKind, MarkdownLink
from linkcheck.model.entry import EntryKind
from linkcheck.model.entry_ids import slugify
from linkcheck.model.source_text import SourceText
from linkcheck.model.target import Target, TargetKind

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
    """A note for the reviewer."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Something listed or named as training data without a link."""

    name: str
    line: int
    kind: EntryKind | None
    used_by: str | None = None
    """For training data: the entry that uses it."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import."""

    drafts: tuple[DraftEntry, ...]
    mentions: tuple[Mention, ...]
    review_notes: tuple[ReviewNote, ...]
    files: dict[str, str] = field(default_factory=dict)
    """YAML by file name (``models.yaml``, …), one file per kind."""
    restored: bool = False
    """Whether mojibake was repaired."""


def import_markdown(
    source: SourceText, classify: Classify, *, listed_in: str | None = None
) -> ImportResult:
    """Convert a list in Markdown into draft entries in the catalog format.

    ``classify`` returns the target of a URL. ``listed_in`` is the name of the list in every draft,
    by default the file's name. Repairs and omissions are in the review notes, by line; every
    external link that is left out has one.
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
    """Return the review notes as Markdown; empty when there are none."""
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
            (*item.section[:size],)
            for item in self._items
            if external_links(item)
            for size in range(1, len(item.section) + 1)
        }

    def collect(self) -> None:
        """Make drafts and mentions of the list's items."""
        for item in self._items:
            links = external_links(item)
            for one in links:
                self._note_repair(one.link)
            if self._is_skipped(item):
                self._skip(item, links)
            elif links:
                self._add_draft(item, links)
            elif item.kind is BlockKind.TABLE_ROW or (
                item.kind is BlockKind.LIST_ITEM
                and any(f.claim == "notes" for f in item.labeled_values)
            ):
                name, _ = split_name(item.name.text)
                self._add_mention(Mention(name, self._line(item), detect_kind(item, ())))

    def _add_note(self, line: int, message: str) -> None:
        self.notes.append(ReviewNote(line, message))

    def _line(self, item: ListItem) -> int:
        return self._source.position(item.start)[0]

    def _is_skipped(self, item: ListItem) -> bool:
        """Return whether an item is not an entry: the file's prose, its license, its news."""
        if not item.is_listed:
            return True
        if item.kind is BlockKind.HEADING:
            path = (*item.section, item.name.text)
            has_link = any(_is_in_name(one, item) for one in external_links(item))
            return path in self._parent_sections and not has_link
        return False

    def _skip(self, item: ListItem, links: list[ItemLink]) -> None:
        for one in links:
            where = f"under “{item.name.text}”" if item.name.text else "above the first heading"
            message = f"left out, as it lists nothing: {one.link.url} {where}"
            self._add_note(one.link.full_span.line, message)

    def _note_repair(self, link: MarkdownLink) -> None:
        if link.repaired_url is not None and link.repaired_url != link.url:
            shown = link.url if len(link.url) <= 120 else f"{link.url[:120]}…"
            self._add_note(link.full_span.line, f"repaired {shown} to {link.repaired_url}")

    def _add_draft(self, item: ListItem, links: list[ItemLink]) -> None:
        numbered = self._is_numbered(item.name.text, links)
        name, aliases = (item.name.text, []) if numbered else split_name(item.name.text)
        own: list[ItemLink] = []
        in_values: list[ItemLink] = []
        in_words: list[ItemLink] = []
        for one in links:
            if one.claim and not _is_in_name(one, item) and _has_name_text(one.link):
                in_values.append(one)
            else:
                (own if one.is_primary or one.claim else in_words).append(one)
        line = self._line(item)
        if "\ufffd" in name and own:
            name = _last_url_part(own[0].link) or name
            self._add_note(line, f"the name is damaged; taken from the link: {name}")
        for one in in_values:
            self._add_linked_in_text(item, one)
        for one in in_words:
            message = f"left out: {one.link.url}, in the description of “{item.name.text}”"
            self._add_note(one.link.full_span.line, message)
        draft = DraftEntry(name, line, None, aliases, section=item.section)
        for one in own:
            url = one.link.intended_url
            draft.add_link(one.role, url, self._classify(url))
        if numbered:
            self._add_note(line, f"wants a name; so far it is its number: {name}")
        draft.kind = detect_kind(item, draft.targets)
        dated = _DATE_IN_LINE.search(item.text)
        if dated:
            draft.released = parse_date(dated[1])
        apply_labeled_values(draft, item.labeled_values)
        draft.license = draft.license or find_license(item)
        self._note_impossible_dates(item, dated[1] if dated else "")
        self._add_datasets(item, draft)
        if own:
            self._drafts.append(draft)
        elif item.kind is BlockKind.TABLE_ROW:
            self._add_mention(Mention(name, line, draft.kind))

    def _note_impossible_dates(self, item: ListItem, dated: str) -> None:
        values = [one.value for one in item.labeled_values if one.claim == "released"]
        for value in (dated, *values):
            if impossible := find_date(value)[1]:
                self._add_note(self._line(item), f"left out: the date {impossible} is impossible")

    def _is_numbered(self, name: str, links: list[ItemLink]) -> bool:
        """Return whether a name is the number of a paper, in which brackets are no aliases."""
        targets = (self._classify(one.link.intended_url) for one in links)
        return any(t is not None and t.kind in NUMBERED_KINDS and t.key == name for t in targets)

    def _add_mention(self, mention: Mention) -> None:
        """Add a mention, or a note where its name is mojibake."""
        if "\ufffd" in mention.name:
            self._add_note(mention.line, "something is listed here without a link")
        elif sum(char.isalpha() for char in mention.name) > 1:
            self.mentions.append(mention)

    def _add_linked_in_text(self, item: ListItem, one: ItemLink) -> None:
        """Add a draft for a link in the value of another item's claim."""
        link = one.link
        url = link.intended_url
        if one.claim in ("institutions", "license"):
            part = one.claim.removesuffix("s")
            message = f"left out: {url}, the {part} of “{item.name.text}”"
            self._add_note(link.full_span.line, message)
            return
        target = self._classify(url)
        draft = DraftEntry(split_name(link.text)[0], link.full_span.line, None)
        draft.add_link(one.role, url, target)
        fallback = EntryKind.DATASET if one.claim == "datasets" else _ROLE_KINDS.get(one.role)
        without_section = replace(item, topics=(), column_header="")
        draft.kind = detect_kind(without_section, draft.targets) or fallback
        self._drafts.append(draft)

    def _add_datasets(self, item: ListItem, draft: DraftEntry) -> None:
        """Add the datasets in an item's labeled values: mentions, and drafts of Hub ids."""
        for labeled in item.labeled_values:
            if labeled.claim not in ("datasets", "models"):
                continue
            line = self._source.position(labeled.start)[0]
            hub_id = find_hub_id(labeled.value)
            if hub_id is not None:
                url = f"https://huggingface.co/datasets/{hub_id}"
                found = DraftEntry(hub_id, line, EntryKind.DATASET)
                found.add_link("dataset", url, self._classify(url))
                self._drafts.append(found)
                self._add_note(line, f"address completed from an id: {url}")
                continue
            name = parse_dataset_name(
                labeled.value, strictly=labeled.depth > 1 or labeled.claim == "models"
            )
            if name is not None and item.kind is not BlockKind.TABLE_ROW:
                kind = EntryKind.DATASET if labeled.claim == "datasets" else EntryKind.MODEL
                self._add_mention(Mention(name, line, kind, draft.name))

    # Duplicates

    def merge_duplicates(self) -> list[DraftEntry]:
        """Return the drafts in order, those of one thing merged; drop mentions that have one.

        Only a common link makes two drafts one: things of one name are often different.
        """
        by_target: dict[Target, list[DraftEntry]] = {}
        merged: list[DraftEntry] = []
        for draft in self._drafts:
            known = self._find_duplicate(draft, by_target)
            if known is None:
                merged.append(draft)
                known = draft
            else:
                self._merge(known, draft)
            for target in draft.targets:
                owners = by_target.setdefault(target, [])
                if known not in owners:
                    owners.append(known)
        _drop_shared_aliases(merged)
        _distinguish_names(merged)
        taken = {normalize_name(draft.name) for draft in merged}
        taken |= {normalize_name(alias) for draft in merged for alias in draft.aliases}
        taken |= {normalize_name(short_title(draft.name) or "") for draft in merged}
        seen: set[str] = set()
        kept = []
        for one in self.mentions:
            if normalize_name(one.name) and normalize_name(one.name) not in taken | seen:
                seen.add(normalize_name(one.name))
                kept.append(one)
        self.mentions = kept
        return merged

    def _find_duplicate(
        self, draft: DraftEntry, by_target: dict[Target, list[DraftEntry]]
    ) -> DraftEntry | None:
        for target in draft.targets:
            for known in by_target.get(target, ()):
                if _are_one_thing(known, draft):
                    return known
            if target in by_target:
                known = by_target[target][0]
                message = f"“{draft.name}” and “{known.name}” share the link {target.url}"
                self._add_note(draft.line, message)
        return None

    def _merge(self, known: DraftEntry, other: DraftEntry) -> None:
        self._add_note(other.line, f"“{other.name}” was merged with line {known.line}")
        known.repeat_lines.append(other.line)
        names = {normalize_name(name) for name in (known.name, *known.aliases)}
        for name in (other.name, *other.aliases):
            if normalize_name(name) not in names:
                names.add(normalize_name(name))
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


def _are_one_thing(known: DraftEntry, other: DraftEntry) -> bool:
    """Return whether two drafts with a common link are the same thing.

    They are not if each has a repository, model, dataset or paper that the other does not
    have: sizes of a model in one repository, a model and its data in one paper.
    """
    if known.size and other.size and known.size != other.size:
        return False
    mine, theirs = known.targets.keys(), other.targets.keys()
    for kind in {target.kind for target in mine} - {TargetKind.WEB}:
        ours = {target for target in mine if target.kind is kind}
        others = {target for target in theirs if target.kind is kind}
        if ours and others and ours.isdisjoint(others):
            return False
    if _have_similar_names(known, other):
        return True
    return len(mine) == 1 == len(theirs)


def _drop_shared_aliases(drafts: list[DraftEntry]) -> None:
    """Drop aliases of several drafts: "(MIT)" is where the authors are, not what it is called."""
    users = Counter(name for draft in drafts for name in set(map(normalize_name, draft.aliases)))
    for draft in drafts:
        draft.aliases = [one for one in draft.aliases if users[normalize_name(one)] == 1]


def _distinguish_names(drafts: list[DraftEntry]) -> None:
    """Add to equal names of drafts that share a link what differs: a size, a model."""
    groups: dict[str, list[DraftEntry]] = {}
    for draft in drafts:
        groups.setdefault(normalize_name(draft.name), []).append(draft)
    for group in groups.values():
        uses = Counter(target for draft in group for target in draft.targets)
        for draft in group:
            if any(uses[target] > 1 for target in draft.targets):
                own = next((t for t in draft.targets if uses[t] == 1), None)
                parameters = draft.parameters[0] if draft.parameters else None
                more = draft.size or parameters or (name_from_target(own) if own else None)
                if more:
                    draft.name = f"{draft.name} ({more})"


def _have_similar_names(one: DraftEntry, other: DraftEntry) -> bool:
    """Return whether a name of one draft contains a name of the other."""
    mine = [normalize_name(name) for name in (one.name, *one.aliases)]
    theirs = [normalize_name(name) for name in (other.name, *other.aliases)]
    return any(a and b and (a in b or b in a) for a in mine for b in theirs)


def _is_in_name(one: ItemLink, item: ListItem) -> bool:
    """Return whether a link is at the place of its item's name."""
    return item.name.start <= one.link.full_span.start < max(item.name.end, item.name.start + 1)


def _has_name_text(link: MarkdownLink) -> bool:
    """Return whether a link's text is a name and not a label or a URL."""
    text = link.text
    return bool(text) and text not in (link.written, link.url) and detect_role(text) is None


def _last_url_part(link: MarkdownLink) -> str | None:
    parts = [part for part in re.split(r"[/?#]+", link.intended_url) if part]
    return parts[-1] if len(parts) > 2 else None
