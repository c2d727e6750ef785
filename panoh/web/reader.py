"""Who reads the page: the language, its direction, and the calendar in which days are shown.

The language is Django's active one; the calendar stands beside it in a context variable, because template filters see no
request. Set for each request by `panoh.web.middleware.ReaderMiddleware`; commands and tests use `reading_as`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils import translation

#: code → (BCP 47 tag, own name). Dari is `fa-AF` to browsers, screen readers and Babel; `prs` is its code here and in the rulebook.
LANGUAGES: dict[str, tuple[str, str]] = {
    "en": ("en", "English"),
    "ru": ("ru", "Русский"),
    "tg": ("tg", "Тоҷикӣ"),
    "prs": ("fa-AF", "دری"),
}
RIGHT_TO_LEFT = frozenset({"prs"})

GREGORIAN = "gregorian"
SOLAR_HIJRI = "solar_hijri"
CALENDARS = (GREGORIAN, SOLAR_HIJRI)

LANGUAGE_COOKIE = "language"
CALENDAR_COOKIE = "calendar"

#: What browsers of Afghans and Tajiks ask for, beyond our own codes.
_ACCEPTED = {"fa": "prs", "prs": "prs", "ps": "prs", "uz-af": "prs", "tg": "tg", "ru": "ru", "en": "en"}

_calendar: ContextVar[str | None] = ContextVar("panoh_calendar", default=None)


@dataclass(frozen=True)
class Reader:
    """The reader as templates see them: `reader.language`, `reader.tag`, `reader.direction`, `reader.calendar`."""

    language: str
    calendar: str

    @property
    def tag(self) -> str:
        return LANGUAGES[self.language][0]

    @property
    def direction(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


def current() -> Reader:
    language = current_language()
    return Reader(language, _calendar.get() or usual_calendar(language))


def current_language() -> str:
    """One of our four codes; English while Django runs without a language (commands, deactivated translation)."""
    language = translation.get_language() or "en"
    return language if language in LANGUAGES else "en"


def usual_calendar(language: str) -> str:
    """Afghans count in Solar Hijri; everyone else here in the Gregorian calendar."""
    return SOLAR_HIJRI if language == "prs" else GREGORIAN


def choose_language(cookie: str | None, accept_language: str) -> str:
    """The cookie if it names one of ours, else the browser's wishes in their order, else English."""
    if cookie in LANGUAGES:
        return cookie
    for wish in _wishes(accept_language):
        for candidate in (wish, wish.split("-")[0]):
            if candidate in _ACCEPTED:
                return _ACCEPTED[candidate]
    return "en"


def _wishes(accept_language: str) -> list[str]:
    weighed = []
    for part in accept_language.lower()[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), len(weighed), tag.strip()))
        except ValueError:
            continue
    return [tag for weight, _, tag in sorted(weighed) if weight < 0]


@contextmanager
def reading_as(language: str, calendar: str | None = None) -> Iterator[Reader]:
    """Everything rendered inside is in this language and calendar."""
    token = _calendar.set(calendar if calendar in CALENDARS else None)
    try:
        with translation.override(language):
            yield current()
    finally:
        _calendar.reset(token)
