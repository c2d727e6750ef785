"""How two names match: typed, or brought along from a hit of the search or from two records side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from panoh.access.pages import page
from panoh.identity.explaining import Met
from panoh.kernel.names import script_of
from panoh.kernel.problems import Problem
from panoh.registry.queries.explaining import Explained, explain_names
from panoh.registry.reasons import SURENESS, VERDICTS


@page("registry.person.search")
@require_GET
def identity_explain(request: HttpRequest) -> HttpResponse:
    """Word by word and letter by letter. It judges names alone: whether two people are one is said on another page."""
    a, b = request.GET.get("a", ""), request.GET.get("b", "")
    context: dict[str, Any] = {"a": a, "b": b}
    status = 200
    if a.strip() or b.strip():
        try:
            context["found"] = told(explain_names(a, b))
        except Problem as problem:
            context["refusal"], status = problem, 422
    return render(request, "registry/identity_explain.html", context, status=status)


def told(explained: Explained) -> dict[str, Any]:
    """The explanation in the words of the page."""
    found = explained.explanation
    return {
        "verdict": VERDICTS[found.verdict],
        "kind": found.verdict,
        "met": [_line(met, explained) for met in found.met],
        "alone_a": [(word, explained.borne[word]) for word in found.alone_a],
        "alone_b": [(word, explained.borne[word]) for word in found.alone_b],
        "turned": found.turned,
        "readable": bool(found.words_a and found.words_b),
        "counted": explained.counted,
    }


def _line(met: Met, explained: Explained) -> dict[str, Any]:
    arabic = [script_of(word) == "Arab" for word in (met.a, met.b)]
    return {
        "a": met.a,
        "b": met.b,
        "sure": SURENESS[met.sure],
        "sign": "due" if met.sure == "doubtful" else "same",
        "letters": met.letters if met.a != met.b else (),
        "direction": "rtl" if all(arabic) else "" if any(arabic) else "ltr",
        "borne": explained.borne[met.a],
    }
