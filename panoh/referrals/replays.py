"""How the ledger's verification looks at referrals: each stands as the last entry about it committed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from panoh.access.context import acting_as_system
from panoh.referrals.models import Referral
from panoh.referrals.snapshots import Snapshot, referral_snapshot


def referral_states(subjects: Sequence[UUID]) -> Mapping[UUID, Snapshot]:
    with acting_as_system("ledger verification: states of referrals"):
        return {one.pk: referral_snapshot(one) for one in Referral.objects.filter(pk__in=subjects)}
