"""Configuration files: values in their final form, and messages that name the key."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from linkcheck.config import HOST, SECTIONS, TOP, Config, find, load
from linkcheck.model.errors import ConfigError


def loaded(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "linkcheck.toml"
    file.write_text(text, encoding="utf-8")
    return load(file)


def test_every_value_reaches_its_settings(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        """
        paths = ["a", "b.md"]
        fail_on = "never"
        store = "s.db"
        max_age = "12h"
        web_max_age = 0
        stale_after = "18mo"
        confirm_failures = 5
        confirm_days = 9.5
        confirm_gone_days = 1
        check_fragments = true
        strict_new_links = true
        exclude = ["https://a.example/*"]
        [rules]
        select = ["dead-link"]
        ignore = ["stale-repository"]
        severity = {dead-link = "warning"}
        [net]
        user_agent = "me"
        concurrency = 7
        deadline = 60
        [hosts."A.example"]
        per_second = 0.5
        attempts = 1
        [forge]
        repo = "o/n"
        max_new_issues = 3
        [[ignore]]
        rule = "dead-link"
        url = "https://a.example/*"
        reason = "known"
        until = 2027-01-31
        [[source]]
        path = "data/*.yaml"
        preset = "best-of"
        fields = {name = "title", links = {code = "github_id -> gh:{}"}}
        """,
    )
    assert (config.run.paths, config.run.fail_on, config.run.store) == (
        ("a", "b.md"),
        "never",
        "s.db",
    )
    history = config.rules.history
    assert (history.max_age, history.web_max_age) == (timedelta(hours=12), timedelta(0))
    assert (history.confirm_failures, history.confirm_days, history.confirm_gone_days) == (
        5,
        9.5,
        1,
    )
    assert config.rules.stale_after == timedelta(days=540)
    assert config.services.check_fragments
    assert config.rules.strict_new_links
    assert config.rules.exclude == ("https://a.example/*",)
    assert (config.rules.select, config.rules.ignore) == (("dead-link",), ("stale-repository",))
    assert config.rules.severity == {"dead-link": "warning"}
    assert (config.net.user_agent, config.net.concurrency, config.net.deadline) == ("me", 7, 60.0)
    limits = config.net.host_limits["a.example"]
    assert (limits.per_second, limits.attempts, limits.concurrency) == (0.5, 1, 4)
    assert (config.forge.repo, config.forge.max_new_issues) == ("o/n", 3)
    [ignore] = config.rules.ignores
    assert (ignore.rule, ignore.url, ignore.reason, ignore.until) == (
        "dead-link",
        "https://a.example/*",
        "known",
        date(2027, 1, 31),
    )
    [source] = config.sources
    assert (source.path, source.preset, source.fields, source.links) == (
        "data/*.yaml",
        "best-of",
        {"name": "title"},
        {"code": "github_id -> gh:{}"},
    )


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("path = ['a']", "unknown key 'path'", "Did you mean 'paths'?"),
        ("zzz = 1", "unknown key 'zzz'", "Known keys: paths"),
        ("[net]\nspeed = 1", "unknown key 'net.speed'", "Known keys: user_agent"),
        ("[hosts.a]\nattempt = 1", "unknown key 'hosts.a.attempt'", "Did you mean 'attempts'?"),
        ("paths = 'a'", "'paths' must be a list of texts", "Catalog files"),
        ("store = ' '", "'store' must be a text in quotes", "The SQLite file"),
        ("fail_on = 'fatal'", "'fail_on' must be one of error, warning", "Lowest severity"),
        ("confirm_failures = 0", "must be a whole number of at least 1", "Runs without"),
        ("confirm_failures = true", "must be a whole number of at least 1", "Runs without"),
        ("confirm_days = -1", "must be a number that is not negative", "Days that"),
        ("max_age = 7", "must be a duration in quotes", "Reuse observations"),
        ("max_age = 'soon'", "'max_age' is wrong: 'soon' is not a duration", "Reuse"),
        ("check_fragments = 1", "must be true or false", "Look for"),
        ("rules = 1", "[rules] must be a table", ""),
        ("hosts = 1", "[hosts] takes tables", ""),
        ("[rules]\nseverity = {dead-link = 'fatal'}", "to one of error, warning, info", "Another"),
        ("[ignore]\nrule = 'x'", "'ignore' must be written as [[ignore]] tables", ""),
        ("[[ignore]]\nrule = 'x'", "an [[ignore]] lacks 'reason'", "Why"),
        (
            "[[ignore]]\nrule = 'x'\nreason = 'y'\nuntil = 'later'",
            "must be a date like",
            "The last",
        ),
        ("[[source]]\npreset = 'best-of'", "a [[source]] lacks 'path'", "File, folder"),
        ("[[source]]\npath = 'a'\nformat = 'csv'", "must be one of yaml, markdown", "How it is"),
        ("[[source]]\npath = 'a'\nfields = 1", "'source.fields' must be a table", "Which"),
        ("[[source]]\npath = 'a'\nfields = {a = 1}", "'source.fields' must be a table of", "Which"),
        ("a = [", "is not valid TOML", ""),
        ("\x00", "is not valid TOML", ""),
    ],
)
def test_an_error_names_the_key_and_what_to_do(
    tmp_path: Path, text: str, message: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")
    assert caught.value.where == str(tmp_path / "linkcheck.toml")


def test_the_documented_defaults_are_the_defaults(tmp_path: Path) -> None:
    texts = {"": TOP, **{name: SECTIONS[name] for name in ("rules", "net", "forge")}}
    lines = []
    for name, keys in texts.items():
        lines.append(f"[{name}]" if name else "")
        for key, described in keys.items():
            try:
                tomllib.loads(f"x = {described.default}")
            except tomllib.TOMLDecodeError:
                assert not described.default.startswith('"')  # words, as for "no limit"
            else:
                lines.append(f"{key} = {described.default}")
    assert len(lines) > 20
    config, defaults = loaded(tmp_path, "\n".join(lines)), Config()
    assert config.run.paths == ("catalog",)  # the command's own default
    assert (config.rules, config.net, config.forge, config.services) == (
        defaults.rules,
        defaults.net,
        defaults.forge,
        defaults.services,
    )
    assert HOST["attempts"].default == str(defaults.net.default_limits.attempts)


def test_the_first_file_counts_and_pyproject_only_with_its_table(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    assert load(None) == Config()
    project = tmp_path / "pyproject.toml"
    project.write_text("[tool.other]\nx = 1\n")
    assert find(tmp_path) is None
    project.write_text("[tool.linkcheck]\nfail_on = 'info'\n")
    assert find(tmp_path) == project
    assert load(project).run.fail_on == "info"
    first = tmp_path / "linkcheck.toml"
    first.write_text("")
    assert find(tmp_path) == first


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufefffail_on = 'info'").run.fail_on == "info"


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff", "is not UTF-8"), (None, "cannot be read")]
)
def test_an_unreadable_file_is_an_error(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    file = tmp_path / "linkcheck.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        load(file)
