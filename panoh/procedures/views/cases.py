"""The page of a case, the form of an act, opening a case, and what hangs on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh import rulebook
from panoh.access.answers import refuse
from panoh.access.models import Member, Office
from panoh.access.pages import page
from panoh.access.policy import check, decide
from panoh.kernel.problems import Problem
from panoh.ledger.operations import sign_receipt
from panoh.ledger.queries import get_entry
from panoh.procedures.forms import ActionForm, PersonsForm, read_day, typed
from panoh.procedures.models import Step, StepFile
from panoh.procedures.operations.cases import open_case
from panoh.procedures.operations.paper_orders import prepare_ordered_paper, print_letter
from panoh.procedures.operations.safeguards import answer_safeguard
from panoh.procedures.operations.steps import take_step
from panoh.procedures.policy import late_entry_verb
from panoh.procedures.queries.case_page import read_case_page
from panoh.procedures.queries.cases import (
    list_cases_of_household,
    obtain_case,
    procedure_of,
    situation_of,
)
from panoh.procedures.queries.history import members_named, offices_named
from panoh.procedures.queries.late_permits import list_waiting_permits
from panoh.procedures.queries.openings import list_openings
from panoh.procedures.queries.paper_orders import get_order, may_prepare, prints_letters
from panoh.procedures.rules.actions import check_possible
from panoh.procedures.rules.recording import first_day_to_record
from panoh.procedures.rules.safeguards import ANSWERS
from panoh.procedures.views.naming import colleagues_for, offices_for
from panoh.registry.queries import obtain_household
from panoh.rulebook.model import MOVE, Action


@page("procedures.case.read")
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Where the case stands, what is due and why that day, what can be done, and all that was done."""
    found = obtain_case(request.actor, number, request.path)
    shown = read_case_page(request.actor, found, timezone.localdate())
    members = Member.objects.filter(pk__in=members_named(shown.history)).select_related("account")
    done = next((line for line in shown.history if str(line.step.seq) == request.GET.get("done")), None)
    return render(
        request,
        "procedures/case.html",
        {
            "page": shown,
            "case": found,
            "members": {str(member.pk): member.account.name for member in members},
            "offices": {
                str(office.pk): office for office in Office.objects.filter(pk__in=offices_named(shown.history))
            },
            "done": done,
            "receipt": _receipt(found, done.step) if done and done.has_receipt else None,
            "may_make_code": found.household is None and _may_make_code(request.actor, found),
            "may_answer": decide(request.actor, "procedures.safeguard.answer", found).allowed,
            "may_move": shown.prospect is not None
            and decide(request.actor, shown.prospect.later.verb(MOVE), found).allowed,
            "may_allow_late": found.closed_on is None
            and found.household is not None
            and decide(request.actor, late_entry_verb(found.procedure), found).allowed,
            "may_prepare": may_prepare(request.actor, found),
            "prints_letters": prints_letters(request.actor, found),
            "may_open_entries": may_open_entries(request.actor),
            "may_print": found.household is not None
            and decide(request.actor, "papers.receipt.print", found.household).allowed,
        },
    )


def may_open_entries(actor: Any) -> bool:
    """The pages of the ledger stand a storey above; whether there are any, and for whom, is asked of the list of verbs."""
    try:
        return decide(actor, "ledger.entry.read").allowed
    except KeyError:
        return False


def _may_make_code(actor: Any, found: Any) -> bool:
    """The code with which somebody follows a case stands a storey above; for a family it is made on the household's page."""
    try:
        return decide(actor, "inquiry.code.make", found).allowed
    except KeyError:
        return False


def _receipt(found: Any, step: Step) -> dict[str, Any]:
    entry = get_entry(step.entry_id)
    return {"entry": entry, "signed": sign_receipt(entry, number=(found.household or found).number)}


