"""A child born on the very day on which its family lodges a claim: rare, and met only in registers of a million."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from panoh.demo.figures import published
from panoh.demo.histories import Histories
from panoh.demo.loading.cases import Cases
from panoh.demo.loading.establishing import Establishing
from panoh.demo.loading.files import Serials, Writing
from panoh.demo.loading.running import ORDER
from panoh.demo.loading.setting import Setting
from panoh.demo.loading.shapes import Rows
from panoh.demo.loading.sittings import Sittings
from panoh.demo.operation import plan_operation
from panoh.kernel.calendars import BirthDate
from panoh.procedures.models import CasePerson
from panoh.rulebook import current

UNTIL = date(2026, 11, 20)


def test_a_child_born_on_the_day_of_the_claim_is_in_it() -> None:
    operation = plan_operation(published(), 3_000, "1", UNTIL)
    histories = Histories(operation.goal, operation.seed, UNTIL, operation.duplicates)
    setting = Setting(book=current(), places=operation.figures.places, until=UNTIL)
    establishing = Establishing(setting, Rows(ORDER), [])
    establishing.establish()
    cases = Cases(setting, Serials(), Sittings(setting), barriers=establishing.suspend_commission())
    told = (histories.tell(family) for family in operation.families)
    file, place = next(
        (file, place)
        for file in told
        for place, life in enumerate(file.lives)
        if life.born_here and file.lodged_on and file.lodged_on < life.born_on and not (life.dies_on or life.needs)
    )
    life, after = file.lives[place], Rows(ORDER)
    day = life.born_on = life.joined_on = file.lodged_on
    life.birth = BirthDate.from_parts("gregorian", day.year, day.month, day.day)
    file.changes = [
        replace(change, on=day) if change.life == place and change.on < (file.decided_on or UNTIL) else change
        for change in file.changes
    ]
    writing = Writing(file, setting, Serials(), after, [])
    writing.write(cases.of)
    in_the_claim = {line.person_id for line in after.by_model[CasePerson]}
    assert writing.people[place].id in in_the_claim
