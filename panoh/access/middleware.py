"""From a request to an actor in a transaction: the one door through which every page enters.

For a view marked `page(verb)`: signed in? → session still alive? → which membership? → second factor? → may the role?
A view marked `for_programs(verb)` takes a token in the place of the session (`access.tokens`), and tells instead of leading on.
→ then the view runs, and its template is rendered, inside `acting(actor)`: one transaction with the signed context.
An answer of 400 or more undoes everything the view wrote.
"""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from panoh.access import operations, policy, queries
from panoh.access.context import acting
from panoh.access.standing import Standing, standings_of
from panoh.access.tokens import has_token, standing_of_token
from panoh.kernel.problems import Problem
from panoh.ledger.guard import refusals

# Views of libraries that guard themselves: signing in, second factor, static files.
OUTSIDE_VIEWS = ("allauth.", "django.views.i18n", "django.views.static", "django.contrib.staticfiles", "whitenoise.")

SEEN_EVERY_SECONDS = 60
LONGEST_WAY_BACK = 2000  # letters of an address; no page of ours has a longer one


class UnmarkedView(RuntimeError):
    """A view that says neither which verb it needs nor that it is public: a fault of the program, never served."""


class AccessMiddleware:
    """See the module. Stands after the session, account and CSRF middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answer_problem = import_string(settings.PANOH_PROBLEM_ANSWER)
        self.kept_forms = import_module(settings.PANOH_KEPT_FORM)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if request.method == "POST" and self._is_of_second_factors(request):
            # Round the whole answer, for allauth answers many refusals by exceptions of its own.
            with operations.changing_second_factors(account_id=request.user.pk):
                response = self.get_response(request)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
            return response
        return self.get_response(request)

    def _is_of_second_factors(self, request: HttpRequest) -> bool:
        return request.path_info.startswith(reverse("mfa_index")) and request.user.is_authenticated

    def process_view(self, request: HttpRequest, view: Any, args: tuple, kwargs: dict) -> HttpResponse | None:
        # No database keeps U+0000: in an address nothing that exists can be meant, and a question with it cannot be asked.
        if "\0" in request.path:
            return self.answer_problem(request, Problem("access.thing.not_found"))
        if "%00" in request.META.get("QUERY_STRING", ""):
            return self.answer_problem(request, Problem("access.question.unreadable"))
        if getattr(view, "public", False):
            return self._answer(request, lambda: view(request, *args, **kwargs))
        if not hasattr(view, "verb") and not getattr(view, "signed_in", False):
            if view.__module__.startswith(OUTSIDE_VIEWS):
                return None
            raise UnmarkedView(f"{view.__module__}.{view.__qualname__} has no mark of panoh.access.pages")
        if getattr(view, "for_programs", False) and has_token(request):
            return self._serve(request, view, args, kwargs, standing_of_token)
        account_id = str(request.user.pk or "")
        if not request.user.is_authenticated or self._session_ended(request):
            return self._sign_in(request, view, account_id)
        if request.user.must_change:
            if getattr(view, "for_programs", False):
                return self.answer_problem(request, Problem("access.account.not_signed_in"))
            return redirect("account_change_password")
        if getattr(view, "signed_in", False):
            response = self._answer(request, lambda: view(request, *args, **kwargs))
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response
        if not self._has_second_factor(request):
            if getattr(view, "for_programs", False):
                return self.answer_problem(request, Problem("access.account.no_second_factor"))
            return redirect("mfa_index")
        return self._serve(request, view, args, kwargs, self._standing)

    def _serve(
        self,
        request: HttpRequest,
        view: Any,
        args: tuple,
        kwargs: dict,
        find: Callable[[HttpRequest], tuple[Standing | None, str | None]],
    ) -> HttpResponse:
        """The view's answer to the member whom `find` says the request comes from, inside that member's transaction."""
        try:
            standing, purpose = find(request)
            if standing is None:
                if getattr(view, "for_programs", False):
                    raise Problem("access.member.choose")
                return redirect("choose_membership")
            actor = queries.actor_of(standing, purpose, language=get_language())
            request.actor = actor  # type: ignore[attr-defined]
            request.member = standing.member  # type: ignore[attr-defined]
            policy.check(actor, view.verb)
        except Problem as problem:
            return self.answer_problem(request, problem)

        def serve() -> HttpResponse:
            with refusals(), acting(actor):
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
                if response.status_code >= 400:
                    transaction.set_rollback(True)
                return response

        return self._answer(request, serve)

    def _answer(self, request: HttpRequest, serve: Callable[[], HttpResponse]) -> HttpResponse:
        """The view's answer, or the page of the Problem that it raised (its transaction is then undone)."""
        try:
            response = serve()
        except Problem as problem:
            return self.answer_problem(request, problem)
        if response.status_code == 405 and not response.content:  # Django's own, which says nothing to a person
            told = self.answer_problem(request, Problem("web.request.method"))
            told.headers["Allow"] = response.headers["Allow"]
            return told
        return response

    def _session_ended(self, request: HttpRequest) -> bool:
        """Ends a session that lay idle too long, whatever its cookie says; notes that it is in use."""
        now = int(time.time())
        seen = request.session.get("seen_at")
        if seen is not None and now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
            return True
        if seen is None or now - seen > SEEN_EVERY_SECONDS:
            request.session["seen_at"] = now
        return False

    def _sign_in(self, request: HttpRequest, view: Any, account_id: str) -> HttpResponse:
        """To the page for signing in; a form that was sent comes back with all that was typed. `account_id`: whose session ended."""
        if getattr(view, "for_programs", False) or "application/json" in request.headers.get("Accept", ""):
            return self.answer_problem(request, Problem("access.account.not_signed_in"))
        if self.kept_forms.can_be_kept(request):
            return self.kept_forms.answer(request, typed_by=account_id)
        target = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("home")
        if len(target) > LONGEST_WAY_BACK:
            target = reverse("home")
        return redirect_to_login(target, login_url=reverse(settings.LOGIN_URL))

    def _has_second_factor(self, request: HttpRequest) -> bool:
        if not settings.PANOH_SECOND_FACTOR or request.session.get("second_factor"):
            return True
        from allauth.mfa.utils import is_mfa_enabled

        if is_mfa_enabled(request.user):
            # Signing in has asked for it already (allauth's login stage); remembered so as not to ask the database again.
            request.session["second_factor"] = True
            return True
        return False

    def _standing(self, request: HttpRequest) -> tuple[Standing | None, str | None]:
        """The membership in use and its purpose; None where the account has several and has not chosen one.

        Ended ones fall out at once.
        """
        purpose = request.session.get("purpose")
        standings = standings_of(request.user)
        if not standings:
            raise Problem("access.member.none")
        chosen = request.session.get("member_id")
        for standing in standings:
            if str(standing.member.pk) == chosen:
                return standing, purpose
        if len(standings) == 1:
            request.session["member_id"] = str(standings[0].member.pk)
            return standings[0], purpose
        return None, purpose
