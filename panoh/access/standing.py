"""Where an account stands on a day: its memberships, what its offices are, and which agreements open files to it.

Asked for by every request, so it is one statement (by hand: composing it anew costs the ORM more than the database needs
to answer). Signing in, the actor and the pages all read it from here; nothing of it is kept from one request to the next,
so that an ended membership or agreement is over at once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from panoh.access.models import Account, Member, Office, Organisation


@dataclass(frozen=True, slots=True)
class Opening:
    """An agreement in force, as far as it decides what its receiver sees."""

    id: UUID
    giver_id: UUID
    purposes: tuple[str, ...]
    field_classes: tuple[str, ...]
    needs_consent: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One membership on a day: the member with account, organisation and office loaded, and what hangs on it.

    `office_ids` are its office and all that hang under it, `openings` the agreements that its organisation receives from.
    """

    member: Member
    office_ids: tuple[UUID, ...]
    openings: tuple[Opening, ...]


IN_FORCE = "{0}.valid_from <= %(on)s AND ({0}.valid_to IS NULL OR {0}.valid_to > %(on)s)"
# COLUMNS and MEMBER are filled in below, from the models and from these two.
STATEMENT = f"""
SELECT COLUMNS,
    (SELECT jsonb_agg(jsonb_build_array(g.id, g.giver_id, g.purposes, g.field_classes, g.needs_consent) ORDER BY g.id)
     FROM access_agreement g WHERE g.receiver_id = m.organisation_id AND {IN_FORCE.format("g")}) AS openings,
    (WITH RECURSIVE below(id) AS (
        SELECT m.office_id WHERE m.office_id IS NOT NULL
        UNION SELECT f.id FROM access_office f JOIN below ON f.parent_id = below.id WHERE {IN_FORCE.format("f")})
     SELECT array_agg(id) FROM below) AS offices
FROM access_account a
    LEFT JOIN access_member m ON m.account_id = a.id AND MEMBER
    LEFT JOIN access_organisation o ON o.id = m.organisation_id
    LEFT JOIN access_office p ON p.id = m.office_id
WHERE a.id = %(account)s ORDER BY m.valid_from, m.id"""  # noqa: S608 - made of constants alone
IN_FORCE_MEMBERS, ONE_MEMBER = IN_FORCE.format("m"), "m.id = %(member)s"
TABLES: dict[str, type[Model]] = {"a": Account, "m": Member, "o": Organisation, "p": Office}


def standings_of(account: Account) -> list[Standing]:
    """Today's memberships of whoever is signed in; `AccountBackend` brings them with the account."""
    today = timezone.localdate()
    loaded: list[Standing] | None = getattr(account, "standings", None)
    return find_standings(account.pk, today)[1] if loaded is None else loaded


def find_standings(account_id: UUID, on: date) -> tuple[Account | None, list[Standing]]:
    """The account, closed or not (None where there is none), and its memberships in force on the day, oldest first."""
    return _read(IN_FORCE_MEMBERS, {"on": on, "account": account_id})


def get_standing(member: Member, on: date) -> Standing:
    """Where one membership stands on a day, whether in force or not: for commands and jobs, which chose it themselves."""
    return _read(ONE_MEMBER, {"on": on, "account": member.account_id, "member": member.pk})[1][0]


def _read(which: str, parameters: dict[str, object]) -> tuple[Account | None, list[Standing]]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(which), parameters)
        rows = cursor.fetchall()
    account, standings = None, []
    for row in rows:
        parts, start = [], 0
        for model in TABLES.values():
            fields = _fields(model)
            parts.append(_row(model, fields, row[start : start + len(fields)]))
            start += len(fields)
        openings, offices = row[start:]
        account = account or parts[0]
        _, member, organisation, office = parts
        if member is not None:
            member.account, member.organisation, member.office = account, organisation, office
            read = tuple(_opening(*one) for one in json.loads(openings or "[]"))
            standings.append(Standing(member, tuple(offices or ()), read))
    return account, standings


@cache
def _statement(which: str) -> str:
    columns = (f'{alias}."{name}"' for alias, model in TABLES.items() for name in _fields(model))
    return STATEMENT.replace("COLUMNS", ", ".join(columns)).replace("MEMBER", which)


@cache
def _fields(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _row(model: type[Model], fields: list[str], values: Sequence[Any]) -> Any:
    """The object of one table's part of a row; None where the join found nothing."""
    if values[fields.index("id")] is None:
        return None
    found = model.from_db("default", fields, values)
    if "titles" in fields:
        found.titles = json.loads(found.titles)  # type: ignore[attr-defined] - read past the ORM, which would do this
    return found


def _opening(
    agreement_id: str, giver_id: str, purposes: list[str], field_classes: list[str], needs_consent: bool
) -> Opening:
    return Opening(UUID(agreement_id), UUID(giver_id), tuple(purposes), tuple(field_classes), needs_consent)
