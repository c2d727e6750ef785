"""Where paragraphs of a cable begin: what a page, a caption, a dump or an archive did to the lines is undone, what the sender meant stays."""

from __future__ import annotations

import pytest

from panoh.library.reading.cable import read_cable

HEAD = "UNCLAS SECTION 01 OF 02 DUSHANBE 000412\n\nE.O. 12958: N/A\nTAGS: PREF TI\nSUBJECT: PAPERS\n\nREF: A. DUSHANBE 398\n ¶B. DUSHANBE-STATE email of 5/22 (NOTAL)\n\n"
# Lines of the width that telegrams have; a wrapped line leaves no room for the next word.
FULL = "Families from three districts wait longer than the law allows"
WRAPPED = "\n".join([FULL, *["and the office that should answer them has no paper to print"] * 7])


def read(body: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.label, one.text) for one in read_cable(HEAD + body).paragraphs]


def begun(body: str) -> list[str]:
    """Kind, number and first two words of each."""
    return [f"{kind[0]}{label} {' '.join(text.split()[:2])}" for kind, label, text in read(body)]


PAGE = "\n\nDUSHANBE 00000412  002 OF 002\n\n\n"


def test_references_without_a_number_are_no_paragraphs():
    assert begun("1. (U) The office is shut.\n") == ["p1 The office"]


@pytest.mark.parametrize(
    "torn",
    [
        f"certificates of the families that came in the long winter.{PAGE}Those from Darvaz",
        f"certificates of the families that came in the{PAGE}winter. Those from Darvaz",
        "certificates of the families that came in the\n\nSIPDIS\nwinter. Those from Darvaz",
        "certificates of the families that came in the\n\nDUSHANBE 00000412  002 2 OF 02\n\nwinter. Those from Darvaz",
    ],
    ids=["after a sentence", "within a sentence", "by a caption", "by a heading that was misprinted"],
)
def test_a_page_that_is_turned_within_a_paragraph_does_not_end_it(torn):
    text = f"1. (U) {WRAPPED}\n{torn}\nare still to come.\n\n2. (U) More.\n"
    assert begun(text) == ["p1 Families from", "p2 More."]


def test_a_page_that_is_turned_behind_a_short_line_ends_the_paragraph():
    text = f"1. (U) {WRAPPED}\nEnd.{PAGE}Nobody knows why.\n\n2. (U) More.\n"
    assert begun(text) == ["p1 Families from", "p Nobody knows", "p2 More."]


def test_lines_that_end_before_they_are_full_end_a_paragraph():
    text = f"1. (U) {WRAPPED}\nin months.\nNobody knows why.\n"
    assert begun(text) == ["p1 Families from", "p Nobody knows"]
    assert begun(text.replace("in months.\n", "in months,\n")) == ["p1 Families from"]


def test_an_empty_line_behind_each_line_is_none():
    text = f"1. (U) {WRAPPED}\n\nThe second paragraph.\n\n2. (U) More of this.\n"
    assert begun(text.replace("\n", "\n\n")) == begun(text)


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("The fair ran from April 2 -\n12.39 countries came.", ["1", "2"]),
        ("It was signed on December\n¶30. Nobody came.", ["1", "2"]),
        ("Those numbers stand in para\n3. They are false.", ["1", "2"]),
        ("The rules are of December\n¶2008. They still hold.", ["1", "2"]),
    ],
)
def test_numbers_that_begin_a_line_by_chance_begin_no_paragraph(line, labels):
    found = read(f"1. (U) {line}\n\n2. (U) More of this.\n")
    assert [label for _kind, label, _text in found] == labels
    assert "¶" not in found[0][2]


def test_a_number_that_lost_its_point_is_known_by_its_neighbours():
    text = "1. (U) The first of them is here.\n\n2 The second one is written without its point, as it came.\n\n3. (U) The third.\n"
    assert begun(text) == ["p1 The first", "p2 The second", "p3 The third."]
    assert begun(text.replace("\n\n3. (U)", "\n\n9. (U)"))[1] == "p 2 The"


def test_numbers_and_headings_that_a_dump_ran_into_a_line_are_set_apart():
    text = "1. (U) The first. ------------ Ruled Heading ------------\n\n2. (U) The second. [Radio] TRADE\n\n3. The third. 4. (U) The fourth. 5. The fifth.\n\n6. (U) The sixth."
    assert begun(text) == [
        "p1 The first.",
        "hRuled Heading".replace("h", "h ", 1),
        "p2 The second.",
        "h TRADE",
        "p3 The third.",
        "p4 The fourth.",
        "p5 The fifth.",
        "p6 The sixth.",
    ]


def test_a_heading_of_a_page_that_a_dump_ran_into_a_line_is_left_out():
    assert read("1. (U) They came DUSHANBE 00000412 002 OF 002 too late.\n")[0][2] == "They came too late."


def test_dashes_are_points_or_parts_of_a_sentence():
    points = "1. (U) They need:\n-- paper;\n-- ink; and\n-- a secretary.\n"
    assert begun(points) == ["p1 They need:", "p -- paper;", "p -- ink;", "p -- a"]
    assert begun("1. (U) The office of the governor\n-- a new one -- is shut.\n") == ["p1 The office"]
    assert begun("1. (U) Contents\n\n--(3)Paper for all\n\n--(4)Ink for some\n") == [
        "p1 Contents",
        "p --(3)Paper for",
        "p --(4)Ink for",
    ]


@pytest.mark.parametrize(
    "end",
    ["Nothing more.\nKARIMOVA", "Nothing more.\n\nKARIMOVA\n\n====CABLE ENDS====", "Nothing more is known of it. Karimova", "End text.\nKARIMOVA", "XXXXXXXXXXXX\nKarimova", "Nothing more is known of it.KARIMOVA", "Nothing more.\nKARIMOVA\nKARIMOVA\n"],
)  # fmt: skip
def test_who_signed_stands_at_the_end(end):
    found = read(f"1. (U) The office is shut for the winter, as it is each year.\n\n2. (U) {end}")
    assert (found[-1][0], found[-1][2].upper()) == ("signature", "KARIMOVA")
    assert "KARIMOVA" not in found[-2][2].upper() and "CABLE" not in found[-2][2]


def test_the_end_of_a_summary_signs_nothing():
    assert begun("1. (U) The office is shut for the winter.\nEND SUMMARY")[-1] == "p1 The office"


def test_offices_named_late_and_a_subject_printed_twice_belong_to_the_opening():
    text = "DEPT FOR SCA/CEN\n\nREF: 05 STATE 1234\n\nSUBJECT: A LONG SUBJECT\n\n1. (U) The office is shut.\n"
    found = read_cable(f"UNCLAS DUSHANBE 000412\n\nTAGS: PREF TI\nSUBJECT: A LONG SUBJECT\n\n{text}")
    assert [one.text for one in found.paragraphs] == ["The office is shut."]
    assert found.subject == "A LONG SUBJECT"


def test_small_letters_in_brackets_are_points_not_marks():
    found = read_cable(f"{HEAD}1. (U) The first.\n\n2. (c) Yes, they may.\n")
    assert [one.mark for one in found.paragraphs] == ["U", ""]
    assert "classification_raised" not in {one.code for one in found.doubts}
