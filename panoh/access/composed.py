"""Queries whose SQL is composed once, and then asked again with other values.

Composing a statement from a queryset costs Django more than asking it costs PostgreSQL: of the page of a case a fifth of all
processor time. What a page asks has the same shape each time, and so has what an actor may see until her rights change.

    _STEPS = Composed(lambda case_id: Step.objects.filter(case_id=case_id).select_related("by__account").order_by("seq"))
    steps = _STEPS(case.pk)

    _BY_NUMBER = Composed(lambda actor, number: visible_to(actor).filter(number=number))
    found = _BY_NUMBER(actor, number)

An `Actor` among the values is part of the shape: a statement is kept for each set of rights, never passed on to another.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from panoh.access.actor import Actor

Row = TypeVar("Row")

# As many sets of rights as members work at the same time in one process; the oldest goes first.
MOST_KEPT = 200

# For each type of value one that stands for it while the statement is composed, and that nothing else in it can equal.
STAND_INS: dict[type, Callable[[], Any]] = {
    UUID: uuid4,
    str: lambda: uuid4().hex,
    int: lambda: uuid4().int >> 66,
    date: lambda: date.fromordinal(3_000_000 + uuid4().int % 600_000),
}


class _Statement(Generic[Row]):
    """One shape: the text, its parameters, and where in them the values go."""

    def __init__(self, queryset: QuerySet[Any, Row], stand_ins: tuple[Any, ...]) -> None:
        self.queryset = queryset
        self.compiler: SQLCompiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self.text, found = self.compiler.as_sql()
        except EmptyResultSet:  # these rights see nothing, whatever is asked for
            self.text, found = "", ()
        self.parameters = list(found)
        self.places = [[at for at, one in enumerate(self.parameters) if one == wanted] for wanted in stand_ins]
        if self.text and not all(self.places):
            raise ValueError(f"a value is not handed over as it is: {self.text}")

    def ask(self, values: tuple[Any, ...]) -> list[Row]:
        if not self.text:
            return []
        parameters = self.parameters.copy()
        for value, places in zip(values, self.places, strict=True):
            for at in places:
                parameters[at] = value
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # of this thread; the statement was composed in any
        compiler.as_sql = lambda *_arguments, **_more: (self.text, parameters)  # type: ignore[method-assign]
        asked = self.queryset.all()
        asked.query.get_compiler = lambda *_arguments, **_more: compiler  # type: ignore[method-assign]
        return list(asked)


class Composed(Generic[Row]):
    """A query as a function of its values: UUID, str, int, date or a list of ids, each handed to the database as it is, or an Actor."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.kept: dict[Hashable, _Statement[Row]] = {}

    def __call__(self, *values: Any) -> list[Row]:
        shape = tuple(shape_of(value) for value in values)
        statement = self.kept.get(shape)
        if statement is None:
            statement = self._compose(values)
            while len(self.kept) >= MOST_KEPT:
                self.kept.pop(next(iter(self.kept)), None)
            self.kept[shape] = statement
        return statement.ask(_single(values))

    def first(self, *values: Any) -> Row | None:
        """The first row of a query that says itself in which order, and how many it fetches."""
        return next(iter(self(*values)), None)

    def _compose(self, values: tuple[Any, ...]) -> _Statement[Row]:
        given = [
            value
            if isinstance(value, Actor)
            else [_stand_in(one) for one in value]
            if isinstance(value, list)
            else _stand_in(value)
            for value in values
        ]
        return _Statement(self.build(*given), _single(given))


def _single(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values one by one, in the order of the question; actors are a part of the shape, not of what is asked."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, list):
            found.extend(value)
        elif not isinstance(value, Actor):
            found.append(value)
    return tuple(found)


def _stand_in(value: Any) -> Any:
    return STAND_INS[_kind_of(value)]()


def _kind_of(value: Any) -> type:
    """Which of the kinds of value this is: a text that is marked as safe for pages is a text."""
    kind = next((kind for kind in STAND_INS if isinstance(value, kind)), None)
    if kind is None or isinstance(value, datetime):
        raise TypeError(f"no value for a composed query: {value!r}")
    return kind


def shape_of(value: Any) -> Hashable:
    """What two values must have in common to be asked for by one statement. Of an actor: all that her queries can depend on."""
    if isinstance(value, list):
        return len(value), *{_kind_of(one) for one in value}
    if not isinstance(value, Actor):
        return _kind_of(value)
    return tuple(
        tuple(sorted(held.items())) if isinstance(held := getattr(value, one.name), Mapping) else held
        for one in fields(value)
    )
