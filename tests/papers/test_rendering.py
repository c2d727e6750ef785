"""The sheets: every letter there, the right number of pages in every language, and data that stays data."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import time
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from panoh.kernel.written_days import AFGHAN_MONTHS, GREGORIAN_MONTHS
from panoh.papers.content import day_texts
from panoh.papers.kinds import list_kinds
from panoh.papers.rendering import (
    FONTS,
    ROOT,
    TemplateMissing,
    _render,
    qr_bytes,
    render_pdf,
    render_png,
    template_path,
)
from panoh.rulebook import current
from panoh.rulebook.law import LANGUAGES
from tests.papers.conftest import picture

LETTERS = ROOT / "countries" / "tj" / "letters"
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEMPLATES = ("asylum_seeker_certificate", "refugee_certificate", "receipt", "decision_letter", "commission_minutes")


def texts(value: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, value)


NAME = {"prs": "مریم رحیمی", "tg": "Марям Раҳимӣ", "ru": "Марьям Рахими", "en": "Maryam Rahimi"}
LONG = {
    "prs": "سیده ام‌البنین شمس‌النساء محمدحسین‌زادهٔ بدخشانی",
    "tg": "Сайида Уммулбанин Шамсуннисо Муҳаммадҳусейнзодаи Бадахшонӣ",
    "ru": "Сайида Уммулбанин Шамсунниса Мухаммадхусейнзаде Бадахшани",
    "en": "Sayeda Ummul-Banin Shamsunnisa Mohammad-Hussainzada Badakhshani",
}


def inputs(language: str, *, name: dict[str, str] = NAME, members: int = 0, **more: object) -> dict:
    """What every template needs, with synthetic people."""
    person = {
        "name": name,
        "father": {**NAME, "prs": "عبدالغفور"},
        "birth": day_texts(date(1991, 8, 15)),
        "sex": texts("Зан"),
        "nationality": texts("Афғонистон"),
        "number": "102-000000018",
    }
    sitting = {
        "title": texts("Комиссия"),
        "on": day_texts(date(2026, 11, 22)),
        "place": texts("Душанбе"),
        "quorum": "5 / 7",
        "present": [{"name": "А. Р.", "role": texts("Раис")}] * 5,
        "absent": [],
        "observers": [{"name": "C. W.", "role": texts("КОГ СММ")}],
        "items": [
            {
                "case_number": "AS-26-000123",
                "applicant": name["prs"],
                "outcome": texts("Эътироф шуд"),
                "conflicts": ["А. Р."],
                "votes": {"for": 4, "against": 1, "abstained": 0},
            }
        ],
        "remarks": {"tg": ""},
    }
    return {
        "title": "",
        "language": language,
        "official": "tg",
        "authority": texts("Вазорати корҳои дохилӣ"),
        "serial": "PJ-0001234",
        "household": "102-26H0000017",
        "qr": qr_bytes("PANOHP1:" + "6BF+70790T9WJWG.FKY*4GO0" * 12),
        "photo": list(picture()),
        "photo_mark": "3FA9-77C1-02BE-91D4",
        "draft": None,
        "person": person,
        "members": [{**person, "relationship": texts("Духтар")}] * members,
        "valid_until": day_texts(date(2026, 12, 21)),
        "issued_on": day_texts(date(2026, 11, 22)),
        "act": NAME,
        "day": day_texts(date(2026, 11, 22)),
        "time": "14:05",
        "number": "102-26H0000017",
        "office": texts("Панҷи Поён"),
        "entry": "0193a5b2-7f41-7c31-9a0e-6a1f2b3c4d5e",
        "receipt_number": "0198-C1D2-5A7E-7C31",
        "leaf": "9F3C 21AB 77D0 E4F1",
        "facts": {
            "case_number": "AS-26-000123",
            "decided_on": day_texts(date(2026, 11, 22)),
            "outcomes": [{"name": name, "outcome": texts("Эътироф шуд"), "ground": texts("Ақидаи сиёсӣ")}],
            "reasons": {"tg": "Далелҳо боваринок.", "prs": "", "ru": "", "en": ""},
            "law": {language: ["моддаи 2"] for language in LANGUAGES},
            "appeal_until": day_texts(date(2026, 12, 22)),
        },
        "sitting": sitting,
        **more,
    }


def pages(template: str, given: dict) -> int:
    made = _render(template, given, "png", ppi=20)
    return len(made) if isinstance(made, list) else 1


@pytest.mark.parametrize(("template", "language"), list(itertools.product(TEMPLATES, LANGUAGES)))
def test_every_paper_fits_one_side_in_every_language_even_with_a_long_name(template, language):
    assert pages(template, inputs(language)) == 1
    assert pages(template, inputs(language, name=LONG)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_family_members_stand_on_a_second_side(language):
    assert pages("asylum_seeker_certificate", inputs(language, members=1)) == 2
    assert pages("asylum_seeker_certificate", inputs(language, members=8)) == 2


@pytest.mark.parametrize(
    "hostile", ['#panic("x")', "*bold* _it_ $x^2$ `raw` @ref <label> // no", "\\u{202e}]#[", '#import "x"', "‮دور‬"]
)
def test_data_stays_data(hostile):
    """A name is text: nothing in it is ever run as part of the template."""
    given = inputs("prs", name=texts(hostile))
    for template in TEMPLATES:
        assert render_pdf(template, given, made_at=AT).startswith(b"%PDF")


def test_the_same_paper_comes_out_of_every_print():
    first = render_pdf("asylum_seeker_certificate", inputs("prs"), made_at=AT)
    assert (
        hashlib.sha256(first).digest()
        == hashlib.sha256(render_pdf("asylum_seeker_certificate", inputs("prs"), made_at=AT)).digest()
    )
    assert first != render_pdf("asylum_seeker_certificate", inputs("prs", serial="PJ-0001235"), made_at=AT)


def test_a_draft_looks_different_from_an_issued_paper():
    assert render_png("asylum_seeker_certificate", inputs("prs", draft="БЕЭЪТИБОР")) != render_png(
        "asylum_seeker_certificate", inputs("prs")
    )


def test_a_certificate_without_a_photo_can_be_made():
    assert pages("refugee_certificate", inputs("tg", photo=None, photo_mark=None)) == 1


@pytest.mark.parametrize("name", ["../receipt", "receipt.typ", "", "no_such_letter", "frame/x"])
def test_only_templates_of_the_country_are_opened(name):
    with pytest.raises(TemplateMissing):
        template_path(name)


def test_every_kind_of_paper_has_its_template_and_stock_its_letters():
    for kind in list_kinds():
        assert template_path(kind.template).is_file()
        if kind.accountable:
            assert kind.prefix.isascii() and kind.prefix.isupper()


# -- letters ------------------------------------------------------------------------------------------------------------------


def lacks(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether the font draws its sign for a missing letter."""
    return bytes(font.getmask(letter)) == bytes(font.getmask("\U0010fffe")) and font.getlength(
        letter
    ) == font.getlength("\U0010fffe")


