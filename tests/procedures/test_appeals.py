"""An appeal as real tribunals know it, step by step through the ledger: late, admitted, extended, listed from detention, adjourned,
listed again, heard together with another case, and sent back; and never decided by whoever decided first.
"""

from __future__ import annotations

from datetime import date, timedelta

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.procedures.models import Case, Due, PaperOrder, Step
from panoh.procedures.queries.case_page import read_case_page
from panoh.procedures.queries.cases import situation_of
from panoh.procedures.rules.actions import possibilities
from tests.procedures.stories import Story, differences, refused

AGAINST = {"body": "higher_body", "application_kind": "refusal_of_registration", "held_in_detention": False}


def refused_long_ago(story: Story) -> None:
    """Registration of the claim was refused, and the family told, more than three months ago."""
    today = story.today()
    story.open("asylum", "government", "registration_clerk", on=today - timedelta(days=120))
    story.take("refuse_registration", "registration_supervisor", on=today - timedelta(days=118))
    story.take("notify_decision", "registration_clerk", on=today - timedelta(days=117))


def refused_today(story: Story) -> None:
    story.open("asylum", "government", "registration_clerk")
    story.take("refuse_registration", "registration_supervisor")
    story.take("notify_decision", "registration_clerk")


def day(story: Story, ahead: int) -> str:
    return (story.today() + timedelta(days=ahead)).isoformat()


def due(story: Story, clock: str) -> Due | None:
    with acting_as_system("test"):
        return Due.objects.filter(case=story.case, clock=clock).first()


def last_day(story: Story, clock: str) -> date:
    found = due(story, clock)
    assert found is not None and found.due_on is not None, clock
    return found.due_on


def letters(story: Story) -> list[str]:
    with acting_as_system("test"):
        orders = PaperOrder.objects.filter(case=story.case).exclude(letter="").order_by("step__seq", "letter")
        return list(orders.values_list("letter", flat=True).distinct())


def papers(story: Story) -> set[str]:
    with acting_as_system("test"):
        return set(PaperOrder.objects.filter(case=story.case).values_list("kind", flat=True))


def test_from_a_late_appeal_through_adjournment_to_remittal(story):
    refused_long_ago(story)
    other = second_family(story)
    with refused("procedures.step.not_in_this_state"):
        story.take("adjourn_appeal", "commission_secretary", why="other")
    # Out of time: nobody is sent away for it, but it is taken in as what it is, and weighed by somebody else.
    with refused("procedures.guard.out_of_time", "occurred_on"):
        story.take("lodge_appeal", "registration_clerk", **AGAINST)
    late = story.take("lodge_late_appeal", "registration_clerk", why_late="We were held at the border.")
    assert late.to_state == "late_appeal"
    assert due(story, "late_appeal").stopped_on is None and due(story, "appeal_decision") is None
    story.take("admit_late", "commission_secretary", held_in_detention=False)
    assert due(story, "late_appeal").stopped_on == story.today()
    # Admitted, the clock of the decision runs from this day on: sixty days, for papers fourteen.
    assert last_day(story, "appeal_decision") >= story.today() + timedelta(days=60)
    before = last_day(story, "appeal_papers"), last_day(story, "appeal_decision")
    assert before[0] >= story.today() + timedelta(days=14)
    # More time for papers moves both.
    story.take("extend_appeal", "commission_secretary", asked_by="appellant", why="The court of the home town is slow.")
    after = last_day(story, "appeal_papers"), last_day(story, "appeal_decision")
    assert all(
        timedelta(days=11) <= later - earlier <= timedelta(days=17)
        for earlier, later in zip(before, after, strict=True)
    )
    # Listed, from detention, and together with another case, which must be one that can be seen.
    with refused("procedures.answer.unknown_case", "linked_case"):
        story.take("list_appeal", "commission_secretary", hearing_on=day(story, 10), linked_case="ASY-26-9999999")
    assert due(story, "detained_appeal") is None
    listed = story.take(
        "list_appeal", "commission_secretary", hearing_on=day(story, 10), held_in_detention=True, linked_case=other.number
    )  # fmt: skip
    assert (listed.to_state, listed.facts["linked_case"]) == ("appeal_listed", other.number)
    # Whoever is detained has a limit of his own that ends first.
    assert last_day(story, "detained_appeal") < last_day(story, "appeal_decision")
    booked = story.take(
        "book_interpreter", "commission_secretary", language="PRS", sex="woman", booked_for=day(story, 10)
    )
    assert booked.to_state == "appeal_listed"
    # Not brought from detention: adjourned, and listed again; each listing calls the family anew.
    assert story.take("adjourn_appeal", "commission_secretary", why="not_brought").to_state == "appeal_adjourned"
    assert due(story, "appeal_relisting").stopped_on is None
    story.take(
        "relist_appeal", "commission_secretary", hearing_on=day(story, 15), held_in_detention=True, linked_case=other.number
    )  # fmt: skip
    assert due(story, "appeal_relisting").stopped_on == story.today()
    story.take(
        "hear_appeal", "commission_secretary", appellant_present=True, interpreter_present=True, counsel_present=False
    )
    # Sent back: the case is examined anew, by acts that lead on, and the time of the first instance begins anew.
    assert story.take("remit_appeal", "commission_secretary").to_state == "accepted"
    assert due(story, "overall").starts_on == story.today() and due(story, "overall").stopped_on is None
    assert due(story, "appeal_decision").stopped_on == story.today()
    assert letters(story) == [
        "late_appeal_admitted", "appeal_time_extended", "appeal_hearing", "hearing_adjourned", "appeal_relisted", "appeal_remitted",
    ]  # fmt: skip
    with acting_as_system("test"):
        case = Case.objects.get(pk=story.case.pk)
        assert case.closed_on is None
        situation = situation_of(case, story.today())
        open_acts = {one.action.code for one in possibilities(situation, "eligibility_officer") if one.possible}
        assert {"schedule_interview", "book_interpreter"} <= open_acts
        assert Step.objects.filter(case=case).count() == case.version
        assert not Due.objects.filter(
            case=case, due_on__isnull=True, paused_on__isnull=True, stopped_on__isnull=True
        ).exists()
    assert differences() == []


