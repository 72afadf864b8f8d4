"""The table of rules. A new rule is a module in this package and one line in ``NAMES``.

The names alone cost nothing to import; a rule's module is loaded when it is asked for.
"""

from importlib import import_module

from linkcheck.model.errors import UsageError
from linkcheck.model.rule import Rule

NAMES: tuple[str, ...] = (
    "dead-link",
    "missing-path",
    "invalid-link",
    "broken-local-link",
    "broken-table",
    "moved-link",
    "unreachable-link",
    "insecure-link",
    "archived-repository",
    "disabled-repository",
    "empty-repository",
    "stale-repository",
    "replaced-target",
    "forked-repository",
    "gated-model",
    "missing-model-card",
    "license-mismatch",
    "license-undeclared",
    "license-conflict",
    "base-model-mismatch",
    "withdrawn-paper",
    "title-mismatch",
    "name-mismatch",
    "outdated-version",
    "published-paper",
    "release-date-mismatch",
    "duplicate-entry",
    "duplicate-link",
    "badge-mismatch",
    "invalid-entry",
    "expired-ignore",
    "unused-ignore",
)
"""Every rule, in the order of lists."""


def nearest(name: str) -> str | None:
    """Return the rule name closest to ``name``, if one is close."""
    from difflib import get_close_matches

    matches = get_close_matches(name, NAMES, n=1)
    return matches[0] if matches else None


def validate_rule_names(names: tuple[str, ...], option: str) -> None:
    """Raise :class:`UsageError`, naming ``option`` and the nearest rule, if one is unknown."""
    for name in names:
        if name not in NAMES:
            suggestion = nearest(name)
            hint = (
                f"Did you mean {suggestion}?"
                if suggestion
                else "linkcheck explain lists all rules."
            )
            raise UsageError(f"there is no rule “{name}”", where=option, hint=hint)


def load(name: str) -> Rule:
    """Return a rule by its name. Raises :class:`UsageError` for an unknown name."""
    validate_rule_names((name,), "rule")
    module = import_module(f"linkcheck.rules.{name.replace('-', '_')}")
    rule = module.RULE
    if not isinstance(rule, Rule):
        raise TypeError(f"{module.__name__}.RULE is not a Rule")
    return rule


def all_rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the table."""
    return tuple(load(name) for name in NAMES)
