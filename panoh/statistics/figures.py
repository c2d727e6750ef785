"""A figure opened: the single movements behind it with their entries, or for who sees no file what they add up to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from panoh.registry.models import StatusChange
from panoh.statistics import counting
from panoh.statistics.annual import end_of
from panoh.statistics.definitions import AGE_BANDS, Account
from panoh.statistics.disclosure import THRESHOLD, suppressed

MOST = 500


def list_changes_behind(
    account: Account, column: str, *, year: int, known_on: date, origin: str = ""
) -> Sequence[StatusChange]:
    """Movements counted in `column` of `account` in the year, latest first; only of files that the actor sees.

    Reads through the application's role: row-level security leaves out what the reader of the page may not see.
    """
    known = end_of(known_on)
    changes = (
        StatusChange.objects.filter(recorded_at__lt=known, effective_on__year=year)
        .exclude(corrected_by__recorded_at__lt=known)
        .select_related("person")
        .order_by("-effective_on", "-id")
    )
    if origin:
        changes = changes.filter(person__nationality=origin)
    if column in account.increases:
        changes = changes.filter(to_group=account.group).exclude(from_group=account.group)
        wanted = account.column_in
    else:
        changes = changes.filter(from_group=account.group).exclude(to_group=account.group)
        wanted = account.column_out
    return [change for change in changes[: MOST * 4] if wanted(change.reason) == column][:MOST]


@dataclass(frozen=True)
class Breakdown:
    """What a figure is made of: by month, by sex, by age. None is left blank so that nobody can be recognised."""

    total: int | None
    months: Mapping[int, int | None]
    sexes: Mapping[str, int | None]
    bands: Mapping[str, int | None]


def break_down(account: Account, column: str, *, year: int, known_on: date) -> Breakdown:
    """All origins together: cut finer, the difference of two breakdowns could point at a family."""
    months: Counter[int] = Counter()
    sexes: Counter[str] = Counter()
    bands: Counter[str] = Counter()
    rows = counting.movements_in_detail(date(year, 1, 1), date(year, 12, 31), end_of(known_on))
    for from_group, to_group, reason, month, sex, band, persons in rows:
        comes = to_group == account.group and column in account.increases and account.column_in(reason) == column
        goes = from_group == account.group and column in account.decreases and account.column_out(reason) == column
        if comes or goes:
            months[month] += persons
            sexes[sex] += persons
            bands[band] += persons
    total = months.total()
    if 0 < total < THRESHOLD:
        return Breakdown(None, {}, {}, {})
    return Breakdown(
        total,
        _controlled({month: months[month] for month in range(1, 13)}),
        _controlled({sex: sexes[sex] for sex in ("F", "M", "U") if sexes[sex] or sex != "U"}),
        _controlled({band: bands[band] for band in AGE_BANDS if bands[band] or band != "unknown"}),
    )


def _controlled(cells: Mapping[Any, int]) -> dict[Any, int | None]:
    """The parts of a sum that a reader knows: small ones blank, and as many others as keep them from being worked out."""
    blank = suppressed(dict(cells), [dict.fromkeys(cells, 1)])
    return {cell: None if cell in blank else value for cell, value in cells.items()}