def test_what_is_in_time_is_not_taken_in_as_late(story):
    refused_today(story)
    with refused("procedures.guard.still_in_time"):
        story.take("lodge_late_appeal", "registration_clerk", why_late="none")
    story.take("lodge_appeal", "registration_clerk", **AGAINST)
    assert last_day(story, "appeal_decision") >= story.today() + timedelta(days=60)


def test_a_late_appeal_that_is_not_admitted_leaves_the_case_where_it_was(story):
    """Closed it is closed again, and the family is told in a letter."""
    refused_long_ago(story)
    story.take("close_refused", "registration_supervisor")
    closed_on = story.case.closed_on
    assert closed_on == story.today()
    story.take("lodge_late_appeal", "registration_clerk", why_late="We did not understand the letter.")
    assert story.case.closed_on is None
    step = story.take("refuse_late", "commission_secretary")
    assert (step.to_state, story.case.closed_on) == ("closed_without_status", story.today())
    assert letters(story) == ["late_appeal_refused"]
    assert differences() == []


def test_a_case_is_not_opened_again_beside_another_one(story):
    """The family brought a new claim meanwhile: the old one is not appealed against as well."""
    refused_long_ago(story)
    story.take("close_refused", "registration_supervisor")
    closed = story.case
    story.open("asylum", "government", "registration_clerk")
    story.case = closed
    with refused("procedures.guard.open_case"):
        story.take("lodge_late_appeal", "registration_clerk", why_late="none")
    with acting_as_system("test"):
        assert Case.objects.get(pk=closed.pk).closed_on is not None


def test_an_appeal_that_is_taken_back_leaves_the_decision_standing(story):
    refused_today(story)
    story.take("lodge_appeal", "registration_clerk", **AGAINST)
    story.take("list_appeal", "commission_secretary", hearing_on=day(story, 5), held_in_detention=False)
    step = story.take("withdraw_appeal", "registration_clerk")
    assert step.to_state == "registration_refused"
    assert due(story, "appeal_decision").stopped_on == story.today()
    # The time to appeal begins anew with the handing over: whoever took an appeal back may think again.
    with refused("procedures.guard.clock_runs"):
        story.take("close_refused", "registration_supervisor")
    story.take("notify_decision", "registration_clerk")
    assert due(story, "appeal_window").stopped_on is None
    assert differences() == []


