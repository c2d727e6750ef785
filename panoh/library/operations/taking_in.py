"""Taking sources in: documents with their paragraphs, references and doubts, a batch to one transaction and one entry.

A reference that is here already gets a new revision: fields that a person has settled stay, paragraphs keep their anchors, and
words that are gone stay under theirs, out of force.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.library.models import IN_FORCE, WITHDRAWN, Document, Doubt, Paragraph, Reference, Revision
from panoh.library.reading.marks import rank_of
from panoh.library.rows import Row, insert_columns, insert_rows
from panoh.library.rules.anchors import successors
from panoh.library.snapshots import document_snapshot
from panoh.library.sources import Source, sounds_in, sounds_of_texts, title_of

TAKEN_IN = "library.document.taken_in"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one source: `state` is new, changed or unchanged."""

    document: Document
    state: str


@transaction.atomic
def take_in(*, by: Actor | None, sources: Sequence[Source]) -> list[Taken]:
    """Take a batch in. Without `by` the operator does, on the command line, and the sources belong to no organisation."""
    if by is not None:
        check(by, "library.document.take_in")
    found: dict[int, Taken] = {}
    left = list(enumerate(sources))
    while left:  # of sources with one reference each is a reading of its own, one after another
        now: dict[str, tuple[int, Source]] = {}
        for place, source in left:
            now.setdefault(source.reading.refid[:80], (place, source))
        taken = _take_in_once(by, [source for _place, source in now.values()])
        found |= dict(zip((place for place, _source in now.values()), taken, strict=True))
        left = [one for one in left if one[0] not in found]
    return [found[place] for place in range(len(sources))]


def _take_in_once(by: Actor | None, sources: Sequence[Source]) -> list[Taken]:
    organisation_id = by.organisation_id if by else None
    here = {
        one.refid: one
        for one in Document.objects.select_for_update().filter(
            refid__in=[source.reading.refid[:80] for source in sources], organisation_id=organisation_id
        )
    }
    work = _Batch(by, timezone.now())
    taken = []
    for source in sources:
        document = here.get(source.reading.refid[:80])
        if document is None:
            taken.append(Taken(work.add(source, organisation_id), "new"))
        else:
            taken.append(Taken(document, "changed" if work.renew(document, source) else "unchanged"))
    work.write()
    return taken


def here_already(numbers: Sequence[str], organisation_id: UUID | None) -> dict[str, UUID]:
    """Which of these files are here just so, by their SHA-256. What was taken back with its files is not: brought again, it stands again."""
    rows = Document.objects.filter(
        Q(state=IN_FORCE) | Q(settled__contains=["state"]), organisation_id=organisation_id, content_sha256__in=numbers
    )
    return dict(rows.values_list("content_sha256", "pk"))


