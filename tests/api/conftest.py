"""A family to be found, and programs that ask for it: by token or by session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from panoh.access.context import acting_without_member
from panoh.access.models import Member
from panoh.access.operations import make_token
from panoh.access.operations.second_factors import SECOND_FACTOR_CHANGED
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.ledger.operations import record
from panoh.registry.operations import register_household
from panoh.registry.registration import PaperEntry
from tests.registry.families import five, person

NAMED = PersonName("Arab", "محمد نعیم", father="عبدالغفور", family="رحیمی")


@pytest.fixture
def family(world) -> Any:
    """Muhammad Naim of Kunduz, born 1365, with a passport; registered at the border post."""
    naim = person(
        name=NAMED,
        birth=BirthDate.from_parts("solar_hijri", 1365),
        origin_place="AF19",
        papers=(PaperEntry("PASSPORT", "P01234567"),),
    )
    with world.as_role("registration_clerk") as clerk:
        return register_household(by=clerk, registration=five(world.offices["panji_poyon"].pk, persons=(naim,)))


def set_up_second_factor(member: Member) -> None:
    """An authenticator app, as allauth keeps it, with the entry that the database asks for."""
    from allauth.mfa.models import Authenticator

    account = member.account_id
    with acting_without_member("a test", records=[SECOND_FACTOR_CHANGED], about=[account]):
        record(by=None, kind=SECOND_FACTOR_CHANGED, subjects=[account], payload={}, occurred_on=timezone.localdate())
        Authenticator.objects.create(user_id=account, type=Authenticator.Type.TOTP, data={"secret": "x"})


class Program:
    """Asks the API with a token, as curl would: no cookie, nothing of a browser."""

    def __init__(self, text: str) -> None:
        self.text, self.client = text, Client(raise_request_exception=True)

    def get(self, address: str, **asked: str) -> Any:
        headers = {"Authorization": f"Bearer {self.text}", "Accept-Language": asked.pop("language", "en")}
        return self.client.get(address, asked, headers=headers)

    def persons(self, **asked: str) -> Any:
        return self.get("/api/v1/persons", **asked)


@pytest.fixture
def token_of(world):
    """The text of a new token of the world's member in a role, whose second factor is set up."""

    def make(role: str, days: int = 30, second_factor: bool = True) -> str:
        if second_factor:
            set_up_second_factor(world.members[role])
        with world.as_role(role) as actor:
            return make_token(by=actor, label="a program", valid_to=timezone.localdate() + timedelta(days=days))[1]

    return make


@pytest.fixture
def program_of(token_of):
    return lambda role: Program(token_of(role))
