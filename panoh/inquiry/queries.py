"""The answer to whoever holds the code: stage, next step and dates of one case, and nobody's name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from panoh.access.actor import Actor
from panoh.access.models import Member, Organisation
from panoh.access.queries import in_force
from panoh.inquiry.codes import normal_code, receipt_range
from panoh.inquiry.models import CaseCode, Contact, Sending
from panoh.kernel.problems import Problem
from panoh.ledger import configuration
from panoh.ledger.receipt import PREFIX, NotAReceipt, read
from panoh.procedures.models import Case
from panoh.procedures.path import Stage, case_path
from panoh.procedures.queries.cases import list_cases_of_household, procedure_of
from panoh.procedures.rules.moves import is_move
from panoh.procedures.rules.situation import Act
from panoh.registry.models import Household
from panoh.rulebook import current
from panoh.rulebook.model import Action, ClockRule, Field, Procedure

NOBODY = UUID(int=0)
NO_ENTRY = (UUID(int=1), UUID(int=0))  # a range in which nothing lies


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock that runs: until when, and whom it binds. `due_on` is None while it stands still, since `paused_on`."""

    clock: ClockRule
    due_on: date | None
    paused_on: date | None
    for_applicant: bool
    passed: bool


@dataclass(frozen=True, slots=True)
class Appointment:
    """A day ahead on which she is expected, as the act that called her says."""

    what: Field
    day: date
    hour: str


@dataclass(frozen=True, slots=True)
class Help:
    """Who gives legal aid, and where."""

    organisation: Organisation
    offices: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class OwnCase:
    """What a person is told of her own case."""

    number: str
    definition: Procedure
    track: str
    path: list[Stage]
    state: Any
    since: date
    closed_on: date | None
    limits: tuple[Limit, ...]
    appointments: tuple[Appointment, ...]
    sitting_on: date | None
    last_done: Any
    kept_by: Organisation | None
    helpers: tuple[Help, ...]


def ask(number: str, code: str, language: str, asker: str = "") -> OwnCase:
    """The case to a number (its own, or that of a receipt) and a code.

    Raises one and the same Problem for a number that is not there and for a wrong code, and another one after too many of
    them from one address (`asker`), whatever was asked.
    """
    wanted = number.strip()[:2_000]
    first, last = _entries_of(wanted) or NO_ENTRY
    wanted = wanted.upper()[:40]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inquiry_own_case(%s, %s, %s, %s, %s, %s)",
            [wanted, first, last, normal_code(code), _digest(asker), _digest(f"{asker}\n{first}\n{wanted}")],
        )
        found = cursor.fetchone()[0]
    told = json.loads(found) if isinstance(found, str) else found
    if told is None:
        raise Problem("inquiry.case.not_found", field="code")
    if "wait" in told:
        raise Problem("inquiry.case.wait")
    return _own_case(told, language)


def _entries_of(typed: str) -> tuple[UUID, UUID] | None:
    """The entries that are meant where a receipt's number was typed, or its square scanned."""
    if typed.upper().startswith(PREFIX):
        try:
            entry = read(typed, configuration.receipt_verifiers()).entry_id
        except NotAReceipt:
            return None
        return entry, entry
    return receipt_range(typed)


def _digest(text: str) -> bytes:
    """What is kept of an address for an hour: nothing that could be read back without the installation's secret."""
    return salted_hmac("panoh.inquiry", text, algorithm="sha256").digest()


