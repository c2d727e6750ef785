"""The refusals of this room, and the one place that turns any refusal or fault into an answer.

A `Problem` becomes a page or JSON with what happened, why and what to do next, in the reader's language. A fault of the program
becomes a page that shows nothing of the inside, with a reference that stands in the log beside the traceback.
"""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render as render_template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import Problem, ProblemText, RenderedProblem, render
from panoh.web import reader

logger = logging.getLogger(__name__)

CATALOGUE = {
    "web.page.not_found": ProblemText(
        404,
        _("There is nothing here that you may see."),
        _("Either it does not exist, or it is not open to you; both look the same on purpose."),
        _("Check the address or the number, or search for it."),
    ),
    "web.request.refused": ProblemText(
        403,
        _("You may not do this."),
        _("Your role or purpose does not include it, or you are not signed in."),
        _("Sign in, or ask someone whose role includes it."),
    ),
    "web.form.from_elsewhere": ProblemText(
        403,
        _("This form could not be accepted."),
        _("It did not come from a page of this site, or the page had been open too long, or cookies are switched off."),
        _("Go back, load the page again and send the form once more."),
    ),
    "web.form.of_another": ProblemText(
        403,
        _("This was typed by somebody else."),
        _("The session in which it was typed belonged to another account, and it would be recorded in your name."),
        _("Sign out, and let whoever typed it sign in and send it."),
    ),
    "web.request.not_understood": ProblemText(
        400,
        _("The request could not be understood."),
        _("Something in it is not in the expected form."),
        _("Go back and try again. If it happens again, tell your administrator."),
    ),
    "web.request.method": ProblemText(
        405,
        _("This address does not take that kind of request."),
        _("A page was sent where a form was expected, or the other way round."),
        _("Go back to the page and use its buttons."),
    ),
    "web.request.too_often": ProblemText(
        429,
        _("This was tried too often."),
        _("Attempts on passwords and codes are limited, so that nobody can guess them."),
        _("Wait a few minutes and try again."),
    ),
    "web.sign_in.locked": ProblemText(
        429,
        _("Signing in is closed for a while."),
        _("There were too many attempts with a wrong password."),
        _("Wait fifteen minutes and try again, or ask your administrator."),
    ),
    "web.program.fault": ProblemText(
        500,
        _("Something went wrong in the program."),
        _("This is a fault of Panoh, not yours. Nothing of this request has been saved."),
        _("Try again in a moment. If it happens again, give your administrator the reference below."),
    ),
}


def answer_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer to a refusal: status of the first problem, page or JSON. Called by the access middleware."""
    rendered = render(problem)
    return _answer(request, rendered, rendered[0].status)


def _answer(
    request: HttpRequest, rendered: tuple[RenderedProblem, ...], status: int, reference: str = ""
) -> HttpResponse:
    if wants_json(request):
        headers = {"Content-Language": reader.current().tag}
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return JsonResponse(
            as_json(rendered, reference), status=status, headers=headers, content_type="application/problem+json"
        )
    context: dict[str, Any] = {"problems": rendered, "status": status, "reference": reference}
    if status >= 500:
        # Fewer parts can fail: no database, no navigation, nothing of the session.
        page = render_to_string("web/fault.html", {**context, "reader": reader.current()})
        return HttpResponse(page, status=status)
    return render_template(request, "web/problem.html", context, status=status)


def as_json(rendered: tuple[RenderedProblem, ...], reference: str = "") -> dict[str, Any]:
    """The refusal for programs (Problem JSON, RFC 9457): its codes are stable, the texts in the language of the request."""
    first = rendered[0]
    body: dict[str, Any] = {
        "type": reverse("api_problem", args=[first.code]),
        "title": first.happened,
        "status": first.status,
        "detail": f"{first.why} {first.next}".strip(),
        "code": first.code,
        "problems": [
            {"code": each.code, "field": each.field, "happened": each.happened, "why": each.why, "next": each.next}
            for each in rendered
        ],
    }
    if reference:
        body["reference"] = reference
    return body


def wants_json(request: HttpRequest) -> bool:
    """The API is asked by programs whatever they say they accept; a page only where nothing but JSON is accepted."""
    accepts = request.headers.get("Accept", "")
    return request.path_info.startswith("/api/") or ("application/json" in accepts and "text/html" not in accepts)


# -- Django's own refusals: handler400, handler403, handler404, handler500, AXES_LOCKOUT_CALLABLE -------


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer_problem(request, Problem("web.request.not_understood"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer_problem(request, Problem("web.request.refused"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer_problem(request, Problem("web.page.not_found"))


def too_often(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer_problem(request, Problem("web.request.too_often"))


def locked_out(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    return answer_problem(request, Problem("web.sign_in.locked"))


def fault(request: HttpRequest) -> HttpResponse:
    """The page of a fault. The reference is the only thing that leaves; Django has just logged the traceback, this line names it."""
    reference = secrets.token_hex(4).upper()
    kind = sys.exc_info()[0]
    logger.error("fault %s: %s at %s", reference, kind.__name__ if kind else "unknown", request.path)
    with reader.reading_as(
        reader.choose_language(request.COOKIES.get(reader.LANGUAGE_COOKIE), request.headers.get("Accept-Language", ""))
    ):
        return _answer(request, render(Problem("web.program.fault")), 500, reference)
