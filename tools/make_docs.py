"""Write the generated pages of the documentation.

Run ``python tools/make_docs.py`` after a change to a rule, a configuration key or an input of the
Action; a test fails otherwise.
"""

from collections.abc import Mapping
from pathlib import Path

import yaml

from linkcheck import __version__, config
from linkcheck.rules._pages import index, page
from linkcheck.rules.table import all_rules

ROOT = Path(__file__).resolve().parent.parent


def pages() -> dict[str, str]:
    """Return every generated page by its path in the project."""
    rules = all_rules()
    made = {f"docs/rules/{rule.name}.md": page(rule) for rule in rules}
    made["docs/rules/README.md"] = index(rules)
    made["docs/configuration.md"] = configuration()
    made["docs/action.md"] = action((ROOT / "action.yml").read_text("utf-8"))
    return made


_SECTIONS = {
    "rules": ("[rules]", "Which rules run, and how severe they are."),
    "net": ("[net]", "How the network is used."),
    "forge": ("[forge]", "What the bot may do on GitHub."),
    "source": ("[[source]]", "Other people's layouts; one table for each source."),
    "ignore": ("[[ignore]]", "Findings to silence over all entries; one table for each."),
}


def configuration() -> str:
    """Return the page on the configuration, from the tables that also parse it."""
    parts = [
        "# Configuration",
        "",
        "linkcheck reads "
        + ", else ".join(f"`{name}`" for name in config.FILES)
        + " (there `[tool.linkcheck]`) in the folder it runs in, or the file named by `--config`. "
        "All keys may be left out. An unknown key is an error that names the nearest known one.",
        "",
        "```toml",
        'paths = ["catalog"]',
        'stale_after = "3y"',
        "",
        "[rules]",
        'ignore = ["stale-repository"]',
        "",
        '[hosts."export.arxiv.org"]',
        "concurrency = 1",
        "```",
        "",
        "## At the top",
        "",
        *_keys(config.TOP),
    ]
    for name, keys in config.SECTIONS.items():
        title, words = _SECTIONS[name]
        parts += ["", f"## `{title}`", "", words, "", *_keys(keys)]
    parts += ["", '## `[hosts."NAME"]`', "", "Limits for one host.", "", *_keys(config.HOST), ""]
    return "\n".join(parts)


def _keys(keys: Mapping[str, config.ConfigKey]) -> list[str]:
    rows = [
        f"| `{name}` | {_cell(key.help)} | `{_cell(key.default)}` |" for name, key in keys.items()
    ]
    return ["| key | meaning | default |", "|---|---|---|", *rows]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def action(source: str) -> str:
    """Return the page on the Action, from ``action.yml``."""
    about = yaml.safe_load(source)
    inputs = [
        f"| `{name}` | {_cell(what['description'])} | {_default(what.get('default'))} |"
        for name, what in about["inputs"].items()
    ]
    outputs = [
        f"| `{name}` | {_cell(what['description'])} |" for name, what in about["outputs"].items()
    ]
    return "\n".join(
        [
            "# The Action",
            "",
            about["description"],
            "",
            "`linkcheck init` writes workflows with it into a repository: one that looks at what a",
            "pull request changes, and one that looks at the whole catalog every week.",
            "",
            "```yaml",
            "- uses: actions/checkout@v7",
            f"- uses: linkcheck/linkcheck@v{__version__} # better: a commit",
            "  with:",
            "    issues: true",
            "    pulls: true",
            "```",
            "",
            "On a pull request only what the change adds or alters is reported, as annotations on",
            "its lines. A run that could not tell (exit code 3) writes nothing to the repository.",
            "",
            "## Inputs",
            "",
            "| input | meaning | default |",
            "|---|---|---|",
            *inputs,
            "",
            "## Outputs",
            "",
            "| output | meaning |",
            "|---|---|",
            *outputs,
            "",
            "[Where it runs](ci.md) tells what each permission is for, what a token brings, and",
            "how it goes on GitLab, with cron and before a commit; [silencing](silencing.md), what",
            "to do about a false alarm.",
            "",
            "What it keeps between runs (observations, the last result) lies in the cache of the",
            "repository's workflows. [Reading the dashboard](dashboard.md) tells what `issues`",
            "does.",
            "",
        ]
    )


def _default(value: object) -> str:
    return f"`{value}`" if value not in (None, "") else ""


def main() -> None:
    """Write all pages, and remove those of former rules."""
    made = pages()
    for path, text in made.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8", newline="\n")
    for old in (ROOT / "docs/rules").glob("*.md"):
        if old.relative_to(ROOT).as_posix() not in made:
            old.unlink()


if __name__ == "__main__":
    main()
