"""A deportation opens its incident by itself: in the closure's own transaction, hidden from the authority that closed the file."""

from __future__ import annotations

import pytest
from django.utils import timezone

from panoh.procedures.alarms import LISTENERS
from panoh.protection.models import Incident
from panoh.registry.closures import AFTER_CLOSURE
from panoh.registry.models import Household
from panoh.registry.operations import close_household, close_person
from tests.papers.conftest import add_family
from tests.procedures.stories import Story, differences

TODAY = timezone.localdate()


@pytest.fixture
def family(world):
    with world.as_role("registration_clerk") as clerk:
        return add_family(clerk)


@pytest.mark.parametrize(("reason", "kind"), [("DEPORTATION", "DEPORTATION"), ("REFOULEMENT_AT_BORDER", "PUSHBACK")])
def test_a_household_closed_as_deported_opens_an_incident(world, family, reason, kind):
    with world.as_role("registration_supervisor") as supervisor:
        close_household(by=supervisor, household=family.household, reason=reason, closed_on=TODAY)
        assert not Incident.objects.exists(), "the authority does not see it"
    with world.as_role("protection_officer"):
        opened = Incident.objects.get()
        assert (opened.kind, opened.severity, opened.origin, opened.occurred_on) == (kind, "P1", "register", TODAY)
        assert [line.person_id for line in opened.persons.all()] == [family.mother.pk, family.daughter.pk]


@pytest.mark.parametrize("reason", ["DEPORTATION", "EXTRADITION"])
def test_one_person_sent_away_opens_one_about_her_alone(world, family, reason):
    with world.as_role("registration_clerk") as clerk:
        close_person(by=clerk, person=family.daughter, reason=reason, closed_on=TODAY)
    with world.as_role("protection_officer"):
        opened = Incident.objects.get()
        assert (opened.kind, [line.person_id for line in opened.persons.all()]) == (reason, [family.daughter.pk])


def test_a_departure_of_ones_own_will_opens_none(world, family):
    with world.as_role("registration_supervisor") as supervisor:
        close_household(by=supervisor, household=family.household, reason="SPONTANEOUS_RETURN", closed_on=TODAY)
    with world.as_role("protection_officer"):
        assert not Incident.objects.exists()


def test_a_closure_whose_incident_fails_is_not_done(world, family, monkeypatch):
    def refuse(*_told):
        raise RuntimeError("no incident could be opened")

    monkeypatch.setattr("panoh.registry.closures.AFTER_CLOSURE", [*AFTER_CLOSURE, refuse])
    with pytest.raises(RuntimeError), world.as_role("registration_supervisor") as supervisor:
        close_household(by=supervisor, household=family.household, reason="DEPORTATION", closed_on=TODAY)
    with world.as_role("protection_officer"):
        assert not Incident.objects.exists()
        assert Household.objects.get(pk=family.household.pk).status == "open"


# -- learnt from the follow-up of a detention --------------------------------------------------------------------------


@pytest.fixture
def story(world) -> Story:
    found = Story(world)
    found.register()
    return found


def removed(story, outcome: str = "removed") -> None:
    story.open("detention", "monitoring", "protection_officer", persons=story.persons[:1])
    story.take("record_outcome", "protection_officer", persons={"outcome": outcome})


def test_somebody_removed_from_detention_opens_an_incident(story):
    removed(story)
    with story.acting("registration_supervisor"):
        assert not Incident.objects.exists(), "the authority does not see it"
    with story.acting("protection_officer"):
        opened = Incident.objects.get()
        assert (opened.kind, opened.severity, opened.origin, opened.occurred_on) == (
            "DEPORTATION",
            "P1",
            "register",
            TODAY,
        )
        assert [line.person_id for line in opened.persons.all()] == [story.persons[0].pk]
    assert differences() == []


def test_somebody_released_opens_none(story):
    removed(story, outcome="released")
    with story.acting("protection_officer"):
        assert not Incident.objects.exists()


def test_what_is_followed_already_opens_no_second_incident(story):
    removed(story)
    story.take("held_again", "protection_officer", held_since=TODAY.isoformat())
    story.take("record_outcome", "protection_officer", persons={"outcome": "removed"})
    with story.acting("protection_officer"):
        assert Incident.objects.count() == 1


def test_a_removal_whose_incident_fails_is_not_recorded(story, monkeypatch):
    def refuse(*_told):
        raise RuntimeError("no incident could be opened")

    monkeypatch.setattr("panoh.procedures.alarms.LISTENERS", [*LISTENERS, refuse])
    story.open("detention", "monitoring", "protection_officer", persons=story.persons[:1])
    with pytest.raises(RuntimeError):
        story.take("record_outcome", "protection_officer", persons={"outcome": "removed"})
    with story.acting("protection_officer"):
        assert not Incident.objects.exists()
