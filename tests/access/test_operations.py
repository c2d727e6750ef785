"""Members, agreements and grants: what each act does, refuses and writes down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from panoh.access import operations, queries
from panoh.access.context import acting, acting_as_system
from panoh.access.models import Agreement, Grant
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.registry.models import Household

TODAY = timezone.localdate()


def refusal(call) -> str:
    with pytest.raises(Problem) as caught:
        call()
    return caught.value.code


def kinds() -> list[str]:
    return list(
        Entry.objects.exclude(kind__startswith="test.").order_by("recorded_at", "id").values_list("kind", flat=True)
    )


def new_account(world, by, username="jdoe"):
    return operations.add_account(by=by, username=username, name="J. Doe", password="a long enough passphrase")


def test_a_member_acts_from_the_first_day_until_the_last(world) -> None:
    with world.as_role("administrator") as by:
        account = new_account(world, by)
        member = operations.add_member(
            by=by, account=account, organisation=world.organisations["un"], role="register_officer", valid_from=TODAY
        )
        assert list(queries.memberships(account.pk, TODAY - timedelta(days=1))) == []
        assert list(queries.memberships(account.pk, TODAY)) == [member]
        assert (
            refusal(lambda: operations.end_member(by=by, member=member, valid_to=TODAY))
            == "access.member.ends_before_it_begins"
        )
        operations.end_member(by=by, member=member, valid_to=TODAY + timedelta(days=1))
        assert list(queries.memberships(account.pk, TODAY + timedelta(days=1))) == []
        assert (
            refusal(lambda: operations.end_member(by=by, member=member, valid_to=TODAY + timedelta(days=3)))
            == "access.member.ended"
        )
        assert kinds() == ["access.account.added", "access.member.added", "access.member.ended"]


def test_roles_of_the_authority_stay_with_the_authority(world) -> None:
    world.add_member("administrator", "of_the_authority", office="dushanbe", organisation="authority")
    with world.as_role("of_the_authority") as by:
        account = new_account(world, by)

        def add(organisation: str, role: str, office=None):
            return operations.add_member(
                by=by,
                account=account,
                organisation=world.organisations[organisation],
                role=role,
                valid_from=TODAY,
                office=office,
            )

        assert refusal(lambda: add("authority", "protection_officer")) == "access.member.role_not_for_organisation"
        assert refusal(lambda: add("authority", "registration_clerk")) == "access.member.role_not_for_organisation"
        assert add("authority", "registration_clerk", world.offices["vahdat"]).role == "registration_clerk"
        assert (
            refusal(lambda: add("authority", "registration_clerk", world.offices["vahdat"])) == "access.member.already"
        )


def test_weak_passwords_and_taken_names_are_refused(world) -> None:
    with world.as_role("administrator") as by:
        weak = lambda: operations.add_account(by=by, username="x1", name="X", password="short")  # noqa: E731
        assert refusal(weak) == "access.account.password_weak"
        new_account(world, by)
        assert refusal(lambda: new_account(world, by)) == "access.account.taken"


def sign(world, by, **changes):
    given = {
        "giver": world.organisations["authority"],
        "receiver": world.organisations["ngo"],
        "reference": "Agreement 1",
        "purposes": ["legal_aid"],
        "field_classes": ["open"],
        "valid_from": TODAY,
    }
    return operations.sign_agreement(by=by, **{**given, **changes})


def test_agreements_are_checked(world) -> None:
    world.add_member("administrator", "of_the_authority", office="dushanbe", organisation="authority")
    with world.as_role("of_the_authority") as by:
        assert sign(world, by).pk
        assert (
            refusal(lambda: sign(world, by, receiver=world.organisations["authority"])) == "access.agreement.same_party"
        )
        assert refusal(lambda: sign(world, by, purposes=[])) == "access.agreement.no_purpose"
        assert refusal(lambda: sign(world, by, valid_to=TODAY)) == "access.agreement.dates"
        # Law on Refugees, Art. 14: never to the authority of another country.
        neighbour = world.organisations["neighbour"]
        assert refusal(lambda: sign(world, by, receiver=neighbour)) == "access.agreement.country_of_origin"
        clerk = world.actor("registration_clerk")
        assert refusal(lambda: sign(world, clerk)) == "access.verb.refused_role"


def test_an_agreement_opens_and_closes_what_its_receiver_sees(world) -> None:
    officer = world.actor("protection_officer")
    assert officer.open_organisations == (world.organisations["authority"].pk,)
    with world.as_role("administrator") as by:
        operations.end_agreement(by=by, agreement=world.agreements["un"], valid_to=TODAY)
    after = world.actor("protection_officer")
    assert after.open_organisations == () and after.custodians["residence"] == (officer.organisation_id,)


def test_an_agreement_by_consent_opens_no_register(world) -> None:
    actor = world.actor("programme_officer")
    assert actor.open_organisations == () and actor.agreement_ids == (world.agreements["undp"].pk,)
    assert set(actor.custodians["contact"]) == {actor.organisation_id, world.organisations["authority"].pk}
    assert actor.custodians["residence"] == (actor.organisation_id,)


def closed_file(world, by) -> Household:
    """A file of the actor's own office, closed, so that it needs no member."""
    household = Household(
        number=f"H{new_id().hex[-10:]}",
        custodian_id=by.organisation_id,
        office=world.offices["dushanbe"],
        registered_on=TODAY,
        arrived_on=TODAY,
        registered_by_id=by.member_id,
        status="closed",
        closed_on=TODAY,
        closure_reason="test",
    )
    record(by=by, kind="test.file.made", subjects=[household.pk], payload={}, occurred_on=TODAY)
    household.save(force_insert=True)
    return household


