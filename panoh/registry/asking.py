"""A search as it comes in from outside (page, command, API) and a hit as it goes out to a program.

One reading of sex, year, father and place for all three doors, so that the same words find the same people.
"""

from __future__ import annotations

from typing import Any

from panoh.identity.similarity import Reason
from panoh.kernel.calendars import ascii_digits
from panoh.kernel.problems import Problem
from panoh.registry.models import Name
from panoh.registry.queries import Hit, Wanted
from panoh.registry.reasons import SENTENCES, sentences

SEXES = ("F", "M")
NAME_PARTS = ("given", "father", "grandfather", "family", "patronymic", "tribal")


def read_question(text: str, paper: str = "") -> str:
    """The name or number asked for; the number of a paper, where it has a field of its own, stands behind it as one word."""
    return f"{text} {''.join(paper.split())}".strip() if paper.strip() else text


def read_wanted(*, sex: str = "", born: str = "", father: str = "", grandfather: str = "", place: str = "") -> Wanted:
    """What else is known of the person, as typed. Raises a Problem on the field that cannot be read."""
    if sex and sex not in SEXES:
        raise Problem("registry.search.sex", field="sex", sex=sex[:20])
    return Wanted(sex=sex or None, birth_year=read_year(born), father=father, grandfather=grandfather, place=place)


def read_year(text: str) -> int | None:
    """A birth year in either calendar: 1370 is Solar Hijri, 1991 is not. Nobody living was born before 1850 or in 1500 SH."""
    text = ascii_digits(text).strip()
    if not text:
        return None
    if not (text.isdecimal() and len(text) == 4):
        raise Problem("registry.value.not_a_number", field="born", text=text[:20])
    year = int(text)
    return year + 621 if 1230 <= year <= 1500 else year


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """What the page shows of a hit, for programs. Codes are those of the country's rulebook."""
    person = hit.person
    return {
        "number": person.number,
        "relationship": person.relationship,
        "names": [_name_as_json(name) for name in person.names.all()],
        "sex": person.sex,
        "birth": {
            "earliest": person.birth_earliest.isoformat(),
            "latest": person.birth_latest.isoformat(),
            "precision": person.birth_precision,
            "calendar": person.birth_calendar,
        },
        "nationality": person.nationality,
        "status": person.status,
        "closure_reason": person.closure_reason,
        "evidence": hit.evidence,
        "reasons": [_reason_as_json(reason) for reason in hit.reasons if reason[0] in SENTENCES],
    }


def _name_as_json(name: Name) -> dict[str, Any]:
    parts = {part: getattr(name, part) for part in NAME_PARTS if getattr(name, part)}
    return {"script": name.script, "role": name.role, **parts}


def _reason_as_json(reason: Reason) -> dict[str, str]:
    return {"code": reason[0], "text": sentences([reason])[0]}
