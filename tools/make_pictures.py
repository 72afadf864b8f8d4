"""Make the pictures of the README and the documentation from a run against the sandbox.

    python tools/make_pictures.py            write docs/images/terminal.svg, report.png, data.sha256
    python tools/make_pictures.py --check    fail if they are out of date

The page's picture needs Chromium and Playwright (``pip install -e '.[browser]'``). The check needs
neither: it compares the digest of their data.
"""

import hashlib
import os
import re
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from linkcheck import app
from linkcheck.config import Config
from linkcheck.model.result import RequestCount, RunResult
from linkcheck.model.run_history import History, Lifetime, RunSummary
from linkcheck.report import OutputCapabilities, get_renderer

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
CATALOG = "docs/images/catalog.yaml"
DIGEST = IMAGES / "data.sha256"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WIDTH = 92


def result() -> RunResult:
    """Return the run for the pictures, with constant times."""
    settings = replace(Config(), file=None)
    around = app.RunEnvironment(ROOT, now=lambda: NOW)
    made = app.run_check(app.RunOptions((CATALOG,), sandbox=True), settings, around)
    return replace(
        made,
        version="0",
        finished_at=NOW + timedelta(seconds=2),
        requests=RequestCount(3, {"api.github.com": 1, "huggingface.co": 2}),
        rules=tuple(replace(rule, page="") for rule in made.rules),
        history=None,
        arguments=("--sandbox", CATALOG),
    )


def digest(of: RunResult) -> str:
    """Return the digest of the pictures' data."""
    text = get_renderer("text")(of, OutputCapabilities(width=WIDTH, verbose=True))
    return hashlib.sha256(text.encode()).hexdigest()


def terminal(of: RunResult) -> str:
    """Return the text report as SVG, without the web font that rich would have it load."""
    from rich._export_format import CONSOLE_SVG_FORMAT
    from rich.console import Console
    from rich.text import Text

    report = get_renderer("text")(of, OutputCapabilities(width=WIDTH, color=True))
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True)
        console.print(Text.from_ansi(f"$ linkcheck run --sandbox {CATALOG}\n\n{report.rstrip()}"))
    template = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    template = template.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
    svg = console.export_svg(title="linkcheck run", code_format=template, unique_id="linkcheck")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def page(of: RunResult) -> bytes:
    """Return a screenshot of the HTML report, with a made-up history for the plots."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    runs = tuple(
        RunSummary(
            NOW - timedelta(weeks=20 - n), {"alive": 6 - n // 7, "moved": n // 9, "dead": n // 7}
        )
        for n in range(20)
    )
    lives = tuple(Lifetime(20.0 + n * 6, ended=n % 6 == 1) for n in range(60))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        text = get_renderer("html")(replace(of, history=History(runs, lives)), OutputCapabilities())
        file.write_text(text, encoding="utf-8")
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        view = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        view.goto(file.as_uri())
        picture: bytes = view.screenshot()
        browser.close()
    return picture


def main() -> int:
    """Write the pictures, or with ``--check`` compare their digest."""
    made = result()
    now = f"{digest(made)}\n"
    if "--check" in sys.argv[1:]:
        if DIGEST.is_file() and DIGEST.read_text("ascii") == now:
            return 0
        sys.stderr.write("The pictures are out of date: run python tools/make_pictures.py\n")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / "terminal.svg").write_text(terminal(made), encoding="utf-8", newline="\n")
    (IMAGES / "report.png").write_bytes(page(made))
    DIGEST.write_text(now, encoding="ascii", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
