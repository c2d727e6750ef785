"""Many at once: no sheet is used twice, no paper is confirmed twice, and each guard is shown to be needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import IntegrityError, connections
from django.utils import timezone

from panoh.access.context import acting
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.papers.models import Form
from panoh.papers.operations import confirm_paper, receive_stock, stock
from panoh.papers.operations.stock import take_form
from tests.papers.conftest import add_family, certificate

KIND = "ASYLUM_SEEKER_CERTIFICATE"
CLERKS = 8


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Run all acts at the same moment, each in its own connection; what each returned or raised."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait(10)
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def families(committed_world):
    world = committed_world
    with world.as_role("registration_supervisor") as supervisor:
        receive_stock(by=supervisor, kind=KIND, first=1, last=CLERKS, received_on=timezone.localdate())
    with world.as_role("registration_clerk") as clerk:
        return [add_family(clerk, serial) for serial in range(1, CLERKS + 1)]


def prepare_all(world, families) -> list[object]:
    actor = world.actor("registration_clerk")

    def prepare(family):
        def act():
            with acting(actor):
                return certificate(actor, family.mother).number

        return act

    return at_once([prepare(family) for family in families])


def test_all_clerks_get_a_form_of_their_own(committed_world, families):
    numbers = prepare_all(committed_world, families)
    assert sorted(numbers) == [f"PJ-{n:07}" for n in range(1, CLERKS + 1)]
    assert Form.objects.filter(state="reserved").count() == CLERKS


def test_the_lock_is_what_gives_each_clerk_a_form(committed_world, families, monkeypatch):
    """Without SKIP LOCKED the clerks reach for the same sheet; then the unique constraint is all that stands between them."""
    all_have_chosen = threading.Barrier(CLERKS)

    def without_lock(by, kind, whose):
        found = list(
            Form.objects.filter(whose, state="in_stock", series__kind=kind, series__organisation_id=by.organisation_id)
            .order_by("position")
            .select_related("series")[:1]
        )
        if found:
            all_have_chosen.wait(10)

        class First:
            @staticmethod
            def first():
                return found[0] if found else None

        return First

    monkeypatch.setattr(stock, "_free_forms", without_lock)
    outcomes = prepare_all(committed_world, families)
    refused = [outcome for outcome in outcomes if isinstance(outcome, IntegrityError)]
    assert len(refused) == CLERKS - 1, outcomes
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == ["PJ-0000001"]


def test_the_constraint_is_what_keeps_a_sheet_single_when_the_lock_fails(
    committed_world, families, superuser, monkeypatch
):
    """Both guards gone: the same serial in eight families' hands. This is what the two of them prevent."""
    for name in ("paper_one_on_a_form", "paper_number_once"):
        superuser.execute(f"DROP INDEX {name}")
    test_without = threading.Barrier(CLERKS)

    def without_lock(by, kind, whose):
        found = list(
            Form.objects.filter(whose, state="in_stock", series__kind=kind)
            .order_by("position")
            .select_related("series")[:1]
        )
        if found:
            test_without.wait(10)

        class First:
            @staticmethod
            def first():
                return found[0] if found else None

        return First

    monkeypatch.setattr(stock, "_free_forms", without_lock)
    assert prepare_all(committed_world, families) == ["PJ-0000001"] * CLERKS


def test_two_confirmations_at_once_issue_one_paper(committed_world, families):
    world = committed_world
    with world.as_role("registration_clerk") as clerk:
        paper = certificate(clerk, families[0].mother)

    def confirm(name: str):
        actor = world.actor(name)

        def act():
            with acting(actor):
                return confirm_paper(by=actor, paper=paper).state

        return act

    outcomes = at_once(
        [confirm("registration_supervisor"), confirm("commission_secretary"), confirm("registration_supervisor")]
    )
    assert (
        sorted(str(getattr(outcome, "code", outcome)) for outcome in outcomes)
        == ["issued"] + ["papers.paper.not_prepared"] * 2
    )


def test_two_clerks_preparing_for_one_person_make_one_paper(committed_world, families):
    actor = committed_world.actor("registration_clerk")

    def act():
        with acting(actor):
            return certificate(actor, families[0].mother).number

    outcomes = at_once([act] * 4)
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert all(isinstance(outcome, str | Problem) for outcome in outcomes)
    assert Form.objects.filter(state="reserved").count() == 1


def test_the_last_form_goes_to_one_of_many(committed_world, families):
    actor = committed_world.actor("registration_clerk")
    supervisor = committed_world.actor("registration_supervisor")
    with acting(supervisor):
        for serial in range(2, CLERKS + 1):
            stock.spoil_form(by=supervisor, serial=f"PJ-{serial:07}", outcome="lost", reason="stolen")

    def prepare(family):
        def act():
            with acting(actor):
                return certificate(actor, family.mother).number

        return act

    outcomes = at_once([prepare(family) for family in families])
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == ["PJ-0000001"]
    assert {outcome.code for outcome in outcomes if isinstance(outcome, Problem)} == {"papers.stock.empty"}


def receive_twice(world) -> list[object]:
    """One delivery, taken in by four at once."""
    actor = world.actor("registration_supervisor")

    def act():
        with acting(actor):
            return receive_stock(by=actor, kind=KIND, first=101, last=140, received_on=timezone.localdate()).first

    return at_once([act] * 4)


def test_a_delivery_is_taken_in_once(committed_world):
    outcomes = receive_twice(committed_world)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Exception)] == [101]
    assert {getattr(outcome, "code", outcome) for outcome in outcomes if outcome != 101} == {"papers.stock.overlap"}
    assert Form.objects.filter(position__gte=101).count() == 40


def test_without_one_after_the_other_the_unique_serial_is_the_last_word(committed_world, monkeypatch):
    monkeypatch.setattr(stock, "_refuse_overlap", lambda prefix, first, last: None)
    outcomes = receive_twice(committed_world)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Exception)] == [101]
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 3
    assert Form.objects.filter(position__gte=101).count() == 40


# -- the database holds it alone ---------------------------------------------------------------------------------------------


def test_the_database_refuses_a_change_of_stock_without_an_entry(committed_world, families, app_connection):
    with pytest.raises(psycopg.DatabaseError) as refusal, app_connection.transaction():
        app_connection.execute("UPDATE papers_form SET state = 'lost', reason = 'stolen' WHERE serial = 'PJ-0000001'")
    assert refusal.value.sqlstate == "PN001"
    with pytest.raises(psycopg.DatabaseError) as refusal, app_connection.transaction():
        app_connection.execute(
            "INSERT INTO papers_withdrawal (paper_id, number, state, withdrawn_on) VALUES (gen_random_uuid(), 'PJ-0000001', 'revoked', now())"
        )
    assert refusal.value.sqlstate == "PN001"


def test_the_database_shows_no_paper_without_a_context(committed_world, families, app_connection):
    with committed_world.as_role("registration_clerk") as clerk:
        certificate(clerk, families[0].mother)
    assert app_connection.execute("SELECT count(*) FROM papers_paper").fetchone() == (0,)


def test_take_form_serves_in_the_order_of_the_serials(committed_world, families):
    with committed_world.as_role("registration_clerk") as clerk:
        taken = [take_form(by=clerk, kind=KIND) for _ in range(3)]
        record(
            by=clerk,
            kind="papers.stock.tried",
            subjects=[taken[0].series_id],
            payload={},
            occurred_on=timezone.localdate(),
        )
    assert [form.serial for form in taken] == ["PJ-0000001", "PJ-0000002", "PJ-0000003"]
