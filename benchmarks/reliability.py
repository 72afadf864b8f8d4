"""Write figures into ``docs/reliability.md``."""

from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reliability.md"


def write_section(name: str, command: str, text: str) -> None:
    """Replace the text between ``<!-- NAME: begin -->`` and ``<!-- NAME: end -->``."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text("utf-8")
    head, _, rest = page.partition(begin)
    _, found, tail = rest.partition(end)
    if not found:
        raise SystemExit(f"{PAGE} has no place for {name} ({begin} … {end})")
    day = datetime.now(UTC).date().isoformat()
    PAGE.write_text(
        f"{head}{begin}\n\nMeasured on {day} by `{command}`.\n\n{text.strip()}\n\n{end}{tail}",
        "utf-8",
    )
    print(f"written into {PAGE.name}: {name}")
