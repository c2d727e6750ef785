"""Numbers as the reader writes them: digits, grouping and the decimal sign."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal

from panoh.kernel.written_days import persian_digits
from panoh.web import reader

# Babel's locale decides grouping and signs; for Dari it writes Latin digits and signs, so these are put in here.
_LOCALES = {"en": "en", "ru": "ru", "tg": "tg", "prs": "fa_AF"}
_DARI_SIGNS = str.maketrans({",": "٬", ".": "٫"})


def write_number(value: int | float | Decimal | str) -> str:
    """12345 as "12,345", "12 345" or "۱۲٬۳۴۵"; what is not a number comes back as it is (a suppressed cell: "<5", "*")."""
    language = reader.current_language()
    if not isinstance(value, int | float | Decimal):
        return persian_digits(str(value)) if language == "prs" else str(value)
    written = format_decimal(value, locale=_LOCALES[language])
    return persian_digits(written.translate(_DARI_SIGNS)) if language == "prs" else written
