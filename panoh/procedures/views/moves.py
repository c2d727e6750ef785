"""Cases that move to a later version of their procedure: what would change, for one case or for all, and the moving itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh import rulebook
from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.access.policy import check, decide
from panoh.kernel.problems import Problem
from panoh.kernel.written_days import persian_digits
from panoh.procedures.forms import MoveForm
from panoh.procedures.operations.moving import move_case
from panoh.procedures.queries.cases import obtain_case
from panoh.procedures.queries.moves import find_prospect, list_prospects, own_movable, preview_moves
from panoh.procedures.views.naming import colleagues_for, offices_for
from panoh.rulebook.model import MOVE, Procedure

AT_ONCE = 50
"""How many cases one press moves: few enough that the page answers before anybody presses again."""


@page("procedures.move.read")
@require_GET
def moves(request: HttpRequest) -> HttpResponse:
    """For each transition rule in force: which of the organisation's cases it moves, and what becomes of their time limits."""
    actor, today = request.actor, timezone.localdate()
    found = [
        {"preview": one, "may": decide(actor, one.later.verb(MOVE)).allowed, "ready": one.cases - one.waiting}
        for one in preview_moves(own_movable(actor, today), today)
    ]
    return render(request, "procedures/moves.html", {"found": found, "at_once": AT_ONCE})


@page("procedures.move.read")
@require_POST
def moves_make(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Moves the next cases of one rule. What stands on an agenda or needs an answer is left for its own page."""
    actor, today = request.actor, timezone.localdate()
    check(actor, _definition(code, version).verb(MOVE))
    own = own_movable(actor, today).filter(procedure=code)
    moved = 0
    for one in list_prospects(own, today):
        if one.later.version == version and not one.waits:
            move_case(by=actor, case=one.case, expected_version=one.case.version)
            moved += 1
            if moved == AT_ONCE:
                break
    told = ngettext("%(shown)s case was moved.", "%(shown)s cases were moved.", moved)
    messages.info(request, told % {"shown": persian_digits(str(moved)) if actor.language == "prs" else moved})
    return redirect(reverse("moves"))


def _definition(code: str, version: int) -> Procedure:
    known = rulebook.current().procedures.get(code, ())
    found = next((one for one in known if one.version == version and one.transitions), None)
    if found is None:
        raise Problem("procedures.case.unknown_procedure")
    return found


@page("procedures.move.read")
@require_http_methods(["GET", "POST"])
def case_move(request: HttpRequest, number: str) -> HttpResponse:
    """What the move of one case would change, and what it asks; pressing does it, for good."""
    actor, today, book = request.actor, timezone.localdate(), rulebook.current()
    found = obtain_case(actor, number, request.path)
    prospect = find_prospect(found, today)
    if prospect is None:
        raise Problem("procedures.move.none", number=found.number)
    check(actor, prospect.later.verb(MOVE), found)
    form = MoveForm(
        *((request.POST,) if request.method == "POST" else ()), prospect=prospect, book=book, language=actor.language,
        colleagues=colleagues_for(prospect.questions, found.organisation_id),
        offices=offices_for(prospect.questions, actor.language), on=today,
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                step = move_case(by=actor, case=found, expected_version=form.expected_version(), facts=form.facts())
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect(f"{reverse('case', args=[found.number])}#step-{step.seq}")
    return render(
        request, "procedures/case_move.html", {"case": found, "prospect": prospect, "form": form}, status=status
    )
