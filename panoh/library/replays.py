"""How the ledger's verification looks at sources: each stands as the last entry about it committed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from panoh.access.context import acting_as_system
from panoh.library.models import Document, Paragraph
from panoh.library.snapshots import Snapshot, document_snapshot


def document_states(subjects: Sequence[UUID]) -> Mapping[UUID, Snapshot]:
    with acting_as_system("ledger verification: states of sources"):
        texts: defaultdict[UUID, list[str]] = defaultdict(list)
        rows = Paragraph.objects.filter(document_id__in=subjects, in_force=True).order_by("document_id", "position")
        for document_id, text in rows.values_list("document_id", "text"):
            texts[document_id].append(text)
        return {one.pk: document_snapshot(one, texts[one.pk]) for one in Document.objects.filter(pk__in=subjects)}
