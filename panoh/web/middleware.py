"""What holds for every request: it has a reader (language, calendar), and what an actor saw stays in no cache."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from panoh.web import reader


class ReaderMiddleware:
    """Stands where Django's LocaleMiddleware would: that one knows no Dari, and no calendar."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = reader.choose_language(
            request.COOKIES.get(reader.LANGUAGE_COOKIE), request.headers.get("Accept-Language", "")
        )
        with reader.reading_as(language, request.COOKIES.get(reader.CALENDAR_COOKIE)) as current:
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", current.tag)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            return response


class KeepPrivateMiddleware:
    """Offices share computers: after signing out, "back" must not show a file. Pages of an actor are stored nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "actor", None) is not None:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
