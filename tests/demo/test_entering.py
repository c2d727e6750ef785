"""Stepping into a role with one press: in the demo, and nowhere else."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from panoh.access.context import acting_without_member
from panoh.access.models import Account
from panoh.demo import cast
from panoh.demo.home import list_role_cards

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def demo(monkeypatch) -> None:
    """The site as the demo serves it: no second factor, cards on the first page."""
    monkeypatch.setattr(settings, "MODE", "demo")
    monkeypatch.setattr(settings, "PANOH_SECOND_FACTOR", False)


SHOWN = [member for member in cast.MEMBERS if member.shown]


@pytest.mark.parametrize("member", SHOWN, ids=lambda member: member.username)
def test_one_press_enters_the_role(demo, member) -> None:
    client = Client()
    answer = client.post(reverse("demo_enter", args=[member.username]), follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == reverse(member.lands) or member.lands == "start"
    account = Account.objects.get(pk=client.session["_auth_user_id"])
    assert account.username == member.username
    assert account.memberships.get().role == member.role


def test_the_first_page_offers_every_role_with_something_to_try(demo, rf) -> None:
    cards = list_role_cards(rf.get("/"))
    assert [card.url for card in cards] == [reverse("demo_enter", args=[member.username]) for member in SHOWN]
    assert all(card.title and card.organisation and card.name and str(card.tries[0]) for card in cards)
    page = Client().get("/").content.decode()
    assert all(f'action="{card.url}"' in page for card in cards)


@pytest.mark.parametrize("mode", ["production", "test"])
def test_elsewhere_nobody_steps_into_a_role(monkeypatch, rf, mode: str) -> None:
    monkeypatch.setattr(settings, "MODE", mode)
    client = Client()
    assert client.post(reverse("demo_enter", args=["clerk"])).status_code == 404
    assert "_auth_user_id" not in client.session
    assert list_role_cards(rf.get("/")) == []


def test_an_account_that_is_not_of_the_cast_keeps_its_password(demo) -> None:
    with acting_without_member("an account of a test", records=["test.account.added"]):
        Account.objects.create_user("outsider", password="correct horse battery", name="Outsider")
        assert Client().post(reverse("demo_enter", args=["outsider"])).status_code == 404
        assert Client().post(reverse("demo_enter", args=["commission-justice"])).status_code == 404, (
            "a member without a card"
        )
        transaction.set_rollback(True)  # the operation is shared by the tests of this module


def test_looking_at_the_address_enters_nothing(demo) -> None:
    client = Client()
    assert client.get(reverse("demo_enter", args=["clerk"])).status_code == 405
    assert "_auth_user_id" not in client.session


def test_nothing_of_the_role_before_is_left_in_the_session(demo) -> None:
    client = Client()
    client.post(reverse("demo_enter", args=["protection"]))
    client.get("/")
    before = client.session.get("member_id")
    client.post(reverse("demo_enter", args=["clerk"]))
    assert client.session.get("member_id") != before or before is None


def test_a_forged_form_is_refused(demo) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("demo_enter", args=["clerk"])).status_code == 403
    assert "_auth_user_id" not in strict.session
