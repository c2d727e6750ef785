"""Where a member begins the day: on what the role has to do. Whoever has work with a date on it begins there."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from panoh.web import navigation

WORK = "work"
#: Roles whose day is not a list of due cases. Each name is a section of the header that the role may open.
LANDINGS = {
    "head_of_office": "statistics",
    "programme_officer": "files",
    "administrator": "members",
    "auditor": "readings",
}


def find_landing(request: HttpRequest) -> str:
    """The address of the section; where the role may not open it, the first that it may, else its help."""
    actor = request.actor  # type: ignore[attr-defined]
    wanted = navigation.find_link(request, actor, LANDINGS.get(actor.role, WORK))
    if wanted:
        return wanted
    links = navigation.list_links(request, actor)
    return links[0].url if links else reverse("help_role", args=[actor.role])
