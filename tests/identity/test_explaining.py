"""The alignment of letters and the explanation: they tell the truth about what `similarity` judged, whole and symmetric."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.identity.explaining import explain
from panoh.identity.similarity import similarity
from panoh.identity.spelling import align
from panoh.identity.words import LONGEST_WORD, words_of

WORDS = ["محمد", "نعیم", "فرشته", "муҳаммад", "наим", "ҷамшед", "mohammad", "naeem", "jamshid", "x"]


@pytest.mark.parametrize(
    ("a", "b", "pieces"),
    [
        ("نعیم", "наим", {("ن", "н"), ("م", "м")}),
        ("جمشید", "ҷамшед", {("د", "д")}),
        ("hasan", "хасан", {("h", "х"), ("s", "с"), ("n", "н")}),
        ("hasan", "hassan", {("h", "h"), ("a", "a"), ("n", "n")}),
    ],
)
def test_letters_stand_beside_those_they_became(a, b, pieces):
    assert pieces <= set(align(a, b))


@given(st.sampled_from(WORDS) | st.text("абвҳҷъabchkقعنژ", max_size=30), st.sampled_from(WORDS) | st.text(max_size=30))
def test_an_alignment_holds_every_letter_once_and_is_symmetric(a, b):
    pieces = align(a, b)
    assert align(b, a) == tuple((y, x) for x, y in pieces)
    if pieces:
        assert "".join(x for x, _y in pieces) == a[:LONGEST_WORD]
        assert "".join(y for _x, y in pieces) == b[:LONGEST_WORD]


@given(st.lists(st.sampled_from(WORDS), max_size=5), st.lists(st.sampled_from(WORDS), max_size=5))
def test_every_word_met_another_or_stands_alone(first, second):
    a, b = " ".join(first), " ".join(second)
    found = explain(a, b)
    assert found.score == similarity(a, b).score
    assert sorted([met.a for met in found.met] + list(found.alone_a)) == sorted(words_of(a)) == sorted(found.words_a)
    assert sorted([met.b for met in found.met] + list(found.alone_b)) == sorted(words_of(b)) == sorted(found.words_b)


def test_the_verdict_follows_the_names():
    assert explain("محمد نعیم", "Муҳаммад Наим").verdict == "likely"
    assert explain("محمد نعیم", "Наим Муҳаммад").turned
    other = explain("Фарида Нурзай", "محمد نعیم")
    assert (other.verdict, len(other.alone_a), len(other.alone_b)) == ("different", 2, 2)
    initial = explain("Ж Наим", "Жамол Наим").met[0]
    assert (initial.code, initial.sure, initial.letters) == ("initial", "doubtful", ())
