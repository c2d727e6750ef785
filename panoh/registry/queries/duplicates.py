"""Pairs of records: what is suggested and how far it is judged, the standing judgement, and how alike two records are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from panoh.access.actor import Actor
from panoh.access.scope import household_scope
from panoh.identity.similarity import Similarity, similarity
from panoh.kernel.problems import Problem
from panoh.registry.models import Judgement, Person, Suggestion
from panoh.registry.models.duplicates import JUDGED, OPEN, TO_CONFIRM, UNSURE
from panoh.registry.queries.candidates import of_the_same_parts
from panoh.registry.queries.files import names_in_order

LIKELY = 0.8
MOST_COUNTED = 5000
_AFTER = re.compile(r"([01]\.\d{4})~([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which suggestions: what they wait for (None: all), how alike at least, of which office, found by what."""

    state: str | None = OPEN
    least: Decimal = Decimal(0)
    office_id: UUID | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the suggested pairs are judged. `many_more` tells that there are more than were counted."""

    judged: int
    to_confirm: int
    unsure: int
    open: int
    many_more: bool

    @property
    def total(self) -> int:
        return self.judged + self.to_confirm + self.unsure + self.open


def suggestions_visible_to(actor: Actor) -> QuerySet[Suggestion]:
    """The pairs of which the actor sees both records, unless neither record is in use any more."""
    return Suggestion.objects.filter(
        household_scope(actor, "person_a__household__"),
        household_scope(actor, "person_b__household__"),
        Q(person_a__status="open") | Q(person_b__status="open"),
    )


def list_counted_twice(actor: Actor, *, limit: int) -> list[Judgement]:
    """Pairs that two people have held to be one person while both records are open: every table counts her twice."""
    return list(
        Judgement.objects.filter(
            household_scope(actor, "person_a__household__"),
            household_scope(actor, "person_b__household__"),
            confirmed_at__isnull=False,
            undone_at__isnull=True,
            person_a__status="open",
            person_b__status="open",
        )
        .select_related("person_a", "person_b")
        .order_by("confirmed_at")[:limit]
    )


def is_counted_twice(standing: Judgement | None, left: Person, right: Person) -> bool:
    confirmed = standing is not None and standing.confirmed_at is not None
    return confirmed and left.status == right.status == "open"


def list_suggestions(actor: Actor, wanted: Wanted, *, limit: int, after: str = "") -> list[Suggestion]:
    """One page of pairs, the most alike first, with both records ready to be shown."""
    found = _narrowed(actor, wanted)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if after:
        found = _behind(found, after)
    people = Person.objects.select_related("household__office").prefetch_related(names_in_order(), "papers_held")
    return list(
        found.order_by("-score", "id").prefetch_related(
            Prefetch("person_a", queryset=people), Prefetch("person_b", queryset=people)
        )[:limit]
    )


def count_progress(actor: Actor, wanted: Wanted) -> Progress:
    """How many of these pairs are judged, whatever state is looked at now. Counts up to a bound."""
    states = Counter(_narrowed(actor, wanted).order_by().values_list("state", flat=True)[: MOST_COUNTED + 1])
    many_more = states.total() > MOST_COUNTED
    return Progress(states[JUDGED], states[TO_CONFIRM], states[UNSURE], states[OPEN], many_more)


def cursor_of(suggestion: Suggestion) -> str:
    """Where the next page begins: hand it back as `after`."""
    return f"{suggestion.score:.4f}~{suggestion.pk}"


def find_suggestion(actor: Actor, left: Person, right: Person) -> Suggestion | None:
    first, second = sorted((left.pk, right.pk))
    return suggestions_visible_to(actor).filter(person_a_id=first, person_b_id=second).first()


def _narrowed(actor: Actor, wanted: Wanted) -> QuerySet[Suggestion]:
    found = suggestions_visible_to(actor)
    if wanted.least:
        found = found.filter(score__gte=wanted.least)
    if wanted.origin:
        found = found.filter(origin=wanted.origin)
    if wanted.office_id:
        found = found.filter(
            Q(person_a__household__office_id=wanted.office_id) | Q(person_b__household__office_id=wanted.office_id)
        )
    return found


def _behind(found: QuerySet[Suggestion], after: str) -> QuerySet[Suggestion]:
    read = _AFTER.fullmatch(after)
    try:
        score, key = (Decimal(read[1]), UUID(read[2])) if read else (None, None)
    except ValueError:
        score = None
    if score is None:
        raise Problem("registry.search.page", field="after")
    return found.filter(Q(score__lt=score) | Q(score=score, pk__gt=key))


# -- judgements -------------------------------------------------------------------------------------------------------


def list_judgements_of(left: Person, right: Person) -> list[Judgement]:
    """What was judged about two records that were obtained, undone judgements too, the newest first."""
    first, second = sorted((left.pk, right.pk))
    return list(
        Judgement.objects.filter(person_a_id=first, person_b_id=second)
        .select_related("judged_by__account", "confirmed_by__account", "undone_by__account")
        .order_by("-judged_at", "-id")
    )


def standing_of(judgements: Iterable[Judgement]) -> Judgement | None:
    """The one in force."""
    return next((one for one in judgements if one.undone_at is None), None)


def find_standing(left: Person, right: Person) -> Judgement | None:
    """The judgement in force about two records, whichever comes first."""
    return standing_of(list_judgements_of(left, right))


def alike(left: Person, right: Person) -> Similarity:
    """The two forms of their names that are most alike; a part that one side leaves out speaks for nothing."""
    judged = (
        similarity(*(form.display("full") for form in of_the_same_parts(a.as_person_name(), b.as_person_name())))
        for a in left.names.all()
        for b in right.names.all()
        if a.role != "proposed" and b.role != "proposed"
    )
    return max(judged, key=lambda one: one.score, default=Similarity(0.0, ()))
