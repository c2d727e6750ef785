"""The stateless register in whole years: identified, and confirmed as citizens or naturalised (DOMAIN: 19,469 → 3,980).

Only end-year stocks are published, without ages. Growth is read as people identified (STAOTHINC), decline as nationality
confirmed or acquired (NATACQ); a small movement the other way is added to each year, since no real year has none. That
added movement is also what brings a register of any asked size to exactly that number of persons.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from panoh.demo.figures import LAST_YEAR, YEARS, Figures
from panoh.demo.ways import OPENING, Family

STATELESS = "XXA"
IDENTIFIED, CARRIED = "identified", "carried_stateless"
CONFIRMED = "NATACQ"
MOVEMENT = 0.02


@dataclass(frozen=True)
class StatelessYear:
    year: int
    opening: int
    identified: int
    confirmed: int
    closing: int


def stateless_years(figures: Figures, extra: int = 0) -> list[StatelessYear]:
    """The account of each year. `extra` more persons come and go, shared over the years by their size."""
    years = []
    moving = [max(figures.stock(y - 1, "STA", STATELESS), 1) for y in YEARS]
    shares = [extra * weight // sum(moving) for weight in moving]
    shares[0] += extra - sum(shares)
    for year, more in zip(YEARS, shares, strict=True):
        opening, closing = figures.stock(year - 1, "STA", STATELESS), figures.stock(year, "STA", STATELESS)
        movement = round(opening * MOVEMENT) + more
        growth = closing - opening
        years.append(StatelessYear(year, opening, movement + max(growth, 0), movement + max(-growth, 0), closing))
    return years


def persons_ever(figures: Figures) -> int:
    """How many persons the stateless register holds without any extra movement."""
    return figures.stock(OPENING, "STA", STATELESS) + sum(year.identified for year in stateless_years(figures))


def stateless_families(
    years: list[StatelessYear], staying: list[Family], seed: str, keys: count[int]
) -> Iterator[Family]:
    """The families that stay get their year of arrival; families that left fill the account to the last person."""
    rng = random.Random(f"{seed}/stateless")  # noqa: S311
    room = {OPENING: years[0].opening if years else 0} | {year.year: year.identified for year in years}
    closing = {year.year: year.closing for year in years}
    # Whoever stays must not overfill any stock: place the newest first, as late as the account of each year allows.
    present = dict.fromkeys(closing, 0)
    for family in sorted(staying, key=lambda f: (rng.random(), f.key)):
        options = [year for year in room if room[year] >= family.size]
        rng.shuffle(options)
        for year in [*options[:4], *sorted(options, reverse=True)]:
            later = [y for y in closing if y >= year]
            if all(present[y] + family.size <= closing[y] for y in later):
                break
        else:
            year = LAST_YEAR
        family.came, family.came_in = (CARRIED if year == OPENING else IDENTIFIED), year
        room[year] -= family.size
        for y in closing:
            if y >= year:
                present[y] += family.size
        yield family
    pool = _made(room.pop(OPENING), CARRIED, OPENING, rng, keys)
    for year in years:
        pool += _made(room[year.year], IDENTIFIED, year.year, rng, keys)
        leaving = year.confirmed
        later: list[Family] = []
        for family in sorted(pool, key=lambda f: (rng.random() + (f.came_in == year.year), f.key)):
            if leaving and family.size > leaving:
                family.size -= leaving
                later.append(family)
                family = Family(next(keys), STATELESS, leaving, came=family.came, came_in=family.came_in)
            elif not leaving:
                later.append(family)
                continue
            leaving -= family.size
            family.left, family.left_by = year.year, CONFIRMED
            yield family
        pool = later
        if leaving:
            raise ValueError(f"{leaving} stateless persons are missing in {year.year}")
    if pool:
        raise ValueError("stateless persons of the past are left over")


def _made(number: int, came: str, year: int, rng: random.Random, keys: count[int]) -> list[Family]:
    families = []
    while number > 0:
        size = min(rng.choice((1, 1, 1, 1, 2, 2, 3)), number)
        families.append(Family(next(keys), STATELESS, size, came=came, came_in=year))
        number -= size
    return families
