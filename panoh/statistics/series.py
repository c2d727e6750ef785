"""End-year stocks over several years, for the chart."""

from datetime import date

from django.utils import timezone

from panoh.statistics import counting
from panoh.statistics.annual import FIRST_YEAR, end_of
from panoh.statistics.disclosure import round5


def yearly_stocks(first_year: int, last_year: int, known_on: date | None = None) -> dict[int, dict[str, int]]:
    """Persons in each group at each year's end, to the nearest five: {year: {group: persons}}."""
    first_year = max(first_year, FIRST_YEAR)
    standing: dict[str, int] = {}
    net: dict[int, dict[str, int]] = {}
    for year, group, persons in counting.yearly_net(first_year, last_year, end_of(known_on or timezone.localdate())):
        net.setdefault(year, {})[group] = persons
    stocks = {}
    for year in range(first_year - 1, last_year + 1):
        for group, persons in net.get(year, {}).items():
            standing[group] = standing.get(group, 0) + persons
        if year >= first_year:
            stocks[year] = {group: round5(persons) for group, persons in standing.items()}
    return stocks
