"""What a person decides about a source: which value is right, that a doubt is none, that the source is withdrawn, which words are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.library.models import WITHDRAWN, Document, Paragraph, Redaction
from panoh.library.operations.taking_in import index_documents
from panoh.library.reading.marks import RANKS, rank_of
from panoh.library.snapshots import document_snapshot
from panoh.library.sources import sounds_of_texts

SETTLED_FIELDS = ("kind", "title", "created_on", "classification", "origin", "tags", "language")
BLACK = "█"


@transaction.atomic
def settle_document(*, by: Actor, document: Document, values: Mapping[str, Any], expected_version: int) -> Document:
    """Set fields for good and settle every open doubt: a new reading of the file leaves both as they are."""
    check(by, "library.document.settle", document)
    document = _held(document, expected_version)
    changed = [name for name in SETTLED_FIELDS if name in values and values[name] != getattr(document, name)]
    if values.get("classification", document.classification) not in RANKS:
        raise Problem("library.document.classification_unknown", field="classification")
    for name in changed:
        setattr(document, name, values[name])
    document.settled = sorted({*document.settled, *changed})
    marks = list(document.paragraphs.filter(in_force=True).exclude(mark="").values_list("mark", flat=True))
    document.rank = rank_of(document.classification, document.handling, marks)
    _write(by, document, "library.document.settled", {"fields": ",".join(changed)})
    document.doubts.filter(settled_at__isnull=True).update(settled_at=timezone.now(), settled_by_id=by.member_id)
    return document


@transaction.atomic
def withdraw_document(*, by: Actor, document: Document, reason: str, expected_version: int) -> Document:
    """The source no longer stands: whoever published it took it back, or it was false. It stays under its address, marked so."""
    check(by, "library.document.withdraw", document)
    document = _held(document, expected_version)
    if document.state == WITHDRAWN:
        raise Problem("library.document.already_withdrawn")
    document.state = WITHDRAWN
    document.settled = sorted({*document.settled, "state"})  # brought in again, it stays withdrawn
    _write(by, document, "library.document.withdrawn", {}, {"reason": reason})
    return document


@transaction.atomic
def redact_paragraph(*, by: Actor, paragraph: Paragraph, words: str, reason: str) -> Paragraph:
    """Words are no longer shown to anybody, wherever in the source they stand; what stood there is kept for whoever may redact.

    Earlier words under an address of their own count, and what the page shows above the text; so does every later reading of the file.
    """
    check(by, "library.paragraph.redact", paragraph)
    document = Document.objects.select_for_update().get(pk=paragraph.document_id)
    rows = {one.pk: one for one in document.paragraphs.select_for_update()}
    words = " ".join(words.split())
    if not words or words not in rows[paragraph.pk].text:
        raise Problem("library.paragraph.words_not_there", field="words")
    held = [one for one in rows.values() if words in one.text]
    black = BLACK * max(3, min(len(words), 12))
    kept = [
        Redaction(
            paragraph=one,
            document=document,
            text_before=one.text,
            words=words,
            reason=reason,
            redacted_at=timezone.now(),
            redacted_by_id=by.member_id,
        )
        for one in held
    ]
    for one in held:
        one.text, one.redacted = one.text.replace(words, black), True
    for name in ("title", "subject", "header", "opening"):
        setattr(document, name, getattr(document, name).replace(words, black))
    shown = [one.text for one in sorted(rows.values(), key=lambda one: one.position) if one.in_force]
    document.sounds = sounds_of_texts(document.title, shown, document.language)

    def change() -> None:
        for one in kept:
            one.save(force_insert=True)
        for one in held:
            one.save(update_fields=["text", "redacted"])

    _write(by, document, "library.paragraph.redacted", {"paragraph": paragraph.anchor}, {"reason": reason}, change)
    return rows[paragraph.pk]


def _held(document: Document, expected_version: int) -> Document:
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.version != expected_version:
        raise Problem("library.document.changed")
    return held


def _write(
    by: Actor,
    document: Document,
    kind: str,
    payload: dict[str, Any],
    detail: dict[str, Any] | None = None,
    change: Any = None,
) -> None:
    """The entry, the row and the index: one transaction, or the database refuses it."""
    document.version += 1
    if change is not None:
        change()
    texts = document.paragraphs.filter(in_force=True).order_by("position").values_list("text", flat=True)
    entry = record(
        by=by,
        kind=kind,
        subjects=[document.pk],
        payload={"refid": document.pk, "version": document.version, **payload},
        occurred_on=timezone.localdate(),
        detail=detail,
        digests={document.pk: document_snapshot(document, texts)},
    )
    document.entry_id = entry.id
    document.save()
    index_documents([document.pk])
