"""Write the pages of the documentation that are made from the code.

Run ``python tools/make_docs.py`` after a change to a rule; a test says when it was forgotten.
"""

from pathlib import Path

from linkcheck.rules.pages import index, page
from linkcheck.rules.table import all_rules

ROOT = Path(__file__).resolve().parent.parent


def pages() -> dict[str, str]:
    """Return every generated page by its path in the project."""
    rules = all_rules()
    made = {f"docs/rules/{rule.name}.md": page(rule) for rule in rules}
    made["docs/rules/README.md"] = index(rules)
    return made


def main() -> None:
    """Write all pages, and remove those of rules that are gone."""
    made = pages()
    for path, text in made.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8", newline="\n")
    for old in (ROOT / "docs/rules").glob("*.md"):
        if old.relative_to(ROOT).as_posix() not in made:
            old.unlink()


if __name__ == "__main__":
    main()
