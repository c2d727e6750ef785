"""Days in words: in the reader's language, calendar and digits."""

from __future__ import annotations

from datetime import date
from typing import Literal

from panoh.kernel.solar_hijri import to_solar_hijri

CalendarName = Literal["gregorian", "solar_hijri"]

AFGHAN_MONTHS: dict[str, tuple[str, ...]] = {
    "en": ("Hamal", "Sawr", "Jawza", "Saratan", "Asad", "Sunbula", "Mizan", "Aqrab", "Qaws", "Jadi", "Dalw", "Hut"),
    "ru": ("Хамаль", "Савр", "Джавза", "Саратан", "Асад", "Сунбула", "Мизан", "Акраб", "Кавс", "Джади", "Далв", "Хут"),
    "tg": ("Ҳамал", "Савр", "Ҷавзо", "Саратон", "Асад", "Сунбула", "Мизон", "Ақраб", "Қавс", "Ҷадӣ", "Далв", "Ҳут"),
    "prs": ("حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"),
}
"""The months as Afghan papers name them, after the signs of the zodiac."""

IRANIAN_MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        "Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
        "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand",
    ),
    "ru": (
        "Фарвардин", "Ордибехешт", "Хордад", "Тир", "Мордад", "Шахривар",
        "Мехр", "Абан", "Азар", "Дей", "Бахман", "Эсфанд",
    ),
    "tg": (
        "Фарвардин", "Урдибиҳишт", "Хурдод", "Тир", "Мурдод", "Шаҳривар",
        "Меҳр", "Обон", "Озар", "Дай", "Баҳман", "Исфанд",
    ),
    "prs": (
        "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
    ),
}  # fmt: skip
"""The same months as papers issued in Iran name them: many families come by way of it."""

GREGORIAN_MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    "tg": (
        "январи", "феврали", "марти", "апрели", "майи", "июни",
        "июли", "августи", "сентябри", "октябри", "ноябри", "декабри",
    ),
    "prs": (
        "جنوری", "فبروری", "مارچ", "اپریل", "می", "جون", "جولای", "اگست", "سپتمبر", "اکتوبر", "نومبر", "دسمبر",
    ),
}  # fmt: skip
"""Month names as they stand within a date: genitive in Russian, with izofat in Tajik."""

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ASCII_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")

_OWN_CALENDAR: dict[str, CalendarName] = {"prs": "solar_hijri"}


def calendar_of(language: str) -> CalendarName:
    """The calendar in which readers of a language expect a day: Solar Hijri for Dari, Gregorian for the others."""
    return _OWN_CALENDAR.get(language, "gregorian")


def format_day(day: date, language: str, calendar: CalendarName | None = None) -> str:
    """A day in words: "3 May 2026", "3 мая 2026 г.", "3 майи соли 2026", "۱۳ ثور ۱۴۰۵". Default: the language's own calendar."""
    if (calendar or calendar_of(language)) == "solar_hijri":
        year, month, of_month = to_solar_hijri(day)
        return write_date(year, month, of_month, language, "solar_hijri")
    return write_date(day.year, day.month, day.day, language, "gregorian")


def write_date(year: int, month: int | None, day: int | None, language: str, calendar: CalendarName) -> str:
    """A whole or partial date (year alone, month and year) in words and in the digits of the language."""
    months = (GREGORIAN_MONTHS if calendar == "gregorian" else AFGHAN_MONTHS)[language]
    if month is None:
        written = {"ru": f"{year} г.", "tg": f"соли {year}"}.get(language, str(year))
    else:
        name = months[month - 1] if day else _standing_alone(months[month - 1], language, calendar)
        start = f"{day} {name}" if day else name
        written = {"ru": f"{start} {year} г.", "tg": f"{start} соли {year}"}.get(language, f"{start} {year}")
    return persian_digits(written) if language == "prs" else written


def persian_digits(text: str) -> str:
    return text.translate(_PERSIAN_DIGITS)


def ascii_digits(text: str) -> str:
    """Persian (۱۲۳) and Arabic (١٢٣) digits as 123: people type the digits of their own keyboard."""
    return text.translate(_ASCII_DIGITS)


_RUSSIAN_NOMINATIVE = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


def _standing_alone(name: str, language: str, calendar: CalendarName) -> str:
    """Only Russian changes a month's form when no day stands before it."""
    if language == "ru" and calendar == "gregorian":
        return _RUSSIAN_NOMINATIVE[GREGORIAN_MONTHS["ru"].index(name)]
    return name


def month_name(month: int, language: str) -> str:
    """A Gregorian month by itself, as a heading or label has it."""
    return _standing_alone(GREGORIAN_MONTHS[language][month - 1], language, "gregorian")
