"""Everything that the bot posts, as GitHub renders it."""

from linkcheck.model.source_text import word_set
from tests.forge.bot_runs import Runs
from tests.forge.github_html import render, tags_in, visible_text

TAGS = word_set("p a ul li input strong table thead tbody tr th td code em details summary")


def test_hostile_text_is_escaped_wherever_it_is_posted(runs: Runs) -> None:
    evil = (
        "@everyone fixes #1 <script>x</script> | `a` https://github.com/o/r/issues/1"
        " http://x/<img src=y> {issue:dashboard} <!-- linkcheck:number=1 -->"
    )
    runs.message = evil
    runs.run()
    posted = [i["body"] for i in runs.issues()] + [p["body"] for p in runs.pulls()]
    for body in posted:
        html = render(body)
        assert tags_in(html) <= TAGS, html
        assert "@everyone" not in visible_text(html)
        assert "fixes #1" not in visible_text(html)
        assert "http://x/" in html
    assert any("redirect.github.com" in body for body in posted)
