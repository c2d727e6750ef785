"""Taking a notice off the work list."""

from django.db import transaction
from django.utils import timezone

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.procedures.models import Notice


@transaction.atomic
def see_notice(*, by: Actor, notice: Notice) -> Notice:
    """Somebody has taken it up. A notice only reminds: nothing follows from it, so it leaves no entry."""
    policy.check(by, "procedures.notice.see", notice.case)
    locked = Notice.objects.select_for_update().filter(pk=notice.pk, seen_at__isnull=True).first()
    if locked is None:
        return notice
    locked.seen_at, locked.seen_by_id = timezone.now(), by.member_id
    locked.save(update_fields=["seen_at", "seen_by"])
    return locked
