"""By when somebody must act on an incident: first by its severity and before an order to leave ends, then again and again until it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any


def first_due(
    severity: str, reported_at: datetime, codes: Mapping[str, Any], leave_at: datetime | None = None
) -> datetime:
    """When the first action is due. Hours run on through nights and feasts: danger does.

    `leave_at` is the beginning of the day by which an order (Resolutions 325 and 328, say) wants people gone: help that comes later is
    none. Where that day has come, something is due at once.
    """
    due = reported_at + timedelta(hours=int(_attribute(severity, "first_hours", codes)))
    return due if leave_at is None else min(due, max(leave_at, reported_at))


def leave_at(ordered_on: date, days: int | None, zone: tzinfo) -> datetime | None:
    """When the day begins by which an order wants people gone; None where nobody is ordered to leave."""
    return None if days is None else datetime.combine(ordered_on + timedelta(days=days), time.min, tzinfo=zone)


def next_due(severity: str, acted_at: datetime, codes: Mapping[str, Any]) -> datetime:
    """When the next follow-up is due after somebody acted."""
    return acted_at + timedelta(days=int(_attribute(severity, "follow_up_days", codes)))


def _attribute(severity: str, name: str, codes: Mapping[str, Any]) -> str:
    return str(codes["incident_severities"][severity].attributes[name])
