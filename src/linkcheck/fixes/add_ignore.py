"""Add a temporary ignore to an entry or to the configuration, or renew one. Pure.

An ignore of the same rule and link that has a date is renewed by moving that date.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatchcase

from linkcheck.fixes.edits import Loader
from linkcheck.model.action import Change, FileUpdate
from linkcheck.model.entry import Entry, Link
from linkcheck.model.finding import Finding
from linkcheck.model.source_text import SourceText

REASON = "ticked on the dashboard"
_UNTIL = re.compile(r"(?P<key>\buntil[\"']?\s*[:=]\s*[\"']?)\d{4}-\d{2}-\d{2}")


def add_to_entry(source: SourceText, finding: Finding, until: str, loader: Loader) -> str | None:
    """Return the file's text with an ignore added to the finding's entry.

    ``None`` if that is impossible, or if the new text differs in anything else when parsed.
    """
    entries, problems, _ = loader(source)
    entry = next((e for e in entries if e.id == finding.entry), None)
    if entry is None:
        return None
    renewed = _renew_in_entry(source, entry, finding, until)
    if renewed is not None:
        new, new_problems, _ = loader(SourceText(source.file, renewed))
        is_good = len(new_problems) <= len(problems) and _moves_only_dates(entries, new, entry.id)
        return renewed if is_good else None
    for text in _candidate_texts(source, entry, finding, until):
        new, new_problems, _ = loader(SourceText(source.file, text))
        if len(new_problems) <= len(problems) and _adds_only_ignore(
            entries, new, entry.id, finding.rule
        ):
            return text
    return None


def _candidate_texts(source: SourceText, entry: Entry, finding: Finding, until: str) -> list[str]:
    """Return candidates: after the last ignore of the entry, else at the end of the entry."""
    values = [f"rule: {finding.rule}"]
    if finding.url:
        values.append(f"link: {json.dumps(finding.url, ensure_ascii=False)}")
    values += [f"reason: {REASON}", f"until: {until}"]
    last = next((i.span for i in reversed(entry.ignores) if i.span), None)
    if last is not None:
        indent = " " * max(0, last.column - 3)
        return [_insert_lines(source.text, last.end, _item_lines(indent, values))]
    indent = " " * (entry.span.column - 1)
    lines = [f"{indent}ignore:", *_item_lines(f"{indent}  ", values)]
    return [_insert_lines(source.text, entry.span.end, lines)]


def _renew_in_entry(source: SourceText, entry: Entry, finding: Finding, until: str) -> str | None:
    """Return the text with the date of the entry's matching ignore moved; ``None`` without one."""
    links = {finding.url, *(link.role for link in entry.links if _is_link(link, finding))}
    for ignore in entry.ignores:
        if ignore.span is None or ignore.until is None:
            continue
        is_subject = finding.span == ignore.span
        if is_subject or (
            ignore.rule == finding.rule and (not ignore.link or ignore.link in links)
        ):
            return _move_date(source.text, ignore.span.start, ignore.span.end, until)
    return None


def _is_link(link: Link, finding: Finding) -> bool:
    return finding.url in (link.url, link.written)


def _move_date(text: str, start: int, end: int, until: str) -> str | None:
    """Return the text with the date of the ignore between two offsets replaced."""
    match = _UNTIL.search(text, start, end)
    if match is None:
        return None
    return f"{text[: match.end('key')]}{until}{text[match.end() :]}"


def _moves_only_dates(old: Sequence[Entry], new: Sequence[Entry], entry_id: str) -> bool:
    """Return whether the only difference is the date of one entry's ignores."""
    if len(old) != len(new):
        return False
    for before, after in zip(old, new, strict=True):
        same = [(i.rule, i.link, i.url, i.reason) for i in before.ignores] == [
            (i.rule, i.link, i.url, i.reason) for i in after.ignores
        ]
        dates = [i.until for i in before.ignores] == [i.until for i in after.ignores]
        if not same or _without_ignores(before) != _without_ignores(after):
            return False
        if not dates and before.id != entry_id:
            return False
    return True


def _item_lines(indent: str, values: Sequence[str]) -> list[str]:
    return [f"{indent}{'- ' if n == 0 else '  '}{value}" for n, value in enumerate(values)]


def _insert_lines(text: str, at: int, lines: Sequence[str]) -> str:
    """Return the text with lines inserted after the line that contains offset ``at``."""
    newline = "\r\n" if "\r\n" in text else "\n"
    match = re.compile(r"\r?\n").search(text, at)
    end = match.end() if match else len(text)
    before = "" if match else newline
    return text[:end] + before + newline.join(lines) + newline + text[end:]


def _adds_only_ignore(old: Sequence[Entry], new: Sequence[Entry], entry_id: str, rule: str) -> bool:
    """Whether the only difference is one more ignore in one entry."""
    if len(old) != len(new):
        return False
    for before, after in zip(old, new, strict=True):
        more = 1 if before.id == entry_id else 0
        if len(after.ignores) != len(before.ignores) + more or _without_ignores(
            before
        ) != _without_ignores(after):
            return False
        if more and not any(i.rule == rule and i.reason == REASON for i in after.ignores):
            return False
    return True


