"""What can be done with incidents and interventions: one function per act, keyword-only, atomic, one ledger entry each."""

from panoh.protection.operations.evidence import add_evidence
from panoh.protection.operations.handling import close_incident, follow_up, reopen_incident
from panoh.protection.operations.reporting import (
    Reported,
    open_from_register,
    record_referral,
    report_incident,
)

__all__ = [
    "Reported",
    "add_evidence",
    "close_incident",
    "follow_up",
    "open_from_register",
    "record_referral",
    "reopen_incident",
    "report_incident",
]
