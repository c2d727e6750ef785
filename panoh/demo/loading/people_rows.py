"""The rows of a person and their state for the ledger, from a life of the plan."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.shapes import Rows, shape
from panoh.demo.people import Life
from panoh.identity.proposing import propose
from panoh.kernel.names import PersonName
from panoh.registry.models import Facts, Membership, Name, Need, PaperHeld, Person, Profile
from panoh.registry.operations.rows import SOURCE_TOLD
from panoh.registry.rules.values import paper_number_key

PersonRow, NameRow, NeedRow = shape(Person), shape(Name), shape(Need)
PaperRow, ProfileRow, MembershipRow, FactsRow = shape(PaperHeld), shape(Profile), shape(Membership), shape(Facts)


class Record:
    """One person as she stands in the tables while her file is written; `row` changes with each act."""

    def __init__(self, life: Life, number: str, household_id: UUID, arrived_on: date, clock: Clockwork) -> None:
        member, birth = life.member, life.birth
        self.life = life
        self.id = clock.new_id()
        self.row = PersonRow(
            id=self.id,
            number=number,
            household_id=household_id,
            relationship=member.relationship,
            sex=member.sex,
            birth_earliest=birth.earliest,
            birth_latest=birth.latest,
            birth_precision=birth.precision,
            birth_calendar=birth.calendar,
            birth_estimated=birth.estimated,
            nationality=life.nationality,
            origin_place=life.origin_place,
            marital=life.marital,
            education=life.education,
            arrived_on=max(arrived_on, min(birth.earliest, life.joined_on)),
        )
        self.names = list(self._names(clock))
        self.papers = [
            PaperRow(
                id=clock.new_id(), person_id=self.id, kind=kind, number=number, number_key=paper_number_key(number),
                country=country,
            )
            for kind, number, country in life.papers
        ]  # fmt: skip
        self.memberships: list[Any] = []
        self.needs: list[Any] = []
        self.profile = None
        if life.religion or life.ethnicity or life.languages:
            self.profile = ProfileRow(
                id=clock.new_id(),
                person_id=self.id,
                religion=life.religion,
                ethnicity=life.ethnicity,
                languages=list(life.languages),
            )

    def _names(self, clock: Clockwork) -> Iterable[Any]:
        """As `registry.operations.rows.name_rows` makes them: own forms, and proposed ones where there is none."""
        for place, name in enumerate(self.life.names):
            yield _name_row(clock.new_id(), self.id, name, role=Name.OWN, source=SOURCE_TOLD, is_primary=place == 0)
        for made in propose(self.life.names, {}):
            yield _name_row(
                clock.new_id(), self.id, made.name,
                role=Name.PROPOSED, source="rule", rule=made.rule, confidence=made.confidence,
            )  # fmt: skip

    def add_needs(self, restricted: set[str], recorded_by: UUID, recorded_at: datetime, clock: Clockwork) -> None:
        for code, since, _until, source in self.life.needs:
            self.needs.append(
                NeedRow(
                    id=clock.new_id(), person_id=self.id, code=code, restricted=code in restricted, since=since,
                    source=source, recorded_by_id=recorded_by, recorded_at=recorded_at,
                )
            )  # fmt: skip

    def change(self, **values: Any) -> None:
        self.row = self.row._replace(**values)

    def facts(self, clock: Clockwork, entry_id: UUID, recorded_at: datetime) -> Any:
        row = self.row
        return FactsRow(
            id=clock.new_id(), person_id=self.id, sex=row.sex, birth_earliest=row.birth_earliest,
            birth_latest=row.birth_latest, birth_precision=row.birth_precision, nationality=row.nationality,
            recorded_at=recorded_at, entry_id=entry_id,
        )  # fmt: skip

    def write(self, rows: Rows) -> None:
        rows.add(Person, self.row)
        for name in self.names:
            rows.add(Name, name)
        for paper in self.papers:
            rows.add(PaperHeld, paper)
        for need in self.needs:
            rows.add(Need, need)
        if self.profile:
            rows.add(Profile, self.profile)
        for membership in self.memberships:
            rows.add(Membership, membership)


def _name_row(row_id: UUID, person_id: UUID, name: PersonName, **more: Any) -> Any:
    return NameRow(
        id=row_id, person_id=person_id, script=name.script, given=name.given, father=name.father,
        grandfather=name.grandfather, family=name.family, patronymic=name.patronymic, tribal=name.tribal, **more,
    )  # fmt: skip


def pick(options: tuple[tuple[Any, int], ...], rng: random.Random) -> Any:
    return rng.choices([option for option, _ in options], [weight for _, weight in options])[0]
