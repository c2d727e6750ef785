"""A figure opened: the single movements it was counted from, with their entries in the ledger."""

from collections.abc import Sequence
from datetime import date

from panoh.registry.models import StatusChange
from panoh.statistics.annual import end_of
from panoh.statistics.definitions import Account

MOST = 500


def list_changes_behind(
    account: Account, column: str, *, year: int, known_on: date, origin: str = ""
) -> Sequence[StatusChange]:
    """Movements counted in `column` of `account` in the year, latest first; only of files that the actor sees.

    Reads through the application's role: row-level security leaves out what the reader of the page may not see.
    """
    known = end_of(known_on)
    changes = (
        StatusChange.objects.filter(recorded_at__lt=known, effective_on__year=year)
        .exclude(corrected_by__recorded_at__lt=known)
        .select_related("person")
        .order_by("-effective_on", "-id")
    )
    if origin:
        changes = changes.filter(person__nationality=origin)
    if column in account.increases:
        changes = changes.filter(to_group=account.group).exclude(from_group=account.group)
        wanted = account.column_in
    else:
        changes = changes.filter(from_group=account.group).exclude(to_group=account.group)
        wanted = account.column_out
    return [change for change in changes[: MOST * 4] if wanted(change.reason) == column][:MOST]
