"""An administrator looks after his own organisation: through the pages' operations, and by raw SQL beneath them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from panoh.access import operations
from panoh.access.models import Member, Organisation
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from tests.ledger.conftest import enter
from tests.ledger.test_record import body
from tests.signing_in import client_of

TODAY = timezone.localdate()
TITLES = dict.fromkeys(("en", "ru", "tg", "prs"), "New")
NOT_OWN, NOT_GIVER = "access.organisation.not_own", "access.agreement.not_giver"


@pytest.fixture
def houses(world):
    """A world in which authority, United Nations and legal aid each have an administrator."""
    world.add_member("administrator", "of_authority", office="dushanbe", organisation="authority")
    world.add_member("administrator", "of_ngo", office=None, organisation="ngo")
    return world


def agreement(world, by, giver: str, receiver: str):
    return operations.sign_agreement(
        by=by,
        giver=world.organisations[giver],
        receiver=world.organisations[receiver],
        reference="A",
        purposes=["legal_aid"],
        field_classes=["open"],
        needs_consent=False,
        valid_from=TODAY,
    )


def member(world, by, house: str, role: str, office: str | None = None):
    account = operations.add_account(by=by, username=f"n{new_id().hex[-8:]}", name="N", password="a long passphrase")
    return operations.add_member(
        by=by,
        account=account,
        organisation=world.organisations[house],
        office=world.offices[office] if office else None,
        role=role,
        valid_from=TODAY,
    )


ACTS: dict[str, Callable[[Any, Any, str], object]] = {
    "opens its files": lambda world, by, house: agreement(world, by, house, "undp"),
    "adds a member": lambda world, by, house: member(world, by, house, "administrator"),
    "ends a member": lambda world, by, house: operations.end_member(
        by=by, member=world.members[{"ngo": "lawyer", "authority": "registration_clerk"}[house]], valid_to=TODAY
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "who, whose", [("of_ngo", "authority"), ("of_authority", "ngo"), ("of_ngo", "ngo"), ("of_authority", "authority")]
)
def test_an_administrator_acts_in_his_own_organisation_alone(houses, act, who, whose) -> None:
    with houses.as_role(who) as by:
        if who == "of_" + whose:
            assert ACTS[act](houses, by, whose)
            return
        with pytest.raises(Problem) as refusal:
            ACTS[act](houses, by, whose)
        assert refusal.value.code in (NOT_OWN, NOT_GIVER)


def test_a_sign_in_is_set_anew_where_it_belongs_and_nowhere_else(houses) -> None:
    def renew(by, whose: str) -> str:
        try:
            operations.renew_account(
                by=by, account=houses.members[whose].account, password="told across the table", reason="lost"
            )
        except Problem as refusal:
            return refusal.code
        return "done"

    with houses.as_role("of_ngo") as by:
        assert renew(by, "lawyer") == "done"
        assert renew(by, "registration_supervisor") == NOT_OWN
    account = houses.members["registration_supervisor"].account
    with houses.as_role("of_ngo") as by:  # taking somebody in does not help: the other membership stands
        operations.add_member(
            by=by, account=account, organisation=houses.organisations["ngo"], role="administrator", valid_from=TODAY
        )
        assert renew(by, "registration_supervisor") == "access.account.elsewhere"


def test_a_new_organisation_gets_its_first_administrator_from_those_who_keep_registers(houses) -> None:
    def bring_in(by, code: str) -> Organisation:
        return operations.add_organisation(by=by, code=code, kind="partner", titles=TITLES, valid_from=TODAY)

    with houses.as_role("of_ngo") as by, pytest.raises(Problem) as refusal:
        bring_in(by, "friends")
    assert refusal.value.code == "access.organisation.not_keeper"
    with houses.as_role("of_authority") as by:
        houses.organisations["new"] = bring_in(by, "new")
    with houses.as_role("of_ngo") as by, pytest.raises(Problem) as refusal:
        member(houses, by, "new", "administrator")
    assert refusal.value.code == NOT_OWN, "nor does a partner give it its first administrator"
    with houses.as_role("of_authority") as by:
        with pytest.raises(Problem) as refusal:
            member(houses, by, "new", "programme_officer")
        assert refusal.value.code == NOT_OWN, "nobody but the first administrator"
        assert member(houses, by, "new", "administrator").pk
        with pytest.raises(Problem) as refusal:
            member(houses, by, "new", "administrator")
        assert refusal.value.code == NOT_OWN, "from then on the organisation looks after itself"


def test_an_office_of_another_organisation_is_nobodys_workplace(houses) -> None:
    with houses.as_role("of_authority") as by, pytest.raises(Problem) as refusal:
        member(houses, by, "authority", "registration_clerk", "un_dushanbe")
    assert refusal.value.code == "access.member.office_of_another"


def test_a_colleague_with_an_account_gets_one_more_role_without_a_password(houses) -> None:
    page = client_of(houses.members["of_authority"])
    typed = {
        "username": "registration_clerk",
        "organisation": houses.organisations["authority"].pk,
        "office": houses.offices["dushanbe"].pk,
        "role": "registration_supervisor",
        "valid_from": TODAY,
    }
    assert page.post("/members/add", typed).status_code == 302
    account = houses.members["registration_clerk"].account
    roles = set(Member.objects.filter(account=account).values_list("role", flat=True))
    assert roles == {"registration_clerk", "registration_supervisor"}
    of_others = page.post("/members/add", typed | {"username": "lawyer"})
    assert of_others.status_code == 422 and "give a first password" in of_others.content.decode()


# -- the second lock --------------------------------------------------------------------------------------------------

NEW = str(new_id())
#: An injected statement of an administrator: (table, statement). `%(…)s` are ids of the authority's world.
INJECTED = {
    "opens the authority's files": (
        "access_agreement",
        "INSERT INTO access_agreement (id, giver_id, receiver_id, reference, purposes, field_classes, needs_consent,"
        " bulk_export, valid_from, signed_at) VALUES (%(new)s, %(authority)s, %(own)s, '', '{legal_aid}', '{open}',"
        " false, false, current_date, now())",
    ),
    "makes an agreement wider": (
        "access_agreement",
        "UPDATE access_agreement SET needs_consent = false WHERE id = %(agreement)s",
    ),
    "becomes a supervisor of the authority": (
        "access_member",
        "INSERT INTO access_member (id, account_id, organisation_id, office_id, role, valid_from) VALUES (%(new)s,"
        " %(account)s, %(authority)s, %(office)s, 'registration_supervisor', current_date)",
    ),
    "moves a member over": (
        "access_member",
        "UPDATE access_member SET organisation_id = %(authority)s WHERE id = %(me)s",
    ),
    "takes over an account": (
        "access_account",
        "UPDATE access_account SET password = 'x' WHERE id = %(victim)s",
    ),
    "gives an office to the authority": (
        "access_office",
        "INSERT INTO access_office (id, organisation_id, code, prefix, place, titles, valid_from)"
        " VALUES (%(new)s, %(authority)s, 'x', 'XX', '', '{}', current_date)",
    ),
    "brings in an organisation": (
        "access_organisation",
        "INSERT INTO access_organisation (id, code, kind, country, titles, valid_from)"
        " VALUES (%(new)s, 'x', 'partner', '', '{}', current_date)",
    ),
}


@pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])
@pytest.mark.parametrize("what", INJECTED)
def test_the_database_refuses_what_belongs_to_others(committed_world, app_connection, superuser, what) -> None:
    """The entry names everything and the role holds the verb; without the trigger each of these succeeds."""
    world = committed_world
    me = world.add_member("administrator", "of_ngo", office=None, organisation="ngo")
    by = world.actor("of_ngo")
    given = {
        "new": NEW,
        "authority": world.organisations["authority"].pk,
        "own": world.organisations["ngo"].pk,
        "agreement": world.agreements["undp"].pk,
        "account": me.account_id,
        "office": world.offices["dushanbe"].pk,
        "me": me.pk,
        "victim": world.members["registration_supervisor"].account_id,
    }
    table, statement = INJECTED[what]

    def act() -> None:
        with app_connection.transaction():
            said = body(by, subjects=[str(one) for one in given.values()])
            app_connection.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [said])
            app_connection.execute(statement, given)

    enter(app_connection, by)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="business of another"):
        act()
    superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER own_house")
    act()
