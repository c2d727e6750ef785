"""Cases that an actor may see, one or many, and each as the rules see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.composed import Composed
from panoh.access.models import Member, Office
from panoh.access.operations.readings import record_reading
from panoh.access.policy import check, decide
from panoh.access.queries import in_force
from panoh.access.scope import household_scope
from panoh.kernel.calendars import ascii_digits
from panoh.kernel.problems import Problem
from panoh.papers.models import Paper
from panoh.procedures.models import AgendaItem, Case, CasePerson, Step
from panoh.procedures.policy import FILE_READERS
from panoh.procedures.queries.voters import voters_of
from panoh.procedures.rules.moves import as_seen_now, version_left
from panoh.procedures.rules.situation import Act, PersonFacts, Situation
from panoh.procedures.stops import asks_for_stops, find_stops
from panoh.registry.models import Household, Person
from panoh.rulebook.model import MOVE, Procedure


def visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases whose household is open to the actor, but for those kept from him: the same rule as the database's own.

    A confined case is seen by the organisation that runs it alone; one about an official by nobody of his office. A partner that
    gives assistance sees its own cases, and of those of others not even that they are there.
    """
    found = Case.objects.filter(household_scope(actor, "household__") | without_a_file(actor))
    if actor.organisation_kind == "partner":
        found = found.filter(organisation_id=actor.organisation_id)
    found = found.filter(Q(confined=False) | Q(organisation_id=actor.organisation_id))
    return found.exclude(hidden_from_id=actor.office_id) if actor.office_id else found


def without_a_file(actor: Actor, prefix: str = "") -> Q:
    """Cases about nobody's file: seen in the organisation that runs them, by roles whose eyes reach over the whole of it."""
    if actor.scope not in ("organisation", "office") or actor.office_ids is not None:
        return Q(pk__in=[])
    return Q(**{f"{prefix}household__isnull": True, f"{prefix}organisation_id": actor.organisation_id})


_BY_NUMBER: Composed[Case] = Composed(
    lambda actor, number: (
        visible_to(actor)
        .filter(number=number)
        .select_related("household__custodian", "organisation", "assigned_to__account", "opened_from")
    )
)


def get_case(actor: Actor, number: str) -> Case:
    """The case of this number, without a trace: for operations that leave their own. Hidden and missing look the same."""
    wanted = ascii_digits(number).strip().upper()
    case = _BY_NUMBER.first(actor, wanted)
    if case is None:
        raise Problem("procedures.case.not_found", number=wanted[:40])
    return case


def find_address(actor: Actor, number: str) -> str | None:
    """The page of the case with this number, for the search box; None where the actor sees no such case."""
    if not decide(actor, "procedures.case.read").allowed or not visible_to(actor).filter(number=number).exists():
        return None
    return reverse("case", args=[number])


def obtain_case(actor: Actor, number: str, route: str = "") -> Case:
    """The only way in for a page: fetches the case, asks whether it may be read, and notes that it was."""
    case = get_case(actor, number)
    check(actor, "procedures.case.read", case)
    if case.household_id is not None:  # who opens a case about nobody has read nobody's file
        record_reading(by=actor, household_id=case.household_id, verb="procedures.case.read", route=route)
    return case


_OF_HOUSEHOLD: Composed[Case] = Composed(
    lambda actor, household: (
        visible_to(actor).filter(household_id=household).select_related("organisation").order_by("-opened_on", "-id")
    )
)
_BESIDE: Composed[Case] = Composed(
    lambda actor, household, hearing: (
        visible_to(actor)
        .filter(Q(household_id=household) | Q(heard_with_id=hearing) | Q(pk=hearing))
        .select_related("organisation")
        .order_by("-opened_on", "-id")
    )
)
_OF_PERSON: Composed[Case] = Composed(
    lambda actor, person: (
        visible_to(actor).filter(persons__person_id=person).select_related("organisation").order_by("-opened_on", "-id")
    )
)


def list_cases_of_household(actor: Actor, household: Household) -> list[Case]:
    """The cases of a file, newest first; the household was obtained by whoever asks."""
    return _OF_HOUSEHOLD(actor, household.pk)


def list_cases_beside(actor: Actor, case: Case) -> tuple[list[Case], list[Case]]:
    """The other cases of the same file, and those that are heard together with this one, as far as the actor sees them."""
    if case.household_id is None:
        return [], []
    found = [one for one in _BESIDE(actor, case.household_id, case.hearing) if one.pk != case.pk]
    together = [one for one in found if one.hearing == case.hearing]
    return [one for one in found if one.household_id == case.household_id and one not in together], together


def list_cases_of_person(actor: Actor, person: Person) -> list[Case]:
    """The cases in which a person stands, newest first; the person was obtained by whoever asks."""
    return _OF_PERSON(actor, person.pk)


def procedure_of(case: Case) -> Procedure:
    """The version under which the case runs, whatever is in force today: that of its opening, or of its last move."""
    return rulebook.current().procedure_version(case.procedure, case.procedure_version)


def definition_at(case: Case, seq: int) -> Procedure:
    """The version under which a step was taken: an earlier one where the case was moved since."""
    definition, book = procedure_of(case), rulebook.current()
    if not book.earlier_versions(definition):
        return definition
    move = case.steps.filter(action=MOVE, seq__gte=seq).order_by("seq").first()
    return book.procedure_version(case.procedure, version_left(as_act(move))) if move else definition


def list_lines(case: Case) -> list[CasePerson]:
    """The persons of the case in the order of their lines, with their registry rows."""
    return list(case.persons.select_related("person", "listed_with").order_by("position"))


