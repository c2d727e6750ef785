"""Anchors, sounds, questions and places: pure functions, tried without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from panoh.library.rules.anchors import anchors_of, successors
from panoh.library.rules.figures import read_number, suggest_figures
from panoh.library.rules.places import Gazetteer, Named
from panoh.library.rules.questions import read_question
from panoh.library.rules.sounds import sound_of


def test_an_anchor_comes_from_the_words_alone():
    one, two, again = anchors_of(["The wells, are dry.", "the WELLS are\ndry", "The wells are dry"])
    assert two == f"{one}-2" and again == f"{one}-3"
    assert anchors_of(["The wells are wet"]) != [one]


@pytest.mark.parametrize(
    ("before", "after", "heirs"),
    [
        ("abc", "axc", {"b": "x"}),
        ("abc", "ac", {}),
        ("abcd", "axyd", {"b": "x", "c": "y"}),
        ("abcd", "axd", {"b": "x", "c": "x"}),
        ("ab", "xy", {"a": "x", "b": "y"}),
        ("abc", "abcd", {}),
        ("abc", "cxa", {}),
    ],
)
def test_what_stands_in_the_place_of_what_is_gone(before, after, heirs):
    assert successors(list(before), list(after)) == heirs


@pytest.mark.parametrize(
    ("tajik", "persian"),
    [
        ("паноҳанда", "پناهنده"),
        ("паноҳандагон", "پناهندگان"),
        ("муҳоҷирон", "مهاجر"),
        ("қонун", "قانون"),
        ("ноҳия", "ناحیه"),
        ("хонавода", "خانواده"),
        ("ҷумҳурии", "جمهوری"),
    ],
)
def test_a_word_sounds_the_same_in_both_scripts(tajik, persian):
    assert sound_of(tajik) == sound_of(persian) != ""


def test_words_of_other_sounds_stay_apart():
    assert len({sound_of(word) for word in ("қонун", "китоб", "ноҳия", "наҳ", "сарҳад")}) == 5


def test_dates_of_a_question():
    assert read_question("2005..2009-06").since == date(2005, 1, 1)
    assert read_question("2005..2009-06").until == date(2009, 6, 30)
    assert read_question("before:2006-05").until == date(2006, 4, 30)
    assert read_question("after:2006").since == date(2006, 1, 1)


PLACES = Gazetteer(
    [
        Named(
            "1", ("Khujand", "Худжанд", "Хуҷанд", "خجند", "Leninabad [1936..1991]", "Ленинабад [1936..1991]"), "town", 2
        ),
        Named("2", ("Isfara (district)", "Исфара (район)"), "district", 2),
        Named("3", ("Isfara (town)", "Исфара (город)"), "town", 2),
        Named("4", ("Qurghonteppa", "Курган-Тюбе", "Қӯрғонтеппа", "قرغان‌تپه"), "town", 2),
        Named("5", ("Panj", "Пяндж", "Панҷ", "پنج"), "district", 2),
        Named("6", ("Panji Poyon", "Панҷи Поён"), "", 1),
        Named("7", ("Khujand",), "village", 1),
        Named("8", ("Dushanbe", "Душанбе", "دوشنبه"), "", 3),
        Named("9", ("Dushanbe", "دوشنبه"), "village", 1),
    ]
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("The road from Khujand is closed again since the spring.", [("1", "7")]),
        ("The road from the village Khujand is closed since then.", [("7",)]),
        ("The road from Dushanbe is closed again since the spring.", [("8",)]),
        ("The road from Dushanbe village is closed since then.", [("9",)]),
        ("خانواده ها از دوشنبه آمدند و منتظر هستند.", [("8", "")]),
        ("خانواده ها از خُجَند آمدند و منتظر هستند.", [("1",)]),
        ("Семьи вышли из Худжанда и идут пешком на юг.", [("1",)]),
        ("Тогда он назывался Ленинабад, и жили там долго.", [("1",)]),
        ("Оилаҳо аз Хуҷанд омаданд ва чашм дар роҳанд.", [("1",)]),
        ("Three families wait in Isfara for their papers now.", [("2", "3")]),
        ("Семьи живут в городе Исфара и ждут решения.", [("3",)]),
        ("Колонна шла через Курган Тюбе до самой реки.", [("4",)]),
        ("خانواده ها از قرغان تپه آمدند و منتظر هستند.", [("4",)]),
        ("خانواده ها پنج روز در راه بودند و آب نداشتند.", [("5", "")]),
        ("خانواده ها از ناحیه پنج آمدند و آب نداشتند.", [("5",)]),
        ("Дар Панҷи Поён пулро бастанд ва роҳ нест.", [("6",)]),
        ("Онҳо панҷ рӯз дар роҳ буданд ва об надоштанд.", []),
        ("The weather was fine and nobody went anywhere at all.", []),
    ],
)
def test_places_are_found_and_doubtful_ones_asked_about(text, codes):
    assert [one.codes for one in PLACES.find(text)] == codes


def test_figures_are_suggested_and_years_and_articles_are_not():
    found = suggest_figures("In 2024, by Article 35, 12,157 refugees and $2.3 million were counted.", date(2025, 1, 1))
    assert [(one.figure, one.unit) for one in found] == [("12157", "persons"), ("2300000", "US dollars")]


@pytest.mark.parametrize(
    ("words", "place"),
    [(["certificates"], 1), (["certificate", "fees"], 2), (["zebra"], 0), (["пӯлро"], 3), (["پناهندگان"], 4), ([], 0)],
)
def test_the_paragraph_that_answers_is_chosen(words, place):
    from panoh.library.rules.answering import best_of

    texts = [
        "Nothing of it.",
        "A certificate is late.",
        "The certificate has fees.",
        "Пӯл мехоҳанд.",
        "Паноҳандагон ҳуҷҷат надоранд.",
    ]
    assert best_of(texts, words) == place


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("UNHCR and the International Organization for Migration wait.", ["UNHCR", "IOM"]),
        ("Сотрудники Управления Верховного комиссара ООН по делам беженцев и МВД ждут.", ["UNHCR", "MIA"]),
        ("Без Министерства иностранных дел и ПРООН ничего не решено.", ["MFA", "UNDP"]),
        ("Комиссариати Олии СММ оид ба гурезагон ва Вазорати корҳои хориҷӣ гуфтанд.", ["UNHCR", "MFA"]),
        ("کمیساریای عالی ملل متحد برای پناهندگان و وزارت امور داخله گفتند.", ["UNHCR", "MIA"]),
        ("The Ministry of Labour, Migration and Employment wrote to the World Bank.", ["MLME", "WORLD_BANK"]),
        ("The Ministry of Education and Science answered.", ["MOE"]),
        ("WHO CAME? NOBODY DID.", []),
        ("It ends here.\nWHO REMAINS\nSome families do.", []),
        ("Then the WHO came.", ["WHO"]),
        ("Nobody in the ministry knows of the united nations of old.", ["UN"]),
        ("The families know who came and what the iom is.", []),
    ],
)
def test_organisations_are_found_by_names_and_letters(text, codes):
    from panoh.library.gazetteer import directory

    assert [code for one in directory().find(text) for code in one.codes] == codes


def test_letters_of_two_organisations_are_asked_about():
    from panoh.library.rules.organisations import Directory, Organisation

    found = Directory([Organisation("A", "ngo", ("Old One",), ("ABC",)), Organisation("B", "ngo", (), ("ABC",))])
    (mention,) = found.find("The ABC wrote.")
    assert mention.asks and mention.codes == ("A", "B")


@pytest.mark.parametrize(
    ("text", "figure", "unit"),
    [
        ("They got 2,3 млн сомони in all.", "2300000", "somoni"),
        ("Выделено 12,5 млн долларов США на жильё.", "12500000", "US dollars"),
        ("Ба 9 424 гуреза кӯмак расид.", "9424", "persons"),
        ("Барои ин 45 ҳазор сомонӣ ҷудо шуд.", "45000", "somoni"),
        ("به ۱۲٬۱۵۷ پناهنده کمک رسید.", "12157", "persons"),
        ("مبلغ ۳ میلیون دالر مصرف شد.", "3000000", "US dollars"),
        ("۳۵ فیصد خانواده‌ها سند ندارند.", "35", "percent"),
        ("Около 12 процентов семей ждут.", "12", "percent"),
        ("A fee of TJS 250 was asked.", "250", "somoni"),
    ],
)
def test_figures_and_money_in_four_languages(text, figure, unit):
    found = suggest_figures(text, None)
    assert [(one.figure, one.unit) for one in found] == [(figure, unit)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("As of 31 December 2024", date(2024, 12, 31)),
        ("По состоянию на 31 декабря 2024 года", date(2024, 12, 31)),
        ("То 31 декабри соли 2024", date(2024, 12, 31)),
        ("تا ۳۱ دسامبر ۲۰۲۴", date(2024, 12, 31)),
        ("تا ۱۱ جدی ۱۴۰۳", date(2024, 12, 31)),
        ("تا تاریخ ۱۴۰۳/۱۰/۱۱", date(2024, 12, 31)),
        ("То 11 Ҷадӣ 1403", date(2024, 12, 31)),
    ],
)
def test_days_are_read_in_four_languages_and_two_calendars(text, day):
    from panoh.library.reading.days import find_day

    assert find_day(text) == (day, "")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12,157", 12157),
        ("12 157", 12157),
        ("12\u202f157", 12157),
        ("1,234,567.5", "1234567.5"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("12.157", "12.157"),
        ("1 234,56", "1234.56"),
        ("1.234,5", "1234.5"),
        ("۱۲٬۱۵۷٫۵", "12157.5"),
        ("۱۲٬۱۵۷", 12157),
        ("-3", -3),
        ("1,234,56", None),
        ("12,34,567", None),
        ("many", None),
        ("1e999", None),
        ("", None),
        ("NaN", None),
    ],
)
def test_a_number_is_read_as_it_is_typed(typed, number):
    assert read_number(typed) == (None if number is None else Decimal(number))
