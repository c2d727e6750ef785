"""The alarm: exact against enumeration, careful with little, loud with much, and seldom false among many."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from math import comb

from hypothesis import given
from hypothesis import strategies as st

from panoh.protection.rules.clusters import (
    Counted,
    benjamini_hochberg,
    binomial_tail,
    hypergeometric_tail,
    judge,
    monthly,
)
from panoh.protection.rules.small_numbers import blanks

shares = st.fractions(min_value=Fraction(1, 50), max_value=Fraction(49, 50), max_denominator=50)


@given(tries=st.integers(0, 9), least=st.integers(-1, 11), share=shares)
def test_binomial_tail_is_what_trying_out_all_ways_gives(tries, least, share):
    ways = Fraction(0)
    for fallen in itertools.product((True, False), repeat=tries):
        if sum(fallen) >= least:
            ways += share ** sum(fallen) * (1 - share) ** (tries - sum(fallen))
    assert binomial_tail(least, tries, share) == ways


@given(all_=st.integers(1, 9), marked=st.integers(0, 9), drawn=st.integers(0, 9), least=st.integers(0, 10))
def test_hypergeometric_tail_is_what_drawing_all_ways_gives(all_, marked, drawn, least):
    marked, drawn = min(marked, all_), min(drawn, all_)
    hits = sum(1 for some in itertools.combinations(range(all_), drawn) if sum(one < marked for one in some) >= least)
    assert hypergeometric_tail(least, drawn, marked, all_) == Fraction(hits, comb(all_, drawn))


@given(st.lists(st.fractions(min_value=0, max_value=1), max_size=30))
def test_alarms_are_the_smallest_chances_and_keep_the_rule(chances):
    named = dict(enumerate(chances))
    alarms = benjamini_hochberg(named, Fraction(1, 10))
    if alarms:
        worst = max(named[key] for key in alarms)
        assert worst <= Fraction(len(alarms), 10 * len(named))
        assert all(key in alarms or named[key] > worst or named[key] == worst for key in named)
    assert benjamini_hochberg(named, Fraction(1, 10)) <= benjamini_hochberg(named, Fraction(2, 10))


@given(now=st.integers(3, 40), before=st.integers(0, 60))
def test_one_more_makes_it_less_likely_and_a_longer_record_more(now, before):
    share = Fraction(90, 820)
    assert binomial_tail(now + 1, now + 1 + before, share) < binomial_tail(now, now + before, share)
    assert binomial_tail(now, now + before + 1, share) > binomial_tail(now, now + before, share)


def test_a_cluster_is_seen_and_a_steady_place_is_not():
    judged = judge([Counted("post", 9, 6), Counted("office", 5, 40), Counted("city", 2, 0)], 90, 730)
    by_key = {one.key: one for one in judged}
    assert by_key["post"].alarm and by_key["post"].more_than_others
    assert not by_key["office"].alarm
    assert not by_key["city"].looked_at, "two are no cluster"
    assert judged[0].key == "post"


def test_when_everything_grows_alike_the_judgement_says_so():
    judged = judge([Counted(str(n), 9, 9) for n in range(6)], 90, 730)
    assert all(one.alarm and not one.more_than_others for one in judged)


def test_among_many_places_where_nothing_changed_alarms_are_rare():
    chance = random.Random(7)
    alarms = 0
    for _ in range(60):
        counted = []
        for key in range(40):
            all_ = chance.randint(0, 30)
            now = sum(chance.random() < 90 / 820 for _ in range(all_))
            counted.append(Counted(str(key), now, all_ - now))
        alarms += any(one.alarm for one in judge(counted, 90, 730))
    assert alarms <= 12, "at most one in ten of such tables should ring, and the exact test is careful"


def test_months_are_counted_into_their_places():
    assert monthly([(2026, 1), (2025, 12), (2025, 12), (2024, 1)], (2025, 11), 3) == [0, 2, 1]


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 40), min_size=1, max_size=12))
def test_a_small_number_is_never_shown_nor_worked_out(cells):
    blank = blanks(cells, [cells])
    assert all(cell in blank for cell, value in cells.items() if 0 < value < 5)
    open_values = [value for cell, value in cells.items() if cell not in blank]
    if blank and any(cells[cell] for cell in cells if cell not in blank):
        assert len(blank) > 1
        assert sum(cells.values()) - sum(open_values) >= 5
