"""Rows in the shape of the models, written by COPY.

The columns are read from the models themselves, so that a changed model changes the rows or stops the load; making Django
objects by the million would cost more than everything else together.
"""

from __future__ import annotations

import json
from collections import defaultdict, namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import models
from django.db.models.fields import NOT_PROVIDED


@cache
def shape(model: type[models.Model]) -> type:
    """A named tuple with the model's columns; what has a plain default or may be empty need not be given."""
    fields = [
        f for f in model._meta.concrete_fields if f.column and not isinstance(f, models.AutoField | models.BigAutoField)
    ]
    defaults = {}
    for field in fields:
        if field.default is not NOT_PROVIDED and not callable(field.default):
            defaults[field.attname] = field.default
        elif field.default in (list, dict):
            defaults[field.attname] = field.default()  # shared by all rows, and never changed by one
        elif field.null:
            defaults[field.attname] = None
        elif isinstance(field, models.CharField | models.TextField) and field.blank:
            defaults[field.attname] = ""
    required = [field.attname for field in fields if field.attname not in defaults]
    ordered = required + [field.attname for field in fields if field.attname in defaults]
    row = namedtuple(model.__name__, ordered, defaults=[defaults[name] for name in ordered if name in defaults])
    # Snapshots of the rooms ask a row for its `pk`, as they would ask a model.
    return type(model.__name__, (row,), {"__slots__": (), "pk": property(lambda self: self.id)})


class Rows:
    """Rows by model, in the order in which the models must be written."""

    def __init__(self, order: tuple[type[models.Model], ...]) -> None:
        self.order = order
        self.by_model: dict[type[models.Model], list[tuple]] = defaultdict(list)

    def add(self, model: type[models.Model], row: tuple) -> None:
        self.by_model[model].append(row)

    def count(self) -> int:
        return sum(len(rows) for rows in self.by_model.values())

    def write(self, cursor: Any) -> None:
        for model in self.order:
            rows = self.by_model.get(model)
            if rows:
                _copy(cursor, model, rows)
        unknown = set(self.by_model) - set(self.order)
        if unknown:
            raise ValueError(f"rows without a place in the order: {unknown}")


def _copy(cursor: Any, model: type[models.Model], rows: list[tuple]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = shape(model)._fields
    columns = ", ".join(f'"{fields[name].column}"' for name in names)
    in_json = [place for place, name in enumerate(names) if isinstance(fields[name], models.JSONField)]
    statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    with cursor.copy(statement) as copy:
        for row in rows:
            if in_json:
                row = list(row)
                for place in in_json:
                    row[place] = json.dumps(row[place], ensure_ascii=False)
            copy.write_row(row)


@contextmanager
def unforced(cursor: Any, tables: tuple[str, ...]) -> Iterator[None]:
    """Within this transaction the owner is not bound by row-level security, which PostgreSQL's COPY needs.

    The locks hold anybody else off until COMMIT, and a rollback brings FORCE back with everything else; nobody ever sees
    the tables without it. The guards of the ledger run before FORCE returns.
    """
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def forced_tables(cursor: Any, order: tuple[type[models.Model], ...]) -> tuple[str, ...]:
    """Which of the tables are under FORCEd row-level security now; exactly these get it back."""
    names = [model._meta.db_table for model in order]
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity"
        " AND relname = ANY (%s) ORDER BY relname",
        [names],
    )
    return tuple(name for (name,) in cursor.fetchall())
