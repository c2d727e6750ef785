"""What can be done with a referral: sent (`sending`), and everything that follows (`answering`)."""

from panoh.referrals.operations.answering import (
    accept_referral,
    close_referral,
    decline_referral,
    note_referral,
    return_referral,
    withdraw_referral,
)
from panoh.referrals.operations.sending import Asked, send_referral

__all__ = [
    "Asked",
    "accept_referral",
    "close_referral",
    "decline_referral",
    "note_referral",
    "return_referral",
    "send_referral",
    "withdraw_referral",
]
