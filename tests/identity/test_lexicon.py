"""The words of a register at hand: judged as one by one, wherever they came in, and read together and apart."""

import numpy as np
import pytest

from panoh.identity.keys import word_keys
from panoh.identity.lexicon import LEAST_ODDS, Entry, Lexicon
from panoh.identity.sameness import model

WORDS = ["نعیم", "наим", "naeem", "karim", "کریم", "محمد", "mahmud", "mohammad", "گلاحمد", "گل", "احمد", "naim"]


def keys(word):
    return {"2": word_keys(word)}


def lexicon_of(words, bearers=1):
    made = Lexicon(model())
    made.add(
        Entry(number, word, bearers, [f"2:{key}" for key in word_keys(word)]) for number, word in enumerate(words, 100)
    )
    return made


@pytest.mark.parametrize("word", ["naim", "наим", "mohammad", "محمد", "karim", "xyz"])
def test_every_word_that_shares_a_key_is_judged_as_if_alone(word):
    lexicon = lexicon_of(WORDS)
    places, odds = lexicon.near(word, keys(word))
    told = {lexicon.words[place]: value for place, value in zip(places, odds, strict=True)}
    for other, alone in zip(WORDS, model().odds(word, WORDS), strict=True):
        if set(word_keys(word)) & set(word_keys(other)) and alone > LEAST_ODDS:
            assert told[other] == pytest.approx(alone)
        else:
            assert other not in told


def test_words_added_later_are_judged_alone():
    lexicon = lexicon_of(WORDS[:2])
    lexicon.add([Entry(7, "naeem", 1, [f"2:{key}" for key in word_keys("naeem")])])
    places, _odds = lexicon.near("naim", keys("naim"), since=2)
    assert [lexicon.words[place] for place in places] == ["naeem"]


def test_a_word_that_comes_again_takes_its_new_number():
    lexicon = lexicon_of(WORDS)
    assert not lexicon.add([Entry(100, WORDS[0], 1, [])])
    assert lexicon.add([Entry(900, WORDS[0], 1, [])])
    assert len(lexicon) == len(WORDS)
    assert lexicon.numbers[0] == 900
    renumbered, same, other, unknown, no_word = lexicon.scripts_of(np.array([900, 108, 102, 12345, -1980])).tolist()
    assert renumbered == same != other
    assert unknown == no_word == -1


def test_keys_of_another_version_bring_nothing():
    assert not len(lexicon_of(WORDS).near("naim", {"3": word_keys("naim")})[0])


def test_neighbours_are_read_as_one_word():
    lexicon = lexicon_of(WORDS)
    assert ("گلاحمد", "نوری") in lexicon.joined(("گل", "احمد", "نوری"))
    assert lexicon.joined(("گل", "ahmad")) == [], "not across scripts"
    assert lexicon.joined(("محمد", "نوری")) == [], "what everybody writes apart stays apart"


def test_a_word_that_is_hardly_known_is_cut_into_two_that_are_common():
    lexicon = lexicon_of(WORDS, bearers=10)
    assert lexicon.halved(("گلاحمد",), 1000) == [], "it is common itself"
    lexicon = lexicon_of([word for word in WORDS if word != "گلاحمد"], bearers=10)
    assert lexicon.halved(("نوری", "گلاحمد"), 1000) == [("نوری", "گل", "احمد")]
    assert lexicon.halved(("گلاحمد",), 10_000_000) == [], "halves that are as rare as it is say nothing"
