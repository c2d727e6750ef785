"""The strict account of forms: what comes in is issued, spoiled, lost or there."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from panoh.kernel.problems import Problem
from panoh.papers import queries
from panoh.papers.models import Form, Series
from panoh.papers.operations import confirm_paper, receive_stock, refuse_paper, replace_paper, spoil_form
from tests.papers.conftest import add_family, certificate

KIND = "ASYLUM_SEEKER_CERTIFICATE"


def account(world):
    with world.as_role("registration_supervisor") as supervisor:
        (line,) = queries.totals(queries.stock_account(supervisor))
        assert line.balanced
        return line


def test_receive_stock_takes_in_each_sheet(world, stock):
    assert list(Form.objects.order_by("position").values_list("serial", flat=True))[:2] == ["PJ-0000001", "PJ-0000002"]
    assert account(world).on_hand == 10


def test_receive_stock_refuses_a_serial_twice(world, stock):
    with world.as_role("registration_supervisor") as supervisor:
        with pytest.raises(Problem, match=r"papers\.stock\.overlap"):
            receive_stock(by=supervisor, kind=KIND, first=10, last=20, received_on=timezone.localdate())
        receive_stock(by=supervisor, kind=KIND, first=11, last=20, received_on=timezone.localdate())
    assert account(world).received == 20


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"first": 5, "last": 4}, "papers.stock.range"),
        ({"first": 0, "last": 4}, "papers.stock.range"),
        ({"first": 1, "last": 50_000}, "papers.stock.range"),
        ({"received_on": date(2999, 1, 1)}, "papers.stock.in_future"),
        ({"kind": "DECISION_LETTER"}, "papers.stock.not_accountable"),
        ({"kind": "TAZKIRA"}, "papers.kind.unknown"),
        ({}, None),
    ],
)
def test_receive_stock_refuses_what_is_no_delivery(world, changes, code):
    given = {"kind": KIND, "first": 1, "last": 3, "received_on": timezone.localdate(), **changes}
    with world.as_role("registration_supervisor") as supervisor:
        if code is None:
            receive_stock(by=supervisor, **given)
            return
        with pytest.raises(Problem) as refusal:
            receive_stock(by=supervisor, **given)
    assert refusal.value.code == code


def test_receive_stock_refuses_a_role_that_keeps_no_stock(world):
    given = {"kind": KIND, "first": 1, "last": 3, "received_on": timezone.localdate()}
    with world.as_role("registration_clerk") as clerk, pytest.raises(Problem, match=r"access\.verb\.refused_role"):
        receive_stock(by=clerk, **given)
    with world.as_role("registration_supervisor") as supervisor:
        receive_stock(by=supervisor, **given)


def test_the_account_follows_every_sheet(world, family, stock):
    with world.as_role("registration_clerk") as clerk:
        first = certificate(clerk, family.mother)
    line = account(world)
    assert (line.on_hand, line.reserved, line.issued) == (10, 1, 0)
    with world.as_role("registration_supervisor") as supervisor:
        confirm_paper(by=supervisor, paper=first)
        spoil_form(by=supervisor, serial="PJ-0000002", outcome="spoiled", reason="wet")
        spoil_form(by=supervisor, serial=" pj-0000003 ", outcome="lost", reason="missing_at_count")
    line = account(world)
    assert (line.received, line.issued, line.spoiled, line.lost, line.on_hand) == (10, 1, 1, 1, 7)


def test_a_sent_back_paper_returns_its_form(world, family, stock):
    with world.as_role("registration_clerk") as clerk:
        paper = certificate(clerk, family.mother)
    with world.as_role("registration_supervisor") as supervisor:
        refuse_paper(by=supervisor, paper=paper, reason="wrong_data")
    assert account(world).reserved == 0
    with world.as_role("registration_clerk") as clerk:
        again = certificate(clerk, family.mother)
    assert again.number == paper.number
    assert again.pk != paper.pk


def test_a_form_spoiled_while_a_paper_waits_is_followed_by_the_next(world, family, stock):
    with world.as_role("registration_clerk") as clerk:
        paper = certificate(clerk, family.mother)
    with world.as_role("registration_supervisor") as supervisor:
        spoil_form(by=supervisor, serial=paper.number, outcome="spoiled", reason="damaged")
        paper.refresh_from_db()
        assert paper.number == "PJ-0000002"
        issued = confirm_paper(by=supervisor, paper=paper)
    assert issued.content["serial"] == "PJ-0000002"
    assert account(world).on_hand == 8


def test_a_misprint_found_after_issue_counts_as_spoiled(world, family, stock):
    with world.as_role("registration_clerk") as clerk:
        paper = certificate(clerk, family.mother)
    with world.as_role("registration_supervisor") as supervisor:
        paper = confirm_paper(by=supervisor, paper=paper)
    with world.as_role("registration_clerk") as clerk:
        new = replace_paper(by=clerk, paper=paper, reason="spoiled")
    with world.as_role("registration_supervisor") as supervisor:
        confirm_paper(by=supervisor, paper=new)
    line = account(world)
    assert (line.issued, line.spoiled, line.on_hand) == (1, 1, 8)


@pytest.mark.parametrize("outcome", ["spoiled", "lost"])
def test_spoil_form_refuses_what_has_left_the_stock(world, family, stock, outcome):
    reason = {"spoiled": "wet", "lost": "stolen"}[outcome]
    with world.as_role("registration_supervisor") as supervisor:
        spoil_form(by=supervisor, serial="PJ-0000005", outcome=outcome, reason=reason)
        with pytest.raises(Problem, match=r"papers\.form\.gone"):
            spoil_form(by=supervisor, serial="PJ-0000005", outcome=outcome, reason=reason)
        with pytest.raises(Problem, match=r"papers\.form\.not_found"):
            spoil_form(by=supervisor, serial="PJ-9999999", outcome=outcome, reason=reason)
        with pytest.raises(Problem, match=r"papers\.reason\.missing"):
            spoil_form(by=supervisor, serial="PJ-0000006", outcome=outcome, reason="because")


def test_an_empty_stock_is_told_and_nothing_is_half_done(world, family):
    with world.as_role("registration_supervisor") as supervisor:
        receive_stock(by=supervisor, kind=KIND, first=1, last=1, received_on=timezone.localdate())
    with world.as_role("registration_clerk") as clerk:
        other = add_family(clerk, serial=2)
        certificate(clerk, family.mother)
        with pytest.raises(Problem, match=r"papers\.stock\.empty"), transaction.atomic():
            certificate(clerk, other.mother)
        assert not queries.visible_to(clerk).filter(person=other.mother).exists()


def test_an_office_uses_its_own_delivery_first_and_never_that_of_another(world, family):
    today = timezone.localdate()
    with world.as_role("registration_supervisor") as supervisor:
        receive_stock(
            by=supervisor,
            kind=KIND,
            first=1,
            last=2,
            received_on=today - timedelta(days=9),
            office_id=world.offices["vahdat"].pk,
        )
        receive_stock(by=supervisor, kind=KIND, first=11, last=12, received_on=today - timedelta(days=8))
        receive_stock(
            by=supervisor, kind=KIND, first=21, last=21, received_on=today, office_id=world.offices["panji_poyon"].pk
        )
    with world.as_role("registration_clerk") as clerk:
        taken = [certificate(clerk, add_family(clerk, serial).mother).number for serial in (2, 3, 4)]
        assert taken == ["PJ-0000021", "PJ-0000011", "PJ-0000012"]
        with pytest.raises(Problem, match=r"papers\.stock\.empty"):
            certificate(clerk, family.mother)


# -- the database's own guards --------------------------------------------------------------------------------------------------


def test_the_database_lets_a_sheet_leave_only_once(world, stock):
    with world.as_role("registration_supervisor") as supervisor:
        spoil_form(by=supervisor, serial="PJ-0000001", outcome="lost", reason="stolen")
    with pytest.raises(DatabaseError, match="left the stock"), transaction.atomic():
        Form.objects.filter(serial="PJ-0000001").update(state="in_stock")
    with pytest.raises(DatabaseError, match="nothing is removed"), transaction.atomic():
        Form.objects.filter(serial="PJ-0000002").delete()


def test_the_database_refuses_the_same_serial_twice(world, stock):
    with pytest.raises(IntegrityError), transaction.atomic():
        Form.objects.create(
            series=Series.objects.get(), serial="PJ-0000001", position=1, changed_on=timezone.localdate()
        )
