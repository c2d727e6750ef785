"""From a paper in the register to the sheet in the printer, and from an entry to the receipt that is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.receipt import Receipt
from panoh.papers.content import day_texts, in_all_languages
from panoh.papers.models import ISSUED, Paper
from panoh.papers.rendering import qr_bytes, render_pdf, render_png
from panoh.registry.models import Photo
from panoh.rulebook import current
from panoh.rulebook.law import LANGUAGES

DRAFT = {"en": "NOT VALID", "ru": "НЕДЕЙСТВИТЕЛЬНО", "tg": "БЕЭЪТИБОР", "prs": "بی‌اعتبار"}


def paper_pdf(paper: Paper) -> bytes:
    """The sheet of an issued paper. What was confirmed is printed, word for word, however often."""
    if paper.state != ISSUED:
        raise Problem("papers.paper.not_printable")
    return render_pdf(paper.content["template"], _inputs(paper), made_at=paper.confirmed_at)


def preview_png(paper: Paper) -> bytes:
    """The sheet as it will look; across it stands that it is not valid until it is issued."""
    return render_png(paper.content["template"], _inputs(paper), ppi=110)


def _inputs(paper: Paper) -> dict[str, Any]:
    content = {"serial": paper.number, "issued_on": dict.fromkeys(LANGUAGES, "—"), **paper.content}
    photo = _photo(paper)
    return {
        **content,
        "photo": photo,
        "photo_place": "3 × 4",
        "photo_mark": photo_mark(paper.photo_sha256) if photo else None,
        "qr": qr_bytes(paper.qr) if paper.qr else None,
        "draft": None if paper.state == ISSUED else DRAFT[content["official"]],
    }


def _photo(paper: Paper) -> list[int] | None:
    """The very photo that the square was signed over, though the person may have a newer one."""
    if not paper.photo_sha256:
        return None
    found = Photo.objects.filter(person_id=paper.person_id, sha256=paper.photo_sha256).first()
    if found is None:
        raise Problem("papers.paper.photo_missing")
    return list(bytes(found.image))


def photo_mark(sha256: str) -> str:
    """The beginning of the photo's hash, as people compare it: four groups of four."""
    return short_hash(sha256, separator="-")


def short_hash(text: str, *, separator: str = " ") -> str:
    head = text[:16].upper()
    return separator.join(head[at : at + 4] for at in range(0, 16, 4))


def receipt_pdf(
    *,
    entry: Entry,
    receipt: Receipt,
    act: Mapping[str, str],
    authority: Mapping[str, str],
    language: str,
    office: Mapping[str, str] | None = None,
) -> bytes:
    """The receipt of an act: what was done (its titles), where, when, and the square that proves it.

    The person's own proof: it bears no name, so that whoever finds it learns nothing about her.
    """
    country = current().country
    local = entry.recorded_at.astimezone(ZoneInfo(country.time_zone))
    day = day_texts(local.date())
    both = {name: f"{day[name]} ({day[f'other_{name}']})" for name in LANGUAGES}
    return render_pdf(
        "receipt",
        {
            "title": in_all_languages(act)[country.official_language],
            "language": language,
            "official": country.official_language,
            "authority": in_all_languages(authority),
            "act": in_all_languages(act),
            "day": both,
            "time": f"{local:%H:%M}",
            "number": receipt.number,
            "office": in_all_languages(office) if office else None,
            "receipt_number": entry.receipt_number,
            "entry": str(entry.id),
            "leaf": short_hash(receipt.leaf_hash.hex()),
            "qr": qr_bytes(receipt.text),
            "draft": None,
        },
        made_at=receipt.issued_at,
    )
