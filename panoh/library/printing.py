"""Sources on paper: the bundle of everything that a page or a list rests on, and the list of sources at the foot of a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from panoh.access.actor import Actor
from panoh.library.models import IN_FORCE, Paragraph
from panoh.library.queries.citations import cited_by
from panoh.library.reading.marks import OPEN
from panoh.library.words import CHANGES
from panoh.papers.content import day_texts
from panoh.papers.rendering import render_pdf
from panoh.rulebook.model import LANGUAGES

# What our fonts hold; a source may bear any letter of the world, and a PDF that lacks one cannot be made.
PRINTED = (
    " -~\xa0-\u017f\u0400-\u045f\u0490-\u04ff\u060c\u061b\u061f\u0621-\u063a\u0640-\u0655\u0660-\u066d\u0670\u0671\u0679\u067c\u067e"
    "\u0681\u0685\u0686\u0688\u0689\u0691\u0693\u0696\u0698\u069a\u06a9-\u06ab\u06ad\u06af\u06ba\u06bc\u06be\u06c0-\u06c3\u06c6-\u06d0"
    "\u06d2-\u06d5\u06f0-\u06f9\u200c\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u20ac\u2116"
)
NOT_PRINTED = re.compile(f"[^{PRINTED}\n]")


def printable(text: str) -> str:
    """The text with redacted words as dots, and a question mark for what our fonts lack."""
    return NOT_PRINTED.sub("?", re.sub("█+", "[…]", text))


def bundle_pdf(title: str, rows: Sequence[tuple[Paragraph, str]]) -> bytes:
    """`rows` are paragraphs with what each is cited for."""
    language = get_language() or "en"
    today = timezone.localdate()
    return render_pdf(
        "source_bundle",
        {
            "title": printable(title),
            "heading": gettext("Sources"),
            "made": f"{printable(title)} · {day_texts(today)[language]}",
            "language": language,
            "official": language,
            "draft": None,
            "items": [_item(paragraph, note, language) for paragraph, note in rows],
        },
    )


def source_lines(by: Actor, kind: str, key: str, until: date | None) -> dict[str, list[list[str]]]:
    """The sources that a letter rests on, in every language, in the order of citing: title, origin, day, reference of each.

    A letter leaves the house: only what anybody may read stands on it, and nothing that was withdrawn. `until` leaves out what was
    cited after the letter was sent.
    """
    rows = [
        one
        for one in cited_by(by, kind, key, route="letter")
        if one.paragraph.document.rank == OPEN
        and one.paragraph.document.state == IN_FORCE
        and (until is None or timezone.localtime(one.citation.cited_at).date() <= until)
    ]
    return {language: [_line(one.paragraph, language) for one in rows] for language in LANGUAGES}


def _line(paragraph: Paragraph, language: str) -> list[str]:
    document = paragraph.document
    title = document.title or document.refid
    named = [
        f"{title}, ¶ {paragraph.label}" if paragraph.label else title,
        document.origin,
        day_texts(document.created_on)[language] if document.created_on else "",
        document.refid,
    ]
    return [printable(one) for one in named if one]


def _item(paragraph: Paragraph, note: str, language: str) -> dict[str, str | bool]:
    document = paragraph.document
    day = day_texts(document.created_on)[language] if document.created_on else ""
    change = ""
    if document.state != IN_FORCE:
        change = str(CHANGES["withdrawn"])
    elif not paragraph.in_force:
        change = str(CHANGES["corrected" if paragraph.replaced_by_id else "gone"])
    return {
        "title": printable(document.title or document.refid),
        "source": printable(
            " · ".join(one for one in (document.refid, document.origin, day, document.classification) if one)
        ),
        "label": printable(paragraph.label),
        "text": printable(paragraph.text),
        "rtl": any("\u0590" <= letter <= "\u06ff" for letter in paragraph.text[:200]),
        "note": printable(note),
        "change": change,
        "address": reverse("library_paragraph", args=[document.refid, paragraph.anchor]),
    }
