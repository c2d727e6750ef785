"""A receipt's number opens the page as the case's own does, to nobody without the code; and whoever tries codes has to wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from panoh.inquiry.codes import receipt_range
from panoh.inquiry.operations import make_code, revoke_code
from panoh.inquiry.queries import ask
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import sign_receipt
from tests.procedures.stories import Story, refused
from tests.signing_in import client_of

WRONG = "AAAA-BBBB-CCCC"
COMMITTED = pytest.mark.django_db(transaction=True, databases="__all__")  # where the test looks as the owner does


def code_for(story: Story) -> str:
    with story.acting("eligibility_officer") as officer:
        return make_code(by=officer, case=story.case)


def entry_of(story: Story, seq: int = 1) -> Entry:
    with story.acting("registration_clerk"):
        return Entry.objects.get(pk=story.case.steps.get(seq=seq).entry_id)


# -- the receipt ------------------------------------------------------------------------------------------------------


def test_a_receipt_of_any_act_opens_the_case_however_its_number_is_written(story):
    code = code_for(story)
    story.take("register", "eligibility_officer")
    for seq in (1, 2):
        entry = entry_of(story, seq)
        receipt = sign_receipt(entry, number=story.household.number)
        number = entry.receipt_number
        for written in (number, number.lower(), number.replace("-", " "), entry.id, receipt.text, f" {receipt.text}\n"):
            assert ask(str(written), code, "en").number == story.case.number


def test_a_receipt_is_nothing_without_the_code_and_the_code_nothing_with_a_receipt_of_another_case(story, world):
    code, number = code_for(story), entry_of(story).receipt_number
    other = Story(world)
    other.register()
    other.open("asylum", "government", "registration_clerk")
    other_code = code_for(other)
    answers = set()
    for asked in [
        (number, WRONG),
        (number, other_code),
        (entry_of(other).receipt_number, code),
        ("0000-0000-0000-0000", code),
        ("FFFF-FFFF-FFFF-FFFF", code),
        ("PANOH1:" + "A" * 300, code),
    ]:
        with pytest.raises(Problem) as caught:
            ask(*asked, "en")
        answers.add((caught.value.code, caught.value.field, str(caught.value.params)))
    assert answers == {("inquiry.case.not_found", "code", "{}")}


def test_the_receipt_of_a_registration_opens_no_case(story):
    """The family's file is no case: its receipt speaks of nothing that a code opens."""
    with story.acting("registration_clerk"):
        entry = Entry.objects.get(kind="registry.household.registered", subjects__contains=[story.household.pk])
    code = code_for(story)
    with refused("inquiry.case.not_found"):
        ask(entry.receipt_number, code, "en")


def test_only_a_number_of_sixteen_signs_is_one_of_a_receipt():
    assert receipt_range("0198-C1D2-5A7E-7C31") is not None
    assert receipt_range("0198 c1d2 5a7e 7c31") == receipt_range("0198C1D25A7E7C31")
    for text in ("", "0198", "A-26-0000123-7", "0198-C1D2-5A7E-7C3", "0198-C1D2-5A7E-7C3Z", "0198-C1D2-5A7E-7C31-9F04"):
        assert receipt_range(text) is None


# -- trying -----------------------------------------------------------------------------------------------------------


def tries(story: Story, asker: str, times: int) -> list[str]:
    found = []
    for _ in range(times):
        with pytest.raises(Problem) as caught:
            ask(story.case.number, WRONG, "en", asker)
        found.append(caught.value.code)
    return found


def test_after_five_wrong_codes_that_address_waits_for_that_number_and_nobody_else_does(story):
    code = code_for(story)
    assert tries(story, "203.0.113.7", 7) == ["inquiry.case.not_found"] * 5 + ["inquiry.case.wait"] * 2
    with refused("inquiry.case.wait"):
        ask(story.case.number, code, "en", "203.0.113.7")  # the right one, too: it could not be told from a lucky guess
    assert ask(story.case.number, code, "en", "203.0.113.8").number == story.case.number


def test_numbers_that_are_not_there_are_counted_alike(story):
    code_for(story)
    outcomes = []
    for number in (story.case.number, "A-99-9999999", "0000-0000-0000-0000"):
        codes = []
        for _ in range(6):
            with pytest.raises(Problem) as caught:
                ask(number, WRONG, "en", f"203.0.113.{len(outcomes) + 20}")
            codes.append(caught.value.code)
        outcomes.append(codes)
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_who_tries_many_numbers_waits_for_all(story):
    code = code_for(story)
    for number in range(40):
        with refused("inquiry.case.not_found"):
            ask(f"A-26-{number:07d}", WRONG, "en", "203.0.113.7")
    with refused("inquiry.case.wait"):
        ask(story.case.number, code, "en", "203.0.113.7")


@COMMITTED
def test_the_wait_ends_and_a_right_code_clears_the_count(committed_story):
    code = code_for(committed_story)
    tries(committed_story, "203.0.113.7", 4)
    ask(committed_story.case.number, code, "en", "203.0.113.7")
    assert set(tries(committed_story, "203.0.113.7", 5)) == {"inquiry.case.not_found"}
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE inquiry_attempt SET at = at - %s", [timedelta(minutes=16)])
    assert ask(committed_story.case.number, code, "en", "203.0.113.7").number == committed_story.case.number


@COMMITTED
def test_without_the_count_codes_could_be_tried_for_ever(committed_story):
    """The guard taken away: with the counted rows gone between tries, nobody ever waits."""
    code_for(committed_story)
    for _ in range(3):
        assert set(tries(committed_story, "203.0.113.7", 5)) == {"inquiry.case.not_found"}
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM inquiry_attempt")


@COMMITTED
def test_the_page_says_that_it_waits_and_keeps_neither_address_nor_number(committed_story):
    code_for(committed_story)
    client = Client(headers={"host": "localhost"})
    statuses = [
        client.post("/own-case", {"number": committed_story.case.number, "code": WRONG}).status_code for _ in range(6)
    ]
    assert statuses == [404] * 5 + [429]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT asker, pair FROM inquiry_attempt")
        kept = [bytes(value) for row in cursor.fetchall() for value in row]
    assert kept and all(len(value) == 32 for value in kept)
    assert not any(committed_story.case.number.encode() in value or b"127.0.0.1" in value for value in kept)


# -- ending a code ----------------------------------------------------------------------------------------------------


def test_an_ended_code_opens_nothing_and_leaves_an_entry(story):
    code = code_for(story)
    with story.acting("registration_clerk") as clerk:
        revoke_code(by=clerk, case=story.case)
        assert Entry.objects.filter(kind="inquiry.code.revoked").count() == 1
    with refused("inquiry.case.not_found"):
        ask(story.case.number, code, "en")
    with story.acting("registration_clerk") as clerk, refused("inquiry.code.none_in_force"):
        revoke_code(by=clerk, case=story.case)


def test_the_page_of_the_code_shows_what_is_in_force(story):
    officer = client_of(story.world.members["eligibility_officer"])
    address = f"/own-case/{story.case.number}"
    assert "No code is in force" in officer.get(address).content.decode()
    officer.post(f"{address}/code")
    assert "A code is in force" in officer.get(address).content.decode()
    assert officer.post(f"{address}/code/revoke").status_code == 302
    assert officer.post(f"{address}/code/revoke").status_code == 422
