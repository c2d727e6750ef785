"""What every page knows without being told: the reader, the day, the navigation, whether this is the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from panoh.web import navigation, reader, whoami


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the frame (base.html). Costly parts are computed only where a template asks for them."""
    actor = getattr(request, "actor", None)
    return {
        "reader": reader.current(),
        "today": timezone.localdate(),
        "now": timezone.now(),
        "actor": actor,
        "who": SimpleLazyObject(lambda: whoami.describe(request)),
        "may_search": navigation.may_open(actor, "search"),
        "is_demo": getattr(settings, "MODE", "") == "demo",
    }
