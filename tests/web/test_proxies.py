"""Whose address it is, behind proxies: lockouts count by it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from panoh.web.middleware import BehindProxiesMiddleware


def address_seen(told: str, proxies: int, settings) -> str:
    settings.PROXIES = proxies
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {"X-Forwarded-For": told} if told else {}
    BehindProxiesMiddleware(view)(RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.1"))
    return seen[0]


@pytest.mark.parametrize(
    ("told", "proxies", "address"),
    [
        ("", 0, "10.0.0.1"),
        ("203.0.113.7", 0, "10.0.0.1"),  # nobody of ours wrote it
        ("203.0.113.7", 1, "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", 1, "203.0.113.7"),  # the left one was made up
        ("198.51.100.1, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7"),
        ("203.0.113.7", 2, "10.0.0.1"),  # past one of the proxies
        ("2001:db8::7", 1, "2001:db8::7"),
        ("unknown", 1, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
    ],
)
def test_only_what_proxies_of_ours_wrote_is_believed(told: str, proxies: int, address: str, settings) -> None:
    assert address_seen(told, proxies, settings) == address


def test_one_address_does_not_lock_a_colleague_out_of_another(world, client, settings) -> None:
    """Five wrong passwords from one desk; at another, through the same proxy, she signs in."""
    settings.PROXIES, settings.AXES_ENABLED = 1, True

    def sign_in(address: str, password: str) -> int:
        typed = {"login": "lawyer", "password": password}
        return client.post("/account/login/", typed, headers={"X-Forwarded-For": address}).status_code

    assert [sign_in("203.0.113.7", "wrong") for _ in range(5)][-1] == 429
    assert sign_in("203.0.113.7", "correct horse battery") != 302, "locked here, whatever the password"
    assert sign_in("203.0.113.8", "correct horse battery") == 302
