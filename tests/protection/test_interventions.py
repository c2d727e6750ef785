"""Interventions: what waits, what came back, the letter in its language, and that they stay in the house."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from panoh.kernel.problems import Problem
from panoh.protection.letters import letter_pdf
from panoh.protection.models import Incident, Intervention
from panoh.protection.operations.interventions import Sent, answer_intervention, send_intervention
from panoh.protection.queries.interventions import count_waiting, list_answered, list_waiting
from tests.protection.conftest import tell

TODAY = timezone.localdate()
LETTER = Sent(
    kind="LETTER",
    institution="MIGRATION",
    subject="Взятка при приёме ходатайства",
    text="Просим проверить.\n\nДва сотрудника требовали деньги.",
    sent_on=TODAY,
    language="ru",
    provisions=("convention_1951.35", "refugees_law.6.2"),
)


def codes_of(refused) -> set[str]:
    return {one.code.rpartition(".")[2] for one in refused.value.each()}


def test_an_intervention_waits_for_its_answer_until_its_day(world):
    number = tell(world, "lawyer").number
    with world.as_role("protection_officer") as officer:
        sent = send_intervention(by=officer, sent=replace(LETTER, incidents=(number,)))
        assert sent.reply_due_on == TODAY + timedelta(days=30)
        assert list_waiting(officer) == [sent]
        assert count_waiting(officer, TODAY + timedelta(days=31)) == (1, 1)
        answered = answer_intervention(
            by=officer, intervention=sent, outcome="GRANTED", replied_on=TODAY, reply="Проверено."
        )
        assert (list_waiting(officer), list_answered(officer)) == ([], [answered])
        line = Incident.objects.get(number=number).follow_ups.get(act="intervention")
        assert line.facts == {"intervention": sent.number}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "SHOUT"}, "unknown_code"),
        ({"language": "prs"}, "unknown_code"),
        ({"provisions": ("made.up",)}, "unknown_law"),
        ({"text": ""}, "no_text"),
        ({"sent_on": TODAY + timedelta(days=1)}, "day"),
        ({"sent_on": date.max, "reply_due_on": date.max}, "day"),
        ({"reply_due_on": TODAY - timedelta(days=1)}, "due"),
        ({"incidents": ("I-26-999999",)}, "no_such"),
        ({"cases": ("A-26-999999",)}, "no_such"),
    ],
)
def test_what_cannot_be_is_refused(world, changes, code):
    with world.as_role("protection_officer") as officer:
        send_intervention(by=officer, sent=LETTER)
        with pytest.raises(Problem) as refused:
            send_intervention(by=officer, sent=replace(LETTER, **changes))
    assert codes_of(refused) == {code}


@pytest.mark.parametrize(
    ("outcome", "days", "code"), [("GRANTED", None, "no_day"), ("GRANTED", -1, "day"), ("MAYBE", 0, "no_outcome")]
)
def test_an_answer_has_a_day_and_an_outcome(world, outcome, days, code):
    with world.as_role("protection_officer") as officer:
        sent = send_intervention(by=officer, sent=LETTER)
        on = None if days is None else TODAY + timedelta(days=days)
        with pytest.raises(Problem) as refused:
            answer_intervention(by=officer, intervention=sent, outcome=outcome, replied_on=on, reply="")
    assert codes_of(refused) == {code}


def test_it_stays_in_the_organisation_that_made_it(world):
    with world.as_role("protection_officer") as officer:
        send_intervention(by=officer, sent=LETTER)
    for role in ("lawyer", "registration_supervisor", "eligibility_officer", "mandate_officer", "head_of_office"):
        with world.as_role(role):
            assert not Intervention.objects.exists(), role


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_letter_is_a_pdf_in_its_language(world, language):
    with world.as_role("protection_officer") as officer:
        sent = send_intervention(by=officer, sent=replace(LETTER, language=language, partners="Embassy"))
        made = letter_pdf(Intervention.objects.select_related("organisation").get(pk=sent.pk), by=officer)
    assert made.startswith(b"%PDF-")
    assert len(made) > 5_000
