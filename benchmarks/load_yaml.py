"""Measure the time to load YAML catalogs, and its growth with their size.

Run it as ``python benchmarks/load_yaml.py``. Ends with exit code 1 when 10,000 entries take three
seconds of CPU time or more.
"""

import sys
import time

from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.model.source_text import SourceText

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000)
LIMIT = (10_000, 3.0)
"""Number of entries and maximum CPU seconds."""

ENTRY = """\
- id: system-{n}
  name: System {n}
  aliases: [系统{n}, "Sys {n}"]
  kind: model
  released: 2023-03-24
  license: Apache-2.0
  base_models: [LLaMA-7B]
  datasets: [A, B]
  parameters: 7B
  institutions: [Somewhere]
  languages: [zh, en]
  links:
    paper: https://arxiv.org/abs/2303.{n:05}
    code: https://github.com/owner/system-{n}
    model: hf:owner/system-{n}
  listed_in: [one-list]
  notes: One sentence.
"""


def main() -> int:
    """Print one line for each size; return the exit code."""
    worst = 0
    print(f"{'entries':>8} {'MB':>6} {'CPU s':>7} {'µs each':>8}")
    for size in SIZES:
        text = "\n".join(ENTRY.format(n=n) for n in range(size))
        start = time.process_time()
        entries, problems, _ = load_yaml(SourceText("catalog.yaml", text))
        seconds = time.process_time() - start
        if len(entries) != size or problems:
            print("the catalog was not read as it should be")
            return 1
        print(f"{size:>8} {len(text) / 1e6:>6.1f} {seconds:>7.2f} {seconds / size * 1e6:>8.0f}")
        if size == LIMIT[0] and seconds >= LIMIT[1]:
            worst = 1
    return worst


if __name__ == "__main__":
    sys.exit(main())
