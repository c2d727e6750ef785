"""How closely a source is kept, where it says so in words; and what becomes of one that says nothing."""

from __future__ import annotations

import pytest

from panoh.library.reading.files import read_file
from panoh.library.reading.marks import OPEN, SENSITIVE, rank_of
from panoh.library.sources import read_sources
from tests.library.reading.sources import docx

REPORT = "Report of the valley.\n\nTen wells are dug by 12 May 2020, and families wait for more of them.\n"


def read(first: str):
    return read_file("a.txt", f"{first}\n\n{REPORT}".encode())


@pytest.mark.parametrize(
    ("over", "classification"),
    [
        ("CONFIDENTIAL//NOFORN", "CONFIDENTIAL//NOFORN"),
        ("Confidential", "CONFIDENTIAL"),
        ("CONFIDENTIAL - DO NOT DISTRIBUTE", "CONFIDENTIAL"),
        ("FOR INTERNAL USE ONLY", "RESTRICTED"),
        ("Для служебного пользования", "RESTRICTED"),
        ("«Конфиденциально»", "CONFIDENTIAL"),
        ("Совершенно секретно. Экз. № 1", "TOP SECRET"),
        ("Махфӣ", "CONFIDENTIAL"),
        ("Барои истифодаи хизматӣ", "RESTRICTED"),
        ("محرم", "CONFIDENTIAL"),
        ("Classification: PUBLIC", "PUBLIC"),
        ("Открыто", "PUBLIC"),
    ],
)
def test_a_paper_says_in_four_languages_how_closely_it_is_kept(over, classification):
    found = read(over)
    assert (found.classification, "classification_unknown" in {one.code for one in found.doubts}) == (
        classification,
        False,
    )


@pytest.mark.parametrize(
    "first",
    [
        "Confidential interviews were held",
        "Secretary of the commission",
        "Public information desk",
        "Restricted movement",
    ],
)
def test_words_that_only_begin_alike_are_none(first):
    assert read(first).classification == ""


def test_what_says_nothing_stays_within_the_organisation_and_is_asked_about():
    found = read("Wells")
    assert rank_of(found.classification, found.handling, []) == SENSITIVE
    assert "classification_unknown" in {one.code for one in found.doubts}
    (source,) = read_sources([("a.txt", REPORT.encode(), "file")], "PUBLIC")
    assert (rank_of(source.reading.classification, [], []), source.fields["classification"]) == (OPEN, "PUBLIC")
    assert "classification_unknown" not in {one.code for one in source.reading.doubts}
    (source,) = read_sources([("a.txt", f"Confidential\n\n{REPORT}".encode(), "file")], "PUBLIC")
    assert source.reading.classification == "CONFIDENTIAL"


def test_the_head_of_each_page_of_a_word_file_and_the_subject_of_a_letter_count():
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = f'<w:hdr xmlns:w="{space}"><w:p><w:r><w:t>Конфиденциально</w:t></w:r></w:p></w:hdr>'
    made = docx([("Normal", "Ten wells are dug by 12 May 2020.")], {"word/header1.xml": head.encode()})
    assert read_file("a.docx", made).classification == "CONFIDENTIAL"
    letter = b"From: a@b.c\nDate: Tue, 12 May 2020 10:00:00 +0000\nMessage-ID: <1@x>\nSubject: Confidential: a witness\nMIME-Version: 1.0\n\nA letter.\n"
    assert read_file("a.eml", letter).classification == "CONFIDENTIAL"
