"""Escaping of outside text: one function for each medium. HTML is escaped by Jinja's autoescape.

Every function takes any text, also control characters, invisible characters and halves of surrogate
pairs, and returns text that can be encoded as UTF-8.
"""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Joiners (U+200C, U+200D) are not among them: Persian words and emoji need them."""

_MARKDOWN_LINE_START = re.compile(
    r"\s*(?:\d+(?=[.)](?:\s|$))|(?=[-+](?:\s|$)|[-=][-=\s]*$|::))", re.ASCII
)
"""Text before a character that would begin a list item, a heading, a rule or a workflow command."""
_MARKDOWN = re.compile(
    r"(?P<mention>@)"
    r"|(?P<reference>#(?=\d)|\bGH-(?=\d))"
    r"|(?P<scheme>:(?=//))"
    r"|(?P<host>www(?=\.))"
    r"|(?P<entity>[<>&|]|:(?=[\w+-]+:))"
    r"|(?P<special>[\\`*\[\]#~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))",
    re.IGNORECASE,
)
_GAP = "&#8203;"
"""A zero-width space: GitHub looks for mentions, references and addresses in the rendered text."""


def visible_line(text: str) -> str:
    r"""Return one line of visible text, as for a terminal, a title or an annotation.

    Control characters (terminal escapes among them) become ``\xNN``, bidirectional overrides,
    zero-width characters, tag characters and halves of surrogate pairs ``<U+NNNN>``, line breaks
    and tabs spaces.
    """
    text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return _INVISIBLE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)


def escape_markdown(text: str, *, autolinks: bool = False) -> str:
    """Return Markdown that GitHub renders as exactly this text, in a paragraph or a table cell.

    Nothing in it becomes a mention, a reference, an emoji, a workflow command (which begins with
    ``::``) or, without ``autolinks``, a link.
    """

    def escape(match: re.Match[str]) -> str:
        found = match[0]
        match match.lastgroup:
            case "mention":
                return f"&#64;{_GAP}"
            case "reference":
                return f"{found}{_GAP}"
            case "scheme" | "host":
                return found if autolinks else f"{found}{_GAP}"
            case "entity":
                return f"&#{ord(found)};"
            case _:
                return f"\\{found}"

    line = visible_line(text)
    start = _MARKDOWN_LINE_START.match(line)
    head = f"{start[0]}\\" if start else ""
    return head + _MARKDOWN.sub(escape, line[start.end() :] if start else line)


def markdown_code(text: str) -> str:
    """Return the text as a Markdown code span that fits into a table cell; ``–`` for no text.

    A vertical bar becomes a similar character, since it would end the cell. ``##[`` gets a gap: the
    runner of GitHub Actions takes it for a command anywhere in its output.
    """
    line = visible_line(text).replace("|", "\N{DIVIDES}").replace("##[", "##\u200b[")
    if not line.strip():
        return "–"
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def escape_json(text: str) -> str:
    r"""Return JSON text that can be written as UTF-8: halves of surrogate pairs become ``\uNNNN``.

    So does the ``#`` of ``##[``, which the runner of GitHub Actions takes for a command.
    """
    if not text.isascii():
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("##[", "#\\u0023[")


def escape_command_data(text: str) -> str:
    """Return text for the message of a GitHub workflow command.

    Source: ``core/src/command.ts`` of GitHub's actions toolkit.
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_command_property(text: str) -> str:
    """Return text for a property of a GitHub workflow command; see :func:`escape_command_data`."""
    return escape_command_data(text).replace(":", "%3A").replace(",", "%2C")


def escape_csv_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    text = visible_line(text)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text
