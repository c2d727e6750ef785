"""Reads `law/*.yaml`: acts, provisions, dated values, holidays, and the barriers that history records.

What the law says from when until when must leave no day uncovered and none covered twice; each statement names its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar, cast

from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import (
    Act,
    Amendment,
    Amount,
    Confidence,
    DatedValue,
    Holiday,
    KnownBarrier,
    Provision,
    Value,
)
from panoh.rulebook.references import References
from panoh.rulebook.vocabulary import UNITS
from panoh.rulebook.yaml_source import Item

CONFIDENCES = ("verified", "unverified")
ACT_KINDS = ("law", "regulation", "treaty", "standard")


@dataclass(slots=True)
class LawRead:
    """What the files of `law/` say so far; each file adds to it."""

    acts: dict[str, Act] = field(default_factory=dict)
    provisions: dict[str, tuple[Provision, ...]] = field(default_factory=dict)
    values: dict[str, tuple[DatedValue, ...]] = field(default_factory=dict)
    holidays: list[Holiday] = field(default_factory=list)
    holidays_cover: tuple[date, date] | None = None
    known_barriers: list[KnownBarrier] = field(default_factory=list)
    places: dict[str, Item] = field(default_factory=dict)
    """Where each act, provision and value is defined, for messages."""


def read_law(root: Item, law: LawRead, references: References) -> None:
    """Adds one file of `law/`."""
    root.only("acts", "provisions", "values", "holidays", "known_barriers")
    for item in root.entries("acts"):
        _define(law, law.acts, item, _read_act(item))
    for item in root.entries("provisions"):
        _define(law, law.provisions, item, _read_provision(item, references))
    for item in root.entries("values"):
        _define(law, law.values, item, _read_value(item, references))
    holidays = root.find("holidays")
    if holidays:
        _read_holidays(holidays, law)
    for item in root.items("known_barriers"):
        law.known_barriers.append(_read_barrier(item, references))


def check_law(law: LawRead) -> None:
    """What can only be seen with all files read: a value must rest on a wording that is in force all the time it is."""
    for id, versions in law.values.items():
        for version in versions:
            wordings = law.provisions.get(version.provision, ())
            first = wordings[0] if wordings else None
            if first and version.valid_from < first.in_force_from:
                law.places[id].fault(
                    f"{id!r} is in force from {version.valid_from}, before its provision {version.provision!r} ({first.in_force_from})",
                    "date the value from the day of the provision, or name the older provision",
                )
            end = wordings[-1].in_force_to if wordings else None
            if end and (version.valid_to is None or version.valid_to > end):
                law.places[id].fault(
                    f"{id!r} outlives its provision {version.provision!r}, which ends on {end}",
                    "end the value that day",
                )


def read_source(item: Item) -> tuple[str, Confidence]:
    """Where a statement was read and whether it was compared with the official text. Both are required everywhere."""
    source = item.text("source")
    confidence = item.one_of("confidence", CONFIDENCES)
    return source, cast(Confidence, confidence)


T = TypeVar("T")


def _define(law: LawRead, table: dict[str, T], item: Item, defined: T) -> None:
    if item.name in table:
        item.fault(f"{item.name!r} is already defined at {law.places[item.name].where}", "remove one of them")
        return
    table[item.name] = defined
    law.places[item.name] = item


def _read_act(item: Item) -> Act:
    item.only(
        "kind", "number", "adopted_on", "titles", "short", "source", "confidence", "amendments", "article_word"
    )  # fmt: skip
    source, confidence = read_source(item)
    return Act(
        id=item.name,
        titles=item.titles(),
        short=item.titles("short"),
        kind=cast(Any, item.one_of("kind", ACT_KINDS)),
        number=item.text("number", required=False),
        adopted_on=item.day("adopted_on") or date.min,
        source=source,
        confidence=confidence,
        amendments=tuple(_read_amendment(amendment) for amendment in item.items("amendments")),
        article_word=item.titles("article_word") if item.find("article_word") else None,
    )


def _read_amendment(item: Item) -> Amendment:
    item.only("number", "adopted_on", "in_force_from", "titles", "source", "confidence")
    source, confidence = read_source(item)
    adopted_on = item.day("adopted_on") or date.min
    return Amendment(
        number=item.text("number"),
        adopted_on=adopted_on,
        in_force_from=item.day("in_force_from", required=False) or adopted_on,
        titles=item.titles(),
        source=source,
        confidence=confidence,
    )


def _read_provision(item: Item, references: References) -> tuple[Provision, ...]:
    versions = []
    act = item.text("act")
    references.use("act", act, item.file, item.line)
    article = item.text("article", required=False)
    shared = ("act", "article", "versions")
    own = ("titles", "summary", "from", "to", "source", "confidence", "text_hash")
    item.only(*shared, *own)
    for version in item.items("versions") or [item]:
        if version is not item:
            version.only(*own)
        source, confidence = read_source(version)
        versions.append(
            (
                version,
                Provision(
                    id=item.name,
                    act=act,
                    article=article,
                    titles=version.titles(),
                    summary=version.titles("summary") if version.find("summary") else None,
                    in_force_from=version.day("from") or date.min,
                    in_force_to=version.day("to", required=False),
                    source=source,
                    confidence=confidence,
                    text_hash=version.text("text_hash", required=False),
                    defined_at=version.where,
                ),
            )
        )
    return _sequence(versions, lambda p: (p.in_force_from, p.in_force_to), lambda p, end: replace(p, in_force_to=end))


def _read_value(item: Item, references: References) -> tuple[DatedValue, ...]:
    item.only("titles", "provision", "versions")
    titles = item.titles()
    default_provision = item.text("provision", required=False)
    versions: list[tuple[Item, DatedValue]] = []
    for version in item.items("versions"):
        version.only(
            "from", "to", "amount", "unit", "month_end", "rest_day", "counted_from", "number", "text", "yes",
            "provision", "source", "confidence", "note", "transition",
        )  # fmt: skip
        source, confidence = read_source(version)
        provision = version.text("provision", required=not default_provision, default=default_provision)
        references.use("provision", provision, version.file, version.line)
        versions.append(
            (
                version,
                DatedValue(
                    id=item.name,
                    titles=titles,
                    value=_read_amount(version),
                    provision=provision,
                    source=source,
                    confidence=confidence,
                    valid_from=version.day("from") or date.min,
                    valid_to=version.day("to", required=False),
                    note=version.titles("note") if version.find("note") else None,
                    applies_to_running=_applies_to_running(version, first=not versions),
                    defined_at=version.where,
                ),
            )
        )
    if not versions:
        item.fault(f"{item.name!r} has no value", "add `versions:` with `from`, the value, `source` and `confidence`")
    return _sequence(versions, lambda v: (v.valid_from, v.valid_to), lambda v, end: replace(v, valid_to=end))


def _applies_to_running(item: Item, *, first: bool) -> bool:
    """`transition: running`: limits that run on the day take the new length; `new_only`, the default: they end as they began."""
    if item.find("transition") is None:
        return False
    if first:
        item.fault("the first version has nothing to pass over from", "state `transition` with a later version")
    return item.one_of("transition", ("new_only", "running"), default="new_only") == "running"


def _read_amount(item: Item) -> Value:
    kinds = [kind for kind in ("amount", "number", "text", "yes") if item.find(kind)]
    if len(kinds) != 1:
        item.fault("a value is one of amount (with unit), number, text, yes", "state exactly one of them")
        return 0
    if kinds[0] == "number":
        return item.whole("number")
    if kinds[0] == "text":
        return item.text("text")
    if kinds[0] == "yes":
        return item.yes("yes")
    amount = item.whole("amount")
    if amount <= 0:
        item.fault("a length of time must be more than nothing")
    unit = item.one_of("unit", UNITS)
    if unit == "months" and not item.find("month_end"):
        item.fault(
            "a limit in months must say what happens at a month's end", "add `month_end: clip` or `month_end: roll`"
        )
    return Amount(
        amount=amount,
        unit=cast(Any, unit),
        month_end=cast(Any, item.one_of("month_end", ("clip", "roll"), default="clip")),
        rest_day=cast(
            Any,
            item.one_of(
                "rest_day", ("next_working_day", "stay"), default="stay" if unit == "hours" else "next_working_day"
            ),
        ),
        counted_from=cast(Any, item.one_of("counted_from", ("next_day", "same_day"), default="next_day")),
    )


def _sequence(
    versions: list[tuple[Item, T]],
    span: Callable[[T], tuple[date, date | None]],
    ended: Callable[[T, date], T],
) -> tuple[T, ...]:
    """The versions in order of time, each ending where the next begins; a gap or an overlap is an error."""
    versions.sort(key=lambda pair: span(pair[1])[0])
    found = []
    for (item, earlier), (_later_item, later) in pairwise(versions):
        (first, end), (next_first, _) = span(earlier), span(later)
        if next_first == first:
            item.fault(f"two versions begin on {first}", "an overlap: date one of them later")
        elif end and end > next_first:
            item.fault(
                f"overlap: this version ends on {end}, the next begins on {next_first}",
                f"end it with `to: {next_first}`",
            )
        elif end and end < next_first:
            item.fault(f"gap: nothing is in force from {end} until {next_first}", f"end it with `to: {next_first}`")
        found.append(ended(earlier, next_first))
    if versions:
        item, last = versions[-1]
        first, end = span(last)
        if end and end <= first:
            item.fault(
                f"ends on {end}, before it begins on {first}",
                "the end is the first day on which it is no longer in force",
            )
        found.append(last)
    return tuple(found)


def _read_holidays(item: Item, law: LawRead) -> None:
    item.only("covers", "fixed", "movable")
    covers = item.find("covers")
    first = covers.day("from") if covers else None
    last = covers.day("to") if covers else None
    if not first or not last or last < first:
        item.fault("holidays must say which days they cover", "add `covers: {from: 2002-01-01, to: 2030-12-31}`")
        return
    law.holidays_cover = (first, last)
    for feast in item.items("fixed"):
        feast.only("month", "day", "titles", "from_year", "to_year", "source", "confidence")
        law.holidays.extend(_fixed_feast(feast, first, last))
    for feast in item.items("movable"):
        feast.only("titles", "days", "source", "confidence")
        law.holidays.extend(_movable_feast(feast, first, last))


def _fixed_feast(item: Item, first: date, last: date) -> Iterable[Holiday]:
    source, confidence = read_source(item)
    titles = item.titles()
    month, day = item.whole("month"), item.whole("day")
    from_year, to_year = item.whole("from_year", default=first.year), item.whole("to_year", default=last.year)
    for year in range(max(from_year, first.year), min(to_year, last.year) + 1):
        try:
            on = date(year, month, day)
        except ValueError:
            item.fault(f"there is no day {day} in month {month}")
            return
        yield Holiday(on=on, titles=titles, confirmed=True, source=source, confidence=confidence)


def _movable_feast(item: Item, first: date, last: date) -> Iterable[Holiday]:
    source, confidence = read_source(item)
    titles = item.titles()
    years = set()
    for entry in item.items("days"):
        entry.only("on", "confirmed")
        on = entry.day("on")
        if on is None:
            continue
        if not first <= on <= last:
            entry.fault(f"{on} lies outside the days that the holidays cover", "widen `covers` or remove the day")
        years.add(on.year)
        yield Holiday(
            on=on, titles=titles, confirmed=entry.yes("confirmed", default=True), source=source, confidence=confidence
        )
    missing = [year for year in range(first.year, last.year + 1) if year not in years]
    if missing:
        item.fault(
            f"no day is given for {', '.join(map(str, missing))}",
            "a movable feast needs a day for each year that is covered",
        )


def _read_barrier(item: Item, references: References) -> KnownBarrier:
    item.only("kind", "from", "to", "titles", "days_exact", "source", "confidence")
    source, confidence = read_source(item)
    from_on, to_on = item.day("from") or date.min, item.day("to", required=False)
    if to_on and to_on <= from_on:
        item.fault(f"ends on {to_on}, before it begins on {from_on}")
    return KnownBarrier(
        kind=references.use("barrier_kind", item.text("kind"), item.file, item.line),
        from_on=from_on,
        to_on=to_on,
        titles=item.titles(),
        days_exact=item.yes("days_exact"),
        source=source,
        confidence=confidence,
    )


def holiday_days(holidays: Iterable[Holiday]) -> tuple[frozenset[date], frozenset[date]]:
    """All holidays, and those among them that are not yet confirmed."""
    holidays = tuple(holidays)
    confirmed = {holiday.on for holiday in holidays if holiday.confirmed}
    every = frozenset(holiday.on for holiday in holidays)
    return every, frozenset(every - confirmed)


def freeze(
    law: LawRead,
) -> tuple[FrozenMap[str, Act], FrozenMap[str, tuple[Provision, ...]], FrozenMap[str, tuple[DatedValue, ...]]]:
    return FrozenMap(law.acts), FrozenMap(law.provisions), FrozenMap(law.values)
