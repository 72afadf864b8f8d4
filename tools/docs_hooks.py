"""Hooks for mkdocs."""

import re
from typing import Any

_OUTSIDE = re.compile(r"\]\((?:\.\./)+((?!docs/)[^)\s]+)\)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:  # noqa: ARG001
    """Point links out of the documentation to the repository on GitHub."""
    depth = page.file.src_uri.count("/")

    def outside(match: re.Match[str]) -> str:
        ups = match[0].count("../")
        if ups <= depth:
            return match[0]
        return f"]({config.repo_url}/blob/HEAD/{match[1]})"

    return _OUTSIDE.sub(outside, markdown)
