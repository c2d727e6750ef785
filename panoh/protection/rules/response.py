"""By when somebody must act on an incident: first by its severity, then again and again until it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any


def first_due(severity: str, reported_at: datetime, codes: Mapping[str, Any]) -> datetime:
    """When the first action is due. Hours run on through nights and feasts: danger does."""
    return reported_at + timedelta(hours=int(_attribute(severity, "first_hours", codes)))


def next_due(severity: str, acted_at: datetime, codes: Mapping[str, Any]) -> datetime:
    """When the next follow-up is due after somebody acted."""
    return acted_at + timedelta(days=int(_attribute(severity, "follow_up_days", codes)))


def _attribute(severity: str, name: str, codes: Mapping[str, Any]) -> str:
    return str(codes["incident_severities"][severity].attributes[name])
