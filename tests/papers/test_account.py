"""Whatever is done with forms and papers, in whatever order: the account of the stock comes out."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panoh.kernel.problems import Problem
from panoh.papers import queries, rules
from panoh.papers.models import Form, Paper
from panoh.papers.operations import confirm_paper, receive_stock, refuse_paper, replace_paper, revoke_paper, spoil_form
from tests.papers.conftest import add_family, certificate

KIND = "ASYLUM_SEEKER_CERTIFICATE"
ACTS = ("prepare", "confirm", "refuse", "replace", "revoke", "spoil", "lose", "receive")


class RolledBack(Exception):
    """Ends an example without a trace."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9)), max_size=25))
def test_any_order_of_acts_leaves_a_balanced_account(world, acts):
    clerk, supervisor = world.actor("registration_clerk"), world.actor("registration_supervisor")
    try:
        with transaction.atomic():
            with world.as_role("registration_supervisor"):
                receive_stock(by=supervisor, kind=KIND, first=1, last=4, received_on=timezone.localdate())
            with world.as_role("registration_clerk"):
                mothers = [add_family(clerk, serial).mother for serial in (1, 2, 3)]
            for name, number in acts:
                with world.as_role(
                    "registration_clerk" if name in ("prepare", "replace") else "registration_supervisor"
                ):
                    attempt(name, number, clerk, supervisor, mothers)
                    check_account(supervisor)
            raise RolledBack
    except RolledBack:
        pass


def attempt(name: str, number: int, clerk, supervisor, mothers) -> None:
    """One act on something that may or may not be in a state for it; a refusal changes nothing."""
    papers = list(Paper.objects.order_by("prepared_at", "id"))
    paper = papers[number % len(papers)] if papers else None
    serial = f"PJ-{number + 1:07}"
    try:
        with transaction.atomic():
            if name == "prepare":
                certificate(clerk, mothers[number % 3])
            elif name == "spoil":
                spoil_form(by=supervisor, serial=serial, outcome="spoiled", reason="wet")
            elif name == "lose":
                spoil_form(by=supervisor, serial=serial, outcome="lost", reason="stolen")
            elif name == "receive":
                receive_stock(
                    by=supervisor, kind=KIND, first=5 + number, last=6 + number, received_on=timezone.localdate()
                )
            elif paper is None:
                return
            elif name == "confirm":
                confirm_paper(by=supervisor, paper=paper)
            elif name == "refuse":
                refuse_paper(by=supervisor, paper=paper, reason="photo")
            elif name == "replace":
                replace_paper(by=clerk, paper=paper, reason="spoiled" if number % 2 else "lost")
            elif name == "revoke":
                revoke_paper(by=supervisor, paper=paper, reason="fraud")
    except Problem as refusal:
        assert refusal.code.startswith("papers."), refusal


def check_account(supervisor) -> None:
    lines = queries.stock_account(supervisor)
    assert all(line.balanced for line in lines)
    (total,) = queries.totals(lines)
    sheets = Counter(Form.objects.values_list("state", flat=True))
    assert total.on_hand == sheets["in_stock"] + sheets["reserved"]
    # Each sheet that is out or reserved belongs to exactly one paper, and no person holds two of a kind.
    papers = list(Paper.objects.exclude(state="refused"))
    assert len({paper.form_id for paper in papers}) == len(papers)
    assert sheets["reserved"] == sum(paper.state == "prepared" for paper in papers)
    for state in ("prepared", "issued"):
        holders = [paper.person_id for paper in papers if paper.state == state]
        assert len(holders) == len(set(holders))


@given(
    received=st.integers(0, 10**6),
    issued=st.integers(0, 10**6),
    spoiled=st.integers(0, 10**6),
    lost=st.integers(0, 10**6),
)
def test_on_hand_is_what_is_left(received, issued, spoiled, lost):
    assert (
        rules.on_hand(received=received, issued=issued, spoiled=spoiled, lost=lost) + issued + spoiled + lost
        == received
    )
