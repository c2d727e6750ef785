"""Families to register in tests: synthetic, with names in the scripts they come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.registry.registration import NeedEntry, PaperEntry, PersonEntry, Registration

ARRIVED = date(2026, 3, 10)
TODAY = date(2026, 3, 20)


def person(
    given: str = "نجیب", *, sex: str = "M", relationship: str = "PA", birth: BirthDate | None = None, **more
) -> PersonEntry:
    name = more.pop("name", None) or PersonName("Arab", given, father="کریم", family="احمدی")
    return PersonEntry(
        names=(name,),
        sex=sex,
        birth=birth or BirthDate.from_parts("solar_hijri", 1360),
        nationality="AFG",
        relationship=relationship,
        **more,
    )


def five(office_id: UUID, **more) -> Registration:
    """Father, mother, grandmother, two children; papers, needs, an address, a profile."""
    persons = (
        person(
            "نجیب الله",
            papers=(PaperEntry("E_TAZKIRA", "1400-0101-12345", "AFG"),),
            phone="+992 93 555 1234",
            marital="MA",
            education="12",
            languages=("PRS",),
            ethnicity="031",
        ),
        person("فاطمه", sex="F", relationship="WIF", birth=BirthDate.from_parts("solar_hijri", 1364, 5), marital="MA"),
        person(
            "گل بی بی", sex="F", relationship="PRF", birth=BirthDate.from_age(66, ARRIVED), needs=(NeedEntry("ER-NF"),)
        ),
        person("احمد", relationship="SON", birth=BirthDate.from_parts("gregorian", 2012, 4, 3)),
        person(
            "زهرا",
            sex="F",
            relationship="DAU",
            birth=BirthDate.from_parts("gregorian", 2016, 9, 21),
            needs=(NeedEntry("SM-CI"),),
        ),
    )
    return replace(
        Registration(
            arrived_on=ARRIVED,
            entry_point="PANJI_POYON",
            office_id=office_id,
            persons=persons,
            residence_place="3509018",
            residence_detail="near the bazaar",
        ),
        **more,
    )
