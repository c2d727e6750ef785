"""The bundle: everything that a page or a list rests on, as a PDF in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from panoh.library.models import IN_FORCE, Paragraph
from panoh.library.words import CHANGES
from panoh.papers.content import day_texts
from panoh.papers.rendering import render_pdf


def bundle_pdf(title: str, rows: Sequence[tuple[Paragraph, str]]) -> bytes:
    """`rows` are paragraphs with what each is cited for."""
    language = get_language() or "en"
    today = timezone.localdate()
    return render_pdf(
        "source_bundle",
        {
            "title": title,
            "heading": gettext("Sources"),
            "made": f"{title} · {day_texts(today)[language]}",
            "language": language,
            "official": language,
            "draft": None,
            "items": [_item(paragraph, note, language) for paragraph, note in rows],
        },
    )


def _item(paragraph: Paragraph, note: str, language: str) -> dict[str, str | bool]:
    document = paragraph.document
    day = day_texts(document.created_on)[language] if document.created_on else ""
    change = ""
    if document.state != IN_FORCE:
        change = str(CHANGES["withdrawn"])
    elif not paragraph.in_force:
        change = str(CHANGES["corrected" if paragraph.replaced_by_id else "gone"])
    return {
        "title": document.title or document.refid,
        "source": " · ".join(one for one in (document.refid, document.origin, day, document.classification) if one),
        "label": paragraph.label,
        "text": paragraph.text,
        "rtl": any("\u0590" <= letter <= "\u06ff" for letter in paragraph.text[:200]),
        "note": note,
        "change": change,
        "address": reverse("library_paragraph", args=[document.refid, paragraph.anchor]),
    }
