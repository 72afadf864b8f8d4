"""Run everything against the sandbox and compare the findings with the planted defects."""

from dataclasses import dataclass, replace

from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.publish import PublishOptions, check_and_publish
from linkcheck.config import Config
from linkcheck.model.result import RunOutcome, RunResult


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """Result of the demo."""

    result: RunResult
    comparison: str
    """Planted defects and whether each was found; plain lines of at most 80 columns."""
    plan: str
    """Issues and pull requests that would have been created."""
    passed: bool
    """Whether every planted defect was found, and no other error."""


def demo(environment: RunEnvironment) -> DemoOutcome:
    """Check the shipped catalog and the planted defects in the sandbox."""
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
        label = "found " if plant in comparison.found else "MISSED"
        lines.append(f"  {label}  {plant.rule:<{width}}  {plant.entry}")
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
