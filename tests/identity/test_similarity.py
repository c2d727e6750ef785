"""Likeness orders as a person would, stays within its bounds, and always says why."""

from hypothesis import given
from hypothesis import strategies as st

from panoh.identity.romanise import romanise
from panoh.identity.similarity import similarity

NAMES = st.text(alphabet=st.sampled_from("محمدنعیمکریم АбдурашидMohamadNi -'"), max_size=40)


def test_one_name_in_three_scripts_scores_high_with_reasons():
    for other in ("محمد نعیم", "Муҳаммад Наим", "Mohd. Naeem", "Naim Muhammad"):
        found = similarity("Mohammad Naim", other)
        assert found.score >= 0.85, (other, found)
        assert {code for code, _ in found.reasons} <= {"same_word", "same_sound", "other_order"}


def test_order_of_scores_follows_likeness():
    same = similarity("Mohammad Naim", "Mohammad Naim").score
    spelt = similarity("Mohammad Naim", "Mohammad Naem").score
    longer = similarity("Mohammad Naim", "Mohammad Naim Karimi").score
    half = similarity("Mohammad Naim", "Mohammad Karim").score
    nothing = similarity("Mohammad Naim", "Zahra Sadat").score
    assert same == 1.0
    assert same > spelt > half
    assert same > longer > half > nothing == 0.0


def test_reasons_name_the_words_that_only_one_has():
    reasons = dict(similarity("Karim", "Karim Ahmadi").reasons)
    assert reasons["extra_word"] == {"word": "ahmadi"}


def test_an_initial_is_told_as_an_initial():
    codes = [code for code, _ in similarity("M. Naim", "Mohammad Naim").reasons]
    assert codes == ["initial", "same_word"]


@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_between_0_and_1(a, b):
    one, other = similarity(a, b), similarity(b, a)
    assert 0.0 <= one.score <= 1.0
    assert one.score == other.score


@given(st.text(max_size=200))
def test_every_name_is_like_itself_or_no_name_at_all(text):
    assert similarity(text, text).score in (0.0, 1.0)


def test_romanise_reads_names_as_people_write_them():
    assert romanise("Раҷабалӣ Ғуломов", "Cyrl") == "Rajabali Ghulomov"
    assert romanise("Джамшед", "Cyrl") == "Jamshed"
    assert romanise("عبدالکریم", "Arab") == "Abdulkarim"
    assert romanise("محمد", "Arab") == "Mohammad"
    assert romanise("Naïm", "Latn") == "Naïm"


@given(st.text(max_size=100), st.sampled_from(["Arab", "Cyrl", "Latn"]))
def test_romanise_takes_any_text(text, script):
    assert isinstance(romanise(text, script), str)
