"""Search: one box, any script, always with the reason for each hit."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.identity.explaining import MET
from panoh.kernel.problems import Problem
from panoh.registry import queries
from panoh.registry.asking import read_wanted
from panoh.registry.finders import find_address
from panoh.registry.origins import find_origins, origin_choices
from panoh.registry.reasons import sentences

PER_PAGE = 20


@page("registry.person.search")
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Hits with reasons. A number that names one person opens it at once."""
    text = request.GET.get("q", "")
    may_override = decide(request.actor, "access.file.override").allowed
    context = {
        "may_override": may_override,
        "q": text,
        "asked": bool(text.strip()),
        "hits": [],
        "sex": request.GET.get("sex", ""),
        "father": request.GET.get("father", ""),
        "grandfather": request.GET.get("grandfather", ""),
        **_place(request.GET.get("place", "")),
    }
    status = 200
    if text.strip():
        address = find_address(request.actor, text)
        if address is not None:
            return redirect(address)
        try:
            hits = queries.search_persons(
                request.actor,
                text,
                read_wanted(
                    sex=request.GET.get("sex", ""),
                    born=request.GET.get("born", ""),
                    father=request.GET.get("father", ""),
                    grandfather=request.GET.get("grandfather", ""),
                    place=request.GET.get("place", ""),
                ),
                limit=PER_PAGE + 1,
                after=request.GET.get("after") or None,
            )
        except Problem as problem:
            context["refusal"], status = problem, 422
        else:
            only = hits[0] if len(hits) == 1 and not request.GET.get("after") else None
            if only is not None and only.reasons and only.reasons[0][0] == "number":
                return redirect("person", only.person.number)
            context["hits"] = [
                {
                    "hit": hit,
                    "names": [form.as_person_name() for form in hit.person.names.all()],
                    "reasons": sentences(hit.reasons),
                    "explain": _how_it_matched(text, hit),
                }
                for hit in hits[:PER_PAGE]
            ]
            context["after"] = hits[PER_PAGE - 1].cursor if len(hits) > PER_PAGE else ""
            context["cut_short"] = hits.cut_short
    return render(request, "registry/search.html", {**context, "born": request.GET.get("born", "")}, status=status)


def _place(asked: str) -> dict[str, object]:
    """The provinces to choose from; a district, or a name from an address by hand, stands beside them as what was asked."""
    codes = find_origins(asked)
    place = codes[0] if len(codes) == 1 else asked.strip()[:60]
    places = origin_choices(get_language() or "en", timezone.localdate())
    listed = any(code == place for _country, provinces in places for code, _title in provinces)
    return {"place": place, "places": places, "place_beside": "" if listed else place}


def _how_it_matched(text: str, hit: queries.Hit) -> str:
    """The query of the page that lays the text typed beside the name found; none where a number was typed."""
    if hit.name is None or not any(code in MET for code, _told in hit.reasons):
        return ""
    return urlencode({"a": text, "b": hit.name.display("full")})