def printed_letters() -> set[str]:
    """Every letter that the country's own words can bring onto a paper."""
    letters = set()
    for path in LETTERS.glob("*.typ"):
        letters |= set(path.read_text(encoding="utf-8"))
    for name in ("sex", "countries", "relationship", "grounds", "paper_kinds", "entry_points", "status_changes"):
        with (ROOT / "countries" / "tj" / "codes" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                letters |= set("".join(row[language] for language in LANGUAGES))
    for months in (AFGHAN_MONTHS, GREGORIAN_MONTHS):
        letters |= set("".join("".join(names) for names in months.values()))
    letters |= set("ғӣқӯҳҷҒӢҚӮҲҶђѓєїўЁёټډړښڼځڅېۍئژپچگکی‌۰۱۲۳۴۵۶۷۸۹āīūṭḍṣẓẕšžğ")
    return letters


def test_the_fonts_have_every_letter_that_is_printed():
    fonts = {path.stem: ImageFont.truetype(str(path), 40) for path in sorted(FONTS.glob("*.ttf"))}
    assert len(fonts) == 6
    for weight in ("Regular", "SemiBold", "Bold"):
        pair = [font for name, font in fonts.items() if name.endswith(weight)]
        for letter in printed_letters():
            if unicodedata.category(letter)[0] in "CZ" or unicodedata.combining(letter):
                continue
            assert not all(lacks(font, letter) for font in pair), (weight, letter, f"U+{ord(letter):04X}")


def test_the_licences_of_the_fonts_lie_beside_them():
    for family in ("NotoSans", "Vazirmatn"):
        assert "SIL OPEN FONT LICENSE" in (FONTS / f"OFL-{family}.txt").read_text(encoding="utf-8")


def test_every_word_stands_in_every_language():
    """Typst would stop at a missing word only when somebody prints the paper."""
    source = (LETTERS / "words.typ").read_text(encoding="utf-8")
    entries = source.count("en: ")
    assert entries > 40
    for language in LANGUAGES:
        assert source.count(f"{language}: ") == entries, language


def test_papers_are_made_quickly():
    """A wide bound, in time of the processor, against making compilers or reading fonts anew for each paper."""
    render_pdf("asylum_seeker_certificate", inputs("prs"), made_at=AT)
    begun = time.process_time()
    for _ in range(10):
        render_pdf("asylum_seeker_certificate", inputs("prs"), made_at=AT)
    assert (time.process_time() - begun) / 10 < 0.4


def test_the_official_language_is_one_of_the_letters():
    assert current().country.official_language in LANGUAGES
    assert Path(LETTERS).is_dir()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["asylum_seeker_certificate", "refugee_certificate"])
def test_a_long_office_name_keeps_its_distance_from_the_serial(template: str, language: str) -> None:
    long = texts("шуъба " + "иш " * 40)  # short words fill each line up to its end
    sheet = Image.open(io.BytesIO(render_png(template, inputs(language, authority=long), ppi=144))).convert("RGB")
    head = sheet.crop((0, 0, sheet.width, 95))
    lapis = [x for x in range(head.width) for y in range(head.height) if head.getpixel((x, y)) == (31, 61, 153)]
    first, last = min(lapis), max(lapis)
    assert 100 < last - first < 300, "the serial was not found"
    for beside in (range(first - 28, first - 8), range(last + 8, last + 28)):
        inked = [x for x in beside for y in range(head.height) if min(head.getpixel((x, y))) < 160]
        assert not inked
