"""Pages of papers and stock: each act at its address, refusals in their place, nothing for those who may not."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from panoh.ledger.models import Entry
from panoh.papers.models import Form, Paper
from panoh.papers.operations import confirm_paper
from panoh.papers.receipts import act_titles
from panoh.rulebook import current
from tests.papers.conftest import add_family, certificate
from tests.signing_in import client_of

KIND = "ASYLUM_SEEKER_CERTIFICATE"


@pytest.fixture
def clerk(world):
    return client_of(world.members["registration_clerk"])


@pytest.fixture
def supervisor(world):
    return client_of(world.members["registration_supervisor"])


@pytest.fixture
def prepared(world, family, stock) -> Paper:
    with world.as_role("registration_clerk") as actor:
        return certificate(actor, family.mother, holders=[family.daughter])


@pytest.fixture
def issued(world, prepared) -> Paper:
    with world.as_role("registration_supervisor") as actor:
        return confirm_paper(by=actor, paper=prepared)


def test_a_certificate_from_the_persons_page_to_the_printer(world, family, stock, clerk, supervisor):
    today = timezone.localdate()
    address = reverse("paper_prepare", args=[family.mother.number])
    assert clerk.get(address).status_code == 200
    answer = clerk.post(
        address,
        {
            "kind": KIND,
            "language": "prs",
            "valid_from": today,
            "valid_until": today + timedelta(days=30),
            "holders": [str(family.daughter.pk)],
        },
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    number = answer.url.rsplit("/", 1)[-1]

    # The one who made it out sees that a colleague is needed, and finds no button.
    page = clerk.get(answer.url).content.decode()
    assert reverse("paper_confirm", args=[number]) not in page
    assert clerk.get(reverse("paper_print", args=[number])).status_code == 409

    assert number in supervisor.get(reverse("papers_to_confirm")).content.decode()
    page = supervisor.get(answer.url).content.decode()
    assert reverse("paper_confirm", args=[number]) in page
    assert supervisor.get(reverse("paper_preview", args=[number])).content.startswith(b"\x89PNG")
    confirmed = supervisor.post(reverse("paper_confirm", args=[number]), {"version": 1})
    assert confirmed.status_code == 302
    printed = clerk.get(reverse("paper_print", args=[number]))
    assert printed["Content-Type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")
    assert "no-store" in printed["Cache-Control"]


def test_confirming_an_outdated_view_shows_the_paper_as_it_is_now(prepared, supervisor):
    answer = supervisor.post(reverse("paper_confirm", args=[prepared.number]), {"version": 99})
    assert answer.status_code == 409
    assert "papers.paper.changed" in answer.content.decode()
    assert supervisor.post(reverse("paper_confirm", args=[prepared.number]), {"version": "x"}).status_code == 409
    assert (
        supervisor.post(reverse("paper_confirm", args=[prepared.number]), {"version": prepared.version}).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("name", "reason", "state"), [("paper_revoke", "fraud", "revoked"), ("paper_replace", "damaged", "issued")]
)
def test_ending_a_paper_asks_for_a_reason(world, issued, supervisor, name, reason, state):
    address = reverse(name, args=[issued.number])
    assert supervisor.get(address).status_code == 200
    assert supervisor.post(address, {"version": issued.version}).status_code == 422
    assert supervisor.post(address, {"reason": "no such", "version": issued.version}).status_code == 422
    assert supervisor.post(address, {"reason": reason, "version": issued.version}).status_code == 302
    with world.as_role("registration_supervisor"):
        issued.refresh_from_db()
    assert issued.state == state


def test_the_household_page_lists_its_papers_and_offers_to_make_one_out(world, family, issued, clerk):
    page = clerk.get(reverse("household", args=[family.household.number])).content.decode()
    assert reverse("paper", args=[issued.number]) in page
    assert reverse("paper_prepare", args=[family.mother.number]) in page
    assert reverse("paper_prepare", args=[family.daughter.number]) not in page, (
        "a child stands in her mother's certificate"
    )


def test_sending_back_returns_to_the_paper(world, prepared, supervisor):
    address = reverse("paper_refuse", args=[prepared.number])
    assert supervisor.post(address, {"reason": "photo", "version": prepared.version}).status_code == 302
    assert Form.objects.get(serial=prepared.number).state == "in_stock"


def test_the_stock_page_shows_the_account_and_takes_deliveries(world, supervisor, clerk):
    assert supervisor.get(reverse("papers_stock")).status_code == 200
    address = reverse("papers_stock_receive")
    delivery = {
        "kind": KIND,
        "first": 1,
        "last": 5,
        "received_on": timezone.localdate(),
        "office": "",
        "delivery_note": "7/26",
    }
    assert supervisor.post(address, {**delivery, "last": 0}).status_code == 422
    assert supervisor.post(address, delivery).status_code == 302
    again = supervisor.post(address, delivery)
    assert again.status_code == 409
    assert 'value="7/26"' in again.content.decode(), "nothing typed is lost"
    spoil = reverse("papers_form_spoil")
    assert clerk.post(spoil, {"serial": "PJ-0000001", "outcome": "spoiled", "reason": "wet"}).status_code == 302
    assert clerk.post(spoil, {"serial": "PJ-0000001", "outcome": "spoiled", "reason": "wet"}).status_code == 409
    page = supervisor.get(reverse("papers_stock")).content.decode()
    assert "PJ-0000001" in page
    assert clerk.post(address, delivery).status_code == 403


def test_what_is_hidden_looks_like_what_is_missing(world, issued):
    lawyer = client_of(world.members["lawyer"])
    officer = client_of(world.members["mandate_officer"])
    assert lawyer.get(reverse("paper", args=[issued.number])).status_code == 403, "the role holds no such verb"
    assert officer.get(reverse("paper", args=[issued.number])).status_code == 200
    assert officer.get(reverse("paper", args=["PJ-7777777"])).status_code == 404
    assert officer.post(reverse("paper_revoke", args=[issued.number])).status_code == 403


@pytest.mark.parametrize("language", ["en", "ru", "tg", "prs"])
def test_the_pages_stand_in_every_language(world, issued, supervisor, language):
    supervisor.cookies["language"] = language
    for name, arguments in (("paper", [issued.number]), ("papers_stock", []), ("papers_to_confirm", [])):
        assert supervisor.get(reverse(name, args=arguments)).status_code == 200


def test_lists_ask_the_database_a_bounded_number_of_times(
    world, family, stock, supervisor, django_assert_max_num_queries
):
    with world.as_role("registration_clerk") as actor:
        for serial in range(2, 7):
            certificate(actor, add_family(actor, serial).mother)
    supervisor.get(reverse("papers_to_confirm"))
    with django_assert_max_num_queries(20):
        supervisor.get(reverse("papers_to_confirm"))


# -- receipts -------------------------------------------------------------------------------------------------------------------


def test_the_receipt_of_any_act_on_the_file_can_be_printed(world, family, clerk):
    entry = Entry.objects.get(kind="registry.household.registered")
    for language in ("", "?language=tg", "?language=en"):
        answer = clerk.get(reverse("receipt", args=[family.household.number, entry.pk]) + language)
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")
    assert clerk.get(reverse("receipt", args=[family.household.number, entry.pk]) + "?language=xx").status_code == 422
    assert clerk.get(reverse("receipt", args=[family.household.number, uuid4()])).status_code == 404


def test_a_receipt_is_given_only_for_the_file_that_the_act_is_about(world, family, clerk):
    with world.as_role("registration_clerk") as actor:
        other = add_family(actor, serial=2)
    entry = Entry.objects.filter(kind="registry.household.registered", subjects__contains=[other.household.pk]).get()
    assert clerk.get(reverse("receipt", args=[family.household.number, entry.pk])).status_code == 404
    assert clerk.get(reverse("receipt", args=[other.household.number, entry.pk])).status_code == 200
    lawyer = client_of(world.members["lawyer"])
    assert lawyer.get(reverse("receipt", args=[other.household.number, entry.pk])).status_code in (403, 404)


def test_acts_are_named_by_their_procedure_or_the_countrys_list():
    assert act_titles("registry.household.registered")["prs"] == "فامیل ثبت شد"
    assert act_titles("something.unknown")["en"] == "An act was recorded"
    for versions in current().procedures.values():
        for version in versions:
            for action in version.actions.values():
                assert act_titles(version.ledger_kind(action.code)) == dict(action.doing) or len(versions) > 1
