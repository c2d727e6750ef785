"""The stock of accountable forms: what comes in, what is taken for a paper, what is spoiled or lost."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.papers.kinds import get_kind
from panoh.papers.models import IN_STOCK, ISSUED_FORM, LOST, PREPARED, RESERVED, SPOILED, Form, Paper, Series
from panoh.papers.rules import SERIAL_DIGITS, serial_of

LARGEST_DELIVERY = 20_000
SPOIL_REASONS = ("misprint", "damaged", "wet", "void_at_delivery")
LOSS_REASONS = ("missing_at_count", "lost_in_transport", "stolen")


@transaction.atomic
def receive_stock(
    *,
    by: Actor,
    kind: str,
    first: int,
    last: int,
    received_on: date,
    office_id: UUID | None = None,
    delivery_note: str = "",
) -> Series:
    """Take a delivery of accountable forms into stock, sheet by sheet."""
    check(by, "papers.stock.receive")
    paper_kind = get_kind(kind)
    if not paper_kind.accountable:
        raise Problem("papers.stock.not_accountable", field="kind")
    if not 1 <= first <= last < 10**SERIAL_DIGITS or last - first >= LARGEST_DELIVERY:
        raise Problem("papers.stock.range", field="last", most=LARGEST_DELIVERY)
    if received_on > timezone.localdate():
        raise Problem("papers.stock.in_future", field="received_on")
    _refuse_overlap(paper_kind.prefix, first, last)
    series = Series.objects.create(
        kind=paper_kind.code,
        prefix=paper_kind.prefix,
        organisation_id=by.organisation_id,
        office_id=office_id,
        first=first,
        last=last,
        delivery_note=delivery_note,
        received_on=received_on,
        received_by_id=by.member_id,
    )
    Form.objects.bulk_create(
        (
            Form(series=series, serial=serial_of(series.prefix, position), position=position, changed_on=received_on)
            for position in range(first, last + 1)
        ),
        batch_size=2_000,
    )
    record(
        by=by,
        kind="papers.stock.received",
        subjects=[series.pk],
        occurred_on=received_on,
        payload={
            "paper_kind": series.kind,
            "first": serial_of(series.prefix, first),
            "last": serial_of(series.prefix, last),
            "count": last - first + 1,
            "office": office_id,
        },
        detail={"delivery_note": delivery_note} if delivery_note else None,
    )
    return series


def _refuse_overlap(prefix: str, first: int, last: int) -> None:
    """Deliveries of one prefix are taken in one after the other; the unique serial is the last word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"papers_series {prefix}"])
    known = Series.objects.filter(prefix=prefix, first__lte=last, last__gte=first).first()
    if known is not None:
        raise Problem(
            "papers.stock.overlap",
            field="first",
            first=serial_of(prefix, known.first),
            last=serial_of(prefix, known.last),
        )


def take_form(*, by: Actor, kind: str) -> Form:
    """Reserve the next free form for a paper. Called inside the operation that needs it, which writes the entry.

    SKIP LOCKED: two clerks never wait for each other's sheet and never get the same one. The actor's office is served
    from its own stock first, then from that of the organisation at large.
    """
    found = _free_forms(
        by, kind, Q(series__office_id=by.office_id) if by.office_id else Q(series__office__isnull=True)
    ).first()
    if found is None:
        found = _free_forms(by, kind, Q(series__office__isnull=True)).first()
    if found is None:
        raise Problem("papers.stock.empty", kind=kind)
    return move_form(found, RESERVED, timezone.localdate())


def _free_forms(by: Actor, kind: str, whose: Q):
    return (
        Form.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(whose, state=IN_STOCK, series__kind=kind, series__organisation_id=by.organisation_id)
        .order_by("series__received_on", "series_id", "position")
        .select_related("series")
    )


def move_form(form: Form, state: str, on: date, reason: str = "") -> Form:
    """Write down where a form is now. Called inside an operation whose entry names the form's series."""
    form.state, form.changed_on, form.reason = state, on, reason
    form.version += 1
    form.save(update_fields=["state", "changed_on", "reason", "version"])
    return form


@transaction.atomic
def spoil_form(*, by: Actor, serial: str, outcome: str, reason: str, on: date | None = None) -> Form:
    """Account for a form that is spoiled or lost before it was issued. A paper waiting on it gets the next form."""
    form = (
        Form.objects.select_for_update(of=("self",))
        .select_related("series")
        .filter(serial=serial.strip().upper(), series__organisation_id=by.organisation_id)
        .first()
    )
    if form is None:
        raise Problem("papers.form.not_found", field="serial", serial=serial)
    check(by, "papers.form.spoil", form.series)
    if outcome not in (SPOILED, LOST) or reason not in (SPOIL_REASONS if outcome == SPOILED else LOSS_REASONS):
        raise Problem("papers.reason.missing", field="reason")
    if form.state not in (IN_STOCK, RESERVED):
        raise Problem("papers.form.gone", field="serial", serial=form.serial)
    on = on or timezone.localdate()
    waiting = Paper.objects.select_for_update(of=("self",)).filter(form=form, state=PREPARED).first()
    subjects = [form.series_id]
    payload = {"serial": form.serial, "outcome": outcome, "reason": reason}
    move_form(form, outcome, on, reason)
    if waiting is not None:
        following = take_form(by=by, kind=form.series.kind)
        waiting.form, waiting.number = following, following.serial
        waiting.version += 1
        waiting.save(update_fields=["form", "number", "version"])
        subjects += [waiting.pk, following.series_id]
        payload["following"] = following.serial
    record(by=by, kind=f"papers.form.{outcome}", subjects=subjects, occurred_on=on, payload=payload)
    return form


__all__ = ["ISSUED_FORM", "move_form", "receive_stock", "serial_of", "spoil_form", "take_form"]
