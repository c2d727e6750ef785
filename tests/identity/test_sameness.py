"""Are two words one name: symmetric, between 0 and 1, high for what is one name and low for what is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.identity.channels import letters_of_sounds, sounds
from panoh.identity.likeness import Asked, Known, chances, evidence_for, probability, weigh, years_speak
from panoh.identity.sameness import model, sameness

LETTERS = (
    st.text(alphabet="абвгдежзиӣйкқлмноӯҳҷғх", min_size=1, max_size=12)
    | st.text(alphabet="محمدعلیکریمحسنرضاقاسمشجغ", min_size=1, max_size=12)
    | st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
)


@given(LETTERS, LETTERS)
def test_sameness_is_symmetric_and_a_probability(a, b):
    assert 0 <= sameness(a, b) <= 1
    assert sameness(a, b) == pytest.approx(sameness(b, a), abs=1e-9)


@given(LETTERS)
def test_a_word_is_itself(word):
    assert sameness(word, word) == 1.0


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("نعیم", "наим"), ("نعیم", "naeem"), ("карим", "کریم"), ("фотима", "فاطمه"), ("шаҳноз", "shahnaz"),
        ("джамшед", "ҷамшед"), ("naim", "naeem"), ("حمید", "hamid"), ("گلاب", "гулоб"),
        ("муджахид", "مجاهد"), ("muzaffar", "мӯзафар"),
    ],
)  # fmt: skip
def test_one_name_is_likely(a, b):
    assert sameness(a, b) > 0.7


@pytest.mark.parametrize(
    ("a", "b"),
    [("rahim", "رحمن"), ("hasan", "hosein"), ("حسن", "حسین"), ("karim", "نعیم"), ("ivan", "یونس"), ("mahmud", "محمد")],
)
def test_different_names_are_unlikely(a, b):
    assert sameness(a, b) < 0.15


def test_a_consonant_written_twice_is_one_sound():
    assert sounds("hassan") == "hasan" and sounds("музаффар") == "музафар" and sounds("naeem") == "naīm"


@given(LETTERS)
def test_no_letter_is_lost_among_the_sounds(word):
    assert "".join(letters_of_sounds(word)) == word
    assert len(letters_of_sounds(word)) == len(sounds(word))


def test_many_are_judged_as_one_by_one():
    others = ["نعیم", "наим", "naeem", "karim", "نعیم"]
    assert list(model().sameness("naim", others)) == [pytest.approx(sameness("naim", other)) for other in others]


# -- evidence ---------------------------------------------------------------------------------------------------------


def evidence(asked, known, *, same, common):
    return float(weigh(asked, np.array(same, float), np.array(common, float), [known])[0])


def test_a_rare_name_weighs_more_than_a_common_one():
    asked, known = Asked(("x",)), Known((0,))
    assert evidence(asked, known, same=[[1]], common=[1e-5]) > evidence(asked, known, same=[[1]], common=[0.1]) + 8


def test_words_pair_off_in_whatever_order_and_their_own_order_speaks_for_them():
    asked = Asked(("a", "b"))
    straight = evidence(asked, Known((0, 1)), same=[[1, 0], [0, 1]], common=[0.01, 0.02])
    turned = evidence(asked, Known((0, 1)), same=[[0, 1], [1, 0]], common=[0.01, 0.02])
    half = evidence(asked, Known((0, 1)), same=[[1, 0], [0, 0]], common=[0.01, 0.02])
    assert straight > turned > half


def test_a_father_speaks_for_and_against_and_a_missing_one_not_at_all():
    asked = Asked(("a",), ("f",))
    base = {"same": [[1, 0], [0, 1]], "common": [0.001, 0.001]}
    without = evidence(asked, Known((0,)), **base)
    same = evidence(asked, Known((0,), (1,)), **base)
    other = evidence(asked, Known((0,), (1,)), same=[[1, 0], [0, 0]], common=[0.001, 0.001])
    assert same > without + 3 > other + 3


def test_years_agree_within_two_and_a_wide_span_says_little():
    assert years_speak((1990, 1990), (1990, 1990)) > years_speak((1990, 1990), (1991, 1991)) > 0
    assert years_speak((1990, 1990), (1996, 1996)) < 0
    assert years_speak((1990, 1990), None) == 0
    assert 0 < years_speak((1990, 1990), (1985, 1995)) < years_speak((1990, 1990), (1990, 1991))


def test_a_word_of_the_register_counts_for_one_word_asked_alone():
    asked = Asked(("a", "a"))
    once = evidence(asked, Known((0,)), same=[[1], [1]], common=[0.01, 0.01])
    twice = evidence(asked, Known((0, 1)), same=[[1, 1], [1, 1]], common=[0.01, 0.01])
    assert twice > once + 3


@given(st.lists(st.floats(-20, 40), min_size=1, max_size=5), st.floats(0, 60), st.integers(1, 10**7))
def test_a_rival_and_what_was_not_met_take_from_the_chance(found, most, persons):
    told = chances(found, most, persons)
    assert ((told >= 0) & (told <= 1)).all()
    assert (told <= probability(found, persons) + 1e-12).all()
    for place, nats in enumerate(found):
        assert told[place] <= chances([nats], most, persons)[0] + 1e-12, "alone it is at least as likely"


@given(st.sampled_from([0.1, 0.5, 0.9]), st.integers(1000, 10**7))
def test_the_evidence_for_a_chance_gives_that_chance(chance, persons):
    assert float(probability(evidence_for(chance, persons), persons)) == pytest.approx(chance)


@given(st.floats(-50, 80), st.integers(1, 10**7))
def test_probability_grows_with_evidence_and_falls_with_the_crowd(nats, persons):
    chance = float(probability(nats, persons))
    assert 0 <= chance <= 1
    assert chance <= float(probability(nats + 1, persons))
    assert chance >= float(probability(nats, persons * 2))
