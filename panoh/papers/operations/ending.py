"""Papers that end before their last day: revoked, or replaced because the sheet was lost, damaged or misprinted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.papers.kinds import get_kind
from panoh.papers.models import ISSUED, REVOKED, Paper, Withdrawal
from panoh.papers.operations.confirming import lock_paper
from panoh.papers.operations.preparing import prepare_paper
from panoh.papers.rules import SOME_PAPERS_FOR_CLOSED
from panoh.registry.models import Person

RECORD_CLOSED = "record_closed"  # given by the closure itself, never chosen
REVOCATION_REASONS = ("status_ended", "issued_in_error", "fraud", "other")
REPLACEMENT_REASONS = ("lost", "stolen", "damaged", "spoiled", "data_changed")


@transaction.atomic
def revoke_paper(
    *, by: Actor, paper: Paper, reason: str, on: date | None = None, expected_version: int | None = None
) -> Paper:
    """Declare an issued paper no longer good. Whoever checks its square with a network learns it from then on."""
    paper = lock_paper(paper.pk, expected_version)
    check(by, "papers.paper.revoke", paper)
    if reason not in REVOCATION_REASONS:
        raise Problem("papers.reason.missing", field="reason")
    if paper.state != ISSUED:
        raise Problem("papers.paper.not_issued")
    on = on or timezone.localdate()
    if on < paper.issued_on:
        raise Problem("papers.paper.end_before_issue", field="on", issued_on=paper.issued_on.isoformat())
    return _revoke(by, paper, reason, on)


@transaction.atomic
def end_papers_of_closed(*, by: Actor, persons: Sequence[Person], on: date) -> list[Paper]:
    """Revoke what persons carry whose record was closed on this day: certificates, not letters about what was decided.

    Part of the closure, which asked who may: a certificate that still checks as good after a death or a departure serves
    whoever holds it next.
    """
    papers = Paper.objects.select_for_update(of=("self",)).filter(person__in=persons, state=ISSUED).order_by("id")
    carried = [paper for paper in papers if get_kind(paper.kind).template not in SOME_PAPERS_FOR_CLOSED]
    return [_revoke(by, paper, RECORD_CLOSED, max(on, paper.issued_on)) for paper in carried]


def _revoke(by: Actor, paper: Paper, reason: str, on: date) -> Paper:
    paper.state, paper.ended_on, paper.ended_by_id, paper.end_reason = REVOKED, on, by.member_id, reason
    paper.version += 1
    paper.save(update_fields=["state", "ended_on", "ended_by", "end_reason", "version"])
    Withdrawal.objects.create(paper_id=paper.pk, number=paper.number, state=REVOKED, withdrawn_on=on)
    record(
        by=by,
        kind="papers.paper.revoked",
        subjects=[paper.pk, paper.person_id, paper.household_id],
        occurred_on=on,
        payload={"paper_kind": paper.kind, "number": paper.number, "reason": reason},
    )
    return paper


@transaction.atomic
def replace_paper(*, by: Actor, paper: Paper, reason: str, expected_version: int | None = None) -> Paper:
    """Prepare a paper in place of an issued one, good until the same day. The old one ends when the new one is confirmed.

    Until then the old one stays good: a family must not be without a paper because a second person is away. A paper that
    must not be used by somebody else for a day longer is revoked at once (`revoke_paper`) and a new one prepared.
    """
    paper = lock_paper(paper.pk, expected_version)
    check(by, "papers.paper.replace", paper)
    if reason not in REPLACEMENT_REASONS:
        raise Problem("papers.reason.missing", field="reason")
    if paper.state != ISSUED:
        raise Problem("papers.paper.not_issued")
    return prepare_paper(
        by=by,
        kind=paper.kind,
        person=Person.objects.select_related("household").get(pk=paper.person_id),
        holders=[holder.person for holder in paper.holders.select_related("person").order_by("position")],
        facts=paper.content["facts"],
        language=paper.language,
        valid_from=paper.valid_from,
        valid_until=paper.valid_until,
        case_id=paper.case_id,
        replaces=paper,
        because=reason,
    )
