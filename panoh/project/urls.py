"""Where each room's pages hang. A room that has a `urls` module is mounted; its paths carry their own words."""

from __future__ import annotations

import importlib.util

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include(f"panoh.{room}.urls"))
    for room in settings.ROOMS
    if importlib.util.find_spec(f"panoh.{room}.urls") is not None
]
urlpatterns += [path("account/", include("allauth.urls"))]

handler400 = "panoh.web.problems.bad_request"
handler403 = "panoh.web.problems.forbidden"
handler404 = "panoh.web.problems.not_found"
handler429 = "panoh.web.problems.too_often"  # allauth's, for attempts on passwords and codes
handler500 = "panoh.web.problems.fault"
