"""Making out a paper that an act has asked for, with what the case knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.papers.content import outcome_facts, paper_content
from panoh.papers.kinds import get_kind
from panoh.papers.models import Paper
from panoh.papers.operations import prepare_paper
from panoh.papers.rendering import render_pdf
from panoh.papers.sources import source_lines
from panoh.procedures.letters import own_letter_facts
from panoh.procedures.models import Case, CasePerson, PaperOrder, Step
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.steps import lock_case
from panoh.procedures.queries.cases import definition_at, procedure_of
from panoh.procedures.queries.paper_orders import holders_of, list_orders
from panoh.rulebook.model import Procedure, Titles


@transaction.atomic
def prepare_ordered_paper(*, by: Actor, order: PaperOrder, language: str) -> Paper:
    """The paper of an order, made out in the room of papers, which asks its own questions (stock, photo, age)."""
    case = lock_case(order.case)
    if case.confined:
        raise Problem("procedures.paper.printed_here")
    policy.check(by, "papers.paper.prepare", order.person)
    line = next(one for one in list_orders(case) if one.order.pk == order.pk)
    if line.paper is not None:
        raise Problem("procedures.paper.already_made", number=line.paper.number)
    accountable = get_kind(order.kind).accountable
    return prepare_paper(
        by=by,
        kind=order.kind,
        person=order.person,
        holders=holders_of(order) if accountable else (),
        facts=None if accountable else facts_of(order, case, by),
        language=language,
        valid_from=order.valid_from,
        valid_until=order.valid_until or order.valid_from,
        case_id=case.pk,
        correlation_id=order.step.entry_id,
    )


def facts_of(order: PaperOrder, case: Case, by: Actor) -> dict[str, Any]:
    """What is printed on the letter of an order, one of the procedure's own or a decision with its outcomes, and the sources it rests on."""
    sources = source_lines(by, "case", case.number)
    if not order.letter:
        return letter_facts(case, order.step) | {"sources": sources}
    definition = definition_at(case, order.step.seq)
    return own_letter_facts(
        letter=definition.letters[order.letter],
        action=definition.actions[order.step.action],
        case_number=case.number,
        on=order.step.occurred_on,
        until=_right_ends_on(case),
        answers=order.step.facts,
        provisions=list(order.step.legal_basis),
        book=current_book(),
    ) | {"of_state": case.organisation.kind == "authority", "sources": sources}


def print_letter(order: PaperOrder, case: Case, language: str, *, by: Actor) -> bytes:
    """A letter of a confined case as a sheet: numbered by its case and step, without a square, and kept nowhere else."""
    book = current_book()
    if language not in book.country.languages:
        language = book.country.official_language
    kind = get_kind(order.kind)
    content = paper_content(
        template=kind.template,
        title=kind.titles,
        person=order.person,
        members=(),
        authority=case.organisation.titles,
        language=language,
        valid_from=order.valid_from,
        valid_until=None,
        facts=facts_of(order, case, by),
    )
    sheet = {**content, "serial": f"{case.number}/{order.step.seq}", "qr": None, "photo": None, "draft": None}
    return render_pdf(kind.template, sheet, made_at=order.ordered_at)


def letter_facts(case: Case, step: Step) -> dict[str, Any]:
    """What a letter about a step says: outcomes and grounds as decided in it, reasons, law, and the day to appeal until."""
    definition = definition_at(case, step.seq)
    lines = case.persons.select_related("person").prefetch_related("person__names").order_by("position")
    return outcome_facts(
        case_number=case.number,
        decided_on=step.occurred_on,
        outcomes=[_outcome(definition, step, line) for line in lines],
        reasons=_reasons(step),
        provisions=list(step.legal_basis),
        appeal_until=_right_ends_on(case),
    )


def _outcome(definition: Procedure, step: Step, line: CasePerson) -> tuple[Any, Mapping[str, str], Mapping[str, str]]:
    """The outcome as this step decided it; where it decided none for a person, what became of the case."""
    book = current_book()
    about = step.persons.get(str(line.person_id), {})
    outcome = about.get(definition.outcome_field or "")
    titles: Titles = (
        definition.outcomes[outcome] if outcome in definition.outcomes else definition.states[step.to_state].titles
    )
    field = next(
        (one for one in definition.actions[step.action].per_person if one.name == definition.grounds_field), None
    )
    codes = about.get(definition.grounds_field or "") or ()
    listed = book.codes[field.code_list] if field and field.code_list else {}
    grounds = [listed[code].titles for code in codes if code in listed]
    return line.person, titles, _joined(grounds)


def _joined(titles: list[Titles]) -> dict[str, str]:
    if not titles:
        return {"en": ""}
    return {language: ", ".join(one[language] for one in titles) for language in titles[0]}


def _reasons(step: Step) -> dict[str, str]:
    """The reasons as written with the step, where the reader may read them: they are in the official language."""
    narrative = getattr(step, "stepnarrative", None)
    text = "\n\n".join(str(value) for value in narrative.facts.values()) if narrative else ""
    return {current_book().country.official_language: text}


def _right_ends_on(case: Case) -> date | None:
    """The last day of a right of the applicant that is open, if any: the day until which she can appeal."""
    rights = [clock.code for clock in procedure_of(case).clocks_of(case.track) if clock.bound == "applicant"]
    return (
        case.dues.filter(clock__in=rights, stopped_on__isnull=True, due_on__isnull=False)
        .order_by("due_on")
        .values_list("due_on", flat=True)
        .first()
    )
