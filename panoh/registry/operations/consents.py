"""Consent: one purpose, one recipient. Given, it opens the file under a sharing agreement; withdrawn, it closes it again.

The country of origin receives nothing, consent or not (Law on Refugees, Article 14(3), keeps disclosure behind written
consent; a state that people fled from is refused outright, because a signature can be forced).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Agreement, Organisation
from panoh.access.operations.grants import end_grants, grant_by_consent
from panoh.access.queries import in_force
from panoh.kernel.problems import Problem
from panoh.registry.models import Consent, Household, Person
from panoh.registry.operations.frame import Done, begin, event_day, refuse, require_open
from panoh.registry.registration import ConsentEntry
from panoh.registry.rules.values import code_problems, day_problems, spoken_language_problems
from panoh.registry.snapshots import Snapshot, consent_snapshot
from panoh.rulebook import current


@dataclass
class NewConsents:
    """Consents of an act under way, and the agreements under which they open the file once there is an entry."""

    by: Actor
    household: Household
    rows: list[Consent] = field(default_factory=list)
    under: list[tuple[Consent, Agreement]] = field(default_factory=list)

    def digests(self) -> dict[UUID, Snapshot]:
        return {row.pk: consent_snapshot(row) for row in self.rows}

    def save(self, entry_id: UUID) -> None:
        """After the entry and the household are there."""
        if self.rows:
            Consent.objects.bulk_create(self.rows)
        for consent, agreement in self.under:
            grant_by_consent(
                by=self.by,
                household_id=self.household.pk,
                agreement=agreement,
                purpose=consent.purpose,
                entry_id=entry_id,
            )


def new_consents(
    by: Actor, household: Household, persons: Sequence[Person], consents: Sequence[ConsentEntry], on: date
) -> NewConsents:
    """The rows of consents. One without an agreement in force is kept, and opens nothing until there is one."""
    added = NewConsents(by, household)
    if not consents:
        return added
    recipients = Organisation.objects.in_bulk([consent.recipient_id for consent in consents])
    agreements = list(
        Agreement.objects.filter(in_force(on), giver_id=household.custodian_id, receiver_id__in=recipients).order_by(
            "id"
        )
    )
    origins = {person.nationality for person in persons}
    for index, consent in enumerate(consents):
        recipient = recipients.get(consent.recipient_id)
        if recipient is None:
            raise Problem("registry.consent.no_recipient", field=f"consents.{index}.recipient_id")
        if recipient.country and recipient.country in origins:
            raise Problem(
                "registry.consent.country_of_origin", field=f"consents.{index}.recipient_id", country=recipient.country
            )
        row = Consent(
            household=household,
            person=persons[consent.person] if consent.person is not None else None,
            purpose=consent.purpose,
            recipient_id=consent.recipient_id,
            method=consent.method,
            language=consent.language,
            given_on=consent.given_on,
        )
        added.rows.append(row)
        # Access is to a file: the consent of one member alone opens nothing of the others.
        if consent.person is None:
            agreement = next(
                (a for a in agreements if a.receiver_id == consent.recipient_id and consent.purpose in a.purposes), None
            )
            if agreement is not None:
                added.under.append((row, agreement))
    return added


@transaction.atomic
def give_consent(
    *,
    by: Actor,
    household: Household,
    consent: ConsentEntry,
    person: Person | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Record a consent given after registration. `person` where it is one member's and not the household's."""
    act = begin(
        by=by,
        verb="registry.consent.give",
        household=household,
        base=base,
        submission_id=submission_id,
        content=[household.pk, consent, person.pk if person else None],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    codes = current().codes
    refuse(
        [
            *code_problems(codes, "purposes", consent.purpose, "purpose", required=True),
            *code_problems(codes, "consent_methods", consent.method, "method", required=True),
            *spoken_language_problems(codes, consent.language, "language"),
            *day_problems(consent.given_on, act.on, "given_on", required=True),
        ]
    )
    members = act.open_members()
    whose = act.member(person) if person is not None else None
    if Consent.objects.filter(
        household=act.household,
        person=whose,
        purpose=consent.purpose,
        recipient_id=consent.recipient_id,
        withdrawn_on__isnull=True,
    ).exists():
        raise Problem("registry.consent.twice", field="purpose")
    ordered = [whose, *(member for member in members if member.pk != whose.pk)] if whose else members
    entry = ConsentEntry(
        consent.purpose, consent.recipient_id, consent.method, consent.language, consent.given_on, 0 if whose else None
    )
    added = new_consents(by, act.household, ordered, [entry], act.on)
    act.digests |= added.digests()
    done = act.finish(
        kind="registry.consent.given",
        persons=[whose] if whose else [],
        payload={"purpose": consent.purpose, "recipient": consent.recipient_id, "method": consent.method},
        occurred_on=consent.given_on,
    )
    added.save(done.entry.id)
    return done


@transaction.atomic
def withdraw_consent(
    *,
    by: Actor,
    consent: Consent,
    withdrawn_on: date | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Record that a consent is withdrawn: from this moment the recipient no longer sees the file."""
    act = begin(
        by=by,
        verb="registry.consent.withdraw",
        household=consent.household_id,
        base=base,
        submission_id=submission_id,
        content=[consent.pk, withdrawn_on],
    )
    if act.earlier:
        return act.earlier
    row = Consent.objects.select_for_update().get(pk=consent.pk, household=act.household)
    if row.withdrawn_on is not None:
        raise Problem("registry.consent.already_withdrawn", day=row.withdrawn_on)
    row.withdrawn_on = event_day(withdrawn_on or act.on, household=act.household, today=act.on, field="withdrawn_on")
    if row.withdrawn_on < row.given_on:
        raise Problem("registry.consent.withdrawn_before_given", field="withdrawn_on", day=row.given_on)
    row.save(update_fields=["withdrawn_on"])
    act.digests[row.pk] = consent_snapshot(row)
    done = act.finish(
        kind="registry.consent.withdrawn",
        persons=[row.person] if row.person_id else [],
        payload={"purpose": row.purpose, "recipient": row.recipient_id, "consent": row.pk},
        occurred_on=row.withdrawn_on,
    )
    if row.person_id is None:
        end_grants(
            household_id=row.household_id, organisation_id=row.recipient_id, purpose=row.purpose, at=timezone.now()
        )
    return done
