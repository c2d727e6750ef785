"""Writes the certificates that people carry: accountable forms from the stock, prepared by one and confirmed by another.

Only for the authority's open files, and only the paper that is in force now or was the last: what expired years ago was not
taken over. Contents are put together by `papers.content` itself, so that a later print shows the same words.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from panoh.demo import cast
from panoh.demo.loading.files import Writing
from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.people_rows import Record
from panoh.demo.loading.setting import Setting
from panoh.demo.loading.shapes import Rows, shape
from panoh.demo.steps import NARRATIVES_FROM
from panoh.kernel.births import BirthDate
from panoh.kernel.names import PersonName
from panoh.ledger import configuration
from panoh.ledger.composition import Composed, compose
from panoh.papers import keys, models
from panoh.papers.content import content_hash, day_texts, paper_content
from panoh.papers.kinds import get_kind
from panoh.papers.operations.stock import serial_of
from panoh.papers.token import PaperToken, sign
from panoh.procedures.models import PaperOrder
from panoh.procedures.rules.clocks import last_day_of

SeriesRow, FormRow, PaperRow, HolderRow = (
    shape(model) for model in (models.Series, models.Form, models.Paper, models.Holder)
)
OrderRow = shape(PaperOrder)

CERTIFICATE, TEMPORARY = "REFUGEE_CERTIFICATE", "ASYLUM_SEEKER_CERTIFICATE"
VALIDITY = {CERTIFICATE: "asylum.refugee_certificate_validity", TEMPORARY: "asylum.certificate_validity"}
DELIVERY, LEFT_IN_STOCK = 2_000, 400
DELIVERED_ON = date(2015, 1, 5)
MAJORITY = 18
NOT_RENEWED = 0.07


@dataclass(frozen=True)
class NameOnPaper:
    """What `papers.content` asks of a row of names."""

    row: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    def as_person_name(self) -> PersonName:
        row = self.row
        return PersonName(row.script, row.given, row.father, row.grandfather, row.family, row.patronymic, row.tribal)


class PersonOnPaper:
    """What `papers.content` asks of a person, from the record that is being written."""

    def __init__(self, record: Record, household: Any) -> None:
        row = record.row
        self.pk, self.number, self.sex, self.nationality = record.id, row.number, row.sex, row.nationality
        self.relationship, self.household = row.relationship, household
        self.birth = BirthDate(
            row.birth_earliest, row.birth_latest, row.birth_precision, row.birth_calendar, row.birth_estimated
        )
        self.names = self
        self._names = [NameOnPaper(name) for name in record.names]

    def all(self) -> list[NameOnPaper]:
        return self._names


class Stock:
    """The sheets of one kind, delivery by delivery; the next serial is the next free one."""

    def __init__(self, kind: str, setting: Setting) -> None:
        self.kind, self.setting = get_kind(kind), setting
        self.series: UUID | None = None
        self.position = self.last = 0

    def next_form(self, rows: Rows, entries: list[Composed]) -> tuple[UUID, int]:
        if self.position == self.last:
            self._deliver(rows, entries)
        self.position += 1
        return self.series, self.position  # type: ignore[return-value] - a delivery has just been made

    def _deliver(self, rows: Rows, entries: list[Composed]) -> None:
        at = datetime.combine(DELIVERED_ON, time(5), tzinfo=UTC) + timedelta(seconds=self.last // 100)
        by, clock = self.setting.hands["supervisor"], Clockwork(_rng(f"{self.kind.code}/{self.last}"), at)
        first, self.last = self.last + 1, self.last + DELIVERY
        self.series = clock.new_id(at)
        rows.add(
            models.Series,
            SeriesRow(
                id=self.series, kind=self.kind.code, prefix=self.kind.prefix, organisation_id=by.organisation_id,
                first=first, last=self.last, received_on=DELIVERED_ON, received_by_id=by.member_id,
            ),
        )  # fmt: skip
        payload = {
            "paper_kind": self.kind.code, "first": serial_of(self.kind.prefix, first),
            "last": serial_of(self.kind.prefix, self.last), "count": DELIVERY, "office": None,
        }  # fmt: skip
        entries.append(
            compose(
                entry_id=clock.new_id(at), recorded_at=at, by=by, kind="papers.stock.received", subjects=[self.series],
                payload=payload, occurred_on=DELIVERED_ON,
            )
        )  # fmt: skip

    def form(self, series: UUID, position: int, state: str, on: date, clock: Clockwork) -> Any:
        return FormRow(
            id=clock.new_id(), series_id=series, serial=serial_of(self.kind.prefix, position), position=position,
            state=state, changed_on=on, version=1 if state == models.IN_STOCK else 3,
        )  # fmt: skip

    def shelve(self, rows: Rows, entries: list[Composed]) -> None:
        """The sheets that are left lie in the stock; there are always enough for whoever tries the demo."""
        if self.last - self.position < LEFT_IN_STOCK:
            self._fill(rows, entries)
            self._deliver(rows, entries)
        self._fill(rows, entries)

    def _fill(self, rows: Rows, entries: list[Composed]) -> None:
        clock = Clockwork(
            _rng(f"{self.kind.code}/rest/{self.position}"), datetime.combine(DELIVERED_ON, time(6), tzinfo=UTC)
        )
        clock.last = clock.not_after
        left = range(self.position + 1, self.last + 1)
        for position in left:
            rows.add(models.Form, self.form(self.series, position, models.IN_STOCK, DELIVERED_ON, clock))
        self.position = self.last
        if self.series is not None and left:
            at = clock.not_after
            entries.append(
                compose(
                    entry_id=clock.new_id(at), recorded_at=at, by=self.setting.hands["supervisor"],
                    kind="demo.stock.shelved", subjects=[self.series], payload={"left": len(left)},
                    occurred_on=DELIVERED_ON,
                )
            )  # fmt: skip


class Papers:
    """The papers of all files."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.stock = {kind: Stock(kind, setting) for kind in (CERTIFICATE, TEMPORARY)}
        self.authority = next(one.titles for one in cast.ORGANISATIONS if one.code == cast.AUTHORITY)
        self.key_id, self.key = keys.signing_key()
        self.zone = ZoneInfo(setting.book.country.time_zone)
        self.issuer = configuration.origin()

    def of(self, writing: Writing) -> list[tuple[date, int, Callable[[date], None]]]:
        """The acts by which the file's people got the papers they hold today."""
        file, family = writing.file, writing.file.family
        acts: list[tuple[date, int, Callable[[date], None]]] = self._while_it_was_pending(writing)
        if file.closed or writing.custodian != cast.AUTHORITY or family.decided_by == "U":
            return acts
        kind = CERTIFICATE if file.refugee_on else TEMPORARY
        start = file.refugee_on or file.lodged_on
        if start is None:
            return acts
        valid = self._current_period(kind, start, writing)
        if valid is None:
            return acts
        valid_from, valid_until = valid
        recent = valid_from >= date(2024, 1, 1)
        for place in self._bearers(writing, kind, valid_from, everybody=recent):
            issued = valid_from + timedelta(days=writing.rng.choice((0, 1, 1, 2, 4, 7)))
            acts.append(
                (max(valid_from, file.registered_on), 7,
                 lambda _day, p=place, i=issued: self._make_out(writing, kind, p, valid_from, valid_until, i))
            )  # fmt: skip
        return acts

    def _while_it_was_pending(self, writing: Writing) -> list[tuple[date, int, Callable[[date], None]]]:
        """The temporary certificate of a claim of the last years that is decided or closed by now; good until then."""
        file, lodged = writing.file, writing.file.lodged_on
        over = file.refugee_on or file.left_on
        if lodged is None or over is None or lodged < NARRATIVES_FROM or writing.custodian != cast.AUTHORITY:
            return []
        value = self.setting.book.value(VALIDITY[TEMPORARY], lodged)
        valid_until = min(last_day_of(value, lodged, self.setting.book.country.work_calendar), max(over, lodged))
        issued = lodged + timedelta(days=writing.rng.choice((0, 1, 1, 2, 4, 9)))
        if issued > valid_until:
            return []
        return [(lodged, 7, lambda _day: self._make_out(writing, TEMPORARY, 0, lodged, valid_until, issued))]

    def _current_period(self, kind: str, start: date, writing: Writing) -> tuple[date, date] | None:
        """From the first certificate through its renewals to the one of today; some were not renewed."""
        until, calendar = self.setting.until, self.setting.book.country.work_calendar
        valid_from = start
        while True:
            value = self.setting.book.value(VALIDITY[kind], valid_from)
            valid_until = last_day_of(value, valid_from, calendar)
            if valid_until >= until or writing.rng.random() < NOT_RENEWED:
                return valid_from, valid_until
            valid_from = valid_until + timedelta(days=1)

    def _bearers(self, writing: Writing, kind: str, on: date, *, everybody: bool) -> list[int]:
        """A refugee certificate for each adult; the temporary one, and renewals of long ago, for the principal applicant."""
        lives = writing.file.lives
        present = [
            p for p, life in enumerate(lives) if life.joined_on <= on and not life.dies_on and not life.splits_on
        ]
        if kind == TEMPORARY or not everybody:
            return present[:1]
        return [p for p in present if lives[p].member.born and on.year - lives[p].member.born > MAJORITY]

    def _make_out(
        self, writing: Writing, kind: str, place: int, valid_from: date, valid_until: date, issued_on: date
    ) -> None:
        until = self.setting.until
        order = self._order(writing, kind, place, valid_from, valid_until)
        waiting = (until - valid_from).days <= 20 and writing.rng.random() < 0.5
        if order and waiting and writing.rng.random() < 0.5:
            return  # ordered, and nobody has made it out yet
        paper_kind = get_kind(kind)
        stock = self.stock[kind]
        series, position = stock.next_form(writing.rows, writing.entries)
        record, clerk, second = writing.people[place], writing.clerk, self.setting.hands["supervisor"]
        at = writing.clock.instant(max(valid_from, writing.first_recording))
        paper, number = writing.clock.new_id(at), serial_of(paper_kind.prefix, position)
        holders = self._holders(writing, place, valid_from)
        content = paper_content(
            template=paper_kind.template, title=paper_kind.titles, person=PersonOnPaper(record, writing.household),
            members=[PersonOnPaper(holder, writing.household) for holder in holders], authority=self.authority,
            language="prs", valid_from=valid_from, valid_until=valid_until, facts={},
        )  # fmt: skip
        issued = not waiting and issued_on <= until
        form = stock.form(
            series, position, models.ISSUED_FORM if issued else models.RESERVED, valid_from, writing.clock
        )
        subjects = [paper, record.id, writing.household.id, *(holder.id for holder in holders), series]
        payload = {"paper_kind": kind, "number": number, "valid_from": valid_from, "valid_until": valid_until}
        case = writing.last_case
        writing.entry(
            valid_from, "papers.paper.prepared", subjects,
            payload | {"case": case, "replaces": None, "because": None}, {}, by=clerk, at=at,
        )  # fmt: skip
        row = PaperRow(
            id=paper, number=number, kind=kind, form_id=form.id, person_id=record.id,
            household_id=writing.household.id, case_id=case, language="prs", content=content, valid_from=valid_from,
            valid_until=valid_until, exclusive=True, prepared_by_id=clerk.member_id,
            prepared_account_id=clerk.account_id, prepared_at=at,
        )  # fmt: skip
        if issued:
            row = self._confirm(writing, row, max(issued_on, valid_from), second, subjects, payload)
        writing.rows.add(models.Form, form)
        writing.rows.add(models.Paper, row)
        for n, holder in enumerate(holders):
            writing.rows.add(
                models.Holder, HolderRow(id=writing.clock.new_id(), paper_id=paper, person_id=holder.id, position=n)
            )

    def _confirm(
        self, writing: Writing, row: Any, on: date, second: Any, subjects: list[UUID], payload: dict[str, Any]
    ) -> Any:
        """The second person: number, day of issue and square, as `papers.operations.confirming` sets them."""
        at = writing.clock.instant(max(on, writing.first_recording))
        content = {**row.content, "serial": row.number, "issued_on": day_texts(on)}
        token = PaperToken(
            issuer=self.issuer, kind=row.kind, number=row.number, valid_from=row.valid_from,
            valid_until=row.valid_until, issued_at=at, photo=b"",
        )  # fmt: skip
        row = row._replace(
            state=models.ISSUED, confirmed_by_id=second.member_id, confirmed_account_id=second.account_id,
            confirmed_at=at, issued_on=on, content=content, content_sha256=content_hash(content),
            qr=sign(token, self.key, self.key_id, self.zone), version=2,
        )  # fmt: skip
        writing.entry(
            on, "papers.paper.issued", subjects,
            payload | {"prepared_by": row.prepared_by_id, "ended": []},
            {row.id: {"content_sha256": row.content_sha256, "photo_sha256": ""}}, by=second, at=at,
        )  # fmt: skip
        return row

    def _holders(self, writing: Writing, place: int, on: date) -> list[Record]:
        """Children are written into the certificate of the principal applicant."""
        if place != 0:
            return []
        return [
            record
            for other, record in writing.people.items()
            if other != 0
            and record.life.member.born
            and on.year - record.life.member.born < MAJORITY
            and record.row.status == "open"
        ]

    def _order(self, writing: Writing, kind: str, place: int, valid_from: date, valid_until: date) -> bool:
        """What the act of the case asked for, where it was asked for in the last weeks."""
        ordering = {CERTIFICATE: "decide", TEMPORARY: "lodge"}[kind]
        step = writing.last_steps.get(ordering)
        if step is None or step.occurred_on != valid_from or (self.setting.until - valid_from).days > 60:
            return False
        writing.rows.add(
            PaperOrder,
            OrderRow(
                id=writing.clock.new_id(), case_id=step.case_id, step_id=step.id, person_id=writing.people[place].id,
                kind=kind, valid_from=valid_from, valid_until=valid_until, ordered_at=step.recorded_at,
            ),
        )  # fmt: skip
        return True

    def shelve(self, rows: Rows, entries: list[Composed]) -> None:
        for stock in self.stock.values():
            stock.shelve(rows, entries)


def _rng(name: str) -> random.Random:
    return random.Random(f"demo/papers/{name}")  # noqa: S311
