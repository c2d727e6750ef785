"""Registering a household: what is saved, what is refused, and what comes back."""

from panoh.access.context import acting_as_system
from panoh.ledger.models import Entry
from panoh.registry.models import Household, Location, Person
from panoh.registry.operations import register_household
from tests.registry.families import five


def test_register_household_saves_the_family_and_answers_with_a_receipt(world):
    with world.as_role("registration_clerk") as clerk:
        done = register_household(by=clerk, registration=five(world.offices["panji_poyon"].pk))
        assert done.household.number.startswith("102-")
        assert Household.objects.count() == 1
        assert Person.objects.count() == 5
        assert Location.objects.count() == 0, "the district is closed to the clerk who wrote it down"
        assert Entry.objects.get(pk=done.entry.pk).kind == "registry.household.registered"
        assert done.receipt.text.startswith("PANOH1:")
    with acting_as_system("looking in a test"):
        assert Location.objects.get().place == "3509018"


def test_register_household_takes_few_statements(world, django_assert_max_num_queries):
    with world.as_role("registration_clerk") as clerk:
        register_household(by=clerk, registration=five(world.offices["panji_poyon"].pk))
        with django_assert_max_num_queries(18):
            register_household(by=clerk, registration=five(world.offices["panji_poyon"].pk))
