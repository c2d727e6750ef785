"""What can be read of members, organisations and agreements, and the making of an actor."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Grant, Member, Reading, Token
from panoh.access.roles import ROLES, SCOPE_NONE, SCOPE_OFFICE
from panoh.access.standing import Standing, find_standings, get_standing


def in_force(on: date) -> Q:
    """Rows with `valid_from`/`valid_to` (end exclusive) that hold on the day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def memberships(account_id: UUID, on: date | None = None) -> list[Member]:
    """The roles that an account may act in on a day (today), with account, organisation and office loaded."""
    account, standings = find_standings(account_id, on or timezone.localdate())
    return [standing.member for standing in standings] if account is not None and account.is_active else []


def actor_for(member: Member, purpose: str | None = None, on: date | None = None, language: str | None = None) -> Actor:
    """The actor that `member` is on a day, for a purpose of its role (its first one unless told)."""
    return actor_of(get_standing(member, on or timezone.localdate()), purpose, language)


def actor_of(standing: Standing, purpose: str | None = None, language: str | None = None) -> Actor:
    """The actor that a standing makes, for a purpose of its role (its first one unless told)."""
    member = standing.member
    role = ROLES[member.role]
    purpose = purpose if purpose in role.purposes else role.purposes[0]
    agreements = (
        [opening for opening in standing.openings if purpose in opening.purposes] if role.scope != SCOPE_NONE else []
    )
    # A role that works on assigned files sees no register, agreement or not: only what is given or consented to.
    open_organisations = (
        tuple(sorted({a.giver_id for a in agreements if not a.needs_consent})) if role.scope != "assigned" else ()
    )
    custodians = {
        name: (
            member.organisation_id,
            *sorted({agreement.giver_id for agreement in agreements if name in agreement.field_classes}),
        )
        for name in role.classes
    }
    office_ids = standing.office_ids if role.scope == SCOPE_OFFICE else None
    return Actor(
        member_id=member.pk,
        account_id=member.account_id,
        name=member.account.name,
        organisation_id=member.organisation_id,
        organisation_kind=member.organisation.kind,
        role=member.role,
        purpose=purpose,
        scope=role.scope,
        office_id=member.office_id,
        office_ids=office_ids,
        open_organisations=open_organisations,
        agreement_ids=tuple(sorted(agreement.id for agreement in agreements)),
        classes=role.classes,
        custodians=custodians,
        clearance=role.clearance,
        language=language or member.account.language,
    )


def list_readings(*, household_id: UUID | None = None, member_id: UUID | None = None) -> QuerySet[Reading]:
    """Who has opened files, latest first."""
    readings = Reading.objects.select_related("member__account", "member__organisation").order_by("-read_at")
    if household_id:
        readings = readings.filter(household_id=household_id)
    if member_id:
        readings = readings.filter(member_id=member_id)
    return readings


def list_tokens(actor: Actor) -> QuerySet[Token]:
    """The member's own tokens, latest first, those that ended included."""
    return Token.objects.filter(member_id=actor.member_id).order_by("-made_at")


def list_overrides_to_review() -> QuerySet[Grant]:
    """Emergency openings that nobody else has looked at yet, oldest first."""
    return (
        Grant.objects.filter(basis=Grant.OVERRIDE, reviewed_at__isnull=True)
        .select_related("member__account", "member__organisation")
        .order_by("valid_from")
    )
