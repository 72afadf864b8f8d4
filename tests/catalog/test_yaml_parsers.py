"""Without libyaml the same file gives the same entries."""

import subprocess
import sys

PROGRAM = """
import sys
if {block}:
    sys.modules["yaml._yaml"] = None
from linkcheck.catalog import yaml_nodes
from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.model.source_text import SourceText
text = sys.stdin.buffer.read().decode()
entries, problems, skipped = load_yaml(SourceText("f", text))
print(entries, [(p.span, p.entry) for p in problems], skipped)
print(yaml_nodes._Parser.__module__, file=sys.stderr)
"""

TEXT = """\ufeff# comment\r
- id: x
  name: "华𝒳 \\"佗\\""
  kind: tool
  links:
    code: gh:a/b  # why
    home: [ 'https://a' , "https://b" ]
    more: >-
      https://c

    last: |
      https://d
  notes: &n it's
- id: broken
  name: 'x
- <<: {id: y, name: y}
  kind: tool
  size: [
"""


def run(*, block: bool, text: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(block=block)],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode(), done.stderr.decode().strip()


def test_both_parsers_agree() -> None:
    fast, fast_parser = run(block=False, text=TEXT)
    slow, slow_parser = run(block=True, text=TEXT)
    assert slow_parser == "linkcheck.catalog.yaml_nodes"
    assert fast_parser in ("yaml._yaml", "linkcheck.catalog.yaml_nodes")
    assert "'x'" in fast
    assert slow == fast


def test_the_slow_parser_has_the_same_limits() -> None:
    for text in ("- " * 100_000, "[" * 100_000, "- &a [*a]"):
        assert "Span" in run(block=True, text=text)[0]
