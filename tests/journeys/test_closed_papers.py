"""Whose record is closed carries no certificate any more: for every reason, in the closure's own transaction."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.journeys.end_papers_of_closure import end_papers
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.papers.models import Paper, Withdrawal
from panoh.papers.operations import confirm_paper
from panoh.registry.closures import AFTER_CLOSURE
from panoh.registry.operations import close_household, close_person
from panoh.registry.operations.closing import TRANSFERRED
from panoh.registry.rules.population import closure_scope
from tests.papers.conftest import add_family, certificate, stock  # noqa: F401 - a fixture

TODAY = timezone.localdate()


@pytest.fixture
def carried(world, stock):  # noqa: F811
    """A family of two, of whom the daughter carries a certificate that is in force."""
    with world.as_role("registration_clerk") as clerk:
        family = add_family(clerk)
        paper = certificate(clerk, family.daughter)
    with world.as_role("registration_supervisor") as supervisor:
        confirm_paper(by=supervisor, paper=paper)
    return family, paper


def reasons(scope: str) -> list[str]:
    codes = rulebook.current().codes
    return [
        code
        for code in codes["closure_reasons"]
        if closure_scope(code, codes) in (scope, "any") and code != TRANSFERRED
    ]


def state_after(world, paper, close) -> str:
    """The paper's state once the record is closed; undone again."""
    with world.as_role("registration_supervisor") as supervisor:
        saved = transaction.savepoint()
        close(supervisor)
        state = Paper.objects.get(pk=paper.pk).state
        assert Withdrawal.objects.filter(paper_id=paper.pk).exists() == (state == "revoked")
        transaction.savepoint_rollback(saved)
    return state


def test_every_reason_ends_what_the_person_carried(world, carried) -> None:
    family, paper = carried
    one = reasons("person")
    whole = reasons("household")
    assert len(one) > 5 and len(whole) > 5
    states = {
        reason: state_after(world, paper, lambda by, r=reason: close_person(by=by, person=family.daughter, reason=r))
        for reason in one
    }
    assert set(states.values()) == {"revoked"}, states
    states = {
        reason: state_after(
            world, paper, lambda by, r=reason: close_household(by=by, household=family.household, reason=r)
        )
        for reason in whole
    }
    assert set(states.values()) == {"revoked"}, states


def test_a_certificate_of_somebody_else_in_the_family_stays(world, carried) -> None:
    family, paper = carried

    def close(by) -> None:
        close_person(by=by, person=family.mother, reason="SPONTANEOUS_DEPARTURE", new_principal=family.daughter)

    assert state_after(world, paper, close) == "issued"


def test_a_letter_stays_what_was_decided_on_a_day(world, carried) -> None:
    """Of the same person and in force: its kind alone is another one."""
    family, paper = carried
    with acting_as_system("another kind of paper in a test", records=["test.paper.changed"]):
        record(by=None, kind="test.paper.changed", subjects=[paper.pk], payload={}, occurred_on=TODAY)
        Paper.objects.filter(pk=paper.pk).update(kind="DECISION_LETTER")
    close = partial(close_person, person=family.daughter, reason="DEPORTATION")
    assert state_after(world, paper, lambda by: close(by=by)) == "issued"


def test_it_is_written_down_and_without_the_follower_the_paper_would_stay_good(world, carried, monkeypatch) -> None:
    family, _paper = carried
    with world.as_role("registration_supervisor") as supervisor:
        close_person(by=supervisor, person=family.daughter, reason="DEPORTATION")
        entry = Entry.objects.get(kind="papers.paper.revoked")
        assert entry.payload["reason"] == "record_closed" and family.daughter.pk in entry.subjects
    monkeypatch.setattr("panoh.registry.closures.AFTER_CLOSURE", [f for f in AFTER_CLOSURE if f is not end_papers])
    with world.as_role("registration_clerk") as clerk:
        other = add_family(clerk, serial=2)
        kept = certificate(clerk, other.daughter)
    with world.as_role("registration_supervisor") as supervisor:
        confirm_paper(by=supervisor, paper=kept)
        close_person(by=supervisor, person=other.daughter, reason="DEPORTATION")
        assert Paper.objects.get(pk=kept.pk).state == "issued"
