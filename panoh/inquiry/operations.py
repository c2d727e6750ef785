"""Making a code: the one act of this room."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.inquiry.codes import digest_of, new_code
from panoh.inquiry.models import CaseCode
from panoh.kernel.ids import new_id
from panoh.ledger.operations import record
from panoh.procedures.models import Case


@transaction.atomic
def make_code(*, by: Actor, case: Case) -> str:
    """A code for the case, told this once; the one before ends. Two at once: the second waits and ends the first."""
    check(by, "inquiry.code.make", case)
    Case.objects.select_for_update().get(pk=case.pk)
    today, code = timezone.localdate(), new_code()
    before = list(CaseCode.objects.filter(case=case, ended_on__isnull=True))
    made = CaseCode(id=new_id(), case=case, digest=digest_of(case.number, code), made_by_id=by.member_id, made_on=today)
    entry = record(
        by=by,
        kind="inquiry.code.made",
        subjects=[made.pk, case.pk, *(one.pk for one in before)],
        payload={"case": case.pk, "code": made.pk, "ended": [one.pk for one in before], **case.closing},
        occurred_on=today,
    )
    CaseCode.objects.filter(pk__in=[one.pk for one in before]).update(ended_on=today)
    made.entry_id = entry.id
    made.save(force_insert=True)
    return code
