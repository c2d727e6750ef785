"""Stepping into a role without a password: in the demo alone, where nobody is real and nothing is secret."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from panoh.access.models import Account
from panoh.access.pages import public
from panoh.demo import cast
from panoh.kernel.problems import Problem

BACKEND = "panoh.access.sign_in.AccountBackend"


@public
def enter_role(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as the demo's member of that name. Elsewhere than in the demo there is no such page.

    Only members of the demo's own cast can be stepped into: an account that somebody added there keeps its password.
    """
    if settings.MODE != "demo":
        raise Problem("demo.role.not_here")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    known = {member.username: member for member in cast.MEMBERS if member.shown}
    account = Account.objects.filter(username=username, is_active=True).first() if username in known else None
    if account is None:
        raise Problem("demo.role.unknown")
    logout(request)  # nothing of the role before is left in the session: neither membership nor purpose
    login(request, account, backend=BACKEND)
    return redirect(known[username].lands)
