"""Synthetic families of five for measurements: as the fields of the page, and as a registration.

Their names are recombined from attested parts with the frequency those have (`../shared/data/identity`), as a country's are:
some borne by thousands, some never seen before. Without that file, or on request, every word is made of syllables, which no
register is: nearly each word is new to it.
"""

from __future__ import annotations

import csv
import gzip
import os
import random
import uuid
from datetime import date, timedelta
from pathlib import Path

from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.registry.registration import NeedEntry, PaperEntry, PersonEntry, Registration

SHARED = Path(os.environ.get("PANOH_SHARED", Path(__file__).resolve().parents[2] / "shared"))
ATTESTED = SHARED / "data" / "identity" / "register_100k.csv.gz"
SYLLABLES = ["با", "دا", "را", "سا", "شا", "کا", "گل", "مه", "نو", "هو", "ری", "لی", "می", "نی", "زر", "بر"]
SURNAMES = ["احمدی", "کریمی", "نوری", "صافی", "هاشمی", "رحیمی", "سادات", "امینی", "عزیزی", "حیدری"]
ORDINARY = frozenset("ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیيةىك ‌")


class Unseen:
    """Names of syllables: nearly no word comes twice."""

    def given(self, chance: random.Random) -> str:
        return f"{self.father(chance)} {self.father(chance)}"

    def father(self, chance: random.Random) -> str:
        return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4)))

    def family(self, chance: random.Random) -> str:
        return chance.choice(SURNAMES)


class Attested:
    """Parts of names in Arabic script, each as often as in the file."""

    def __init__(self, path: Path = ATTESTED) -> None:
        self.parts: tuple[list[str], list[str], list[str]] = ([], [], [])
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words = row["full_name"].split()
                if row["script"] == "Arab" and ORDINARY.issuperset(row["full_name"] + row["father_name"]):
                    if len(words) == 1:
                        self.parts[0].append(words[0])
                    elif words:
                        self.parts[0].append(" ".join(words[:-1])[:40])
                        self.parts[2].append(words[-1])
                    if row["father_name"]:
                        self.parts[1].append(row["father_name"])

    def given(self, chance: random.Random) -> str:
        return chance.choice(self.parts[0])

    def father(self, chance: random.Random) -> str:
        return chance.choice(self.parts[1])

    def family(self, chance: random.Random) -> str:
        return chance.choice(self.parts[2])


def family(chance: random.Random, names: Unseen | Attested) -> list[dict[str, str]]:
    """Five persons as the page's fields, no two families alike."""
    father, surname, year = names.father(chance), names.family(chance), chance.randint(1345, 1370)

    def one(relationship: str, sex: str, born: int, **more: str) -> dict[str, str]:
        return {
            "relationship": relationship, "sex": sex, "given": names.given(chance), "father": more.pop("father", father),
            "family": surname, "birth_year": str(born), "birth_month": str(chance.randint(1, 12)),
            "birth_calendar": "solar_hijri", "nationality": "AFG", **more,
        }  # fmt: skip

    paper = {"paper_kind": "TAZKIRA", "paper_number": str(chance.randint(10**6, 10**9))}
    return [
        one("PA", "M", year, father=names.father(chance), marital="MA", **paper),
        one("WIF", "F", year + 3, father=names.father(chance), marital="MA"),
        one("SON", "M", year + 22),
        one("DAU", "F", year + 25),
        one("SON", "M", year + 28, needs="CR-NE"),
    ]


def as_registration(persons: list[dict[str, str]], office_id: uuid.UUID, today: date) -> Registration:
    return Registration(
        arrived_on=today - timedelta(days=3),
        entry_point="PANJI_POYON",
        office_id=office_id,
        residence_place="3509018",
        residence_detail="bench",
        persons=tuple(
            PersonEntry(
                names=(PersonName("Arab", p["given"], p["father"], family=p["family"]),),
                sex=p["sex"],
                birth=BirthDate.from_parts("solar_hijri", int(p["birth_year"]), int(p["birth_month"])),
                nationality=p["nationality"],
                relationship=p["relationship"],
                marital=p.get("marital", ""),
                papers=(PaperEntry(p["paper_kind"], p["paper_number"]),) if "paper_kind" in p else (),
                needs=(NeedEntry(p["needs"]),) if "needs" in p else (),
            )
            for p in persons
        ),
    )


def as_form(persons: list[dict[str, str]], submission: uuid.UUID, token: str, today: date) -> dict[str, str]:
    fields = {
        "csrfmiddlewaretoken": token,
        "submission_id": str(submission),
        "person_count": str(len(persons)),
        "arrived_on": (today - timedelta(days=3)).isoformat(),
        "entry_point": "PANJI_POYON",
        "residence_place": "3509018",
        "residence_detail": "bench",
        "register": "1",
    }
    for index, person in enumerate(persons):
        fields |= {f"persons.{index}.{key}": value for key, value in person.items()}
    return fields