def _own_case(told: Mapping[str, Any], language: str) -> OwnCase:
    opened = date.fromisoformat(told["opened_on"])
    definition = procedure_of(
        Case(procedure=told["procedure"], procedure_version=told["procedure_version"], opened_on=opened)
    )
    acts = tuple(
        Act(
            one["seq"],
            one["action"],
            date.fromisoformat(one["occurred_on"]),
            NOBODY,
            one["from_state"],
            one["to_state"],
        )
        for one in told["acts"]
    )
    limits = tuple(
        Limit(
            clock=definition.clocks[one["clock"]],
            due_on=_day(one["due_on"]),
            paused_on=_day(one["paused_on"]),
            for_applicant=definition.clocks[one["clock"]].bound == "applicant",
            passed=one["due_on"] is not None and date.fromisoformat(one["due_on"]) < timezone.localdate(),
        )
        for one in told["dues"]
        if not one["unknown"]
    )
    moved = [act for act in acts if act.to_state == told["state"] and act.from_state != act.to_state]
    return OwnCase(
        number=told["number"],
        definition=definition,
        track=told["track"],
        path=case_path(definition, told["track"], told["state"], acts, language),
        state=definition.states[told["state"]],
        since=moved[-1].occurred_on if moved else opened,
        closed_on=_day(told["closed_on"]),
        limits=limits,
        appointments=() if told["closed_on"] else tuple(_appointments(definition, acts, told["said"])),
        sitting_on=_day(told["sitting_on"]),
        last_done=_last_done(definition, acts),
        kept_by=Organisation.objects.filter(pk=told["organisation"]).first(),
        helpers=list_helpers(timezone.localdate()),
    )


def _appointments(
    definition: Procedure, acts: Sequence[Act], said: Sequence[Mapping[str, str]]
) -> Sequence[Appointment]:
    """Days ahead that an act named, while nothing that came later has moved the case on or called them off."""
    found: dict[str, Appointment] = {}
    off = {rule.calls_off: rule.appoints for rule in definition.interviews.values()}
    for act in acts:
        action = current().find_action(definition, act.action)
        if act.from_state != act.to_state:
            found.clear()
        found.pop(off.get(act.action, ""), None)
        given = {one["field"]: one["value"] for one in said if one["seq"] == act.seq}
        for field in action.form if action else ():
            if field.kind == "day" and field.name in given and given[field.name] >= str(timezone.localdate()):
                hour = next((value for value in given.values() if ":" in value), "")
                found[act.action] = Appointment(field, date.fromisoformat(given[field.name]), hour)
                break
    return sorted(found.values(), key=lambda one: one.day)


def _last_done(definition: Procedure, acts: Sequence[Act]) -> Action | None:
    """The last act in the case itself; that the office moved it to a later version is none of the person's acts."""
    done = [act for act in acts if not is_move(act)]
    return current().find_action(definition, done[-1].action) if done else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def list_helpers(on: date) -> tuple[Help, ...]:
    """Organisations that have lawyers on that day, each with the offices in which they work."""
    members = Member.objects.filter(in_force(on), role="lawyer").select_related("organisation", "office")
    offices: dict[Organisation, dict[UUID, Any]] = {}
    for member in members.order_by("organisation__code", "office__code"):
        known = offices.setdefault(member.organisation, {})
        if member.office_id:
            known[member.office_id] = member.office
    return tuple(Help(organisation, tuple(known.values())) for organisation, known in offices.items())


# -- for the officer -------------------------------------------------------------------------------------------------


def list_codes(actor: Actor, household: Household) -> list[tuple[Case, CaseCode | None]]:
    """The open cases of a household that the actor sees, each with its code in force."""
    cases = [case for case in list_cases_of_household(actor, household) if case.closed_on is None]
    codes = {code.case_id: code for code in CaseCode.objects.filter(case__in=cases, ended_on__isnull=True)}
    return [(case, codes.get(case.pk)) for case in cases]


def find_code(case: Case) -> CaseCode | None:
    """The code in force of a case that the actor has opened."""
    return CaseCode.objects.filter(case=case, ended_on__isnull=True).first()


def list_contacts(case: Case) -> list[Contact]:
    return list(Contact.objects.filter(case=case, ended_on__isnull=True).order_by("agreed_on", "id"))


def list_sendings(case: Case) -> list[Sending]:
    """What was sent, the newest first."""
    return list(Sending.objects.filter(case=case).select_related("contact", "code").order_by("-sent_at")[:20])
