"""A family in the register and forms in stock, from which every test of this room starts."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone
from PIL import Image

from panoh.access.actor import Actor
from panoh.kernel.calendars import BirthDate
from panoh.ledger.operations import record
from panoh.papers.operations import prepare_paper, receive_stock
from panoh.registry.models import Household, Membership, Name, Person, Photo
from panoh.registry.numbering import household_number, person_number


@dataclass
class Family:
    household: Household
    mother: Person
    daughter: Person


def picture(shade: int = 120) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (240, 320), (shade, 130, 140)).save(written, "JPEG")
    return written.getvalue()


def add_person(household, number, relationship, sex, birth: BirthDate, names, photo: bytes | None = None) -> Person:
    person = Person.objects.create(
        number=number,
        household=household,
        relationship=relationship,
        sex=sex,
        birth_earliest=birth.earliest,
        birth_latest=birth.latest,
        birth_precision=birth.precision,
        birth_calendar=birth.calendar,
        nationality="AFG",
        arrived_on=household.arrived_on,
        photo_sha256=hashlib.sha256(photo).hexdigest() if photo else "",
    )
    for position, (script, given, father, family) in enumerate(names):
        Name.objects.create(
            person=person,
            script=script,
            given=given,
            father=father,
            family=family,
            source="told",
            is_primary=position == 0,
        )
    if photo:
        Photo.objects.create(person=person, image=photo, sha256=person.photo_sha256, taken_on=household.registered_on)
    Membership.objects.create(
        household=household,
        person=person,
        relationship=relationship,
        valid_from=household.arrived_on,
        reason="registered",
    )
    return person


def add_family(by: Actor, serial: int = 1) -> Family:
    """A mother with her daughter, Dari names, a year-only birth date; written as the registry writes them."""
    household = Household.objects.create(
        number=household_number("102", 2026, serial),
        custodian_id=by.organisation_id,
        office_id=by.office_id,
        registered_on=date(2026, 3, 2),
        arrived_on=date(2026, 2, 25),
        registered_by_id=by.member_id,
    )
    mother = add_person(
        household,
        person_number("102", 10 * serial + 1),
        "PA",
        "F",
        BirthDate.from_parts("solar_hijri", 1370),
        [("Arab", "مریم", "عبدالغفور", "رحیمی"), ("Latn", "Maryam", "Abdul Ghafoor", "Rahimi")],
        picture(serial % 200),
    )
    daughter = add_person(
        household,
        person_number("102", 10 * serial + 2),
        "DAU",
        "F",
        BirthDate.from_parts("gregorian", 2016, 3, 31),
        [("Arab", "زهرا", "محمد نعیم", "رحیمی")],
    )
    record(
        by=by,
        kind="registry.household.registered",
        subjects=[household.pk, mother.pk, daughter.pk],
        payload={"number": household.number},
        occurred_on=household.registered_on,
    )
    return Family(household, mother, daughter)


@pytest.fixture
def family(world) -> Family:
    with world.as_role("registration_clerk") as clerk:
        return add_family(clerk)


@pytest.fixture
def stock(world):
    """Ten certificate forms of the whole organisation."""
    with world.as_role("registration_supervisor") as supervisor:
        return receive_stock(
            by=supervisor, kind="ASYLUM_SEEKER_CERTIFICATE", first=1, last=10, received_on=timezone.localdate()
        )


def certificate(by: Actor, person: Person, **changes):
    """Prepare a certificate as the clerk does after a claim was lodged."""
    today = timezone.localdate()
    given = {
        "kind": "ASYLUM_SEEKER_CERTIFICATE",
        "person": person,
        "language": "prs",
        "valid_from": today,
        "valid_until": today + timedelta(days=30),
        **changes,
    }
    return prepare_paper(by=by, **given)
