"""Open files that break a rule of registration today (DOMAIN §1.1): imported ones, old ones, and those entered in a hurry.

What the tables themselves refuse (a household without a principal applicant, or without its day of arrival) is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.names import NAME_PARTS
from panoh.registry.models import Household, Name, PaperHeld, Person
from panoh.registry.models.households import OPEN
from panoh.registry.queries.files import visible_to
from panoh.rulebook import current

VERB = "registry.household.check"
CODED = {
    "sex": "sex",
    "nationality": "countries",
    "relationship": "relationship",
    "marital": "marital",
    "education": "education",
}


@dataclass(frozen=True)
class Rule:
    """One rule: `broken` says of which files it is broken, `event` is the page on which a file is mended."""

    code: str
    title: Any
    advice: Any
    broken: Callable[[], Q | Exists]
    event: str = ""


def without_address(files: Iterable[UUID] | None = None) -> set[UUID]:
    """The open files without a current address, among those that the caller sees; nothing of any address."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT registry_without_address(%s::uuid[])", [list(map(str, files)) if files is not None else None]
        )
        return {row[0] for row in cursor.fetchall()}


def _someone(**wanted: object) -> QuerySet[Person]:
    return Person.objects.filter(household=OuterRef("pk"), status=OPEN, **wanted)


def _of_someone(rows: QuerySet[Any]) -> Exists:
    return Exists(rows.filter(person__household=OuterRef("pk"), person__status=OPEN))


def _any_of(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _reached_by_nobody() -> Q:
    return Q(phone="") & ~Q(Exists(_someone().exclude(phone="")))


def _digit_in_a_name() -> Exists:
    digits = _any_of(Q(**{f"{part}__regex": "[0-9۰-۹٠-٩]"}) for part in NAME_PARTS)
    return _of_someone(Name.objects.filter(digits).exclude(role=Name.PROPOSED))


def _unknown_code() -> Q:
    codes = current().codes
    unknown = _any_of(~Q(**{f"{field}__in": ["", *codes[listed]]}) for field, listed in CODED.items())
    return Q(Exists(_someone().filter(unknown))) | ~Q(entry_point__in=["", *codes["entry_points"]])


RULES = (
    Rule(
        "address",
        _("No current address"),
        _(
            "The family has one address in this country. Ask where it lives; the address itself is closed to most roles."
        ),
        lambda: Q(pk__in=without_address()),
        "residence",
    ),
    Rule(
        "telephone",
        _("No telephone"),
        _("Nobody of the family can be reached. Ask for a number, also of somebody who passes a word on."),
        _reached_by_nobody,
        "arrival",
    ),
    Rule(
        "arrival",
        _("Arrived before the birth"),
        _("Somebody is said to have arrived before she or he was born. One of the two days is wrong."),
        lambda: Q(Exists(_someone(arrived_on__lt=F("birth_earliest")))),
    ),
    Rule("name", _("A digit in a name"), _("Names have no digits. Look at the papers."), _digit_in_a_name),
    Rule(
        "paper",
        _("A paper with strange signs in its number"),
        _("Numbers of papers are letters and digits. Look at the paper again."),
        lambda: _of_someone(PaperHeld.objects.filter(number__regex="[^[:alnum:] /.№-]")),
    ),
    Rule(
        "code",
        _("A value outside its list"),
        _("Sex, nationality, relationship or another value is none that the lists know; tables would not count it."),
        _unknown_code,
    ),
)


def find_rule(code: str) -> Rule:
    """The rule of this code; the first one where there is none."""
    return next((rule for rule in RULES if rule.code == code), RULES[0])


def list_incomplete(actor: Actor, rule: Rule) -> QuerySet[Household]:
    """The open files of the actor's own organisation that break the rule, oldest first: those of others are theirs to mend."""
    check(actor, VERB)
    own = visible_to(actor).filter(custodian_id=actor.organisation_id, status=OPEN)
    return own.filter(rule.broken()).order_by("pk")
