"""What tests let happen to the registered family: a status, a birth, a hand-over."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from panoh.kernel.calendars import BirthDate
from panoh.ledger.operations import record
from panoh.registry.operations import change_status
from tests.registry.families import person


def today() -> date:
    return timezone.localdate()


def give_status(clerk, people, group="REF", reason="ARR-IND", on=date(2026, 5, 1)):
    entry = record(by=clerk, kind="test.status.given", subjects=[p.pk for p in people], payload={}, occurred_on=on)
    return change_status(by=clerk, persons=people, to_group=group, reason=reason, effective_on=on, entry=entry)


def take_over(family, new, **codes):
    return {
        one.pk: code
        for one, code in ((getattr(family, name), code) for name, code in codes.items())
        if one.pk != new.pk
    }


def newborn(**more):
    return person(
        "مریم",
        sex=more.pop("sex", "F"),
        relationship=more.pop("relationship", "DAU"),
        birth=more.pop("birth", BirthDate.from_parts("gregorian", 2026, 6, 1)),
        **more,
    )


def to_mother(family):
    return take_over(family, family.mother, father="HUS", grandmother="PLF", son="SON", daughter="DAU")
