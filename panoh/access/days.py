"""A day as it is typed, in the calendar of the reader: one widget for all rooms, and how its answer is read.

A Gregorian reader gets the browser's own date field, which sends `name`. A reader of the Solar Hijri calendar gets day, month and
year, which send `name_day`, `name_month`, `name_year` and the calendar they were asked in; no browser has a field for that.
Either way a form sees one text: the day as ISO 8601, or, where it is none, what was typed, so that it can be shown again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from panoh.kernel.births import BirthDate
from panoh.kernel.problems import Problem
from panoh.kernel.written_days import CalendarName, ascii_digits

PARTS = ("year", "month", "day")


def typed_day(sent: Mapping[str, Any], name: str) -> str:
    """The text of a day that was sent: ISO where it is a day; else as typed, with its calendar before it."""
    year, month, day = (str(sent.get(f"{name}_{part}") or "").strip() for part in PARTS)
    if not (year or day):  # a month alone may be left over from choosing
        return str(sent.get(name) or "").strip()
    calendar: CalendarName = "gregorian" if sent.get(f"{name}_calendar") == "gregorian" else "solar_hijri"
    return _iso(calendar, year, month, day) or f"{calendar}:{year}/{month}/{day}"


def _iso(calendar: CalendarName, *typed: str) -> str:
    digits = [ascii_digits(part) for part in typed]
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in digits):
        return ""
    year, month, day = map(int, digits)
    try:
        return BirthDate.from_parts(calendar, year, month, day).earliest.isoformat()
    except Problem:  # the calendar has no such day: the form says so, with what was typed
        return ""


def parts_of(text: str) -> tuple[str, str, str, str] | None:
    """(calendar, year, month, day) of a text that `typed_day` could not read as a day."""
    calendar, mark, rest = text.partition(":")
    parts = rest.split("/")
    return (calendar, *parts) if mark and calendar in ("gregorian", "solar_hijri") and len(parts) == 3 else None


class DayInput(forms.DateInput):
    """Drawn by the component `day`, which knows the reader's calendar."""

    template_name = "components/day_widget.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"type": "date", **(attrs or {})}, format="%Y-%m-%d")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        return typed_day(data, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(key in data for key in (name, *(f"{name}_{part}" for part in PARTS)))


class DayField(forms.DateField):
    widget = DayInput
    default_error_messages = {"invalid": _("This is no day of the calendar. Write day, month and year again.")}

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and value.strip():
            try:
                return date.fromisoformat(value.strip())
            except ValueError:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return super().to_python(value)
