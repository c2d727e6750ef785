"""The first of two persons: make a paper out, with everything that will be printed on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Organisation
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.ledger.operations import record
from panoh.papers.content import paper_content
from panoh.papers.kinds import PaperKind, get_kind
from panoh.papers.models import PREPARED, Holder, Paper
from panoh.papers.operations.stock import take_form
from panoh.papers.rules import check_paper
from panoh.registry.models import Person


@transaction.atomic
def prepare_paper(
    *,
    by: Actor,
    kind: str,
    person: Person,
    language: str,
    valid_from: date,
    valid_until: date | None,
    holders: Sequence[Person] = (),
    facts: Mapping[str, Any] | None = None,
    case_id: UUID | None = None,
    correlation_id: UUID | None = None,
    replaces: Paper | None = None,
    because: str = "",
) -> Paper:
    """Make out a paper for a person; it waits for a second person, and an accountable form is reserved for it.

    `holders` are family members written into a certificate. `valid_until` is the last day on which it is good;
    a letter has none, whatever is given.
    """
    paper_kind = get_kind(kind)
    valid_until = valid_until if paper_kind.accountable else None
    check(by, "papers.paper.prepare", person)
    _lock(person)
    check_paper(
        kind=paper_kind,
        person=person,
        holders=holders,
        language=language,
        valid_from=valid_from,
        valid_until=valid_until,
        facts=facts or {},
        waiting=Paper.objects.filter(person=person, kind=paper_kind.code, state=PREPARED).exists(),
    )
    form = take_form(by=by, kind=paper_kind.code) if paper_kind.accountable else None
    paper = Paper.objects.create(
        id=new_id(),
        number=form.serial if form else _letter_number(paper_kind, timezone.localdate()),
        kind=paper_kind.code,
        form=form,
        person=person,
        household_id=person.household_id,
        case_id=case_id,
        language=language,
        content=paper_content(
            template=paper_kind.template,
            title=paper_kind.titles,
            person=person,
            members=holders,
            authority=Organisation.objects.get(pk=by.organisation_id).titles,
            language=language,
            valid_from=valid_from,
            valid_until=valid_until,
            facts=facts or {},
        )
        | ({"replaces_because": because} if because else {}),
        photo_sha256=person.photo_sha256 if paper_kind.photo else "",
        valid_from=valid_from,
        valid_until=valid_until,
        exclusive=paper_kind.accountable,
        prepared_by_id=by.member_id,
        prepared_account_id=by.account_id,
        prepared_at=timezone.now(),
        replaces=replaces,
    )
    Holder.objects.bulk_create(Holder(paper=paper, person=holder, position=n) for n, holder in enumerate(holders))
    record(
        by=by,
        kind="papers.paper.prepared",
        subjects=[
            paper.pk,
            person.pk,
            person.household_id,
            *(h.pk for h in holders),
            *([form.series_id] if form else []),
        ],
        occurred_on=timezone.localdate(),
        payload={
            "paper_kind": paper.kind,
            "number": paper.number,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "case": case_id,
            "replaces": replaces.number if replaces else None,
            "because": because or None,
        },
        correlation_id=correlation_id,
    )
    return paper


def _lock(person: Person) -> None:
    """One preparation for a person at a time, so that the second finds the first instead of a broken constraint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"papers_person {person.pk}"])


def _letter_number(kind: PaperKind, on: date) -> str:
    """A number for papers without an accountable form: never given twice, gaps are allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('papers_letter_number')")
        (value,) = cursor.fetchone()
    return f"{''.join(word[0] for word in kind.code.split('_'))}-{on:%y}-{value:06}"
