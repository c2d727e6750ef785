"""Opens a workbook that a stranger made: bounded in size, rows, memory and time, and never computing anything.

An XLSX file is a zip of XML. Before openpyxl sees it, the zip's own directory says how large it would become; a bomb is
refused unopened. Rows are streamed; a million empty ones are not waited for. Formulas are not computed: =TRUE() and
=FALSE() are what exporters write for yes and no, any other is told as such.
"""

from __future__ import annotations

import hashlib
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl

from panoh.kernel.problems import Problem

LARGEST_FILE = 50 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_RATIO = 200
MOST_PARTS = 500
MOST_ROWS = 20_000
MOST_COLUMNS = 400
EMPTY_ROWS_TO_END = 500
LONGEST_CELL = 2000
SECONDS = 120
_CHUNK = 1024 * 1024
_DAMAGED = (
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    zipfile.BadZipFile,
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula which is not read."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the headers: its number in the sheet and its cells by header."""

    number: int
    cells: dict[str, Any]

    def get(self, *headers: str) -> Any:
        """The first of the cells that is filled."""
        return next((self.cells[header] for header in headers if self.cells.get(header) not in (None, "")), None)


@dataclass
class Sheet:
    """A sheet read whole: its headers as they stand, and its filled rows."""

    name: str
    headers: list[str]
    rows: list[Row]


@dataclass
class Workbook:
    """A workbook read whole. `sha256` is the file's own, by which it is known again."""

    file_name: str
    sha256: str
    sheets: dict[str, Sheet] = field(default_factory=dict)

    def find(self, name: str) -> Sheet | None:
        """A sheet by its name, in any case."""
        return self.sheets.get(name.casefold())


def read_workbook(path: Path, *, wanted: tuple[str, ...]) -> Workbook:
    """The wanted sheets of a workbook, or a Problem that says why it cannot be read."""
    try:
        size = path.stat().st_size
    except OSError:
        raise Problem("registry.import.no_file", file=path.name) from None
    if size > LARGEST_FILE:
        raise Problem("registry.import.too_large", file=path.name, megabytes=size // 1024 // 1024)
    try:
        with path.open("rb") as file:
            return read_stream(file, path.name, wanted=wanted)
    except (IsADirectoryError, PermissionError):
        raise Problem("registry.import.no_file", file=path.name) from None


def read_stream(file: IO[bytes], name: str, *, wanted: tuple[str, ...]) -> Workbook:
    """The same from an open file (an upload), which must be seekable."""
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    check_zip(file, name)
    file.seek(0)
    until = time.monotonic() + SECONDS
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        found = Workbook(name, digest.hexdigest())
        wanted_names = {sheet.casefold() for sheet in wanted}
        for sheet in book.worksheets:
            if sheet.title.casefold() in wanted_names:
                found.sheets[sheet.title.casefold()] = _read_sheet(sheet, until)
        book.close()
    except Problem:
        raise
    except RecursionError:
        raise Problem("registry.import.damaged", file=name) from None
    except _DAMAGED:
        raise Problem("registry.import.damaged", file=name) from None
    return found


def check_zip(file: IO[bytes], name: str) -> None:
    """Refuse what is no workbook, or would become too large, by the zip's directory alone."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise Problem("registry.import.not_a_workbook", file=name)
            unpacked = sum(part.file_size for part in parts)
            packed = max(sum(part.compress_size for part in parts), 1)
            if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or unpacked > packed * LARGEST_RATIO + _CHUNK:
                raise Problem("registry.import.bomb", file=name, megabytes=unpacked // 1024 // 1024)
            if any(part.flag_bits & 0x1 for part in parts):
                raise Problem("registry.import.encrypted", file=name)
            for part in parts:
                if part.filename.endswith(".xml") and _declares_entities(archive, part):
                    raise Problem("registry.import.damaged", file=name)
    except Problem:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, *_DAMAGED):
        raise Problem("registry.import.not_a_workbook", file=name) from None


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """No writer of workbooks declares entities; those who do want the parser to multiply them or to fetch something."""
    with archive.open(part) as stream:
        head = stream.read(4096)
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def _read_sheet(sheet: Any, until: float) -> Sheet:
    headers: list[str] = []
    rows: list[Row] = []
    empty = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if time.monotonic() > until:
            raise Problem("registry.import.too_slow", sheet=sheet.title, seconds=SECONDS)
        values = [_value(cell) for cell in cells]
        if all(value in (None, "") for value in values):
            empty += 1
            if empty > EMPTY_ROWS_TO_END:
                break
            continue
        empty = 0
        if not headers:
            headers = [str(value).strip() if value is not None else "" for value in values]
            continue
        if len(rows) >= MOST_ROWS:
            raise Problem("registry.import.too_many_rows", sheet=sheet.title, most=MOST_ROWS)
        rows.append(Row(number, {header: value for header, value in zip(headers, values, strict=False) if header}))
    return Sheet(sheet.title, [header for header in headers if header], rows)


def _value(cell: Any) -> Any:
    """A cell as text, whole number, day, yes or no, or None; what is none of these as text."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        plain = str(value).replace(" ", "").upper()
        return {"=TRUE()": True, "=FALSE()": False}.get(plain, Formula(str(value)[:60]))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool | int | date):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else str(value)
    return str(value)[:LONGEST_CELL].strip()


def iter_headers(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """(header as it stands, header in the form that columns are known by)"""
    for header in sheet.headers:
        yield header, header.casefold().replace(" ", "_")
