"""An incident as the ledger commits to it: whoever edits the row quietly is found by `panoh ledger verify`."""

from __future__ import annotations

import hashlib

from panoh.protection.models import Incident

Snapshot = dict[str, str | int | None]


def incident_snapshot(incident: Incident) -> Snapshot:
    return {
        "number": incident.number,
        "kind": incident.kind,
        "occurred_on": incident.occurred_on.isoformat(),
        "place": incident.place,
        "institution": incident.institution,
        "accused_organisation": str(incident.accused_organisation_id or ""),
        "accused_office": str(incident.accused_office_id or ""),
        "amount": f"{incident.amount:.2f}" if incident.amount is not None else "",
        "narrative": hashlib.sha256(incident.narrative.encode()).hexdigest(),
        "severity": incident.severity,
        "verification": incident.verification,
        "state": incident.state,
        "outcome": incident.outcome,
        "version": incident.version,
    }
