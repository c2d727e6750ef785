"""Sets up the operation before the first file: organisations, offices, members, agreements, with their entries.

The same rows as `access.operations` make; the entries carry the day on which the demo's history begins.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.auth.hashers import make_password

from panoh.access.models import Account, Agreement, Member, Office, Organisation
from panoh.access.roles import ROLES
from panoh.demo import cast
from panoh.demo.histories import SUSPENDED_FROM, SUSPENDED_UNTIL
from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.setting import Hand, Setting
from panoh.demo.loading.shapes import Rows, shape
from panoh.demo.steps import GOVERNMENT
from panoh.ledger.composition import Composed, compose
from panoh.procedures.models import Barrier
from panoh.procedures.rules.clocks import BarrierFact

ACCESS_ORDER = (Organisation, Office, Account, Member, Agreement)
LANGUAGES = ("en", "ru", "tg", "prs")
FOUNDED = date(2014, 12, 30)
SUSPENSION = "COMMISSION_SUSPENDED"


class Establishing:
    """Makes the rows and entries; `setting` then knows their ids."""

    def __init__(self, setting: Setting, rows: Rows, entries: list[Composed]) -> None:
        self.setting, self.rows, self.entries = setting, rows, entries
        self.clock = Clockwork(random.Random("demo/establishing"), datetime.combine(FOUNDED, time(12), tzinfo=UTC))  # noqa: S311

    def establish(self) -> None:
        for organisation in cast.ORGANISATIONS:
            self._organisation(organisation)
        for office in cast.OFFICES:
            self._office(office)
        password = make_password(cast.PASSWORD)
        for member in cast.MEMBERS:
            self._member(member, password)
        for agreement in cast.AGREEMENTS:
            self._agreement(agreement)

    def suspend_commission(self) -> dict[str, tuple[BarrierFact, ...]]:
        """The suspension of 2021 (DOMAIN §2.2): it stopped the legal clocks, and the elapsed ones ran on. By track."""
        setting, clock = self.setting, self.clock
        by = setting.hands["supervisor"]
        stood_at = datetime.combine(SUSPENDED_FROM, time(9), tzinfo=UTC)
        lifted_at = datetime.combine(SUSPENDED_UNTIL, time(5), tzinfo=UTC)
        key, organisation = clock.new_id(stood_at), setting.organisations[cast.AUTHORITY]
        reason = "The commission was suspended for reasons of security (UNHCR, 19 November 2021); the day of its end is the demo's."
        self.rows.add(
            Barrier,
            shape(Barrier)(
                id=key, organisation_id=organisation, kind=SUSPENSION, from_on=SUSPENDED_FROM, to_on=SUSPENDED_UNTIL,
                reason=reason, recorded_at=stood_at, recorded_by_id=by.member_id, lifted_at=lifted_at,
                lifted_by_id=by.member_id, version=2,
            ),
        )  # fmt: skip
        payload = {"barrier": key, "barrier_kind": SUSPENSION, "organisation": organisation, "from_on": SUSPENDED_FROM}
        for past, at, day, more, detail in (
            ("recorded", stood_at, SUSPENDED_FROM, {}, {"reason": reason}),
            ("lifted", lifted_at, SUSPENDED_UNTIL, {"to_on": SUSPENDED_UNTIL}, None),
        ):
            self.entries.append(
                compose(
                    entry_id=clock.new_id(at), recorded_at=at, by=by, kind=f"procedures.barrier.{past}", subjects=[key],
                    payload=payload | more, occurred_on=day, detail=detail,
                )
            )  # fmt: skip
        return {GOVERNMENT: (BarrierFact(SUSPENSION, SUSPENDED_FROM, SUSPENDED_UNTIL),)}

    def _enter(self, kind: str, subjects: list[Any], on: date, payload: dict[str, Any], by: Hand | None = None) -> None:
        at = self.clock.instant(FOUNDED)
        self.entries.append(
            compose(
                entry_id=self.clock.new_id(at), recorded_at=at, by=by, kind=kind, subjects=subjects, payload=payload,
                occurred_on=on,
            )
        )  # fmt: skip

    def _organisation(self, one: cast.DemoOrganisation) -> None:
        key = self.setting.organisations[one.code] = self.clock.new_id(self.clock.instant(FOUNDED))
        self.rows.add(
            Organisation,
            shape(Organisation)(
                id=key,
                code=one.code,
                kind=one.kind,
                country=one.country,
                titles=_titles(one.titles),
                valid_from=cast.SINCE,
            ),
        )
        self._enter(
            "access.organisation.added", [key], cast.SINCE, {"code": one.code, "kind": one.kind, "country": one.country}
        )

    def _office(self, one: cast.DemoOffice) -> None:
        key = self.setting.offices[one.code] = self.clock.new_id(self.clock.instant(FOUNDED))
        organisation = self.setting.organisations[one.organisation]
        self.rows.add(
            Office,
            shape(Office)(
                id=key, organisation_id=organisation, code=one.code, prefix=one.prefix, titles=_titles(one.titles),
                place=one.place, parent_id=self.setting.offices[one.parent] if one.parent else None, valid_from=cast.SINCE,
            ),
        )  # fmt: skip
        payload = {"code": one.code, "prefix": one.prefix, "place": one.place}
        self._enter("access.office.added", [key, organisation], cast.SINCE, payload)

    def _member(self, one: cast.DemoMember, password: str) -> None:
        at = self.clock.instant(FOUNDED)
        account, member = self.clock.new_id(at), self.clock.new_id(at)
        organisation, office = self.setting.organisations[one.organisation], self.setting.offices[one.office]
        self.rows.add(
            Account,
            shape(Account)(
                id=account,
                username=one.username,
                name=one.name,
                password=password,
                joined_at=at,
                email="",
                last_login=None,
            ),
        )
        self.rows.add(
            Member,
            shape(Member)(
                id=member, account_id=account, organisation_id=organisation, office_id=office, role=one.role,
                valid_from=cast.SINCE,
            ),
        )  # fmt: skip
        self.setting.hands[one.username] = Hand(
            member, organisation, one.role, ROLES[one.role].purposes[0], account, office, one.username
        )
        self._enter("access.account.added", [account], FOUNDED, {})
        payload = {"organisation": organisation, "role": one.role, "office": office}
        self._enter("access.member.added", [member, account], cast.SINCE, payload)

    def _agreement(self, one: cast.DemoAgreement) -> None:
        at = self.clock.instant(FOUNDED)
        key, by = self.clock.new_id(at), self.setting.hands["administrator"]
        giver, receiver = self.setting.organisations[one.giver], self.setting.organisations[one.receiver]
        self.rows.add(
            Agreement,
            shape(Agreement)(
                id=key, giver_id=giver, receiver_id=receiver, reference=one.reference, purposes=list(one.purposes),
                field_classes=list(one.field_classes), needs_consent=one.needs_consent, valid_from=one.valid_from,
                valid_to=one.valid_to, signed_by_id=by.member_id, signed_at=at,
            ),
        )  # fmt: skip
        for purpose in one.purposes:
            if one.needs_consent and (one.valid_to is None or one.valid_to > self.setting.until):
                self.setting.agreements[one.giver, purpose] = key
        payload = {
            "purposes": sorted(one.purposes), "field_classes": sorted(one.field_classes),
            "needs_consent": one.needs_consent, "until": one.valid_to,
        }  # fmt: skip
        self._enter("access.agreement.signed", [key, giver, receiver], one.valid_from, payload, by)


def _titles(titles: dict[str, str]) -> dict[str, str]:
    return {language: titles.get(language) or titles["en"] for language in LANGUAGES}