@page("procedures.case.act")
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """The form of one act, made from the rulebook; everything typed is kept when it comes back."""
    actor, today = request.actor, timezone.localdate()
    found = obtain_case(actor, number, request.path)
    definition = procedure_of(found)
    wanted = definition.actions.get(action)
    if wanted is None:
        raise Problem("procedures.step.unknown_action", action=action[:60])
    check(actor, definition.verb(action), found)
    lines = list(
        found.persons.select_related("person", "listed_with").prefetch_related("person__names").order_by("position")
    )
    form = _form(request, wanted, found, lines)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                step = take_step(
                    by=actor,
                    case=found,
                    action=action,
                    facts=form.facts(),
                    persons_facts=form.persons_facts(),
                    occurred_on=form.day(),
                    expected_version=form.expected_version(),
                    submission_id=form.submission_id(),
                )
            except Problem as problem:
                status = refuse(form, problem)
                if problem.code == "procedures.case.changed_meanwhile":
                    # The page now shows what was done; sending it again is a decision of its own.
                    form.data = form.data.copy()
                    form.data["version"] = str(problem.params["now"])
            else:
                return redirect(f"{reverse('case', args=[found.number])}?done={step.seq}")
    else:
        # Nobody fills in what will be refused: the reason stands where the form would.
        check_possible(
            situation_of(found, today, lines=lines), wanted, role=actor.role, member=actor.member_id, occurred_on=today
        )
    return render(
        request,
        "procedures/act.html",
        {
            "case": found,
            "definition": definition,
            "action": wanted,
            "form": form,
            "last": found.steps.order_by("-seq").first(),
            "first": first_day_to_record(wanted, today, rulebook.current()),
            "permits": [one for one in list_waiting_permits(found.household_id, found) if one.action == action],
        },
        status=status,
    )


def _form(request: HttpRequest, action: Action, found: Any, lines: list[Any]) -> ActionForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return ActionForm(
        *sent,
        action=action,
        book=rulebook.current(),
        language=request.actor.language,
        lines=lines,
        colleagues=colleagues_for((*action.form, *action.per_person), found.organisation_id),
        offices=offices_for((*action.form, *action.per_person), request.actor.language),
        on=timezone.localdate(),
        version=found.version,
    )


@page("procedures.case.act")
@require_GET
def case_choose(request: HttpRequest, household: str) -> HttpResponse:
    """All cases that can be opened for a household, each with what its procedure is for."""
    file = obtain_household(request.actor, household, route=request.path)
    openings = list_openings(request.actor, file, list_cases_of_household(request.actor, file))
    return render(request, "procedures/case_choose.html", {"household": file, "openings": openings})


@page("procedures.case.act")
@require_http_methods(["GET", "POST"])
def case_open(request: HttpRequest, household: str, procedure: str, track: str) -> HttpResponse:
    """Opening a case for a household: who is in it, and the form of the act that it begins with."""
    actor, today = request.actor, timezone.localdate()
    file = obtain_household(actor, household, route=request.path)
    book = rulebook.current()
    if procedure not in book.procedures:
        raise Problem("procedures.case.unknown_procedure")
    definition = book.procedure(procedure, today)
    way = definition.tracks.get(track)
    if way is None:
        raise Problem("procedures.case.unknown_procedure")
    check(actor, definition.verb(way.opens_with), file)
    action = definition.actions[way.opens_with]
    persons = list(file.persons.filter(status="open").prefetch_related("names").order_by("id"))
    choices = [(str(person.pk), _name_of(person)) for person in persons]
    sent = request.POST if request.method == "POST" else None
    who = PersonsForm(sent, choices=choices, one_only=definition.subject == "person")
    files = (request.POST, request.FILES) if request.method == "POST" else ()
    colleagues = colleagues_for((*action.form, *action.per_person), actor.organisation_id)
    offices = offices_for((*action.form, *action.per_person), actor.language)
    form = ActionForm(
        *files, action=action, book=book, language=actor.language, on=today, colleagues=colleagues, offices=offices
    )
    status = 200
    if request.method == "POST":
        status = 422
        if who.is_valid() and form.is_valid():
            try:
                step = open_case(
                    by=actor,
                    procedure=procedure,
                    track=track,
                    household=file,
                    persons=who.chosen(),
                    facts=form.facts(),
                    occurred_on=form.day(),
                    submission_id=form.submission_id(),
                )
            except Problem as problem:
                at_who = [one for one in problem.each() if one.field == "persons"]
                status = refuse(who if at_who else form, problem)
            else:
                return redirect(f"{reverse('case', args=[step.case.number])}?done={step.seq}")
    return render(
        request,
        "procedures/case_open.html",
        {
            "household": file,
            "definition": definition,
            "track": way,
            "action": action,
            "form": form,
            "who": who,
            "first": first_day_to_record(action, today, book),
            "permits": [one for one in list_waiting_permits(file.pk, None) if one.action == action.code],
            "may_allow_late": decide(actor, late_entry_verb(definition.code), file).allowed,
        },
        status=status,
    )


