"""Consent is asked for each organisation and purpose, with how and in which language it was given, and by whom."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from panoh.access.context import acting_as_system
from panoh.access.models import Agreement
from panoh.ledger.operations import record
from panoh.registry.models import Consent
from tests.registry.pages import form_of
from tests.registry.test_event_pages import TODAY, members, register
from tests.registry.test_register_page import FATHER, MOTHER, typed
from tests.signing_in import client_of
from tests.world import SINCE


@pytest.fixture
def clerk(world):
    return client_of(world.members["registration_clerk"])


@pytest.fixture
def two_purposes(world) -> Agreement:
    """The partner may see files for two purposes; for one of them an earlier agreement says so too."""
    with acting_as_system("an agreement in a test", records=["test.agreement.made"]):
        agreement = Agreement.objects.create(
            giver=world.organisations["authority"], receiver=world.organisations["undp"], reference="Two purposes",
            purposes=["assistance", "legal_aid"], field_classes=["open"], needs_consent=True, valid_from=SINCE,
            signed_at=timezone.now(),
        )  # fmt: skip
        record(by=None, kind="test.agreement.made", subjects=[agreement.pk], payload={}, occurred_on=SINCE)
    return agreement


def consents() -> list[tuple[str, str, str, bool]]:
    with acting_as_system("reading in a test"):
        rows = Consent.objects.order_by("purpose", "id")
        return [(one.purpose, one.method, one.language, one.person_id is None) for one in rows]


def ticks(page: str) -> list[str]:
    return re.findall(r'name="consents" value="([^"]+)"', page)


def test_one_tick_for_each_organisation_and_purpose(world, clerk, two_purposes) -> None:
    page = clerk.get("/households/register").content.decode()
    offered = ticks(page)
    assert [key.partition(":")[2] for key in offered] == ["assistance", "legal_aid"], "not twice the same question"
    assert "Assistance and services" in page and "Legal aid" in page
    sent = typed(FATHER, consents=offered, consent_language="PRS", consent_method="thumbprint")
    unsaid = clerk.post("/households/register", {**sent, "consent_method": ""})
    assert unsaid.status_code == 422 and "consent_method-error" in unsaid.content.decode() and not consents()
    assert ticks(unsaid.content.decode()) and unsaid.content.decode().count("checked") >= 2, "the ticks are kept"
    assert clerk.post("/households/register", sent).status_code == 200
    assert consents() == [("assistance", "thumbprint", "PRS", True), ("legal_aid", "thumbprint", "PRS", True)]


def test_an_adult_decides_for_herself(world, clerk, two_purposes) -> None:
    family = register(clerk, FATHER, MOTHER)
    mother = members(family)[1]
    address = f"/households/{family.number}/consent"
    sent = {
        **form_of(clerk, address), "agreement": f"{two_purposes.pk}:legal_aid", "person": str(mother.pk), "method": "oral",
        "language": "PRS", "given_on": TODAY,
    }  # fmt: skip
    assert clerk.post(address, {**sent, "person": "somebody"}).status_code == 422
    assert clerk.post(address, sent).status_code == 302
    assert consents() == [("legal_aid", "oral", "PRS", False)]
    page = clerk.get(f"/households/{family.number}").content.decode()
    told = page[page.index("Consent</h2>") :]
    assert mother.number in told and "Spoken, recorded by the officer" in told and "Legal aid" in told
    partner = client_of(world.members["programme_officer"])
    assert partner.get(f"/households/{family.number}").status_code == 404, "hers opens nothing of the family's"
    page = clerk.get(f"/households/{family.number}/withdrawal").content.decode()
    assert mother.number in page
