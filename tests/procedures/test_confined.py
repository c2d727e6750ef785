"""Cases that are not for everybody who sees the file: a lawyer's, a complaint about an official, and those of others from a partner.

The same households and members throughout; what is refused to one is shown to another. The last test takes the database's rule
away and sees the secret: so the others hold because of the rule.
"""

from __future__ import annotations

import pytest
from django.db import connection

from panoh.access.roles import ROLES
from panoh.journeys.ledger_pages.reading import check_receipt
from panoh.kernel.problems import Problem
from panoh.ledger.operations import sign_receipt
from panoh.ledger.queries import get_entry
from panoh.papers.models import Paper
from panoh.procedures.models import Case, PaperOrder
from panoh.procedures.operations.paper_orders import prepare_ordered_paper
from panoh.procedures.operations.safeguards import answer_safeguard
from panoh.procedures.queries.cases import get_case, list_cases_of_household, procedure_of, visible_to
from tests.procedures.stories import Story, differences, refused
from tests.procedures.test_pages import page_of
from tests.signing_in import client_of


@pytest.fixture
def complained(story: Story) -> Story:
    """The family complained to UNHCR about the office in Vahdat; the file is kept at the border post."""
    story.office = str(story.world.offices["vahdat"].pk)
    story.open(
        "complaint",
        "confidential",
        "protection_officer",
        persons=story.persons[:1],
        office=story.office,
        about="bribery",
    )
    return story


@pytest.fixture
def at_the_authority(story: Story) -> Story:
    """The same complaint, taken in by the head of registration, whose office is another."""
    story.office = str(story.world.offices["panji_poyon"].pk)
    story.open(
        "complaint",
        "authority",
        "registration_supervisor",
        persons=story.persons[:1],
        office=story.office,
        about="bribery",
    )
    return story


def seen_by(story: Story, role: str) -> tuple[bool, bool]:
    """Whether a role sees the case by the program's rule, and by the database's own against raw SQL."""
    with story.acting(role) as actor, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procedures_case WHERE id = %s", [story.case.pk])
        return visible_to(actor).filter(pk=story.case.pk).exists(), cursor.fetchone()[0] == 1


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_confined_case_is_seen_by_the_organisation_that_runs_it_alone(complained, role):
    runs_it = role in ("protection_officer", "mandate_officer", "register_officer")
    assert seen_by(complained, role) == (runs_it, runs_it)


def test_a_confined_case_is_no_news_on_any_page_of_the_file(complained):
    number = complained.case.number
    for role, shown in (("registration_supervisor", False), ("protection_officer", True)):
        client = client_of(complained.world.members[role])
        household = page_of(client.get(f"/households/{complained.household.number}"))
        assert (number in household) is shown
        assert client.get(f"/cases/{number}").status_code == (200 if shown else 404)
    with complained.acting("registration_supervisor") as supervisor:
        assert list_cases_of_household(supervisor, complained.household) == []
        with pytest.raises(Problem) as hidden:
            get_case(supervisor, number)
        with pytest.raises(Problem) as missing:
            get_case(supervisor, "CF-26-0000000")
        assert hidden.value.code == missing.value.code


def test_nobody_of_the_office_that_it_is_about_sees_a_complaint(at_the_authority):
    """The clerk sits in that office and sees the family's file; the supervisor of another office sees the complaint."""
    assert seen_by(at_the_authority, "registration_supervisor") == (True, True)
    assert seen_by(at_the_authority, "registration_clerk") == (False, False)
    with at_the_authority.acting("registration_clerk"), connection.cursor() as cursor:
        for table in ("step", "caseperson", "due", "notice", "paperorder"):
            cursor.execute(f"SELECT count(*) FROM procedures_{table}")
            assert cursor.fetchone() == (0,), table


def test_an_office_does_not_take_in_what_it_may_not_see(story):
    own = str(story.world.members["registration_supervisor"].office_id)
    with refused("procedures.case.own_office", "office"):
        story.open("complaint", "authority", "registration_supervisor", persons=story.persons[:1], office=own)
    with story.acting("registration_supervisor"):
        assert not Case.objects.exists()


