"""Days in the two calendars that people here count in, Gregorian and Solar Hijri: the door to the modules that hold them.

All days are stored as Gregorian `date`. Conversion is in `solar_hijri`, dates in words in `written_days`, birth dates in `births`.
"""

from panoh.kernel.births import AGE_BANDS, UNKNOWN_BAND, BirthDate, BirthParts, Precision, format_birth
from panoh.kernel.solar_hijri import (
    FIRST_SOLAR_HIJRI_YEAR,
    LAST_SOLAR_HIJRI_YEAR,
    days_in_solar_hijri_month,
    from_solar_hijri,
    is_solar_hijri_leap_year,
    solar_hijri_month,
    solar_hijri_year,
    to_solar_hijri,
)
from panoh.kernel.written_days import (
    AFGHAN_MONTHS,
    GREGORIAN_MONTHS,
    IRANIAN_MONTHS,
    CalendarName,
    ascii_digits,
    calendar_of,
    format_day,
    persian_digits,
    write_date,
)

__all__ = [
    "AFGHAN_MONTHS",
    "AGE_BANDS",
    "FIRST_SOLAR_HIJRI_YEAR",
    "GREGORIAN_MONTHS",
    "IRANIAN_MONTHS",
    "LAST_SOLAR_HIJRI_YEAR",
    "UNKNOWN_BAND",
    "BirthDate",
    "BirthParts",
    "CalendarName",
    "Precision",
    "ascii_digits",
    "calendar_of",
    "days_in_solar_hijri_month",
    "format_birth",
    "format_day",
    "from_solar_hijri",
    "is_solar_hijri_leap_year",
    "persian_digits",
    "solar_hijri_month",
    "solar_hijri_year",
    "to_solar_hijri",
    "write_date",
]
