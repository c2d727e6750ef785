"""The hard stops of a voluntary return: an answer that says otherwise, and an open incident of the protection side."""

from __future__ import annotations

import pytest

from panoh.protection.operations.reporting import report_incident
from tests.procedures.stories import Story, refused
from tests.protection.conftest import report


@pytest.fixture
def heard(story: Story) -> Story:
    """The family was counselled and heard; everything is in order, and a second officer may sign the form."""
    story.open("repatriation", "assisted", "mandate_officer")
    story.take(
        "counsel", "mandate_officer",
        country_information=True, right_to_withdraw=True, interpreter=True, grant_explained=True,
    )  # fmt: skip
    return story


def hear(story: Story, **answers) -> None:
    given = {"women_alone": "yes", "best_interests": "yes", "pressure": False, "papers_withheld": False, **answers}
    story.take("hear_each", "mandate_officer", persons={"outcome": "returns"}, **given)


def sign(story: Story):
    return story.take("sign_form", "protection_officer", persons={"signed": True})


def open_incident(story: Story, kind: str) -> None:
    with story.acting("protection_officer") as officer:
        numbers = (story.persons[0].number,)
        report_incident(by=officer, report=report(kind=kind, numbers=numbers, others=0))


def test_a_free_and_informed_return_is_signed(heard):
    hear(heard)
    assert sign(heard).to_state == "form_final"


@pytest.mark.parametrize(
    "wrong", [{"pressure": True}, {"papers_withheld": True}, {"women_alone": "no"}, {"best_interests": "no"}]
)
def test_a_return_that_is_not_free_is_not_signed(heard, wrong):
    hear(heard, **wrong)
    with refused("procedures.guard.answered_otherwise"):
        sign(heard)


def test_an_open_incident_of_removal_stops_the_form_until_it_was_weighed(heard):
    hear(heard)
    open_incident(heard, "DEPORTATION_ATTEMPTED")
    with refused("procedures.guard.stopped"):
        sign(heard)
    heard.take("weigh_stop", "protection_officer", reason="The order was withdrawn, and they were asked again alone.")
    assert sign(heard).to_state == "form_final"


def test_an_incident_of_another_kind_is_no_stop(heard):
    hear(heard)
    open_incident(heard, "BRIBE")
    assert sign(heard).to_state == "form_final"


def test_a_stop_that_arises_after_the_form_stops_the_departure(heard):
    hear(heard)
    sign(heard)
    open_incident(heard, "DETENTION")
    with refused("procedures.guard.stopped"):
        heard.take("confirm_departure", "protection_officer")
