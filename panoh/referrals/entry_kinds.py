"""What this room's entries in the ledger say, in words. They name the referral alone: neither whom it is about nor who received it."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "referrals.referral.sent": _("Referral sent"),
    "referrals.referral.accepted": _("Referral accepted"),
    "referrals.referral.declined": _("Referral declined"),
    "referrals.referral.noted": _("Message about a referral"),
    "referrals.referral.returned": _("Referral returned with its result"),
    "referrals.referral.withdrawn": _("Referral withdrawn"),
    "referrals.referral.closed": _("Referral closed"),
}