@page("procedures.case.act")
@require_http_methods(["GET", "POST"])
def case_open_without_file(request: HttpRequest, procedure: str, track: str) -> HttpResponse:
    """Opening a case about nobody's file: what came without a name, and the form of the act that it begins with."""
    actor, today = request.actor, timezone.localdate()
    book = rulebook.current()
    if procedure not in book.procedures:
        raise Problem("procedures.case.unknown_procedure")
    definition = book.procedure(procedure, today)
    way = definition.tracks.get(track)
    if way is None or definition.subject_of(track) != "none":
        raise Problem("procedures.case.unknown_procedure")
    check(actor, definition.verb(way.opens_with))
    action = definition.actions[way.opens_with]
    form = ActionForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()), action=action, book=book,
        language=actor.language, on=today, colleagues=colleagues_for((*action.form, *action.per_person), actor.organisation_id),
        offices=offices_for((*action.form, *action.per_person), actor.language),
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                step = open_case(
                    by=actor, procedure=procedure, track=track, household=None, persons=[], facts=form.facts(),
                    occurred_on=form.day(), submission_id=form.submission_id(),
                )  # fmt: skip
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect(f"{reverse('case', args=[step.case.number])}?done={step.seq}")
    context = {
        "definition": definition, "track": way, "action": action, "form": form,
        "first": first_day_to_record(action, today, book),
    }  # fmt: skip
    return render(request, "procedures/case_open_without_file.html", context, status=status)


def _name_of(person: Any) -> str:
    names = sorted(person.names.all(), key=lambda name: (not name.is_primary, name.role, name.pk))
    return f"{names[0].as_person_name().display()} · {person.number}" if names else person.number


@page("procedures.safeguard.answer")
@require_http_methods(["GET", "POST"])
def safeguard(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """What a monitor saw or was told of one safeguard."""
    found = obtain_case(request.actor, number, request.path)
    defined = procedure_of(found).safeguards.get(code)
    if defined is None:
        raise Problem("procedures.safeguard.unknown")
    refusal, status = None, 200
    if request.method == "POST":
        try:
            answer_safeguard(
                by=request.actor,
                case=found,
                safeguard=code,
                verdict=typed(request.POST, "verdict"),
                on=read_day(typed(request.POST, "on"), "on"),
                evidence=typed(request.POST, "evidence"),
            )
        except Problem as problem:
            refusal, status = problem, 422
        else:
            messages.info(request, _("The answer is recorded."))
            return redirect(reverse("case", args=[found.number]) + "#safeguards")
    return render(
        request,
        "procedures/safeguard.html",
        {"case": found, "safeguard": defined, "refusal": refusal, "typed": request.POST, "verdicts": sorted(ANSWERS)},
        status=status,
    )


def family_language(found: Any) -> str:
    """The language of the site nearest to the one that the family's newest act was done in; else the official one."""
    book, definition = rulebook.current(), procedure_of(found)
    for step in found.steps.order_by("-seq"):
        action = definition.actions.get(step.action)
        for one in action.form if action else ():
            spoken = book.codes["languages"].get(step.facts.get(one.name, "")) if one.kind == "language" else None
            if spoken and spoken.attributes.get("reading") in book.country.languages:
                return spoken.attributes["reading"]
    return book.country.official_language


@page("papers.paper.prepare")
@require_POST
def order_prepare(request: HttpRequest, number: str, order: UUID) -> HttpResponse:
    """Makes out the paper that an act asked for."""
    found = obtain_case(request.actor, number, request.path)
    language = typed(request.POST, "language") or family_language(found)
    paper = prepare_ordered_paper(by=request.actor, order=get_order(found, order), language=language)
    messages.info(request, _("The paper is made out. A second person confirms it."))
    return redirect("paper", paper.number)


@page("procedures.case.read")
@require_GET
def case_letter(request: HttpRequest, number: str, order: UUID) -> HttpResponse:
    """A letter of the procedure's own, where it is no paper of the file: among those others would find it."""
    found = obtain_case(request.actor, number, request.path)
    wanted = get_order(found, order)
    if not wanted.letter or not prints_letters(request.actor, found):
        raise Problem("procedures.paper.no_order")
    language = request.GET.get("language", "") or family_language(found)
    answer = HttpResponse(print_letter(wanted, found, language, by=request.actor), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


@page("procedures.case.read")
@require_GET
def step_file(request: HttpRequest, number: str, seq: int, field: str) -> HttpResponse:
    """A paper that was handed in with a step; the database shows it to those who read narratives."""
    found = obtain_case(request.actor, number, request.path)
    kept = StepFile.objects.filter(step__case=found, step__seq=seq, field=field).first()
    if kept is None:
        raise Problem("procedures.case.not_found")
    answer = HttpResponse(bytes(kept.content), content_type=kept.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{found.number}-{seq}-{kept.field}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
