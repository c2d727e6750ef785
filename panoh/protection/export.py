"""Incidents as a table to hand on: codes, month and district; nobody's name or number, no story, no survivor."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from panoh.protection.models import Incident
from panoh.rulebook import current

HEADER = (
    "month",
    "category",
    "kind",
    "place",
    "institution",
    "severity",
    "verification",
    "state",
    "outcome",
    "amount",
    "currency",
    "paid",
    "order_days",
    "origin",
)


def write_csv(incidents: Iterable[Incident]) -> str:
    """UTF-8 text, RFC 4180. Of referrals of survivors nothing goes out line by line: they are counted, and only in fives."""
    kinds = current().codes["incident_kinds"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for one in incidents:
        if one.by_referral:
            continue
        writer.writerow(
            [
                f"{one.occurred_on:%Y-%m}",
                kinds[one.kind].attributes["category"],
                one.kind,
                one.place,
                one.institution,
                one.severity,
                one.verification,
                one.state,
                one.outcome,
                one.amount if one.amount is not None else "",
                one.currency,
                {True: "yes", False: "no"}.get(one.paid, "") if one.paid is not None else "",
                one.order_days if one.order_days is not None else "",
                one.origin,
            ]
        )
    return out.getvalue()
