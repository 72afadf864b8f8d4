from dataclasses import replace

from linkcheck.engine.identify import SkipReason
from tests.engine.small_catalog import catalog, identified, target


def test_all_spellings_of_a_target_share_one_request() -> None:
    asked = identified(
        catalog(
            {
                "a": {
                    "code": "https://github.com/MedBot/MedBot",
                    "paper": "https://arxiv.org/abs/2303.14070v2",
                },
                "b": {
                    "code": "HTTP://www.GitHub.com/medbot/medbot.git/",
                    "paper": "https://arxiv.org/pdf/2303.14070v1.pdf",
                    "page": "https://lab.example/x#two",
                    "other": "https://lab.example/x#one",
                },
            }
        )
    ).requests
    assert [str(question.target) for question in asked] == [
        "github-repo:medbot/medbot",
        "arxiv:2303.14070",
        "web:https://lab.example/x",
    ]
    assert asked[1].versions == (1, 2)
    assert asked[2].fragments == ("one", "two")


def test_links_that_are_not_checked() -> None:
    read = catalog(
        {
            "a": {
                "mail": "mailto:a@b.example",
                "badge": "https://img.shields.io/github/stars/medbot/medbot",
                "broken": "htps://medbot.example/",
                "words": "coming soon",
            }
        }
    )
    found = identified(read)
    mail, badge, broken, words = (found.identity(link) for link in read.entries[0].links)
    assert found.requests == ()
    assert mail.skip_reason is SkipReason.SCHEME
    assert mail.invalid_reason is None
    assert badge.skip_reason is SkipReason.BADGE
    assert badge.recognized is not None
    assert broken.invalid_reason
    assert broken.repair == "https://medbot.example/"
    assert words.invalid_reason
    assert words.repair is None


def test_a_link_with_a_repair_is_invalid() -> None:
    read = catalog({"a": {"code": "https://github.com/medbot/medbot)和"}})
    link = replace(read.entries[0].links[0], repair="https://github.com/medbot/medbot")
    read = replace(read, entries=(replace(read.entries[0], links=(link,)),))
    found = identified(read).identity(link)
    assert found.recognized is None
    assert found.invalid_reason
    assert found.repair == "https://github.com/medbot/medbot"


def test_recognize_returns_none_for_an_invalid_url() -> None:
    read = identified(catalog({"a": {"x": "https://a.example/"}})).recognize
    assert read("nonsense") is None
    there = read("https://a.example/")
    assert there is not None
    assert there.target == target("https://a.example/")
