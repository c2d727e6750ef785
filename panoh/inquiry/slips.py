"""The slip as PDF: number, code, and what the code opened at that moment, for a pocket and without a telephone. It names nobody."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from panoh.inquiry.queries import OwnCase
from panoh.inquiry.telling import sections, standing
from panoh.kernel.written_days import format_day
from panoh.papers.rendering import qr_bytes, render_pdf
from panoh.rulebook import current


def slip_pdf(told: OwnCase, code: str, address: str, language: str) -> bytes:
    """One sheet in the family's language. `code` is printed as it was typed by whoever holds it."""
    with translation.override(language):
        return render_pdf(
            "own_case_slip",
            {
                "title": told.number,
                "language": language,
                "official": language,
                "draft": None,
                "heading": _("My case"),
                "procedure": current().text(told.definition.titles, language),
                "number_word": _("Number of the case"),
                "number": told.number,
                "code_word": _("Code"),
                "code": code,
                "standing": standing(told, language),
                "printed": _("As it stood on %(day)s.") % {"day": format_day(timezone.localdate(), language)},
                "sections": [
                    {
                        "title": section.title,
                        "sentences": [{"text": one.text, "kind": one.kind} for one in section.sentences],
                    }
                    for section in sections(told, language)
                ],
                "keep": keep_words(),
                "address": address,
                "qr": qr_bytes(address),
            },
            made_at=timezone.now(),
        )


def keep_words() -> str:
    """What stands on every slip, in the active language."""
    return _(
        "With this number and code you can see on the page above where your case stands, what comes next and until when you may act. "
        "The number of any receipt of your case will do as well. Keep the slip; show it to nobody whom you do not trust. "
        "Nobody may ask money for it."
    )
