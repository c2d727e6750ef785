"""The list of files for those who see a file only by consent or assignment: exactly those, for as long as they are open."""

from __future__ import annotations

import pytest

from panoh.access.context import acting
from panoh.registry.operations import give_consent, register_household, withdraw_consent
from panoh.registry.registration import ConsentEntry
from tests.registry.families import TODAY, five
from tests.signing_in import client_of


@pytest.fixture
def families(committed_world):
    """Two families of which one agrees to be seen by UNDP."""
    world = committed_world  # a grant holds from the moment of its act, which must have ended
    with acting(world.actor("registration_clerk")) as clerk:
        office = world.offices["panji_poyon"].pk
        agreed, other = (register_household(by=clerk, registration=five(office)).household for _ in range(2))
        entry = ConsentEntry(
            purpose="assistance",
            recipient_id=world.organisations["undp"].pk,
            method="written",
            language="prs",
            given_on=TODAY,
        )
        consent = give_consent(by=clerk, household=agreed, consent=entry)
    return agreed, other, consent


def test_only_families_that_agreed_are_listed_and_only_while_they_agree(committed_world, families) -> None:
    world = committed_world
    agreed, other, _consent = families
    undp, lawyer = client_of(world.members["programme_officer"]), client_of(world.members["lawyer"])
    page = undp.get("/files").content.decode()
    assert agreed.number in page and other.number not in page
    empty = lawyer.get("/files").content.decode()
    assert "No file is open to you today" in empty and agreed.number not in empty
    with acting(world.actor("registration_clerk")) as clerk:
        from panoh.registry.models import Consent

        withdraw_consent(by=clerk, consent=Consent.objects.get(household_id=agreed.pk))
    assert agreed.number not in undp.get("/files").content.decode()


def test_nonsense_for_a_page_is_told(committed_world, families) -> None:
    assert client_of(committed_world.members["programme_officer"]).get("/files?after=x").status_code == 422


def test_a_state_role_has_no_such_list(committed_world, families) -> None:
    assert client_of(committed_world.members["registration_supervisor"]).get("/files").status_code == 403
