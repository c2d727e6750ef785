"""Two who judge one pair at the same moment: one judgement stands, it is confirmed once, and the locks are what does it."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError

from panoh.access.context import acting
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.registry.models import Judgement
from panoh.registry.operations import confirm_judgement, duplicates, judge_duplicate, register_household
from tests.registry.families import five, person
from tests.registry.test_committed import AT_ONCE, ROUNDS, together

pytestmark = pytest.mark.slow


@pytest.fixture
def pair(committed_world):
    clerk = committed_world.actor("registration_clerk")
    with acting(clerk):
        return [
            register_household(
                by=clerk,
                registration=five(
                    committed_world.offices["panji_poyon"].pk, persons=(person(name=PersonName("Latn", name)),)
                ),
            ).persons[0]
            for name in ("Karim Noori", "Parviz Saidov")
        ]


def judge(actor, pair, verdict):
    with acting(actor):
        return judge_duplicate(by=actor, person=pair[0], other=pair[1], verdict=verdict).judgement.pk


def in_force(actor):
    with acting(actor):
        return list(Judgement.objects.filter(undone_at__isnull=True))


def test_of_many_judgements_at_once_one_stands(committed_world, pair):
    officer = committed_world.actor("register_officer")
    for _round in range(ROUNDS):
        answers = together(AT_ONCE, lambda index: judge(officer, pair, ("same", "different")[index % 2]))
        refused = [answer for answer in answers if isinstance(answer, Problem)]
        assert len(refused) == AT_ONCE - 1, answers
        assert {problem.code for problem in refused} == {"registry.duplicate.already_judged"}
        (standing,) = in_force(officer)
        with acting(officer):
            duplicates.undo_judgement(by=officer, judgement=standing)


def test_without_the_lock_on_the_pair_the_database_alone_still_keeps_one(committed_world, pair, monkeypatch):
    """The second guard: a unique index. Its refusal is a fault of the database, no sentence; the lock is what makes it one."""
    officer = committed_world.actor("register_officer")
    monkeypatch.setattr(duplicates, "_lock_pair", lambda by, verb, first, second: sorted(pair, key=lambda one: one.pk))
    meeting = threading.Barrier(2)
    create = Judgement.objects.create

    def create_together(**values):
        meeting.wait(20)
        return create(**values)

    monkeypatch.setattr(type(Judgement.objects), "create", lambda self, **values: create_together(**values))
    answers = together(2, lambda index: judge(officer, pair, ("same", "different")[index]))
    assert sum(isinstance(answer, DatabaseError) for answer in answers) == 1, answers
    monkeypatch.undo()
    assert len(in_force(officer)) == 1


def test_of_many_confirmations_at_once_one_counts(committed_world, pair):
    officer, supervisor = committed_world.actor("register_officer"), committed_world.actor("registration_supervisor")
    judge(officer, pair, "same")
    (standing,) = in_force(officer)

    def confirm(_index):
        with acting(supervisor):
            return confirm_judgement(by=supervisor, judgement=standing).judgement.pk

    answers = together(AT_ONCE, confirm)
    refused = [answer for answer in answers if isinstance(answer, Problem)]
    assert len(refused) == AT_ONCE - 1, answers
    assert {problem.code for problem in refused} == {"registry.duplicate.nothing_to_confirm"}
