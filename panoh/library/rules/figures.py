"""Figures in a paragraph, suggested for a person to confirm: numbers with what they count, money, and as of which day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from panoh.kernel.calendars import ascii_digits
from panoh.library.reading.days import find_day

# Grouped by spaces, commas, or the separators of Persian; decimals behind a point, or behind a comma where that cannot group.
NUMBER = r"(?<![\w.,/٫٬-])(\$|USD|US\$|€|EUR|TJS)?\s?(\d{1,3}(?:[ ,\u00a0\u202f٬،]\d{3})+|\d+)(?:[.٫](\d+)|,(\d{1,2})(?!\d))?\s*(million|billion|thousand|percent|per cent|%|٪|млн|млрд|тыс|миллион\w*|миллиард\w*|тысяч\w*|процент\w*|фоиз\w*|ҳазор\w*|هزار|میلیون|ملیون|میلیارد|ملیارد|فیصد|درصد)?\.?"
FIGURE = re.compile(NUMBER + r"\s+((?:[^\W\d_][\w'’-]*\s?){1,4})?", re.IGNORECASE)
THOUSAND, MILLION, BILLION = 10**3, 10**6, 10**9
TIMES = (
    (("thousand", "тыс", "ҳазор", "هزار"), THOUSAND),
    (("million", "млн", "миллион", "میلیون", "ملیون"), MILLION),
    (("billion", "млрд", "миллиард", "میلیارد", "ملیارد"), BILLION),
)
SHARES = ("percent", "per cent", "%", "٪", "процент", "фоиз", "فیصد", "درصد")
COUNTED = {
    "refugees": ("refugee", "беженц", "гуреза", "паноҳанда", "پناهند"),
    "asylum-seekers": ("asylum", "лиц, ищущих", "ищущ", "паноҳҷӯ", "پناهجو"),
    "returnees": ("returnee", "repatriat", "вернувш", "баргашта"),
    "internally displaced persons": ("displaced", "idp", "перемещ", "муҳоҷирони дохилӣ"),
    "families": ("famil", "household", "семей", "семьи", "оила", "خانواده"),
    "persons": ("person", "people", "человек", "нафар", "نفر", "beneficiar", "migrant"),
}
MONEY = {
    "US dollars": ("$", "usd", "us$", "dollar", "доллар", "دالر", "دلار"),
    "euros": ("€", "eur", "евро", "یورو"),
    "somoni": ("tjs", "somoni", "сомон", "سامانی", "سومونی"),
    "afghani": ("afghani", "афгани", "афғонӣ", "افغانی"),
}
YEAR = re.compile(r"(?:19|20)\d\d")
SOLAR_HIJRI_YEAR = re.compile(r"1[34]\d\d")
MOST = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A figure as the text gives it, with what it seems to count."""

    text: str
    figure: str
    unit: str
    measure: str
    as_of: date | None

    def as_initial(self) -> Mapping[str, object]:
        return {"figure": self.figure, "unit": self.unit, "measure": self.measure, "as_of": self.as_of}


WHOLE = re.compile(r"-?(?:\d+|\d{1,3}(?:([ ,.\u00a0\u202f'’٬،])\d{3})(?:\1\d{3})*)")


def read_number(text: str) -> Decimal | None:
    """A number as somebody types it in any of the languages: 12,157 · 12 157 · 12.5 · 12,5 · ۱۲٬۱۵۷. None where it is none, or could be two.

    Behind a comma stand decimals, unless they are three and no nought is before it: then it parts thousands.
    """
    text = ascii_digits(text.strip()).replace("٫", ".")
    match = WHOLE.fullmatch(text)
    if match and match[1] != "." and not (match[1] == "," and text.lstrip("-").startswith("0")):
        return Decimal(re.sub(r"[^\d-]", "", text))
    whole, _sign, decimals = text.replace(",", ".").rpartition(".")
    whole = text[: len(whole)]
    match = WHOLE.fullmatch(whole)
    if match is None or not re.fullmatch(r"\d+", decimals) or match[1] == text[len(whole)]:
        return None
    return Decimal(re.sub(r"[^\d-]", "", whole) + f".{decimals}")


def suggest_figures(text: str, created_on: date | None) -> list[Suggestion]:
    """In the order of the text. Years and numbers of articles and paragraphs are no figures."""
    text = ascii_digits(text)
    day, _impossible = find_day(text)
    found = []
    for match in FIGURE.finditer(text):
        sign, whole, decimals, comma, times, words = match.groups()
        value = re.sub(r"\D", "", whole)
        words = (words or "").strip()
        before = text[max(0, match.start() - 12) : match.start()].lower()
        money = _money(sign or words)
        if _is_no_figure(whole, value, before) and not money and not times:
            continue
        decimals = decimals or comma
        number = float(f"{value}.{decimals}") if decimals else int(value)
        share = (times or "").lower().startswith(SHARES)
        number = number if share else round(number * _times(times or ""), 4)
        measure = _counted(words) or _counted(text[match.end() : match.end() + 60]) or _counted(text[:400])
        counted = "families" if measure == "families" else "persons" if measure else ""
        unit = "percent" if share else money or ("" if sign else counted)
        shown = text[max(0, match.start() - 30) : match.end() + 40].strip()
        written = f"{number:.4f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)
        found.append(Suggestion(shown, written, unit or "units", "" if money else measure, day or created_on))
    return found[:MOST]


def _is_no_figure(whole: str, value: str, before: str) -> bool:
    """A year, a single digit, or the number of an article or paragraph."""
    return (
        bool(YEAR.fullmatch(whole) or SOLAR_HIJRI_YEAR.fullmatch(whole))
        or len(value) < 2
        or bool(re.search(r"(?:art\.?|article|статья|статьи|para(?:graph)?|no\.?|№|моддаи|ماده|مادهٔ)\s*$", before))
    )


def _times(words: str) -> int:
    return next((many for names, many in TIMES if words.lower().startswith(names)), 1)


def _money(words: str) -> str:
    first = words.lower().split(maxsplit=1)[0] if words else ""
    return next((unit for unit, names in MONEY.items() if first.startswith(names)), "")


def _counted(words: str) -> str:
    lowered = words.lower()
    places = {
        measure: min((lowered.find(one) for one in stems if one in lowered), default=-1)
        for measure, stems in COUNTED.items()
    }
    seen = [(place, measure) for measure, place in places.items() if place >= 0]
    return min(seen)[1] if seen else ""
