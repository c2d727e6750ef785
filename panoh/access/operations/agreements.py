"""Data sharing agreements (DOMAIN §12.2 Transfer)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Agreement, Organisation
from panoh.access.operations.houses import check_gives
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record


@transaction.atomic
def sign_agreement(
    *,
    by: Actor,
    giver: Organisation,
    receiver: Organisation,
    reference: str,
    purposes: Sequence[str],
    field_classes: Sequence[str],
    valid_from: date,
    valid_to: date | None = None,
    needs_consent: bool = True,
    bulk_export: bool = False,
) -> Agreement:
    """Enter an agreement: files of `giver` open to `receiver` for these purposes, in these classes of fields.

    Entered by an administrator of the giver: nobody opens the files of others. Refused where the receiver is an authority of another state than the giver's: the Law on Refugees, Art. 14, bars
    information from reaching the authorities of the country of origin (DOMAIN §2.2, Confidentiality).
    """
    check(by, "access.agreement.sign")
    check_gives(by, giver)
    check_agreement(giver, receiver, purposes, valid_from, valid_to)
    agreement = Agreement.objects.create(
        giver=giver,
        receiver=receiver,
        reference=reference,
        purposes=list(purposes),
        field_classes=list(field_classes),
        needs_consent=needs_consent,
        bulk_export=bulk_export,
        valid_from=valid_from,
        valid_to=valid_to,
        signed_by_id=by.member_id,
        signed_at=timezone.now(),
    )
    record(
        by=by,
        kind="access.agreement.signed",
        subjects=[agreement.pk, giver.pk, receiver.pk],
        occurred_on=valid_from,
        payload={
            "purposes": sorted(purposes),
            "field_classes": sorted(field_classes),
            "needs_consent": needs_consent,
            "until": valid_to.isoformat() if valid_to else None,
        },
    )
    return agreement


def check_agreement(
    giver: Organisation, receiver: Organisation, purposes: Sequence[str], valid_from: date, valid_to: date | None
) -> None:
    if giver.pk == receiver.pk:
        raise Problem("access.agreement.same_party", field="receiver")
    if receiver.kind == "authority" and receiver.country != giver.country:
        raise Problem("access.agreement.country_of_origin", field="receiver")
    if not purposes:
        raise Problem("access.agreement.no_purpose", field="purposes")
    if valid_to is not None and valid_to <= valid_from:
        raise Problem("access.agreement.dates", field="valid_to")


@transaction.atomic
def end_agreement(*, by: Actor, agreement: Agreement, valid_to: date) -> Agreement:
    """End an agreement early, by either party: every file it opened closes at the next request, consents included."""
    check(by, "access.agreement.end")
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if by.organisation_id not in (agreement.giver_id, agreement.receiver_id):
        raise Problem("access.organisation.not_own")
    if agreement.valid_to is not None and agreement.valid_to <= valid_to:
        raise Problem("access.agreement.ended")
    if valid_to <= agreement.valid_from:
        raise Problem("access.agreement.dates", field="valid_to")
    agreement.valid_to = valid_to
    agreement.save(update_fields=["valid_to"])
    record(by=by, kind="access.agreement.ended", subjects=[agreement.pk], occurred_on=valid_to, payload={})
    return agreement
