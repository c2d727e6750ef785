"""Single files opened to somebody: by the person's consent, by assignment, or in an emergency."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Agreement, Grant, Member
from panoh.access.policy import check
from panoh.access.queries import in_force
from panoh.access.roles import ROLES, SCOPE_ASSIGNED
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record

OVERRIDE_LIFETIME = timedelta(hours=24)


def grant_by_consent(
    *, by: Actor, household_id: UUID, agreement: Agreement, purpose: str, entry_id: UUID, at: datetime | None = None
) -> Grant:
    """The file opens to the agreement's receiver. Called inside the registry's `give_consent`, which writes the entry."""
    return Grant.objects.create(
        household_id=household_id,
        organisation_id=agreement.receiver_id,
        basis=Grant.CONSENT,
        agreement=agreement,
        purpose=purpose,
        valid_from=at or timezone.now(),
        given_by_id=by.member_id,
        given_by_organisation_id=by.organisation_id,
        entry_id=entry_id,
    )


def end_grants(*, household_id: UUID, organisation_id: UUID, purpose: str, at: datetime | None = None) -> int:
    """Close what a consent had opened. Called inside the registry's `withdraw_consent`; returns how many ended."""
    now = at or timezone.now()
    return Grant.objects.filter(
        household_id=household_id,
        organisation_id=organisation_id,
        purpose=purpose,
        basis=Grant.CONSENT,
        valid_to__isnull=True,
    ).update(valid_to=now)


@transaction.atomic
def assign_file(*, by: Actor, household, member: Member, reason: str = "") -> Grant:
    """Give a file to a lawyer or programme officer; the actor must see the file itself (it obtained `household`)."""
    check(by, "access.file.assign", household)
    today = timezone.localdate()
    current = Member.objects.filter(in_force(today), pk=member.pk).first()
    if current is None or ROLES[current.role].scope != SCOPE_ASSIGNED:
        raise Problem("access.assignment.not_member", field="member")
    entry = record(
        by=by,
        kind="access.file.assigned",
        subjects=[household.pk, member.pk],
        occurred_on=today,
        payload={"member": str(member.pk)},
        detail={"reason": reason},
    )
    return Grant.objects.create(
        household_id=household.pk,
        member=member,
        basis=Grant.ASSIGNMENT,
        purpose=ROLES[current.role].purposes[0],
        valid_from=timezone.now(),
        reason=reason,
        given_by_id=by.member_id,
        given_by_organisation_id=by.organisation_id,
        entry_id=entry.id,
    )


@transaction.atomic
def end_assignment(*, by: Actor, household, grant: Grant) -> Entry:
    """Take a file back that was given to a member: it closes to her at once."""
    check(by, "access.file.assign", household)
    grant = Grant.objects.select_for_update().get(pk=grant.pk, household_id=household.pk, basis=Grant.ASSIGNMENT)
    if grant.valid_to is not None:
        raise Problem("access.assignment.ended", field="grant")
    entry = record(
        by=by,
        kind="access.file.taken_back",
        subjects=[household.pk, grant.member_id],
        occurred_on=timezone.localdate(),
        payload={"grant": str(grant.pk), "member": str(grant.member_id)},
    )
    grant.valid_to = timezone.now()
    grant.save(update_fields=["valid_to"])
    return entry


@transaction.atomic
def open_in_emergency(*, by: Actor, household_id: UUID, reason: str) -> Grant:
    """Open a hidden file for a day because a person is in danger. Always reviewed by somebody else."""
    check(by, "access.file.override")
    reason = reason.strip()
    if len(reason) < 10:
        raise Problem("access.override.no_reason", field="reason")
    now = timezone.now()
    entry = record(
        by=by,
        kind="access.file.overridden",
        subjects=[household_id, by.member_id],
        occurred_on=timezone.localdate(),
        payload={"until": (now + OVERRIDE_LIFETIME).isoformat()},
        detail={"reason": reason},
    )
    grant_id = new_id()
    with connection.cursor() as cursor:
        # The database makes this grant itself, for the caller alone: the app role cannot insert one of this basis.
        cursor.execute(
            "SELECT access_open_in_emergency(%s, %s, %s, %s, %s)",
            [grant_id, household_id, reason, now + OVERRIDE_LIFETIME, entry.id],
        )
    return Grant.objects.get(pk=grant_id)


@transaction.atomic
def review_override(*, by: Actor, grant: Grant, justified: bool, remark: str = "") -> Grant:
    """Look at an emergency opening; not one's own."""
    check(by, "access.override.review")
    grant = (
        Grant.objects.select_for_update(of=("self",)).select_related("member").get(pk=grant.pk, basis=Grant.OVERRIDE)
    )
    if grant.member.account_id == by.account_id:
        raise Problem("access.override.own_review")
    if grant.reviewed_at is not None:
        raise Problem("access.override.reviewed")
    grant.reviewed_at = timezone.now()
    grant.reviewed_by_id = by.member_id
    if not justified:
        grant.valid_to = min(grant.valid_to, grant.reviewed_at)
    grant.save(update_fields=["reviewed_at", "reviewed_by", "valid_to"])
    record(
        by=by,
        kind="access.override.reviewed",
        subjects=[grant.household_id, grant.member_id],
        occurred_on=timezone.localdate(),
        payload={"grant": str(grant.pk), "justified": justified},
        detail={"remark": remark},
    )
    return grant
