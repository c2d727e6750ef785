"""Possible duplicates: the pairs to look at, two records side by side, the judgement, its confirmation and its undoing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh.access.actor import Actor
from panoh.access.answers import refuse
from panoh.access.models import Office
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.registry import comparison, operations, queries
from panoh.registry.models import Judgement, Person, Suggestion
from panoh.registry.models.duplicates import ENTRY, IMPORT, JUDGED, LINK, OPEN, TO_CONFIRM, UNSURE
from panoh.registry.queries import duplicates as pairs
from panoh.registry.reasons import sentences

VERDICTS = [
    ("same", gettext_lazy("The same person")),
    ("different", gettext_lazy("Two different people")),
    ("unsure", gettext_lazy("Cannot be said yet")),
]
STATES = [
    (OPEN, gettext_lazy("Not judged yet")),
    (TO_CONFIRM, gettext_lazy("Waits for a second person")),
    (UNSURE, gettext_lazy("Cannot be said yet")),
    (JUDGED, gettext_lazy("Judged")),
    ("all", gettext_lazy("All")),
]
STRENGTHS = [
    ("0.95", gettext_lazy("Very much alike")),
    ("0.90", gettext_lazy("Much alike")),
    ("0.80", gettext_lazy("Alike")),
]
ORIGINS = [
    (ENTRY, gettext_lazy("At registration")),
    (IMPORT, gettext_lazy("In an import")),
    (LINK, gettext_lazy("In the whole register")),
]
PER_PAGE = 20


class JudgementForm(forms.Form):
    verdict = forms.ChoiceField(label=gettext_lazy("Your judgement"), choices=VERDICTS, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=gettext_lazy("On what it rests"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )


class FilterForm(forms.Form):
    """Which pairs to look at. What is not understood is not asked."""

    state = forms.ChoiceField(label=gettext_lazy("They wait for"), choices=STATES, required=False)
    least = forms.ChoiceField(label=gettext_lazy("How alike"), required=False)
    office = forms.ChoiceField(label=gettext_lazy("Office"), required=False)
    origin = forms.ChoiceField(label=gettext_lazy("Where found"), required=False)

    def __init__(self, *given: Any, actor: Actor) -> None:
        super().__init__(*given)
        seen = Office.objects.filter(organisation_id__in=(actor.organisation_id, *actor.open_organisations))
        offices = [
            (str(office.pk), office.titles.get(actor.language) or office.titles["en"])
            for office in seen.order_by("code")
        ]
        self.fields["office"].choices = [("", _("All offices")), *offices]
        self.fields["least"].choices = [
            ("", _("All")),
            *((value, _("at least: %s") % title) for value, title in STRENGTHS),
        ]
        self.fields["origin"].choices = [("", _("Anywhere")), *ORIGINS]
        if len(offices) < 2:
            del self.fields["office"]

    def wanted(self) -> pairs.Wanted:
        self.is_valid()
        asked = self.cleaned_data
        state = asked.get("state") or OPEN
        return pairs.Wanted(
            state=None if state == "all" else state,
            least=Decimal(asked.get("least") or 0),
            office_id=UUID(asked["office"]) if asked.get("office") else None,
            origin=asked.get("origin") or "",
        )


@page("registry.duplicate.read")
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs that were found alike, the most alike first, and how far they are judged."""
    actor = request.actor
    form = FilterForm({"state": OPEN, **request.GET.dict()}, actor=actor)
    wanted = form.wanted()
    found = pairs.list_suggestions(actor, wanted, limit=PER_PAGE + 1, after=request.GET.get("after", ""))
    shown = found[:PER_PAGE]
    return render(
        request,
        "registry/duplicates.html",
        {
            "form": form,
            "narrowed": any(form.cleaned_data.get(name) for name in ("least", "office", "origin")),
            "state": wanted.state or "all",
            "progress": pairs.count_progress(actor, wanted),
            "most_counted": pairs.MOST_COUNTED,
            "suggested": [suggested(actor, suggestion) for suggestion in shown],
            "after": pairs.cursor_of(shown[-1]) if len(found) > PER_PAGE else "",
            "first": "after" not in request.GET,
            "counted_twice": pairs.list_counted_twice(actor, limit=PER_PAGE),
            "query": urlencode({k: v for k, v in request.GET.items() if k in form.fields and v}),
        },
    )


def suggested(actor: Actor, suggestion: Suggestion) -> dict[str, Any]:
    """One pair of the list: both records, why they were suggested, and at a glance what agrees and what does not."""
    left, right = suggestion.person_a, suggestion.person_b
    lines = comparison.compare(actor, left, right)
    return {
        "suggestion": suggestion,
        "strength": strength_of(suggestion.score),
        "origin": dict(ORIGINS)[suggestion.origin],
        "state": dict(STATES)[suggestion.state],
        "persons": (left, right),
        "reasons": reasons_of(suggestion, left, right),
        "same": [line.label for line in lines if line.agreement == comparison.SAME],
        "differs": [line.label for line in lines if line.agreement == comparison.DIFFERS],
    }


def strength_of(score: Decimal) -> Any:
    return next((title for least, title in STRENGTHS if score >= Decimal(least)), _("Somewhat alike"))


def reasons_of(suggestion: Suggestion | None, left: Person, right: Person) -> list[str]:
    """The stored reasons; a pair found by a clerk to whom one record was hidden gets its reasons from who sees both."""
    stored = [(code, params) for code, params in suggestion.reasons] if suggestion else []
    if not stored or any(code == "hidden_alike" for code, _params in stored):
        stored = list(pairs.alike(left, right).reasons)
    return sentences(stored)


def full_name(person: Person) -> str:
    first = next(iter(person.names.all()), None)
    return first.as_person_name().display("full") if first else ""


