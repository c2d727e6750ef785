"""The annual tables of a planned operation, counted from the status changes of its families alone: no database, no statistics.

Deliberately naive: walk through every person and count. What the loader writes and `panoh.statistics` computes must agree
with it, and it with the published figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from panoh.demo.figures import LAST_YEAR
from panoh.demo.histories import File
from panoh.demo.people import LAST_DAY

ORIGIN = {"XXX": "UNK"}


class Tables:
    """Stocks by (year, group, origin), flows by (year, origin, reason, procedure), cells of the last year."""

    def __init__(self, files: Iterable[File]) -> None:
        self.stocks: Counter[tuple[int, str, str]] = Counter()
        self.flows: Counter[tuple[int, str, str, str]] = Counter()
        self.moves: Counter[tuple[int, str, str, str]] = Counter()
        self.cells: Counter[tuple[str, str, str, str, str]] = Counter()
        for file in files:
            self._count(file)

    def _count(self, file: File) -> None:
        for place, life in enumerate(file.lives):
            origin = ORIGIN.get(life.nationality, life.nationality)
            changes = [change for change in file.changes if change.life == place]
            group, before = "", date.min
            years: dict[int, str] = {}
            for change in changes:
                assert change.from_group == group, (file.family, change)
                assert change.on >= before, (file.family, change)
                self.flows[change.on.year, origin, change.reason, change.procedure] += 1
                self.moves[change.on.year, origin, change.from_group, change.to_group] += 1
                group, before = change.to_group, change.on
                years[change.on.year] = group
            standing = ""
            for year in range(2014, LAST_YEAR + 1):
                standing = years.get(year, standing)
                if standing:
                    self.stocks[year, standing, origin] += 1
            if standing:
                band = life.birth.age_band_on(LAST_DAY)
                self.cells[standing, origin, file.location, life.member.sex, band] += 1
