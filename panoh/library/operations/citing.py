"""Paragraphs at work: cited from a case, a household, an incident, an intervention or a page of statistics; put on lists; figures confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.library.models import Citation, Claim, Paragraph, Shelf, ShelfItem
from panoh.library.rules.figures import read_number
from panoh.rulebook import current


@dataclass(frozen=True, slots=True)
class Thing:
    """What cites: its kind, its id (none for statistics), and the number that people know it by."""

    kind: str
    id: UUID | None
    key: str


@dataclass(frozen=True, slots=True)
class Figure:
    """What a person confirms that a paragraph says."""

    measure: str
    figure: str
    unit: str
    as_of: date
    definition: str = ""
    place: str = ""
    period_from: date | None = None
    period_to: date | None = None


@transaction.atomic
def cite_paragraph(*, by: Actor, paragraph: Paragraph, thing: Thing, note: str = "") -> Citation:
    check(by, "library.paragraph.cite", paragraph)
    citation = Citation(
        id=new_id(),
        organisation_id=by.organisation_id,
        subject_kind=thing.kind,
        subject_id=thing.id,
        subject_key=thing.key,
        paragraph=paragraph,
        quoted=paragraph.text,
        rank=paragraph.document.rank,
        note=note.strip(),
        cited_at=timezone.now(),
        cited_by_id=by.member_id,
    )
    subjects = [citation.pk, paragraph.document_id, *([thing.id] if thing.id else [])]
    payload = {"document": paragraph.document_id, "paragraph": paragraph.anchor, "kind": thing.kind}
    citation.entry_id = record(
        by=by, kind="library.paragraph.cited", subjects=subjects, payload=payload, occurred_on=timezone.localdate()
    ).id
    try:
        with transaction.atomic():
            citation.save(force_insert=True)
    except IntegrityError:
        raise Problem("library.citation.already_cited", field="number") from None
    return citation


@transaction.atomic
def end_citation(*, by: Actor, citation: Citation) -> Citation:
    check(by, "library.paragraph.cite", citation)
    record(by=by, kind="library.citation.ended", subjects=[citation.pk], payload={}, occurred_on=timezone.localdate())
    Citation.objects.filter(pk=citation.pk, ended_on__isnull=True).update(ended_on=timezone.localdate())
    return citation


@transaction.atomic
def confirm_claim(*, by: Actor, paragraph: Paragraph, said: Figure) -> Claim:
    """A person says: this paragraph gives this figure, counted so, there, for that time, as of that day."""
    check(by, "library.claim.confirm", paragraph)
    number = read_number(said.figure)
    if number is None or abs(number) >= 10**15:
        raise Problem("library.claim.no_figure", field="figure")
    if said.place and said.place not in current().places:
        raise Problem("library.claim.place_unknown", field="place")
    if said.period_from and said.period_to and said.period_to < said.period_from:
        raise Problem("library.claim.period_backwards", field="period_to")
    claim = Claim(
        id=new_id(),
        organisation_id=by.organisation_id,
        paragraph=paragraph,
        measure=" ".join(said.measure.casefold().split()),
        figure=number,
        unit=said.unit.strip(),
        definition=said.definition.strip(),
        place=said.place,
        period_from=said.period_from,
        period_to=said.period_to,
        as_of=said.as_of,
        confirmed_at=timezone.now(),
        confirmed_by_id=by.member_id,
    )
    payload = {
        "document": paragraph.document_id,
        "paragraph": paragraph.anchor,
        "figure": str(number),
        "as_of": said.as_of,
    }
    claim.entry_id = record(
        by=by,
        kind="library.claim.confirmed",
        subjects=[claim.pk, paragraph.document_id],
        payload=payload,
        occurred_on=timezone.localdate(),
    ).id
    claim.save(force_insert=True)
    return claim


@transaction.atomic
def withdraw_claim(*, by: Actor, claim: Claim) -> Claim:
    check(by, "library.claim.confirm", claim)
    record(by=by, kind="library.claim.withdrawn", subjects=[claim.pk], payload={}, occurred_on=timezone.localdate())
    Claim.objects.filter(pk=claim.pk, withdrawn_on__isnull=True).update(withdrawn_on=timezone.localdate())
    return claim


@transaction.atomic
def make_shelf(*, by: Actor, title: str) -> Shelf:
    check(by, "library.shelf.keep")
    shelf = Shelf(
        id=new_id(),
        organisation_id=by.organisation_id,
        title=title.strip(),
        made_at=timezone.now(),
        made_by_id=by.member_id,
    )
    shelf.entry_id = record(
        by=by,
        kind="library.shelf.made",
        subjects=[shelf.pk],
        payload={},
        occurred_on=timezone.localdate(),
        detail={"title": shelf.title},
    ).id
    try:
        with transaction.atomic():
            shelf.save(force_insert=True)
    except IntegrityError:
        raise Problem("library.shelf.title_taken", field="title") from None
    return shelf


@transaction.atomic
def put_on_shelf(*, by: Actor, shelf: Shelf, paragraph: Paragraph, note: str = "") -> None:
    check(by, "library.shelf.keep", shelf)
    if shelf.items.filter(paragraph=paragraph).exists():
        return
    record(
        by=by,
        kind="library.shelf.filled",
        subjects=[shelf.pk],
        payload={"document": paragraph.document_id, "paragraph": paragraph.anchor},
        occurred_on=timezone.localdate(),
    )
    ShelfItem.objects.bulk_create(
        [
            ShelfItem(
                id=new_id(),
                shelf=shelf,
                paragraph=paragraph,
                note=note.strip(),
                put_at=timezone.now(),
                put_by_id=by.member_id,
            )
        ]
    )
