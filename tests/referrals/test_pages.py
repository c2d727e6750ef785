"""The pages: from the household to the slip, what each side meets, and that a refused form keeps what was typed."""

from __future__ import annotations

import re

import pytest

from panoh.referrals import slips
from tests.referrals.conftest import ASKED
from tests.referrals.test_answering import act
from tests.signing_in import client_of


@pytest.fixture
def officer(world):
    return client_of(world.members["protection_officer"])


@pytest.fixture
def lawyer(world):
    return client_of(world.members["lawyer"])


def form_of(world, family, **changes) -> dict:
    given = {
        "persons": [str(family.mother.pk)],
        "kind": "LEGAL_AID",
        "receiver": str(world.organisations["ngo"].pk),
        "urgency": "SOON",
        "text": ASKED,
        "shares": ["contact"],
    }
    return given | changes


def test_from_the_household_to_the_other_organisation_and_back(world, family, officer, lawyer):
    home = f"/households/{family.household.number}"
    assert f"{home}/referrals/new" in officer.get(home).content.decode()
    answer = officer.post(f"{home}/referrals/new", form_of(world, family))
    assert answer.status_code == 302
    page = answer.url
    assert ASKED in officer.get(page).content.decode()
    assert page in officer.get(home).content.decode()
    received = lawyer.get("/referrals").content.decode()
    assert page in received
    shown = lawyer.get(page).content.decode()
    assert family.mother.number in shown
    assert "+992900000001" in shown
    assert "Street of the Mill" not in shown
    assert home not in shown
    version = re.search(r'name="version" value="(\d+)"', lawyer.get(f"{page}/accept").content.decode())[1]
    assert lawyer.post(f"{page}/accept", {"version": version, "text": "Come at nine."}).status_code == 302
    told = {"version": "2", "outcome": "PROVIDED", "text": "We spoke for her."}
    assert lawyer.post(f"{page}/return", told).status_code == 302
    after = lawyer.get(page).content.decode()
    assert family.mother.number not in after
    assert ASKED not in after
    assert officer.post(f"{page}/close", {"version": "3", "text": "She knows."}).status_code == 302


def test_a_refused_form_comes_back_with_everything_typed(world, family, officer):
    sent = form_of(world, family, persons=[str(family.daughter.pk)])
    answer = officer.post(f"/households/{family.household.number}/referrals/new", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "referrals.referral.no_consent" in text
    assert ASKED in text
    assert "legal" in text.lower()


def test_survivors_are_not_offered_and_not_taken(world, family, officer):
    address = f"/households/{family.household.number}/referrals/new"
    text = officer.get(address).content.decode()
    assert 'value="GBV"' not in text
    assert 'value="HEALTH"' in text
    assert officer.post(address, form_of(world, family, kind="GBV")).status_code == 422


def test_hidden_and_missing_look_the_same(world, referral):
    stranger = client_of(world.members["programme_officer"])
    for tail in ("", "/accept", "/close", "/slip.pdf"):
        hidden, missing = (
            stranger.get(f"/referrals/{referral.number}{tail}"),
            stranger.get(f"/referrals/R-26-999999{tail}"),
        )
        assert (hidden.status_code, missing.status_code) == (404, 404), tail
        assert all(b"referrals.referral.not_found" in one.content for one in (hidden, missing)), tail


def test_the_slip_is_the_senders_and_names_nobody(world, family, referral, officer, lawyer, monkeypatch):
    printed = {}
    monkeypatch.setattr(slips, "render_pdf", lambda name, inputs, **more: printed.update(inputs) or b"%PDF-")
    for language in slips.LANGUAGES:
        assert officer.get(f"/referrals/{referral.number}/slip.pdf?language={language}").status_code == 200
        text = str(printed)
        for hidden in (family.mother.number, family.household.number, ASKED, "Street of the Mill"):
            assert hidden not in text
    assert lawyer.get(f"/referrals/{referral.number}/slip.pdf").status_code == 404


@pytest.mark.parametrize("language", slips.LANGUAGES)
def test_the_slip_can_be_printed(world, referral, officer, language):
    answer = officer.get(f"/referrals/{referral.number}/slip.pdf?language={language}")
    assert answer.content.startswith(b"%PDF")
    act(world, "lawyer", "accept", referral)
    assert officer.get(f"/referrals/{referral.number}/slip.pdf?language={language}").content.startswith(b"%PDF")
