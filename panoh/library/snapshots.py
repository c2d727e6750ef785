"""A source as the ledger commits to it: whoever edits its row or its words quietly is found by `panoh ledger verify`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from panoh.library.models import Document

Snapshot = dict[str, str | int | None]


def document_snapshot(document: Document, texts: Iterable[str]) -> Snapshot:
    """`texts` are the words of its paragraphs in force, in their order."""
    return {
        "refid": document.refid,
        "classification": document.classification,
        "rank": document.rank,
        "created_on": document.created_on.isoformat() if document.created_on else None,
        "origin": document.origin,
        "content": document.content_sha256,
        "words": hashlib.sha256("\n".join(texts).encode()).hexdigest(),
        "state": document.state,
        "version": document.version,
    }
