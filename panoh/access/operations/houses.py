"""Whose business it is: an administrator looks after his own organisation, and opens nobody's files but its own.

Without this one administrator of any partner could enter an agreement by which the authority's files open to himself, or make
himself a second pair of eyes there. The database holds the same (migration 0011): it is asked by row.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Account, Member, Organisation
from panoh.kernel.problems import Problem

#: Who may bring a new organisation in: those that the law lets keep a register.
KEEPERS_OF_REGISTERS = ("authority", "un")


def check_own(by: Actor, organisation: Organisation, *, first_administrator: bool = False) -> None:
    """Members and offices: of one's own organisation; of another one only until it has an administrator, who goes on."""
    if organisation.pk == by.organisation_id:
        return
    has_one = Member.objects.filter(organisation=organisation, role="administrator").exists()
    if has_one or not first_administrator or by.organisation_kind not in KEEPERS_OF_REGISTERS:
        raise Problem("access.organisation.not_own", field="organisation")


def check_may_bring_in(by: Actor) -> None:
    if by.organisation_kind not in KEEPERS_OF_REGISTERS:
        raise Problem("access.organisation.not_keeper")


def check_gives(by: Actor, giver: Organisation) -> None:
    """Files are opened by those who keep them."""
    if giver.pk != by.organisation_id:
        raise Problem("access.agreement.not_giver", field="giver")


def check_only_here(by: Actor, account: Account) -> None:
    """A sign-in is set anew where it belongs: whoever does it can act as its owner, everywhere the owner may act."""
    members = Member.objects.filter(account=account)
    elsewhere = members.filter(Q(valid_to=None) | Q(valid_to__gt=timezone.localdate()))
    if not members.filter(organisation_id=by.organisation_id).exists():
        raise Problem("access.organisation.not_own")
    if elsewhere.exclude(organisation_id=by.organisation_id).exists():
        raise Problem("access.account.elsewhere")
