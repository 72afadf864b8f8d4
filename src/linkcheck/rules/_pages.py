"""Render the documentation page of a rule: docstring, properties and examples."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from linkcheck.model.facts import Facts, PathFacts
from linkcheck.model.observation import Found, Gone, Observation, Unknown
from linkcheck.model.rule import Example, Rule
from linkcheck.model.wording import format_date


def page(rule: Rule) -> str:
    """Return a rule's page as Markdown; ends with a line break."""
    title, _, body = rule.page.strip().partition("\n")
    parts = [
        f"# {rule.name}",
        title.strip(),
        _properties(rule),
        body.strip(),
        "## Examples",
        "Judged on 15 June 2026.",
    ]
    parts += [_example(example) for example in rule.examples]
    return "\n\n".join(parts) + "\n"


def index(rules: tuple[Rule, ...]) -> str:
    """Return the list of all rules as Markdown; ends with a line break."""
    lines = [
        "# Rules",
        "",
        "| rule | severity | fires when | fix | offline |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| [`{rule.name}`]({rule.name}.md) | {rule.severity} | {rule.summary} "
        f"| {'yes' if rule.fixable else ''} | {'yes' if rule.offline else ''} |"
        for rule in rules
    ]
    return "\n".join(lines) + "\n"


def _properties(rule: Rule) -> str:
    needs = "the files alone" if rule.offline else "what the services said"
    fix = "offers one" if rule.fixable else "none"
    return f"| severity | fix | needs |\n|---|---|---|\n| {rule.severity} | {fix} | {needs} |"


def _example(example: Example) -> str:
    verdict = "Reported" if example.finds else "Not reported"
    parts = [f"### {verdict}: {example.title}", _fenced(example.catalog, example.format)]
    if example.files is not None:
        parts.append("Files: " + ", ".join(f"`{name}`" for name in example.files))
    if example.observed:
        parts.append("What is known:")
        parts.append("\n".join(_observations(url, seen) for url, seen in example.observed.items()))
    if example.fixed is not None:
        parts.append("After the fix:")
        parts.append(_fenced(example.fixed, example.format))
    return "\n\n".join(parts)


def _fenced(text: str, language: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _observations(url: str, seen: tuple[Observation, ...] | Observation) -> str:
    observations = seen if isinstance(seen, tuple) else (seen,)
    lines = [f"- `{url}`"]
    lines += [
        f"    - {format_date(observation.at)}: {_describe_outcome(observation)}"
        for observation in observations
    ]
    return "\n".join(lines)


def _describe_outcome(observation: Observation) -> str:
    match observation.outcome:
        case Found(facts=facts, now_at=now_at, permanent=permanent):
            where = ""
            if now_at:
                where = f" at `{now_at}` ({'for good' if permanent else 'for now'})"
            facts_text = ", ".join(_describe_facts(facts))
            return f"there{where}{'; ' if facts_text else ''}{facts_text}"
        case Gone(reason=reason):
            return f"{str(reason).replace('-', ' ')}, says its own service"
        case Unknown(reason=reason, detail=detail):
            return f"no answer to judge by: {str(reason).replace('-', ' ')} ({detail})"


def _describe_facts(facts: Facts) -> Iterator[str]:
    if isinstance(facts, PathFacts):
        yield "the path is there" if facts.exists else "the path is not there"
        if facts.suggested_url:
            yield f"but it is at `{facts.suggested_url}`"
        return
    for field in fields(facts):
        value = getattr(facts, field.name)
        if value is None or value == ():
            continue
        text = format_date(value) if isinstance(value, datetime) else value
        yield f"{field.name.replace('_', ' ').removesuffix(' at')}: {text}"