def test_files_are_assigned_to_those_who_work_on_assigned_files(world) -> None:
    with world.as_role("registration_supervisor") as by:
        household = closed_file(world, by)
        grant = operations.assign_file(by=by, household=household, member=world.members["lawyer"])
        assert grant.basis == "assignment"
        clerk = world.members["registration_clerk"]
        assert (
            refusal(lambda: operations.assign_file(by=by, household=household, member=clerk))
            == "access.assignment.not_member"
        )


def test_an_emergency_needs_a_reason_ends_by_itself_and_is_reviewed_by_another(world) -> None:
    household_id = new_id()
    with world.as_role("protection_officer") as by:
        assert refusal(lambda: operations.open_in_emergency(by=by, household_id=household_id, reason="urgent")) == (
            "access.override.no_reason"
        )
        grant = operations.open_in_emergency(by=by, household_id=household_id, reason="Removal announced for tonight")
        assert timedelta(hours=23) < grant.valid_to - timezone.now() <= timedelta(hours=24)
        assert (
            refusal(lambda: operations.review_override(by=by, grant=grant, justified=True))
            == "access.verb.refused_role"
        )
    with world.as_role("auditor") as auditor:
        assert list(queries.list_overrides_to_review()) == [grant]
        closed = operations.review_override(by=auditor, grant=grant, justified=False)
        assert closed.valid_to <= timezone.now()
        again = lambda: operations.review_override(by=auditor, grant=grant, justified=True)  # noqa: E731
        assert refusal(again) == "access.override.reviewed"


def test_nobody_reviews_his_own_emergency(world) -> None:
    with world.as_role("protection_officer") as by:
        grant = operations.open_in_emergency(by=by, household_id=new_id(), reason="Removal announced for tonight")
    second = world.add_role(world.members["protection_officer"], "auditor")
    with acting(queries.actor_for(second)) as auditor:
        own = lambda: operations.review_override(by=auditor, grant=grant, justified=True)  # noqa: E731
        assert refusal(own) == "access.override.own_review"


