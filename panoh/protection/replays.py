"""How the ledger's verification looks at incidents: each stands as the last entry about it committed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from panoh.access.context import acting_as_system
from panoh.protection.models import Incident
from panoh.protection.snapshots import Snapshot, incident_snapshot


def incident_states(subjects: Sequence[UUID]) -> Mapping[UUID, Snapshot]:
    with acting_as_system("ledger verification: states of incidents"):
        return {one.pk: incident_snapshot(one) for one in Incident.objects.filter(pk__in=subjects)}
