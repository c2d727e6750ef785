"""What can be done in this room, one function per act, grouped by noun."""

from panoh.access.operations.agreements import end_agreement, sign_agreement
from panoh.access.operations.grants import (
    assign_file,
    end_assignment,
    end_grants,
    grant_by_consent,
    open_in_emergency,
    review_override,
)
from panoh.access.operations.members import add_account, add_member, end_member, renew_account, set_password
from panoh.access.operations.organisations import add_office, add_organisation
from panoh.access.operations.readings import record_reading
from panoh.access.operations.second_factors import changing_second_factors
from panoh.access.operations.tokens import end_token, make_token

__all__ = [
    "add_account",
    "add_member",
    "add_office",
    "add_organisation",
    "assign_file",
    "changing_second_factors",
    "end_agreement",
    "end_assignment",
    "end_grants",
    "end_member",
    "end_token",
    "grant_by_consent",
    "make_token",
    "open_in_emergency",
    "record_reading",
    "renew_account",
    "review_override",
    "set_password",
    "sign_agreement",
]
