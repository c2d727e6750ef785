"""What holds for every request: it has a reader (language, calendar), and what an actor saw stays in no cache."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from panoh.web import reader


class Utf8OnlyMiddleware:
    """Every form of ours is UTF-8. A request that claims another charset is refused before anything reads it: some of
    Python's codecs (utf-7, hex, raw_unicode_escape) make text that no database keeps, or fail while the form is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
        if charset.strip("\"' ").lower() not in ("utf-8", "utf8", "us-ascii"):
            return HttpResponse("Only UTF-8 is read here.", status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class BehindProxiesMiddleware:
    """Who asks, where proxies of ours stand between: `REMOTE_ADDR` is then what the outermost of them saw.

    Limits on passwords and codes count by address. Without this everybody behind a proxy is one, and five wrong passwords of
    anybody would lock a named colleague out. Only so many entries are believed as there are proxies of ours
    (PANOH_PROXIES), from the right: what stands before them was written by whoever asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PROXIES:
            told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
            if len(told) >= settings.PROXIES and _is_address(told[-settings.PROXIES]):
                request.META["REMOTE_ADDR"] = told[-settings.PROXIES]
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


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
            request.reader = current  # type: ignore[attr-defined]
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
