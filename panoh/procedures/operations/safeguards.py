"""What a monitor says of a safeguard, where no record can tell. Added to, never changed: the latest answer counts."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.procedures.models import Case, SafeguardAnswer
from panoh.procedures.operations.acts import household_of, today
from panoh.procedures.queries.cases import procedure_of
from panoh.procedures.rules.safeguards import ANSWERS, Verdict


@transaction.atomic
def answer_safeguard(
    *, by: Actor, case: Case, safeguard: str, verdict: str, on: date, evidence: str
) -> SafeguardAnswer:
    """A monitor says whether a safeguard was kept, when, and on what that rests."""
    policy.check(by, "procedures.safeguard.answer", case)
    defined = procedure_of(case).safeguards.get(safeguard)
    if defined is None or case.track not in defined.tracks:
        raise Problem("procedures.safeguard.unknown")
    if verdict not in ANSWERS:
        raise Problem("procedures.safeguard.unknown_verdict", field="verdict")
    text = evidence.strip()
    if not text:
        raise Problem("procedures.safeguard.no_evidence", field="evidence")
    if on > today():
        raise Problem("procedures.step.in_the_future", field="on", on=on, today=today())
    entry = record(
        by=by,
        kind="procedures.safeguard.answered",
        subjects=[case.pk, *household_of(case)],
        payload={"of_case": case.pk, "safeguard": safeguard, "verdict": str(Verdict(verdict)), **case.closing},
        occurred_on=on,
        detail={"evidence": text},
        legal_basis=defined.standards,
    )
    answer = SafeguardAnswer(
        case=case,
        safeguard=safeguard,
        verdict=verdict,
        on=on,
        evidence=text,
        recorded_at=entry.recorded_at,
        by_id=by.member_id,
        organisation_id=by.organisation_id,
        entry_id=entry.id,
    )
    answer.save(force_insert=True)
    return answer
