"""What was typed outlives the session: a form that arrives signed out, or with the token of an earlier sign-in, comes back whole.

A session ends after half an hour without a request, and a family's story takes longer. The answer then holds all that was
typed, in fields that are not shown, with a way to sign in beside it and a button that sends it again. Signing in changes the token of
every open page (as it must), so the second sending is met by `from_elsewhere` and comes back once more, with the token that
fits and the name in which it will be recorded. Nothing is stored: the fields travel in the page. Passwords never do.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from panoh.kernel.problems import Problem
from panoh.web.problems import answer_problem, wants_json

TYPED_BY = "typed_by"  # the account whose session ended, signed: offices share computers
LEFT_OUT = ("csrfmiddlewaretoken", TYPED_BY)


def can_be_kept(request: HttpRequest) -> bool:
    """A form of a page of ours, sent as such: not by a program, nor by a part of a page that asks while it is typed."""
    if request.method != "POST" or wants_json(request) or request.headers.get("HX-Request"):
        return False
    try:
        return hasattr(resolve(request.path_info).func, "verb")
    except Resolver404:
        return False


def answer(request: HttpRequest, *, typed_by: str = "", status: int = 401) -> HttpResponse:
    """The page that holds what was typed. `typed_by` is the account whose session ended with this very request."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in LEFT_OUT and "password" not in name
        for value in values
    ]
    typed = signing.dumps(typed_by, salt=TYPED_BY) if typed_by else request.POST.get(TYPED_BY, "")
    context = {
        "fields": fields,
        "files": sorted(request.FILES),
        "typed_by": typed,
        "address": request.get_full_path(),
        "code": "access.account.not_signed_in" if status == 401 else "web.form.from_elsewhere",
    }
    return render(request, "web/kept_form.html", context, status=status)


def from_elsewhere(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: a form whose token does not fit. One that our own page sent comes back with the token that does.

    That a page of ours sent it is said by the browser (`Origin`), not by the form: else any site could have its own form
    shown here, ready to be sent.
    """
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}" or not can_be_kept(request):
        return answer_problem(request, Problem("web.form.from_elsewhere"))
    if typed_by := request.POST.get(TYPED_BY):
        try:
            owner = signing.loads(typed_by, salt=TYPED_BY)
        except signing.BadSignature:
            return answer_problem(request, Problem("web.form.from_elsewhere"))
        if request.user.is_authenticated and str(request.user.pk) != owner:
            return answer_problem(request, Problem("web.form.of_another"))
    return answer(request, status=403)
