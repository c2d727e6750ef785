"""A sheet that was typed while the session ended: it comes back whole, and is saved once somebody has signed in again."""

from __future__ import annotations

import html
import re
import time
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from panoh.access.context import acting_as_system
from panoh.registry.models import Household
from tests.registry.test_register_page import FATHER, typed
from tests.signing_in import client_of

ADDRESS, ORIGIN = "/households/register", {"Origin": "http://testserver"}
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def fields_of(page: str) -> list[tuple[str, str]]:
    """The fields of the form that sends everything again, its token among them."""
    form = next(part for part in page.split("<form") if "Send again" in part)
    return [(name, html.unescape(value)) for name, value in FIELD.findall(form)]


def strict(client: Client) -> Client:
    client.handler.enforce_csrf_checks = True
    return client


def idle(client: Client) -> None:
    session = client.session
    session["seen_at"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()


def send(client: Client, fields, **more):
    return client.post(ADDRESS, urlencode(fields), content_type="application/x-www-form-urlencoded", **more)


def registered() -> int:
    with acting_as_system("counting in a test"):
        return Household.objects.count()


@pytest.fixture
def returned(world):
    """The page that came back to a clerk whose session was over, and what she had typed."""
    client = client_of(world.members["registration_clerk"])
    given = typed(FATHER)
    idle(client)
    answer = client.post(ADDRESS, given)
    assert answer.status_code == 401 and registered() == 0
    return client, answer.content.decode(), given


def signed_in_again(member, page: str) -> tuple[Client, list[tuple[str, str]]]:
    """In another window: another session, and another token than the one in the page."""
    client = strict(client_of(member))
    client.get(ADDRESS)  # a page of the new session sets the cookie
    return client, fields_of(page)


def test_what_was_typed_comes_back_and_is_saved_after_signing_in(world, returned) -> None:
    _client, page, given = returned
    assert given.items() <= dict(fields_of(page)).items()
    client, fields = signed_in_again(world.members["registration_clerk"], page)
    again = send(client, fields, headers=ORIGIN)
    assert again.status_code == 403 and "Registration Clerk" in again.content.decode(), "it says in whose name"
    done = send(client, fields_of(again.content.decode()), headers=ORIGIN)
    assert done.status_code == 200 and registered() == 1


def test_nobody_sends_what_a_colleague_typed(world, returned) -> None:
    client, fields = signed_in_again(world.members["registration_supervisor"], returned[1])
    refused = send(client, fields, headers=ORIGIN)
    assert refused.status_code == 403 and "web.form.of_another" in refused.content.decode()
    forged = [(name, "x" if name == "typed_by" else value) for name, value in fields]
    assert "web.form.from_elsewhere" in send(client, forged, headers=ORIGIN).content.decode()
    assert registered() == 0


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.example"}, {"Origin": "null"}])
def test_a_form_of_another_site_is_not_shown_with_a_token_that_fits(world, headers) -> None:
    client = strict(client_of(world.members["registration_clerk"]))
    client.get(ADDRESS)
    page = send(client, [("phone", "planted")], headers=headers).content.decode()
    assert "web.form.from_elsewhere" in page and "planted" not in page


def test_passwords_do_not_travel_and_files_are_asked_for_again(world) -> None:
    administrator = client_of(world.members["administrator"])
    idle(administrator)
    page = administrator.post("/members/add", {"username": "nina", "password": "a secret of nina"}).content.decode()
    assert "nina" in page and "a secret of nina" not in page
    officer = client_of(world.members["register_officer"])
    idle(officer)
    page = officer.post("/imports", {"workbook": SimpleUploadedFile("list.xlsx", b"x")}).content.decode()
    assert 'type="file" name="workbook"' in page and 'enctype="multipart/form-data"' in page


def test_a_part_of_a_page_and_a_program_are_told_as_before(world) -> None:
    client = client_of(world.members["registration_clerk"])
    idle(client)
    assert client.post(ADDRESS, {}, headers={"HX-Request": "true"}).status_code == 302
    assert client.post(ADDRESS, {}, headers={"Accept": "application/json"}).status_code == 401
