"""The API's answers: read the parameters, ask one query, write JSON."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from panoh.access.pages import for_programs, public
from panoh.api.description import PARAMETERS, describe
from panoh.kernel.problems import Problem, Problems, find_text
from panoh.registry import queries
from panoh.registry.asking import hit_as_json, read_question, read_wanted

USUAL_LIMIT, LARGEST_LIMIT = 20, 100
# The page's form calls two of them otherwise; a refusal names the parameter that was sent.
SENT_AS = {"q": "query", "born": "birth_year"}


@for_programs("registry.person.search")
@require_GET
def persons(request: HttpRequest) -> JsonResponse:
    """Persons among those the asker sees, best first, each with the reasons; `next` is the address of the next page."""
    try:
        given = read_parameters(request)
        limit = read_limit(given["limit"])
        hits = queries.search_persons(
            request.actor,  # type: ignore[attr-defined]
            read_question(given["query"], given["paper"]),
            read_wanted(
                sex=given["sex"],
                born=given["birth_year"],
                father=given["father"],
                grandfather=given["grandfather"],
                place=given["place"],
            ),
            limit=limit + 1,
            after=given["after"] or None,
        )
    except Problem as problem:
        raise Problems(
            Problem(one.code, field=SENT_AS.get(one.field or "", one.field), **one.params) for one in problem.each()
        ) from None
    following = None
    if len(hits) > limit:
        query = request.GET.copy()
        query["after"] = hits[limit - 1].cursor
        following = f"{request.path}?{query.urlencode()}"
    return JsonResponse(
        {"persons": [hit_as_json(hit) for hit in hits[:limit]], "next": following, "cut_short": hits.cut_short}
    )


def read_parameters(request: HttpRequest) -> dict[str, str]:
    """The parameters that the description names, empty where they were not sent; one that it does not name is refused."""
    known = [parameter.name for parameter in PARAMETERS]
    for name in request.GET:
        if name not in known:
            raise Problem("api.parameter.unknown", field=name[:60], name=name[:60], known=", ".join(known))
    return {name: request.GET.get(name, "") for name in known}


def read_limit(text: str) -> int:
    if not text:
        return USUAL_LIMIT
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= LARGEST_LIMIT):
        raise Problem("api.parameter.value", field="limit", name="limit", value=text[:20], least=1, most=LARGEST_LIMIT)
    return int(text)


@public
@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """The description of this version, for people and for programs that write programs."""
    return JsonResponse(describe(), headers={"Cache-Control": "public, max-age=3600"})


@public
@require_GET
def problem(request: HttpRequest, code: str) -> JsonResponse:
    """What a refusal's `type` leads to: its texts in the reader's language, with `%(name)s` where a value stands."""
    text = find_text(code)
    if text is None:
        raise Http404
    told = {"code": code, "status": text.status}
    return JsonResponse(told | {"happened": str(text.happened), "why": str(text.why), "next": str(text.next)})
