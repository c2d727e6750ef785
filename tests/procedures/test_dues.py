"""The projection of clocks equals the pure computation: after every step, after barriers, and for random histories."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.procedures.models import Case, Due
from panoh.procedures.operations.barriers import lift_barrier, preview_barrier, recompute_everything, record_barrier
from panoh.procedures.operations.dues import barriers_of, compute_many
from panoh.procedures.queries.cases import as_act
from panoh.procedures.queries.days import Standing, count_on, list_on, standing_of
from panoh.procedures.rules.clocks import (
    BarrierFact,
    clock_inputs,
    clock_state,
    compute_deadline,
    project_clocks,
    state_on,
    told_clocks,
)
from panoh.procedures.rules.situation import Act
from panoh.rulebook.workdays import add_months
from tests.procedures.stories import refused

BOOK = rulebook.current()
DEFINITION = BOOK.procedure("asylum", date(2024, 1, 1))
KIND = "COMMISSION_SUSPENDED"


def stored() -> dict:
    with acting_as_system("test"):
        return {
            (due.case_id, due.clock): (due.starts_on, due.due_on, due.elapsed_due_on, due.paused_on, due.stopped_on)
            for due in Due.objects.all()
        }


def computed() -> dict:
    with acting_as_system("test"):
        return {
            (one.case.pk, code): (
                state.starts_on,
                state.due_on,
                state.elapsed_due_on,
                state.paused_on,
                state.stopped_on,
            )
            for one in compute_many(Case.objects.all(), rulebook.current())
            for code, state in one.states.items()
        }


def test_the_projection_equals_the_computation_after_every_step_and_barrier(story):
    story.open("asylum", "government", "registration_clerk", on=story.today() - timedelta(days=200))
    assert stored() == computed()
    for action, role, ago in [
        ("register", "eligibility_officer", 198),
        ("extend_time", "eligibility_officer", 150),
        ("interview", "eligibility_officer", 140),
        ("record_assessment", "eligibility_officer", 139),
        ("refer_to_commission", "eligibility_officer", 138),
    ]:
        story.take(action, role, on=story.today() - timedelta(days=ago))
        assert stored() == computed()
    with story.acting("commission_secretary") as keeper:
        barrier = record_barrier(by=keeper, kind=KIND, from_on=story.today() - timedelta(days=130), reason="by order")
    assert stored() == computed()
    assert {due.due_on for due in running(story)} == {None}
    story.take("withdraw", "eligibility_officer", on=story.today() - timedelta(days=100))
    assert stored() == computed()
    with story.acting("commission_secretary") as keeper:
        lift_barrier(by=keeper, barrier=barrier, to_on=story.today() - timedelta(days=90), expected_version=1)
    assert stored() == computed()
    assert running(story) == []


def running(story) -> list[Due]:
    with acting_as_system("test"):
        return list(Due.objects.filter(case=story.case, stopped_on__isnull=True))


def test_a_barrier_stops_the_legal_clock_and_never_the_elapsed_one(story):
    story.open("asylum", "government", "registration_clerk", on=story.today() - timedelta(days=30))
    story.take("register", "eligibility_officer", on=story.today() - timedelta(days=30))
    with story.acting("commission_secretary"):
        before = Due.objects.get(case=story.case, clock="overall")
    since = story.today() - timedelta(days=20)
    with story.acting("commission_secretary") as keeper:
        effect = preview_barrier(by=keeper, kind=KIND, from_on=since)
        assert (effect.cases, effect.paused) == (1, {"overall": 1})
        barrier = record_barrier(by=keeper, kind=KIND, from_on=since, reason="Order of the ministry")
        paused = Due.objects.get(case=story.case, clock="overall")
        assert (paused.due_on, paused.paused_on, paused.elapsed_due_on) == (None, since, before.elapsed_due_on)
        lift_barrier(by=keeper, barrier=barrier, to_on=story.today(), expected_version=1)
        after = Due.objects.get(case=story.case, clock="overall")
    calendar = BOOK.country.work_calendar
    ended = add_months(story.today() - timedelta(days=30), 3)
    assert before.due_on == calendar.first_working_day_from(ended)
    assert after.due_on == calendar.first_working_day_from(ended + timedelta(days=20))
    assert after.elapsed_due_on == before.elapsed_due_on


def test_record_barrier_refuses_what_nobody_could_check(story):
    with story.acting("commission_secretary") as keeper:
        today = story.today()
        with refused("procedures.barrier.unknown_kind"):
            record_barrier(by=keeper, kind="BAD_WEATHER", from_on=today, reason="rain")
        with refused("procedures.barrier.no_reason"):
            record_barrier(by=keeper, kind=KIND, from_on=today, reason=" ")
        with refused("procedures.barrier.in_the_future"):
            record_barrier(by=keeper, kind=KIND, from_on=today + timedelta(days=1), reason="soon")
        barrier = record_barrier(by=keeper, kind=KIND, from_on=today - timedelta(days=9), reason="order")
        with refused("procedures.barrier.overlaps"):
            record_barrier(by=keeper, kind=KIND, from_on=today, reason="again")
        with refused("procedures.barrier.lifted_before_it_stood"):
            lift_barrier(by=keeper, barrier=barrier, to_on=today - timedelta(days=9), expected_version=1)
        with refused("procedures.barrier.not_in_force"):
            lift_barrier(by=keeper, barrier=barrier, to_on=today, expected_version=7)
        lift_barrier(by=keeper, barrier=barrier, to_on=today, expected_version=1)


def test_recompute_everything_puts_a_projection_right(story):
    story.open("asylum", "government", "registration_clerk")
    right = stored()
    with acting_as_system("test"):
        Due.objects.update(due_on=date(2001, 1, 1))
        Due.objects.filter(clock="registration_decision").update(clock="gone")
    assert recompute_everything() >= 1
    assert stored() == right
    assert recompute_everything() == 0


def test_all_clocks_of_a_day_are_what_each_clock_says_of_itself(story):
    """As was known then: what came later plays no part. Held against the plain way, day by day over a whole case."""
    first = story.today() - timedelta(days=100)
    story.open("asylum", "government", "registration_clerk", on=first, lodged_at="border_post")
    story.take("register", "eligibility_officer", on=first + timedelta(days=2))
    story.take("extend_time", "eligibility_officer", on=first + timedelta(days=60))
    with story.acting("commission_secretary") as keeper:
        barrier = record_barrier(by=keeper, kind=KIND, from_on=first + timedelta(days=40), reason="by order")
        lift_barrier(by=keeper, barrier=barrier, to_on=first + timedelta(days=70), expected_version=1)
    case = story.case
    with acting_as_system("test"):
        acts = [as_act(step) for step in case.steps.order_by("seq")]
        facts = barriers_of(case.organisation_id)
        definition = BOOK.procedure_version(case.procedure, case.procedure_version)
        for after in (-1, 0, 1, 2, 30, 50, 65, 75, 100, 300):
            on = first + timedelta(days=after)
            plain = {
                rule.code: (found.due_on, found.stopped_on)
                for rule, inputs in told_clocks(definition, case.track, acts, facts, rulebook.current())
                if (found := compute_deadline(rule, inputs, rulebook.current(), on)).started_on
            }
            many = {
                one.clock: (one.state.due_on, one.state.stopped_on) for one in list_on(Case.objects.all(), BOOK, on)
            }
            assert many == plain, on
        assert count_on(Case.objects.all(), BOOK, first - timedelta(days=1)).cases == 0
        counts = count_on(Case.objects.all(), BOOK, first + timedelta(days=50))
        assert counts.by_clock["asylum", "overall"] == {Standing.PAUSED: 1}


# -- the pure part, against random histories ---------------------------------------------------------------------------

DAYS = st.integers(0, 400)
START = date(2023, 3, 1)


@st.composite
def histories(draw):
    """A random walk through the states of a track, with days that never run back."""
    track = draw(st.sampled_from(list(DEFINITION.tracks)))
    state, day, acts = DEFINITION.initial_state().code, START, []
    for seq in range(1, draw(st.integers(1, 9)) + 1):
        actions = DEFINITION.actions_from(state, track)
        if not actions:
            break
        action = draw(st.sampled_from(actions))
        ends = action.end_states() or (state,)
        to_state = draw(st.sampled_from(ends))
        day += timedelta(days=draw(st.integers(0, 60)))
        facts = {"lodged_at": draw(st.sampled_from(["border_post", "authority"]))}
        acts.append(Act(seq, action.code, day, None, state, to_state, facts))
        state = to_state
    return track, tuple(acts)


@st.composite
def barriers(draw):
    found = []
    for _ in range(draw(st.integers(0, 3))):
        begins = START + timedelta(days=draw(DAYS))
        ends = begins + timedelta(days=draw(st.integers(1, 90))) if draw(st.booleans()) else None
        found.append(BarrierFact(draw(st.sampled_from([KIND, "OFFICE_CLOSED", "BORDER_CLOSED"])), begins, ends))
    return tuple(found)


@settings(max_examples=150, deadline=None)
@given(histories(), barriers(), st.integers(0, 800))
def test_what_is_stored_is_what_the_deadline_says_on_any_later_day(history, standing, later):
    """Nothing stored depends on today: the deadline asked on any day after the last event has the same last days."""
    track, acts = history
    for rule in DEFINITION.clocks_of(track):
        inputs = clock_inputs(rule, DEFINITION, acts, standing)
        if inputs is None:
            continue
        state = clock_state(rule, inputs, BOOK)
        asked = compute_deadline(rule, inputs, BOOK, inputs.last_day + timedelta(days=later))
        assert (state.due_on, state.elapsed_due_on, state.stopped_on, state.starts_on) == (
            asked.due_on,
            asked.elapsed_due_on,
            asked.stopped_on,
            asked.started_on,
        )
        assert (state.paused_on is not None) == asked.is_paused


@settings(max_examples=200, deadline=None)
@given(histories(), barriers(), st.integers(-30, 800))
def test_the_way_of_many_cases_says_of_any_day_what_the_explained_deadline_says(history, standing, day):
    """Days before the first act and between two, past and to come: with the words or without, the dates are the same."""
    track, acts = history
    on = START + timedelta(days=day)
    for rule, inputs in told_clocks(DEFINITION, track, acts, standing, BOOK):
        state, asked = state_on(rule, inputs, BOOK, on), compute_deadline(rule, inputs, BOOK, on)
        if state is None:
            assert asked.started_on is None
            continue
        assert (state.starts_on, state.due_on, state.elapsed_due_on, state.stopped_on) == (
            asked.started_on, asked.due_on, asked.elapsed_due_on, asked.stopped_on,
        )  # fmt: skip
        assert (state.paused_on is not None) == asked.is_paused
        still = [line.params["on"] for line in asked.reasoning if line.code == "paused_still"]
        assert [state.paused_on] == still if asked.is_paused else not state.paused_on
        if asked.stopped_on is None and asked.due_on is not None:
            assert (standing_of(state, on) is Standing.LATE) == (asked.legal_days_left < 0)


@settings(max_examples=100, deadline=None)
@given(histories(), barriers())
def test_a_barrier_never_brings_a_legal_deadline_forward_nor_moves_the_elapsed_one(history, standing):
    track, acts = history
    free = project_clocks(DEFINITION, track, acts, (), BOOK)
    barred = project_clocks(DEFINITION, track, acts, standing, BOOK)
    assert free.keys() == barred.keys()
    for code, state in barred.items():
        assert (state.starts_on, state.stopped_on) == (free[code].starts_on, free[code].stopped_on)
        if state.due_on is not None:
            assert state.due_on >= free[code].due_on


@settings(max_examples=60, deadline=None)
@given(histories(), barriers())
def test_computing_equal_clocks_once_changes_nothing(history, standing):
    track, acts = history
    known: dict = {}
    first = project_clocks(DEFINITION, track, acts, standing, BOOK, known)
    again = project_clocks(DEFINITION, track, acts, standing, BOOK, known)
    assert first == again == project_clocks(DEFINITION, track, acts, standing, BOOK)


def test_a_case_ends_all_its_clocks(story):
    story.open("asylum", "government", "registration_clerk", lodged_at="border_post")
    story.take("withdraw", "registration_supervisor")
    assert running(story) == []
    assert stored() == computed()