def _without_ignores(entry: Entry) -> object:
    links = [(link.role, link.url, link.written) for link in entry.links]
    claims = entry.claims
    return entry.id, entry.name, entry.kind, links, claims.released and claims.released.value


def add_to_configuration(text: str, finding: Finding, until: str, *, pyproject: bool) -> str | None:
    """Return a configuration's text with an ignore added or renewed.

    ``None`` if that is impossible.
    """
    for start, end, values in _configured_ignores(text, pyproject=pyproject):
        line = text.count("\n", 0, start) + 1
        is_subject = finding.span.line == line and not finding.url
        if is_subject or _matches_configured(values, finding):
            return _move_date(text, start, end, until)
    if not finding.url:
        return None
    glob = re.sub(r"([\[*?])", r"[\1]", finding.url)
    name = "tool.linkcheck.ignore" if pyproject else "ignore"
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [
        f"[[{name}]]",
        f'rule = "{finding.rule}"',
        f"url = {json.dumps(glob)}",
        f'reason = "{REASON}"',
        f"until = {until}",
    ]
    gap = "" if not text else newline if text.endswith("\n") else newline * 2
    new = text + gap + newline.join(lines) + newline
    return new if _is_valid_configuration(text, new, pyproject=pyproject) else None


def _configured_ignores(
    text: str, *, pyproject: bool
) -> Iterator[tuple[int, int, Mapping[str, object]]]:
    """Yield the place and the values of each ``[[ignore]]`` table."""
    name = r"tool\.linkcheck\.ignore" if pyproject else "ignore"
    for match in re.finditer(
        rf"^\[\[\s*{name}\s*\]\].*?(?=^\s*\[|\Z)", text, re.MULTILINE | re.DOTALL
    ):
        with suppress(tomllib.TOMLDecodeError):
            table = _ignores(match[0], pyproject=pyproject)
            if len(table) == 1 and isinstance(table[0], dict):
                yield match.start(), match.end(), table[0]


def _matches_configured(values: Mapping[str, object], finding: Finding) -> bool:
    """Return whether an ignore of the configuration has a date and is about a finding's link."""
    url = values.get("url")
    return (
        values.get("rule") == finding.rule
        and "until" in values
        and isinstance(url, str)
        and finding.url is not None
        and fnmatchcase(finding.url, url)
    )


def _is_valid_configuration(old: str, new: str, *, pyproject: bool) -> bool:
    try:
        before, after = _ignores(old, pyproject=pyproject), _ignores(new, pyproject=pyproject)
    except (tomllib.TOMLDecodeError, AttributeError, TypeError):
        return False
    return len(after) == len(before) + 1


def _ignores(text: str, *, pyproject: bool) -> list[object]:
    data = tomllib.loads(text.removeprefix("\ufeff"))
    if pyproject:
        data = data.get("tool", {}).get("linkcheck", {})
    return list(data.get("ignore", []))


def propose_ignores(
    findings: Sequence[Finding],
    until: Mapping[str, str],
    texts: Mapping[str, str],
    loader_for: Mapping[str, Loader],
    configuration: FileUpdate,
) -> tuple[tuple[FileUpdate, ...], tuple[Change, ...]]:
    """Return the files with an ignore of each finding, and the changes in them.

    ``until`` holds the last days by fingerprint, ``texts`` the files by name. ``loader_for`` has
    the files whose format can hold an ignore; the other ignores go into ``configuration``, whose
    ``before`` and ``after`` are equal here.
    """
    new_texts = dict(texts)
    changes = []
    # Moving a date shifts no text; the ignores that findings are about are found by their place.
    for finding in sorted(findings, key=lambda finding: finding.url is not None):
        file, last_day = finding.span.file, until[finding.fingerprint]
        text = None
        if file in loader_for and file in new_texts:
            source = SourceText(file, new_texts[file])
            text = add_to_entry(source, finding, last_day, loader_for[file])
        if text is not None:
            new_texts[file] = text
            changes.append(_change(finding, file, last_day))
            continue
        pyproject = configuration.path.endswith("pyproject.toml")
        text = add_to_configuration(configuration.after, finding, last_day, pyproject=pyproject)
        if text is not None:
            configuration = replace(configuration, after=text)
            changes.append(_change(finding, configuration.path, last_day))
    updates = [FileUpdate(file, texts[file], text) for file, text in new_texts.items()]
    updates.append(configuration)
    return tuple(u for u in updates if u.after != u.before), tuple(changes)


def _change(finding: Finding, file: str, until: str) -> Change:
    return Change(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        entry=finding.entry or finding.span.file,
        before=finding.url or finding.rule,
        after=f"ignored until {until} ({file})",
        evidence=finding.message,
        confidence=finding.confidence.value,
    )
