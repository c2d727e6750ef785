"""A source as JSON: every field that was read, its paragraphs, references and doubts; and what a search found."""

from __future__ import annotations

from typing import Any

from panoh.library.models import Document
from panoh.library.queries.searching import Found


def document_as_json(document: Document) -> dict[str, Any]:
    return {
        "refid": document.refid,
        "kind": document.kind,
        "created": _moment(document.created_on, document.created_time),
        "released": _moment(document.released_on, document.released_time),
        "classification": document.classification,
        "rank": document.rank,
        "handling": document.handling,
        "origin": document.origin,
        "addressees": document.addressees,
        "copied_to": document.copied_to,
        "tags": document.tags,
        "subject": document.subject,
        "title": document.title,
        "declassify": document.declassify,
        "header": document.header,
        "opening": document.opening,
        "language": document.language,
        "encoding": document.encoding,
        "media_type": document.media_type,
        "file": document.file_name,
        "state": document.state,
        "references": [
            {"label": one.label, "text": one.text, "refid": one.refid}
            for one in document.references.order_by("position")
        ],
        "paragraphs": [
            {
                "anchor": one.anchor,
                "kind": one.kind,
                "label": one.label,
                "mark": one.mark,
                "section": one.section,
                "text": one.text,
            }
            for one in document.paragraphs.filter(in_force=True).order_by("position")
        ],
        "doubts": [
            {"code": one.code, "about": one.about, "settled": one.settled_at is not None}
            for one in document.doubts.order_by("code", "about")
        ],
    }


def found_as_json(found: Found) -> dict[str, Any]:
    return {
        "total": found.total,
        "more": found.more,
        "looked_back_to": f"{found.looked_back_to}" if found.looked_back_to else "",
        "facets": found.facets,
        "hits": [
            {
                "refid": hit.document.refid,
                "title": hit.document.title,
                "kind": hit.document.kind,
                "created": _moment(hit.document.created_on, hit.document.created_time),
                "classification": hit.document.classification,
                "origin": hit.document.origin,
                "anchor": hit.paragraph.anchor if hit.paragraph else "",
                "label": hit.paragraph.label if hit.paragraph else "",
                "text": hit.paragraph.text if hit.paragraph else "",
            }
            for hit in found.hits
        ],
    }


def _moment(day: Any, clock: Any) -> str:
    if day is None:
        return ""
    return f"{day:%Y-%m-%d}" + (f" {clock:%H:%M}" if clock is not None else "")
