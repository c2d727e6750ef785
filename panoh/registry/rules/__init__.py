"""What is right in the register: pure functions of facts and days. They know no table, no clock and no request."""

from panoh.registry.rules.households import (
    Member,
    check_registration,
    clean_registration,
    member_problems,
    member_warnings,
    newcomer_warnings,
    registration_warnings,
)
from panoh.registry.rules.photos import CleanPhoto, clean_photo

__all__ = [
    "CleanPhoto",
    "Member",
    "check_registration",
    "clean_photo",
    "clean_registration",
    "member_problems",
    "member_warnings",
    "newcomer_warnings",
    "registration_warnings",
]
