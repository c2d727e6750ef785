"""The life of a family in the register, day by day: made from its way in whole years (`ways`) and its own random numbers.

A `File` holds everything that is written about one family; `loading` turns it into rows and ledger entries. What the
population tables count is derived here once (`status_changes`), so that it can be proved without a database.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from panoh.demo import people
from panoh.demo.composing import compose
from panoh.demo.duplicates import Copy
from panoh.demo.figures import LAST_YEAR
from panoh.demo.kinship import DIES, SPLITS, Member
from panoh.demo.people import LAST_DAY, Life, day_in
from panoh.demo.plan import RECLASSIFIED
from panoh.demo.specific_needs import find_needs
from panoh.demo.stateless import CARRIED, IDENTIFIED
from panoh.demo.targets import Targets
from panoh.demo.ways import (
    BY_APPLICATION,
    BY_GROUP,
    BY_VERIFICATION,
    CARRIED_APPLICANT,
    CARRIED_REFUGEE,
    CLOSED,
    OPENING,
    RECOGNISED,
    REJECTED,
    Family,
)
from panoh.kernel.births import BirthDate

TAKEN_OVER = date(OPENING, 12, 31)
"""The day on which the stock of the earlier register was carried over; the demo register begins with it."""

# DOMAIN: residence permits and the commission were suspended from the end of July 2021. When it met again is not
# published; the demo says the end of November, since 3,675 people were recognised in that year.
SUSPENDED_FROM, SUSPENDED_UNTIL = date(2021, 7, 30), date(2021, 12, 1)

# A refusal counts on the day on which the case closes, after the month in which it may be appealed: DOMAIN, Article 14(4).
APPEAL_DAYS = 40
GAPS = {"lodging": 14, "lodging_before_refusal": APPEAL_DAYS + 50, "departure": 12}
VOLUNTARY, DIED = "VOLUNTARY_REPATRIATION", "DEATH"


@dataclass(slots=True)
class StatusChange:
    """One row of the population accounting, about the person at `life` of the file."""

    life: int
    on: date
    from_group: str
    to_group: str
    reason: str
    procedure: str = ""
    level: str = ""


@dataclass(slots=True)
class File:
    """One family with all its days."""

    family: Family
    lives: list[Life]
    arrived_on: date
    registered_on: date
    location: str
    lodged_on: date | None = None
    decided_on: date | None = None
    refugee_on: date | None = None
    left_on: date | None = None
    closure: str = ""
    changes: list[StatusChange] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        return self.left_on is not None


class Histories:
    """Writes the lives of families. `until` is the day of the demo: nothing happens after it."""

    def __init__(self, goal: Targets, seed: str, until: date, copies: Mapping[int, Copy] | None = None) -> None:
        self.goal, self.seed, self.until, self.copies = goal, seed, until, copies or {}

    def tell(self, family: Family) -> File:
        rng = random.Random(f"{self.seed}/family/{family.key}")  # noqa: S311
        members = family.members or compose(family, rng)
        file = self._days(family, members, rng)
        self._fill_in(file, members, rng)
        file.changes = list(status_changes(file, self.goal))
        return file

    # -- days

    def _days(self, family: Family, members: tuple[Member, ...], rng: random.Random) -> File:
        lodged = decided = refugee = None
        if family.came in (BY_APPLICATION, CARRIED_APPLICANT):
            decided = family.decided_on or self._decision_day(family, rng)
            lodged = family.lodged_on or self._lodging_day(family, members, decided, rng)
            registered = max(lodged - timedelta(days=rng.choice((0, 0, 0, 1, 2, 4, 7))), date(lodged.year, 1, 1))
            refugee = decided if family.outcome == RECOGNISED else None
        else:
            registered = self._registration_day(family, members, rng)
            if family.came not in (IDENTIFIED, CARRIED):
                refugee = max(registered, TAKEN_OVER) if family.came == CARRIED_REFUGEE else registered
        arrived = registered - timedelta(days=int(rng.expovariate(1 / 25)))
        left, closure = self._departure(family, decided, refugee, registered, rng)
        return File(
            family=family,
            lives=[],
            arrived_on=arrived,
            registered_on=registered,
            location=family.location or rng.choices(PAST_LOCATIONS, PAST_WEIGHTS)[0],
            lodged_on=lodged,
            decided_on=decided,
            refugee_on=refugee,
            left_on=left,
            closure=closure,
        )

    def _decision_day(self, family: Family, rng: random.Random) -> date | None:
        if not family.decided:
            return None
        year = family.decided
        if family.outcome == REJECTED:
            first = date(year, 4, 12) if family.came_in == year else date(year, 1, 20)
            last = SUSPENDED_FROM if year == SUSPENDED_FROM.year else date(year, 12, 29)
            return _weekday(day_in(year, rng, first, last), first)
        leaves_soon = family.left == year
        first = date(year, 1, 26) if family.came_in == year or family.births else date(year, 1, 12)
        last = date(year, 12, 8) if leaves_soon else date(year, 12, 29)
        if year == 2021 and family.decided_by == "G":
            # The commission met until the end of July and again in December.
            early = rng.random() < 0.45 and family.came_in < 2021
            first, last = (first, SUSPENDED_FROM - timedelta(days=1)) if early else (SUSPENDED_UNTIL, last)
        day = day_in(year, rng, first, last)
        by_commission = family.decided_by == "G" and family.outcome == RECOGNISED
        return thursday(day, first) if by_commission else _weekday(day, first)

    def _lodging_day(
        self, family: Family, members: tuple[Member, ...], decided: date | None, rng: random.Random
    ) -> date:
        year = family.came_in
        if family.came == CARRIED_APPLICANT:
            return day_in(year, rng, date(year, 6, 1), date(year, 12, 20))
        child_of_the_year = any(member.born == year for member in members)
        first = date(year, 1, 9 if child_of_the_year else 4)
        last = date(year, 12, 30)
        gap = GAPS["lodging_before_refusal" if family.outcome == REJECTED else "lodging"]
        if decided and decided.year == year:
            last = decided - timedelta(days=gap + rng.randint(0, 40))
        elif decided:
            last = min(last, decided - timedelta(days=gap))
        return day_in(year, rng, first, max(last, first))

    def _registration_day(self, family: Family, members: tuple[Member, ...], rng: random.Random) -> date:
        year = family.came_in
        if family.came in (CARRIED_REFUGEE, CARRIED):
            born = max((member.born for member in members if member.born <= OPENING), default=0)
            return day_in(rng.randint(max(2006, born), OPENING), rng, last=date(OPENING, 12, 20))
        first = date(year, 7, 15) if family.came == BY_GROUP and year == 2021 else date(year, 1, 15)
        last = date(year, 11, 25) if family.left == year else date(year, 12, 29)
        return day_in(year, rng, first, last)

    def _departure(
        self, family: Family, decided: date | None, refugee: date | None, registered: date, rng: random.Random
    ) -> tuple[date | None, str]:
        if family.outcome in (REJECTED, CLOSED):
            return decided, ("FINAL_REJECTION" if family.outcome == REJECTED else rng.choice(CLOSED_CLAIMS))
        if not family.left or family.left_by == RECLASSIFIED:
            return None, ""
        if family.left_on:
            left = family.left_on
        else:
            busy = family.left in family.births or family.left in family.deaths
            first = date(family.left, 7, 1) if busy else date(family.left, 1, 5)
            since = refugee or registered
            left = day_in(family.left, rng, max(first, since + timedelta(days=GAPS["departure"])))
        return left, rng.choice(CLOSURES.get(family.left_by, ("SPONTANEOUS_DEPARTURE",)))

    # -- people

    def _fill_in(self, file: File, members: tuple[Member, ...], rng: random.Random) -> None:
        family = file.family
        head = members[0]
        kin = people.draw_kin(family.origin, head, rng)
        deaths = iter(family.deaths)
        for member in members:
            dies = next(deaths) if member.fate == DIES else 0
            file.lives.append(self._life(file, member, members, kin, dies, rng))
        for life in file.lives:
            life.needs = find_needs(life, file.lives, rng, self.until)
        copy = self.copies.get(family.key)
        if copy is not None:
            first_records = self.tell(copy.donor).lives
            for place, first in copy.places.items():
                people.write_as_second_record(file.lives[place], first_records[first], rng)
                file.lives[place].copy_of = (copy.donor.key, first)

    def _life(
        self, file: File, member: Member, members: tuple[Member, ...], kin: people.Kin, dies: int, rng: random.Random
    ) -> Life:
        family = file.family
        born_here = bool(member.born and member.born > family.came_in)
        if member.born == 0:
            born_on, birth = date.min, BirthDate.unknown(file.registered_on)
        else:
            born_on = self._birth_day(file, member, born_here, rng)
            told_on = born_on if born_here else file.registered_on
            birth = (
                BirthDate(born_on, born_on, "day")
                if born_here
                else people.birth_as_known(born_on, told_on, member.nationality, rng)
            )
        age = LAST_YEAR - member.born if member.born else 0
        name = people.full_name(member, members[0], kin, rng)
        nationality = people.NATIONALITY.get(member.nationality, member.nationality)
        busy_until = date(family.left, 6, 30) if family.left and dies == family.left else None
        joined_on = born_on if born_here else file.registered_on
        return Life(
            member=member,
            full_name=name,
            names=people.written_forms(name, member.nationality, rng),
            birth=birth,
            born_on=born_on,
            nationality=nationality,
            joined_on=joined_on,
            born_here=born_here,
            dies_on=day_in(dies, rng, last=busy_until) if dies else None,
            splits_on=self._split_day(file, member, rng),
            marital=people.marital_status(member, members, file.registered_on.year - member.born, rng),
            education=people.education_level(file.registered_on.year - member.born, member.sex, rng)
            if member.born
            else "",
            origin_place=kin.province if not born_here else "",
            religion=people.religion(kin.ethnicity, kin.province, rng) if member.nationality == "AFG" else "",
            ethnicity=kin.ethnicity,
            languages=people.languages_spoken(member.nationality, kin.ethnicity, rng) if age >= 3 else (),
            papers=people.papers_held(member, file.registered_on.year - member.born, rng) if member.born else (),
        )

    def _birth_day(self, file: File, member: Member, born_here: bool, rng: random.Random) -> date:
        year, decided, left = member.born, file.decided_on, file.left_on
        if not born_here:
            last = file.registered_on - timedelta(days=1) if year == file.registered_on.year else None
            return day_in(year, rng, last=last)
        last = date(year, 12, 31)
        if decided and decided.year == year:
            last = decided - timedelta(days=1)
        elif left and left.year == year:
            last = min(date(year, 6, 30), left - timedelta(days=1))
        if year > LAST_YEAR:
            last = min(last, self.until)
        return day_in(year, rng, last=last)

    def _split_day(self, file: File, member: Member, rng: random.Random) -> date | None:
        """A grown son leaves his parents' household after all that the plan counts has happened to it."""
        if member.fate != SPLITS or file.closed:
            return None
        since = max(file.registered_on, file.refugee_on or file.registered_on, date(member.born + 20, 1, 1))
        first, last = since + timedelta(days=90), LAST_DAY - timedelta(days=20)
        return None if first >= last else first + timedelta(days=rng.randint(0, (last - first).days))


