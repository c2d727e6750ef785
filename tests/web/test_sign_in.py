"""Signing in as a person meets it: password, second factor by app or passkey, lockout, and no way in without one of them."""

import re

import pytest

from panoh.ledger.models import Entry
from tests.browser import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]

PASSWORD = "correct horse battery"


def sign_in(page, name: str, password: str = PASSWORD) -> None:
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    follow(page.locator("main form .button").first)


def code_of(secret: str) -> str:
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def add_authenticator(page) -> None:
    """A device with a fingerprint reader, as Chromium simulates it."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )


def sign_out(page) -> None:
    page.context.clear_cookies(name="sessionid")


def test_a_wrong_password_is_told_and_the_name_stays(committed_world, visit):
    page = visit("/account/login/")
    sign_in(page, "registration_clerk", "wrong")
    assert page.locator(".notice-due").count() == 1
    assert page.locator("input[name=login]").input_value() == "registration_clerk"
    assert page.locator("input[name=password]").input_value() == ""


def test_a_password_alone_opens_no_file(committed_world, visit):
    page = visit("/account/login/")
    sign_in(page, "registration_clerk")
    page.goto(visit.address + "/search")
    assert page.url.endswith("/account/2fa/")
    assert page.locator("h1").inner_text() == "The second step of signing in"


def test_an_authenticator_app_opens_the_work_and_is_asked_for_the_next_time(committed_world, visit, violations):
    page = visit("/account/login/")
    sign_in(page, "registration_clerk")
    page.goto(visit.address + "/account/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        page.locator("input[name=password]").fill(PASSWORD)
        follow(page.locator("main form .button").first)
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    assert violations(page) == []
    secret = page.locator("main code").first.inner_text()
    page.locator("input[name=code]").fill(code_of(secret))
    follow(page.locator("main form .button").first)
    assert Entry.objects.get(kind="access.account.second_factor_changed").payload["removed"] == []
    # The codes for the day on which the telephone is lost are shown at once.
    assert re.search(r"/recovery-codes/|/2fa/", page.url)
    page.goto(visit.address + "/search")
    assert page.locator("main form[role=search]").count() == 1

    sign_out(page)
    page.goto(visit.address + "/account/login/")
    sign_in(page, "registration_clerk")
    assert page.locator("input[name=code]").count() == 1
    page.goto(visit.address + "/search")
    assert "/account/" in page.url, "the second factor cannot be walked round"


def test_a_passkey_is_added_and_signs_in_without_a_password(committed_world, visit, violations):
    page = visit("/account/login/")
    add_authenticator(page)
    sign_in(page, "lawyer")
    page.goto(visit.address + "/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.locator("input[name=password]").fill(PASSWORD)
        follow(page.locator("main form .button").first)
    assert violations(page) == []
    page.locator("input[name=name]").fill("Telephone")
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto(visit.address + "/account/2fa/webauthn/")
    assert "Telephone" in page.locator("main").inner_text()
    entry = Entry.objects.get(kind="access.account.second_factor_changed")
    assert entry.subjects == [committed_world.members["lawyer"].account_id]
    assert entry.payload == {"added": ["recovery_codes", "webauthn"], "removed": []}

    sign_out(page)
    page.goto(visit.address + "/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(visit.address + "/search")
    assert page.locator("main form[role=search]").count() == 1


def test_five_wrong_passwords_close_the_door_for_a_while(committed_world, client, settings):
    from panoh.web import problems

    assert client.login(username="lawyer", password=PASSWORD, request=client.get("/").wsgi_request), (
        "the door opens as such"
    )
    client.logout()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post("/account/login/", {"login": "auditor", "password": "wrong"})
    assert answer.status_code == 429
    assert str(problems.CATALOGUE["web.sign_in.locked"].happened) in answer.content.decode()
    client.post("/account/login/", {"login": "auditor", "password": PASSWORD})
    assert "_auth_user_id" not in client.session, "the right password does not open it either"


def test_nobody_signs_up(committed_world, client):
    answer = client.get("/account/signup/")
    assert "Accounts are given, not made" in answer.content.decode()