class OtherForm(forms.Form):
    other = forms.CharField(
        label=gettext_lazy("Number of the other record"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )


@page("registry.duplicate.read")
@require_GET
def choose(request: HttpRequest, first: str) -> HttpResponse:
    """Any two records can be compared, suggested or not: this one, and the one whose number is typed."""
    person = queries.obtain_person(request.actor, first, route=request.path)
    form = OtherForm(request.GET if "other" in request.GET else None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            other = queries.obtain_person(request.actor, form.cleaned_data["other"], route=request.path)
        except Problem as problem:
            status = refuse(form, problem)
        else:
            return redirect("duplicate_pair", person.number, other.number)
    return render(request, "registry/duplicate_choose.html", {"form": form, "person": person}, status=status)


@page("registry.duplicate.read")
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, first: str, second: str) -> HttpResponse:
    left, right = obtain_pair(request, first, second)
    form = JudgementForm(request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return show_pair(request, left, right, form)
    if not form.is_valid():
        return show_pair(request, left, right, form, status=422)
    try:
        operations.judge_duplicate(
            by=request.actor,
            person=left,
            other=right,
            verdict=form.cleaned_data["verdict"],
            reasons=pairs.alike(left, right).reasons,
            remark=form.cleaned_data["remark"],
        )
    except Problem as problem:
        return show_pair(request, left, right, form, status=refuse(form, problem))
    if form.cleaned_data["verdict"] == "same":
        messages.info(request, _("Your judgement is recorded. A second person now confirms it, or does not."))
    else:
        messages.info(request, _("The judgement is recorded. It can be undone."))
    return redirect("duplicate_pair", left.number, right.number)


def obtain_pair(request: HttpRequest, first: str, second: str) -> tuple[Person, Person]:
    left = queries.obtain_person(request.actor, first, route=request.path)
    right = queries.obtain_person(request.actor, second, route=request.path)
    if left.pk == right.pk:
        raise Problem("registry.duplicate.one_record", number=left.number)
    return left, right


def show_pair(
    request: HttpRequest, left: Person, right: Person, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    actor = request.actor
    judgements = pairs.list_judgements_of(left, right)
    standing = pairs.standing_of(judgements)
    suggestion = pairs.find_suggestion(actor, left, right)
    members = [queries.list_members(one.household) for one in (left, right)]
    own = standing is not None and standing.judged_by.account_id == actor.account_id
    waits = standing is not None and standing.verdict == "same" and standing.confirmed_at is None
    judge, confirm, undo = (
        decide(actor, f"registry.duplicate.{act}", left).allowed for act in ("judge", "confirm", "undo")
    )
    return render(
        request,
        "registry/duplicate_pair.html",
        {
            "left": left,
            "right": right,
            "lines": comparison.compare(actor, left, right),
            "around": comparison.circumstances(left, right),
            "members": members_beside(members, left, right),
            "strength": strength_of(suggestion.score) if suggestion else "",
            "reasons": reasons_of(suggestion, left, right),
            "explain": urlencode({"a": full_name(left), "b": full_name(right)}),
            "judgements": [{"judgement": one, "verdict": dict(VERDICTS)[one.verdict]} for one in judgements],
            "standing": standing,
            "verdict": dict(VERDICTS)[standing.verdict] if standing else "",
            "waits": waits,
            "own": own,
            "counted_twice": pairs.is_counted_twice(standing, left, right),
            "closable": [one for one in (left, right) if decide(actor, "registry.person.close", one).allowed],
            "merged": queries.merged_view(left) if standing and standing.confirmed_at else None,
            "form": form,
            "may_judge": judge and (standing is None or standing.verdict == "unsure"),
            "may_confirm": confirm and waits and not own,
            "may_undo": undo and standing is not None,
            "next": next_pair(actor, suggestion),
        },
        status=status,
    )


def members_beside(members: Sequence[list[Person]], left: Person, right: Person) -> list[tuple[Any, Any]]:
    """Both households in one table, where they are two; the pair itself stands above it already."""
    if left.household_id == right.household_id:
        return []
    others = [[one for one in some if one.pk not in (left.pk, right.pk)] for some in members]
    return comparison.match_members(*others) if all(others) else []


def next_pair(actor: Actor, suggestion: Suggestion | None) -> Suggestion | None:
    """The next one that nobody has judged: after judging there is a way on."""
    after = pairs.cursor_of(suggestion) if suggestion else ""
    found = pairs.list_suggestions(actor, pairs.Wanted(), limit=1, after=after)
    return found[0] if found else None


@page("registry.duplicate.confirm")
@require_POST
def confirm(request: HttpRequest, first: str, second: str) -> HttpResponse:
    left, right, standing = obtain_standing(request, first, second)
    operations.confirm_judgement(by=request.actor, judgement=standing)
    messages.info(request, _("Confirmed. From now on both numbers lead to one person."))
    return redirect("duplicate_pair", left.number, right.number)


@page("registry.duplicate.undo")
@require_POST
def undo(request: HttpRequest, first: str, second: str) -> HttpResponse:
    left, right, standing = obtain_standing(request, first, second)
    operations.undo_judgement(by=request.actor, judgement=standing, remark=request.POST.get("remark", ""))
    messages.info(request, _("The judgement is undone. Both numbers stand for themselves again."))
    return redirect("duplicate_pair", left.number, right.number)


def obtain_standing(request: HttpRequest, first: str, second: str) -> tuple[Person, Person, Judgement]:
    left, right = obtain_pair(request, first, second)
    standing = pairs.find_standing(left, right)
    if standing is None:
        raise Problem("access.thing.not_found")
    return left, right, standing
