"""Organisations and their offices."""

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction

from panoh.access.actor import Actor
from panoh.access.models import Office, Organisation
from panoh.access.operations.houses import check_may_bring_in, check_own
from panoh.access.policy import check
from panoh.access.roles import ORGANISATION_KINDS
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record

LANGUAGES = ("en", "ru", "tg", "prs")


def check_titles(titles: Mapping[str, str]) -> dict[str, str]:
    """The name in four languages; the English one stands in for one that is missing."""
    base = (titles.get("en") or "").strip()
    if not base:
        raise Problem("access.form.value", field="title_en", why="name")
    return {language: (titles.get(language) or "").strip() or base for language in LANGUAGES}


@transaction.atomic
def add_organisation(
    *, by: Actor | None, code: str, kind: str, titles: Mapping[str, str], valid_from: date, country: str = ""
) -> Organisation:
    """A new party. `country` is the state that an authority answers to (ISO 3166-1 alpha-3).

    `by` is None only for the first organisation of an installation (`panoh access start`).
    """
    if by is not None:
        check(by, "access.organisation.add")
        check_may_bring_in(by)
    if kind not in ORGANISATION_KINDS:
        raise Problem("access.form.value", field="kind", why=kind)
    organisation = Organisation(
        code=code, kind=kind, titles=check_titles(titles), valid_from=valid_from, country=country
    )
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError:
        raise Problem("access.organisation.code_taken", field="code") from None
    record(
        by=by,
        kind="access.organisation.added",
        subjects=[organisation.pk],
        occurred_on=valid_from,
        payload={"code": code, "kind": kind, "country": country},
    )
    return organisation


@transaction.atomic
def add_office(
    *,
    by: Actor,
    organisation: Organisation,
    code: str,
    prefix: str,
    titles: Mapping[str, str],
    place: str,
    valid_from: date,
    parent: Office | None = None,
) -> Office:
    """A new office; its `prefix` starts the numbers given there and is never used twice in the country."""
    check(by, "access.organisation.add")
    check_own(by, organisation, first_administrator=True)
    office = Office(
        organisation=organisation,
        code=code,
        prefix=prefix,
        titles=check_titles(titles),
        place=place,
        parent=parent,
        valid_from=valid_from,
    )
    try:
        with transaction.atomic():
            office.save(force_insert=True)
    except IntegrityError:
        raise Problem("access.organisation.code_taken", field="prefix") from None
    record(
        by=by,
        kind="access.office.added",
        subjects=[office.pk, organisation.pk],
        occurred_on=valid_from,
        payload={"code": code, "prefix": prefix, "place": place},
    )
    return office
