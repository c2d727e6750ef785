"""The slip of a referral, for the family: no name, no reason, nothing that endangers whoever is found with it in the pocket."""

from __future__ import annotations

from panoh.papers.content import day_texts
from panoh.papers.rendering import render_pdf
from panoh.referrals.models import Referral
from panoh.rulebook import current

LANGUAGES = ("prs", "tg", "ru", "en")


def slip_pdf(referral: Referral, language: str) -> bytes:
    codes = current().codes
    urgency = codes["referral_urgencies"][referral.urgency]
    return render_pdf(
        "referral_slip",
        {
            "title": referral.number,
            "language": language,
            "official": language,
            "serial": referral.number,
            "sender": _name(referral.sender.titles, language),
            "receiver": _name(referral.receiver.titles, language),
            "kind": codes["referral_kinds"].title(referral.kind, language),
            "urgency": urgency.titles[language],
            "sent_on": day_texts(referral.sent_on)[language],
            "due_on": day_texts(referral.due_on)[language] if referral.state == "sent" and referral.due_on else "",
            "draft": None,
        },
        made_at=referral.sent_at,
    )


def _name(titles: dict[str, str], language: str) -> str:
    return titles.get(language) or titles["en"]
