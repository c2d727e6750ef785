"""The annual table (DOMAIN §10.1): a pure function of the register, a year, and the day up to which the register is known.

opening + increases − decreases = closing, or the difference stands in the table as unexplained: opening and closing are
counted person by person from where each stood, not added up from the movements between.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from panoh.kernel.problems import Problem
from panoh.statistics import counting, disclosure
from panoh.statistics.definitions import (
    ACCOUNTS,
    CLOSING,
    DECISION_COLUMNS,
    DECISIONS,
    DEMOGRAPHY,
    DEMOGRAPHY_COLUMNS,
    METHODS,
    OPENING,
    RSD,
    UNEXPLAINED,
    Account,
)

FIRST_YEAR = 1990
TOTAL = ""
UNKNOWN_PLACE = "unknown"


@dataclass(frozen=True)
class Row:
    """One line: whom it counts (origin, group, place …; empty origin is the total) and a value for each column.

    None is a value left blank by disclosure control.
    """

    key: Mapping[str, str]
    values: Mapping[str, int | None]


@dataclass(frozen=True)
class Section:
    """One table of the report."""

    code: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class AnnualTable:
    """The report of one year as known at the end of `known_on`."""

    year: int
    known_on: date
    method: str
    sections: tuple[Section, ...]
    unexplained: int
    blanks: int = field(default=0)

    @property
    def balanced(self) -> bool:
        return self.unexplained == 0

    def section(self, code: str) -> Section:
        return next(section for section in self.sections if section.code == code)

    def value(self, code: str, column: str, **key: str) -> int | None:
        """One figure; 0 where the table has no such line (nobody was counted)."""
        for section in self.sections:
            for row in section.rows if section.code == code else ():
                if all(row.key.get(name) == wanted for name, wanted in key.items()):
                    return row.values[column]
        return 0


def annual_table(
    year: int, known_on: date | None = None, method: str = "suppress", *, places: bool = True
) -> AnnualTable:
    """The table of `year` from what the register knew at the end of `known_on` (today).

    Without `places` sex and age are given for the whole country alone: two tables of two days otherwise tell a reader
    who knows of one family which district it was counted in (DOMAIN §12.3).

    Raises `statistics.year.out_of_range` and `statistics.method.unknown`.
    """
    today = timezone.localdate()
    known_on = min(known_on or today, today)
    if not FIRST_YEAR <= year <= today.year:
        raise Problem("statistics.year.out_of_range", field="year", first=FIRST_YEAR, last=today.year)
    if method not in METHODS:
        raise Problem("statistics.method.unknown", field="method", method=method)
    known = end_of(known_on)
    first, last = date(year, 1, 1), date(year, 12, 31)
    opening = counting.stocks(first, known)
    closing = counting.stocks(last + timedelta(days=1), known)
    moved = counting.movements(first, last, known)
    accounts = [account_section(account, opening, closing, moved) for account in ACCOUNTS]
    sections = [
        *(section for section in accounts if section.rows),
        decisions_section(moved),
        demography_section(counting.demography(last, known), places=places),
    ]
    unexplained = sum(
        abs(row.values[UNEXPLAINED] or 0) for section in accounts for row in section.rows if row.key["origin"] != TOTAL
    )
    table = AnnualTable(year, known_on, method, tuple(sections), unexplained)
    return table if method == "true" else protect(table)


def end_of(day: date) -> datetime:
    """The instant at which the day ends in the country: what was recorded before it was known that day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def account_section(
    account: Account,
    opening: Mapping[tuple[str, str], int],
    closing: Mapping[tuple[str, str], int],
    moved: Iterable[tuple[str, str, str, str, str, str, int]],
) -> Section:
    """Opening, increases and decreases by reason, closing, by origin, with the total first."""
    by_origin: dict[str, dict[str, int]] = {}

    def line(origin: str) -> dict[str, int]:
        return by_origin.setdefault(origin, dict.fromkeys(account.columns, 0))

    for stocks, column in ((opening, OPENING), (closing, CLOSING)):
        for (group, origin), persons in stocks.items():
            if group == account.group:
                line(origin)[column] += persons
    for from_group, to_group, reason, origin, _kind, _level, persons in moved:
        if to_group == account.group:
            line(origin)[account.column_in(reason)] += persons
        elif from_group == account.group:
            line(origin)[account.column_out(reason)] += persons
    for values in by_origin.values():
        values[UNEXPLAINED] = (
            values[CLOSING]
            - values[OPENING]
            - sum(values[column] for column in account.increases)
            + sum(values[column] for column in account.decreases)
        )
    return Section(account.code, account.columns, tuple(_with_total(by_origin, account.columns)))


def _with_total(by_origin: Mapping[str, Mapping[str, int]], columns: Iterable[str]) -> Iterable[Row]:
    if not by_origin:
        return
    yield Row({"origin": TOTAL}, {column: sum(v[column] for v in by_origin.values()) for column in columns})
    largest_first = sorted(by_origin, key=lambda origin: (-max(by_origin[origin].values(), default=0), origin))
    for origin in largest_first:
        yield Row({"origin": origin}, by_origin[origin])


def decisions_section(moved: Iterable[tuple[str, str, str, str, str, str, int]]) -> Section:
    """Applications and decisions by origin, procedure type (G government, U UNHCR, J joint) and decision level."""
    lines: dict[tuple[str, str, str], dict[str, int]] = {}
    for from_group, to_group, reason, origin, kind, level, persons in moved:
        if to_group == RSD.group:
            column = RSD.column_in(reason)
        elif from_group == RSD.group:
            column = RSD.column_out(reason)
        else:
            continue
        line = lines.setdefault((origin, kind, level), dict.fromkeys(DECISION_COLUMNS, 0))
        line[column] += persons
        if from_group == RSD.group:
            line["TOTAL"] += persons
    rows = tuple(
        Row({"origin": origin, "procedure": kind, "level": level}, lines[origin, kind, level])
        for origin, kind, level in sorted(lines)
    )
    return Section(DECISIONS, DECISION_COLUMNS, rows)


