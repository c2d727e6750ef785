"""Is a report complete and possible? Every fault at once, so that nobody corrects a form line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from panoh.kernel.problems import Problem, Problems

LONGEST_NARRATIVE = 20_000
LONGEST_BACK = timedelta(days=365 * 40)
MOST_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody tells: as typed, before anything is kept."""

    kind: str
    occurred_on: date
    narrative: str
    place: str = ""
    institution: str = ""
    accused_organisation_id: UUID | None = None
    accused_office_id: UUID | None = None
    amount: Decimal | None = None
    currency: str = ""
    paid: bool | None = None
    order_days: int | None = None
    source: str = ""
    severity: str = ""
    others: int = 0
    others_description: str = ""
    numbers: tuple[str, ...] = field(default=())


def check_report(report: Report, today: date, codes: Mapping[str, Any], places: Mapping[str, Any]) -> None:
    """Raises Problems with everything that is wrong."""
    wrong: list[Problem] = []
    kind = codes["incident_kinds"].get(report.kind)
    if kind is None or kind.attributes.get("by_referral") == "yes":
        wrong.append(Problem("protection.report.unknown_kind", field="kind"))
    wrong += _day(report.occurred_on, today)
    if len(report.narrative.strip()) < 10:
        wrong.append(Problem("protection.report.no_narrative", field="narrative"))
    if len(report.narrative) > LONGEST_NARRATIVE:
        wrong.append(Problem("protection.report.too_long", field="narrative", most=LONGEST_NARRATIVE))
    if report.place and report.place not in places:
        wrong.append(Problem("protection.report.unknown_place", field="place"))
    for name, list_name in (
        ("institution", "institutions"),
        ("source", "incident_sources"),
        ("severity", "incident_severities"),
    ):
        value = getattr(report, name)
        if value and value not in codes[list_name]:
            wrong.append(Problem("protection.report.unknown_code", field=name))
    wrong += _money(report)
    if report.order_days is not None and not 0 <= report.order_days <= 365:
        wrong.append(Problem("protection.report.order_days", field="order_days"))
    if not 0 <= report.others <= MOST_PEOPLE:
        wrong.append(Problem("protection.report.others", field="others", most=MOST_PEOPLE))
    if not report.numbers and not report.others:
        wrong.append(Problem("protection.report.nobody", field="others"))
    if wrong:
        raise Problems(wrong)


def _day(day: date, today: date) -> list[Problem]:
    if day > today:
        return [Problem("protection.report.in_the_future", field="occurred_on")]
    if day < today - LONGEST_BACK:
        return [Problem("protection.report.too_long_ago", field="occurred_on")]
    return []


def _money(report: Report) -> list[Problem]:
    if report.amount is None:
        return []
    found = []
    if report.amount <= 0 or report.amount >= Decimal(10) ** 10:
        found.append(Problem("protection.report.amount", field="amount"))
    if not (len(report.currency) == 3 and report.currency.isascii() and report.currency.isalpha()):
        found.append(Problem("protection.report.no_currency", field="currency"))
    return found


def check_referral(service: str, on: date, today: date, codes: Mapping[str, Any]) -> None:
    """Of a survivor only this is kept: that a service was named to her, and on which day."""
    wrong = _day(on, today)
    for one in wrong:
        one.field = "referred_on"
    if service not in codes["referral_services"]:
        wrong.append(Problem("protection.report.unknown_code", field="service"))
    if wrong:
        raise Problems(wrong)
