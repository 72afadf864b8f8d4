"""The demo: the whole job in the sandbox, and what was found against what was planted."""

from dataclasses import dataclass, replace

from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.publish import PublishOptions, check_and_publish
from linkcheck.config import Config
from linkcheck.model.result import RunOutcome, RunResult


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What came of the demo."""

    result: RunResult
    comparison: str
    """What was planted, what was found; plain lines of at most 80 columns."""
    plan: str
    """The issues and pull requests that it would have made, in words."""
    passed: bool
    """Whether everything planted was found and nothing else was called an error."""


def demo(environment: RunEnvironment) -> DemoOutcome:
    """Check the shipped catalog and the planted defects in the sandbox; compare."""
    from linkcheck import sandbox

    options = RunOptions(sandbox=True)
    publish = PublishOptions(issues=True, pulls=True, dry_run=True, repository="your/catalog")
    published = check_and_publish(options, publish, Config(), replace(environment, env={}))
    result = published.result
    rules = [rule.name for rule in result.rules]
    comparison = sandbox.compare(result.findings, rules)
    lines = ["What was planted in the demo, and whether it was found:", ""]
    width = max(len(plant.rule) for plant in sandbox.seeded_defects())
    for plant in sandbox.seeded_defects():
        if plant in comparison.untested:
            continue
        mark = "found " if plant in comparison.found else "MISSED"
        lines.append(f"  {mark}  {plant.rule:<{width}}  {plant.entry}")
    total = len(comparison.found) + len(comparison.missed)
    lines.append("")
    lines.append(f"{len(comparison.found)} of {total} planted defects found;")
    lines.append(f"{len(comparison.unexpected)} errors that nobody planted.")
    lines.extend(f"  unexpected: {f.rule} in {f.entry}" for f in comparison.unexpected)
    complete = result.outcome is RunOutcome.COMPLETE
    defect = any(notice.defect for notice in result.notices)
    plan = "\n".join([*published.summary, *published.problems])
    return DemoOutcome(
        result, "\n".join(lines), plan, comparison.passed and complete and not defect
    )