def demography_section(counted: Iterable[tuple[str, str, str, str, str, str, int]], *, places: bool = True) -> Section:
    """Sex and age at the end of the year by group, origin and place; with a line over all places for each origin."""
    lines: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for group, origin, place, label, sex, band, persons in counted:
        where = (place, label) if place or label else (UNKNOWN_PLACE, "")
        for key in ((group, origin, *where), (group, origin, TOTAL, TOTAL))[0 if places else 1 :]:
            line = lines.setdefault(key, dict.fromkeys(DEMOGRAPHY_COLUMNS, 0))
            if sex in ("F", "M"):
                line[f"{sex} {band}"] += persons
            line[sex] += persons
            line["TOTAL"] += persons
    rows = tuple(
        Row({"group": group, "origin": origin, "place": place, "location": label}, lines[group, origin, place, label])
        for group, origin, place, label in sorted(lines)
    )
    return Section(DEMOGRAPHY, DEMOGRAPHY_COLUMNS, rows)


# -- disclosure control --------------------------------------------------------------------------------------------


def protect(table: AnnualTable) -> AnnualTable:
    """The table as it may be published."""
    if table.method == "round5":
        sections = tuple(
            Section(
                section.code,
                section.columns,
                tuple(
                    Row(row.key, {column: disclosure.round5(value or 0) for column, value in row.values.items()})
                    for row in section.rows
                ),
            )
            for section in table.sections
        )
        return AnnualTable(table.year, table.known_on, table.method, sections, table.unexplained)
    cells = {
        (s, r, column): value or 0
        for s, section in enumerate(table.sections)
        for r, row in enumerate(section.rows)
        for column, value in row.values.items()
    }
    blank = disclosure.suppressed(cells, list(known_sums(table)))
    sections = tuple(
        Section(
            section.code,
            section.columns,
            tuple(
                Row(row.key, {c: None if (s, r, c) in blank else value for c, value in row.values.items()})
                for r, row in enumerate(section.rows)
            ),
        )
        for s, section in enumerate(table.sections)
    )
    return AnnualTable(table.year, table.known_on, table.method, sections, table.unexplained, len(blank))


def known_sums(table: AnnualTable) -> Iterable[dict[tuple[int, int, str], int]]:
    """Every sum that a reader of the whole report knows, within and across its sections."""
    at = {section.code: index for index, section in enumerate(table.sections)}
    for account in ACCOUNTS:
        if account.code not in at:
            continue
        s = at[account.code]
        rows = table.sections[s].rows
        for r in range(len(rows)):
            yield {
                (s, r, OPENING): 1,
                **{(s, r, column): 1 for column in account.increases},
                **{(s, r, column): -1 for column in account.decreases},
                (s, r, CLOSING): -1,
                (s, r, UNEXPLAINED): 1,
            }
        for column in account.columns:
            yield {(s, 0, column): -1, **{(s, r, column): 1 for r in range(1, len(rows))}}
    yield from _sums_of_decisions(table, at)
    yield from _sums_of_demography(table, at)


def _sums_of_decisions(table: AnnualTable, at: Mapping[str, int]) -> Iterable[dict[tuple[int, int, str], int]]:
    s = at[DECISIONS]
    rows = table.sections[s].rows
    for r in range(len(rows)):
        yield {(s, r, "TOTAL"): -1, **{(s, r, column): 1 for column in RSD.decreases}}
    if RSD.code not in at:
        return
    t = at[RSD.code]
    for q, total in enumerate(table.sections[t].rows):
        for column in (*RSD.increases, *RSD.decreases):
            parts = [r for r, row in enumerate(rows) if total.key["origin"] in (TOTAL, row.key["origin"])]
            yield {(t, q, column): -1, **{(s, r, column): 1 for r in parts}}


def _sums_of_demography(table: AnnualTable, at: Mapping[str, int]) -> Iterable[dict[tuple[int, int, str], int]]:
    s = at[DEMOGRAPHY]
    rows = table.sections[s].rows
    totals: dict[tuple[str, str], int] = {}
    parts: dict[tuple[str, str], list[int]] = {}
    for r, row in enumerate(rows):
        yield {(s, r, "TOTAL"): -1, (s, r, "F"): 1, (s, r, "M"): 1, (s, r, "U"): 1}
        for sex in ("F", "M"):
            yield {
                (s, r, sex): -1,
                **{(s, r, c): 1 for c in DEMOGRAPHY_COLUMNS if c.startswith(f"{sex} ")},
            }
        key = (row.key["group"], row.key["origin"])
        if row.key["place"] == TOTAL and row.key["location"] == TOTAL:
            totals[key] = r
        else:
            parts.setdefault(key, []).append(r)
    for key, places in parts.items():
        for column in DEMOGRAPHY_COLUMNS:
            yield {(s, totals[key], column): -1, **{(s, r, column): 1 for r in places}}
    groups = {account.group: account.code for account in ACCOUNTS if account.code in at}
    for (group, origin), r in totals.items():
        if group not in groups:
            continue
        t = at[groups[group]]
        for q, row in enumerate(table.sections[t].rows):
            if row.key["origin"] == origin:
                yield {(t, q, CLOSING): -1, (s, r, "TOTAL"): 1}
