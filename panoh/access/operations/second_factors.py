"""The second factors of an account. allauth's pages add and remove them; here the ledger hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils import timezone

from panoh.access.context import acting_without_member
from panoh.ledger.operations import record

SECOND_FACTOR_CHANGED = "access.account.second_factor_changed"


@contextmanager
def changing_second_factors(*, account_id: UUID) -> Iterator[None]:
    """One transaction round a page on which an account changes its second factors, with an entry if it did."""
    with acting_without_member("second factors", records=[SECOND_FACTOR_CHANGED], about=[account_id]):
        before = _factors(account_id)
        yield
        after = _factors(account_id)
        if after != before:
            record(
                by=None,
                kind=SECOND_FACTOR_CHANGED,
                subjects=[account_id],
                occurred_on=timezone.localdate(),
                payload={"added": _kinds(after - before), "removed": _kinds(before - after)},
            )


def _factors(account_id: UUID) -> set[tuple[int, str]]:
    return set(Authenticator.objects.filter(user_id=account_id).values_list("id", "type"))


def _kinds(factors: set[tuple[int, str]]) -> list[str]:
    return sorted(kind for _id, kind in factors)
