"""Outside text made safe to show, for each medium its own way."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def plain(text: str) -> str:
    r"""Return one line of visible text.

    Control characters (terminal escapes among them) become ``\xNN`` notations, bidirectional
    overrides, zero-width and tag characters and halves of surrogate pairs ``<U+NNNN>``, and line
    breaks and tabs spaces.
    """
    text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return _INVISIBLE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)


def json_text(text: str) -> str:
    """Return JSON text that can be written as UTF-8: halves of surrogate pairs as escapes.

    So is ``##[``, which the runner of GitHub Actions takes for a command wherever it stands.
    """
    if not text.isascii():
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("##[", "#\\u0023[")


_MARKDOWN = re.compile(r"://|\bwww\.|\bGH-|[\\`*_{}\[\]()#+!|~$<>&:@-]", re.IGNORECASE)
_ENTITIES = {
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    ":": "&#58;",
    # GitHub looks for mentions, references and addresses in the text as it is shown, where an
    # entity is no hindrance; a zero-width space is.
    "@": "&#64;&#8203;",
    "#": "&#35;&#8203;",
    "://": "&#58;&#8203;//",
}


def markdown(text: str) -> str:
    """Return text that GitHub's Markdown shows as it is, in a paragraph or a table cell.

    Every character with a meaning is escaped, and nothing becomes a mention, a reference, an emoji
    or a bare link.
    """

    def escape(match: re.Match[str]) -> str:
        found = match[0]
        if found in _ENTITIES:
            return _ENTITIES[found]
        if len(found) > 1:
            # ``www.`` and ``GH-``
            return f"{found[:-1]}&#8203;\\{found[-1]}"
        return f"\\{found}"

    return _MARKDOWN.sub(escape, plain(text))


def code(text: str) -> str:
    """Return the text as a Markdown code span, safe in a table cell.

    ``##[`` is pulled apart: the runner of GitHub Actions takes it for a command wherever it stands.
    """
    text = plain(text).replace("|", "\N{DIVIDES}").replace("##[", "##\u200b[") or " "
    runs = [len(run) for run in re.findall(r"`+", text)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def command_data(text: str) -> str:
    """Return text for the message part of a GitHub workflow command.

    Source: ``core/src/command.ts`` of GitHub's actions toolkit.
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Return text for a property of a GitHub workflow command."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def csv_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    text = plain(text)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text
