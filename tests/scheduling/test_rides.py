"""Missions joined to cases: laid out after the answer, confirmed by a person, mended around who did not come, called off."""

from __future__ import annotations

import pytest
from django.utils import timezone

from panoh.access.keeping import MOST_TRIES
from panoh.procedures.models import Case
from panoh.scheduling.keeping import carry_out_waiting
from panoh.scheduling.models import Appointment, Mission, Plan
from panoh.scheduling.operations.calling import call_off, close_mission, record_interview
from panoh.scheduling.operations.listing import Wishes, change_wishes, list_cases, take_off
from panoh.scheduling.operations.planning import accept_plan, ask_for_plan, put_away
from panoh.scheduling.queries.described import list_appointments, outcomes_of
from panoh.scheduling.rules import Outcome
from tests.procedures.stories import differences, refused
from tests.scheduling.rides import ONCE, Ride

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def ride(world) -> Ride:
    """An asylum office's round of interviews with two families on its list."""
    found = Ride(world)
    found.accept(2)
    found.make()
    assert found.list_all() == 2
    return found


def states(ride: Ride) -> list[str]:
    with ride.acting():
        return [Case.objects.get(pk=one.case.pk).state for one in ride.families]


def hours(ride: Ride, plan: Plan) -> dict:
    with ride.acting():
        return {one.listed_id: (one.day, one.starts) for one in list_appointments(plan)}


def test_a_plan_is_proposed_and_nothing_is_told_before_a_person_says_yes(ride: Ride):
    plan = ride.plan()
    assert plan.state == Plan.PROPOSED and plan.gap == 0
    assert len(hours(ride, plan)) == 2
    assert states(ride) == ["accepted"] * 2
    with ride.acting() as planner:
        put_away(by=planner, mission=ride.mission, plan=plan)
    assert states(ride) == ["accepted"] * 2
    assert ride.plan().number == 2, "after one was put away another can be asked for"


def test_a_confirmed_plan_calls_each_family_by_an_act_of_its_case(ride: Ride):
    plan = ride.confirm(ride.plan())
    assert plan.state == Plan.CONFIRMED and ride.mission.state == Mission.RUNNING
    assert states(ride) == ["interview_set"] * 2
    with ride.acting():
        for one in list_appointments(plan):
            assert one.step.action == "schedule_interview"
            assert one.step.facts["interview_on"] == one.day.isoformat()
            assert one.step.facts["interview_at"] == f"{one.starts // 60:02}:{one.starts % 60:02}"
            assert one.step.facts["place"] == "Rudaki 1"
            assert one.step.facts["sex_preference_asked"] is True
    assert differences() == []


def test_what_a_plan_cannot_answer_is_asked_of_the_person_who_confirms(ride: Ride):
    plan = ride.plan()
    with ride.acting() as planner, refused("procedures.answer.missing"):
        accept_plan(by=planner, mission=ride.mission, plan=plan, answers={"sex_preference_asked": "true"})
    assert ride.again(plan).state == Plan.PROPOSED


def test_a_case_that_moved_on_is_not_called_and_the_others_are(ride: Ride):
    plan = ride.plan()
    ride.families[0].take("withdraw", "eligibility_officer")
    plan = ride.confirm(plan)
    with ride.acting():
        rows = {one.listed.case_id: one for one in list_appointments(plan)}
    gone = rows.pop(ride.families[0].case.pk)
    assert gone.step is None and gone.refusal == "procedures.step.not_in_this_state"
    assert all(one.step for one in rows.values())


def test_who_does_not_come_gets_another_hour_and_nobody_else_is_moved(ride: Ride, monkeypatch):
    first = ride.confirm(ride.plan())
    before = hours(ride, first)
    missing = _first_appointment(ride, first)
    monkeypatch.setattr(timezone, "localdate", lambda: missing.day)
    with ride.acting() as planner:
        record_interview(by=planner, mission=ride.mission, appointment=missing, came=False)
        assert outcomes_of(ride.mission, [missing], missing.day)[missing.pk] is Outcome.MISSED
        with refused("scheduling.interview.recorded"):
            record_interview(by=planner, mission=ride.mission, appointment=missing, came=False)
    monkeypatch.setattr(timezone, "localtime", lambda: timezone.now().replace(
        year=missing.day.year, month=missing.day.month, day=missing.day.day, hour=8, minute=0))  # fmt: skip
    second = ride.plan(Plan.FILL)
    after = hours(ride, second)
    assert {key: hour for key, hour in after.items() if key != missing.listed_id} == {
        key: hour for key, hour in before.items() if key != missing.listed_id
    }
    steps = _steps(ride, first)
    second = ride.confirm(second)
    assert ride.again(first).state == Plan.REPLACED
    kept = {key: step for key, step in _steps(ride, second).items() if key != missing.listed_id}
    assert kept.items() <= steps.items(), "who keeps her hour is not called again"
    if missing.listed_id in after:
        assert after[missing.listed_id][0] > missing.day
        assert _steps(ride, second)[missing.listed_id] != steps[missing.listed_id]


def test_what_is_still_to_come_can_be_laid_out_anew(ride: Ride):
    ride.confirm(ride.plan())
    with ride.acting() as planner, refused("scheduling.plan.not_now"):
        ask_for_plan(by=planner, mission=ride.mission, how=Plan.LAY_OUT)
    again = ride.confirm(ride.plan(Plan.ANEW))
    assert again.state == Plan.CONFIRMED
    assert states(ride) == ["interview_set"] * 2


