"""The incidents of the demo, what was done about them, and the letters that were written: invented from end to end.

Modest and uneven, as reports are: a steady trickle over four years, a cluster of bribes at one border post in the last months, a few
removals. What was told are sentences of the generator's own. Rows and entries are those of `panoh.protection.operations`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections

from panoh.access.context import acting_as_system
from panoh.demo import cast
from panoh.demo.histories import TAKEN_OVER
from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.monitoring import Heard, say
from panoh.demo.loading.setting import Hand, Setting
from panoh.demo.loading.shapes import Rows, shape
from panoh.ledger.composition import Composed, compose
from panoh.protection import models
from panoh.protection.rules.response import first_due, next_due
from panoh.protection.snapshots import incident_snapshot

YEARS = 4
A_MONTH_AT_PUBLISHED_SIZE = 9
PEOPLE_AT_PUBLISHED_SIZE = 14_000

# kind, weight, institutions, what was told
KINDS: tuple[tuple[str, int, tuple[str, ...], tuple[str, ...]], ...] = (
    ("BRIBE", 20, ("MIGRATION", "POLICE", "BORDER_TROOPS"), ("Перед приёмом ходатайства попросили денег «на бумагу».", "برای گرفتن درخواست پول خواستند و گفتند بدون آن نوبت نیست.")),
    ("DOCUMENT_CHECK", 14, ("POLICE",), ("Дар бозор ҳуҷҷатро санҷиданд ва то бегоҳ нигоҳ доштанд.", "در راه بازار سندها را گرفتند و تا شام نگه داشتند.")),
    ("LEAVE_CITY", 11, ("POLICE", "LOCAL_AUTHORITY"), ("Велели подписать, что семья уедет из города в назначенный срок.", "گفتند فامیل باید شهر را ترک کند و کاغذ را امضا کند.")),
    ("REGISTRATION_REFUSED", 9, ("MIGRATION",), ("Ходатайство не приняли и не сказали почему.",)),
    ("DOCUMENT_REFUSED", 9, ("MIGRATION",), ("Свидетельство не продлили: «приходите через месяц» — в третий раз.",)),
    ("DETENTION", 8, ("POLICE", "SECURITY"), ("Забрали утром из дома, родным не сказали куда.", "صبح از خانه بردند و به فامیل نگفتند کجا.")),
    ("SERVICE_DENIED", 8, ("SCHOOL", "HEALTH"), ("В школе отказались принять ребёнка без местного документа.",)),
    ("LANDLORD_PRESSURE", 6, ("LANDLORD",), ("Соҳибхона гуфт, ки аз ӯ талаб карданд, хонаро холӣ кунанд.",)),
    ("THREAT_OTHER", 5, ("PRIVATE", "UNKNOWN"), ("از شماره‌ای ناشناس زنگ زدند و تهدید کردند.",)),
    ("EXPULSION_ORDER", 4, ("MIGRATION", "COURT"), ("Вручили предписание покинуть страну; переводчика не было.",)),
    ("PUSHBACK", 4, ("BORDER_TROOPS",), ("На берегу остановили и отправили обратно, не спросив ни о чём.", "در کنار دریا ایستاد کردند و بی‌سؤال پس فرستادند.")),
    ("DEPORTATION_ATTEMPTED", 2, ("SECURITY", "POLICE"), ("Посадили в машину до границы; вернули после звонка.",)),
    ("CHILD_DETAINED", 2, ("POLICE",), ("Писари понздаҳсоларо бо калонсолон нигоҳ доштанд.",)),
    ("ASSAULT", 3, ("PRIVATE", "POLICE"), ("Ударили при проверке документов; есть справка врача.",)),
    ("LATE_DECISION", 5, ("MIGRATION",), ("Решения нет девятый месяц; на вопросы не отвечают.", "نه ماه می‌شود که تصمیم نیست.")),
    ("DENIED_ENTRY", 3, ("BORDER_TROOPS",), ("В пункте пропуска сказали, что граница закрыта для всех.",)),
    ("ROUND_UP", 3, ("POLICE", "SECURITY"), ("Субҳ аз ҳавлӣ ҳамаро бо худ бурданд ва то шом нигоҳ доштанд.",)),
    ("EVICTION", 3, ("LOCAL_AUTHORITY", "LANDLORD"), ("Участковый велел хозяину выселить семью до конца недели.",)),
    ("THREAT_OFFICIAL", 3, ("POLICE", "SECURITY"), ("گفتند اگر شکایت کنید پس فرستاده می‌شوید.",)),
    ("DOCUMENTS_TAKEN", 3, ("POLICE",), ("Ҳуҷҷатҳоро гирифтанд ва пас надоданд.",)),
    ("FORCED_STATEMENT", 2, ("MIGRATION", "SECURITY"), ("Заставили подписать, что уезжает сам; текста не перевели.",)),
    ("INCOMMUNICADO", 2, ("SECURITY", "PRISON"), ("Третий день не знаем, где он; к адвокату не пускают.",)),
    ("FAMILY_SEPARATED", 2, ("BORDER_TROOPS",), ("پدر را نگه داشتند و مادر با اطفال تنها آمد.",)),
    ("CHILD_ALONE", 2, ("UNKNOWN",), ("Кӯдаки даҳсола танҳо дар истгоҳ буд; хешовандон ёфт нашуданд.",)),
    ("CHILD_HARM", 1, ("EMPLOYER", "PRIVATE"), ("Мальчик работает на стройке с утра до ночи.",)),
    ("PROPERTY_TAKEN", 2, ("PRIVATE", "LOCAL_AUTHORITY"), ("Забрали тележку и товар на базаре.",)),
    ("TRAFFICKING", 1, ("PRIVATE", "EMPLOYER"), ("وعدهٔ کار دادند و پاسپورت‌ها را گرفتند.",)),
    ("EXTRADITION", 1, ("COURT", "SECURITY"), ("Пришёл запрос о выдаче; человек признан беженцем.",)),
    ("TORTURE", 1, ("POLICE", "SECURITY"), ("Били при допросе; следы осмотрел врач.",)),
    ("DISAPPEARANCE", 1, ("UNKNOWN",), ("Вышел за хлебом и не вернулся; прошло две недели.",)),
    ("KILLING", 1, ("PRIVATE", "ARMED_GROUP"), ("Найден мёртвым; полиция открыла дело.",)),
    ("OTHER", 2, ("UNKNOWN", "ORGANISATION"), ("Дар навбат касе номнависӣ карда, пул ҷамъ мекунад.",)),
)  # fmt: skip
# What came in a cluster of the last weeks: how many at the published size, within how many days, and where.
CLUSTERS = (
    (14, 75, "BRIBE", "BORDER_TROOPS", "3507223", "panji-poyon"),
    (9, 28, "DOCUMENT_CHECK", "POLICE", "3501266", ""),
)
SERVICES_A_YEAR = 14
"""Survivors who were told of a service, at the published size: only that, and on which day."""
WEIGHTS = [weight for _kind, weight, _institutions, _told in KINDS]
PLACES = (
    ("3501263", 4),
    ("3501266", 2),
    ("3509038", 6),
    ("3509018", 4),
    ("3505401", 3),
    ("3507223", 3),
    ("3590401", 2),
)
NOTES = (
    "Позвонили в отдел; обещали проверить.", "Юрист поехал на место.", "با فامیل صحبت شد؛ حالا در امان‌اند.",
    "Бо роҳбари идора суҳбат шуд.", "Встретились с родными, собрали бумаги.",
)  # fmt: skip
ENDINGS = (("PROTECTED", 4), ("REVERSED", 3), ("RELEASED", 2), ("REMEDIED", 2), ("NOT_PREVENTED", 2), ("LOST_CONTACT", 2), ("WITHDRAWN", 1), ("UNFOUNDED", 1))  # fmt: skip
REPORTERS = (("protection", 10), ("lawyer", 7), ("clerk-vahdat", 2), ("mandate", 2), ("register", 1), ("undp", 2))
LETTERS = (
    ("LETTER", "MIGRATION", "ru", "Приём ходатайств", "Просим проверить, почему ходатайство не было принято, и сообщить о результате.", ("refugees_law.6.2", "convention_1951.35")),
    ("NOTE_VERBALE", "FOREIGN_MINISTRY", "ru", "Недопустимость возвращения", "УВКБ ООН просит не возвращать указанных лиц и допустить к процедуре.", ("convention_1951.33", "refugees_law.14.1")),
    ("CALL", "POLICE", "tg", "Дастгирӣ", "Хоҳиш шуд, ки дастгиршудагон озод карда шаванд ва вакил роҳ дода шавад.", ("convention_1951.31",)),
    ("DEMARCHE", "GOVERNMENT", "en", "Order to leave the city", "We ask that the order be withdrawn: those settled before may stay.", ("convention_1951.26", "res328.places")),
    ("MEETING", "LOCAL_AUTHORITY", "tg", "Ҷойи истиқомат", "Дар бораи оилаҳое, ки пештар сукунат доранд, суҳбат шуд.", ("convention_1951.26",)),
)  # fmt: skip

IncidentRow, PersonRow, FollowUpRow = (shape(one) for one in (models.Incident, models.IncidentPerson, models.FollowUp))
InterventionRow, LinkRow = shape(models.Intervention), shape(models.InterventionLink)
Chunk = Callable[[], AbstractContextManager[tuple[Rows, list[Composed]]]]


@dataclass
class Incidents:
    """Writes them once all files are there, and before the ledger is numbered."""

    setting: Setting
    persons: int
    incidents: int = 0
    interventions: int = 0
    rng: random.Random = field(default_factory=lambda: random.Random("incidents"))  # noqa: S311

    def write(self, chunk: Chunk) -> int:
        """All of them; returns how many."""
        self.clock = Clockwork(self.rng, self.setting.latest)
        self.known = self._some_persons()
        with chunk() as (rows, entries):
            self.rows, self.entries = rows, entries
            for deported in self._deported():
                self._opened_by_the_register(*deported)
            for n, day in enumerate(self._days(A_MONTH_AT_PUBLISHED_SIZE, len(KINDS))):
                self._tell(day, *self._kind(n))
            for many, days, kind, institution, place, office in CLUSTERS:
                told = next(one[3] for one in KINDS if one[0] == kind)
                for _ in range(min(many, max(6, round(many * self._scale())))):
                    day = self.setting.until - timedelta(days=self.rng.randrange(days))
                    self._tell(day, kind, institution, told[-1], place, office)
            for day in self._days(SERVICES_A_YEAR / 12, 6):
                self._told_of_a_service(day)
        return self.incidents

    def _scale(self) -> float:
        return self.persons / PEOPLE_AT_PUBLISHED_SIZE

    def _days(self, a_month: float, at_least: int) -> list[date]:
        many = min(2_000, max(at_least, round(a_month * 12 * YEARS * self._scale())))
        return sorted(self.setting.until - timedelta(days=self.rng.randrange(1, 365 * YEARS)) for _ in range(many))

    def _some_persons(self) -> list[tuple[UUID, str, UUID, UUID | None]]:
        """Registered people with their household and one case of it, in an order of the seed."""
        with acting_as_system("demo: to whom incidents happen", using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT p.id, p.number, p.household_id, (SELECT c.id FROM procedures_case c WHERE c.household_id = p.household_id"
                " ORDER BY c.opened_on DESC, c.id LIMIT 1) FROM registry_person p WHERE p.status = 'open'"
                " AND p.relationship = 'PA' AND p.population_group IN ('ASY', 'REF') ORDER BY p.id LIMIT 5000"
            )
            found = cursor.fetchall()
        self.rng.shuffle(found)
        return found

    def _deported(self) -> list[tuple[date, str, UUID, list[Any]]]:
        """Households that were closed for a reason which opens an incident: day, reason, custodian, persons."""
        codes = self.setting.book.codes["closure_reasons"]
        reasons = [code.code for code in codes.where(incident="yes")]
        with acting_as_system("demo: who was deported", using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT h.closed_on, h.closure_reason, h.custodian_id, array_agg(p.id || ' ' || p.number ORDER BY p.number)"
                " FROM registry_household h JOIN registry_person p ON p.household_id = h.id AND p.closure_reason = h.closure_reason"
                " WHERE h.closure_reason = ANY (%s) GROUP BY h.id ORDER BY h.closed_on, h.id",
                [reasons],
            )
            return cursor.fetchall()

    def _opened_by_the_register(self, day: date, reason: str, custodian: UUID, persons: list[str]) -> None:
        setting, codes = self.setting, self.setting.book.codes
        kind = codes["closure_reasons"][reason].attributes["incident_kind"]
        self.clock = Clockwork(self.rng, setting.latest)
        at = self.clock.instant(max(day, TAKEN_OVER))
        hand = setting.hands["clerk-dushanbe"]
        self.incidents += 1
        severity = codes["incident_kinds"][kind].attributes["severity"]
        row = IncidentRow(
            id=self.clock.new_id(at), number=f"I-{at:%y}-{self.incidents:06}", kind=kind, origin=models.FROM_REGISTER,
            occurred_on=day, institution="UNKNOWN", severity=severity, verification="PENDING",
            accused_organisation_id=custodian if custodian == setting.organisations[cast.AUTHORITY] else None,
            reported_by_id=hand.member_id, reported_at=at, next_due_at=first_due(severity, at, codes),
            entry_id=self.clock.new_id(at),
        )  # fmt: skip
        self._line(row, "reported", "protection.incident.reported", hand, at, at.date(), entry_id=row.entry_id)
        for position, one in enumerate(persons):
            id, _space, number = one.partition(" ")
            self.rows.add(
                models.IncidentPerson,
                PersonRow(
                    id=self.clock.new_id(), incident_id=row.id, position=position, person_id=UUID(id), number=number
                ),
            )
        row = self._act(row, at)
        self._write_letter(row, at.date())
        self.rows.add(models.Incident, row)

    def _pick(self, weighted: Sequence[tuple[Any, int]]) -> Any:
        return self.rng.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]

    def _kind(self, n: int) -> tuple[str, str, str, str, str]:
        """The first ones are of one kind each, so that a small operation knows all of them too."""
        every = [(kind, institutions, told) for kind, _weight, institutions, told in KINDS]
        kind, institutions, told = every[n] if n < len(every) else self._pick(list(zip(every, WEIGHTS, strict=True)))
        return kind, self.rng.choice(institutions), self.rng.choice(told), self._pick(PLACES), ""

    # -- one incident

    def _tell(self, day: date, kind: str, institution: str, told: str, place: str, office: str) -> None:
        setting, codes, rng = self.setting, self.setting.book.codes, self.rng
        self.clock = Clockwork(rng, setting.latest)
        at = self.clock.instant(min(day + timedelta(days=rng.randint(0, 6)), setting.until))
        hand = setting.hands[self._pick(REPORTERS)]
        accused = institution == "MIGRATION" or bool(office)
        own = accused and hand.organisation_id == setting.organisations[cast.AUTHORITY]
        self.incidents += 1
        code = codes["incident_kinds"][kind]
        severity = code.attributes["severity"]
        money = kind == "BRIBE"
        row = IncidentRow(
            id=self.clock.new_id(at), number=f"I-{at:%y}-{self.incidents:06}", kind=kind, occurred_on=day, place=place,
            institution=institution,
            accused_organisation_id=setting.organisations[cast.AUTHORITY] if accused else None,
            accused_office_id=setting.offices[office] if office else None,
            amount=Decimal(rng.choice((100, 200, 300, 500, 1000))) if money else None, currency="TJS" if money else "",
            paid=rng.random() < 0.6 if money else None,
            order_days=rng.choice((3, 10)) if kind == "LEAVE_CITY" else None, narrative=told,
            source=rng.choice(("VICTIM", "FAMILY", "WITNESS", "COMMUNITY")),
            source_name=f"{rng.choice('ABCDEFGH')}{rng.randint(200, 999)}-{rng.choice('KLMNPRST')}{rng.randint(200, 999)}",
            severity=severity, verification="UNVERIFIED",
            organisation_id=None if own else hand.organisation_id, reported_by_id=None if own else hand.member_id,
            reported_at=at, next_due_at=first_due(severity, at, codes), entry_id=self.clock.new_id(at),
        )  # fmt: skip
        self._line(
            row, "reported", "protection.incident.reported", None if own else hand, at, at.date(), entry_id=row.entry_id
        )
        person = self.known[self.incidents % len(self.known)] if self.known and rng.random() < 0.6 else None
        if person:
            self.rows.add(
                models.IncidentPerson,
                PersonRow(
                    id=self.clock.new_id(), incident_id=row.id, position=0, person_id=person[0], number=person[1]
                ),
            )
        else:
            self.rows.add(
                models.IncidentPerson,
                PersonRow(id=self.clock.new_id(), incident_id=row.id, position=0, many=rng.randint(1, 6), description="не зарегистрированы"),
            )  # fmt: skip
        row = self._act(row, at)
        if kind in ("BRIBE", "LEAVE_CITY", "PUSHBACK", "DETENTION") and person and person[3] and rng.random() < 0.5:
            self._monitor_says(person, kind, at)
        if severity in ("P1", "P2") and rng.random() < 0.45:
            self._write_letter(row, at.date())
        self.rows.add(models.Incident, row)

    def _told_of_a_service(self, day: date) -> None:
        """A survivor of violence was told of a service (`operations.reporting.record_referral`): day and service, nothing else."""
        codes, rng = self.setting.book.codes, self.rng
        self.clock = Clockwork(rng, self.setting.latest)
        at = self.clock.instant(day)
        kind = codes["incident_kinds"].where(by_referral="yes")[0]
        self.incidents += 1
        row = IncidentRow(
            id=self.clock.new_id(at), number=f"I-{at:%y}-{self.incidents:06}", kind=kind.code, by_referral=True,
            occurred_on=day, service=rng.choice([one.code for one in codes["referral_services"].in_force(day)]),
            severity=kind.attributes["severity"], verification="UNVERIFIED", state="closed", outcome="PROTECTED",
            closed_on=day, reported_at=at, entry_id=self.clock.new_id(at),
        )  # fmt: skip
        self._line(row, "reported", "protection.incident.reported", None, at, day, entry_id=row.entry_id)
        self.rows.add(models.Incident, row)

    def _act(self, row: Any, at: datetime) -> Any:
        """Followed up, and mostly closed in the end; the young ones are still open, some of them late."""
        setting, rng, codes = self.setting, self.rng, self.setting.book.codes
        officer = setting.hands["protection"]
        day = at.date()
        old = setting.until - day > timedelta(days=150)
        for _ in range(rng.randint(0 if not old and rng.random() < 0.25 else 1, 3)):
            day = day + timedelta(days=rng.randint(1, 9))
            if day > setting.until or setting.until - day < timedelta(days=2):
                break
            done_at = self.clock.instant(day)
            verification = self._pick((("PENDING", 3), ("VERIFIED", 5), ("WRONGLY_ATTRIBUTED", 1), ("REJECTED", 1)))
            facts = {} if verification == row.verification else {"verification": [row.verification, verification]}
            row = row._replace(
                verification=verification, version=row.version + 1, next_due_at=next_due(row.severity, done_at, codes)
            )
            self._line(
                row,
                "followed_up",
                "protection.incident.followed_up",
                officer,
                done_at,
                day,
                note=rng.choice(NOTES),
                facts=facts,
            )
        ends = day + timedelta(days=rng.randint(3, 60))
        if row.version > 1 and ends < setting.until and rng.random() < (0.985 if old else 0.8):
            outcome = "UNFOUNDED" if row.verification == "REJECTED" else self._pick(ENDINGS[:-1])
            row = row._replace(
                state="closed", outcome=outcome, closed_on=ends, next_due_at=None, version=row.version + 1
            )
            self._line(
                row, "closed", "protection.incident.closed", officer, self.clock.instant(ends), ends,
                note=rng.choice(NOTES), facts={"outcome": outcome},
            )  # fmt: skip
        return row

    def _line(
        self, row: Any, act: str, kind: str, hand: Hand | None, at: datetime, day: date, *, note: str = "",
        facts: dict[str, Any] | None = None, entry_id: UUID | None = None,
    ) -> None:  # fmt: skip
        payload = {"number": row.number}
        payload |= {"source_name": row.source_name} if act == "reported" else {"version": row.version}
        entry = compose(
            entry_id=entry_id or self.clock.new_id(at), recorded_at=at, by=hand, kind=kind, subjects=[row.id],
            payload=payload, occurred_on=day, digests={row.id: incident_snapshot(row)},
        )  # fmt: skip
        self.entries.append(entry)
        self.rows.add(
            models.FollowUp,
            FollowUpRow(
                id=self.clock.new_id(at), incident_id=row.id, act=act, done_on=day, note=note, facts=facts or {},
                recorded_at=at, by_id=hand.member_id if hand else None, entry_id=entry.id,
            ),
        )  # fmt: skip

    def _monitor_says(self, person: tuple[Any, ...], kind: str, at: datetime) -> None:
        """What a monitor was told, said of the family's case: so that supervision knows of more than the authority wrote down."""
        safeguard = {
            "BRIBE": "no_payment_asked", "LEAVE_CITY": "residence_rule_not_punitive", "PUSHBACK": "access_to_territory",
            "DETENTION": "no_penalty_for_entry",
        }[kind]  # fmt: skip
        procedure = self.setting.book.procedures["asylum"][-1]
        heard = Heard(person[3], person[2], procedure, safeguard, "broken", "told in confidence", at)
        say(heard, self.setting, self.clock, self.rows, self.entries)

    def _write_letter(self, row: Any, day: date) -> None:
        setting, rng = self.setting, self.rng
        officer = setting.hands["protection"]
        kind, institution, language, subject, text, law = rng.choice(LETTERS)
        sent = min(day + timedelta(days=rng.randint(0, 5)), setting.until)
        at = self.clock.instant(sent)
        self.interventions += 1
        days = int(setting.book.codes["intervention_kinds"][kind].attributes["reply_days"])
        letter = InterventionRow(
            id=self.clock.new_id(at), number=f"V-{sent:%y}-{self.interventions:05}", organisation_id=officer.organisation_id,
            kind=kind, institution=institution, subject=subject, text=text, language=language, provisions=list(law),
            sent_on=sent, reply_due_on=sent + timedelta(days=days), recorded_at=at, recorded_by_id=officer.member_id,
            partners="посольство" if kind == "DEMARCHE" else "",
        )  # fmt: skip
        self.entries.append(
            compose(
                entry_id=self.clock.new_id(at), recorded_at=at, by=officer, kind="protection.intervention.sent",
                subjects=[letter.id, row.id], payload={"number": letter.number, "intervention_kind": kind},
                occurred_on=sent, legal_basis=law, digests={row.id: incident_snapshot(row)},
            )
        )  # fmt: skip
        self.rows.add(
            models.FollowUp,
            FollowUpRow(
                id=self.clock.new_id(at), incident_id=row.id, act="intervention", done_on=sent,
                facts={"intervention": letter.number}, recorded_at=at, by_id=officer.member_id, entry_id=self.entries[-1].id,
            ),
        )  # fmt: skip
        self.rows.add(
            models.InterventionLink, LinkRow(id=self.clock.new_id(at), intervention_id=letter.id, incident_id=row.id)
        )
        replied = sent + timedelta(days=rng.randint(2, days * 2))
        if replied < setting.until and rng.random() < 0.7:
            outcome = self._pick((("GRANTED", 3), ("PARTLY", 2), ("PROMISED", 3), ("REFUSED", 2), ("NO_ANSWER", 2)))
            letter = letter._replace(
                outcome=outcome, replied_on=None if outcome == "NO_ANSWER" else replied, version=2,
                reply="" if outcome == "NO_ANSWER" else "Сообщено устно.",
            )  # fmt: skip
            answered = self.clock.instant(replied)
            self.entries.append(
                compose(
                    entry_id=self.clock.new_id(answered), recorded_at=answered, by=officer,
                    kind="protection.intervention.answered", subjects=[letter.id],
                    payload={"number": letter.number, "outcome": outcome, "version": 2}, occurred_on=replied,
                )
            )  # fmt: skip
        self.rows.add(models.Intervention, letter)
