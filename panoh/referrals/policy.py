"""Who may refer, and who may receive. Whether a single referral is seen stands in `queries.referrals.referral_scope` and, in SQL,
in migrations/0002_locks.py.

The receiver is an organisation and a purpose: of its members only those who work for the purpose of the referral see it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from panoh.access.actor import Actor
from panoh.access.roles import ROLES
from panoh.access.verbs import declare, verb

REFERRERS = {
    "registration_clerk",
    "registration_supervisor",
    "eligibility_officer",
    "protection_officer",
    "mandate_officer",
    "register_officer",
    "lawyer",
    "programme_officer",
}


def sent_by_us(actor: Actor, thing: Any) -> str | None:
    return None if thing.sender_id == actor.organisation_id else "referrals.referral.not_sender"


def received_by_us(actor: Actor, thing: Any) -> str | None:
    return None if thing.receiver_id == actor.organisation_id else "referrals.referral.not_receiver"


READ = verb("referrals.referral.read", REFERRERS, title=_("See referrals of the own organisation, sent and received"))
SEND = verb(
    "referrals.referral.send", REFERRERS, on="household", shared=True, title=_("Refer people to another organisation")
)
declare(
    READ,
    SEND,
    verb("referrals.referral.accept", REFERRERS, needs=(received_by_us,), title=_("Accept a referral")),
    verb("referrals.referral.decline", REFERRERS, needs=(received_by_us,), title=_("Decline a referral")),
    verb("referrals.referral.return", REFERRERS, needs=(received_by_us,), title=_("Return a referral with its result")),
    verb("referrals.referral.note", REFERRERS, title=_("Write a message about a referral")),
    verb("referrals.referral.withdraw", REFERRERS, needs=(sent_by_us,), title=_("Withdraw a referral")),
    verb("referrals.referral.close", REFERRERS, needs=(sent_by_us,), title=_("Close a referral")),
)


def kinds_for(purpose: str) -> frozenset[str]:
    """Kinds of organisation in which somebody works for a purpose as a receiver of referrals."""
    roles = [ROLES[code] for code in REFERRERS]
    return frozenset(kind for role in roles if purpose in role.purposes for kind in role.kinds)
