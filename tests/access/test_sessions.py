"""Sessions that end, memberships that end, the purpose of the work, and opening a hidden file in an emergency."""

from __future__ import annotations

import re
import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from panoh.access import operations
from panoh.access.context import acting_as_system, acting_without_member
from panoh.access.models import Grant
from panoh.access.sessions import kept_key
from tests.registry.test_register_page import FATHER, typed
from tests.signing_in import client_of


def test_a_session_that_lay_idle_is_over(world) -> None:
    client = client_of(world.members["registration_clerk"])
    assert client.get("/households/register").status_code == 200
    session = client.session
    session["seen_at"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    answer = client.get("/households/register")
    assert answer.status_code == 302 and "/account/login" in answer["Location"]
    assert client.get("/households/register").status_code == 302, "it does not come back by itself"


def test_an_ended_membership_is_over_at_the_next_request(world) -> None:
    client = client_of(world.members["registration_clerk"])
    assert client.get("/households/register").status_code == 200
    world.add_member("administrator", "of_authority", office="dushanbe", organisation="authority")
    with world.as_role("of_authority") as by:
        operations.end_member(by=by, member=world.members["registration_clerk"], valid_to=timezone.localdate())
    assert client.get("/households/register").status_code == 403


def test_an_account_that_was_closed_is_over(world) -> None:
    member = world.members["registration_clerk"]
    client = client_of(member)
    with acting_without_member("an account closed in a test", records=["test.account.closed"]):
        member.account.is_active = False
        member.account.save()
    assert client.get("/households/register").status_code in (302, 403)


def test_one_account_acts_for_one_organisation_at_a_time(world) -> None:
    member = world.members["register_officer"]
    with world.as_role("administrator") as by:
        second = operations.add_member(
            by=by,
            account=member.account,
            organisation=world.organisations["un"],
            role="auditor",
            valid_from=timezone.localdate(),
        )
    client = client_of(member)
    session = client.session
    del session["member_id"]
    session.save()
    assert client.get("/readings").status_code == 302, "with two memberships one is chosen first"
    assert client.post("/membership", {"member": str(second.pk)}).status_code == 302
    assert client.get("/readings").status_code == 200
    assert client.get("/households/register").status_code == 403
    assert client.post("/membership", {"member": str(world.members["lawyer"].pk)}).status_code == 200, "not his own"
    assert client.get("/readings").status_code == 200


def test_the_purpose_is_one_of_the_roles_and_leads_back_to_our_own_pages_only(world) -> None:
    client = client_of(world.members["register_officer"])
    assert client.post("/purpose", {"purpose": "statistics", "next": "/organisations"})["Location"] == "/organisations"
    assert client.session["purpose"] == "statistics"
    client.post("/purpose", {"purpose": "audit", "next": "https://evil.example/"})
    assert client.session["purpose"] == "statistics"
    assert "evil" not in client.post("/purpose", {"purpose": "statistics", "next": "https://evil.example/"})["Location"]


@pytest.mark.django_db(transaction=True)
def test_a_hidden_file_opens_in_an_emergency_with_a_reason_and_only_for_him(committed_world) -> None:
    world = committed_world
    page = client_of(world.members["registration_clerk"]).post("/households/register", typed(FATHER)).content.decode()
    number = re.search(r"/households/([0-9A-Z-]+)\"", page)[1]
    with world.as_role("administrator") as by:
        operations.end_agreement(by=by, agreement=world.agreements["un"], valid_to=timezone.localdate())
    protection, mandate = client_of(world.members["protection_officer"]), client_of(world.members["mandate_officer"])
    assert protection.get(f"/households/{number}").status_code == 404
    sent = {"number": number, "reason": "Removal to the border is announced for tonight."}
    assert protection.post("/emergencies/open", {**sent, "reason": "please"}).status_code == 422
    missing = protection.post("/emergencies/open", {**sent, "number": "102-26H9999999"})
    assert missing.status_code in (404, 422) and "announced for tonight" in missing.content.decode()
    assert client_of(world.members["lawyer"]).post("/emergencies/open", sent).status_code == 403
    assert protection.post("/emergencies/open", sent).status_code == 302
    assert protection.get(f"/households/{number}").status_code == 200
    assert mandate.get(f"/households/{number}").status_code == 404
    with acting_as_system("looking in a test"):
        grant = Grant.objects.get(basis="override")
    auditor = client_of(world.members["auditor"])
    assert "announced for tonight" in auditor.get("/emergencies").content.decode()
    assert auditor.post(f"/emergencies/{grant.pk}/review", {"justified": "no", "remark": "x"}).status_code == 302
    assert protection.get(f"/households/{number}").status_code == 404


def test_the_key_of_a_session_is_not_in_the_database(world, settings) -> None:
    """Whoever reads the table, by a statement injected into a page, finds nothing that opens a session."""
    client = client_of(world.members["registration_clerk"])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    (kept,) = Session.objects.values_list("session_key", flat=True)
    assert kept == kept_key(key) != key
    assert client.get("/households/register").status_code == 200
    client.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert client.get("/households/register").status_code == 302, "what the table holds is no key"


def test_signing_out_ends_the_session_for_whoever_kept_its_key(world, settings) -> None:
    client = client_of(world.members["registration_clerk"])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/account/logout/")
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/households/register").status_code == 302
    assert not Session.objects.filter(session_key=kept_key(key)).exists()


def test_the_content_of_another_session_cannot_be_copied_into_ones_own(world, settings) -> None:
    clerk, administrator = (client_of(world.members[role]) for role in ("registration_clerk", "administrator"))
    own, other = (kept_key(one.cookies[settings.SESSION_COOKIE_NAME].value) for one in (clerk, administrator))
    assert administrator.get("/members").status_code == 200 and clerk.get("/members").status_code == 403
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_session SET session_data = (SELECT session_data FROM django_session WHERE session_key = %s)"
            " WHERE session_key = %s",
            [other, own],
        )
        assert cursor.rowcount == 1
    assert clerk.get("/members").status_code == 302, "who she is has to be shown anew"
