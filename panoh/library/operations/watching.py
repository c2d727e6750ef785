"""Searches that a member asks to be told about: kept as the index reads them, and matched whenever sources come in."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.library.models import SavedSearch
from panoh.library.queries.searching import kept_as
from panoh.library.rules.questions import Question, read_question


@transaction.atomic
def save_search(*, by: Actor, question: Question) -> None:
    """Ask to be told of what is taken in from now on that answers this; asked again, it counts from now."""
    check(by, "library.document.read")
    if look_at_search(by=by, query=question.text):
        return
    SavedSearch.objects.create(
        id=new_id(),
        member_id=by.member_id,
        query=question.text,
        words=kept_as(question),
        since=question.since,
        until=question.until,
        looked_at=timezone.now(),
    )


@transaction.atomic
def look_at_search(*, by: Actor, query: str) -> bool:
    """What came in so far is seen. False where this search is not kept."""
    check(by, "library.document.read")
    found = SavedSearch.objects.filter(member_id=by.member_id, query=query).first()
    if found is None:
        return False
    SavedSearch.objects.filter(pk=found.pk).update(looked_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT library_looked_at(%s)", [found.pk])
    return True


@transaction.atomic
def wake_searches(*, by: Actor) -> None:
    """Searches kept before the index matched them by itself: each is read anew, and matched once with what came in since."""
    check(by, "library.document.read")
    asleep = SavedSearch.objects.filter(member_id=by.member_id, words="", since=None, until=None)
    for saved in asleep.select_for_update():
        try:
            question = read_question(saved.query)
        except Problem:  # the search box no longer reads it so: it stays silent, and can be forgotten
            continue
        saved.words, saved.since, saved.until = kept_as(question), question.since, question.until
        saved.save(update_fields=["words", "since", "until"])
        if saved.words or saved.since or saved.until:
            with connection.cursor() as cursor:
                cursor.execute("SELECT library_match_since(%s)", [saved.pk])


@transaction.atomic
def forget_search(*, by: Actor, search_id: UUID) -> None:
    check(by, "library.document.read")
    SavedSearch.objects.filter(pk=search_id, member_id=by.member_id).delete()
