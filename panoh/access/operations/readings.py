"""The record of who opened which file."""

from uuid import UUID

from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Reading


def record_reading(
    *, by: Actor, household_id: UUID, person_id: UUID | None = None, verb: str, route: str = ""
) -> Reading:
    """Note that `by` opened a personal file. Called by every `obtain_…`; the only way to a file leaves this trace."""
    reading = Reading(
        member_id=by.member_id,
        organisation_id=by.organisation_id,
        household_id=household_id,
        person_id=person_id,
        verb=verb,
        purpose=by.purpose,
        route=route[:200],
        read_at=timezone.now(),
    )
    reading.save(force_insert=True)
    return reading
