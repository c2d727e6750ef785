"""Reads `country.yaml`, `codes/*.csv` and `places/*.csv`: the words of the register, each with its titles and its source."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from panoh.rulebook.faults import Faults, did_you_mean
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import LANGUAGES, Confidence, Titles
from panoh.rulebook.load_law import CONFIDENCES
from panoh.rulebook.reference import Code, CodeList, Place, Role
from panoh.rulebook.yaml_source import Item

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CALENDARS = ("gregorian", "solar_hijri")
_DATES = ("valid_from", "valid_to")
_CODE_COLUMNS = ("code", *LANGUAGES, *_DATES, "source", "confidence")
_PLACE_COLUMNS = ("code", "level", "parent", *LANGUAGES, *_DATES, "aliases", "source")
_PLACE_OWN = {*_PLACE_COLUMNS, "country"}


@dataclass(slots=True)
class CountryRead:
    """What `country.yaml` says."""

    code: str
    iso3: str
    titles: Titles
    time_zone: str
    languages: tuple[str, ...]
    official_language: str
    calendars: tuple[str, ...]
    weekend: frozenset[int]
    roles: dict[str, Role]


def read_country(root: Item) -> CountryRead:
    root.only(
        "code", "iso3", "titles", "time_zone", "languages", "official_language", "calendars", "weekend", "roles"
    )  # fmt: skip
    languages = root.texts("languages") or LANGUAGES
    for item in root.items("languages"):
        if item.raw not in LANGUAGES:
            item.fault(f"Panoh has no texts in {item.raw!r}", did_you_mean(item.raw, LANGUAGES))
    weekend = root.texts("weekend")
    for item in root.items("weekend"):
        if item.raw not in WEEKDAYS:
            item.fault(f"{item.raw!r} is not a day of the week", did_you_mean(item.raw, WEEKDAYS))
    calendars = root.texts("calendars")
    for item in root.items("calendars"):
        if item.raw not in CALENDARS:
            item.fault(f"unknown calendar {item.raw!r}", did_you_mean(item.raw, CALENDARS))
    time_zone = root.text("time_zone")
    try:
        ZoneInfo(time_zone or "UTC")
    except (KeyError, ValueError, OSError):
        (root.find("time_zone") or root).fault(f"unknown time zone {time_zone!r}", "use a name like Asia/Dushanbe")
    roles = {item.name: Role(code=item.name, titles=_titles_of(item)) for item in root.entries("roles", required=True)}
    return CountryRead(
        code=root.text("code"),
        iso3=root.text("iso3"),
        titles=root.titles(),
        time_zone=time_zone,
        languages=languages,
        official_language=root.one_of("official_language", languages),
        calendars=calendars,
        weekend=frozenset(WEEKDAYS.index(name) for name in weekend if name in WEEKDAYS),
        roles=roles,
    )


def _titles_of(item: Item) -> Titles:
    item.only("titles")
    return item.titles()


def read_codes(path: Path, file: str, faults: Faults) -> CodeList:
    """One code list. A code that is no longer used keeps its row with `valid_to`, because old records still name it."""
    codes: dict[str, Code] = {}
    for line, row in _rows(path, file, faults, _CODE_COLUMNS):
        code = row["code"]
        if code in codes:
            faults.add(file, line, f"the code {code!r} stands twice", "remove or rename one of them")
            continue
        if row["confidence"] not in CONFIDENCES:
            faults.add(
                file,
                line,
                f"'confidence' cannot be {row['confidence']!r}",
                did_you_mean(row["confidence"], CONFIDENCES),
            )
        if not row["source"]:
            faults.add(file, line, f"the code {code!r} has no source", "say where the code or its title was read")
        valid_from, valid_to = _span(row, file, line, faults)
        codes[code] = Code(
            code=code,
            titles=_titles(row, file, line, faults),
            attributes=FrozenMap({name: text for name, text in row.items() if name not in _CODE_COLUMNS}),
            valid_from=valid_from,
            valid_to=valid_to,
            source=row["source"],
            confidence=cast(Confidence, row["confidence"]),
        )
    return CodeList(path.stem, codes.values())


def read_places(path: Path, file: str, faults: Faults, places: dict[str, tuple[Place, str, int]]) -> None:
    """Adds the places of one country; a place remembers its line, because its parent may stand in a later row or file."""
    for line, row in _rows(path, file, faults, _PLACE_COLUMNS):
        code = row["code"]
        if code in places:
            _, other, other_line = places[code]
            faults.add(file, line, f"the place {code!r} already stands at {other}:{other_line}", "remove one of them")
            continue
        if not row["source"]:
            faults.add(file, line, f"the place {code!r} has no source", "say where the place was read")
        valid_from, valid_to = _span(row, file, line, faults)
        place = Place(
            code=code,
            level=row["level"],
            titles=_titles(row, file, line, faults),
            parent=row["parent"],
            country=row.get("country") or path.stem.upper(),
            valid_from=valid_from,
            valid_to=valid_to,
            aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip()),
            source=row["source"],
            attributes=FrozenMap({name: text for name, text in row.items() if name not in _PLACE_OWN}),
        )
        places[code] = (place, file, line)


def check_places(places: dict[str, tuple[Place, str, int]], faults: Faults) -> None:
    """Every parent exists, and no place lies within itself."""
    for place, file, line in places.values():
        if place.parent and place.parent not in places:
            faults.add(
                file, line, f"the place {place.code!r} lies in {place.parent!r}, which is not listed", "add the parent"
            )
            continue
        above, seen = place.parent, {place.code}
        while above and above in places:
            if above in seen:
                faults.add(file, line, f"the place {place.code!r} lies within itself", "mend the parents")
                break
            seen.add(above)
            above = places[above][0].parent


def _rows(path: Path, file: str, faults: Faults, required: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        faults.add(file, 1, f"cannot be read: {error}", "save the file as CSV in UTF-8")
        return
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = next(reader, [])
        missing = [column for column in required if column not in header]
        if missing:
            faults.add(
                file, 1, f"the columns {', '.join(missing)} are missing", f"the header needs {','.join(required)}"
            )
            return
        for cells in reader:
            if not cells:
                continue
            line = reader.line_num
            if len(cells) != len(header):
                faults.add(
                    file, line, f"{len(cells)} cells, the header has {len(header)}", "quote texts that hold a comma"
                )
                continue
            row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            if not row["code"]:
                faults.add(file, line, "a row without a code")
                continue
            yield line, row
    except csv.Error as error:
        faults.add(file, reader.line_num, f"not valid CSV: {error}", "check the quotes")


def _titles(row: dict[str, str], file: str, line: int, faults: Faults) -> Titles:
    missing = [language for language in LANGUAGES if not row[language]]
    if missing:
        faults.add(
            file, line, f"{row['code']!r} has no title in {', '.join(missing)}", "every title stands in all languages"
        )
    return FrozenMap({language: row[language] for language in LANGUAGES})


def _span(row: dict[str, str], file: str, line: int, faults: Faults) -> tuple[date | None, date | None]:
    found: list[date | None] = []
    for column in _DATES:
        try:
            found.append(date.fromisoformat(row[column]) if row[column] else None)
        except ValueError:
            faults.add(file, line, f"{column!r} is not a day: {row[column]!r}", "write days as 2002-05-10")
            found.append(None)
    if found[0] and found[1] and found[1] <= found[0]:
        faults.add(file, line, f"{row['code']!r} ends on {found[1]}, before it begins on {found[0]}")
    return found[0], found[1]
