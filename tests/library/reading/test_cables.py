"""A cable is read whole: its fields, its paragraphs, and what was doubtful."""

from __future__ import annotations

import gzip
import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from panoh.library.reading.files import read_file
from tests.library.reading.sources import CABLE, HEADER, cable, page

SHARED = (
    Path(os.environ.get("PANOH_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "cables" / "cables.jsonl.gz"
)


def read(text: str, name: str = "telegram.txt"):
    return read_file(name, text.encode())


def codes(found) -> set[str]:
    return {one.code for one in found.doubts}


@pytest.mark.parametrize("way", [cable, page], ids=["lines", "page"])
def test_fields_are_read_from_lines_and_from_a_page_alike(way):
    found = read(way())
    assert (found.kind, found.refid, found.origin) == ("cable", "06DUSHANBE412", "Embassy Dushanbe")
    assert found.created == datetime(2006, 5, 9, 5, 9)
    assert found.classification == "UNCLASSIFIED//FOR OFFICIAL USE ONLY"
    assert found.tags == ["PREF", "PREL", "SMIG", "TI"]
    assert found.subject == "REFUGEES WAIT FOR CERTIFICATES IN THE VALLEY"
    assert [(one.label, one.refid) for one in found.references] == [("A", "06DUSHANBE398"), ("B", "05STATE1234")]
    assert found.addressees == ["SECSTATE WASHDC"]
    assert found.copied_to == ["CIS COLLECTIVE", "AMEMBASSY KABUL"]


@pytest.mark.parametrize("way", [cable, page], ids=["lines", "page"])
def test_paragraphs_are_cut_at_numbers_letters_and_headings_and_joined_over_pages(way):
    found = read(way()).paragraphs
    assert [(one.kind, one.label, one.mark) for one in found] == [
        ("heading", "", ""),
        ("paragraph", "1", "SBU"),
        ("heading", "", ""),
        ("paragraph", "2", "U"),
        ("paragraph", "A", ""),
        ("paragraph", "B", ""),
        ("paragraph", "3", "C"),
        ("signature", "", ""),
    ]
    assert found[5].text.endswith("waiting for the appointment of its secretary.")
    assert found[5].section == "WHAT THE OFFICES SAY"
    assert found[-1].text == "KARIMOVA"
    assert not any("OF 002" in one.text for one in found)


def test_a_page_tells_when_it_was_released():
    assert read(page()).released == datetime(2011, 8, 30, 1, 44)


def test_the_highest_mark_inside_is_told():
    assert "classification_raised" in codes(read(cable()))
    assert "classification_raised" not in codes(read(cable(**{"(C)": "(U)"})))


def test_contradictions_are_told_and_the_page_goes_before():
    found = read(
        page().replace("2006-05-09 05:09", "2006-06-09 05:09").replace("<td>06DUSHANBE412", "<td>06DUSHANBE413")
    )
    assert {"dates_differ", "references_differ"} <= codes(found)
    assert found.refid == "06DUSHANBE413"


def test_an_impossible_date_is_no_date():
    found = read(cable(**{"090509Z MAY 06": "310509Z FEB 06"}))
    assert found.created is None
    assert {"impossible_date", "no_date"} <= codes(found)


def test_without_transmission_lines_the_year_comes_from_the_name_of_the_file():
    assert read(CABLE, "06DUSHANBE412.txt").refid == "06DUSHANBE412"
    found = read(CABLE)
    assert found.refid == "DUSHANBE412"
    assert {"reference_without_year", "no_date", "origin_guessed"} <= codes(found)


def test_keys_that_ran_together_are_set_apart():
    text = f"{HEADER}\nUNCLAS DUSHANBE 000412 SIPDIS E.O. 12958: N/A TAGS: PREF TI\n\nSUBJECT: A WORD\n\n1. (U) Text.\n"
    found = read(text)
    assert (found.tags, found.subject) == (["PREF", "TI"], "A WORD")


@pytest.mark.parametrize(
    ("lines", "subject", "first"),
    [
        ("FEES REF: STATE 1234\n\n", "FEES REF: STATE 1234", "Text."),
        ("FEES\nREF: STATE 1234\n\n", "FEES REF: STATE 1234", "Text."),
        ("FEES\n\nREF: STATE 1234\n\n", "FEES", "Text."),
        ("FEES REF: STATE 1234 (U) We asked for them today.\n\n", "FEES REF: STATE 1234", "We asked for them today."),
        (f"{'A VERY LONG WORD ' * 10}REF: STATE 1234\n\n", f"{'A VERY LONG WORD ' * 10}REF: STATE 1234", "Text."),
    ],
)
def test_references_transmitted_with_the_subject_are_read_and_left_out_of_the_title(lines, subject, first):
    found = read(f"{HEADER}\nUNCLAS DUSHANBE 000412\n\nTAGS: PREF\nSUBJECT: {lines}1. (U) Text.\n")
    assert found.subject == subject
    assert found.title == subject.partition(" REF:")[0]
    assert [one.refid for one in found.references] == ["06STATE1234"]
    assert found.paragraphs[0].text == first


def test_a_date_group_alone_tells_the_day():
    found = read(f"This record is a partial extract of the original cable.\n\n090509Z May 06\n{CABLE}")
    assert (found.created, found.refid) == (datetime(2006, 5, 9, 5, 9), "06DUSHANBE412")


def test_a_reference_of_the_own_post_with_a_higher_number_is_of_the_year_before():
    found = read(cable(**{"DUSHANBE 398": "DUSHANBE 1980"}))
    assert found.references[0].refid == "05DUSHANBE1980"
    assert "reference_year_guessed" in codes(found)


def test_reading_again_what_was_read_gives_the_same_words():
    found = read(cable())
    again = read(
        f"{HEADER}\n{found.opening}\n\n"
        + "\n\n".join(f"{one.label}. {one.text}" for one in found.paragraphs if one.label.isdigit())
    )
    assert [one.text for one in again.paragraphs] == [one.text for one in found.paragraphs if one.label.isdigit()]


@pytest.mark.skipif(not SHARED.exists(), reason="the measured cables are not here (PANOH_SHARED)")
def test_measured_cables_stay_as_good_as_they_were_measured():
    from panoh.library.reading.cable import read_cable

    with gzip.open(SHARED, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    records = [one for one in records if "FM " in one["header"]]
    read_all = [(one, read_cable(f"{one['header']}\n{one['text']}")) for one in records]
    many = len(records)
    assert sum(one["refid"] == found.refid for one, found in read_all) >= 0.995 * many
    assert (
        sum(found.created is not None and one["created"][:10] == f"{found.created:%Y-%m-%d}" for one, found in read_all)
        == many
    )
    assert sum(one["origin"] == found.origin for one, found in read_all) == many
    assert sum(one["classification"] == found.classification for one, found in read_all) == many
    for field, said in (
        ("tags", lambda one, found: one["tags"].replace(",", " ").split() == found.tags),
        ("subject", lambda one, found: one["subject"].split() == found.subject.split()),
    ):
        filled = [pair for pair in read_all if pair[0][field]]
        assert sum(said(*pair) for pair in filled) >= 0.98 * len(filled), field
