"""A figure opened for who sees no file: by month, sex and age, and never so far that it points at somebody."""

from __future__ import annotations

from datetime import date

import pytest

from panoh.statistics import counting
from panoh.statistics.definitions import REFUGEE
from panoh.statistics.figures import break_down
from tests.signing_in import client_of

YEAR, KNOWN = 2025, date(2026, 1, 31)


@pytest.fixture
def movements(monkeypatch):
    """(from, to, reason, month, sex, age band, persons)"""
    rows = [
        ("ASY", "REF", "ARR-IND", 1, "F", "18-59", 20),
        ("ASY", "REF", "ARR-IND", 2, "M", "18-59", 7),
        ("ASY", "REF", "ARR-IND", 3, "M", "60+", 2),
        ("REF", "", "DEATH", 5, "M", "60+", 3),
        ("REF", "", "VOLREP", 6, "F", "0-4", 9),
    ]
    monkeypatch.setattr(counting, "movements_in_detail", lambda *_days: rows)
    return rows


def test_what_is_shown_adds_up_and_small_parts_stay_blank_with_a_second_one(movements) -> None:
    found = break_down(REFUGEE, "ARR-IND", year=YEAR, known_on=KNOWN)
    assert found.total == 29
    assert (found.sexes["F"], found.sexes["M"]) == (20, 9)
    # March has two people. Alone it would follow from the total, so the next smallest month is blank as well.
    assert found.months[3] is None and found.months[2] is None and found.months[1] == 20
    assert found.bands["60+"] is None and found.bands["18-59"] is None


def test_fewer_than_five_are_not_opened_at_all(movements) -> None:
    found = break_down(REFUGEE, "DEATH", year=YEAR, known_on=KNOWN)
    assert (found.total, found.months, found.sexes, found.bands) == (None, {}, {}, {})


@pytest.mark.django_db(databases=["default", "reader"])
def test_a_head_of_office_opens_a_figure_and_sees_nobody(world, movements) -> None:
    head = client_of(world.members["head_of_office"])
    address = f"/statistics/figure?table=REFUGEE&column=ARR-IND&year={YEAR}&known=2026-01-31"
    page = head.get(address).content.decode()
    assert "By month" in page and "January" in page
    assert "Your role sees figures and no files" in page
    officer = client_of(world.members["register_officer"])
    assert "By month" not in officer.get(address).content.decode()  # who sees files opens the movements themselves
    assert client_of(world.members["auditor"]).get(address).status_code == 403
