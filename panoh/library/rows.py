"""Many rows of one table in one statement, as one value: Django's own way costs more than the database needs for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def insert_rows(rows: Sequence[Model]) -> None:
    """Add these new rows of one model; the database reads each column by its own type."""
    if not rows:
        return
    fields = rows[0]._meta.concrete_fields
    named = [(field.column, field.attname) for field in fields]
    told = json.dumps([{column: getattr(row, name) for column, name in named} for row in rows], default=_plain)
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(column) for column, _name in named)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)",  # noqa: S608 - names of the model
            [told],
        )


def _plain(value: Any) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
