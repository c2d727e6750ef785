"""Nobody backdates alone: beyond the rulebook's limit a second person answers for the day, with a reason, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.ledger.models import Entry
from panoh.procedures.models import Step
from panoh.procedures.operations.cases import open_case
from panoh.procedures.operations.late_permits import allow_late_entry
from panoh.procedures.queries.cases import procedure_of
from panoh.procedures.rules.recording import first_day_to_record
from tests.procedures.stories import Story, answers_for, differences, refused


@pytest.fixture
def lodged(story) -> Story:
    story.open("asylum", "government", "registration_clerk", on=story.today() - timedelta(days=40))
    return story


def too_early(story: Story, action: str = "register"):
    """The last day that one person may not record any more."""
    return first_day_to_record(story.action(action), story.today(), rulebook.current()) - timedelta(days=1)


def allow(story: Story, role: str = "registration_supervisor", action: str = "register", on=None, reason="no line"):
    with story.acting(role) as actor:
        return allow_late_entry(
            by=actor,
            household=story.household,
            procedure=procedure_of(story.case),
            action=action,
            occurred_on=on or too_early(story),
            reason=reason,
            case=story.case,
        )


def test_take_step_refuses_a_day_that_is_too_long_ago_and_takes_the_one_after(lodged):
    with refused("procedures.step.too_long_ago", "occurred_on") as caught:
        lodged.take("register", "eligibility_officer", on=too_early(lodged), late=False)
    assert caught.value.params["first"] == too_early(lodged) + timedelta(days=1)
    step = lodged.take("register", "eligibility_officer", on=too_early(lodged) + timedelta(days=1), late=False)
    assert step.late_permit is None


def test_a_late_entry_is_allowed_by_a_second_person_for_one_act_of_one_day(lodged):
    permit = allow(lodged)
    with refused("procedures.step.too_long_ago"):
        lodged.take("register", "eligibility_officer", on=too_early(lodged) - timedelta(days=1), late=False)
    with refused("procedures.step.too_long_ago"):
        lodged.take("refuse_registration", "registration_supervisor", on=too_early(lodged), late=False)
    step = lodged.take("register", "eligibility_officer", on=too_early(lodged), late=False)
    assert step.late_permit == permit
    with acting_as_system("test"):
        entry = Entry.objects.get(pk=step.entry_id)
        assert entry.payload["late_permit"] == str(permit.pk)
        assert Entry.objects.get(pk=permit.entry_id).kind == "procedures.late_entry.allowed"
    assert differences() == []


def test_a_permit_is_used_once(lodged):
    """`notify_authority` leaves the case where it stands, so it could be recorded again and again."""
    day = too_early(lodged, "notify_authority")
    allow(lodged, action="notify_authority", on=day)
    lodged.take("notify_authority", "registration_clerk", on=day, late=False)
    with refused("procedures.step.too_long_ago"):
        lodged.take("notify_authority", "registration_clerk", on=day, late=False)


def test_nobody_allows_his_own_entry(lodged):
    allow(lodged, action="refuse_registration", on=too_early(lodged, "refuse_registration"))
    with refused("procedures.step.too_long_ago"):
        lodged.take(
            "refuse_registration", "registration_supervisor", on=too_early(lodged, "refuse_registration"), late=False
        )


def test_allow_late_entry_asks_for_a_role_a_reason_and_a_day_that_needs_it(lodged):
    with refused("access.verb.refused_role"):
        allow(lodged, "registration_clerk")
    with refused("procedures.case.other_organisation"):
        allow(lodged, "protection_officer")
    with refused("procedures.late_entry.no_reason", "reason"):
        allow(lodged, reason=" ")
    with refused("procedures.late_entry.not_late", "on"):
        allow(lodged, on=lodged.today())
    with refused("procedures.step.in_the_future", "on"):
        allow(lodged, on=lodged.today() + timedelta(days=1))
    with refused("procedures.step.unknown_action", "action"):
        allow(lodged, action="decide_mandate")


def test_open_case_refuses_a_day_that_is_too_long_ago(story):
    definition = rulebook.current().procedure("asylum", story.today())
    action = definition.actions["lodge"]
    first = first_day_to_record(action, story.today(), rulebook.current())

    def lodge(on):
        with story.acting("registration_clerk") as clerk:
            return open_case(
                by=clerk,
                procedure="asylum",
                track="government",
                household=story.household,
                persons=[person.pk for person in story.persons],
                facts=answers_for(action.form, on, {}, clerk.member_id),
                occurred_on=on,
            )

    with refused("procedures.step.too_long_ago", "occurred_on"):
        lodge(first - timedelta(days=1))
    assert lodge(first).occurred_on == first


def test_the_database_lets_nobody_change_or_use_a_permit_twice(lodged):
    permit = allow(lodged)
    lodged.take("register", "eligibility_officer", on=too_early(lodged), late=False)
    with lodged.acting("registration_supervisor"):
        for statement in (
            "UPDATE procedures_latepermit SET reason = 'other' WHERE id = %s",
            "DELETE FROM procedures_latepermit WHERE id = %s",
        ):
            with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [permit.pk])
        assert Step.objects.filter(late_permit=permit).count() == 1
