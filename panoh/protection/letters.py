"""An intervention as a letter, in the one language in which it is sent."""

from __future__ import annotations

from django.utils import timezone

from panoh.access.actor import Actor
from panoh.papers.content import day_texts
from panoh.papers.rendering import render_pdf
from panoh.papers.sources import source_lines
from panoh.protection.models import Intervention
from panoh.rulebook import current


def letter_pdf(intervention: Intervention, *, by: Actor) -> bytes:
    """With the sources that it cited when it was sent; what is cited later is not part of the letter."""
    sent = max(intervention.sent_on, timezone.localtime(intervention.recorded_at).date())
    book, language = current(), intervention.language
    law = [
        {
            "cited": book.cite(id, language, intervention.sent_on),
            "says": book.provision(id, intervention.sent_on).titles[language],
        }
        for id in intervention.provisions
    ]
    return render_pdf(
        "intervention",
        {
            "title": intervention.number,
            "language": language,
            "official": language,
            "serial": intervention.number,
            "organisation": intervention.organisation.titles.get(language) or intervention.organisation.titles["en"],
            "institution": book.codes["institutions"].title(intervention.institution, language),
            "addressee": intervention.addressee,
            "partners": intervention.partners,
            "day": day_texts(intervention.sent_on)[language],
            "reply_until": day_texts(intervention.reply_due_on)[language] if intervention.reply_due_on else "",
            "subject": intervention.subject,
            "paragraphs": [part.strip() for part in intervention.text.splitlines() if part.strip()],
            "law": law,
            "sources": source_lines(by, "intervention", intervention.number, until=sent)[language],
            "draft": None,
        },
        made_at=intervention.recorded_at,
    )
