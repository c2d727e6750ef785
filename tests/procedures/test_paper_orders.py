"""Papers that acts ask for: ordered with the step, made out when a form is at hand, once."""

from __future__ import annotations

import pytest

from panoh.papers.models import Paper
from panoh.procedures.models import PaperOrder
from panoh.procedures.operations.paper_orders import prepare_ordered_paper
from panoh.procedures.queries.paper_orders import list_orders
from panoh.rulebook import current
from panoh.rulebook.workdays import add_months
from tests.procedures.stories import refused


@pytest.fixture
def refused_registration(story):
    story.open("asylum", "government", "registration_clerk")
    story.take("refuse_registration", "registration_supervisor", reasoning="No claim was made.")
    return story


def test_lodging_orders_a_certificate_for_each_adult_as_long_as_the_law_says(story):
    story.open("asylum", "government", "registration_clerk")
    with story.acting("registration_supervisor"):
        orders = list(PaperOrder.objects.filter(case=story.case))
        adults = story.case.persons.filter(own_line=True).count()
        amount = current().value("asylum.certificate_validity", story.today()).amount
    assert len(orders) == adults == 3
    if amount.unit == "months":
        assert {order.valid_until for order in orders} == {add_months(story.today(), amount.amount)}


def test_a_letter_is_made_out_with_what_was_decided_and_only_once(refused_registration):
    story = refused_registration
    with story.acting("registration_supervisor") as supervisor:
        order = PaperOrder.objects.select_related("person__household", "step", "case").get(kind="DECISION_LETTER")
        paper = prepare_ordered_paper(by=supervisor, order=order, language="prs")
        assert (paper.case_id, paper.kind) == (story.case.pk, "DECISION_LETTER")
        assert paper.content["facts"]["case_number"] == story.case.number
        assert len(paper.content["facts"]["outcomes"]) == 5
        with refused("procedures.paper.already_made"):
            prepare_ordered_paper(by=supervisor, order=order, language="prs")
        assert Paper.objects.count() == 1
        taken = {line.order.kind: line.paper for line in list_orders(story.case) if line.paper}
        assert taken == {"DECISION_LETTER": paper}


def test_without_a_form_in_stock_the_decision_stands_and_the_paper_waits(story):
    story.open("asylum", "government", "registration_clerk")
    with story.acting("registration_supervisor") as supervisor:
        order = PaperOrder.objects.select_related("person__household", "step", "case").filter(case=story.case).first()
        with refused("papers.stock.empty"):
            prepare_ordered_paper(by=supervisor, order=order, language="prs")
        assert story.case.state == "lodged"