def test_nobody_decides_on_the_appeal_against_his_own_decision(story):
    """A paper is refused by an officer; the appeal is decided by another one, though both have the same role."""
    story.open("paper_request", "government", "registration_clerk", persons=story.persons[:1])
    story.take("check_identity", "registration_clerk")
    story.take("decide", "eligibility_officer", persons={"answer": "refused"}, paper="refugee")
    assert "REFUGEE_CERTIFICATE" not in papers(story), "nobody who is refused has a certificate made out"
    story.take("notify_decision", "registration_clerk")
    story.take("lodge_appeal", "registration_clerk")
    for act in ("decide_appeal", "remit_appeal"):
        with refused("procedures.guard.decided_first"):
            story.take(act, "eligibility_officer")
    story.world.add_member("eligibility_officer", "second_officer", office="dushanbe")
    step = story.take("decide_appeal", "second_officer", persons={"answer": "granted"}, paper="refugee")
    assert step.to_state == "approved" and "REFUGEE_CERTIFICATE" in papers(story)
    assert differences() == []


def test_whoever_voted_at_first_does_not_decide_on_the_appeal(story):
    """The commission refused family unity; a member of it who later works as an officer has had his say."""
    story.open("family_unity", "government", "registration_clerk", persons=story.persons[:1])
    story.take("examine", "eligibility_officer")
    story.take("refer", "eligibility_officer")
    story.convene()
    story.open_sitting()
    story.move("decide", {"outcome": "rejected"})
    story.vote("for")
    story.count_and_decide()
    assert story.case.state == "refused"
    story.take("notify_decision", "registration_clerk")
    story.take("lodge_appeal", "registration_clerk")
    voter = story.world.members["commission_justice"]
    with story.acting("registration_supervisor"):
        case = Case.objects.get(pk=story.case.pk)
        situation = situation_of(case, story.today())
        assert voter.pk in situation.voters["decide"]
        other = story.world.members["eligibility_officer"]
        by_member = {
            member: {one.action.code for one in possibilities(situation, "eligibility_officer", member) if one.possible}
            for member in (voter.pk, other.pk)
        }
    assert "decide_appeal" in by_member[other.pk] and "decide_appeal" not in by_member[voter.pk]


def test_cases_that_are_heard_together_show_each_other_and_stand_side_by_side(story):
    refused_today(story)
    other = second_family(story)
    story.take("lodge_appeal", "registration_clerk", **AGAINST)
    story.take(
        "list_appeal",
        "commission_secretary",
        hearing_on=day(story, 5),
        held_in_detention=False,
        linked_case=other.number,
    )
    for mine, shown in ((story.case, other), (other, story.case)):
        with story.acting("commission_secretary") as actor:
            page = read_case_page(actor, Case.objects.get(pk=mine.pk), story.today())
        assert [one.number for one in page.together] == [shown.number]
        assert shown.number not in [one.number for one in page.siblings]
    # A listing says anew with whom a case is heard: with nobody, here.
    story.take("relist_appeal", "commission_secretary", hearing_on=day(story, 6), held_in_detention=False)
    with story.acting("commission_secretary") as actor:
        assert read_case_page(actor, Case.objects.get(pk=other.pk), story.today()).together == []
    assert differences() == []


def test_every_appeal_has_articles_for_its_limits(db):
    """Each clock of the included steps rests on a dated value with a source, marked for what it is."""
    book = rulebook.current()
    for versions in book.procedures.values():
        for code in ("appeal_decision", "detained_appeal", "appeal_papers", "late_appeal", "appeal_relisting"):
            clock = versions[-1].clocks.get(code)
            if clock:
                value = book.values[clock.limit][-1]
                assert clock.legal_basis and value.source and value.confidence == "unverified"


def second_family(story: Story) -> Case:
    """Another case that the appeal is heard together with."""
    mine = (story.household, story.persons, story.case)
    story.register()
    story.open("asylum", "government", "registration_clerk")
    other = story.case
    story.household, story.persons, story.case = mine
    return other
