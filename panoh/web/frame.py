"""The parts of the frame that are the same for many pages: who is signed in, the sections, languages, search, calendar.

They cost two milliseconds of every answer and depend on little: the reader's language and calendar, who acts, and in which
section. So each is rendered once for each of these and kept; what belongs to one request (its CSRF token, its address,
what was searched) is put into its place afterwards. `{% frame_part "whoami" %}` asks for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from panoh.web import navigation, reader, whoami

# Stand in a kept part for what belongs to the request: letters of Unicode's private area, which no page contains.
TOKEN, ADDRESS, ASKED = "\ue001", "\ue002", "\ue003"

#: part → (its template, what it shows of the request beyond the reader)
KNOWS: dict[str, tuple[str, ...]] = {
    "strip": ("role",),
    "whoami": ("role", "who"),
    "sections": ("navigation",),
    "search": (),
    "calendar_switch": (),
}
KEPT_PARTS = 2_000  # of some 3 KB: every member of a large operation in his sections


@dataclass(frozen=True)
class Facts:
    """What the frame shows of a request, as far as its parts can be kept. Equal facts, equal parts."""

    reader: reader.Reader
    role: str = ""
    who: whoami.Who | None = None
    navigation: navigation.Navigation | None = None
    is_demo: bool = False


def part(request: HttpRequest, which: str) -> SafeString:
    """One part for this request."""
    actor = getattr(request, "actor", None)
    asked: dict[str, Callable[[], Any]] = {
        "role": lambda: actor.role if actor else "",
        "who": lambda: whoami.describe(request),
        "navigation": lambda: navigation.arrange(navigation.list_links(request, actor)),
    }
    known = {name: asked[name]() for name in KNOWS[which]}
    kept = _render(which, Facts(reader.current(), is_demo=getattr(settings, "MODE", "") == "demo", **known))
    for letter, value in ((ADDRESS, request.get_full_path), (ASKED, lambda: request.GET.get("q", ""))):
        if letter in kept:
            kept = kept.replace(letter, escape(value()))
    if TOKEN in kept:
        kept = kept.replace(TOKEN, get_token(request))
    return mark_safe(kept)  # noqa: S308 - a rendered template, with values escaped here


@lru_cache(maxsize=KEPT_PARTS)
def _render(which: str, facts: Facts) -> str:
    return render_to_string(
        f"components/{which}.html",
        {
            "reader": facts.reader,
            "role": facts.role,
            "who": facts.who,
            "navigation": facts.navigation,
            "languages": [(code, tag, name) for code, (tag, name) in reader.LANGUAGES.items()],
            "is_demo": facts.is_demo,
            "csrf_token": TOKEN,
            "address": ADDRESS,
            "asked": ASKED,
        },
    )
