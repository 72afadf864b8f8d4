from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from linkcheck.engine.evaluate import Evaluation, evaluate
from linkcheck.model.entry import Ignore, Link
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import Evidence, Status
from linkcheck.model.rule import EntryView, Rule, RuleContext, RuleScope
from linkcheck.model.settings import RuleSettings
from linkcheck.model.target import Target
from linkcheck.rules.table import all_rules
from tests.engine.small_catalog import NOW, catalog, gone, identified, known, silent, there

DEAD, ALIVE = "https://dead.example/", "https://alive.example/"
ENTRIES = {"one": {"homepage": DEAD, "code": "gh:medbot/medbot"}, "two": {"homepage": ALIVE}}
EVIDENCE = known(gone(DEAD), there(ALIVE), there("gh:medbot/medbot"))


def run(
    settings: RuleSettings | None = None,
    *,
    rules: tuple[Rule, ...] | None = None,
    evidence: dict[Target, Evidence] | None = None,
    entries: dict[str, dict[str, str]] | None = None,
    settled: bool = True,
    whole: bool = True,
    **ignores: tuple[Ignore, ...],
) -> Evaluation:
    read = catalog(entries or ENTRIES, **ignores)
    return evaluate(
        read,
        identified(read),
        EVIDENCE if evidence is None else evidence,
        all_rules() if rules is None else rules,
        settings or RuleSettings(),
        NOW,
        all_checked=settled,
        all_inputs=whole,
    )


def names(result: Evaluation) -> list[str]:
    return [finding.rule for finding in result.findings]


def test_views_carry_status_and_evidence() -> None:
    result = run()
    statuses = {view.link.url: view.status for entry in result.entries for view in entry.links}
    assert statuses == {DEAD: Status.DEAD, ALIVE: Status.ALIVE, "gh:medbot/medbot": Status.ALIVE}
    assert names(result) == ["dead-link"]
    assert result.notices == ()


def test_select_ignore_and_severity() -> None:
    assert names(run(RuleSettings(select=("moved-link",)))) == []
    assert names(run(RuleSettings(ignore=("dead-link",)))) == []
    softer = run(RuleSettings(severity={"dead-link": "warning"}))
    assert [finding.severity for finding in softer.findings] == [Severity.WARNING]


def _broken(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    raise ZeroDivisionError(f"cannot judge {view.entry.id}")


BROKEN = Rule("broken-rule", Severity.ERROR, "always", scope=RuleScope.ENTRY, check=_broken)


def test_a_rule_that_raises_is_reported_once_and_others_run() -> None:
    result = run(rules=(BROKEN, *all_rules()))
    assert names(result) == ["dead-link"]
    (notice,) = result.notices
    assert notice.defect
    assert "the rule broken-rule failed on entry “one” and 1 more" in notice.message
    assert "ZeroDivisionError: cannot judge one" in notice.message


def test_order_does_not_depend_on_the_order_of_rules() -> None:
    url = "http://github.com/medbot/gone"
    entries = {"b": {"x": url, "y": "htps://z.example/"}, "a": {"x": DEAD}}
    evidence = known(gone(url), gone(DEAD))
    forwards = run(entries=entries, evidence=evidence)
    backwards = run(entries=entries, evidence=evidence, rules=tuple(reversed(all_rules())))
    assert forwards.findings == backwards.findings
    assert [finding.span.line for finding in forwards.findings] == [1, 2, 3]


@pytest.mark.parametrize("link", [None, "homepage", DEAD, "HTTPS://dead.example"])
def test_an_entry_ignore_by_rule_role_url_or_target(link: str | None) -> None:
    result = run(one=(Ignore("dead-link", "known", link=link),))
    assert names(result) == []
    assert [finding.rule for finding in result.suppressed] == ["dead-link"]


def test_an_ignore_for_something_else_matches_nothing() -> None:
    other_link = run(one=(Ignore("dead-link", "known", link="code"),))
    assert names(other_link) == ["dead-link", "unused-ignore"]
    other_entry = run(two=(Ignore("dead-link", "known"),))
    assert sorted(names(other_entry)) == ["dead-link", "unused-ignore"]


def test_a_configured_ignore_by_glob() -> None:
    hit = RuleSettings(ignores=(Ignore("dead-link", "known", url="https://dead.*"),))
    assert names(run(hit)) == []
    miss = RuleSettings(ignores=(Ignore("dead-link", "known", url="https://other.*"),))
    assert names(run(miss)) == ["dead-link", "unused-ignore"]
    assert names(run(miss, whole=False)) == ["dead-link"]


def test_an_expired_ignore_is_reported_and_matches_nothing() -> None:
    yesterday = NOW.date() - timedelta(days=1)
    result = run(one=(Ignore("dead-link", "known", until=yesterday),))
    assert sorted(names(result)) == ["dead-link", "expired-ignore"]
    assert names(run(one=(Ignore("dead-link", "known", until=NOW.date()),))) == []
    assert names(run(one=(Ignore("dead-link", "known", until=date(2099, 1, 1)),))) == []


def test_an_ignore_is_unused_only_if_its_rule_could_have_fired() -> None:
    ignore = Ignore("dead-link", "flaky", link="homepage")
    assert names(run(two=(ignore,), entries=ENTRIES)).count("unused-ignore") == 1
    unknown = {**EVIDENCE, **known(silent(ALIVE))}
    assert "unused-ignore" not in names(run(two=(ignore,), evidence=unknown))
    not_asked = {t: e for t, e in EVIDENCE.items() if "alive" not in t.key}
    assert "unused-ignore" not in names(run(two=(ignore,), evidence=not_asked))
    assert "unused-ignore" not in names(run(two=(ignore,), settled=False))
    not_run = RuleSettings(ignore=("dead-link",))
    assert "unused-ignore" not in names(run(not_run, two=(ignore,)))


def test_new_links_are_checked_more_strictly() -> None:
    read = catalog({"one": {"homepage": DEAD}})
    evidence = known(silent(DEAD))
    links = frozenset(read.entries[0].links)

    def judged(settings: RuleSettings, new_links: frozenset[Link] = links) -> tuple[Finding, ...]:
        return evaluate(
            read, identified(read), evidence, all_rules(), settings, NOW, new_links=new_links
        ).findings

    assert judged(RuleSettings(), frozenset()) == ()
    assert [f.severity for f in judged(RuleSettings())] == [Severity.WARNING]
    assert [f.severity for f in judged(RuleSettings(strict_new_links=True))] == [Severity.ERROR]
