"""The part of GitHub's expression language that our workflows use.

Source: GitHub's documentation of expressions: literals, contexts, ``! == != && ||``, status
functions. What is not known here is an error, so that a workflow cannot outgrow the harness.
"""

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+)|(?P<name>[A-Za-z_][\w.-]*)"
    r"|(?P<sign>==|!=|&&|\|\||[!()]))"
)
_EMBEDDED = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


class _Reader:
    def __init__(self, text: str, contexts: Mapping[str, Any], status: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        position = 0
        text = text.strip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise ValueError(f"not understood: {text[position:]!r}")
            self.tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            position = match.end()
        self.contexts = contexts
        self.status = status

    def take(self, *signs: str) -> str | None:
        if self.tokens and self.tokens[0][0] == "sign" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return None

    def either(self) -> Any:
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.equal()
        while self.take("&&"):
            other = self.equal()
            value = value and other
        return value

    def equal(self) -> Any:
        value = self.single()
        while sign := self.take("==", "!="):
            same = as_text(value).lower() == as_text(self.single()).lower()
            value = same if sign == "==" else not same
        return value

    def single(self) -> Any:
        if self.take("!"):
            return not self.single()
        if self.take("("):
            value = self.either()
            assert self.take(")"), "a bracket is not closed"
            return value
        kind, token = self.tokens.pop(0)
        if kind == "text":
            return token[1:-1].replace("''", "'")
        if kind == "number":
            return int(token)
        if self.take("("):
            assert self.take(")"), f"{token}() takes nothing here"
            return {
                "always": True,
                "success": self.status == "success",
                "failure": self.status == "failure",
                "cancelled": False,
            }[token]
        if token in ("true", "false"):
            return token == "true"
        context: Any = self.contexts
        for part in token.split("."):
            context = context.get(part) if isinstance(context, Mapping) else None
        return context


def as_text(value: Any) -> str:
    """Return a value as it appears in a string."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def evaluate(text: str, contexts: Mapping[str, Any], status: str = "success") -> Any:
    """Return the value of one expression, with or without its braces."""
    whole = _EMBEDDED.fullmatch(text.strip())
    reader = _Reader(whole[1] if whole else text, contexts, status)
    value = reader.either()
    assert not reader.tokens, f"left over: {reader.tokens}"
    return value


def fill(text: Any, contexts: Mapping[str, Any]) -> str:
    """Return a workflow's value with its expressions replaced."""
    return _EMBEDDED.sub(lambda m: as_text(evaluate(m[1], contexts)), as_text(text))
