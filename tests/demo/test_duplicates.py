"""Planted duplicates: enough of them, found by the sound of their names, and known to the truth list."""

from __future__ import annotations

from datetime import date

import pytest

from panoh.demo.figures import published
from panoh.demo.histories import Histories
from panoh.demo.operation import plan_operation
from panoh.registry.nameindex import sounds_of_names

UNTIL = date(2026, 11, 20)


@pytest.fixture(scope="module")
def pairs():
    """(first record, second record) of every person who is registered twice, and how many persons there are."""
    operation = plan_operation(published(), 9_000, "1", UNTIL)
    histories = Histories(operation.goal, operation.seed, UNTIL, operation.duplicates)
    found = []
    for family in operation.families:
        copy = operation.duplicates.get(family.key)
        if copy is None:
            continue
        second, first = histories.tell(family), histories.tell(copy.donor)
        found += [(first.lives[there], second.lives[here]) for here, there in copy.places.items()]
    afghans = sum(f.size + len(f.births) for f in operation.families if f.origin == "AFG")
    return found, afghans


def test_two_to_three_in_a_hundred_are_registered_twice(pairs) -> None:
    found, afghans = pairs
    assert 0.018 < len(found) / afghans < 0.035


def test_both_records_could_be_one_person(pairs) -> None:
    for first, second in pairs[0]:
        assert first.member.sex == second.member.sex
        assert abs(first.member.born - second.member.born) <= 1
        assert first.nationality == second.nationality


def test_their_names_meet_across_scripts(pairs) -> None:
    """A second record that shares no key with the first could not be found by any search."""
    met = [bool({*sounds_of_names(first.names)} & {*sounds_of_names(second.names)}) for first, second in pairs[0]]
    assert sum(met) / len(met) > 0.97


def test_most_are_written_in_another_script_first(pairs) -> None:
    other = [first.names[0].script != second.names[0].script for first, second in pairs[0]]
    assert sum(other) / len(other) > 0.7


def test_a_third_person_is_no_duplicate_of_either(pairs) -> None:
    """The test above can fail: people drawn at random share far fewer keys of their full names."""
    found = pairs[0]
    strangers = [(found[i][0], found[(i + 7) % len(found)][1]) for i in range(len(found))]
    met = [bool({*sounds_of_names(a.names)} & {*sounds_of_names(b.names)}) for a, b in strangers]
    assert sum(met) / len(met) < 0.3
