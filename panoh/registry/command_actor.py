"""Who acts where a command of this room is given: a membership, never the system."""

from __future__ import annotations

from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Account, Member
from panoh.access.queries import actor_for, in_force, memberships
from panoh.access.verbs import get_verb
from panoh.kernel.problems import Problem


def actor_of_command(login: str | None, verb: str) -> Actor:
    """The membership of the account whose role may do this; without a login, the only one there is."""
    roles = get_verb(verb).roles
    today = timezone.localdate()
    if login:
        account = Account.objects.filter(username=login, is_active=True).first()
        if account is None:
            raise Problem("registry.import.no_account", login=login)
        found = [member for member in memberships(account.pk, today) if member.role in roles]
    else:
        found = list(
            Member.objects.filter(in_force(today), role__in=roles, account__is_active=True).select_related(
                "account", "organisation", "office"
            )[:2]
        )
    if not found or (not login and len(found) > 1):
        raise Problem("registry.import.say_who", roles=", ".join(sorted(roles)))
    return actor_for(found[0], on=today)
