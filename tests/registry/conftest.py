"""A registered family and the days around it, for tests of what happens afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from panoh.access.context import acting
from panoh.registry.models import Household, Person
from panoh.registry.operations import register_household
from panoh.registry.operations.registering import RegisteredHousehold
from tests.registry.families import five


@dataclass
class Family:
    """The five of `families.five`, registered at the border post by its clerk."""

    world: object
    done: RegisteredHousehold

    @property
    def household(self) -> Household:
        return Household.objects.get(pk=self.done.household.pk)

    def member(self, relationship: str) -> Person:
        return Person.objects.get(household=self.done.household, relationship=relationship)

    @property
    def father(self) -> Person:
        return Person.objects.get(pk=self.done.persons[0].pk)

    @property
    def mother(self) -> Person:
        return Person.objects.get(pk=self.done.persons[1].pk)

    @property
    def grandmother(self) -> Person:
        return Person.objects.get(pk=self.done.persons[2].pk)

    @property
    def son(self) -> Person:
        return Person.objects.get(pk=self.done.persons[3].pk)

    @property
    def daughter(self) -> Person:
        return Person.objects.get(pk=self.done.persons[4].pk)


@pytest.fixture
def clerk(world):
    """The border post's clerk, with the database showing what the clerk may see."""
    with acting(world.actor("registration_clerk")) as actor:
        yield actor


@pytest.fixture
def family(world, clerk) -> Family:
    return Family(world, register_household(by=clerk, registration=five(world.offices["panji_poyon"].pk)))


def settle() -> None:
    """What the database checks at commit, now: entries for every change, exactly one principal applicant."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
