"""Whatever a file is, it is taken in as far as it goes, and the rest is named. Nothing of it runs, nothing is fetched."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from panoh.library.reading import archives, dumps, mail
from panoh.library.reading.files import read_file
from panoh.library.reading.pieces import pieces_of
from tests.library.reading.sources import docx, page, pdf

RUSSIAN = "Отчет о положении беженцев в Душанбе. Комиссия не собиралась с первого марта, и семьи ждут решения.\n\n" * 3
PERSIAN = "گزارش وضعیت پناهندگان در شهر دوشنبه. کمیسیون از اول مارچ جلسه نکرده است و خانواده ها منتظر اند.\n\n" * 3


def codes(found) -> set[str]:
    return {one.code for one in found.doubts}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "cp866"), (RUSSIAN, "utf-16-le"), (PERSIAN, "cp1256")],
)
def test_encodings_are_found_and_told(text, encoding):
    text = text.replace("ی", "ي").replace("ک", "ك") if encoding == "cp1256" else text
    found = read_file("report.txt", text.encode(encoding))
    assert found.paragraphs[0].text == text.split("\n")[0]
    assert "encoding_guessed" in codes(found)


def test_text_that_was_encoded_twice_is_read_once_more():
    once = ("¶1. (U) The café’s owner was asked.\n\n¶2. (U) A naïve “plan”.\n\n" * 3).encode()
    twice = "".join(chr(byte) if byte in b"\x81\x8d\x8f\x90\x9d" else bytes([byte]).decode("cp1252") for byte in once)
    assert "café’s" in read_file("x.txt", twice.encode()).paragraphs[0].text


def test_scripts_and_frames_of_a_page_are_left_out():
    found = read_file("x.html", page().encode())
    assert "scripts_left_out" in codes(found)
    assert "evil" not in found.body and "Browse by origin" not in found.body


def test_a_page_that_never_closes_what_it_opens_is_read():
    found = read_file("x.html", b"<html><body>" + b"<div>" * 100_000 + b"<p>Still a sentence.")
    assert found.paragraphs[0].text == "Still a sentence."


def test_docx_is_read_and_its_macros_are_left_out():
    content = docx(
        [("Heading1", "Plan of the valley"), ("Normal", "Ten wells are dug by 12 May 2020.")],
        {"word/vbaProject.bin": b"x"},
    )
    found = read_file("plan.docx", content)
    assert (found.subject, found.paragraphs[0].text) == ("Plan of the valley", "Ten wells are dug by 12 May 2020.")
    assert f"{found.created}" == "2020-05-12"
    assert "macros_left_out" in codes(found)


def test_a_zip_bomb_is_named_and_not_opened():
    content = docx([("Normal", "a" * 90_000_000)])
    assert len(content) < 200_000
    found = read_file("bomb.docx", content)
    assert "too_large_inside" in codes(found) and not found.paragraphs


def test_entities_that_grow_are_named_and_not_expanded():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>')
    assert "damaged" in codes(read_file("x.docx", made.getvalue()))


def test_pdf_is_read_and_one_without_letters_or_with_a_lock_is_named():
    assert "The wells are dry." in read_file("a.pdf", pdf("Report of the valley\n\nThe wells are dry.")).body
    assert "no_text_layer" in codes(read_file("b.pdf", pdf()))
    assert "encrypted" in codes(read_file("c.pdf", pdf("secret words", password="word")))
    assert "damaged" in codes(read_file("d.pdf", b"%PDF-1.7 nothing of the kind"))


def test_a_letter_is_read_and_its_attachment_is_named():
    letter = (
        b"From: Office <office@example.org>\r\nTo: Board <board@example.org>\r\nDate: Tue, 12 May 2020 10:00:00 +0500\r\n"
        b"Subject: =?utf-8?b?0J/QuNGB0YzQvNC+?=\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'
        b"<p>We ask for a day.</p><script>run()</script>\r\n--b\r\nContent-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="list.pdf"\r\n\r\nx\r\n--b--\r\n'
    )
    found = read_file("letter.eml", letter)
    assert (found.kind, found.subject, found.refid[:5]) == ("letter", "Письмо", "MAIL-")
    assert found.refid == read_file("other.eml", letter).refid
    assert f"{found.created}" == "2020-05-12 05:00:00"
    assert found.body == "We ask for a day."
    assert {"attachments_left_out", "scripts_left_out"} <= codes(found)


def test_a_file_of_noise_is_taken_in_under_its_content():
    one = read_file("noise.bin", bytes(range(256)) * 400)
    assert one.refid.startswith("DOC-") and one.refid == read_file("other.bin", bytes(range(256)) * 400).refid


def test_a_very_long_text_is_cut_and_told():
    found = read_file("long.txt", b"A sentence that goes on.\n\n" * 1_000_000)
    assert "cut_short" in codes(found)


def test_a_broken_line_of_a_dump_is_named_and_a_whole_one_is_read():
    assert "damaged" in codes(dumps.read_record("x#1", b'{"refid": '))
    line = json.dumps(
        {
            "refid": "06DUSHANBE1",
            "created": "2006-01-02 03:04",
            "classification": "CONFIDENTIAL",
            "origin": "Embassy Dushanbe",
            "text": "C O N F I D E N T I A L DUSHANBE 000001\n\nE.O. 12958: DECL: 01/01/2016\nTAGS: PREF\nSUBJECT: A WORD\n\n1. (C) Text.",
        }
    )
    found = dumps.read_record("x#2", line.encode())
    assert (found.refid, found.classification, found.declassify) == ("06DUSHANBE1", "CONFIDENTIAL", "DECL: 01/01/2016")


def test_halves_of_letters_and_a_letter_zero_in_a_dump_are_lost_and_told():
    line = rb'{"refid": "06DUSHANBE78", "created": "2006-13-45", "text": "1. (U) Half \ud800 and \u0000 are here.", "origin": "Embassy Dushanbe"}'
    found = dumps.read_record("x#1", line)
    assert found.paragraphs[0].text.encode() and "\0" not in found.body
    assert {"letters_lost", "impossible_date"} <= codes(found)


def test_a_dump_that_never_ends_a_line_is_read_once_and_one_that_breaks_off_is_named(tmp_path):
    bomb = tmp_path / "bomb.jsonl.gz"
    with gzip.open(bomb, "wb") as packed:
        packed.write(b'{"refid": "06DUSHANBE1", "text": "1. (U) Whole."}\n')
        for _ in range(3 * dumps.LONGEST_LINE >> 20):
            packed.write(b"0" * (1 << 20))
    assert [len(line) for _name, line in dumps.records_of(bomb)] == [50, dumps.LONGEST_LINE]
    refused: list[tuple[str, str]] = []
    short = tmp_path / "short.jsonl.gz"
    short.write_bytes(gzip.compress(b'{"text": "1"}\n' * 9)[:-9])
    assert len(list(pieces_of(short, refused))) == 9
    assert refused == [("short.jsonl.gz", "damaged")]


@pytest.mark.parametrize(
    ("refid", "kept"),
    [
        ("1976STATE012345", "1976STATE012345"),
        ("2019-55", "2019-55"),
        ("A/5: б", "A-5-б"),
        ("06DUSHANBE78", "06DUSHANBE78"),
    ],
)
def test_a_catalogue_may_number_otherwise_than_cables_are(refid, kept):
    line = json.dumps({"refid": refid, "text": "1. (U) Wells are dug."}).encode()
    assert dumps.read_record("x#1", line).refid == kept
    assert dumps.read_record("x#1", json.dumps({"refid": " / ", "text": "Wells."}).encode()).refid.startswith("DOC-")


def test_an_archive_is_opened_once_and_up_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_INSIDE", 1000)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", b"words")
    made = tmp_path / "all.zip"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/a.txt", b"Ten wells.")
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr(
            "lines.jsonl", b'{"refid": "06DUSHANBE1", "text": "1"}\n{"refid": "06DUSHANBE2", "text": "1"}\n'
        )
        archive.writestr("bomb.txt", b"0" * 5000)
        archive.writestr("__MACOSX/._a.txt", b"x")
    refused: list[tuple[str, str]] = []
    found = list(pieces_of(made, refused))
    assert [(name, how) for name, _content, how in found] == [
        ("all.zip/../../etc/a.txt", "file"),
        ("all.zip/inner.zip", "file"),
        ("all.zip/lines.jsonl#1", "record"),
        ("all.zip/lines.jsonl#2", "record"),
    ]
    assert refused == [("all.zip/bomb.txt", "too_large_inside")]
    assert "archive_left_closed" in codes(read_file("inner.zip", found[1][1]))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["all.zip"]


def test_an_archive_is_named_and_left_closed():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("inner.zip", b"PK\x03\x04")
    assert "archive_left_closed" in codes(read_file("x.zip", made.getvalue()))
    assert "damaged" in codes(read_file("x.zip", b"PK\x03\x04 nothing"))


def test_of_a_letter_with_a_film_the_words_are_read(tmp_path):
    head = (
        b"From: a@example.org\nDate: Tue, 12 May 2020 10:00:00 +0000\nSubject: Film\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe film is attached.\n--b\n"
        b"Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=film.bin\n\n"
    )
    found = read_file("x.eml", head + b"A" * mail.LARGEST_READ + b"\n--b--\n")
    assert found.body == "The film is attached."
    assert {"cut_short", "attachments_left_out"} <= codes(found)
