"""Words and keys meet across scripts: shown on the names that everyone knows, and measured on real pairs."""

import csv
import gzip
import os
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.identity.keys import MOST_KEYS_OF_A_WORD, word_keys
from panoh.identity.letters import normalise
from panoh.identity.words import LONGEST_WORD, MOST_WORDS, concept, words_of
from panoh.kernel.names import script_of

PAIRS = (
    Path(os.environ.get("PANOH_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "identity" / "pairs.csv.gz"
)


@pytest.mark.parametrize(
    "forms",
    [
        ("Abdul Rahman", "Abdurrahman", "Abd al-Rahman", "عبدالرحمن", "عبد الرحمن", "Абдураҳмон", "Абдурахман"),
        ("Habibullah", "Habib Ullah", "حبیب‌الله", "حبیب الله", "Ҳабибулло", "Хабибулла"),
        ("Saifuddin", "Saif al-Din", "سیف الدین", "Сайфуддин"),
        ("Abdelhaq", "عبدالحق", "Абдель-хак", "Абд аль-Хак"),
        ("Sayedmahmood", "Sayed Mahmoud", "سیدمحمود", "Сайидмаҳмуд", "Саидмахмуд"),
        ("Mohammad Reza", "Mohammadreza", "محمدرضا", "محمد رضا", "Муҳаммадризо", "Мохаммад-Реза"),
        ("Abdullah", "Abdulla", "Abdalla", "عبدالله", "عبد الله", "Абдулло", "Абдаллах", "Абдалах"),
    ],
)
def test_compounds_fall_into_the_same_two_words_in_every_script(forms):
    for form in forms:
        assert len(words_of(form)) == 2, (form, words_of(form))


@pytest.mark.parametrize(
    "forms",
    [
        ("محمد", "Муҳаммад", "Мухаммад", "Mohammad", "Muhammed", "Mohd.", "Mohamad", "Mohommed", "Muhameds", "Магомед"),
        ("قاسم", "Қосим", "Касим", "Qasim", "Kasem", "Ghasem"),
        ("رحمان", "Раҳмон", "Рахмонов", "Rahmonov", "Rahmonzoda", "Раҳмонзода", "Rahman"),
        ("جمشید", "Ҷамшед", "Джамшед", "Jamshid", "Dzhamshed"),
        ("ابراهیم", "Иброҳим", "Ибрагим", "Ibrahim", "Ebrahim"),
        ("یوسف", "Юсуф", "Yusuf", "Yousef", "Iusuf"),
        ("فاطمه", "Фотима", "Fatima", "Fatemeh", "Fotimah"),
        ("شهناز", "Шаҳноз", "Shahnaz"),
        ("علی", "Алӣ", "Али", "Ali"),
        ("خان", "Хон", "Хан", "Khan", "Kan"),
        ("شاه", "Шоҳ", "Шах", "Shah", "Chah"),
        ("اسحاق", "Исҳоқ", "Исхак", "Ishaq", "Eshaq", "Is'haq"),
        ("فتحی", "Фатҳӣ", "Fathi"),
    ],
)
def test_forms_of_one_name_share_a_key(forms):
    for form in forms[1:]:
        assert shares_a_key(forms[0], form), (form, [word_keys(word) for word in words_of(form)])


def test_an_article_of_any_letter_is_no_name_of_its_own():
    assert words_of("Али Ат-Турки") == words_of("Али Турки")
    assert words_of("Mohammadsadeq") == ("mohammad", "sadeq"), "the s is not the Latvian ending"


@pytest.mark.parametrize(("a", "b"), [("Karim", "Najib"), ("نعیم", "رستم"), ("Зайнаб", "Mahmud"), ("Ali", "Omar")])
def test_different_names_share_none(a, b):
    assert not shares_a_key(a, b)


@pytest.mark.parametrize(
    ("forms", "words"),
    [
        (("Mouhamad", "Mihemed", "M'hamed", "Mehmet", "Mohamed"), ("mohammad",)),
        (("موسی", "موسى", "موسا"), ("موسا",)),
        (("بارکزۍ", "بارکزی"), ("بارکزی",)),
        (("ځدراڼ", "زدران"), ("زدران",)),
        (("Əbdürrəhman", "Abdurrahman", "ʿAbd al-Raḥmān"), ("abd", "rahman")),
        (("Әбдіхақ", "Абдихақ"), ("абдихақ",)),
        (("Nour Eldine", "Nour al-Dine", "Nour ud Deen"), ("nour", "din")),
        (("Усман Алҳақ", "Усман ал-ҳақ"), ("усман", "ҳақ")),
    ],
)
def test_letters_of_neighbours_are_one(forms, words):
    assert {words_of(form) for form in forms} == {words}


def test_mahmud_is_not_mohammad():
    assert not {
        concept(word) for form in ("Mahmoud", "Mehmood", "Maehmud", "محمود", "Маҳмуд") for word in words_of(form)
    } - {None}


def shares_a_key(a, b):
    return any(set(word_keys(x)) & set(word_keys(y)) for x, y in product(words_of(a), words_of(b)))


def test_words_do_not_depend_on_case_marks_or_keyboards():
    assert words_of("MOHAMMAD naim") == words_of("mohammad NAIM")
    assert words_of("مُحَمَّد") == words_of("محمد")
    assert words_of("كريم") == words_of("کریم")  # Arabic and Persian keyboards
    assert words_of("ＡＬＩ") == words_of("Ali")  # half-width and full-width forms
    assert words_of("Toҷик") == words_of("Тоҷик")  # a Latin o in a Cyrillic word


def test_an_ending_that_brothers_do_not_share_is_no_part_of_the_word():
    assert words_of("Раҳмонов") == words_of("Раҳмонзода") == words_of("Раҳмон")
    assert words_of("Shahzada") == ("shahzada",)  # a name of its own
    assert words_of("Yousef") == ("yousef",)  # no family ending, though it ends like one


@pytest.mark.parametrize("name", ["Fallah", "Kamilah", "Фаллоҳ", "الهام", "Elham", "الیاس"])
def test_what_only_looks_like_a_compound_stays_whole(name):
    assert words_of(name) == (normalise(name),)


@given(st.text(max_size=300))
def test_any_text_yields_few_words_and_few_keys(text):
    words = words_of(text)
    assert len(words) <= MOST_WORDS
    for word in words:
        assert 0 < len(word) <= LONGEST_WORD
        assert 0 < len(word_keys(word)) <= MOST_KEYS_OF_A_WORD, "no name without a key"


@given(st.text(max_size=120))
def test_normal_letters_are_normal_already(text):
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet="абвгдӣӯқҳҷғ محمدعلیabcdefgh", min_size=1, max_size=40))
def test_a_name_of_our_letters_has_words(text):
    assert bool(words_of(text)) == any(script_of(letter) for letter in text)


def test_the_same_concept_is_known_in_every_script():
    assert {concept(word) for word in (*words_of("Mohammad"), *words_of("محمد"), *words_of("Мухаммад"))} == {"mohammad"}
    assert concept("karim") is None


def test_a_text_of_ten_thousand_letters_costs_no_more_than_a_name():
    words = words_of("thdhtsgc " * 20_000 + "х" * 10_000)
    assert len(words) == MOST_WORDS
    assert sum(len(word_keys(word)) for word in words) <= MOST_WORDS * MOST_KEYS_OF_A_WORD


@pytest.mark.skipif(not PAIRS.exists(), reason="the real name pairs in ../shared/data are not here")
def test_most_real_pairs_of_single_words_share_a_key():
    met = seen = 0
    with gzip.open(PAIRS, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] != "token" or row["suspect"] == "1" or int(row["agree"] or 0) < 70:
                continue
            seen += 1
            met += shares_a_key(row["form_a"], row["form_b"])
    assert seen > 2_000
    assert met / seen > 0.95
