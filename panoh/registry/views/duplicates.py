"""Possible duplicates: the pairs to look at, two records side by side, the judgement, and its undoing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.registry import operations, queries
from panoh.registry.models import Judgement, Person
from panoh.registry.queries.duplicates import LIKELY, alike, find_standing, list_judgements, list_suggestions
from panoh.registry.reasons import sentences

VERDICTS = [
    ("same", gettext_lazy("The same person")),
    ("different", gettext_lazy("Two different people")),
    ("unsure", gettext_lazy("Cannot be said yet")),
]
PER_PAGE = 30


class JudgementForm(forms.Form):
    verdict = forms.ChoiceField(label=gettext_lazy("Your judgement"), choices=VERDICTS, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=gettext_lazy("On what it rests"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )


@page("registry.duplicate.read")
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that look alike and nobody has judged, then the latest judgements."""
    suggested = list_suggestions(request.actor, limit=PER_PAGE)
    return render(
        request,
        "registry/duplicates.html",
        {
            "suggested": [{"pair": pair, "reasons": sentences(pair.reasons)} for pair in suggested],
            "judgements": list_judgements(request.actor, limit=PER_PAGE),
            "verdicts": dict(VERDICTS),
        },
    )


@page("registry.duplicate.read")
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, first: str, second: str) -> HttpResponse:
    left = queries.obtain_person(request.actor, first, route=request.path)
    right = queries.obtain_person(request.actor, second, route=request.path)
    judged = alike(left, right)
    form = JudgementForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                operations.judge_duplicate(
                    by=request.actor,
                    person=left,
                    other=right,
                    verdict=form.cleaned_data["verdict"],
                    reasons=judged.reasons,
                    remark=form.cleaned_data["remark"],
                )
            except Problem as problem:
                status = refuse(form, problem)
            else:
                messages.info(request, _("The judgement is recorded. It can be undone."))
                return redirect("duplicate_pair", left.number, right.number)
    standing = find_standing(left, right)
    return render(
        request,
        "registry/duplicate_pair.html",
        {
            "left": left,
            "right": right,
            "lines": comparison(left, right),
            "reasons": sentences(judged.reasons),
            "score": round(judged.score * 100),
            "standing": standing,
            "verdict": dict(VERDICTS).get(standing.verdict, "") if standing else "",
            "form": form,
            "may_judge": decide(request.actor, "registry.duplicate.judge", left).allowed,
        },
        status=status,
    )


@page("registry.duplicate.undo")
@require_POST
def undo(request: HttpRequest, first: str, second: str) -> HttpResponse:
    left = queries.obtain_person(request.actor, first, route=request.path)
    right = queries.obtain_person(request.actor, second, route=request.path)
    standing: Judgement | None = find_standing(left, right)
    if standing is None:
        raise Problem("access.thing.not_found")
    operations.undo_judgement(by=request.actor, judgement=standing)
    messages.info(request, _("The judgement is undone. Both numbers stand for themselves again."))
    return redirect("duplicate_pair", left.number, right.number)


def comparison(left: Person, right: Person) -> list[dict[str, Any]]:
    """What the two records say, line by line, and whether it agrees."""

    def line(label: str, a: Any, b: Any, kind: str = "text", agrees: bool | None = None) -> dict[str, Any]:
        known = bool(a) and bool(b)
        same = (a == b) if agrees is None else agrees
        return {
            "label": label,
            "left": a,
            "right": b,
            "kind": kind,
            "agreement": "unknown" if not known else "same" if same else "differs",
        }

    births = left.birth_earliest <= right.birth_latest and right.birth_earliest <= left.birth_latest
    names = [list(person.names.all()) for person in (left, right)]
    papers = [{paper.number_key: paper for paper in person.papers_held.all()} for person in (left, right)]
    return [
        line(
            _("Name"),
            names[0][0] if names[0] else "",
            names[1][0] if names[1] else "",
            "name",
            alike(left, right).score >= LIKELY,
        ),
        line(_("Father’s name"), names[0][0].father if names[0] else "", names[1][0].father if names[1] else ""),
        line(_("Sex"), left.sex, right.sex, "sex"),
        line(_("Birth"), left.birth, right.birth, "birth", births),
        line(_("Nationality"), left.nationality, right.nationality, "countries"),
        line(_("Place of origin"), left.origin_place, right.origin_place),
        line(
            _("Papers"),
            ", ".join(paper.number for paper in papers[0].values()),
            ", ".join(paper.number for paper in papers[1].values()),
            agrees=bool(papers[0].keys() & papers[1].keys()),
        ),
        line(_("Arrived on"), left.arrived_on, right.arrived_on, "day"),
        line(_("Household"), left.household.number, right.household.number),
    ]
