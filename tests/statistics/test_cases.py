"""Cases by procedure: also those about nobody's file, never so few that they point at somebody, never those that the reader may not see."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from panoh.rulebook import current
from panoh.statistics.cases import OUTCOME, count_cases, with_care
from tests.procedures.stories import Story
from tests.signing_in import client_of

TAKES_IN = "protection_officer"
CAME = (("bribery", "box", 7), ("misconduct", "box", 6), ("bribery", "hotline", 6), ("positive", "hotline", 2))


@pytest.fixture
def complaints(world) -> Story:
    """One and twenty without a name; two of them are praise."""
    found = Story(world)
    for about, channel, many in CAME:
        for _ in range(many):
            found.open_without_file(
                "complaint", "unnamed", TAKES_IN, about=about, channel=channel, urgency="ordinary", office=None
            )
    return found


def complaint():
    return current().procedures["complaint"][-1]


def test_complaints_without_a_name_are_counted_by_month_kind_and_channel(complaints: Story):
    today = timezone.localdate()
    with complaints.acting(TAKES_IN) as officer:
        found = count_cases(officer, complaint(), today.year)
    assert found.total == 21
    assert found.parts["month"] == {str(today.month): 21}
    assert found.parts["track"] == {"unnamed": 21}
    assert found.parts["channel"] == {"box": 13, "hotline": 8}
    # Two praise: blank; alone they would follow from the total, so the next smallest is blank as well.
    assert found.parts["about"] == {"bribery": 13, "misconduct": None, "positive": None}


def test_what_became_of_them_is_counted_once_it_is_known(complaints: Story):
    for act in ("assign", "examine", "answer"):
        complaints.take(act, TAKES_IN, **({"measure": "put_right"} if act == "answer" else {}))
    with complaints.acting(TAKES_IN) as officer:
        found = count_cases(officer, complaint(), timezone.localdate().year)
    assert set(found.parts["measure"]) == {"put_right", ""}
    assert found.parts["measure"]["put_right"] is None, "one is too few to be told"


def test_another_organisation_counts_none_of_what_is_confined(complaints: Story):
    with complaints.acting("registration_supervisor") as supervisor:
        assert count_cases(supervisor, complaint(), timezone.localdate().year).total == 0


def test_fewer_than_five_are_not_told_at_all():
    assert with_care(4, {"month": Counter({"1": 4})}, Counter()).total is None
    assert with_care(0, {}, Counter()).total == 0


def test_outcomes_of_persons_stand_by_themselves():
    found = with_care(30, {"month": Counter({"1": 30})}, Counter({"founded": 20, "unfounded": 3, "thanks": 9}))
    assert found.parts[OUTCOME] == {"founded": 20, "unfounded": None, "thanks": None}


def test_the_page_shows_it_in_the_titles_of_the_rulebook(complaints: Story):
    officer = client_of(complaints.world.members[TAKES_IN])
    page = officer.get("/statistics/cases", {"procedure": "complaint"}).content.decode()
    assert "Bribe or kickback" in page
    assert "left blank so that nobody can be recognised" in page
    for wrong in ({"procedure": "no_such"}, {"year": "1"}, {"year": "٢٠٢٦"}):
        assert officer.get("/statistics/cases", wrong).status_code in (404, 422)
