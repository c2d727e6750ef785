"""The frame of every act on a household: one lock, one permission, one version, one entry, one receipt.

`begin` opens it, `finish` writes the ledger entry; what happens between is the act. Two acts on one file wait for each
other at its row. The same submission again gets the same answer; another content under its id is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem, Problems
from panoh.ledger.models import Entry
from panoh.ledger.operations import claim_submission, record, sign_receipt
from panoh.ledger.receipt import Receipt
from panoh.registry.models import Household, Person
from panoh.registry.models.households import OPEN
from panoh.registry.queries.files import visible_to
from panoh.registry.registration import content_sha256
from panoh.registry.snapshots import Snapshot, household_snapshot, snapshots_of
from panoh.rulebook import current


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to an act: the file as it is now, the persons it was about, its entry and the receipt to hand over.

    `repeated` tells that the submission had arrived before and this is its first answer again.
    """

    household: Household
    persons: tuple[Person, ...]
    entry: Entry
    receipt: Receipt
    repeated: bool = False


@dataclass
class Act:
    """An act under way, with its household locked."""

    by: Actor
    household: Household
    on: date
    submission_id: UUID | None = None
    content: str = ""
    earlier: Done | None = None
    digests: dict[UUID, Snapshot] = field(default_factory=dict)

    def open_members(self) -> list[Person]:
        return list(Person.objects.filter(household_id=self.household.pk, status=OPEN).order_by("id"))

    def member(self, person: Person | UUID) -> Person:
        """A member of this household as it stands now; hidden, missing and elsewhere all look the same."""
        person_id = person if isinstance(person, UUID) else person.pk
        found = Person.objects.filter(household_id=self.household.pk, pk=person_id).first()
        if found is None:
            raise Problem("access.thing.not_found")
        return found

    def finish(
        self,
        *,
        kind: str,
        persons: Iterable[Person] = (),
        payload: Mapping[str, Any] | None = None,
        detail: Mapping[str, Any] | None = None,
        occurred_on: date | None = None,
        others: Iterable[Household] = (),
        also: Iterable[UUID] = (),
    ) -> Done:
        """Save the household, write the entry with the state of all it touched, and sign the receipt.

        `also` are rows that follow the entry and may be written because it names them (suggestions).
        """
        about = tuple(persons)
        households = (self.household, *others)
        for household in households:
            household.version += 1
            household.save()
        for person in about:
            person.version += 1
        Person.objects.bulk_update(about, PERSON_FIELDS) if about else None
        states: dict[UUID, Snapshot] = {household.pk: household_snapshot(household) for household in households}
        if about:
            states |= snapshots_of(about)
        entry = record(
            by=self.by,
            kind=kind,
            subjects=[*(household.pk for household in households), *(person.pk for person in about), *also],
            occurred_on=occurred_on or self.on,
            payload={
                "household": self.household.pk,
                "number": self.household.number,
                "version": self.household.version,
                "persons": [person.pk for person in about],
                **({"content_sha256": self.content} if self.content else {}),
                **(payload or {}),
            },
            detail=detail,
            submission_id=self.submission_id,
            digests=states | self.digests,
        )
        receipt = sign_receipt(entry, office=office_code(self.by), number=self.household.number)
        return Done(self.household, about, entry, receipt)


PERSON_FIELDS = [
    *[
        "household",
        "relationship",
        "sex",
        "birth_earliest",
        "birth_latest",
        "birth_precision",
        "birth_calendar",
        "birth_estimated",
        "nationality",
    ],
    *[
        "origin_place",
        "marital",
        "education",
        "occupation",
        "phone",
        "status",
        "closed_on",
        "closure_reason",
        "population_group",
    ],
    *["status_basis", "arrived_on", "photo_sha256", "version"],
]


def begin(
    *,
    by: Actor,
    verb: str,
    household: Household | UUID,
    base: int | None = None,
    submission_id: UUID | None = None,
    content: Any = None,
    on: date | None = None,
) -> Act:
    """Lock the household and ask for permission. `base` is the version that the page was made from.

    Where the submission had arrived before, `earlier` holds its answer and the act must return it untouched.
    """
    hashed = content_sha256([verb, content]) if submission_id else ""
    household_id = household if isinstance(household, UUID) else household.pk
    if submission_id and (earlier := find_earlier(by, submission_id, hashed)):
        return Act(by, earlier.household, earlier.entry.occurred_on, earlier=earlier)
    locked = lock_household(by, household_id)
    check(by, verb, locked)
    if base is not None and base != locked.version:
        raise Problem("registry.household.changed_meanwhile", number=locked.number, base=base, version=locked.version)
    today = timezone.localdate()
    if on is not None and on > today:
        raise Problem("registry.value.day_in_future", field="on", day=on, today=today)
    return Act(by, locked, on or today, submission_id, hashed)


def lock_household(by: Actor, household_id: UUID) -> Household:
    found = visible_to(by).select_for_update(of=("self",)).filter(pk=household_id).first()
    if found is None:
        raise Problem("access.thing.not_found")
    return found


def require_open(household: Household) -> None:
    if household.status != OPEN:
        raise Problem("registry.household.closed", number=household.number, day=household.closed_on)


def find_earlier(by: Actor, submission_id: UUID, content: str) -> Done | None:
    """The answer that this submission got before. Else it belongs to the caller until the transaction ends."""
    entry = claim_submission(organisation_id=by.organisation_id, submission_id=submission_id)
    if entry is None:
        return None
    if entry.payload.get("content_sha256") != content:
        raise Problem("registry.submission.different_content", submission=submission_id)
    household = visible_to(by).filter(pk=entry.payload["household"]).first()
    if household is None:
        raise Problem("access.thing.not_found")
    ids = [UUID(person) for person in entry.payload["persons"]]
    people = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
    receipt = sign_receipt(entry, office=office_code(by), number=household.number)
    return Done(household, tuple(people[key] for key in ids if key in people), entry, receipt, repeated=True)


def office_code(by: Actor) -> str:
    """What the receipt says of where it was issued: the member's office, by its id's first part, never a name."""
    return str(by.office_id or by.organisation_id)


def event_day(day: date, *, household: Household, today: date, field: str = "occurred_on") -> date:
    """The day of an event: it has come, and the family was here."""
    if day > today:
        raise Problem("registry.value.day_in_future", field=field, day=day, today=today)
    if day < household.arrived_on:
        raise Problem("registry.event.before_arrival", field=field, day=day, arrived_on=household.arrived_on)
    return day


def refuse(problems: Iterable[Problem]) -> None:
    """Raise all problems of an iterator at once, if there are any."""
    found = list(problems)
    if found:
        raise Problems(found)


def region() -> str:
    """The country whose telephone numbers need no prefix."""
    return current().country.code.upper()
