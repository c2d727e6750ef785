"""The pure rules: who may do what when, what an answer may be, and what an act makes of people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh import rulebook
from panoh.kernel.calendars import BirthDate
from panoh.kernel.problems import Problem
from panoh.procedures.effects import EFFECTS
from panoh.procedures.rules import voting
from panoh.procedures.rules.actions import check_possible, possibilities
from panoh.procedures.rules.answers import KINDS, KeptFile, Known, check_answers
from panoh.procedures.rules.decisions import Applicant, line_up
from panoh.procedures.rules.groups import is_moved
from panoh.procedures.rules.guards import OF_THE_ANSWERS, OF_THE_COURSE, Asked, check_answer_guards
from panoh.procedures.rules.recording import check_recorded_in_time, first_day_to_record
from panoh.procedures.rules.safeguards import MonitorAnswer, Record, Verdict, findings
from panoh.procedures.rules.situation import Act, PersonFacts, Situation
from panoh.rulebook.vocabulary import EFFECTS as EFFECT_WORDS
from panoh.rulebook.vocabulary import FIELD_KINDS, GUARDS, MAJORITIES, SEATS
from tests.procedures.stories import answers_for, refused

BOOK = rulebook.current()
TODAY = date(2026, 3, 20)
DEFINITION = BOOK.procedure("asylum", TODAY)
OFFICER, COLLEAGUE = uuid4(), uuid4()
ADULT = BirthDate.from_parts("gregorian", 1985, 4, 1)
CHILD = BirthDate.from_parts("gregorian", 2016, 9, 21)
FATHER, SON = PersonFacts(uuid4(), 1, ADULT), PersonFacts(uuid4(), 2, CHILD, own_line=False)


def situation(state: str, *acts: tuple[str, str, int], track: str = "government", **more) -> Situation:
    """A case with steps (action, state it led to, day of March); the first acts as the officer."""
    done, before = [], "draft"
    for seq, (action, to_state, day) in enumerate(acts, start=1):
        done.append(Act(seq, action, date(2026, 3, day), OFFICER, before, to_state))
        before = to_state
    return Situation(DEFINITION, track, state, date(2026, 3, 1), TODAY, tuple(done), (FATHER, SON), **more)


def check(where: Situation, action: str, role: str, member=OFFICER, on: date = TODAY) -> None:
    check_possible(where, DEFINITION.actions[action], role=role, member=member, occurred_on=on)


# -- the words of the rulebook ---------------------------------------------------------------------------------------


def test_the_engine_knows_every_word_that_a_rulebook_may_use():
    assert set(EFFECTS) == set(EFFECT_WORDS)
    assert set(OF_THE_COURSE) | set(OF_THE_ANSWERS) == set(GUARDS)
    assert set(KINDS) == set(FIELD_KINDS)
    assert {str(one) for one in voting.Seat} == set(SEATS)
    assert {str(one) for one in voting.Majority} == set(MAJORITIES)


# -- acts -------------------------------------------------------------------------------------------------------------


def test_a_reason_is_given_for_each_act_that_is_not_possible():
    where = situation("lodged", ("lodge", "lodged", 2))
    found = {
        one.action.code: one.refusal and one.refusal.code for one in possibilities(where, "registration_clerk", OFFICER)
    }
    assert found["renew_certificate"] == "procedures.guard.no_paper", "there is nothing to renew"
    assert found["notify_authority"] is None
    assert found["register"] == "procedures.step.not_your_role"
    assert "decide" not in found


def test_a_paper_is_renewed_once_it_was_issued():
    where = situation("lodged", ("lodge", "lodged", 2))
    with refused("procedures.guard.no_paper"):
        check(where, "renew_certificate", "registration_clerk")
    check(replace(where, papers=frozenset({"ASYLUM_SEEKER_CERTIFICATE"})), "renew_certificate", "registration_clerk")


def test_one_person_records_only_what_is_not_long_ago():
    """Three working days: on Friday the 20th that is Tuesday the 17th; over a weekend and Navruz it is further back."""
    lodge = DEFINITION.actions["lodge"]
    assert first_day_to_record(lodge, TODAY, BOOK) == date(2026, 3, 17)
    after_navruz = date(2026, 3, 26)
    assert first_day_to_record(lodge, after_navruz, BOOK) < after_navruz - timedelta(days=5)
    check_recorded_in_time(lodge, date(2026, 3, 17), TODAY, BOOK, permitted=False)
    with refused("procedures.step.too_long_ago", "occurred_on") as caught:
        check_recorded_in_time(lodge, date(2026, 3, 16), TODAY, BOOK, permitted=False)
    assert caught.value.params["first"] == date(2026, 3, 17)
    check_recorded_in_time(lodge, date(2019, 3, 16), TODAY, BOOK, permitted=True)
    with refused("procedures.step.too_long_ago"):
        check_recorded_in_time(lodge, date(1911, 1, 1), TODAY, BOOK, permitted=False)


def test_an_act_may_not_be_older_than_what_it_rests_on():
    where = situation("accepted", ("lodge", "lodged", 2), ("register", "accepted", 9))
    check(where, "schedule_interview", "eligibility_officer", on=date(2026, 3, 9))
    with refused("procedures.step.before_the_preceding", "occurred_on"):
        check(where, "schedule_interview", "eligibility_officer", on=date(2026, 3, 8))
    with refused("procedures.step.in_the_future", "occurred_on"):
        check(where, "schedule_interview", "eligibility_officer", on=date(2026, 3, 21))


def test_a_second_person_is_another_person():
    where = situation(
        "assessed", ("apply_mandate", "accepted", 2), ("interview", "interviewed", 3), ("record_assessment", "assessed", 4),
        track="mandate",
    )  # fmt: skip
    with refused("procedures.step.second_person_needed"):
        check(where, "review", "mandate_officer", member=OFFICER)
    check(where, "review", "mandate_officer", member=COLLEAGUE)


def test_a_protecting_clock_must_have_run_out():
    where = situation("decided_negative", ("decide", "decided_negative", 2), ("notify_decision", "decided_negative", 3))
    for ends, possible in ((date(2026, 4, 3), False), (TODAY, False), (date(2026, 3, 19), True), (None, False)):
        with_clock = replace(where, clock_ends={"appeal_window": ends})
        if possible:
            check(with_clock, "close_refused", "eligibility_officer")
        else:
            with refused("procedures.guard.clock_runs"):
                check(with_clock, "close_refused", "eligibility_officer")


def test_what_must_come_first_and_what_may_come_once():
    where = situation("decided_positive", ("decide", "decided_positive", 2))
    with refused("procedures.guard.not_yet_done"):
        check(where, "close_granted", "eligibility_officer")
    once = situation("accepted", ("register", "accepted", 2), ("extend_time", "accepted", 3))
    with refused("procedures.guard.already_done"):
        check(once, "extend_time", "eligibility_officer")
    check(situation("accepted", ("register", "accepted", 2)), "extend_time", "eligibility_officer")


GROUND = {"recognised": "POLITICAL", "rejected": "NOT_CREDIBLE", "excluded": "1FA"}


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(GROUND)), st.sampled_from(sorted(GROUND.values()))), min_size=2, max_size=2
    )
)
def test_grounds_must_fit_the_outcome_of_each_person(chosen):
    where = situation("before_commission")
    persons = {
        person.person_id: {"outcome": outcome, "grounds": [ground]}
        for person, (outcome, ground) in zip((FATHER, SON), chosen, strict=True)
    }
    asked = Asked(DEFINITION.actions["decide"], TODAY, OFFICER, {}, persons, BOOK)
    if all(GROUND[outcome] == ground for outcome, ground in chosen):
        check_answer_guards(where, asked)
    else:
        with pytest.raises(Problem) as caught:
            check_answer_guards(where, asked)
        wrong = {n for n, (outcome, ground) in enumerate(chosen, start=1) if GROUND[outcome] != ground}
        assert {one.field for one in caught.value.each()} == {f"person-{n}-grounds" for n in wrong}


# -- answers ----------------------------------------------------------------------------------------------------------


def known() -> Known:
    return Known(BOOK, TODAY)


@pytest.mark.parametrize("action", sorted(DEFINITION.actions))
def test_answers_made_from_the_fields_are_taken(action):
    one = DEFINITION.actions[action]
    for fields in (one.form, one.per_person):
        given = answers_for(fields, TODAY, {})
        taken = check_answers(fields, given, known()).everything()
        assert set(taken) == set(given)


@given(
    st.dictionaries(
        st.sampled_from([one.name for one in DEFINITION.actions["interview"].form] + ["stray"]), st.text(max_size=30)
    )
)
def test_any_text_in_a_form_is_taken_or_refused_and_never_a_fault(sent):
    fields = DEFINITION.actions["interview"].form
    try:
        taken = check_answers(fields, sent, known())
    except Problem as problem:
        assert all(one.code.startswith("procedures.answer.") and one.field for one in problem.each())
    else:
        assert {one.name for one in fields if one.required} <= set(taken.everything())


def test_a_field_that_is_asked_under_a_condition_is_neither_needed_nor_taken_without_it():
    fields = DEFINITION.actions["lodge"].form
    base = {"lodged_at": "authority", "application_language": "PRS"}
    check_answers(fields, base, known())
    with refused("procedures.answer.not_asked", "held_for_entry"):
        check_answers(fields, base | {"held_for_entry": "true"}, known())
    check_answers(fields, base | {"irregular_entry": "true", "held_for_entry": "true"}, known())


def test_a_file_is_known_by_its_first_bytes():
    fields = DEFINITION.actions["add_evidence"].form
    kept = check_answers(fields, {"what": "a letter", "scan": KeptFile(b"%PDF-1.7 ...")}, known())
    assert kept.files["scan"].media_type == "application/pdf"
    for content in (b"", b"<html>", b"MZ\x90"):
        with refused("procedures.answer.not_a_file", "scan"):
            check_answers(fields, {"what": "a letter", "scan": KeptFile(content)}, known())


# -- persons ----------------------------------------------------------------------------------------------------------


def test_each_adult_stands_alone_and_a_doubtful_age_is_a_child():
    doubtful = BirthDate.from_parts("solar_hijri", 1386)  # some day between March 2007 and March 2008
    on = date(2025, 12, 1)
    mother, elder, doubt = (
        Applicant(uuid4(), birth) for birth in (ADULT, BirthDate.from_parts("gregorian", 2000), doubtful)
    )
    lines = line_up([mother, elder, doubt], "household", on)
    assert [line.own_line for line in lines] == [True, True, False]
    assert lines[2].listed_with == mother.person_id
    assert line_up([replace(doubt, own_line=True)], "household", on)[0].own_line
    with refused("procedures.case.adult_needs_own_line"):
        line_up([mother, replace(elder, own_line=False)], "household", on)


def test_a_child_without_an_adult_has_a_line_of_its_own():
    assert line_up([Applicant(uuid4(), CHILD)], "household", TODAY)[0].own_line


def test_line_up_refuses_nobody_twice_and_strangers():
    one = Applicant(uuid4(), ADULT)
    with refused("procedures.case.nobody"):
        line_up([], "household", TODAY)
    with refused("procedures.case.person_twice"):
        line_up([one, one], "household", TODAY)
    with refused("procedures.case.one_person_only"):
        line_up([one, Applicant(uuid4(), ADULT)], "person", TODAY)
    with refused("procedures.case.listed_with_nobody"):
        line_up([one, Applicant(uuid4(), CHILD, listed_with=uuid4())], "household", TODAY)


@pytest.mark.parametrize(
    ("current", "to", "reason", "elsewhere", "moved"),
    [
        ("", "ASY", "ASYAPP", False, True),
        ("ASY", "ASY", "ASYAPP", False, False),
        ("REF", "ASY", "ASYAPP", False, False),  # recognised on one track, applying on the other: counts once
        ("OIP", "ASY", "ASYAPP", False, True),
        ("ASY", "REF", "ARR-IND", False, True),
        ("ASY", "", "ASYREJ", False, True),
        ("ASY", "", "ASYREJ", True, False),  # the other track still waits for him
        ("REF", "", "ASYREJ", False, False),  # refused on one track, recognised on the other
        ("", "", "ASYREJ", False, False),
        ("ASY", "REF", "ASYREC-CP", False, True),
    ],
)
def test_a_person_counts_once_though_two_tracks_run(current, to, reason, elsewhere, moved):
    assert is_moved(current, to, reason, BOOK, still_open_elsewhere=elsewhere) is moved


# -- safeguards -------------------------------------------------------------------------------------------------------


def verdicts(where: Situation, record: Record | None = None) -> dict[str, Verdict]:
    return {one.safeguard.code: one.verdict for one in findings(where, record or Record(), BOOK)}


def test_what_nobody_wrote_down_is_not_thereby_kept():
    lodged = situation("lodged", ("lodge", "lodged", 2))
    found = verdicts(lodged)
    assert found["access_to_procedure"] is Verdict.KEPT
    assert found["interpreter"] is Verdict.NOT_DUE
    assert found["confidentiality"] is Verdict.UNKNOWN
    assert found["child_with_guardian"] is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("today", "issued", "verdict", "until"),
    [
        (2, None, Verdict.NOT_DUE, 9),
        (9, None, Verdict.NOT_DUE, 9),
        (10, None, Verdict.BROKEN, None),
        (10, 9, Verdict.KEPT, None),
        (11, 10, Verdict.BROKEN, None),
    ],
)
def test_a_safeguard_with_a_day_is_not_broken_before_it(today, issued, verdict, until):
    """Lodged on Monday 2 March: five working days end on Monday the 9th."""
    where = replace(situation("lodged", ("lodge", "lodged", 2)), today=date(2026, 3, today))
    papers = {"ASYLUM_SEEKER_CERTIFICATE": date(2026, 3, issued)} if issued else {}
    found = next(
        one for one in findings(where, Record(papers=papers), BOOK) if one.safeguard.code == "certificate_in_time"
    )
    assert (found.verdict, found.due_on) == (verdict, until and date(2026, 3, until))


def test_a_running_clock_is_neither_kept_nor_broken():
    where = situation("accepted", ("lodge", "lodged", 2))
    running = Record(clocks_in_time={"registration_decision": TODAY}, running_clocks={"overall": TODAY})
    found = next(one for one in findings(where, running, BOOK) if one.safeguard.code == "limits_met")
    assert (found.verdict, found.due_on) == (Verdict.NOT_DUE, TODAY)


def test_what_never_became_due_in_a_closed_case_does_not_apply():
    closed = situation("closed_without_status", ("lodge", "lodged", 2), ("withdraw", "closed_without_status", 5))
    found = verdicts(closed)
    assert found["interpreter"] is Verdict.NOT_APPLICABLE
    assert found["certificate_in_time"] is Verdict.BROKEN


def test_a_safeguard_is_broken_by_the_answer_that_says_so():
    where = situation("interviewed", ("lodge", "lodged", 2), ("interview", "interviewed", 5))
    for answer, verdict in (("sworn", Verdict.KEPT), ("absent", Verdict.BROKEN)):
        told = replace(where.acts[1], facts={"interpreter": answer})
        assert verdicts(replace(where, acts=(where.acts[0], told)))["interpreter"] is verdict


def test_a_late_clock_breaks_the_limits_and_a_monitor_has_the_last_word():
    where = situation("accepted", ("lodge", "lodged", 2))
    assert verdicts(where, Record(clocks_in_time={"overall": TODAY}))["limits_met"] is Verdict.KEPT
    late = Record(clocks_in_time={"overall": TODAY}, late_clocks={"border_notice": TODAY})
    assert verdicts(where, late)["limits_met"] is Verdict.BROKEN
    said = replace(late, answers={"limits_met": MonitorAnswer(Verdict.KEPT, TODAY, "the notice came by telephone")})
    assert verdicts(where, said)["limits_met"] is Verdict.KEPT


def test_an_observer_is_found_by_his_place_at_the_sitting():
    where = situation("decided_positive", ("decide", "decided_positive", 2))
    assert verdicts(where)["observer_present"] is Verdict.UNKNOWN
    for places, verdict in (({"unhcr", "justice"}, Verdict.KEPT), ({"justice"}, Verdict.BROKEN)):
        assert verdicts(where, Record(seats={"commission": frozenset(places)}))["observer_present"] is verdict
