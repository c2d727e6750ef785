"""Days as sources write them: in four languages, in digits of both scripts, Gregorian or Solar Hijri."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from panoh.kernel.calendars import AFGHAN_MONTHS, GREGORIAN_MONTHS, IRANIAN_MONTHS, ascii_digits, from_solar_hijri

GREGORIAN = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "январи феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри",
        "январ феврал март апрел май июн июл август сентябр октябр ноябр декабр",
        "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    )
    for number, name in enumerate(names.split(), 1)
} | {name: number for number, name in enumerate(GREGORIAN_MONTHS["prs"], 1)}
SOLAR_HIJRI = {
    name.casefold(): number
    for names in (*AFGHAN_MONTHS.values(), *IRANIAN_MONTHS.values())
    for number, name in enumerate(names, 1)
}
LETTERS = "A-Za-z\u0400-\u04ff\u0621-\u06cc"
WORD_DAY = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|-?(?:уми|ми|юми)|-го|م)?\s+([{LETTERS}]{{2,12}})[,.]?\s+(?:соли\s+|سال\s+)?(\d{{4}})(?!\d)"
)
MONTH_DAY = re.compile(r"\b([A-Z][a-z]{2,8})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
ISO_DAY = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
DOT_DAY = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)")
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})/(\d{1,2})/(\d{1,2})(?!\d)")
ORDERS = ((WORD_DAY, "dmy"), (MONTH_DAY, "mdy"), (ISO_DAY, "ymd"), (DOT_DAY, "dmy"), (YEAR_FIRST, "ymd"))
GREGORIAN_YEARS, SOLAR_HIJRI_YEARS = range(1900, 2100), range(1300, 1480)


def find_day(text: str) -> tuple[date | None, str]:
    """The first whole date of a text; and the first before it that cannot be (31 February)."""
    impossible = ""
    for written, day, month, year in _dates(ascii_digits(text)):
        try:
            if year in SOLAR_HIJRI_YEARS:
                return from_solar_hijri(year, month, day), impossible
            return date(year, month, day), impossible
        except ValueError:
            impossible = impossible or written
    return None, impossible


def _dates(text: str) -> Iterator[tuple[str, int, int, int]]:
    """What looks like a date, in its order: as written, and its day, month and year."""
    found = sorted(
        ((match.start(), match, order) for pattern, order in ORDERS for match in pattern.finditer(text)),
        key=lambda one: one[0],
    )
    for _at, match, order in found:
        parts = dict(zip(order, match.groups(), strict=True))
        year = int(parts["y"])
        months = SOLAR_HIJRI if year in SOLAR_HIJRI_YEARS else GREGORIAN if year in GREGORIAN_YEARS else {}
        month = int(parts["m"]) if parts["m"].isdecimal() else months.get(parts["m"].casefold())
        if months and month is not None:
            yield match[0], int(parts["d"]), month, year
