"""Sources that an actor sees. Opening a restricted one is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check, decide
from panoh.kernel.problems import Problem
from panoh.library.models import Document, DocumentReading, Doubt, Paragraph, Reference
from panoh.library.policy import document_scope
from panoh.library.reading.marks import OPEN

MOST_WANTED = 200
COUNTED = 1000
SHOWN_CITING = 50


def visible_to(actor: Actor) -> QuerySet[Document]:
    return Document.objects.filter(document_scope(actor))


def obtain_document(actor: Actor, refid: str, *, route: str, verb: str = "library.document.read") -> Document:
    """One source by its reference, with permission; that a restricted one was opened is recorded. Hidden and missing look the same.

    Where two organisations took it in, the own copy is meant.
    """
    found = sorted(
        visible_to(actor).select_related("organisation", "taken_in_by__account").filter(refid=refid)[:20],
        key=lambda one: (one.organisation_id != actor.organisation_id, one.organisation_id is not None, str(one.pk)),
    )
    if not found:
        raise Problem("library.document.not_found")
    check(actor, verb, found[0])
    record_reading(actor, [found[0]], route)
    return found[0]


def record_reading(actor: Actor, documents: Sequence[Document], route: str) -> None:
    """That words of restricted sources were shown: on their own page, as a citation, on a list, in a bundle."""
    now = timezone.now()
    DocumentReading.objects.bulk_create(
        DocumentReading(document=one, member_id=actor.member_id, route=route, read_at=now)
        for one in {one.pk: one for one in documents}.values()
        if one.rank > OPEN
    )


def list_paragraphs(document: Document) -> list[Paragraph]:
    return list(document.paragraphs.filter(in_force=True).order_by("position"))


def obtain_paragraph(actor: Actor, refid: str, anchor: str, *, route: str) -> Paragraph:
    """A paragraph under its permanent address, in force or not."""
    document = obtain_document(actor, refid, route=route)
    found = document.paragraphs.select_related("document", "replaced_by").filter(anchor=anchor).first()
    if found is None:
        raise Problem("library.paragraph.not_found")
    return found


def find_address(actor: Actor, number: str) -> str | None:
    """The page of the source with this reference, for the search box."""
    if (
        not decide(actor, "library.document.read").allowed
        or not visible_to(actor).filter(refid=number.upper()).exists()
    ):
        return None
    return reverse("library_document", args=[number.upper()])


@dataclass(frozen=True, slots=True)
class Linked:
    """A reference with the document behind it, where it is here and the actor sees it."""

    reference: Reference
    document: Document | None


def list_references(actor: Actor, document: Document) -> list[Linked]:
    rows = list(document.references.order_by("position"))
    here = {one.refid: one for one in visible_to(actor).filter(refid__in=[row.refid for row in rows if row.refid])}
    return [Linked(row, here.get(row.refid)) for row in rows]


def list_citing(actor: Actor, document: Document) -> list[Document]:
    """The sources that name this one."""
    return list(
        visible_to(actor)
        .filter(pk__in=Reference.objects.filter(refid=document.refid).values("document_id"))
        .exclude(pk=document.pk)
        .order_by("created_on")[:SHOWN_CITING]
    )


def list_wanted(actor: Actor) -> list[dict[str, Any]]:
    """References that lead to nothing here, the most named first. Only what visible sources name is counted."""
    from django.db.models import Count

    here = visible_to(actor).values("refid")
    rows = (
        Reference.objects.filter(~Q(refid=""), document__in=visible_to(actor))
        .exclude(refid__in=here)
        .values("refid")
        .annotate(many=Count("document_id", distinct=True))
        .order_by("-many", "refid")
    )
    return list(rows[:MOST_WANTED])


def count_wanted(actor: Actor) -> int:
    """How many references lead to nothing here, up to one more than COUNTED."""
    here = visible_to(actor).filter(refid=OuterRef("refid"))
    named = Reference.objects.filter(~Exists(here), ~Q(refid=""), document__in=visible_to(actor))
    return named.order_by("refid").values("refid").distinct()[: COUNTED + 1].count()


def count_unsettled(actor: Actor) -> int:
    """How many sources have open doubts, up to one more than COUNTED."""
    open_ones = Doubt.objects.filter(settled_at=None, document__in=visible_to(actor))
    return open_ones.order_by("document_id").values("document_id").distinct()[: COUNTED + 1].count()


def list_unsettled(actor: Actor, limit: int = 100) -> list[Document]:
    """Sources with open doubts, the newest first."""
    return list(
        visible_to(actor)
        .filter(Exists(Doubt.objects.filter(document=OuterRef("pk"), settled_at=None)))
        .order_by("-taken_in_at", "id")[:limit]
    )
