"""Figures in a paragraph, suggested for a person to confirm: numbers with what they count, money, and as of which day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from panoh.library.reading.prose import find_day

NUMBER = r"(?<![\w.,/-])(\$|USD|US\$|€)?\s?(\d{1,3}(?:[ ,\u00a0]\d{3})+|\d+)(?:\.(\d+))?\s*(million|billion|thousand|percent|%|млн|млрд|тыс|миллион\w*|тысяч\w*|ҳазор|миллион)?"
FIGURE = re.compile(NUMBER + r"\s+((?:[^\W\d_][\w'’-]*\s?){1,4})?", re.IGNORECASE)
TIMES = {
    "million": 10**6,
    "billion": 10**9,
    "thousand": 10**3,
    "млн": 10**6,
    "млрд": 10**9,
    "тыс": 10**3,
    "ҳазор": 10**3,
}
COUNTED = {
    "refugees": ("refugee", "беженц", "гуреза", "паноҳанда", "پناهند"),
    "asylum-seekers": ("asylum", "лиц, ищущих", "ищущ", "паноҳҷӯ", "پناهجو"),
    "returnees": ("returnee", "repatriat", "вернувш", "баргашта"),
    "internally displaced persons": ("displaced", "idp", "перемещ", "муҳоҷирони дохилӣ"),
    "families": ("famil", "household", "семей", "семьи", "оила", "خانواده"),
    "persons": ("person", "people", "человек", "нафар", "نفر", "beneficiar", "migrant"),
}
MONEY = {"$": "US dollars", "USD": "US dollars", "US$": "US dollars", "€": "euros"}
YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
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


def suggest_figures(text: str, created_on: date | None) -> list[Suggestion]:
    """In the order of the text. Years and numbers of articles and paragraphs are no figures."""
    day, _impossible = find_day(text)
    found = []
    for match in FIGURE.finditer(text):
        sign, whole, decimals, times, words = match.groups()
        value = re.sub(r"[ ,\u00a0]", "", whole)
        words = (words or "").strip()
        before = text[max(0, match.start() - 12) : match.start()].lower()
        if (not sign and not times and ((YEAR.fullmatch(value) and "," not in whole) or len(value) < 2)) or re.search(
            r"(?:art\.?|article|статья|para(?:graph)?|no\.?|№|моддаи)\s*$", before
        ):
            continue
        number = float(f"{value}.{decimals}") if decimals else int(value)
        share = (times or "").lower() in ("percent", "%")
        factor = next((many for name, many in TIMES.items() if (times or "").lower().startswith(name[:5])), 1)
        number = number if share else number * factor
        measure = _counted(words) or _counted(text[match.end() : match.end() + 60]) or _counted(text[:400])
        unit = (
            "percent"
            if share
            else MONEY.get(
                (sign or "").upper(),
                "" if sign else ("families" if measure == "families" else "persons" if measure else ""),
            )
        )
        shown = text[max(0, match.start() - 30) : match.end() + 40].strip()
        written = f"{number:.4f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)
        found.append(Suggestion(shown, written, unit or "units", measure or "", day or created_on))
    return found[:MOST]


def _counted(words: str) -> str:
    lowered = words.lower()
    places = {
        measure: min((lowered.find(one) for one in stems if one in lowered), default=-1)
        for measure, stems in COUNTED.items()
    }
    seen = [(place, measure) for measure, place in places.items() if place >= 0]
    return min(seen)[1] if seen else ""
