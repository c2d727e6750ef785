"""The way of every form of this room: show it, carry out its act, and show a refusal in it with everything typed kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from panoh.access.answers import refuse
from panoh.kernel.problems import Problem


def act(request: HttpRequest, form: Any, call: Callable[[Any], HttpResponse], **shown: Any) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return call(form)
            except Problem as problem:
                status = refuse(form, problem)
    return render(request, "library/form.html", {"form": form, **shown}, status=status)
