"""Whose files an actor sees: the one rule of visibility, as a Q for queries. `access.rls` says the same in SQL.

visible ⇔ sensitivity ≤ clearance ∧ ( own organisation's file within the role's offices
                                     ∨ file of an organisation open by an agreement that needs no consent
                                     ∨ a grant in force: consent under an agreement in force, assignment, override )

Change both together; `tests/access/test_second_lock.py` compares them row by row for random actors and files.
"""

from django.db.models import Q
from django.db.models.functions import Now

from panoh.access import roles
from panoh.access.actor import Actor
from panoh.access.models import Grant

NOTHING = Q(pk__in=[])


def _granted(actor: Actor, *, personal_only: bool = False):
    receiver = Q(member_id=actor.member_id)
    if not personal_only:
        receiver |= Q(organisation_id=actor.organisation_id, agreement_id__in=actor.agreement_ids)
    in_force = Q(valid_from__lte=Now()) & (Q(valid_to__isnull=True) | Q(valid_to__gt=Now()))
    return Grant.objects.filter(receiver & in_force).values("household_id")


def household_scope(actor: Actor, prefix: str = "") -> Q:
    """The households that `actor` sees; `prefix` leads to the household from another table (`"household__"`)."""
    if actor.scope == roles.SCOPE_NONE:
        return NOTHING

    def q(**conditions: object) -> Q:
        return Q(**{prefix + name: value for name, value in conditions.items()})

    visible = q(custodian_id__in=actor.open_organisations) | q(pk__in=_granted(actor))
    if actor.scope in (roles.SCOPE_ORGANISATION, roles.SCOPE_OFFICE):
        own = q(custodian_id=actor.organisation_id)
        if actor.office_ids is not None:
            own &= q(office_id__in=actor.office_ids)
        visible |= own
    return q(sensitivity__lte=actor.clearance) & visible


def class_scope(actor: Actor, field_class: str, prefix: str = "household__") -> Q:
    """The rows of a restricted table (residence, narrative …) that `actor` sees.

    On top of seeing the file, its role must read the class, and either the file's custodian lets that class go
    (own organisation, or the agreement names the class) or the file was given to the actor in person.
    """
    if field_class not in actor.classes:
        return NOTHING
    custodians = actor.custodians.get(field_class, ())
    return household_scope(actor, prefix) & (
        Q(**{f"{prefix}custodian_id__in": custodians}) | Q(**{f"{prefix}pk__in": _granted(actor, personal_only=True)})
    )
