"""Work that goes on after the answer, in the name of whoever asked for it: what the keepers of all rooms have in common (ADR 28).

A room has a list of what waits, and does one after the other in a transaction of the member's own. `panoh serve` runs each keeper.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from django.db import close_old_connections
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Member
from panoh.access.queries import actor_for, in_force
from panoh.kernel.problems import Problem

MOST_TRIES = 3  # what ends its keeper each time is given up, or it would end the next one too


def keep(carry_out_waiting: Callable[[], int], pause: float) -> None:
    """Carry out what waits, for as long as the process runs. `carry_out_waiting` tells how much was done."""
    while True:
        if carry_out_waiting() == 0:
            close_old_connections()
            time.sleep(pause)


def whoever_asked(member_id: UUID, purpose: str) -> tuple[Actor, Problem | None]:
    """The actor, and why nothing is done in that name any more: the membership or the account has ended meanwhile.

    Then the actor serves only to write the refusal down; a colleague may ask anew.
    """
    member = Member.objects.get(pk=member_id)
    standing = Member.objects.filter(in_force(timezone.localdate()), pk=member_id).exists()
    gone = None if standing and member.account.is_active else Problem("access.member.none")
    return actor_for(member, purpose), gone