class _Batch:
    """Rows of one transaction, gathered and written table by table."""

    def __init__(self, by: Actor | None, now: datetime) -> None:
        self.by, self.now = by, now
        self.member_id = by.member_id if by else None
        self.fresh: list[Document] = []
        self.renewed: list[Document] = []
        self.revisions: list[Row] = []
        self.fresh_paragraphs: list[Row] = []
        self.paragraphs: list[Paragraph] = []
        self.moved: list[Paragraph] = []
        self.references: list[Row] = []
        self.doubts: list[Row] = []
        self.left_behind: list[UUID] = []
        self.gone_doubts: list[UUID] = []
        self.texts: dict[UUID, list[str]] = {}

    def add(self, source: Source, organisation_id: UUID | None) -> Document:
        document = Document(
            id=new_id(),
            refid=source.reading.refid[:80],
            organisation_id=organisation_id,
            taken_in_at=self.now,
            taken_in_by_id=self.member_id,
        )
        self._fill(document, source)
        self.fresh.append(document)
        key = str(document.pk)
        self.fresh_paragraphs += [
            {
                "id": str(new_id()),
                "document_id": key,
                "anchor": anchor,
                "position": place,
                "text": one.text,
                "in_force": True,
                "redacted": False,
                **_cut(one),
            }
            for place, (anchor, one) in enumerate(zip(source.anchors, source.reading.paragraphs, strict=True))
        ]
        self.texts[document.pk] = [one.text for one in source.reading.paragraphs]
        self._hang_on(document, source, 1)
        return document

    def renew(self, document: Document, source: Source) -> bool:
        """The document as it is read now. False where nothing is other than before."""
        before = list(document.paragraphs.order_by("position"))
        by_anchor = {one.anchor: one for one in before}
        anchors = source.anchors
        last = document.revisions.order_by("-number").values("number", "fields", "content_sha256").first()
        same_words = [one.anchor for one in before if one.in_force] == anchors
        back = document.state == WITHDRAWN and "state" not in document.settled
        if (
            last
            and same_words
            and last["fields"] == source.fields
            and document.content_sha256 == source.sha256
            and not back
        ):
            return False
        in_force = [one.anchor for one in before if one.in_force]
        texts = []
        for place, (anchor, read) in enumerate(zip(anchors, source.reading.paragraphs, strict=True)):
            row = by_anchor.get(anchor)
            if row is None:
                row = Paragraph(id=new_id(), document=document, anchor=anchor, text=read.text)
                by_anchor[anchor] = row
                self.paragraphs.append(row)
            else:
                self.moved.append(row)
            row.position, row.in_force, row.replaced_by_id = place, True, None
            for name, value in _cut(read).items():
                setattr(row, name, value)
            texts.append(row.text)  # of a redacted paragraph what is shown, not what the file says
        heirs = successors(in_force, anchors)
        for anchor in set(in_force) - set(anchors):
            row = by_anchor[anchor]
            row.in_force = False
            row.replaced_by_id = by_anchor[heirs[anchor]].pk if anchor in heirs else None
            self.moved.append(row)
        self._fill(document, source)
        if any(one.redacted for one in before):
            self._blacken(document, [one for one in by_anchor.values() if one.in_force])
            texts = [by_anchor[anchor].text for anchor in anchors]
        document.version += 1
        if back:  # taken back with an import, not withdrawn by a person's judgement
            document.state = IN_FORCE
        self.renewed.append(document)
        self.texts[document.pk] = texts
        self.left_behind.append(document.pk)
        self._hang_on(document, source, (last["number"] if last else 0) + 1, list(document.doubts.all()))
        return True

    def _blacken(self, document: Document, rows: Sequence[Paragraph]) -> None:
        """What was redacted once is left out of every later reading: of its paragraphs, of what stands above them, and of its sounds."""
        above = ("title", "subject", "header", "opening")
        rows = sorted(rows, key=lambda one: one.position)
        with connection.cursor() as cursor:
            texts = [getattr(document, name) for name in above] + [one.text for one in rows]
            cursor.execute("SELECT library_blackened(%s, %s)", [document.pk, texts])
            (black,) = cursor.fetchone()
        for name, text in zip(above, black, strict=False):
            setattr(document, name, text)
        for row, text in zip(rows, black[len(above) :], strict=True):
            row.redacted = row.redacted or text != row.text
            row.text = text
        document.sounds = sounds_of_texts(document.title, black[len(above) :], document.language)

    def _fill(self, document: Document, source: Source) -> None:
        """What the reader says, except what a person has settled."""
        reading = source.reading
        created_on, created_time = _parted(reading.created)
        released_on, released_time = _parted(reading.released)
        told = {
            "kind": reading.kind,
            "title": title_of(source.name, reading),
            "subject": reading.subject,
            "created_on": created_on,
            "created_time": created_time,
            "released_on": released_on,
            "released_time": released_time,
            "classification": reading.classification[:60],
            "handling": [one[:40] for one in reading.handling],
            "origin": reading.origin[:200],
            "addressees": [one[:300] for one in reading.addressees],
            "copied_to": [one[:300] for one in reading.copied_to],
            "tags": [one[:40] for one in dict.fromkeys(reading.tags)],
            "declassify": reading.declassify[:200],
            "header": reading.header,
            "opening": reading.opening,
            "language": reading.language[:3],
            "encoding": reading.encoding[:40],
            "media_type": reading.media_type[:100],
        }
        for name, value in told.items():
            if name not in document.settled:
                setattr(document, name, value)
        document.file_name = source.name
        document.content_sha256 = source.sha256
        # What the operator takes in is for everybody: within no organisation nobody could settle it.
        classification = document.classification or ("" if document.organisation_id else "PUBLIC")
        document.rank = rank_of(classification, document.handling, [one.mark for one in reading.paragraphs])
        heard = not {"title", "language"} & set(document.settled)
        document.sounds = source.sounds if heard else sounds_in(document.title, reading, document.language)

    def _hang_on(self, document: Document, source: Source, number: int, doubts: Iterable[Doubt] = ()) -> None:
        key = str(document.pk)
        self.revisions.append(
            {
                "id": str(new_id()),
                "document_id": key,
                "number": number,
                "content_sha256": source.sha256,
                "content": source.packed,
                "fields": source.fields,
                "read_at": self.now,
                "read_by_id": self.member_id,
            }
        )
        self.references += [
            {
                "id": str(new_id()),
                "document_id": key,
                "position": place,
                "label": one.label[:5],
                "text": one.text[:300],
                "refid": one.refid[:80],
            }
            for place, one in enumerate(source.reading.references)
        ]
        known = {(one.code, one.about): one for one in doubts}
        told = {(one.code, one.about[:200]) for one in source.reading.doubts}
        self.doubts += [
            {"id": str(new_id()), "document_id": key, "code": code, "about": about}
            for code, about in sorted(told - set(known))
        ]
        self.gone_doubts += [one.pk for key, one in known.items() if key not in told and one.settled_at is None]

    def write(self) -> None:
        documents = [*self.fresh, *self.renewed]
        if not documents:
            return
        entry = record(
            by=self.by,
            kind=TAKEN_IN,
            subjects=[one.pk for one in documents],
            payload={"new": len(self.fresh), "changed": len(self.renewed)},
            occurred_on=timezone.localdate(),
            digests={one.pk: document_snapshot(one, self.texts[one.pk]) for one in documents},
        )
        for document in documents:
            document.entry_id = entry.id
        try:
            insert_rows(self.fresh)
        except IntegrityError as error:
            if "document_refid_once" in str(error):
                raise Problem(
                    "library.document.not_yours", refid=", ".join(one.refid for one in self.fresh)[:80]
                ) from None
            raise
        for document in self.renewed:
            document.save()
        Reference.objects.filter(document_id__in=self.left_behind).delete()
        Doubt.objects.filter(pk__in=self.gone_doubts).delete()
        insert_columns(Revision, self.revisions)
        insert_columns(Paragraph, self.fresh_paragraphs)
        insert_rows(self.paragraphs)
        for paragraph in self.moved:
            paragraph.save(force_update=True)
        insert_columns(Reference, self.references)
        insert_columns(Doubt, self.doubts)
        index_documents([one.pk for one in documents])


def index_documents(ids: Sequence[UUID]) -> None:
    """The index of these documents, made anew; the database refuses a transaction that leaves it out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT library_index_documents(%s)", [list(ids)])


def _parted(moment: datetime | date | None) -> tuple[date | None, time | None]:
    if isinstance(moment, datetime):
        return moment.date(), moment.time().replace(second=0, microsecond=0)
    return moment, None


def _cut(one: Any) -> dict[str, str]:
    return {"kind": one.kind, "label": one.label[:20], "mark": one.mark[:10], "section": one.section[:300]}
