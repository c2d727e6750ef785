"""Referrals of the actor's organisation: what waits for whom, and one of them whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from panoh.access.actor import Actor
from panoh.access.composed import Composed
from panoh.access.models import Organisation
from panoh.access.operations.readings import record_reading
from panoh.access.policy import check, decide
from panoh.access.queries import in_force
from panoh.access.scope import household_scope
from panoh.kernel.births import BirthDate
from panoh.kernel.calendars import ascii_digits
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.referrals.models import Referral, ReferralNote
from panoh.referrals.policy import READ, kinds_for
from panoh.referrals.rules.standing import ANSWERED, RUNNING, NextStep, next_step
from panoh.registry.models import Consent, Household, Person

LONGEST_LIST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A referral in a list: with whose turn it is and until when."""

    referral: Referral
    sent_by_us: bool
    next: NextStep | None

    @property
    def is_ours(self) -> bool:
        """Whether the next step is the reader's own organisation's."""
        return self.next is not None and self.next.by_sender == self.sent_by_us

    @property
    def is_open(self) -> bool:
        """Whether the reader's organisation still has to do with it: what the receiver gave back is over for it."""
        return self.next is not None and (self.sent_by_us or self.referral.runs)


@dataclass(frozen=True, slots=True)
class Shown:
    """A person as a referral shows her: who she is, and what the sender let go."""

    number: str
    names: Sequence[PersonName]
    sex: str
    birth: BirthDate
    nationality: str
    phone: str
    needs: Sequence[str]


@dataclass(frozen=True, slots=True)
class ShownPeople:
    """Everything that the receiver sees of a file, and nothing else of it."""

    persons: Sequence[Shown]
    phone: str
    place: str
    detail: str


def referral_scope(actor: Actor) -> Q:
    """What the own organisation sent about files that are open to the actor, and what it received for the actor's purpose."""
    if actor.role not in READ.roles:
        return Q(pk__in=[])
    # In a subquery: joined, the file that stays closed to the receiver would hide the referral from it.
    open_file = Household.objects.filter(household_scope(actor), pk=OuterRef("household_id"))
    sent = Q(sender_id=actor.organisation_id) & Q(Exists(open_file))
    return sent | Q(receiver_id=actor.organisation_id, purpose=actor.purpose)


def visible_to(actor: Actor) -> QuerySet[Referral]:
    return Referral.objects.filter(referral_scope(actor)).select_related("sender", "receiver")


def obtain_referral(actor: Actor, number: str, *, verb: str = "referrals.referral.read") -> Referral:
    """The only way in for a page. Hidden and missing look the same; that the people behind it were seen is noted."""
    wanted = ascii_digits(number).strip().upper()
    found = visible_to(actor).select_related("caseworker__account", "handled_by__account").filter(number=wanted).first()
    if found is None:
        raise Problem("referrals.referral.not_found")
    check(actor, verb, found)
    record_reading(by=actor, household_id=found.household_id, verb=verb)
    return found


def find_address(actor: Actor, number: str) -> str | None:
    """The page of this referral, for the search box."""
    if not decide(actor, "referrals.referral.read").allowed or not visible_to(actor).filter(number=number).exists():
        return None
    return reverse("referral", args=[number])


def as_line(actor: Actor, referral: Referral, today: date) -> Line:
    step = next_step(referral.state, referral.due_on, today)
    return Line(referral, referral.sender_id == actor.organisation_id, step)


def list_open(actor: Actor, today: date) -> list[Line]:
    """What has not ended, the most pressing first."""
    found = visible_to(actor).filter(state__in=(*RUNNING, *ANSWERED)).order_by("due_on", "id")
    lines = [as_line(actor, one, today) for one in found[: 3 * LONGEST_LIST]]
    return [line for line in lines if line.is_open]


IN_WORK = 6
"""How many lines My work shows; the page of referrals shows all."""


@dataclass(frozen=True, slots=True)
class ForWork:
    """The referrals that a person has to do with today, the most pressing first."""

    lines: Sequence[Line]
    more: bool


