"""Many rows of one table in one statement, as one value: Django's own way costs more than the database needs for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

Row = Mapping[str, Any]


def insert_rows(rows: Sequence[Model]) -> None:
    """Add these new rows of one model."""
    if rows:
        fields = rows[0]._meta.concrete_fields
        named = [(field.column, field.attname) for field in fields]
        insert_columns(type(rows[0]), [{column: getattr(row, name) for column, name in named} for row in rows])


def insert_columns(model: type[Model], rows: Sequence[Row]) -> None:
    """Add rows that are given by their columns, all of them the same ones; the database reads each column by its own type."""
    if not rows:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(column) for column in rows[0])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)",  # noqa: S608 - names of the model
            [json.dumps(rows, default=_plain)],
        )


def _plain(value: Any) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