def thursday(day: date, first: date) -> date:
    """The commission meets on Thursdays: the one on or before the day, or else the next."""
    back = day - timedelta(days=(day.weekday() - 3) % 7)
    return back if back >= first else day + timedelta(days=(3 - day.weekday()) % 7)


def _weekday(day: date, first: date) -> date:
    """Offices are closed on Saturday and Sunday."""
    back = day - timedelta(days=max(0, day.weekday() - 4))
    return back if back >= first else day + timedelta(days=(7 - day.weekday()) % 7)


CLOSED_CLAIMS = ("WITHDRAWAL", "ABANDONMENT", "ABANDONMENT", "SPONTANEOUS_DEPARTURE")
CLOSURES = {
    "VOLREP": (VOLUNTARY, VOLUNTARY, "SPONTANEOUS_RETURN"),
    "RESTL": ("RESETTLEMENT",),
    "NATURLZN": ("NATURALISATION",),
    "DEPORTED": ("DEPORTATION",),
    "LEFT": ("SPONTANEOUS_DEPARTURE", "ABANDONMENT", "ABANDONMENT", "COMPLEMENTARY_PATHWAY"),
    "NATACQ": ("NATIONAL_OF_ASYLUM", "NATIONAL_OF_ASYLUM", "NATURALISATION"),
}
STATUS_OF_DEPARTURE = {"VOLREP": "VOLREP", "RESTL": "RESTL", "NATURLZN": "NATURLZN", "NATACQ": "NATACQ"}

