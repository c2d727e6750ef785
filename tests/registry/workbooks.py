"""Workbooks made for tests: in the form of HOPE's, with synthetic people, or broken on purpose."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl

HOUSEHOLD = [
    "household_id",
    "country_origin_h_c",
    "admin1_h_c",
    "admin2_h_c",
    "size_h_c",
    "first_registration_date_h_c",
    "returnee_h_c",
]
INDIVIDUAL = [
    *[
        "household_id",
        "relationship_i_c",
        "full_name_i_c",
        "given_name_i_c",
        "family_name_i_c",
        "gender_i_c",
        "birth_date_i_c",
        "age",
    ],
    *["marital_status_i_c", "phone_no_i_c", "national_id_no_i_c", "national_id_issuer_i_c", "seeing_disability_i_c"],
]
HOUSES = [
    [1001, "AFG", "AF01", "AF0105", 3, date(2025, 5, 4), "=FALSE()"],
    [1002, "AFG", None, "3501263", 1, date(2025, 6, 1), False],
]
PEOPLE = [
    [
        1001,
        "HEAD",
        "Karim Ahmadi",
        None,
        "Ahmadi",
        "MALE",
        date(1980, 2, 3),
        None,
        "MARRIED",
        "+93701234567",
        112233,
        "AFG",
        None,
    ],
    [
        1001,
        "WIFE_HUSBAND",
        None,
        "فاطمه",
        "احمدی",
        "FEMALE",
        date(1985, 2, 3),
        None,
        "MARRIED",
        "12",
        None,
        None,
        "CANNOT_DO",
    ],
    [1001, "SON_DAUGHTER", "Najib Ahmadi", None, "Ahmadi", "MALE", None, 12, None, None, None, None, None],
    [1002, "HEAD", "Zahra Sadat", None, None, "FEMALE", date(1990, 7, 1), None, "WIDOWED", None, "A-77 1", "AFG", None],
]


def make_workbook(path: Path, houses=HOUSES, people=PEOPLE, *, drop_sheet="", drop_column="", extra=None) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, headers, rows in (("Households", HOUSEHOLD, houses), ("Individuals", INDIVIDUAL, people)):
        if name == drop_sheet:
            continue
        sheet = book.create_sheet(name)
        sheet.append([header if header != drop_column else "something_else" for header in headers])
        sheet.append([])
        for row in rows:
            sheet.append(row)
    for name, rows in (extra or {}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if not book.worksheets:
        book.create_sheet("Empty")
    book.save(path)
    return path


def rezip(path: Path, source: Path, **parts: bytes) -> Path:
    """The same workbook with some parts replaced (`sheet1` means xl/worksheets/sheet1.xml)."""
    replaced = {f"xl/worksheets/{name}.xml": content for name, content in parts.items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, replaced.get(item.filename, old.read(item.filename)))
    return path
