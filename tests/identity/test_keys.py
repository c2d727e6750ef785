"""Keys meet across scripts: measured on real pairs, and shown on the names that everyone knows."""

import csv
import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.identity.keys import MOST_KEYS, name_keys, pair_keys, token_keys, tokens

PAIRS = Path(__file__).parents[3] / "shared" / "data" / "identity" / "pairs.csv.gz"


@pytest.mark.parametrize(
    "forms",
    [
        ("محمد", "Муҳаммад", "Мухаммад", "Mohammad", "Muhammed", "Mohd.", "Mhd", "Mohamad"),
        ("عبدالحمید", "عبد الحمید", "Абдулҳамид", "Abdul Hamid", "Abdulhamid", "Abd al-Hamid"),
        ("نجیب الله", "نجیب‌الله", "Наҷибуллоҳ", "Najibullah", "Najib Ullah", "Наджибулло"),
        ("قاسم", "Қосим", "Касим", "Qasim", "Kasem", "Ghasem"),
        ("غلام", "Ғулом", "Гулом", "Ghulam", "Gulam"),
        ("رحمان", "Раҳмон", "Рахмонов", "Rahmonov", "Rahmonzoda", "Раҳмонзода", "Rahman"),
        ("جمشید", "Ҷамшед", "Джамшед", "Jamshid", "Dzhamshed"),
        ("ابراهیم", "Иброҳим", "Ибрагим", "Ibrahim", "Ebrahim"),
        ("یوسف", "Юсуф", "Yusuf", "Yousef", "Iusuf"),
        ("فاطمه", "Фотима", "Fatima", "Fatemeh", "Fotimah"),
        ("شهناز", "Шаҳноз", "Shahnaz"),
        ("علی", "Алӣ", "Али", "Ali"),
    ],
)
def test_forms_of_one_name_share_a_key(forms):
    for form in forms[1:]:
        assert name_keys(forms[0]) & name_keys(form), (form, name_keys(forms[0]), name_keys(form))


@pytest.mark.parametrize(("a", "b"), [("Karim", "Najib"), ("محمد", "احمد"), ("Зайнаб", "Zahra"), ("Ali", "Omar")])
def test_different_names_share_none(a, b):
    assert not name_keys(a) & name_keys(b)


def test_keys_do_not_depend_on_case_marks_or_order_of_words():
    assert name_keys("MOHAMMAD naim") == name_keys("Naim Mohammad")
    assert name_keys("مُحَمَّد") == name_keys("محمد")
    assert name_keys("كريم") == name_keys("کریم")  # Arabic and Persian keyboards


def test_pair_keys_know_no_order_and_are_rarer_than_their_halves():
    latin = pair_keys(*tokens("Mohammad Naim"))
    assert latin == pair_keys(*tokens("نعیم محمد"))
    assert not latin & pair_keys(*tokens("Mohammad Karim"))


@given(st.text(max_size=300))
def test_any_text_yields_few_plain_keys(text):
    keys = name_keys(text)
    assert len(keys) <= MOST_KEYS
    assert all(key.isascii() and key.isalpha() and key.islower() for key in keys)
    assert all(token_keys(token) or not any(c.isalpha() for c in token) for token in tokens(text) if token.isascii())


def test_a_text_of_ten_thousand_letters_costs_no_more_than_a_name():
    started = time.process_time()
    keys = name_keys("thdhtsgc " * 20_000 + "х" * 10_000)
    assert len(keys) <= MOST_KEYS
    assert time.process_time() - started < 0.5


@pytest.mark.skipif(not PAIRS.exists(), reason="the real name pairs in ../shared/data are not here")
def test_most_real_pairs_of_whole_names_share_a_key():
    met = seen = 0
    with gzip.open(PAIRS, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] != "full" or row["suspect"] == "1" or int(row["agree"] or 0) < 70:
                continue
            seen += 1
            met += bool(name_keys(row["form_a"]) & name_keys(row["form_b"]))
    assert seen > 5_000
    assert met / seen > 0.98