PAST_LOCATIONS = (
    "Vahdat District [Admin 2]",
    "Rudaki District [Admin 2]",
    "Dushanbe Region [Admin 1]",
    "Khatlon Region [Admin 1]",
    "Sughd Region [Admin 1]",
    "Dispersed in the country / territory",
)
PAST_WEIGHTS = (68, 14, 8, 3, 3, 4)


def status_changes(file: File, goal: Targets) -> Iterator[StatusChange]:
    """What the population accounting must hold of a family: entries, decisions, births, deaths, departures."""
    family = file.family
    for place, life in enumerate(file.lives):
        group = ""
        for change in _entering(file, place, life, goal):
            yield change
            group = change.to_group
        if life.dies_on:
            yield StatusChange(place, life.dies_on, group, "", "DEATH")
        elif file.left_on and group and not (group == "ASY" and file.left_on == file.decided_on):
            yield StatusChange(place, file.left_on, group, "", STATUS_OF_DEPARTURE.get(family.left_by, "REFOTHDEC"))
        elif family.left_by == RECLASSIFIED:
            yield StatusChange(place, date(LAST_YEAR, 6, 30), group, "OIP", "REFOTHDEC")


def _entering(file: File, place: int, life: Life, goal: Targets) -> Iterator[StatusChange]:
    family, decided = file.family, file.decided_on
    if family.came in (IDENTIFIED, CARRIED):
        yield StatusChange(place, max(file.registered_on, TAKEN_OVER), "", "STA", "STAOTHINC")
        return
    if file.refugee_on and life.born_here and life.born_on > file.refugee_on:
        yield StatusChange(place, life.born_on, "", "REF", "BIRTH")
        return
    if family.came == BY_GROUP:
        yield StatusChange(place, file.registered_on, "", "REF", "ARR-GRP")
        return
    if family.came in (BY_VERIFICATION, CARRIED_REFUGEE):
        yield StatusChange(place, max(file.refugee_on or file.registered_on, life.joined_on), "", "REF", "REFOTHINC")
        return
    applied_on = life.born_on if life.born_here else max(file.lodged_on or file.registered_on, life.joined_on)
    kind = family.procedure
    if life.born_here:
        kind = goal.child_procedure(applied_on.year, family.origin, family.procedure)
    if family.came == CARRIED_APPLICANT and not life.born_here:
        applied_on, kind = TAKEN_OVER, ""
    yield StatusChange(
        place, applied_on, "", "ASY", "ASYAPP", kind, goal.levels.get((applied_on.year, kind), "FI" if kind else "")
    )
    if not decided:
        return
    level = goal.levels.get((decided.year, family.decided_by), "FI" if family.decided_by else "")
    if family.outcome == RECOGNISED:
        yield StatusChange(place, decided, "ASY", "REF", "ASYREC-CV", family.decided_by, level)
    else:
        reason = "ASYREJ" if family.outcome == REJECTED else "ASYOTHCL"
        yield StatusChange(place, decided, "ASY", "", reason, family.decided_by, level)
