"""What cites which paragraph, whether its source still says so, and what a page rests on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from panoh.access.actor import Actor
from panoh.access.composed import Composed
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.library.models import WITHDRAWN, Citation, Claim, Paragraph, SavedSearch, Shelf
from panoh.library.operations.citing import Thing
from panoh.library.queries.documents import record_reading, visible_to

# Where each kind of thing keeps its number; a row that its own policy hides is not found.
TABLES = {
    "case": "procedures_case",
    "household": "registry_household",
    "incident": "protection_incident",
    "intervention": "protection_intervention",
}
PAGES = {"case": "case", "household": "household", "incident": "incident", "intervention": "intervention"}
STATISTICS = "statistics"
MOST_NEW = 100
SHOWN_SEARCHES = 30


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with what became of its source: unchanged, corrected, gone, withdrawn, reclassified."""

    citation: Citation
    changes: tuple[str, ...]

    @property
    def paragraph(self) -> Paragraph:
        return self.citation.paragraph


def find_thing(number: str) -> Thing:
    """The case, household, incident or intervention of this number, or a year of statistics (2024), seen by whoever asks."""
    number = number.strip().upper()
    if number.isdigit() and len(number) == 4:
        return Thing(STATISTICS, None, number)
    with connection.cursor() as cursor:
        for kind, table in TABLES.items():
            cursor.execute(f"SELECT id FROM {table} WHERE number = %s", [number])  # noqa: S608 - the tables above
            if row := cursor.fetchone():
                return Thing(kind, row[0], number)
    raise Problem("library.citation.thing_not_found", field="number", number=number[:40])


def changes_of(citation: Citation) -> tuple[str, ...]:
    paragraph, document = citation.paragraph, citation.paragraph.document
    found = []
    if document.state == WITHDRAWN:
        found.append("withdrawn")
    if not paragraph.in_force:
        found.append("corrected" if paragraph.replaced_by_id else "gone")
    elif paragraph.text != citation.quoted:
        found.append("redacted" if paragraph.redacted else "corrected")
    if document.rank != citation.rank:
        found.append("reclassified")
    return tuple(found)


_CITED: Composed[Citation] = Composed(
    lambda actor, kind, key: (
        _citations()
        .filter(subject_kind=kind, subject_key=key, paragraph__document__in=visible_to(actor))
        .order_by("cited_at")
    )
)


def cited_by(actor: Actor, kind: str, key: str, *, route: str) -> list[Cited]:
    """What a page cites, in the order of citing; paragraphs that the actor may not read are not among them."""
    if not decide(actor, "library.document.read").allowed:
        return []
    rows = _CITED(actor, kind, key)
    record_reading(actor, [row.paragraph.document for row in rows], route)
    return [Cited(row, changes_of(row)) for row in rows]


def citing(actor: Actor, paragraph: Paragraph) -> list[Cited]:
    """The things that cite a paragraph, as far as whoever asks sees them."""
    return [Cited(row, changes_of(row)) for row in _citations().filter(paragraph=paragraph).order_by("cited_at")]


def obtain_citation(actor: Actor, citation_id: UUID) -> Citation:
    found = _citations().filter(pk=citation_id, organisation_id=actor.organisation_id).first()
    if found is None:
        raise Problem("library.paragraph.not_found")
    return found


def _citations() -> QuerySet[Citation]:
    return Citation.objects.filter(ended_on__isnull=True).select_related(
        "paragraph__document", "paragraph__replaced_by", "cited_by__account"
    )


# -- figures ----------------------------------------------------------------------------------------------------------


def list_measures(actor: Actor) -> list[tuple[str, int]]:
    """What is counted, with how many figures of it the actor sees."""
    from django.db.models import Count

    rows = _claims(actor).values_list("measure").annotate(many=Count("id")).order_by("measure")
    return [(measure, many) for measure, many in rows]


def list_figures(actor: Actor, measure: str, place: str = "") -> list[Claim]:
    """The history of one figure over the years, contradicting sources side by side under one day."""
    found = _claims(actor).filter(measure=measure)
    if place:
        found = found.filter(place=place)
    rows = list(found.order_by("as_of", "figure"))
    record_reading(actor, [row.paragraph.document for row in rows], "library_figure")
    return rows


def claims_of(actor: Actor, paragraph: Paragraph) -> list[Claim]:
    return list(_claims(actor).filter(paragraph=paragraph).order_by("as_of"))


def obtain_claim(actor: Actor, claim_id: UUID) -> Claim:
    found = _claims(actor).filter(pk=claim_id, organisation_id=actor.organisation_id).first()
    if found is None:
        raise Problem("library.paragraph.not_found")
    return found


def _claims(actor: Actor) -> QuerySet[Claim]:
    return Claim.objects.filter(withdrawn_on__isnull=True, paragraph__document__in=visible_to(actor)).select_related(
        "paragraph__document__organisation", "confirmed_by__account"
    )


# -- lists and saved searches -----------------------------------------------------------------------------------------


def list_shelves(actor: Actor) -> list[Shelf]:
    return list(Shelf.objects.filter(organisation_id=actor.organisation_id).order_by("title"))


def obtain_shelf(actor: Actor, shelf_id: UUID) -> Shelf:
    found = Shelf.objects.filter(pk=shelf_id, organisation_id=actor.organisation_id).first()
    if found is None:
        raise Problem("library.shelf.not_found")
    return found


def paragraphs_on(actor: Actor, shelf: Shelf, *, route: str) -> list[Paragraph]:
    rows = [
        item.paragraph
        for item in shelf.items.filter(paragraph__document__in=visible_to(actor))
        .select_related("paragraph__document", "paragraph__replaced_by")
        .order_by("put_at")
    ]
    record_reading(actor, [row.document for row in rows], route)
    return rows


@dataclass(frozen=True, slots=True)
class Alert:
    search: SavedSearch
    new: int
    more: bool


def list_alerts(actor: Actor) -> list[Alert]:
    """The member's saved searches with how much of what she sees came in since they were looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_id, many FROM library_alerts(%s)", [MOST_NEW + 1])
        new = dict(cursor.fetchall())
    return [
        Alert(saved, min(new.get(saved.pk, 0), MOST_NEW), new.get(saved.pk, 0) > MOST_NEW)
        for saved in SavedSearch.objects.filter(member_id=actor.member_id).order_by("query")[:SHOWN_SEARCHES]
    ]