def test_a_complaint_can_be_made_while_another_is_open(complained):
    first = complained.case.number
    complained.open("complaint", "confidential", "protection_officer", persons=complained.persons[:1])
    assert complained.case.number != first


def test_without_the_rule_of_the_database_the_office_would_see_it(at_the_authority, owner_connection):
    owner_connection.execute("ALTER POLICY panoh_read ON procedures_case USING (true)")
    owner_connection.commit()
    program, database = seen_by(at_the_authority, "registration_clerk")
    assert database, "the rule that was taken away is what hid it"
    assert not program, "and the program's own rule still stands"


def test_the_history_of_the_file_does_not_tell_of_it(complained):
    """The entries of a confined case name the household; whoever does not see the case finds them neither there nor by address."""
    with complained.acting("protection_officer"):
        entry = str(complained.case.steps.get(seq=1).entry_id)
    for role, shown in (("registration_supervisor", False), ("mandate_officer", True)):
        client = client_of(complained.world.members[role])
        household = page_of(client.get(f"/households/{complained.household.number}"))
        assert (entry in household) is shown
        assert client.get(f"/ledger/entries/{entry}").status_code == (200 if shown else 404)


LEGIBLE = "SELECT count(*) FROM ledger_entry WHERE body::jsonb->'payload'->>'case' = %s OR kind LIKE 'complaint.%%'"


def legible(story: Story, role: str) -> int:
    """How many entries about the case an injected statement reads in a page of this role."""
    with story.acting(role), connection.cursor() as cursor:
        cursor.execute(LEGIBLE, [str(story.case.pk)])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_ledger_shows_its_entries_to_nobody_who_does_not_see_the_case(complained, role):
    """Not even to a statement of an injector's own: neither the kind of the case, nor the act, nor an answer."""
    with complained.acting("protection_officer") as officer:
        complained.case.refresh_from_db()
        answer_safeguard(
            by=officer, case=complained.case, safeguard=next(iter(procedure_of(complained.case).safeguards)),
            verdict="kept", on=complained.today(), evidence="seen",
        )  # fmt: skip
    sees = seen_by(complained, role)[1]
    assert (legible(complained, role) > 0) is sees
    with complained.acting(role), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE body LIKE %s", [f"%{complained.case.pk}%"])
        assert (cursor.fetchone()[0] > 1) is sees, "the answer of a monitor names the case as well"


def test_without_the_rule_of_the_ledger_everybody_would_read_them(complained, owner_connection):
    assert legible(complained, "registration_supervisor") == 0
    owner_connection.execute("ALTER POLICY ledger_open ON ledger_entry USING (true)")
    owner_connection.commit()
    assert legible(complained, "registration_supervisor") == 1


def test_a_receipt_of_a_closed_entry_is_confirmed_to_a_stranger_and_the_replay_still_holds(complained):
    with complained.acting("protection_officer"):
        receipt = sign_receipt(get_entry(complained.case.steps.get(seq=1).entry_id))
    assert check_receipt(receipt.text).standing == "waiting", "there, and not numbered yet; no context was needed"
    assert differences() == []


def test_its_letters_are_printed_from_the_case_and_kept_nowhere_else(complained):
    complained.take("acknowledge", "protection_officer")
    with complained.acting("protection_officer") as officer:
        order = PaperOrder.objects.select_related("person__household", "step", "case").get(case=complained.case)
        with refused("procedures.paper.printed_here"):
            prepare_ordered_paper(by=officer, order=order, language="prs")
    address = f"/cases/{complained.case.number}/letters/{order.pk}.pdf"
    printed = client_of(complained.world.members["protection_officer"]).get(address)
    assert printed.status_code == 200 and printed.content.startswith(b"%PDF-")
    assert client_of(complained.world.members["registration_supervisor"]).get(address).status_code == 404
    with complained.acting("registration_supervisor"):
        assert not Paper.objects.exists()
