"""The referrals of the demo: invented, and at every place of their way, so that each side has its turn and some days have passed.

Rows and entries are those of `panoh.referrals.operations`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from panoh.access.context import acting_as_system
from panoh.demo import cast
from panoh.demo.loading.incidents import Chunk
from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.setting import Hand, Setting
from panoh.demo.loading.shapes import Rows, shape
from panoh.ledger.composition import Composed, compose
from panoh.referrals import models
from panoh.referrals.rules.standing import due_after
from panoh.referrals.snapshots import referral_snapshot

AT_PUBLISHED_SIZE = 36
PEOPLE_AT_PUBLISHED_SIZE = 14_000
DAYS = 60
WAYS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("sent",), 4),
    (("sent", "accepted"), 4),
    (("sent", "declined"), 2),
    (("sent", "accepted", "returned"), 3),
    (("sent", "accepted", "returned", "closed"), 5),
    (("sent", "withdrawn"), 1),
)
# From whom to whom, what for, and what is asked.
ASKED = (
    ("protection", cast.LEGAL_AID, "lawyer", "LEGAL_AID", 5, "Через неделю заседание суда; нужен представитель."),
    ("protection", cast.LEGAL_AID, "lawyer", "LEGAL_AID", 3, "مدت اعتراض به‌زودی تمام می‌شود؛ کسی نیست که بنویسد."),
    ("protection", cast.UNDP, "undp", "LIVELIHOODS", 3, "Дӯзанда аст ва кор меҷӯяд; мошини дӯзандагӣ надорад."),
    ("protection", cast.UNDP, "undp", "SHELTER", 2, "Зимой квартира не отапливается, двое маленьких детей."),
    ("lawyer", cast.UNHCR, "protection", "PROTECTION", 2, "Семье угрожают; просим встретиться с ней."),
)  # fmt: skip
TOLD = {
    "accepted": ("Приходите во вторник к девяти.", "Пазируфта мешавад, рӯзи панҷшанбе."),
    "declined": ("В этом месяце свободных мест нет.",),
    "returned": ("Сделано; бумаги у семьи на руках.", "Кӯмак расонида шуд."),
    "closed": ("Семье рассказали; следующая встреча весной.",),
    "withdrawn": ("Семья нашла помощь сама.",),
}

ReferralRow, PersonRow, NoteRow = (shape(one) for one in (models.Referral, models.ReferralPerson, models.ReferralNote))


@dataclass
class Referrals:
    """Writes them once all files are there, and before the ledger is numbered."""

    setting: Setting
    persons: int
    written: int = 0
    rng: random.Random = field(default_factory=lambda: random.Random("referrals"))  # noqa: S311

    def write(self, chunk: Chunk) -> int:
        many = min(2_000, max(12, round(AT_PUBLISHED_SIZE * self.persons / PEOPLE_AT_PUBLISHED_SIZE)))
        wanted = [self._pick([(one, one[4]) for one in ASKED]) for _ in range(many)]
        agreed = {key: self._agreed(*key) for key in {(one[1], self._purpose(one[3])) for one in wanted}}
        with chunk() as (rows, entries):
            for sender, receiver, answers, kind, _weight, text in wanted:
                consents = agreed[receiver, self._purpose(kind)]
                if consents:
                    hands = self.setting.hands[sender], self.setting.hands[answers]
                    self._tell(rows, entries, hands, kind, text, consents.pop())
        return self.written

    def _purpose(self, kind: str) -> str:
        return self.setting.book.codes["referral_kinds"][kind].attributes["purpose"]

    def _pick(self, weighted: Sequence[tuple[Any, int]]) -> Any:
        return self.rng.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]

    def _agreed(self, receiver: str, purpose: str) -> list[tuple[UUID, UUID, UUID]]:
        """Consents of families of the authority's register, each with the household and its principal applicant."""
        with (
            acting_as_system("demo: who agreed to be referred", using="owner"),
            connections["owner"].cursor() as cursor,
        ):
            cursor.execute(
                "SELECT c.id, h.id, p.id FROM registry_consent c JOIN registry_household h ON h.id = c.household_id"
                " JOIN registry_person p ON p.household_id = h.id AND p.relationship = 'PA' AND p.status = 'open'"
                " WHERE c.purpose = %s AND c.recipient_id = %s AND c.withdrawn_on IS NULL AND c.person_id IS NULL"
                " AND h.custodian_id = %s AND h.status = 'open' AND h.sensitivity = 0"
                " AND (%s OR EXISTS (SELECT FROM access_grant g WHERE g.household_id = h.id AND g.organisation_id = %s"
                "      AND g.valid_to IS NULL)) ORDER BY c.id LIMIT 3000",
                [
                    purpose, self.setting.organisations[receiver], self.setting.organisations[cast.AUTHORITY],
                    receiver != cast.UNHCR, self.setting.organisations[cast.LEGAL_AID],
                ],
            )  # fmt: skip
            found = cursor.fetchall()
        self.rng.shuffle(found)
        return found

    def _tell(
        self, rows: Rows, entries: list[Composed], hands: tuple[Hand, Hand], kind: str, text: str, about: tuple[UUID, UUID, UUID]
    ) -> None:  # fmt: skip
        (consent, household, person), (sender, receiver), rng = about, hands, self.rng
        book, until = self.setting.book, self.setting.until
        clock = Clockwork(rng, self.setting.latest)
        way: tuple[str, ...] = self._pick(WAYS)
        urgency = self._pick((("URGENT", 2), ("SOON", 3), ("ORDINARY", 3)))
        limits = book.codes["referral_urgencies"][urgency].attributes
        # What still waits was sent lately, most of it in time; what is over, longer ago.
        day = until - timedelta(days=rng.randint(0, 6) if way == ("sent",) else rng.randint(7, DAYS))
        self.written += 1
        at = clock.instant(day)
        row = ReferralRow(
            id=clock.new_id(at), number=f"R-{day:%y}-{self.written:06d}", household_id=household,
            sender_id=sender.organisation_id, receiver_id=receiver.organisation_id, caseworker_id=sender.member_id,
            kind=kind, purpose=self._purpose(kind), urgency=urgency, shares=["contact"], sent_on=day, sent_at=at,
            entry_id=clock.new_id(at),
        )  # fmt: skip
        for number, state in enumerate(way):
            hand = receiver if state in ("accepted", "declined", "returned") else sender
            if number:
                day = min(day + timedelta(days=rng.randint(1, 8)), until)
                at = clock.instant(day)
            row = self._moved(row, state, day, number + 1, receiver)._replace(
                due_on=due_after(state, day, limits, book.country.work_calendar)
            )
            entry_id = row.entry_id if not number else clock.new_id(at)
            entries.append(
                compose(
                    entry_id=entry_id, recorded_at=at, by=hand, kind=f"referrals.referral.{state}", subjects=[row.id],
                    payload={"number": row.number, "version": row.version}, occurred_on=day,
                    digests={row.id: referral_snapshot(row)},
                )
            )  # fmt: skip
            rows.add(
                models.ReferralNote,
                NoteRow(
                    id=clock.new_id(at), referral_id=row.id, act=state, text=rng.choice(TOLD[state]) if number else text,
                    organisation_id=hand.organisation_id, by_id=hand.member_id, done_on=day, recorded_at=at, entry_id=entry_id,
                ),
            )  # fmt: skip
        rows.add(models.Referral, row)
        rows.add(
            models.ReferralPerson,
            PersonRow(id=clock.new_id(at), referral_id=row.id, person_id=person, consent_id=consent),
        )

    def _moved(self, row: Any, state: str, day: date, version: int, receiver: Hand) -> Any:
        changed: dict[str, Any] = {"state": state, "version": version}
        if state in ("accepted", "declined"):
            changed |= {"handled_by_id": receiver.member_id, "replied_on": day}
        if state in ("declined", "returned"):
            changed["outcome"] = "NO_CAPACITY" if state == "declined" else "PROVIDED"
        if state in ("closed", "withdrawn"):
            changed["ended_on"] = day
        return row._replace(**changed)