def test_a_family_taken_off_the_list_is_called_off_with_the_next_plan(ride: Ride):
    ride.confirm(ride.plan())
    with ride.acting() as planner:
        take_off(by=planner, mission=ride.mission, case=ride.families[1].case.pk)
    ride.confirm(ride.plan(Plan.FILL))
    assert states(ride) == ["interview_set", "accepted"]


def test_a_mission_that_does_not_come_calls_everybody_off(ride: Ride):
    ride.confirm(ride.plan())
    with ride.acting() as planner:
        call_off(by=planner, mission=ride.mission)
    carry_out_waiting()
    with ride.acting():
        assert Mission.objects.get(pk=ride.mission.pk).state == Mission.CALLED_OFF
    assert states(ride) == ["accepted"] * 2
    with ride.acting() as planner, refused("scheduling.mission.ended"):
        ask_for_plan(by=planner, mission=ride.mission, how=Plan.ANEW)


def test_a_mission_is_closed_once_it_is_known_who_came(ride: Ride):
    ride.confirm(ride.plan())
    with ride.acting() as planner, refused("scheduling.mission.not_over"):
        close_mission(by=planner, mission=ride.mission)
    for one in ride.families:
        one.take("interview", "eligibility_officer")
    with ride.acting() as planner:
        close_mission(by=planner, mission=ride.mission)
        assert Mission.objects.get(pk=ride.mission.pk).state == Mission.CLOSED


def test_a_family_is_on_the_list_of_one_living_mission(ride: Ride):
    first = ride.mission
    ride.make()
    with ride.acting() as planner, refused("scheduling.cases.not_waiting"):
        list_cases(by=planner, mission=ride.mission, cases=[ride.families[0].case.pk])
    with ride.acting() as planner:
        take_off(by=planner, mission=first, case=ride.families[0].case.pk)
        assert list_cases(by=planner, mission=ride.mission, cases=[ride.families[0].case.pk]) == 1


def test_the_wishes_of_a_family_are_kept(ride: Ride):
    with ride.acting() as planner:
        listed = ride.mission.listed.get(case=ride.families[0].case)
        wishes = Wishes(listed.place, "PRS", 60, "urgent", officer_sex="F", interpreter_sex="F")
        change_wishes(by=planner, mission=ride.mission, case=listed.case_id, wishes=wishes)
    plan = ride.plan()
    with ride.acting():
        one = Appointment.objects.select_related("officer", "interpreter").get(plan=plan, listed=listed)
        assert (one.officer.name, one.interpreter.name) == ("Anna", "Gul")


def test_only_planners_plan_and_no_other_organisation_sees_the_mission(ride: Ride):
    with ride.world.as_role("registration_supervisor") as supervisor, refused("access.verb.refused_role"):
        ask_for_plan(by=supervisor, mission=ride.mission, how=Plan.LAY_OUT)
    with ride.world.as_role("mandate_officer") as other:
        assert not Mission.objects.filter(pk=ride.mission.pk).exists()
        with refused("scheduling.mission.not_found"):
            ask_for_plan(by=other, mission=ride.mission, how=Plan.LAY_OUT)


def test_a_plan_that_is_cut_off_again_and_again_is_given_up_in_words(ride: Ride):
    with ride.acting() as planner:
        plan = ask_for_plan(by=planner, mission=ride.mission, how=Plan.LAY_OUT)
        plan.tries = MOST_TRIES
        plan.save(update_fields=["tries"])
    carry_out_waiting()
    plan = ride.again(plan)
    assert plan.state == Plan.REFUSED and plan.refusal["code"] == "scheduling.plan.given_up"


def test_a_circuit_ride_is_led_to_the_answer_of_the_country(world, monkeypatch):
    ride = Ride(world, role="mandate_officer", procedure="resettlement", kind="circuit_ride", country="CAN")
    ride.submit(1, priority="EM")
    ride.submit(1, country="AUS")
    ride.make()
    assert ride.list_all() == 1, "only families submitted to that country"
    with ride.acting():
        assert ride.mission.listed.get().urgency == "emergency"
    plan = ride.confirm(ride.plan())
    assert states(ride) == ["called", "submitted"]
    one = _first_appointment(ride, plan)
    with ride.acting() as officer, refused("scheduling.interview.not_its_day"):
        record_interview(by=officer, mission=ride.mission, appointment=one, came=True)
    monkeypatch.setattr(timezone, "localdate", lambda: one.day)
    with ride.acting() as officer:
        record_interview(by=officer, mission=ride.mission, appointment=one, came=True)
        assert outcomes_of(ride.mission, [one], one.day)[one.pk] is Outcome.HELD
    assert states(ride)[0] == "mission_heard"
    ride.families[0].take("record_answer", "mandate_officer", on=one.day, persons={"outcome": "accepted"})
    assert states(ride)[0] == "accepted"


def _first_appointment(ride: Ride, plan: Plan) -> Appointment:
    with ride.acting():
        return list_appointments(plan)[0]


def _steps(ride: Ride, plan: Plan) -> dict:
    with ride.acting():
        return {one.listed_id: one.step_id for one in list_appointments(plan)}


def test_accepting_asks_again_for_the_verb_of_the_procedure(ride: Ride):
    """Whoever may plan missions but not call these families confirms nothing."""
    plan = ride.plan()
    ride.world.add_member("register_officer", "planner", office="dushanbe", organisation="authority")
    with ride.world.as_role("planner") as planner, refused("access.verb.refused_role"):
        accept_plan(by=planner, mission=ride.mission, plan=plan, answers=ONCE)
