"""Papers that acts have asked for, and which of them were made out since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from panoh.access.actor import Actor
from panoh.access.composed import Composed
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.papers.models import REFUSED, Paper
from panoh.procedures.models import Case, PaperOrder
from panoh.procedures.queries.cases import definition_at
from panoh.rulebook.letter import Letter


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order, and the paper that was made out for it if there is one."""

    order: PaperOrder
    paper: Paper | None
    letter: Letter | None = None
    """What the rulebook says of it, where it is one of the procedure's own letters."""


_ORDERS: Composed[PaperOrder] = Composed(
    lambda case: (
        PaperOrder.objects.filter(case_id=case)
        .select_related("person", "step")
        .prefetch_related("person__names")
        .order_by("ordered_at", "id")
    )
)
_PAPERS: Composed[Paper] = Composed(
    lambda case: Paper.objects.filter(case_id=case).exclude(state=REFUSED).order_by("prepared_at", "id")
)


def list_orders(case: Case) -> list[OrderLine]:
    """Each order takes the first paper of its kind for its person that was prepared after it."""
    orders, papers = _ORDERS(case.pk), _PAPERS(case.pk)
    return [OrderLine(order, _taken(order, papers), _letter(case, order)) for order in orders]


def _letter(case: Case, order: PaperOrder) -> Letter | None:
    return definition_at(case, order.step.seq).letters.get(order.letter) if order.letter else None


def _taken(order: PaperOrder, papers: list[Paper]) -> Paper | None:
    for paper in papers:
        same = (paper.person_id, paper.kind) == (order.person_id, order.kind)
        same = same and paper.content.get("facts", {}).get("letter", "") == order.letter
        if same and paper.prepared_at >= order.ordered_at:
            papers.remove(paper)
            return paper
    return None


def get_order(case: Case, order_id: object) -> PaperOrder:
    found = (
        case.paper_orders.select_related("person__household", "step")
        .prefetch_related("person__names")
        .filter(pk=order_id)
        .first()
    )
    if found is None:
        raise Problem("procedures.paper.no_order")
    return found


def may_prepare(actor: Actor, case: Case) -> bool:
    return case.household is not None and decide(actor, "papers.paper.prepare", case.household).allowed


def prints_letters(actor: Actor, case: Case) -> bool:
    """Whether the case's own letters are printed from its page: where it is confined, or run by people who make out no papers."""
    return case.confined or (case.organisation_id == actor.organisation_id and not may_prepare(actor, case))


def holders_of(order: PaperOrder) -> Sequence[object]:
    """Those listed in the person's line: they are written into her certificate."""
    lines = order.case.persons.filter(listed_with__person_id=order.person_id).select_related("person")
    return [
        line.person
        for line in lines.prefetch_related("person__names").order_by("position")
        if line.person.status == "open"
    ]
