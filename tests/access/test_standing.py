"""Who acts is found in one statement, with all that decides what the actor sees; nothing of it outlives the request."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from panoh.access.context import acting_as_system
from panoh.access.models import Agreement, Office
from panoh.access.queries import actor_for, in_force
from panoh.access.sign_in import AccountBackend
from panoh.access.standing import find_standings, get_standing
from panoh.ledger.operations import record
from tests.signing_in import client_of


def recorded(*subjects) -> None:
    record(
        by=None, kind="test.changed", subjects=[s.pk for s in subjects], payload={}, occurred_on=timezone.localdate()
    )


@pytest.fixture(autouse=True)
def changing(world):
    """These tests change members and offices in ways that no page can."""
    with acting_as_system("changes of a test", records=["test.changed"]):
        yield


def test_a_request_asks_who_acts_in_one_statement_beside_its_session(world):
    client = client_of(world.members["registration_clerk"])
    client.get("/start")
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/households/register").status_code == 200
    statements = [query["sql"] for query in captured]
    entered = next(n for n, sql in enumerate(statements) if "panoh.context" in sql)
    before = [sql for sql in statements[:entered] if not sql.startswith(("BEGIN", "SAVEPOINT"))]
    assert len(before) == 2
    assert "django_session" in before[0]
    assert "access_account" in before[1]


def test_everything_comes_loaded_with_the_account(world, django_assert_num_queries):
    member = world.members["registration_clerk"]
    with django_assert_num_queries(1):
        account = AccountBackend().get_user(member.account_id)
        (standing,) = account.standings
        found = standing.member
        assert (found, found.account, found.organisation, found.office) == (
            member, member.account, member.organisation, member.office,
        )  # fmt: skip
        assert found.organisation.titles == member.organisation.titles


@pytest.mark.django_db
def test_nobody_stands_behind_an_unknown_or_closed_account(world):
    member = world.members["registration_clerk"]
    assert AccountBackend().get_user(member.pk) is None, "an id of something else"
    member.account.is_active = False
    member.account.save()
    recorded(member, member.account)
    assert AccountBackend().get_user(member.account_id) is None


def test_offices_hang_below_each_other_while_they_are_in_force(world):
    today = timezone.localdate()
    boss = world.add_member("registration_clerk", "boss", office="dushanbe")
    ids = {name: office.pk for name, office in world.offices.items()}
    assert set(get_standing(boss, today).office_ids) == {ids["dushanbe"], ids["panji_poyon"], ids["vahdat"]}
    Office.objects.filter(pk=ids["vahdat"]).update(valid_to=today)
    recorded(world.offices["vahdat"])
    assert set(actor_for(boss).office_ids) == {ids["dushanbe"], ids["panji_poyon"]}
    assert set(get_standing(boss, today - timedelta(days=1)).office_ids) >= {ids["vahdat"]}
    # A ring, which no page can make, ends all the same.
    Office.objects.filter(pk=ids["dushanbe"]).update(parent_id=ids["panji_poyon"])
    recorded(world.offices["dushanbe"])
    assert set(actor_for(boss).office_ids) == {ids["dushanbe"], ids["panji_poyon"]}


def test_agreements_open_files_on_their_days_alone(world):
    today = timezone.localdate()
    for name, member in list(world.members.items()):
        agreements = Agreement.objects.filter(in_force(today), receiver_id=member.organisation_id)
        openings = get_standing(member, today).openings
        assert {opening.id for opening in openings} == {agreement.pk for agreement in agreements}, name
        for opening in openings:
            agreement = agreements.get(pk=opening.id)
            assert (opening.giver_id, list(opening.purposes), list(opening.field_classes), opening.needs_consent) == (
                agreement.giver_id, agreement.purposes, agreement.field_classes, agreement.needs_consent,
            )  # fmt: skip
    assert any(get_standing(member, today).openings for member in world.members.values())
    long_ago = min(agreement.valid_from for agreement in world.agreements.values()) - timedelta(days=1)
    assert not any(get_standing(member, long_ago).openings for member in world.members.values())


def test_memberships_come_oldest_first_and_ended_ones_not(world):
    today = timezone.localdate()
    member = world.members["registration_clerk"]
    account, standings = find_standings(member.account_id, today)
    assert account == member.account
    assert [standing.member for standing in standings] == [member]
    member.valid_to = today
    member.save()
    recorded(member)
    assert find_standings(member.account_id, today) == (member.account, [])
