"""Names and repositories that an abstract or a comment of a paper mentions.

They are all that rules need of an abstract, at a tenth of its size.
"""

import re

from linkcheck.matching.stop_words import GENERIC_WORDS, STOP_WORDS

MAX_MENTIONS = 60
_MAX_LENGTH = 80
_REPOSITORY = re.compile(
    r"(?:github\.com|huggingface\.co|gitlab\.com|gitee\.com)/(?:datasets/|spaces/)?"
    r"([\w.\-]+/[\w.\-]*[\w\-])|\b([\w\-]+)\.github\.io\b(/[\w.\-]*[\w\-])?",
    re.IGNORECASE,
)
_URL = re.compile(r"\S*://\S*|\S+\.(?:com|org|io|co)/\S*")
_WORD = re.compile(r"[^\W_][\w.+\-'’]*[^\W_]\+{0,2}|[^\W_]")
_JOINERS = frozenset({"of", "the", "and", "for", "in", "with", "on", "to"})


def find_mentions(*texts: str | None) -> tuple[str, ...]:
    """Return the names in texts (runs of words with a capital letter or a digit) and repositories.

    A repository is given as ``owner/name``. Common words at the start of a sentence do not count.
    """
    found: dict[str, None] = {}
    for text in texts:
        for match in _REPOSITORY.finditer(text or ""):
            owner = match[1] or f"{match[2]}{match[3] or ''}"
            found.setdefault(owner.removesuffix(".git")[:_MAX_LENGTH])
        for name in _names(_URL.sub(" ; ", text or "")):
            found.setdefault(name[:_MAX_LENGTH])
    return tuple(found)[:MAX_MENTIONS]


def _names(text: str) -> list[str]:
    """Return the runs of words that look like names."""
    names: list[str] = []
    run: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        word = match.group()
        if run and text[end : match.start()].strip():
            names += _cut(run)
            run = []
        end = match.end()
        if _is_name_like(word) or (run and word in _JOINERS):
            run.append(word)
        else:
            names += _cut(run)
            run = []
    return names + _cut(run)


def _cut(run: list[str]) -> list[str]:
    """Return a run without common words at its ends, as a list of no or one name."""
    while run and run[0].casefold() in STOP_WORDS:
        run = run[1:]
    while run and run[-1].casefold() in STOP_WORDS:
        run = run[:-1]
    is_name = any(word.casefold() not in GENERIC_WORDS for word in run)
    return [" ".join(run)] if is_name and not all(word.isdigit() for word in run) else []


def _is_name_like(word: str) -> bool:
    return any(c.isupper() or c.isdigit() for c in word) or "-" in word.strip("-")