def as_act(step: Step, closed: Mapping[str, Any] | None = None, closed_persons: Mapping[str, Any] | None = None) -> Act:
    """A step as the rules see it; closed answers are added where the reader may read them."""
    persons: dict[UUID, dict[str, Any]] = {UUID(key): dict(value) for key, value in step.persons.items()}
    for key, value in (closed_persons or {}).items():
        persons.setdefault(UUID(key), {}).update(value)
    return Act(
        seq=step.seq,
        action=step.action,
        occurred_on=step.occurred_on,
        member=step.by_id,
        from_state=step.from_state,
        to_state=step.to_state,
        facts={**step.facts, **(closed or {})},
        persons=persons,
    )


def past_of(definition: Procedure, acts: Iterable[Act]) -> tuple[Act, ...]:
    """What was done in a case, in the words of the version it is under now."""
    return as_seen_now(definition, tuple(acts), rulebook.current())


def names_of(person: Person) -> list[Any]:
    """A person's names, the one she goes by first; prefetched by whoever shows many."""
    return sorted(person.names.all(), key=lambda name: (not name.is_primary, name.role, name.pk))


def as_person_facts(line: CasePerson) -> PersonFacts:
    return PersonFacts(
        person_id=line.person_id,
        position=line.position,
        birth=line.person.birth,
        own_line=line.own_line,
        listed_with=line.listed_with.person_id if line.listed_with_id else None,
        outcome=line.outcome,
    )


def situation_of(
    case: Case,
    today: date,
    *,
    steps: Iterable[Step] | None = None,
    lines: Iterable[CasePerson] | None = None,
    in_sitting: str | None = None,
) -> Situation:
    """The case as it stands, for the rules. Only what the rules ask is read."""
    procedure = procedure_of(case)
    lines = list_lines(case) if lines is None else list(lines)
    steps = case.steps.order_by("seq") if steps is None else steps
    dues = case.dues.filter(stopped_on__isnull=True).values_list("clock", "due_on")
    acts = past_of(procedure, (as_act(step) for step in steps))
    return Situation(
        procedure=procedure,
        track=case.track,
        state=case.state,
        opened_on=case.opened_on,
        today=today,
        acts=acts,
        persons=tuple(as_person_facts(line) for line in lines),
        in_sitting=in_sitting,
        open_elsewhere=open_elsewhere([line.person_id for line in lines], but=case.pk)
        if asks_for_open_cases(procedure)
        else frozenset(),
        clock_ends=dict(dues),
        papers=frozenset(papers_issued(case.pk)) if asks_for_papers(procedure) else frozenset(),
        stops=stops_of_case(case, [line.person for line in lines], today),
        voters=voters_of(case, procedure, acts),
        waits_for_sitting=bool(procedure.sittings)
        and AgendaItem.objects.filter(case=case, outcome=AgendaItem.WAITING).exists(),
    )


def stops_of_case(case: Case, persons: list[Person], today: date) -> Mapping[str, date]:
    """What stands against going on with the case, as other rooms know it; asked only where an act rests on it."""
    return find_stops(case.household, persons, today) if case.household and asks_for_stops(procedure_of(case)) else {}


def asks_for_open_cases(procedure: Procedure) -> bool:
    """Whether any act of the procedure has a guard that looks at other cases; else the question is not put."""
    return any(guard.name == "no_open_case" for action in procedure.actions.values() for guard in action.guards)


def asks_for_papers(procedure: Procedure) -> bool:
    """Whether any act of the procedure rests on a paper."""
    return any(guard.name == "paper_issued" for action in procedure.actions.values() for guard in action.guards)


def papers_issued(case_id: UUID) -> dict[str, date]:
    """Kinds of paper that were issued in the case, each with its first day, whatever became of them since."""
    found: dict[str, date] = {}
    issued = Paper.objects.filter(case_id=case_id, issued_on__isnull=False).order_by("issued_on")
    for kind, on in issued.values_list("kind", "issued_on"):
        found.setdefault(kind, on)
    return found


def open_elsewhere(persons: Iterable[UUID], but: UUID | None = None) -> frozenset[tuple[str, str]]:
    """Procedure and track of the open cases in which these persons stand."""
    found = (
        CasePerson.objects.filter(person_id__in=list(persons), open_slot__isnull=False)
        .exclude(case_id=but)
        .values_list("case__procedure", "case__track")
    )
    return frozenset(found)


def list_colleagues(organisation_id: UUID, on: date) -> QuerySet[Member]:
    """Members of the organisation on a day who read files: who can be named in a form."""
    return (
        Member.objects.filter(in_force(on), organisation_id=organisation_id, role__in=FILE_READERS)
        .select_related("account", "office")
        .order_by("account__name", "id")
    )


def is_colleague(organisation_id: UUID, on: date, member: UUID) -> bool:
    return list_colleagues(organisation_id, on).filter(pk=member).exists()


def list_offices(on: date) -> QuerySet[Office]:
    """Offices that a form can name, of every organisation, on a day."""
    return Office.objects.filter(in_force(on)).select_related("organisation").order_by("organisation__code", "code")


def is_office(office: UUID, on: date) -> bool:
    return list_offices(on).filter(pk=office).exists()


def count_by_state(actor: Actor, procedure: str) -> dict[str, int]:
    """How many cases stand in each state, as far as the actor sees them."""
    rows = visible_to(actor).filter(procedure=procedure).values_list("state").annotate(many=Count("id"))
    return dict(rows.order_by())
