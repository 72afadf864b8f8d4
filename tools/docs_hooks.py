"""What mkdocs needs to be told of this project."""

import re
from typing import Any

_OUTSIDE = re.compile(r"\]\((?:\.\./)+((?!docs/)[^)\s]+)\)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:  # noqa: ARG001
    """Point links that leave the documentation at the repository, where they lead on GitHub too."""
    depth = page.file.src_uri.count("/")

    def outside(match: re.Match[str]) -> str:
        ups = match[0].count("../")
        if ups <= depth:
            return match[0]
        return f"]({config.repo_url}/blob/HEAD/{match[1]})"

    return _OUTSIDE.sub(outside, markdown)
