"""What is new may not be there yet."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from linkcheck.engine.evaluate import build_views
from linkcheck.engine.link_status import link_status
from linkcheck.engine.recency import date_in_doi
from linkcheck.model.entry import Claim, Claims, Link
from linkcheck.model.facts import PaperFacts
from linkcheck.model.observation import Gone, GoneReason, Observation, Status
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.providers.table import recognize
from tests.engine.small_catalog import NOW, catalog, gone, history, identified, silent, there

SETTINGS = ConfirmationSettings()
THIS_MONTH, LAST_MONTH = "https://arxiv.org/abs/2606.01234", "https://arxiv.org/abs/2605.01234"
OLDER = "https://arxiv.org/abs/2604.01234"
UNDATED = "https://doi.org/10.1000/none"


def status(url: str, *observations: Observation, recent: bool = False) -> Status:
    evidence = history(*observations)
    return link_status(recognize(url), evidence, SETTINGS, NOW, recognize, is_recent=recent)


@pytest.mark.parametrize("url", [THIS_MONTH, LAST_MONTH])
def test_a_new_arxiv_paper_is_dead_when_missing_again_three_days_later(url: str) -> None:
    assert status(url, gone(url)) is Status.UNREACHABLE
    assert status(url, gone(url), gone(url, days=2.9)) is Status.UNREACHABLE
    assert status(url, gone(url), gone(url, days=3)) is Status.DEAD
    assert status(url, gone(url), there(url, days=1), gone(url, days=3)) is Status.UNREACHABLE
    assert status(url, silent(url), gone(url, days=3)) is Status.UNREACHABLE


def test_an_older_or_future_arxiv_paper_is_dead_at_once() -> None:
    assert status(OLDER, gone(OLDER)) is Status.DEAD
    old_scheme = "https://arxiv.org/abs/math/0309136"
    assert status(old_scheme, gone(old_scheme)) is Status.DEAD
    future = "https://arxiv.org/abs/2607.01234"
    assert status(future, replace(gone(future), outcome=Gone(GoneReason.IMPOSSIBLE))) is Status.DEAD


def test_a_recent_doi_is_dead_after_14_days() -> None:
    assert status(UNDATED, gone(UNDATED)) is Status.DEAD
    assert status(UNDATED, gone(UNDATED), recent=True) is Status.UNREACHABLE
    row = [gone(UNDATED, days=days) for days in (0, 6, 13.9)]
    assert status(UNDATED, *row, recent=True) is Status.UNREACHABLE
    assert status(UNDATED, *row, gone(UNDATED, days=14), recent=True) is Status.DEAD
    assert status(UNDATED, silent(UNDATED), *row, recent=True) is Status.UNREACHABLE
    assert status(UNDATED, silent(UNDATED), *row) is Status.DEAD
    malformed = replace(gone(UNDATED), outcome=Gone(GoneReason.IMPOSSIBLE))
    assert status(UNDATED, malformed, recent=True) is Status.DEAD


@pytest.mark.parametrize(
    ("doi", "released", "is_new_line", "expected"),
    [
        ("10.1101/2026.06.10.123456", None, False, Status.UNREACHABLE),
        ("10.64898/2026.06.10.123456", None, False, Status.UNREACHABLE),
        ("10.20944/preprints202605.0123.v1", None, False, Status.UNREACHABLE),
        ("10.1016/j.x.2026.07.001", None, False, Status.UNREACHABLE),
        ("10.1101/2025.06.10.123456", None, False, Status.DEAD),
        ("10.1101/2031.06.10.123456", None, False, Status.DEAD),
        ("10.1101/2025.06.10.123456", None, True, Status.DEAD),
        # A prefix alone says nothing.
        ("10.1101/none", None, False, Status.DEAD),
        ("10.5281/zenodo.20260601", None, False, Status.DEAD),
        ("10.5281/zenodo.20260601", "2026-06-10", False, Status.UNREACHABLE),
        ("10.1000/none", "2026-06", False, Status.UNREACHABLE),
        ("10.1000/none", "2026-03-01", False, Status.DEAD),
        ("10.1000/none", "soon", False, Status.DEAD),
        ("10.1000/none", None, True, Status.UNREACHABLE),
        ("10.1000/none", "2019", True, Status.DEAD),
        ("10.1038/s41586-026-00731-9", "2026-02-01", False, Status.DEAD),
        ("10.1038/s41586-019-99417-3", None, True, Status.DEAD),
    ],
)
def test_a_doi_is_recent_by_its_name_its_entry_or_its_line(
    doi: str, released: str | None, is_new_line: bool, expected: Status
) -> None:
    url = f"https://doi.org/{doi}"
    one = catalog({"medbot": {"paper": url}})
    entry = one.entries[0]
    claims = Claims(released=Claim(released, entry.span) if released else None)
    one = replace(one, entries=(replace(entry, claims=claims),))
    new: frozenset[Link] = frozenset(entry.links if is_new_line else ())
    evidence = history(gone(url))
    [view] = build_views(one, identified(one), {evidence.target: evidence}, SETTINGS, NOW, new)
    assert view.links[0].status is expected


@pytest.mark.parametrize(
    ("doi", "first"),
    [
        ("10.1101/2026.11.29.123456", date(2026, 11, 29)),
        ("10.20944/preprints202611.0123.v1", date(2026, 11, 1)),
        ("10.1016/j.cell.2026.11.001", date(2026, 11, 1)),
        ("10.1109/tpami.2026.1234567", date(2026, 1, 1)),
        ("10.18653/v1/2026.acl-long.12", date(2026, 1, 1)),
        ("10.1038/s41586-026-12345-6", date(2026, 1, 1)),
        ("10.1145/3580305.3599830", None),
        ("10.1103/physrevlett.118.140402", None),
        ("10.5281/zenodo.202611", None),
        ("10.1287/opre.99.9.9.99999", None),
    ],
)
def test_the_date_in_a_doi(doi: str, first: date | None) -> None:
    span = date_in_doi(doi)
    assert (span[0] if span else None) == first
    assert span is None or span[1] - span[0] <= timedelta(days=366)


def test_a_found_paper_is_alive_however_new() -> None:
    assert status(THIS_MONTH, there(THIS_MONTH, PaperFacts())) is Status.ALIVE
