"""Who sees which case: the list, the database's own lock, and the answers that only some roles read back."""

from __future__ import annotations

import pytest
from django.db import connection

from panoh.access.roles import ROLES
from panoh.procedures.models import Case, SafeguardAnswer, Step, StepNarrative, StepRestricted
from panoh.procedures.operations.safeguards import answer_safeguard
from panoh.procedures.queries.cases import visible_to
from panoh.procedures.queries.safeguards import answers_visible_to
from tests.procedures.stories import refused


@pytest.fixture
def two_tracks(story):
    """One household with a case of the state and one under the mandate."""
    story.open(
        "asylum",
        "government",
        "registration_clerk",
        through_representative=True,
        medical_papers="a letter",
        statement="her story",
    )
    story.government = story.case
    story.open("asylum", "mandate", "mandate_officer")
    story.mandate = story.case
    story.case = story.government
    return story


@pytest.mark.parametrize("role", sorted(ROLES))
def test_raw_sql_shows_exactly_the_cases_of_visible_to(two_tracks, role):
    with two_tracks.acting(role) as actor, connection.cursor() as cursor:
        allowed = set(visible_to(actor).values_list("id", flat=True))
        for table, column in (
            ("case", "id"),
            ("caseperson", "case_id"),
            ("step", "case_id"),
            ("due", "case_id"),
            ("paperorder", "case_id"),
        ):
            cursor.execute(f"SELECT DISTINCT {column} FROM procedures_{table}")
            seen = {value for (value,) in cursor.fetchall()}
            assert seen <= allowed
            if table in ("case", "caseperson", "step"):
                assert seen == allowed
        assert len(allowed) in (0, 2)


def test_without_a_context_nothing_is_seen(two_tracks):
    with connection.cursor() as cursor:
        for table in ("case", "caseperson", "step", "stepnarrative", "due", "sitting", "safeguardanswer"):
            cursor.execute(f"SELECT count(*) FROM procedures_{table}")
            assert cursor.fetchone() == (0,), table


def test_what_was_told_is_read_by_those_whose_role_reads_it(two_tracks):
    readers = {}
    for role in (
        "registration_clerk",
        "eligibility_officer",
        "commission_member",
        "protection_officer",
        "register_officer",
    ):
        with two_tracks.acting(role):
            step = Step.objects.get(case=two_tracks.government, seq=1)
            readers[role] = (
                StepNarrative.objects.filter(step=step).exists(),
                StepRestricted.objects.filter(step=step).exists(),
            )
            assert "statement" not in step.facts and "medical_papers" not in step.facts
    assert readers == {
        "registration_clerk": (False, False),  # wrote it down, does not read it back
        "eligibility_officer": (True, False),
        "commission_member": (True, False),
        "protection_officer": (True, True),
        "register_officer": (False, False),
    }


def test_the_two_tracks_are_acted_on_by_their_own_organisations(two_tracks):
    two_tracks.take("register", "eligibility_officer")
    with refused("access.verb.refused_role"):
        two_tracks.take("schedule_interview", "registration_clerk")
    two_tracks.case = two_tracks.mandate
    with refused("procedures.step.other_track"):
        two_tracks.case = two_tracks.government
        two_tracks.take("decide_mandate", "mandate_officer")
    two_tracks.case = two_tracks.mandate
    two_tracks.take("schedule_interview", "mandate_officer")
    with two_tracks.acting("mandate_officer"):
        assert {case.state for case in Case.objects.all()} == {"accepted", "interview_set"}


def test_a_person_counts_once_on_two_tracks(two_tracks):
    with two_tracks.acting("eligibility_officer"):
        changes = [list(person.status_changes.values_list("reason", flat=True)) for person in two_tracks.persons]
    assert changes == [["ASYAPP"]] * 5
    two_tracks.take("withdraw", "registration_supervisor")
    with two_tracks.acting("eligibility_officer"):
        groups = {person.population_group for person in two_tracks.household.persons.all()}
    assert groups == {"ASY"}, "the mandate case still waits for them"
    two_tracks.case = two_tracks.mandate
    two_tracks.take("withdraw", "mandate_officer")
    with two_tracks.acting("eligibility_officer"):
        assert {person.population_group for person in two_tracks.household.persons.all()} == {""}


def test_what_a_monitor_was_told_does_not_reach_the_office_it_is_about(two_tracks):
    with two_tracks.acting("protection_officer") as monitor:
        case = (
            visible_to(monitor).select_related("organisation", "household__custodian").get(pk=two_tracks.government.pk)
        )
        answer_safeguard(
            by=monitor, case=case, safeguard="no_payment_asked", verdict="broken", on=two_tracks.today(), evidence="at the gate"
        )  # fmt: skip
        with refused("procedures.safeguard.no_evidence"):
            answer_safeguard(
                by=monitor, case=case, safeguard="no_payment_asked", verdict="kept", on=two_tracks.today(), evidence=" "
            )
        with refused("procedures.safeguard.unknown_verdict"):
            answer_safeguard(
                by=monitor,
                case=case,
                safeguard="no_payment_asked",
                verdict="unknown",
                on=two_tracks.today(),
                evidence="x",
            )
    for role, seen in (
        ("protection_officer", 1),
        ("mandate_officer", 1),
        ("eligibility_officer", 0),
        ("commission_member", 0),
    ):
        with two_tracks.acting(role) as actor, connection.cursor() as cursor:
            assert answers_visible_to(actor).count() == SafeguardAnswer.objects.count() == seen, role
            cursor.execute("SELECT count(*) FROM procedures_safeguardanswer")
            assert cursor.fetchone() == (seen,), role


def test_steps_are_never_changed_or_removed(two_tracks):
    from django.db import DatabaseError, transaction

    for statement in ("UPDATE procedures_step SET occurred_on = '2020-01-01'", "DELETE FROM procedures_step"):
        with (
            two_tracks.acting("eligibility_officer"),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
