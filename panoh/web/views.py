"""The pages of the frame. All but the beginning of work are public and touch no register."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from panoh.access.pages import page, public
from panoh.kernel.problems import Problem
from panoh.web import guides, landing, look_examples, reader
from panoh.web import home as first_page

A_YEAR = 365 * 24 * 60 * 60


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Who is signed in begins to work at once; everyone else reads what Panoh is."""
    if request.user.is_authenticated:
        return redirect("start")
    return welcome(request)


@public
@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "web/welcome.html",
        {"role_cards": first_page.list_role_cards(request), "journey": look_examples.overview()},
    )


@page("web.start.read")
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What the role has to do today (`landing`)."""
    return redirect(landing.find_landing(request))


@public
@require_GET
def help_page(request: HttpRequest, role: str | None = None) -> HttpResponse:
    """What Panoh is for everyone, and the guide of a role. Whoever is signed in is led to that of her own (base.html)."""
    guide = guides.find_guide(role, reader.current_language()) if role else None
    if role is not None and guide is None:
        raise Problem("web.page.not_found")
    shown = {"guide": guide, "role": role, "roles": guides.list_roles()}
    return render(request, "web/help.html", shown)


@public
@require_GET
def help_topic(request: HttpRequest, topic: str) -> HttpResponse:
    guide = guides.find_topic(topic)
    if guide is None:
        raise Problem("web.page.not_found")
    return render(request, "web/help.html", {"guide": guide, "topic": topic, "roles": guides.list_roles()})


@public
@require_GET
def look(request: HttpRequest) -> HttpResponse:
    return render(request, "web/look.html", look_examples.examples())


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    return _come_back(request, reader.LANGUAGE_COOKIE, chosen if chosen in reader.LANGUAGES else None)


@public
@require_POST
def choose_calendar(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("calendar", "")
    return _come_back(request, reader.CALENDAR_COOKIE, chosen if chosen in reader.CALENDARS else None)


def _come_back(request: HttpRequest, cookie: str, chosen: str | None) -> HttpResponse:
    """Back to the page on which the switch was pressed, never to another site; an unknown choice changes nothing."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    if chosen is not None:
        response.set_cookie(
            cookie, chosen, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@public
@require_GET
@cache_control(max_age=86400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """A register of refugees is not for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