def test_nobody_gives_himself_a_file_by_raw_sql(world) -> None:
    """A grant on a file that its giver does not see, or of the basis override, is refused by the database alone."""
    with world.as_role("registration_supervisor") as by:
        seen = closed_file(world, by).pk

    def give(role: str, household_id, basis: str = "assignment") -> None:
        with transaction.atomic(), world.as_role(role) as giver:
            record(by=giver, kind="test.file.assigned", subjects=[household_id], payload={}, occurred_on=TODAY)
            Grant.objects.create(
                household_id=household_id,
                member_id=giver.member_id,
                basis=basis,
                purpose=giver.purpose,
                reason="Removal announced for tonight",
                valid_from=timezone.now(),
                valid_to=timezone.now() + timedelta(hours=1),
                given_by_id=giver.member_id,
                given_by_organisation_id=giver.organisation_id,
                entry_id=new_id(),
            )

    give("registration_supervisor", seen)
    for role, basis in (
        ("lawyer", "assignment"),
        ("registration_supervisor", "override"),
        ("protection_officer", "override"),
    ):
        with pytest.raises(DatabaseError, match="row-level security"):
            give(role, seen, basis)
    with world.as_role("lawyer"), connection.cursor() as cursor:
        cursor.execute("SELECT registry_find_file(number) FROM (SELECT 'H1'::text AS number) x")
        assert cursor.fetchone() == (None,)
        with pytest.raises(DatabaseError, match="emergency"), transaction.atomic():
            cursor.execute("SELECT access_open_in_emergency(%s, %s, 'x', now(), %s)", [new_id(), seen, new_id()])


def test_the_database_itself_refuses_a_grant_without_an_entry(world) -> None:
    with world.as_role("registration_supervisor") as by:
        file_id = closed_file(world, by).pk
    with connection.cursor() as cursor:
        # What this test's own transaction recorded so far does not speak for what follows.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def give(recorded: bool) -> None:
        household_id = file_id if recorded else new_id()
        context = world.as_role("registration_supervisor") if recorded else acting_as_system("a test of the guard")
        with transaction.atomic(), context:
            by = world.actor("registration_supervisor")
            if recorded:
                record(by=by, kind="test.file.assigned", subjects=[household_id], payload={}, occurred_on=TODAY)
            Grant.objects.create(
                household_id=household_id,
                member=world.members["lawyer"],
                basis="assignment",
                purpose="legal_aid",
                valid_from=timezone.now(),
                given_by_id=by.member_id,
                given_by_organisation_id=by.organisation_id,
                entry_id=new_id(),
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    give(recorded=True)
    with pytest.raises(DatabaseError, match="ledger"):
        give(recorded=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"basis": "consent", "organisation": "ngo"},
        {"basis": "override", "member": "lawyer"},
        {"basis": "assignment", "member": "lawyer", "organisation": "ngo"},
        {"basis": "assignment"},
        {"basis": "friendship", "member": "lawyer"},
    ],
)
def test_the_database_refuses_grants_that_cannot_be(world, changes: dict) -> None:
    given = {
        "household_id": new_id(),
        "basis": changes["basis"],
        "purpose": "legal_aid",
        "valid_from": timezone.now(),
        "given_by_organisation_id": new_id(),
        "entry_id": new_id(),
    }
    if "member" in changes:
        given["member"] = world.members[changes["member"]]
    if "organisation" in changes:
        given["organisation"] = world.organisations[changes["organisation"]]
    with acting_as_system("a test of the constraints"), pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(**given)


def test_readings_are_only_ever_added(world) -> None:
    with world.as_role("protection_officer") as by:
        reading = operations.record_reading(by=by, household_id=new_id(), verb="registry.household.read")
        for statement in (
            "UPDATE access_reading SET verb = ''",
            "DELETE FROM access_reading",
            "TRUNCATE access_reading",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert queries.list_readings(household_id=reading.household_id).count() == 1
    with world.as_role("lawyer"):
        assert queries.list_readings(household_id=reading.household_id).count() == 0
    with world.as_role("auditor"):
        assert queries.list_readings(household_id=reading.household_id).count() == 1


def test_agreement_rows_obey_their_constraints(world) -> None:
    own = world.organisations["authority"]
    with world.as_role("administrator"), pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(
            giver=own, receiver=own, purposes=["asylum"], field_classes=[], valid_from=TODAY, signed_at=timezone.now()
        )