def list_for_work(actor: Actor, today: date) -> ForWork:
    """In one statement: what is the own organisation's turn, and what the actor herself sent and still waits for."""
    received = Q(receiver_id=actor.organisation_id, state__in=RUNNING)
    back = Q(sender_id=actor.organisation_id, state__in=ANSWERED)
    silent = Q(sender_id=actor.organisation_id, state__in=RUNNING, due_on__lt=today)
    own = Q(sender_id=actor.organisation_id, caseworker_id=actor.member_id, state__in=RUNNING)
    found = list(visible_to(actor).filter(received | back | silent | own).order_by("due_on", "id")[: IN_WORK + 1])
    return ForWork([as_line(actor, one, today) for one in found[:IN_WORK]], len(found) > IN_WORK)


def list_ended(actor: Actor, today: date, limit: int = LONGEST_LIST) -> list[Line]:
    found = visible_to(actor).exclude(state__in=RUNNING).order_by("-sent_on", "-id")[:limit]
    lines = [as_line(actor, one, today) for one in found]
    return [line for line in lines if not line.is_open]


_SENT_FOR: Composed[Referral] = Composed(
    lambda actor, household: (
        visible_to(actor)
        .filter(household_id=household, sender_id=actor.organisation_id)
        .order_by("-sent_on", "-id")[:LONGEST_LIST]
    )
)


def list_of_household(actor: Actor, household_id: UUID) -> list[Line]:
    """Those that the actor's organisation sent for people of a file, newest first; the file was obtained by whoever asks."""
    from django.utils import timezone

    today = timezone.localdate()
    return [as_line(actor, one, today) for one in _SENT_FOR(actor, household_id)]


def list_notes(referral: Referral) -> list[ReferralNote]:
    return list(referral.notes.select_related("organisation", "by__account"))


def list_people(referral: Referral) -> list[Person]:
    """Whom it is about, for the sender, to whom the file is open."""
    ids = referral.persons.values("person_id")
    return list(Person.objects.filter(pk__in=ids).prefetch_related("names").order_by("id"))


def find_shown(referral: Referral) -> ShownPeople | None:
    """What the receiver sees, asked of the database's one function for it; None once it no longer runs or consent is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT referrals_shown(%s)", [referral.pk])
        told = cursor.fetchone()[0]
    if told is None:
        return None
    told = json.loads(told) if isinstance(told, str) else told
    return ShownPeople(
        persons=[_shown(one) for one in told["persons"]],
        phone=told["phone"] or "",
        place=told["place"] or "",
        detail=told["detail"] or "",
    )


def _shown(one: Mapping[str, Any]) -> Shown:
    birth = one["birth"]
    return Shown(
        number=one["number"],
        names=[PersonName(**name) for name in one["names"]],
        sex=one["sex"],
        birth=BirthDate(
            date.fromisoformat(birth["earliest"]),
            date.fromisoformat(birth["latest"]),
            birth["precision"],
            birth["calendar"],
            birth["estimated"],
        ),
        nationality=one["nationality"],
        phone=one["phone"] or "",
        needs=one["needs"],
    )


def list_receivers(actor: Actor, purpose: str, on: date) -> list[Organisation]:
    """Organisations in which somebody works for the purpose, the own one left out."""
    found = Organisation.objects.filter(in_force(on), kind__in=kinds_for(purpose)).exclude(pk=actor.organisation_id)
    return list(found.order_by("code"))


def consents_of(household: Household) -> dict[tuple[UUID, str], bool]:
    """To which organisation and purpose the family, or one of it, has agreed: True where it was the whole family."""
    rows = Consent.objects.filter(household=household, withdrawn_on__isnull=True)
    found: dict[tuple[UUID, str], bool] = {}
    for recipient, purpose, person in rows.values_list("recipient_id", "purpose", "person_id"):
        found[recipient, purpose] = found.get((recipient, purpose), False) or person is None
    return found
