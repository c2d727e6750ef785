"""The second of two persons: look at a prepared paper, and confirm it or send it back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger import configuration
from panoh.ledger.operations import record
from panoh.papers import keys
from panoh.papers.content import content_hash, day_texts
from panoh.papers.models import (
    IN_STOCK,
    ISSUED,
    ISSUED_FORM,
    PREPARED,
    REFUSED,
    REPLACED,
    SPOILED,
    Form,
    Paper,
    Withdrawal,
)
from panoh.papers.operations.stock import move_form
from panoh.papers.token import PHOTO_BYTES, PaperToken, sign
from panoh.rulebook import current

REFUSAL_REASONS = ("wrong_data", "wrong_person", "not_entitled", "photo", "other")


def lock_paper(paper_id: UUID, expected_version: int | None) -> Paper:
    """The paper as it stands now, held until the end of the transaction."""
    paper = (
        Paper.objects.select_for_update(of=("self",))
        .select_related("prepared_by", "household")
        .filter(pk=paper_id)
        .first()
    )
    if paper is None:
        raise Problem("papers.paper.not_found")
    if expected_version is not None and paper.version != expected_version:
        raise Problem("papers.paper.changed")
    return paper


def lock_form(form_id: UUID) -> Form:
    return Form.objects.select_for_update(of=("self",)).get(pk=form_id)


@transaction.atomic
def confirm_paper(*, by: Actor, paper: Paper, expected_version: int | None = None) -> Paper:
    """Issue a paper that somebody else prepared. An earlier one of the kind ends on the same day: nobody holds two."""
    paper = lock_paper(paper.pk, expected_version)
    check(by, "papers.paper.confirm", paper)
    _check_second_person(by, paper)
    today = timezone.localdate()
    subjects = [paper.pk, paper.person_id, paper.household_id]
    ended = _end_earlier(by, paper, today) if paper.exclusive else []
    for earlier in ended:
        subjects.append(earlier.pk)
    if paper.form_id:
        form = lock_form(paper.form_id)
        subjects.append(form.series_id)
        move_form(form, ISSUED_FORM, today)
    for earlier in ended:
        if earlier.end_reason == "spoiled":
            spoiled = lock_form(earlier.form_id)
            subjects.append(spoiled.series_id)
            move_form(spoiled, SPOILED, today, "misprint")
    paper.state = ISSUED
    paper.confirmed_by_id, paper.confirmed_account_id, paper.confirmed_at = by.member_id, by.account_id, timezone.now()
    paper.issued_on = today
    paper.content = {**paper.content, "serial": paper.number, "issued_on": day_texts(today)}
    paper.content_sha256 = content_hash(paper.content)
    paper.qr = _square(paper)
    paper.version += 1
    paper.save()
    record(
        by=by,
        kind="papers.paper.issued",
        subjects=subjects,
        occurred_on=today,
        payload={
            "paper_kind": paper.kind,
            "number": paper.number,
            "valid_from": paper.valid_from,
            "valid_until": paper.valid_until,
            "prepared_by": paper.prepared_by_id,
            "ended": [earlier.number for earlier in ended],
        },
        digests={paper.pk: {"content_sha256": paper.content_sha256, "photo_sha256": paper.photo_sha256}},
    )
    return paper


def _check_second_person(by: Actor, paper: Paper) -> None:
    if paper.state != PREPARED:
        raise Problem("papers.paper.not_prepared")
    if by.account_id == paper.prepared_account_id:
        raise Problem("papers.paper.same_person")


def _end_earlier(by: Actor, paper: Paper, today) -> list[Paper]:
    """The papers of this kind in the person's hands: the one that is replaced for a reason, or the one that is renewed."""
    found = list(
        Paper.objects.select_for_update(of=("self",)).filter(person_id=paper.person_id, kind=paper.kind, state=ISSUED)
    )
    for earlier in found:
        reason = paper.content.get("replaces_because", "") if earlier.pk == paper.replaces_id else ""
        earlier.state, earlier.ended_on, earlier.ended_by_id = REPLACED, today, by.member_id
        earlier.end_reason = reason or "renewed"
        earlier.version += 1
        earlier.save(update_fields=["state", "ended_on", "ended_by", "end_reason", "version"])
        Withdrawal.objects.create(paper_id=earlier.pk, number=earlier.number, state=REPLACED, withdrawn_on=today)
    return found


def _square(paper: Paper) -> str:
    key_id, key = keys.signing_key()
    token = PaperToken(
        issuer=configuration.origin(),
        kind=paper.kind,
        number=paper.number,
        valid_from=paper.valid_from,
        valid_until=paper.valid_until,
        issued_at=datetime.now(UTC),
        photo=bytes.fromhex(paper.photo_sha256)[:PHOTO_BYTES],
    )
    return sign(token, key, key_id, ZoneInfo(current().country.time_zone))


@transaction.atomic
def refuse_paper(*, by: Actor, paper: Paper, reason: str, expected_version: int | None = None) -> Paper:
    """Send a prepared paper back: it was not printed, so its form returns to the stock."""
    paper = lock_paper(paper.pk, expected_version)
    check(by, "papers.paper.refuse", paper)
    if reason not in REFUSAL_REASONS:
        raise Problem("papers.reason.missing", field="reason")
    if paper.state != PREPARED:
        raise Problem("papers.paper.not_prepared")
    today = timezone.localdate()
    subjects = [paper.pk, paper.person_id, paper.household_id]
    if paper.form_id:
        form = lock_form(paper.form_id)
        subjects.append(form.series_id)
        move_form(form, IN_STOCK, today)
    paper.state, paper.ended_on, paper.ended_by_id, paper.end_reason = REFUSED, today, by.member_id, reason
    paper.version += 1
    paper.save(update_fields=["state", "ended_on", "ended_by", "end_reason", "version"])
    record(
        by=by,
        kind="papers.paper.refused",
        subjects=subjects,
        occurred_on=today,
        payload={"paper_kind": paper.kind, "number": paper.number, "reason": reason},
    )
    return paper
