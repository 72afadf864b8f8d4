"""Measure the time to read Markdown, and its growth with the size of the text.

Run ``python benchmarks/extraction.py``. Prints CPU seconds for a list of 5,000 links in one
megabyte, and for adversarial texts of two sizes: in linear time, four times the text takes about
four times as long.
"""

import sys
import time

from linkcheck.markdown.entries import load_markdown
from linkcheck.model.source_text import SourceText

HURTFUL = {
    "open brackets": "[",
    "open parentheses": "(",
    "less-than signs": "<",
    "stars": "*",
    "stars in words": "a**b ",
    "backticks": "`",
    "backticks in pairs": "`a``b",
    "nested quotes": "> ",
    "nested lists": "1. ",
    "links without end": "[a](",
    "addresses without end": "[a](http://aaa\n",
    "images without end": "![",
    "comments without end": "<!-- ",
    "tags without end": "<a href='",
    "dollars": "$",
    "footnotes": "[^a]",
    "bare schemes": "http://a",
    "bare addresses glued by full stops": "http://a.b。",
    "bare addresses with Chinese behind": "http://a.b/c中",
    "www": "www.",
    "underscores before www": "_www.a_",
    "brackets set apart": "] (",
    "one name over and over": "- [a](http://b.example)\n",
    "headings": "# a [b](http://c.example)\n",
    "bold lines": "**a b**\n\n[Paper](http://c.example)\n\n",
    "ignore comments": "<!-- linkcheck-ignore: dead-link why -->\n\n",
    "html items": "<li><a href=x>y</a>",
}


def ordinary(links: int) -> str:
    """Return a list of items of about 215 bytes each."""
    filler = "words about what it is, in **bold** and `code`, " * 3
    return "".join(
        f"- [Name {n}](https://github.com/owner/name-{n}) - 中文描述 {filler}and an end of it.\n"
        for n in range(links)
    )


def cpu_seconds(text: str) -> float:
    """Return the CPU seconds that reading the text takes."""
    start = time.process_time()
    load_markdown(SourceText("list.md", text))
    return time.process_time() - start


def main(megabytes: float) -> None:
    """Print the table; ``megabytes`` is the larger size of the adversarial texts."""
    cpu_seconds(ordinary(10))
    for links in (1250, 2500, 5000, 10_000):
        text = ordinary(links)
        size = len(text.encode()) / 1e6
        print(f"{size:6.2f} MB with {links:6,} links: {cpu_seconds(text):6.2f} s")
    print()
    print(f"{'made to hurt':36} {megabytes / 4:5.2f} MB {megabytes:5.2f} MB  growth (4 = linear)")
    for name, unit in HURTFUL.items():
        sizes = [int(megabytes * 1e6 / 4), int(megabytes * 1e6)]
        small, large = (cpu_seconds(unit * (size // len(unit.encode()))) for size in sizes)
        growth = f"{large / small:4.1f}" if small > 0.005 else "   -"
        print(f"{name:36} {small:6.2f} s {large:6.2f} s  {growth}", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
